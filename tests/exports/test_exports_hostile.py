"""Files made to break a reader: bombs, broken letters, damaged notes, titles above the header."""

import gzip
import io
import json
import zipfile

import openpyxl
import pandas as pd
import pytest

from feedback_nlp.errors import ColumnError, FileFormatError
from feedback_nlp.exports import archives, read_comments, write_table
from feedback_nlp.schema import info

GOOD = "id,nps,comment\n1,9,Fine service\n2,3,Slow service\n"


def read(tmp_path, name, data, **options):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_comments(path, **options)


def refused(tmp_path, name, data, *words, kind=FileFormatError, **options):
    with pytest.raises(kind) as caught:
        read(tmp_path, name, data, **options)
    message = str(caught.value)
    assert "\n" not in message
    for word in words:
        assert word in message, message


def workbook(fill):
    book = openpyxl.Workbook()
    fill(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def three_answers(sheet):
    for row in (["id", "nps", "comment"], [1, 9, "Fine"], [2, 3, "Slow"], [3, 5, "So so"]):
        sheet.append(row)


def test_gzip_that_unpacks_into_more_than_memory_holds(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_UNPACKED", 1_000_000)
    bomb = gzip.compress(GOOD.encode() + b"0" * 5_000_000)
    refused(tmp_path, "a.csv.gz", bomb, "unpacks into more than 1 MB", "parts")


def test_workbook_that_unpacks_into_more_than_memory_holds(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_UNPACKED", 1_000_000)
    out = io.BytesIO(workbook(three_answers))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/more.bin", b"0" * 5_000_000)
    refused(tmp_path, "a.xlsx", out.getvalue(), "unpacks into more than 1 MB")


def test_sheet_with_a_cell_in_the_far_corner(tmp_path):
    def fill(sheet):
        three_answers(sheet)
        sheet.cell(1_048_576, 16_384).value = "far"

    refused(tmp_path, "a.xlsx", workbook(fill), "XFD1048576", "Delete")


def test_title_above_the_header(tmp_path):
    def fill(sheet):
        sheet.append(["Survey of spring"])
        three_answers(sheet)

    refused(tmp_path, "a.xlsx", workbook(fill), "'Survey of spring'", "title", "Delete")
    refused(tmp_path, "a.csv", f"Survey of spring,,\n{GOOD}", "'Survey of spring'", "title")


def test_merged_cells_are_told(tmp_path):
    def fill(sheet):
        three_answers(sheet)
        sheet.merge_cells("B2:B3")

    notes = info(read(tmp_path, "a.xlsx", workbook(fill)))["notes"]
    assert any("merged" in note and "B2:B3" in note for note in notes)


def test_empty_rows_are_not_called_copies(tmp_path):
    notes = info(read(tmp_path, "a.csv", f"{GOOD},,\n,,\n,,\n3,4,Okay\n"))["notes"]
    assert not any("copies" in note for note in notes)


def test_numbers_of_thousands_of_digits(tmp_path):
    good = '{"id": 1, "nps": 9, "comment": "Fine"}\n'
    bad = f'{{"id": 2, "nps": {"9" * 5000}}}\n'
    refused(tmp_path, "a.jsonl", good + bad, "line 2", "--set-aside")
    refused(tmp_path, "a.json", f"[{bad}]", "digits")
    comments = read(tmp_path, "a.jsonl", good + bad, set_aside=True)
    assert info(comments)["rows"] == {
        "read": 2, "used": 1, "set_aside": {"a line that is not a JSON object": 1},
    }  # fmt: skip


def test_half_a_character_in_a_name_and_in_a_text(tmp_path):
    record = {"id": 1, "nps": 9, "comment": "Slow \ud83d", "place \ud800": "x"}
    comments = read(tmp_path, "a.jsonl", json.dumps(record) + "\n")
    assert comments["text"].tolist() == ["Slow \ufffd"]
    assert "place \ufffd" in comments
    write_table(comments, tmp_path / "b.parquet")


@pytest.mark.parametrize("more", [{"a.b": 1, "a": {"b": 2}}, {"a b": 1, "a\nb": 2}])
def test_two_values_of_one_name_in_a_record(tmp_path, more):
    data = json.dumps({"id": 1, "nps": 9, "comment": "Fine"} | more)
    refused(tmp_path, "a.jsonl", data, "record 1", "two values", kind=ColumnError)


def test_values_without_a_name(tmp_path):
    data = json.dumps({"id": 1, "nps": 9, "comment": "Fine", "": "no name"})
    assert read(tmp_path, "a.jsonl", data)["column 4"].tolist() == ["no name"]


def test_records_without_values(tmp_path):
    refused(tmp_path, "a.jsonl", "{}\n{}\n", "no named values")


def test_a_header_like_the_name_of_one_without_a_name(tmp_path):
    data = "id,nps,comment,column 5,\n1,9,Fine service,a,b\n2,3,Slow service,a,c\n"
    comments = read(tmp_path, "a.csv", data)
    assert comments["column 5 (2)"].tolist() == ["b", "c"]


def test_renamed_column_does_not_push_out_another(tmp_path):
    data = (
        "id,nps,comment,status,status (in the file)\n1,9,Fine service,a,b\n2,3,Slow service,c,d\n"
    )
    comments = read(tmp_path, "a.csv", data)
    told = [set(comments[c]) for c in comments if c.startswith("status")]
    assert sorted(map(sorted, told)) == [["a", "c"], ["b", "d"]]


def test_letters_of_two_encodings(tmp_path):
    data = f"{GOOD}3,4,Très lent\n4,4,Žēl\n".encode() + "5,3,Très cher\n".encode("cp1252")
    comments = read(tmp_path, "a.csv", data)
    assert comments["text"].tolist()[2:] == ["Très lent", "Žēl", "Très cher"]
    assert any("line 6" in note and "windows-1252" in note for note in info(comments)["notes"])


def test_utf_32_and_a_doubled_mark(tmp_path):
    assert read(tmp_path, "a.csv", GOOD.encode("utf-32"))["text"].tolist()[0] == "Fine service"
    assert "id" in str(info(read(tmp_path, "b.csv", b"\xef\xbb\xbf" * 2 + GOOD.encode()))["roles"])


def test_utf_16_cut_short(tmp_path):
    with pytest.raises(FileFormatError) as caught:
        read(tmp_path, "a.csv", GOOD.encode("utf-16") + b"x")
    assert "Leave --encoding out" not in str(caught.value)


def test_bytes_in_parquet_are_text(tmp_path):
    frame = pd.DataFrame({"id": [1, 2], "nps": [9, 3], "comment": [b"Tr\xc3\xa8s bien", b"Slow"]})
    frame.to_parquet(tmp_path / "a.parquet")
    assert read_comments(tmp_path / "a.parquet")["text"].tolist() == ["Très bien", "Slow"]


@pytest.mark.parametrize(
    "notes", ["x", [1], {}, {"rows": 3, "roles": [], "scales": {}}, {"scales": {"nps": 3}}]
)
def test_comments_tables_with_damaged_notes(tmp_path, notes):
    frame = pd.DataFrame({"comment_id": ["a", "b"], "nps": [9, 3], "text": ["Fine", "Slow"]})
    frame.attrs["feedback_nlp"] = notes
    frame.to_parquet(tmp_path / "a.parquet")
    with pytest.raises(FileFormatError, match=r"a.parquet .*notes .*damaged"):
        read_comments(tmp_path / "a.parquet")
