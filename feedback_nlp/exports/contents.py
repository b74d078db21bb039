"""What stands in the rows of a comments table: texts, questions and all other columns."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.exports.answers import parse_answers
from feedback_nlp.exports.cells import unused
from feedback_nlp.exports.roles import Roles
from feedback_nlp.exports.texts import keeps_wording
from feedback_nlp.schema import COMMENT_COLUMNS, MENTION_COLUMNS, TAGGING_COLUMNS

RENAMED = " (in the file)"
_FIGURES = (
    "metric", "method", "value", "low", "high", "n", "n_missing", "suppressed", "promoters",
    "passives", "detractors", "satisfied", "dissatisfied", "easy", "difficult",
)  # fmt: skip


def texts_of(
    frame: pd.DataFrame, texts: list[str], rows: np.ndarray, which: np.ndarray
) -> pd.Series:
    """Return the text of each comment: the cell of its row in its column."""
    if not texts:
        return pd.Series("", index=range(len(rows)), dtype="str")
    if len(texts) == 1:
        return frame[texts[0]].take(rows).reset_index(drop=True)
    return pd.Series(frame[texts].to_numpy(dtype=object)[rows, which], dtype="str")


def questions_of(
    frame: pd.DataFrame, roles: Roles, rows: np.ndarray, which: np.ndarray
) -> "pd.Categorical[str]":
    """Return the wording beside each comment: of the question column or the header, else blank."""
    if roles.question is not None:
        return categories_of(frame[roles.question].take(rows), lambda text: " ".join(text.split()))
    several = len(roles.texts) > 1
    headers = [" ".join(h.split()) if several or keeps_wording(h) else "" for h in roles.texts] or [
        ""
    ]
    different = list(dict.fromkeys(headers))
    places = np.array([different.index(header) for header in headers])
    return pd.Categorical.from_codes(places[which], categories=pd.Index(different))


def categories_of(column: pd.Series, said: Callable[[str], str]) -> "pd.Categorical[str]":
    """Return a column as categories, each different cell put in other words once."""
    codes, different = pd.factorize(column)
    words = pd.Series([said(text) for text in different], dtype="str")
    return pd.Categorical(words.take(codes))


def new_names(columns: Sequence[str], roles: Roles, *, dated: bool) -> dict[str, str]:
    """Return the new name of each column that is called like one of the table's own.

    Args:
        columns: All headers of the export.
        roles: What each is for.
        dated: Whether the table has dates.
    """
    own = ["comment_id", "respondent_id", "text", "question"]
    own += ["language"] * (roles.language is not None) + ["date"] * dated
    reserved = {*COMMENT_COLUMNS, *TAGGING_COLUMNS, *MENTION_COLUMNS, *_FIGURES, *roles.ratings}
    taken = {*columns, *own, *roles.ratings}
    renamed: dict[str, str] = {}
    for name in _others(columns, roles):
        if name in reserved:
            renamed[name] = unused(name + RENAMED, taken)
            taken.add(renamed[name])
    return renamed


def add_others(
    table: pd.DataFrame,
    frame: pd.DataFrame,
    roles: Roles,
    renamed: Mapping[str, str],
    rows: np.ndarray,
) -> dict[str, int]:
    """Add all other columns, sub-ratings as numbers; return cells of these that are none."""
    unread = {}
    columns: dict[str, Any] = {}
    for name in _others(list(frame.columns), roles):
        column = frame[name]
        if name in roles.subratings:
            answers = parse_answers(column)
            unread[name] = int((~answers["readable"]).sum())
            columns[renamed.get(name, name)] = answers["value"].to_numpy()[rows]
        else:
            values = pd.Categorical(column.where(column.str.strip().ne("")))
            columns[renamed.get(name, name)] = values.take(rows)
    for header, values in columns.items():
        table[header] = values
    return unread


def other_notes(
    columns: Sequence[str], roles: Roles, renamed: Mapping[str, str], unread: Mapping[str, int]
) -> list[str]:
    """Tell which columns have new names, and which sub-ratings have cells that are no numbers."""
    notes = []
    for name in _others(columns, roles):
        if name in renamed:
            notes.append(
                f"Column {name!r} is called {renamed[name]!r} in the table, which has a column of "
                "that name of its own."
            )
        if unread.get(name):
            notes.append(
                f"{unread[name]} cells of the sub-rating {name!r} are no numbers; they are missing."
            )
    return notes


def _others(columns: Sequence[str], roles: Roles) -> list[str]:
    others = {*roles.subratings, *roles.others, *roles.segments}
    return [name for name in columns if name in others]
