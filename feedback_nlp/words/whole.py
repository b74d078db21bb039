"""Files that appear whole or not at all."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from feedback_nlp.errors import FileFormatError


def write_whole(path: str | Path, content: bytes) -> Path:
    """Write a file beside its place first and move it there when it is complete.

    Raises:
        FileFormatError: The file cannot be written: no such folder, no permission, disk full.
    """
    path = Path(path)
    beside: Path | None = None
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            beside = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(0o644)
        beside.replace(path)
    except BaseException as error:
        if beside is not None:
            beside.unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        reason = error.strerror or "the folder does not take it"
        raise FileFormatError(
            f"Cannot write {str(path)!r}: {reason}. Choose another file, or make room."
        ) from error
    return path
