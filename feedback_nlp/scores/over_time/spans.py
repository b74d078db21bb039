"""Ranges of periods as people write them, and the days that they cover."""

import datetime as dt
from typing import Any

from feedback_nlp.errors import FeedbackError
from feedback_nlp.scores.over_time.written import Days, day_of, days_of_period, unreadable

__all__ = ["day_of", "span_name", "span_of"]


def span_of(given: object) -> Days:
    """Return the first and the last day of a period, or of a range of periods.

    Args:
        given: ``2025``, ``2025-Q2``, ``2025-05``, ``2025-W20``, ``2025-05-12``, a date, a range
            such as ``2025-01..2025-03``, or a pair of its first and last period.

    Raises:
        FeedbackError: It cannot be read, or ends before it starts.

    Example:
        >>> [str(day) for day in span_of("2025-01..2025-03")]
        ['2025-01-01', '2025-03-31']
        >>> [str(day) for day in span_of("2025-W20")]
        ['2025-05-12', '2025-05-18']
    """
    if isinstance(given, str) and ".." in given:
        start, _, end = given.partition("..")
        ends: tuple[Any, Any] = (start.strip(), end.strip())
    elif isinstance(given, tuple):
        if len(given) != 2:
            raise unreadable(given)
        ends = given
    else:
        ends = (given, given)
    first, last = days_of_period(ends[0])[0], days_of_period(ends[1])[1]
    if first > last:
        raise FeedbackError(f"The period {given!r} ends before it starts; put the earlier first.")
    return first, last


def span_name(given: object) -> str:
    """Return how a period is called: as it was written, a date as year-month-day.

    Example:
        >>> span_name("2025-Q2"), span_name((dt.date(2025, 5, 12), "2025"))
        ('2025-Q2', '2025-05-12..2025')
    """
    if isinstance(given, tuple):
        return "..".join(span_name(end) for end in given)
    return given.isoformat()[:10] if isinstance(given, dt.date) else str(given)
