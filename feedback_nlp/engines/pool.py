"""Parts tagged by worker processes; one that is killed is replaced, and its part done again."""

import os
import signal
import warnings
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from feedback_nlp.errors import FeedbackError

if TYPE_CHECKING:
    from feedback_nlp.engines.partition import TaggerSpec
    from feedback_nlp.engines.tagging_parts import TaggedPart
    from feedback_nlp.tagging.tagger import Tagger

DEATHS = 3  # of workers with the same part


class WorkerError(FeedbackError):
    """Workers were killed again and again while they tagged the same part."""

    def __init__(self, part: int) -> None:
        """Say which part it was; whoever knows its comments says more."""
        super().__init__(f"Part {part + 1} could not be tagged.")
        self.part = part


@dataclass(frozen=True, slots=True)
class Job:
    """What each worker needs: where the parts are, what tags them, and what they are parts of.

    Attributes:
        folder: The work folder.
        tagger: What tags.
        mix: The mix of languages of the whole export, of ``language_mix``.
    """

    folder: Path
    tagger: "TaggerSpec"
    mix: tuple[float, ...]


def tag_in_processes(job: Job, parts: Sequence[int], workers: int) -> Generator["TaggedPart"]:
    """Tag parts in worker processes, and give each back as it is done.

    Where a worker is killed, the parts that were in work are done again one at a time, since one
    of them may be the reason; then the others go on with a worker less, since it may have been
    for want of memory.

    Args:
        job: What the workers need.
        parts: Numbers of the parts.
        workers: How many at a time.

    Raises:
        WorkerError: Three workers were killed over the same part.
    """
    deaths: Counter[int] = Counter()
    left = dict.fromkeys(parts)
    while left:
        suspects = [part for part in left if deaths[part]]
        at_once = 1 if suspects else min(workers, len(left))
        running: dict[Future[TaggedPart], int] = {}
        try:
            with _pool(job, at_once) as pool:
                for tagged in _each(pool, suspects or list(left), running, at_once):
                    del left[tagged.record["part"]]
                    yield tagged
        except BrokenProcessPool:
            deaths.update(part for part in running.values() if part in left)
            for part in left:
                if deaths[part] >= DEATHS:
                    raise WorkerError(part) from None
            workers = max(1, workers - (not suspects))


def _each(
    pool: ProcessPoolExecutor,
    parts: Sequence[int],
    running: dict["Future[TaggedPart]", int],
    at_once: int,
) -> Iterator["TaggedPart"]:
    """Give each part to the pool, no more than it has workers, so that it is known who has what."""
    waiting = list(reversed(parts))
    while waiting or running:
        while waiting and len(running) < at_once:
            part = waiting.pop()
            running[pool.submit(_tag, part)] = part
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in sorted(done, key=running.__getitem__):
            tagged = future.result()
            del running[future]
            yield tagged


@contextmanager
def _pool(job: Job, workers: int) -> Iterator[ProcessPoolExecutor]:
    """Give a pool of workers that end at once if this is left by an error, or this process dies."""
    context = get_context("spawn")
    life, hold = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(
        workers, mp_context=context, initializer=_begin, initargs=(job, life)
    )
    try:
        yield pool
    except BaseException:
        hold.close()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        hold.close()
        life.close()


_job: Job


def _begin(job: Job, life: Connection) -> None:
    """Make a process a worker: deaf to Ctrl-C, gone when its parent is gone."""
    global _job
    _job = job
    warnings.formatwarning = lambda message, *_, **__: f"Note: {message}\n"
    os.environ["OMP_NUM_THREADS"] = "1"  # of libraries that are loaded from here on, such as torch
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(life,), daemon=True).start()


def _end_with(life: Connection) -> None:
    """Wait until the other end is closed, by the parent or by its death; then end at once."""
    life.poll(None)
    os._exit(1)


def _tag(part: int) -> "TaggedPart":
    from feedback_nlp.engines.tagging_parts import tag_part

    return tag_part(_job.folder, part, _tagger(), _job.mix)


@cache
def _tagger() -> "Tagger":
    """Return the tagger of this worker, which computes in one thread: each core has a worker."""
    from threadpoolctl import threadpool_limits

    tagger = _job.tagger.load()
    threadpool_limits(1)
    return tagger
