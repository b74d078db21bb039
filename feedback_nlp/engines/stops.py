"""How a run that stops says what happened and how to go on."""

from pathlib import Path

from feedback_nlp.engines.folder import WorkFolder
from feedback_nlp.engines.output import TooManyRowsError
from feedback_nlp.engines.pool import DEATHS, WorkerError
from feedback_nlp.engines.records import PutAside, RunRecord
from feedback_nlp.errors import FeedbackError

_GO_ON = "go on with the same command and --resume, or begin anew with --force"


class RunStopped(FeedbackError):
    """A long run stopped before its end; the message says why, what is kept, and how to go on."""


def stopped(error: BaseException, folder: WorkFolder, run: RunRecord, *, keep: bool) -> None:
    """Leave a work folder after an error, and say how to go on; nothing is left if nothing is done.

    Args:
        error: What stopped the run.
        folder: Where its work is.
        run: Its record.
        keep: Whether the run could be resumed at all.

    Raises:
        RunStopped: For errors that the user can mend. Others get a note, for whoever shows them.
    """
    parts = folder.done_parts() if keep else {}
    if not parts:
        folder.remove()
        how = ""
    else:
        done = sum(run["parts"][number]["comments"] for number in parts)
        total = sum(part["comments"] for part in run["parts"])
        go_on = _elsewhere(folder.path) if isinstance(error, TooManyRowsError) else _GO_ON
        how = f"{done:,} of {total:,} comments are tagged; {go_on}."
        folder.close()
    if isinstance(error, WorkerError):
        raise RunStopped(f"{_killed(error.part, run['parts'])} {how}".strip()) from error
    if isinstance(error, BrokenPipeError) or not how:
        return
    if isinstance(error, MemoryError):
        raise RunStopped(f"Not enough memory; give fewer --workers. {how}") from error
    if isinstance(error, OSError):
        raise RunStopped(f"{_reason(error)}. {how}") from error
    if isinstance(error, FeedbackError):
        raise RunStopped(f"{error} {how}") from error
    error.add_note(how)


def refusal(folder: Path) -> str:
    """Return what is said where unfinished work is in the way."""
    return f"There is unfinished work of an earlier run in {folder}: {_GO_ON}."


def _elsewhere(work: Path) -> str:
    """Say how to go on into another kind of file."""
    other = work.with_name(work.name.replace(".xlsx.", ".csv."))
    return f"to keep them rename {work} to {other.name}, and go on into the csv with --resume"


def _killed(number: int, parts: list[PutAside]) -> str:
    """Say which comments were in work when workers were killed."""
    before = sum(part["comments"] for part in parts[:number])
    part = parts[number]
    return (
        f"{DEATHS} worker processes were killed, most likely for want of memory, while they tagged "
        f"comments {before + 1:,} to {before + part['comments']:,} ({part['first']!r} to "
        f"{part['last']!r}). Make room, give fewer --workers, or look at these comments."
    )


def _reason(error: OSError) -> str:
    where = f"{Path(str(error.filename)).name}: " if error.filename else ""
    return f"{where}{error.strerror or error}"
