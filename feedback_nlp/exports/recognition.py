"""What scale a column of answers is on, by its header and by the answers."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from feedback_nlp.errors import RatingError
from feedback_nlp.exports.wordings import (
    ANCHOR,
    EFFORT,
    NEGATIVE_END,
    POSITIVE_END,
    SCALE_RANGE,
    plain,
    unaccented,
)

_NOT = re.compile(r"\b(not|niet|ikke|nav|nicht|pas|no)\b")
_LABEL = re.compile(r"^\s*(\d{1,3})\s*[-–—=:.()]+\s*(\D.*)$", re.DOTALL)
_SHOWN = 3
_STRAY = 0.05  # answers above 5 that are fewer than this share are more likely codes than a scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Lowest and highest answer of a scale as asked, and whether the lowest is the best."""

    low: float
    high: float
    reversed: bool = False

    def __str__(self) -> str:
        return f"{self.low:g}–{self.high:g}"


def header_span(header: str) -> tuple[float, float] | None:
    """Return the scale a header tells: "rating (1-10)", "van 0 tot 10", "1 = bad, 5 = good".

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
    """Return whether the lowest answer is the best one; ``None`` when nothing tells.

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
        RatingError: The answers could be on more than one scale, or on none.
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
        if numbers.empty:
            raise RatingError(_unreadable(header, column, metric, where))
        low, high = _ladder(numbers, header, metric, where)
        why = f"answers run from {numbers.min():g} to {numbers.max():g}"
    return Span(low=low, high=high, reversed=turned), why


def _unreadable(header: str, column: pd.Series, metric: str, where: Callable[[int], str]) -> str:
    answered = column[column.str.strip().ne("")]
    first = "; ".join(
        f"{answered[row][:30]!r} in {where(int(row))}"
        for row in answered.drop_duplicates().index[:_SHOWN]
    )
    return (
        f"No answer in column {header!r} can be read as a number or as words of a scale: {first}. "
        f"Name another column with --rating, or the labels, worst to best: "
        f"--scale {metric}='LABEL|LABEL|LABEL'."
    )


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
            f"Column {header!r} holds answers from {inside.min():g} to 5 and {len(above)} above "
            f"({odd}; first in {where(int(above.index[0]))}). "
            f"Which scale is it? Add --scale {metric}=1-5 --set-aside to leave those out, or "
            f"--scale {metric}=1-{top}."
        )
    high = next(top for top in (5.0, 7.0, 10.0) if inside.max() <= top)
    return (0.0 if (inside == 0).any() else 1.0), high
