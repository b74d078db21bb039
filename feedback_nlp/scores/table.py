"""Scores by segment and by period: one row for each group of respondents."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.scores.answers import Scale, read_people, to_floats
from feedback_nlp.scores.choosing import definition_of
from feedback_nlp.scores.definitions import Definition
from feedback_nlp.scores.summary import Summary, summarise
from feedback_nlp.scores.survey import no_ratings

PERIODS = ("day", "week", "month", "quarter", "year")
_FIGURES = ("metric", "method", "value", "low", "high", "n", "n_missing", "suppressed")


def score_table(
    comments: pd.DataFrame,
    rating: str,
    *,
    by: Sequence[str] | str = (),
    min_n: int = 10,
    level: float = 0.95,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
) -> pd.DataFrame:
    """Return the score overall, or of each segment and period.

    Args:
        comments: A comments table; its respondents are counted once.
        rating: The rating column; high answers are the good ones.
        by: Columns to group by, and ``day``, ``week``, ``month``, ``quarter`` or ``year`` of
            ``date``. A column of the table that has such a name is used as it is.
        min_n: Groups with fewer answers are marked suppressed and get no score. The overall row is
            never suppressed.
        level: Confidence level of the intervals.
        metric: As in ``score_of``.
        method: As in ``score_of``.
        scale: As in ``score_of``.

    Returns:
        One row for each group that occurs, sorted, a missing segment or date as a group of its
        own: the columns of ``by``, ``metric``, ``method``, ``value``, ``low``, ``high``, ``n``,
        ``n_missing``, the number of respondents in each group (``promoters``, ``passives``,
        ``detractors`` and so on) and ``suppressed``. Periods are text that sorts: ``2026-03-09``,
        ``2026-W11``, ``2026-03``, ``2026-Q1``, ``2026``.

    Raises:
        ColumnError: A column is missing, there is no date to make periods from, or a column of
            ``by`` has the name of one of the figures.
        RatingError: As for the score itself.

    Example:
        >>> comments = pd.DataFrame({"comment_id": list("abc"), "nps": [10, 9, 2]})
        >>> comments["shop"] = ["x", "x", "y"]
        >>> score_table(comments, "nps", by="shop", min_n=1)[["shop", "value", "n"]]
          shop  value  n
        0    x  100.0  2
        1    y -100.0  1
    """
    columns = [by] if isinstance(by, str) else list(dict.fromkeys(by))
    definition = definition_of(comments, rating, metric=metric, method=method, scale=scale)
    _check_names(columns, definition)
    made = [name for name in columns if name in PERIODS and name not in comments.columns]
    keep = [name for name in columns if name not in made] + (["date"] if made else [])
    whole = definition.metric == "nps"
    people = read_people(comments, rating, definition.scale, whole=whole, keep=keep)
    for period in made:
        people[period] = period_of(people["date"], period)
    answers = to_floats(people[rating])
    if not np.isfinite(answers).any():
        raise no_ratings(rating, answers.size)
    if not columns:
        whole_table = summarise(answers, definition, level=level)
        return _table(pd.DataFrame(index=[0]), whole_table, definition, min_n=0)
    codes = people.groupby(columns, observed=True, dropna=False).ngroup().to_numpy()
    first = np.unique(codes, return_index=True)[1]
    found = summarise(answers, definition, groups=codes, n_groups=first.size, level=level)
    keys = people[columns].iloc[first].reset_index(drop=True)
    return _table(keys, found, definition, min_n=min_n)


def _check_names(columns: Sequence[str], definition: Definition) -> None:
    """Raise if a column to group by would be overwritten by a figure of the table."""
    for name in columns:
        if name in (*_FIGURES, *definition.groups):
            raise ColumnError(
                f"Column {name!r} has the name of a figure of the table; rename it to group by it, "
                f"such as comments.rename(columns={{{name!r}: {name + ' group'!r}}})."
            )


def period_of(dates: pd.Series, period: str) -> pd.Series:
    """Return the period each date lies in, as text that sorts; a missing date has none.

    Args:
        dates: Dates.
        period: ``day``, ``week`` (ISO, from Monday), ``month``, ``quarter`` or ``year``.

    Raises:
        ColumnError: The column does not hold dates.
        FeedbackError: No such period.

    Example:
        >>> list(period_of(pd.Series(pd.to_datetime(["2026-01-01", "2027-01-01"])), "week"))
        ['2026-W01', '2026-W53']
    """
    if period not in PERIODS:
        raise FeedbackError(f"No period {period!r}; choose {', '.join(PERIODS)}.")
    if not pd.api.types.is_datetime64_any_dtype(dates):
        raise ColumnError(
            f"Column {dates.name!r} does not hold dates but {dates.dtype}, so there are no "
            "periods; read the export with read_comments, or convert it first."
        )
    days = dates.dt.tz_localize(None) if dates.dt.tz is not None else dates
    days = days.dt.normalize()
    known = pd.DatetimeIndex(days.dropna().unique())
    codes = known.get_indexer(pd.DatetimeIndex(days))
    labels = pd.array([*_label(known, period), None], dtype="str")
    return pd.Series(labels[codes], index=dates.index, name=period)


def _label(days: pd.DatetimeIndex, period: str) -> list[str]:
    """Return the label of each day; there are few days, however many respondents."""
    if period == "week":
        return [f"{day.isocalendar()[0]:04d}-W{day.isocalendar()[1]:02d}" for day in days]
    if period == "quarter":
        return [f"{day.year:04d}-Q{day.quarter}" for day in days]
    length = {"day": 10, "month": 7, "year": 4}[period]
    return [day.isoformat()[:length] for day in days]


def _table(
    keys: pd.DataFrame, found: Summary, definition: Definition, *, min_n: int
) -> pd.DataFrame:
    suppressed = found.n < max(min_n, 1)
    figures = {
        name: np.where(suppressed, np.nan, values)
        for name, values in (("value", found.value), ("low", found.low), ("high", found.high))
    }
    groups = {definition.groups[i]: found.counts[:, i] for i in (2, 1, 0)}
    return keys.assign(
        metric=definition.metric, method=definition.method, **figures,
        n=found.n, n_missing=found.n_missing, **groups, suppressed=suppressed,
    )  # fmt: skip
