"""Which rows decide: all of them, or in a long export some that anybody would draw again."""

import numpy as np
from numpy.typing import NDArray

ENOUGH = 100_000  # rows from which columns, scales and the order of dates are decided


def priorities(start: int, count: int, most: int) -> NDArray[np.uint64]:
    """Return how soon each row is drawn, the lowest first: the first half of ``most`` at once.

    The others come in the order of a hash of their number (the finaliser of SplitMix64, Steele,
    Lea and Flood, OOPSLA 2014), which says nothing of what is in them and does not depend on how
    the export is cut.

    Args:
        start: Number of the first row, from 0.
        count: How many rows.
        most: How many are drawn in all.
    """
    rows = np.arange(start, start + count, dtype=np.uint64)
    mixed = mix(rows + np.uint64(0x9E3779B97F4A7C15))
    mixed[rows < most // 2] = 0
    return mixed


def mix(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return numbers of 64 bits as others that look drawn at random, each its own."""
    mixed = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def drawn(priority: NDArray[np.uint64], most: int) -> NDArray[np.intp]:
    """Return the places of the ``most`` lowest priorities, in order; all if there are no more."""
    if len(priority) <= most:
        return np.arange(len(priority))
    return np.sort(np.argsort(priority, kind="stable")[:most])
