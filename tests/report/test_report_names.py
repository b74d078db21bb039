"""Names that come from outside: of themes, of columns, of the report; and periods as segments."""

import io
import re
import zipfile

import numpy as np
import pandas as pd
import pytest
from sectioned import told

from feedback_nlp.report import build_report
from feedback_nlp.report.images import pictures
from feedback_nlp.report.page.html import to_html
from feedback_nlp.report.text import to_markdown
from feedback_nlp.report.workbook import to_xlsx
from feedback_nlp.report.writing import write_report

NAMES = {
    "delivery": "De\x07liv\u202eery</script>",
    "delivery.speed": "Sp\x00eed",
    "price": "=1+1",
}
UNSAFE = re.compile("[\x00-\x08\u202a-\u202e]|_x000")


def survey(**columns):
    rng = np.random.default_rng(0)
    themes = [
        [("delivery.speed", "negative")] if i % 3 else [("price", "positive")] for i in range(200)
    ]
    comments, mentions = told(rng.integers(0, 11, 200), themes)
    return comments.assign(date=pd.date_range("2025-01-01", periods=200), **columns), mentions


@pytest.fixture(scope="module")
def report():
    comments, mentions = survey(**{"sh\x07op": ["a\x07b\u202e", "</svg><script>x"] * 100})
    return build_report(comments, mentions, by=["sh\x07op"], names=NAMES, title="T\x07itle\u202e")


def test_no_format_has_the_unsafe_signs_of_a_name(report, tmp_path):
    with zipfile.ZipFile(io.BytesIO(to_xlsx(report))) as book:
        sheets = "".join(book.read(name).decode() for name in book.namelist())
    json = write_report(report, tmp_path / "r.json").read_text("utf-8").replace("\\u", "\\ u")
    for text in (to_html(report), to_markdown(report), json, sheets):
        assert not UNSAFE.search(text)
    assert "Delivery</script>" in set(report.tables["drivers"]["name"])
    assert report.title == "Title"


def test_every_picture_is_drawn_whatever_a_theme_is_called(report, small_pictures):
    drawn = list(pictures(report))
    assert len(drawn) > 8
    assert all(content.startswith(b"\x89PNG") for _, content in drawn)


@pytest.mark.parametrize("period", ["week", "month", "quarter"])
def test_a_period_can_be_a_segment(period):
    comments, mentions = survey()
    days = pd.date_range("2025-01-01", periods=200, freq="12h")
    report = build_report(comments.assign(date=days), mentions, by=[period], language="nl")
    table = report.tables["segments"]
    assert set(table["column_1"]) == {period}
    assert table["n"].sum() <= 200
    assert len(to_xlsx(report))


def test_a_column_of_the_export_may_be_called_as_a_period():
    comments, mentions = survey(week=["early", "late"] * 100)
    report = build_report(comments, mentions, by=["week"], language="nl")
    assert set(report.tables["segments"]["value_1"]) == {"early", "late"}
    assert len(to_xlsx(report))
