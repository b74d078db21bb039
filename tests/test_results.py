"""The folder of an analysis: written, read again, and the pictures in it."""

import json

import pandas as pd
import pytest

from feedback_nlp.errors import ColumnError, FileFormatError
from feedback_nlp.exports import read_comments, write_table
from feedback_nlp.records import Mention
from feedback_nlp.report import build_report
from feedback_nlp.results import (
    CLOUDS,
    WRITES,
    read_analysis,
    write_charts,
    write_figures,
    write_report,
)
from feedback_nlp.schema import mentions_table

RUN = {"versions": {"python": "3.11"}, "seed": 0, "files": [{"name": "shops.csv", "rows": 80}]}
PNG = b"\x89PNG\r\n\x1a\n"
pytestmark = pytest.mark.usefixtures("small_pictures")


def survey(folder, texts=("The parcel came late, order {}", "Friendly staff, order {}")):
    """Return a survey that was read from a file, as an analysis reads it."""
    rows = [f"c{at},{(2, 9)[at % 2]},{json.dumps(texts[at % 2].format(at))}" for at in range(80)]
    (folder / "shops.csv").write_text("\n".join(["comment_id,nps,comment", *rows]))
    comments = read_comments(folder / "shops.csv").assign(language="en")
    comments["status"] = ["ok" if text else "blank" for text in comments["text"]]
    late = Mention(theme="delivery", polarity="negative", theme_confidence=1.0,
                   polarity_confidence=1.0, start=16, end=20)  # fmt: skip
    said = comments[comments["text"].str.contains("late")]
    rows = [(one, text, late) for one, text in zip(said["comment_id"], said["text"], strict=True)]
    return comments, mentions_table(rows, ["delivery"])


def written(folder, comments, mentions):
    report = build_report(comments, mentions, run=RUN)
    overview = pd.DataFrame({"n": [len(comments)]})
    write_table(comments, folder / "comments.parquet")
    write_table(mentions, folder / "mentions.parquet")
    write_figures(folder, overview, report.explanation.table)
    write_report(folder, comments, report, RUN)
    return report


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    return survey(tmp_path_factory.mktemp("export"))


@pytest.fixture(scope="module")
def folder(tables, tmp_path_factory):
    place = tmp_path_factory.mktemp("analysis")
    written(place, *tables)
    return place


def test_the_folder_holds_what_it_says(folder):
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    charts = json.loads((folder / "run.json").read_text())["charts"]
    assert found == {*WRITES, *charts}
    assert charts == sorted(charts)
    for name in (*charts, *(f"clouds/{one}.png" for one in CLOUDS)):
        assert (folder / name).read_bytes().startswith(PNG)


def test_what_was_written_is_read_again(folder, tables):
    comments, mentions, run = read_analysis(folder)
    columns = ["comment_id", "text", "nps"]
    assert comments[columns].to_numpy().tolist() == tables[0][columns].to_numpy().tolist()
    assert mentions["evidence"].tolist() == tables[1]["evidence"].tolist()
    assert {name: run[name] for name in RUN} == RUN


def test_the_same_report_gives_the_same_folder(folder, tables, tmp_path):
    written(tmp_path, *tables)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (folder / path.relative_to(tmp_path)).read_bytes(), path


def test_without_comments_the_clouds_say_why(tmp_path):
    place = tmp_path / "out"
    place.mkdir()
    written(place, *survey(tmp_path, ("", "")))
    assert all((place / f"clouds/{one}.png").read_bytes().startswith(PNG) for one in CLOUDS)
    comments, mentions, _ = read_analysis(place)
    assert (len(comments), len(mentions)) == (80, 0)


def test_charts_are_written_whole_or_not_at_all(tables, tmp_path):
    report = build_report(*tables)
    paths = write_charts(report, tmp_path / "new" / "slides")
    assert paths == sorted((tmp_path / "new" / "slides").iterdir())
    with pytest.raises(FileFormatError, match="slides"):
        write_charts(report, tmp_path / "new" / "slides")
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileFormatError):
        write_charts(report, tmp_path / "file" / "slides")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "new"]


def test_a_record_of_another_program_is_no_analysis(folder, tmp_path):
    for name in ("comments.parquet", "mentions.parquet"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    for record in ("{}", "[1]", '{"command": "train"}', "no json", "\x00"):
        (tmp_path / "run.json").write_text(record)
        with pytest.raises(FileFormatError, match="not the record of an analysis"):
            read_analysis(tmp_path)


def test_mentions_of_other_comments_are_refused(folder, tmp_path):
    for name in ("comments.parquet", "run.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    mentions = pd.read_parquet(folder / "mentions.parquet").assign(comment_id="other")
    mentions.to_parquet(tmp_path / "mentions.parquet")
    with pytest.raises(ColumnError, match="other"):
        read_analysis(tmp_path)
