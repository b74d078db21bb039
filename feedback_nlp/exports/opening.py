"""A file as the reader of its format, after a look at its first bytes."""

from functools import partial
from pathlib import Path
from typing import IO

from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports.archives import open_content, packing
from feedback_nlp.exports.delimited_file import DelimitedFile
from feedback_nlp.exports.files import FileReader, Options
from feedback_nlp.exports.formats import HEAD, kind_of
from feedback_nlp.exports.jsonlines import JsonLinesFile
from feedback_nlp.exports.parquet_file import ParquetFile
from feedback_nlp.exports.sources import Source
from feedback_nlp.exports.whole_files import JsonListFile, SheetFile

_READERS: dict[str, type[FileReader]] = {
    "csv": DelimitedFile, "tsv": DelimitedFile, "jsonl": JsonLinesFile, "parquet": ParquetFile,
    "json": JsonListFile, "xlsx": SheetFile,
}  # fmt: skip
_BLOCK = 1 << 20


def open_file(source: Source, options: Options, *, whole: bool) -> FileReader:
    """Return the reader of a file.

    Args:
        source: The file.
        options: How to read it.
        whole: Whether everything that is read is kept in memory, so that there is a limit.

    Raises:
        FileFormatError: The file is not there, is empty, or is not what its ending says.
    """
    name = source.name
    with source.open() as file:
        head = _head(file, name)
    path = Path(name.lower())
    packed = packing(head, path.suffix, name)
    ending = path.suffix
    if packed:
        ending = Path(path.stem).suffix if ending == packed else ending
        with open_content(source, packed) as file:
            head = _head(file, name)
    kind = kind_of(head, lambda: open_content(source, packed, whole=True), ending, name)
    return _READERS[kind](source=source, packed=packed, kind=kind, options=options, whole=whole)


def _head(file: IO[bytes], name: str) -> bytes:
    """Return the first bytes of a file, which must hold more than blanks."""
    head = file.read(HEAD)
    if not head.strip() and not any(map(bytes.strip, iter(partial(file.read, _BLOCK), b""))):
        raise FileFormatError(f"{name} is empty. Export the answers again.")
    return head
