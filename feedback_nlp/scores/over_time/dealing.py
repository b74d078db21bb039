"""Quiet series: the answers dealt anew to the periods, as they could have come if nothing changed.

Where each respondent answered once, any answer could have come in any period. Where respondents
answered in several periods, the answers of one person belong together: respondents with equally
many answers change places, and the answers of each change places among themselves. So a series
that shares its people from one period to the next is compared with series that do so too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_CELLS = 4_000_000
_MOST_DEALT = 20_000  # answers of repeated respondents beyond which their sums are near normal


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Answers of respondents who are in several periods.

    Attributes:
        period: Number of the period of each answer.
        who: Number of the respondent.
        worth: What the answer contributes to the score.
    """

    period: Ints
    who: Ints
    worth: Floats

    def blocks(self, rows: Ints, mean: float, sd: float) -> list[tuple[Ints, Floats]]:
        """Return periods and scores of the answers in some periods, by answers a respondent.

        Each block has one row a respondent and one column an answer.
        """
        place = np.full(int(self.period.max()) + 1, -1)
        place[rows] = np.arange(rows.size)
        used = np.flatnonzero(place[self.period] >= 0)
        used = used[np.lexsort((self.period[used], self.who[used]))]
        _, first, answers = np.unique(self.who[used], return_index=True, return_counts=True)
        blocks = []
        for k in np.unique(answers):
            mine = used[first[answers == k][:, None] + np.arange(k)]
            blocks.append((place[self.period[mine]], (self.worth[mine] - mean) / sd))
        return blocks


def deal(
    size: Ints, dealt: Ints, draws: int, random: np.random.Generator
) -> Iterator[NDArray[Any]]:
    """Yield counts of answers of each kind in each period, each answer in any period.

    Args:
        size: Answers of each period.
        dealt: Answers of each kind.
        draws: How many series.
        random: Where chance comes from.
    """
    from scipy.stats import random_table

    table = random_table(size, dealt)
    chunk = max(1, _CELLS // (size.size * dealt.size))
    for start in range(0, draws, chunk):
        yield table.rvs(size=min(chunk, draws - start), random_state=random)


def deal_panel(
    blocks: list[tuple[Ints, Floats]], size: Ints, draws: int, random: np.random.Generator
) -> Floats:
    """Return sums of scores, one row a series and one column a period.

    Args:
        blocks: As ``Panel.blocks`` returns them.
        size: Answers of each period.
        draws: How many series.
        random: Where chance comes from.
    """
    sums = np.zeros((draws, size.size))
    repeated = sum(score.size for _, score in blocks if score.shape[1] > 1)
    for period, score in blocks:
        if score.shape[1] == 1:
            sums += _dealt_singles(period[:, 0], score[:, 0], size.size, draws, random)
        elif repeated <= _MOST_DEALT:
            sums += _dealt_people(period, score, size.size, draws, random)
        else:
            sums += _normal_people(period, score, size.size, draws, random)
    # Only rounding and the normal sums leave anything over.
    return np.asarray(sums - sums.sum(axis=1, keepdims=True) * (size / size.sum()))


def _dealt_singles(
    period: Ints, score: Floats, periods: int, draws: int, random: np.random.Generator
) -> Floats:
    values, kinds = np.unique(score, return_counts=True)
    size = np.bincount(period, minlength=periods)
    return np.concatenate([made @ values for made in deal(size, kinds, draws, random)])


def _dealt_people(
    period: Ints, score: Floats, periods: int, draws: int, random: np.random.Generator
) -> Floats:
    """Let respondents change places, and the answers of each among themselves."""
    to_period = np.zeros((score.size, periods))
    to_period[np.arange(score.size), period.ravel()] = 1
    chunk = max(1, _CELLS // score.size)
    made = []
    for start in range(0, draws, chunk):
        number = min(chunk, draws - start)
        order = random.random((number, len(score))).argsort(axis=1)
        made.append(random.permuted(score[order], axis=2).reshape(number, -1) @ to_period)
    return np.concatenate(made)


def _normal_people(
    period: Ints, score: Floats, periods: int, draws: int, random: np.random.Generator
) -> Floats:
    """Draw sums with the mean and the covariance that dealing would give them."""
    there = np.zeros((len(score), periods))
    np.add.at(there, (np.arange(len(score))[:, None], period), 1)
    n, k = score.shape
    there_in_all = there.sum(axis=0)
    mean, squares = score.mean(), (score**2).sum()
    alike = ((score.sum(axis=1) ** 2).sum() - squares) / (n * k * (k - 1)) - mean**2
    own = squares / (n * k) - mean**2 - alike
    together = there.T @ there
    apart = np.outer(there_in_all, there_in_all) - together  # what one has another cannot have
    between = score.mean(axis=1).var() / max(n - 1, 1)
    covariance = alike * together + own * np.diag(there_in_all) - between * apart
    return random.multivariate_normal(mean * there_in_all, covariance, size=draws, method="eigh")
