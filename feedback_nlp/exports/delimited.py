"""Delimited text: which delimiter, and rows that keep their place in the file."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports.cells import one_line

DELIMITERS = (",", ";", "\t", "|")
DELIMITER_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
NO_DELIMITER = "\x1f"  # a table of one column
MAX_HEADER = 1_000_000
_SENTINEL = "\x1eend of file\x1e"
_DANGEROUS = "=+-@\t\r"
_PREFIXED = re.compile(rf"'+[{re.escape(_DANGEROUS)}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delimited:
    """A delimited text as rows of cells.

    Attributes:
        header: Cells of the first row.
        rows: Cells of the others, whatever their number; blank lines are rows without cells.
        lines: The line of the file on which each row starts.
        delimiter: What parts the cells; ``None`` for a table of one column.
        notes: Sentences for the analyst.
    """

    header: list[str]
    rows: list[list[str]]
    lines: np.ndarray
    delimiter: str | None
    notes: tuple[str, ...] = ()


def parse_delimited(
    text: str, name: str, *, delimiter: str | None = None, prefer: str = ","
) -> Delimited:
    """Return the rows of a delimited text.

    Args:
        text: The whole text.
        name: Of the file, for messages.
        delimiter: One character or a name such as ``tab``; ``None`` finds it among ``, ; tab |``.
        prefer: The delimiter that the file's ending promises.

    Raises:
        FileFormatError: A quote is never closed, a cell is endless, or the delimiter
            is not one character.
    """
    hint, text, skipped = _excel_hint(text)
    end = re.search(r"[\r\n]", text)
    if (end.start() if end else len(text)) > MAX_HEADER:
        raise FileFormatError(
            f"The first line of {name} has over {MAX_HEADER:,} characters, so it is no header. "
            "Check that the file has line ends and one answer a row."
        )
    asked = delimiter if delimiter is None else DELIMITER_NAMES.get(delimiter, delimiter)
    if asked is not None and (len(asked) != 1 or asked in '"\r\n'):
        raise FileFormatError(f"--delimiter takes one character, or tab; not {delimiter!r}.")
    parted_by = asked or hint or _sniff(text, prefer)
    notes = []
    try:
        cells, ends = _read(text, parted_by, strict=True)
    except csv.Error as error:
        cells, ends = _read_leniently(text, parted_by, name)
        if "expected after" in str(error):
            notes = [
                f"{name} has quotes inside quoted cells that are not doubled; "
                "they were left out of the text."
            ]
    if cells and cells[-1] == [_SENTINEL]:
        cells, ends = cells[:-1], ends[:-1]
    else:
        opened = ends[-2] + 1 if len(ends) > 1 else 1
        raise FileFormatError(
            f'{name}: a quote (") opened in line {opened} is never closed. '
            "Close it, or export the file again."
        )
    while cells and not cells[-1]:
        cells, ends = cells[:-1], ends[:-1]
    starts = np.array([0, *ends[:-1]], dtype=np.int64)[: len(cells)] + 1 + skipped
    return Delimited(
        header=[one_line(restore(cell)) for cell in cells[0]] if cells else [],
        rows=cells[1:],
        lines=starts[1:],
        delimiter=None if parted_by == NO_DELIMITER else parted_by,
        notes=tuple(notes),
    )


def _excel_hint(text: str) -> tuple[str | None, str, int]:
    """Take off the line ``sep=;`` that Excel writes and reads."""
    found = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    return (found[1], text[found.end() :], 1) if found else (None, text, 0)


def _read(text: str, delimiter: str, *, strict: bool) -> tuple[list[list[str]], list[int]]:
    lines = io.StringIO(text if text.endswith(("\n", "\r")) else text + "\n", newline="")
    reader = csv.reader(_then(lines, _SENTINEL), delimiter=delimiter, strict=strict)
    cells, ends = [], []
    for row in reader:
        cells.append(row)
        ends.append(reader.line_num)
    return cells, ends


def _then(lines: Iterable[str], last: str) -> Iterator[str]:
    yield from lines
    yield last


def _read_leniently(text: str, delimiter: str, name: str) -> tuple[list[list[str]], list[int]]:
    try:
        return _read(text, delimiter, strict=False)
    except csv.Error as error:
        raise FileFormatError(
            f"{name} has a cell of more than {csv.field_size_limit():,} characters; "
            'a quote (") before it is probably '
            "not closed, or the line ends are missing. Export the file again."
            if "field limit" in str(error)
            else f"{name} cannot be read as delimited text ({error}). Export it again as CSV UTF-8."
        ) from None


def _sniff(text: str, prefer: str) -> str:
    """Return the delimiter under which most rows have as many cells as the header."""
    sample = text[:200_000]
    best, best_score = NO_DELIMITER, 0.0
    for delimiter in DELIMITERS:
        score = _consistency(sample, delimiter)
        if score > 0 and delimiter == prefer:
            score += 0.05
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _consistency(sample: str, delimiter: str) -> float:
    rows: list[int] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if row:
                rows.append(len(row))
            if len(rows) > 300:
                break
    except csv.Error:
        pass
    if not rows or rows[0] < 2:
        return 0.0
    same = float(np.mean(np.array(rows[1:]) == rows[0])) if len(rows) > 1 else 1.0
    return same + 0.002 * min(rows[0], 20)


def restore(cell: str) -> str:
    """Take off the apostrophe that ``protect`` (or another careful tool) put before a cell.

    Example:
        >>> restore("'=1+1"), restore("'s avonds open")
        ('=1+1', "'s avonds open")
    """
    return cell[1:] if _PREFIXED.match(cell) else cell


def protect(cell: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet would run; a plain number stays as it is.

    Example:
        >>> protect("=1+1"), protect("-5"), protect("'=1+1")
        ("'=1+1", '-5', "''=1+1")
    """
    if _PREFIXED.match(cell):
        return "'" + cell
    if not cell.startswith(tuple(_DANGEROUS)) or re.fullmatch(
        r"[+-]\d+([.,]\d+)?(e[+-]?\d+)?", cell, re.IGNORECASE
    ):
        return cell
    return "'" + cell


def needs_protection(cells: Sequence[str]) -> bool:
    """Return whether a spreadsheet would run one of the cells, or ``restore`` would change it."""
    return any(cell.startswith((*_DANGEROUS, "'")) for cell in cells)
