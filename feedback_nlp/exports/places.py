"""Where results may be written: nothing of the user's is overwritten, nothing is left half done."""

import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports.formats import STDIN
from feedback_nlp.exports.sources import files_in
from feedback_nlp.exports.writing import STDOUT, table_format

_HIDDEN = ".feedback-nlp-"
_PICTURE = re.compile(r"charts/[\w-]+\.png")


def check_table(path: str | None, *, force: bool, sources: Sequence[str] = ()) -> None:
    """Raise early if a table cannot be written to a path."""
    check_free(path, force=force, sources=sources)
    if path is not None:
        table_format(path)


def check_free(path: str | None, *, force: bool, sources: Sequence[str] = ()) -> None:
    """Raise if a file is there and may not be replaced, or cannot be written where it should."""
    if path is None or path == STDOUT:
        return
    if not path:
        raise FileFormatError("-o got no name. Name a file, or - for standard output.")
    check_not_read(sources, [path])
    if Path(path).is_dir():
        raise FileFormatError(f"Cannot write {path}: it is a folder. Name a file in it.")
    if Path(path).exists() and not Path(path).is_file():
        raise FileFormatError(f"Cannot write {path}: it is no ordinary file. Choose another name.")
    if Path(path).exists() and not force:
        raise FileFormatError(f"{path} is there already. Choose another name, or add --force.")
    if not Path(path).parent.is_dir():
        raise FileFormatError(
            f"Cannot write {path}: there is no folder {Path(path).parent}. Make it first."
        )


def check_not_read(sources: Sequence[str], writes: Sequence[str | Path]) -> None:
    """Raise if a file to be written is one of those that are read.

    Raises:
        FileFormatError: It is; nothing overwrites what it was made from.
    """
    named = [source for source in sources if source != STDIN]
    read = {path.resolve() for source in named for path in files_in(source)}
    for path in writes:
        if Path(path).resolve() in read:
            raise FileFormatError(
                f"{path} is the export that is read; the result would overwrite it. Choose another "
                "name."
            )


@contextmanager
def folder_made_whole(out: Path, names: Sequence[str], *, force: bool) -> Iterator[Path]:
    """Give a hidden folder to write into, and move it into place if nothing went wrong.

    Args:
        out: Where the files should be in the end.
        names: The files that will be written in any case, run.json among them.
        force: ``out`` may hold an earlier analysis, whose files are replaced; others stay.

    Raises:
        FileFormatError: ``out`` is in the way, or cannot be written.
    """
    new_parents: list[Path] = []
    try:
        _check_folder(out, names, force=force)
        new_parents = [folder for folder in out.parents if not folder.exists()]
        out.parent.mkdir(parents=True, exist_ok=True)
        beside = out if out.is_dir() else out.parent  # the folder may be a disk of its own
        made = beside / f"{_HIDDEN}{token_hex(4)}"
        made.mkdir()
    except OSError as error:
        _remove_empty(new_parents)
        raise FileFormatError(
            f"Cannot write to {error.filename or out.parent}: {error.strerror}. Choose another "
            "folder with --out."
        ) from error
    try:
        yield made
        _check_folder(out, names, force=force)  # another may have been faster
        _move(made, out)
    except OSError as error:
        raise FileFormatError(
            f"Could not write {out}: {error.strerror or error}. It was left as it was."
        ) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
        _remove_empty(new_parents)


@contextmanager
def parents_made(out: Path, names: Sequence[str], *, force: bool) -> Iterator[None]:
    """Check early that a folder can be written, and make the folders it will be in.

    What was made goes again if nothing was put into it.

    Args:
        out: As for ``folder_made_whole``, like all that follows.
        names: The files that will be written.
        force: ``out`` may hold an earlier analysis.

    Raises:
        FileFormatError: ``out`` is in the way, or cannot be written.
    """
    _check_folder(out, names, force=force)
    new = [folder for folder in out.parents if not folder.exists()]
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise FileFormatError(
            f"Cannot write to {error.filename or out.parent}: {error.strerror}. Choose another "
            "folder with --out."
        ) from error
    finally:
        _remove_empty(new)


def _remove_empty(folders: Sequence[Path]) -> None:
    """Remove the folders that nothing was put into, innermost first."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _check_folder(out: Path, names: Sequence[str], *, force: bool) -> None:
    if not out.exists() and not out.is_symlink():
        return
    if not out.is_dir():
        raise FileFormatError(f"{out} is a file; --out takes a folder to be made.")
    if not force and any(not path.name.startswith(_HIDDEN) for path in out.iterdir()):
        raise FileFormatError(
            f"The folder {out} is not empty. Choose another, or add --force to replace the "
            "results in it."
        )
    taken = [name for name in names if (out / name).exists()]
    if taken and not _is_ours(out / "run.json"):
        raise FileFormatError(
            f"{out} holds {taken[0]}, which is not of an earlier analysis (there is no "
            "run.json of ours beside it); --force does not overwrite it. Choose another folder."
        )
    odd = [name for name in names if (out / name).is_dir()]
    folders = {name.split("/")[0] for name in names if "/" in name} | {"charts"}
    odd += sorted(name for name in folders if (out / name).exists() and not (out / name).is_dir())
    if odd:
        raise FileFormatError(
            f"{out / odd[0]} is in the way: a file and a folder cannot have the same name. Choose "
            "another folder."
        )


def _is_ours(record: Path) -> bool:
    """Return whether a run.json is the record of an analysis."""
    try:
        return "feedback-nlp" in json.loads(record.read_text("utf-8"))["versions"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _move(made: Path, out: Path) -> None:
    """Move every file into place; pictures of an earlier analysis that are no more are removed."""
    if not out.exists():
        os.replace(made, out)
        return
    earlier = _pictures(out / "run.json")
    names = [path.relative_to(made) for path in made.rglob("*") if path.is_file()]
    for name in sorted(names, key=lambda name: name.name == "run.json"):  # the record last
        (out / name).parent.mkdir(exist_ok=True)
        os.replace(made / name, out / name)
    for picture in earlier - {name.as_posix() for name in names}:
        (out / picture).unlink(missing_ok=True)


def _pictures(record: Path) -> set[str]:
    """Return the pictures that a run.json says were written beside it, none outside its folder."""
    if not _is_ours(record):
        return set()
    noted = json.loads(record.read_text("utf-8")).get("charts", [])
    return {name for name in noted if isinstance(name, str) and _PICTURE.fullmatch(name)}
