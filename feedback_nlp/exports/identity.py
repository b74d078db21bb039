"""Who wrote what: ids that are unique, and respondents that are counted once."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from feedback_nlp.exports.export import Export
from feedback_nlp.exports.roles import Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The id of each row and of its respondent.

    Attributes:
        rows: An id for each row, not yet unique when ``shared``.
        shared: Whether rows share ids, so that comments of one id are numbered.
        respondents: Who answered.
        notes: Sentences for the analyst.
    """

    rows: pd.Series
    shared: bool
    respondents: pd.Series
    notes: tuple[str, ...] = ()

    def comment_ids(self, rows: np.ndarray, which: np.ndarray, per_row: int) -> np.ndarray:
        """Return a unique id for each comment: that of its row, with /1, /2 … where needed."""
        ids: np.ndarray = self.rows.to_numpy(dtype=object)[rows]
        if not self.shared and per_row == 1:
            return ids
        within = self.rows.groupby(self.rows.to_numpy()).cumcount().to_numpy()[rows]
        numbers = within * per_row + which + 1
        return np.array([f"{i}/{n}" for i, n in zip(ids, numbers, strict=True)], dtype=object)


def identify(frame: pd.DataFrame, roles: Roles, export: Export) -> Identity:
    """Return the ids of all rows.

    An id column whose values repeat says who answered, not which answer it is; without an id
    column rows are numbered.
    """
    numbered = _numbered(export)
    notes: list[str] = []
    column = roles.id or roles.respondent
    if column is None:
        return Identity(rows=numbered, shared=False, respondents=numbered)
    given = frame[column].str.strip()
    blank = given.eq("")
    if blank.any():
        notes.append(
            f"{int(blank.sum())} rows have no {column!r}; they are called by their row number."
        )
    ids = given.where(~blank, numbered)
    if (
        roles.id is not None
        and export.several
        and _restarts(given[~blank], export.stems[~blank.to_numpy()])
    ):
        ids = pd.Series(export.stems, index=ids.index, dtype="str") + " " + ids
        notes.append(
            f"The ids in {column!r} start again in each file; the name of the file was put before "
            "them."
        )
    shared = bool(ids.duplicated().any())
    if shared and roles.id is not None:
        repeated = int(ids.duplicated(keep=False).sum())
        notes.append(
            f"The ids in {column!r} repeat ({ids.nunique()} different ones in {len(ids)} rows, "
            f"{repeated} rows share theirs): "
            "rows with the same id are one respondent, and their comments are numbered /1, /2 …"
        )
    respondents = ids
    if roles.respondent is not None and roles.respondent != column:
        person = frame[roles.respondent].str.strip()
        respondents = person.where(person.ne(""), ids)
    return Identity(rows=ids, shared=shared, respondents=respondents, notes=tuple(notes))


def _numbered(export: Export) -> pd.Series:
    rows = pd.Series(export.numbers, dtype="int64").astype("str")
    numbered = "row " + rows
    if export.several:
        numbered = pd.Series(export.stems, dtype="str") + " " + numbered
    return numbered.astype("str")


def _restarts(ids: pd.Series, stems: np.ndarray) -> bool:
    """Return whether each file has its ids once, and files share some."""
    in_file = pd.DataFrame({"id": ids.to_numpy(), "file": stems})
    return bool(not in_file.duplicated().any() and in_file["id"].duplicated().any())


def rating_conflicts(comments: pd.DataFrame, metric: str) -> list[str]:
    """Tell how many respondents gave two different ratings, and which one counts."""
    different = comments.groupby("respondent_id", observed=True)[metric].nunique()
    count = int((different > 1).sum())
    if not count:
        return []
    last = "by date" if "date" in comments else "in the file"
    return [
        f"{count} respondents gave different answers for {metric}; scores count their last one "
        f"{last}."
    ]
