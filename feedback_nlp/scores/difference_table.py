"""Each segment or period against all other respondents: many comparisons, corrected for that."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.scores.answers import Scale
from feedback_nlp.scores.choosing import definition_of
from feedback_nlp.scores.differences import differences
from feedback_nlp.scores.multiple import benjamini_hochberg
from feedback_nlp.scores.summary import Interval, summarise
from feedback_nlp.scores.table import Grouped, grouped
from feedback_nlp.scores.traps.segments import without

_COLUMNS = (
    "metric", "method", "value", "n", "rest_value", "rest_n", "difference", "low", "high",
    "p_value", "q_value", "suppressed",
)  # fmt: skip


def difference_table(
    comments: pd.DataFrame,
    rating: str,
    *,
    by: Sequence[str] | str,
    min_n: int = 10,
    level: float = 0.95,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
    interval: Interval = "score",
) -> pd.DataFrame:
    """Return the score of each segment or period minus that of all others, with interval and q.

    Args:
        comments: A comments table; its respondents are counted once, or once in each period. Then
            all answers of other periods are the rest, and several answers of one person count as
            those of several people.
        rating: The rating column; high answers are the good ones.
        by: As in ``score_table``.
        min_n: Groups with fewer answers, or with fewer in the rest, are marked suppressed and not
            compared: they are not counted among the tests either.
        level: Confidence level of the intervals.
        metric: As in ``score_of``.
        method: As in ``score_of``.
        scale: As in ``score_of``.
        interval: As in ``difference``.

    Returns:
        One row for each group that occurs, sorted: the columns of ``by``, ``metric``, ``method``,
        ``value``, ``n``, ``rest_value``, ``rest_n``, ``difference``, ``low``, ``high``,
        ``p_value``, ``q_value`` (Benjamini and Hochberg over the groups compared) and
        ``suppressed``. ``low`` and ``high`` are of the difference, each at ``level`` by itself.

    Raises:
        ColumnError: As for ``score_table``.
        RatingError: As for the score itself.

    Example:
        >>> comments = pd.DataFrame({"comment_id": range(80), "nps": [9, 10] * 20 + [9, 2] * 20})
        >>> comments["shop"] = ["north"] * 40 + ["south"] * 40
        >>> found = difference_table(comments, "nps", by="shop")
        >>> found[["shop", "value", "rest_value", "difference", "low", "high"]].round(1)
            shop  value  rest_value  difference    low   high
        0  north  100.0         0.0       100.0   65.6  129.6
        1  south    0.0       100.0      -100.0 -129.6  -65.6
    """
    definition = definition_of(comments, rating, metric=metric, method=method, scale=scale)
    made = grouped(comments, rating, by, definition, level=level, figures=_COLUMNS)
    figures = _compared(made, max(min_n, 1), level, interval)
    return made.keys.assign(metric=definition.metric, method=definition.method, **figures)


def _compared(
    made: Grouped, min_n: int, level: float, interval: Interval
) -> dict[str, NDArray[Any]]:
    """Return the figures of the table."""
    n, overall = made.found.n, summarise(made.answers, made.definition, level=level)
    rest_n = overall.n - n
    compared = np.flatnonzero((n >= min_n) & (rest_n >= min_n))
    group = made.found.take(compared)
    whole = overall.take(np.zeros(compared.size, dtype=np.int64))
    rest = without(whole, group, made.definition, level)
    found = differences(group, rest, made.definition, level, interval)
    shown = {
        "value": group.value, "rest_value": rest.value, "difference": found.value,
        "low": found.low, "high": found.high, "p_value": found.p_value,
        "q_value": benjamini_hochberg(found.p_value),
    }  # fmt: skip
    figures: dict[str, NDArray[Any]] = {"n": n, "rest_n": rest_n}
    for name, values in shown.items():
        figures[name] = np.full(n.size, np.nan)
        figures[name][compared] = values
    figures["suppressed"] = np.ones(n.size, dtype=bool)
    figures["suppressed"][compared] = False
    return {name: figures[name] for name in _COLUMNS if name in figures}
