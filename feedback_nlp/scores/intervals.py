"""Intervals that stay on the scale and are never of zero width, for many groups at once.

Every function takes numbers or arrays of equal length, one entry for each group, and solves all
groups together. The formulas, their sources and what they are not: ``docs/metrics.md``. The
textbook (Wald) interval is left out on purpose: at the ends of the scale it has no width, and near
them it leaves the scale.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_nlp.scores.quantiles import Floats, around, floats, quantile
from feedback_nlp.scores.score_interval import Histogram, score_ends

__all__ = [
    "is_constant",
    "mean_at",
    "mean_interval",
    "nps_adjusted_wald",
    "nps_score_interval",
    "quantile",
    "wilson",
    "wilson_at",
]


def wilson(successes: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return the Wilson interval of a share.

    Args:
        successes: How many said so, 0 to ``n``.
        n: How many were asked; where it is 0 the interval is missing.
        level: Confidence level.

    Returns:
        Lower and upper ends, 0–1.

    Example:
        >>> low, high = wilson(74, 107)
        >>> round(float(low), 5), round(float(high), 5)
        (0.59872, 0.77118)
    """
    return wilson_at(floats(successes), floats(n), quantile(level))


def wilson_at(count: Floats, total: Floats, z: float | Floats) -> tuple[Floats, Floats]:
    """Return the Wilson interval for normal quantiles, one for all or one for each."""
    z2 = np.square(z)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = count / total
        centre = (share + z2 / (2 * total)) / (1 + z2 / total)
        half = np.sqrt(z2 * (share * (1 - share) / total + z2 / (4 * total**2))) / (1 + z2 / total)
        low, high = centre - half, centre + half
    return around(share, low, high, 0.0, 1.0)


def nps_score_interval(
    detractors: ArrayLike, passives: ArrayLike, promoters: ArrayLike, *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Return the score interval of the NPS (Tango's, called "iterative" in the R package NPS).

    The ends are the values of the true NPS at which the score statistic, with the variance under
    that value, is ±z. Never off the scale, never of zero width.

    Args:
        detractors: Respondents who detract.
        passives: Respondents in between.
        promoters: Respondents who promote.
        level: Confidence level.

    Returns:
        Lower and upper ends, −1 to 1; missing where there is no respondent.

    Example:
        >>> low, high = nps_score_interval(30, 20, 50)
        >>> round(float(low), 6), round(float(high), 6)
        (0.024884, 0.362172)
    """
    groups = np.broadcast_arrays(floats(detractors), floats(passives), floats(promoters))
    found = Histogram.of_columns((-1, 0, 1), np.column_stack([group.ravel() for group in groups]))
    low, high = score_ends(found, quantile(level), low=-1, high=1)
    return low.reshape(groups[0].shape), high.reshape(groups[0].shape)


def nps_adjusted_wald(
    detractors: ArrayLike, passives: ArrayLike, promoters: ArrayLike, *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Return the adjusted Wald interval of the NPS, clipped to the scale.

    Three answers are added, ¾ detractor, 1½ passives and ¾ promoter, and the usual interval is
    taken around their NPS.

    Returns:
        Lower and upper ends, −1 to 1; missing where there is no respondent.

    Example:
        >>> low, high = nps_adjusted_wald(30, 20, 50)
        >>> round(float(low), 6), round(float(high), 6)
        (0.026531, 0.361819)
    """
    bad, mid, good = np.broadcast_arrays(floats(detractors), floats(passives), floats(promoters))
    centre, error = nps_adjusted(bad, mid, good)
    half = quantile(level) * error
    with np.errstate(invalid="ignore", divide="ignore"):
        value = (good - bad) / (bad + mid + good)
    return around(value, centre - half, centre + half, -1.0, 1.0)


def nps_adjusted(bad: Floats, middle: Floats, good: Floats) -> tuple[Floats, Floats]:
    """Return NPS and standard error after three answers are added; missing where there are none."""
    total = bad + middle + good
    total = np.where(total > 0, total + 3, np.nan)
    centre: Floats = (good - bad) / total
    return centre, np.sqrt(((good + bad + 1.5) / total - centre**2) / total)


def mean_interval(
    mean: ArrayLike, sd: ArrayLike, n: ArrayLike, *, low: float, high: float, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Return the t interval of a mean of answers between ``low`` and ``high``, clipped to them.

    Where all answers are equal, one answer alone included, t has no width or does not exist. There
    the Wilson interval is used with the mean's place on the scale as the share: no set of answers
    between two bounds varies more than answers that are all at the bounds, so it is rather too
    wide than too narrow. Where the answers themselves are known, ``mean_score_interval`` is the
    better one.

    Args:
        mean: Mean answer.
        sd: Standard deviation of the answers (divisor n − 1); any value where n is 1.
        n: How many answers.
        low: Lowest possible answer.
        high: Highest possible answer.
        level: Confidence level.

    Returns:
        Lower and upper ends, on the scale of the answers; missing where n is 0.

    Example:
        >>> ends = mean_interval(4.0, 1.0, 25, low=1, high=5)
        >>> [round(float(end), 3) for end in ends]
        [3.587, 4.413]
        >>> ends = mean_interval(5.0, 0.0, 30, low=1, high=5)
        >>> [round(float(end), 3) for end in ends]
        [4.546, 5.0]
    """
    centre, spread, total = np.broadcast_arrays(floats(mean), floats(sd), floats(n))
    return mean_at(centre, spread, total, quantile(level), low=low, high=high)


def mean_at(
    centre: Floats,
    spread: Floats,
    total: Floats,
    z: float | Floats,
    *,
    low: float,
    high: float,
    freedom: Floats | None = None,
) -> tuple[Floats, Floats]:
    """Return the t interval of a mean for normal quantiles, one for all or one for each."""
    from scipy.special import ndtr, stdtrit

    span = high - low
    freedom = total - 1 if freedom is None else freedom
    constant = is_constant(spread, freedom + 1, span)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.clip((centre - low) / span, 0, 1)
        bounded = wilson_at(share * total, total, z)
        t = -stdtrit(np.maximum(freedom, 1), ndtr(-np.asarray(z)))
        half = t * spread / np.sqrt(total)
    lower = np.where(constant, low + span * bounded[0], centre - half)
    upper = np.where(constant, low + span * bounded[1], centre + half)
    missing = total == 0
    lower[missing], upper[missing] = np.nan, np.nan
    return around(centre, lower, upper, low, high)


def is_constant(sd: Floats, n: NDArray[np.float64 | np.int64], span: float) -> NDArray[np.bool_]:
    """Tell where all answers are equal, but for rounding: there t has no width or does not exist.

    Args:
        sd: Standard deviation of the answers.
        n: How many answers.
        span: Highest minus lowest possible answer.
    """
    return (n < 2) | ~(sd > 1e-9 * span)
