"""How a report was made, in lines to read: inputs, columns, scale, model, versions."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from feedback_nlp.report.parts import Column
from feedback_nlp.schema import info
from feedback_nlp.scores import Definition
from feedback_nlp.showing import count, counted, joined, safe

_NOT_SHOWN = {"files", "inputs", "roles", "columns", "rows", "segments", "notes", "scales"}
_NOT_SHOWN |= {"comments", "rating"}
_LANGUAGE_NAMES = {
    "nl": "Dutch",
    "en": "English",
    "nb": "Norwegian",
    "lv": "Latvian",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
}


def columns(comments: pd.DataFrame, run: Mapping[str, Any]) -> tuple[Column, ...]:
    """Return what each column of the export was taken for, and why."""
    roles = run.get("roles") or info(comments).get("roles", [])
    return tuple(
        Column(
            column=safe(str(role.get("column", ""))),
            role=safe(str(role.get("role", ""))),
            why="given" if role.get("given") else safe(str(role.get("why", ""))),
        )
        for role in roles
        if isinstance(role, Mapping)
    )


def facts(
    comments: pd.DataFrame, mentions: pd.DataFrame, definition: Definition, run: Mapping[str, Any]
) -> tuple[tuple[str, str], ...]:
    """Return inputs, scale, languages, model and versions as (name, value) lines."""
    files = run.get("files") or run.get("inputs") or info(comments).get("files", [])
    lines = [("Input", _file(file)) for file in files if isinstance(file, Mapping)]
    lines.append(("Scale", _scale(comments, definition)))
    if "language" in comments.columns and "languages" not in run:
        found = comments["language"].astype("str").value_counts()
        lines.append(("Languages", _languages({str(k): int(v) for k, v in found.items() if v})))
    lines.append(("Mentions of themes", count(len(mentions))))
    for name, value in run.items():
        if name not in _NOT_SHOWN and value not in (None, "", [], {}):
            told = _languages(value) if name == "languages" else _value(value)
            lines.append((str(name).replace("_", " ").capitalize(), told))
    return tuple((safe(name), safe(value)) for name, value in lines)


def notes(comments: pd.DataFrame, run: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what the reader of the export thought worth telling."""
    told = run.get("notes") or info(comments).get("notes", [])
    return tuple(safe(str(note)) for note in told)


def _file(file: Mapping[str, Any]) -> str:
    details = [
        str(file[key]) for key in ("format", "encoding", "sheet") if file.get(key) is not None
    ]
    if file.get("rows") is not None:
        details.append(counted(int(file["rows"]), "row"))
    if file.get("sha256"):
        details.append(f"SHA-256 {str(file['sha256'])[:16]}…")
    return f"{file.get('name', 'unnamed')} ({', '.join(details)})" if details else str(file["name"])


def _scale(comments: pd.DataFrame, definition: Definition) -> str:
    low, high = definition.scale
    noted = info(comments).get("scales", {})
    scale: Mapping[str, Any] = next(
        (s for s in noted.values() if s.get("metric") == definition.metric), {}
    )
    text = f"{low:g} to {high:g}"
    if scale.get("reversed"):
        text += ", turned: in the export the lowest answer is the best one"
    return f"{text} ({scale['why']})" if scale.get("why") else text


def _value(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, Mapping):
        return _pairs(value)
    if isinstance(value, (list, tuple)):
        return joined([_value(item) for item in value])
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _languages(numbers: Any) -> str:  # noqa: ANN401
    if not isinstance(numbers, Mapping):
        return _value(numbers)
    return _pairs({_LANGUAGE_NAMES.get(str(code), str(code)): n for code, n in numbers.items()})


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{str(name).replace('_sha256', ' SHA-256')} {_short(value)}"
        for name, value in values.items()
    )


def _short(value: Any) -> str:  # noqa: ANN401
    text = _value(value)
    long_hash = len(text) == 64 and all(char in "0123456789abcdef" for char in text)
    return f"{text[:16]}…" if long_hash else text
