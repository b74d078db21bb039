"""How many of each group blame each theme, beside all who are in no such group.

What the report shows of themes by period and by segment is made of this.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.scores import benjamini_hochberg, define, differences, wilson
from feedback_nlp.scores.quantiles import Floats
from feedback_nlp.scores.summary import Summary

FALSE_FINDINGS = 0.05
_SHARE = define("csat", "top1", (0, 1))
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]


def blame_shares(
    blames: Mask, group: Codes, size: int, *, min_n: int = 10, level: float = 0.95
) -> pd.DataFrame:
    """Return which share of each group blames each theme, against the rest.

    Args:
        blames: Who blames which theme, one row for each respondent.
        group: Number of the group of each respondent, 0 to ``size`` − 1; −1 for none, who is
            neither in a group nor in the rest.
        size: How many groups there are.
        min_n: Groups of fewer respondents, or with fewer in the rest, are marked suppressed and
            not compared.
        level: Confidence level of the intervals, 0–1.

    Returns:
        One row for each group and theme: ``group``, ``theme`` (their numbers), ``n`` respondents
        of the group and ``n_blame`` of them, ``share`` (0–1) with ``low`` and ``high`` (Wilson),
        ``n_rest``, ``n_blame_rest`` and ``share_rest`` of all other groups together, ``difference``
        (share − that of the rest) with ``difference_low``, ``difference_high`` and ``p_value``
        (Newcombe's hybrid of the two intervals), and ``suppressed``, where only ``n`` and
        ``n_rest`` are given: what so few say is nobody's business.

    Example:
        >>> blames = np.array([[True], [True], [False], [False], [False], [True]] * 20)
        >>> found = blame_shares(blames, np.array([0, 0, 0, 1, 1, 1] * 20), 2)
        >>> found[["n", "n_blame", "share", "share_rest", "difference"]].round(2)
            n  n_blame  share  share_rest  difference
        0  60       40   0.67        0.33        0.33
        1  60       20   0.33        0.67       -0.33
    """
    inside = group >= 0
    n = np.bincount(group[inside], minlength=size)
    said = np.zeros((size, blames.shape[1]), dtype=np.int64)
    for theme in range(blames.shape[1]):
        said[:, theme] = np.bincount(group[inside & blames[:, theme]], minlength=size)
    return shares_of_counts(said, n, min_n=min_n, level=level)


def shares_of_counts(
    said: Codes, n: Codes, *, min_n: int = 10, level: float = 0.95
) -> pd.DataFrame:
    """Return what ``blame_shares`` does, from counts.

    Args:
        said: Groups × themes: respondents who blame it.
        n: Respondents of each group.
        min_n: As in ``blame_shares``.
        level: As in ``blame_shares``.
    """
    size, themes = said.shape
    total = np.repeat(n, themes)
    own, rest = said.ravel(), (said.sum(axis=0) - said).ravel()
    others, least = n.sum() - total, max(min_n, 1)
    table = pd.DataFrame(
        {
            "group": np.repeat(np.arange(size), themes), "theme": np.tile(np.arange(themes), size),
            "n": total, "n_blame": own, "n_rest": others, "n_blame_rest": rest,
            "suppressed": total < least,
        }
    )  # fmt: skip
    figures = _figures(table, least, level)
    few = {"n_blame": total < least, "n_blame_rest": (total < least) | (others < least)}
    counts = {name: table[name].astype("Int64").mask(hidden) for name, hidden in few.items()}
    return table.assign(**counts, **figures)


def _figures(table: pd.DataFrame, min_n: int, level: float) -> dict[str, Floats]:
    """Return shares and comparisons, missing where there are too few."""
    n, said, others, rest = (
        table[name].to_numpy() for name in ("n", "n_blame", "n_rest", "n_blame_rest")
    )
    figures = {}
    shown = np.flatnonzero(n >= min_n)
    low, high = wilson(said[shown], n[shown], level=level)
    for name, values in (("share", said[shown] / n[shown]), ("low", low), ("high", high)):
        figures[name] = _spread(values, shown, n.size)
    both = np.flatnonzero((n >= min_n) & (others >= min_n))
    first, second = _summary(said[both], n[both], level), _summary(rest[both], others[both], level)
    found = differences(first, second, _SHARE, level)
    figures["share_rest"] = _spread(second.value / 100, both, n.size)
    for name, values in (("", found.value), ("_low", found.low), ("_high", found.high)):
        figures[f"difference{name}"] = _spread(values / 100, both, n.size)
    figures["p_value"] = _spread(found.p_value, both, n.size)
    return figures


def _spread(values: Floats, rows: NDArray[np.intp], size: int) -> Floats:
    """Return values in their rows, the other rows missing."""
    out = np.full(size, np.nan)
    out[rows] = values
    return out


def _summary(said: Codes, n: Codes, level: float) -> Summary:
    """Return counts as the scores of groups, a share in percent."""
    low, high = wilson(said, n, level=level)
    return Summary(
        value=said / n * 100, low=low * 100, high=high * 100, n=n, n_missing=np.zeros_like(n),
        counts=np.column_stack([n - said, np.zeros_like(n), said]), sd=np.full(n.size, np.nan),
        interval=np.full(n.size, "wilson", dtype=object),
    )  # fmt: skip


def with_findings(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return tables as one, with what stands out after correction for all looks.

    Args:
        tables: As ``blame_shares`` returns them.

    Returns:
        Their rows, with ``q_value`` (Benjamini–Hochberg over all that were compared) and ``clear``
        (q ≤ 0.05 and an interval of the difference that leaves zero out).
    """
    table = pd.concat(tables, ignore_index=True)
    q_value = benjamini_hochberg(table["p_value"].to_numpy())
    beyond = (table["difference_low"] > 0) | (table["difference_high"] < 0)
    return table.assign(q_value=q_value, clear=(q_value <= FALSE_FINDINGS) & beyond)
