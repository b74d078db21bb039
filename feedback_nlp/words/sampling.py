"""Samples of comments, for what a sample tells as well as all of them: always the same ones."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Rows = NDArray[np.intp]


class Sample(NamedTuple):
    """Part of the comments that words are counted in.

    Attributes:
        comments: The comments, those that were not drawn without their text.
        n: How many were drawn.
        of: How many there were.
    """

    comments: pd.DataFrame
    n: int
    of: int

    @property
    def is_part(self) -> bool:
        """Whether some were left out."""
        return self.n < self.of


def sample_rows(rows: Rows, most: int, *, seed: int = 0) -> Rows:
    """Return at most so many rows, drawn at random without repetition, in order.

    Every row has a fixed place in the draw. So the same rows are drawn each time, a smaller sample
    is part of a larger one, and the sample of a group is drawn as that of all comments is.

    Args:
        rows: Row numbers, rising.
        most: How many at most.
        seed: Of the draw.

    Example:
        >>> few, more = sample_rows(np.arange(1_000), 3), sample_rows(np.arange(1_000), 10)
        >>> len(few), len(more), set(few.tolist()) <= set(more.tolist())
        (3, 10, True)
    """
    if rows.size <= most:
        return rows
    place = np.random.default_rng(seed).random(int(rows[-1]) + 1)[rows]
    return np.sort(rows[np.argpartition(place, most)[:most]])


def sample_comments(
    comments: pd.DataFrame, groups: Sequence[NDArray[np.bool_]], most: int, *, seed: int = 0
) -> Sample:
    """Return the comments with a sample of those of each group, the texts of all others taken out.

    No row is taken out, so that everybody keeps his or her rating and group.

    Args:
        comments: A comments table.
        groups: Which comments are of each group; no comment is of two.
        most: How many of each at most.
        seed: Of the draw.

    Returns:
        The sample; the table as it is if none is left out.

    Example:
        >>> comments = pd.DataFrame({"text": ["Late", "Slow", "Fine"]})
        >>> sample = sample_comments(comments, [np.array([True, True, False])], 1)
        >>> sample.comments["text"].tolist(), sample.n, sample.of
        (['', 'Slow', ''], 1, 2)
    """
    of = sum(int(group.sum()) for group in groups)
    drawn = [sample_rows(np.flatnonzero(group), most, seed=seed) for group in groups]
    n = sum(rows.size for rows in drawn)
    if n == of:
        return Sample(comments, n, of)
    kept = np.zeros(len(comments), dtype=bool)
    kept[np.concatenate(drawn)] = True
    return Sample(comments.assign(text=comments["text"].astype("str").where(kept, "")), n, of)
