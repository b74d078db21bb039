"""The export put aside in the work folder, part by part, before the long work begins."""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_nlp.engines.folder import RUN, WorkFolder
from feedback_nlp.engines.reading import Parts, with_notes
from feedback_nlp.engines.records import (
    FORMAT,
    Asked,
    PutAside,
    RunRecord,
    read_run,
    sources_record,
)
from feedback_nlp.engines.tables import CategoriesOfAll, as_parquet
from feedback_nlp.engines.tagging_parts import part_name
from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports.formats import STDIN

Stamps = list[tuple[int, int]]


def put_aside(
    folder: WorkFolder,
    parts: Parts,
    stream: Iterable[pd.DataFrame],
    *,
    asked: Asked,
    sources: Sequence[str],
    stamped: Stamps,
    look: Callable[[pd.DataFrame], None],
) -> RunRecord:
    """Write all parts of an export, and the record of the run when they are there.

    Args:
        folder: Where to.
        parts: What knows the notes of the whole export, after its last part.
        stream: The parts.
        asked: What the result depends on, beside the export.
        sources: The files that are read.
        stamped: Their sizes and times before they were read.
        look: Is shown a table without rows, with the notes.

    Raises:
        FileFormatError: A file was changed while it was read.
        FeedbackError: As for ``read_comments``, and what ``look`` raises.
    """
    categories = CategoriesOfAll()
    written: list[PutAside] = []
    head = pd.DataFrame()
    for number, part in enumerate(stream):
        categories.add(part)
        head = part.iloc[:0]
        ids = part["comment_id"].astype("str")
        file = folder.put(part_name("comments", number), as_parquet(part))
        written.append(
            {"comments": len(part), "first": ids.iloc[0], "last": ids.iloc[-1], "file": file}
        )
    noted = sources_record(sources)
    for source, before, now in zip(sources, stamped, stamps(sources), strict=True):
        if before != now:
            raise FileFormatError(
                f"{source} was changed while it was read. Wait until it is written, and run again."
            )
    look(with_notes(head, parts.notes))
    run: dict[str, Any] = {
        "format": FORMAT,
        "asked": asked,
        "sources": noted,
        "notes": parts.notes,
        "categories": categories.found(),
        "parts": written,
    }
    folder.put_json(RUN, run)
    record = read_run(folder)  # as a run that goes on will find it
    assert record is not None  # noqa: S101
    return record


def stamps(sources: Sequence[str]) -> Stamps:
    """Return size and time of change of each file; of what is no file, nothing."""
    return [_stamp(Path(source)) if source != STDIN else (0, 0) for source in sources]


def _stamp(path: Path) -> tuple[int, int]:
    if not path.is_file():
        return (0, 0)
    status = os.stat(path)
    return (status.st_size, status.st_mtime_ns)
