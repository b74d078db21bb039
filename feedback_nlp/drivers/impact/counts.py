"""Who mentions which theme: numbers and shares of each group, and detractors against others."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from feedback_nlp.drivers.impact.columns import GROUPS, NET
from feedback_nlp.drivers.join import ThemeMatrix
from feedback_nlp.scores import benjamini_hochberg, nps_score_interval, wilson
from feedback_nlp.scores.intervals import quantile


def counts_table(matrix: ThemeMatrix, *, confidence: float) -> pd.DataFrame:
    """Return who mentions each theme, as numbers and as shares of groups with Wilson intervals."""
    negative, positive, total = (
        frame.to_numpy(dtype=bool) for frame in (matrix.negative, matrix.positive, matrix.any)
    )
    known = matrix.count(negative | positive | matrix.neutral.to_numpy(dtype=bool))
    n, n_people = matrix.count(total), matrix.n
    low, high = wilson(n, n_people, level=confidence)
    table = pd.DataFrame(
        {
            "theme": pd.array(list(matrix.themes), dtype="str"),
            "n": n,
            "n_negative": matrix.count(negative),
            "n_positive": matrix.count(positive),
            "share": n / n_people,
            "share_low": low,
            "share_high": high,
            "n_promoters_positive": matrix.count(positive, matrix.in_group(2)),
        }
    )
    for group, name in enumerate(GROUPS):
        who = matrix.in_group(group)
        size = int(matrix.count(who))
        count = table[f"n_{name}"] = matrix.count(negative, who)
        table[f"share_{name}"] = count / size if size else np.nan
        ends = wilson(count, size, level=confidence)
        table[f"share_{name}_low"], table[f"share_{name}_high"] = ends
    both = matrix.count(negative & positive)
    nets = net_polarities(
        table["n_negative"] - both, table["n_positive"] - both, known, confidence=confidence
    )
    return table.join(nets)


def net_polarities(
    blaming: ArrayLike, praising: ArrayLike, known: ArrayLike, *, confidence: float
) -> pd.DataFrame:
    """Return net polarities with their score intervals, those of the NPS.

    Args:
        blaming: Respondents who blame and do not praise.
        praising: Respondents who praise and do not blame.
        known: Respondents with a known polarity; who does both, or neither, counts as 0.
        confidence: Level of the intervals, between 0 and 1.

    Returns:
        ``net_polarity``, −1 to 1, ``net_polarity_low`` and ``net_polarity_high``, one row for each
        theme; missing where no polarity is known.

    Example:
        >>> net_polarities([6], [2], [10], confidence=0.95).round(2).to_dict("records")
        [{'net_polarity': -0.4, 'net_polarity_low': -0.75, 'net_polarity_high': 0.15}]
    """
    blame, praise, n = (np.asarray(given, dtype=np.float64) for given in (blaming, praising, known))
    low, high = nps_score_interval(blame, n - blame - praise, praise, level=confidence)
    net = (praise - blame) / np.where(n > 0, n, np.nan)
    return pd.DataFrame(dict(zip(NET, (net, low, high), strict=True)))


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
    a, c = matrix.count(negative, low), matrix.count(negative, others)
    b, d = matrix.count(low) - a, matrix.count(others) - c
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
