"""Delimited text: which delimiter, and rows that keep their place in the file."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np

from feedback_nlp.errors import FileFormatError
from feedback_nlp.pauses import no_garbage

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS = (",", ";", "\t", "|")
DELIMITER_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
NO_DELIMITER = "\x1f"  # a table of one column
MAX_HEADER = 1_000_000
_SENTINEL = "\x1eend of file\x1e"
_DANGEROUS = "=+-@\t\r"
_PREFIXED = re.compile(rf"'+[{re.escape(_DANGEROUS)}]")


class NotStrictError(ValueError):
    """Quotes are not as they should be; the text can only be read leniently."""

    def __init__(self, *, inside: bool) -> None:
        super().__init__(inside)
        self.inside = inside


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a delimited text is laid out.

    Attributes:
        delimiter: What parts the cells.
        skipped: Lines above the header, such as the ``sep=;`` of Excel.
    """

    delimiter: str
    skipped: int = 0

    @property
    def shown(self) -> str | None:
        """The delimiter, or ``None`` for a table of one column."""
        return None if self.delimiter == NO_DELIMITER else self.delimiter


def find_layout(head: str, name: str, *, delimiter: str | None = None, prefer: str = ",") -> Layout:
    """Return how a delimited text is laid out.

    Args:
        head: The start of the text, longer than any header.
        name: Of the file, for messages.
        delimiter: One character or a name such as ``tab``; ``None`` finds it among ``, ; tab |``.
        prefer: The delimiter that the file's ending promises.

    Raises:
        FileFormatError: The first line is endless, or the delimiter is not one character.
    """
    hint, head, skipped = _excel_hint(head)
    end = re.search(r"[\r\n]", head)
    if (end.start() if end else len(head)) > MAX_HEADER:
        raise FileFormatError(
            f"The first line of {name} has over {MAX_HEADER:,} characters, so it is no header. "
            "Check that the file has line ends and one answer a row."
        )
    asked = delimiter if delimiter is None else DELIMITER_NAMES.get(delimiter, delimiter)
    if asked is not None and (len(asked) != 1 or asked in '"\r\n'):
        raise FileFormatError(f"--delimiter takes one character, or tab; not {delimiter!r}.")
    return Layout(delimiter=asked or hint or _sniff(head, prefer), skipped=skipped)


def _excel_hint(text: str) -> tuple[str | None, str, int]:
    """Take off the line ``sep=;`` that Excel writes and reads."""
    found = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    return (found[1], text[found.end() :], 1) if found else (None, text, 0)


def row_blocks(
    lines: Iterator[str], layout: Layout, name: str, *, strict: bool, size: int
) -> Iterator[tuple[list[list[str]], np.ndarray]]:
    """Give rows in blocks, each row with the line on which it starts, the header first.

    Rows have whatever number of cells they have; blank lines are rows without cells, and those at
    the end are none.

    Args:
        lines: With their ends.
        layout: How they are laid out.
        name: Of the file, for messages.
        strict: Refuse quotes inside quoted cells that are not doubled.
        size: Rows in a block.

    Raises:
        NotStrictError: The quotes are not as they should be.
        FileFormatError: A quote is never closed, or a cell is endless.
    """
    text = islice(lines, layout.skipped, None)
    reader = csv.reader(chain(text, [_SENTINEL]), delimiter=layout.delimiter, strict=strict)
    rows: list[list[str]] = []
    starts = np.zeros(0, dtype=np.int64)
    last = 0
    while True:
        try:
            more, ends = _gather(reader, size)
        except csv.Error as error:
            if strict:
                raise NotStrictError(inside="expected after" in str(error)) from None
            raise _unreadable(name, error) from None
        begun = np.array([last, *ends[:-1]][: len(more)], dtype=np.int64) + layout.skipped + 1
        last = ends[-1] if ends else last
        held = len(rows)
        rows += more
        starts = np.concatenate([starts, begun])
        if len(more) < size:
            break
        ready = next((held + i + 1 for i in range(size - 2, -1, -1) if more[i]), 0)
        if ready:
            yield rows[:ready], starts[:ready]
            rows, starts = rows[ready:], starts[ready:]
    if rows.pop() != [_SENTINEL]:
        raise FileFormatError(
            f'{name}: a quote (") opened in line {starts[-1]} is never closed. '
            "Close it, or export the file again."
        )
    while rows and not rows[-1]:
        rows.pop()
    yield rows, starts[: len(rows)]


def _gather(reader: "Reader", size: int) -> tuple[list[list[str]], list[int]]:
    """Return the next rows, and the line on which each of them ends."""
    ends: list[int] = []
    add = ends.append
    with no_garbage():
        rows = [row for row in islice(reader, size) if add(reader.line_num) is None]
    return rows, ends


def _unreadable(name: str, error: csv.Error) -> FileFormatError:
    return FileFormatError(
        f"{name} has a cell of more than {csv.field_size_limit():,} characters; "
        'a quote (") before it is probably '
        "not closed, or the line ends are missing. Export the file again."
        if "field limit" in str(error)
        else f"{name} cannot be read as delimited text ({error}). Export it again as CSV UTF-8."
    )


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
