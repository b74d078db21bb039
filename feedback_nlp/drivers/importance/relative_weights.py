"""R² shared out over predictors that go together: LMG (Shapley) and Johnson's relative weights.

Both start from correlations and work on many correlation matrices at once, one for each resample.
Outcome first, predictors after it. A predictor that the others make up adds nothing to them, so
singular matrices need no special care: copies of one column get equal parts.
"""

from collections.abc import Mapping, Sequence
from math import comb

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import ColumnError, FeedbackError, shorten_list

Floats = NDArray[np.float64]
MOST_FOR_LMG = 12
NOTHING = 1e-9  # what is left of a variance of 1 when a column is made up of others
_OFF = 1e-6


def lmg(correlations: pd.DataFrame, *, groups: Mapping[str, str] | None = None) -> pd.Series:
    """Return how much each predictor adds to R², averaged over all orders of adding them.

    The measure of Lindeman, Merenda and Gold (1980); the same as the Shapley value of R² and as
    general dominance. Parts are never negative and add up to R².

    Args:
        correlations: Correlation matrix with the outcome first.
        groups: Name of the group of each predictor; columns of one group come and go together.

    Raises:
        ColumnError: It is not a correlation matrix.
        FeedbackError: There are more than 12 predictors or groups, so too many orders.

    Example:
        >>> names = ["rating", "staff", "food"]
        >>> given = pd.DataFrame([[1, 0.6, 0.5], [0.6, 1, 0.5], [0.5, 0.5, 1]], names, names)
        >>> lmg(given).round(3).to_dict()
        {'staff': 0.262, 'food': 0.152}
    """
    matrix, order, sizes = _arranged(correlations, groups)
    check_lmg(len(sizes))
    left = residual_variances(matrix[np.newaxis], sizes)
    return pd.Series(lmg_of_residuals(left)[0], index=order, name="importance")


def check_lmg(count: int) -> None:
    """Raise where there are too many predictors or groups for LMG.

    Raises:
        FeedbackError: There are more than 12.
    """
    if count > MOST_FOR_LMG:
        raise FeedbackError(
            f"LMG goes through all orders of the predictors: {count} are too many (at most "
            f"{MOST_FOR_LMG}). Take Johnson's weights (johnson), or put predictors together with "
            "groups."
        )


def johnson(correlations: pd.DataFrame, *, groups: Mapping[str, str] | None = None) -> pd.Series:
    """Return Johnson's relative weights (2000): parts of R² by way of uncorrelated predictors.

    The predictors are replaced by the uncorrelated ones nearest to them, whose parts of R² are
    plain squares, and these are given back by the squared correlations of the two. Parts are never
    negative and add up to R². The weight of a group is the sum of its columns'.

    Args:
        correlations: Correlation matrix with the outcome first.
        groups: Name of the group of each predictor.

    Raises:
        ColumnError: It is not a correlation matrix.

    Example:
        >>> names = ["rating", "staff", "food"]
        >>> given = pd.DataFrame([[1, 0.6, 0.5], [0.6, 1, 0.5], [0.5, 0.5, 1]], names, names)
        >>> johnson(given).round(3).to_dict()
        {'staff': 0.262, 'food': 0.152}
    """
    matrix, order, sizes = _arranged(correlations, groups)
    parts = sum_groups(johnson_weights(matrix[np.newaxis]), sizes)
    return pd.Series(parts[0], index=order, name="importance")


def residual_variances(matrices: Floats, sizes: Sequence[int]) -> Floats:
    """Return what each set of groups leaves of the outcome's variance.

    Args:
        matrices: Draws × columns × columns, correlations with the outcome first; a column without
            variance has zeros.
        sizes: Columns of each group, in order.

    Returns:
        Draws × sets: set s holds group i if bit i of s is set.
    """
    left = np.moveaxis(matrices, 0, -1)[:, :, np.newaxis, :]
    for size in sizes:
        kept = [0, *range(1 + size, len(left))]
        without = left[np.ix_(kept, kept)]
        for _ in range(size):
            left = _swept(left)
        left = np.concatenate([without, left], axis=2)
    return np.ascontiguousarray(np.clip(left[0, 0], 0.0, 1.0).T)


def _swept(left: Floats) -> Floats:
    """Return the covariances that are left when the first predictor is held fixed."""
    pivot = left[1, 1]
    scale = np.divide(1.0, pivot, out=np.zeros_like(pivot), where=pivot > NOTHING)
    column = np.concatenate([left[:1, 1], left[2:, 1]])
    kept = [0, *range(2, len(left))]
    shared = column[:, np.newaxis] * (column * scale)[np.newaxis]
    return np.asarray(left[np.ix_(kept, kept)] - shared)


def lmg_of_residuals(left: Floats) -> Floats:
    """Return LMG, draws × groups, from what each set leaves: draws × sets."""
    count = left.shape[1].bit_length() - 1
    sets = np.arange(left.shape[1])
    held = (sets[:, np.newaxis] >> np.arange(count)) & 1
    size = held.sum(axis=1)[:, np.newaxis]
    others = size - held
    share = np.array([1 / (count * comb(count - 1, s)) for s in range(count)])
    weights = np.where(held == 1, -1.0, 1.0) * share[others]
    return np.asarray(np.clip(left @ weights, 0.0, None))


def johnson_weights(matrices: Floats) -> Floats:
    """Return Johnson's weights, draws × predictors, of correlations with the outcome first."""
    values, vectors = np.linalg.eigh(matrices[:, 1:, 1:])
    kept = values > NOTHING
    roots = np.sqrt(np.where(kept, values, 0.0))
    inverse = np.divide(1.0, roots, out=np.zeros_like(roots), where=kept)
    turned = np.swapaxes(vectors, 1, 2)
    nearest = (vectors * roots[:, np.newaxis]) @ turned
    slopes = (vectors * inverse[:, np.newaxis]) @ (turned @ matrices[:, 1:, :1])
    return np.asarray(np.square(nearest) @ np.square(slopes))[:, :, 0]


def sum_groups(weights: Floats, sizes: Sequence[int]) -> Floats:
    """Return the sums of neighbouring columns, so many for each group."""
    if not len(sizes):
        return weights[:, :0]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return np.asarray(np.add.reduceat(weights, starts, axis=1))


def arrange_groups(
    columns: Sequence[str], groups: Mapping[str, str] | None
) -> tuple[list[int], list[str], list[int]]:
    """Return the places of the columns by group, the names of the groups, and their sizes.

    Raises:
        ColumnError: A column that is not there has a group.
    """
    named = dict(groups or {})
    for column in named:
        if column not in columns:
            raise ColumnError.missing(column, columns, option="groups")
    members: dict[str, list[int]] = {}
    for place, column in enumerate(columns):
        members.setdefault(named.get(column, column), []).append(place)
    places = [place for group in members.values() for place in group]
    return places, list(members), [len(group) for group in members.values()]


def _arranged(
    correlations: pd.DataFrame, groups: Mapping[str, str] | None
) -> tuple[Floats, list[str], list[int]]:
    """Check a correlation matrix, and return it by group with the names and sizes of these."""
    names = [str(name) for name in correlations.columns]
    matrix = correlations.to_numpy(np.float64)
    if matrix.shape[0] != matrix.shape[1] or len(names) < 2 or len(set(names)) < len(names):
        raise ColumnError(
            f"Correlations are a square table of the outcome and its predictors, each once, not "
            f"{matrix.shape[0]} rows of {shorten_list(names)}."
        )
    known = bool(np.isfinite(matrix).all())
    same = known and np.allclose(matrix, matrix.T, atol=_OFF)
    if not same or not np.allclose(np.diag(matrix), 1, atol=_OFF):
        raise ColumnError(
            "Correlations are known, the same on both sides of the diagonal and 1 on it; these are "
            "not. Leave out columns without variance, and take complete rows."
        )
    if np.linalg.eigvalsh(matrix).min() < -_OFF:
        raise ColumnError(
            "These correlations contradict each other: no answers can have them. Are they of "
            "different respondents for each pair? Take those who answered everything."
        )
    places, order, sizes = arrange_groups(names[1:], groups)
    rows = [0, *[place + 1 for place in places]]
    return matrix[np.ix_(rows, rows)], order, sizes
