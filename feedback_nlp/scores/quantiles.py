"""What all intervals and tests share: quantiles, roots, and staying on the scale."""

from collections.abc import Callable
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_nlp.errors import FeedbackError

Floats = NDArray[np.float64]


def quantile(level: float) -> float:
    """Return the two-sided normal quantile of a confidence level.

    Raises:
        FeedbackError: The level is no number between 0 and 1.

    Example:
        >>> round(quantile(0.95), 4)
        1.96
    """
    from scipy.special import ndtri

    if not isinstance(level, Real):
        raise FeedbackError(
            f"The confidence level {level!r} is no number; write 0.95 for 95 %, without quotes."
        )
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


def two_sided(z: Floats) -> Floats:
    """Return the two-sided p-value of a normal quantile."""
    from scipy.special import ndtr

    return np.asarray(2 * ndtr(-np.abs(z)), dtype=np.float64)


def root_of(function: Callable[[Floats], Floats], start: Floats, largest: float) -> Floats:
    """Return where an increasing function of positive numbers reaches 1, or ``largest`` before it.

    Secants of the logarithms, kept between the last places below and above, for all entries at
    once. Entries where the function is missing get any number.

    Example:
        >>> root_of(lambda x: x**2 / 4, np.array([1.0, 30.0]), 37.0).round(6)
        array([2., 2.])
    """
    below, above = np.full(start.shape, -20.0), np.full(start.shape, np.log(largest))
    old, place = np.log(start), np.log(start)
    at_old = at = np.zeros(start.shape)
    for step in range(100):
        with np.errstate(invalid="ignore", divide="ignore"):
            at = np.log(function(np.exp(place)))
            slope = (at - at_old) / (place - old) if step else 1.0
            place_next = place - at / slope
        below, above = np.where(at <= 0, place, below), np.where(at > 0, place, above)
        off = ~((place_next >= below) & (place_next <= above))
        place_next = np.where(off, (below + above) / 2, place_next)
        done = ~(np.abs(at) > 1e-11) | (above - below < 1e-13)
        old, at_old = np.where(done, old, place), np.where(done, at_old, at)
        place = np.where(done, place, place_next)
        if done.all():
            break
    return np.exp(place)
