"""What stands in the rows of a comments table: texts, questions and all other columns."""

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
) -> np.ndarray:
    """Return the text of each comment: the cell of its row in its column."""
    if not texts:
        return np.full(len(rows), "", dtype=object)
    cells: np.ndarray = frame[texts].to_numpy(dtype=object)[rows, which]
    return cells


def questions_of(
    frame: pd.DataFrame, roles: Roles, rows: np.ndarray, which: np.ndarray
) -> pd.Categorical:
    """Return the wording beside each comment: of the question column or the header, else blank."""
    if roles.question is not None:
        return pd.Categorical(frame[roles.question].str.split().str.join(" ").to_numpy()[rows])
    several = len(roles.texts) > 1
    headers = [" ".join(h.split()) if several or keeps_wording(h) else "" for h in roles.texts] or [
        ""
    ]
    return pd.Categorical([headers[i] for i in which], categories=list(dict.fromkeys(headers)))


def add_others(
    table: pd.DataFrame, frame: pd.DataFrame, roles: Roles, rows: np.ndarray, notes: list[str]
) -> dict[str, str]:
    """Add all other columns, sub-ratings as numbers; return the headers that were changed."""
    renamed = {}
    reserved = {*COMMENT_COLUMNS, *TAGGING_COLUMNS, *MENTION_COLUMNS, *_FIGURES, *roles.ratings}
    for name in frame.columns:
        if name not in roles.subratings and name not in roles.others and name not in roles.segments:
            continue
        header = name
        if header in reserved:
            header = renamed[name] = unused(name + RENAMED, {*frame.columns, *table.columns})
            notes.append(
                f"Column {name!r} is called {header!r} in the table, which has a column of that "
                "name of its own."
            )
        column = frame[name]
        if name in roles.subratings:
            table[header] = _subrating(column, notes)[rows]
        else:
            values = pd.Categorical(column.where(column.str.strip().ne("")))
            table[header] = values.take(rows)
    return renamed


def _subrating(column: pd.Series, notes: list[str]) -> np.ndarray:
    answers = parse_answers(column)
    unread = int((~answers["readable"]).sum())
    if unread:
        notes.append(
            f"{unread} cells of the sub-rating {column.name!r} are no numbers; they are missing."
        )
    numbers: np.ndarray = answers["value"].to_numpy()
    return numbers
