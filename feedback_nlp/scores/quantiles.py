"""What all intervals share: the quantile of a level, and staying on the scale."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_nlp.errors import FeedbackError

Floats = NDArray[np.float64]


def quantile(level: float) -> float:
    """Return the two-sided normal quantile of a confidence level.

    Raises:
        FeedbackError: The level is not between 0 and 1.

    Example:
        >>> round(quantile(0.95), 4)
        1.96
    """
    from scipy.special import ndtri

    if not 0 < level < 1:
        raise FeedbackError(
            f"The confidence level {level} is not between 0 and 1; write 0.95 for 95 %."
        )
    return float(ndtri(0.5 + level / 2))


def floats(values: ArrayLike) -> Floats:
    """Return numbers as an array of floats."""
    return np.asarray(values, dtype=np.float64)


def around(
    value: Floats, lower: Floats, upper: Floats, low: float, high: float
) -> tuple[Floats, Floats]:
    """Clip an interval to the scale, and undo what rounding does to low ≤ value ≤ high."""
    return (
        np.minimum(np.clip(lower, low, high), value),
        np.maximum(np.clip(upper, low, high), value),
    )
