"""One file as blocks of raw rows: every cell as text, every row with its place, nothing decided.

csv, tsv and jsonl (plain, gzip or zstd) and parquet are streams: a block is in memory at a time.
xlsx and json lists are read whole. The content is checked against the ending: a file says what it
is by its first bytes.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd

from feedback_nlp.exports.archives import open_content
from feedback_nlp.exports.cells import unused
from feedback_nlp.exports.sources import Source

BLOCK_ROWS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to read a file, where the user knows better."""

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    set_aside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some rows of a file.

    Attributes:
        frame: Cells as text, blank where there is nothing; only whole rows. Its columns have the
            labels of the file, which its reader turns into headers at the end.
        numbers: The number of each row among the rows of the file, from 1.
        lines: The line (csv, jsonl) or sheet row (xlsx) each row starts on.
    """

    frame: pd.DataFrame
    numbers: np.ndarray
    lines: np.ndarray


def rows_in_order(frame: pd.DataFrame, *, before: int = 0, above: int = 0) -> Block:
    """Return rows that follow each other without a gap.

    Args:
        frame: Cells as text.
        before: Rows of the file before them.
        above: Lines above the first row of the file.
    """
    numbers = np.arange(before + 1, before + len(frame) + 1)
    return Block(frame=frame, numbers=numbers, lines=numbers + above)


@dataclass(slots=True, kw_only=True)
class FileReader(ABC):
    """A file that can be gone through as often as needed.

    The first time it is gone through is when broken rows are counted or refused, and when the
    attributes below become known.

    Attributes:
        source: The file.
        packed: ``.gz`` or ``.zst`` if it is.
        kind: Its format.
        options: How to read it.
        whole: Whether everything that is read is kept in memory.
        line_word: What ``lines`` counts.
        headers: The header of each column that is kept, by its label.
        set_aside: Rows that are in no block, by reason.
        notes: Sentences for the analyst.
        note: What the table's notes say of this file alone.
    """

    source: Source
    packed: str
    kind: str
    options: Options
    whole: bool
    line_word: str = "line"
    headers: dict[Hashable, str] = field(default_factory=dict)
    set_aside: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    note: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.source.name

    def content(self) -> IO[bytes]:
        """Open the file, unpacked."""
        return open_content(self.source, self.packed, whole=self.whole)

    def header_of(self, label: Hashable) -> str:
        """Return what a column is called in the file, as soon as there is a block."""
        return self.headers[label]

    @abstractmethod
    def blocks(self) -> Iterator[Block]:
        """Give the rows from the start.

        Raises:
            AgainError: The file must be gone through once more, in another way.
            FileFormatError: Rows are broken, or the file is.
        """

    def tidy(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return raw rows under the headers of the table, once these are known."""
        if list(frame.columns) != list(self.headers):
            frame = frame.reindex(columns=list(self.headers), fill_value="")
        return frame.set_axis(list(self.headers.values()), axis="columns")


class AgainError(Exception):
    """What was found out about a file means that it must be read again from its start."""


def stem(name: str) -> str:
    """Return the name of a file without its endings.

    Example:
        >>> stem("March.2026.csv.gz")
        'March.2026'
    """
    bare = name.removesuffix(".gz").removesuffix(".zst")
    return Path(bare).stem or bare


def stems(names: Sequence[str]) -> list[str]:
    """Return the name of each file without its endings, numbered where two are the same.

    Example:
        >>> stems(["a 2.csv", "a.csv", "a.jsonl", "b.csv"])
        ['a 2', 'a 2 (2)', 'a 3', 'b']
    """
    bare = [stem(name) for name in names]
    count, taken = Counter(bare), set(bare)
    for place, one in enumerate(bare):
        if count[one] > 1:
            bare[place] = unused(f"{one} {place + 1}", taken)
            taken.add(bare[place])
    return bare
