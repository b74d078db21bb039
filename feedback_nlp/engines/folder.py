"""The folder a long run works in: what is done so far, so that it can go on after any end.

Every file is written under another name, brought to the disk, and renamed; then a line in the
journal says that the part is done. What has no such line, or a line that was cut short, is done
again. One process at a time has the folder: the lock goes when its owner ends, however it ends.
"""

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, TypedDict

from feedback_nlp.errors import FileFormatError, MissingDependencyError

LOCK, RUN, JOURNAL, DONE = "lock", "run.json", "journal.jsonl", "done.json"
_OURS = re.compile(
    r"lock|run\.json|journal\.jsonl|done\.json|(comments|marks|mentions)-\d+\.parquet"
    r"|.+\.tmp(\..+)?"
)


class Counts(TypedDict):
    """What is counted of tagged comments.

    ``with_theme`` are comments with a mention; statuses and languages are counted by name.
    """

    comments: int
    mentions: int
    with_theme: int
    statuses: dict[str, int]
    languages: dict[str, int]


class FileRecord(TypedDict):
    """A file as it was written."""

    name: str
    size: int
    sha256: str


class PartRecord(TypedDict):
    """A line of the journal: a part that is tagged, what is counted in it, and its files."""

    part: int
    counts: Counts
    files: list[FileRecord]


class WorkFolder:
    """A folder that belongs to this process until it is closed or removed.

    Attributes:
        path: Where it is.
    """

    def __init__(self, path: Path) -> None:
        """Make the folder, if it is not there, and take its lock.

        Raises:
            FileFormatError: Another process has it, or there is something else in its place.
        """
        self.path = path
        check_ours(path)
        self._lock = _take_lock(path)

    def put(self, name: str, data: bytes) -> FileRecord:
        """Write a file whole; when this returns it is on the disk, under its name."""
        temporary = self.path / f"{name}.{os.getpid()}.tmp"
        record = write_through(temporary, data)
        os.replace(temporary, self.path / name)
        return {"name": name, "size": record["size"], "sha256": record["sha256"]}

    def put_json(self, name: str, content: Mapping[str, Any]) -> None:
        """Write a file of JSON whole."""
        text = json.dumps(content, ensure_ascii=False, indent=1)
        self.put(name, text.encode("utf-8", "surrogatepass"))
        sync_folder(self.path)

    def adopt(self, record: PartRecord, names: Mapping[str, str]) -> None:
        """Give the files of a part their names, and note in the journal that it is done.

        Args:
            record: What the journal should say.
            names: The temporary name of each of its files, by its name.
        """
        for name, temporary in names.items():
            os.replace(self.path / temporary, self.path / name)
        sync_folder(self.path)
        line = json.dumps(record, ensure_ascii=False) + "\n"
        with (self.path / JOURNAL).open("ab") as journal:
            journal.write(line.encode())
            journal.flush()
            os.fsync(journal.fileno())

    def run(self) -> dict[str, Any] | None:
        """Return what the run is about, or ``None`` if its export was not read to the end."""
        return read_json(self.path / RUN)

    def done_parts(self) -> dict[int, PartRecord]:
        """Return the parts that are done, by their numbers; the journal is cut after the last.

        A line that was cut short, what comes after it, and a part whose files are not what its line
        says do not count.
        """
        journal = self.path / JOURNAL
        data = journal.read_bytes() if journal.exists() else b""
        done: dict[int, PartRecord] = {}
        whole = 0
        for line in data.splitlines(keepends=True):
            record = _part_of(line)
            if record is None:
                break
            whole += len(line)
            done[record["part"]] = record
        if whole < len(data):
            os.truncate(journal, whole)
        return {
            number: record
            for number, record in sorted(done.items())
            if all(self.is_whole(file) for file in record["files"])
        }

    def is_whole(self, file: FileRecord) -> bool:
        """Return whether a file is there as it was written."""
        path = self.path / file["name"]
        if not path.is_file() or path.stat().st_size != file["size"]:
            return False
        return sha256(path.read_bytes()).hexdigest() == file["sha256"]

    def clear(self) -> None:
        """Remove what a run left, all but the lock.

        Its record goes first, for without it nothing else counts; what proves that it came to its
        end goes last.
        """
        ends = [self.path / name for name in (RUN, DONE, LOCK)]
        (self.path / RUN).unlink(missing_ok=True)
        for path in self.path.iterdir():
            if path not in ends:
                path.unlink()
        (self.path / DONE).unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove the folder and let go of it."""
        self.clear()
        (self.path / LOCK).unlink(missing_ok=True)
        with suppress(OSError):
            self.path.rmdir()  # something else may have been put into it
        self.close()

    def close(self) -> None:
        """Let go of the folder, which stays."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def check_ours(path: Path) -> None:
    """Raise if there is something in the place of a work folder that is none."""
    if not path.exists() and not path.is_symlink():
        return
    strange = not path.is_dir() or any(not _OURS.fullmatch(item.name) for item in path.iterdir())
    if strange:
        raise FileFormatError(
            f"{path} is in the way: unfinished work would be kept there, and it holds something "
            "else. Move it, or choose another name for the output."
        )


def read_json(path: Path) -> dict[str, Any] | None:
    """Return what a file of JSON holds; ``None`` if it is not there.

    Raises:
        FileFormatError: It was changed by somebody else.
    """
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise FileFormatError(
            f"{path} is damaged, so what was done cannot be used. Begin anew with --force."
        )
    return found


def write_through(path: Path, data: bytes) -> FileRecord:
    """Write a file and wait until it is on the disk; leave nothing if that fails."""
    try:
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return {"name": path.name, "size": len(data), "sha256": sha256(data).hexdigest()}


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _part_of(line: bytes) -> PartRecord | None:
    """Return what a line of the journal says; ``None`` if it was cut short."""
    if not line.endswith(b"\n"):
        return None
    try:
        record: PartRecord = json.loads(line)
        whole = PartRecord.__required_keys__ <= record.keys()
    except (ValueError, AttributeError):
        return None
    return record if whole else None


def _take_lock(path: Path) -> int:
    """Return the open lock of a folder, which is made if it is not there."""
    try:
        import fcntl
    except ImportError:
        raise MissingDependencyError(
            "Only exports of one part can be tagged on Windows, for want of its locks. Use Linux "
            "or macOS for longer ones (WSL is one), or cut the export."
        ) from None
    while True:
        path.mkdir(exist_ok=True)
        try:
            lock = os.open(path / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        except FileNotFoundError:  # its last owner has just removed it
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_same(lock, path / LOCK):
                os.ftruncate(lock, 0)
                os.pwrite(lock, str(os.getpid()).encode(), 0)
                return lock
        except BlockingIOError:
            owner = os.pread(lock, 20, 0).decode("ascii", "replace") or "unknown"
            os.close(lock)
            raise FileFormatError(
                f"Another run (process {owner}) is writing the same output; its work is in "
                f"{path}. Wait for it, or choose another name for the output."
            ) from None
        os.close(lock)


def _is_same(lock: int, path: Path) -> bool:
    """Return whether an open file is still the one that has this name."""
    try:
        return os.path.samestat(os.fstat(lock), path.stat())
    except FileNotFoundError:
        return False
