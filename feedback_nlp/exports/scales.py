"""Rating scales: declared or recognised, checked, and turned so that high is good."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from feedback_nlp.errors import RatingError
from feedback_nlp.exports.answers import parse_answers
from feedback_nlp.exports.changes import Change, find_change
from feedback_nlp.exports.recognition import Span, direction, header_span, recognise
from feedback_nlp.records import RatingScale

_DECLARED = re.compile(r"(\d{1,3}) ?(?:-|–|to) ?(\d{1,3})")
_FEW = 10  # fewer answers say nothing about where their scale ends
_FRACTIONS = 0.05  # fewer answers between whole numbers than this share are slips, not a scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A scale as the user gives it: one, or an older one and the one that followed."""

    last: Span
    older: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One rating column, read.

    Attributes:
        numbers: High is good; missing where there is no answer or it is set aside.
        scale: How the answers were asked.
        reasons: Why a rating is set aside, blank where it is not.
        notes: Sentences for the analyst.
    """

    numbers: pd.Series
    scale: RatingScale
    reasons: pd.Series
    notes: tuple[str, ...] = ()


def parse_scale(metric: str, text: str) -> Declared:
    """Return a scale as declared: ``1-5``, ``5-1`` (the lowest is best) or ``1-5 then 1-10``.

    Raises:
        RatingError: The text is no scale.

    Example:
        >>> str(parse_scale("csat", "5-1").last), parse_scale("csat", "5-1").last.reversed
        ('1–5', True)
    """
    spans: list[Span] = []
    for part in re.split(r"\s*\bthen\b\s*", text.strip()):
        found = _DECLARED.fullmatch(part)
        if found is None or found[1] == found[2]:
            spans = []
            break
        ends = float(found[1]), float(found[2])
        spans.append(Span(low=min(ends), high=max(ends), reversed=ends[0] > ends[1]))
    if not 1 <= len(spans) <= 2:
        raise RatingError(
            f"{text!r} is no scale for {metric!r}. Write --scale {metric}=1-5, or 5-1 if the "
            "lowest answer is the best, "
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
            f"Column {column.name!r} has no answers, so there is no {metric!r}. Choose another "
            "one with --rating."
        )
    header = str(column.name)
    if metric == "nps" and declared is None:
        _refuse_short_nps(header, numbers)
    ranged = header_span(header)
    change = None
    if (declared is None and ranged is None) or (declared and declared.older):
        change = find_change(numbers, dates)
    if declared is not None:
        span, why = declared.last, "declared"
        if declared.older is not None and change is None:
            raise RatingError(
                f"Column {header!r} is declared to change from {declared.older} to "
                f"{declared.last}, but no date shows where. "
                "Add --date, or declare one scale: --scale "
                f"{metric}={declared.last.low:g}-{declared.last.high:g}."
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
    return Rating(numbers=values.astype(float), scale=scale, reasons=reasons, notes=tuple(notes))


def _refuse_short_nps(header: str, numbers: pd.Series) -> None:
    """Raise if enough answers are there to see that a column named as NPS ends at 5."""
    answered = numbers.dropna()
    if header_span(header) == (0, 10) or len(answered) < _FEW or not answered.between(1, 5).all():
        return
    raise RatingError(
        f"Column {header!r} is to be NPS but holds only answers "
        f"{answered.min():g}–{answered.max():g} (as on 1–5); NPS needs 0–10. "
        "If it was asked on 0–10 add --scale nps=0-10, else read it as satisfaction with "
        f"--rating csat={header!r}."
    )


def _scale_notes(
    header: str, metric: str, span: Span, why: str, declared: Declared | None, column: pd.Series
) -> list[str]:
    notes = []
    if span.reversed:
        notes.append(
            f"{metric}: on this scale {span.low:g} is the best answer and {span.high:g} the worst "
            f"({header!r}); ratings are turned "
            f"(stored = {span.low + span.high:g} − answer), so that high is good."
        )
    elif declared is not None and direction(header, []) is True:
        notes.append(
            f"{metric}: the header {header!r} says that the lowest answer is best, but the scale "
            "was declared the other way."
        )
    ranged = header_span(header)
    if metric == "nps" and ranged is not None and ranged != (0.0, 10.0):
        notes.append(
            f"nps: the header {header!r} says {ranged[0]:g}–{ranged[1]:g}; NPS is defined on 0–10."
        )
    if metric == "ces" and why != "declared" and direction(header, []) is None:
        notes.append(
            f"ces: {header!r} does not say whether a high answer means ease or effort; read as "
            "high = easy. "
            f"If it means effort, add --scale ces={span.high:g}-{span.low:g}."
        )
    return notes


def _whole(numbers: pd.Series, metric: str) -> bool:
    """Return whether only whole answers fit: for NPS and CES, and where fractions are rare."""
    answered = numbers.dropna()
    if metric in ("nps", "ces") or answered.empty:
        return True
    return bool((answered % 1 != 0).mean() < _FRACTIONS)


def _misfits(numbers: pd.Series, answers: pd.DataFrame, span: Span, *, whole: bool) -> pd.Series:
    """Return why each answer does not fit the scale, blank where it does or there is none."""
    reasons = pd.Series("", index=numbers.index, dtype="str")
    reasons[~answers["readable"]] = "the rating is not a number"
    off = numbers.notna() & ~numbers.between(span.low, span.high)
    part = numbers.notna() & (numbers % 1 != 0) & whole
    other = numbers.notna() & answers["top"].notna() & answers["top"].ne(span.high)
    reasons[other] = f"the rating is out of another number than {span.high:g}"
    reasons[part] = numbers[part].map("rating {:g} is not a whole number".format)
    reasons[off] = numbers[off].map(f"rating {{:g}} is off the scale {span}".format)
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
    ends = "HIGH-LOW (lowest is best)" if span.reversed else "LOW-HIGH"
    sums = (
        ", ".join(f"{reason} ({n})" for reason, n in kinds.items())
        if len(kinds) <= 4
        else f"{len(bad)} in all"
    )
    return (
        f"Column {column.name!r} has {len(bad)} of {int(column.ne('').sum())} answers that do not "
        f"fit the {metric} scale {span} ({why}): "
        f"{shown}. In sum: {sums}. Add --set-aside to leave these ratings out (the comments stay), "
        f"or --scale {metric}={ends} if the scale is another one."
    )


def _after_change(
    numbers: pd.Series,
    reasons: pd.Series,
    change: Change,
    dates: pd.Series | None,
    declared: Declared | None,
    span: Span,
    header: str,
) -> tuple[pd.Series, pd.Series, list[str]]:
    """Keep the ratings on the last scale; bring older ones onto it if both were declared."""
    kept = change.kept(dates)
    older = ~kept & numbers.notna()
    day = f"{change.since:%Y-%m-%d}"
    story = (
        f"The scale of {header!r} changes within the file: {change.older} until "
        f"{change.last_older:%Y-%m-%d} "
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
                f"{story} Only ratings since then are used; earlier comments stay, without a "
                "rating. "
                f"To bring them onto one scale add --scale NAME='{change.older_text} then "
                f"{span.low:g}-{span.high:g}'."
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
