"""Delimited text: which encoding, which delimiter, and rows that keep their place in the file."""

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
MAX_COLUMNS = 16_384  # Excel's own limit
MAX_HEADER = 1_000_000
_SENTINEL = "\x1eend of file\x1e"
_DANGEROUS = "=+-@\t\r"
_PREFIXED = re.compile(rf"'+[{re.escape(_DANGEROUS)}]")
_LATVIAN_1257 = frozenset(
    b"\xe2\xe8\xe7\xec\xee\xed\xef\xf2\xf0\xfb\xfe\xc2\xc8\xc7\xcc\xce\xcd\xcf\xd2\xd0\xdb\xde"
)


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


def decode(data: bytes, name: str, encoding: str | None = None) -> tuple[str, str, list[str]]:
    """Return the text of a file, its encoding, and what to tell about it.

    A byte order mark decides; then UTF-8 if it fits, else Windows-1252 (Windows-1257 where the
    letters are plainly Latvian).

    Raises:
        FileFormatError: The bytes do not fit the encoding asked for, or are no text.
    """
    if encoding is not None:
        return _decode_as(data, name, encoding), encoding, []
    for mark, known in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return _decode_as(data, name, known), known, []
    if b"\x00" in data:
        known = _utf16_without_mark(data, name)
        return _decode_as(data, name, known), known, []
    _refuse_binary(data, name)
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError:
        return _decode_windows(data, name)


def _decode_as(data: bytes, name: str, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except LookupError:
        raise FileFormatError(
            f"There is no encoding {encoding!r}. "
            "Use --encoding utf-8, utf-16, windows-1252 or another name Python knows."
        ) from None
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        line = data.count(b"\n", 0, start) + 1
        raise FileFormatError(
            f"{name} is not {encoding}: line {line} (byte {start}) does not fit. "
            "Leave --encoding out to let it be found, or name another one, such as windows-1252."
        ) from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise FileFormatError(
            f"{name} holds NUL characters (first in line {line}): it is not {encoding} text. "
            "Export it again as CSV UTF-8, or try --encoding utf-16."
        )
    return text.removeprefix("\ufeff")


def _utf16_without_mark(data: bytes, name: str) -> str:
    sample = np.frombuffer(data[:4000], dtype=np.uint8)
    even, odd = (sample[0::2] == 0).mean(), (sample[1::2] == 0).mean()
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    if even > 0.4 and odd < 0.1:
        return "utf-16-be"
    line = data.count(b"\n", 0, data.index(b"\x00")) + 1
    raise FileFormatError(
        f"{name} holds NUL bytes (first in line {line}): "
        "it is damaged or not a text file. Export it again as CSV UTF-8."
    )


def _refuse_binary(data: bytes, name: str) -> None:
    sample = np.frombuffer(data[:65_536], dtype=np.uint8)
    control = (sample < 9) | ((sample > 13) & (sample < 32) & (sample != 27))
    if control.mean() > 0.01 and control.sum() > 16:
        raise FileFormatError(
            f"{name} is not a text file: {control.mean():.0%} of it is control characters. "
            "Export the answers as CSV UTF-8, xlsx, jsonl or parquet."
        )


def _decode_windows(data: bytes, name: str) -> tuple[str, str, list[str]]:
    high = [byte for byte in data if byte > 127]
    latvian = sum(byte in _LATVIAN_1257 for byte in high)
    only_there = sum(byte in b"\xf0\xfe\xd0\xde" for byte in high)
    known = (
        "windows-1257"
        if latvian > 0.8 * len(high) and only_there > 0.05 * len(high)
        else "windows-1252"
    )
    try:
        text = data.decode(known)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileFormatError(
            f"{name} is neither UTF-8 nor {known} text: line {line} does not fit. "
            "Name its encoding, such as --encoding windows-1257, or export it again as CSV UTF-8."
        ) from None
    return (
        text,
        known,
        [f"{name} is not UTF-8; read as {known}. If letters look wrong, add --encoding NAME."],
    )


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
