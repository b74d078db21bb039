"""How strongly a term marks one group against another: log-odds with a prior, G², exact test.

The same formula serves two ways of counting. With comments, a total is the number of comments and
a count those that have the term; with occurrences, a total is the number of occurrences of all.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_nlp.errors import FeedbackError

Floats = NDArray[np.float64]


class LogOdds(NamedTuple):
    """Log-odds ratios, their variances, and each ratio over its standard error."""

    delta: Floats
    variance: Floats
    z: Floats


def log_odds(
    counts_group: ArrayLike,
    total_group: float,
    counts_reference: ArrayLike,
    total_reference: float,
    *,
    prior: ArrayLike,
    prior_total: float | None = None,
    variance: Literal["four terms", "two terms"] = "four terms",
) -> LogOdds:
    """Return the log-odds ratio of each term between two groups, with a Dirichlet prior.

    With y the count of a term, n the total, a the prior of the term and a₀ the prior total,
    δ = ln[(y + a) ÷ (n + a₀ − y − a)] of the group, minus the same of the reference (Monroe,
    Colaresi and Quinn 2008). Its variance is 1 ÷ (y + a) of both plus, with four terms,
    1 ÷ (n + a₀ − y − a) of both. Leaving the latter out is right for rare terms only: for one that
    half of the comments have, the variance is then half of what it should be.

    Args:
        counts_group: Count of each term in the group.
        total_group: Total of the group: its comments, or its occurrences of all terms.
        counts_reference: Count of each term in the reference.
        total_reference: Total of the reference.
        prior: What is added to each count; one number, or one for each term.
        prior_total: What is added to both totals; the sum of the prior if not given, taken as
            one number for each term.
        variance: Two terms as in Monroe, Colaresi and Quinn; four terms as in
            scattertext, and as a comparison of two shares has them.

    Returns:
        Three arrays: ``delta`` (above 0: more of the group), ``variance`` and ``z``.

    Raises:
        FeedbackError: A count is larger than its total, or what is to be a logarithm's argument
            would not be above zero.

    Example:
        >>> log_odds([30, 20], 260, [5, 15], 480, prior=[1, 1], prior_total=4).z.round(3)
        array([5.21 , 2.718])
    """
    if variance not in ("four terms", "two terms"):
        raise FeedbackError(f"No variance {variance!r}; choose four terms or two terms.")
    group = np.asarray(counts_group, dtype=np.float64)
    reference = np.asarray(counts_reference, dtype=np.float64)
    added = np.broadcast_to(np.asarray(prior, dtype=np.float64), group.shape)
    whole = float(added.sum()) if prior_total is None else prior_total
    yes = np.stack([group + added, reference + added])
    no = np.stack([total_group + whole - yes[0], total_reference + whole - yes[1]])
    if not ((yes > 0).all() and (no > 0).all()):
        raise FeedbackError(
            "A term has a count of 0, or as large as the total, and no prior: log-odds need a "
            "prior above 0, and counts no larger than their totals."
        )
    delta = np.log(yes[0] / no[0]) - np.log(yes[1] / no[1])
    spread = (1 / yes).sum(axis=0)
    if variance == "four terms":
        spread = spread + (1 / no).sum(axis=0)
    return LogOdds(delta=delta, variance=spread, z=delta / np.sqrt(spread))


def fisher_p(
    counts_group: ArrayLike, total_group: int, counts_reference: ArrayLike, total_reference: int
) -> Floats:
    """Return the two-sided p of Fisher's exact test of each term, whatever their number.

    As in R and scipy, it is the probability of all tables with the same sums that are no more
    probable than the one seen. Terms with the same sums share one calculation.

    Args:
        counts_group: Comments of the group with each term.
        total_group: Comments of the group.
        counts_reference: Comments of the reference with each term.
        total_reference: Comments of the reference.

    Example:
        >>> fisher_p([8, 0], 10, [2, 0], 10).round(4)
        array([0.023, 1.   ])
    """
    from scipy.special import gammaln

    group = np.asarray(counts_group, dtype=np.int64)
    with_term = group + np.asarray(counts_reference, dtype=np.int64)
    factorials = gammaln(np.arange(total_group + total_reference + 1) + 1.0)  # their logarithms

    def ways(n: int, k: NDArray[np.int64]) -> Floats:
        """Return the logarithm of n over k."""
        return np.asarray(factorials[n] - factorials[k] - factorials[n - k])

    p_values = np.ones(group.size)
    order = np.argsort(with_term, kind="stable")
    cuts = np.flatnonzero(np.diff(with_term[order])) + 1
    for rows in np.split(order, cuts) if order.size else ():
        k = int(with_term[rows[0]])
        low = max(0, k - total_reference)
        seen = np.arange(low, min(k, total_group) + 1)
        logs = ways(total_group, seen) + ways(total_reference, k - seen)
        chance = np.exp(logs - ways(total_group + total_reference, np.array(k)))
        ranked = np.sort(chance)
        below = np.searchsorted(ranked, chance[group[rows] - low] * (1 + 1e-7), side="right")
        p_values[rows] = np.cumsum(ranked)[below - 1]
    return np.minimum(p_values, 1.0)


def g2(
    counts_group: ArrayLike,
    total_group: float,
    counts_reference: ArrayLike,
    total_reference: float,
) -> Floats:
    """Return the log-likelihood ratio G² of each term: 2 Σ O ln(O ÷ E) over all four cells.

    The variant of corpus linguistics that sums the two cells with the term only is smaller
    (Dunning 1993 has four; Rayson and Garside 2000 two).

    Args:
        counts_group: Count of each term in the group.
        total_group: Total of the group: its comments, or its occurrences of all terms.
        counts_reference: Count of each term in the reference.
        total_reference: Total of the reference.

    Returns:
        One figure for each term, 0 or more; chi-squared with one degree of freedom where there is
        no difference.

    Example:
        >>> g2([30, 20], 260, [5, 15], 480).round(4)
        array([40.3517,  7.3922])
    """
    from scipy.special import xlogy

    group = np.asarray(counts_group, dtype=np.float64)
    reference = np.asarray(counts_reference, dtype=np.float64)
    totals = np.array([total_group, total_reference], dtype=np.float64)[:, np.newaxis]
    yes = np.stack([group, reference])
    cells = np.stack([yes, totals - yes])
    expected = totals * cells.sum(axis=1, keepdims=True) / max(totals.sum(), 1.0)
    ratio = np.divide(cells, expected, out=np.ones_like(cells), where=expected > 0)
    return np.asarray(2 * xlogy(cells, ratio).sum(axis=(0, 1)), dtype=np.float64)
