"""A csv or tsv file as blocks of raw rows."""

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports.cells import one_line, text_cells
from feedback_nlp.exports.delimited import (
    MAX_HEADER,
    Layout,
    NotStrictError,
    find_layout,
    restore,
    row_blocks,
)
from feedback_nlp.exports.encodings import Encoding, find_encoding, text_lines
from feedback_nlp.exports.files import BLOCK_ROWS, AgainError, Block, FileReader
from feedback_nlp.exports.headers import check_header, name_columns

_HEAD = MAX_HEADER + 200


@dataclass(slots=True)
class _Broken:
    """Rows with too many or too few cells: how many, and the first of them."""

    count: int = 0
    first: str = ""
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, lengths: np.ndarray, numbers: np.ndarray, lines: np.ndarray, width: int) -> None:
        """Count rows whose number of cells is not that of the header."""
        if not self.count:
            self.first = f"row {numbers[0]} (line {lines[0]}) has {lengths[0]} cells"
        self.count += len(lengths)
        for reason, n in (
            ("more cells than the header", int((lengths > width).sum())),
            ("fewer cells than the header", int((lengths < width).sum())),
        ):
            if n:
                self.reasons[reason] += n

    def message(self, name: str, width: int) -> str:
        """Return the sentence that stops the reading."""
        return (
            f"{name} {self.first} where the header has {width}; "
            f"{self.count} such rows in all. Correct or quote them, name the right "
            "--delimiter, or add --set-aside "
            "to go on without them."
        )


@dataclass(slots=True, kw_only=True)
class DelimitedFile(FileReader):
    """A csv or tsv file.

    Attributes:
        encoding: How its bytes become text.
        layout: How its cells are parted.
        strict: Whether quotes are as they should be; found out on the way.
        width: Cells in the header.
        header: The cells of the first row.
        unnamed: Columns without a header, and whether a cell in them holds something.
        broken: Rows with too many or too few cells.
    """

    encoding: Encoding | None = None
    layout: Layout | None = None
    strict: bool = True
    width: int = 0
    header: list[str] = field(default_factory=list)
    unnamed: dict[int, bool] = field(default_factory=dict)
    broken: _Broken = field(default_factory=_Broken)

    def blocks(self) -> Iterator[Block]:
        """Give the rows from the start; the first time through, headers are named at the end."""
        encoding, layout = self._look()
        lines = text_lines(self.content, encoding, "")
        found = row_blocks(lines, layout, self.name, strict=self.strict, size=BLOCK_ROWS)
        self.header, self.broken, seen = [], _Broken(), 0
        try:
            for rows, starts in found:
                if rows and not self.header:
                    self._read_header(rows[0])
                    rows, starts = rows[1:], starts[1:]
                if rows:
                    yield self._block(rows, starts, seen)
                    seen += len(rows)
        except NotStrictError as error:
            self.strict = False
            if error.inside:
                self.notes.append(
                    f"{self.name} has quotes inside quoted cells that are not doubled; "
                    "they were left out of the text."
                )
            raise AgainError from None
        self._finish()

    def header_of(self, label: Hashable) -> str:
        """Return the cell of the first row above a column."""
        return self.header[label] if isinstance(label, int) else ""

    def _look(self) -> tuple[Encoding, Layout]:
        """Find encoding and layout, once."""
        if self.encoding is None or self.layout is None:
            self.encoding = find_encoding(self.content, self.name, self.options.encoding)
            head, length = [], 0
            for line in text_lines(self.content, self.encoding, ""):
                head.append(line)
                length += len(line)
                if length > _HEAD:
                    break
            self.layout = find_layout(
                "".join(head),
                self.name,
                delimiter=self.options.delimiter,
                prefer="\t" if self.kind == "tsv" else ",",
            )
            self.notes += self.encoding.notes
            self.note = {"encoding": self.encoding.name, "delimiter": self.layout.shown}
        return self.encoding, self.layout

    def _read_header(self, cells: list[str]) -> None:
        self.header = [one_line(restore(cell)) for cell in cells]
        self.width = len(cells)
        check_header(self.header, self.name)
        self.unnamed = {i: False for i, given in enumerate(self.header) if not given}

    def _block(self, rows: list[list[str]], lines: np.ndarray, seen: int) -> Block:
        width = self.width
        for place, filled in self.unnamed.items():
            if not filled:
                self.unnamed[place] = any(len(row) > place and row[place].strip() for row in rows)
        lengths = np.array(list(map(len, rows)), dtype=np.int64)
        good = (lengths == width) | (lengths == 0)  # a blank line is a row without any answer
        numbers = np.arange(seen + 1, seen + len(rows) + 1)
        if not good.all():
            self.broken.add(lengths[~good], numbers[~good], lines[~good], width)
        if not (lengths == width).all():
            blank = [""] * width
            rows = [row or blank for row, ok in zip(rows, good, strict=True) if ok]
        frame = pd.DataFrame({i: text_cells([row[i] for row in rows]) for i in self._kept()})
        for label in frame:
            prefixed = frame[label].str.startswith("'").to_numpy(dtype=bool)
            if prefixed.any():
                cells = frame[label].to_numpy(dtype=object, copy=True)
                cells[prefixed] = [restore(cell) for cell in cells[prefixed]]
                frame[label] = text_cells(cells)
        return Block(frame=frame, numbers=numbers[good], lines=lines[good])

    def _kept(self) -> list[int]:
        """Return the columns to keep: all that have a header or have had a cell so far."""
        return [i for i in range(self.width) if self.header[i] or self.unnamed[i]]

    def _finish(self) -> None:
        """Name the columns, and count broken rows or refuse them."""
        if not self.header:
            check_header(self.header, self.name)
        kept = self._kept()
        names = name_columns(self.header, kept, self.name)
        self.headers = dict(zip(kept, names, strict=True))
        if self.broken.count:
            if not self.options.set_aside:
                raise FileFormatError(self.broken.message(self.name, self.width))
            self.set_aside = self.broken.reasons
