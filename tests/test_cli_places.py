"""Where results go: nothing of the user's is overwritten, wrong names are refused before work."""

import json
import os

import pandas as pd
import pytest
from click.testing import CliRunner

from feedback_nlp import make_sample, write_table
from feedback_nlp.cli import app
from feedback_nlp.columns import first_rating, segment_columns
from feedback_nlp.errors import ColumnError, FileFormatError
from feedback_nlp.exports import read_comments
from feedback_nlp.exports.places import folder_made_whole
from feedback_nlp.results import WRITES
from feedback_nlp.scores import score_table


@pytest.fixture
def sample(tmp_path):
    write_table(make_sample(60, seed=3), tmp_path / "sample.csv")
    return str(tmp_path / "sample.csv")


def refused(*arguments, code=1):
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == code, result.output
    if code == 1:
        assert result.stderr.startswith("Error: "), result.stderr
        assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr


def written(tmp_path):
    return sorted(path.name for path in tmp_path.iterdir())


@pytest.mark.parametrize("command", ["score", "tag", "drivers"])
def test_a_result_never_overwrites_its_own_export(sample, tmp_path, command):
    before = (tmp_path / "sample.csv").read_bytes()
    assert "is the export that is read" in refused(command, sample, "-o", sample, "--force")
    assert (tmp_path / "sample.csv").read_bytes() == before


def test_an_analysis_never_overwrites_its_own_export(tmp_path):
    out = tmp_path / "results"
    out.mkdir()
    write_table(make_sample(20), out / "scores.csv")
    (out / "run.json").write_text('{"versions": {"feedback-nlp": "1"}}')
    line = refused("analyze", str(out / "scores.csv"), "--out", str(out), "--force")
    assert "is the export that is read" in line


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "got no name"),
        ("folder", "is a folder"),
        ("nowhere/a.csv", "no folder"),
        ("a.docx", "ending"),
        ("pipe.csv", "no ordinary file"),
    ],
)
@pytest.mark.parametrize("command", ["score", "tag", "sample"])
def test_outputs_are_checked_before_anything_is_read(tmp_path, monkeypatch, command, name, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    export = [] if command == "sample" else ["not-there.csv"]
    assert says in refused(command, *export, "-o", name, "--force")
    assert written(tmp_path) == ["folder", "pipe.csv"]


def test_a_picture_ends_in_png_or_svg(sample):
    assert ".png or .svg" in refused("cloud", sample, "-o", "cloud.pdf")


def test_an_output_folder_without_a_name(sample):
    assert "--out got no name" in refused("analyze", sample, "--out", " ")


@pytest.mark.parametrize("seed", ["-1", "99999999999999999999"])
def test_seeds_that_are_none(sample, seed):
    for command in (
        ["analyze", sample, "--out", "x"],
        ["cloud", sample, "-o", "x.png"],
        ["sample"],
    ):
        assert "--seed" in refused(*command, "--seed", seed, code=2)


def fill(out, *, force=False):
    with folder_made_whole(out, WRITES, force=force) as made:
        (made / "clouds").mkdir()
        for name in WRITES:
            (made / name).write_text('{"versions": {"feedback-nlp": "1"}}')


def test_a_folder_that_was_there_stays_the_same_folder(tmp_path):
    out = tmp_path / "mounted"
    out.mkdir()
    place = out.stat().st_ino
    fill(out)
    assert out.stat().st_ino == place
    assert {str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()} == set(WRITES)
    assert {p.name for p in out.iterdir()} == {name.split("/")[0] for name in WRITES}


def two_at_once(out):
    with folder_made_whole(out, ["run.json"], force=False) as made:
        (made / "run.json").write_text("the slower of two")
        out.mkdir(exist_ok=True)
        (out / "run.json").write_text("the faster of two")


@pytest.mark.parametrize("there", [False, True])
def test_what_appeared_in_the_meantime_is_not_overwritten(tmp_path, there):
    out = tmp_path / "results"
    if there:
        out.mkdir()
    with pytest.raises(FileFormatError, match="is not empty"):
        two_at_once(out)
    assert written(tmp_path) == ["results"]
    assert written(out) == ["run.json"]
    assert (out / "run.json").read_text() == "the faster of two"


def draw(out, charts, noted=None):
    with folder_made_whole(out, ["run.json"], force=True) as made:
        (made / "charts").mkdir()
        for name in charts:
            (made / name).write_text(name)
        record = {"versions": {"feedback-nlp": "1"}, "charts": noted or charts}
        (made / "run.json").write_text(json.dumps(record))


def test_pictures_of_an_earlier_analysis_go_and_those_of_the_user_stay(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    out = tmp_path / "results"
    draw(out, ["charts/01-a.png", "charts/02-b.png"], ["charts/02-b.png", "../notes.txt", 3])
    (out / "charts" / "mine.png").write_text("mine")
    draw(out, ["charts/01-a.png"])
    assert written(out / "charts") == ["01-a.png", "mine.png"]
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_file_where_a_folder_should_be_is_named(tmp_path):
    (tmp_path / "charts").write_text("a list of charts")
    with pytest.raises(FileFormatError, match="charts is in the way"):
        draw(tmp_path, ["charts/01-a.png"])


def test_folders_made_on_the_way_go_away_when_it_fails(tmp_path):
    with (
        pytest.raises(ZeroDivisionError),
        folder_made_whole(tmp_path / "a" / "b" / "c", WRITES, force=False),
    ):
        raise ZeroDivisionError
    assert written(tmp_path) == []


@pytest.mark.parametrize("record", ["my own", "[]", '{"versions": 3}', "{}"])
def test_a_record_of_another_program_is_not_overwritten(tmp_path, record):
    (tmp_path / "run.json").write_text(record)
    with pytest.raises(FileFormatError, match=r"holds run.json, which is not of an earlier"):
        fill(tmp_path, force=True)
    assert (tmp_path / "run.json").read_text() == record


@pytest.mark.parametrize("name", ["report.html", "clouds/detractors.png"])
def test_a_folder_where_a_file_should_go_leaves_all_as_it_was(tmp_path, name):
    fill(tmp_path)
    (tmp_path / name).unlink()
    (tmp_path / name).mkdir()
    (tmp_path / "scores.csv").write_text("older")
    with pytest.raises(FileFormatError, match=r"is in the way"):
        fill(tmp_path, force=True)
    assert (tmp_path / "scores.csv").read_text() == "older"


def test_names_that_cannot_be_a_folder(tmp_path):
    (tmp_path / "file").write_text("x")
    for out in (tmp_path / "file" / "inside", tmp_path / ("x" * 300)):
        with pytest.raises(FileFormatError, match=r"^Cannot write to .*--out"):
            fill(out)
    assert written(tmp_path) == ["file"]


def test_messages_are_one_line_of_bearable_length(tmp_path):
    (tmp_path / "a.csv").write_text("id,nps\n1,9\n")
    name = str(tmp_path / "two\nlines\u2028more.csv")
    assert "two lines more.csv" in refused("score", name)
    assert len(refused("score", str(tmp_path / "a.csv"), "--encoding", "x" * 90_000)) < 3000


OWN_NAMES = ("theme", "polarity", "evidence", "value", "n", "metric", "promoters", "status")


def test_segments_called_like_columns_of_ours(tmp_path):
    rows = ["id,nps,comment," + ",".join(OWN_NAMES)]
    rows += [f"{i},{i % 11},Answer number {i}," + ",".join(["ab"[i % 2]] * 8) for i in range(40)]
    (tmp_path / "a.csv").write_text("\n".join(rows))
    comments = read_comments(tmp_path / "a.csv")
    assert segment_columns(comments, OWN_NAMES) == [f"{n} (in the file)" for n in OWN_NAMES]
    for name in segment_columns(comments, OWN_NAMES):
        assert score_table(comments, "nps", by=[name])["n"].tolist() == [20, 20]


@pytest.mark.parametrize("name", ["comment", "id", "text", "comment_id", "respondent_id"])
def test_columns_that_make_no_groups(tmp_path, name):
    (tmp_path / "a.csv").write_text("id,nps,comment\n1,9,Fine service\n2,3,Slow service\n")
    comments = read_comments(tmp_path / "a.csv")
    with pytest.raises(ColumnError, match=r"Cannot split by .*makes no groups"):
        segment_columns(comments, [name])


@pytest.mark.parametrize("command", ["analyze", "score"])
def test_months_without_dates_are_refused_before_any_work(tmp_path, monkeypatch, command):
    (tmp_path / "shop.csv").write_text("id,comment,nps\n1,late,3\n2,fast,9\n")
    monkeypatch.setattr("feedback_nlp.tagging.Tagger.tag_frame", None)
    place = ["--out", str(tmp_path / "out")] if command == "analyze" else []
    said = refused_after_reading(command, str(tmp_path / "shop.csv"), "--by", "month", *place)
    assert said == (
        "Error: Cannot split by 'month': no column of dates was found in the export. Name it where "
        "the export is read: --date COLUMN."
    )


def refused_after_reading(*arguments):
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1, result.output
    return result.stderr.splitlines()[-1]


def test_a_rating_column_without_answers(tmp_path):
    (tmp_path / "a.csv").write_text("id,nps,comment\n1,,Fine service\n2,,Slow service\n")
    with pytest.raises(ColumnError, match=r"Column 'nps' holds no numbers.*--rating nps=COLUMN"):
        first_rating(read_comments(tmp_path / "a.csv"))


def test_the_notes_say_what_was_renamed(tmp_path):
    (tmp_path / "a.csv").write_text("id,nps,comment,theme\n1,9,Fine service,a\n")
    notes = read_comments(tmp_path / "a.csv").attrs["feedback_nlp"]
    assert notes["renamed"] == {"theme": "theme (in the file)"}
    assert json.dumps(notes)


def test_dates_of_the_year_one_are_no_dates(tmp_path):
    (tmp_path / "a.csv").write_text(
        "id,nps,comment,date\n1,9,Fine service,0001-01-01\n2,3,Slow,2024-05-06\n3,3,So,01/02/24\n"
    )
    dates = read_comments(tmp_path / "a.csv")["date"]
    assert pd.isna(dates[0])
    assert dates.dt.year.tolist()[1:] == [2024, 2024]
