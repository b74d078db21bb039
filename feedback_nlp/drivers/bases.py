"""Who is in each base, each within the one before: respondents, commenters, tagged.

What ``base_table`` and ``base_warnings`` are made of.
"""

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.join import Mask, ThemeMatrix
from feedback_nlp.errors import ColumnError
from feedback_nlp.scores import wilson
from feedback_nlp.scores.intervals import quantile
from feedback_nlp.scores.summary import Summary, summarise
from feedback_nlp.scores.survey import no_ratings

Base = Literal["respondents", "commenters", "tagged"]
BASES: tuple[Base, Base, Base] = ("respondents", "commenters", "tagged")


def check_tells_who_wrote(comments: pd.DataFrame) -> None:
    """Raise if a table has neither texts nor what tagging found of them.

    Raises:
        ColumnError: There is no column ``text``.
    """
    if "text" not in comments.columns and "status" not in comments.columns:
        raise ColumnError.missing("text", comments.columns)


def masks_of(matrix: ThemeMatrix, rating: str) -> dict[Base, Mask]:
    """Return who is in each base, each within the one before."""
    if matrix.people.empty:
        raise no_ratings(rating, matrix.n_missing)
    wrote = matrix.people["wrote"].to_numpy(dtype=bool)
    tagged = wrote & matrix.any.to_numpy(dtype=bool).any(axis=1)
    return {"respondents": np.ones(wrote.size, dtype=bool), "commenters": wrote, "tagged": tagged}


def sizes_of(groups: NDArray[np.int8], who: Mask) -> NDArray[np.int64]:
    """Return how many of a base there are in all and in each group."""
    counts = np.bincount(groups[who], minlength=3)
    return np.concatenate([[counts.sum()], counts]).astype(np.int64)


def shares_of(
    n: NDArray[np.int64], everyone: NDArray[np.int64], confidence: float, *, certain: bool
) -> pd.DataFrame:
    """Return shares of each group's respondents, and of the base, with intervals.

    Args:
        n: Respondents of the base in all and in each group.
        everyone: All respondents, in all and in each group.
        confidence: Level of the intervals.
        certain: Whether the base is all respondents, so that their shares are 1 by definition.
    """
    low, high = wilson(n, everyone, level=confidence)
    part_low, part_high = wilson(n, n[0], level=confidence)
    with np.errstate(invalid="ignore"):
        share, part = n / everyone, n / n[0]
    if certain:
        low, high = share, share
    part_low[0], part_high[0] = part[0], part[0]
    return pd.DataFrame(
        {
            "n": n, "share": share, "share_low": low, "share_high": high,
            "part": part, "part_low": part_low, "part_high": part_high,
        }
    )  # fmt: skip


def score_with_ends(
    matrix: ThemeMatrix, who: Mask, *, min_n: int, confidence: float
) -> tuple[float, float, float]:
    """Return the score of a base with its interval; missing where the base is too small."""
    if who.sum() < max(min_n, 1):
        quantile(confidence)  # a level that is none is refused whatever the base
        return np.nan, np.nan, np.nan
    found = summary_of(matrix, who, confidence)
    return float(found.value[0]), float(found.low[0]), float(found.high[0])


def summary_of(matrix: ThemeMatrix, who: Mask, confidence: float) -> Summary:
    """Return score and interval of a base; the score is missing where there is nobody."""
    answers = matrix.people["rating"].to_numpy(dtype=np.float64)[who]
    return summarise(answers, matrix.definition, level=confidence)
