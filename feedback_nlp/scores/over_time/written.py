"""Days and periods as people write them: year first, so that no day is taken for a month."""

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


def day_of(given: str | dt.date) -> np.datetime64:
    """Return a day; of a period such as ``2025-05`` the first.

    Args:
        given: A date, or text as ``days_of_period`` reads it. Dates such as 12/05/2025 are refused:
            whether that is May or December nobody can know.

    Raises:
        FeedbackError: It is missing or cannot be read.

    Example:
        >>> str(day_of("2025-05-12")), str(day_of("2025-05"))
        ('2025-05-12', '2025-05-01')
    """
    if given is None or (isinstance(given, dt.date) and pd.isna(given)):
        raise FeedbackError("The date is missing; write it as year-month-day, such as 2025-05-12.")
    try:
        return days_of_period(given)[0]
    except FeedbackError as error:
        raise FeedbackError(
            f"The date {given!r} cannot be read; write it as year-month-day, such as 2025-05-12."
        ) from error


def days_of_period(given: Any) -> Days:  # noqa: ANN401
    """Return the first and the last day of a period.

    Args:
        given: A date, or text: ``2025``, ``2025-Q2``, ``2025-05``, ``2025-W20``, ``2025-05-12``.

    Raises:
        FeedbackError: It cannot be read.

    Example:
        >>> [str(day) for day in days_of_period("2025-Q2")]
        ['2025-04-01', '2025-06-30']
    """
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
        raise unreadable(given) from error
    raise unreadable(given)


def unreadable(given: object) -> FeedbackError:
    """Return the error for a period that cannot be read."""
    return FeedbackError(
        f"The period {given!r} cannot be read; write it as 2025, 2025-Q2, 2025-05, 2025-W20, "
        "2025-05-12, or a range such as 2025-01..2025-03."
    )
