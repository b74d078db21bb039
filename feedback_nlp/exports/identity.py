"""Who wrote what: ids that are unique, and respondents that are counted once."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.exports.export import Export
from feedback_nlp.exports.roles import Given, Roles
from feedback_nlp.exports.rows import Rows
from feedback_nlp.exports.sampling import mix
from feedback_nlp.exports.watching import FileWatch, Hashes, hash_texts
from feedback_nlp.exports.wordings import ID, RESPONDENT, plain


def may_be_id(header: str, given: Given) -> bool:
    """Return whether a column may turn out to hold ids, as far as its header says.

    A column without a header may only where the user names an id.
    """
    named = [name for name in (given.id, given.respondent) if name is not None]
    if not header:
        return bool(named)
    if " ".join(header.split()).casefold() in {" ".join(n.split()).casefold() for n in named}:
        return True
    words = plain(header)
    return bool(ID.search(words) or RESPONDENT.search(words))


@dataclass(frozen=True, slots=True, kw_only=True)
class IdPlan:
    """How rows and respondents are called.

    Attributes:
        column: The column with the id of each row; rows are numbered where there is none.
        respondent: A column of its own that says who answered.
        prefixed: Whether the name of the file is put before the ids.
        within: How many rows before each row have its id, where rows share ids.
        notes: Sentences for the analyst.
    """

    column: str | None = None
    respondent: str | None = None
    prefixed: bool = False
    within: NDArray[np.int32] | None = None
    notes: tuple[str, ...] = ()

    @property
    def repeats(self) -> bool:
        """Whether a respondent may have several rows."""
        return self.within is not None or self.respondent is not None

    def row_ids(self, rows: Rows) -> pd.Series:
        """Return an id for each row, not yet unique where rows share ids."""
        if self.column is None:
            return _numbered(rows)
        ids = rows.frame[self.column].str.strip()
        if (blank := ids.eq("")).any():
            ids = ids.mask(blank, _numbered(rows))
        return _stems(rows) + " " + ids if self.prefixed else ids

    def respondents(self, rows: Rows, ids: pd.Series) -> pd.Series:
        """Return who answered each row."""
        if self.respondent is None:
            return ids
        person = rows.frame[self.respondent].str.strip()
        return person.where(person.ne(""), ids)

    def comment_ids(
        self, ids: pd.Series, start: int, rows: np.ndarray, which: np.ndarray, per_row: int
    ) -> pd.Series:
        """Return a unique id for each comment: that of its row, with /1, /2 … where needed.

        Args:
            ids: Of each row of a part.
            start: Number of its first row in the export, from 0.
            rows: The row of each comment in the part.
            which: The place of its column among those with comments.
            per_row: Number of these columns.
        """
        own = ids.take(rows).reset_index(drop=True)
        if self.within is None and per_row == 1:
            return own
        before = 0 if self.within is None else self.within[start + rows].astype(np.int64)
        numbers = pd.Series(before * per_row + which + 1, dtype="int64").astype("str")
        return own + "/" + numbers


def decide_ids(export: Export, roles: Roles) -> IdPlan:
    """Return how rows are called.

    An id column whose values repeat says who answered, not which answer it is; without an id
    column rows are numbered.
    """
    column = roles.id or roles.respondent
    if column is None:
        return IdPlan()
    other = roles.respondent if roles.respondent != column else None
    notes: list[str] = []
    found = [watch.ids_of(column) for watch in export.watches]
    blank = sum(int((hashes == 0).sum()) for hashes in found)
    if blank:
        notes.append(f"{blank} rows have no {column!r}; they are called by their row number.")
    prefixed = roles.id is not None and len(found) > 1 and _restarts(found)
    if prefixed:
        notes.append(
            f"The ids in {column!r} start again in each file; the name of the file was put before "
            "them."
        )
    filled = [
        _with_numbers(hashes, watch, export.stems if len(found) > 1 else None)
        for hashes, watch in zip(found, export.watches, strict=True)
    ]
    if prefixed:
        filled = [mix(hashes + np.uint64(file)) for file, hashes in enumerate(filled)]
    within, different, sharing = _repeats(np.concatenate(filled))
    if within is not None and roles.id is not None:
        notes.append(
            f"The ids in {column!r} repeat ({different} different ones in {export.rows} rows, "
            f"{sharing} rows share theirs): "
            "rows with the same id are one respondent, and their comments are numbered /1, /2 …"
        )
    return IdPlan(
        column=column, respondent=other, prefixed=prefixed, within=within, notes=tuple(notes)
    )


def _with_numbers(hashes: Hashes, watch: FileWatch, stems: list[str] | None) -> Hashes:
    """Return the hash of each id, that of its row number where there is none."""
    rows = np.flatnonzero(hashes == 0)
    if not len(rows):
        return hashes
    called = "row " + pd.Series(watch.numbers(rows), dtype="int64").astype("str")
    if stems is not None:
        called = f"{stems[watch.file]} " + called
    hashes[rows] = hash_texts(called.to_numpy(dtype=object))
    return hashes


def _restarts(files: list[Hashes]) -> bool:
    """Return whether each file has its ids once, and files share some."""
    filled = [hashes[hashes != 0] for hashes in files]
    if any(len(np.unique(hashes)) < len(hashes) for hashes in filled):
        return False
    every = np.concatenate(filled)
    return len(np.unique(every)) < len(every)


def _repeats(hashes: Hashes) -> tuple[NDArray[np.int32] | None, int, int]:
    """Return how many rows before each have its id, the different ids, and the rows that share.

    The first is ``None`` where each id is there once.
    """
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(first)
    if len(starts) == len(hashes):
        return None, len(hashes), 0
    sizes = np.diff(np.append(starts, len(ordered)))
    within = np.empty(len(hashes), dtype=np.int32)
    within[order] = np.arange(len(ordered)) - np.repeat(starts, sizes)
    return within, len(starts), int(sizes[sizes > 1].sum())


def _numbered(rows: Rows) -> pd.Series:
    numbered = "row " + pd.Series(rows.numbers, dtype="int64").astype("str")
    return (_stems(rows) + " " + numbered if len(rows.stems) > 1 else numbered).astype("str")


def _stems(rows: Rows) -> pd.Series:
    return pd.Series(np.array(rows.stems, dtype=object)[rows.files], dtype="str")


class Conflicts:
    """Counts respondents with different answers to one question, in twelve bytes an answer."""

    def __init__(self) -> None:
        """Begin with no answer."""
        self._people: list[Hashes] = []
        self._values: list[NDArray[np.float32]] = []

    def add(self, respondents: pd.Series, values: pd.Series) -> None:
        """See the answers of some rows; missing ones do not count."""
        known = values.notna().to_numpy()
        if known.any():
            people = respondents.to_numpy(dtype=object)[known]
            self._people.append(hash_texts(people))
            self._values.append(values.to_numpy()[known].astype(np.float32))

    def count(self) -> int:
        """Return how many respondents gave different answers."""
        if not self._people:
            return 0
        people, values = np.concatenate(self._people), np.concatenate(self._values)
        order = np.lexsort((values, people))
        people, values = people[order], values[order]
        differs = (people[1:] == people[:-1]) & (values[1:] != values[:-1])
        return len(np.unique(people[1:][differs]))


def conflict_note(count: int, metric: str, *, dated: bool) -> list[str]:
    """Tell how many respondents gave two different ratings, and which one counts."""
    if not count:
        return []
    last = "by date" if dated else "in the file"
    return [
        f"{count} respondents gave different answers for {metric}; scores count their last one "
        f"{last}."
    ]
