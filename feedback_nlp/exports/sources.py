"""What is named as an export: files, folders, patterns such as exports/*.csv, standard input."""

import glob
import io
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from feedback_nlp.errors import FileFormatError, shorten_list
from feedback_nlp.exports.formats import FORMATS, PACKED, STDIN

_IN_MEMORY = 1 << 26  # bytes of standard input; what is more goes to a file without a name
_PATTERN = "*?["


class _Reader(io.RawIOBase):
    """Reads a kept file from its start, whoever else reads it, and leaves it open."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place}.get(whence)
        self._place = self._file.seek(0, io.SEEK_END) + offset if base is None else base + offset
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        self._file.seek(self._place)
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file that can be read from its start as often as needed.

    Attributes:
        name: For messages and notes.
        path: Where it is; of standard input and pipes there is none that can be read twice.
        kept: What was read from standard input or a pipe.
    """

    name: str
    path: Path
    kept: IO[bytes] | None = None

    def open(self) -> io.BufferedReader:
        """Return the bytes of the file.

        Raises:
            FileFormatError: It is not there, or cannot be read.
        """
        if self.kept is not None:
            return io.BufferedReader(_Reader(self.kept))
        return _open(self.path)

    def mark(self) -> tuple[int, int]:
        """Return what changes when the file does: its size and the time of the last change."""
        if self.kept is not None:
            return (0, 0)
        try:
            stat = self.path.stat()
        except OSError:
            return (-1, -1)
        return (stat.st_size, stat.st_mtime_ns)


@contextmanager
def unchanged(source: Source, mark: tuple[int, int]) -> Iterator[None]:
    """Look whether a file is the same before it is read, and after it was or could not be.

    Args:
        source: The file.
        mark: What ``Source.mark`` was before.

    Raises:
        FileFormatError: It was changed, which is then what is wrong, whatever it led to.
    """
    _check_unchanged(source, mark)
    try:
        yield
    except Exception:
        _check_unchanged(source, mark)
        raise
    _check_unchanged(source, mark)


def _check_unchanged(source: Source, mark: tuple[int, int]) -> None:
    """Raise if a file is not what it was when ``Source.mark`` gave a mark."""
    if source.mark() != mark:
        raise changed(source.name) from None


def changed(name: str) -> FileFormatError:
    """Return that a file was changed while it was read."""
    return FileFormatError(f"{name} was changed while it was read. Leave it alone and start again.")


def listed(given: str | Path | Sequence[str | Path]) -> list[str | Path]:
    """Return one source or several as a list."""
    return [given] if isinstance(given, str | Path) else list(given)


def find_sources(given: Sequence[str | Path]) -> tuple[list[Source], list[str]]:
    """Return the files that are meant, in order, and what to tell about those left out.

    A folder stands for the exports in it, sorted by name; so does a pattern.

    Raises:
        FileFormatError: There is no file, or none in a folder that could be an export.
    """
    if not given:
        raise FileFormatError("No file was given. Name at least one export.")
    sources: list[Source] = []
    notes: list[str] = []
    for one in given:
        if not str(one):
            raise FileFormatError("The name of a file is blank. Name an export.")
        if str(one) == STDIN:
            sources.append(Source(name="stdin", path=Path(one), kept=_keep(sys.stdin.buffer)))
        elif is_folder(one) or is_pattern(one):
            sources += map(_source, _exports(one, notes))
        else:
            sources.append(_source(Path(one)))
    return sources, notes


def is_folder(one: str | Path) -> bool:
    """Return whether a source is a folder."""
    return Path(one).is_dir()


def is_pattern(one: str | Path) -> bool:
    """Return whether a source is a pattern, and no file of that very name."""
    return any(sign in str(one) for sign in _PATTERN) and not Path(one).exists()


def files_in(one: str | Path) -> list[Path]:
    """Return the files that a source stands for, exports or not, sorted by name."""
    if is_folder(one):
        inside = sorted(Path(one).iterdir())
    elif is_pattern(one):
        inside = [Path(name) for name in sorted(glob.glob(str(one), recursive=True))]
    else:
        return [Path(one)]
    return [path for path in inside if not path.is_dir()]


def is_export(path: Path) -> bool:
    """Return whether a file is an export by its name: hidden and lock files are none.

    Example:
        >>> is_export(Path("a/March.csv.gz")), is_export(Path("a/~$March.xlsx"))
        (True, False)
    """
    ending = path.suffix.lower()
    ending = Path(path.stem).suffix.lower() if ending in PACKED else ending
    return ending in FORMATS and not path.name.startswith((".", "~$"))


def _exports(one: str | Path, notes: list[str]) -> list[Path]:
    where = f"The folder {one}" if is_folder(one) else f"The pattern {str(one)!r}"
    files = files_in(one)
    chosen = [path for path in files if is_export(path)]
    others = [path.name for path in files if not is_export(path)]
    if not chosen:
        there = f"; it holds {shorten_list(others, limit=3)}" if others else ""
        raise FileFormatError(
            f"{where} has no export in it{there}. Name a csv, tsv, xlsx, jsonl, json or parquet "
            "file."
        )
    if others:
        notes.append(
            f"{where} has {len(others)} files that are no exports by their names and were not "
            f"read: {shorten_list(others, limit=3)}."
        )
    if is_folder(one) and (inner := sorted(p.name for p in Path(one).iterdir() if p.is_dir())):
        notes.append(
            f"{where} has folders in it that were not read: {shorten_list(inner, limit=3)}. Name "
            "them too if their exports belong to these."
        )
    return chosen


def _source(path: Path) -> Source:
    if path.is_file() or not path.exists():
        return Source(name=path.name, path=path)
    with _open(path) as pipe:
        return Source(name=path.name, path=path, kept=_keep(pipe))


def _open(path: Path) -> io.BufferedReader:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise FileFormatError(f"There is no file {path}. Check the name and the folder.") from None
    except OSError as error:
        raise FileFormatError(
            f"{path} cannot be read: {error.strerror}. Check its permissions."
        ) from None


def _keep(stream: IO[bytes]) -> IO[bytes]:
    """Return what can be read once as a file that can be read again; it has no name to be left."""
    kept: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
    try:
        shutil.copyfileobj(stream, kept, 1 << 20)
    except OSError as error:
        kept.close()
        raise FileFormatError(
            f"Standard input could not be kept: {error.strerror}. Make room, or name a file."
        ) from None
    return kept
