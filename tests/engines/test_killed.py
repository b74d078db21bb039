"""Runs whose processes are killed, stopped, or without room on the disk."""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from feedback_nlp import read_comments, write_table
from feedback_nlp.engines.local import work_beside
from feedback_nlp.engines.partition import tagger_spec
from feedback_nlp.engines.pool import Job, WorkerError, tag_in_processes
from feedback_nlp.engines.stops import RunStopped

RUN = Path(__file__).with_name("long_run.py")


@pytest.fixture
def wanted(in_memory, tmp_path):
    path = tmp_path / "wanted.csv"
    write_table(in_memory.mentions, path)
    return path.read_bytes()


def begin(source, out, *room, workers=2, rows=40):
    """Start a run in a process group of its own."""
    command = [sys.executable, RUN, source, out, workers, rows, *room]
    return subprocess.Popen(
        [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip


def finish(source, out, **options):
    run = begin(source, out, **options)
    said, errors = run.communicate(timeout=120)
    assert run.returncode == 0, errors
    assert not work_beside(out).exists()
    return said


def lines_until(run, begins):
    """Read what a run says until a line begins so; return the fields of that line."""
    for line in run.stdout:
        if line.startswith(begins):
            return line.rstrip("\n").split("\t")
    raise AssertionError(run.stderr.read())


def end(run, number=signal.SIGKILL):
    os.killpg(run.pid, number)
    said = run.communicate(timeout=60)
    return said[1]


@pytest.mark.slow
def test_kills_at_random_moments_change_nothing(export, wanted, tmp_path):
    draw = random.Random(11)
    out = tmp_path / "mentions.csv"
    begun = time.monotonic()
    finish(export, tmp_path / "undisturbed.csv")
    lasts = time.monotonic() - begun
    for _ in range(3):
        run = begin(export, out)
        time.sleep(lasts * draw.uniform(0.4, 0.95))  # before that Python has not even started
        end(run)
    finish(export, out)
    assert out.read_bytes() == (tmp_path / "undisturbed.csv").read_bytes() == wanted
    assert {path.name for path in tmp_path.iterdir()} == {
        "mentions.csv", "undisturbed.csv", "wanted.csv",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("after", [80, 301, "written"])
def test_killed_while_it_tags_and_when_it_is_done(export, wanted, tmp_path, after):
    out = tmp_path / "mentions.csv"
    run = begin(export, out, workers=1)
    lines_until(run, after if after == "written" else f"finding themes\t{after}\t")
    end(run)
    said = finish(export, out, workers=1)
    assert out.read_bytes() == wanted
    before = [int(line.split("\t")[1]) for line in said.splitlines() if line.startswith("find")]
    assert before == [] if after == "written" else before[0] >= after - 40


@pytest.mark.slow
def test_workers_end_with_the_one_who_started_them(export, wanted, tmp_path):
    out = tmp_path / "mentions.csv"
    run = begin(export, out)
    fields = lines_until(run, "finding themes\t40")
    workers = [int(pid) for pid in fields[3:]]
    assert len(workers) == 2
    run.kill()
    run.communicate(timeout=60)
    deadline = time.monotonic() + 20
    while any(map(lives, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(lives, workers))
    finish(export, out)
    assert out.read_bytes() == wanted


def lives(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"  # nobody may be there to bury it


@pytest.mark.slow
def test_a_killed_worker_is_replaced(tag_in_parts, wanted, tmp_path):
    killed = []

    def kill_one(step, done, total):
        children = multiprocessing.active_children()
        if not killed and done and children:
            killed.append(children[0].pid)
            children[0].kill()

    with tag_in_parts(workers=2, part_rows=25, progress=kill_one) as tagged:
        assert len(killed) == 1
        tagged.write_mentions(tmp_path / "mentions.csv")
    assert (tmp_path / "mentions.csv").read_bytes() == wanted


@pytest.fixture
def killing():
    """Kills every worker, again and again."""

    @contextmanager
    def kill(seconds):
        over = Event()

        def kill_all():
            while not over.wait(seconds):
                for child in multiprocessing.active_children():
                    child.kill()

        killer = Thread(target=kill_all)
        killer.start()
        try:
            yield
        finally:
            over.set()
            killer.join()

    return kill


@pytest.mark.slow
def test_a_part_that_kills_every_worker_is_named(tag_in_parts, killing, export, tmp_path):
    with killing(0.02), pytest.raises(RunStopped) as stop:
        tag_in_parts(workers=2)
    ids = read_comments(export)["comment_id"]
    said = str(stop.value)
    assert "3 worker processes were killed" in said
    assert f"comments 1 to 60 ({ids[0]!r} to {ids[59]!r})" in said
    assert "resume" not in said  # no part was finished
    assert list(tmp_path.iterdir()) == []


def test_a_worker_killed_while_another_begins(killing, tmp_path):
    job = Job(tmp_path, tagger_spec("rules"), ())
    with killing(0.001):
        for _ in range(40):  # it was one time in five that the pool broke in such a moment
            with pytest.raises(WorkerError):
                list(tag_in_processes(job, range(6), workers=2))


def test_a_full_disk_is_said_and_the_run_goes_on_when_there_is_room(export, wanted, tmp_path):
    out = tmp_path / "mentions.csv"
    run = begin(export, out, len(wanted) // 2, workers=1)
    _, errors = run.communicate(timeout=120)
    assert run.returncode == 1
    assert errors.count("\n") == 1
    assert "File too large. 301 of 301 comments are tagged; go on with" in errors
    assert not out.exists()
    finish(export, out, workers=1)
    assert out.read_bytes() == wanted


def test_a_full_disk_from_the_start_leaves_nothing(export, tmp_path):
    run = begin(export, tmp_path / "mentions.csv", 1000, workers=1)
    _, errors = run.communicate(timeout=120)
    assert run.returncode == 1
    assert "File too large" in errors
    assert list(tmp_path.iterdir()) == []
