"""What chance allows: how frequent themes were, how much that fluctuates, and tests against it.

The test is that of two shares, with the variance between past periods in the place of what chance
alone would give: a quasi-likelihood ratio, as for overdispersed counts (McCullagh and Nelder 1989).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEAST_HISTORY = 3
_BORROWED = 6.0  # periods' worth of evidence that a theme takes over from all themes together


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class History:
    """What a period is compared with.

    Attributes:
        said: Who mentioned each theme before.
        n: Who wrote before.
        spread: Variance between periods ÷ that of chance alone, for each theme, at least 1.
        freedom: Degrees of freedom that ``spread`` rests on.
    """

    said: Ints
    n: int
    spread: Floats
    freedom: float

    def rise(self, said: Ints, n: int) -> Floats:
        """Return the p-values of at least so many mentions, one for each theme."""
        from scipy.stats import hypergeom
        from scipy.stats import t as student

        exact = hypergeom.sf(said - 1, n + self.n, said + self.said, n)
        quasi = student.sf(self._root(said, n) / np.sqrt(self.spread), self.freedom)
        return np.maximum(exact, quasi)

    def fall(self, said: Ints, n: int) -> Floats:
        """Return the p-values of at most so many mentions, one for each theme."""
        from scipy.stats import hypergeom
        from scipy.stats import t as student

        exact = hypergeom.cdf(said, n + self.n, said + self.said, n)
        quasi = student.cdf(self._root(said, n) / np.sqrt(self.spread), self.freedom)
        return np.maximum(exact, quasi)

    def _root(self, said: Ints, n: int) -> Floats:
        """Return the signed root of the likelihood ratio of two shares being alike."""
        pair = _log_likelihood(said, n) + _log_likelihood(self.said, self.n)
        both = _log_likelihood(said + self.said, n + self.n)
        root = np.sqrt(np.maximum(2 * (pair - both), 0.0))
        return np.where(said * self.n >= self.said * n, root, -root)

    def allowed(self, n: int, tail: float) -> tuple[Floats, Floats]:
        """Return the fewest and the most mentions that have p-values above a tail."""
        size = self.said.size
        most, beyond = np.zeros(size, dtype=np.int64), np.full(size, n + 1)
        least, below = np.full(size, n), np.full(size, -1)
        while (beyond - most > 1).any() or (least - below > 1).any():
            middle = (most + beyond) // 2
            inside = self.rise(np.minimum(middle, n), n) > tail
            most, beyond = np.where(inside, middle, most), np.where(inside, beyond, middle)
            middle = (below + least + 1) // 2
            inside = self.fall(np.maximum(middle, 0), n) > tail
            least, below = np.where(inside, middle, least), np.where(inside, below, middle)
            most, beyond = np.minimum(most, n), np.maximum(beyond, most + 1)
        return least.astype(np.float64), most.astype(np.float64)


def _log_likelihood(said: Ints, n: int) -> Floats:
    from scipy.special import xlogy

    return np.asarray(xlogy(said, said / n) + xlogy(n - said, 1 - said / n), dtype=np.float64)


def history_of(said: Ints, n: Ints) -> History | None:
    """Return what is known of themes from periods, if there are at least three with comments.

    The spread is Pearson's chi-squared over its degrees of freedom. A theme's own is estimated from
    few periods, so it is also averaged with that of all themes together, which counts like six more
    periods; the larger of both is taken, and 1 where it is less.

    Args:
        said: Periods × themes: respondents who mention it.
        n: Respondents who wrote in each period.

    Example:
        >>> found = history_of(np.array([[9], [12], [8], [11]]), np.array([100, 100, 100, 100]))
        >>> found.rise(np.array([12, 30]), 100).round(3).tolist()
        [0.335, 0.001]
    """
    filled = np.flatnonzero(n > 0)
    if filled.size < LEAST_HISTORY:
        return None
    n, said = n[filled], said[filled]
    share = said.sum(axis=0) / n.sum()
    freedom = filled.size - 1
    varies = (share > 0) & (share < 1)
    expected = n[:, np.newaxis] * share
    with np.errstate(invalid="ignore", divide="ignore"):
        squares = ((said - expected) ** 2 / (expected * (1 - share))).sum(axis=0)
    own = np.where(varies, squares / freedom, 1.0)
    together = own[varies].mean() if varies.any() else 1.0
    shrunk = (_BORROWED * together + freedom * own) / (_BORROWED + freedom)
    return History(
        said=said.sum(axis=0), n=int(n.sum()),
        spread=np.maximum(np.maximum(own, shrunk), 1.0), freedom=freedom + _BORROWED,
    )  # fmt: skip
