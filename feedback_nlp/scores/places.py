"""Places on a scale: where answers are counted for the interval of their mean.

Whole answers, and such simple fractions as means of a few items make, are places themselves.
Other answers are counted at the two places around them, each with the part that leaves their mean
as it is. The places depend on the scale alone, so that the interval of a group depends on the
answers of that group alone.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.scores.definitions import Definition
from feedback_nlp.scores.quantiles import Floats

_PLACES = 240  # steps of the scale, or somewhat fewer so that whole answers are places
_MOST_WHOLE = 1000
_PARTS = (240, 120, 60, 48, 36, 24, 12, 6, 4, 2)
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """How different answers are counted: each at one place, or at two.

    Attributes:
        answers: What an answer at each place adds to the score, in order.
        lower: Place of each different answer, or the one below it.
        upper: The one above it; the same where it is a place itself.
        part: How much of it is counted at the one above, 0–1.
        exact: Whether all answers are places.
    """

    answers: tuple[float, ...]
    lower: NDArray[np.int64]
    upper: NDArray[np.int64]
    part: Floats

    @property
    def exact(self) -> bool:
        """Whether every answer is a place itself."""
        return not self.part.any()

    def tally(
        self,
        codes: NDArray[np.integer],
        groups: NDArray[np.integer],
        weights: Floats | None,
        n_groups: int,
    ) -> Floats:
        """Return how often each group has an answer at each place, one row a group.

        Args:
            codes: Number of the different answer that each respondent gave.
            groups: Number of the group of each respondent.
            weights: Weight of each respondent.
            n_groups: How many groups there are.
        """
        size = len(self.answers)
        first = groups * size
        if self.exact:
            cells = np.bincount(first + self.lower[codes], weights, minlength=n_groups * size)
            return cells.reshape(n_groups, size).astype(np.float64)
        whole, above = 1.0 if weights is None else weights, self.part[codes]
        both = np.concatenate([first + self.lower[codes], first + self.upper[codes]])
        share = np.concatenate([whole * (1 - above), whole * above])
        tallies = np.bincount(both, share, minlength=n_groups * size)
        return tallies.reshape(n_groups, size).astype(np.float64, copy=False)


def places_of(worth: Floats, definition: Definition) -> Places:
    """Return the places of different answers.

    Args:
        worth: What each different answer adds to the score.
        definition: The score, a mean.

    Example:
        >>> from feedback_nlp.scores.definitions import define
        >>> found = places_of(np.array([4.0, 3.505]), define("csat", "mean"))
        >>> [round(float(place), 3) for place in found.answers], found.part.round(2).tolist()
        ([3.5, 3.517, 4.0], [0.0, 0.3])
    """
    steps = _steps(definition.scale[1] - definition.scale[0])
    minimum, span = definition.minimum, definition.maximum - definition.minimum
    at = (worth - minimum) / span * steps
    near = np.abs(at - np.round(at)) <= _ROUNDING * steps
    below = np.where(near, np.round(at), np.floor(at)).astype(np.int64)
    above = np.where(near, below, below + 1)
    used, order = np.unique(np.concatenate([below, above]), return_inverse=True)
    answers = minimum + used * (span / steps)
    answers[order[: worth.size][near]] = worth[near]  # as they are, without rounding
    return Places(
        answers=tuple(answers), lower=order[: worth.size], upper=order[worth.size :],
        part=np.where(near, 0.0, at - below),
    )  # fmt: skip


def _steps(span: float) -> int:
    """Return how many steps a scale is divided into, such that whole answers are places.

    Example:
        >>> _steps(4), _steps(10), _steps(6), _steps(100), _steps(0.7)
        (240, 240, 216, 200, 240)
    """
    if span != round(span) or span > _MOST_WHOLE:
        return _PLACES
    whole = round(span)
    return whole * next((parts for parts in _PARTS if whole * parts <= _PLACES), 1)


def left_over(whole: Floats, part: Floats) -> Floats:
    """Return the tallies of those in the whole who are not in the part, safe against rounding.

    Example:
        >>> left_over(np.array([[2.0, 0.3]]), np.array([[1.0, 0.1 + 0.2]]))
        array([[1., 0.]])
    """
    return np.where(whole - part < _ROUNDING, 0.0, whole - part)
