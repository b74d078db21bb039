"""Rating scales: declared or recognised, checked, and turned so that high is good."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from feedback_nlp.errors import RatingError
from feedback_nlp.exports.answer_cells import Answers, read_cells
from feedback_nlp.exports.changes import Change, find_change
from feedback_nlp.exports.declared import Declared
from feedback_nlp.exports.misfits import (
    find_misfits,
    misfit_message,
    misfit_notes,
    missing_note,
    whole_only,
)  # fmt: skip
from feedback_nlp.exports.recognition import Span, direction, header_span, recognise
from feedback_nlp.exports.worded import read_words
from feedback_nlp.records import RatingScale

_FEW = 10  # fewer answers say nothing about where their scale ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One rating column, read.

    Attributes:
        numbers: High is good; missing where there is no answer or it is set aside.
        scale: How the answers were asked.
        reasons: Why a rating is set aside, blank where it is not.
        missing: How many rows say why they have no answer, by reason.
        answers: The different answers, as they were read.
        notes: Sentences for the analyst.
    """

    numbers: pd.Series
    scale: RatingScale
    reasons: pd.Series
    missing: dict[str, int]
    answers: Answers
    notes: tuple[str, ...] = ()


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
    header = str(column.name)
    answers = read_cells(column, declared.words if declared else None)
    if not answers.answered():
        raise RatingError(
            f"Column {column.name!r} has no answers, so there is no {metric!r}. Choose another "
            "one with --rating."
        )
    if metric != "nps":
        _read_words(answers, header, metric, declared)
    numbers = answers.spread(answers.values).set_axis(column.index)
    if metric == "nps" and declared is None:
        _refuse_short_nps(header, numbers)
    change = None if answers.scale else _find_change(header, numbers, metric, declared, dates)
    span, why = _span(column, answers, numbers, metric, declared, change, dates, where)
    notes = list(_scale_notes(header, metric, span, why, declared, answers))
    reasons = pd.Series("", index=column.index, dtype="str")
    if change is not None:
        numbers, reasons, said = _after_change(
            numbers, reasons, change, dates, declared, span, header
        )
        notes += said
    whole = whole_only(numbers, metric)
    misfits = find_misfits(numbers.where(reasons.eq("")), answers, span, whole=whole)
    if misfits.ne("").any():
        if not set_aside:
            raise RatingError(misfit_message(column, answers, misfits, span, why, metric, where))
        notes += misfit_notes(column, answers, misfits, metric, where)
    reasons = reasons.where(reasons.ne(""), misfits)
    values = numbers.where(reasons.eq(""))
    if span.reversed:
        values = span.low + span.high - values
    scale = RatingScale(
        metric=metric, low=span.low, high=span.high, reversed=span.reversed, column=header, why=why,
        wording=answers.scale.id if answers.scale else "",
    )  # fmt: skip
    return Rating(
        numbers=values.astype(float),
        scale=scale,
        reasons=reasons,
        missing=answers.missing(),
        answers=answers,
        notes=(*notes, *missing_note(answers, metric)),
    )


def _read_words(answers: Answers, header: str, metric: str, declared: Declared | None) -> None:
    if declared is None:
        read_words(answers, header, metric)
    elif declared.words is None:
        read_words(answers, header, metric, declared=declared.last)
    else:
        reverse = declared.last.reversed != declared.words.reversed
        read_words(answers, header, metric, named=declared.words, reverse=reverse)


def _find_change(
    header: str,
    numbers: pd.Series,
    metric: str,
    declared: Declared | None,
    dates: pd.Series | None,
) -> Change | None:
    """Return where the scale changes, unless a single one is declared or told by the header."""
    if declared is None:
        return find_change(numbers, dates) if header_span(header) is None else None
    if declared.older is None:
        return None
    change = find_change(numbers, dates)
    if change is None:
        raise RatingError(
            f"Column {header!r} is declared to change from {declared.older} to "
            f"{declared.last}, but no date shows where. "
            "Add --date, or declare one scale: --scale "
            f"{metric}={declared.last.low:g}-{declared.last.high:g}."
        )
    return change


def _span(
    column: pd.Series,
    answers: Answers,
    numbers: pd.Series,
    metric: str,
    declared: Declared | None,
    change: Change | None,
    dates: pd.Series | None,
    where: Callable[[int], str],
) -> tuple[Span, str]:
    """Return the scale and what it was recognised by: declared, words, header or numbers."""
    if declared is not None:
        told = answers.span if declared.words and answers.span else declared.last
        return told, "declared"
    if answers.span is not None:
        return answers.span, answers.why
    found = pd.DataFrame({"value": numbers, "top": answers.tops().set_axis(numbers.index)})
    recent = found if change is None else found[change.kept(dates)]
    return recognise(str(column.name), column[recent.index], recent, metric, where)


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
    header: str, metric: str, span: Span, why: str, declared: Declared | None, answers: Answers
) -> list[str]:
    notes = list(answers.notes)
    if span.reversed:
        notes.append(
            f"{metric}: on this scale {span.low:g} is the best answer and {span.high:g} the worst "
            f"({header!r}); ratings are turned "
            f"(stored = {span.low + span.high:g} − answer), so that high is good."
        )
    elif declared is not None and declared.words is None and direction(header, []) is True:
        notes.append(
            f"{metric}: the header {header!r} says that the lowest answer is best, but the scale "
            "was declared the other way."
        )
    ranged = header_span(header)
    if metric == "nps" and ranged is not None and ranged != (0.0, 10.0):
        notes.append(
            f"nps: the header {header!r} says {ranged[0]:g}–{ranged[1]:g}; NPS is defined on 0–10."
        )
    numbers_only = why != "declared" and answers.scale is None
    if metric == "ces" and numbers_only and direction(header, []) is None:
        notes.append(
            f"ces: {header!r} does not say whether a high answer means ease or effort; read as "
            "high = easy. "
            f"If it means effort, add --scale ces={span.high:g}-{span.low:g}."
        )
    return notes


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
