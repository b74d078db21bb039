"""Whether a run may be gone on with: the same model, the same export, read the same way."""

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import pytest

from feedback_nlp.engines.partition import tagger_spec
from feedback_nlp.errors import FileFormatError


def test_a_folder_that_is_called_like_a_model_of_ours_is_not_meant(tmp_path, monkeypatch):
    for name in ("rules", "compact"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path)
    spec = tagger_spec("rules")
    tagger_spec("compact")  # now it has to be loaded anew, as in a worker
    assert spec.load().name == "rules"
    assert spec.model == "rules"


def test_threads_of_a_worker_load_a_tagger_once():
    specs = [tagger_spec(name) for name in ("rules", "compact")] * 8
    with ThreadPoolExecutor(8) as threads:
        loaded = list(threads.map(lambda spec: spec.load(), specs))
    assert [tagger.name for tagger in loaded] == ["rules", "compact"] * 8


def test_what_is_put_into_the_folder_meanwhile_is_not_missed_if_it_is_no_export(
    tag_in_parts, stopped_at, export, tmp_path
):
    folder = tmp_path / "exports"
    folder.mkdir()
    for source in (folder, folder / "*.*"):
        shutil.copy(export, folder / "english.csv")
        stopped_at(60, source=source)
        (folder / "notes.pdf").write_text("mine")
        (folder / ".hidden.csv").write_text("mine")
        with tag_in_parts(source, resume=True) as tagged:
            assert tagged.counts["comments"] == 301
        (folder / "notes.pdf").unlink()
        (folder / ".hidden.csv").unlink()


def test_a_pipe_is_read_once_and_cannot_be_compared(tag_in_parts, stopped_at, export, tmp_path):
    pipe = tmp_path / "answers.csv"
    os.mkfifo(pipe)
    writer = Thread(target=lambda: pipe.write_bytes(export.read_bytes()))
    writer.start()
    work = stopped_at(60, source=pipe)
    writer.join()
    assert json.loads((work / "run.json").read_text())["sources"] == [
        {"name": "answers.csv", "size": None, "sha256": None}
    ]
    with tag_in_parts(pipe, resume=True) as tagged:
        assert tagged.counts["comments"] == 301


@pytest.mark.parametrize("is_first", [True, False])
def test_how_dates_are_written_is_told_apart_from_not_given(tag_in_parts, stopped_at, is_first):
    stopped_at(60, reading={"day_first": None, "set_aside": False})
    with pytest.raises(FileFormatError, match=f"--day-first was not given, and is {is_first}"):
        tag_in_parts(resume=True, reading={"day_first": is_first})
    with tag_in_parts(resume=True) as tagged:
        assert tagged.counts["comments"] == 301
