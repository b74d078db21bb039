"""Which themes are mentioned together by the same respondent, more or less often than by chance."""

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from feedback_nlp.drivers.join import Level, Mask, drops, fold, usable
from feedback_nlp.drivers.settings import check_settings
from feedback_nlp.errors import FeedbackError
from feedback_nlp.schema import (
    POLARITIES,
    check_comments,
    check_mentions,
    respondent_ids,
    themes_without_subject,
)
from feedback_nlp.scores.multiple import benjamini_hochberg
from feedback_nlp.scores.quantiles import quantile
from feedback_nlp.words.odds import fisher_p
from feedback_nlp.words.sides import Side, name_of, side_of

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
_COUNTS = ("theme_a", "theme_b", "n_both", "n_a", "n_b", "n", "share", "expected")
_FIGURES = (
    "lift", "lift_low", "lift_high", "odds_ratio", "odds_ratio_low", "odds_ratio_high", "npmi",
    "p_value", "q_value",
)  # fmt: skip


def together_table(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    *,
    level: Level = "top",
    polarity: str | None = None,
    group: Side | None = None,
    rating: str = "nps",
    min_n: int = 10,
    confidence: float = 0.95,
    not_drivers: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return how often each two themes are mentioned by the same respondent, against chance.

    The base is the respondents who wrote: with a comment that can be read, or a mention.

    Args:
        comments: A comments table, with the columns of tagging if there are any.
        mentions: The mentions of these comments.
        level: ``top`` folds sub-themes into their parent, ``sub`` keeps them.
        polarity: Only mentions of this polarity, such as ``negative``: which themes are blamed
            together.
        group: Only comments of ``detractors``, ``passives`` or ``promoters``, of a segment as
            ``Channel=App``, or for which a boolean is True; all if not given.
        rating: The rating column that makes the groups.
        min_n: Pairs that fewer respondents mention, and of which fewer would be expected, are
            suppressed.
        confidence: Level of the intervals, each by itself.
        not_drivers: Themes to leave out; those noted with the mentions if not given.

    Returns:
        One row a pair of themes, what comes together most first: ``theme_a``, ``theme_b``;
        ``n_both``, ``n_a``, ``n_b`` of ``n`` respondents who wrote; ``share`` (``n_both`` ÷ n);
        ``expected`` (n_a n_b ÷ n, if the two had nothing to do with each other); ``lift``
        (``n_both`` ÷ expected) with ``lift_low`` and ``lift_high``; ``odds_ratio`` (half a
        respondent added to each cell) with its ends; ``npmi`` (−1 never together, 0 chance, 1
        never apart); ``p_value`` (Fisher's exact test, two-sided); ``q_value`` (Benjamini–Hochberg
        over the pairs shown); ``suppressed``. ``attrs["together"]`` notes what was counted, with
        ``note`` in words where there is nothing to show.

    Raises:
        ColumnError: A column is missing, or the mentions are not those of the comments.
        FeedbackError: No such level, polarity, group or segment, ``min_n`` negative, or a
            confidence not between 0 and 1.

    Example:
        >>> from feedback_nlp.records import Mention
        >>> from feedback_nlp.schema import mentions_table
        >>> comments = pd.DataFrame({"comment_id": [str(i) for i in range(40)], "text": "…"})
        >>> rows = [(str(i), "…", Mention(theme=theme, polarity="negative", theme_confidence=1,
        ...                               polarity_confidence=1, start=0, end=1))
        ...         for i in range(30) for theme in (["price", "service"] if i < 10 else ["price"])]
        >>> found = together_table(comments, mentions_table(rows, ["price", "service"]))
        >>> found[["theme_a", "theme_b", "n_both", "expected", "lift"]].round(2)
          theme_a  theme_b  n_both  expected  lift
        0   price  service      10       7.5  1.33
    """
    if polarity is not None and polarity not in POLARITIES:
        raise FeedbackError(f"No polarity {polarity!r}; choose {', '.join(POLARITIES)}.")
    check_settings(min_n=min_n, confidence=confidence)
    check_comments(comments)
    check_mentions(mentions, comments)
    z = quantile(confidence)
    chosen = np.ones(len(comments), dtype=bool)
    if group is not None:
        chosen, _ = side_of(comments, group, rating, "group=")
    dull = themes_without_subject(mentions) if not_drivers is None else not_drivers
    grid, themes = _grid(comments, mentions, chosen, level, polarity, dull)
    table = _pairs(grid, themes)
    table = table.assign(**_figures(table, z))
    table["suppressed"] = np.maximum(table["n_both"], table["expected"]) < min_n
    table.loc[table["suppressed"], list(_FIGURES)] = np.nan
    table["q_value"] = benjamini_hochberg(table["p_value"])
    ranked = table.sort_values(
        ["suppressed", "lift", "n_both", "theme_a", "theme_b"],
        ascending=[True, False, False, True, True],
    )
    out = ranked.reset_index(drop=True)[[*_COUNTS, *_FIGURES, "suppressed"]]
    notes: dict[str, Any] = {
        "level": level, "polarity": polarity, "group": None if group is None else name_of(group),
        "rating": None if group is None else rating, "n": len(grid), "n_themes": len(themes),
        "min_n": min_n, "confidence": confidence,
        "test": "Fisher's exact test, two-sided, of the respondents who wrote",
        "q": "Benjamini–Hochberg over the pairs that are not suppressed",
    }  # fmt: skip
    out.attrs = {"together": notes | {"note": _note(notes, out)}}
    return out


def npmi(n_both: ArrayLike, n_a: ArrayLike, n_b: ArrayLike, n: float) -> Floats:
    """Return the normalised pointwise mutual information of pairs: ln(lift) ÷ −ln(share).

    Args:
        n_both: Respondents with both.
        n_a: Respondents with the first.
        n_b: Respondents with the second.
        n: Respondents in all.

    Returns:
        −1 (never together) to 1 (never apart), 0 where they meet as often as by chance (Bouma
        2009); missing where one of the two never occurs, or everybody has both.

    Example:
        >>> npmi([10, 10, 1, 0], [20, 10, 100, 5], [30, 10, 100, 5], 1000).round(4)
        array([ 0.6109,  1.    , -0.3333, -1.    ])
    """
    both, a, b = (np.asarray(x, dtype=np.float64) for x in (n_both, n_a, n_b))
    with np.errstate(divide="ignore", invalid="ignore"):
        figure = np.log(both * n / (a * b)) / -np.log(both / n)
    figure = np.where((both == 0) & (a > 0) & (b > 0), -1.0, figure)
    return np.where((both < n) & (a > 0) & (b > 0), figure, np.nan)


def _grid(
    comments: pd.DataFrame, mentions: pd.DataFrame, chosen: Mask, level: Level,
    polarity: str | None, not_drivers: Collection[str],
) -> tuple[Mask, list[str]]:  # fmt: skip
    """Return who of those who wrote mentions which theme, and the themes."""
    row = pd.Index(comments["comment_id"]).get_indexer(pd.Index(mentions["comment_id"]))
    wrote = usable(comments).copy()
    wrote[row] = True
    wrote &= chosen
    people = np.full(len(comments), -1, dtype=np.int64)
    people[wrote], names = pd.factorize(respondent_ids(comments)[wrote])
    keep = wrote[row] & ~drops(mentions["theme"], not_drivers)
    if polarity is not None:
        keep &= (mentions["polarity"] == polarity).to_numpy()
    theme = fold(mentions["theme"][keep], level)
    grid = np.zeros((len(names), len(theme.categories)), dtype=bool)
    grid[people[row[keep]], theme.codes] = True
    return grid, [str(name) for name in theme.categories]


def _pairs(grid: Mask, themes: list[str]) -> pd.DataFrame:
    """Return the pairs of themes and how many respondents mention each and both."""
    exact = grid.astype(np.float64)
    both = (exact.T @ exact).astype(np.int64)
    a, b = np.triu_indices(len(themes), k=1)
    n = len(grid)
    names = pd.array(themes, dtype="str")
    n_a, n_b, n_both = both[a, a], both[b, b], both[a, b]
    return pd.DataFrame(
        {
            "theme_a": names[a],
            "theme_b": names[b],
            "n_both": n_both,
            "n_a": n_a,
            "n_b": n_b,
            "n": np.full(a.size, n, dtype=np.int64),
            "share": n_both / max(n, 1),
            "expected": n_a * n_b / max(n, 1),
            "p_value": _p_values(n_both, n_a, n_b, n),
        }
    )


def _p_values(n_both: Counts, n_a: Counts, n_b: Counts, n: int) -> Floats:
    """Return the p of Fisher's exact test of each pair; pairs with the same n_a share the work."""
    p_values = np.full(n_both.size, np.nan)
    for total in np.unique(n_a):
        rows = n_a == total
        rest = n_b[rows] - n_both[rows]
        p_values[rows] = fisher_p(n_both[rows], int(total), rest, n - int(total))
    return p_values


def _figures(table: pd.DataFrame, z: float) -> dict[str, Floats]:
    """Return lift, odds ratio and npmi with their ends; where everybody has a theme, no ends.

    The ends of the lift are exp(ln lift ± z √v) with v = 1/both − 1/a − 1/b + (2 lift − 1)/n, the
    delta method for the four cells, each with half a respondent added.
    """
    both, a, b, n = (table[name].to_numpy(np.float64) for name in ("n_both", "n_a", "n_b", "n"))
    cells = np.stack([both, a - both, b - both, n - a - b + both]) + 0.5
    with_a, with_b, total = cells[0] + cells[1], cells[0] + cells[2], cells.sum(axis=0)
    lift = cells[0] * total / (with_a * with_b)
    variance = 1 / cells[0] - 1 / with_a - 1 / with_b + (2 * lift - 1) / total
    half = z * np.sqrt(np.maximum(variance, 0))
    log_odds = np.log(cells[0] * cells[3] / (cells[1] * cells[2]))
    half_odds = z * np.sqrt((1 / cells).sum(axis=0))
    varies = (a < n) & (b < n)
    ends = {
        "lift_low": np.where(both > 0, lift * np.exp(-half), 0.0),
        "lift_high": lift * np.exp(half),
        "odds_ratio": np.exp(log_odds),
        "odds_ratio_low": np.exp(log_odds - half_odds),
        "odds_ratio_high": np.exp(log_odds + half_odds),
    }
    out = {name: np.where(varies, values, np.nan) for name, values in ends.items()}
    out["lift"] = both * n / np.maximum(a * b, 1)
    return out | {"npmi": npmi(both, a, b, float(n[0]) if n.size else 0.0)}


def _note(notes: dict[str, Any], table: pd.DataFrame) -> str:
    """Return why there is nothing to show, "" where there is."""
    if not notes["n"]:
        return "Nobody of them left a comment that can be read, so no theme comes with another."
    if notes["n_themes"] < 2:
        found = "No theme is" if not notes["n_themes"] else "Only one theme is"
        return f"{found} mentioned, so none comes with another."
    if table["suppressed"].all():
        return (
            f"No pair of themes is mentioned by {notes['min_n']:,} respondents, or expected of as "
            "many, so no figures are shown."
        )
    return ""
