"""Packed content, unpacked only as far as memory is safe."""

import io
import re
import zipfile
import zlib

from feedback_nlp.errors import FileFormatError

MAX_UNPACKED = 2_000_000_000
MAX_CELLS = 50_000_000  # of one sheet, blank ones between others too
_STEP = 1 << 24
_CELL = re.compile(rb'<c r="([A-Z]{1,3})[1-9]')
_ROW = re.compile(rb'<row [^>]*?\br="(\d+)"')


def gunzip(data: bytes, name: str) -> bytes:
    """Return the content of a gzip file, of one or several members.

    Raises:
        FileFormatError: It is broken, cut short, or unpacks into more than memory should hold.
    """
    parts: list[bytes] = []
    total = 0
    rest = data
    try:
        while rest:
            member = zlib.decompressobj(wbits=31)
            while not member.eof:
                part = member.decompress(rest, _STEP)
                rest = member.unconsumed_tail
                parts.append(part)
                total += len(part)
                if total > MAX_UNPACKED:
                    raise _too_big(name)
                if not part and not rest and not member.eof:
                    raise zlib.error("cut short")
            rest = member.unused_data.lstrip(b"\x00")
    except zlib.error:
        raise FileFormatError(f"{name} is a broken gzip file. Copy or download it again.") from None
    return b"".join(parts)


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
