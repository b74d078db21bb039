"""The sides of a comparison: which respondents answered before, which after, or in which group."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.join import Level, ThemeMatrix, theme_matrix
from feedback_nlp.errors import ColumnError, FeedbackError, RatingError
from feedback_nlp.schema import check_comments, check_mentions, respondent_ids, respondents
from feedback_nlp.scores import definition_of
from feedback_nlp.scores.answers import Scale
from feedback_nlp.scores.over_time.periods import days_of

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Days = tuple[np.datetime64, np.datetime64]
Side = str | float | tuple[Any, Any] | Sequence[bool] | Mask | pd.Series
_SHAPES = {
    r"\d{4}": "Y", r"\d{4}-?Q[1-4]": "Q", r"\d{4}-\d{1,2}": "M", r"\d{4}-\d{1,2}-\d{1,2}": "D",
}  # fmt: skip
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sides:
    """Respondents with a rating, each once on every side on which they answered.

    Attributes:
        matrix: Their themes and ratings.
        side: Number of the side of each.
        segments: The columns to keep, one row for each, with their last value on that side.
        n_both: Respondents who are on several sides.
        outside: Respondents with a rating who are on no side though it is known when they answered.
        undated: Respondents with a rating who are on no side since they have no date.
    """

    matrix: ThemeMatrix
    side: Ints
    segments: pd.DataFrame
    n_both: int
    outside: int
    undated: int

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes that are mentioned on any side."""
        return self.matrix.themes

    def notes(self) -> dict[str, int]:
        """Return how many respondents are on no side, or on several, or have no rating."""
        return {
            "n_both_sides": self.n_both, "n_outside": self.outside, "n_undated": self.undated,
            "n_missing": self.matrix.n_missing,
        }  # fmt: skip


def read_sides(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    rating: str,
    row_side: Ints,
    *,
    undated: Mask,
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
    whole = respondents(comments, rating)
    rated = pd.Index(whole.loc[whole[rating].notna(), "respondent_id"])
    ids = respondent_ids(comments)
    own = pd.Series(row_side[used], dtype="str") + "|" + ids[used].reset_index(drop=True)
    rows = comments[used].assign(respondent_id=own.to_numpy())
    said = mentions[mentions["comment_id"].isin(rows["comment_id"])]
    rows.attrs, said.attrs = comments.attrs, mentions.attrs
    definition = definition_of(comments, rating, metric=metric, method=method, scale=scale)
    matrix = theme_matrix(
        rows, said, rating, level=level, metric=definition.metric, method=definition.method,
        scale=definition.scale, not_drivers=not_drivers,
    )  # fmt: skip
    parts = matrix.people.index.to_series().str.partition("|")
    held = respondents(rows, rating, keep=keep).set_index("respondent_id")
    dateless = pd.Index(ids[undated])
    no_date = len(rated.difference(pd.Index(ids[used])).intersection(dateless))
    return Sides(
        matrix=matrix, side=np.array(parts[0].to_list(), dtype=np.int64),
        segments=held.loc[matrix.people.index, list(keep)].reset_index(drop=True),
        n_both=int(parts[2].value_counts().gt(1).sum()),
        outside=len(rated) - int(parts[2].nunique()) - no_date, undated=no_date,
    )  # fmt: skip


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
    masks, names = [], []
    no_date = np.zeros(len(comments), dtype=bool)
    for given, name in ((before, "before"), (after, "after")):
        if not isinstance(given, str | tuple | float | int) or isinstance(given, bool):
            masks.append(_mask(given, len(comments), name))
            names.append(name)
        elif column is not None:
            masks.append(_with_value(comments, column, given))
            names.append(f"{column} {given}")
        else:
            days = dates_of(comments)
            no_date |= np.isnat(days)
            first, last = span_of(given)
            masks.append((days >= first) & (days <= last))
            names.append(_span_name(given))
    if (masks[0] & masks[1]).any():
        raise FeedbackError(
            f"Before ({names[0]}) and after ({names[1]}) have {int((masks[0] & masks[1]).sum())} "
            "rows in common; a comment is on one side only. Choose sides that do not overlap."
        )
    return np.where(masks[1], 1, np.where(masks[0], 0, -1)), no_date, (names[0], names[1])


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
        ColumnError: There is no column of dates.
    """
    check_comments(comments, needs=("comment_id", "date"))
    if not pd.api.types.is_datetime64_any_dtype(comments["date"]):
        raise ColumnError(
            f"Column 'date' does not hold dates but {comments['date'].dtype}; read the export "
            "with read_comments, or convert it first."
        )
    return days_of(comments["date"])


def span_of(given: Side) -> Days:
    """Return the first and the last day of a period, or of a range of periods.

    Raises:
        FeedbackError: It cannot be read, or ends before it starts.

    Example:
        >>> [str(day) for day in span_of("2025-01..2025-03")]
        ['2025-01-01', '2025-03-31']
        >>> [str(day) for day in span_of("2025-W20")]
        ['2025-05-12', '2025-05-18']
    """
    if isinstance(given, str) and ".." in given:
        start, _, end = given.partition("..")
        ends: tuple[Any, Any] = (start.strip(), end.strip())
    elif isinstance(given, tuple):
        if len(given) != 2:
            raise _unreadable(given)
        ends = given
    else:
        ends = (given, given)
    first, last = _days_of_period(ends[0])[0], _days_of_period(ends[1])[1]
    if first > last:
        raise FeedbackError(f"The period {given!r} ends before it starts; put the earlier first.")
    return first, last


def _days_of_period(given: Any) -> Days:  # noqa: ANN401
    text = given if isinstance(given, str) else ""
    try:
        if week := _WEEK.fullmatch(text):
            monday = pd.Timestamp.fromisocalendar(int(week[1]), int(week[2]), 1)
            first = np.datetime64(monday.date(), "D")
            return first, first + np.timedelta64(6, "D")
        for shape, freq in _SHAPES.items():
            if re.fullmatch(shape, text):
                period = pd.Period(text.replace("-Q", "Q"), freq=freq)
                return _day(period.start_time), _day(period.end_time)
        if text or given is None or isinstance(given, int | float):
            raise _unreadable(given)
        return _day(pd.Timestamp(given)), _day(pd.Timestamp(given))
    except FeedbackError:
        raise
    except (ValueError, TypeError) as error:
        raise _unreadable(given) from error


def _day(stamp: pd.Timestamp) -> np.datetime64:
    if pd.isna(stamp):
        raise _unreadable(stamp)
    return np.datetime64(stamp.date(), "D")


def _unreadable(given: object) -> FeedbackError:
    return FeedbackError(
        f"The period {given!r} cannot be read; write it as 2025, 2025-Q2, 2025-05, 2025-W20, "
        "2025-05-12, or a range such as 2025-01..2025-03."
    )


def _span_name(given: Side) -> str:
    if isinstance(given, tuple):
        return f"{given[0]}..{given[1]}"
    return str(given)


def _mask(given: object, size: int, name: str) -> Mask:
    mask = np.asarray(given)
    if mask.shape != (size,) or mask.dtype != np.bool_:
        raise FeedbackError(
            f"{name} is neither a period nor True or False for each of the {size} rows of the "
            f"table (found {mask.dtype}, shape {mask.shape})."
        )
    return mask


def _with_value(comments: pd.DataFrame, column: str, value: object) -> Mask:
    if column not in comments.columns:
        raise ColumnError.missing(column, comments.columns)
    own = comments[column]
    mask = (own.astype("str") == str(value)).to_numpy() & own.notna().to_numpy()
    if not mask.any():
        there = sorted(own.dropna().astype("str").unique())
        raise FeedbackError(
            f"Column {column!r} has no {str(value)!r}; it has {', '.join(there[:8]) or 'no value'}"
            f"{' and more' if len(there) > 8 else ''}."
        )
    return mask
