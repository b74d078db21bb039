"""Exports of any size, read in parts: each part a comments table, the notes at the end."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import pandas as pd
from pandas.api.types import union_categoricals

from feedback_nlp.errors import FeedbackError, FileFormatError
from feedback_nlp.exports.applying import Applied
from feedback_nlp.exports.export import Export, closed_on_error
from feedback_nlp.exports.files import Options
from feedback_nlp.exports.identity import may_be_id
from feedback_nlp.exports.own import OwnTable, own_file
from feedback_nlp.exports.planning import Plan, check_ratings, decide
from feedback_nlp.exports.roles import Given
from feedback_nlp.exports.sources import listed
from feedback_nlp.schema import INFO, Notes

PART_ROWS = 20_000


class _Kind(Protocol):
    """What gives parts: an export, or a comments table of ours."""

    rows: int
    per_row: int

    @property
    def known(self) -> dict[str, Any]: ...

    def parts(self, size: int) -> Generator[pd.DataFrame, None, None]: ...

    def info(self) -> dict[str, Any]: ...

    def close(self) -> None: ...


class ExportStream:
    """An export that is read in parts, made by ``open_export``.

    Part *k* (from 0) has the rows *k* × ``part_rows`` and on, of all files in order, rows that are
    broken not counted; it may hold rows of two files. A part of which no row can be used is not
    given, and has no number.

    Attributes:
        rows: Whole rows of the export.
        per_row: Comments of each row that is used.
        part_rows: Rows of the export in each part; the last one may have fewer.
    """

    def __init__(self, kind: _Kind, part_rows: int) -> None:
        self.rows = kind.rows
        self.per_row = kind.per_row
        self.part_rows = part_rows
        self._kind = kind
        self._info: dict[str, Any] | None = None

    def __len__(self) -> int:
        """Return the number of parts, if each has a row that can be used."""
        return -(-self.rows // self.part_rows)

    @property
    def known(self) -> dict[str, Any]:
        """What is known before the first part: files, roles, scales, renamed, segments."""
        return self._kind.known

    def parts(self, start: int = 0) -> Iterator[pd.DataFrame]:
        """Give one comments table after the other, in the order of the export.

        Args:
            start: Number of the first part to give, from 0; those before it are read and counted
                all the same.

        Raises:
            FileFormatError: A file was changed since the export was opened.
            RatingError: Answers do not fit their scale, and may not be set aside.
            ColumnError: At the end: no row could be used.
        """
        with closing(self._kind.parts(self.part_rows)) as parts:
            yield from islice((part for part in parts if len(part)), start, None)
        self._info = self._kind.info()

    @property
    def info(self) -> dict[str, Any]:
        """The notes that ``read_comments`` makes of the same export, once all parts were given.

        Raises:
            FeedbackError: The last part has not been read yet.
        """
        if self._info is None:
            raise FeedbackError(
                "The notes are complete when the last part has been read. Go through all parts "
                "first."
            )
        return self._info

    def close(self) -> None:
        """Let go of what was kept of standard input."""
        self._kind.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of what was kept of standard input."""
        self.close()


class _InParts:
    """An export with its plan; each time it is gone through it is counted anew."""

    def __init__(self, export: Export, plan: Plan) -> None:
        self.rows = export.rows
        self.per_row = plan.per_row
        self._export = export
        self._plan = plan
        self._applied = Applied(export, plan)

    @property
    def known(self) -> dict[str, Any]:
        """The notes that are known before any row is read."""
        return self._applied.known

    def parts(self, size: int) -> Generator[pd.DataFrame, None, None]:
        """Give one comments table for so many rows at a time."""
        applied = self._applied = Applied(self._export, self._plan)
        with closing(self._export.parts(size)) as parts:
            for rows in parts:
                yield applied.table(rows)

    def info(self) -> dict[str, Any]:
        """Return all notes."""
        return self._applied.info()

    def close(self) -> None:
        """Let go of the files."""
        self._export.close()


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
    """Open an export to be read in parts, in memory that does not grow with its text.

    The export is gone through once to count its rows, see its ids and copies and draw the rows
    that decide (all of an export of up to 100,000 rows), and a second time for its parts. The rows
    of all parts and the notes are those of ``read_comments``; columns of categories have in each
    part the levels of that part, and ``join_parts`` makes one table of the parts again.

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

    Example:
        >>> import tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> path = Path(folder.name) / "answers.csv"
        >>> rows = ["id,nps,Comment", "1,9,Fast", "2,0,Too expensive", "3,7,Okay"]
        >>> _ = path.write_text(chr(10).join(rows))
        >>> with open_export(path, part_rows=2) as export:
        ...     [part["text"].tolist() for part in export.parts()], export.info["rows"]["used"]
        ([['Fast', 'Too expensive'], ['Okay']], 3)
        >>> folder.cleanup()
    """
    if part_rows < 1:
        raise FileFormatError(f"A part has at least one row, not {part_rows}.")
    texts = [text] if isinstance(text, str) else text
    given = Given(
        id=id,
        respondent=respondent,
        text=texts,
        question=question,
        ratings=ratings,
        date=date,
        language=language,
        segments=segments,
    )
    named = listed(sources)
    own = own_file(named) if given == Given() and scales is None else None
    if own is not None:
        return ExportStream(OwnTable(own), part_rows)
    options = Options(sheet=sheet, encoding=encoding, delimiter=delimiter, set_aside=set_aside)
    export = Export(named, options, keep=False, is_id=partial(may_be_id, given=given))
    with closed_on_error(export):
        plan = decide(export, given, scales=scales, day_first=day_first, set_aside=set_aside)
        if not set_aside:
            check_ratings(plan, export.sample)
    export.forget()
    return ExportStream(_InParts(export, plan), part_rows)


def join_parts(parts: Sequence[pd.DataFrame], noted: dict[str, Any]) -> pd.DataFrame:
    """Return parts as the one table that ``read_comments`` would have made.

    Args:
        parts: All parts, in order.
        noted: The notes, ``ExportStream.info``.

    Raises:
        FeedbackError: There is no part.
    """
    if not parts:
        raise FeedbackError("There are no parts to be joined. Open an export that has rows.")
    table = pd.concat(parts, ignore_index=True)
    for name, kind in parts[0].dtypes.items():
        if isinstance(kind, pd.CategoricalDtype):
            levels = [part[name].cat.categories for part in parts]
            same = all(other.equals(levels[0]) for other in levels)
            columns = [part[name].array for part in parts]
            table[name] = union_categoricals(columns, sort_categories=not same)
    table.attrs[INFO] = Notes(noted)
    return table
