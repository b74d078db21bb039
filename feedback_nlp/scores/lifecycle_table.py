"""Customers won and lost in each period, from the dates on which they joined and left."""

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import ColumnError, FeedbackError, shorten_list
from feedback_nlp.scores.lifecycle import rates_of
from feedback_nlp.scores.table import PERIODS, period_of
from feedback_nlp.showing import counted

_FREQUENCY = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ].*)?")
_SHOWN = 5


def lifecycle_table(
    customers: pd.DataFrame,
    *,
    joined: str = "joined",
    left: str = "left",
    period: str = "month",
    until: str | pd.Timestamp | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return customers won and lost in each period, with churn, acquisition and net growth.

    Args:
        customers: One row for each customer, or for each time that a customer joined.
        joined: Column of the dates of joining. A row without one is set aside and counted.
        left: Column of the dates of leaving; empty where the customer is still there.
        period: ``day``, ``week`` (ISO), ``month``, ``quarter`` or ``year``.
        until: The last day the table knows of; if not given, the last date in it. Later dates have
            not happened yet: such customers are still there, or not there yet.
        level: Confidence level of the intervals.

    Returns:
        One row for each period from the first joining on: ``period``; ``start``, customers when it
        began; ``new``, joined in it and there at its end; ``lost``, of those at the start;
        ``passing``, joined and left within it, in neither of the two; ``end`` = start + new − lost;
        ``churn``, ``retention``, ``acquisition`` and ``net_growth`` in percent of the start, each
        with ``_low`` and ``_high``, missing where there was nobody at the start;
        ``churn_below_acquisition``, and ``clear`` where that or its opposite is beyond chance;
        ``complete``, false for a last period that ``until`` cuts. ``attrs["lifecycle"]`` counts
        the rows: ``rows``, ``joined_missing``, ``joined_later``.

    Raises:
        ColumnError: A column is missing or does not hold dates.
        FeedbackError: Somebody left before joining, or nobody joined.

    Example:
        >>> days = {"joined": ["2026-01-05", "2026-01-20", "2026-02-10"],
        ...         "left": [None, "2026-02-03", None]}
        >>> customers = pd.DataFrame({name: pd.to_datetime(day) for name, day in days.items()})
        >>> table = lifecycle_table(customers, until="2026-02-28")
        >>> table[["period", "start", "new", "lost", "end", "churn"]]
            period  start  new  lost  end  churn
        0  2026-01      0    2     0    2    NaN
        1  2026-02      2    1     1    2   50.0
    """
    if period not in PERIODS:
        raise FeedbackError(f"No period {period!r}; choose {', '.join(PERIODS)}.")
    came, went = _days(customers, joined), _days(customers, left)
    known = came.notna()
    rows = {"rows": len(customers), "joined_missing": int((~known).sum())}
    came, went = came[known], went[known]
    _check_order(came, went)
    last = _last_day(came, went, until)
    later = came > last
    rows["joined_later"] = int(later.sum())
    came, went = came[~later], went[~later].where(went[~later] <= last)
    if came.empty:
        raise FeedbackError(
            f"Nobody joined: column {joined!r} holds no date up to {last:%Y-%m-%d}. There are "
            "no periods to show."
        )
    table = _table(came, went, last, period, level)
    table.attrs["lifecycle"] = rows
    return table


def _days(customers: pd.DataFrame, name: str) -> pd.Series:
    if name not in customers.columns:
        raise ColumnError.missing(name, customers.columns)
    dates = customers[name].reset_index(drop=True)
    if isinstance(dates, pd.DataFrame):
        raise ColumnError(f"There are {dates.shape[1]} columns {name!r}; rename all but one.")
    if dates.isna().all():
        return pd.Series(pd.NaT, index=dates.index, dtype="datetime64[ns]")
    if not pd.api.types.is_datetime64_any_dtype(dates):
        raise ColumnError(
            f"Column {name!r} does not hold dates but {dates.dtype}; convert it with "
            "pd.to_datetime first."
        )
    local = dates.dt.tz_localize(None) if dates.dt.tz is not None else dates
    days: pd.Series = local.dt.normalize()
    return days


def _check_order(came: pd.Series, went: pd.Series) -> None:
    wrong = went < came
    if wrong.any():
        shown = [
            f"{row + 1} ({came[row]:%Y-%m-%d}, {went[row]:%Y-%m-%d})" for row in wrong[wrong].index
        ]
        raise FeedbackError(
            f"{counted(len(shown), 'customer')} left before joining, in row "
            f"{shorten_list(shown, limit=_SHOWN)}; correct the dates, or exchange the columns."
        )


def _last_day(came: pd.Series, went: pd.Series, until: str | pd.Timestamp | None) -> pd.Timestamp:
    if until is None:
        dates = pd.concat([came, went]).dropna()
        if dates.empty:
            raise FeedbackError("There are no dates of joining or leaving, so nothing to count.")
        return pd.Timestamp(dates.max())
    try:
        day = pd.Timestamp(until)
        known = not pd.isna(day) and _is_plain(until)
    except (ValueError, TypeError):
        known = False
    if not known:
        raise FeedbackError(f"until is {until!r}, not a date; write it as 2026-03-31.")
    return day.tz_localize(None).normalize()


def _is_plain(until: object) -> bool:
    """Return whether a date says which is its day and which its month."""
    return not isinstance(until, str) or _ISO.fullmatch(until.strip()) is not None


def _table(
    came: pd.Series, went: pd.Series, last: pd.Timestamp, period: str, level: float
) -> pd.DataFrame:
    periods = pd.period_range(came.min(), last, freq=_FREQUENCY[period])
    first = came.dt.to_period(_FREQUENCY[period]).array.asi8 - periods[0].ordinal
    gone = went.notna().to_numpy()
    final = went[gone].dt.to_period(_FREQUENCY[period]).array.asi8 - periods[0].ordinal
    within = first[gone] == final
    size = len(periods)
    passing = _count(final[within], size)
    lost = _count(final[~within], size)
    new = _count(first, size) - passing
    end = np.cumsum(new - lost)
    start = end - new + lost
    rates = rates_of(start, new, lost, level=level)
    growth = rates["net_growth"]
    known = pd.Series(start > 0)
    return pd.DataFrame(
        {
            "period": period_of(pd.Series(periods.start_time), period),
            "start": start,
            "new": new,
            "lost": lost,
            "passing": passing,
            "end": end,
            **rates,
            "churn_below_acquisition": pd.Series(growth > 0, dtype="boolean").where(known),
            "clear": (rates["net_growth_low"] > 0) | (rates["net_growth_high"] < 0),
            "complete": periods.end_time.normalize() <= last,
        }
    )


def _count(numbers: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    return np.bincount(numbers, minlength=size).astype(np.int64)
