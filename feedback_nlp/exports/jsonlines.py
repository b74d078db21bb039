"""JSON Lines as raw rows; nested objects become columns with dotted headers."""

import json
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.errors import ColumnError, FileFormatError
from feedback_nlp.exports.cells import one_line, text_column, whole_characters
from feedback_nlp.exports.encodings import Encoding, find_encoding, text_lines
from feedback_nlp.exports.files import BLOCK_ROWS, Block, FileReader
from feedback_nlp.exports.headers import MAX_COLUMNS, name_columns

MAX_LINE = 10_000_000
_header = lru_cache(MAX_COLUMNS)(one_line)


@dataclass(slots=True, kw_only=True)
class JsonLinesFile(FileReader):
    """A file with one JSON object a line.

    Attributes:
        encoding: How its bytes become text.
        keys: The names of values, in order of appearance, flattened.
        names: The same in whole characters.
    """

    encoding: Encoding | None = None
    keys: dict[str, None] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    def blocks(self) -> Iterator[Block]:
        """Give the records from the start; the first time through, keys are named at the end."""
        if self.encoding is None:
            self.encoding = find_encoding(self.content, self.name, self.options.encoding)
            self.note = {"encoding": self.encoding.name}
            self.notes += self.encoding.notes
        lines = text_lines(self.content, self.encoding, "\n")
        self.keys, whole, broken = {}, 0, 0
        gathered = _Gathered()
        for number, (place, record) in enumerate(self._records(lines), 1):
            if record is None:
                broken += 1
                continue
            gathered.add(flat(record, self.name, number), number, place)
            whole += 1
            if len(gathered.numbers) == BLOCK_ROWS:
                yield self._block(gathered)
                gathered = _Gathered()
        if gathered.numbers:
            yield self._block(gathered)
        self.headers = name_keys(self.keys, bool(whole), self.name)
        self.set_aside = Counter({"a line that is not a JSON object": broken} if broken else {})

    def header_of(self, label: Hashable) -> str:
        """Return the name of a value."""
        return self.names[label] if isinstance(label, int) else ""

    def _block(self, gathered: "_Gathered") -> Block:
        for record in gathered.records:
            if not record.keys() <= self.keys.keys():
                self.keys.update(dict.fromkeys(record))
        check_keys(self.keys, self.name)
        self.names = list(map(whole_characters, self.keys))
        return gathered.block(list(self.keys))

    def _records(self, lines: Iterator[str]) -> Iterator[tuple[int, dict[str, Any] | None]]:
        for place, line in enumerate(lines, 1):
            if not line.strip():
                continue
            record, problem = _parse(line)
            if problem and not self.options.set_aside:
                raise FileFormatError(
                    f"{self.name} line {place} {problem}. Correct it, or add --set-aside to go on "
                    "without such lines."
                )
            yield place, record


@dataclass(slots=True)
class _Gathered:
    """Records that become a block."""

    records: list[dict[str, Any]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    def add(self, record: dict[str, Any], number: int, place: int) -> None:
        self.records.append(record)
        self.numbers.append(number)
        self.places.append(place)

    def block(self, keys: list[str]) -> Block:
        return Block(
            frame=records_frame(self.records, keys),
            numbers=np.array(self.numbers, dtype=np.int64),
            lines=np.array(self.places, dtype=np.int64),
        )


def records_frame(records: list[dict[str, Any]], keys: list[str]) -> pd.DataFrame:
    """Return flat records as a frame of text, labelled by the place of each key.

    What a record lacks is blank.
    """
    return pd.DataFrame(
        {i: text_column([record.get(key) for record in records]) for i, key in enumerate(keys)},
        index=range(len(records)),
    )


def _parse(line: str) -> tuple[dict[str, Any] | None, str]:
    """Return the object a line holds, or what is wrong with it."""
    if len(line) > MAX_LINE:
        return None, f"has {len(line):,} characters; one answer a line is wanted"
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return None, f"is not JSON ({json_problem(error)})"
    if isinstance(record, dict):
        return record, ""
    return None, f"holds a {type(record).__name__}, not an object with named values"


def json_problem(error: ValueError | RecursionError) -> str:
    """Return in a few words why a text is not JSON."""
    if isinstance(error, json.JSONDecodeError):
        return str(error) if error.lineno > 1 else error.msg
    return "nested too deep" if isinstance(error, RecursionError) else "a number of many digits"


def name_keys(keys: Iterable[str], records: bool, name: str) -> dict[Hashable, str]:
    """Return the header of each key.

    Raises:
        FileFormatError: There are records, and none of them has a value with a name.
    """
    labels = list(keys)
    if records and not labels:
        raise FileFormatError(f"{name} has objects with no named values. Export the answers again.")
    headers = name_columns(list(map(whole_characters, labels)), list(range(len(labels))), name)
    return dict(enumerate(headers))


def check_keys(keys: Collection[str], name: str) -> None:
    """Raise if the objects of a file have more different names of values than a table columns."""
    if len(keys) > MAX_COLUMNS:
        raise FileFormatError(
            f"{name} has {len(keys):,} different names of values; a table has {MAX_COLUMNS:,} "
            "columns at most. Export one object for each answer, with the same names in each."
        )


def flat(record: dict[str, Any], name: str, number: int) -> dict[str, Any]:
    """Return a record without nested objects, or say which one cannot be had so."""
    try:
        return flatten(record)
    except ColumnError as error:
        raise ColumnError(f"{name} record {number}: {error}") from None


def flatten(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record without nested objects; their keys are joined by dots.

    Raises:
        ColumnError: Two values have the same name once they are joined.

    Example:
        >>> flatten({"id": 1, "answers": {"nps": 9, "why": "Fast"}})
        {'id': 1, 'answers.nps': 9, 'answers.why': 'Fast'}
    """
    if dict not in set(map(type, record.values())):
        plain = {_header(key): value for key, value in record.items()}
        if len(plain) == len(record):
            return plain
    out: dict[str, Any] = {}
    waiting = list(reversed(record.items()))
    while waiting:  # no recursion: objects may be nested a thousand deep
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{key}.{inner}", v) for inner, v in reversed(value.items())]
            continue
        name = _header(key)
        if name in out:
            raise ColumnError(
                f"There are two values called {name!r} once nested objects are joined by dots. "
                "Give each its own name."
            )
        out[name] = value
    return out
