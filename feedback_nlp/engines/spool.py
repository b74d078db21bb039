"""The export put aside in the work folder, part by part, before the long work begins."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pandas as pd

from feedback_nlp.engines.folder import RUN, WorkFolder
from feedback_nlp.engines.partition import texts_of
from feedback_nlp.engines.records import (
    FORMAT,
    Asked,
    PutAside,
    RunRecord,
    files_of,
    read_run,
    sources_record,
)
from feedback_nlp.engines.tables import CategoriesOfAll, as_parquet, with_notes
from feedback_nlp.engines.tagging_parts import part_name
from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports.stream import ExportStream
from feedback_nlp.language import mix_of, typical_texts

Stamps = list[tuple[int, int]]


def put_aside(
    folder: WorkFolder,
    export: ExportStream,
    parts: Iterable[pd.DataFrame],
    *,
    asked: Asked,
    sources: Sequence[str],
    stamped: Stamps,
    look: Callable[[pd.DataFrame], None],
) -> RunRecord:
    """Write all parts of an export, and the record of the run when they are there.

    Args:
        folder: Where to.
        export: The export, which knows its notes after its last part.
        parts: Its parts.
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
    texts = Counter[str]()
    for number, part in enumerate(parts):
        categories.add(part)
        texts = typical_texts(texts + texts_of(part))
        head = part.iloc[:0]
        ids = part["comment_id"].astype("str")
        file = folder.put(part_name("comments", number), as_parquet(part))
        written.append(
            {"comments": len(part), "first": ids.iloc[0], "last": ids.iloc[-1], "file": file}
        )
    noted = sources_record(sources)
    if stamps(sources) != stamped:
        raise FileFormatError(
            "The export was changed while it was read. Wait until it is written, and run again."
        )
    look(with_notes(head, export.info))
    run: dict[str, Any] = {
        "format": FORMAT,
        "asked": asked,
        "mix": mix_of(texts).tolist(),
        "sources": noted,
        "notes": export.info,
        "categories": categories.found(),
        "parts": written,
    }
    folder.put_json(RUN, run)
    record = read_run(folder)  # as a run that goes on will find it
    assert record is not None  # noqa: S101
    return record


def stamps(sources: Sequence[str]) -> Stamps:
    """Return size and time of change of each file of the sources."""
    found = [path.stat() for source in sources for path in files_of(source) if path.is_file()]
    return [(status.st_size, status.st_mtime_ns) for status in found]
