"""How much a term comes and goes anyway: its variance from stretch to stretch against chance.

An outage of one day puts a word into many comments of that day, and these are not independent. A
test that takes them as such calls half of all such words a rise. So the days of each window are cut
into stretches, and what the share of a term varies between those of one window, more than chance
would have it, is taken off the evidence (quasi-likelihood; McCullagh and Nelder 1989).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.words.codes import N_LANGUAGES, Codes, TermCodes
from feedback_nlp.words.odds import Floats
from feedback_nlp.words.tables import Mask

_STRETCHES = 60  # of both windows together
_LEAST = 10  # comments of a stretch, about
_BORROWED = 6.0  # stretches' worth of evidence that a term takes over from all terms together


class Spread(NamedTuple):
    """How much terms come and go.

    Attributes:
        factor: Variance between stretches of a window ÷ that of chance, of each term, 1 or more.
        freedom: Degrees of freedom that it rests on, of each term.
    """

    factor: Floats
    freedom: Floats


def stretches_of(days: NDArray[np.datetime64], size: float) -> Codes:
    """Return the number of the stretch of each comment: whole days, of about ``size`` comments.

    Example:
        >>> days = np.array(["2025-01-01"] * 3 + ["2025-01-02", "2025-01-04"], "datetime64[D]")
        >>> stretches_of(days, 3)
        array([0, 0, 0, 1, 1])
    """
    _, day, number = np.unique(days, return_inverse=True, return_counts=True)
    earlier = np.cumsum(number) - number
    _, stretch = np.unique((earlier / size).astype(np.int64), return_inverse=True)
    found: Codes = stretch.astype(np.int64)[day]
    return found


def spread_of(
    codes: TermCodes, terms: Codes, sides: tuple[Mask, Mask], days: NDArray[np.datetime64]
) -> Spread:
    """Return how much terms come and go within two windows, languages kept apart.

    The spread of a term is Pearson's chi-squared of its comments by stretch, given its share in
    the window and the language, over the degrees of freedom. It rests on few stretches, so it is
    also averaged with that of all terms, which counts like six more; the larger of both is taken.

    Args:
        codes: The terms of the comments.
        terms: Numbers of the terms that are looked at.
        sides: Which comments are in each window.
        days: The day of each comment.
    """
    size = max(sum(int(side.sum()) for side in sides) / _STRETCHES, _LEAST)
    squares, freedom = np.zeros(terms.size), np.zeros(terms.size)
    for side in sides:
        stretch = np.full(codes.n_comments, -1, dtype=np.int64)
        stretch[side] = stretches_of(days[side], size)
        found, varies = _squares(codes, terms, stretch)
        squares += found
        freedom += np.maximum(varies - 1, 0)
    own = np.where(freedom > 0, squares / np.maximum(freedom, 1), 1.0)
    together = own[freedom > 0].mean() if (freedom > 0).any() else 1.0
    shrunk = (_BORROWED * together + freedom * own) / (_BORROWED + freedom)
    factor = np.maximum(np.maximum(own, shrunk), 1.0)
    return Spread(factor=factor, freedom=freedom + _BORROWED)


def _squares(codes: TermCodes, terms: Codes, stretch: Codes) -> tuple[Floats, Codes]:
    """Return Pearson's chi-squared of each term in one window, and how many stretches it rests on.

    Args:
        codes: The terms of the comments.
        terms: Numbers of the terms that are looked at.
        stretch: Number of the stretch of each comment, −1 outside the window.
    """
    place = np.full(len(codes.names), -1, dtype=np.int64)
    place[terms] = np.arange(terms.size)
    row, when = place[codes.term], stretch[codes.comment]
    used = (row >= 0) & (when >= 0)
    row, when, spoken = row[used], when[used], codes.language[codes.comment[used]]
    number = int(stretch.max(initial=-1)) + 1
    excess, variance = np.zeros((terms.size, number)), np.zeros((terms.size, number))
    for language in range(N_LANGUAGES):
        wrote = np.bincount(
            stretch[(stretch >= 0) & (codes.language == language)], minlength=number
        )
        if not wrote.any():
            continue
        own = spoken == language
        have = np.bincount(row[own] * number + when[own], minlength=terms.size * number)
        have = have.reshape(terms.size, number)
        share = have.sum(axis=1, keepdims=True) / wrote.sum()
        excess += have - wrote * share
        variance += wrote * share * (1 - share)
    known = variance > 0
    ratio = np.divide(excess**2, variance, out=np.zeros_like(excess), where=known)
    return ratio.sum(axis=1), known.sum(axis=1)
