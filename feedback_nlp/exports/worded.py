"""A column of answers in words, beside or instead of numbers, as numbers on one scale."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

import numpy as np

from feedback_nlp.exports.answer_cells import DISAGREE, Answers, Cell
from feedback_nlp.exports.answer_keys import MAX_LENGTH, answer_key
from feedback_nlp.exports.answer_scales import OWN, AnswerScale
from feedback_nlp.exports.fitting import Choice, Fit, check_choice, choose_scale, fit_scale
from feedback_nlp.exports.recognition import Span, header_span

AMONG_NUMBERS = "the rating is in words among numbers of another scale"
_HALF = 0.5
_HIGH_MEANS = {"frequency": "often", "agreement": "agreement", "likelihood": "likely"}
_MOST = 0.8  # of answers with number and words must agree for the words to count


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How the words of a column are read.

    Attributes:
        asked: The number of each label; blank where words are set aside among numbers.
        fit: The scale in words, ``None`` where they are set aside.
        offset: A number is this plus ``sign`` times the point of its label.
        sign: 1, or −1 where points are counted down.
        span: The scale in numbers.
        why: What it was recognised by.
        notes: Sentences for the analyst.
    """

    asked: Mapping[str, float] = field(default_factory=dict)
    fit: Fit | None = None
    offset: float = 0.0
    sign: int = 1
    span: Span | None = None
    why: str = ""
    notes: tuple[str, ...] = ()

    def place(self, answers: Answers) -> None:
        """Give each answer in words its number, in place; set aside what is not on the scale."""
        if self.fit is None:
            _set_words_aside(answers)
            return
        name = "named" if self.fit.scale.kind == OWN else self.fit.scale.id
        for i, cell in enumerate(answers.cells):
            if np.isnan(cell.number):
                value = self.asked.get(cell.key)
                if value is not None:
                    answers.values[i], answers.reasons[i] = value, ""
                elif cell.answered:
                    answers.reasons[i] = f"the answer is not on the scale {name}"
            elif cell.key in self.asked and self.asked[cell.key] != cell.number:
                answers.reasons[i] = DISAGREE

    def closest(self, cell: Cell) -> str:
        """Return the label closest to an answer, with its point, in the languages seen."""
        if self.fit is None:
            return ""
        spoken = set(self.fit.languages)
        labels = {
            key: label for key, label in self.fit.scale.labels.items()
            if not spoken or spoken & set(label.grades)
        }  # fmt: skip
        close = [cell.key] if cell.key in labels else []
        key = answer_key(cell.text)
        if not close and key and len(key) <= MAX_LENGTH // 2:
            close = get_close_matches(key, labels, n=1)
        if not close:
            return ""
        label = labels[close[0]]
        return f"{label.text!r} ({self.offset + self.sign * label.value:g})"


def decide_words(
    answers: Answers,
    header: str,
    metric: str,
    *,
    named: AnswerScale | None = None,
    reverse: bool = False,
    declared: Span | None = None,
) -> Words | None:
    """Return how the words of a column are to be read; ``None`` where there are none to read.

    Args:
        answers: The different answers.
        header: The header of the column.
        metric: What the rating is called, for messages.
        named: The scale in words, if the user named one.
        reverse: Whether the user said that its lowest point is the best.
        declared: The scale in numbers, if the user declared one.

    Raises:
        RatingError: The words are on two scales that give other numbers.
    """
    pure = sum(cell.rows for cell in answers.cells if cell.key and np.isnan(cell.number))
    if named is None and declared is not None and not pure:
        return None
    choice = _choose(answers.cells, header, named, declared)
    if choice is None:
        return None
    fit = choice.fit
    turn = _turn(answers.cells, fit, declared)
    if turn is None and not pure and named is None:
        return None  # numbers with words beside them that are no labels of a scale
    offset, sign = turn or (0.0, 1)
    first, last = sorted(offset + sign * end for end in (fit.scale.low, fit.scale.high))
    numbers = _rows_of_numbers(answers.cells)
    inside = _rows_of_numbers(answers.cells, first, last)
    if named is None and inside < numbers and pure < numbers:
        return Words()
    check_choice(choice, header, metric)
    best_is_low = fit.scale.reversed or reverse
    return Words(
        asked=_numbers_of(fit, answers.cells, offset, sign),
        fit=fit,
        offset=offset,
        sign=sign,
        span=Span(low=first, high=last, reversed=best_is_low != (sign < 0)),
        why=_why(fit, declared=named is not None),
        notes=tuple(_notes(choice, metric, offset, sign, named=named is not None)),
    )


def _numbers_of(fit: Fit, cells: list[Cell], offset: float, sign: int) -> dict[str, float]:
    """Return the number of each label: those the answers were fitted by, and those not seen.

    A label that was seen and does not fit has none.
    """
    seen = {cell.key for cell in cells}
    points = {key: label.value for key, label in fit.scale.labels.items() if key not in seen}
    return {key: offset + sign * point for key, point in (points | dict(fit.values)).items()}


def _choose(
    cells: list[Cell], header: str, named: AnswerScale | None, declared: Span | None
) -> Choice | None:
    """Return the scale of the words, if they are on one at least half of the time."""
    seen: Counter[str] = Counter()
    unread = 0
    for cell in cells:
        if cell.key:
            seen[cell.key] += cell.rows
        elif cell.answered and np.isnan(cell.number):
            unread += cell.rows
    if named is not None:
        return Choice(fit=fit_scale(named, seen, strict=False))

    def agreeing(fit: Fit) -> int:
        return max(rows for rows, _ in _agreement(cells, fit).values())

    ends = (declared.low, declared.high) if declared else header_span(header)
    choice = choose_scale(seen, header, ends=ends, agreeing=agreeing)
    if choice is None and declared is None:
        choice = choose_scale(seen, header, agreeing=agreeing)
    if choice is None or choice.fit.rows < _HALF * (seen.total() + unread):
        return None
    return choice


def _agreement(cells: list[Cell], fit: Fit) -> dict[tuple[float, int], tuple[int, set[int]]]:
    """Return how many numbers agree with the words beside them, under each rule.

    A rule is (offset, sign), for number = offset + sign × point: counted up or down, from the
    scale's own lowest number or from 0 where somebody answered 0.
    """
    both = [c for c in cells if c.key in fit.values and not np.isnan(c.number)]
    low, high = fit.scale.low, fit.scale.high
    rules = [(0.0, 1), (float(low + high), -1)]
    if low and any(cell.number == 0 for cell in both):
        rules += [(-1.0, 1), (high - 0.0, -1)]
    found = {}
    for offset, sign in rules:
        agree = [c for c in both if c.number == offset + sign * fit.values[c.key]]
        found[offset, sign] = (sum(c.rows for c in agree), {fit.values[c.key] for c in agree})
    return found


def _turn(cells: list[Cell], fit: Fit, declared: Span | None) -> tuple[float, int] | None:
    """Return the rule that numbers and the words beside them follow, if they follow one."""
    if declared is not None:
        down = declared.reversed != fit.scale.reversed
        return (float(fit.scale.low + fit.scale.high), -1) if down else (0.0, 1)
    both = sum(c.rows for c in cells if c.key in fit.values and not np.isnan(c.number))
    found = _agreement(cells, fit)
    rule = max(found, key=lambda key: found[key][0])
    rows, points = found[rule]
    return rule if len(points) > 1 and rows >= _MOST * both else None


def _rows_of_numbers(cells: list[Cell], low: float = -np.inf, high: float = np.inf) -> int:
    return sum(cell.rows for cell in cells if low <= cell.number <= high)


def _set_words_aside(answers: Answers) -> None:
    for i, cell in enumerate(answers.cells):
        if cell.key and np.isnan(cell.number):
            answers.reasons[i] = AMONG_NUMBERS


def _why(fit: Fit, *, declared: bool) -> str:
    if declared:
        return "declared"
    codes = [code for code in fit.languages if code != "xx"][:3]
    spoken = f" ({', '.join(codes)})" if codes else ""
    return f"the answers are the words of {fit.scale.id}{spoken}"


def _notes(choice: Choice, metric: str, offset: float, sign: int, *, named: bool) -> list[str]:
    """Tell which scale the words were read as, which other one they fit, and what high means."""
    scale = choice.fit.scale
    first, last = choice.fit.ends()
    told = (
        f"{metric}: answers in words were read as {scale.id}, from {first!r} = "
        f"{offset + sign * scale.low:g} to {last!r} = {offset + sign * scale.high:g}."
    )
    if choice.others:
        others = " or ".join(fit.scale.id for fit in choice.others[:2])
        told += (
            f" They would fit {others} too; if that was asked add --scale "
            f"{metric}={choice.others[0].scale.id}."
        )
    if named or scale.kind not in _HIGH_MEANS:
        return [told]
    return [
        f"{told} A high rating means {_HIGH_MEANS[scale.kind]}; if that is bad add "
        f"--scale {metric}='{scale.id} reversed'."
    ]
