"""Spark and Dask: real clusters of several processes, one of which is killed in mid-job.

What comes out is compared, row by row, with the same comments tagged in memory.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from feedback_nlp import driver_table, keyness, load_tagger, make_sample, read_comments, write_table
from feedback_nlp.scores.overview import scores_overview
from feedback_nlp.tagging.tagger import Tagging

CLUSTERS = Path(__file__).with_name("clusters.py")
KEYS = ["comment_id", "start", "end", "theme"]


class Survey(NamedTuple):
    """Where the export and its tables are, and what is found in it in memory."""

    folder: Path
    tagging: Tagging


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    """Dutch and English answers, and what is found in them in memory."""
    folder = tmp_path_factory.mktemp("survey")
    sample = make_sample(4000, seed=8)
    some = sample[sample["Country"].isin(["United Kingdom", "Netherlands"])].head(900)
    write_table(some.drop(columns="Country"), folder / "export.csv")
    comments = read_comments(folder / "export.csv")
    bare = comments.astype({"question": "object", "Channel": "object", "Customer type": "object"})
    bare.attrs = {}
    bare.to_parquet(folder / "comments.parquet", index=False)
    write_table(load_tagger("rules").tag_frame(comments).mentions, folder / "mentions.csv")
    return Survey(folder, load_tagger().tag_frame(comments))


def run(engine, survey, folder, *rest):
    for name in ("comments.parquet", "export.csv"):
        (folder / name).write_bytes((survey.folder / name).read_bytes())
    command = [sys.executable, str(CLUSTERS), engine, str(folder), *rest]
    begun = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True, env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    try:
        told, _ = begun.communicate(timeout=300)
    finally:
        if begun.poll() is None:
            os.killpg(begun.pid, signal.SIGKILL)
    assert begun.returncode == 0, told[-3000:]


def same_mentions(found, wanted):
    texts = ["comment_id", "theme", "polarity", "evidence", "source"]
    tables = [
        table.astype(dict.fromkeys(texts, "object")).sort_values(KEYS).reset_index(drop=True)
        for table in (found[wanted.columns], wanted)
    ]
    tables = [table.where(table.notna(), np.nan) for table in tables]
    pd.testing.assert_frame_equal(*tables, check_dtype=False)


def same_marks(found, wanted):
    found = found.set_index("comment_id").loc[wanted["comment_id"]]
    for name in ("language", "status", "sentiment"):
        made, known = (table[name].astype("object") for table in (found, wanted))
        assert made.where(made.notna(), "").tolist() == known.where(known.notna(), "").tolist()
    np.testing.assert_array_equal(found["sentiment_score"], wanted["sentiment_score"])


def same_bytes(one, other):
    assert one.read_bytes() == other.read_bytes()
    assert not other.with_name(".work").exists()


@pytest.mark.slow
def test_spark_with_an_executor_killed(survey, tmp_path):
    run("spark", survey, tmp_path, "kill")
    wanted = survey.tagging
    tagged = pd.read_parquet(tmp_path / "tagged")
    assert sorted(tagged["comment_id"]) == sorted(wanted.comments["comment_id"])
    same_marks(tagged, wanted.comments)
    same_mentions(pd.read_parquet(tmp_path / "mentions"), wanted.mentions)
    same_bytes(survey.folder / "mentions.csv", tmp_path / "by_parts.csv")
    by = ["Channel", "Customer type"]
    tables = {
        "scores": scores_overview(wanted.comments, "nps", by=by),
        "drivers": pd.DataFrame(driver_table(wanted.comments, wanted.mentions, n_boot=50)),
        "keyness": keyness(wanted.comments),
    }
    for name, table in tables.items():
        made = pd.DataFrame(pd.read_pickle(tmp_path / f"{name}.pkl"))
        pd.testing.assert_frame_equal(made, table, rtol=1e-12)
        counts = [c for c in table if pd.api.types.is_integer_dtype(table[c])]
        pd.testing.assert_frame_equal(made[counts], table[counts], check_exact=True)


@pytest.mark.slow
def test_dask_with_a_worker_killed(survey, tmp_path):
    run("dask", survey, tmp_path, "kill")
    wanted = survey.tagging
    comments = pd.read_pickle(tmp_path / "comments.pkl")
    assert comments["comment_id"].tolist() == wanted.comments["comment_id"].tolist()
    same_marks(comments, wanted.comments)
    same_mentions(pd.read_pickle(tmp_path / "mentions.pkl"), wanted.mentions)
    same_bytes(survey.folder / "mentions.csv", tmp_path / "by_parts.csv")
