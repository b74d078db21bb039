"""What a file is, by its first bytes and by its ending, and whether the two agree."""

import zipfile
from collections.abc import Callable
from typing import IO

from feedback_nlp.errors import FileFormatError, shorten_list

STDIN = "-"
FORMATS = {
    ".csv": "csv", ".txt": "csv", ".tsv": "tsv", ".tab": "tsv", ".xlsx": "xlsx", ".xlsm": "xlsx",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".parquet": "parquet",
}  # fmt: skip
PACKED = (".gz", ".zst")
HEAD = 2000  # bytes that tell
_READABLE = "csv, tsv, xlsx, jsonl, json or parquet (csv, tsv and jsonl also as .gz or .zst)"


def kind_of(head: bytes, whole: Callable[[], IO[bytes]], ending: str, name: str) -> str:
    """Return the format: what the ending says, if the first bytes agree.

    Args:
        head: The first bytes.
        whole: Opens the file, for an archive whose parts are at its end.
        ending: Of the name, without that of a packed file.
        name: For messages.
    """
    found = _kind_by_content(head, whole, name)
    if name == "stdin":
        return found or "csv"
    if ending not in FORMATS:
        hint = f"; its content looks like {found}, so rename it to .{found}" if found else ""
        raise FileFormatError(
            f"{name} has the ending {ending or 'of nothing'!r}{hint}. It takes {_READABLE}."
        )
    kind = FORMATS[ending]
    if found in ("xlsx", "parquet") and found != kind:
        raise FileFormatError(
            f"{name} is a {found} file, not {kind}. Rename it to end in .{found}."
        )
    if kind in ("xlsx", "parquet") and found != kind:
        raise FileFormatError(
            f"{name} is not {kind}: its content looks like {'text' if found is None else found}. "
            f"Rename it to what it is, or save it again as {kind}."
        )
    if found == "jsonl" and kind in ("csv", "tsv"):
        raise FileFormatError(f"{name} holds JSON, not {kind}. Rename it to end in .jsonl.")
    return found if found in ("json", "jsonl") and kind in ("json", "jsonl") else kind


def _kind_by_content(data: bytes, whole: Callable[[], IO[bytes]], name: str) -> str | None:
    start = data[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_zip(whole, name)
    if data.startswith(b"PAR1"):
        return "parquet"
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta")):
        raise FileFormatError(
            f"{name} is a web page (HTML or XML) under another name. Open it in a spreadsheet and "
            "save it as xlsx or CSV UTF-8."
        )
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileFormatError(
            f"{name} is an Excel file of before 2007, or locked with a password. Save it as .xlsx."
        )
    if start.startswith(b'{"') or start.startswith(b"{ ") or start.startswith(b"{\n"):
        return "jsonl"
    return "json" if start.startswith((b"[{", b"[ {", b"[\n", b"[\r\n")) else None


def _kind_of_zip(whole: Callable[[], IO[bytes]], name: str) -> str:
    try:
        with whole() as file, zipfile.ZipFile(file) as archive:
            inside = archive.namelist()
    except zipfile.BadZipFile:
        raise FileFormatError(
            f"{name} is a broken xlsx or zip file. Save or download it again."
        ) from None
    if any(part.startswith("xl/") for part in inside):
        return "xlsx"
    raise FileFormatError(
        f"{name} is a zip archive with {shorten_list(inside, limit=3)}. Unpack it and name the "
        "file inside."
    )
