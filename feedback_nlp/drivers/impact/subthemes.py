"""The points of each theme split exactly over its sub-themes."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.impact.columns import GROUPS
from feedback_nlp.drivers.impact.points import Parts, share_out
from feedback_nlp.drivers.join import Mask, ThemeMatrix, theme_matrix
from feedback_nlp.drivers.settings import check_settings
from feedback_nlp.schema import Notes
from feedback_nlp.scores.answers import Scale
from feedback_nlp.scores.survey import no_ratings

FIGURES = (
    "points_lost", "points_lost_low", "points_lost_high", *(f"points_lost_{g}" for g in GROUPS),
)  # fmt: skip


def subtheme_table(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    rating: str = "nps",
    *,
    min_n: int = 10,
    confidence: float = 0.95,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
    not_drivers: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return the points lost with each theme, split over what of it respondents blame.

    A respondent's distance from the maximum is shared equally over the themes that he or she
    blames, as in ``driver_table``, and within each theme equally over the sub-themes blamed. Who
    blames a theme without naming a sub-theme counts under a part named like the theme itself; who
    names a sub-theme counts under that only, also where the theme is mentioned as well.

    Args:
        comments: A comments table, with the columns of tagging if there are any.
        mentions: The mentions of these comments.
        rating: The rating column; high answers are the good ones.
        min_n: Parts that fewer respondents blame are suppressed: no points, listed last.
        confidence: Level of the intervals, between 0 and 1.
        metric: As in ``scores.score_of``.
        method: As in ``scores.score_of``.
        scale: As in ``scores.score_of``.
        not_drivers: As in ``driver_table``.

    Returns:
        One row for each theme and part of it that anybody blames, themes by points lost, the
        parts of each likewise: ``theme``, ``subtheme``; ``n_negative`` respondents who blame it,
        ``n_detractors`` of them detractors; ``share`` of the respondents who blame the theme, 0–1;
        ``points_lost`` in the unit of the score, with ``points_lost_low`` and
        ``points_lost_high``; ``points_lost_detractors``, ``points_lost_passives``,
        ``points_lost_promoters``; ``suppressed``.

        ``attrs["subthemes"]`` notes for each theme ``points_lost``, that of ``driver_table``, and
        ``suppressed``, the part of it that is not shown: with it the parts add up.

    Raises:
        ColumnError: A column is missing, or the mentions are not those of the comments.
        RatingError: As for the score itself.
        FeedbackError: The confidence is not between 0 and 1, or ``min_n`` negative.

    Example:
        >>> from feedback_nlp.records import Mention
        >>> from feedback_nlp.schema import mentions_table
        >>> comments = pd.DataFrame({"comment_id": ["a", "b"], "text": ["Late, broken", "Fine"]})
        >>> found = [("a", "Late, broken", Mention(
        ...     theme=theme, polarity="negative", theme_confidence=1, polarity_confidence=1,
        ...     start=0, end=4)) for theme in ("delivery.speed", "delivery.damage")]
        >>> mentions = mentions_table(found, ["delivery.speed", "delivery.damage"])
        >>> table = subtheme_table(comments.assign(nps=[3, 9]), mentions, min_n=1)
        >>> table[["subtheme", "n_negative", "share", "points_lost"]]
                  subtheme  n_negative  share  points_lost
        0  delivery.damage           1    1.0         50.0
        1   delivery.speed           1    1.0         50.0
    """
    check_settings(min_n=min_n, confidence=confidence)
    matrix = theme_matrix(
        comments, mentions, rating, level="sub", metric=metric, method=method, scale=scale,
        not_drivers=not_drivers,
    )  # fmt: skip
    if matrix.people.empty:
        raise no_ratings(rating, matrix.n_missing)
    split = _split(matrix)
    table = _figures(matrix, split, confidence)
    table = table[table["n_negative"] > 0]
    table["suppressed"] = table["n_negative"] < min_n
    totals = table.groupby("theme")["points_lost"].sum()
    hidden = table[table["suppressed"]].groupby("theme")["points_lost"].sum()
    hidden = hidden.reindex(totals.index, fill_value=0.0)
    out = _arrange(table, totals)
    noted = {
        "rating": rating,
        "n_respondents": len(matrix.people),
        "min_n": min_n,
        "confidence": confidence,
        "points_lost": totals.to_dict(),
        "suppressed": hidden.to_dict(),
    }
    out.attrs["subthemes"] = Notes(noted)
    out.attrs["groups"] = Notes(zip(GROUPS, matrix.definition.groups, strict=True))
    return out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Split:
    """Points shared out over the parts of themes.

    Attributes:
        parts: The shares.
        themes: The themes, in alphabetical order.
        owner: Number of the theme of each column of the matrix.
        blamers: How many respondents blame each theme.
    """

    parts: Parts
    themes: list[str]
    owner: NDArray[np.int64]
    blamers: NDArray[np.int64]


def _split(matrix: ThemeMatrix) -> _Split:
    named = matrix.negative.to_numpy(dtype=bool)
    tops = [theme.partition(".")[0] for theme in matrix.themes]
    themes = sorted(set(tops))
    owner = np.array([themes.index(top) for top in tops], dtype=np.int64)
    end = matrix.definition
    parts = share_out(
        end.maximum - matrix.people["x"].to_numpy(),
        _most_exact(named, list(matrix.themes), owner),
        span=end.maximum - end.minimum,
        owner=owner,
    )
    blamers = [int(named[:, owner == i].any(axis=1).sum()) for i in range(len(themes))]
    return _Split(
        parts=parts, themes=themes, owner=owner, blamers=np.array(blamers, dtype=np.int64)
    )


def _most_exact(named: Mask, columns: list[str], owner: NDArray[np.int64]) -> Mask:
    """Return who names what, a theme itself only where none of its sub-themes is named."""
    out = named.copy()
    for place, column in enumerate(columns):
        if "." not in column:
            others = np.flatnonzero((owner == owner[place]) & (np.arange(owner.size) != place))
            out[:, place] &= ~named[:, others].any(axis=1)
    return out


def _figures(matrix: ThemeMatrix, split: _Split, confidence: float) -> pd.DataFrame:
    parts = split.parts
    counts = parts.counts()
    blamers = split.blamers[split.owner]
    low, high = parts.intervals(confidence)
    columns: dict[str, Any] = {
        "theme": pd.array([split.themes[i] for i in split.owner], dtype="str"),
        "subtheme": pd.array(list(matrix.themes), dtype="str"),
        "n_negative": counts,
        "n_detractors": parts.counts(matrix.in_group(0)),
        "share": counts / np.maximum(blamers, 1),
        "points_lost": parts.points(),
        "points_lost_low": low,
        "points_lost_high": high,
    }
    for group, name in enumerate(GROUPS):
        columns[f"points_lost_{name}"] = parts.points(matrix.in_group(group))
    return pd.DataFrame(columns)


def _arrange(table: pd.DataFrame, totals: pd.Series) -> pd.DataFrame:
    """Return themes by points lost, the parts of each likewise, small ones last and blank."""
    table = table.assign(total=table["theme"].map(totals).astype(float))
    ranked = table.sort_values(
        ["total", "theme", "suppressed", "points_lost", "n_negative", "subtheme"],
        ascending=[False, True, True, False, False, True],
    ).reset_index(drop=True)
    ranked.loc[ranked["suppressed"], list(FIGURES)] = np.nan
    return ranked.drop(columns="total")
