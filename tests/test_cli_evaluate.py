"""``feedback-nlp evaluate``, on the labelled comments that come with the repository."""

import json

import pandas as pd
import pytest
from click.testing import CliRunner

from feedback_nlp.cli import app

ROWS = [
    {"id": "en-00-901", "text": "Far too expensive", "language": "en", "question": "Why?", "rating": 3, "metric": "nps", "industry": "retail", "mentions": [{"theme": "price.level", "polarity": "negative", "start": 0, "end": 17}], "sentiment": "negative", "status": "ok", "notes": []},
    {"id": "en-00-902", "text": "n/a", "language": "en", "question": "Why?", "rating": 8, "metric": "nps", "industry": "retail", "mentions": [], "sentiment": None, "status": "uninformative", "notes": []},
]  # fmt: skip


@pytest.fixture
def gold(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    return str(path)


def run(*arguments):
    return CliRunner().invoke(app, ["evaluate", *arguments])


def test_it_prints_figures_and_the_dummy(gold):
    done = run(gold, "--draws", "10")
    assert done.exit_code == 0, done.output
    assert "theme F1" in done.output
    assert "Beside others" in done.output
    assert "dummy" in done.output


@pytest.mark.parametrize("ending", ["md", "json", "csv"])
def test_the_ending_says_what_is_written(gold, tmp_path, ending):
    out = tmp_path / f"figures.{ending}"
    assert run(gold, "--draws", "10", "-o", str(out)).exit_code == 0
    if ending == "md":
        assert out.read_text("utf-8").startswith("# compact")
        return
    table = (
        pd.read_csv(out)
        if ending == "csv"
        else pd.DataFrame(json.loads(out.read_text())["figures"])
    )
    row = table[
        (table["measure"] == "theme_f1") & (table["split"] == "all") & (table["level"] == "top")
    ]
    if ending == "json":
        assert row["value"].tolist() == [1.0]
    else:  # the dummy takes "n/a" for a complaint about the price, too: one of two is right
        assert row.set_index("tagger")["value"].round(3).to_dict() == {
            "compact": 1, "rules": 1, "dummy": 0.667,
        }  # fmt: skip
    assert run(gold, "--draws", "10", "-o", str(out)).exit_code == 1  # it is there already


def test_challenge_rows_are_passed_or_not(tmp_path):
    row = {"id": "en-degree-01", "phenomenon": "degree", "pair": None, "text": "Far too expensive", "language": "en", "question": "", "mentions": [{"theme": "price", "polarity": "negative"}], "absent": [], "status": "ok", "sentiment": None}  # fmt: skip
    path = tmp_path / "en.jsonl"
    path.write_text(json.dumps(row) + "\n", "utf-8")
    done = run(str(path), "--format", "challenge")
    assert done.exit_code == 0, done.output
    assert "Passed by phenomenon" in done.output
    out = tmp_path / "rows.csv"
    assert run(str(path), "--format", "challenge", "-o", str(out)).exit_code == 0
    assert pd.read_csv(out)["passed"].tolist() == [True]
    assert run(str(path), "--format", "challenge", "--split", "dev").exit_code == 2


def test_what_cannot_be_used_is_one_line(gold, tmp_path):
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"id": 1}\n', "utf-8")
    for arguments in ([str(broken)], [gold, "--split", "dev"], [str(tmp_path / "nowhere.jsonl")]):
        done = run(*arguments)
        assert done.exit_code == 1
        assert len(done.output.strip().splitlines()) == 1
        assert done.output.startswith("Error: ")
