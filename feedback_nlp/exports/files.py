"""One file as a raw table: every cell as text, every row with its place, nothing decided yet.

csv and tsv (plain or gzip), xlsx, jsonl, json and parquet. The content is checked against the
ending: a file says what it is by its first bytes.
"""

import io
import sys
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.errors import FileFormatError, shorten_list
from feedback_nlp.exports.archives import gunzip
from feedback_nlp.exports.cells import one_line, text_column
from feedback_nlp.exports.delimited import parse_delimited, restore
from feedback_nlp.exports.encodings import decode
from feedback_nlp.exports.formats import STDIN, kind_of
from feedback_nlp.exports.headers import check_headers, read_header


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """One file as text.

    Attributes:
        frame: All cells as text, blank where there is nothing; only whole rows.
        numbers: The number of each row among the rows of the file, from 1.
        lines: The line (csv, jsonl) or sheet row (xlsx) each row starts on.
        line_word: What ``lines`` counts.
        read: Rows in the file, including those set aside.
        set_aside: Rows that are not in ``frame``, by reason.
        note: What the table's notes say of this file.
        notes: Sentences for the analyst.
    """

    frame: pd.DataFrame
    numbers: np.ndarray
    lines: np.ndarray
    line_word: str
    read: int
    note: dict[str, Any]
    set_aside: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows as a format's reader hands them over, with a count of those it had to leave out."""

    frame: pd.DataFrame
    numbers: np.ndarray
    lines: np.ndarray
    line_word: str = "line"
    set_aside: dict[str, int] = field(default_factory=dict)
    note: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to read a file, where the user knows better."""

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    set_aside: bool = False


def load_file(source: str | Path, options: Options) -> RawTable:
    """Return one file as a raw table; ``"-"`` is standard input.

    Raises:
        FileFormatError: The file is not there, is empty, is not what its ending says, or has
            broken rows.
        ColumnError: Two columns have the same header.
    """
    data, name = _bytes_of(source)
    digest = sha256(data).hexdigest()
    data, ending = _unzipped(data, name)
    kind = kind_of(data, ending, name)
    rows = _read_as(kind, data, name, options)
    if rows.frame.empty and not rows.set_aside:
        raise FileFormatError(
            f"{name} has a header but no rows below it "
            f"({shorten_list(rows.frame.columns, limit=6)}). "
            "Export the answers as well."
        )
    note: dict[str, Any] = {
        "name": name,
        "sha256": digest,
        "format": kind,
        "encoding": None,
        "delimiter": None,
        "sheet": None,
    }
    read = len(rows.frame) + sum(rows.set_aside.values())
    return RawTable(
        frame=rows.frame,
        numbers=rows.numbers,
        lines=rows.lines,
        line_word=rows.line_word,
        read=read,
        set_aside=rows.set_aside,
        note=note | rows.note | {"rows": read},
        notes=rows.notes,
    )


def _bytes_of(source: str | Path) -> tuple[bytes, str]:
    if str(source) == STDIN:
        data, name = sys.stdin.buffer.read(), "stdin"
    else:
        path = Path(source)
        name = path.name
        if path.is_dir():
            raise FileFormatError(f"{path} is a folder. Name the export file in it.")
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise FileFormatError(
                f"There is no file {path}. Check the name and the folder."
            ) from None
        except OSError as error:
            raise FileFormatError(
                f"{path} cannot be read: {error.strerror}. Check its permissions."
            ) from None
    if not data.strip():
        raise FileFormatError(f"{name} is empty. Export the answers again.")
    return data, name


def _unzipped(data: bytes, name: str) -> tuple[bytes, str]:
    """Return the content and the ending that counts, taking gzip off."""
    path = Path(name.lower())
    if not data.startswith(b"\x1f\x8b"):
        if path.suffix == ".gz":
            raise FileFormatError(f"{name} ends in .gz but is not gzip. Rename it to what it is.")
        return data, path.suffix
    plain = gunzip(data, name)
    if not plain.strip():
        raise FileFormatError(f"{name} is empty. Export the answers again.")
    return plain, Path(path.stem).suffix if path.suffix == ".gz" else path.suffix


def _read_as(kind: str, data: bytes, name: str, options: Options) -> Rows:
    if kind == "xlsx":
        from feedback_nlp.exports.spreadsheets import read_sheet

        return read_sheet(data, name, options)
    if kind == "parquet":
        return _read_parquet(data, name)
    text, encoding, notes = decode(data, name, options.encoding)
    if kind in ("json", "jsonl"):
        from feedback_nlp.exports.jsonlines import read_json

        return read_json(text, name, options, lines=kind == "jsonl")
    return _read_delimited(
        text, name, encoding, notes, options, prefer="\t" if kind == "tsv" else ","
    )


def _read_delimited(
    text: str, name: str, encoding: str, notes: list[str], options: Options, *, prefer: str
) -> Rows:
    table = parse_delimited(text, name, delimiter=options.delimiter, prefer=prefer)
    header, kept_columns = read_header(table.header, table.rows, name)
    width = len(table.header)
    lengths = np.fromiter(map(len, table.rows), dtype=np.int64, count=len(table.rows))
    if width > 1:
        lengths[lengths == 0] = -1  # a blank line is a row without any answer
    good = (lengths == width) | (lengths == -1) | ((width == 1) & (lengths == 0))
    set_aside = _broken_rows(lengths, good, table.lines, width, name, options)
    numbers = np.flatnonzero(good) + 1
    rows = [
        row if len(row) == width else [""] * width
        for row, ok in zip(table.rows, good, strict=True)
        if ok
    ]
    columns = list(zip(*rows, strict=True)) if rows else [()] * width
    frame = pd.DataFrame(
        {h: text_column(columns[i]) for h, i in zip(header, kept_columns, strict=True)}
    )
    quoted = [c for c in frame if frame[c].str.startswith("'").any()]
    for column in quoted:
        frame[column] = frame[column].map(restore).astype("str")
    return Rows(
        frame=frame,
        numbers=numbers,
        lines=table.lines[good],
        set_aside=set_aside,
        note={"encoding": encoding, "delimiter": table.delimiter},
        notes=(*notes, *table.notes),
    )


def _broken_rows(
    lengths: np.ndarray,
    good: np.ndarray,
    lines: np.ndarray,
    width: int,
    name: str,
    options: Options,
) -> dict[str, int]:
    """Count rows with too many or too few cells, or raise with the first of them."""
    if good.all():
        return {}
    if not options.set_aside:
        first = int(np.flatnonzero(~good)[0])
        raise FileFormatError(
            f"{name} row {first + 1} (line {lines[first]}) has {lengths[first]} cells where the "
            f"header has {width}; "
            f"{int((~good).sum())} such rows in all. Correct or quote them, name the right "
            "--delimiter, or add --set-aside "
            "to go on without them."
        )
    many, few = int((lengths[~good] > width).sum()), int((lengths[~good] < width).sum())
    counts = {"more cells than the header": many, "fewer cells than the header": few}
    return {reason: n for reason, n in counts.items() if n}


def _read_parquet(data: bytes, name: str) -> Rows:
    import pyarrow as pa

    try:
        frame = pd.read_parquet(io.BytesIO(data))
    except (pa.ArrowException, OSError, ValueError):
        raise FileFormatError(f"{name} is a broken parquet file. Write or copy it again.") from None
    if not isinstance(frame.index, pd.RangeIndex):
        frame = frame.reset_index()
    frame.columns = [one_line(str(column)) for column in frame.columns]
    check_headers(list(frame.columns), name)
    as_text = {str(c): text_column(frame[c].astype(object)) for c in frame}
    numbers = np.arange(1, len(frame) + 1)
    out = pd.DataFrame({c: v.fillna("").astype("str") for c, v in as_text.items()})
    return Rows(frame=out.reset_index(drop=True), numbers=numbers, lines=numbers, line_word="row")
