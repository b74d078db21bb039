"""Packed content, unpacked as it is read, and only as far as memory and time are safe."""

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable

from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports.sources import Source

MAX_UNPACKED = 2_000_000_000  # bytes of what is read whole
MAX_RATIO = 200  # of unpacked to packed bytes in a stream that is longer than that
MAX_CELLS = 50_000_000  # of one sheet, blank ones between others too
_MARKS = {b"\x1f\x8b": ".gz", b"\x28\xb5\x2f\xfd": ".zst"}
_NAMES = {".gz": "gzip", ".zst": "zstd"}
_BUFFER = 1 << 18
_CELL = re.compile(rb'<c r="([A-Z]{1,3})[1-9]')
_ROW = re.compile(rb'<row [^>]*?\br="(\d+)"')


def packing(head: bytes, suffix: str, name: str) -> str:
    """Return how a file is packed by its first bytes: ``.gz``, ``.zst`` or not at all.

    Raises:
        FileFormatError: The ending says that it is packed, and it is not.
    """
    found = next((ending for mark, ending in _MARKS.items() if head.startswith(mark)), "")
    if suffix in _NAMES and suffix != found:
        raise FileFormatError(
            f"{name} ends in {suffix} but is not {_NAMES[suffix]}. Rename it to what it is."
        )
    return found


def open_content(source: Source, packed: str, *, whole: bool = False) -> io.BufferedReader:
    """Return the bytes of a file, unpacked while they are read.

    Args:
        source: The file.
        packed: How it is packed.
        whole: It will be read into memory, so there is a limit.

    Raises:
        FileFormatError: Also while reading: it is broken, cut short, or unpacks into too much.
    """
    file = source.open()
    if not packed:
        return file
    size = max(1, file.seek(0, io.SEEK_END))
    file.seek(0)
    return io.BufferedReader(_Unpacked(file, source.name, packed, None if whole else size), _BUFFER)


class _Unpacked(io.RawIOBase):
    """The content of a packed file of one or several members."""

    def __init__(self, file: io.BufferedReader, name: str, packed: str, size: int | None) -> None:
        self._file = file
        self._name = name
        self._packed = packed
        self._size = size
        self._total = 0
        self._read = _unpacker(file, packed)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._read(len(buffer))
        except (OSError, EOFError, zlib.error):
            raise FileFormatError(
                f"{self._name} is a broken {_NAMES[self._packed]} file. Copy or download it again."
            ) from None
        self._total += len(data)
        if self._total > MAX_UNPACKED and self._size is None:
            raise _too_big(self._name)
        if self._size is not None and self._total > max(MAX_UNPACKED, MAX_RATIO * self._size):
            raise FileFormatError(
                f"{self._name} unpacks into more than {MAX_RATIO} times its size, which no export "
                "does. Unpack it first if it is one."
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def _unpacker(file: io.BufferedReader, packed: str) -> Callable[[int], bytes]:
    if packed == ".gz":
        return gzip.GzipFile(fileobj=file, mode="rb").read
    import pyarrow as pa

    stream: Callable[[int], bytes] = pa.CompressedInputStream(file, "zstd").read
    return stream


def check_workbook(data: bytes, name: str) -> None:
    """Raise if a workbook would unpack into more than memory should hold.

    A single cell in the last row and column makes a sheet of 17 thousand million cells.

    Raises:
        FileFormatError: The parts are too big, or a sheet reaches too far.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
            raise _too_big(name)
        for part in archive.infolist():
            if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                _check_reach(archive.read(part), name)


def _check_reach(sheet: bytes, name: str) -> None:
    rows = sheet.rfind(b"<row ")
    last = _ROW.match(sheet, rows) if rows >= 0 else None
    if last is None:
        return
    columns = set(_CELL.findall(sheet))
    widest = max(columns, key=_number, default=b"A")
    if int(last[1]) * _number(widest) > MAX_CELLS:
        raise FileFormatError(
            f"A sheet of {name} reaches to {widest.decode()}{last[1].decode()}, though most of it "
            "is surely blank. Delete the stray cells at its end, or save the sheet as CSV UTF-8."
        )


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _too_big(name: str) -> FileFormatError:
    size = f"{MAX_UNPACKED // 1_000_000:,} MB"
    return FileFormatError(
        f"{name} unpacks into more than {size}, which does not fit in memory safely. Export the "
        "answers in parts."
    )
