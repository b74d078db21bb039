"""A survey on a real cluster: made in its own process, since a worker dies in it.

    python clusters.py spark|dask FOLDER [kill]

Tags ``FOLDER/comments.parquet`` and writes what was found to ``FOLDER/tagged`` and to tables beside
it, and ``FOLDER/export.csv`` part by part to ``FOLDER/by_parts.csv``. With ``kill`` a worker is killed in the middle of the job.
"""

import os
import signal
import sys
import threading
import time
import warnings
from pathlib import Path

import pandas as pd

from feedback_nlp import load_tagger
from feedback_nlp.scores import define

BY = ["Channel", "Customer type"]
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # Java that lives a minute: half of the time


def kill_when(there, victims, killed):
    """Kill the first victim there is, as soon as some of the work is done."""
    while not there():
        time.sleep(0.02)
    for victim in victims():
        os.kill(victim, signal.SIGKILL)
        killed.append(victim)
        return


def processes(word):
    """Return the processes of this test whose command has a word in it."""
    own = os.getpgid(0)
    for place in Path("/proc").glob("[0-9]*"):
        try:
            command = (place / "cmdline").read_bytes().decode(errors="replace")
            if word in command and os.getpgid(int(place.name)) == own:
                yield int(place.name)
        except (OSError, ValueError):
            continue


def by_parts(engine, folder):
    """Tag the export itself by parts, on the cluster that is there."""
    from feedback_nlp.engines import engine_of
    from feedback_nlp.engines.partition import tagger_spec

    how = {"tagger": tagger_spec("rules"), "reading": {}, "part_rows": 100, "workers": 2}
    with engine_of(engine)([str(folder / "export.csv")], folder / ".work", **how) as tagged:
        tagged.write_mentions(folder / "by_parts.csv")


def spark_session(master, settings):
    """Return a small session that says nothing, whose workers are of this Python."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(master)
    shared = {
        "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "3",
        "spark.driver.extraJavaOptions": QUICK,
    }  # fmt: skip
    for name, value in (shared | settings).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    return session


def on_spark(folder, kill):
    from feedback_nlp.engines.spark import mentions_spark, tag_spark
    from feedback_nlp.engines.spark_counts import (
        SparkComments,
        drivers_spark,
        keyness_spark,
        scores_spark,
    )

    settings = {
        "spark.sql.execution.arrow.maxRecordsPerBatch": "100", "spark.driver.memory": "512m",
        "spark.executor.memory": "512m", "spark.executor.extraJavaOptions": QUICK,
    }  # fmt: skip
    session = spark_session("local-cluster[2,1,1024]", settings)
    killed = []
    rows = session.read.parquet(str(folder / "comments.parquet")).repartition(8)
    tagged = tag_spark(rows, load_tagger(), question="question")
    if kill:
        done = folder / "tagged" / "_temporary"
        args = (
            lambda: any(done.rglob("*.parquet")),
            lambda: processes("CoarseGrainedExecutorBackend"),
            killed,
        )
        threading.Thread(target=kill_when, args=args, daemon=True).start()
    tagged.write.parquet(str(folder / "tagged"))
    assert bool(killed) == kill, "no executor was killed in the middle of the job"
    tagged = session.read.parquet(str(folder / "tagged"))
    mentions_spark(tagged).write.parquet(str(folder / "mentions"))
    comments = SparkComments(
        tagged=tagged, rating="nps", definition=define("nps"), respondent_id="respondent_id",
        date="date",
    )  # fmt: skip
    scores_spark(comments, by=BY).to_pickle(folder / "scores.pkl")
    drivers_spark(comments, n_boot=50).to_pickle(folder / "drivers.pkl")
    keyness_spark(comments).to_pickle(folder / "keyness.pkl")
    other = threading.Thread(target=by_parts, args=("spark", folder))
    other.start()  # where no session is active
    other.join()
    assert session.range(3).count() == 3, "the session of another was stopped"
    session.stop()


def on_dask(folder, kill):
    import dask
    import dask.dataframe as dd
    from distributed import Client, futures_of

    from feedback_nlp.engines.dask import tag_dask

    with dask.config.set({"dataframe.convert-string": False}):
        client = Client(n_workers=2, threads_per_worker=1, dashboard_address=None)
        rows = dd.from_pandas(pd.read_parquet(folder / "comments.parquet"), npartitions=8)
        comments, mentions = dask.persist(*tag_dask(rows, load_tagger()))
        if kill:
            first = futures_of(comments)[0]
            first.result()
            os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)
        comments.compute().to_pickle(folder / "comments.pkl")
        mentions.compute().to_pickle(folder / "mentions.pkl")
        by_parts("dask", folder)
        client.close()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    engine, place, *rest = sys.argv[1:]
    {"spark": on_spark, "dask": on_dask}[engine](Path(place), kill=rest == ["kill"])
