"""Files that appear whole or not at all."""

from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from feedback_nlp.errors import FileFormatError


def write_whole(path: str | Path, content: bytes) -> Path:
    """Write a file beside its place first and move it there when it is complete.

    Others may read it if the user's umask lets them, as with any file the user makes.

    Raises:
        FileFormatError: The folder is not there, the disk is full, or writing is not allowed.
    """
    path = Path(path)
    if path.is_dir():
        raise FileFormatError(f"Cannot write {path}: it is a folder. Name a file in it.")
    beside = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        with beside.open("xb") as file:
            file.write(content)
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
        with suppress(OSError):
            beside.unlink()
    return path
