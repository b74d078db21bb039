"""A parquet file as blocks of raw rows, a few thousand at a time."""

import io
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports.cells import one_line, text_column
from feedback_nlp.exports.files import BLOCK_ROWS, Block, FileReader
from feedback_nlp.exports.headers import check_headers
from feedback_nlp.exports.whole_files import read_whole

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(slots=True, kw_only=True)
class ParquetFile(FileReader):
    """A parquet file; the index that pandas wrote comes first."""

    line_word: str = "row"

    def blocks(self) -> Iterator[Block]:
        """Give the rows from the start."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        seen = 0
        try:
            with io.BytesIO(read_whole(self)) if self.packed else self.content() as content:
                file = pq.ParquetFile(content, buffer_size=1 << 20, pre_buffer=False)
                self.headers = _names(file.schema_arrow)
                check_headers(list(self.headers.values()), self.name)
                for batch in file.iter_batches(batch_size=BLOCK_ROWS):
                    frame = pd.DataFrame({i: _as_text(batch.column(i)) for i in self.headers})
                    numbers = np.arange(seen + 1, seen + len(frame) + 1)
                    seen += len(frame)
                    yield Block(frame=frame, numbers=numbers, lines=numbers)
        except (pa.ArrowException, OSError):
            raise FileFormatError(
                f"{self.name} is a broken parquet file. Write or copy it again."
            ) from None


def _names(schema: "pa.Schema") -> dict[Hashable, str]:
    """Return the header of each column by its place, those of the index of pandas first."""
    described = schema.pandas_metadata or {}
    index = [name for name in described.get("index_columns", ()) if isinstance(name, str)]
    unnamed = [name for name in index if name.startswith("__index_level_")]
    names = {name: name for name in schema.names}
    for level, name in enumerate(index):
        if name in unnamed:
            alone = len(index) == 1 and "index" not in schema.names
            names[name] = "index" if alone else f"level_{level}"
    first = {name: level - len(index) for level, name in enumerate(index)}
    places = sorted(range(len(schema.names)), key=lambda i: first.get(schema.names[i], 0))
    return {i: one_line(names[schema.names[i]]) for i in places}


def _as_text(column: "pa.Array") -> pd.Series:
    """Return cells of any type as text; what is not there is blank."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind):
        column = column.dictionary_decode() if kind is not column.type else column
        text = pc.fill_null(pc.cast(column, pa.large_string()), "")
        return pd.Series(pd.array(text, dtype="str"))
    return text_column(column.to_pylist())
