"""The score with and without those who blame a theme, and the impact of leaving them out.

The impact is score(all) − score(without). The interval starts from score intervals of two means
that vary apart from one another: of the score where everybody who does not blame the theme stands
at their mean, and of that mean; they are put together as for any difference of two figures (Zou
and Donner 2008, ``scores.differences.hybrid``).
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.impact.columns import WITHOUT
from feedback_nlp.drivers.join import ThemeMatrix
from feedback_nlp.scores.differences import hybrid
from feedback_nlp.scores.intervals import quantile
from feedback_nlp.scores.score_interval import Histogram, score_ends

Floats = NDArray[np.float64]
FIGURES = (
    "score_with", "score_with_low", "score_with_high", "score_without", "score_without_low",
    "score_without_high", "impact_leave_out", "impact_low", "impact_high",
)  # fmt: skip
_CELLS = 500_000


def leave_out_table(matrix: ThemeMatrix, *, confidence: float, min_n: int) -> pd.DataFrame:
    """Return scores with and without each theme, the impact and its interval.

    Args:
        matrix: The respondents.
        confidence: Level of the intervals.
        min_n: Where fewer respondents do not blame a theme, the score without it is left out.

    Returns:
        ``score_with``, ``score_without`` and ``impact_leave_out``, each with its interval, one row
        a theme in the order of the matrix; no intervals where all gave the same rating.
    """
    x, often = matrix.people["x"].to_numpy(), matrix.often
    total = (x * often).sum()
    row, column = np.nonzero(matrix.negative.to_numpy(dtype=bool))
    n_columns = len(matrix.themes)
    blame = np.bincount(column, often[row], minlength=n_columns)
    sums = np.bincount(column, x[row] * often[row], minlength=n_columns)
    spare = matrix.n - blame
    with np.errstate(invalid="ignore", divide="ignore"):
        score_with = sums / blame
        score_without = np.where(spare > 0, (total - sums) / spare, np.nan)
    figures = {name: np.full(n_columns, np.nan) for name in FIGURES}
    figures |= {"score_with": score_with, "score_without": score_without}
    figures["impact_leave_out"] = total / matrix.n - score_without
    told = np.flatnonzero((blame > 0) & (spare > 0)) if np.ptp(x) > 0 else np.array([], dtype=int)
    levels, answer = np.unique(x, return_inverse=True)
    everyone = np.bincount(answer, often, minlength=levels.size).astype(np.float64)
    for themes in np.array_split(told, told.size * levels.size // _CELLS + 1):
        place = np.full(n_columns, -1)
        place[themes] = np.arange(themes.size)
        own = place[column] >= 0
        cells = place[column[own]] * levels.size + answer[row[own]]
        counts = np.bincount(cells, often[row[own]], minlength=themes.size * levels.size)
        blaming = counts.reshape(themes.size, levels.size).astype(np.float64)
        ends = _ends(blaming, everyone - blaming, levels, score_without[themes], matrix, confidence)
        for name, values in ends.items():
            figures[name][themes] = values
    table = pd.DataFrame(figures)
    table.loc[spare < min_n, list(WITHOUT)] = np.nan
    return table


def _ends(
    blaming: Floats,
    sparing: Floats,
    levels: Floats,
    without: Floats,
    matrix: ThemeMatrix,
    confidence: float,
) -> dict[str, Floats]:
    """Return the intervals of both scores and of the impact from counts of themes × levels."""
    z, end = quantile(confidence), matrix.definition
    ends = {"low": end.minimum, "high": end.maximum}
    low_with, high_with = score_ends(Histogram.of_columns(levels, blaming), z, **ends)
    low, high = score_ends(Histogram.of_columns(levels, sparing), z, **ends)
    n_sparing = sparing.sum(axis=1)
    share = 1 - n_sparing / (n_sparing + blaming.sum(axis=1))
    theme, level = np.nonzero(blaming)
    fixed = Histogram(
        group=np.concatenate([theme, np.arange(len(without))]),
        answer=np.concatenate([levels[level], without]),
        count=np.concatenate([blaming[theme, level], n_sparing]),
        n_groups=len(without),
    )
    score = (blaming @ levels + n_sparing * without) / (n_sparing + blaming.sum(axis=1))
    around = (without + share * (low - without), without + share * (high - without))
    impact_low, impact_high = hybrid(score, score_ends(fixed, z, **ends), without, around)
    return {
        "score_with_low": low_with, "score_with_high": high_with, "score_without_low": low,
        "score_without_high": high, "impact_low": impact_low, "impact_high": impact_high,
    }  # fmt: skip
