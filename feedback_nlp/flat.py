"""Flat arrays: many short lists one after another in one array, told apart by where each begins."""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def stretches(first: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Return the places of some stretches of an array one after another, and where each begins.

    Args:
        first: Where each stretch of the array begins, and one past the end of the last.
        rows: Which of them.

    Example:
        >>> places, begins = stretches(np.array([0, 2, 5]), np.array([1, 0]))
        >>> places.tolist(), begins.tolist()
        ([2, 3, 4, 0, 1], [0, 3, 5])
    """
    return runs(first[rows], first[rows + 1] - first[rows])


def runs(begin: Ints, sizes: Ints) -> tuple[Ints, Ints]:
    """Return numbers that count up from each begin, one run after another, and where each begins.

    Args:
        begin: The first number of each run.
        sizes: How many numbers each has.

    Example:
        >>> [part.tolist() for part in runs(np.array([7, 3]), np.array([2, 1]))]
        [[7, 8, 3], [0, 2, 3]]
    """
    ends = begins(sizes)
    return np.arange(ends[-1]) + (begin - ends[:-1]).repeat(sizes), ends


def begins(sizes: Ints | Bools) -> Ints:
    """Return where lists of these sizes begin, one after another, and one past the end of all.

    Example:
        >>> begins(np.array([2, 0, 3])).tolist()
        [0, 2, 2, 5]
    """
    ends = np.zeros(len(sizes) + 1, dtype=np.int64)
    sizes.cumsum(out=ends[1:])
    return ends
