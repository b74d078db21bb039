"""The score of a window that moves over the periods."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import FeedbackError
from feedback_nlp.scores.answers import Scale
from feedback_nlp.scores.definitions import Definition
from feedback_nlp.scores.periods import read_dated
from feedback_nlp.scores.quantiles import quantile
from feedback_nlp.scores.summary import Summary, ends_at, summarise

Floats = NDArray[np.float64]


def moving_window(
    comments: pd.DataFrame,
    rating: str = "nps",
    *,
    period: str = "day",
    periods: int = 28,
    min_n: int = 10,
    level: float = 0.95,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
) -> pd.DataFrame:
    """Return the score of the last periods, for each period.

    Neighbouring windows share most of their answers, so they move together: a long climb of the
    line may be one good week. To find shifts, use ``control_chart``.

    Args:
        comments: A comments table with dates; its respondents are counted once.
        rating: The rating column; high answers are the good ones.
        period: ``day``, ``week``, ``month``, ``quarter`` or ``year``.
        periods: How many of them a window holds, the period itself included.
        min_n: Windows with fewer answers are marked suppressed and get no score.
        level: Confidence level of the intervals.
        metric: As in ``score_of``.
        method: As in ``score_of``.
        scale: As in ``score_of``.

    Returns:
        One row for each period from the first date to the last: ``period`` (the last of the
        window), ``start`` (first day of the window), ``metric``, ``method``, ``value``, ``low``,
        ``high``, ``n``, ``n_missing``, the number of respondents in each group, ``whole`` (whether
        the window lies within the dates) and ``suppressed``. ``attrs["moving_window"]`` holds
        ``n_undated``, respondents with an answer and no date, and ``n_repeated``, those who
        answered in several periods and count in the last.

    Raises:
        ColumnError: There is no date, or no such column.
        RatingError: As for the score itself.
        FeedbackError: No such period, or a window of less than one period.

    Example:
        >>> days = pd.date_range("2026-01-01", periods=6)
        >>> comments = pd.DataFrame({"date": days, "nps": [9, 9, 9, 2, 2, 2]})
        >>> comments["comment_id"] = comments.index.astype(str)
        >>> moving_window(comments, periods=3, min_n=1)["value"].round(1).tolist()
        [100.0, 100.0, 100.0, 33.3, -33.3, -100.0]
    """
    if periods < 1:
        raise FeedbackError(f"periods is {periods}; a window holds at least 1 period.")
    dated = read_dated(comments, rating, period=period, metric=metric, method=method, scale=scale)
    calendar, definition = dated.calendar, dated.definition
    used = calendar.codes >= 0
    each = summarise(
        dated.answers[used], definition, level=level, groups=calendar.codes[used],
        n_groups=calendar.labels.size,
    )  # fmt: skip
    found = _windows(each, definition, periods, level)
    shown = found.n >= max(min_n, 1)
    value, low, high = (np.where(shown, x, np.nan) for x in (found.value, found.low, found.high))
    place = np.arange(calendar.labels.size)
    table = pd.DataFrame(
        {
            "period": calendar.labels,
            "start": pd.DatetimeIndex(calendar.starts[np.maximum(place - periods + 1, 0)]),
            "metric": definition.metric, "method": definition.method,
            "value": value, "low": low, "high": high, "n": found.n, "n_missing": found.n_missing,
            **{definition.groups[i]: found.counts[:, i] for i in (2, 1, 0)},
            "whole": place >= periods - 1, "suppressed": ~shown,
        }
    )  # fmt: skip
    table.attrs["moving_window"] = {
        "level": level, "n_undated": dated.undated, "n_repeated": dated.repeated,
    }  # fmt: skip
    return table


def _windows(each: Summary, definition: Definition, periods: int, level: float) -> Summary:
    """Return the scores of windows from those of single periods: sums of sums."""
    n = _moved(each.n, periods)
    counts = _moved(each.counts, periods)
    tallies = None if each.tallies is None else _moved(each.tallies, periods)
    with np.errstate(invalid="ignore", divide="ignore"):
        if definition.kind == "mean":
            value, sd = _moments(each, n, periods)
            value = np.clip(value, definition.minimum, definition.maximum)
        else:
            bad, _, good = counts.T
            value = ((good - bad) if definition.kind == "net" else good) / n * 100
            sd = each.sd
    found = replace(
        each, value=value, sd=sd, n=n, counts=counts, tallies=tallies,
        n_missing=_moved(each.n_missing, periods),
    )  # fmt: skip
    low, high = ends_at(found, definition, quantile(level))
    return replace(found, low=low, high=high)


def _moments(each: Summary, n: NDArray[np.int64], periods: int) -> tuple[Floats, Floats]:
    """Return mean and standard deviation of windows from those of single periods."""
    asked = each.n > 0
    around = np.average(each.value[asked], weights=each.n[asked])
    off = np.where(asked, each.value - around, 0.0)
    sums = _moved(each.n * off, periods)
    within = np.where(asked, (each.n - 1) * each.sd**2, 0.0)
    squares = _moved(within + each.n * off**2, periods)
    mean = sums / n
    spread = np.clip(squares - sums * mean, 0, None) / np.maximum(n - 1, 1)
    return around + mean, np.sqrt(spread)


def _moved(values: NDArray[Any], periods: int) -> NDArray[Any]:
    """Return the sum of the last periods, for each period (first axis)."""
    total = np.cumsum(values, axis=0)
    total[periods:] -= total[:-periods].copy()
    return total
