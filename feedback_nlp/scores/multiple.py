"""What becomes of p-values when many questions are asked at once."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def benjamini_hochberg(p_values: ArrayLike) -> NDArray[np.float64]:
    """Return the Benjamini–Hochberg adjusted p-values (q), in the order given.

    Calling everything with q ≤ 0.05 a finding makes at most one in twenty of these findings false,
    on average (Benjamini and Hochberg 1995). Missing p-values stay missing and are not counted
    among the tests.

    Args:
        p_values: One for each test, 0–1, or missing.

    Returns:
        One q for each test, never below its p.

    Example:
        >>> benjamini_hochberg([0.01, 0.04, 0.03, 0.005])
        array([0.02, 0.04, 0.04, 0.02])
    """
    given = np.asarray(p_values, dtype=np.float64)
    adjusted = np.full(given.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(given))
    if tested.size == 0:
        return adjusted
    order = tested[np.argsort(given[tested], kind="stable")]
    ranks = np.arange(1, order.size + 1)
    stepped = given[order] * order.size / ranks
    adjusted[order] = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0)
    return adjusted
