"""Files that cannot be read in parts: lists of JSON objects, and sheets of a workbook."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports.encodings import find_encoding, text_lines
from feedback_nlp.exports.files import Block, FileReader, rows_in_order
from feedback_nlp.exports.jsonlines import (
    check_keys,
    flat,
    json_problem,
    name_keys,
    records_frame,
)

MAX_WHOLE = 500_000_000  # bytes that are read into memory at once in the course of a stream


def read_whole(reader: FileReader) -> bytes:
    """Return all bytes of a file.

    Raises:
        FileFormatError: The file is to be read in parts, its format has none, and it is too big
            to be held in memory.
    """
    with reader.content() as file:
        data = file.read(-1 if reader.whole else MAX_WHOLE + 1)
    if not reader.whole and len(data) > MAX_WHOLE:
        raise FileFormatError(
            f"{reader.name} has more than {MAX_WHOLE // 1_000_000:,} MB, and {reader.kind} cannot "
            "be read in parts. Export the answers as csv, jsonl or parquet."
        )
    return data


@dataclass(slots=True, kw_only=True)
class JsonListFile(FileReader):
    """A file with one list of JSON objects."""

    line_word: str = "record"

    def blocks(self) -> Iterator[Block]:
        """Give all records in one block."""
        data = read_whole(self)
        encoding = find_encoding(lambda: io.BytesIO(data), self.name, self.options.encoding)
        text = "".join(text_lines(lambda: io.BytesIO(data), encoding, "\n"))
        found = [
            flat(record, self.name, number)
            for number, record in enumerate(_records(text, self.name), 1)
        ]
        keys = list(dict.fromkeys(key for record in found for key in record))
        check_keys(keys, self.name)
        self.headers = name_keys(keys, True, self.name)
        self.note = {"encoding": encoding.name}
        self.notes = list(encoding.notes)
        yield rows_in_order(records_frame(found, keys))


def _records(text: str, name: str) -> list[dict[str, Any]]:
    try:
        records = json.loads(text)
    except (ValueError, RecursionError) as error:
        if text.lstrip().startswith("{") and "Extra data" in str(error):
            raise FileFormatError(
                f"{name} holds one JSON object a line. Rename it to end in .jsonl."
            ) from None
        raise FileFormatError(
            f"{name} is not JSON: {json_problem(error)}. Export it again, or as CSV UTF-8."
        ) from None
    if (
        not isinstance(records, list)
        or not all(isinstance(r, dict) for r in records)
        or not records
    ):
        raise FileFormatError(
            f"{name} is not a list of objects. Export one object for each answer, as jsonl or as "
            "a list."
        )
    return records


@dataclass(slots=True, kw_only=True)
class SheetFile(FileReader):
    """One sheet of a workbook."""

    line_word: str = "sheet row"

    def blocks(self) -> Iterator[Block]:
        """Give all rows of the sheet in one block."""
        from feedback_nlp.exports.spreadsheets import read_sheet

        sheet = read_sheet(read_whole(self), self.name, self.options.sheet)
        self.headers = {name: str(name) for name in sheet.frame}
        self.notes = list(sheet.notes)
        self.note = {"sheet": sheet.title}
        yield rows_in_order(sheet.frame, above=sheet.top + 1)
