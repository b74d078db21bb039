"""What Spark costs and how it scales: one worker process, two, and one process without Spark.

    python benchmarks/spark.py [--comments 100000] [--passes 2]

The same comments, all different, in seven languages, in 16 partitions of a parquet file. A local
cluster with one and with two executors of one core each (``local-cluster[1,1,1024]``,
``[2,1,1024]``) reads it, tags it, and writes it. The first job of a session has the executors
started and models loaded; the same job again shows what tagging costs once that is done. Beside it
``tag_frame`` on the table in memory. Seconds of wall time. Needs Java and the extra ``spark``.
"""

import argparse
import os
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import pandas as pd
import workload
from speed_process import load, watched

MODES = ("alone", "1", "2")


def comments(number):
    drawn = workload.texts(number)
    ids = [str(at) for at in range(number)]
    return pd.DataFrame({"comment_id": ids, "text": [text for text, _ in drawn]})


def alone(folder):
    """Return seconds of loading, of tagging the first time, and again."""
    from feedback_nlp import load_tagger

    table = pd.read_parquet(folder / "few"), pd.read_parquet(folder / "comments")
    steps = [time.perf_counter()]
    tagger = load_tagger()
    tagger.tag_frame(table[0])
    steps.append(time.perf_counter())
    for _ in range(2):
        tagger.tag_frame(table[1])
        steps.append(time.perf_counter())
    return steps


def spark(folder, workers):
    """Return seconds of starting with a job of a few comments, of tagging, and again."""
    from pyspark.sql import SparkSession

    from feedback_nlp import load_tagger
    from feedback_nlp.engines.spark import tag_spark

    os.environ["PYSPARK_PYTHON"] = sys.executable
    steps = [time.perf_counter()]
    session = (
        SparkSession.builder.master(f"local-cluster[{workers},1,1024]")
        .config("spark.ui.enabled", "false")
        .config("spark.executor.memory", "512m")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    tagger = load_tagger()
    for name in ("few", "comments", "comments"):
        table = session.read.parquet(str(folder / name)).repartition(16)
        tag_spark(table, tagger).write.mode("overwrite").parquet(str(folder / "tagged"))
        steps.append(time.perf_counter())
    session.stop()
    return steps


def measured(folder, mode):
    """Return the seconds of each step of a process of its own."""
    run = watched([sys.executable, __file__, "--job", mode, "--folder", folder])
    steps = [float(one) for one in run["printed"].split()[-4:]]
    return [after - before for before, after in pairwise(steps)]


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--comments", type=int, default=100_000)
    ask.add_argument("--passes", type=int, default=2)
    ask.add_argument("--job", choices=MODES, help=argparse.SUPPRESS)
    ask.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = ask.parse_args()
    if given.job:
        steps = alone(given.folder) if given.job == "alone" else spark(given.folder, given.job)
        print(*steps)
        return
    print(f"Load of the machine when it began: {load()}.\n")
    print("| | start and 1,000 comments, s | first time, s | again, s | comments/s, again |")
    print("|---|---|---|---|---|")
    names = ("one process, `tag_frame`", "Spark, one executor", "Spark, two executors")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        comments(1_000).to_parquet(folder / "few")
        comments(given.comments).to_parquet(folder / "comments")
        for mode, name in zip(MODES, names, strict=True):
            passes = [measured(folder, mode) for _ in range(given.passes)]
            start, first, again = (min(each) for each in zip(*passes, strict=True))
            rate = given.comments / again
            print(f"| {name} | {start:.1f} | {first:.1f} | {again:.1f} | {rate:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
