"""Which group each respondent belongs to: numbers for segments and periods, in sorted order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import ColumnError, FeedbackError

PERIODS = ("day", "week", "month", "quarter", "year")
Codes = NDArray[np.int64]
_MOST_DAYS = 5_000_000
_MOST_CELLS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The groups that occur.

    Attributes:
        codes: Number of the group of each respondent.
        keys: One row for each group, with its segments and periods.
    """

    codes: Codes
    keys: pd.DataFrame


def group_of(people: pd.DataFrame, columns: Sequence[str], periods: Sequence[str]) -> Groups:
    """Return the groups that respondents form, sorted by the columns; missing values come last.

    Args:
        people: One row for each respondent.
        columns: Columns to group by.
        periods: Those of them that are periods of ``date``.
    """
    codes, size = np.zeros(len(people), dtype=np.int64), 1
    labels: dict[str, tuple[Codes, list[str]]] = {}
    for name in columns:
        if name in periods:
            labels[name] = own, values = period_codes(people["date"], name)
            number = len(values)
        else:
            own, number = _column_codes(people[name])
        if size * (number + 1) > 2**62 // max(len(people), 1):
            codes, size = _dense(codes, size)
        codes = codes * (number + 1) + np.where(own < 0, number, own)
        size *= number + 1
    codes, size = _dense(codes, size)
    first = np.empty(size, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(people) - 1, -1, -1)
    keys = people[[name for name in columns if name not in periods]].iloc[first]
    keys = keys.reset_index(drop=True)
    for name in (name for name in columns if name in periods):
        own, values = labels[name]
        keys[name] = pd.array([*values, None], dtype="str")[own[first]]
    return Groups(codes=codes, keys=keys[list(columns)])


def _column_codes(column: pd.Series) -> tuple[Codes, int]:
    """Return the number of each value in sorted order, −1 where missing, and how many there are."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy().astype(np.int64), len(column.cat.categories)
    codes, values = pd.factorize(column, sort=True)
    return codes.astype(np.int64, copy=False), len(values)


def _dense(codes: Codes, size: int) -> tuple[Codes, int]:
    """Number the groups that occur from 0, in the same order."""
    if size > max(4 * codes.size, _MOST_CELLS):
        found, codes = np.unique(codes, return_inverse=True)
        return codes.astype(np.int64, copy=False), found.size
    there = np.bincount(codes, minlength=size) > 0
    place: Codes = np.cumsum(there, dtype=np.int64) - 1
    return place[codes], int(there.sum())


def period_codes(dates: pd.Series, period: str) -> tuple[Codes, list[str]]:
    """Return the number of the period each date lies in, −1 where missing, and the labels.

    Raises:
        ColumnError: The column does not hold dates.
        FeedbackError: No such period.

    Example:
        >>> period_codes(pd.Series(pd.to_datetime(["2026-05-01", "2026-03-09"])), "month")
        (array([2, 0]), ['2026-03', '2026-04', '2026-05'])
    """
    if period not in PERIODS:
        raise FeedbackError(f"No period {period!r}; choose {', '.join(PERIODS)}.")
    if not pd.api.types.is_datetime64_any_dtype(dates):
        raise ColumnError(
            f"Column {dates.name!r} does not hold dates but {dates.dtype}, so there are no "
            "periods; read the export with read_comments, or convert it first."
        )
    here = dates.dt.tz_localize(None) if dates.dt.tz is not None else dates
    stamps = here.to_numpy().astype("datetime64[D]")
    missing = np.isnat(stamps)
    days = stamps.astype(np.int64)
    if missing.all():
        return np.full(days.size, -1, dtype=np.int64), []
    if missing.any():
        days = np.where(missing, days[~missing][0], days)
    first, last = int(days.min()), int(days.max())
    if last - first < _MOST_DAYS:
        table = _of_days(np.arange(first, last + 1), period)
        codes = (table - table[0])[days - first]
        labels = [_label(number, period) for number in range(table[0], table[-1] + 1)]
    else:
        found, codes = np.unique(_of_days(days, period), return_inverse=True)
        labels = [_label(int(number), period) for number in found]
    codes = codes.astype(np.int64, copy=False)
    return np.where(missing, -1, codes) if missing.any() else codes, labels


def periods_of_rows(comments: pd.DataFrame, periods: Sequence[str]) -> Codes | None:
    """Return the number of the period of each row of a comments table, −1 where there is no date.

    ``None`` where respondents are counted once in all: there are no periods, or no respondent can
    have several rows.

    Raises:
        ColumnError: The dates are none.
    """
    if not periods or not {"date", "respondent_id"} <= set(comments.columns):
        return None
    codes = np.zeros(len(comments), dtype=np.int64)
    for period in periods:
        own, labels = period_codes(comments["date"], period)
        codes = np.where(own < 0, -1, codes * len(labels) + own)
    return codes


def _of_days(days: Codes, period: str) -> Codes:
    """Return the number of the period of each day, counted from 1970."""
    if period == "day":
        return days
    if period == "week":  # 1 January 1970 was a Thursday; weeks start on Monday
        return (days + 3) // 7
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months // {"month": 1, "quarter": 3, "year": 12}[period]


def _label(number: int, period: str) -> str:
    if period == "week":
        thursday = np.datetime64(int(number) * 7, "D")
        year = thursday.astype("datetime64[Y]")
        week = int((thursday - year.astype("datetime64[D]")).astype(np.int64)) // 7 + 1
        return f"{year!s}-W{week:02d}"
    if period == "quarter":
        year, quarter = divmod(int(number), 4)
        return f"{np.datetime64(year, 'Y')!s}-Q{quarter + 1}"
    if period == "year":
        return str(np.datetime64(int(number), "Y"))
    return str(np.datetime64(int(number), "M" if period == "month" else "D"))
