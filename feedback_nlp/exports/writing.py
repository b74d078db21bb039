"""Tables as files: csv, tsv, jsonl, json, parquet, xlsx, md by the ending; whole or not at all."""

import csv
import gzip
import io
import json
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_nlp.errors import FileFormatError, first_line
from feedback_nlp.exports.delimited import needs_protection, protect
from feedback_nlp.exports.plain_cells import cell_text, headers_of, plain_columns, plain_rows
from feedback_nlp.exports.whole import write_whole
from feedback_nlp.exports.workbooks import workbook
from feedback_nlp.showing import safe

STDOUT = "-"


def write_table(frame: pd.DataFrame, path: str | Path, *, format: str | None = None) -> None:
    """Write a table; the ending of the path says as what.

    Text is UTF-8. In csv and tsv a cell that a spreadsheet would run (it starts with = + - @, a tab
    or a carriage return, and is no plain number) gets an apostrophe in front, which
    ``read_comments`` takes off again; numbers stay numbers. The index is not written.

    Args:
        frame: Any table; a comments table written as parquet keeps its notes.
        path: A file ending in csv, tsv, jsonl (each also with .gz), json, parquet, xlsx or md, or
            ``"-"`` for standard output.
        format: One of these names, where the path does not tell; standard output is csv if nothing
            is said.

    Raises:
        FileFormatError: The ending is not one of these, the folder is not there, the disk is full,
            or the table does not fit the
            format. The file that was there before is then still there, unchanged.

    Example:
        >>> write_table(pd.DataFrame({"theme": ["price"], "n": [3]}), "-")
        theme,n
        price,3
    """
    to_stdout = str(path) == STDOUT
    target = Path(path)
    kind, zipped = table_format(path, format)
    try:
        data = _WRITERS[kind](frame if kind == "parquet" else readable(frame))
    except UnicodeEncodeError as error:
        raise FileFormatError(
            f"The table holds {error.object[error.start : error.end]!r}, which is no character. "
            "Clean the text."
        ) from None
    if zipped:
        data = gzip.compress(data, mtime=0)
    if to_stdout:
        _to_stdout(data, text=kind not in ("parquet", "xlsx"))
    else:
        write_whole(target, data)


def table_format(path: str | Path, format: str | None = None) -> tuple[str, bool]:
    """Return as what a table is written to a path, and whether it is packed with gzip.

    Raises:
        FileFormatError: The ending is not one we write.

    Example:
        >>> table_format("mentions.csv.gz")
        ('csv', True)
    """
    target = Path(path)
    zipped = target.suffix.lower() == ".gz"
    ending = (target.with_suffix("") if zipped else target).suffix.lower().removeprefix(".")
    kind = (format or ("csv" if str(path) == STDOUT else ending)).lower().removeprefix(".")
    if kind not in _WRITERS or (zipped and kind not in ("csv", "tsv", "jsonl")):
        raise FileFormatError(
            f"Cannot write {str(path)!r}: the ending says how, and it takes {', '.join(_WRITERS)}."
        )
    return kind, zipped


def readable(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose single precision reads as it is meant: 0.902, not 0.9020000100135803.

    Example:
        >>> readable(pd.DataFrame({"n": pd.Series([0.902], dtype="float32")}))["n"].tolist()
        [0.902]
    """
    single = [name for name, kind in zip(frame, frame.dtypes, strict=True) if kind == "float32"]
    if not single or not frame.columns.is_unique:
        return frame
    return frame.assign(**{str(n): frame[n].astype("str").astype("float64") for n in single})


def _to_stdout(data: bytes, *, text: bool) -> None:
    if text and not hasattr(sys.stdout, "buffer"):
        sys.stdout.write(data.decode("utf-8"))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def delimited(
    frame: pd.DataFrame, delimiter: str, *, header: bool = True, quote_all: bool = False
) -> bytes:
    r"""Return the rows of a table as csv, as ``write_table`` writes them.

    Args:
        frame: Any table, or a part of one.
        delimiter: What stands between cells.
        header: Begin with the names of the columns.
        quote_all: Quote every cell: if one holds a carriage return that ends no line.

    Example:
        >>> delimited(pd.DataFrame({"n": [3]}), ";")
        b'n\n3\n'
    """
    columns = [[cell_text(value) for value in column] for column in plain_columns(frame)]
    safe = [
        [protect(cell) if cell else cell for cell in c] if needs_protection(c) else c
        for c in columns
    ]
    out = io.StringIO(newline="")
    writer = csv.writer(
        out,
        delimiter=delimiter,
        lineterminator="\n",
        quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL,
    )
    if header:
        writer.writerow([protect(name) for name in headers_of(frame)])
    writer.writerows(zip(*safe, strict=True))
    return out.getvalue().encode("utf-8")


def has_lone_return(frame: pd.DataFrame) -> bool:
    r"""Return whether a cell holds a carriage return, so that all cells of a csv are quoted.

    Example:
        >>> has_lone_return(pd.DataFrame({"text": ["fine\rbut late"]}))
        True
    """
    for column in (frame.iloc[:, place] for place in range(frame.shape[1])):
        if pd.api.types.is_numeric_dtype(column) or column.dtype.kind == "M":
            continue
        is_category = isinstance(column.dtype, pd.CategoricalDtype)
        values = column.unique() if is_category else column.tolist()
        if any("\r" in cell_text(value) for value in values):
            return True
    return False


def _csv(frame: pd.DataFrame, delimiter: str = ",") -> bytes:
    return delimited(frame, delimiter, quote_all=has_lone_return(frame))


def _records(frame: pd.DataFrame) -> Iterable[dict[str, Any]]:
    headers = headers_of(frame)
    return (dict(zip(headers, row, strict=True)) for row in plain_rows(frame))


def json_lines(frame: pd.DataFrame) -> bytes:
    r"""Return the rows of a table as jsonl, as ``write_table`` writes them.

    Example:
        >>> json_lines(pd.DataFrame({"theme": ["price"]}))
        b'{"theme": "price"}\n'
    """
    return "".join(
        json.dumps(record, ensure_ascii=False) + "\n" for record in _records(frame)
    ).encode("utf-8")


def _json(frame: pd.DataFrame) -> bytes:
    lines = ",\n".join(json.dumps(record, ensure_ascii=False) for record in _records(frame))
    return f"[\n{lines}\n]\n".encode()


def _parquet(frame: pd.DataFrame) -> bytes:
    import pyarrow as pa

    out = io.BytesIO()
    try:
        frame.to_parquet(out, index=False)
    except (pa.ArrowException, ValueError, TypeError) as error:
        raise FileFormatError(
            f"The table does not fit parquet: {first_line(error)}. Write csv or jsonl."
        ) from None
    return out.getvalue()


def _markdown(frame: pd.DataFrame) -> bytes:
    """Return a table for reading: numbers short, nothing in it that moves what is around it."""

    def cell(value: object) -> str:
        if isinstance(value, float):
            return f"{value:.{max(4, len(f'{abs(value):.0f}'))}g}"
        text = safe(cell_text(value)).replace("&", "&amp;").replace("<", "&lt;")
        return text.replace(">", "&gt;").replace("\\", "\\\\").replace("|", "\\|")

    headers = headers_of(frame)
    lines = [
        headers,
        ["---"] * len(headers),
        *([cell(v) for v in row] for row in plain_rows(frame)),
    ]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines).encode("utf-8")


_WRITERS: dict[str, Callable[[pd.DataFrame], bytes]] = {
    "csv": _csv,
    "tsv": partial(_csv, delimiter="\t"),
    "jsonl": json_lines,
    "json": _json,
    "parquet": _parquet,
    "xlsx": workbook,
    "md": _markdown,
}
