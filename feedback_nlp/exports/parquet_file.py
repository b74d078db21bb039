"""A parquet file as blocks of raw rows, a few thousand at a time."""

import io
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports.cells import one_line, text_column
from feedback_nlp.exports.files import BLOCK_ROWS, Block, FileReader, rows_in_order
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
                    yield rows_in_order(frame, before=seen)
                    seen += len(frame)
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

    column = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind):
        text = pc.fill_null(pc.cast(column, pa.large_string()), "")
        try:
            text.validate(full=True)
        except pa.ArrowInvalid:  # bytes that are no letters
            return text_column(pc.cast(text, pa.large_binary()).to_pylist())
        return pd.Series(pd.array(text, dtype="str"))
    if pa.types.is_float32(kind):  # 0.1 is meant, not 0.10000000149011612
        return text_column(map(float, column.to_pandas().astype("str")))
    try:
        return text_column(column.to_pylist())
    except OverflowError:  # days too far away for Python
        return text_column(pc.cast(column, pa.large_string()).to_pylist())
