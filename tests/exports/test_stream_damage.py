"""Rows that are broken and columns that come up late: the same in parts as at once."""

import json

import pytest
from made_exports import answers, as_csv, as_jsonl, assert_same

from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports import open_export, read_comments
from feedback_nlp.schema import info

pytestmark = pytest.mark.usefixtures("small_blocks")


def test_broken_rows_are_counted_and_keep_their_numbers(tmp_path):
    lines = as_csv(answers(12).drop(columns="Response ID")).decode().split("\n")
    lines[9:9] = ["5,too,many,cells,here,and,here", "few"]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    whole = assert_same(tmp_path / "a.csv", set_aside=True)
    assert info(whole)["rows"] == {
        "read": 14, "used": 12,
        "set_aside": {"more cells than the header": 1, "fewer cells than the header": 1},
    }  # fmt: skip
    assert "row 10" in set(whole["comment_id"])
    with pytest.raises(FileFormatError) as at_once:
        read_comments(tmp_path / "a.csv")
    with pytest.raises(FileFormatError) as in_stream:
        open_export(tmp_path / "a.csv")
    assert str(at_once.value) == str(in_stream.value)


def test_broken_lines_of_json(tmp_path):
    data = as_jsonl(answers(9)) + b"[1]\n{no\n" + as_jsonl(answers(12).tail(3))
    (tmp_path / "a.jsonl").write_bytes(data)
    assert info(assert_same(tmp_path / "a.jsonl", set_aside=True))["rows"]["read"] == 14


def test_quotes_that_are_not_doubled(tmp_path):
    rows = "".join(f'{i},9,"fine" said {i}\n' for i in range(6))
    (tmp_path / "a.csv").write_text(f"id,nps,Comment\n{rows}")
    notes = info(assert_same(tmp_path / "a.csv"))["notes"]
    assert sum("not doubled" in note for note in notes) == 1


def test_a_column_without_header_that_is_filled_late(tmp_path):
    rows = "".join(f"{i},{i % 11},It was fine {i},{'late' if i > 7 else ''},\n" for i in range(12))
    (tmp_path / "a.csv").write_text(f"id,nps,Comment,,\n{rows}\n\n")
    whole = assert_same(tmp_path / "a.csv")
    assert whole["column 4"].notna().sum() == 4
    assert "column 5" not in whole
    named = assert_same(tmp_path / "a.csv", id="column 4", set_aside=True)
    assert named["comment_id"].tolist()[6:10] == ["row 7/1", "row 8/1", "late/1", "late/2"]


def test_values_that_come_up_late_in_json(tmp_path):
    rows = [{"nps": i % 11, "comment": f"It was fine {i}"} for i in range(9)]
    rows += [{"nps": 3, "comment": f"Bad {i}", "response": {"id": "x"}} for i in range(3)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    whole = assert_same(tmp_path / "a.jsonl", id="response.id")
    assert whole["comment_id"].tolist()[7:] == ["row 8/1", "row 9/1", "x/1", "x/2", "x/3"]
