"""Pockets, changes and spikes in four languages: the same numbers, in the words of each."""

import re

import pandas as pd
import pytest

from feedback_nlp.drivers import pockets_table, spikes_table, theme_change_table
from feedback_nlp.drivers.change.recent import recent_spans
from feedback_nlp.drivers.change.telling import alerts_sentence, score_sentence, themes_sentence
from feedback_nlp.drivers.pockets.sentences import tell_pockets
from feedback_nlp.records import REPORT_LANGUAGES, Mention
from feedback_nlp.schema import mentions_table
from feedback_nlp.wordings import wording_in


def survey(n=240):
    """Return a survey where delivery is blamed in the north, and late in the year."""
    rows, found = [], []
    late = Mention(theme="delivery", polarity="negative", theme_confidence=1,
                   polarity_confidence=1, start=0, end=4)  # fmt: skip
    for i in range(n):
        north, last = i % 2 == 0, i >= n - 40
        blames = (north and i % 3 == 0) or last or i % 20 == 1
        rows.append(
            {
                "comment_id": f"c{i}", "text": "Late as can be", "nps": 2 if blames else 9,
                "shop": "north" if north else "south",
                "date": pd.Timestamp("2025-01-01") + pd.Timedelta(days=i),
            }
        )  # fmt: skip
        if blames:
            found.append((f"c{i}", "Late as can be", late))
    return pd.DataFrame(rows), mentions_table(found, ["delivery"])


@pytest.fixture(scope="module")
def tables():
    return survey()


def digits(text):
    return sorted(re.findall(r"\d+", re.sub(r"(?<=\d)[.,](?=\d)", "", text)))


def name_of(theme):
    return {"delivery": "Thema"}[theme]


def said_of(tables, language):
    comments, mentions = tables
    said = wording_in(language)
    pockets = pockets_table(comments, mentions, by="shop")
    change = theme_change_table(comments, mentions, before="2025-Q2", after="2025-08", n_boot=200)
    spikes = spikes_table(comments, mentions, period="month")
    sentences, found, cautions = tell_pockets(pockets, said, name_of)
    told = change.attrs["change"]
    return [
        *sentences, found, *cautions, score_sentence(told, said, said.period),
        themes_sentence(change, told, said, name_of),
        alerts_sentence(spikes, spikes.attrs["spikes"], said, name_of, said.period),
    ]  # fmt: skip


def test_english_is_what_the_tables_say(tables):
    comments, mentions = tables
    said = wording_in("en")
    pockets = pockets_table(comments, mentions, by="shop")
    sentences, found, cautions = tell_pockets(pockets, said, lambda theme: theme.capitalize())
    assert sentences == pockets.loc[pockets["pocket"], "sentence"].tolist()
    assert sentences[0].startswith("shop north: Delivery goes with ")
    assert found == pockets.attrs["pockets"]["sentence"]
    assert cautions == pockets.attrs["pockets"]["notes"]
    change = theme_change_table(comments, mentions, before="2025-Q2", after="2025-08", n_boot=200)
    told = change.attrs["change"]
    both = f"{score_sentence(told, said)} {themes_sentence(change, told, said)}"
    assert both == told["sentence"]
    assert "More than chance allows: delivery −" in both
    spikes = spikes_table(comments, mentions, period="month")
    assert (
        alerts_sentence(spikes, spikes.attrs["spikes"], said)
        == (spikes.attrs["spikes"]["sentence"])
    )
    assert spikes.attrs["spikes"]["sentence"].startswith("Faster than chance: delivery in 2025-08")


@pytest.mark.parametrize("language", [name for name in REPORT_LANGUAGES if name != "en"])
def test_other_languages_say_the_same_numbers(tables, language):
    english, other = said_of(tables, "en"), said_of(tables, language)
    assert len(english) == len(other)
    for one, two in zip(english, other, strict=True):
        months = re.compile(r"\b(?:Aug|Q2)\b")
        # the names of months and quarters are written with other digits
        assert set(digits(months.sub("", one))) - {"2"} <= set(digits(two))
        assert not re.search(r"\b(the|and|with|more|theme|chance|costs|before|than)\b", two)
        assert not re.search(r"[{}]|\bnan\b|  |None", two)


@pytest.mark.parametrize("language", REPORT_LANGUAGES)
def test_what_cannot_be_tested_is_said_why(language):
    comments, mentions = survey()
    said = wording_in(language)
    nobody = mentions_table([], ["delivery"])
    silent = comments.assign(text="", status="blank")
    cases = {
        "blameless": (comments, nobody, {}), "silent": (silent, nobody, {}),
        "few_blame": (comments, mentions, {"min_n": 200}), "no_draws": (comments, mentions, {}),
    }  # fmt: skip
    for why, (table, found, given) in cases.items():
        draws = 0 if why == "no_draws" else 50
        change = theme_change_table(
            table, found, before="2025-Q1", after="2025-Q2", n_boot=draws, **given
        )
        assert change.attrs["change"]["why"] == why
        line = themes_sentence(change, change.attrs["change"], said, name_of)
        assert line == said.say("change.untested", why=said.say(f"change.why.{why}", min_n=200))
    spikes = spikes_table(comments.head(20), mentions.head(0), period="month")
    assert spikes.attrs["spikes"]["why"] == "unmentioned"
    assert said.say("change.why.unmentioned") in alerts_sentence(
        spikes, spikes.attrs["spikes"], said, name_of
    )


def test_recent_spans_are_the_shortest_with_enough_answers():
    days = pd.Series(pd.date_range("2025-01-01", "2025-12-31"))
    assert recent_spans(days, "month", least=20) == ("2025-11", "2025-12", 1)
    assert recent_spans(days, "month", least=80) == ("2025-07..2025-09", "2025-10..2025-12", 3)
    assert recent_spans(days, "month", least=1000) == ("2025-01..2025-06", "2025-07..2025-12", 6)
    assert recent_spans(days, "quarter", least=80) == ("2025-Q3", "2025-Q4", 1)
    assert recent_spans(days.head(31), "month") is None
    assert recent_spans(days.head(40), "month", min_n=10) is None
    assert recent_spans(days.head(41), "month", min_n=10) == ("2025-01", "2025-02", 1)


def test_an_empty_stretch_between_is_no_span():
    first, last = (pd.date_range(f"2025-0{month}-01", periods=30) for month in (1, 6))
    days = pd.Series([*first, *last])
    assert recent_spans(days, "month", min_n=10) == ("2025-01..2025-03", "2025-04..2025-06", 3)
