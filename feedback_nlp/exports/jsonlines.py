"""JSON Lines and JSON lists as raw tables; nested objects become columns with dotted headers."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.errors import ColumnError, FileFormatError
from feedback_nlp.exports.cells import one_line, text_column, whole_characters
from feedback_nlp.exports.files import Options, Rows
from feedback_nlp.exports.headers import MAX_COLUMNS, name_columns

MAX_LINE = 10_000_000


def read_json(text: str, name: str, options: Options, *, lines: bool) -> Rows:
    """Return JSON Lines (or one list of objects) as rows.

    Raises:
        FileFormatError: A line is not a JSON object, and rows may not be set aside.
    """
    found = _from_lines(text, name, options) if lines else _from_list(text, name)
    records: list[dict[str, Any]] = []
    numbers: list[int] = []
    places: list[int] = []
    broken = 0
    for number, (place, record) in enumerate(found, 1):
        if record is None:
            broken += 1
            continue
        try:
            records.append(flatten(record))
        except ColumnError as error:
            raise ColumnError(f"{name} record {number}: {error}") from None
        numbers.append(number)
        places.append(place)
    keys = list(dict.fromkeys(key for record in records for key in record))
    _check_keys(keys, bool(records), name)
    headers = name_columns(list(map(whole_characters, keys)), list(range(len(keys))), name)
    frame = pd.DataFrame(
        {h: text_column([r.get(k) for r in records]) for h, k in zip(headers, keys, strict=True)}
    )
    return Rows(
        frame=frame,
        numbers=np.array(numbers, dtype=np.int64),
        lines=np.array(places, dtype=np.int64),
        line_word="line" if lines else "record",
        set_aside={"a line that is not a JSON object": broken} if broken else {},
        note={"encoding": "utf-8"},
    )


def _from_lines(
    text: str, name: str, options: Options
) -> Iterator[tuple[int, dict[str, Any] | None]]:
    for place, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        problem = ""
        if len(line) > MAX_LINE:
            problem = f"has {len(line):,} characters; one answer a line is wanted"
        else:
            try:
                record = json.loads(line)
                if isinstance(record, dict):
                    yield place, record
                    continue
                problem = f"holds a {type(record).__name__}, not an object with named values"
            except (ValueError, RecursionError) as error:
                problem = f"is not JSON ({_reason(error)})"
        if not options.set_aside:
            raise FileFormatError(
                f"{name} line {place} {problem}. Correct it, or add --set-aside to go on without "
                "such lines."
            )
        yield place, None


def _from_list(text: str, name: str) -> Iterator[tuple[int, dict[str, Any] | None]]:
    try:
        records = json.loads(text)
    except (ValueError, RecursionError) as error:
        if text.lstrip().startswith("{") and "Extra data" in str(error):
            raise FileFormatError(
                f"{name} holds one JSON object a line. Rename it to end in .jsonl."
            ) from None
        raise FileFormatError(
            f"{name} is not JSON: {_reason(error)}. Export it again, or as CSV UTF-8."
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
    yield from enumerate(records, 1)


def _reason(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return str(error) if error.lineno > 1 else error.msg
    return "nested too deep" if isinstance(error, RecursionError) else "a number of many digits"


def _check_keys(keys: list[str], records: bool, name: str) -> None:
    if records and not keys:
        raise FileFormatError(f"{name} has objects with no named values. Export the answers again.")
    if len(keys) > MAX_COLUMNS:
        raise FileFormatError(
            f"{name} has {len(keys):,} different names of values; a table has {MAX_COLUMNS:,} "
            "columns at most. Export one object for each answer, with the same names in each."
        )


def flatten(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record without nested objects; their keys are joined by dots.

    Raises:
        ColumnError: Two values have the same name once they are joined.

    Example:
        >>> flatten({"id": 1, "answers": {"nps": 9, "why": "Fast"}})
        {'id': 1, 'answers.nps': 9, 'answers.why': 'Fast'}
    """
    out: dict[str, Any] = {}
    waiting = list(reversed(record.items()))
    while waiting:  # no recursion: objects may be nested a thousand deep
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{key}.{inner}", v) for inner, v in reversed(value.items())]
            continue
        name = one_line(key)
        if name in out:
            raise ColumnError(
                f"There are two values called {name!r} once nested objects are joined by dots. "
                "Give each its own name."
            )
        out[name] = value
    return out
