"""``tag`` as an analyst runs it on an export of more than one part."""

import signal
import subprocess
import sys
import time

import pandas as pd
import pytest
from command_line import done, refused, run

from feedback_nlp import load_tagger, read_comments, write_table
from feedback_nlp.engines import ENGINES, engine_of
from feedback_nlp.engines.local import work_beside

TEXTS = ("The staff were friendly", "Far too expensive", "-", "My parcel was late again")
ONE_PART = MORE = 20_000


@pytest.fixture(scope="module")
def long_export(tmp_path_factory):
    """A part of a few answers that repeat, and one that takes a while: all different."""
    texts = [TEXTS[n % 4] for n in range(ONE_PART)]
    texts += [f"{TEXTS[n % 2]}, order {n}" for n in range(MORE)]
    frame = pd.DataFrame({"id": [f"R{n}" for n in range(len(texts))], "nps": 7, "why": texts})
    frame["nps"] = [n % 11 for n in range(len(texts))]
    path = tmp_path_factory.mktemp("long") / "long.csv"
    frame.to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def wanted(long_export, tmp_path_factory):
    path = tmp_path_factory.mktemp("wanted") / "mentions.csv"
    write_table(load_tagger("rules").tag_frame(read_comments(long_export)).mentions, path)
    return path.read_bytes()


def tag(*arguments):
    return ["tag", *arguments, "--model", "rules", "--workers", "1"]


def test_a_long_export_is_tagged_in_parts_into_one_file(long_export, wanted, tmp_path):
    out = tmp_path / "mentions.csv"
    result = run(*tag(long_export, "-o", out))
    assert result.exit_code == 0, result.output
    assert out.read_bytes() == wanted
    assert "40000 rows read = 40000 used" in result.stderr
    assert "40000 comments: 35000 ok, 5000 uninformative; 35000 with a theme" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mentions.csv"]
    assert "is there already" in refused(*tag(long_export, "-o", out))
    assert "nothing to resume" in refused(*tag(long_export, "-o", tmp_path / "b.csv", "--resume"))


def test_a_long_export_on_standard_input_and_output(long_export, wanted):
    assert done(*tag("-", "-o", "-", "-q"), input=long_export.read_bytes()).encode() == wanted


def test_a_short_export_is_written_as_ever(tmp_path):
    path = tmp_path / "short.csv"
    rows = [f"R{n},{n % 11},{TEXTS[n % 4]}" for n in range(40)]
    path.write_text("\n".join(["id,nps,why", *rows]))
    for ending in ("csv", "xlsx", "parquet"):
        done(*tag(path, "-o", tmp_path / f"found.{ending}"))
        tagging = load_tagger("rules").tag_frame(read_comments(path))
        write_table(tagging.mentions, tmp_path / f"wanted.{ending}")
        made = (tmp_path / f"found.{ending}").read_bytes()
        assert made == (tmp_path / f"wanted.{ending}").read_bytes()
    assert len(list(tmp_path.iterdir())) == 7


def test_what_cannot_be_resumed(long_export):
    for output in ([], ["-o", "-"]):
        result = run(*tag(long_export, "--resume", *output))
        assert result.exit_code == 2
        assert "--resume goes with -o FILE" in result.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_and_gone_on_with(long_export, wanted, tmp_path, number, code):
    out = tmp_path / "mentions.csv"
    command = [sys.executable, "-m", "feedback_nlp", *map(str, tag(long_export, "-o", out))]
    started = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored in background
    )  # fmt: skip
    journal = work_beside(out) / "journal.jsonl"
    while not journal.exists() and started.poll() is None:
        time.sleep(0.01)
    started.send_signal(number)
    errors = started.communicate(timeout=60)[1]
    assert started.returncode == code, errors
    assert "Traceback" not in errors
    assert errors.splitlines()[-1] == (
        "Stopped. 20,000 of 40,000 comments are tagged; go on with the same command and --resume, "
        "or begin anew with --force."
    )
    assert "unfinished work" in refused(*tag(long_export, "-o", out))
    line = refused(*tag(long_export, "-o", out, "--resume", "--day-first"))
    assert "--day-first was not given, and is True" in line
    done(*tag(long_export, "-o", out, "--resume"))
    assert out.read_bytes() == wanted
    assert [path.name for path in tmp_path.iterdir()] == ["mentions.csv"]


def test_every_engine_that_is_offered_is_there():
    for name in ENGINES:
        assert callable(engine_of(name))
    assert run("tag", "x.csv", "--engine", "none").exit_code == 2


@pytest.mark.parametrize(("engine", "needs"), [("spark", "pyspark"), ("dask", "distributed")])
def test_what_an_engine_needs_is_said_before_anything_is_read(monkeypatch, tmp_path, engine, needs):
    monkeypatch.setitem(sys.modules, needs, None)
    line = refused("tag", tmp_path / "none.csv", "--engine", engine)
    assert f"needs {needs}: pip install 'feedback-nlp[{engine}]'" in line
