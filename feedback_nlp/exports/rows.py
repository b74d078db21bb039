"""Whole rows of an export as text, each with its place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Whole rows of an export, and where each of them is.

    Attributes:
        frame: All cells as text, numbered from 0.
        files: The place of the file of each row among the files.
        numbers: The number of each row in its file, from 1.
        lines: The line or sheet row on which it starts.
        stems: The name of each file, without ending.
        words: What ``lines`` counts in each file.
    """

    frame: pd.DataFrame
    files: np.ndarray
    numbers: np.ndarray
    lines: np.ndarray
    stems: Sequence[str]
    words: Sequence[str]

    def where(self, row: int) -> str:
        """Return where a row is, for messages."""
        file = int(self.files[row])
        of = f" of {self.stems[file]}" if len(self.stems) > 1 else ""
        number, line, word = self.numbers[row], self.lines[row], self.words[file]
        if word in ("row", "record"):
            return f"row {number}{of}"
        return f"row {number} ({word} {line}){of}"

    def take(self, rows: np.ndarray) -> "Rows":
        """Return some of the rows."""
        return replace(
            self,
            frame=self.frame.take(rows).reset_index(drop=True),
            files=self.files[rows],
            numbers=self.numbers[rows],
            lines=self.lines[rows],
        )

    def cut(self, start: int, end: int) -> "Rows":
        """Return the rows from one place to before another."""
        return replace(
            self,
            frame=self.frame.iloc[start:end].reset_index(drop=True),
            files=self.files[start:end],
            numbers=self.numbers[start:end],
            lines=self.lines[start:end],
        )


def joined(parts: Sequence[Rows]) -> Rows:
    """Return rows one below the other."""
    if len(parts) == 1:
        return parts[0]
    return replace(
        parts[0],
        frame=pd.concat([part.frame for part in parts], ignore_index=True),
        files=np.concatenate([part.files for part in parts]),
        numbers=np.concatenate([part.numbers for part in parts]),
        lines=np.concatenate([part.lines for part in parts]),
    )
