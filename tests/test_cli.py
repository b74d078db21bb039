"""The command line, as an analyst meets it."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest
from click.testing import CliRunner

from feedback_nlp import make_sample, write_table
from feedback_nlp.cli import app
from feedback_nlp.results import WRITES


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    path = tmp_path_factory.mktemp("cli") / "sample.csv"
    write_table(make_sample(150, seed=3), path)
    return str(path)


@pytest.fixture(scope="module")
def analysed(sample, small_pictures, tmp_path_factory):
    out = tmp_path_factory.mktemp("analysed") / "results"
    result = run("analyze", sample, "--out", str(out))
    assert result.exit_code == 0, result.output
    return out, result


@pytest.fixture(scope="module")
def british(tmp_path_factory):
    """Answers in one language: a process of its own has less to load."""
    sample, path = make_sample(600, seed=3), tmp_path_factory.mktemp("cli") / "british.csv"
    write_table(sample[sample["Country"] == "United Kingdom"], path)
    return str(path)


def run(*arguments, **options):
    return CliRunner().invoke(app, arguments, **options)


def refused(*arguments, **options):
    """Run, and return the one line that says why it was refused."""
    result = run(*arguments, **options)
    lines = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert (result.exit_code, len(lines)) == (1, 1), result.output
    assert "Traceback" not in result.output
    return lines[0]


def test_analyze_writes_everything_and_says_where(analysed):
    out, result = analysed
    written = {str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()}
    charts = {name for name in written if name.startswith("charts/")}
    assert written - charts == set(WRITES)
    assert charts == set(json.loads((out / "run.json").read_text())["charts"])
    assert "report.html" in result.stdout
    assert "NPS is" in result.stdout
    assert "How columns were read" in result.stderr


def test_the_record_of_a_run_adds_up(analysed):
    out, _ = analysed
    record = json.loads((out / "run.json").read_text("utf-8"))
    rows, comments = record["rows"], record["comments"]
    assert rows["read"] == 150 == rows["used"] + sum(rows["set_aside"].values())
    assert comments["read"] == sum(n for name, n in comments.items() if name != "read")
    assert len(record["files"][0]["sha256"]) == 64
    assert record["scales"]["nps"]["high"] == 10
    assert record["model"]["name"] == "compact"
    assert record["seed"] == 0


def test_tables_belong_together_and_scores_agree(analysed):
    out, _ = analysed
    comments = pd.read_parquet(out / "comments.parquet")
    mentions = pd.read_parquet(out / "mentions.parquet")
    scores = pd.read_csv(out / "scores.csv")
    assert set(mentions["comment_id"]) <= set(comments["comment_id"])
    answered = comments["nps"].dropna()
    by_hand = 100 * ((answered >= 9).mean() - (answered <= 6).mean())
    overall = scores[scores["split"] == "all"].iloc[0]
    assert overall["value"] == pytest.approx(by_hand)
    assert {"Channel", "Country", "month"} <= set(scores["split"])


def test_points_lost_in_the_file_add_up_to_the_whole_distance(analysed):
    out, _ = analysed
    drivers = pd.read_csv(out / "drivers.csv")
    score = pd.read_csv(out / "scores.csv")["value"][0]
    assert drivers["points_lost"].sum() == pytest.approx(100 - score, abs=1e-9)
    assert {"no_negative_theme", "no_comment"} <= set(drivers["theme"])
    assert (drivers["n"].dropna() % 1 == 0).all()


@pytest.fixture(scope="module")
def forced(sample, small_pictures, tmp_path_factory):
    """The same analysis once more, quietly, into a folder that holds something."""
    out = tmp_path_factory.mktemp("forced") / "mine"
    out.mkdir()
    (out / "notes.txt").write_text("keep me")
    assert "--force" in refused("analyze", sample, "--out", str(out))
    assert [path.name for path in out.iterdir()] == ["notes.txt"]
    return out, run("analyze", sample, "--out", str(out), "--force", "-q")


def test_a_folder_in_use_is_left_alone_unless_forced(forced):
    out, result = forced
    assert (result.exit_code, result.stderr) == (0, "")
    assert (out / "notes.txt").read_text() == "keep me"


def test_the_same_again_is_the_same_bytes(analysed, forced):
    first, again = analysed[0], forced[0]
    written = {path.relative_to(first) for path in first.rglob("*") if path.is_file()}
    assert {str(name) for name in written} >= {"run.json", "detractors.md", "report.html"}
    for name in written:
        assert (again / name).read_bytes() == (first / name).read_bytes(), name


def test_force_does_not_overwrite_what_no_analysis_wrote(sample, tmp_path):
    out = tmp_path / "mine"
    out.mkdir()
    (out / "scores.csv").write_text("my own")
    assert "not of an earlier analysis" in refused("analyze", sample, "--out", str(out), "--force")
    assert (out / "scores.csv").read_text() == "my own"


def test_out_that_is_a_file(sample, tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("x")
    assert "is a file" in refused("analyze", sample, "--out", str(taken))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "empty"),
        ("header.csv", b"id,score,comment\n", "header"),
        ("zip.csv", b"PK\x03\x04" + b"\x00" * 50, "zip"),
        ("broken.xlsx", b"PK\x03\x04 not really", "xlsx"),
        ("no_text.csv", b"id,nps\n1,9\n2,3\n", "--text"),
        ("off.csv", b"id,nps,comment\n1,9,Heel fijn geholpen\n2,12,Duurde erg lang\n", "12"),
        ("letters.csv", b"id,nps,comment\n1,9,Good help today\n2,often,Took far too long\n", "often"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_used(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    assert says in refused("analyze", str(path), "--out", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_missing_file_and_folder(tmp_path):
    assert "nowhere.csv" in refused("score", str(tmp_path / "nowhere.csv"))
    assert refused("score", str(tmp_path))


def test_wrong_usage_is_exit_code_two(sample):
    assert run("analyze", sample).exit_code == 2
    assert run("score", sample, "--rating", "nps").exit_code == 2
    assert run("nonsense").exit_code == 2


def test_a_missing_column_names_the_closest(sample):
    line = refused("score", sample, "--by", "Chanel")
    assert "'Chanel'" in line
    assert "'Channel'" in line


def test_score_to_stdout_is_a_table_others_can_read(sample):
    result = run("score", sample, "--by", "Channel", "-q")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].startswith("Channel,metric,method,value,low,high,n")
    assert result.stderr == ""


def test_tag_reads_stdin_and_writes_stdout(sample):
    with open(sample, encoding="utf-8") as file:
        piped = run("tag", "-", "-o", "-", input=file.read())
    direct = run("tag", sample, "-o", "-")
    assert piped.exit_code == 0, piped.output
    assert piped.stdout.count("\n") == direct.stdout.count("\n") > 50


def test_results_go_where_the_ending_says(sample, tmp_path):
    for name in ("drivers.json", "drivers.xlsx", "drivers.md", "drivers.parquet"):
        assert run("drivers", sample, "-o", str(tmp_path / name), "-q").exit_code == 0
        assert (tmp_path / name).stat().st_size > 100
    assert "already" in refused("drivers", sample, "-o", str(tmp_path / "drivers.md"))


def test_clouds(sample, tmp_path):
    for name, start in (("a.png", b"\x89PNG"), ("a.svg", b"<")):
        result = run("cloud", sample, "-o", str(tmp_path / name), "--group", "promoters", "-q")
        assert result.exit_code == 0, result.output
        assert (tmp_path / name).read_bytes().startswith(start)


def test_taxonomy_check(tmp_path):
    assert "all right" in run("taxonomy", "check").stdout
    (tmp_path / "bad.toml").write_text("[[theme]]\nid = 3\n")
    assert "bad.toml, theme 1" in refused("taxonomy", "check", str(tmp_path / "bad.toml"))


def test_taxonomy_check_tells_what_has_no_phrases(sample, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        '[[theme]]\nid = "tours"\ndefinition = "Guided tours"\n'
        '[[theme]]\nid = "shop"\nnames = { en = "Museum shop" }\n'
    )
    said = run("taxonomy", "check", str(own)).stdout
    assert "own: 2 themes, no phrases: all right" in said
    assert "Without phrases: tours, shop." in said
    assert "With a name alone: shop." in said
    assert "Without phrases" not in run("taxonomy", "check").stdout
    wrong = refused("tag", "--taxonomy", str(own), "--model", "rules", sample)
    assert "no phrases" in wrong


def test_own_taxonomy_from_file_to_report_in_the_place_of_an_earlier_one(sample, forced, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        '[[theme]]\nid = "parcels"\n[theme.phrases]\nen = ["deliver*", "parcel*"]\nnl = ["lever*"]\n'
    )
    out = tmp_path / "mine"
    shutil.copytree(forced[0], out)
    run_again = ("analyze", sample, "--out", str(out), "--taxonomy", str(own), "--force", "-q")
    assert run(*run_again).exit_code == 0
    assert set(pd.read_parquet(out / "mentions.parquet")["theme"].unique()) == {"parcels"}
    assert (out / "notes.txt").read_text() == "keep me"
    left = {f"charts/{path.name}" for path in (out / "charts").iterdir()}
    assert left == set(json.loads((out / "run.json").read_text())["charts"])


def test_hostile_names_do_not_reach_the_terminal(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("id,\x1b[2Jnps,comment\n1,9,Good help today\n")
    assert "\x1b" not in run("score", str(path), "--text", "nope").output


def _start(export, out, **options):
    code = "from feedback_nlp.cli import main; main()"
    command = [sys.executable, "-c", code, "analyze", export, "--out", str(out)]
    command += ["--model", "rules"]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


@pytest.mark.slow
def test_a_full_disk_leaves_nothing_behind(british, tmp_path):
    def small():
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))

    started = _start(british, tmp_path / "out", preexec_fn=small)
    _, errors = started.communicate(timeout=120)
    assert started.returncode == 1
    assert "Traceback" not in errors
    assert errors.splitlines()[-1].startswith("Error: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_ctrl_c_leaves_nothing_behind(british, tmp_path):
    for attempt in range(3):  # on a busy machine a run can be over before the signal comes
        folder = tmp_path / str(attempt)
        folder.mkdir()
        started = _start(
            british,
            folder / "out",
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # may be ignored
        )
        while started.poll() is None and not list(folder.iterdir()):
            time.sleep(0.05)
        started.send_signal(signal.SIGINT)
        _, errors = started.communicate(timeout=120)
        if started.returncode != 0:
            break
    assert started.returncode == 130, errors
    assert errors.splitlines()[-1] == "Stopped."
    assert list(folder.iterdir()) == []
