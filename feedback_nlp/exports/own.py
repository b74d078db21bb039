"""Comments tables that ``write_table`` wrote as parquet, back as they were with their notes."""

import json
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports.formats import STDIN
from feedback_nlp.exports.sources import Source, unchanged
from feedback_nlp.exports.watching import hash_texts
from feedback_nlp.records import RatingScale
from feedback_nlp.schema import INFO, Notes, check_comments

if TYPE_CHECKING:
    import pyarrow as pa


def own_file(sources: Sequence[str | Path]) -> Path | None:
    """Return the file that holds a comments table of ours, if the sources are just that."""
    if len(sources) != 1 or str(sources[0]) == STDIN:
        return None
    path = Path(sources[0])
    if path.suffix.lower() != ".parquet" or not path.is_file():
        return None
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        described = pq.read_schema(path).metadata or {}
    except (pa.ArrowException, OSError, ValueError):
        return None  # the reader of parquet says what is wrong with it
    ours = INFO.encode() in described.get(b"PANDAS_ATTRS", b"")
    return path if ours and b"comment_id" in described.get(b"pandas", b"") else None


def own_table(sources: Sequence[str | Path]) -> pd.DataFrame | None:
    """Return a comments table that ``write_table`` wrote as parquet, with its notes; or None.

    Raises:
        FileFormatError: Its notes are damaged.
    """
    import pyarrow as pa

    path = own_file(sources)
    try:
        table = None if path is None else pd.read_parquet(path)
    except (pa.ArrowException, OSError, ValueError):
        return None
    if table is not None and path is not None:
        check_notes(table.attrs[INFO], path.name)
        table.attrs[INFO] = Notes(table.attrs[INFO])
    return table


def check_notes(noted: object, name: str) -> None:
    """Raise if the notes of a comments table are not those ``read_comments`` makes."""
    kinds = {"roles": list, "scales": dict, "rows": dict, "notes": list, "segments": list}
    try:
        if not isinstance(noted, dict):
            raise TypeError(noted)
        odd = [key for key, kind in kinds.items() if not isinstance(noted[key], kind)]
        rows = noted["rows"]
        if odd or rows["read"] != rows["used"] + sum(rows["set_aside"].values()):
            raise TypeError(odd)
        for scale in noted["scales"].values():
            RatingScale.from_dict(scale)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise FileFormatError(
            f"{name} calls itself a comments table, but its notes (how it was read) are damaged. "
            "Analyse the export it was made from, or save it as csv first."
        ) from None


class OwnTable:
    """A comments table of ours that is read in parts."""

    def __init__(self, path: Path) -> None:
        """Look at the notes and the ids of a table.

        Args:
            path: Of a file that ``own_file`` found.

        Raises:
            FileFormatError: Its notes are damaged.
            ColumnError: Its ids are not unique.
        """
        import pyarrow.parquet as pq

        self._path = path
        self._source = Source(name=path.name, path=path)
        self._mark = self._source.mark()
        with pq.ParquetFile(path) as file:
            noted = json.loads(file.schema_arrow.metadata[b"PANDAS_ATTRS"])[INFO]
            total = file.metadata.num_rows
            check_notes(noted, path.name)
            ids = [
                hash_texts(batch.column(0).to_numpy(zero_copy_only=False))
                for batch in file.iter_batches(columns=["comment_id"])
            ]
        if total and len(np.unique(np.concatenate(ids))) < total:
            check_comments(pd.read_parquet(path, columns=["comment_id"]))
        self._noted = noted
        self.per_row = int(noted.get("comments", {}).get("per_row", 1))
        self.rows = -(-total // self.per_row)

    @property
    def known(self) -> dict[str, Any]:
        """The notes that are known before any row is read."""
        keys = ("files", "roles", "scales", "renamed", "segments")
        return {key: self._noted[key] for key in keys if key in self._noted}

    def parts(self, size: int) -> Generator[pd.DataFrame, None, None]:
        """Give the comments of so many rows at a time.

        Raises:
            FileFormatError: The file was changed.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        wanted = size * self.per_row
        with unchanged(self._source, self._mark), pq.ParquetFile(self._path) as file:
            waiting = file.schema_arrow.empty_table()
            for batch in file.iter_batches(batch_size=wanted):
                waiting = pa.concat_tables([waiting, pa.Table.from_batches([batch])])
                while len(waiting) >= wanted:
                    yield self._part(waiting.slice(0, wanted))
                    waiting = waiting.slice(wanted)
            if len(waiting):
                yield self._part(waiting)

    def _part(self, table: "pa.Table") -> pd.DataFrame:
        part: pd.DataFrame = table.to_pandas().reset_index(drop=True)
        part.attrs[INFO] = Notes(self.known)
        return part

    def info(self) -> dict[str, Any]:
        """Return all notes."""
        return dict(self._noted)

    def close(self) -> None:
        """Do nothing: no file is held open between two readings."""
