"""The report in Dutch, Norwegian and Latvian: no text of ours is left in English.

Golden files hold the report of a small survey; after a change that is meant, write them anew and
read them: ``UPDATE_GOLDEN=1 pytest tests/report/test_report_languages.py``.
"""

import json
import os
import re
from dataclasses import fields, is_dataclass
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from conftest import survey
from sectioned import hard

from feedback_nlp.report import build_report
from feedback_nlp.report.blocks import Explore, Figure, Pair, Quote, ReasonBlock
from feedback_nlp.report.images import pictures
from feedback_nlp.report.page.html import to_html
from feedback_nlp.report.svg import NARROW, WIDE
from feedback_nlp.report.text import to_markdown
from feedback_nlp.schema import with_info
from feedback_nlp.taxonomy import load_taxonomy
from feedback_nlp.wordings import wording_in

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
OTHERS = ("nl", "nb", "lv")
ALL = ("en", *OTHERS)
RATINGS = ("nps", "csat", "ces")
WORDS = 3  # so many words of an English entry in a row are English


@cache
def built(language, rating):
    """The report of the survey, with names of themes and every section that can be there.

    For the NPS; other ratings differ in the words for the score, and get a smaller survey.
    """
    comments, mentions = survey(360 if rating == "nps" else 180)
    noted = comments.attrs
    comments = comments.assign(
        ces=comments["csat"], sentiment=["positive", "negative"] * (len(comments) // 2)
    )
    comments.attrs = noted
    mentions = with_info(mentions, load_taxonomy().noted())
    return build_report(comments, mentions, rating, language=language, title="2025")


def texts_of(value):
    """Return every text of the records, without quotes and what the page's script holds."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Quote):
        yield value.source
    elif isinstance(value, Explore):
        labels = (re.sub(r"\{\w+\}", "", label) for label in value.labels.values())
        yield from (value.title, value.sentence, *labels)  # the page fills the labels
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in ("source", "explanation", "tables", "id", "theme"):
                yield from texts_of(getattr(value, field.name))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, dict):
        yield from texts_of(list(value.values()))


def told(report):
    """Return the texts of a report: those of the records, and those that drawings write."""
    said = wording_in(report.language)
    drawn = [
        block.drawing.svg(said, width)
        for section in report.sections for block in section.blocks if hasattr(block, "drawing")
        for width in (WIDE, NARROW)
    ]  # fmt: skip
    inside = [text for one in drawn for text in re.findall(r"<text[^>]*>(.*?)</text>", one)]
    return [*texts_of([report.answer, report.sections, report.absent]), *inside]


@cache
def english():
    """Return every run of three words of the English entries, without names from outside."""
    runs = set()
    for text in wording_in("en").texts.values():
        for form in [text] if isinstance(text, str) else text.values():
            for part in re.split(r"\{.*?\}|[.,:;()–“”]", form):
                words = part.lower().split()
                runs |= {" ".join(words[at : at + WORDS]) for at in range(len(words) - WORDS + 1)}
    return runs


@cache
def own(language):
    """Return the runs of words that the catalog of a language has itself."""
    runs = set()
    for text in wording_in(language).texts.values():
        for form in [text] if isinstance(text, str) else text.values():
            words = re.sub(r"\{.*?\}|[.,:;()–]", " ", form).lower().split()
            runs |= {" ".join(words[at : at + WORDS]) for at in range(len(words) - WORDS + 1)}
    return runs


def english_runs(report):
    """Return every run of three words that the English catalog has and that of the report not."""
    left = []
    foreign = english() - (own(report.language) if report.language != "en" else set())
    for text in told(report):
        words = re.sub(r"[.,:;()–“”]", " ", text).lower().split()
        runs = {" ".join(words[at : at + WORDS]) for at in range(len(words) - WORDS + 1)}
        left += [(run, text) for run in sorted(runs & foreign)]
    return left


@pytest.mark.parametrize("rating", RATINGS)
@pytest.mark.parametrize("language", OTHERS)
def test_no_text_of_ours_is_left_in_english(language, rating):
    assert english_runs(built(language, rating)) == []


def test_english_would_be_seen():
    assert len({run for run, _ in english_runs(built("en", "nps"))}) > 300


@pytest.mark.parametrize("rating", RATINGS)
@pytest.mark.parametrize("language", ALL)
def test_nothing_is_left_open_and_numbers_are_written_as_the_language_does(language, rating):
    report = built(language, rating)
    for text in told(report):
        assert not re.search(r"[{}]", text.replace("{{ 7*7 }}", "")), text
        assert not re.search(r"\b(nan|None(?! of)|inf|NaT|dtype)\b", text), text
    numbers = [text for text in told(report) if re.fullmatch(r"[−+]?[\d.,\s]+\s?%?", text)]
    assert len(numbers) > 30
    mark = "." if language == "en" else ","
    assert not any(
        re.search(rf"\d[{'.,'.replace(mark, '')}]\d{{1,2}}(\D|$)", one) for one in numbers
    )


@pytest.mark.parametrize("language", ALL)
def test_the_same_sections_with_the_same_numbers_in_every_language(language):
    report, base = built(language, "nps"), built("en", "nps")
    assert [section.id for section in report.sections] == [section.id for section in base.sections]
    assert [len(s.blocks) for s in report.sections[:-1]] == [
        len(s.blocks) for s in base.sections[:-1]
    ]
    for section, other in zip(report.sections, base.sections, strict=True):
        for block, same in zip(section.blocks, other.blocks, strict=False):
            if hasattr(block, "drawing") and section.id not in ("words",):
                values = [cell.value for row in block.table.rows for cell in row]
                others = [cell.value for row in same.table.rows for cell in row]
                numbers = [value for value in values if isinstance(value, (int, float))]
                assert numbers == [value for value in others if isinstance(value, (int, float))]


@pytest.mark.parametrize("language", ALL)
def test_the_page_says_its_language(language):
    assert f'<html lang="{language}"' in to_html(built(language, "nps"))


@pytest.mark.usefixtures("small_pictures")
@pytest.mark.parametrize("language", OTHERS)
def test_pictures_are_made_in_every_language(language):
    report = built(language, "nps")
    drawn = [name for name, content in pictures(report) if content.startswith(b"\x89PNG")]
    figures = [
        one for section in report.sections for block in section.blocks for one in figures_of(block)
    ]
    assert [name[3:] for name in drawn] == [f"{figure.id}.png" for figure in figures]


def figures_of(block):
    """Return the figures of a block."""
    if isinstance(block, Pair):
        return (block.left, block.right)
    if isinstance(block, ReasonBlock):
        return (block.figure,)
    return (block,) if isinstance(block, Figure) else ()


def cases():
    """Surveys that are hard to say, and those without segments or dates to speak of."""
    found = dict(hard())
    comments, mentions = found["one theme"]
    blank, none = found["no mentions"]
    found |= {
        "one level": (comments.assign(shop="north"), mentions),
        "no dates": (comments.assign(date=pd.NaT), mentions),
        "one date": (comments.assign(date=pd.Timestamp("2025-05-01")), mentions),
        "all blank": (blank.assign(text="  ", status="blank"), none),
        "repeated index": (comments.set_axis([0] * len(comments)), mentions),
    }
    return found


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("case", "language"), [(case, ALL[at % len(ALL)]) for at, case in enumerate(sorted(cases()))]
)
def test_hard_surveys_make_every_format_and_the_languages_take_turns(case, language, tmp_path):
    """What each section says of hard surveys in every language, its own tests look at."""
    comments, mentions = cases()[case]
    by = ["shop"] if "shop" in comments else None
    report = build_report(comments, mentions, language=language, by=by)
    for ending in (".html", ".md", ".json", ".xlsx"):
        assert report.write(tmp_path / f"report{ending}").stat().st_size > 500
    for section in report.sections:
        assert section.title, section.id
        assert section.blocks or section.lead, section.id
    for text in told(report):
        assert not re.search(r"\b(nan|None(?! of)|inf|NaT)\b|[{}]", text), text
    assert all(part.why.endswith(".") and part.nav for part in report.absent)


@cache
def small(language):
    """The report of a small survey without dates and segments, for golden files."""
    comments, mentions = survey(120)
    comments = with_info(comments.drop(columns=["date", "shop"]), {})
    return build_report(
        comments, with_info(mentions, load_taxonomy().noted()), language=language, max_comments=0,
        run={"model": {"name": "rules"}, "seed": 0},
    )  # fmt: skip


class Seen(HTMLParser):
    """The text of a page as it is read: one line for each piece, without style and script."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.lines, self.hidden = [], 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("style", "script", "svg")
        if tag == "section":
            self.lines.append(f"[{dict(attrs)['id']}]")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("style", "script", "svg")

    def handle_data(self, data):
        if not self.hidden and data.strip():
            self.lines.append(" ".join(data.split()))


def sheets(report, folder):
    """Return the names of the sheets with their first rows."""
    book = openpyxl.load_workbook(BytesIO(report.write(folder / "r.xlsx").read_bytes()))
    lines = []
    for sheet in book:
        lines.append(f"[{sheet.title}] {sheet.max_row} rows")
        for row in sheet.iter_rows(max_row=3, values_only=True):
            shown = (f"{value:.3g}" if isinstance(value, float) else value for value in row)
            lines.append(" | ".join(str(value) for value in shown if value is not None))
    return "\n".join(lines) + "\n"


def shortened(report):
    """Return what JSON says of the score, the first screen, the absent and the sections' titles."""
    whole = json.loads(json.dumps(report.to_dict()))
    kept = {
        name: whole[name] for name in ("title", "language", "rating", "score", "answer", "absent")
    }
    kept["sections"] = [
        {name: part[name] for name in ("id", "nav", "title", "lead")} for part in whole["sections"]
    ]
    return json.dumps(kept, ensure_ascii=False, indent=1) + "\n"


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
@pytest.mark.parametrize(
    ("name", "language", "write"),
    [
        ("report.en.md", "en", lambda report, _: to_markdown(report)),
        ("report.nl.md", "nl", lambda report, _: to_markdown(report)),
        ("report.json", "en", lambda report, _: shortened(report)),
        ("report.html.txt", "en", lambda report, _: "\n".join(Seen(to_html(report)).lines) + "\n"),
        ("report.xlsx.txt", "en", sheets),
    ],
)  # fmt: skip
def test_the_report_reads_as_the_golden_file(name, language, write, tmp_path):
    text, path = write(small(language), tmp_path), GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")
