"""The same answer to every question: how many give it, and how many would by chance.

A happy customer may well mean all those fives; with better questions there are more such, not
fewer (Reuning and Plutzer 2020). So this is a hint, except where some questions were asked the
other way round, so that the same answer to all contradicts itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BEYOND_CHANCE = 0.01
USUAL = 0.10
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class StraightLine:
    """Those who gave one answer to all questions of one scale.

    Attributes:
        answer: The answer, as it was given.
        members: Who gave it to all questions they answered, as rows.
        questions: How many questions there are.
        turned: How many of them were asked the other way round.
        looked_at: Respondents who answered enough of the questions.
        expected: How many would give this answer to all if the questions had nothing to do with
            one another.
        contradicts: The same answer to all means different things, since some are turned.
        usual: More than one in ten do so, and it does not contradict itself.
    """

    answer: float
    members: NDArray[np.intp]
    questions: int
    turned: int
    looked_at: int
    expected: float
    contradicts: bool
    usual: bool


def find_straight_lines(
    answers: Floats, turned: Sequence[bool], *, middle: float, least: int = 4
) -> tuple[list[StraightLine], int]:
    """Return who gave the same answer to all questions, one entry an answer, and how many could.

    An answer is left out where no more respondents gave it to all than chance would make them
    (binomial test, 1 %).

    Args:
        answers: One row a respondent, one column a question, as they were given; NaN where
            missing. All questions have the same scale.
        turned: Which questions are asked the other way round.
        middle: The middle of the scale, which means the same both ways round.
        least: Smallest number of questions that must be answered.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> answers = rng.integers(1, 6, (100, 6)).astype(float)
        >>> answers[:3] = 3
        >>> lines, looked_at = find_straight_lines(answers, [False] * 5 + [True], middle=3)
        >>> [(line.answer, line.members.tolist(), line.contradicts) for line in lines], looked_at
        ([(3.0, [0, 1, 2], False)], 100)
    """
    from scipy.special import bdtrc

    given = ~np.isnan(answers)
    enough = np.flatnonzero(given.sum(axis=1) >= least)
    if not enough.size:
        return [], 0
    asked, given = answers[enough], given[enough]
    flipped = np.asarray(turned, dtype=bool)
    both = (given & flipped).any(axis=1) & (given & ~flipped).any(axis=1)
    first = np.nanmax(asked, axis=1)
    straight = first == np.nanmin(asked, axis=1)
    lines = []
    for answer in np.unique(first[straight]):
        shares = (asked == answer).sum(axis=0) / np.maximum(given.sum(axis=0), 1)
        expected = float(np.where(given, shares, 1.0).prod(axis=1).sum())
        mixed = both & (answer != middle)
        for contradicts in (False, True):
            members = np.flatnonzero(straight & (first == answer) & (mixed == contradicts))
            chance = bdtrc(members.size - 1, enough.size, min(expected / enough.size, 1.0))
            if members.size and chance <= _BEYOND_CHANCE:
                lines.append(
                    StraightLine(
                        answer=float(answer), members=enough[members],
                        questions=answers.shape[1], turned=int(flipped.sum()),
                        looked_at=int(enough.size), expected=expected, contradicts=contradicts,
                        usual=not contradicts and members.size > USUAL * enough.size,
                    )
                )  # fmt: skip
    return lines, int(enough.size)
