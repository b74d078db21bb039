"""The record of a run: what was asked, what was read, and whether it is still the same."""

import json
from collections.abc import Mapping, Sequence
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypedDict

from feedback_nlp.engines.folder import FileRecord, WorkFolder
from feedback_nlp.engines.partition import TaggerSpec
from feedback_nlp.errors import FileFormatError, shorten_list
from feedback_nlp.exports.formats import STDIN
from feedback_nlp.exports.sources import files_in, is_export, is_folder, is_pattern

FORMAT = 1
_TAXONOMY = "taxonomy"
_STDIN = "standard input"
_NOT_GIVEN = {"set_aside": False}  # others are None


class Asked(TypedDict):
    """What the result depends on, beside the export."""

    version: str
    model: dict[str, str]
    reading: dict[str, Any]
    part_rows: int


class SourceRecord(TypedDict):
    """A file that was read; of standard input and of a pipe the name alone is known."""

    name: str
    size: int | None
    sha256: str | None


class PutAside(TypedDict):
    """A part of the comments table that was put aside."""

    comments: int
    first: str
    last: str
    file: FileRecord


class RunRecord(TypedDict):
    """What run.json holds."""

    format: int
    asked: Asked
    mix: list[float]
    sources: list[SourceRecord]
    notes: dict[str, Any]
    categories: dict[str, list[str] | None]
    parts: list[PutAside]


def asked_of(tagger: TaggerSpec, reading: Mapping[str, Any], part_rows: int) -> Asked:
    """Return what the result of a run depends on, as it is written down."""
    asked: Asked = {
        "version": version("feedback-nlp"),
        "model": {"name": tagger.name, **dict(tagger.facts)},
        "reading": {
            name: value for name, value in reading.items() if value != _NOT_GIVEN.get(name)
        },
        "part_rows": part_rows,
    }
    written: Asked = json.loads(json.dumps(asked, default=str))
    return written


def sources_record(sources: Sequence[str]) -> list[SourceRecord]:
    """Return what tells whether files are still the same.

    Raises:
        FileFormatError: One is not there.
    """
    return [_source_record(source, path) for source in sources for path in files_of(source)]


def files_of(source: str) -> list[Path]:
    """Return the files of a source: itself, or the exports in a folder or that fit a pattern.

    Example:
        >>> files_of("answers.csv")
        [PosixPath('answers.csv')]
    """
    files = files_in(source)
    if is_folder(source) or is_pattern(source):
        return [path for path in files if is_export(path)]
    return files


def read_run(folder: WorkFolder) -> RunRecord | None:
    """Return the record of an earlier run; ``None`` if it had not read its export to the end.

    Raises:
        FileFormatError: It is damaged, or of another version.
    """
    found = folder.run()
    if found is None:
        return None
    if found.get("format") != FORMAT or RunRecord.__required_keys__ - found.keys():
        raise FileFormatError(
            f"The unfinished work in {folder.path} is of another version. Begin anew with --force."
        )
    run: RunRecord = found  # type: ignore[assignment]
    return run


def check_same(run: RunRecord, asked: Asked, sources: Sequence[str]) -> None:
    """Raise if going on would mix two runs.

    A file that is no longer there is not missed: it was read to the end.

    Raises:
        FileFormatError: Says what is no longer the same.
    """
    before = run["asked"]
    changed = ""
    if before["version"] != asked["version"]:
        changed = f"it was begun by version {before['version']}, and this is {asked['version']}"
    elif before["model"] != asked["model"]:
        changed = _model_change(before["model"], asked["model"])
    elif before["reading"] != asked["reading"]:
        changed = _reading_change(before["reading"], asked["reading"])
    elif before["part_rows"] != asked["part_rows"]:
        changed = f"its parts have {before['part_rows']:,} rows, not {asked['part_rows']:,}"
    else:
        changed = _source_change(run["sources"], sources)
    if changed:
        raise FileFormatError(
            f"Cannot go on with the unfinished run: {changed}. Put back what it was, or begin anew "
            "with --force."
        )


def _source_record(source: str, path: Path) -> SourceRecord:
    if source == STDIN or (path.exists() and not path.is_file()):
        return {"name": _name(source, path), "size": None, "sha256": None}
    try:
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        return {"name": path.name, "size": path.stat().st_size, "sha256": digest}
    except OSError as error:
        raise FileFormatError(f"{path} cannot be read: {error.strerror}.") from None


def _name(source: str, path: Path) -> str:
    return _STDIN if source == STDIN else path.name


def _model_change(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    if before["name"] != now["name"]:
        return f"it was begun with the model {before['name']!r}, not {now['name']!r}"
    keys = sorted(key for key in {*before, *now} if before.get(key) != now.get(key))
    if any(key.startswith(_TAXONOMY) for key in keys):
        return "the taxonomy has changed"
    return f"the model {now['name']!r} has changed ({', '.join(keys)})"


def _reading_change(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    name = min(key for key in {*before, *now} if before.get(key) != now.get(key))
    option = "--" + {"ratings": "rating", "scales": "scale"}.get(name, name).replace("_", "-")
    was, is_now = before.get(name), now.get(name)
    told = ["not given" if value is None else value for value in (was, is_now)]
    return f"{option} was {told[0]}, and is {told[1]}"


def _source_change(before: Sequence[SourceRecord], sources: Sequence[str]) -> str:
    found = [(source, path) for source in sources for path in files_of(source)]
    names = [_name(source, path) for source, path in found]
    were = [source["name"] for source in before]
    if names != were:
        return f"it reads {shorten_list(were)}, not {shorten_list(names)}"
    for (source, path), noted in zip(found, before, strict=True):
        if source != STDIN and path.is_file() and _source_record(source, path) != noted:
            return f"{path} has changed"
    return ""
