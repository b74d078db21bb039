"""All files of an export as one raw table, and our own parquet back as it was."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.errors import ColumnError, FileFormatError, shorten_list
from feedback_nlp.exports.files import Options, RawTable, load_file
from feedback_nlp.exports.formats import STDIN
from feedback_nlp.schema import INFO, rating_scales


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One or several files with the same columns.

    Attributes:
        frame: All whole rows as text, numbered from 0.
        stems: The name of the file of each row, without ending.
        numbers: The number of each row in its file, from 1.
        lines: The line or sheet row on which it starts.
        line_words: What ``lines`` counts, for each row's file.
        files: What the notes say of each file.
        read: Rows in all files, including those set aside.
        set_aside: Rows that are not in ``frame``, by reason.
        notes: Sentences for the analyst.
    """

    frame: pd.DataFrame
    stems: np.ndarray
    numbers: np.ndarray
    lines: np.ndarray
    line_words: np.ndarray
    files: list[dict[str, Any]]
    read: int
    set_aside: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def several(self) -> bool:
        """Whether there is more than one file."""
        return len(self.files) > 1

    @property
    def name(self) -> str:
        """The names of the files, for messages."""
        return shorten_list((note["name"] for note in self.files), limit=3)

    def where(self, row: int) -> str:
        """Return where a row is, for messages."""
        file = f" of {self.stems[row]}" if self.several else ""
        number, line, word = self.numbers[row], self.lines[row], self.line_words[row]
        return (
            f"row {number}{file}"
            if word in ("row", "record")
            else f"row {number} ({word} {line}){file}"
        )


def load_export(sources: Sequence[str | Path], options: Options) -> Export:
    """Return one or several files as one raw table.

    Raises:
        FileFormatError: A file cannot be read, or there is none.
        ColumnError: The files do not have the same columns.
    """
    if not sources:
        raise FileFormatError("No file was given. Name at least one export.")
    tables = [load_file(source, options) for source in sources]
    _check_same_columns(tables)
    first = tables[0].frame.columns
    aside: dict[str, int] = {}
    for table in tables:
        for reason, n in table.set_aside.items():
            aside[reason] = aside.get(reason, 0) + n
    frame = pd.concat([table.frame[list(first)] for table in tables], ignore_index=True)
    notes = [note for table in tables for note in table.notes]
    stems = _stems(tables)
    return Export(
        frame=frame,
        stems=np.repeat(np.array(stems, dtype=object), [len(t.frame) for t in tables]),
        numbers=np.concatenate([t.numbers for t in tables]),
        lines=np.concatenate([t.lines for t in tables]),
        line_words=np.repeat(
            np.array([t.line_word for t in tables], dtype=object), [len(t.frame) for t in tables]
        ),
        files=[t.note for t in tables],
        read=sum(t.read for t in tables),
        set_aside=aside,
        notes=(*notes, *_content_notes(frame)),
    )


def _stems(tables: list[RawTable]) -> list[str]:
    """Return the name of each file without its ending, numbered where two are the same."""
    names = [str(t.note["name"]).removesuffix(".gz") for t in tables]
    stems = [Path(name).stem or name for name in names]
    return [f"{stem} {i + 1}" if stems.count(stem) > 1 else stem for i, stem in enumerate(stems)]


def _check_same_columns(tables: list[RawTable]) -> None:
    first = set(tables[0].frame.columns)
    for table in tables[1:]:
        more, less = set(table.frame.columns) - first, first - set(table.frame.columns)
        if more or less:
            says = [f"has {shorten_list(map(repr, sorted(more)))}"] * bool(more)
            says += [f"lacks {shorten_list(map(repr, sorted(less)))}"] * bool(less)
            raise ColumnError(
                f"{table.note['name']} does not have the columns of {tables[0].note['name']}: it "
                f"{' and '.join(says)}. "
                "Files that are read together need the same headers."
            )


def _content_notes(frame: pd.DataFrame) -> list[str]:
    """Tell of exact copies and of letters that were lost before the file reached us."""
    notes = []
    empty = (frame == "").all(axis="columns")
    copies = int(frame[~empty].duplicated().sum()) if len(frame) else 0
    if copies:
        notes.append(f"{copies} rows are exact copies of earlier ones; they were kept.")
    lost = sum(int(frame[c].str.contains("\ufffd", regex=False).sum()) for c in frame)
    if lost:
        notes.append(
            f"{lost} cells hold the replacement character \ufffd: letters were lost before this "
            "file was written."
        )
    garbled = sum(
        int(frame[c].str.contains("â€|Ã[\u0080-\u00bf]", regex=True).sum()) for c in frame
    )
    if garbled:
        notes.append(
            f"{garbled} cells hold letters like â€™: UTF-8 that another program once read as "
            "Windows-1252; they were left as they are."
        )
    return notes


def own_table(source: str | Path) -> pd.DataFrame | None:
    """Return a comments table that ``write_table`` wrote as parquet, with its notes; or None."""
    path = Path(source)
    if str(source) == STDIN or path.suffix.lower() != ".parquet" or not path.is_file():
        return None
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        described = pq.read_schema(path).metadata or {}
        if INFO.encode() not in described.get(
            b"PANDAS_ATTRS", b""
        ) or b"comment_id" not in described.get(b"pandas", b""):
            return None
        table = pd.read_parquet(path)
    except (pa.ArrowException, OSError, ValueError):
        return None  # load_file says what is wrong with it
    _check_notes(table, path.name)
    return table


def _check_notes(table: pd.DataFrame, name: str) -> None:
    """Raise if the notes of a comments table are not those ``read_comments`` makes."""
    noted = table.attrs[INFO]
    kinds = {"roles": list, "scales": dict, "rows": dict, "notes": list, "segments": list}
    try:
        odd = [key for key, kind in kinds.items() if not isinstance(noted[key], kind)]
        rows = noted["rows"]
        if odd or rows["read"] != rows["used"] + sum(rows["set_aside"].values()):
            raise TypeError(odd)
        rating_scales(table)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise FileFormatError(
            f"{name} calls itself a comments table, but its notes (how it was read) are damaged. "
            "Analyse the export it was made from, or save it as csv first."
        ) from None
