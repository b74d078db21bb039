"""What one theme costs in many groups at once: tallies, differences, and a test by permutation.

What ``pockets_table`` is made of.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.scores.differences import hybrid
from feedback_nlp.scores.score_interval import Histogram, score_ends
from feedback_nlp.scores.traps.segments import Column, Groups

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
_MOST_VALUES = 60
_SYMMETRIC = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """What respondents lose by one theme, as one of a few values.

    Attributes:
        codes: Number of the value of each respondent; 0 for who does not blame the theme.
        values: Points lost; the first is that of who does not blame it, 0.
    """

    codes: Codes
    values: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """How many respondents of each group lose how much by one theme.

    Attributes:
        values: Points lost; the first is that of who does not blame the theme.
        counts: Respondents, one row for each group and one column for each value.
    """

    values: Floats
    counts: Floats

    @property
    def n(self) -> Floats:
        """Respondents of each group."""
        return np.asarray(self.counts.sum(axis=1), dtype=np.float64)

    @property
    def blame(self) -> Floats:
        """Respondents of each group who blame the theme."""
        return np.asarray(self.counts[:, 1:].sum(axis=1), dtype=np.float64)

    @property
    def points(self) -> Floats:
        """Points lost by the theme per respondent of each group; missing where there is nobody."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self.counts @ self.values / self.n, dtype=np.float64)

    def take(self, rows: NDArray[np.integer]) -> "Tally":
        """Return some groups, in the order asked for."""
        return Tally(self.values, self.counts[rows])

    def without(self, part: "Tally") -> "Tally":
        """Return those of each group who are not in the group of ``part``."""
        return Tally(self.values, self.counts - part.counts)


def losses_of(shortfall: Floats, blames: NDArray[np.bool_], among: NDArray[np.intp]) -> Losses:
    """Return what each respondent loses by one theme.

    Args:
        shortfall: Of each respondent, maximum − contribution.
        blames: Whether each blames the theme.
        among: How many themes each blames; the shortfall is shared by them.

    Returns:
        Their losses; where there are more than sixty different ones, to a sixtieth of the largest.
    """
    lost = shortfall[blames] / among[blames]
    if np.unique(lost).size > _MOST_VALUES:
        step = lost.max() / _MOST_VALUES
        lost = np.round(lost / step) * step
    values, place = np.unique(lost, return_inverse=True)
    codes = np.zeros(blames.size, dtype=np.int64)
    codes[blames] = place + 1
    return Losses(codes, np.concatenate([[0.0], values]))


def tallies_of(losses: Sequence[Losses], groups: Groups, columns: Sequence[Column]) -> list[Tally]:
    """Return one tally for each theme, over the groups."""
    counts = [np.zeros((groups.summary.n.size, one.values.size)) for one in losses]
    for which in np.unique(groups.columns, axis=0):
        rows = np.flatnonzero((groups.columns == which).all(axis=1))
        used = [int(i) for i in which if i >= 0]
        sizes = [len(columns[i].names) for i in used]
        own = np.ravel_multi_index(tuple(columns[i].codes for i in used), sizes)
        labels = tuple(groups.labels[rows, place] for place in range(len(used)))
        place = np.full(int(np.prod(sizes)), rows.size)
        place[np.ravel_multi_index(labels, sizes)] = np.arange(rows.size)
        at = place[own]
        for one, table in zip(losses, counts, strict=True):
            size = one.values.size
            found = np.bincount(at * size + one.codes, minlength=(rows.size + 1) * size)
            table[rows] = found.reshape(-1, size)[: rows.size]
    return [Tally(one.values, table) for one, table in zip(losses, counts, strict=True)]


def tally_of_all(losses: Losses) -> Tally:
    """Return the tally of all respondents as one group."""
    counts = np.bincount(losses.codes, minlength=losses.values.size).astype(np.float64)
    return Tally(losses.values, counts[np.newaxis])


def difference_ends(inside: Tally, rest: Tally, *, z: float, span: float) -> tuple[Floats, Floats]:
    """Return the interval of the points inside minus those of the rest, group by group.

    The hybrid of the two score intervals of the means, as for the difference of two scores.

    Args:
        inside: The groups.
        rest: Those each is compared with.
        z: Normal quantile of the level.
        span: The most that one respondent can lose.
    """
    sides = []
    for side in (inside, rest):
        found = Histogram.of_columns(side.values, side.counts)
        sides.append((side.points, score_ends(found, z, low=0.0, high=span)))
    (first, own), (second, other) = sides
    return hybrid(first, own, second, other)


def permutation_p(inside: Tally, rest: Tally) -> Floats:
    """Return how rarely chance makes a group lose so much more than its rest.

    Chance deals the losses of all anew. The sum of n of N losses dealt so has the mean n·μ, the
    variance n(N−n)/(N−1)·m₂ and the third moment n(N−n)(N−2n)/((N−1)(N−2))·m₃, exactly; its tail is
    taken from the Pearson type III (gamma) distribution with these three moments.

    Args:
        inside: The groups.
        rest: Those each is compared with.

    Returns:
        One-sided p-values, 1 where all lose the same. Where only a few values occur they are
        mid-p: half the probability of the very loss that was found counts.
    """
    whole, values = inside.counts + rest.counts, inside.values
    n, total = inside.n, inside.n + rest.n
    mean = whole @ values / total
    away = values - mean[:, np.newaxis]
    second, third = ((whole * away**power).sum(axis=1) / total for power in (2, 3))
    left = total - n
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(n * left / (total - 1) * second)
        z = (inside.counts @ values - n * mean) / spread
        skew = n * left * (total - 2 * n) / ((total - 1) * (total - 2)) * third / spread**3
    some = (second > 1e-12 * values.max() ** 2) & np.isfinite(z) & np.isfinite(skew)
    p_value = np.ones(n.shape)
    p_value[some] = _upper_tail(z[some], skew[some])
    return p_value


def _upper_tail(z: Floats, skew: Floats) -> Floats:
    """Return how often a Pearson type III variable of this skewness is above z."""
    from scipy.special import gammainc, gammaincc, ndtr

    tilted = np.abs(skew) > _SYMMETRIC
    shape = 4 / np.where(tilted, skew, 1.0) ** 2
    place = np.maximum(shape + np.sign(skew) * z * np.sqrt(shape), 0.0)
    tail = np.where(skew > 0, gammaincc(shape, place), gammainc(shape, place))
    return np.asarray(np.where(tilted, tail, ndtr(-z)), dtype=np.float64)
