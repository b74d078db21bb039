"""Files that cannot be read are refused in one line that says what to do."""

import io
import zipfile

import pytest

from feedback_nlp.errors import ColumnError, FileFormatError, RatingError
from feedback_nlp.exports import read_comments
from feedback_nlp.schema import info

GOOD = "id,nps,comment\n1,9,Fine service\n2,3,Slow service\n"


def refused(tmp_path, name, data, *words, kind=FileFormatError, **options):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    with pytest.raises(kind) as caught:
        read_comments(path, **options)
    message = str(caught.value)
    assert "\n" not in message
    for word in words:
        assert word in message, message
    return message


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/"), text)
    return out.getvalue()


def test_missing_file(tmp_path):
    with pytest.raises(FileFormatError, match=r"There is no file .*nowhere.csv"):
        read_comments(tmp_path / "nowhere.csv")


def test_folder_without_an_export(tmp_path):
    (tmp_path / "notes.pdf").write_bytes(b"%PDF")
    with pytest.raises(FileFormatError, match=r"no export in it; it holds notes.pdf. Name a csv"):
        read_comments(tmp_path)


def test_no_file_at_all():
    with pytest.raises(FileFormatError, match=r"No file was given"):
        read_comments([])


@pytest.mark.parametrize("data", ["", "   \n\n"])
def test_empty_file(tmp_path, data):
    refused(tmp_path, "a.csv", data, "a.csv is empty")


def test_header_only(tmp_path):
    refused(tmp_path, "a.csv", "id,nps,comment\n", "header but no rows", "id, nps, comment")


def test_zip_renamed_csv(tmp_path):
    refused(tmp_path, "a.csv", zipped(answers="x"), "zip archive", "answers", "Unpack")


def test_xlsx_renamed_csv(tmp_path):
    refused(tmp_path, "a.csv", zipped(xl__workbook="x"), "is a xlsx file, not csv", ".xlsx")


def test_broken_xlsx(tmp_path):
    refused(tmp_path, "a.xlsx", b"PK\x03\x04" + b"\x00" * 50, "broken xlsx")


def test_xlsx_with_broken_inside(tmp_path):
    refused(tmp_path, "a.xlsx", zipped(xl__workbook="x"), "broken xlsx", "save it again")


def test_csv_renamed_xlsx(tmp_path):
    refused(tmp_path, "a.xlsx", GOOD, "is not xlsx", "looks like text")


def test_web_page_saved_as_xls(tmp_path):
    refused(
        tmp_path, "a.xls", "<html><table><tr><td>nps</td></tr></table></html>", "web page", "xlsx"
    )


def test_old_excel(tmp_path):
    refused(tmp_path, "a.xls", b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "before 2007", ".xlsx")


def test_unknown_ending(tmp_path):
    refused(tmp_path, "a.pdf", "%PDF-1.4 something", "'.pdf'", "csv, tsv, xlsx")


def test_broken_parquet(tmp_path):
    refused(tmp_path, "a.parquet", b"PAR1 nothing more", "broken parquet")


def test_broken_gzip(tmp_path):
    refused(tmp_path, "a.csv.gz", b"\x1f\x8b\x08 nothing more", "broken gzip")


def test_gz_that_is_none(tmp_path):
    refused(tmp_path, "a.csv.gz", GOOD, "not gzip")


def test_json_called_csv(tmp_path):
    refused(tmp_path, "a.csv", '{"nps": 9}\n', "JSON", ".jsonl")


def test_binary(tmp_path):
    refused(tmp_path, "a.csv", bytes(range(1, 256)) * 20, "not a text file", "control characters")


def test_nul_bytes(tmp_path):
    refused(tmp_path, "a.csv", GOOD + "3,4,Br\x00ken\n", "NUL bytes", "line 4")


def test_nul_characters_in_the_encoding_asked_for(tmp_path):
    refused(tmp_path, "a.csv", GOOD + "3,4,Br\x00ken\n", "NUL", "line 4", encoding="utf-8")


def test_wrong_encoding(tmp_path):
    data = GOOD.encode() + "3,4,Très bien\n".encode("windows-1252")
    refused(tmp_path, "a.csv", data, "is not utf-8", "line 4", "--encoding", encoding="utf-8")


def test_unknown_encoding(tmp_path):
    refused(
        tmp_path, "a.csv", GOOD, "no encoding 'klingon'", "--encoding utf-8", encoding="klingon"
    )


def test_neither_utf8_nor_windows(tmp_path):
    data = GOOD.encode() + b"3,4,\xe9\x81,\n"
    refused(tmp_path, "a.csv", data, "neither UTF-8 nor windows-1252", "line 4", "--encoding")


def test_one_endless_line(tmp_path):
    refused(tmp_path, "a.csv", "nps,comment," * 9_000_000, "first line", "no header")


def test_endless_cell(tmp_path):
    refused(tmp_path, "a.csv", GOOD + '3,4,"' + "x" * 200_000 + '"\n', "cell of more than", "quote")


def test_endless_json_line(tmp_path):
    refused(
        tmp_path,
        "a.jsonl",
        '{"comment": "' + "x" * 11_000_000 + '"}',
        "line 1",
        "one answer a line",
    )


def test_quote_that_is_never_closed(tmp_path):
    refused(
        tmp_path,
        "a.csv",
        'id,nps,comment\n1,9,Fine\n2,3,"Slow\n3,5,Okay\n',
        "line 3",
        "never closed",
    )


def test_headers_that_are_the_same(tmp_path):
    refused(
        tmp_path,
        "a.csv",
        "nps,comment,comment\n9,a,b\n",
        "2 columns called 'comment'",
        "2, 3",
        kind=ColumnError,
    )


def test_blank_header(tmp_path):
    refused(tmp_path, "a.csv", ",,\n1,9,Fine\n", "first row", "blank")


@pytest.mark.parametrize(("row", "cells"), [("2,3,Slow, very slow", 4), ("2,3", 2)])
def test_rows_with_too_many_or_too_few_cells(tmp_path, row, cells):
    data = f'id,nps,comment\n1,9,"Fine\nplace"\n{row}\n'
    refused(
        tmp_path, "a.csv", data, f"row 2 (line 4) has {cells} cells", "header has 3", "--set-aside"
    )


def test_broken_rows_are_counted_when_set_aside(tmp_path):
    (tmp_path / "a.csv").write_text("id,nps,comment\n1,9,Fine\n2,3,Slow, very\n3,5\n4,6,Okay\n")
    comments = read_comments(tmp_path / "a.csv", set_aside=True)
    assert comments["comment_id"].tolist() == ["1", "4"]
    rows = info(comments)["rows"]
    assert rows["set_aside"] == {"more cells than the header": 1, "fewer cells than the header": 1}
    assert rows["read"] == rows["used"] + sum(rows["set_aside"].values()) == 4


@pytest.mark.parametrize("line", ["{broken", "[1, 2]", '"text"'])
def test_lines_that_are_no_json_objects(tmp_path, line):
    data = '{"id": 1, "nps": 9, "comment": "Fine"}\n' + line + "\n"
    refused(tmp_path, "a.jsonl", data, "line 2", "--set-aside")
    comments = read_comments(tmp_path / "a.jsonl", set_aside=True)
    assert info(comments)["rows"]["set_aside"] == {"a line that is not a JSON object": 1}


def test_json_that_is_no_list_of_objects(tmp_path):
    refused(tmp_path, "a.json", "[1, 2, 3]", "not a list of objects")


def test_files_with_other_columns(tmp_path):
    (tmp_path / "a.csv").write_text(GOOD)
    (tmp_path / "b.csv").write_text("id,nps,remark\n1,2,Bad\n")
    with pytest.raises(
        ColumnError,
        match=r"b.csv does not have the columns of a.csv: it has 'remark' and lacks 'comment'",
    ):
        read_comments([tmp_path / "a.csv", tmp_path / "b.csv"])


def test_an_answer_of_the_second_file_is_told_where_it_is(tmp_path):
    (tmp_path / "a.csv").write_text(GOOD)
    (tmp_path / "b.jsonl").write_text('{"id": 3, "nps": 99, "comment": "Fine"}\n')
    with pytest.raises(RatingError, match=r"'99' in row 1 \(line 1\) of b\."):
        read_comments([tmp_path / "a.csv", tmp_path / "b.jsonl"])


def test_no_row_that_is_whole(tmp_path):
    refused(
        tmp_path, "a.csv", "id,nps,comment\n1,2\n3,4\n", "No row of a.csv is whole",
        "fewer cells than the header (2)", set_aside=True,
    )  # fmt: skip


@pytest.mark.parametrize("delimiter", ["", "ab", '"'])
def test_delimiters_that_are_none(tmp_path, delimiter):
    refused(tmp_path, "a.csv", GOOD, "--delimiter takes one character", delimiter=delimiter)


def test_file_that_cannot_be_opened(tmp_path):
    path = tmp_path / "a.csv"
    path.symlink_to(path)
    with pytest.raises(FileFormatError, match=r"cannot be read: Too many levels"):
        read_comments(path)
