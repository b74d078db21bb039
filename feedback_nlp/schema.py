"""The two tables: their columns, their types, and the checks every function trusts.

``comments`` has one row for each open answer, ``mentions`` one row for each theme in one stretch
of one comment.
Models write ``mentions``; everything else reads the two tables.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.errors import ColumnError, RatingError
from feedback_nlp.mentions import POLARITIES as POLARITIES
from feedback_nlp.mentions import SOURCES as SOURCES
from feedback_nlp.mentions import mentions_table as mentions_table
from feedback_nlp.records import RatingScale

SENTIMENTS = ("negative", "neutral", "positive", "mixed")
STATUSES = ("ok", "blank", "uninformative", "unknown_language")

COMMENT_COLUMNS = ("comment_id", "respondent_id", "text", "question", "language", "date")
TAGGING_COLUMNS = ("status", "sentiment", "sentiment_score")
MENTION_COLUMNS = (
    "comment_id", "theme", "polarity", "theme_confidence", "polarity_confidence",
    "start", "end", "evidence", "source",
)  # fmt: skip
INFO = "feedback_nlp"


class Notes(dict[str, Any]):
    """What is noted about a table. It is never changed in place, so tables can share it.

    pandas copies the notes of a table, down to the last entry, in every operation on it; for a
    report that is a seventh of its time.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> "Notes":
        """Return itself."""
        return self


def info(comments: pd.DataFrame) -> dict[str, Any]:
    """Return what the reader noted about a comments table: scales, roles, rows, segments.

    A table made by hand has none of it: then the answer is an empty dictionary.
    """
    found = comments.attrs.get(INFO, {})
    return dict(found)


def rating_scales(comments: pd.DataFrame) -> dict[str, RatingScale]:
    """Return the scale of each rating column that the table knows of, by metric."""
    return {k: RatingScale.from_dict(v) for k, v in info(comments).get("scales", {}).items()}


def check_comments(comments: pd.DataFrame, *, needs: Iterable[str] = ("comment_id",)) -> None:
    """Raise if a frame is not a comments table with the columns that are needed.

    Args:
        comments: The frame to look at; it is not changed.
        needs: Columns that must be there.

    Raises:
        ColumnError: A column is missing or doubled, ``comment_id`` is empty or not unique, or
            ``date`` is text.

    Example:
        >>> check_comments(pd.DataFrame({"comment_id": ["a", "b"]}))
    """
    for name in needs:
        if name not in comments.columns:
            raise ColumnError.missing(name, comments.columns)
    if not comments.columns.is_unique:
        twice = comments.columns[comments.columns.duplicated()][0]
        raise ColumnError(f"There are two columns {twice!r}; each needs its own name.")
    if "date" in comments.columns and pd.api.types.is_string_dtype(comments["date"]):
        raise ColumnError(
            "Column 'date' does not hold dates but text; convert it with pd.to_datetime, or read "
            "the export with read_comments."
        )
    if "comment_id" in comments.columns:
        ids = comments["comment_id"]
        if ids.isna().any():
            row = int(np.flatnonzero(ids.isna())[0]) + 1
            raise ColumnError(
                f"Column 'comment_id' is empty in row {row}; every comment needs its own id."
            )
        if not ids.is_unique:
            twice = ids[ids.duplicated()].iloc[0]
            raise ColumnError(
                f"Column 'comment_id' has {twice!r} more than once; each comment needs its own id."
            )


def check_mentions(
    mentions: pd.DataFrame,
    comments: pd.DataFrame | None = None,
    *,
    needs: Sequence[str] = MENTION_COLUMNS,
) -> None:
    """Raise if a frame is not a mentions table, or does not belong to the comments given.

    Args:
        mentions: A mentions table.
        comments: The comments it should belong to.
        needs: The columns it must have.

    Raises:
        ColumnError: A column is missing, a polarity is not one of the three (missing is allowed),
            or a mention has a comment id that is not among the comments.
    """
    for name in needs:
        if name not in mentions.columns:
            raise ColumnError.missing(name, mentions.columns)
    odd = set(mentions["polarity"].dropna().unique()) - set(POLARITIES)
    if odd:
        raise ColumnError(
            f"Column 'polarity' has {sorted(odd)[0]!r}; "
            f"it takes {', '.join(POLARITIES)}, or nothing."
        )
    if comments is None or mentions.empty:
        return
    known = comments["comment_id"].astype("object")  # ten times as fast to look up as Arrow's
    strangers = ~mentions["comment_id"].astype("object").isin(known)
    if strangers.any():
        raise ColumnError(
            f"{int(strangers.sum())} mentions have a comment_id that is not among the comments, "
            f"first {mentions.loc[strangers, 'comment_id'].iloc[0]!r}; tag these comments again."
        )


def theme_names(mentions: pd.DataFrame, language: str | None = None) -> dict[str, str]:
    """Return the display name of each theme that the tagger noted with its mentions, if it did.

    Args:
        mentions: A mentions table.
        language: ISO 639-1 code; where the tagger noted no name in it, the one it noted without.
    """
    noted = info(mentions)
    return {**noted.get("names", {}), **noted.get("names_in", {}).get(language, {})}


def themes_without_subject(mentions: pd.DataFrame) -> tuple[str, ...]:
    """Return the themes that are praise or blame without a subject, which are never drivers.

    The tagger notes them with its mentions. A table made by hand has no notes: there it is
    ``general``, the id that the default taxonomy uses.
    """
    return tuple(info(mentions).get("general", ("general",)))


def respondents(
    comments: pd.DataFrame,
    rating: str,
    *,
    keep: Sequence[str] = (),
    within: Sequence[int] | np.ndarray | None = None,
) -> pd.DataFrame:
    """Return one row for each respondent, in order of first appearance: what scores count.

    A respondent who answered several open questions has several comments and one rating. Where
    the rating differs between the rows of one respondent the last one counts (by date where there
    are dates, those without one first; else by row).

    Args:
        comments: A comments table; without ``respondent_id`` each comment is a respondent.
        rating: The rating column.
        keep: Further columns to take along, also with their last value.
        within: Number of the period of each row, −1 for none: then each respondent counts once in
            each period, with the last answer of that period. A row without a period goes with the
            last period of its respondent, if there is one.

    Returns:
        A frame with ``respondent_id``, the rating, and the columns to keep.

    Raises:
        ColumnError: A column is missing.
        RatingError: The rating column does not hold numbers.

    Example:
        >>> two = pd.DataFrame({"comment_id": ["a", "b"], "respondent_id": "r", "nps": [9, 9]})
        >>> len(respondents(two, "nps"))
        1
    """
    columns = list(dict.fromkeys([rating, *keep]))
    check_comments(comments, needs=("comment_id", *columns))
    if not pd.api.types.is_numeric_dtype(comments[rating]):
        raise RatingError(
            f"Column {rating!r} does not hold numbers but {comments[rating].dtype}; "
            "read the export with read_comments, or convert it first."
        )
    frame = comments[columns].reset_index(drop=True)
    ids = respondent_ids(comments)
    if "respondent_id" not in comments.columns:  # each comment is one, and no two are alike
        frame.insert(0, "respondent_id", ids.array)
        return frame
    codes, names = pd.factorize(ids)
    if len(names) == len(frame):
        frame.insert(0, "respondent_id", ids.array)
        return frame
    order = _by_date(comments, codes, len(names))
    if within is not None:
        codes, names = _apart(codes, names, np.asarray(within, dtype=np.int64), order)
    last = {
        name: frame[name]
        .take(_last_known(frame[name], codes, order, len(names)))
        .reset_index(drop=True)
        for name in columns
    }
    out = pd.DataFrame({"respondent_id": names, **last})
    out.attrs = comments.attrs
    return out


def _apart(
    codes: np.ndarray, names: pd.Index, within: np.ndarray, order: np.ndarray
) -> tuple[np.ndarray, pd.Index]:
    """Number respondents anew, each once in each period, and return whose numbers these are."""
    if (within < 0).any():
        dated = order[within[order] >= 0]
        last = np.full(len(names), -1)
        last[codes[dated]] = within[dated]
        within = np.where(within < 0, last[codes], within)
    size = int(within.max()) + 2
    numbers, found = pd.factorize(codes * size + within + 1)
    return numbers, names.take(found // size)


def _by_date(comments: pd.DataFrame, codes: np.ndarray, number: int) -> np.ndarray:
    """Return the rows so that those of one respondent are in order of time."""
    if "date" not in comments.columns or not pd.api.types.is_datetime64_any_dtype(comments["date"]):
        return np.arange(len(comments))
    again = np.bincount(codes, minlength=number)[codes] > 1
    rows = np.flatnonzero(again)
    dates = comments["date"].iloc[rows].reset_index(drop=True)
    rows = rows[dates.sort_values(kind="stable", na_position="first").index]
    return np.concatenate([np.flatnonzero(~again), rows])


def _last_known(column: pd.Series, codes: np.ndarray, order: np.ndarray, number: int) -> np.ndarray:
    """Return the row of the last value of each respondent that is not missing, if there is one."""
    rows = np.empty(number, dtype=np.int64)
    rows[codes[order]] = order
    known = column.notna().to_numpy()
    if not known.all():
        order = order[known[order]]
        rows[codes[order]] = order
    return rows


def respondent_ids(comments: pd.DataFrame) -> pd.Series:
    """Return who wrote each comment; a comment without respondent is a respondent of its own."""
    own = comments["comment_id"].astype("str")
    if "respondent_id" not in comments.columns:
        return own.rename("respondent_id")
    given = comments["respondent_id"]
    known = given.notna()
    if known.all():
        return given.astype("str").rename("respondent_id")
    alone = "comment " + own  # no other respondent's id
    return given.astype("str").where(known, alone).rename("respondent_id")


def with_info(comments: pd.DataFrame, noted: Mapping[str, Any]) -> pd.DataFrame:
    """Return the table with more notes added to those it carries."""
    out = comments.copy(deep=False)
    out.attrs[INFO] = Notes({**info(comments), **noted})
    return out
