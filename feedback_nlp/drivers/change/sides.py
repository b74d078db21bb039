"""The sides of a comparison: which respondents answered before, which after, or in which group."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.join import Level, ThemeMatrix, theme_matrix
from feedback_nlp.errors import ColumnError, FeedbackError, RatingError, shorten_list
from feedback_nlp.schema import check_comments, check_mentions, respondent_ids, respondents
from feedback_nlp.scores import definition_of
from feedback_nlp.scores.answers import Scale
from feedback_nlp.scores.over_time.periods import days_of
from feedback_nlp.scores.over_time.spans import span_name, span_of

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Side = str | float | dt.date | tuple[Any, Any] | Sequence[bool] | Mask | pd.Series


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sides:
    """Respondents with a rating, each once on every side on which they answered.

    Attributes:
        matrix: Their themes and ratings.
        side: Number of the side of each.
        segments: The columns to keep, one row for each, with their last value on that side.
        n_both: Respondents who count on both of the two sides that are compared.
        missing: Respondents who are on one of these two, without a rating there.
        outside: Respondents with a rating who are on neither and have a date, if dates count.
        undated: Respondents with a rating who are on neither, since they have no date.
    """

    matrix: ThemeMatrix
    side: Ints
    segments: pd.DataFrame
    n_both: int
    missing: int
    outside: int
    undated: int

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes that are mentioned on any side."""
        return self.matrix.themes

    def notes(self) -> dict[str, int]:
        """Return how many respondents count on both sides, and how many on none, by reason."""
        return {
            "n_both_sides": self.n_both, "n_outside": self.outside, "n_undated": self.undated,
            "n_missing": self.missing,
        }  # fmt: skip


def read_sides(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    rating: str,
    row_side: Ints,
    *,
    undated: Mask,
    compared: tuple[int, int] = (0, 1),
    keep: Sequence[str] = (),
    level: Level = "top",
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
    not_drivers: Collection[str] | None = None,
) -> Sides:
    """Return who is on which side, each respondent once on every side.

    Args:
        comments: A comments table.
        mentions: The mentions of these comments.
        rating: The rating column.
        row_side: Number of the side of each row of the table, −1 for none.
        undated: Rows that are on no side for want of a date.
        compared: Numbers of the two sides that are compared; others are only looked at beside them.
        keep: Columns to take along.
        level: As in ``theme_matrix``.
        metric: As in ``theme_matrix``.
        method: As in ``theme_matrix``.
        scale: As in ``theme_matrix``.
        not_drivers: As in ``theme_matrix``.

    Raises:
        ColumnError: A column is missing, or the mentions are not those of the comments.
        RatingError: As for the score itself.
    """
    check_comments(comments, needs=("comment_id", rating, *keep))
    check_mentions(mentions, comments)
    used = row_side >= 0
    ids = respondent_ids(comments)
    own = pd.Series(row_side[used], dtype="str") + "|" + ids[used].reset_index(drop=True)
    rows = comments[used].assign(respondent_id=own.to_numpy())
    place = pd.Index(comments["comment_id"]).get_indexer(pd.Index(mentions["comment_id"]))
    said = mentions[used[place]]
    rows.attrs, said.attrs = comments.attrs, mentions.attrs
    definition = definition_of(comments, rating, metric=metric, method=method, scale=scale)
    matrix = theme_matrix(
        rows, said, rating, level=level, metric=definition.metric, method=definition.method,
        scale=definition.scale, not_drivers=not_drivers,
    )  # fmt: skip
    parts = [name.partition("|") for name in matrix.people.index]
    side = np.array([int(number) for number, _, _ in parts], dtype=np.int64)
    held = respondents(rows, rating, keep=keep).set_index("respondent_id")
    counts = pd.Index([who for _, _, who in parts])[np.isin(side, compared)]
    there = pd.Index(ids[np.isin(row_side, compared)].unique())
    never = pd.Index(ids[undated]).difference(pd.Index(ids[~undated]))
    outside, dateless = _left_out(comments, rating, there, never)
    return Sides(
        matrix=matrix, side=side,
        segments=held.loc[matrix.people.index, list(keep)].reset_index(drop=True),
        n_both=int(counts.duplicated().sum()), missing=len(there) - counts.nunique(),
        outside=outside, undated=dateless,
    )  # fmt: skip


def _left_out(
    comments: pd.DataFrame, rating: str, there: pd.Index, dateless: pd.Index
) -> tuple[int, int]:
    """Return how many respondents with a rating are on neither side: with a date, and without."""
    whole = respondents(comments, rating)
    away = pd.Index(whole.loc[whole[rating].notna(), "respondent_id"]).difference(there)
    undated = len(away.intersection(dateless))
    return len(away) - undated, undated


def sides_of_rows(
    comments: pd.DataFrame, before: Side, after: Side, column: str | None
) -> tuple[Ints, Mask, tuple[str, str]]:
    """Return which rows are before (0), after (1) or neither (−1), who has no date, and two names.

    Args:
        comments: A comments table.
        before: A period (``2025``, ``2025-Q2``, ``2025-05``, ``2025-W20``, ``2025-05-12``), a
            range (``2025-01..2025-03``, or a pair of first and last), with a column one of its
            values, or True and False for each row.
        after: The same of the other side.
        column: The column whose values are compared; dates if not given.

    Raises:
        ColumnError: A column is missing or holds no dates.
        FeedbackError: A period cannot be read, a value does not occur, or the sides overlap.
    """
    masks: list[Mask] = []
    names: list[str] = []
    no_date = np.zeros(len(comments), dtype=bool)
    for given, name in ((before, "before"), (after, "after")):
        if _is_rows(given):
            masks.append(_mask(given, comments.index, name))
            names.append(name)
        elif column is not None:
            masks.append(rows_with(comments, column, given, option="column"))
            names.append(f"{column} {given}")
        else:
            days = dates_of(comments)
            no_date |= np.isnat(days)
            first, last = span_of(given)
            masks.append((days >= first) & (days <= last))
            names.append(span_name(given))
    if (masks[0] & masks[1]).any():
        raise FeedbackError(
            f"Before ({names[0]}) and after ({names[1]}) have {int((masks[0] & masks[1]).sum())} "
            "rows in common; a comment is on one side only. Choose sides that do not overlap."
        )
    return np.where(masks[1], 1, np.where(masks[0], 0, -1)), no_date, (names[0], names[1])


def turned_round(before: Side, after: Side, column: str | None) -> bool:
    """Tell whether both sides are periods, and the one after ends before the other begins."""
    if column is not None or _is_rows(before) or _is_rows(after):
        return False
    return bool(span_of(after)[1] < span_of(before)[0])


def check_whole(name: str, value: object, least: int) -> None:
    """Raise if an argument is no whole number, or too small.

    Raises:
        FeedbackError: Names the argument and the smallest number.
    """
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
        raise FeedbackError(f"{name} is {value!r}; give a whole number, {least} or more.")


def check_both(sides: Sides, rating: str, names: Mapping[int, str]) -> None:
    """Raise if there is no rating on one of two sides.

    Args:
        sides: The respondents.
        rating: The rating column.
        names: What the two sides are called, by their number.

    Raises:
        RatingError: Names the side that is empty.
    """
    for number, name in names.items():
        if not (sides.side == number).any():
            raise RatingError(
                f"There is no rating in {rating!r} for {name}; a comparison needs some on both "
                "sides. Choose other sides."
            )


def dates_of(comments: pd.DataFrame) -> NDArray[np.datetime64]:
    """Return the day of each row.

    Raises:
        ColumnError: There is no column of dates, or no date in any row.
    """
    check_comments(comments, needs=("comment_id", "date"))
    if not pd.api.types.is_datetime64_any_dtype(comments["date"]):
        raise ColumnError(
            f"Column 'date' does not hold dates but {comments['date'].dtype}; read the export "
            "with read_comments, or convert it first."
        )
    days = days_of(comments["date"])
    if np.isnat(days).all():
        raise ColumnError("Column 'date' has no date in any row, so nothing can be told by time.")
    return days


def rows_with(comments: pd.DataFrame, column: str, value: object, *, option: str = "") -> Mask:
    """Return which rows have a value in a column.

    Args:
        comments: A comments table.
        column: Its column.
        value: The value, compared as text.
        option: The argument that names the column, for the error.

    Raises:
        ColumnError: No such column.
        FeedbackError: The value does not occur; says which do.
    """
    if column not in comments.columns:
        raise ColumnError.missing(str(column), comments.columns, option=option)
    mask = holds(comments[column], value)
    if not mask.any():
        there = shorten_list(sorted(comments[column].dropna().astype("str").unique()))
        raise FeedbackError(f"Column {column!r} has no {str(value)!r}; it has {there}.")
    return mask


def holds(own: pd.Series, value: object) -> Mask:
    """Return where a column holds a value, compared as text; a missing one is none."""
    return (own.astype("str") == str(value)).to_numpy(dtype=bool) & own.notna().to_numpy()


def _is_rows(given: object) -> bool:
    """Tell whether a side is given as True or False for each row."""
    return isinstance(given, list | np.ndarray | pd.Series | pd.api.extensions.ExtensionArray)


def _mask(given: object, rows: pd.Index, name: str) -> Mask:
    """Return True or False for each row, as given for the rows of this table."""
    mask = np.asarray(given)
    if mask.shape != rows.shape or mask.dtype != np.bool_:
        raise FeedbackError(
            f"{name} is neither a period nor True or False for each of the {rows.size} rows of the "
            f"table (found {mask.dtype}, shape {mask.shape})."
        )
    if isinstance(given, pd.Series) and not given.index.equals(rows):
        raise FeedbackError(
            f"{name} has another index than the table, so its rows may be others; make it from the "
            "columns of this table, or give it as an array."
        )
    return mask
