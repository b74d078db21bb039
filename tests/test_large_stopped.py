"""A large analysis that is stopped or killed, wherever that happens, is gone on with."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from command_line import refused, run

from feedback_nlp import load_tagger, make_sample, write_table
from feedback_nlp.analysis import Wanted
from feedback_nlp.engines.local import tag_export, work_beside
from feedback_nlp.engines.partition import tagger_spec
from feedback_nlp.large import analyze_parts

pytestmark = pytest.mark.usefixtures("small_pictures")


class Stop(BaseException):
    """What ends a run, as Ctrl-C does: the work folder stays."""


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    path = tmp_path_factory.mktemp("exports") / "answers.csv"
    write_table(make_sample(150, seed=2), path)
    return path


def analysed(export, out, *, work=None, stop=False, **options):
    with tag_export(
        [str(export)], work or work_beside(out), tagger=tagger_spec("rules"), reading={}, workers=1,
        part_rows=60,
    ) as tagged:  # fmt: skip
        wanted = Wanted().of(tagged.head)
        analyze_parts(tagged, out, tagger=load_tagger("rules"), wanted=wanted, **options)
        if stop:
            raise Stop


def test_a_run_killed_when_its_folder_was_there_is_finished(export, tmp_path):
    out = tmp_path / "results"
    with pytest.raises(Stop):
        analysed(export, out, stop=True, most=100)
    report = (out / "report.html").read_bytes()
    assert "is not empty" in refused("analyze", export, "--out", out)
    gone_on = run("analyze", export, "--out", out, "--resume")
    assert gone_on.exit_code == 0, gone_on.output
    assert gone_on.stderr == f"{out} was finished already.\n"
    assert (out / "report.html").read_bytes() == report
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_a_folder_that_was_written_since_is_not_taken_for_finished(export, tmp_path):
    out = tmp_path / "results"
    with pytest.raises(Stop):
        analysed(export, out, stop=True)
    (out / "run.json").write_text("{}")
    assert "is not empty" in refused("analyze", export, "--out", out, "--resume")
    assert work_beside(out).exists()


@pytest.fixture
def other_disk(tmp_path):
    """A folder on another disk than the work folder, where the machine has one."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else tmp_path) as folder:
        yield Path(folder)


def test_into_a_folder_that_is_there_and_a_disk_of_its_own(export, tmp_path, other_disk):
    (other_disk / ".feedback-nlp-0a1b2c3d").mkdir()  # of a run that was killed
    analysed(export, other_disk, work=tmp_path / ".work", most=100)
    assert (other_disk / "report.html").exists()
    assert not (tmp_path / ".work").exists()


def test_into_the_folder_it_is_started_in(export, tmp_path, monkeypatch):
    out = tmp_path / "results"
    out.mkdir()
    monkeypatch.chdir(out)
    analysed(export, ".", most=100)
    assert (out / "report.html").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["results"]
