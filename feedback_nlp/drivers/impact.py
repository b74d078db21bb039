"""What each theme stands for in the score: points lost, impact, and who mentions it.

Definitions: ``docs/metrics.md``. They describe which themes come together with which ratings. None
of them says what the score would be if a theme were dealt with.
"""

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.bootstrap import Figures, Patterns, intervals
from feedback_nlp.drivers.join import Level, ThemeMatrix, theme_matrix
from feedback_nlp.errors import FeedbackError
from feedback_nlp.scores import benjamini_hochberg
from feedback_nlp.scores.answers import Scale
from feedback_nlp.scores.intervals import quantile
from feedback_nlp.scores.survey import no_ratings

Floats = NDArray[np.float64]
GROUPS = ("detractors", "passives", "promoters")
WITHOUT = ["score_without", "impact_leave_out", "impact_low", "impact_high"]
ALWAYS_SHOWN = (
    "theme",
    "n",
    "n_negative",
    "n_positive",
    "share",
    "net_polarity",
    "n_detractors",
    "suppressed",
)


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
) -> pd.DataFrame:
    """Return what each theme stands for in the score, one row a theme, most points lost first.

    Args:
        comments: A comments table, with the columns of tagging if there are any.
        mentions: The mentions of these comments.
        rating: The rating column; high answers are the good ones.
        level: ``top`` folds sub-themes into their parent, ``sub`` keeps them.
        min_n: Themes that fewer respondents mention negatively are suppressed: no figures, listed
            last. Where fewer do not mention it negatively, the score without it is left out.
        n_boot: Bootstrap draws of respondents; 0 for no intervals.
        seed: Of the bootstrap.
        confidence: Level of all intervals.
        metric: As in ``scores.score_of``.
        method: As in ``scores.score_of``.
        scale: As in ``scores.score_of``.
        not_drivers: Themes that explain nothing: who mentions only these negatively counts under
            ``no_negative_theme``.

    Returns:
        The columns are

        - ``theme``; ``n``, ``n_negative``, ``n_positive``: respondents who mention it at all,
          negatively, positively (one may do both); ``share`` of all respondents who mention it;
        - ``n_detractors``: detractors who mention it negatively; ``share_detractors``,
          ``share_passives``, ``share_promoters``: share of each group's respondents who do (for
          other scores than NPS: the low, middle and top group, named in the notes);
        - ``odds_ratio``, ``odds_ratio_low``, ``odds_ratio_high``, ``p_value``, ``q_value``:
          negative mention among detractors against all others, of those who wrote. 0.5 is added
          to each cell of the odds ratio (Haldane–Anscombe), the interval is Woolf's, the test is
          Fisher's exact, two-sided, and q is Benjamini–Hochberg's over the themes shown;
        - ``net_polarity``: (positive − negative) ÷ respondents with a known polarity, −1 to 1;
        - ``score_with``, ``score_without``: score of those who mention it negatively and of those
          who do not;
        - ``impact_leave_out`` (score of all minus ``score_without``) with ``impact_low`` and
          ``impact_high``: never add these up;
        - ``points_lost`` with ``points_lost_low`` and ``points_lost_high``: these add up;
        - ``suppressed``.

        ``attrs["drivers"]`` notes what the table is made of: ``points_lost`` of the rows,
        ``suppressed``, ``no_negative_theme`` and ``no_comment`` add up to ``points_lost_total`` =
        ``maximum`` − ``score``. ``attrs["groups"]`` has the names of the groups.

    Raises:
        ColumnError: A column is missing, or the mentions are not those of the comments.
        RatingError: As for the score itself.
        FeedbackError: ``n_boot`` is negative, or the confidence not between 0 and 1.

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
    if n_boot < 0:
        raise FeedbackError(f"n_boot is {n_boot}; give the number of draws, or 0 for no intervals.")
    matrix = theme_matrix(
        comments, mentions, rating, level=level, metric=metric, method=method, scale=scale,
        not_drivers=not_drivers,
    )  # fmt: skip
    if matrix.people.empty:
        raise no_ratings(rating, matrix.n_missing)
    patterns = Patterns.of(matrix)
    point = patterns.figures(patterns.counts[np.newaxis, :])
    table = _counts(matrix)
    table["suppressed"] = table["n_negative"] < min_n
    table = table.join(_comparison(matrix, ~table["suppressed"].to_numpy(), confidence))
    table = table.join(_impact(patterns, point, n_boot=n_boot, seed=seed, confidence=confidence))
    table.loc[len(matrix.people) - table["n_negative"] < min_n, WITHOUT] = np.nan
    hidden = float(table.loc[table["suppressed"], "points_lost"].sum())
    notes = _notes(matrix, float(point.score[0]), hidden)
    notes |= {"rating": rating, "level": level, "min_n": min_n, "n_boot": n_boot, "seed": seed}
    out = _arrange(table, min_n)
    out.attrs = {
        "drivers": notes | {"confidence": confidence},
        "groups": dict(zip(GROUPS, matrix.definition.groups, strict=True)),
    }
    return out


def _counts(matrix: ThemeMatrix) -> pd.DataFrame:
    """Return who mentions what, as numbers and shares."""
    negative, positive, total = (
        frame.to_numpy(dtype=bool) for frame in (matrix.negative, matrix.positive, matrix.any)
    )
    known = (negative | positive | matrix.neutral.to_numpy(dtype=bool)).sum(axis=0)
    n_negative, n_positive = negative.sum(axis=0), positive.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        net = np.where(known > 0, (n_positive - n_negative) / known, np.nan)
    table = pd.DataFrame(
        {
            "theme": pd.array(list(matrix.themes), dtype="str"),
            "n": total.sum(axis=0),
            "n_negative": n_negative,
            "n_positive": n_positive,
            "share": total.mean(axis=0),
            "net_polarity": net,
            "n_detractors": negative[matrix.in_group(0)].sum(axis=0),
        }
    )
    for group, name in enumerate(GROUPS):
        rows = negative[matrix.in_group(group)]
        table[f"share_{name}"] = rows.mean(axis=0) if len(rows) else np.nan
    return table


def _comparison(matrix: ThemeMatrix, tested: NDArray[np.bool_], confidence: float) -> pd.DataFrame:
    """Return odds ratio, p and q of a negative mention: detractors against others, of who wrote."""
    from scipy.stats import fisher_exact

    spoke = matrix.people["spoke"].to_numpy()
    low, others = spoke & matrix.in_group(0), spoke & ~matrix.in_group(0)
    negative = matrix.negative.to_numpy(dtype=bool)
    a, c = negative[low].sum(axis=0), negative[others].sum(axis=0)
    b, d = low.sum() - a, others.sum() - c
    p_values = np.full(a.size, np.nan)
    comparable = bool(low.any() and others.any())
    if comparable:
        for i in np.flatnonzero(tested):
            p_values[i] = fisher_exact(np.array([[a[i], b[i]], [c[i], d[i]]])).pvalue
    log_odds = np.log((a + 0.5) * (d + 0.5) / ((b + 0.5) * (c + 0.5)))
    half = quantile(confidence) * np.sqrt(
        1 / (a + 0.5) + 1 / (b + 0.5) + 1 / (c + 0.5) + 1 / (d + 0.5)
    )
    table = pd.DataFrame(
        {
            "odds_ratio": np.exp(log_odds),
            "odds_ratio_low": np.exp(log_odds - half),
            "odds_ratio_high": np.exp(log_odds + half),
        }
    )
    if not comparable:
        table[:] = np.nan
    return table.assign(p_value=p_values, q_value=benjamini_hochberg(p_values))


def _impact(
    patterns: Patterns, point: Figures, *, n_boot: int, seed: int, confidence: float
) -> pd.DataFrame:
    """Return scores with and without each theme, its impact and its points, with intervals."""
    impact, points = intervals(patterns, n_boot=n_boot, seed=seed, confidence=confidence)
    return pd.DataFrame(
        {
            "score_with": point.score_with[0],
            "score_without": point.score_without[0],
            "impact_leave_out": point.impact[0],
            "impact_low": impact[0],
            "impact_high": impact[1],
            "points_lost": point.points_lost[0],
            "points_lost_low": points[0],
            "points_lost_high": points[1],
        }
    )


def _notes(matrix: ThemeMatrix, score: float, hidden: float) -> dict[str, Any]:
    """Return what the table is made of: the ends of the waterfall, and how many people."""
    people, definition = matrix.people, matrix.definition
    shortfall = definition.maximum - people["x"].to_numpy()
    unexplained = ~matrix.negative.to_numpy(dtype=bool).any(axis=1)
    spoke, wrote = people["spoke"].to_numpy(), people["wrote"].to_numpy()
    groups = people["group"].to_numpy()
    return {
        "metric": definition.metric,
        "method": definition.method,
        "unit": definition.unit,
        "scale": list(definition.scale),
        "score": score,
        "minimum": definition.minimum,
        "maximum": definition.maximum,
        "points_lost_total": definition.maximum - score,
        "suppressed": hidden,
        "no_negative_theme": float(shortfall[unexplained & spoke].sum() / len(people)),
        "no_comment": float(shortfall[unexplained & ~spoke].sum() / len(people)),
        "n_no_negative_theme": int((unexplained & spoke).sum()),
        "n_no_comment": int((unexplained & ~spoke).sum()),
        "n_respondents": len(people),
        "n_missing": matrix.n_missing,
        "n_wrote": int(wrote.sum()),
        "n_groups": {name: int((groups == i).sum()) for i, name in enumerate(GROUPS)},
        "n_wrote_groups": {
            name: int((wrote & (groups == i)).sum()) for i, name in enumerate(GROUPS)
        },
        "score_wrote": float(people["x"].to_numpy()[wrote].mean()) if wrote.any() else None,
        "test": "Fisher's exact test, two-sided, of those who wrote",
        "q": "Benjamini–Hochberg over the themes that are not suppressed",
    }


def _arrange(table: pd.DataFrame, min_n: int) -> pd.DataFrame:
    """Return the columns in order, themes by points lost, suppressed ones without figures last."""
    order = [
        "theme", "n", "n_negative", "n_positive", "share", "n_detractors",
        "share_detractors", "share_passives", "share_promoters",
        "odds_ratio", "odds_ratio_low", "odds_ratio_high", "p_value", "q_value", "net_polarity",
        "score_with", "score_without", "impact_leave_out", "impact_low", "impact_high",
        "points_lost", "points_lost_low", "points_lost_high", "suppressed",
    ]  # fmt: skip
    out = table[order].copy()
    figures = [name for name in order if name not in ALWAYS_SHOWN]
    out.loc[out["suppressed"], figures] = np.nan
    out.loc[out["n"] < min_n, "net_polarity"] = np.nan
    ranked = out.sort_values(
        ["suppressed", "points_lost", "n", "theme"], ascending=[True, False, False, True]
    )
    return ranked.reset_index(drop=True)


def with_unexplained(table: pd.DataFrame) -> pd.DataFrame:
    """Return a driver table with the points that no theme is shown with, so that all add up.

    Args:
        table: What ``driver_table`` returned.

    Returns:
        The table with rows ``suppressed`` (themes too small to be shown, together; where there are
        any), ``no_negative_theme`` and ``no_comment`` after the themes, with the number of their
        respondents and their points lost. The points of all rows sum to maximum − score.

    Example:
        >>> comments = pd.DataFrame({"comment_id": ["a", "b"], "text": ["Late", ""]})
        >>> from feedback_nlp.schema import mentions_table
        >>> table = driver_table(comments.assign(nps=[7, 0]), mentions_table([], []), n_boot=0)
        >>> with_unexplained(table)[["theme", "n", "points_lost"]].values.tolist()
        [['no_negative_theme', 1, 50.0], ['no_comment', 1, 100.0]]
    """
    notes = table.attrs["drivers"]
    rows = [
        {"theme": name, "n": notes[f"n_{name}"], "points_lost": notes[name]}
        for name in ("no_negative_theme", "no_comment")
    ]
    if table["suppressed"].any():
        rows.insert(0, {"theme": "suppressed", "points_lost": notes["suppressed"]})
    rest = pd.DataFrame(rows).assign(suppressed=False)
    counts = [name for name in table.columns if name == "n" or name.startswith("n_")]
    both = [
        frame.astype(dict.fromkeys(set(counts) & set(frame), "Int64")) for frame in (table, rest)
    ]
    out = pd.concat([frame.dropna(axis=1, how="all") for frame in both], ignore_index=True)
    out = out.reindex(columns=table.columns)
    out.attrs = dict(table.attrs)
    return out
