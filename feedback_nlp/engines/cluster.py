"""Parts of an export tagged by the workers of a cluster that see the same disk: Spark or Dask.

Reading, journal and results are those of one machine; only the tagging of parts happens elsewhere,
by the same function. A part whose worker died is done again by the cluster.
"""

import os
import sys
from collections.abc import Generator, Sequence
from functools import partial
from secrets import token_hex
from typing import TYPE_CHECKING

from feedback_nlp.engines.local import tag_export
from feedback_nlp.engines.pool import Job

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from feedback_nlp.engines.tagging_parts import TaggedPart

_PER_CORE = 4  # parts that are asked for at once; what is done goes into the journal between


def tag_on_spark(job: Job, parts: Sequence[int], workers: int) -> Generator["TaggedPart"]:
    """Tag parts as tasks of a Spark job.

    The session that is there is used, as in ``spark-submit`` or a notebook; else one is begun on
    this machine.

    Args:
        job: Where the parts are, and what tags them.
        parts: Numbers of the parts.
        workers: Cores of a session that has to be begun.
    """
    from pyspark.sql import SparkSession

    name = f"feedback-nlp {token_hex(4)}"
    session = SparkSession.getActiveSession() or _session(SparkSession.builder, name, workers)
    try:
        context = session.sparkContext
        tag = partial(tag_one, job)
        at_once = _PER_CORE * max(1, context.defaultParallelism)
        for start in range(0, len(parts), at_once):
            some = parts[start : start + at_once]
            yield from context.parallelize(some, len(some)).map(tag).collect()
    finally:
        if session.sparkContext.appName == name:  # not begun by another thread
            session.stop()


def _session(builder: "SparkSession.Builder", name: str, workers: int) -> "SparkSession":
    """Return the session of another thread, or one of that name, with workers of this Python."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    begun = builder.appName(name).master(f"local[{workers}]")
    return begun.config("spark.ui.enabled", "false").getOrCreate()


def tag_on_dask(job: Job, parts: Sequence[int], workers: int) -> Generator["TaggedPart"]:
    """Tag parts as tasks of a Dask cluster.

    The client that is there is used; else a cluster of processes is begun on this machine.

    Args:
        job: Where the parts are, and what tags them.
        parts: Numbers of the parts.
        workers: Processes of a cluster that has to be begun.
    """
    from distributed import Client, as_completed, get_client

    try:
        client, ours = get_client(), False
    except ValueError:
        client, ours = Client(n_workers=workers, threads_per_worker=1, dashboard_address=None), True
    try:
        futures = client.map(partial(tag_one, job), list(parts), pure=False)
        for future in as_completed(futures):
            yield future.result()
            future.release()
    finally:
        if ours:
            client.close()
            client.cluster.close()


def tag_one(job: Job, part: int) -> "TaggedPart":
    """Tag one part; the tagger is loaded once in a worker process.

    Args:
        job: Where the part is, and what tags it.
        part: Its number.
    """
    from threadpoolctl import threadpool_limits

    from feedback_nlp.engines.tagging_parts import tag_part

    with threadpool_limits(1):
        return tag_part(job.folder, part, job.tagger.load(), job.mix)


export_on_spark = partial(tag_export, elsewhere=tag_on_spark)
export_on_dask = partial(tag_export, elsewhere=tag_on_dask)
