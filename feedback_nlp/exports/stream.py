"""Exports of any size, read in parts: each part a comments table, the notes at the end."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pandas as pd

from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports.comments import read_comments
from feedback_nlp.schema import INFO, Notes, info

PART_ROWS = 20_000


class ExportStream:
    """An export that is read in parts, made by ``open_export``.

    Attributes:
        rows: Whole rows of the export: those set aside because they are broken are not among them.
        part_rows: Rows of the export in each part; the last one may have fewer.
        known: What is known before the first part: files, roles, scales, segments, renamed.
    """

    def __init__(self, table: pd.DataFrame, part_rows: int) -> None:
        noted = info(table)
        self._table = table
        self._info: dict[str, Any] | None = None
        self.per_row: int = noted["comments"]["per_row"]
        self.rows: int = noted["rows"]["used"]
        self.part_rows = part_rows
        self.known = {
            key: noted[key] for key in ("files", "roles", "scales", "segments", "renamed")
        }

    def __len__(self) -> int:
        """Return the number of parts."""
        return -(-self.rows // self.part_rows)

    def parts(self, start: int = 0) -> Iterator[pd.DataFrame]:
        """Give one comments table after the other, in the order of the export.

        Args:
            start: Number of the first part to give, from 0; those before it are read and counted.
        """
        step = self.part_rows * self.per_row
        for number in range(start, len(self)):
            part = self._table.iloc[number * step : (number + 1) * step].reset_index(drop=True)
            part.attrs[INFO] = Notes(self.known)
            yield part
        self._info = info(self._table)

    @property
    def info(self) -> dict[str, Any]:
        """The notes that ``read_comments`` makes of the same export, once all parts were given."""
        if self._info is None:
            raise FileFormatError("The notes are complete when the last part has been read.")
        return self._info

    def close(self) -> None:
        """Let go of the export."""

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the export."""
        self.close()


def open_export(
    sources: str | Path | Sequence[str | Path],
    *,
    id: str | None = None,
    respondent: str | None = None,
    text: str | Sequence[str] | None = None,
    question: str | None = None,
    ratings: Mapping[str, str] | None = None,
    scales: Mapping[str, str | Sequence[str]] | None = None,
    date: str | None = None,
    language: str | None = None,
    segments: Sequence[str] | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    day_first: bool | None = None,
    set_aside: bool = False,
    part_rows: int = PART_ROWS,
) -> ExportStream:
    """Open an export to be read in parts, with what each column is for already decided.

    Args:
        sources: As for ``read_comments``.
        id: As for ``read_comments``, and so are all others.
        respondent: Column that says who answered.
        text: Column or columns with the comments.
        question: Column with the wording of the question.
        ratings: Columns of ratings by metric.
        scales: Scales by metric.
        date: Column with the date of the answer.
        language: Column with the language of the comment.
        segments: Columns to break scores down by.
        sheet: Name or number of the sheet of a workbook.
        encoding: Encoding of a text file.
        delimiter: What parts the cells of a text file.
        day_first: Whether 03/04 is 3 April.
        set_aside: Count rows and ratings that cannot be used, instead of raising.
        part_rows: Rows of the export in a part; all comments of a row are in one part.

    Returns:
        The export; ``parts`` gives one comments table after the other, ``info`` the notes.

    Raises:
        FeedbackError: As ``read_comments`` does.
    """
    table = read_comments(
        sources, id=id, respondent=respondent, text=text, question=question, ratings=ratings,
        scales=scales, date=date, language=language, segments=segments, sheet=sheet,
        encoding=encoding, delimiter=delimiter, day_first=day_first, set_aside=set_aside,
    )  # fmt: skip
    return ExportStream(table, part_rows)
