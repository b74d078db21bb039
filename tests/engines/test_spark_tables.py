"""Tables on Spark of a survey with awkward names, respondents and dates, against those in memory."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from clusters import spark_session

from feedback_nlp import driver_table, keyness, load_tagger, make_sample, read_comments, write_table
from feedback_nlp.engines.spark import mentions_spark, tag_spark
from feedback_nlp.engines.spark_counts import (
    SparkComments,
    drivers_spark,
    keyness_spark,
    scores_spark,
)
from feedback_nlp.errors import ColumnError
from feedback_nlp.scores import define
from feedback_nlp.scores.overview import scores_overview

pytestmark = pytest.mark.slow
NAMES = {
    "comment_id": "id", "respondent_id": "who", "text": "Q1. Why?", "nps": "Score `0-10`",
    "date": "when.given", "Channel": "themes", "Customer type": "date",
}  # fmt: skip


@pytest.fixture(scope="module")
def session():
    settings = {"spark.sql.session.timeZone": "Asia/Tokyo", "spark.driver.memory": "1g"}
    session = spark_session("local[2]", settings)
    yield session
    session.stop()


@pytest.fixture(scope="module")
def survey(session, tmp_path_factory):
    """Respondents with several answers that differ or are missing, and some of whom nobody knows."""
    path = tmp_path_factory.mktemp("survey") / "export.csv"
    sample = make_sample(2600, seed=3)
    write_table(sample[sample["Country"] == "United Kingdom"].drop(columns="Country"), path)
    comments = read_comments(path).head(600)
    row = np.arange(len(comments))
    comments = comments.assign(
        comment_id=row.astype("str"),
        respondent_id=pd.Series(row % 250).map("r{}".format).where(row < 500),
        nps=comments["nps"].where(row % 7 > 0),
    )
    names = ["comment_id", "respondent_id", "text", "nps", "date", "Channel", "Customer type"]
    plain = comments[names].astype({"Channel": "object", "Customer type": "object"})
    plain = plain.astype({"comment_id": "int64", "text": "object", "respondent_id": "object"})
    plain = plain.where(plain.notna(), None).astype({"nps": "float64", "date": "datetime64[us]"})
    plain.attrs = {}
    rows = session.createDataFrame(plain.rename(columns=NAMES)).repartition(5)
    tagger = load_tagger("rules")
    tagged = tag_spark(rows, tagger, text=NAMES["text"]).cache()
    found = SparkComments(
        tagged=tagged, rating=NAMES["nps"], definition=define("nps"), comment_id="id",
        respondent_id="who", text=NAMES["text"], date=NAMES["date"],
    )  # fmt: skip
    kept = comments.drop(columns="question", errors="ignore")
    return SimpleNamespace(rows=rows, found=found, wanted=tagger.tag_frame(kept), tagger=tagger)


def same(made, wanted):
    pd.testing.assert_frame_equal(pd.DataFrame(made), pd.DataFrame(wanted), rtol=1e-12)


def test_rows_and_mentions(survey):
    made = mentions_spark(survey.found.tagged, comment_id="id").toPandas()
    wanted = survey.wanted.mentions
    keys = ["comment_id", "start", "end", "theme"]
    tables = [
        table.astype({"comment_id": "int64", "theme": "str"}).sort_values(keys)[[*keys, "evidence"]]
        for table in (made, wanted)
    ]
    pd.testing.assert_frame_equal(
        *(table.reset_index(drop=True) for table in tables), check_dtype=False
    )
    assert survey.found.tagged.count() == len(survey.wanted.comments)


def test_scores(survey):
    by = ["Customer type", "Channel"]
    wanted = scores_overview(survey.wanted.comments, "nps", by=by, min_n=5)
    made = scores_spark(survey.found, by=[NAMES[name] for name in by], min_n=5)
    same(made, wanted.assign(split=wanted["split"].replace(NAMES)))


def test_drivers(survey):
    wanted = driver_table(survey.wanted.comments, survey.wanted.mentions, n_boot=20)
    tables = drivers_spark(survey.found, n_boot=20), wanted
    same(*(table.sort_values("theme", ignore_index=True) for table in tables))  # two are equal


def test_keyness(survey):
    same(keyness_spark(survey.found), keyness(survey.wanted.comments))
    other = keyness(survey.wanted.comments, group="passives", min_comments=9)
    same(keyness_spark(survey.found, group="passives", min_comments=9), other)


def test_no_rare_word_comes_to_the_driver(survey, monkeypatch):
    seen = []

    def keep(tables):
        seen.extend(tables)
        return seen[0]

    monkeypatch.setattr("feedback_nlp.engines.spark_counts.merge_terms", keep)
    keyness_spark(survey.found, min_comments=9)
    n = seen[0].groupby("key")["n_comments"].sum()
    assert len(n) > 10
    assert n.min() >= 9


def test_without_a_single_date_there_are_no_months(survey):
    from pyspark.sql import functions as f

    tagged = survey.found.tagged.withColumn("never", f.lit(None).cast("date"))
    found = SparkComments(
        tagged=tagged, rating=NAMES["nps"], definition=define("nps"), comment_id="id",
        text=NAMES["text"], date="never",
    )  # fmt: skip
    assert scores_spark(found)["split"].tolist() == ["all"]


def test_no_rows_at_all(survey):
    none = survey.rows.where("id < 0")
    tagged = tag_spark(none, survey.tagger, text=NAMES["text"])
    assert tagged.columns[-1] == "mentions"
    assert tagged.collect() == []


@pytest.mark.parametrize(
    ("name", "says"),
    [("Status", "column 'Status' already"), ("ID", "is there twice"), ("language", "already")],
)
def test_names_that_would_be_taken_for_others(survey, name, says):
    from pyspark.sql import functions as f

    if name == "ID":
        rows = survey.rows.select("*", f.col("who").alias("ID"))
    else:
        rows = survey.rows.withColumn(name, f.lit("x"))
    with pytest.raises(ColumnError, match=says):
        tag_spark(rows, survey.tagger, text=NAMES["text"])


def test_the_language_that_is_known_is_replaced(survey):
    from pyspark.sql import functions as f

    rows = survey.rows.limit(20).withColumn("Language", f.lit("nl"))
    tagged = tag_spark(rows, survey.tagger, text=NAMES["text"], language="Language")
    assert tagged.columns.count("language") == 1
    assert {row["language"] for row in tagged.collect()} == {"nl"}


def test_what_cannot_be_compared_is_said(survey):
    with pytest.raises(ColumnError, match="No group 'happy'"):
        keyness_spark(survey.found, group="happy")
    with pytest.raises(ColumnError, match="Both sides are 'promoters'"):
        keyness_spark(survey.found, group="promoters")
    with pytest.raises(ColumnError, match="No column 'shop'"):
        scores_spark(survey.found, by=["shop"])
