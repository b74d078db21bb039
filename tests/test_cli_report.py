"""``report``: another report from the tables of an analysis, without tagging anew."""

import json
import shutil

import pandas as pd
import pytest
from command_line import done, refused, run

from feedback_nlp.records import REPORT_LANGUAGES

pytestmark = pytest.mark.usefixtures("small_pictures")

REVIEWS = [
    ("Het pakket kwam veel te laat aan", 2, "north"), ("The parcel arrived two weeks late", 3, "south"),
    ("Lovely staff thank you", 10, "north"), ("Alles prima vriendelijk personeel", 9, "south"),
    ("I went there once with my sister", 8, "north"),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What ``analyze`` wrote of a small survey."""
    place = tmp_path_factory.mktemp("analysis")
    lines = [
        f"{i},{REVIEWS[i % 5][0]},{REVIEWS[i % 5][1]},{1 + i % 5},{REVIEWS[i % 5][2]}"
        for i in range(120)
    ]
    (place / "shop.csv").write_text("\n".join(["id,comment,nps,csat,shop", *lines]))
    done("analyze", place / "shop.csv", "--out", place / "out", "--quiet")
    return place / "out"


@pytest.fixture
def copy(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.mark.parametrize(
    ("language", "title"),
    [*zip(REPORT_LANGUAGES,
        ("What lies behind", "Wat er achter", "Det som ligger bak", "Kas slēpjas aiz"), strict=True)],
)  # fmt: skip
def test_the_report_is_written_in_the_language_that_is_asked_for(folder, tmp_path, language, title):
    out = tmp_path / "board.md"
    said = done("report", folder, "-o", out, "--report-language", language)
    assert out.read_text("utf-8").startswith(f"# {title}")
    assert said == ""


def test_several_files_and_pictures_at_once(folder, tmp_path):
    names = [tmp_path / f"board.{ending}" for ending in ("html", "md", "json", "xlsx")]
    options = [item for name in names for item in ("-o", name)]
    result = run(
        "report", folder, *options, "--charts", tmp_path / "slides", "--title", "The <board>"
    )
    assert result.exit_code == 0, result.output
    for name in (*names, tmp_path / "slides"):
        assert name.exists()
        assert f"{name} is written." in result.stderr
    assert json.loads(names[2].read_text("utf-8"))["title"] == "The <board>"
    assert "The &lt;board&gt;" in names[0].read_text("utf-8")
    pictures = sorted(path.name for path in (tmp_path / "slides").iterdir())
    assert pictures[0] == "01-points-lost.png"
    assert {path.name for path in tmp_path.iterdir()} == {*(n.name for n in names), "slides"}


def test_it_is_the_report_that_analyze_wrote_with_its_run(folder, tmp_path):
    done("report", folder, "-o", tmp_path / "again.md", "--quiet")
    assert (tmp_path / "again.md").read_text() == (folder / "report.md").read_text()
    assert "shop.csv (csv" in (tmp_path / "again.md").read_text().replace("\\", "")


def test_another_rating_other_segments_and_limits(folder, tmp_path):
    out = tmp_path / "csat.json"
    done("report", folder, "-o", out, "--rating", "csat", "--by", "shop", "--min-n", 5,
         "--max-comments", 0, "--seed", 3, "--quiet")  # fmt: skip
    written = json.loads(out.read_text("utf-8"))
    assert written["rating"] == "csat"
    assert written["score"]["n"] == 120
    assert "explore" not in {section["id"] for section in written["sections"]}


def test_nothing_to_write_is_said(folder):
    assert "Name what to write" in refused("report", folder, code=2)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("-o", "board.pdf"), "No report can be written to 'board.pdf'"),
        (("-o", "board"), "to 'board': end the name"),
        (("-o", "none/board.html"), "there is no folder none"),
        (("-o", ""), "-o got no name"),
        (("-o", "b.md", "--rating", "nsp"), "No rating 'nsp' in this analysis; it has: "),
        (("-o", "b.md", "--rating", "shop"), "are not a number"),
        (("-o", "b.md", "--by", "shopp"), "shopp"),
        (("-o", "b.md", "--targets", "none.toml"), "none.toml"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(folder, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    assert says in refused("report", folder, *arguments, "--quiet")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [("--report-language", "fr"), ("--max-comments", "-1"), ("--min-n", "0"), ("--seed", "-1")],
)
def test_options_out_of_range_are_refused(folder, tmp_path, arguments):
    refused("report", folder, "-o", tmp_path / "b.md", *arguments, code=2)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_stays_unless_forced(folder, tmp_path):
    (tmp_path / "b.md").write_text("mine")
    assert "is there already" in refused("report", folder, "-o", tmp_path / "b.md")
    assert (tmp_path / "b.md").read_text() == "mine"
    done("report", folder, "-o", tmp_path / "b.md", "--force", "--quiet")
    assert (tmp_path / "b.md").read_text().startswith("# What lies")


def test_pictures_take_a_new_folder(folder, tmp_path):
    (tmp_path / "slides").mkdir()
    for force in ((), ("--force",)):
        said = refused("report", folder, "--charts", tmp_path / "slides", *force)
        assert "slides is there already; --charts takes a folder to be made." in said
    assert list((tmp_path / "slides").iterdir()) == []


@pytest.mark.parametrize("name", ["comments.parquet", "mentions.parquet", "run.json"])
def test_a_folder_that_lacks_a_file_is_named(copy, tmp_path, name):
    (copy / name).unlink()
    said = refused("report", copy, "-o", tmp_path / "b.md", "--quiet")
    assert f"holds no {name}" in said
    assert "feedback-nlp analyze EXPORT --out DIR" in said
    assert not (tmp_path / "b.md").exists()


@pytest.mark.parametrize("name", ["comments.parquet", "mentions.parquet", "run.json"])
@pytest.mark.parametrize("content", [b"", b"\xff\x00nonsense", b"PAR1", b"[]", b'{"other": 1}'])
def test_a_broken_file_is_named(copy, tmp_path, name, content):
    (copy / name).write_bytes(content)
    assert name in refused("report", copy, "-o", tmp_path / "b.md", "--quiet")
    assert not (tmp_path / "b.md").exists()


def test_no_folder_is_said(tmp_path):
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "none", tmp_path / "file"):
        said = refused("report", place, "-o", tmp_path / "b.md")
        assert "not a folder that analyze wrote" in said


def test_mentions_of_other_comments_are_refused(copy, tmp_path):
    mentions = pd.read_parquet(copy / "mentions.parquet")
    mentions["comment_id"] = "other"
    mentions.to_parquet(copy / "mentions.parquet")
    refused("report", copy, "-o", tmp_path / "b.md", "--quiet")
