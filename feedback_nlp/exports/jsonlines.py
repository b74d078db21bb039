"""JSON Lines and JSON lists as raw tables; nested objects become columns with dotted headers."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports.cells import one_line, text_column
from feedback_nlp.exports.files import Options, Rows

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
        records.append(flatten(record))
        numbers.append(number)
        places.append(place)
    headers = list(dict.fromkeys(key for record in records for key in record))
    frame = pd.DataFrame({h: text_column([r.get(h) for r in records]) for h in headers})
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
            except (json.JSONDecodeError, RecursionError) as error:
                problem = f"is not JSON ({getattr(error, 'msg', 'nested too deep')})"
        if not options.set_aside:
            raise FileFormatError(
                f"{name} line {place} {problem}. Correct it, or add --set-aside to go on without "
                "such lines."
            )
        yield place, None


def _from_list(text: str, name: str) -> Iterator[tuple[int, dict[str, Any] | None]]:
    try:
        records = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        if text.lstrip().startswith("{") and "Extra data" in str(error):
            raise FileFormatError(
                f"{name} holds one JSON object a line. Rename it to end in .jsonl."
            ) from None
        raise FileFormatError(
            f"{name} is not JSON: {error}. Export it again, or as CSV UTF-8."
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


def flatten(record: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return a record without nested objects; their keys are joined by dots.

    Example:
        >>> flatten({"id": 1, "answers": {"nps": 9, "why": "Fast"}})
        {'id': 1, 'answers.nps': 9, 'answers.why': 'Fast'}
    """
    out: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            out |= flatten(value, f"{prefix}{key}.")
        else:
            out[one_line(f"{prefix}{key}")] = value
    return out
