"""Files that appear whole or not at all."""

from pathlib import Path
from tempfile import NamedTemporaryFile

from feedback_nlp.errors import FileFormatError


def write_whole(path: str | Path, content: bytes) -> Path:
    """Write a file beside its place first and move it there when it is complete.

    Raises:
        FileFormatError: The folder is not there, the disk is full, or writing is not allowed.
    """
    path = Path(path)
    if path.is_dir():
        raise FileFormatError(f"Cannot write {path}: it is a folder. Name a file in it.")
    beside: Path | None = None
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            beside = Path(file.name)
            file.write(content)
        beside.chmod(0o644)
        beside.replace(path)
    except FileNotFoundError as error:
        raise FileFormatError(
            f"Cannot write {path}: there is no folder {path.parent}. Make it first."
        ) from error
    except OSError as error:
        raise FileFormatError(
            f"Cannot write {path}: {error.strerror or 'the folder does not take it'}. Nothing was "
            "written; make room or choose another place."
        ) from error
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)
    return path
