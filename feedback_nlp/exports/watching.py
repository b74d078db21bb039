"""What is found out about an export while its rows pass by once: eight bytes a row and a sample."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.exports import sampling
from feedback_nlp.exports.files import Block
from feedback_nlp.exports.sampling import mix, priorities

Hashes = NDArray[np.uint64]
_LOOK = 1000  # cells that tell whether a column repeats itself
_LOST = "\ufffd"
_GARBLED = "â€|Ã[\u0080-\u00bf]"


class Sample:
    """The rows that decide, as far as they have passed by."""

    def __init__(self, most: int) -> None:
        """Draw that many rows at most."""
        self._most = most
        self._pieces: list[tuple[Hashes, int, Block]] = []
        self._count = 0
        self._limit = np.uint64(2**64 - 1)

    def fresh(self) -> "Sample":
        """Return a sample for the next file alone; what was drawn before need not be drawn."""
        other = Sample(self._most)
        other._limit = self._limit
        return other

    def add(self, priority: Hashes, file: int, block: Block) -> None:
        """See some rows."""
        low = priority <= self._limit
        if low.any():
            self._pieces.append(_chosen(priority, file, block, low))
            self._count += int(low.sum())
        if self._count > 2 * self._most:
            self.shrink()

    def merge(self, other: "Sample") -> None:
        """Take in what was drawn of the next file."""
        self._pieces += other._pieces
        self._count += other._count
        self.shrink()

    def shrink(self) -> None:
        """Let go of rows that will not be drawn any more."""
        if self._count <= self._most:
            return
        every = np.concatenate([priority for priority, _, _ in self._pieces])
        self._limit = np.partition(every, self._most - 1)[self._most - 1]
        chosen = [_chosen(*piece, piece[0] <= self._limit) for piece in self._pieces]
        self._pieces = [piece for piece in chosen if len(piece[0])]
        self._count = sum(len(priority) for priority, _, _ in self._pieces)

    def rows(self) -> list[tuple[int, Block]]:
        """Return the rows drawn with the place of their file, in order."""
        self.shrink()
        return [(file, block) for _, file, block in self._pieces]


def _chosen(
    priority: Hashes, file: int, block: Block, which: NDArray[np.bool_]
) -> tuple[Hashes, int, Block]:
    if which.all():
        return priority, file, block
    rows = np.flatnonzero(which)
    part = Block(frame=block.frame.take(rows), numbers=block.numbers[rows], lines=block.lines[rows])
    return priority[rows], file, part


@dataclass(slots=True, kw_only=True)
class FileWatch:
    """What is found out about one file.

    Attributes:
        start: Rows of the files before.
        sample: The rows of this file that may be drawn; ``None`` where all are kept.
        is_id: Tells by its header whether a column may hold ids.
        rows: Rows seen.
        lost: Cells with the replacement character.
        garbled: Cells that were once read in another encoding.
        hashes: Of each row, 0 for an empty one.
        ids: Of each cell in columns that may hold ids, 0 for a blank one.
        gaps: Numbers of rows that were set aside before.
        last: Number of the last row seen.
    """

    start: int
    file: int
    sample: Sample | None
    is_id: Callable[[str], bool]
    rows: int = 0
    lost: int = 0
    garbled: int = 0
    hashes: list[Hashes] = field(default_factory=list)
    ids: dict[Hashable, list[Hashes]] = field(default_factory=dict)
    gaps: list[NDArray[np.int64]] = field(default_factory=list)
    last: int = 0

    def see(self, block: Block, header_of: Callable[[Hashable], str]) -> None:
        """Look at some rows."""
        frame, count = block.frame, len(block.frame)
        if not count:
            return
        rows = np.zeros(count, dtype=np.uint64)
        for label in frame:
            column = frame[label]
            header = header_of(label)
            hashes = hash_cells(column)
            rows += _apart(hashes, header or str(label))
            self._count_damage(column)
            if self.is_id(header):
                ids = self.ids.setdefault(
                    label, [np.zeros(self.rows, dtype=np.uint64)] if self.rows else []
                )
                bare = column.str.strip()
                ids.append(hashes if bare.equals(column) else hash_cells(bare))
        self.hashes.append(rows)
        if block.numbers[-1] - self.last != count:
            passed = np.arange(self.last + 1, block.numbers[-1] + 1)
            self.gaps.append(np.setdiff1d(passed, block.numbers, assume_unique=True))
        self.last = int(block.numbers[-1])
        if self.sample is not None:
            drawn = priorities(self.start + self.rows, count, sampling.ENOUGH)
            self.sample.add(drawn, self.file, block)
        self.rows += count

    def _count_damage(self, column: pd.Series) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        cells = pa.array(column.array)
        plain = pc.string_is_ascii(cells)
        if pc.all(plain).as_py():
            return
        others = cells.filter(pc.invert(plain))
        self.lost += pc.sum(pc.match_substring(others, _LOST)).as_py()
        self.garbled += pc.sum(pc.match_substring_regex(others, _GARBLED)).as_py()

    def ids_of(self, label: Hashable) -> Hashes:
        """Return the hash of each cell of a column that may hold ids, 0 where it is blank."""
        if label not in self.ids:
            return np.zeros(self.rows, dtype=np.uint64)
        return np.concatenate(self.ids[label]) if self.rows else np.zeros(0, dtype=np.uint64)

    def numbers(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number in the file of each of some rows, given from 0."""
        if not self.gaps:
            return rows + 1
        gaps = np.concatenate(self.gaps)
        return rows + 1 + np.searchsorted(gaps - np.arange(len(gaps)), rows + 1, side="right")


def hash_cells(column: pd.Series) -> Hashes:
    """Return a number of 64 bits for each cell, the same for the same text; 0 for a blank one."""
    first = column.iloc[:_LOOK]
    if first.nunique() > len(first) / 2:
        hashes = hash_texts(column.to_numpy(dtype=object))
        hashes[hashes == _blank()] = 0
        return hashes
    codes, different = pd.factorize(column)  # what comes up again is hashed once
    known = hash_texts(different.to_numpy(dtype=object))
    known[known == _blank()] = 0
    return known[codes]


def hash_texts(texts: NDArray[np.object_]) -> Hashes:
    """Return a number of 64 bits for each text, the same for the same one."""
    hashes: Hashes = pd.util.hash_array(texts, categorize=False)
    return hashes


@cache
def _blank() -> np.uint64:
    """Return the hash of a blank text."""
    return np.uint64(hash_texts(np.array([""], dtype=object))[0])


def _apart(hashes: Hashes, header: str) -> Hashes:
    """Return hashes so that the same text in another column is another number; 0 stays 0."""
    own = hash_texts(np.array([header], dtype=object))[0]
    return np.where(hashes == 0, np.uint64(0), mix(hashes ^ own))


def content_notes(watches: Sequence[FileWatch]) -> list[str]:
    """Tell of exact copies and of letters that were lost before the file reached us."""
    notes = []
    found = [hashes for watch in watches for hashes in watch.hashes]
    rows = np.concatenate(found) if found else np.zeros(0, dtype=np.uint64)
    rows = rows[rows != 0]
    copies = len(rows) - len(np.unique(rows))
    if copies:
        notes.append(f"{copies} rows are exact copies of earlier ones; they were kept.")
    lost = sum(watch.lost for watch in watches)
    if lost:
        notes.append(
            f"{lost} cells hold the replacement character \ufffd: letters were lost before this "
            "file was written."
        )
    garbled = sum(watch.garbled for watch in watches)
    if garbled:
        notes.append(
            f"{garbled} cells hold letters like â€™: UTF-8 that another program once read as "
            "Windows-1252; they were left as they are."
        )
    return notes


def rename_ids(watch: FileWatch, headers: Mapping[Hashable, str]) -> None:
    """Call the columns that may hold ids by their headers, once these are known."""
    watch.ids = {headers[label]: found for label, found in watch.ids.items() if label in headers}
