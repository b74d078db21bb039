"""The report as HTML, Markdown, JSON, a spreadsheet and pictures: complete, self-contained, safe."""

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
from feedback_nlp.report.blocks import ReasonBlock
from feedback_nlp.report.page.html import to_html
from feedback_nlp.report.text import to_markdown
from feedback_nlp.schema import info, mentions_table, with_info

ENDINGS = (".html", ".md", ".json", ".xlsx")
INVISIBLE = "[\u202a-\u202e\u2066-\u2069\u200b\x00-\x08]"


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


def written(report, ending, folder):
    return report.write(folder / f"report{ending}").read_bytes()


@pytest.fixture(scope="module")
def html(report):
    return to_html(report)


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def test_the_page_loads_nothing(html, page):
    assert {link[0] for link in page.links} == {"#"}
    assert not {tag for tag, _ in page.tags} & {"link", "iframe", "object", "img", "base", "form"}
    assert not any(name.startswith("on") or name == "style" for _, a in page.tags for name in a)
    assert "url(http" not in html
    assert "@import" not in html
    assert len(html.encode()) < 2_000_000


def test_the_content_policy_forbids_all_but_the_pages_own_style_and_script(html, page):
    policy = next(a["content"] for tag, a in page.tags if tag == "meta" and "http-equiv" in a)
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        found = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert found, tag
        for part in found:
            digest = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy


def test_every_section_is_there_and_linked(page, report):
    ids = ["answer", *(section.id for section in report.sections)]
    assert [id_ for id_ in page.ids if id_ in ids] == ids
    assert len(page.ids) == len(set(page.ids))
    targets = {link[1:].partition("?")[0] for link in page.links}
    assert set(ids) <= targets <= set(page.ids)
    headings = [tag for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert headings.count("h1") == 1
    assert {"header", "nav", "main", "footer"} <= {tag for tag, _ in page.tags}


def test_every_drawing_has_a_description(page):
    drawings = [attrs for tag, attrs in page.tags if tag == "svg"]
    assert len(drawings) > 10
    assert all(attrs.get("role") == "img" and attrs.get("aria-label") for attrs in drawings)


def test_page_and_text_say_what_the_report_says(page, report):
    seen = " ".join(" ".join(page.words).split())
    read = to_markdown(report).replace("\\", "")
    answer = report.answer
    reasons = [b for b in report.section("reasons").blocks if isinstance(b, ReasonBlock)]
    told = [answer.value, answer.certainty, answer.reasons_title, answer.reasons_note]
    told += [fact.label for fact in answer.facts]
    parts = [part for part in report.sections if part.id != "explore"]  # only the page has it
    told += [sentence for part in parts for sentence in (part.title, *part.lead)]
    told += [reason.sentence for reason in reasons]
    assert report.section("explore").title in seen
    for sentence in told:
        assert " ".join(sentence.split()) in seen, sentence
        assert sentence in read, sentence


def test_the_caution_of_the_first_screen_stands_beside_the_score():
    comments = pd.DataFrame({"comment_id": range(90), "nps": [2.0, 9, 10] * 30})
    comments["text"] = ["Far too slow.", "", ""] * 30
    report = build_report(comments, mentions_table([], []))
    page = to_html(report)
    assert page.index('class="big"') < page.index(report.answer.caution) < page.index('id="points"')
    assert report.answer.caution in to_markdown(report).replace("\\", "")


def test_what_customers_type_stays_text(html, report):
    own = re.sub(r"<script[^>]*>.*?</script>", "", html, flags=re.DOTALL)
    assert "<script" not in own
    assert "onerror=" not in own.replace("onerror=alert(1)&gt;", "")
    assert "<i>west</i>" not in html
    assert "&lt;i&gt;west&lt;/i&gt;" in html
    assert "Shops &lt;2025&gt;" in html
    assert not re.search(INVISIBLE, html)


def test_hostile_comments_alone_make_every_format(tables, tmp_path):
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
    title = '<img src=x onerror=alert(1)>"\u202e{{ 7*7 }}'
    report = build_report(everybody, said, by=["shop"], title=title)
    assert any(isinstance(b, ReasonBlock) and b.quotes for b in report.section("reasons").blocks)
    for ending in ENDINGS:
        assert len(written(report, ending, tmp_path)) < 700_000
    page = Page(re.sub(r"<script[^>]*>.*?</script>", "", to_html(report), flags=re.DOTALL))
    assert not {tag for tag, _ in page.tags} & {"img", "b"}
    assert {link[0] for link in page.links} == {"#"}
    text = to_markdown(report)
    assert "<" not in text.replace("\\<", "")
    assert not re.search(r"\u202e", text + to_html(report))


def test_markdown_has_no_markup_of_strangers(report):
    text = to_markdown(report)
    assert "<" not in text
    assert "&lt;i&gt;west" in text
    assert not re.search(INVISIBLE, text)
    assert not re.search(r"\]\(http", text)


def test_long_tables_are_cut_in_markdown_and_it_says_so(report):
    text = to_markdown(report)
    table = next(b for b in report.section("trend").blocks[1:] if hasattr(b, "table")).table
    assert len(table.rows) > 0
    for rows in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert rows.count("\n") <= 42


def test_json_holds_the_report_as_plain_values(report, tmp_path):
    content = json.loads(written(report, ".json", tmp_path))
    assert content["score"]["n"] == report.score.n
    assert content["score"]["value"] == report.score.value
    assert [s["id"] for s in content["sections"]] == [s.id for s in report.sections]
    assert {"source", "explanation"}.isdisjoint(content)
    by_id = {section["id"]: section for section in content["sections"]}
    cloud = by_id["words"]["blocks"][0]["left"]["drawing"]["cloud"]
    assert cloud["table"][0]["n_comments"] > 0
    reasons = [b for b in by_id["reasons"]["blocks"] if "rank" in b]
    assert reasons[0]["estimate"]["low"] < reasons[0]["estimate"]["value"]
    assert not re.search("NaN|Infinity", json.dumps(content))


def test_nothing_in_the_spreadsheet_is_a_formula_or_a_link(report, tmp_path):
    book = openpyxl.load_workbook(BytesIO(written(report, ".xlsx", tmp_path)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    outside = [c.hyperlink for c in cells if c.hyperlink and c.hyperlink.target]
    assert not outside
    assert not any(re.search(INVISIBLE, str(cell.value)) for cell in cells if cell.value)


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_report_gives_the_same_bytes(report, ending, tmp_path):
    assert written(report, ending, tmp_path) == written(report, ending, tmp_path)


def test_write_goes_by_the_ending_and_leaves_nothing_half_done(report, tmp_path):
    assert report.write(tmp_path / "report.HTML").exists()
    with pytest.raises(FeedbackError, match=r"No report can be written to 'report\.pdf'"):
        report.write(tmp_path / "report.pdf")
    with pytest.raises(FeedbackError, match="to 'report': end the name with"):
        report.write(tmp_path / "report")
    with pytest.raises(FileFormatError, match="Cannot write"):
        report.write(tmp_path / "none" / "report.md")
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(FileFormatError, match="Cannot write"):
        report.write(tmp_path / "folder.md")
    assert {path.name for path in tmp_path.iterdir()} == {"report.HTML", "folder.md"}
