"""Of very many comments a sample is read for words, and the report says so with both numbers."""

import pandas as pd
import pytest

from feedback_nlp.report.build import build_report
from feedback_nlp.report.sections import emerging, words
from feedback_nlp.schema import mentions_table


def comments_of(number):
    """Comments of two groups, each text its own."""
    low = [f"The courier was late again, parcel a{at}" for at in range(number)]
    top = [f"Friendly people in the shop, thank you b{at}" for at in range(number)]
    table = pd.DataFrame({"text": low + top, "nps": [2] * number + [10] * number})
    table["comment_id"] = [f"c{at}" for at in range(2 * number)]
    table["language"], table["status"] = "en", "ok"
    table["date"] = pd.date_range("2025-01-01", periods=2 * number, freq="h")
    return table


def section(report, name):
    return next(one for one in report.sections if one.id == name)


@pytest.fixture
def small_samples(monkeypatch):
    monkeypatch.setattr(words, "MOST", 50)
    monkeypatch.setattr(emerging, "MOST", 80)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "random sample"), ("nl", "aselecte steekproef")]
)
def test_sections_of_words_say_how_many_of_how_many_comments_they_read(
    small_samples, language, said
):
    report = build_report(comments_of(70), mentions_table([], []), language=language)
    lead = section(report, "words").lead[-1]
    assert said in lead
    assert "100" in lead
    assert "140" in lead
    lead = section(report, "emerging").lead[-1]
    assert said in lead
    assert "80" in lead
    assert "140" in lead


def test_the_tables_hold_the_numbers_of_the_sample(small_samples):
    table = section(build_report(comments_of(70), mentions_table([], [])), "words").tables["words"]
    row = table[table["term"] == "courier"].iloc[0]
    assert (row["n_comments"], row["n_reference"], row["share"]) == (50, 0, 1.0)


def test_where_all_comments_are_read_no_sample_is_spoken_of():
    report = build_report(comments_of(70), mentions_table([], []))
    for name in ("words", "emerging"):
        assert not any("sample" in line for line in section(report, name).lead)
