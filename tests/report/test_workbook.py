"""The spreadsheet: what is in it, that it adds up, and where its links lead."""

import datetime as dt
from dataclasses import replace
from io import BytesIO

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sectioned import hard, hard_source, in_language, source_of

from feedback_nlp.drivers.impact.columns import COLUMNS
from feedback_nlp.records import REPORT_LANGUAGES
from feedback_nlp.report.blocks import Section
from feedback_nlp.report.report import Report
from feedback_nlp.report.sections import answer
from feedback_nlp.report.workbook import to_xlsx
from feedback_nlp.report.workbook.columns import heading
from feedback_nlp.report.workbook.mentions import _limit, choose
from feedback_nlp.report.workbook.names import LONGEST, sheet_name
from feedback_nlp.wordings import wording_in

pytestmark = pytest.mark.filterwarnings("ignore:.*xtension is not supported:UserWarning")
HEADS = 2  # the row of the headings


@pytest.fixture(scope="module")
def book(report):
    return read(to_xlsx(report))


def read(content):
    return openpyxl.load_workbook(BytesIO(content))


def bare(source):
    """Return a report without sections, which is quick to make."""
    return Report(
        title="Shops", language=source.said.language, rating=source.rating, score=source.score,
        answer=answer.build(source), sections=(), explanation=source.explanation, source=source,
    )  # fmt: skip


def rows_of(sheet):
    """Return the rows below the headings, each as a dictionary."""
    heads = [cell.value for cell in sheet[HEADS]]
    return [
        dict(zip(heads, (cell.value for cell in row), strict=True))
        for row in sheet.iter_rows(min_row=HEADS + 1)
    ]


def links_of(sheet):
    return [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def test_it_has_a_sheet_for_each_table_and_says_what_each_holds(report, book):
    assert book.sheetnames[:3] == ["Summary", "Themes and points", "Sub-themes"]
    assert {"Mentions", "Data quality", "Method"} <= set(book.sheetnames)
    listed = {row[0].value: row[1].value for row in book["Summary"].iter_rows(max_col=2)}
    for name in book.sheetnames[1:]:
        assert name in listed
    assert listed["Mentions"] == len(report.source.mentions)
    assert listed[report.answer.name] == pytest.approx(report.score.value)


def test_the_drivers_are_those_of_the_explanation_and_add_up(report, book):
    rows = rows_of(book["Themes and points"])
    table = report.explanation.table
    by_id = {row["Theme (id)"]: row for row in rows}
    for wanted in table.to_dict("records"):
        row = by_id[wanted["theme"]]
        assert row["Blame it"] == wanted["n_negative"]
        for column, head in (
            ("points_lost", "Points lost"),
            ("adjusted_gain_low", "Difference, other themes equal: low end"),
            ("share_detractors", "Blame it, of all detractors"),
            ("q_value", "q"),
        ):
            assert row[head] == pytest.approx(wanted[column], nan_ok=True) or (
                row[head] is None and np.isnan(wanted[column])
            )
    total = sum(row["Points lost"] or 0 for row in rows)
    assert total == pytest.approx(100 - report.score.value)


def test_numbers_are_numbers_and_dates_are_dates(book):
    row = book["Mentions"][HEADS + 1]
    by = {head.value: cell for head, cell in zip(book["Mentions"][HEADS], row, strict=True)}
    assert isinstance(by["Date"].value, dt.datetime)
    assert by["Date"].number_format == "yyyy-mm-dd"
    assert by["Rating (nps)"].data_type == "n"
    assert by["Confidence of the theme"].value == pytest.approx(0.9, abs=1e-6)
    assert by["Confidence of the theme"].number_format == "0.0%"
    drivers = book["Themes and points"]
    formats = {head.value: cell.number_format for head, cell in zip(drivers[2], drivers[3])}  # noqa: B905
    assert formats["Blame it"] == "#,##0"
    assert formats["Points lost"] == "0.0"
    assert formats["Score of the others"] == "+0.0;-0.0;0.0"


def test_each_driver_leads_to_just_its_negative_mentions(report, book):
    mentions = rows_of(book["Mentions"])
    told = report.source.mentions
    links = links_of(book["Themes and points"])
    assert len(links) > 2
    for link in links:
        sheet, _, place = link.location.partition("!")
        first, last = (int(end[1:]) for end in place.split(":"))
        assert sheet.strip("'") == "Mentions"
        name = book["Themes and points"].cell(int(link.ref[1:]), 1).value
        inside = mentions[first - HEADS - 1 : last - HEADS]
        assert {(row["Theme"], row["Polarity"]) for row in inside} == {(name, "negative")}
        everywhere = [r for r in mentions if (r["Theme"], r["Polarity"]) == (name, "negative")]
        assert len(inside) == len(everywhere)
        theme = told["theme"].astype("str").str.partition(".")[0].str.capitalize() == name
        assert len(inside) == int((theme & (told["polarity"] == "negative")).sum())


def test_every_mention_is_there_with_its_comment(report, book):
    rows = rows_of(book["Mentions"])
    told = report.source.mentions
    assert len(rows) == len(told)
    assert sorted(row["Comment (id)"] for row in rows) == sorted(told["comment_id"])
    for row in rows[:50]:
        assert row["Evidence"] in row["Comment, personal data masked"]
    by_id = report.source.comments.set_index("comment_id")
    for row in rows:
        given = by_id.loc[row["Comment (id)"], "nps"]
        assert row["Rating (nps)"] == given or (row["Rating (nps)"] is None and np.isnan(given))
    ratings = [row["Rating (nps)"] for row in rows if row["Group"] == "detractors"]
    assert max(ratings) <= 6


def test_unknown_polarity_is_not_neutral(book):
    assert {row["Polarity"] for row in rows_of(book["Mentions"])} == {
        "negative", "positive", "unknown",
    }  # fmt: skip


def test_too_many_mentions_are_cut_evenly_and_it_is_said(report):
    sheet = read(to_xlsx(report, most_mentions=60))["Mentions"]
    rows = rows_of(sheet)
    sizes = pd.Series([(row["Theme"], row["Polarity"]) for row in rows]).value_counts()
    whole = choose(report.source)
    chosen = choose(report.source, 60)
    assert 50 < len(rows) <= 60
    assert sizes.max() == chosen.most
    assert len(sizes) == len(whole.blocks)
    assert f"{len(rows)} of {len(report.source.mentions)} mentions" in sheet["A1"].value
    assert "mentions.parquet" in sheet["A1"].value


@given(st.lists(st.integers(1, 500), min_size=1, max_size=30), st.integers(30, 3000))
def test_the_limit_is_the_largest_that_fits(sizes, most):
    assume(sum(sizes) > most)
    limit = _limit(np.array(sizes), most)
    kept = sum(min(size, limit) for size in sizes)
    more = sum(min(size, limit + 1) for size in sizes)
    assert kept <= most
    assert more > most


def test_the_same_report_gives_the_same_bytes(report):
    assert to_xlsx(report) == to_xlsx(report)


@pytest.mark.parametrize("language", REPORT_LANGUAGES)
def test_it_speaks_the_language_of_the_report(report, language):
    report = bare(in_language(report.source, language))
    book, said = read(to_xlsx(report)), wording_in(language)
    sheets = {
        said.say(f"workbook.sheet.{key}") for key in ("summary", "drivers", "mentions", "method")
    }
    assert sheets <= set(book.sheetnames)
    mentions = rows_of(book[said.say("workbook.sheet.mentions")])
    assert {row[said.say("workbook.column.polarity")] for row in mentions} == {
        said.say(f"polarity.{one}") for one in ("negative", "positive", "unknown")
    }
    if language == "en":
        return
    own = {"p_value", "q_value"}
    for name in COLUMNS:
        shown = heading(name, report.source, "drivers")
        assert "_" not in shown
        assert name in own or shown != name.replace("_", " ").capitalize()


def test_a_table_that_nobody_foresaw_is_written_with_sensible_formats(report):
    table = pd.DataFrame(
        {
            "theme": ["delivery", "price.level", "no_comment"],
            "shop [north]": pd.Categorical(["x", None, "<b>y</b>"]),
            "seen": pd.to_datetime(["2025-01-02", None, "1850-05-06"]),
            "n_odd": pd.array([1, None, 3], dtype="Int64"),
            "share_of_odd": [0.5, np.nan, np.inf],
            "sure": [True, False, True],
            "when": pd.to_datetime(["2025-01-02 10:00:00+02:00"] * 3),
            "whatever": [1.25, 2.5, -3.0],
        }
    )
    added = Section(
        id="odd", nav="Odd", title="Something odd was found",
        tables={"odd: [all]/new?": table, "none at all": table.head(0),
                "no columns": pd.DataFrame()},
    )  # fmt: skip
    book = read(to_xlsx(replace(report, sections=(*report.sections, added))))
    sheet = book["Odd all new"]
    assert sheet["A1"].value == "Something odd was found"
    rows = rows_of(sheet)
    assert [row["Theme"] for row in rows] == ["Delivery", "Price: level", "Wrote nothing"]
    assert [row["N odd"] for row in rows] == [1, None, 3]
    assert [row["Seen"] for row in rows] == [dt.datetime(2025, 1, 2), None, "1850-05-06"]
    assert [row["Sure"] for row in rows] == ["yes", None, "yes"]
    assert [row["Whatever"] for row in rows] == [1.25, 2.5, -3.0]
    assert rows_of(book["None at all"]) == []
    assert "No columns" not in book.sheetnames


@pytest.mark.parametrize("case", list(hard()))
def test_what_is_hard_to_say_is_written_all_the_same(case):
    report = bare(in_language(hard_source(case), "nl"))
    book = read(to_xlsx(report))
    assert len(rows_of(book["Vermeldingen"])) == len(report.source.mentions)
    assert book["Samenvatting"]["A1"].value


@pytest.mark.parametrize(("rating", "shown"), [("csat", '0.0"%"'), ("nps", "+0.0;-0.0;0.0")])
def test_scores_are_written_in_their_unit(tables, rating, shown):
    book = read(to_xlsx(bare(source_of(*tables, rating))))
    assert book["Summary"]["B2"].number_format == shown


@pytest.mark.parametrize("name", ["n", "value", "promoters", "month", "group", "theme"])
def test_a_segment_may_be_called_like_a_figure(tables, report, name):
    comments = tables[0].rename(columns={"shop": name})
    comments.attrs = tables[0].attrs
    source = replace(report.source, comments=comments, segments=(name,))
    scores = rows_of(read(to_xlsx(bare(source)))["Scores"])
    own = [row for row in scores if row["Group"] in ("north", "south", "<i>west</i>")]
    assert len(own) == 3
    assert sum(row["Respondents"] for row in own) == scores[0]["Respondents"] == report.score.n


@given(st.lists(st.text(max_size=50), max_size=12))
def test_names_of_sheets_are_such_as_a_spreadsheet_takes(wanted):
    names = []
    for one in wanted:
        names.append(sheet_name(one, names))
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name) <= LONGEST
        assert not set(name) & set("[]:*?/\\")
        assert name.strip("'") == name
        assert name.casefold() != "history"


def test_sheets_are_ready_to_filter_and_to_print(book):
    for name in ("Themes and points", "Mentions"):
        sheet = book[name]
        assert sheet.freeze_panes == "B3"
        assert sheet.auto_filter.ref.startswith("A2:")
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.print_title_rows == "$2:$2"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert book.properties.title == "Shops <2025>"
