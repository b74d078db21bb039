"""Which columns of a comments table are meant: its comments, its rating, what splits it."""

from collections.abc import Sequence

import pandas as pd

from feedback_nlp.errors import ColumnError, RatingError, shorten_list
from feedback_nlp.schema import info, rating_scales

PREFERRED = ("nps", "csat", "ces")
_THOUSANDS = r"[1-9]\d{0,2},\d{3}"
_DECIMALS = r"\d+,\d+"
_EACH_ITS_OWN = ("comment_id", "respondent_id", "text")


def check_has_text(comments: pd.DataFrame) -> None:
    """Raise if the reader found no column with comments, so that there is nothing to tag.

    Raises:
        ColumnError: No column has the role of text; the message names the columns there are.
    """
    roles = info(comments).get("roles", [])
    if roles and not any(role["role"] == "text" for role in roles):
        columns = shorten_list(role["column"] for role in roles)
        raise ColumnError(
            f"No column with comments was found among: {columns}. Name it: --text COLUMN "
            "(for the score alone, which needs none: feedback-nlp score)."
        )


def first_rating(comments: pd.DataFrame) -> str:
    """Return the rating that a table is about: nps before csat before ces before others.

    Raises:
        ColumnError: The table has no rating.
    """
    known = list(rating_scales(comments)) or [
        m for m in PREFERRED if m in comments.columns and pd.api.types.is_numeric_dtype(comments[m])
    ]
    for metric in (*PREFERRED, *known):
        if metric in known:
            return metric
    blank = [m for m in PREFERRED if m in comments.columns]
    if blank:
        raise ColumnError(
            f"Column {blank[0]!r} holds no numbers, so there is no score to explain. Name the "
            f"column with the answers: --rating {blank[0]}=COLUMN."
        )
    raise ColumnError(
        "No rating column was found, and there is nothing to explain without a score. Name it: "
        "--rating nps=COLUMN (or csat=COLUMN, ces=COLUMN)."
    )


def segment_columns(
    comments: pd.DataFrame, by: Sequence[str], *, option: str = "--by"
) -> list[str]:
    """Return the columns of the table to split by, under the names they have there.

    Args:
        comments: A comments table.
        by: Headers of the export or columns of the table.
        option: What they were named with, to be repeated in messages.

    Raises:
        ColumnError: A column is missing, or holds something else for each comment.
    """
    from feedback_nlp.scores import PERIODS

    cannot = "Cannot hold fixed" if option == "--control" else "Cannot split by"
    noted = info(comments)
    renamed = noted.get("renamed", {})
    read_as = {role["column"]: role["role"] for role in noted.get("roles", [])}
    rated = {scale["column"]: metric for metric, scale in noted.get("scales", {}).items()}
    out = []
    for name in dict.fromkeys(by):
        column = renamed.get(name, name if name in comments.columns else rated.get(name, name))
        given = read_as.get(name, "") if column not in comments.columns else ""
        if column in _EACH_ITS_OWN or given.split(" ")[0] in ("text", "id", "respondent"):
            raise ColumnError(
                f"{cannot} {name!r}: it was read as {given or 'each comment’s own'}, which "
                "makes no groups. Name a column with a few values, or month, quarter or year."
            )
        if column == "date" or given == "date":
            raise ColumnError(
                f"{cannot} {name!r}, which is the date: every moment would be a group. Name "
                "day, week, month, quarter or year."
            )
        if column not in comments.columns and column not in PERIODS:
            raise ColumnError.missing(name, comments.columns, option=option)
        if column not in comments.columns and "date" not in comments.columns:
            raise ColumnError(
                f"{cannot} {name!r}: no column of dates was found in the export. Name it where "
                "the export is read: --date COLUMN."
            )
        out.append(column)
    return out


def with_numbers(comments: pd.DataFrame, name: str) -> tuple[pd.DataFrame, str]:
    """Return the table with a column of numbers, which an export holds as text, and its name there.

    Args:
        comments: A comments table.
        name: Header of the export or column of the table.

    Raises:
        ColumnError: There is no such column.
        RatingError: It holds something that is no number; the message has the first rows.
    """
    column = info(comments).get("renamed", {}).get(name, name)
    if column not in comments.columns:
        raise ColumnError.missing(name, comments.columns)
    given = comments[column]
    numbers = given
    if not pd.api.types.is_numeric_dtype(given):
        text = given.astype("str").str.strip()
        _check_thousands(text, name)
        text = text.str.replace(",", ".", regex=False)
        numbers = pd.to_numeric(text.where(given.notna() & text.ne("")), errors="coerce")
        odd = comments.index[numbers.isna() & given.notna() & text.ne("")]
        if len(odd):
            raise RatingError(
                f"Column {name!r} has {len(odd)} values that are no numbers, first "
                f"{str(given[odd[0]])[:40]!r} in comment {comments['comment_id'][odd[0]]!r}. "
                "Correct them, or name another column."
            )
    return comments.assign(**{column: numbers.astype("float64")}), column


def _check_thousands(text: pd.Series, name: str) -> None:
    """Raise where 1,234 may be a thousand and more, or one and a bit."""
    open_ones = text[text.str.fullmatch(_THOUSANDS)]
    decimals = text.str.fullmatch(_DECIMALS) & ~text.str.fullmatch(_THOUSANDS)
    if len(open_ones) and not decimals.any():
        raise RatingError(
            f"Column {name!r} holds {open_ones.iloc[0]!r}, which may be more than a thousand or "
            "little more than a unit. Write it without a comma, or with a point."
        )
