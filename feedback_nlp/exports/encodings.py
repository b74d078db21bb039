"""Which encoding a text file has: by its mark, by its bytes, or as asked; and its lines as text.

Files are gone through in blocks, so that one of any size is looked at in the same memory.
"""

import codecs
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import IO

import numpy as np

from feedback_nlp.errors import FileFormatError

MAX_LINE = 50_000_000  # characters without a line end
_BLOCK = 1 << 20
_HEAD = 65_536
_LATVIAN_1257 = frozenset(
    b"\xe2\xe8\xe7\xec\xee\xed\xef\xf2\xf0\xfb\xfe\xc2\xc8\xc7\xcc\xce\xcd\xcf\xd2\xd0\xdb\xde"
)
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
Open = Callable[[], IO[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """How the bytes of a file become text.

    Attributes:
        name: Of the encoding, as Python knows it.
        mixed: Whether lines that are not UTF-8 are read as Windows-1252.
        notes: Sentences for the analyst.
    """

    name: str
    mixed: bool = False
    notes: tuple[str, ...] = ()


class _DoesNotFitError(ValueError):
    """Bytes that are not text of an encoding: the line, and the byte from the start."""

    def __init__(self, line: int, byte: int) -> None:
        super().__init__(line, byte)
        self.line = line
        self.byte = byte


def find_encoding(opened: Open, name: str, asked: str | None = None) -> Encoding:
    """Return the encoding of a file, which is gone through once, or twice if it is not UTF-8.

    A byte order mark decides; then UTF-8 if it fits, else Windows-1252 (Windows-1257 where the
    letters are plainly Latvian). A file that is UTF-8 in most lines with other letters, and not in
    some, was put together from two: each line is then read as what it is.

    Args:
        opened: Opens the file.
        name: Of the file, for messages.
        asked: The encoding the user named.

    Raises:
        FileFormatError: The bytes do not fit the encoding asked for, or are no text.
    """
    if asked is not None:
        _check(opened, name, asked, asked=True)
        return Encoding(name=asked)
    with opened() as file:
        head = file.read(_HEAD)
    known = next((codec for mark, codec in _MARKS if head.startswith(mark)), None)
    fits = False
    if known is None:
        try:
            nul, fits = _go_through(opened, name, "utf-8"), True
        except _DoesNotFitError:
            nul = _first_nul(opened)
        if nul:
            known = _utf16_without_mark(head, name, nul)
    if known is not None:
        _check(opened, name, known)
        return Encoding(name=known)
    _refuse_binary(head, name)
    if fits:
        return Encoding(name="utf-8")
    return _by_lines(opened, name) or _windows(opened, name)


def text_lines(opened: Open, encoding: Encoding, newline: str) -> Iterator[str]:
    r"""Return the lines of a file with their ends, without byte order marks.

    Args:
        opened: Opens the file.
        encoding: What ``find_encoding`` said.
        newline: Blank where a line ends with \n, \r or both, else what it ends with.
    """
    with opened() as file:
        lines: Iterable[str]
        if encoding.mixed:
            lines = chain.from_iterable(
                io.StringIO(_decode_mixed(block), newline=newline) for block in _line_blocks(file)
            )
        else:
            lines = io.TextIOWrapper(file, encoding=encoding.name, newline=newline)
        lines = iter(lines)
        for line in lines:
            if line := line.lstrip("\ufeff"):
                yield line
            break
        yield from lines


def _check(opened: Open, name: str, encoding: str, *, asked: bool = False) -> None:
    """Raise if a file does not fit an encoding from its first byte to its last."""
    try:
        b"x".decode(encoding)
    except LookupError:
        raise FileFormatError(
            f"There is no encoding {encoding!r}. "
            "Use --encoding utf-8, utf-16, windows-1252 or another name Python knows."
        ) from None
    except UnicodeError:
        pass  # one byte is no text of it, but the name is right
    try:
        nul = _go_through(opened, name, encoding)
    except _DoesNotFitError as misfit:
        raise FileFormatError(
            f"{name} is not {encoding}: line {misfit.line} (byte {misfit.byte}) does not fit. "
            + (
                "Leave --encoding out to let it be found, or name another one, such as "
                "windows-1252."
                if asked
                else "It is cut short or damaged: export it again, or name its --encoding."
            )
        ) from None
    if nul:
        raise FileFormatError(
            f"{name} holds NUL characters (first in line {nul}): it is not {encoding} text. "
            "Export it again as CSV UTF-8, or try --encoding utf-16."
        )


def _go_through(opened: Open, name: str, encoding: str) -> int:
    """Decode a file in blocks; return the line of the first NUL character, 0 where there is none.

    Raises:
        _DoesNotFitError: Bytes do not fit the encoding.
        FileFormatError: A line has no end.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = place = without_end = nul = 0
    with opened() as file:
        more = True
        while more:
            block = file.read(_BLOCK)
            more = bool(block)
            before = place - len(decoder.getstate()[0])
            pending = decoder.getstate()[0] + block
            try:
                text = decoder.decode(block, final=not more)
            except UnicodeError as error:
                start = getattr(error, "start", 0)
                line = lines + pending.count(b"\n", 0, start) + 1
                raise _DoesNotFitError(line, before + start) from None
            if not nul and "\x00" in text:
                nul = lines + text.count("\n", 0, text.index("\x00")) + 1
            place += len(block)
            lines += text.count("\n")
            end = max(text.rfind("\n"), text.rfind("\r"))
            without_end = without_end + len(text) if end < 0 else len(text) - end - 1
            if without_end > MAX_LINE:
                raise _endless(name, lines)
    return nul


def _endless(name: str, lines: int) -> FileFormatError:
    told = "Check that the file has line ends and one answer a row."
    if lines:
        return FileFormatError(f"{name} line {lines + 1} has over {MAX_LINE:,} characters. {told}")
    return FileFormatError(
        f"The first line of {name} has over {MAX_LINE:,} characters, so it is no header. {told}"
    )


def _first_nul(opened: Open) -> int:
    """Return the line of the first NUL byte, 0 where there is none."""
    lines = 0
    with opened() as file:
        while block := file.read(_BLOCK):
            if b"\x00" in block:
                return lines + block.count(b"\n", 0, block.index(b"\x00")) + 1
            lines += block.count(b"\n")
    return 0


def _utf16_without_mark(head: bytes, name: str, line: int) -> str:
    sample = np.frombuffer(head[:4000], dtype=np.uint8)
    even, odd = (sample[0::2] == 0).mean(), (sample[1::2] == 0).mean()
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    if even > 0.4 and odd < 0.1:
        return "utf-16-be"
    raise FileFormatError(
        f"{name} holds NUL bytes (first in line {line}): "
        "it is damaged or not a text file. Export it again as CSV UTF-8."
    )


def _refuse_binary(head: bytes, name: str) -> None:
    sample = np.frombuffer(head, dtype=np.uint8)
    control = (sample < 9) | ((sample > 13) & (sample < 32) & (sample != 27))
    if control.mean() > 0.01 and control.sum() > 16:
        raise FileFormatError(
            f"{name} is not a text file: {control.mean():.0%} of it is control characters. "
            "Export the answers as CSV UTF-8, xlsx, jsonl or parquet."
        )


def _line_blocks(file: IO[bytes]) -> Iterator[bytes]:
    """Return the bytes of a file in blocks of whole lines."""
    rest = b""
    while block := file.read(_BLOCK):
        rest += block
        cut = max(rest.rfind(b"\n"), rest.rfind(b"\r", 0, len(rest) - 1)) + 1
        yield rest[:cut]
        rest = rest[cut:]
    yield rest


def _decode_mixed(block: bytes) -> str:
    try:
        return block.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(
            line.decode("utf-8" if _fits(line, "utf-8") else "windows-1252")
            for line in block.splitlines(keepends=True)
        )


def _by_lines(opened: Open, name: str) -> Encoding | None:
    """Return that a file mixes UTF-8 and Windows-1252 lines; None where it does not."""
    foreign = others = lines = first = 0
    with opened() as file:
        for block in _line_blocks(file):
            for line in block.splitlines():
                lines += 1
                if line.isascii():
                    continue
                foreign += 1
                if _fits(line, "utf-8"):
                    continue
                if not _fits(line, "windows-1252"):
                    return None
                others += 1
                first = first or lines
    if others * 2 > foreign:
        return None
    note = (
        f"{name} mixes encodings: {others} lines (first line {first}) are not UTF-8 "
        "and were read as windows-1252. If letters look wrong, add --encoding NAME."
    )
    return Encoding(name="utf-8", mixed=True, notes=(note,))


def _fits(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _windows(opened: Open, name: str) -> Encoding:
    counts = np.zeros(256, dtype=np.int64)
    with opened() as file:
        while block := file.read(_BLOCK):
            counts += np.bincount(np.frombuffer(block, dtype=np.uint8), minlength=256)
    high = counts[128:].sum()
    latvian, only_there = counts[list(_LATVIAN_1257)].sum(), counts[list(b"\xf0\xfe\xd0\xde")].sum()
    known = "windows-1257" if latvian > 0.8 * high and only_there > 0.05 * high else "windows-1252"
    try:
        _go_through(opened, name, known)
    except _DoesNotFitError as misfit:
        raise FileFormatError(
            f"{name} is neither UTF-8 nor {known} text: line {misfit.line} does not fit. "
            "Name its encoding, such as --encoding windows-1257, or export it again as CSV UTF-8."
        ) from None
    note = f"{name} is not UTF-8; read as {known}. If letters look wrong, add --encoding NAME."
    return Encoding(name=known, notes=(note,))
