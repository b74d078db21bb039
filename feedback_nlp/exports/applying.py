"""Rows of an export as rows of a comments table, by a plan; what is counted on the way."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.errors import ColumnError
from feedback_nlp.exports.contents import (
    add_others,
    categories_of,
    other_notes,
    questions_of,
    texts_of,
)
from feedback_nlp.exports.dates import read_dates, serial_note
from feedback_nlp.exports.export import Export
from feedback_nlp.exports.identity import Conflicts, conflict_note
from feedback_nlp.exports.planning import Plan
from feedback_nlp.exports.rated import Ratings, RatingTally, read_ratings, refuse_misfits
from feedback_nlp.exports.rows import Rows
from feedback_nlp.exports.wordings import language_code
from feedback_nlp.schema import INFO, Notes

_BLANKS = " \t\r\n\u00a0\u200b\ufeff"


class Applied:
    """Makes a comments table of rows, part by part, and counts for the notes."""

    def __init__(self, export: Export, plan: Plan) -> None:
        """Begin with no rows.

        Args:
            export: The export, gone through once.
            plan: How it is read.
        """
        self.plan = plan
        self._export = export
        self._tallies = {metric: RatingTally(one) for metric, one in plan.ratings.items()}
        self._conflicts = {metric: Conflicts() for metric in plan.ratings}
        self._start = 0
        self._used = 0
        self._blank = 0
        self._aside: Counter[str] = Counter()
        self._unread: Counter[str] = Counter()
        self._unread_dates = self._serials = 0
        self._first_unread = ""
        self._known = {
            "files": export.files,
            "roles": plan.roles.table,
            "scales": {metric: one.scale.to_dict() for metric, one in plan.ratings.items()},
        }
        self._names = {"renamed": plan.renamed, "segments": plan.segments}

    @property
    def known(self) -> dict[str, Any]:
        """The notes that are known before any row is read."""
        return {**self._known, **self._names}

    def table(self, rows: Rows) -> pd.DataFrame:
        """Return the next rows as a comments table, with what is known as its notes.

        Raises:
            RatingError: Answers do not fit their scale, and may not be set aside.
        """
        plan, frame = self.plan, rows.frame
        dates = self._read_dates(rows)
        read = {metric: self._read_ratings(metric, rows, dates) for metric in plan.ratings}
        used = self._choose(frame, read)
        k = plan.per_row
        where = np.repeat(np.flatnonzero(used), k)
        which = np.tile(np.arange(k), int(used.sum()))
        ids = plan.ids.row_ids(rows)
        people = plan.ids.respondents(rows, ids).take(where).reset_index(drop=True)
        table = pd.DataFrame(
            {
                "comment_id": plan.ids.comment_ids(ids, self._start, where, which, k),
                "respondent_id": people,
                "text": texts_of(frame, plan.roles.texts, where, which),
                "question": questions_of(frame, plan.roles, where, which),
            }
        )
        if plan.roles.language is not None:
            column = frame[plan.roles.language].take(where)
            table["language"] = categories_of(column, language_code)
        if dates is not None:
            table["date"] = dates.to_numpy()[where]
        for metric, one in read.items():
            table[metric] = one.numbers.to_numpy()[where]
            if plan.ids.repeats:
                self._conflicts[metric].add(people, table[metric])
        self._unread.update(add_others(table, frame, plan.roles, plan.renamed, where))
        self._blank += int(table["text"].str.strip().eq("").sum())
        self._start += len(frame)
        table.attrs[INFO] = Notes(self.known)
        return table

    def info(self) -> dict[str, Any]:
        """Return the notes, when all rows have been read.

        Raises:
            ColumnError: No row could be used.
        """
        export, plan = self._export, self.plan
        if not self._used:
            tally = "; ".join(f"{why} ({n})" for why, n in self._aside.most_common())
            raise ColumnError(
                f"No row of {export.name} has a comment or a rating that can be used: "
                f"{tally}. Check the columns."
            )
        refused = {metric: tally.refused for metric, tally in self._tallies.items()}
        missing = {metric: tally.missing for metric, tally in self._tallies.items()}
        return {
            **self._known,
            "rows": {
                "read": export.read,
                "used": self._used,
                "set_aside": dict(export.set_aside + self._aside),
            },
            "comments": {
                "total": self._used * plan.per_row,
                "per_row": plan.per_row,
                "blank": self._blank,
            },
            "ratings_set_aside": _by_frequency(refused),
            "ratings_missing": _by_frequency(missing),
            **self._names,
            "notes": list(dict.fromkeys(self._notes())),
        }

    def _notes(self) -> list[str]:
        export, plan = self._export, self.plan
        notes = [*export.notes, *plan.roles.notes]
        if self._unread_dates:
            notes.append(
                f"{self._unread_dates} cells of {plan.roles.date!r} are no dates that can be read "
                f"({self._first_unread}); they have no date."
            )
        notes += [*plan.date_notes, *serial_note(plan.roles.date, self._serials)]
        for tally in self._tallies.values():
            notes += tally.notes()
        notes += plan.ids.notes
        notes += other_notes(export.columns, plan.roles, plan.renamed, self._unread)
        for metric, conflicts in self._conflicts.items():
            notes += conflict_note(conflicts.count(), metric, dated=plan.roles.date is not None)
        return [*notes, *plan.notes]

    def _read_dates(self, rows: Rows) -> pd.Series | None:
        name = self.plan.roles.date
        if name is None:
            return None
        column = rows.frame[name]
        dates, serials = read_dates(column, day_first=self.plan.day_first)
        self._serials += int(serials.sum())
        unread = np.flatnonzero(dates.isna() & column.str.strip().ne(""))
        if len(unread) and not self._unread_dates:
            first = int(unread[0])
            self._first_unread = f"{column[first][:40]!r} in {rows.where(first)}"
        self._unread_dates += len(unread)
        return dates

    def _read_ratings(self, metric: str, rows: Rows, dates: pd.Series | None) -> Ratings:
        plan = self.plan.ratings[metric]
        column = rows.frame[plan.header]
        read = read_ratings(plan, column, dates)
        if not self.plan.set_aside:
            refuse_misfits(plan, column, read, rows.where)
        self._tallies[metric].add(column, read, dates, rows.where)
        return read

    def _choose(self, frame: pd.DataFrame, read: Mapping[str, Ratings]) -> np.ndarray:
        """Return which rows are used, and count why the others are not."""
        texts = self.plan.roles.texts
        has_text = np.zeros(len(frame), dtype=bool)
        for column in texts:
            has_text |= frame[column].str.strip(_BLANKS).ne("").to_numpy(dtype=bool)
        has_rating = np.zeros(len(frame), dtype=bool)
        for one in read.values():
            has_rating |= one.numbers.notna().to_numpy()
        used: np.ndarray = has_text | has_rating
        if not used.all():
            self._aside.update(_row_reasons(frame[~used], read, texts=bool(texts)).tolist())
        self._used += int(used.sum())
        for metric, one in read.items():
            refused = one.reasons[used & one.reasons.ne("").to_numpy()]
            self._tallies[metric].refused.update(refused.tolist())
        return used


def _row_reasons(frame: pd.DataFrame, read: Mapping[str, Ratings], *, texts: bool) -> pd.Series:
    """Return why each of some rows without comment and rating is set aside."""
    both = bool(read) and texts
    nothing = "no rating and no comment" if both else "no rating" if read else "no comment"
    reasons = pd.Series(nothing, index=frame.index, dtype="str")
    for one in read.values():
        refused = one.reasons[frame.index]
        reasons = reasons.mask(refused.ne(""), refused + (", and no comment" if both else ""))
    empty = pd.Series(True, index=frame.index)
    for column in frame:
        empty &= frame[column].str.strip().eq("")
    return reasons.mask(empty, "an empty row")


def _by_frequency(counts: Mapping[str, Counter[str]]) -> dict[str, dict[str, int]]:
    return {metric: dict(count.most_common()) for metric, count in counts.items() if count}
