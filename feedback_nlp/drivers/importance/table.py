"""Themes and sub-ratings by importance for the rating and by how people speak of them.

The four corners are those of the importance–performance grid of Martilla and James (1977).
"""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from feedback_nlp.drivers.impact.columns import NET
from feedback_nlp.drivers.impact.counts import net_polarities
from feedback_nlp.drivers.importance.parts import FIGURES, Method, importance_of
from feedback_nlp.drivers.importance.predictors import (
    Predictors,
    rating_predictors,
    theme_predictors,
)
from feedback_nlp.drivers.join import Level, ThemeMatrix, theme_matrix
from feedback_nlp.drivers.settings import check_settings
from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.scores.answers import Scale
from feedback_nlp.scores.survey import no_ratings
from feedback_nlp.showing import counted

QUADRANTS = ("concentrate", "keep_up", "low_priority", "overkill")
_ROUNDING = 1e-9


def importance_table(
    comments: pd.DataFrame,
    mentions: pd.DataFrame | None,
    rating: str = "nps",
    *,
    predictors: Sequence[str] | None = None,
    level: Level = "top",
    by_polarity: bool = False,
    method: Method = "auto",
    min_n: int = 10,
    n_boot: int = 1000,
    seed: int = 0,
    confidence: float = 0.95,
    scale: Scale | None = None,
    not_drivers: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return how important each theme is for the rating, and how people speak of it.

    The outcome is the rating itself, not the group that it falls into: a 0 and a 6 are both
    detractors, and what tells them apart is worth knowing. Themes are of those who wrote, since
    nobody knows what the others think; sub-ratings of those who answered all of them.

    Args:
        comments: A comments table, with the columns of tagging if there are any.
        mentions: The mentions of these comments; not needed with ``predictors``.
        rating: The rating column.
        predictors: Columns with sub-ratings (staff, food …), to be taken instead of the themes;
            ``level``, ``by_polarity`` and ``not_drivers`` are of themes, and refused then.
        level: ``top`` folds sub-themes into their parent, ``sub`` keeps them.
        by_polarity: One row for each theme and polarity. If not, praise and blame of a theme are
            two columns that come and go together, and share a row.
        method: As in ``importance_of``.
        min_n: Themes (with ``by_polarity`` themes and polarities) that fewer respondents mention
            are suppressed, and sub-ratings that fewer answered: they are not in the model, and
            come last.
        n_boot: Bootstrap draws of respondents, 20 or more; 0 for no intervals and no quadrants.
        seed: Of the bootstrap.
        confidence: Level of the intervals, between 0 and 1.
        scale: As in ``scores.score_of``.
        not_drivers: As in ``theme_matrix``.

    Returns:
        One row a theme (column ``theme``, with ``by_polarity`` also ``polarity``) or sub-rating
        (column ``predictor``), the most important first:

        - ``n``: respondents who mention it, of those who wrote; ``n_negative``, ``n_positive``:
          who blame it and who praise it. For a sub-rating: who answered it, below and above the
          middle of its scale;
        - ``net_polarity``: (positive − negative) ÷ respondents with a known polarity (or an
          answer), −1 to 1; one who does both counts as 0; ``net_polarity_low``,
          ``net_polarity_high``: its score interval;
        - the figures of ``importance_of``; the correlation of a theme with both praise and blame is
          that of one minus the other; ``suppressed``;
        - ``quadrant``: ``concentrate`` (important, more blame than praise), ``keep_up``
          (important, as much praise or more), ``low_priority`` and ``overkill`` (the same two,
          not important); with ``by_polarity`` the polarity of the row decides. Important is what
          beats a random predictor and is not below the median of the rows in the model; missing
          where no random predictor was drawn.

        ``attrs["importance"]`` is that of ``importance_of``, with the base, the rating and the cut
        points.

    Raises:
        ColumnError: A column is missing or holds no numbers, or the mentions are not those of the
            comments.
        RatingError: There are no ratings, or they are off the scale.
        FeedbackError: As for ``importance_of``; or ``min_n`` is negative, there is no such level,
            or predictors are given along with what is of themes.

    Example:
        >>> comments = pd.DataFrame({"comment_id": range(40), "nps": [2, 5, 7, 10] * 10})
        >>> comments["staff"] = [1, 2, 4, 5] * 10
        >>> comments["food"] = [3, 4] * 20
        >>> table = importance_table(comments, None, predictors=["staff", "food"], n_boot=200)
        >>> table[["predictor", "n", "net_polarity", "quadrant"]]
          predictor   n  net_polarity  quadrant
        0     staff  40           0.0   keep_up
        1      food  40           0.0  overkill
    """
    check_settings(min_n=min_n, n_boot=n_boot, seed=seed, confidence=confidence)
    if predictors is not None:
        _refuse_of_themes(level=level != "top", by_polarity=by_polarity, not_drivers=not_drivers)
        given = rating_predictors(comments, rating, predictors, min_n=min_n, scale=scale)
    else:
        matrix = _matrix(comments, mentions, rating, level, scale, not_drivers)
        given = theme_predictors(matrix, by_polarity=by_polarity, min_n=min_n)
    found = importance_of(
        given.columns, given.outcome.rename(rating), method=method, groups=given.groups,
        n_boot=n_boot, seed=seed, confidence=confidence,
    )  # fmt: skip
    table = given.rows.join(found.set_index("predictor").drop(columns="n"))
    table["correlation"] = table["correlation"].fillna(_praise_minus_blame(given))
    table = table.join(_net(table, confidence))
    table["suppressed"] = table["n"] < min_n
    middle = float(table["importance"].median())
    table["quadrant"] = _quadrants(table, middle)
    out = _arranged(table)
    cuts = {"important_from": None if np.isnan(middle) else middle, "negative_below": 0.0}
    notes = found.attrs["importance"] | given.notes | cuts
    if given.columns.empty:
        notes["notes"] = _nothing_left(given, min_n)
    out.attrs["importance"] = notes | {"rating": rating, "level": level, "min_n": min_n}
    return out


def _refuse_of_themes(**given: object) -> None:
    """Raise where something is set that sub-ratings do not have.

    Raises:
        FeedbackError: Something is set.
    """
    for name, value in given.items():
        if value:
            raise FeedbackError(f"{name} is of themes; leave it out, or leave out predictors.")


def _nothing_left(given: Predictors, min_n: int) -> list[str]:
    """Return why there is no predictor at all."""
    least = max(min_n, 1)
    if "theme" in given.rows:
        n = given.notes["n_wrote"]
        who = f"{counted(least, 'respondent')} or more of the {n:,} who wrote"
        return [f"No theme is praised or blamed by {who}." if n else "No respondent wrote."]
    return [f"No sub-rating was answered by {counted(least, 'respondent')} or more."]


def _matrix(
    comments: pd.DataFrame,
    mentions: pd.DataFrame | None,
    rating: str,
    level: Level,
    scale: Scale | None,
    not_drivers: Collection[str] | None,
) -> ThemeMatrix:
    """Return who mentions what."""
    if mentions is None:
        raise ColumnError(
            "There are no mentions to take themes from. Tag the comments, or name the columns of "
            "sub-ratings with predictors."
        )
    matrix = theme_matrix(
        comments, mentions, rating, level=level, scale=scale, not_drivers=not_drivers
    )
    if matrix.people.empty:
        raise no_ratings(rating, matrix.n_missing)
    return matrix


def _praise_minus_blame(given: Predictors) -> pd.Series:
    """Return how praise minus blame goes with the rating, for themes that have both columns."""
    found: dict[str, float] = {}
    ratings = given.outcome.to_numpy(np.float64)
    if not ratings.size or not np.ptp(ratings):
        return pd.Series(found, dtype=np.float64)
    for row in given.rows.index:
        blame, praise = f"{row} negative", f"{row} positive"
        if given.groups.get(blame) == given.groups.get(praise) == row:
            balance = given.columns[praise].to_numpy() - given.columns[blame].to_numpy()
            if np.ptp(balance):
                found[row] = float(np.corrcoef(balance, ratings)[0, 1])
    return pd.Series(found, dtype=np.float64)


def _net(table: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Return the net polarity of each row with its interval."""
    both = table["n_both"]
    nets = net_polarities(
        table["n_negative"] - both, table["n_positive"] - both, table["n_known"],
        confidence=confidence,
    )  # fmt: skip
    return nets.set_axis(table.index)


def _quadrants(table: pd.DataFrame, middle: float) -> pd.Series:
    """Return the name of the corner of each row that has one."""
    beats, net = table["beats_random"], table["net_polarity"]
    upper = table["importance"].to_numpy() >= middle - _ROUNDING
    important = beats.fillna(False).to_numpy(bool) & upper
    negative = (net < 0).to_numpy(bool)
    if "polarity" in table:
        negative = (table["polarity"] == "negative").to_numpy(bool)
    corner = np.where(important, np.where(negative, 0, 1), np.where(negative, 2, 3))
    known = (beats.notna() & net.notna()).to_numpy(bool)
    codes = np.where(known, corner, -1).astype(np.int8)
    names = pd.Categorical.from_codes(codes, categories=pd.Index(QUADRANTS))
    return pd.Series(names, index=table.index)


def _arranged(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns in order, the most important first, suppressed rows without figures."""
    table.loc[table["suppressed"], list(NET)] = np.nan
    first = [name for name in ("theme", "polarity", "predictor") if name in table]
    order = [
        *first, "n", "n_negative", "n_positive", *NET, *FIGURES, "beats_random", "quadrant",
        "suppressed",
    ]  # fmt: skip
    ranked = table[order].sort_values(
        ["suppressed", "importance", "n", *first],
        ascending=[True, False, False, *([True] * len(first))],
    )
    return ranked.reset_index(drop=True)
