"""Who mentions which theme: numbers and shares of each group, and detractors against others."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.columns import GROUPS
from feedback_nlp.drivers.join import ThemeMatrix
from feedback_nlp.scores import benjamini_hochberg, wilson
from feedback_nlp.scores.intervals import quantile


def counts_table(matrix: ThemeMatrix, *, confidence: float) -> pd.DataFrame:
    """Return who mentions each theme, as numbers and as shares of groups with Wilson intervals."""
    negative, positive, total = (
        frame.to_numpy(dtype=bool) for frame in (matrix.negative, matrix.positive, matrix.any)
    )
    known = (negative | positive | matrix.neutral.to_numpy(dtype=bool)).sum(axis=0)
    n_negative, n_positive = negative.sum(axis=0), positive.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        net = np.where(known > 0, (n_positive - n_negative) / known, np.nan)
    table = pd.DataFrame(
        {
            "theme": pd.array(list(matrix.themes), dtype="str"),
            "n": total.sum(axis=0),
            "n_negative": n_negative,
            "n_positive": n_positive,
            "share": total.mean(axis=0),
            "net_polarity": net,
            "n_promoters_positive": positive[matrix.in_group(2)].sum(axis=0),
        }
    )
    for group, name in enumerate(GROUPS):
        rows = negative[matrix.in_group(group)]
        count = table[f"n_{name}"] = rows.sum(axis=0)
        table[f"share_{name}"] = count / len(rows) if len(rows) else np.nan
        ends = wilson(count, len(rows), level=confidence)
        table[f"share_{name}_low"], table[f"share_{name}_high"] = ends
    return table


def odds_table(
    matrix: ThemeMatrix, tested: NDArray[np.bool_], *, confidence: float
) -> pd.DataFrame:
    """Return odds ratio, p and q of a negative mention: detractors against others, of who wrote.

    Where all who wrote are of one side there is nothing to compare, and no figure.

    Args:
        matrix: The respondents.
        tested: Which themes are tested, one for each theme of the matrix; q is over these.
        confidence: Level of the intervals, between 0 and 1.
    """
    from scipy.stats import fisher_exact

    spoke = matrix.people["spoke"].to_numpy()
    low, others = spoke & matrix.in_group(0), spoke & ~matrix.in_group(0)
    negative = matrix.negative.to_numpy(dtype=bool)
    a, c = negative[low].sum(axis=0), negative[others].sum(axis=0)
    b, d = low.sum() - a, others.sum() - c
    p_values = np.full(a.size, np.nan)
    comparable = bool(low.any() and others.any())
    if comparable:
        for i in np.flatnonzero(tested):
            p_values[i] = fisher_exact(np.array([[a[i], b[i]], [c[i], d[i]]])).pvalue
    log_odds = np.log((a + 0.5) * (d + 0.5) / ((b + 0.5) * (c + 0.5)))
    half = quantile(confidence) * np.sqrt(
        1 / (a + 0.5) + 1 / (b + 0.5) + 1 / (c + 0.5) + 1 / (d + 0.5)
    )
    table = pd.DataFrame(
        {
            "odds_ratio": np.exp(log_odds),
            "odds_ratio_low": np.exp(log_odds - half),
            "odds_ratio_high": np.exp(log_odds + half),
        }
    )
    if not comparable:
        table[:] = np.nan
    return table.assign(p_value=p_values, q_value=benjamini_hochberg(p_values))
