"""Which scale in words the answers of a column are on: chosen for the whole column at once.

"Good" is the fourth of five on one scale and the third on another, so no answer is read by itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from feedback_nlp.errors import RatingError
from feedback_nlp.exports.answer_scales import AnswerScale, load_answer_scales
from feedback_nlp.exports.wordings import (
    AGREE,
    CES,
    EFFORT,
    EXPERIENCE,
    RATING,
    RECOMMEND,
    SATISFACTION,
    plain,
)  # fmt: skip

_POINTS = 5
_LONGEST_LABEL = 60  # characters; no label of our scales has more
ENOUGH = 30  # answers after which a point nobody chose says something
_HEADERS = {
    "satisfaction": SATISFACTION,
    "agreement": AGREE,
    "quality": RATING,
    "ease": CES,
    "effort": EFFORT,
    "likelihood": RECOMMEND,
}
_HEADERS_TOO = {"quality": EXPERIENCE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How a scale reads the answers of a column.

    Attributes:
        scale: The scale.
        values: The point of each answer it has, by key.
        rows: How many answers these are, each as often as it was given.
        languages: The languages they are in.
    """

    scale: AnswerScale
    values: Mapping[str, int]
    rows: int
    languages: tuple[str, ...]

    @property
    def unseen(self) -> int:
        """How many points nobody chose."""
        return self.scale.high - self.scale.low + 1 - len(set(self.values.values()))

    @property
    def family(self) -> tuple[str, str]:
        """What scales share that differ in their number of points only."""
        return self.scale.kind, self.scale.family

    @property
    def plain(self) -> bool:
        """Whether answers on all points leave no doubt: five points, or pictures, or yes and no."""
        points = self.scale.high - self.scale.low + 1
        return points >= _POINTS or self.scale.kind in ("symbol", "yes")

    def ends(self) -> tuple[str, str]:
        """Return the labels of the first and the last point, in the language of the answers."""
        labels = self.scale.examples
        language = next((code for code in self.languages if code in labels), next(iter(labels)))
        return labels[language][0], labels[language][-1]

    def differs(self, other: "Fit") -> bool:
        """Tell whether another scale reads the same answers as other numbers."""
        ends = (self.scale.low, self.scale.high, self.scale.reversed)
        their = (other.scale.low, other.scale.high, other.scale.reversed)
        return dict(self.values) != dict(other.values) or ends != their


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The scale of a column, and those it might have been instead.

    Attributes:
        fit: The scale chosen.
        rivals: Scales of another family that read the answers as other numbers: it cannot be told.
        others: Scales of the same family with other numbers of points: worth a note.
    """

    fit: Fit
    rivals: tuple[Fit, ...] = ()
    others: tuple[Fit, ...] = ()


@cache
def known_keys() -> frozenset[str]:
    """Return the keys of all labels of all scales."""
    return frozenset(key for scale in load_answer_scales() for key in scale.labels)


def is_label(key: str) -> bool:
    """Tell whether a key is that of a label of any scale; scales are not read for a long one.

    Example:
        >>> is_label("very satisfied"), is_label("the delivery was very late " * 4)
        (True, False)
    """
    return len(key) <= _LONGEST_LABEL and key in known_keys()


def fit_scale(scale: AnswerScale, seen: Mapping[str, int], *, strict: bool = True) -> Fit:
    """Return how a scale reads answers, given as key and how often it was given.

    Args:
        scale: The scale.
        seen: Answers by key.
        strict: Read only one grade for each point and language: where "satisfied" is 4, the rarer
            "somewhat satisfied" is not. False where the user named the scale.
    """
    given = {key: rows for key, rows in seen.items() if key in scale.labels}
    if strict:
        given = {key: given[key] for key in _of_one_grade(scale, given)}
    return Fit(
        scale=scale,
        values={key: scale.labels[key].value for key in given},
        rows=sum(given.values()),
        languages=_languages(scale, given),
    )


def _languages(scale: AnswerScale, given: Mapping[str, int]) -> tuple[str, ...]:
    """Return as few languages as all answers are in, the one of most answers first."""
    left = dict(given)
    found: list[str] = []
    while left:
        rows: dict[str, int] = {}
        for key, count in left.items():
            for language in scale.labels[key].grades:
                rows[language] = rows.get(language, 0) + count
        found.append(_most(rows))
        left = {k: n for k, n in left.items() if found[-1] not in scale.labels[k].grades}
    return tuple(found)


def _of_one_grade(scale: AnswerScale, given: Mapping[str, int]) -> list[str]:
    """Return the answers of the grade that was chosen most at their point, in their language."""
    languages = _languages(scale, given)
    graded = {}
    rows: dict[tuple[str, int], dict[str, int]] = {}
    for key, count in given.items():
        label = scale.labels[key]
        language = next(code for code in languages if code in label.grades)
        grade = label.grades[language]
        grades = rows.setdefault((language, label.value), {})
        grades[grade] = grades.get(grade, 0) + count
        graded[key] = grades, grade
    return [key for key, (grades, grade) in graded.items() if _most(grades) == grade]


def _most(rows: Mapping[str, int]) -> str:
    """Return what comes most often, the first of several."""
    return max(rows, key=lambda name: rows[name])


def choose_scale(
    seen: Mapping[str, int],
    header: str = "",
    *,
    kinds: Sequence[str] | None = None,
    ends: tuple[float, float] | None = None,
    agreeing: Callable[[Fit], int] | None = None,
) -> Choice | None:
    """Return the scale that reads most answers of a column, or ``None`` where none reads any.

    Among several, one whose kind the header names goes first, then one of whose points every one
    was chosen, then the plainest.

    Args:
        seen: Answers by key, and how often each was given.
        header: The header of the column.
        kinds: Only scales of these kinds.
        ends: Lowest and highest answer, where they are known.
        agreeing: How many answers have a number that agrees with their words.

    Example:
        >>> choose_scale({"good": 5, "fair": 3, "poor": 1, "excellent": 2}).fit.scale.id
        'quality-4'
    """
    if not seen:
        return None
    scales = [
        scale for scale in load_answer_scales()
        if (kinds is None or scale.kind in kinds)
        and (ends is None or (scale.low, scale.high) == ends)
    ]  # fmt: skip
    fits = [fit for scale in scales if (fit := fit_scale(scale, seen)).rows]
    if not fits:
        return None
    most = max(fit.rows for fit in fits)
    close = [fit for fit in fits if fit.rows == most]
    if agreeing is not None:
        agreed = {id(fit): agreeing(fit) for fit in close}
        close = [fit for fit in close if agreed[id(fit)] == max(agreed.values())]
    words = plain(header)
    close = [fit for fit in close if _names(words, fit.scale.kind)] or close
    best = next((fit for fit in close if not fit.unseen), close[0])
    differing = [fit for fit in close if fit.differs(best)]
    rivals = [fit for fit in differing if best.unseen and fit.family != best.family]
    others = [fit for fit in differing if fit not in rivals]
    if best.rows >= ENOUGH or (not best.unseen and best.plain):
        others = [fit for fit in others if fit.unseen <= best.unseen]
    others.sort(key=lambda fit: fit.unseen)
    return Choice(fit=best, rivals=tuple(rivals), others=tuple(others))


def _names(words: str, kind: str) -> bool:
    """Tell whether a header names what a kind of scale is about."""
    patterns = [pattern for table in (_HEADERS, _HEADERS_TOO) if (pattern := table.get(kind))]
    return any(pattern.search(words) for pattern in patterns)


def check_choice(choice: Choice, header: str, metric: str) -> None:
    """Raise where the words of a column are on two scales that give other numbers.

    Raises:
        RatingError: Names both, an answer they read differently, and how to declare one.
    """
    if not choice.rivals:
        return
    best, rival = choice.fit, choice.rivals[0]
    key = next(
        (k for k in best.values if best.values[k] != rival.values[k]), next(iter(best.values))
    )
    told = " or ".join(
        f"{fit.scale.id} ({fit.scale.labels[key].text!r} = {fit.values[key]} of {fit.scale.high})"
        for fit in (best, rival)
    )
    options = " or ".join(f"--scale {metric}={fit.scale.id}" for fit in (best, rival))
    raise RatingError(
        f"Column {header!r} is answered in words that are on more than one scale: {told}. Which "
        f"one was asked? Add {options}."
    )
