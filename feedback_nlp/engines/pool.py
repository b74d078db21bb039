"""Parts tagged by worker processes; one that is killed is replaced, and its part done again."""

import os
import signal
import warnings
from bisect import insort
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
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

    Where a worker is killed, its part is done again with no other beside it, since it may be the
    reason; then the others go on with a worker less, since it may have been for want of memory.

    Args:
        job: What the workers need.
        parts: Numbers of the parts.
        workers: How many at a time.

    Raises:
        WorkerError: Three workers were killed over the same part.
    """
    deaths: Counter[int] = Counter()
    waiting, suspects = deque(parts), list[int]()
    running: dict[Future[TaggedPart], tuple[int, ProcessPoolExecutor]] = {}
    with _beginning(job) as begin:
        idle = [begin() for _ in range(min(workers, len(waiting)))]
        while waiting or suspects or running:
            alone = suspects or any(deaths[part] for part, _ in running.values())
            while idle and (waiting or suspects) and not (alone and running):
                part = suspects.pop(0) if suspects else waiting.popleft()
                future, pool = _give(part, idle.pop(), begin)
                running[future] = part, pool
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=lambda one: running[one][0]):
                part, pool = running.pop(future)
                try:
                    tagged = future.result()
                except BrokenProcessPool:
                    deaths[part] += 1
                    if deaths[part] == DEATHS:
                        raise WorkerError(part) from None
                    insort(suspects, part)
                    if deaths[part] > 1 or not (idle or running):
                        idle.append(begin())
                else:
                    idle.append(pool)
                    yield tagged


def _give(
    part: int, pool: ProcessPoolExecutor, begin: Callable[[], ProcessPoolExecutor]
) -> tuple["Future[TaggedPart]", ProcessPoolExecutor]:
    """Give a part to a worker, or to a new one if that was killed while it had nothing to do."""
    try:
        return pool.submit(_tag, part), pool
    except BrokenProcessPool:
        pool = begin()
        return pool.submit(_tag, part), pool


@contextmanager
def _beginning(job: Job) -> Iterator[Callable[[], ProcessPoolExecutor]]:
    """Give what begins a worker; all end at once if this is left by an error or its process dies.

    Each worker is a pool of its own: one pool of several breaks whole when one of them is killed,
    and not cleanly if another is just beginning (Python 3.11 closes the pipes that it is given).
    """
    context = get_context("spawn")
    life, hold = context.Pipe(duplex=False)

    def begin() -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=(job, life))
        pools.callback(pool.shutdown, cancel_futures=True)
        return pool

    with life, hold, ExitStack() as pools:
        try:
            yield begin
        except BaseException:
            hold.close()
            raise


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
