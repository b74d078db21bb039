"""Rating scales: declared or recognised, from all answers or from those that decide."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from feedback_nlp.errors import RatingError
from feedback_nlp.exports.answer_cells import Answers, read_cells
from feedback_nlp.exports.changes import Change, find_change
from feedback_nlp.exports.declared import Declared
from feedback_nlp.exports.misfits import whole_only
from feedback_nlp.exports.recognition import Span, direction, header_span, recognise
from feedback_nlp.exports.worded import Words, decide_words
from feedback_nlp.records import RatingScale

_FEW = 10  # fewer answers say nothing about where their scale ends


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingPlan:
    """How a rating column is read, decided before its rows are.

    Attributes:
        header: Of the column.
        metric: ``nps``, ``csat``, ``ces`` or a name of the user's own.
        span: The scale.
        why: What it was recognised by.
        whole: Whether only whole answers fit.
        declared: The scale if the user declared it.
        words: How words are read, where there are any.
        change: Where the scale changes, if it does.
        notes: Sentences for the analyst.
    """

    header: str
    metric: str
    span: Span
    why: str
    whole: bool
    declared: Declared | None = None
    words: Words | None = None
    change: Change | None = None
    notes: tuple[str, ...] = ()

    @property
    def scale(self) -> RatingScale:
        """How the answers were asked."""
        return RatingScale(
            metric=self.metric,
            low=self.span.low,
            high=self.span.high,
            reversed=self.span.reversed,
            column=self.header,
            why=self.why,
            wording=self.words.fit.scale.id if self.words and self.words.fit else "",
        )


def decide_rating(
    column: pd.Series,
    metric: str,
    *,
    declared: Declared | None,
    dates: pd.Series | None,
    where: Callable[[int], str],
) -> RatingPlan:
    """Return how a column of answers is to be read.

    Args:
        column: Answers as text: all, or those that decide.
        metric: ``nps``, ``csat``, ``ces`` or a name of the user's own.
        declared: The scale if the user declared it.
        dates: When each row was answered: needed to see a scale that changes.
        where: Says where a row is in the file, by its position.

    Raises:
        RatingError: The scale cannot be told.
    """
    header = str(column.name)
    answers = read_cells(column, declared.words if declared else None)
    if not answers.answered():
        raise RatingError(
            f"Column {column.name!r} has no answers, so there is no {metric!r}. Choose another "
            "one with --rating."
        )
    words = None if metric == "nps" else _decide_words(answers, header, metric, declared)
    if words is not None:
        words.place(answers)
    numbers = answers.spread(answers.values).set_axis(column.index)
    if metric == "nps" and declared is None:
        _refuse_short_nps(header, numbers)
    worded = words is not None and words.fit is not None
    change = None if worded else _find_change(header, numbers, metric, declared, dates)
    span, why = _span(column, answers, numbers, metric, declared, words, change, dates, where)
    if change is not None:
        numbers, _ = after_change(numbers, change, dates, declared, span)
    return RatingPlan(
        header=header,
        metric=metric,
        span=span,
        why=why,
        whole=whole_only(numbers, metric),
        declared=declared,
        words=words,
        change=change,
        notes=tuple(_scale_notes(header, metric, span, why, declared, words)),
    )


def _decide_words(
    answers: Answers, header: str, metric: str, declared: Declared | None
) -> Words | None:
    if declared is None:
        return decide_words(answers, header, metric)
    if declared.words is None:
        return decide_words(answers, header, metric, declared=declared.last)
    reverse = declared.last.reversed != declared.words.reversed
    return decide_words(answers, header, metric, named=declared.words, reverse=reverse)


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
    words: Words | None,
    change: Change | None,
    dates: pd.Series | None,
    where: Callable[[int], str],
) -> tuple[Span, str]:
    """Return the scale and what it was recognised by: declared, words, header or numbers."""
    in_words = words.span if words is not None else None
    if declared is not None:
        told = in_words if declared.words and in_words else declared.last
        return told, "declared"
    if words is not None and in_words is not None:
        return in_words, words.why
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
    header: str, metric: str, span: Span, why: str, declared: Declared | None, words: Words | None
) -> list[str]:
    notes = list(words.notes) if words is not None else []
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
    numbers_only = why != "declared" and (words is None or words.fit is None)
    if metric == "ces" and numbers_only and direction(header, []) is None:
        notes.append(
            f"ces: {header!r} does not say whether a high answer means ease or effort; read as "
            "high = easy. "
            f"If it means effort, add --scale ces={span.high:g}-{span.low:g}."
        )
    return notes


def after_change(
    numbers: pd.Series,
    change: Change,
    dates: pd.Series | None,
    declared: Declared | None,
    span: Span,
) -> tuple[pd.Series, pd.Series]:
    """Keep the ratings on the last scale; bring older ones onto it if both were declared.

    Returns:
        The ratings, and why some are set aside.
    """
    reasons = pd.Series("", index=numbers.index, dtype="str")
    older = ~change.kept(dates) & numbers.notna()
    if declared is None or declared.older is None:
        undated = older & (dates.isna() if dates is not None else False)
        day = f"{change.since:%Y-%m-%d}"
        reasons = reasons.mask(older, f"rating on an older {change.older} scale (before {day})")
        reasons = reasons.mask(undated, "rating without a date where the scale changes")
        return numbers, reasons
    was = declared.older
    scaled = (numbers - was.low) / (was.high - was.low)
    scaled = 1 - scaled if was.reversed != span.reversed else scaled
    fits = numbers.between(was.low, was.high)
    reasons = reasons.mask(older & ~fits, f"rating is off the older scale {was}")
    return numbers.mask(older & fits, span.low + scaled * (span.high - span.low)), reasons
