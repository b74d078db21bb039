"""Tables written part by part, as ``write_table`` writes them whole."""

import json
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from feedback_nlp.engines.folder import DONE, read_json, sync_folder, write_through
from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports.workbooks import XLSX_ROWS
from feedback_nlp.exports.writing import (
    STDOUT,
    delimited,
    has_lone_return,
    json_lines,
    readable,
    table_format,
    write_table,
)

ROW_GROUP = 131_072
_RECORD = "run.json"  # the last file of an analysis that gets into its place
Frames = Callable[[], Iterator[pd.DataFrame]]


class _Sink(Protocol):
    def write(self, data: bytes, /) -> object: ...


def write_parts(frames: Frames, path: str | Path, *, work: Path) -> None:
    """Write a table that comes in parts; the file appears whole or not at all.

    csv, tsv, jsonl (each also with .gz), json and parquet are written as the parts come. A sheet
    of a workbook and a table in Markdown are put together in memory first.

    Args:
        frames: Gives the parts in order, each time it is called; they have the same columns.
        path: As for ``write_table``.
        work: A folder on the same disk, where the file is made.

    Raises:
        FileFormatError: The ending is not one we write, or the table does not fit the format.
        OSError: The disk is full, or the file cannot be put into its place.
    """
    kind, zipped = table_format(path)
    if str(path) == STDOUT:
        sys.stdout.flush()
        _write_as(kind, frames, _Stdout())
        sys.stdout.flush()
        return
    temporary = work / "output.tmp"
    _write_file(frames, temporary, kind, zipped=zipped)
    note_done(work, temporary, Path(path))
    os.replace(temporary, path)
    sync_folder(Path(path).parent)


def write_unseen(frames: Frames, path: Path) -> None:
    """Write a table that comes in parts into a folder that is not in its own place yet.

    Args:
        frames: As for ``write_parts``, like the errors.
        path: The file; its ending says how it is written.
    """
    kind, zipped = table_format(path)
    _write_file(frames, path, kind, zipped=zipped)


def check_rows(rows: int, path: str | Path) -> None:
    """Raise if a file cannot take so many rows.

    Args:
        rows: How many, at least.
        path: The file; its ending says how it is written.

    Raises:
        TooManyRowsError: They are more than a sheet of a workbook takes.

    Example:
        >>> check_rows(2_000_000, "mentions.csv")
    """
    most = XLSX_ROWS - 1  # below the header
    if rows > most and table_format(path)[0] == "xlsx":
        raise TooManyRowsError(
            f"A sheet of a workbook takes {most:,} rows, and there are {rows:,} already. Write csv "
            "or parquet."
        )


class TooManyRowsError(FileFormatError):
    """A result does not fit the kind of file that was asked for, but another kind."""


def is_written(work: Path, path: Path) -> bool:
    """Return whether a run had finished its output, and was ended before it could tidy up.

    Args:
        work: The work folder.
        path: The output: a file, or the folder of an analysis.
    """
    noted = (read_json(work / DONE) or {}).get(path.name)
    made = path / _RECORD if path.is_dir() else path
    return made.is_file() and noted == _mark(made)


def note_done(work: Path, made: Path, path: Path) -> None:
    """Note that an output is complete: nothing is left to do but to give it its name.

    Args:
        work: The work folder.
        made: The file as it is made; of an analysis the folder.
        path: The output.
    """
    mark = _mark(made / _RECORD if made.is_dir() else made)
    noted = (read_json(work / DONE) or {}) | {path.name: mark}
    temporary = work / f"{DONE}.tmp"
    write_through(temporary, json.dumps(noted).encode())
    os.replace(temporary, work / DONE)
    sync_folder(work)


def _mark(path: Path) -> list[int]:
    """Return what a file keeps when it is renamed, and no other file has."""
    status = path.stat()
    return [status.st_ino, status.st_size, status.st_mtime_ns]


def _write_file(frames: Frames, path: Path, kind: str, *, zipped: bool) -> None:
    """Write a file; when this returns it is on the disk."""
    if kind in ("xlsx", "md"):
        whole = pd.concat(list(frames()), ignore_index=True)
        write_table(whole, path, format=kind)
    else:
        with path.open("wb") as file, _packed(file, zipped=zipped) as sink:
            _write_as(kind, frames, sink)
    with path.open("rb") as made:
        os.fsync(made.fileno())


def _write_as(kind: str, frames: Frames, sink: _Sink) -> None:
    if kind in ("csv", "tsv"):
        _write_delimited(frames, sink, "," if kind == "csv" else "\t")
    elif kind == "parquet":
        _write_parquet(frames(), sink)
    elif kind == "jsonl":
        for frame in frames():
            sink.write(json_lines(readable(frame)))
    else:
        _write_json(frames(), sink)


def _write_delimited(frames: Frames, sink: _Sink, delimiter: str) -> None:
    lone_return = any(has_lone_return(frame) for frame in frames())
    for number, frame in enumerate(frames()):
        sink.write(delimited(readable(frame), delimiter, header=number == 0, quote_all=lone_return))


def _write_json(frames: Iterable[pd.DataFrame], sink: _Sink) -> None:
    """Write one list of records: its lines are those of jsonl, with commas between."""
    sink.write(b"[\n")
    any_before = False
    for frame in frames:
        lines = json_lines(readable(frame)).removesuffix(b"\n")
        if lines:
            sink.write((b",\n" if any_before else b"") + lines.replace(b"\n", b",\n"))
            any_before = True
    sink.write(b"\n]\n")


def _write_parquet(frames: Iterable[pd.DataFrame], sink: _Sink) -> None:
    """Write groups of the same number of rows, wherever the parts were cut."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer = None
    for frame in regrouped(frames, ROW_GROUP):
        if writer is None:
            table = pa.Table.from_pandas(frame, preserve_index=False)
            noted = {b"PANDAS_ATTRS": json.dumps(frame.attrs).encode()} if frame.attrs else {}
            schema = table.schema.with_metadata({**table.schema.metadata, **noted})
            writer = pq.ParquetWriter(sink, schema, compression="snappy")
        writer.write_table(pa.Table.from_pandas(frame, schema=schema, preserve_index=False))
    if writer is not None:
        writer.close()


def regrouped(frames: Iterable[pd.DataFrame], rows: int) -> Iterator[pd.DataFrame]:
    """Return the same rows in tables of one length, the last one shorter; one at least.

    Args:
        frames: Tables with the same columns.
        rows: Rows in each.

    Example:
        >>> [len(f) for f in regrouped([pd.DataFrame({"n": range(5)})] * 2, 4)]
        [4, 4, 2]
    """
    kept: list[pd.DataFrame] = []
    attrs: dict[Any, Any] = {}
    given = False
    for frame in frames:
        attrs = attrs or frame.attrs
        kept.append(frame)
        if sum(map(len, kept)) < rows:
            continue
        whole = pd.concat(kept, ignore_index=True)
        whole.attrs = attrs
        full = len(whole) // rows * rows
        for at in range(0, full, rows):
            given = True
            yield whole.iloc[at : at + rows].reset_index(drop=True)
        kept = [whole.iloc[full:]]
    rest = pd.concat(kept, ignore_index=True)
    if len(rest) or not given:
        rest.attrs = attrs
        yield rest


@contextmanager
def _packed(file: _Sink, *, zipped: bool) -> Iterator[_Sink]:
    """Give what packs as it is written, in the same bytes as ``write_table``."""
    if not zipped:
        yield file
        return
    packer = _Gzip(file)
    yield packer
    packer.finish()


class _Gzip:
    def __init__(self, file: _Sink) -> None:
        self._file = file
        self._packer = zlib.compressobj(9, wbits=31)

    def write(self, data: bytes, /) -> None:
        self._file.write(self._packer.compress(data))

    def finish(self) -> None:
        self._file.write(self._packer.flush())


class _Stdout:
    """Standard output, of bytes where it takes them."""

    def write(self, data: bytes, /) -> None:
        if hasattr(sys.stdout, "buffer"):
            sys.stdout.buffer.write(data)
        else:
            sys.stdout.write(data.decode("utf-8"))
