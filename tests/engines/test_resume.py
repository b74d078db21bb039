"""A run that stopped goes on where it stopped, or says why not; nothing twice, nothing lost."""

import json
import random
import shutil
import subprocess
import sys

import pytest
from stopping import Stop

from feedback_nlp import write_table
from feedback_nlp.engines.folder import JOURNAL, WorkFolder
from feedback_nlp.engines.local import was_finished, work_beside
from feedback_nlp.engines.partition import tagger_spec
from feedback_nlp.engines.stops import RunStopped
from feedback_nlp.errors import FileFormatError


def bytes_of(tagged, tmp_path):
    out = tmp_path / "result.csv"
    tagged.write_mentions(out)
    found = out.read_bytes()
    out.unlink()
    return found


@pytest.fixture
def wanted(in_memory, tmp_path):
    path = tmp_path / "wanted.csv"
    write_table(in_memory.mentions, path)
    return path.read_bytes()


def test_it_goes_on_where_it_stopped(tag_in_parts, stopped_at, stop_at, wanted, tmp_path):
    work = stopped_at(120)
    assert len((work / JOURNAL).read_text().splitlines()) == 2
    with pytest.raises(Stop):
        tag_in_parts(resume=True, progress=stop_at(240))
    told = []
    with tag_in_parts(resume=True, progress=lambda *at: told.append(at)) as tagged:
        assert told[0] == ("finding themes", 240, 301)
        assert tagged.counts["comments"] == 301
        assert bytes_of(tagged, tmp_path) == wanted
    assert not work.exists()


def test_where_no_part_was_finished_nothing_is_left(tag_in_parts, stop_at, tmp_path):
    with pytest.raises(Stop) as stop:
        tag_in_parts(progress=stop_at(0))
    assert not hasattr(stop.value, "__notes__")
    assert list(tmp_path.iterdir()) == []


def test_an_error_after_tagging_keeps_the_work(tag_in_parts, wanted, tmp_path):
    with (
        pytest.raises(RunStopped, match=r"^No space.* 301 of 301 comments are tagged; go on with"),
        tag_in_parts(),
    ):
        raise OSError(28, "No space left on device")
    with tag_in_parts(resume=True) as tagged:
        assert bytes_of(tagged, tmp_path) == wanted


def test_unfinished_work_is_not_thrown_away_unasked(tag_in_parts, stopped_at, wanted, tmp_path):
    work = stopped_at(60)
    with pytest.raises(FileFormatError, match=r"unfinished work.*--resume.*--force"):
        tag_in_parts()
    assert (work / JOURNAL).exists()
    told = []
    with tag_in_parts(force=True, progress=lambda *at: told.append(at)) as tagged:
        assert ("finding themes", 0, 301) in told
        assert bytes_of(tagged, tmp_path) == wanted


def test_nothing_to_resume(tag_in_parts, tmp_path):
    with pytest.raises(FileFormatError, match="nothing to resume"):
        tag_in_parts(resume=True)
    assert list(tmp_path.iterdir()) == []


def test_reading_that_was_not_finished_is_done_anew(tag_in_parts, stopped_at, wanted, tmp_path):
    for resume in (True, False):
        work = stopped_at(60)
        (work / "run.json").unlink()
        with tag_in_parts(resume=resume) as tagged:
            assert bytes_of(tagged, tmp_path) == wanted


def changed_taxonomy(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text('[[theme]]\nid = "parcels"\n[theme.phrases]\nen = ["deliver*"]\n')
    return tagger_spec("rules", taxonomy=path)


CHANGES = {
    "the taxonomy has changed": lambda tmp_path: {"tagger": changed_taxonomy(tmp_path)},
    "the model 'compact', not": lambda tmp_path: None,
    "--day-first was not given, and is True": lambda tmp_path: {"reading": {"day_first": True}},
    "--rating was not given, and is": lambda tmp_path: {"reading": {"ratings": {"nps": "x"}}},
    "parts have 60 rows, not 61": lambda tmp_path: {"part_rows": 61},
}


@pytest.mark.parametrize("says", CHANGES)
def test_another_run_is_not_gone_on_with(tag_in_parts, stopped_at, tmp_path, says, wanted):
    work = stopped_at(60)
    change = CHANGES[says](tmp_path)
    if change is None:
        change = {}
        edit(work, lambda run: run["asked"]["model"].update(name="compact"))
        says = "with the model 'compact', not 'rules'"
    with pytest.raises(FileFormatError, match="Cannot go on") as refused:
        tag_in_parts(resume=True, **change)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert (work / JOURNAL).exists()


def edit(work, change):
    run = json.loads((work / "run.json").read_text())
    change(run)
    (work / "run.json").write_text(json.dumps(run))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda run: run["asked"].update(version="0.0.1"), "begun by version 0.0.1"),
        (lambda run: run["asked"]["model"].update(weights_sha256="0"), "'rules' has changed"),
        (lambda run: run.update(format=0), "of another version"),
        (lambda run: run.pop("parts"), "of another version"),
    ],
)
def test_work_of_another_version_is_not_gone_on_with(tag_in_parts, stopped_at, change, says):
    edit(stopped_at(60), change)
    with pytest.raises(FileFormatError, match=says):
        tag_in_parts(resume=True)


def test_a_damaged_record_is_said_and_can_be_begun_anew(tag_in_parts, stopped_at, wanted, tmp_path):
    (stopped_at(60) / "run.json").write_text('{"format": 1, "asked"')
    for resume in (True, False):
        with pytest.raises(FileFormatError, match=r"damaged.*--force"):
            tag_in_parts(resume=resume)
    with tag_in_parts(force=True) as tagged:
        assert bytes_of(tagged, tmp_path) == wanted


def test_an_export_that_changed_or_is_gone(tag_in_parts, stopped_at, export, wanted, tmp_path):
    source = tmp_path / "english.csv"
    shutil.copy(export, source)
    stopped_at(60, source=source)
    source.write_bytes(export.read_bytes() + b"\n")
    with pytest.raises(FileFormatError, match=r"english\.csv has changed"):
        tag_in_parts(source, resume=True)
    with pytest.raises(FileFormatError, match=r"it reads english\.csv, not other\.csv"):
        tag_in_parts(tmp_path / "other.csv", resume=True)
    source.unlink()  # it was read to the end
    with tag_in_parts(source, resume=True) as tagged:
        assert bytes_of(tagged, tmp_path) == wanted


def test_a_journal_cut_anywhere_costs_no_more_than_its_parts(
    tag_in_parts, stopped_at, wanted, tmp_path
):
    work = stopped_at(120)
    kept = tmp_path / "kept"
    shutil.copytree(work, kept)
    journal = (kept / JOURNAL).read_bytes()
    ends = [n + 1 for n, sign in enumerate(journal) if sign == 10]
    draw = random.Random(7)
    cuts = {0, 1, len(journal) - 1, *ends, *(draw.randrange(len(journal)) for _ in range(3))}
    for cut in sorted(cuts):
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(kept, work)
        (work / JOURNAL).write_bytes(journal[:cut])
        told = []
        with tag_in_parts(resume=True, progress=lambda *at, told=told: told.append(at)) as tagged:
            assert told[0][1] == 60 * sum(end <= cut for end in ends)
            assert bytes_of(tagged, tmp_path) == wanted


@pytest.mark.parametrize("damage", ["cut", "changed", "gone", "torn", "noise"])
def test_a_part_that_is_not_what_the_journal_says_is_done_again(
    tag_in_parts, stopped_at, wanted, tmp_path, damage
):
    work = stopped_at(240)
    part = work / "mentions-00002.parquet"
    data = part.read_bytes()
    if damage == "gone":
        part.unlink()
    elif damage == "torn":
        (work / f"{part.name}.123.tmp").write_bytes(data[:100])
        (work / ".output.tmp.k4x").write_bytes(data[:100])
    elif damage == "noise":
        with (work / JOURNAL).open("ab") as journal:
            journal.write(b'\x00\xff{"part": 4, "counts"\n[1]\n')
    else:
        middle = len(data) // 2
        cut = data[:middle]
        part.write_bytes(cut if damage == "cut" else cut + b"X" + data[middle + 1 :])
    told = []
    with tag_in_parts(resume=True, progress=lambda *at: told.append(at)) as tagged:
        assert told[0][1] == (240 if damage in ("torn", "noise") else 180)
        assert bytes_of(tagged, tmp_path) == wanted
    assert not work.exists()


def test_a_damaged_part_of_the_export_is_read_again(tag_in_parts, stopped_at, wanted, tmp_path):
    work = stopped_at(240)
    (work / "comments-00004.parquet").write_bytes(b"PAR1")
    with tag_in_parts(resume=True) as tagged:
        assert bytes_of(tagged, tmp_path) == wanted


def written_and_stopped(tag_in_parts, out):
    with tag_in_parts() as tagged:
        tagged.write_mentions(out)
        raise Stop


def test_a_run_that_ended_between_writing_and_tidying_up_is_finished(
    tag_in_parts, wanted, tmp_path
):
    out = tmp_path / "mentions.csv"
    with pytest.raises(Stop):
        written_and_stopped(tag_in_parts, out)
    other = tmp_path / "other.csv"
    assert not was_finished(other)
    assert work_beside(out).exists()
    assert was_finished(out)
    assert not work_beside(out).exists()
    assert out.read_bytes() == wanted
    assert not was_finished(out)


def test_a_result_that_was_changed_since_is_not_taken_for_finished(tag_in_parts, tmp_path):
    out = tmp_path / "mentions.csv"
    with pytest.raises(Stop):
        written_and_stopped(tag_in_parts, out)
    out.write_text("mine")
    assert not was_finished(out)
    assert work_beside(out).exists()


def test_two_runs_at_once(tag_in_parts, tmp_path):
    with tag_in_parts() as tagged:
        for resume in (False, True):
            with pytest.raises(FileFormatError, match=r"Another run .process [0-9]+. is writing"):
                tag_in_parts(resume=resume)
        assert sum(len(part) for part in tagged.comments()) == 301


def test_a_lock_goes_with_its_owner(tmp_path):
    work = tmp_path / ".x.work"
    code = (
        "import sys, time; from pathlib import Path\n"
        "from feedback_nlp.engines.folder import WorkFolder\n"
        "folder = WorkFolder(Path(sys.argv[1])); print('locked', flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", code, str(work)], stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout.readline() == "locked\n"
    with pytest.raises(FileFormatError, match=f"process {owner.pid}"):
        WorkFolder(work)
    owner.kill()
    owner.wait()
    owner.stdout.close()
    folder = WorkFolder(work)
    folder.remove()
    assert not work.exists()


def test_a_taxonomy_travels_with_its_tagger(tmp_path):
    spec = changed_taxonomy(tmp_path)
    (tmp_path / "own.toml").unlink()
    tagger_spec("rules")  # another one is loaded in between
    assert spec.load().taxonomy.ids == ("parcels",)
