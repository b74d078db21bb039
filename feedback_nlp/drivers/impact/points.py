"""Points of the score shared out over themes, exactly: what is lost where, and what is won.

A respondent's distance from an end of the scale is shared equally over the themes that he or she
blames (distance from the maximum: points lost) or praises (distance from the minimum: points won)
and averaged over all respondents. With what nobody explained, the points of all themes add up to
the distance of the score from that end.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.impact.columns import GROUPS
from feedback_nlp.drivers.join import Mask, ThemeMatrix
from feedback_nlp.scores.intervals import quantile
from feedback_nlp.scores.score_interval import Histogram, score_ends

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
_TINY = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """Distances shared out: one entry for each respondent and theme he or she names.

    Attributes:
        row: The respondent, or several who are alike.
        column: The theme.
        value: The part of the respondent's distance that falls to the theme.
        times: How many respondents the entry stands for.
        n_people: How many respondents there are, those without an entry included.
        n_columns: How many themes there are.
        span: The longest distance there can be: maximum − minimum of the score.
    """

    row: Places
    column: Places
    value: Floats
    times: Floats
    n_people: int
    n_columns: int
    span: float

    def counts(self, among: Mask | None = None) -> NDArray[np.int64]:
        """Return how many respondents (of those given) name each theme."""
        chosen = slice(None) if among is None else among[self.row]
        found = np.bincount(self.column[chosen], self.times[chosen], minlength=self.n_columns)
        return found.astype(np.int64)

    def points(self, among: Mask | None = None) -> Floats:
        """Return the points of each theme, or the part of them that respondents given make."""
        value = self.value * self.times
        value = value if among is None else value * among[self.row]
        sums = np.bincount(self.column, value, minlength=self.n_columns)
        return np.asarray(sums / self.n_people, dtype=np.float64)

    def intervals(self, confidence: float) -> tuple[Floats, Floats]:
        """Return the score interval of the points of each theme.

        The points are a mean over respondents of numbers between 0 and the span, 0 for those who
        do not name the theme, so their interval is that of such a mean
        (``scores.mean_score_interval``). It is missing where nobody differs from anybody, since
        that is no evidence of certainty.
        """
        mean = self.points()
        squared = self.value**2 * self.times
        squares = np.bincount(self.column, squared, minlength=self.n_columns) / self.n_people
        column, value, count = tally(self.column, self.value, self.times)
        others = self.n_people - self.counts()
        rest = np.flatnonzero(others)
        found = Histogram(
            group=np.concatenate([column, rest]),
            answer=np.concatenate([value, np.zeros(rest.size)]),
            count=np.concatenate([count, others[rest].astype(np.float64)]),
            n_groups=self.n_columns,
        )
        low, high = score_ends(found, quantile(confidence), low=0.0, high=self.span)
        constant = squares - mean**2 <= _TINY * self.span**2
        low[constant], high[constant] = np.nan, np.nan
        return low, high


def share_out(
    gap: Floats,
    named: Mask,
    *,
    span: float,
    owner: NDArray[np.int64] | None = None,
    times: NDArray[np.int64] | None = None,
) -> Parts:
    """Share each respondent's distance equally over the themes that he or she names.

    Args:
        gap: Distance of each respondent from an end of the scale, 0 or more.
        named: Respondents × themes: who names which.
        span: The longest distance there can be.
        owner: Number of the theme that each column is a part of: then the distance is shared
            equally over the themes named, and within each equally over its parts named.
        times: How many respondents each row stands for; one if not given.

    Example:
        >>> named = np.array([[True, True, True], [False, True, False]])
        >>> share_out(np.array([60.0, 10.0]), named, span=200).points()
        array([10., 15., 10.])
        >>> share_out(np.array([60.0, 10.0]), named, span=200, owner=np.array([0, 0, 1])).points()
        array([ 7.5, 12.5, 15. ])
    """
    row, column = np.nonzero(named)
    width = named.shape[1]
    theme = row * width + (column if owner is None else owner[column])
    distinct, place, parts = np.unique(theme, return_inverse=True, return_counts=True)
    themes = np.bincount(distinct // max(width, 1), minlength=len(gap))
    often = np.ones(len(gap)) if times is None else times.astype(np.float64)
    return Parts(
        row=row,
        column=column,
        value=gap[row] / themes[row] / parts[place],
        times=often[row],
        n_people=int(often.sum()),
        n_columns=width,
        span=span,
    )


def tally(column: Places, value: Floats, times: Floats) -> tuple[Places, Floats, Floats]:
    """Return the different pairs of column and value, and how often each occurs.

    Example:
        >>> tally(np.array([1, 0, 1]), np.array([5.0, 2.0, 5.0]), np.ones(3))
        (array([0, 1]), array([2., 5.]), array([1., 2.]))
    """
    order = np.lexsort((value, column))
    column, value, times = column[order], value[order], times[order]
    new = np.ones(column.size, dtype=bool)
    new[1:] = (np.diff(column) != 0) | (np.diff(value) != 0)
    first = np.flatnonzero(new)
    counts = np.add.reduceat(times, first) if first.size else times
    return column[first], value[first], counts


def lost_parts(matrix: ThemeMatrix) -> Parts:
    """Return the distances from the maximum, shared over the themes mentioned negatively."""
    end = matrix.definition
    gap = end.maximum - matrix.people["x"].to_numpy()
    named = matrix.negative.to_numpy(dtype=bool)
    return share_out(gap, named, span=end.maximum - end.minimum, times=matrix.times)


def won_parts(matrix: ThemeMatrix) -> Parts:
    """Return the distances from the minimum, shared over the themes mentioned positively."""
    end = matrix.definition
    gap = matrix.people["x"].to_numpy() - end.minimum
    named = matrix.positive.to_numpy(dtype=bool)
    return share_out(gap, named, span=end.maximum - end.minimum, times=matrix.times)


def points_table(matrix: ThemeMatrix, *, confidence: float) -> pd.DataFrame:
    """Return points lost and won of each theme, with intervals and the parts of the groups."""
    lost, won = lost_parts(matrix), won_parts(matrix)
    columns = {"points_lost": lost.points()}
    columns["points_lost_low"], columns["points_lost_high"] = lost.intervals(confidence)
    for group, name in enumerate(GROUPS):
        columns[f"points_lost_{name}"] = lost.points(matrix.in_group(group))
    columns["points_won"] = won.points()
    columns["points_won_low"], columns["points_won_high"] = won.intervals(confidence)
    columns["points_won_promoters"] = won.points(matrix.in_group(2))
    return pd.DataFrame(columns)


def unexplained(matrix: ThemeMatrix) -> list[dict[str, Any]]:
    """Return the points that no theme is named for, as rows of a driver table.

    Returns:
        Who wrote and blames no theme (points lost), who wrote and praises none (points won), and
        who left no comment that can be read (both).
    """
    spoke = matrix.people["spoke"].to_numpy()
    blames = matrix.negative.to_numpy(dtype=bool).any(axis=1)
    praises = matrix.positive.to_numpy(dtype=bool).any(axis=1)
    rows: list[dict[str, Any]] = []
    for name, who, lost, won in (
        ("no_negative_theme", spoke & ~blames, True, False),
        ("no_positive_theme", spoke & ~praises, False, True),
        ("no_comment", ~spoke, True, True),
    ):
        row = {"theme": name, "n": int(matrix.count(who))}
        rows.append(
            row | (_lost_by(matrix, who) if lost else {}) | (_won_by(matrix, who) if won else {})
        )
    return rows


def _lost_by(matrix: ThemeMatrix, who: Mask) -> dict[str, float]:
    """Return the points that some respondents lack, and the part of each group."""
    gap = (matrix.definition.maximum - matrix.people["x"].to_numpy()) * matrix.often
    parts = {"points_lost": who}
    parts |= {f"points_lost_{name}": who & matrix.in_group(i) for i, name in enumerate(GROUPS)}
    return {name: float(gap[rows].sum() / matrix.n) for name, rows in parts.items()}


def _won_by(matrix: ThemeMatrix, who: Mask) -> dict[str, float]:
    """Return the points that some respondents bring, and the part of the top group."""
    gap = (matrix.people["x"].to_numpy() - matrix.definition.minimum) * matrix.often
    parts = {"points_won": who, "points_won_promoters": who & matrix.in_group(2)}
    return {name: float(gap[rows].sum() / matrix.n) for name, rows in parts.items()}
