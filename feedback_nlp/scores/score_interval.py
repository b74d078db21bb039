"""The score interval of a mean of answers on a bounded scale, for many groups at once.

Each end is the value of the true mean at which the score statistic (observed − true) ÷ standard
error is ±z, with the standard error *under that value*: of all ways in which the answers could be
spread with that mean, the one that makes those observed most likely. The two ends of the scale
count as possible answers even where nobody gave them, so that the interval never has zero width.
For answers of 0 and 1 it is Wilson's interval (1927), for −1, 0 and 1 the score interval of the
NPS (Tango 1998; Rocks 2016). The spread is that of the empirical likelihood (Owen 1988) with the
ends of the scale added to what was observed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_nlp.scores.quantiles import Floats, around, floats, quantile

_STEPS = 100  # 2 are needed where answers are counted, a dozen with weights from 1e-6 to 1e6
_NEAR_0 = 0.2  # of the mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """How often each answer was given in each group: one entry a group and answer.

    Attributes:
        group: Number of the group.
        answer: The answer, as it contributes to the score.
        count: How many answered so, above 0; any weighted number.
        n_groups: How many groups there are.
    """

    group: NDArray[np.intp]
    answer: Floats
    count: Floats
    n_groups: int

    @classmethod
    def of_columns(cls, answers: ArrayLike, columns: Floats) -> Self:
        """Take a table of counts, one row a group and one column an answer."""
        group, column = np.nonzero(columns > 0)
        return cls(
            group=group,
            answer=floats(answers)[column],
            count=columns[group, column],
            n_groups=len(columns),
        )

    def sum_of(self, values: Floats) -> Floats:
        """Return the sum of a value for each entry, by group."""
        return np.bincount(self.group, values, minlength=self.n_groups).astype(np.float64)


def mean_score_interval(
    answers: Iterable[float], *, low: float, high: float, level: float = 0.95
) -> tuple[float, float]:
    """Return the score interval of the mean of answers between ``low`` and ``high``.

    Args:
        answers: Numbers from ``low`` to ``high``, none missing, at least one.
        low: Lowest possible answer.
        high: Highest possible answer.
        level: Confidence level.

    Example:
        >>> [round(end, 3) for end in mean_score_interval([5] * 29 + [1], low=1, high=5)]
        [4.333, 4.976]
        >>> [round(end, 3) for end in mean_score_interval([5] * 30, low=1, high=5)]
        [4.546, 5.0]
    """
    values, counts = np.unique(np.array(list(answers), dtype=np.float64), return_counts=True)
    found = Histogram.of_columns(values, floats(counts[None, :]))
    lower, upper = score_ends(found, quantile(level), low=low, high=high)
    return float(lower[0]), float(upper[0])


def score_ends(
    found: Histogram, z: float | Floats, *, low: float, high: float
) -> tuple[Floats, Floats]:
    """Return the ends of the score interval of each group; missing where a group has no answers.

    Args:
        found: The answers.
        z: Normal quantile of the level, one for all groups or one for each.
        low: Lowest possible answer.
        high: Highest possible answer.
    """
    n = found.sum_of(found.count)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.clip(found.sum_of(found.count * found.answer) / n, low, high)
    # Lower ends, and as many upper ends of the scale turned round.
    both = Histogram(
        group=np.concatenate([found.group, found.group + found.n_groups]),
        answer=np.concatenate([found.answer - low, high - found.answer]),
        count=np.tile(found.count, 2),
        n_groups=2 * found.n_groups,
    )
    squares = np.tile(np.broadcast_to(np.square(z), n.shape), 2)
    ends = _lower_ends(both, np.concatenate([mean - low, high - mean]), squares, high - low)
    lower, upper = low + ends[: n.size], high - ends[n.size :]
    return around(mean, lower, upper, low, high)


def _lower_ends(found: Histogram, mean: Floats, z2: Floats, span: float) -> Floats:
    """Return the lower ends for answers on a scale that starts at 0.

    The most likely spread of answers with a lower mean is found along a path: low answers are
    given more and more weight, count ÷ (1 − tilt + tilt · answer ÷ mean), and from tilt 1 on
    answers of 0 that nobody gave are added. There the variance is true mean · (mean − true mean),
    so that the end is mean · n ÷ (n + z²).
    """
    n = found.sum_of(found.count)
    relative = found.answer / np.where(mean > 0, mean, 1.0)[found.group]
    with np.errstate(invalid="ignore", divide="ignore"):
        turn = mean * n / found.sum_of(found.count / np.maximum(relative, 1e-200))
        beyond = mean * n / (n + z2)
        # Equal answers have no spread on the way to the turn: there only rounding is below.
        tilted = (turn < beyond) & (mean - turn > 1e-12 * span) & (z2 > 0)
        ends = np.where(turn > beyond, beyond, mean)
        if tilted.any():
            ends = np.where(tilted, _tilted_ends(found, mean, z2, relative, tilted), ends)
    return np.where(mean > 0, ends, np.where(np.isnan(mean), np.nan, 0.0))


def _tilted_ends(
    found: Histogram, mean: Floats, z2: Floats, relative: Floats, asked: NDArray[np.bool_]
) -> Floats:
    """Return the lower ends that a tilt between 0 and 1 leads to, by Newton's method.

    The logarithm of the score statistic is nearly a straight line over that of the tilt, or of its
    odds where there are answers near 0. It begins at the end that answers would have of which all
    are 0 or one number, with that mean and variance, and is kept between the places found too low
    and too high.
    """
    n = found.sum_of(found.count)
    spread = found.sum_of(found.count * (relative - 1) ** 2) / n
    lowest = np.full(mean.shape, np.inf)
    np.minimum.at(lowest, found.group, relative)
    odds, half = lowest < _NEAR_0, z2 * (1 + spread) / 2
    start = (half + np.sqrt(z2 * n * spread + half**2)) / (n * spread)
    place = np.where(asked, np.log(np.where(odds, start, start / (1 + start))), -1.0)
    low, high = np.full(mean.shape, -80.0), np.where(odds, 80.0, 0.0)
    for _ in range(_STEPS):
        ends, off, slope, rise = _statistic(found, mean, z2, relative, place, odds)
        step = -off / rise
        far = asked & ((np.abs(slope * step) > 1e-14 * mean) | (np.abs(off) > 0.01))
        if not far.any():
            break
        low, high = np.where(off <= 0, place, low), np.where(off > 0, place, high)
        held = (place + step > low) & (place + step < high)
        place = np.where(far, np.where(held, place + step, (low + high) / 2), place)
    return ends


def _statistic(
    found: Histogram,
    mean: Floats,
    z2: Floats,
    relative: Floats,
    place: Floats,
    odds: NDArray[np.bool_],
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the mean at a tilt, the logarithm of score statistic ÷ z there, and their slopes."""
    n, group = found.sum_of(found.count), found.group
    tilt, rest = np.exp(place), np.where(odds, 1.0, -np.expm1(place))
    tilts = tilt[group] * relative
    divisor = rest[group] + tilts
    weights = found.count / divisor
    change = weights * (np.where(odds, 0.0, tilt)[group] - tilts) / divisor
    total = found.sum_of(weights)
    ends = found.sum_of(weights * found.answer) / total
    squares = (found.answer - ends[group]) ** 2
    variance = found.sum_of(weights * squares) / total
    slope = found.sum_of(change * (found.answer - ends[group])) / total
    bend = found.sum_of(change * (squares - variance[group])) / total
    off = np.log(n * (mean - ends) ** 2 / (z2 * variance)) / 2
    return ends, off, slope, -slope / (mean - ends) - bend / (2 * variance)
