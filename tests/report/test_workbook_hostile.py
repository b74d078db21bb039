"""Whatever a customer or an export says stays a text in the spreadsheet."""

import re
import zipfile
from io import BytesIO

import openpyxl
import pandas as pd
import pytest
from sectioned import told

from feedback_nlp.report.build import build_report
from feedback_nlp.report.workbook import to_xlsx
from feedback_nlp.report.workbook.book import MAX_CELL
from feedback_nlp.schema import with_info

pytestmark = pytest.mark.filterwarnings("ignore:.*xtension is not supported:UserWarning")
HOSTILE = (
    "=1+1",
    '=HYPERLINK("http://evil.example","click")',
    "+1+cmd|'/C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    '=DDE("cmd";"/C calc";"x")',
    "{=1+1}",
    "＝1+1",
    "http://evil.example/x",
    "file:///etc/passwd",
    "internal:Sheet!A1",
    "_x003D_1+1",
    "a\x00b\x0bc\ufffe\uffff",
    "<f>1+1</f> & ]]> <!-- x",
    "שלום עולם, איחור",
    "\u202ereversed\u202c",
    "👩‍👩‍👧 " * 9_000,
    "x" * 40_000,
    "'quoted",
    "#REF!",
    "TRUE",
    "1e309",
    "007",
)


@pytest.fixture(scope="module")
def content():
    """Return the bytes of a spreadsheet in which all that can be hostile is."""
    n = len(HOSTILE)
    texts = [text + " late again" for text in HOSTILE] * 2
    comments, mentions = told(
        [2, 9] * n, [[("delivery.speed", "negative")], [("price", "positive")]] * n, texts=texts
    )
    comments["comment_id"] = [f"=c{at}" for at in range(2 * n)]
    mentions["comment_id"] = comments["comment_id"].to_numpy()
    comments["=cmd|' /C calc'!A0"] = pd.Categorical(["=1+1", "@x"] * n)
    comments["polarity"] = pd.Categorical(["+1", "http://evil.example"] * n)
    segments = ["=cmd|' /C calc'!A0", "polarity"]
    made = build_report(
        with_info(comments, {"segments": segments}), mentions,
        title='=1+1 &"Arial" &[File] [:]*?/\\' + "x" * 400, by=segments,
        names={"delivery": "=1+1", "price": "@price"},
    )  # fmt: skip
    return to_xlsx(made)


def test_no_cell_is_a_formula(content):
    book = openpyxl.load_workbook(BytesIO(content))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "d"}
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in archive.read(name).replace(b"&lt;f&gt;", b"")
                assert b"<f " not in archive.read(name)


def test_nothing_leads_out_of_the_file(content):
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = archive.namelist()
        assert not [n for n in names if re.search("external|embed|vba|ole|connection", n, re.I)]
        for name in names:
            if name.endswith(".rels"):
                text = archive.read(name).decode()
                assert "External" not in text
                assert "evil.example" not in text
    book = openpyxl.load_workbook(BytesIO(content))
    links = [
        cell.hyperlink
        for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink
    ]  # fmt: skip
    assert links
    assert all(link.location and not link.target and not link.id for link in links)


def test_what_was_written_can_be_read_again(content):
    sheet = openpyxl.load_workbook(BytesIO(content))["Mentions"]
    heads = [cell.value for cell in sheet[2]]
    at = heads.index("Comment, personal data masked")
    found = {row[at].value for row in sheet.iter_rows(min_row=3)}
    assert "=1+1 late again" in found  # also those with a tab or a line before it
    assert "-2+3+cmd|' /C calc'!A0 late again" in found
    assert "_x003D_1+1 late again" in found  # no escape of ours or Excel’s
    assert "שלום עולם, איחור late again" in found
    assert "abc late again" in found
    assert "reversed late again" in found
    assert "[link] late again" in found
    assert max(len(text.encode("utf-16-le")) // 2 for text in found) <= 32_767
    assert any(text.endswith("…") and text.startswith("xxx") for text in found)


def test_what_looks_like_a_formula_stays_a_text_when_it_is_edited(content):
    sheet = openpyxl.load_workbook(BytesIO(content))["Mentions"]
    risky = [
        cell
        for row in sheet.iter_rows(min_row=3)
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@"))
    ]
    assert len(risky) > 50
    assert all(cell.quotePrefix for cell in risky)


def test_every_part_is_well_formed(content):
    from xml.etree import ElementTree

    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))


def test_a_long_text_is_cut_and_it_is_said(content):
    sheet = openpyxl.load_workbook(BytesIO(content))["Mentions"]
    assert "Comments of more than 2,000 characters are cut" in sheet["A1"].value
    longest = max(
        len(str(cell.value)) for row in sheet.iter_rows(min_row=3) for cell in row if cell.value
    )
    assert longest <= 2_000 <= MAX_CELL


def test_a_segment_may_be_called_as_a_column_of_ours(content):
    sheet = openpyxl.load_workbook(BytesIO(content))["Mentions"]
    heads = [cell.value for cell in sheet[2]]
    assert heads.count("polarity") == 1
    assert heads.count("Polarity") == 1
    assert "=cmd|' /C calc'!A0" in heads


def test_personal_data_are_masked():
    texts = ["Mail kari@example.com or call 0612345678, late"] * 40
    comments, mentions = told([2, 9] * 20, [[("price", "negative")], []] * 20, texts=texts)
    content = to_xlsx(build_report(comments, mentions))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"kari@" not in everything
    assert b"0612345678" not in everything
    assert b"[e-mail]" in everything
