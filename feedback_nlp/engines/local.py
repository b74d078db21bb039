"""Tagging on one machine: memory that does not grow, all cores, and a run that can go on."""

import os
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_nlp.engines.folder import PartRecord, WorkFolder
from feedback_nlp.engines.output import check_rows, is_written
from feedback_nlp.engines.partition import TaggerSpec, tag_partition
from feedback_nlp.engines.pool import Job, tag_in_processes
from feedback_nlp.engines.records import RunRecord, asked_of, check_same, read_run
from feedback_nlp.engines.spool import put_aside, stamps
from feedback_nlp.engines.stops import refusal, stopped
from feedback_nlp.engines.tables import with_notes
from feedback_nlp.engines.tagged import STEPS, Progress, TaggedParts, sum_of
from feedback_nlp.engines.tagging_parts import (
    PartsOnDisk,
    TaggedPart,
    counts_of,
    tag_part,
)
from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports.stream import PART_ROWS, open_export
from feedback_nlp.networks.network import cores

TagParts = Callable[[Job, Sequence[int], int], Generator["TaggedPart"]]
Look = Callable[[pd.DataFrame], None]


@dataclass(frozen=True, slots=True)
class _Run:
    """What a run was asked."""

    sources: Sequence[str]
    tagger: TaggerSpec
    reading: Mapping[str, Any]
    part_rows: int
    mentions: str | Path | None
    look: Look
    progress: Progress


def tag_export(
    sources: Sequence[str],
    work: Path | None,
    *,
    tagger: TaggerSpec,
    reading: Mapping[str, Any],
    workers: int | None = None,
    elsewhere: TagParts = tag_in_processes,
    resume: bool = False,
    force: bool = False,
    part_rows: int = PART_ROWS,
    mentions: str | Path | None = None,
    look: Look = lambda head: None,
    progress: Progress = lambda step, done, total: None,
) -> TaggedParts:
    """Tag an export of any size on this machine.

    The export is read once and put aside in parts; each part is then tagged by one of several
    worker processes. An export that is not longer than a part is tagged here, in memory.

    Args:
        sources: Files, or ``-`` for standard input.
        work: The folder to work in, on the disk where results go: hidden, beside them. Without it
            one is made where temporary files go, and the run cannot be resumed.
        tagger: What tags the comments.
        reading: Options of ``read_comments``, by name.
        workers: How many processes tag at a time; as many as there are cores if not given.
        elsewhere: Tags parts by several workers; processes of this machine if not given.
        resume: Go on with what an earlier run left in ``work``.
        force: Throw away what an earlier run left there.
        part_rows: Rows of the export in a part; it changes nothing in the result.
        mentions: The file that mentions will be written to, if any; the run stops as soon as
            there are more than it takes.
        look: Is shown a comments table without rows, with the notes of the reader, after reading
            and before tagging; what it raises ends the run.
        progress: Is told the step of ``STEPS``, how many comments are done, and of how many.

    Returns:
        The tagged parts; close them with a ``with`` block.

    Raises:
        FeedbackError: As for ``read_comments``; or there is nothing to resume, or it is of another
            export, model, version or other options; or another run has the folder; or the run
            stopped, and the message says how to go on.
    """
    wanted = _Run(sources, tagger, reading, part_rows, mentions, look, progress)
    folder, run = _left_before(work, wanted, resume=resume, force=force)
    is_new = run is None
    if folder is None or run is None:
        begun = _read(wanted, folder, work)
        if isinstance(begun, TaggedParts):
            return begun
        folder, run = begun
    with _leaving(folder, run, keep=work is not None):
        on_disk = PartsOnDisk.of(folder.path, run, tagger.load())
        head = on_disk.head()
        if not is_new:
            look(head)
        done = _tag_missing(wanted, folder, run, workers, elsewhere)
    return TaggedParts(
        number=len(run["parts"]),
        head=head,
        counts=sum_of(record["counts"] for record in done.values()),
        part=on_disk.part,
        mentions_of=on_disk.mentions,
        work=folder.path,
        close=partial(_close, folder, run, work is not None),
    )


def work_beside(output: str | Path) -> Path:
    """Return the folder to work in for a file: hidden, beside it, so on the same disk.

    Example:
        >>> work_beside("results/mentions.csv").name
        '.mentions.csv.work'
    """
    place = Path(os.path.abspath(output))  # "." has no name
    return place.with_name(f".{place.name}.work")


def was_finished(output: str | Path) -> bool:
    """Tidy up after a run that was ended when its output was there; return whether there was one.

    Args:
        output: The file, or the folder of an analysis.
    """
    work = work_beside(output)
    if not work.is_dir() or not is_written(work, Path(output)):
        return False
    WorkFolder(work).remove()
    return True


def _left_before(
    work: Path | None, wanted: _Run, *, resume: bool, force: bool
) -> tuple[WorkFolder | None, RunRecord | None]:
    """Return the work folder and the record of an earlier run, if it is to be gone on with."""
    if work is None or not work.exists():
        if resume:
            where = f" in {work}" if work else ""
            raise FileFormatError(
                f"There is nothing to resume: no unfinished work{where}. Leave --resume out."
            )
        return None, None
    folder = WorkFolder(work)
    try:
        if force and not resume:
            folder.clear()
        run = read_run(folder)
        if run is None:
            folder.clear()
        elif not resume:
            raise FileFormatError(refusal(work))
        else:
            asked = asked_of(wanted.tagger, wanted.reading, wanted.part_rows)
            check_same(run, asked, wanted.sources)
            if not all(folder.is_whole(part["file"]) for part in run["parts"]):
                folder.clear()
                run = None
    except BaseException:
        folder.close()
        raise
    return folder, run


def _read(
    wanted: _Run, folder: WorkFolder | None, work: Path | None
) -> TaggedParts | tuple[WorkFolder, RunRecord]:
    """Read the export: put it aside in parts, or tag it here and now if it is but one.

    If that fails nothing is left behind.
    """
    before = stamps(wanted.sources)
    wanted.progress(STEPS[0], 0, 0)
    try:
        with open_export(wanted.sources, **wanted.reading, part_rows=wanted.part_rows) as export:
            stream = export.parts()
            first = list(islice(stream, 2))
            if len(first) == 1:
                if folder is not None:
                    folder.remove()
                    folder = None
                return _in_memory(wanted, with_notes(first[0], export.info))
            folder = folder or WorkFolder(work or Path(tempfile.mkdtemp(prefix="feedback-nlp-")))
            told = _told(_all_of(first, stream), wanted.progress, export.rows * export.per_row)
            asked = asked_of(wanted.tagger, wanted.reading, wanted.part_rows)
            run = put_aside(
                folder, export, told, asked=asked, sources=wanted.sources, stamped=before,
                look=wanted.look,
            )  # fmt: skip
    except BaseException:
        if folder is not None:
            folder.remove()
        raise
    return folder, run


def _all_of(first: list[pd.DataFrame], rest: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Return parts in order, keeping none of them."""
    while first:
        yield first.pop(0)
    yield from rest


def _told(parts: Iterator[pd.DataFrame], progress: Progress, total: int) -> Iterator[pd.DataFrame]:
    """Return the parts, telling how many comments are read."""
    ready = 0
    for part in parts:
        yield part
        ready += len(part)
        progress(STEPS[0], ready, total)


def _in_memory(wanted: _Run, comments: pd.DataFrame) -> TaggedParts:
    """Tag an export of one part."""
    wanted.look(comments.iloc[:0])
    tell = partial(wanted.progress, STEPS[1])
    tagging = tag_partition(comments, wanted.tagger.load(), progress=tell)
    return TaggedParts(
        number=1,
        head=tagging.comments.iloc[:0],
        counts=counts_of(tagging),
        part=lambda _: tagging,
        mentions_of=lambda _: tagging.mentions,
        work=None,
        close=lambda _: None,
    )


def _tag_missing(
    wanted: _Run,
    folder: WorkFolder,
    run: RunRecord,
    workers: int | None,
    elsewhere: TagParts,
) -> dict[int, PartRecord]:
    """Tag the parts that are not done yet; return what is noted of all, in order."""
    sizes = [part["comments"] for part in run["parts"]]
    done = folder.done_parts()
    left = [number for number in range(len(sizes)) if number not in done]
    total, ready = sum(sizes), sum(sizes[number] for number in done)

    def tell(more: int, _: int = 0) -> None:
        wanted.progress(STEPS[1], ready + more, total)

    def check() -> None:
        if wanted.mentions is not None:
            check_rows(sum(part["counts"]["mentions"] for part in done.values()), wanted.mentions)

    tell(0)
    check()
    at_once = min(workers or cores(), len(left))
    stream: Generator[TaggedPart]
    if at_once > 1 or (left and elsewhere is not tag_in_processes):
        stream = elsewhere(
            Job(folder.path.absolute(), wanted.tagger, tuple(run["mix"])), left, at_once
        )
    else:
        stream = (
            tag_part(folder.path, part, wanted.tagger.load(), run["mix"], progress=tell)
            for part in left
        )
    with closing(stream):
        for tagged in stream:
            folder.adopt(tagged.record, tagged.names)
            done[tagged.record["part"]] = tagged.record
            ready += sizes[tagged.record["part"]]
            tell(0)
            check()
    return dict(sorted(done.items()))


@contextmanager
def _leaving(folder: WorkFolder, run: RunRecord, *, keep: bool) -> Iterator[None]:
    """Leave the work folder as it should be if an error comes out of the block."""
    try:
        yield
    except BaseException as error:
        stopped(error, folder, run, keep=keep)
        raise


def _close(folder: WorkFolder, run: RunRecord, keep: bool, error: BaseException | None) -> None:
    """End a run: its folder goes, or stays if an error ended it."""
    if error is None:
        folder.remove()
    else:
        stopped(error, folder, run, keep=keep)
