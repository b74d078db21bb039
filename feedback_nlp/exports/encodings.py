"""Which encoding a text file has: by its mark, by its bytes, or as asked."""

import numpy as np

from feedback_nlp.errors import FileFormatError

_LATVIAN_1257 = frozenset(
    b"\xe2\xe8\xe7\xec\xee\xed\xef\xf2\xf0\xfb\xfe\xc2\xc8\xc7\xcc\xce\xcd\xcf\xd2\xd0\xdb\xde"
)


def decode(data: bytes, name: str, encoding: str | None = None) -> tuple[str, str, list[str]]:
    """Return the text of a file, its encoding, and what to tell about it.

    A byte order mark decides; then UTF-8 if it fits, else Windows-1252 (Windows-1257 where the
    letters are plainly Latvian). A file that is UTF-8 in most lines with other letters, and not in
    some, was put together from two: each line is then read as what it is.

    Raises:
        FileFormatError: The bytes do not fit the encoding asked for, or are no text.
    """
    if encoding is not None:
        return _decode_as(data, name, encoding, asked=True), encoding, []
    for mark, known in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return _decode_as(data, name, known), known, []
    if b"\x00" in data:
        known = _utf16_without_mark(data, name)
        return _decode_as(data, name, known), known, []
    _refuse_binary(data, name)
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError:
        return _decode_lines(data, name) or _decode_windows(data, name)


def _decode_as(data: bytes, name: str, encoding: str, *, asked: bool = False) -> str:
    try:
        text = data.decode(encoding)
    except LookupError:
        raise FileFormatError(
            f"There is no encoding {encoding!r}. "
            "Use --encoding utf-8, utf-16, windows-1252 or another name Python knows."
        ) from None
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        line = data.count(b"\n", 0, start) + 1
        raise FileFormatError(
            f"{name} is not {encoding}: line {line} (byte {start}) does not fit. "
            + (
                "Leave --encoding out to let it be found, or name another one, such as "
                "windows-1252."
                if asked
                else "It is cut short or damaged: export it again, or name its --encoding."
            )
        ) from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise FileFormatError(
            f"{name} holds NUL characters (first in line {line}): it is not {encoding} text. "
            "Export it again as CSV UTF-8, or try --encoding utf-16."
        )
    return text.lstrip("\ufeff")


def _utf16_without_mark(data: bytes, name: str) -> str:
    sample = np.frombuffer(data[:4000], dtype=np.uint8)
    even, odd = (sample[0::2] == 0).mean(), (sample[1::2] == 0).mean()
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    if even > 0.4 and odd < 0.1:
        return "utf-16-be"
    line = data.count(b"\n", 0, data.index(b"\x00")) + 1
    raise FileFormatError(
        f"{name} holds NUL bytes (first in line {line}): "
        "it is damaged or not a text file. Export it again as CSV UTF-8."
    )


def _refuse_binary(data: bytes, name: str) -> None:
    sample = np.frombuffer(data[:65_536], dtype=np.uint8)
    control = (sample < 9) | ((sample > 13) & (sample < 32) & (sample != 27))
    if control.mean() > 0.01 and control.sum() > 16:
        raise FileFormatError(
            f"{name} is not a text file: {control.mean():.0%} of it is control characters. "
            "Export the answers as CSV UTF-8, xlsx, jsonl or parquet."
        )


def _decode_lines(data: bytes, name: str) -> tuple[str, str, list[str]] | None:
    """Return a text of UTF-8 and Windows-1252 lines; None where it is not such a mixture."""
    lines = data.splitlines(keepends=True)
    foreign = [i for i, line in enumerate(lines) if not line.isascii()]
    others = [i for i in foreign if not _fits(lines[i], "utf-8")]
    fit = all(_fits(lines[i], "windows-1252") for i in others)
    if not fit or len(others) * 2 > len(foreign):
        return None
    apart = set(others)
    text = "".join(
        line.decode("windows-1252" if i in apart else "utf-8") for i, line in enumerate(lines)
    )
    note = (
        f"{name} mixes encodings: {len(others)} lines (first line {others[0] + 1}) are not UTF-8 "
        "and were read as windows-1252. If letters look wrong, add --encoding NAME."
    )
    return text, "utf-8", [note]


def _fits(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _decode_windows(data: bytes, name: str) -> tuple[str, str, list[str]]:
    counts = np.bincount(np.frombuffer(data, dtype=np.uint8), minlength=256)
    high = counts[128:].sum()
    latvian, only_there = counts[list(_LATVIAN_1257)].sum(), counts[list(b"\xf0\xfe\xd0\xde")].sum()
    known = "windows-1257" if latvian > 0.8 * high and only_there > 0.05 * high else "windows-1252"
    try:
        text = data.decode(known)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileFormatError(
            f"{name} is neither UTF-8 nor {known} text: line {line} does not fit. "
            "Name its encoding, such as --encoding windows-1257, or export it again as CSV UTF-8."
        ) from None
    return (
        text,
        known,
        [f"{name} is not UTF-8; read as {known}. If letters look wrong, add --encoding NAME."],
    )
