"""What a customer wrote of themselves is masked wherever a comment is shown."""

import io
import zipfile

import pandas as pd
import pytest
from report.sectioned import told

from feedback_nlp import build_report
from feedback_nlp.report.page.html import to_html
from feedback_nlp.report.text import to_markdown
from feedback_nlp.report.workbook import to_xlsx

# Signs that are not seen stand inside of what is to be masked.
SECRETS = (
    "06-1234\u200b5678", "0612\u00ad345678", "jan\u200b@shop.example", "NL91ABNA\u20600417164300",
)  # fmt: skip
BARE = ("06-1234", "06123456", "0612", "shop.example", "ABNA", "0417164300", "5678 about")


@pytest.fixture(scope="module")
def report():
    late, fine = [("delivery.speed", "negative")], [("price", "positive")]
    texts = [
        f"The kiosk of shop {at % 9} was late once more, write {SECRETS[at % 4]} about it please"
        for at in range(80)
    ]
    comments, mentions = told([2, 9] * 40, [late, fine] * 40, texts=texts)
    comments["sentiment"] = ["positive", "negative"] * 40
    comments["sentiment_score"] = [0.9, -0.9] * 40
    comments["date"] = pd.date_range("2025-01-01", periods=80)
    comments["shop"] = ["north", "south"] * 40
    return build_report(comments, mentions, by=["shop"])


def test_a_number_with_an_invisible_sign_in_it_is_masked_in_every_format(report):
    written = {
        "html": to_html(report),
        "markdown": to_markdown(report),
        "json": str(report.to_dict()),
        "xlsx": unzipped(to_xlsx(report)),
        "text": str(report.explanation),
    }
    leaks = [(name, one) for name, text in written.items() for one in BARE if one in text]
    assert leaks == []


def unzipped(content):
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist())
