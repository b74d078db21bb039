"""The score of a window that moves over the periods."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import FeedbackError
from feedback_nlp.scores.answers import Scale
from feedback_nlp.scores.over_time.periods import Dated, read_dated
from feedback_nlp.scores.places import left_over
from feedback_nlp.scores.quantiles import quantile
from feedback_nlp.scores.summary import Summary, ends_at, summarise

Ints = NDArray[np.int64]


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
        comments: A comments table with dates; each respondent counts once in each window, with the
            last answer in it.
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
        answered in several periods.

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
    found = _windows(dated, periods, level)
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


def _windows(dated: Dated, periods: int, level: float) -> Summary:
    """Return the scores of windows: of all who came into them less those who left them again."""
    definition, size = dated.definition, dated.calendar.labels.size
    rows, enter, leave = _stays(dated, periods)
    inside = enter < np.minimum(leave, size)
    rows, enter, leave = rows[inside], enter[inside], leave[inside]
    gone = leave < size
    moves = summarise(
        dated.answers[np.concatenate([rows, rows[gone]])], definition,
        groups=np.concatenate([enter, size + leave[gone]]), n_groups=2 * size,
    )  # fmt: skip
    n, n_missing, counts = (_inside(x) for x in (moves.n, moves.n_missing, moves.counts))
    tallies = None
    with np.errstate(invalid="ignore", divide="ignore"):
        if definition.kind == "mean":
            tallies = _inside(np.asarray(moves.tallies), left_over)
            value = tallies @ np.array(moves.answers) / tallies.sum(axis=1)
            value = np.clip(value, definition.minimum, definition.maximum)
        else:
            bad, _, good = counts.T
            value = ((good - bad) if definition.kind == "net" else good) / n * 100
    found = replace(
        moves, value=value, sd=np.full(size, np.nan), n=n, counts=counts, tallies=tallies,
        n_missing=n_missing, interval=moves.interval[:size],
    )  # fmt: skip
    low, high = ends_at(found, definition, quantile(level))
    return replace(found, low=low, high=high)


def _inside(moves: NDArray[Any], minus: Callable[..., Any] = np.subtract) -> NDArray[Any]:
    """Return what is in each window from what came and, in the second half, what left."""
    came, left = np.split(np.cumsum(moves.reshape(2, -1, *moves.shape[1:]), axis=1), 2)
    return np.asarray(minus(came[0], left[0]))


def _stays(dated: Dated, periods: int) -> tuple[Ints, Ints, Ints]:
    """Return the first window that counts each row, and the first that does so no more.

    An answer counts until the window has left its period, or the respondent has answered again. A
    row without an answer counts as missing only where the window holds no answer of the respondent.
    """
    rows = np.flatnonzero(dated.calendar.codes >= 0)
    enter = dated.calendar.codes[rows]
    if dated.who is None:
        return rows, enter, enter + periods
    order = np.lexsort((enter, dated.who[rows]))
    rows, enter = rows[order], enter[order]
    who, known = dated.who[rows], ~np.isnan(dated.answers[rows])
    never = dated.calendar.labels.size + periods
    after = pd.Series(np.where(known, enter, np.nan)).groupby(who)
    next_known = after.bfill().groupby(who).shift(-1).fillna(never).to_numpy()
    last_known = after.ffill().groupby(who).shift(1).fillna(-never).to_numpy()
    next_row = pd.Series(enter).groupby(who).shift(-1).fillna(never).to_numpy()
    leave = np.minimum(enter + periods, np.where(known, next_known, next_row)).astype(np.int64)
    first = np.where(known, enter, np.maximum(enter, last_known + periods)).astype(np.int64)
    return rows, first, leave
