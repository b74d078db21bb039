"""What an engine gives back: the tagged export in parts, in order, never whole in memory."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import pandas as pd

from feedback_nlp.engines.folder import Counts
from feedback_nlp.engines.output import check_rows, write_parts
from feedback_nlp.engines.partition import TaggerSpec
from feedback_nlp.exports.writing import write_table
from feedback_nlp.tagging.tagger import Tagging

Progress = Callable[[str, int, int], None]
STEPS = ("reading", "finding themes")


@dataclass(frozen=True, slots=True)
class TaggedParts:
    """An export that is tagged.

    Use it in a ``with`` block: at the end of the block the work folder goes, unless an error left
    the block; then it stays, and the run can be resumed.

    Attributes:
        number: How many parts there are.
        head: A comments table without rows, with the columns and the notes of the reader.
        counts: What is counted in all parts.
        part: Returns one part by its number, from 0: comments and mentions with their notes.
        mentions_of: Returns the mentions of one part by its number.
        work: Where files are made before they appear whole; ``None`` if all of it is in memory.
        close: Is told the error that ended the ``with`` block, or ``None``.
    """

    number: int
    head: pd.DataFrame
    counts: Counts
    part: Callable[[int], Tagging]
    mentions_of: Callable[[int], pd.DataFrame]
    work: Path | None
    close: Callable[[BaseException | None], None]

    def parts(self) -> Iterator[Tagging]:
        """Return the parts in the order of the export, each read when it is asked for."""
        return map(self.part, range(self.number))

    def comments(self) -> Iterator[pd.DataFrame]:
        """Return the tagged comments, part by part."""
        return (part.comments for part in self.parts())

    def mentions(self) -> Iterator[pd.DataFrame]:
        """Return the mentions, part by part."""
        return map(self.mentions_of, range(self.number))

    def write_mentions(self, path: str | Path) -> None:
        """Write the mentions as ``write_table`` does, whole or not at all.

        Args:
            path: A file whose ending says how it is written, or ``-`` for standard output.

        Raises:
            FileFormatError: As for ``write_table``.
            OSError: The disk is full.
        """
        self._write(self.mentions, path, self.counts["mentions"])

    def write_comments(self, path: str | Path) -> None:
        """Write the tagged comments as ``write_table`` does, whole or not at all.

        Args:
            path: As for ``write_mentions``.

        Raises:
            FileFormatError: As for ``write_table``.
            OSError: The disk is full.
        """
        self._write(self.comments, path, self.counts["comments"])

    def _write(
        self, frames: Callable[[], Iterator[pd.DataFrame]], path: str | Path, rows: int
    ) -> None:
        check_rows(rows, path)
        if self.work is None:
            write_table(next(frames()), path)
        else:
            write_parts(frames, path, work=self.work)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close(error)


class Engine(Protocol):
    """Tags an export of any size."""

    def __call__(
        self,
        sources: Sequence[str],
        work: Path | None,
        *,
        tagger: TaggerSpec,
        reading: Mapping[str, Any],
        workers: int | None = None,
        resume: bool = False,
        force: bool = False,
        mentions: str | Path | None = None,
        look: Callable[[pd.DataFrame], None] = ...,
        progress: Progress = ...,
    ) -> TaggedParts:
        """Tag; ``engines.local.tag_export`` says what the arguments mean."""
        ...


def sum_of(counts: Iterable[Counts]) -> Counts:
    """Return the counts of several parts together.

    Example:
        >>> one = {"comments": 2, "mentions": 3, "with_theme": 1, "statuses": {"ok": 2},
        ...        "languages": {"nl": 2}}
        >>> sum_of([one, one])["statuses"]
        {'ok': 4}
    """
    all_of = list(counts)
    statuses: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    for one in all_of:
        statuses.update(one["statuses"])
        languages.update(one["languages"])
    return {
        "comments": sum(one["comments"] for one in all_of),
        "mentions": sum(one["mentions"] for one in all_of),
        "with_theme": sum(one["with_theme"] for one in all_of),
        "statuses": dict(statuses),
        "languages": dict(languages),
    }
