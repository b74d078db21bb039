"""Counts compared within languages: the odds ratio of Mantel and Haenszel, G², the exact test.

Who writes which language often goes with the rating. A term is therefore compared among comments
of the same language, and what the languages say is put together. In one language the figures are
those of a plain table of four cells.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_nlp.words.odds import Floats, LogOdds, fisher_p, g2

Counts = NDArray[np.int64]


def mantel_haenszel(
    counts_group: ArrayLike, totals_group: ArrayLike, counts_reference: ArrayLike,
    totals_reference: ArrayLike, *, prior: float = 0.0,
) -> LogOdds:  # fmt: skip
    """Return the log-odds ratio of each term, put together over strata such as languages.

    With a, b of the group and c, d of the reference that have the term or not, and n of both in a
    stratum, it is ln(Σ ad/n ÷ Σ bc/n) over the strata in which the term occurs (Mantel and Haenszel
    1959), with the variance of Robins, Breslow and Greenland (1986). In one stratum that is
    ln(ad ÷ bc), with variance 1/a + 1/b + 1/c + 1/d.

    Args:
        counts_group: Comments of the group with each term, terms × strata.
        totals_group: Comments of the group in each stratum.
        counts_reference: Comments of the reference with each term, terms × strata.
        totals_reference: Comments of the reference in each stratum.
        prior: Comments with the term, and as many without, that are added to each stratum,
            divided between group and reference by size. It never turns the sign.

    Returns:
        ``delta``, ``variance`` and ``z``; missing where nothing can be compared: the term is only
        in strata that one of the two lacks, or a sum is zero without a prior.

    Example:
        >>> mantel_haenszel([[30, 2]], [60, 10], [[10, 4]], [60, 40]).delta.round(3)
        array([1.491])
    """
    yes = np.stack([np.asarray(counts_group), np.asarray(counts_reference)]).astype(np.float64)
    totals = np.stack([np.asarray(totals_group), np.asarray(totals_reference)]).astype(np.float64)
    whole = totals.sum(axis=0)
    added = prior * totals / np.maximum(whole, 1)
    totals = np.where(yes.sum(axis=0) > 0, totals[:, np.newaxis, :], 0.0)
    added = np.where(totals > 0, added[:, np.newaxis, :], 0.0)
    (a, c), (b, d) = yes + added, totals - yes + added
    size = np.maximum(a + b + c + d, 1e-300)
    r, s = a * d / size, b * c / size
    p, q = (a + d) / size, (b + c) / size
    with np.errstate(divide="ignore", invalid="ignore"):
        sum_r, sum_s = r.sum(axis=1), s.sum(axis=1)
        variance = (
            (p * r).sum(axis=1) / (2 * sum_r**2)
            + (p * s + q * r).sum(axis=1) / (2 * sum_r * sum_s)
            + (q * s).sum(axis=1) / (2 * sum_s**2)
        )
        delta = np.log(sum_r / sum_s)
        known = np.isfinite(delta) & np.isfinite(variance)
        delta, variance = np.where(known, delta, np.nan), np.where(known, variance, np.nan)
        return LogOdds(delta=delta, variance=variance, z=delta / np.sqrt(variance))


def signed_g2(
    counts_group: Counts, totals_group: Counts, counts_reference: Counts, totals_reference: Counts
) -> Floats:
    """Return G² of each term with the sign of the difference, added up over strata.

    Strata that say the opposite take from each other. Arguments as in ``mantel_haenszel``.
    """
    total = np.zeros(len(counts_group))
    for stratum, (n, m) in enumerate(zip(totals_group, totals_reference, strict=True)):
        y, x = counts_group[:, stratum], counts_reference[:, stratum]
        total += np.sign(y * m - x * n) * g2(y, int(n), x, int(m))
    return total


def exact_p(
    counts_group: Counts, totals_group: Counts, counts_reference: Counts, totals_reference: Counts
) -> Floats:
    """Return the two-sided p of each term of the exact test within strata.

    It is the probability, if group and term have nothing to do with each other in any stratum, of
    all numbers of comments of the group with the term that are no more probable than the one seen,
    given the sums of each stratum. In one stratum that is Fisher's exact test. Arguments as in
    ``mantel_haenszel``.
    """
    from scipy.special import gammaln

    both = (totals_group > 0) & (totals_reference > 0)
    occurs = ((counts_group + counts_reference) > 0) & both
    p_values = np.ones(len(counts_group))
    single = occurs.sum(axis=1) == 1
    for stratum in np.flatnonzero(both):
        rows = np.flatnonzero(single & occurs[:, stratum])
        p_values[rows] = fisher_p(
            counts_group[rows, stratum], int(totals_group[stratum]),
            counts_reference[rows, stratum], int(totals_reference[stratum]),
        )  # fmt: skip
    sums = counts_group + counts_reference
    log_factorials = gammaln(np.arange((totals_group + totals_reference).max(initial=0) + 1) + 1.0)
    for row in np.flatnonzero(occurs.sum(axis=1) > 1):
        chance, lowest = np.ones(1), 0
        for stratum in np.flatnonzero(occurs[row]):
            sizes = int(totals_group[stratum]), int(totals_reference[stratum])
            low, chances = _chances(int(sums[row, stratum]), *sizes, log_factorials)
            chance, lowest = np.convolve(chance, chances), lowest + low
        seen = chance[int(counts_group[row, occurs[row]].sum()) - lowest]
        p_values[row] = min(chance[chance <= seen * (1 + 1e-7)].sum(), 1.0)
    return p_values


def _chances(k: int, n: int, m: int, log_factorials: Floats) -> tuple[int, Floats]:
    """Return the fewest of the k comments with a term that can be of the group, with chances.

    The chances are of that number and of each above it; n comments are of the group, m are not.
    """
    low = max(0, k - m)
    seen = np.arange(low, min(k, n) + 1)
    part = log_factorials[seen] + log_factorials[n - seen]
    part += log_factorials[k - seen] + log_factorials[m - k + seen]
    whole = log_factorials[[n, m, k, n + m - k]].sum() - log_factorials[n + m]
    return low, np.exp(whole - part)
