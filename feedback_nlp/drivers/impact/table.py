"""What each theme stands for in the score: points lost and won, impact, and who mentions it.

Definitions: ``docs/drivers.md``. They describe which themes come together with which ratings. None
of them says what the score would be if a theme were dealt with.
"""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_datetime64_any_dtype

from feedback_nlp.drivers.adjusted.gains import adjusted_gains
from feedback_nlp.drivers.impact.columns import COLUMNS, COUNTS, GROUPS, NET, WON
from feedback_nlp.drivers.impact.counts import counts_table, odds_table
from feedback_nlp.drivers.impact.leave_out import leave_out_table
from feedback_nlp.drivers.impact.points import points_table, unexplained
from feedback_nlp.drivers.impact.shown import DriverTable
from feedback_nlp.drivers.join import Level, ThemeMatrix, theme_matrix
from feedback_nlp.drivers.settings import check_settings
from feedback_nlp.errors import FeedbackError
from feedback_nlp.schema import Notes, check_comments, respondents
from feedback_nlp.scores.answers import Scale
from feedback_nlp.scores.survey import no_ratings

LOST = ("points_lost", *(f"points_lost_{name}" for name in GROUPS))
NO_CONTROLS = ("comment_id", "respondent_id", "text")
_ALIKE = 9  # decimals beyond which points are the same
POINTS_WON = ("points_won", "points_won_promoters")


def driver_table(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    rating: str = "nps",
    *,
    level: Level = "top",
    min_n: int = 10,
    n_boot: int = 1000,
    seed: int = 0,
    confidence: float = 0.95,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
    not_drivers: Collection[str] | None = None,
    controls: Sequence[str] = (),
) -> pd.DataFrame:
    """Return what each theme stands for in the score, one row a theme, most points lost first.

    Args:
        comments: A comments table, with the columns of tagging if there are any.
        mentions: The mentions of these comments.
        rating: The rating column; high answers are the good ones.
        level: ``top`` folds sub-themes into their parent, ``sub`` keeps them.
        min_n: Themes that fewer respondents mention negatively are suppressed: no figures, listed
            last. Where fewer do not mention it negatively, the score without it is left out;
            where fewer mention it positively, the points won.
        n_boot: Bootstrap draws of respondents for the interval of the adjusted gain, 20 or more; 0
            for none. All other intervals need no draws.
        seed: Of the bootstrap.
        confidence: Level of all intervals, between 0 and 1.
        metric: As in ``scores.score_of``.
        method: As in ``scores.score_of``.
        scale: As in ``scores.score_of``.
        not_drivers: Themes that explain nothing: who mentions only these negatively counts under
            ``no_negative_theme``.
        controls: Columns of the comments that the adjusted gain holds fixed, such as segments,
            language or question; a respondent's last known value counts.

    Returns:
        A ``DataFrame`` that notebooks show rounded, with the columns of
        ``drivers.impact.columns.COLUMNS``, which says what each of them is;
        "blames" is a negative mention, "praises" a positive one. For other scores than NPS
        detractors, passives and promoters are the low, middle and top group, named in
        ``attrs["groups"]``.

        ``attrs["drivers"]`` notes what the table is made of. ``points_lost`` of the rows,
        ``suppressed``, ``no_negative_theme`` and ``no_comment`` add up to ``points_lost_total`` =
        ``maximum`` − ``score``; ``points_won`` of the rows, ``suppressed_won``,
        ``no_positive_theme_won`` and ``no_comment_won`` to ``points_won_total`` = ``score`` −
        ``minimum``. ``adjusted`` there says what the model of the adjusted gain is made of, and
        what it is not; ``notes``, in words, which controls are held fixed, and which are not and
        why.

    Raises:
        ColumnError: A column is missing, or the mentions are not those of the comments.
        RatingError: As for the score itself.
        FeedbackError: A setting is out of its range, there is no such level, or a control is none
            (the rating, an id, a text, a date).

    Example:
        >>> from feedback_nlp.records import Mention
        >>> from feedback_nlp.schema import mentions_table
        >>> comments = pd.DataFrame({"comment_id": ["a", "b"], "text": ["Late", "Fine"]})
        >>> comments["nps"] = [3, 9]
        >>> late = Mention(theme="delivery", polarity="negative", theme_confidence=1,
        ...                polarity_confidence=1, start=0, end=4)
        >>> mentions = mentions_table([("a", "Late", late)], ["delivery"])
        >>> table = driver_table(comments, mentions, min_n=1, n_boot=0)
        >>> table[["theme", "n", "points_lost", "score_without"]]
              theme  n  points_lost  score_without
        0  delivery  1        100.0          100.0
    """
    check_settings(min_n=min_n, n_boot=n_boot, seed=seed, confidence=confidence)
    matrix = theme_matrix(
        comments, mentions, rating, level=level, metric=metric, method=method, scale=scale,
        not_drivers=not_drivers,
    )  # fmt: skip
    if matrix.people.empty:
        raise no_ratings(rating, matrix.n_missing)
    held = _controls(comments, rating, controls, matrix.people.index)
    return table_of_matrix(
        matrix, rating, level=level, min_n=min_n, n_boot=n_boot, seed=seed, confidence=confidence,
        controls=held,
    )  # fmt: skip


def table_of_matrix(
    matrix: ThemeMatrix,
    rating: str,
    *,
    level: Level,
    min_n: int,
    n_boot: int,
    seed: int,
    confidence: float,
    controls: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the driver table of respondents who are joined with their themes.

    Args:
        matrix: Who mentions what; at least one respondent.
        rating: The name of the rating.
        level: The level of its themes.
        min_n: As in ``driver_table``, like all that follows.
        n_boot: Bootstrap draws.
        seed: Of the bootstrap.
        confidence: Level of all intervals.
        controls: Segments to hold fixed, one row for each respondent.
    """
    table = _figures(matrix, min_n=min_n, confidence=confidence)
    gains = adjusted_gains(
        matrix, controls=controls, n_boot=n_boot, seed=seed, confidence=confidence
    )
    table = table.join(gains, on="theme")
    notes = _notes(matrix) | _waterfall(table, matrix, min_n)
    notes |= {"rating": rating, "level": level, "min_n": min_n, "n_boot": n_boot, "seed": seed}
    model = gains.attrs["model"]
    notes |= {"confidence": confidence, "adjusted": model, "notes": model["notes"]}
    out = DriverTable(_arrange(table, min_n))
    out.attrs = {
        "drivers": Notes(notes),
        "groups": Notes(zip(GROUPS, matrix.definition.groups, strict=True)),
    }
    return out


def check_controls(comments: pd.DataFrame, rating: str, controls: Sequence[str]) -> list[str]:
    """Return the names of the columns that the adjusted gain holds fixed, each once.

    Raises:
        ColumnError: There is no such column.
        FeedbackError: A column cannot be held fixed.

    Example:
        >>> comments = pd.DataFrame({"comment_id": ["a"], "nps": [3], "shop": ["north"]})
        >>> check_controls(comments, "nps", ["shop", "shop"])
        ['shop']
    """
    names = [controls] if isinstance(controls, str) else list(dict.fromkeys(controls))
    check_comments(comments, needs=names)
    for name in names:
        if name in (*NO_CONTROLS, rating) or is_datetime64_any_dtype(comments[name]):
            raise FeedbackError(
                f"Column {name!r} cannot be held fixed; name a segment, the language or the "
                "question (a date as a column of its months)."
            )
    return names


def _controls(
    comments: pd.DataFrame, rating: str, controls: Sequence[str], people: pd.Index
) -> pd.DataFrame | None:
    """Return one value of each control for each respondent, ``None`` where none is asked for."""
    names = check_controls(comments, rating, controls)
    if not names:
        return None
    return respondents(comments, rating, keep=names).set_index("respondent_id")[names].loc[people]


def _figures(matrix: ThemeMatrix, *, min_n: int, confidence: float) -> pd.DataFrame:
    """Return all figures of all themes, small ones included."""
    table = counts_table(matrix, confidence=confidence)
    table["suppressed"] = table["n_negative"] < min_n
    shown = ~table["suppressed"].to_numpy()
    table = table.join(odds_table(matrix, shown, confidence=confidence))
    table = table.join(leave_out_table(matrix, confidence=confidence, min_n=min_n))
    return table.join(points_table(matrix, confidence=confidence))


def _notes(matrix: ThemeMatrix) -> dict[str, Any]:
    """Return what the table is made of: the ends of both waterfalls, and how many people."""
    people, definition = matrix.people, matrix.definition
    wrote, groups = people["wrote"].to_numpy(), people["group"].to_numpy()
    x, n_wrote = people["x"].to_numpy() * matrix.often, int(matrix.count(wrote))
    return {
        "metric": definition.metric,
        "method": definition.method,
        "unit": definition.unit,
        "scale": list(definition.scale),
        "score": float(x.sum() / matrix.n),
        "minimum": definition.minimum,
        "maximum": definition.maximum,
        "n_respondents": matrix.n,
        "n_missing": matrix.n_missing,
        "n_wrote": n_wrote,
        "n_groups": {name: int(matrix.count(groups == i)) for i, name in enumerate(GROUPS)},
        "n_wrote_groups": {
            name: int(matrix.count(wrote & (groups == i))) for i, name in enumerate(GROUPS)
        },
        "score_wrote": float(x[wrote].sum() / n_wrote) if n_wrote else None,
        "test": "Fisher's exact test, two-sided, of those who wrote",
        "q": "Benjamini–Hochberg over the themes that are not suppressed",
        "intervals": "score intervals (points, scores, impact, net polarity), Wilson's (shares)",
    }


def _waterfall(table: pd.DataFrame, matrix: ThemeMatrix, min_n: int) -> dict[str, Any]:
    """Return the points that no theme is shown with: as rows, and their sums by name."""
    small, few = table["suppressed"], table["n_positive"] < min_n
    hidden = {name: float(table.loc[small, name].sum()) for name in LOST}
    hidden |= {name: float(table.loc[few, name].sum()) for name in POINTS_WON}
    rest = unexplained(matrix)
    none, no_praise, silent = rest
    if small.any() or hidden["points_won"] > 0:
        rest = [{"theme": "suppressed", **hidden}, *rest]
    x, definition = matrix.people["x"].to_numpy(), matrix.definition
    score = float((x * matrix.often).sum() / matrix.n)
    return {
        "points_lost_total": definition.maximum - score,
        "suppressed": hidden["points_lost"],
        "no_negative_theme": none["points_lost"],
        "no_comment": silent["points_lost"],
        "points_won_total": score - definition.minimum,
        "suppressed_won": hidden["points_won"],
        "no_positive_theme_won": no_praise["points_won"],
        "no_comment_won": silent["points_won"],
        "n_no_negative_theme": none["n"],
        "n_no_positive_theme": no_praise["n"],
        "n_no_comment": silent["n"],
        "rest": rest,
    }


def _arrange(table: pd.DataFrame, min_n: int) -> pd.DataFrame:
    """Return the columns in order, themes by points lost, suppressed ones without figures last."""
    out = table[list(COLUMNS)].copy()
    figures = [name for name in COLUMNS if name not in (*COUNTS, *WON)]
    out.loc[out["suppressed"], figures] = np.nan
    out.loc[out["n_positive"] < min_n, list(WON)] = np.nan
    out.loc[out["n"] < min_n, list(NET)] = np.nan
    alike = out.round({"points_lost": _ALIKE})  # sums of parts differ in their last digits
    ranked = alike.sort_values(
        ["suppressed", "points_lost", "n", "theme"], ascending=[True, False, False, True]
    )
    return out.loc[ranked.index].reset_index(drop=True)


def with_unexplained(table: pd.DataFrame) -> pd.DataFrame:
    """Return a driver table with the points that no theme is shown with, so that all add up.

    Args:
        table: What ``driver_table`` returned.

    Returns:
        The table with rows ``suppressed`` (themes too small to be shown, together; where there are
        any), ``no_negative_theme``, ``no_positive_theme`` and ``no_comment`` after the themes,
        with the number of their respondents and their points. The points lost of all rows sum to
        maximum − score, those of a group to the group's part of it, the points won to score −
        minimum.

    Example:
        >>> comments = pd.DataFrame({"comment_id": ["a", "b"], "text": ["Late", ""]})
        >>> from feedback_nlp.schema import mentions_table
        >>> table = driver_table(comments.assign(nps=[7, 0]), mentions_table([], []), n_boot=0)
        >>> with_unexplained(table)[["theme", "n", "points_lost", "points_won"]].dropna(how="all")
                       theme  n  points_lost  points_won
        0  no_negative_theme  1         50.0         NaN
        1  no_positive_theme  1          NaN        50.0
        2         no_comment  1        100.0         0.0
    """
    rest = pd.DataFrame(table.attrs["drivers"]["rest"]).assign(suppressed=False)
    counts = [name for name in table.columns if name == "n" or name.startswith("n_")]
    both = [
        frame.astype(dict.fromkeys(set(counts) & set(frame), "Int64")) for frame in (table, rest)
    ]
    out = pd.concat([frame.dropna(axis=1, how="all") for frame in both], ignore_index=True)
    out = out.reindex(columns=table.columns)
    out.attrs = dict(table.attrs)
    return out
