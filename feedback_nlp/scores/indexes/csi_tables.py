"""The CSI attribute by attribute, and beside a competitor's."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import RatingError
from feedback_nlp.scores.answers import Scale
from feedback_nlp.scores.differences import difference
from feedback_nlp.scores.indexes.attributes import (
    AnyItems,
    Attributes,
    CsiIndex,
    CsiMethod,
    is_means,
    read_attributes,
)
from feedback_nlp.scores.indexes.items import Items, complete, composite_interval, read_items
from feedback_nlp.scores.intervals import mean_interval
from feedback_nlp.scores.multiple import benjamini_hochberg

Floats = NDArray[np.float64]
TOTAL = "total"


def csi_table(
    perceptions: AnyItems,
    expectations: AnyItems | None = None,
    *,
    weights: object = None,
    method: CsiMethod | None = None,
    index: CsiIndex = "percent_of_maximum",
    scale: Scale | None = None,
    columns: Sequence[str] | None = None,
    level: float = 0.95,
    competitor: Items | None = None,
    paired: bool = False,
) -> pd.DataFrame:
    """Return the CSI attribute by attribute, with the whole as last row.

    Args:
        perceptions: As in ``csi``; or one mean for each attribute, and then there are no intervals.
        expectations: As in ``csi``.
        weights: As in ``csi``.
        method: As in ``csi``.
        index: As in ``csi``.
        scale: As in ``csi``.
        columns: As in ``csi``.
        level: Confidence level of the intervals.
        competitor: Answers on the same attributes of a competitor.
        paired: True where the same respondents, in the same order, answered for both; then only
            those who answered everything for both are used.

    Returns:
        Columns ``attribute``, ``weight``, ``perception`` (mean answer), for a gap ``expectation``,
        ``gap`` and ``weighted_gap``, else ``index`` and ``weighted_index``; ``low`` and ``high`` of
        the gap or index; ``n`` respondents who answered everything, ``n_missing`` who did not, and
        ``n_unanswered`` without an answer to this attribute. The last row, ``total``, holds the
        value that ``csi`` returns: the sum of the weighted column. With a competitor further
        ``competitor`` (mean answer), ``difference`` in points of the scale, ``difference_low``,
        ``difference_high``, ``p_value``, ``q_value`` (Benjamini–Hochberg over the attributes) and
        ``n_competitor``.

    Raises:
        ColumnError: Attributes or weights do not match.
        RatingError: As for ``csi``; or an attribute is called ``total``.

    Example:
        >>> got = {"service": 4.1, "speed": 3.2, "price": 3.8}
        >>> expected = {"service": 4.5, "speed": 4.0, "price": 3.5}
        >>> table = csi_table(got, expected, weights={"service": 50, "speed": 30, "price": 20})
        >>> table[["attribute", "gap", "weighted_gap"]].round(2)
          attribute   gap  weighted_gap
        0   service -0.40         -0.20
        1     speed -0.80         -0.24
        2     price  0.30          0.06
        3     total -0.38         -0.38
    """
    beside = competitor if paired else None
    found = read_attributes(
        perceptions, expectations, weights=weights, method=method, index=index, scale=scale,
        columns=columns, competitor=beside,
    )  # fmt: skip
    if TOTAL in found.names:
        raise RatingError(f"An attribute is called {TOTAL!r}, as the last row is; rename it.")
    table = _figures(found, level)
    if competitor is None:
        return table
    if found.means or is_means(competitor):
        raise RatingError(
            "Means cannot be compared with a competitor's: they have no interval. Give the answers."
        )
    other = found.competitor
    if other is None:
        other = _others(competitor, found)
    return table.assign(**_comparison(found, other, paired=paired, level=level))


def _figures(found: Attributes, level: float) -> pd.DataFrame:
    values, shares = found.figures, found.weights
    parts = [*np.eye(len(found.names)), shares]
    ends = [_ends(found, part, level) for part in parts]
    gap = found.method == "gap"
    name = "gap" if gap else "index"
    columns: dict[str, Any] = {
        "attribute": pd.array([*found.names, TOTAL], dtype="str"),
        "weight": [*shares, 1.0],
        "perception": _with_total(found.perceptions, shares),
    }
    if found.expectations is not None and gap:
        columns["expectation"] = _with_total(found.expectations, shares)
    columns[name] = [*values.mean(axis=0), found.value]
    columns[f"weighted_{name}"] = [*found.contributions, found.value]
    for side, at in (("low", 0), ("high", 1)):
        columns[side] = [end[at] for end in ends]
    figures = np.array(columns[name])
    columns["low"] = np.minimum(columns["low"], figures)
    columns["high"] = np.maximum(columns["high"], figures)
    missing = found.rows - found.n
    counts = {"n": found.n, "n_missing": missing}
    for side, count in counts.items():
        known = pd.NA if found.means else count
        columns[side] = pd.array([known] * len(parts), dtype="Int64")
    columns["n_unanswered"] = pd.array([*found.unanswered.tolist(), missing], dtype="Int64")
    if found.means:
        columns["n_unanswered"] = columns["n"]
    return pd.DataFrame(columns)


def _with_total(answers: Floats, shares: Floats) -> list[float]:
    means = answers.mean(axis=0)
    return [*means.tolist(), float((means * shares).sum())]


def _ends(found: Attributes, weights: Floats, level: float) -> tuple[float, float]:
    if found.means:
        return np.nan, np.nan
    own = found.figures @ weights
    return composite_interval(own, *found.bounds(weights), level=level)[:2]


def _others(competitor: Items, found: Attributes) -> Floats:
    """Return the answers of other respondents on the competitor."""
    table, _ = read_items(competitor, columns=None, scale=found.scale)
    missing = [name for name in found.names if name not in table.columns]
    if missing:
        raise RatingError(
            f"The competitor has no answers on {missing[0]!r}; compare the attributes both have."
        )
    return complete(table[list(found.names)], what="comparison").to_numpy(np.float64)


def _comparison(found: Attributes, other: Floats, *, paired: bool, level: float) -> dict[str, Any]:
    pairs = [
        (found.perceptions @ shares, other @ shares)
        for shares in [*np.eye(len(found.names)), found.weights]
    ]
    compare = _paired if paired else _apart
    rows = [compare(mine, theirs, found.scale, level) for mine, theirs in pairs]
    value, low, high, p_value = (np.array(column) for column in zip(*rows, strict=True))
    return {
        "competitor": _with_total(other, found.weights),
        "difference": value,
        "difference_low": low,
        "difference_high": high,
        "p_value": p_value,
        "q_value": [*benjamini_hochberg(p_value[:-1]), np.nan],
        "n_competitor": len(other),
    }


def _apart(mine: Floats, theirs: Floats, scale: Scale, level: float) -> tuple[float, ...]:
    """Compare the answers of two groups of respondents."""
    mine, theirs = np.clip(mine, *scale), np.clip(theirs, *scale)
    found = difference(
        mine, theirs, rating="csi", metric="csat", method="mean", scale=scale, level=level
    )
    return found.value, found.low, found.high, found.p_value


def _paired(mine: Floats, theirs: Floats, scale: Scale, level: float) -> tuple[float, ...]:
    """Compare two answers of the same respondents."""
    from scipy.stats import ttest_1samp

    span = scale[1] - scale[0]
    own = mine - theirs
    low, high, made = composite_interval(own, -span, span, level=level, interval="t")
    value = float(own.mean())
    p_value = _bounded_p(value, own.size, span) if made == "bounded" else None
    if p_value is None:
        p_value = float(ttest_1samp(own, 0.0).pvalue)
    return value, low, high, p_value


def _bounded_p(value: float, n: int, span: float) -> float:
    """Return 1 − the level at which the bounded interval of a constant difference reaches 0."""
    if value == 0:
        return 1.0
    inside, outside = 0.0, 1.0
    for _ in range(60):
        level = (inside + outside) / 2
        ends = mean_interval(abs(value), 0.0, n, low=-span, high=span, level=level)
        inside, outside = (level, outside) if ends[0] > 0 else (inside, level)
    return 1 - outside
