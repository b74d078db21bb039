"""Tables are written whole or not at all, read back as they were, and never run by a spreadsheet."""

import csv
import io
import json
import os
import resource
import sys

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports import read_comments, write_table
from feedback_nlp.exports.places import folder_made_whole
from feedback_nlp.schema import info

RISKY = [
    "=1+1",
    "+31 6 1234",
    "-2 for service",
    "@home",
    "\ttab",
    "\rreturn",
    "'=quoted",
    "'s avonds",
    "-5",
    "plain",
]


def frame():
    return pd.DataFrame(
        {
            "theme": ["price", "service|desk", None],
            "n": [3, 2, 1],
            "share": [0.5, float("nan"), 0.1],
            "day": pd.to_datetime(["2024-01-02", None, "2024-03-04 05:06"], format="ISO8601"),
            "sure": [True, False, True],
        }
    )


def test_csv_is_utf8_without_mark_and_numbers_stay_numbers(tmp_path):
    write_table(pd.DataFrame({"name": ["Žanna"], "change": [-1.5]}), tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == "name,change\nŽanna,-1.5\n".encode()


def test_cells_a_spreadsheet_would_run_get_an_apostrophe(tmp_path):
    write_table(pd.DataFrame({"=head": RISKY}), tmp_path / "a.csv")
    with open(tmp_path / "a.csv", newline="", encoding="utf-8") as file:
        written = [row[0] for row in csv.reader(file)]
    assert written[0] == "'=head"
    assert not any(cell.startswith(tuple("=+@\t\r")) for cell in written)
    assert [cell for cell in written if cell.startswith("-")] == ["-5"]


def test_cells_a_spreadsheet_would_run_are_text_in_xlsx(tmp_path):
    write_table(pd.DataFrame({"=head": [*RISKY, "https://example.org"]}), tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert sheet["A2"].value == "=1+1"
    assert all(cell.hyperlink is None for cell in sheet["A"])


def test_xlsx_keeps_types(tmp_path):
    write_table(frame(), tmp_path / "a.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows(values_only=True))
    assert rows[0] == ("theme", "n", "share", "day", "sure")
    assert rows[2] == ("service|desk", 2, None, None, False)
    assert rows[3][3] == pd.Timestamp("2024-03-04 05:06")


@pytest.mark.parametrize(
    "name",
    [
        "a.csv",
        "a.tsv",
        "a.jsonl",
        "a.json",
        "a.parquet",
        "a.xlsx",
        "a.md",
        "a.csv.gz",
        "a.jsonl.gz",
    ],
)
def test_the_same_table_is_the_same_file(tmp_path, name):
    write_table(frame(), tmp_path / name)
    first = (tmp_path / name).read_bytes()
    write_table(frame(), tmp_path / name)
    assert (tmp_path / name).read_bytes() == first


def test_jsonl_has_types_and_nulls(tmp_path):
    write_table(frame(), tmp_path / "a.jsonl")
    records = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert records[1] == {
        "theme": "service|desk",
        "n": 2,
        "share": None,
        "day": None,
        "sure": False,
    }
    assert records[0]["day"] == "2024-01-02T00:00:00"


def test_json_is_one_list(tmp_path):
    write_table(frame(), tmp_path / "a.json")
    assert [record["n"] for record in json.loads((tmp_path / "a.json").read_text())] == [3, 2, 1]


def test_markdown_is_escaped(tmp_path):
    write_table(pd.DataFrame({"a": ["x|y", "<b>bold</b>\nnext"]}), tmp_path / "a.md")
    assert (
        tmp_path / "a.md"
    ).read_text() == "| a |\n| --- |\n| x\\|y |\n| &lt;b&gt;bold&lt;/b&gt; next |\n"


def test_standard_output_is_csv(capsys):
    write_table(pd.DataFrame({"a": [1]}), "-")
    assert capsys.readouterr().out == "a\n1\n"


def test_standard_output_in_another_format(monkeypatch):
    class Out(io.StringIO):
        buffer = io.BytesIO()

    monkeypatch.setattr(sys, "stdout", Out())
    write_table(pd.DataFrame({"a": [1]}), "-", format="jsonl")
    assert Out.buffer.getvalue() == b'{"a": 1}\n'


@pytest.mark.parametrize("name", ["a.docx", "a", "a.xlsx.gz"])
def test_endings_that_are_none_of_ours(tmp_path, name):
    with pytest.raises(
        FileFormatError, match=r"the ending says how.*csv, tsv, jsonl, json, parquet, xlsx, md"
    ):
        write_table(frame(), tmp_path / name)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(FileFormatError, match=r"there is no folder"):
        write_table(frame(), tmp_path / "new" / "a.csv")


def test_a_folder_in_place_of_a_file(tmp_path):
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(FileFormatError, match=r"it is a folder"):
        write_table(frame(), tmp_path / "a.csv")


def test_a_file_in_place_of_the_folder():
    with pytest.raises(FileFormatError, match=r"^Cannot write /dev/null/a.csv: Not a directory"):
        write_table(frame(), "/dev/null/a.csv")


def test_a_write_that_fails_halfway_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.csv"
    write_table(pd.DataFrame({"a": [1]}), path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(FileFormatError, match=r"File too large. Nothing was written"):
            write_table(pd.DataFrame({"a": ["x" * 5000]}), path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.read_text() == "a\n1\n"
    assert [file.name for file in tmp_path.iterdir()] == ["a.csv"]


def test_a_cell_too_long_for_xlsx(tmp_path):
    with pytest.raises(FileFormatError, match=r"'text' has 40,000 characters in row 2.*32,767"):
        write_table(pd.DataFrame({"text": ["x", "y" * 40_000]}), tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())


def test_half_a_character(tmp_path):
    with pytest.raises(FileFormatError, match=r"no character"):
        write_table(pd.DataFrame({"text": pd.Series(["\ud83d"], dtype=object)}), tmp_path / "a.csv")


def test_a_comments_table_comes_back_from_parquet_with_its_notes(tmp_path):
    (tmp_path / "a.csv").write_text(
        "id,nps,Experience (1 = very good; 5 = very poor),comment\n1,9,1,Fine\n2,0,5,Slow\n"
    )
    comments = read_comments(tmp_path / "a.csv")
    write_table(comments, tmp_path / "comments.parquet")
    again = read_comments(tmp_path / "comments.parquet")
    pd.testing.assert_frame_equal(again, comments)
    assert info(again) == info(comments)


cell = st.text(max_size=12).filter(lambda text: "\x00" not in text)


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "json", "parquet", "xlsx", "csv.gz"])
@settings(max_examples=10, deadline=None)
@given(st.lists(cell, min_size=1, max_size=6))
@example(RISKY)
@example(["a\r\nb", "a\nb", "a\rb", 'say "hi"', "a,b;c\td|e", "'", "''=1", "\u2028"])
def test_what_is_written_is_read_back(tmp_path_factory, ending, texts):
    if ending == "xlsx":
        texts = [text for text in texts if text.isprintable()] or ["x"]
    path = tmp_path_factory.mktemp("x") / f"a.{ending}"
    ids = [f"c{i}" for i in range(len(texts))]
    write_table(pd.DataFrame({"id": ids, "nps": [10] * len(texts), "comment": texts}), path)
    comments = read_comments(path, id="id", text="comment", ratings={"nps": "nps"})
    assert comments["comment_id"].tolist() == ids
    assert comments["text"].tolist() == texts


@pytest.mark.parametrize("ending", ["csv", "json", "jsonl", "md"])
def test_single_precision_reads_as_it_is_meant(ending, tmp_path):
    confidences = pd.DataFrame({"c": np.array([0.902, 0.1, np.nan], dtype="float32")})
    write_table(confidences, tmp_path / f"t.{ending}")
    text = (tmp_path / f"t.{ending}").read_text("utf-8")
    assert "0.902" in text
    assert "0.90200" not in text


def test_markdown_is_for_reading(tmp_path):
    table = pd.DataFrame(
        {"share": [0.397196261682243, 1e-9, 123456.789], "of": ["a\x1b[2J", "b", "c"]}
    )
    write_table(table, tmp_path / "a.md")
    shown = (tmp_path / "a.md").read_text().splitlines()[2:]
    assert shown == ["| 0.3972 | a[2J |", "| 1e-09 | b |", "| 123457 | c |"]


@pytest.mark.parametrize("umask", [0o022, 0o027, 0o077])
def test_who_may_read_a_file_is_for_the_user_to_say(tmp_path, umask):
    before = os.umask(umask)
    try:
        write_table(frame(), tmp_path / "table.csv")
        write_table(frame(), tmp_path / "table.csv")
        with folder_made_whole(tmp_path / "folder", (), force=False) as made:
            (made / "one.txt").write_text("one")
    finally:
        os.umask(before)
    modes = {
        name: (tmp_path / name).stat().st_mode & 0o777
        for name in ("table.csv", "folder", "folder/one.txt")
    }
    assert modes == {
        "table.csv": 0o666 & ~umask, "folder": 0o777 & ~umask, "folder/one.txt": 0o666 & ~umask,
    }  # fmt: skip
    assert {path.name for path in tmp_path.iterdir()} == {"table.csv", "folder"}
