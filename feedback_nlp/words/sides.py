"""Whose comments are compared with whose: groups of raters, segments, masks, and the rest."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd

from feedback_nlp.errors import ColumnError, FeedbackError, not_found, shorten_list
from feedback_nlp.scores.choosing import definition_of
from feedback_nlp.words.tables import GROUPS, Mask, group_numbers, rating_group

Side: TypeAlias = str | pd.Series | Mask | Sequence[bool]
REST = "rest"


def two_sides(
    comments: pd.DataFrame,
    group: Side,
    reference: Side,
    rating: str,
    *,
    options: tuple[str, str] = ("group=", "reference="),
) -> tuple[Mask, Mask]:
    """Return which comments are of the group, and which of the reference.

    Args:
        comments: A comments table.
        group: ``detractors``, ``passives``, ``promoters`` or the rating's own names of its groups;
            a segment as ``Channel=App``; a boolean for each comment; or ``rest``.
        reference: The same. ``rest`` is every other comment of which the column that makes the
            group is known: of respondents with a rating, or with a value in the segment.
        rating: The rating column that makes the groups.
        options: What the user named the two with, to be repeated in messages.

    Raises:
        ColumnError: A column is missing.
        FeedbackError: No such group or segment, booleans that do not fit, or comments in both.

    Example:
        >>> comments = pd.DataFrame({"comment_id": ["a", "b", "c"], "shop": ["A", "B", None]})
        >>> group, rest = two_sides(comments, "shop=A", "rest", "nps")
        >>> group.tolist(), rest.tolist()
        ([True, False, False], [False, True, False])
    """
    if _is(group, REST) and _is(reference, REST):
        raise FeedbackError("Both group and reference are the rest; say whose words to look at.")
    if _is(group, REST):
        second, known = side_of(comments, reference, rating, options[1])
        return known & ~second, second
    first, known = side_of(comments, group, rating, options[0])
    if _is(reference, REST):
        return first, known & ~first
    second, _ = side_of(comments, reference, rating, options[1])
    if (first & second).any():
        raise FeedbackError(
            f"{int((first & second).sum()):,} comments are both of {name_of(group)} and of "
            f"{name_of(reference)}; compare groups without a comment in common, or name the rest "
            f"with {options[1].rstrip('=')}."
        )
    return first, second


def name_of(side: Side) -> str:
    """Return how a side is called in notes."""
    return side if isinstance(side, str) else "the comments chosen"


def _is(side: Side, name: str) -> bool:
    return isinstance(side, str) and side == name


def side_of(comments: pd.DataFrame, side: Side, rating: str, option: str) -> tuple[Mask, Mask]:
    """Return which comments are of a side, and of which this is known.

    Args:
        comments: A comments table.
        side: As in ``two_sides``, without ``rest``.
        rating: The rating column that makes the groups.
        option: What the user named it with, ``group=`` or ``--group``, to be repeated in messages.

    Raises:
        ColumnError: A column is missing.
        FeedbackError: No such group or segment, or booleans that do not fit.
    """
    if not isinstance(side, str):
        chosen = _mask(comments, side, option)
        return chosen, np.ones(len(comments), dtype=bool)
    for column in comments.columns:
        if side.startswith(f"{column}="):
            return _segment(comments[column], side.removeprefix(f"{column}="))
    if "=" in side:
        column = side.partition("=")[0]
        raise ColumnError.missing(column, comments.columns, option=option)
    if rating not in comments.columns:
        raise ColumnError.missing(rating, comments.columns)
    names = dict.fromkeys([*definition_of(comments, rating).groups, *GROUPS, REST])
    if side not in group_numbers(definition_of(comments, rating)):
        said = not_found("group", side, names, option=option).replace("The table has", "Choose")
        raise FeedbackError(f"{said} Segments are written Column=Value.")
    return rating_group(comments, side, rating)


def _segment(column: pd.Series, value: str) -> tuple[Mask, Mask]:
    """Return which rows have a value, and which have any."""
    known = column.notna().to_numpy(dtype=bool)
    written = column.astype("object").where(known).map(str, na_action="ignore")
    if value not in set(written[known]):
        values = sorted(set(written[known]))
        raise FeedbackError(
            not_found(f"value of {column.name!r}", value, values)
            if values
            else f"Column {column.name!r} is empty, so no comment has the value {value!r}."
        )
    return np.asarray(written == value, dtype=bool), known


def _mask(comments: pd.DataFrame, given: pd.Series | Mask | Sequence[bool], option: str) -> Mask:
    """Return booleans as an array, one for each comment."""
    values = np.asarray(given)
    if isinstance(given, pd.Series) and not given.index.equals(comments.index):
        raise FeedbackError(
            f"The booleans given as {option} have another index than the comments; make them from "
            "the table itself, such as comments['shop'] == 'A'."
        )
    if values.dtype != bool or values.shape != (len(comments),):
        raise FeedbackError(
            f"What is given as {option} is not one True or False for each of the "
            f"{len(comments):,} comments but {values.dtype} of shape {values.shape}; "
            f"give a group ({shorten_list(GROUPS)}), Column=Value, or booleans."
        )
    return values
