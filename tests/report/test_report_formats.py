"""The report as HTML, Markdown, JSON and a spreadsheet: complete, self-contained, safe."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from io import BytesIO

import openpyxl
import pandas as pd
import pytest

from feedback_nlp.errors import FeedbackError, FileFormatError
from feedback_nlp.report import build_report
from feedback_nlp.report.render import report_bytes
from feedback_nlp.schema import info, with_info

SECTIONS = ["answer", "points", "reasons", "words", "themes", "trend", "segments", "answers", "how"]


class Page(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.ids, self.links, self.words = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            if name in ("src", "href", "xlink:href", "action", "data", "srcset"):
                self.links.append(value)

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def html(report):
    return report_bytes(report, ".html").decode()


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def test_the_page_loads_nothing(html, page):
    assert {link[0] for link in page.links} == {"#"}
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "object", "img", "base"}
    assert not any(name.startswith("on") or name == "style" for _, a in page.tags for name in a)
    assert "url(http" not in html
    assert "@import" not in html
    assert len(html.encode()) < 2_000_000


def test_the_content_policy_forbids_all_but_the_pages_own_style(html, page):
    policy = next(a["content"] for tag, a in page.tags if tag == "meta" and "http-equiv" in a)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    style = html[html.index("<style>") + 7 : html.index("</style>")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in policy


def test_every_section_is_there_and_linked(page):
    assert [id_ for id_ in page.ids if id_ in SECTIONS] == SECTIONS
    assert len(page.ids) == len(set(page.ids))
    targets = {link[1:] for link in page.links}
    assert set(SECTIONS) <= targets <= set(page.ids)
    headings = [tag for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert headings.count("h1") == 1
    assert {"header", "nav", "main", "footer"} <= {tag for tag, _ in page.tags}


def test_every_chart_has_a_description_and_every_section_a_table(page):
    charts = [attrs for tag, attrs in page.tags if tag == "svg"]
    assert len(charts) > 10
    assert all(attrs.get("role") == "img" and attrs.get("aria-label") for attrs in charts)
    assert sum(tag == "details" for tag, _ in page.tags) >= 8


def test_the_numbers_of_the_report_are_on_the_page(page, report):
    words = " ".join(" ".join(page.words).split())
    assert report.answer.score in words
    assert report.answer.interval in words
    for reason in report.reasons:
        assert reason.sentence in words
    for total in report.how_made.sums:
        assert total.sentence in words
    for limit in report.how_made.limits:
        assert limit in words
    assert "unknown" in words


def test_what_customers_type_stays_text(html, report, tables):
    assert "<script" not in html
    assert "onerror=" not in html.replace("onerror=alert(1)&gt;", "")
    assert "<i>west</i>" not in html
    assert "&lt;i&gt;west&lt;/i&gt;" in html
    assert "Shops &lt;2025&gt;" in html
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x00-\x08]", html)
    assert "49" not in re.findall(r"\{\{[^}]*\}\}", html)


def test_hostile_comments_alone_make_a_page_too(tables):
    comments, mentions = tables
    chosen = comments["comment_id"].isin(["c050", "c051", "c052", "c053"])
    kept = mentions[mentions["comment_id"].isin(comments.loc[chosen, "comment_id"])]
    again = [
        comments[chosen].assign(comment_id=comments["comment_id"] + f"x{i}", nps=i % 7.0)
        for i in range(10)
    ]
    happy = comments[chosen].assign(
        comment_id=comments["comment_id"] + "h", text="fine, thanks", nps=10.0
    )
    everybody = pd.concat(
        [*again, *(happy.assign(comment_id=happy["comment_id"] + str(i)) for i in range(10))]
    )
    everybody = with_info(everybody.drop(columns="respondent_id"), info(comments))
    said = pd.concat([kept.assign(comment_id=kept["comment_id"] + f"x{i}") for i in range(10)])
    report = build_report(everybody, said, by=["shop"])
    assert report.reasons[0].quotes
    for ending in (".html", ".md", ".json", ".xlsx"):
        content = report_bytes(report, ending)
        assert len(content) < 500_000
    page = Page(report_bytes(report, ".html").decode())
    assert not {tag for tag, _ in page.tags} & {"script", "img", "b"}
    assert {link[0] for link in page.links} == {"#"}


def test_markdown_has_the_same_numbers_and_no_markup_of_strangers(report):
    text = report_bytes(report, ".md").decode()
    assert f"**Net Promoter Score: {report.answer.score}**" in text
    assert "<script" not in text
    for reason in report.reasons:
        assert f"### {reason.rank}. {reason.name}" in text
    for total in report.how_made.sums:
        assert total.sentence in text
    assert "&lt;i&gt;west" in text


def test_json_holds_the_report_as_plain_values(report):
    content = json.loads(report_bytes(report, ".json"))
    assert content["score"]["n"] == report.score.n
    assert content["score"]["value"] == report.score.value
    assert [r["theme"] for r in content["reasons"]] == [r.theme for r in report.reasons]
    assert content["clouds"][0]["cloud"]["terms"][0]["n_comments"] > 0
    assert "mentions" not in content


@pytest.fixture(scope="module")
def book(report):
    return openpyxl.load_workbook(BytesIO(report_bytes(report, ".xlsx")))


def test_the_spreadsheet_has_its_sheets_frozen_and_filtered(book):
    assert book.sheetnames == [
        "Summary", "Drivers", "Themes", "Reasons & quotes", "Scores", "Words", "Mentions", "Method",
    ]  # fmt: skip
    for sheet in book:
        noted = sheet.title == "Mentions"  # above its header: that long comments are cut
        assert sheet.freeze_panes == ("B3" if noted else "B2")
        assert sheet.auto_filter.ref
        assert sheet.max_row > 1


def test_the_spreadsheet_has_the_numbers(book, report, tables):
    drivers_rows = list(book["Drivers"].values)
    drivers = pd.DataFrame(drivers_rows[1:], columns=drivers_rows[0])
    assert drivers["Theme id"].tolist() == report.drivers["theme"].tolist()
    assert drivers["Points lost"].iloc[0] == pytest.approx(report.reasons[0].points.value)
    note, *mentions = book["Mentions"].values
    assert "comments.parquet has all of them" in note[0]
    assert max(len(row[5]) for row in mentions) == 2_000
    assert len(mentions) - 1 == len(tables[1])
    assert mentions[0][:6] == (
        "Comment", "Theme", "Theme id", "Polarity", "Evidence", "Comment, personal data masked",
    )  # fmt: skip
    assert "unknown" in {row[3] for row in mentions}
    scores = list(book["Scores"].values)
    assert scores[1][0] == "all"
    assert scores[1][2] == pytest.approx(report.score.value)


def test_nothing_in_the_spreadsheet_is_a_formula_or_a_link(book):
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    links = [cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(links)
    texts = [cell.value for row in book["Mentions"].iter_rows() for cell in row if cell.value]
    assert any(str(text).startswith("=HYPERLINK") for text in texts)
    assert not any(re.search("[\u202a-\u202e\x00-\x08]", str(text)) for text in texts)


def test_mentions_beyond_the_limit_are_said(report, monkeypatch):
    monkeypatch.setattr("feedback_nlp.report.spreadsheet.MAX_MENTIONS", 100)
    book = openpyxl.load_workbook(BytesIO(report_bytes(report, ".xlsx")))
    assert book["Mentions"]["A1"].value.startswith("The first 100 of")
    assert book["Mentions"].freeze_panes == "B3"


@pytest.mark.parametrize("ending", [".html", ".md", ".json", ".xlsx"])
def test_the_same_report_gives_the_same_bytes(report, ending):
    assert report_bytes(report, ending) == report_bytes(report, ending)


def test_write_goes_by_the_ending_and_leaves_nothing_half_done(report, tmp_path):
    assert report.write(tmp_path / "report.HTML").exists()
    with pytest.raises(FeedbackError, match=r"No report format '\.pdf'"):
        report.write(tmp_path / "report.pdf")
    with pytest.raises(FeedbackError, match="without an ending"):
        report.write(tmp_path / "report")
    with pytest.raises(FileFormatError, match="Cannot write"):
        report.write(tmp_path / "none" / "report.md")
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(FileFormatError, match="Cannot write"):
        report.write(tmp_path / "folder.md")
    assert {path.name for path in tmp_path.iterdir()} == {"report.HTML", "folder.md"}
