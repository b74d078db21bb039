"""One part: read from the work folder, tagged, and written back under temporary names."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from feedback_nlp.engines.folder import Counts, FileRecord, PartRecord, write_through
from feedback_nlp.engines.partition import tag_partition
from feedback_nlp.engines.records import RunRecord
from feedback_nlp.engines.tables import (
    MARKS,
    Categories,
    as_parquet,
    read_part,
    with_categories,
    with_notes,
)
from feedback_nlp.records import LANGUAGES, UNKNOWN_LANGUAGE
from feedback_nlp.schema import POLARITIES, SENTIMENTS, SOURCES, STATUSES, with_info
from feedback_nlp.tagging.tagger import Progress, Tagger, Tagging

_OF_MARKS: Categories = {
    "language": (*LANGUAGES, UNKNOWN_LANGUAGE), "status": STATUSES, "sentiment": SENTIMENTS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TaggedPart:
    """A part whose files are on the disk, not yet under their names.

    Attributes:
        record: What the journal says of it.
        names: The temporary name of each file, by its name.
    """

    record: PartRecord
    names: dict[str, str]


def part_name(kind: str, part: int) -> str:
    """Return the name of the file of a part.

    Example:
        >>> part_name("mentions", 3)
        'mentions-00003.parquet'
    """
    return f"{kind}-{part:05}.parquet"


def tag_part(
    folder: Path,
    part: int,
    tagger: Tagger,
    mix: Sequence[float],
    *,
    progress: Progress | None = None,
) -> TaggedPart:
    """Tag a part of an export.

    Args:
        folder: The work folder.
        part: Number of the part, from 0.
        tagger: What tags it.
        mix: The mix of languages of the whole export, of ``language_mix``.
        progress: As for ``Tagger.tag_frame``.
    """
    comments = read_part(folder / part_name("comments", part))
    tagging = tag_partition(comments, tagger, mix=np.array(mix), progress=progress)
    marks = tagging.comments[list(MARKS)]
    files: list[FileRecord] = []
    names = {}
    for kind, frame in (("marks", marks), ("mentions", tagging.mentions)):
        name = part_name(kind, part)
        names[name] = f"{name}.{os.getpid()}.tmp"
        written = write_through(folder / names[name], as_parquet(frame))
        files.append({"name": name, "size": written["size"], "sha256": written["sha256"]})
    return TaggedPart({"part": part, "counts": counts_of(tagging), "files": files}, names)


def counts_of(tagging: Tagging) -> Counts:
    """Return what is counted of a part."""
    return {
        "comments": len(tagging.comments),
        "mentions": len(tagging.mentions),
        "with_theme": int(tagging.mentions["comment_id"].nunique()),
        "statuses": _counts(tagging.comments["status"]),
        "languages": _counts(tagging.comments["language"]),
    }


def _counts(column: pd.Series) -> dict[str, int]:
    return {str(name): int(n) for name, n in column.value_counts(sort=False).items()}


@dataclass(frozen=True, slots=True)
class PartsOnDisk:
    """The parts of a run, read when they are asked for.

    Attributes:
        folder: Where they are.
        notes: What the reader noted of the export.
        categories: The categories of its columns.
        of_mentions: The categories of mentions.
        noted: What the tagger noted of its themes.
    """

    folder: Path
    notes: dict[str, Any]
    categories: Categories
    of_mentions: Categories
    noted: dict[str, Any]

    @classmethod
    def of(cls, folder: Path, run: RunRecord, tagger: Tagger) -> Self:
        """Return the parts of a run."""
        return cls(
            folder=folder,
            notes=run["notes"],
            categories=run["categories"],
            of_mentions={
                "theme": tagger.taxonomy.ids, "polarity": POLARITIES, "source": SOURCES,
            },
            noted=tagger.taxonomy.noted(),
        )  # fmt: skip

    def head(self) -> pd.DataFrame:
        """Return a comments table without rows, with the notes of the reader."""
        return self._read(0).iloc[:0]

    def part(self, number: int) -> Tagging:
        """Return the tagged comments of a part, and their mentions."""
        marks = read_part(self.folder / part_name("marks", number))
        comments = self._read(number)
        tagged = comments.assign(
            **{str(name): column for name, column in with_categories(marks, _OF_MARKS).items()}
        )
        tagged.attrs = comments.attrs
        return Tagging(tagged, self.mentions(number))

    def mentions(self, number: int) -> pd.DataFrame:
        """Return the mentions of a part."""
        mentions = read_part(self.folder / part_name("mentions", number))
        return with_info(with_categories(mentions, self.of_mentions), self.noted)

    def _read(self, number: int) -> pd.DataFrame:
        comments = read_part(self.folder / part_name("comments", number))
        return with_notes(with_categories(comments, self.categories), self.notes)
