"""Scores by segment and by period: one row for each group of respondents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.scores.answers import Scale, read_people, to_floats
from feedback_nlp.scores.choosing import definition_of
from feedback_nlp.scores.definitions import Definition
from feedback_nlp.scores.grouping import (
    PERIODS,
    Codes,
    group_of,
    period_codes,
    periods_of_rows,
)
from feedback_nlp.scores.quantiles import Floats
from feedback_nlp.scores.scoring import no_ratings
from feedback_nlp.scores.summary import Interval, Summary, summarise
from feedback_nlp.scores.weights import check_populations, weights_of

__all__ = ["PERIODS", "period_of", "score_table"]
Population = int | Mapping[Any, int] | pd.Series
_FIGURES = (
    "metric", "method", "value", "low", "high", "n", "n_effective", "n_missing", "suppressed",
)  # fmt: skip


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
    interval: Interval = "score",
    weights: str | None = None,
    population: Population | None = None,
) -> pd.DataFrame:
    """Return the score overall, or of each segment and period.

    Args:
        comments: A comments table; its respondents are counted once, with their last answer; where
            ``by`` holds a period, once in each period, with the last answer of the period.
        rating: The rating column; high answers are the good ones.
        by: Columns to group by, and ``day``, ``week``, ``month``, ``quarter`` or ``year`` of
            ``date``. A column of the table that has such a name is used as it is.
        min_n: Groups with fewer answers (of a weight above 0) are marked suppressed and get no
            score. The overall row is never suppressed.
        level: Confidence level of the intervals.
        metric: As in ``score_of``.
        method: As in ``score_of``.
        scale: As in ``score_of``.
        interval: As in ``score_of``.
        weights: The column that says how many people each respondent stands for, 0 or more.
        population: How many people there are in each group, by its segment; by the tuple of
            segments and periods where there are several. Without ``by``, one number.

    Returns:
        One row for each group that occurs, sorted, a missing segment or date as a group of its
        own: the columns of ``by``, ``metric``, ``method``, ``value``, ``low``, ``high``, ``n``
        (with weights also ``n_effective``), ``n_missing``, the number of respondents in each group
        (``promoters``, ``passives``, ``detractors`` and so on) and ``suppressed``. Periods are text
        that sorts: ``2026-03-09``, ``2026-W11``, ``2026-03``, ``2026-Q1``, ``2026``.

    Raises:
        ColumnError: A column is missing, there is no date to make periods from, or a column of
            ``by`` has the name of one of the figures.
        RatingError: As for the score itself; or a group has fewer people than answers.
        FeedbackError: The population of a group is not given.

    Example:
        >>> comments = pd.DataFrame({"comment_id": list("abc"), "nps": [10, 9, 2]})
        >>> comments["shop"] = ["x", "x", "y"]
        >>> score_table(comments, "nps", by="shop", min_n=1)[["shop", "value", "n"]]
          shop  value  n
        0    x  100.0  2
        1    y -100.0  1
    """
    definition = definition_of(comments, rating, metric=metric, method=method, scale=scale)
    made = grouped(
        comments, rating, by, definition, level=level, interval=interval, weights=weights,
        population=population, figures=(*_FIGURES, *definition.groups),
    )  # fmt: skip
    return table_of(made, min_n=min_n if len(made.keys.columns) else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """The respondents of a table and the scores of their groups.

    Attributes:
        keys: One row for each group, with its segments and periods.
        found: The scores of the groups.
        answers: One answer for each respondent, or for each in each period.
        definition: The score.
    """

    keys: pd.DataFrame
    found: Summary
    answers: Floats
    definition: Definition


def grouped(
    comments: pd.DataFrame,
    rating: str,
    by: Sequence[str] | str,
    definition: Definition,
    *,
    figures: Sequence[str],
    level: float = 0.95,
    interval: Interval = "score",
    weights: str | None = None,
    population: Population | None = None,
) -> Grouped:
    """Return the scores of the groups of a comments table; the other arguments as for the table.

    Args:
        comments: A comments table.
        rating: The rating column.
        by: Columns and periods to group by.
        definition: The score.
        figures: Names that a column to group by must not have.
        level: Confidence level.
        interval: How intervals are made.
        weights: Column of weights.
        population: How many people there are in each group.
    """
    columns = [by] if isinstance(by, str) else list(dict.fromkeys(by))
    _check_names(columns, figures)
    periods = [name for name in columns if name in PERIODS and name not in comments.columns]
    keep = [name for name in columns if name not in periods] + (["date"] if periods else [])
    keep += [] if weights is None else [weights]
    whole = definition.metric == "nps"
    people = read_people(
        comments, rating, definition.scale, whole=whole, keep=keep,
        within=periods_of_rows(comments, periods),
    )  # fmt: skip
    answers = to_floats(people[rating])
    if not np.isfinite(answers).any():
        raise no_ratings(rating, answers.size)
    weight = None if weights is None else weights_of(comments, people, rating, weights)
    keys, codes = pd.DataFrame(index=[0]), None
    if columns:
        groups = group_of(people, columns, periods)
        keys, codes = groups.keys, groups.codes
    found = summarise(
        answers, definition, groups=codes, n_groups=len(keys), level=level, interval=interval,
        weights=weight, population=_populations(population, keys, codes, answers),
    )  # fmt: skip
    return Grouped(keys=keys, found=found, answers=answers, definition=definition)


def _populations(
    population: Population | None, keys: pd.DataFrame, codes: Codes | None, answers: Floats
) -> Floats | None:
    """Return how many people there are in each group."""
    if population is None:
        return None
    answered = ~np.isnan(answers)
    listed = isinstance(population, Mapping | pd.Series)
    if listed == (codes is None):
        wanted = "one number" if codes is None else "the number of people in each group"
        raise FeedbackError(
            f"The population of this table is {wanted}, not {str(population)[:60]!r}; with "
            "by='shop' it is such as {'north': 1200, 'south': 800}."
        )
    if codes is None or not isinstance(population, Mapping | pd.Series):
        return check_populations([population], [int(answered.sum())], ["all"])
    n = np.bincount(codes[answered], minlength=len(keys))
    known = {_key(k): v for k, v in population.items()}
    names = [_key(row[0] if len(row) == 1 else row) for row in keys.itertuples(index=False)]
    lost = [name for name in names if name not in known]
    if lost:
        raise FeedbackError(
            f"The population lacks {len(lost)} of {len(names)} groups, first {lost[0]!r}; "
            f"give all of them, by {' and '.join(map(str, keys.columns))}."
        )
    return check_populations([known[name] for name in names], n.tolist(), [repr(x) for x in names])


def _key(group: Any) -> Any:  # noqa: ANN401
    """Return a group as it is looked up; a missing segment or period is ``None``."""
    if isinstance(group, tuple):
        return tuple(_key(part) for part in group)
    return None if pd.isna(group) else group


def _check_names(columns: Sequence[str], figures: Sequence[str]) -> None:
    """Raise if a column to group by would be overwritten by a figure of the table."""
    for name in columns:
        if name in figures:
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
    codes, labels = period_codes(dates, period)
    return pd.Series(pd.array([*labels, None], dtype="str")[codes], index=dates.index, name=period)


def table_of(made: Grouped, *, min_n: int) -> pd.DataFrame:
    """Return scores of groups as a table.

    Args:
        made: The scores.
        min_n: Groups with fewer answers are suppressed.
    """
    found, definition = made.found, made.definition
    used = found.n if found.n_used is None else found.n_used
    suppressed = (used < max(min_n, 1)) | np.isnan(found.value)
    figures = {
        name: np.where(suppressed, np.nan, values)
        for name, values in (("value", found.value), ("low", found.low), ("high", found.high))
    }
    groups = {definition.groups[i]: found.counts[:, i] for i in (2, 1, 0)}
    effective = {} if found.n_effective is None else {"n_effective": found.n_effective}
    return made.keys.assign(
        metric=definition.metric, method=definition.method, **figures,
        n=found.n, **effective, n_missing=found.n_missing, **groups, suppressed=suppressed,
    )  # fmt: skip
