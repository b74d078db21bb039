"""Which themes comments are about, and with which polarity: the table before any score."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from feedback_nlp.drivers.join import Level, drops, fold, theme_matrix, usable
from feedback_nlp.drivers.settings import check_settings
from feedback_nlp.schema import POLARITIES, check_comments, check_mentions


def theme_table(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    *,
    rating: str | None = None,
    level: Level = "top",
    min_n: int = 10,
    not_drivers: Collection[str] = (),
) -> pd.DataFrame:
    """Return how many comments mention each theme, and how, the most frequent first.

    Args:
        comments: A comments table, with the columns of tagging if there are any.
        mentions: The mentions of these comments.
        rating: A rating column, for the score of those who mention the theme.
        level: ``top`` folds sub-themes into their parent, ``sub`` keeps them.
        min_n: Themes that fewer respondents mention get no score.
        not_drivers: Themes to leave out; all are shown if not given.

    Returns:
        One row a theme: ``theme``; ``n_comments`` that mention it and their ``share`` of the
        comments that can be read; ``negative``, ``neutral``, ``positive`` and ``unknown``:
        comments with such a mention (a comment that both praises and blames counts in both,
        ``unknown`` only where there is no known one); ``net_polarity``, (positive − negative) ÷
        comments with a known polarity; with a rating also ``n_rated`` respondents who mention it,
        their ``mean_rating`` and their ``score``.

    Raises:
        ColumnError: A column is missing, or the mentions are not those of the comments.
        RatingError: As for the score of the rating.
        FeedbackError: There is no such level, or ``min_n`` is negative.

    Example:
        >>> from feedback_nlp.records import Mention
        >>> from feedback_nlp.schema import mentions_table
        >>> comments = pd.DataFrame({"comment_id": ["a", "b"], "text": ["Late", "Fine"]})
        >>> late = Mention(theme="delivery.speed", polarity="negative", theme_confidence=1,
        ...                polarity_confidence=1, start=0, end=4)
        >>> mentions = mentions_table([("a", "Late", late)], ["delivery.speed"])
        >>> theme_table(comments, mentions)[["theme", "n_comments", "share", "net_polarity"]]
              theme  n_comments  share  net_polarity
        0  delivery           1    0.5          -1.0
    """
    check_settings(min_n=min_n)
    check_comments(comments)
    check_mentions(mentions, comments)
    theme = fold(mentions["theme"], level)
    frame = pd.DataFrame(
        {
            "comment_id": mentions["comment_id"].to_numpy(),
            "theme": np.asarray(theme, dtype=object),
            "polarity": mentions["polarity"].astype("object").fillna("unknown").to_numpy(),
        }
    )
    frame = frame[~drops(mentions["theme"], not_drivers)]
    table = _polarities(frame.drop_duplicates())
    readable = int(usable(comments).sum())
    table["share"] = table["n_comments"] / readable if readable else np.nan
    order = ["theme", "n_comments", "share", *POLARITIES, "unknown", "net_polarity"]
    table = table.sort_values(["n_comments", "theme"], ascending=[False, True])
    table = table.reset_index(drop=True)[order]
    if rating is None:
        return table
    scores = _scores(comments, mentions, rating, level=level, min_n=min_n)
    return table.join(scores.reindex(table["theme"]).reset_index(drop=True))


def _polarities(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return comments by theme and polarity, from distinct comments × themes × polarities."""
    pairs = pairs.assign(known=pairs["polarity"] != "unknown")
    settled = pairs.groupby(["comment_id", "theme"])["known"].transform("any")
    counted = pairs[pairs["known"] | ~settled]
    table = pd.crosstab(counted["theme"], counted["polarity"])
    table = table.reindex(columns=[*POLARITIES, "unknown"], fill_value=0)
    table = table.astype("int64").rename_axis(columns=None)
    comments = pairs.groupby("theme")["comment_id"].nunique()
    table.insert(0, "n_comments", comments.reindex(table.index).astype("int64"))
    known = (table["n_comments"] - table["unknown"]).astype("float64")
    net = (table["positive"] - table["negative"]) / known.where(known > 0)
    return table.assign(net_polarity=net).rename_axis("theme").reset_index()


def _scores(
    comments: pd.DataFrame, mentions: pd.DataFrame, rating: str, *, level: Level, min_n: int
) -> pd.DataFrame:
    """Return number, mean rating and score of the respondents who mention each theme."""
    matrix = theme_matrix(comments, mentions, rating, level=level, not_drivers=())
    who = matrix.any.to_numpy(dtype=bool)
    n = who.sum(axis=0)
    shown = np.where(n >= max(min_n, 1), n, np.nan)
    means = {
        name: matrix.people[column].to_numpy() @ who / shown
        for name, column in (("mean_rating", "rating"), ("score", "x"))
    }
    return pd.DataFrame({"n_rated": n, **means}, index=pd.Index(matrix.themes, name="theme"))
