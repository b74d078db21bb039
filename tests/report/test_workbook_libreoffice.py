"""The spreadsheet in LibreOffice: each sheet as csv and as pdf, its numbers those of the report."""

import csv
import re
import shutil
import subprocess

import pandas as pd
import pytest

from feedback_nlp.report.workbook import to_xlsx

SOFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.libreoffice,
    pytest.mark.skipif(
        not SOFFICE, reason="LibreOffice is not here: apt-get install libreoffice-calc-nogui"
    ),
]
# All sheets, comma, quote, UTF-8, values as they are and not as they are shown, text quoted.
EACH_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,false,false,false,-1"


def convert(content, wanted, folder):
    """Convert a spreadsheet with LibreOffice and return the files it made."""
    (folder / "report.xlsx").write_bytes(content)
    subprocess.run(
        [SOFFICE, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to",
         wanted, "--outdir", folder / "out", folder / "report.xlsx"],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return sorted((folder / "out").iterdir())


@pytest.fixture(scope="module")
def sheets(report, tmp_path_factory):
    """Return the rows of each sheet, as LibreOffice reads them."""
    files = convert(to_xlsx(report), EACH_SHEET, tmp_path_factory.mktemp("csv"))
    found = {}
    for file in files:
        with file.open(encoding="utf-8", newline="") as lines:
            found[file.stem.removeprefix("report-")] = list(csv.reader(lines))
    return found


def rows_of(sheet):
    return [dict(zip(sheet[1], row, strict=True)) for row in sheet[2:]]


def number(text):
    if text.endswith("%"):
        return float(text[:-1]) / 100
    return float(text) if text else float("nan")


def test_the_drivers_are_the_same_numbers(report, sheets):
    by_id = {row["Theme (id)"]: row for row in rows_of(sheets["Themes and points"])}
    for wanted in report.explanation.table.to_dict("records"):
        row = by_id[wanted["theme"]]
        for column, head in (
            ("n_negative", "Blame it"),
            ("points_lost", "Points lost"),
            ("points_lost_high", "Points lost: high end"),
            ("share_promoters", "Blame it, of all promoters"),
            ("odds_ratio", "Odds ratio"),
            ("p_value", "p"),
        ):
            assert number(row[head]) == pytest.approx(wanted[column], rel=1e-9, nan_ok=True)


def test_the_mentions_are_the_same(report, sheets):
    rows = rows_of(sheets["Mentions"])
    told = report.source.mentions
    assert len(rows) == len(told)
    polarities = pd.Series([row["Polarity"] for row in rows]).value_counts().to_dict()
    assert (
        polarities == told["polarity"].astype("object").fillna("unknown").value_counts().to_dict()
    )
    by_id = report.source.comments.set_index("comment_id")
    for row in rows[::7]:
        given = by_id.loc[row["Comment (id)"]]
        assert number(row["Rating (nps)"]) == pytest.approx(given["nps"], nan_ok=True)
        assert row["Date"].startswith(f"{given['date']:%Y-%m-%d}")
        assert number(row["Confidence of the theme"]) == pytest.approx(0.9, abs=1e-6)
    assert any(row["Comment, personal data masked"].startswith("=HYPERLINK(") for row in rows)


def test_no_sheet_has_an_error_or_a_formula_that_was_worked_out(sheets):
    for rows in sheets.values():
        cells = [cell for row in rows for cell in row]
        assert not [c for c in cells if re.match(r"#(REF|NAME|VALUE|DIV/0|N/A)|Err:\d", c)]


def test_the_tables_of_the_sections_are_the_same_numbers(report, sheets):
    said = report.source.said
    for key, table in report.tables.items():
        name = said.texts.get(f"workbook.sheet.{key.replace(' ', '_')}")
        if name not in sheets or key in ("quality", "drivers"):  # quality is a page
            continue
        numbers = table.select_dtypes("number").drop(columns=["rating", "group"], errors="ignore")
        rows = sheets[name][2:]
        assert len(rows) == len(table)
        seen = {
            number(c) for row in rows for c in row if re.fullmatch(r"-?[\d.]+(E[+-]?\d+)?%?", c)
        }
        for value in numbers.to_numpy(dtype=float).ravel():
            if value == value and abs(value) != float("inf"):
                assert any(abs(value - one) <= 1e-9 * max(abs(value), 1) for one in seen), (
                    key,
                    value,
                )


def test_the_summary_says_the_score(report, sheets):
    row = sheets["Summary"][1]
    assert row[0] == report.answer.name
    assert number(row[1]) == pytest.approx(report.score.value)


@pytest.mark.slow
def test_every_sheet_is_printed_as_wide_as_a_page(report, tmp_path):
    (pdf,) = convert(to_xlsx(report), "pdf", tmp_path)
    shown = subprocess.run(["pdfinfo", pdf], check=True, capture_output=True, text=True).stdout
    pages = int(re.search(r"Pages:\s+(\d+)", shown)[1])
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True
    ).stdout
    by_page = text.split("\f")[:pages]
    footers = [re.search(r"Shops <2025>\s+(.*?)\s+(\d+) / (\d+)\s*$", page) for page in by_page]
    assert all(footers)
    names = list(dict.fromkeys(found[1] for found in footers))
    assert names[0] == "Summary"
    assert names[-1] == "Method"
    heads = [page for page, found in zip(by_page, footers, strict=True) if found[1] == "Mentions"]
    assert all("Evidence" in page and "Polarity" in page for page in heads)  # on each page again
