"""The data of importance: correlations and parts of R² of many resamples of respondents at once.

Respondents with the same answers are one row with a count, and a resample is a multinomial draw of
these counts, so that many respondents cost what their different rows cost. Who mentions what is
mostly nobody, so products of columns are kept without their zeros where there are many.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from feedback_nlp.drivers.importance.relative_weights import (
    NOTHING,
    Floats,
    johnson_weights,
    lmg_of_residuals,
    residual_variances,
    sum_groups,
)

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_CELLS = 4_000_000
_DENSE = 0.1  # share of products that are not zero from which on a full table is faster


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """Different rows with how often each occurs, the outcome first.

    Attributes:
        products: Rows × pairs of columns (upper triangle), in distances from the median in standard
            deviations, the columns of a predictor group beside one another; then the columns
            themselves. No mean is more than 1 away from the median, so nothing is lost in sums.
        counts: Respondents of each row.
        sizes: Columns of each group.
        method: ``lmg`` or ``johnson``.
    """

    products: "Floats | csr_array"
    counts: Floats
    sizes: Sequence[int]
    method: str

    @classmethod
    def of(cls, outcome: Floats, predictors: Floats, sizes: Sequence[int], method: str) -> Self:
        """Count the different rows and multiply their columns, none of which is constant."""
        whole = np.column_stack([outcome, predictors])
        whole = (whole - np.median(whole, axis=0)) / whole.std(axis=0)
        rows, counts = np.unique(whole, axis=0, return_counts=True)
        return cls(
            products=_products(rows), counts=counts.astype(np.float64), sizes=sizes, method=method
        )

    @property
    def n(self) -> int:
        """How many respondents there are."""
        return int(self.counts.sum())

    def correlations(self, weights: Floats) -> Floats:
        """Return correlation matrices, one for each row of weights; without variance all zero."""
        width = 1 + sum(self.sizes)
        first, second = np.triu_indices(width)
        sums = np.asarray(weights @ self.products) / weights.sum(axis=1, keepdims=True)
        means = sums[:, -width:]
        out = np.empty((len(weights), width, width))
        out[:, first, second] = out[:, second, first] = sums[:, :-width]
        out -= means[:, :, np.newaxis] * means[:, np.newaxis, :]
        spread = np.sqrt(np.clip(np.einsum("bii->bi", out), 0.0, None))
        scale = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > NOTHING)
        return np.asarray(out * scale[:, :, np.newaxis] * scale[:, np.newaxis, :])

    def weights(self, matrices: Floats, *, extra: int = 0) -> tuple[Floats, Floats]:
        """Return the importance without the last ``extra`` columns, and with these as one more."""
        if self.method == "johnson":
            own = matrices[:, : matrices.shape[1] - extra, : matrices.shape[1] - extra]
            alone = sum_groups(johnson_weights(own), self.sizes)
            more = [*self.sizes, extra] if extra else self.sizes
            return alone, sum_groups(johnson_weights(matrices), more) if extra else alone
        left = residual_variances(matrices, [*self.sizes, extra] if extra else self.sizes)
        alone = lmg_of_residuals(left[:, : 2 ** len(self.sizes)])
        return alone, lmg_of_residuals(left) if extra else alone


def _products(rows: Floats) -> "Floats | csr_array":
    """Return the products of all pairs of columns, then the columns."""
    from scipy.sparse import csr_array, hstack

    width, filled = rows.shape[1], (rows != 0).sum(axis=1).astype(np.float64)
    if (filled * (filled + 1)).mean() > _DENSE * width * (width + 1):
        first, second = np.triu_indices(width)
        return np.column_stack([rows[:, first] * rows[:, second], rows])
    sparse = csr_array(rows)
    pairs = [csr_array(sparse[:, i:].multiply(rows[:, [i]])) for i in range(width)]
    return csr_array(hstack([*pairs, sparse]))


def resampled(data: Answers, n_boot: int, seed: int) -> tuple[Floats, Floats]:
    """Return the importance in resamples: alone, and with a random predictor as the last one."""
    people, noise = np.random.default_rng(seed).spawn(2)
    extra = max(data.sizes)
    cells = max(data.counts.size, _most_cells([*data.sizes, extra], data.method))
    step = max(1, _CELLS // cells)
    alone: list[Floats] = []
    beside: list[Floats] = []
    for start in range(0, n_boot, step):
        size = min(step, n_boot - start)
        drawn = people.multinomial(data.n, data.counts / data.n, size=size).astype(np.float64)
        matrices = with_random(data.correlations(drawn), data.n, extra, noise)
        found = data.weights(matrices, extra=extra)
        alone.append(found[0])
        beside.append(found[1])
    return np.concatenate(alone), np.concatenate(beside)


def _most_cells(sizes: Sequence[int], method: str) -> int:
    """Return how many numbers one resample needs at a time."""
    total = sum(sizes)
    if method == "johnson":
        return (total + 1) ** 2
    left = total + 1 - np.cumsum([0, *sizes])
    return int((2 ** np.arange(len(sizes) + 1) * left**2).max())


def with_random(matrices: Floats, n: int, extra: int, noise: np.random.Generator) -> Floats:
    """Return correlation matrices with random normal columns added.

    No column of n numbers is drawn: if the others are held fixed, the correlations of a normal
    column that has nothing to do with them are distributed as R^½ g ÷ √(g'g + c), with g standard
    normal and c chi-squared of as many degrees of freedom as there are respondents left.
    """
    draws, width, _ = matrices.shape
    values, vectors = np.linalg.eigh(matrices)
    roots = (vectors * np.sqrt(np.clip(values, 0.0, None))[:, np.newaxis]) @ np.swapaxes(
        vectors, 1, 2
    )
    g = noise.standard_normal((draws, width, extra))
    rest = noise.chisquare(max(n - 1 - width, 1), size=(draws, extra))
    length = np.sqrt(np.square(g).sum(axis=1) + rest)
    out = np.empty((draws, width + extra, width + extra))
    out[:, :width, :width] = matrices
    out[:, :width, width:] = roots @ g / length[:, np.newaxis]
    out[:, width:, :width] = np.swapaxes(out[:, :width, width:], 1, 2)
    among = np.swapaxes(g, 1, 2) @ g / (length[:, :, np.newaxis] * length[:, np.newaxis, :])
    out[:, width:, width:] = among
    diagonal = np.arange(width, width + extra)
    out[:, diagonal, diagonal] = 1.0
    return out
