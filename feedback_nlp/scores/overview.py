"""The score of all, of each segment and of each month in one long table."""

from collections.abc import Sequence

import pandas as pd

from feedback_nlp.scores.table import score_table

ALL = "all"
_GROUP = "group of respondents"


def scores_overview(
    comments: pd.DataFrame, rating: str, *, by: Sequence[str] = (), min_n: int = 10
) -> pd.DataFrame:
    """Return the score of all, of each segment and of each month in one long table.

    Args:
        comments: A comments table.
        rating: The rating column.
        by: Segment columns.
        min_n: Groups smaller than this are suppressed.

    Returns:
        The columns of ``score_table`` after ``split`` (what it is split by: ``all``, the column,
        ``month``) and ``group``.

    Example:
        >>> comments = pd.DataFrame({"comment_id": list("abc"), "nps": [10, 9, 2]})
        >>> comments["shop"] = ["x", "x", "y"]
        >>> table = scores_overview(comments, "nps", by=["shop"], min_n=1)
        >>> table[["split", "group", "value", "n"]]
          split group       value  n
        0   all   all   33.333333  3
        1  shop     x  100.000000  2
        2  shop     y -100.000000  1
    """
    parts = [score_table(comments, rating, min_n=min_n).assign(split=ALL, group=ALL)]
    for column in splits_of(comments, by):
        named = comments.rename(columns={column: _GROUP})  # it may be called like a figure: "n"
        name = _GROUP if column in comments.columns else column
        part = score_table(named, rating, by=[name], min_n=min_n)
        parts.append(part.rename(columns={name: "group"}).assign(split=column))
    table = pd.concat([part.astype({"group": "str"}) for part in parts], ignore_index=True)
    first = ["split", "group"]
    return table[[*first, *[name for name in table.columns if name not in first]]]


def splits_of(comments: pd.DataFrame, by: Sequence[str]) -> list[str]:
    """Return what an overview splits by: the columns asked for, and the month if there are dates.

    Args:
        comments: A comments table.
        by: Segment columns.
    """
    dated = "date" in comments.columns and comments["date"].notna().any()
    return list(dict.fromkeys([*by, *(["month"] if dated else [])]))
