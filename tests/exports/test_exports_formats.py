"""Files of every format, encoding and delimiter come in as the same table."""

import gzip
import io
import json
import sys

import pandas as pd
import pytest

from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports import read_comments
from feedback_nlp.schema import info

ROWS = [
    ("a1", "9", "Snelle levering, vriendelijke bezorger"),
    ("a2", "3", "Treg svartid på telefonen, ødela dagen"),
    ("a3", "10", "Ļoti laipna apkalpošana šodien"),
]
HEADER = ("id", "Would you recommend us?", "Comment")


def lines(delimiter=",", rows=ROWS):
    quoted = [
        [f'"{cell}"' if delimiter in cell else cell for cell in row] for row in (HEADER, *rows)
    ]
    return "\n".join(delimiter.join(row) for row in quoted) + "\n"


def write(tmp_path, name, text, encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def assert_rows(comments, rows=ROWS):
    assert comments["comment_id"].tolist() == [row[0] for row in rows]
    assert comments["nps"].tolist() == [float(row[1]) for row in rows]
    assert comments["text"].tolist() == [row[2] for row in rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(tmp_path, delimiter):
    comments = read_comments(write(tmp_path, "answers.csv", lines(delimiter)))
    assert_rows(comments)
    assert info(comments)["files"][0]["delimiter"] == delimiter


def test_header_with_commas_in_a_file_with_semicolons(tmp_path):
    text = (
        "id;Overall, how was it, really (1-5);Comment\n1;4;Prima, dank je\n2;2;Te duur, te laat\n"
    )
    comments = read_comments(write(tmp_path, "a.csv", text))
    assert comments["csat"].tolist() == [4.0, 2.0]


def test_delimiter_can_be_named(tmp_path):
    text = "id~nps~comment\n1~9~very, very good\n2~2~rather; bad\n"
    comments = read_comments(write(tmp_path, "a.csv", text), delimiter="~")
    assert comments["text"].tolist() == ["very, very good", "rather; bad"]


def test_excels_delimiter_line_is_understood(tmp_path):
    comments = read_comments(write(tmp_path, "a.csv", "sep=;\n" + lines(";")))
    assert_rows(comments)


@pytest.mark.parametrize(
    ("encoding", "noted"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16")]
)
def test_unicode_encodings(tmp_path, encoding, noted):
    comments = read_comments(write(tmp_path, "a.csv", lines(), encoding))
    assert_rows(comments)
    assert info(comments)["files"][0]["encoding"] == noted


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(tmp_path, encoding):
    assert_rows(read_comments(write(tmp_path, "a.csv", lines(), encoding)))


def test_windows_1252_is_read_and_mentioned(tmp_path):
    rows = [("1", "9", "Très bien reçu"), ("2", "2", "Zu spät, schöne Grüße")]
    comments = read_comments(write(tmp_path, "a.csv", lines(rows=rows), "windows-1252"))
    assert_rows(comments, rows)
    assert any("windows-1252" in note for note in info(comments)["notes"])


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_windows_1252_in_json_is_mentioned_too(tmp_path, name):
    rows = [{"id": str(i), "nps": i, "comment": f"Één was fijn {i}"} for i in range(3)]
    data = [json.dumps(row, ensure_ascii=False) for row in rows]
    text = "\n".join(data) if name == "a.jsonl" else f"[{','.join(data)}]"
    noted = info(read_comments(write(tmp_path, name, text, "windows-1252")))
    assert noted["files"][0]["encoding"] == "windows-1252"
    assert any("read as windows-1252" in note for note in noted["notes"])


def test_latvian_windows_1257_is_told_from_1252(tmp_path):
    rows = [("1", "9", "Šī ir ļoti jauka vieta, paldies! Ātra apkalpošana, žēl, ka dārgi")]
    comments = read_comments(write(tmp_path, "a.csv", lines(rows=rows), "windows-1257"))
    assert_rows(comments, rows)


def test_encoding_can_be_named(tmp_path):
    path = write(tmp_path, "a.csv", lines(rows=[("1", "5", "Ātri un lēti, ļoti labi")]), "cp1257")
    comments = read_comments(path, encoding="windows-1257")
    assert comments["text"].iloc[0] == "Ātri un lēti, ļoti labi"


def test_quoted_cells_hold_line_ends_quotes_and_delimiters(tmp_path):
    text = 'id,nps,comment\n1,9,"First line\nsecond ""line"", with comma"\n2,1,Bad\n'
    comments = read_comments(write(tmp_path, "a.csv", text))
    assert comments["text"].tolist() == ['First line\nsecond "line", with comma', "Bad"]


def test_undoubled_quotes_are_read_and_told(tmp_path):
    text = 'id,nps,comment\n1,9,"He said "fine" to me"\n2,1,Bad\n'
    comments = read_comments(write(tmp_path, "a.csv", text))
    assert len(comments) == 2
    assert any("not doubled" in note for note in info(comments)["notes"])


def test_one_column_without_delimiter(tmp_path):
    path = write(tmp_path, "a.csv", "Comment\nGood, fast, friendly\nBad; slow service\n")
    assert read_comments(path)["text"].tolist() == ["Good, fast, friendly", "Bad; slow service"]


def test_ids_stay_as_they_were_written(tmp_path):
    path = write(
        tmp_path, "a.csv", "id,nps,comment\n007,9.0,Fine service here\n1.0,3,Slow service here\n"
    )
    comments = read_comments(path)
    assert comments["comment_id"].tolist() == ["007", "1.0"]


def test_blank_lines_in_between_are_counted_rows(tmp_path):
    comments = read_comments(write(tmp_path, "a.csv", "id,nps,comment\n1,9,Fine\n\n2,3,Slow\n\n\n"))
    assert info(comments)["rows"] == {"read": 3, "used": 2, "set_aside": {"an empty row": 1}}


def test_a_column_without_header_and_cells_is_left_out(tmp_path):
    comments = read_comments(write(tmp_path, "a.csv", "id,nps,comment,\n1,9,Fine,\n2,3,Slow,\n"))
    assert list(comments.columns) == ["comment_id", "respondent_id", "text", "question", "nps"]


def test_gzipped_csv(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(lines().encode()))
    assert_rows(read_comments(path))


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_jsonl_with_nested_keys(tmp_path, name):
    records = [{"id": i, "answers": {"nps": int(n), "comment": t}} for i, n, t in ROWS]
    data = "\n".join(json.dumps(record) for record in records).encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    comments = read_comments(path, text="answers.comment")
    assert_rows(comments)


def test_jsonl_keeps_line_separators_and_mends_half_characters(tmp_path):
    path = write(
        tmp_path,
        "a.jsonl",
        '{"id": 1, "nps": 9, "comment": "one\\u2028two"}\n{"id": 2, "nps": 1, "comment": "oh \\ud83d no"}\n',
    )
    assert read_comments(path)["text"].tolist() == ["one\u2028two", "oh \ufffd no"]


def test_json_list_of_objects(tmp_path):
    path = write(
        tmp_path, "a.json", json.dumps([{"id": i, "nps": n, "comment": t} for i, n, t in ROWS])
    )
    assert_rows(read_comments(path))


def test_parquet_with_types(tmp_path):
    frame = pd.DataFrame(ROWS, columns=["id", "nps", "comment"]).assign(nps=[9.0, 3.0, 10.0])
    frame["date"] = pd.to_datetime(["2024-03-01", None, "2024-03-09 10:11"], format="ISO8601")
    frame.to_parquet(tmp_path / "a.parquet")
    comments = read_comments(tmp_path / "a.parquet")
    assert_rows(comments)
    assert comments["date"].tolist() == frame["date"].tolist()


def sheet(rows=ROWS):
    frame = pd.DataFrame(rows, columns=["id", "nps", "comment"])
    return frame.assign(nps=frame["nps"].astype(int))


def test_xlsx_numbers_and_dates(tmp_path):
    frame = sheet().assign(
        id=[7, 8, 9], date=pd.to_datetime(["2024-01-02", "2024-02-03", "2024-03-04"])
    )
    frame.to_excel(tmp_path / "a.xlsx", index=False, engine="xlsxwriter")
    comments = read_comments(tmp_path / "a.xlsx")
    assert comments["comment_id"].tolist() == ["7", "8", "9"]
    assert comments["date"].dt.month.tolist() == [1, 2, 3]


def test_xlsx_day_numbers_are_dates(tmp_path):
    sheet().assign(date=[45292, 45293, 45294.5]).to_excel(
        tmp_path / "a.xlsx", index=False, engine="xlsxwriter"
    )
    comments = read_comments(tmp_path / "a.xlsx")
    assert comments["date"].tolist()[0] == pd.Timestamp("2024-01-01")
    assert comments["date"].tolist()[2] == pd.Timestamp("2024-01-03 12:00")


def two_sheets(path):
    with pd.ExcelWriter(path, engine="xlsxwriter") as book:
        sheet().to_excel(book, sheet_name="March", index=False)
        sheet(ROWS[:2]).to_excel(book, sheet_name="April", index=False)


def test_several_sheets_with_data_are_asked_about(tmp_path):
    two_sheets(tmp_path / "a.xlsx")
    with pytest.raises(
        FileFormatError, match=r"'March' \(3 rows\), 'April' \(2 rows\).*--sheet 'March'"
    ):
        read_comments(tmp_path / "a.xlsx")


@pytest.mark.parametrize("name", ["April", "2"])
def test_sheet_by_name_or_number(tmp_path, name):
    two_sheets(tmp_path / "a.xlsx")
    comments = read_comments(tmp_path / "a.xlsx", sheet=name)
    assert_rows(comments, ROWS[:2])
    assert info(comments)["files"][0]["sheet"] == "April"


def test_unknown_sheet_lists_those_there_are(tmp_path):
    two_sheets(tmp_path / "a.xlsx")
    with pytest.raises(FileFormatError, match=r"no sheet 'May'. It has: March, April"):
        read_comments(tmp_path / "a.xlsx", sheet="May")


def test_an_empty_second_sheet_is_no_question(tmp_path):
    with pd.ExcelWriter(tmp_path / "a.xlsx", engine="xlsxwriter") as book:
        sheet().to_excel(book, sheet_name="Data", index=False)
        pd.DataFrame().to_excel(book, sheet_name="Sheet2", index=False)
    assert_rows(read_comments(tmp_path / "a.xlsx"))


class FakeStdin:
    def __init__(self, data):
        self.buffer = io.BytesIO(data)


@pytest.mark.parametrize(
    "data",
    [
        lines().encode(),
        lines(";").encode("utf-16"),
        "\n".join(json.dumps(dict(zip(HEADER, row, strict=True))) for row in ROWS).encode(),
        gzip.compress(lines().encode()),
    ],
    ids=["csv", "utf-16", "jsonl", "gzip"],
)
def test_standard_input_is_sniffed(monkeypatch, data):
    monkeypatch.setattr(sys, "stdin", FakeStdin(data))
    assert_rows(read_comments("-"))


def test_several_files_become_one_table(tmp_path):
    first = write(tmp_path, "w1.csv", "id,nps,comment\n1,9,Fine\n2,3,Slow\n")
    second = write(tmp_path, "w2.csv", "comment;id;nps\nOkay;3;7\n")
    comments = read_comments([first, second])
    assert comments["comment_id"].tolist() == ["1", "2", "3"]
    assert comments["text"].tolist() == ["Fine", "Slow", "Okay"]
    assert [file["rows"] for file in info(comments)["files"]] == [2, 1]


def test_notes_name_the_file_and_its_hash(tmp_path):
    import hashlib

    path = write(tmp_path, "a.csv", lines())
    note = info(read_comments(path))["files"][0]
    assert note["name"] == "a.csv"
    assert note["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (note["format"], note["rows"]) == ("csv", 3)


def test_letters_lost_earlier_and_copies_are_told(tmp_path):
    path = write(tmp_path, "a.csv", "nps,comment\n9,The caf\ufffd was good\n9,Fine\n9,Fine\n")
    notes = " ".join(info(read_comments(path))["notes"])
    assert "1 cells hold the replacement character" in notes
    assert "1 rows are exact copies" in notes
