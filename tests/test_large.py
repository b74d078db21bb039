"""Exports analysed in parts: the scores and drivers of all, a report on a sample that says so."""

import json

import numpy as np
import pandas as pd
import pytest

from feedback_nlp import load_tagger, make_sample, read_comments, write_table
from feedback_nlp.analysis import Wanted, analyze
from feedback_nlp.engines.local import tag_export
from feedback_nlp.engines.partition import tagger_spec
from feedback_nlp.engines.people import drawn, find_people
from feedback_nlp.engines.totals import count_all
from feedback_nlp.large import analyze_parts
from feedback_nlp.scores import definition_of
from feedback_nlp.scores.counted import rating_counts

pytestmark = pytest.mark.usefixtures("small_pictures")
SPEC = tagger_spec("rules")


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """Answers of British respondents; most of them answer twice, the second time much later."""
    sample = make_sample(5000, seed=12)
    english = sample[sample["Country"] == "United Kingdom"].drop(columns="Country")
    once = english.head(300).assign(Respondent=[f"r{i}" for i in range(300)])
    again = once.head(220).assign(Date=lambda t: t["Date"].to_numpy()[::-1])
    path = tmp_path_factory.mktemp("large") / "twice.csv"
    both = pd.concat([once, again], ignore_index=True)
    identity = next(name for name in both if name.lower().endswith("id"))
    write_table(both.assign(**{identity: [f"a{i}" for i in range(len(both))]}), path)
    return path


@pytest.fixture(scope="module")
def reading():
    return {"respondent": "Respondent"}


@pytest.fixture(scope="module")
def in_memory(export, reading, tmp_path_factory):
    comments = read_comments(export, **reading)
    folder = tmp_path_factory.mktemp("memory") / "out"
    return analyze(comments, folder, tagger=load_tagger("rules"))


def in_parts(export, reading, folder, *, most, part_rows=110):
    tagger = load_tagger("rules")
    with tag_export(
        [str(export)], folder / ".work", tagger=SPEC, reading=dict(reading), workers=1,
        part_rows=part_rows,
    ) as tagged:  # fmt: skip
        wanted = Wanted().of(tagged.head)
        return analyze_parts(tagged, folder / "out", tagger=tagger, wanted=wanted, most=most)


def test_a_large_export_has_the_scores_and_drivers_of_all(export, reading, in_memory, tmp_path):
    done = in_parts(export, reading, tmp_path, most=60)
    score, wanted = done.score, in_memory.score
    assert (score.value, score.low, score.high, score.counts) == (
        wanted.value, wanted.low, wanted.high, wanted.counts,
    )  # fmt: skip
    assert score.details == pytest.approx(wanted.details)
    assert done.mentions == in_memory.mentions
    for name in ("scores.csv", "drivers.csv"):
        made, whole = (pd.read_csv(one.folder / name) for one in (done, in_memory))
        pd.testing.assert_frame_equal(made, whole, rtol=1e-9)
        counts = [name for name in whole if name == "n" or name.startswith("n_")]
        pd.testing.assert_frame_equal(made[counts], whole[counts])
    for name in ("comments.parquet", "mentions.parquet"):
        made, whole = (pd.read_parquet(one.folder / name) for one in (done, in_memory))
        pd.testing.assert_frame_equal(made, whole)
    run, before = (json.loads((o.folder / "run.json").read_text()) for o in (done, in_memory))
    sample = run.pop("sample")
    assert sample["comments"] == run["comments"]["read"] > 5 * sample["read"] > 100
    assert sample["value"] == in_memory.score.value
    assert run["comments"] == before["comments"]
    assert run["languages"] == before["languages"]
    told = (done.folder / "report.md").read_text("utf-8")
    assert f"reads {sample['read']} of {sample['comments']} comments" in told
    assert "drawn evenly" not in (in_memory.folder / "report.md").read_text("utf-8")


def test_an_export_that_fits_in_memory_is_analysed_as_a_whole(export, reading, in_memory, tmp_path):
    done = in_parts(export, reading, tmp_path, most=10_000)
    for path in in_memory.folder.rglob("*"):
        if path.suffix in (".html", ".csv", ".md", ".png"):
            assert (done.folder / path.relative_to(in_memory.folder)).read_bytes() == (
                path.read_bytes()
            ), path.name


@pytest.fixture(scope="module")
def tagged(export, reading, tmp_path_factory):
    work = tmp_path_factory.mktemp("tagged") / ".work"
    with tag_export(
        [str(export)], work, tagger=SPEC, reading=dict(reading), workers=1, part_rows=130
    ) as parts:
        yield parts


def test_whoever_is_in_several_parts_is_counted_once(export, reading, tagged, monkeypatch):
    comments = read_comments(export, **reading)
    definition = definition_of(comments, "nps")
    whole = rating_counts(comments, "nps", definition, splits=["Channel", "month"])
    for at_once in (10_000, 90):
        monkeypatch.setattr("feedback_nlp.engines.totals.AT_ONCE", at_once)
        made = count_all(
            tagged,
            find_people(tagged, "nps"),
            "nps",
            definition,
            splits=["Channel", "month"],
            not_drivers=["general"],
        )
        pd.testing.assert_frame_equal(made.ratings, whole)
        assert made.patterns["n"].sum() == comments["respondent_id"].nunique()


def read_of(tagged, most):
    return drawn(tagged, find_people(tagged, "nps"), most).tagging


def test_all_comments_of_a_respondent_are_drawn_or_none(tagged):
    some = read_of(tagged, 200)
    of_all = pd.concat(list(tagged.comments()))["respondent_id"].value_counts()
    of_some = some.comments["respondent_id"].value_counts()
    assert (of_some == of_all[of_some.index]).all()
    assert 120 < len(some.comments) < 280
    assert set(some.mentions["comment_id"]) <= set(some.comments["comment_id"])


def test_more_are_drawn_from_the_same_respondents(tagged):
    fewer, more = (set(read_of(tagged, n).comments["comment_id"]) for n in (100, 300))
    assert fewer < more
    assert len(read_of(tagged, 10**6).comments) == tagged.counts["comments"]


def test_there_are_ratings_among_those_drawn_however_few_there_are(
    export, reading, tmp_path, monkeypatch
):
    monkeypatch.setattr("feedback_nlp.engines.people._FEWEST", 2)
    table = pd.read_csv(export, dtype=str)
    scored = next(name for name in table if table[name].dropna().isin(map(str, range(11))).all())
    table[scored] = table[scored].where(table["Respondent"].isin(["r7", "r8", "r9"]))
    write_table(table, tmp_path / "few.csv")
    how = {"ratings": {"nps": scored}, **reading}
    with tag_export(
        [str(tmp_path / "few.csv")], tmp_path / ".work", tagger=SPEC, reading=how, workers=1,
        part_rows=130,
    ) as parts:  # fmt: skip
        some = read_of(parts, 3).comments
    assert some.loc[some["nps"].notna(), "respondent_id"].nunique() >= 2
    assert some["respondent_id"].nunique() < 10  # not all that lie between


def test_those_drawn_are_like_all(tagged):
    everybody = pd.concat(list(tagged.comments()))
    some = read_of(tagged, 250).comments
    share = len(some) / len(everybody)
    for _, own in everybody.groupby("Channel", observed=True):
        expected = share * len(own)
        found = some["comment_id"].isin(own["comment_id"]).sum()
        assert abs(found - expected) < 4 * np.sqrt(expected) + 1


def test_a_respondent_with_very_many_comments_is_cut_and_the_report_says_so(
    export, reading, in_memory, tmp_path
):
    table = pd.read_csv(export, dtype=str)
    table.loc[table.index % 4 > 0, "Respondent"] = "anonymous"
    write_table(table, tmp_path / "anonymous.csv")
    done = in_parts(tmp_path / "anonymous.csv", reading, tmp_path, most=320)
    wrote = pd.read_parquet(done.folder / "comments.parquet")["respondent_id"].value_counts()
    many = wrote["anonymous"]
    assert done.run["sample"]["read"] == wrote.sum() - many + 32  # a tenth of 320
    note = done.run["notes"][-1]
    assert note.startswith(f"1 respondent has more than 32 comments each, {many} in all: of one")
    for name in ("report.html", "report.md"):
        assert "reads the first 32." in (done.folder / name).read_text("utf-8")
    assert done.score.n + done.score.n_missing == len(wrote)
    assert not any("first" in note for note in in_memory.run["notes"])
