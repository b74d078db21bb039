"""Impact and points of themes for many resamples at once: matrix products over patterns, not rows.

Respondents with the same contribution and the same negative themes are one pattern. A resample of
respondents is a multinomial draw of how often each pattern occurs, so a hundred thousand
respondents cost what their few thousand patterns cost.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.join import ThemeMatrix

Floats = NDArray[np.float64]
_CELLS = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figures:
    """Figures of themes, one row for each resample, one column for each theme.

    Attributes:
        score: Score of all, one for each resample.
        score_with: Score of those who mention the theme negatively.
        score_without: Score of those who do not; missing where everybody does.
        impact: ``score`` − ``score_without``.
        points_lost: Shortfall from the maximum, each respondent's shared over the themes he or she
            blames.
    """

    score: Floats
    score_with: Floats
    score_without: Floats
    impact: Floats
    points_lost: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Patterns:
    """Respondents with the same contribution and the same negative themes, counted.

    Attributes:
        x: Contribution of each pattern.
        negative: Patterns × themes, 1 where the theme is mentioned negatively.
        lost: Patterns × themes, the share of the pattern's shortfall that falls to the theme.
        counts: Respondents of each pattern.
    """

    x: Floats
    negative: Floats
    lost: Floats
    counts: Floats

    @classmethod
    def of(cls, matrix: ThemeMatrix) -> Self:
        """Count the patterns of a theme matrix."""
        rows = pd.DataFrame(np.column_stack([matrix.people["x"], matrix.negative]))
        counted = rows.groupby(list(rows)).size().reset_index(name="n").to_numpy(np.float64)
        x, counts = counted[:, 0].copy(), counted[:, -1].copy()
        negative = counted[:, 1:-1].copy()
        blamed = np.maximum(negative.sum(axis=1), 1)
        shortfall = matrix.definition.maximum - x
        return cls(
            x=x,
            negative=negative,
            lost=negative * (shortfall / blamed)[:, np.newaxis],
            counts=counts,
        )

    def figures(self, weights: Floats) -> Figures:
        """Return the figures where each pattern occurs as often as a row of the weights says."""
        n = weights.sum(axis=1, keepdims=True)
        total = (weights @ self.x)[:, np.newaxis]
        n_with = weights @ self.negative
        sum_with = weights @ (self.negative * self.x[:, np.newaxis])
        n_without = n - n_with
        with np.errstate(invalid="ignore", divide="ignore"):
            score_with = np.where(n_with > 0, sum_with / n_with, np.nan)
            score_without = np.where(n_without > 0, (total - sum_with) / n_without, np.nan)
        score = total / n
        return Figures(
            score=score[:, 0],
            score_with=score_with,
            score_without=score_without,
            impact=score - score_without,
            points_lost=weights @ self.lost / n,
        )


def intervals(
    patterns: Patterns, *, n_boot: int, seed: int, confidence: float
) -> tuple[Floats, Floats]:
    """Return percentile bootstrap intervals, by respondent, of the impact and the points lost.

    Args:
        patterns: The respondents.
        n_boot: How many resamples; with 0 all ends are missing.
        seed: Of the resamples.
        confidence: Level of the intervals.

    Returns:
        Twice two rows, lower and upper ends, one column for each theme. They are missing where the
        resamples do not differ (everybody alike), since that is no evidence of certainty.
    """
    shape = (2, patterns.negative.shape[1])
    if n_boot == 0 or not patterns.negative.size:
        return np.full(shape, np.nan), np.full(shape, np.nan)
    rng = np.random.default_rng(seed)
    n = int(patterns.counts.sum())
    impacts, points = [], []
    step = max(1, _CELLS // patterns.counts.size)
    for start in range(0, n_boot, step):
        size = min(step, n_boot - start)
        drawn = rng.multinomial(n, patterns.counts / n, size=size).astype(np.float64)
        figures = patterns.figures(drawn)
        impacts.append(figures.impact)
        points.append(figures.points_lost)
    tail = (1 - confidence) / 2
    return _ends(np.concatenate(impacts), tail), _ends(np.concatenate(points), tail)


def _ends(draws: Floats, tail: float) -> Floats:
    """Return the quantiles of each column; draws in which a figure does not exist are left out."""
    known = ~np.isnan(draws)
    ends = np.full((2, draws.shape[1]), np.nan)
    for column in range(draws.shape[1]):
        values = draws[known[:, column], column]
        if values.size and np.ptp(values) > 1e-9:
            ends[:, column] = np.quantile(values, [tail, 1 - tail])
    return ends
