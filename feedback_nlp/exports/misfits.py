"""Answers that do not fit their scale: why, where they are, and what they may have meant."""

from collections.abc import Callable, Mapping

import pandas as pd

from feedback_nlp.exports.answer_cells import DISAGREE, Answers
from feedback_nlp.exports.recognition import Span
from feedback_nlp.exports.worded import Words

_FRACTIONS = 0.05  # fewer answers between whole numbers than this share are slips, not a scale
_SHOWN = 3


def whole_only(numbers: pd.Series, metric: str) -> bool:
    """Return whether only whole answers fit: for NPS and CES, and where fractions are rare."""
    answered = numbers.dropna()
    if metric in ("nps", "ces") or answered.empty:
        return True
    return bool((answered % 1 != 0).mean() < _FRACTIONS)


def find_misfits(numbers: pd.Series, answers: Answers, span: Span, *, whole: bool) -> pd.Series:
    """Return why each answer does not fit the scale, blank where it does or there is none."""
    reasons = answers.spread_words(answers.reasons)
    reasons.index = numbers.index
    tops = answers.tops()
    tops.index = numbers.index
    off = numbers.notna() & ~numbers.between(span.low, span.high)
    part = numbers.notna() & (numbers % 1 != 0) & whole
    other = numbers.notna() & tops.notna() & tops.ne(span.high)
    reasons[other] = f"the rating is out of another number than {span.high:g}"
    reasons[part] = numbers[part].map("rating {:g} is not a whole number".format)
    reasons[off] = numbers[off].map(f"rating {{:g}} is off the scale {span}".format)
    return reasons


def misfit_message(
    column: pd.Series,
    answers: Answers,
    misfits: pd.Series,
    span: Span,
    words: Words | None,
    why: str,
    metric: str,
    where: Callable[[int], str],
) -> str:
    """Return the sentence that stops the reading: which answers, where, and what to do."""
    bad = misfits[misfits.ne("")]
    first = bad.index[~column[bad.index].duplicated()][:_SHOWN]
    shown = "; ".join(told(column, answers, words, int(i), where) for i in first)
    kinds = bad.value_counts()
    sums = (
        ", ".join(f"{reason} ({n})" for reason, n in kinds.items())
        if len(kinds) <= 4
        else f"{len(bad)} in all"
    )
    return (
        f"Column {column.name!r} has {len(bad)} of {int(column.ne('').sum())} answers that do not "
        f"fit the {metric} scale {span} ({why}): "
        f"{shown}. In sum: {sums}. Add --set-aside to leave these ratings out (the comments stay), "
        f"or {_other_scale(answers, words, span, metric)}."
    )


def _other_scale(answers: Answers, words: Words | None, span: Span, metric: str) -> str:
    if words is not None and words.fit is not None:
        return f"name the labels, worst to best: --scale {metric}='LABEL|LABEL|LABEL'"
    if metric == "nps" and any(cell.key for cell in answers.cells):
        return "read it as satisfaction: NPS is made of numbers only (--rating csat=COLUMN)"
    ends = "HIGH-LOW (lowest is best)" if span.reversed else "LOW-HIGH"
    return f"--scale {metric}={ends} if the scale is another one"


def told(
    column: pd.Series,
    answers: Answers,
    words: Words | None,
    row: int,
    where: Callable[[int], str],
) -> str:
    """Return an answer that does not fit: what it is, where, and what it may have meant."""
    place = f"{column[row][:30]!r} in {where(row)}"
    cell = int(answers.codes[row])
    if words is None or words.fit is None or not answers.reasons[cell]:
        return place
    close = words.closest(answers.cells[cell])
    if answers.reasons[cell] == DISAGREE:
        return f"{place}: its number and {close} disagree"
    return f"{place}: not on the scale" + (f"; closest: {close}" if close else "")


def missing_note(found: Mapping[str, int], metric: str) -> list[str]:
    """Return how many rows say that there is no answer, by reason.

    "No opinion" is not "neutral": such rows have no rating.
    """
    if not found:
        return []
    reasons = ", ".join(f"{n} {reason!r}" for reason, n in found.items())
    return [f"{metric}: {sum(found.values())} answers say that there is none: {reasons}."]
