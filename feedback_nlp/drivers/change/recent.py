"""The recent part of a survey and the part before it, chosen by how many answered."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.scores.over_time.periods import calendar_of


def recent_spans(
    dates: pd.Series,
    period: str,
    *,
    who: pd.Series | None = None,
    least: int = 200,
    min_n: int = 10,
) -> tuple[str, str, int] | None:
    """Return two spans of as many periods each: the last ones, and those before them.

    They are the shortest with enough answers each; what was answered plays no part in the choice.

    Args:
        dates: Date of each rating; some may be missing.
        period: ``day``, ``week``, ``month``, ``quarter`` or ``year``.
        who: Who gave each rating, if some gave several: each counts once in a span.
        least: So many answers each span should have.
        min_n: So many each must have; where ``least`` is not reached, half of all periods count.

    Returns:
        The earlier span, the later one, as ``theme_change_table`` reads them, and of how many
        periods each is; nothing where there are not two spans with ``min_n`` answers.

    Example:
        >>> days = pd.Series(pd.date_range("2025-01-01", "2025-12-31"))
        >>> recent_spans(days, "month", least=60)
        ('2025-09..2025-10', '2025-11..2025-12', 2)
    """
    calendar = calendar_of(dates, period)
    size = calendar.labels.size
    people = np.arange(len(dates)) if who is None else pd.factorize(who)[0]
    chosen = 0
    for length in range(1, size // 2 + 1):
        after = _answers(people, calendar.codes, size - length, size)
        before = _answers(people, calendar.codes, size - 2 * length, size - length)
        if min(after, before) >= max(min_n, 1):
            chosen = length
        if min(after, before) >= max(least, min_n, 1):
            break
    if not chosen:
        return None
    middle, start = size - chosen, size - 2 * chosen
    labels = calendar.labels
    return (
        _span(labels[start], labels[middle - 1]), _span(labels[middle], labels[size - 1]), chosen,
    )  # fmt: skip


def _answers(people: NDArray[np.int64], codes: NDArray[np.int64], first: int, end: int) -> int:
    """Return how many people answered in these periods, each counted once."""
    inside = people[(codes >= first) & (codes < end)]
    return int(np.count_nonzero(np.bincount(inside)))


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first}..{last}"
