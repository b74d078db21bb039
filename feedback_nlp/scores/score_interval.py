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

_STEPS = 55


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

    The most likely spread of answers with a lower mean is found along a path: up to place 1 low
    answers are given more and more weight, count ÷ (1 − place + place · answer ÷ mean), beyond it
    answers of 0 that nobody gave are added.
    """
    n = found.sum_of(found.count)
    relative = found.answer / np.where(mean > 0, mean, 1.0)[found.group]
    rejected_from, held_to = np.full(mean.shape, 2.0), np.zeros(mean.shape)
    ends = np.zeros(mean.shape)
    for step in range(_STEPS + 1):
        place = (rejected_from + held_to) / 2 if step < _STEPS else rejected_from
        tilt = np.minimum(place, 1.0)[found.group]
        weights = found.count / np.maximum(1 - tilt + tilt * relative, 1e-200)
        total, first = found.sum_of(weights), weights * found.answer
        with np.errstate(invalid="ignore", divide="ignore"):
            kept = (1 - np.maximum(place - 1, 0.0)) / total
            ends = kept * found.sum_of(first)
            variance = np.maximum(kept * found.sum_of(first * found.answer) - ends**2, 0.0)
            below = mean - ends
            # Equal answers have no spread on the first stretch: there only rounding is below.
            rejected = (n * below**2 > z2 * variance) & (below > 1e-12 * span)
        rejected_from = np.where(rejected, place, rejected_from)
        held_to = np.where(rejected, held_to, place)
    return np.where(mean > 0, ends, np.where(np.isnan(mean), np.nan, 0.0))
