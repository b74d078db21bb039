"""Dates and periods as people write them, and the days that they cover."""

import datetime as dt
import re
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.errors import FeedbackError

Days = tuple[np.datetime64, np.datetime64]
_SHAPES = {
    r"\d{4}": "Y", r"\d{4}-?Q[1-4]": "Q", r"\d{4}-\d{1,2}": "M", r"\d{4}-\d{1,2}-\d{1,2}": "D",
}  # fmt: skip
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})")


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
            raise _unreadable(given)
        ends = given
    else:
        ends = (given, given)
    first, last = _days_of_period(ends[0])[0], _days_of_period(ends[1])[1]
    if first > last:
        raise FeedbackError(f"The period {given!r} ends before it starts; put the earlier first.")
    return first, last


def day_of(given: str | dt.date) -> np.datetime64:
    """Return a day; of a period such as ``2025-05`` the first.

    Args:
        given: A date, or text as ``span_of`` reads it, but no range.

    Raises:
        FeedbackError: It cannot be read.

    Example:
        >>> str(day_of("2025-05-12")), str(day_of("2025-05"))
        ('2025-05-12', '2025-05-01')
    """
    try:
        return _days_of_period(given)[0]
    except FeedbackError as error:
        raise FeedbackError(
            f"The date {given!r} cannot be read; write it as year-month-day, such as 2025-05-12."
        ) from error


def span_name(given: object) -> str:
    """Return how a period is called: as it was written, a date as year-month-day.

    Example:
        >>> span_name("2025-Q2"), span_name((dt.date(2025, 5, 12), "2025"))
        ('2025-Q2', '2025-05-12..2025')
    """
    if isinstance(given, tuple):
        return "..".join(span_name(end) for end in given)
    return given.isoformat()[:10] if isinstance(given, dt.date) else str(given)


def _days_of_period(given: Any) -> Days:  # noqa: ANN401
    try:
        if isinstance(given, dt.date | np.datetime64) and not pd.isna(given):
            day = np.datetime64(pd.Timestamp(given).date(), "D")
            return day, day
        text = given if isinstance(given, str) else ""
        if week := _WEEK.fullmatch(text):
            monday = dt.date.fromisocalendar(int(week[1]), int(week[2]), 1)
            first = np.datetime64(monday, "D")
            return first, first + np.timedelta64(6, "D")
        for shape, freq in _SHAPES.items():
            if re.fullmatch(shape, text):
                period = pd.Period(text.replace("-Q", "Q"), freq=freq)
                ends = period.start_time.date(), period.end_time.date()
                return np.datetime64(ends[0], "D"), np.datetime64(ends[1], "D")
    except ValueError as error:
        raise _unreadable(given) from error
    raise _unreadable(given)


def _unreadable(given: object) -> FeedbackError:
    return FeedbackError(
        f"The period {given!r} cannot be read; write it as 2025, 2025-Q2, 2025-05, 2025-W20, "
        "2025-05-12, or a range such as 2025-01..2025-03."
    )
