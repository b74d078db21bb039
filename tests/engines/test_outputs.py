"""Outputs of long runs: where they are made, who may read them, and what does not fit them."""

import os
import sys
from pathlib import Path

import pytest
from stopping import Stop

from feedback_nlp.engines.folder import DONE, WorkFolder
from feedback_nlp.engines.local import tag_export, was_finished, work_beside
from feedback_nlp.engines.partition import tagger_spec
from feedback_nlp.engines.stops import RunStopped
from feedback_nlp.errors import FileFormatError, MissingDependencyError


@pytest.fixture
def small_sheets(monkeypatch):
    monkeypatch.setattr("feedback_nlp.engines.output.XLSX_ROWS", 101)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("umask", [0o022, 0o027, 0o077])
def test_who_may_read_a_result_is_for_the_user_to_say(tag_in_parts, tmp_path, umask, ending):
    out = tmp_path / f"mentions.{ending}"
    before = os.umask(umask)
    try:
        with tag_in_parts() as tagged:
            tagged.write_mentions(out)
    finally:
        os.umask(before)
    assert out.stat().st_mode & 0o777 == 0o666 & ~umask


def test_a_run_that_finds_more_than_a_sheet_takes_stops_at_once(
    tag_in_parts, in_memory, small_sheets, tmp_path
):
    assert len(in_memory.mentions) > 200
    work = work_beside(tmp_path / "mentions.xlsx")
    with pytest.raises(RunStopped, match=r"takes 100 rows, and there are 1\d\d already") as stop:
        tag_in_parts(work=work, mentions=tmp_path / "mentions.xlsx")
    said = str(stop.value)
    done = int(said.partition(" of 301 comments")[0].rpartition(" ")[2])
    assert 60 <= done <= 240
    other = work_beside(tmp_path / "mentions.csv")
    assert f"rename {work} to {other.name}, and go on into the csv with --resume." in said
    with pytest.raises(RunStopped, match="a workbook takes 100 rows"):
        tag_in_parts(work=work, mentions=tmp_path / "mentions.xlsx", resume=True)
    work.rename(other)
    told = []
    with tag_in_parts(
        mentions=tmp_path / "mentions.csv", resume=True, progress=lambda *at: told.append(at)
    ) as tagged:
        assert told[0] == ("finding themes", done, 301)
        assert tagged.counts["mentions"] == len(in_memory.mentions)


def test_more_comments_than_a_sheet_takes_are_refused_before_they_are_put_together(
    tag_in_parts, small_sheets, tmp_path
):
    with (
        pytest.raises(RunStopped, match="takes 100 rows, and there are 301"),
        tag_in_parts() as tagged,
    ):
        tagged.write_comments(tmp_path / "comments.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == [".mentions.csv.work"]


def test_the_name_of_a_work_folder_is_that_of_its_output_wherever_it_is(tmp_path, monkeypatch):
    (tmp_path / "results").mkdir()
    monkeypatch.chdir(tmp_path / "results")
    assert work_beside(".") == tmp_path / ".results.work"
    assert work_beside("../results") == tmp_path / ".results.work"
    assert work_beside("a.csv") == tmp_path / "results" / ".a.csv.work"


def test_workers_elsewhere_are_told_where_the_parts_are(tag_in_parts, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = []

    def elsewhere(job, parts, workers):
        told.append(job.folder)
        raise Stop
        yield

    with pytest.raises(Stop):
        tag_in_parts(work=Path("work"), elsewhere=elsewhere)
    assert told == [tmp_path / "work"]


def test_a_folder_is_let_go_of_where_what_was_read_cannot_be_used(tag_in_parts, stop_at, tmp_path):
    with pytest.raises(Stop):
        tag_in_parts(progress=stop_at(120))

    def refuse(head):
        raise FileFormatError("No such segment.")

    with pytest.raises(RunStopped, match=r"No such segment\. 120 of 301 comments are tagged"):
        tag_in_parts(resume=True, look=refuse)
    with tag_in_parts(resume=True) as tagged:  # nobody holds it
        assert tagged.counts["comments"] == 301


def test_without_a_work_folder_there_is_nothing_to_resume(export):
    with pytest.raises(FileFormatError, match=r"no unfinished work\. Leave --resume out"):
        tag_export([str(export)], None, tagger=tagger_spec("rules"), reading={}, resume=True)


def test_without_locks_it_is_said_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with pytest.raises(MissingDependencyError, match="Use Linux"):
        WorkFolder(tmp_path / ".work")


@pytest.mark.parametrize("name", ["run.json", DONE])
def test_a_record_that_is_no_record_is_said(tag_in_parts, stop_at, tmp_path, name):
    out = tmp_path / "mentions.csv"
    with pytest.raises(Stop):
        tag_in_parts(progress=stop_at(60))
    (work_beside(out) / name).write_text("[1]")
    with pytest.raises(FileFormatError, match=r"damaged.*--force"):
        tag_in_parts(resume=True) if name == "run.json" else was_finished(out)
