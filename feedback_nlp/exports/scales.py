"""Rating scales: declared or recognised from header and answers, checked, and turned so that high is good."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from feedback_nlp.errors import RatingError
from feedback_nlp.exports.answers import parse_answers
from feedback_nlp.exports.changes import Change, find_change
from feedback_nlp.exports.wordings import (
    ANCHOR,
    EFFORT,
    NEGATIVE_END,
    POSITIVE_END,
    SCALE_RANGE,
    plain,
    unaccented,
)
from feedback_nlp.records import RatingScale

_NOT = re.compile(r"\b(not|niet|ikke|nav|nicht|pas|no)\b")
_DECLARED = re.compile(r"(\d{1,3}) ?(?:-|–|to) ?(\d{1,3})")
_LABEL = re.compile(r"^\s*(\d{1,3})\s*[-–—=:.()]+\s*(\D.*)$", re.DOTALL)
_STRAY = 0.05  # answers above 5 that are fewer than this share are more likely codes than a scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Lowest and highest answer of a scale as asked, and whether the lowest is the best."""

    low: float
    high: float
    reversed: bool = False

    def __str__(self) -> str:
        return f"{self.low:g}–{self.high:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A scale as the user gives it: one, or an older one and the one that followed."""

    last: Span
    older: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One rating column, read.

    Attributes:
        values: Numbers, high is good; missing where there is no answer or it is set aside.
        scale: How the answers were asked.
        reasons: Why a rating is set aside, blank where it is not.
        notes: Sentences for the analyst.
    """

    values: pd.Series
    scale: RatingScale
    reasons: pd.Series
    notes: tuple[str, ...] = ()


def parse_scale(metric: str, text: str) -> Declared:
    """Return a scale as declared: ``"1-5"``, ``"5-1"`` (the lowest answer is best), or ``"1-5 then 1-10"``.

    Raises:
        RatingError: The text is no scale.

    Example:
        >>> str(parse_scale("csat", "5-1").last), parse_scale("csat", "5-1").last.reversed
        ('1–5', True)
    """
    spans = []
    for part in re.split(r"\s*\bthen\b\s*", text.strip()):
        found = _DECLARED.fullmatch(part)
        if found is None or found[1] == found[2]:
            spans = []
            break
        ends = float(found[1]), float(found[2])
        spans.append(Span(low=min(ends), high=max(ends), reversed=ends[0] > ends[1]))
    if not 1 <= len(spans) <= 2:
        raise RatingError(
            f"{text!r} is no scale for {metric!r}. Write --scale {metric}=1-5, or 5-1 if the lowest answer is the best, "
            "or '1-5 then 1-10' if it changed."
        )
    return Declared(last=spans[-1], older=spans[0] if len(spans) == 2 else None)


def read_rating(
    column: pd.Series,
    metric: str,
    *,
    declared: Declared | None,
    dates: pd.Series | None,
    set_aside: bool,
    where: Callable[[int], str],
) -> Rating:
    """Return one column of answers as ratings.

    Args:
        column: Answers as text.
        metric: ``nps``, ``csat``, ``ces`` or a name of the user's own.
        declared: The scale if the user declared it.
        dates: When each row was answered: needed to see a scale that changes.
        set_aside: Count answers that do not fit instead of raising.
        where: Says where a row is in the file, by its position.

    Raises:
        RatingError: The scale cannot be told, or answers do not fit it.
    """
    answers = parse_answers(column)
    numbers = answers["value"]
    if numbers.notna().sum() == 0 and answers["readable"].all():
        raise RatingError(
            f"Column {column.name!r} has no answers, so there is no {metric!r}. Choose another one with --rating."
        )
    header = str(column.name)
    ranged = header_span(header)
    change = None
    if (declared is None and ranged is None) or (declared and declared.older):
        change = find_change(numbers, dates)
    if declared is not None:
        span, why = declared.last, "declared"
        if declared.older is not None and change is None:
            raise RatingError(
                f"Column {header!r} is declared to change from {declared.older} to {declared.last}, but no date shows where. "
                f"Add --date, or declare one scale: --scale {metric}={declared.last.low:g}-{declared.last.high:g}."
            )
    else:
        recent = answers if change is None else answers[change.kept(dates)]
        span, why = recognise(header, column[recent.index], recent, metric, where)
    notes = list(_scale_notes(header, metric, span, why, declared, column))
    reasons = pd.Series("", index=column.index, dtype="str")
    if change is not None:
        numbers, reasons, said = _after_change(
            numbers, reasons, change, dates, declared, span, header
        )
        notes += said
    misfits = _misfits(numbers.where(reasons.eq("")), answers, span, whole=_whole(numbers, metric))
    if misfits.ne("").any() and not set_aside:
        raise RatingError(_misfit_message(column, misfits, span, why, metric, where))
    reasons = reasons.where(reasons.ne(""), misfits)
    values = numbers.where(reasons.eq(""))
    if span.reversed:
        values = span.low + span.high - values
    scale = RatingScale(
        metric=metric, low=span.low, high=span.high, reversed=span.reversed, column=header, why=why
    )
    return Rating(values=values.astype(float), scale=scale, reasons=reasons, notes=tuple(notes))


def header_span(header: str) -> tuple[float, float] | None:
    """Return the scale a header tells: "rating (1-10)", "op een schaal van 0 tot 10", "1 = bad, 5 = good".

    Example:
        >>> header_span("rating (1-10)"), header_span("Open 24-7?")
        ((1.0, 10.0), None)
    """
    text = unaccented(header)
    for found in SCALE_RANGE.finditer(text):
        low, high = float(found[1]), float(found[2])
        if low in (0, 1) and high in (3, 4, 5, 6, 7, 9, 10, 11, 20, 100):
            return low, high
    ends = [float(number) for number, _ in ANCHOR.findall(text)]
    if len(ends) >= 2 and min(ends) in (0, 1) and 3 <= max(ends) <= 100:
        return min(ends), max(ends)
    return None


def direction(header: str, labels: list[tuple[float, str]]) -> bool | None:
    """Return True when the lowest answer is the best one, False when the highest is, ``None`` when nothing tells.

    Example:
        >>> direction("1 = very good, 5 = very poor", [])
        True
    """
    anchored = [(float(number), words) for number, words in ANCHOR.findall(unaccented(header))]
    for ends in (sorted(anchored), sorted(labels)):
        if len(ends) >= 2:
            first, last = _good(ends[0][1]), _good(ends[-1][1])
            if first is not None and last is not None and first != last:
                return first
    return True if EFFORT.search(plain(header)) else None


def _good(words: str) -> bool | None:
    text = unaccented(words)
    if NEGATIVE_END.search(text) or _NOT.search(text):
        return False
    return True if POSITIVE_END.search(text) else None


def recognise(
    header: str, column: pd.Series, answers: pd.DataFrame, metric: str, where: Callable[[int], str]
) -> tuple[Span, str]:
    """Return the scale of a column from its header and answers, and what it was recognised by.

    Raises:
        RatingError: The answers could be on more than one scale.
    """
    labels = []
    for text in column.unique():
        found = _LABEL.match(text)
        if found:
            labels.append((float(found[1]), found[2]))
    turned = direction(header, labels) is True
    numbers = answers["value"].dropna()
    ranged = header_span(header)
    tops = answers["top"].dropna()
    if metric == "nps":
        low, high, why = 0.0, 10.0, "NPS is asked on 0–10"
    elif ranged is not None:
        (low, high), why = ranged, "the header says so"
    elif len(tops) > 0.5 * len(numbers):
        low, high, why = (
            float(numbers.min() == 0) * -1 + 1,
            float(tops.mode()[0]),
            "the answers say so",
        )
    else:
        low, high = _ladder(numbers, header, metric, where)
        why = f"answers run from {numbers.min():g} to {numbers.max():g}"
    return Span(low=low, high=high, reversed=turned), why


def _ladder(
    numbers: pd.Series, header: str, metric: str, where: Callable[[int], str]
) -> tuple[float, float]:
    """Return the usual scale that holds the answers: to 5, 7, 10 or 100."""
    inside = numbers[numbers.between(0, 10)]
    if inside.empty or numbers[numbers.between(10.5, 100)].nunique() > 10:
        return 0.0, 100.0
    above = inside[inside > 5]
    if len(inside) >= 40 and 0 < len(above) < _STRAY * len(inside):
        odd = ", ".join(f"{value:g}" for value in sorted(above.unique())[:6])
        top = 7 if above.max() <= 7 else 10
        raise RatingError(
            f"Column {header!r} holds answers from {inside.min():g} to 5 and {len(above)} above ({odd}; first in {where(int(above.index[0]))}). "
            f"Which scale is it? Add --scale {metric}=1-5 --set-aside to leave those out, or --scale {metric}=1-{top}."
        )
    high = next(top for top in (5.0, 7.0, 10.0) if inside.max() <= top)
    return (0.0 if (inside == 0).any() else 1.0), high


def _scale_notes(
    header: str, metric: str, span: Span, why: str, declared: Declared | None, column: pd.Series
) -> list[str]:
    notes = []
    if span.reversed:
        notes.append(
            f"{metric}: on this scale {span.low:g} is the best answer and {span.high:g} the worst ({header!r}); ratings are turned "
            f"(stored = {span.low + span.high:g} − answer), so that high is good."
        )
    elif declared is not None and direction(header, []) is True:
        notes.append(
            f"{metric}: the header {header!r} says that the lowest answer is best, but the scale was declared the other way."
        )
    ranged = header_span(header)
    if metric == "nps" and ranged is not None and ranged != (0.0, 10.0):
        notes.append(
            f"nps: the header {header!r} says {ranged[0]:g}–{ranged[1]:g}; NPS is defined on 0–10."
        )
    if metric == "ces" and why != "declared" and direction(header, []) is None:
        notes.append(
            f"ces: {header!r} does not say whether a high answer means ease or effort; read as high = easy. "
            f"If it means effort, add --scale ces={span.high:g}-{span.low:g}."
        )
    return notes


def _whole(numbers: pd.Series, metric: str) -> bool:
    """Return whether only whole answers fit: always for NPS and CES, else unless fractions are usual in the column."""
    answered = numbers.dropna()
    if metric in ("nps", "ces") or answered.empty:
        return True
    return bool((answered % 1 != 0).mean() < _STRAY)


def _misfits(numbers: pd.Series, answers: pd.DataFrame, span: Span, *, whole: bool) -> pd.Series:
    """Return why each answer does not fit the scale, blank where it does or there is none."""
    reasons = pd.Series("", index=numbers.index, dtype="str")
    reasons[~answers["readable"]] = "the rating is not a number"
    off = numbers.notna() & ~numbers.between(span.low, span.high)
    part = numbers.notna() & (numbers % 1 != 0) & whole
    other = numbers.notna() & answers["top"].notna() & answers["top"].ne(span.high)
    reasons[other] = f"the rating is out of another number than {span.high:g}"
    reasons[part] = [f"rating {value:g} is not a whole number" for value in numbers[part]]
    reasons[off] = [f"rating {value:g} is off the scale {span}" for value in numbers[off]]
    return reasons


def _misfit_message(
    column: pd.Series,
    misfits: pd.Series,
    span: Span,
    why: str,
    metric: str,
    where: Callable[[int], str],
) -> str:
    bad = misfits[misfits.ne("")]
    shown = "; ".join(f"{column[i][:30]!r} in {where(int(i))}" for i in bad.index[:3])
    kinds = bad.value_counts()
    sums = (
        ", ".join(f"{reason} ({n})" for reason, n in kinds.items())
        if len(kinds) <= 4
        else f"{len(bad)} in all"
    )
    return (
        f"Column {column.name!r} has {len(bad)} of {int(column.ne('').sum())} answers that do not fit the {metric} scale {span} ({why}): "
        f"{shown}. In sum: {sums}. Add --set-aside to leave these ratings out (the comments stay), "
        f"or --scale {metric}=LOW-HIGH if the scale is another one."
    )


def _after_change(
    numbers: pd.Series, reasons: pd.Series, change: Change, dates: pd.Series | None,
    declared: Declared | None, span: Span, header: str,
) -> tuple[pd.Series, pd.Series, list[str]]:  # fmt: skip
    """Keep the ratings on the last scale, or bring older ones onto it when the user declared both."""
    kept = change.kept(dates)
    older = ~kept & numbers.notna()
    day = f"{change.since:%Y-%m-%d}"
    story = (
        f"The scale of {header!r} changes within the file: {change.older} until {change.last_older:%Y-%m-%d} "
        f"({change.n_older} ratings), {span} since {day} ({change.n_newer} ratings)."
    )
    if declared is None or declared.older is None:
        undated = older & (dates.isna() if dates is not None else False)
        reasons = reasons.mask(older, f"rating on an older {change.older} scale (before {day})")
        reasons = reasons.mask(undated, "rating without a date where the scale changes")
        return (
            numbers,
            reasons,
            [
                f"{story} Only ratings since then are used; earlier comments stay, without a rating. "
                f"To bring them onto one scale add --scale NAME='{change.older_text} then {span.low:g}-{span.high:g}'."
            ],
        )
    was = declared.older
    scaled = (numbers - was.low) / (was.high - was.low)
    scaled = 1 - scaled if was.reversed != span.reversed else scaled
    fits = numbers.between(was.low, was.high)
    reasons = reasons.mask(older & ~fits, f"rating is off the older scale {was}")
    out = numbers.mask(older & fits, span.low + scaled * (span.high - span.low))
    return (
        out,
        reasons,
        [f"{story} Earlier ratings were stretched from {was} onto {span}, as declared."],
    )
