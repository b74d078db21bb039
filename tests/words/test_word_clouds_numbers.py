"""Clouds by keyness and by polarity: the numbers of the table, and what is said of each word."""

import itertools
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.catalogs import names_in
from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.records import LANGUAGES, REPORT_LANGUAGES, Mention
from feedback_nlp.schema import mentions_table
from feedback_nlp.wordings import wording_in
from feedback_nlp.words import keyness, word_cloud
from feedback_nlp.words.colours import TONES
from feedback_nlp.words.layout import not_drawable

SAID = {  # a comment, a word of it, its stop words
    "en": ("the queue was slow", "queue", "the was"),
    "nl": ("de wachtrij was erg traag", "wachtrij", "de was"),
    "nb": ("køen var for lang og blåbærene sure", "blåbærene", "var for og"),
    "lv": ("apkalpošana bija ļoti lēna", "apkalpošana", "bija ļoti"),
    "de": ("die Größe war leider falsch", "größe", "die war"),
    "fr": ("le goût était très mauvais", "goût", "le était"),
    "es": ("la atención fue muy mala", "atención", "la fue muy"),
}


def survey(*groups, metric="nps", language="en"):
    rows = [(rating, text) for n, rating, text in groups for _ in range(n)]
    frame = pd.DataFrame(rows, columns=[metric, "text"])
    frame.insert(0, "comment_id", [f"c{i}" for i in range(len(frame))])
    return frame.assign(language=language)


@pytest.fixture
def comments():
    return survey(
        (30, 2, "slow queue"), (5, 2, "tidy staff"), (2, 10, "slow queue"), (40, 10, "tidy staff")
    )


def mention(text, evidence, polarity):
    start = text.index(evidence)
    return Mention(
        theme="service", polarity=polarity, theme_confidence=1, polarity_confidence=1, start=start,
        end=start + len(evidence),
    )  # fmt: skip


def mentions_of(comments, polarities):
    rows = [
        (row.comment_id, row.text, mention(row.text, word, polarity))
        for row in comments.itertuples()
        for word, polarity in polarities
        if word in row.text
    ]
    return mentions_table(rows, ["service"])


def test_a_cloud_by_keyness_has_the_figures_of_keyness(comments):
    cloud = word_cloud(comments, group="detractors", size_by="keyness")
    table = keyness(comments).set_index("term")
    assert cloud.table["term"].tolist() == ["queue", "slow"]
    for row in cloud.table.to_dict("records"):
        other = table.loc[row["term"]]
        assert row["n_comments"] == other["n_group"] == 30
        assert row["n_reference"] == other["n_reference"] == 2
        for name in ("log_odds", "low", "high", "g2", "q_value"):
            assert row[name] == other[name]
    assert [word.weight for word in cloud.words] == pytest.approx(np.sqrt(cloud.table["g2"]))
    assert (cloud.n_comments, cloud.n_reference) == (35, 42)
    assert cloud.words[0].said == "queue: detractors 30 of 35 comments, promoters 2 of 42"


def test_the_reference_is_the_other_end_unless_it_is_named(comments):
    assert word_cloud(comments, group="promoters", size_by="keyness").table["term"].tolist() == [
        "staff", "tidy",
    ]  # fmt: skip
    rest = word_cloud(comments, group="detractors", size_by="keyness", reference="rest")
    assert rest.n_reference == 42
    assert "all others" in rest.title
    middle = word_cloud(comments, group="passives", size_by="keyness")
    assert middle.is_empty
    assert "0 comments against 77 are too few" in middle.why_empty


def test_where_no_word_stands_out_it_says_so():
    same = survey((20, 2, "slow queue"), (20, 10, "slow queue"))
    cloud = word_cloud(same, group="detractors", size_by="keyness")
    assert cloud.table.empty
    assert "no word stands out beyond chance" in cloud.why_empty
    assert cloud.png_bytes(scale=1).startswith(b"\x89PNG")
    ET.fromstring(cloud.svg_text())


@pytest.mark.parametrize(
    ("metric", "low", "high"),
    [("csat", "dissatisfied", "satisfied"), ("nps", "detractors", "promoters")],
)
def test_groups_of_each_score_have_clouds_and_references(metric, low, high):
    top = 5 if metric == "csat" else 10
    table = survey((20, 1, "slow queue"), (20, top, "tidy staff"), metric=metric)
    for group, words in ((low, ["queue", "slow"]), (high, ["staff", "tidy"])):
        cloud = word_cloud(table, group=group, rating=metric, size_by="keyness")
        assert cloud.table["term"].tolist() == words


def test_what_cannot_be_asked_is_refused(comments):
    for options, says in (
        ({"size_by": "keyness"}, "give group="),
        ({"size_by": "tokens"}, "No size_by 'tokens'"),
        ({"group": "detractors", "reference": "rest"}, "goes with size_by='keyness'"),
        ({"language": "de"}, "No report language 'de'"),
        ({"group": "haters", "size_by": "keyness"}, "No group 'haters'"),
    ):
        with pytest.raises(FeedbackError, match=says):
            word_cloud(comments, **options)


def test_words_are_coloured_by_how_comments_speak_of_them():
    table = survey((8, 2, "slow queue"), (4, 9, "tidy staff"), (4, 5, "queue staff"), (9, 5, "tea"))
    mentions = pd.concat(
        [
            mentions_of(table[:8], [("queue", "negative")]),
            mentions_of(table[8:12], [("tidy staff", "positive")]),
            mentions_of(table[12:16], [("staff", "negative")]),
        ],
        ignore_index=True,
    )
    cloud = word_cloud(table, mentions)
    found = cloud.table.set_index("term")
    assert found.loc["queue", ["n_negative", "n_positive", "n_unknown"]].tolist() == [8, 0, 4]
    assert found.loc["queue", "net_polarity"] == -1
    assert found["polarity"].to_dict() == {
        "queue": "negative", "tea": "unknown", "slow": "unknown", "staff": "mixed",
        "tidy": "positive",
    }  # fmt: skip
    assert np.isnan(found.loc["tea", "net_polarity"])
    assert {word.text: word.colour for word in cloud.words} == {
        term: TONES[tone] for term, tone in found["polarity"].items()
    }
    said = {word.text: word.said for word in cloud.words}
    assert said["queue"] == (
        "queue: 12 comments; mostly negative: negative in 8, neutral in 0, positive in 0, "
        "not known in 4"
    )
    assert dict(cloud.legend)["unknown"] == "not known"
    assert "tone-negative" in cloud.svg_text()


def test_an_unknown_polarity_is_never_neutral():
    table = survey((6, 2, "slow queue"))
    mentions = mentions_of(table, [("queue", "neutral")])
    assert word_cloud(table, mentions).table["polarity"].tolist() == ["neutral", "unknown"]
    mentions["polarity"] = mentions["polarity"].cat.set_categories(["negative", "positive"])
    found = word_cloud(table, mentions).table
    assert found["polarity"].tolist() == ["unknown", "unknown"]
    assert found["n_unknown"].tolist() == [6, 6]


def test_a_group_keeps_its_colour_and_the_table_has_the_polarities(comments):
    mentions = mentions_of(comments, [("queue", "negative")])
    cloud = word_cloud(comments, mentions, group="detractors")
    assert cloud.palette == "negative"
    assert not cloud.legend
    assert "n_negative" in cloud.table.columns


def test_mentions_of_other_comments_are_refused(comments):
    other = mentions_of(
        survey((3, 1, "slow queue")).assign(comment_id="zz"), [("queue", "negative")]
    )
    with pytest.raises(ColumnError):
        word_cloud(comments, other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_stop_words_go_and_letters_are_drawn_in_each_language(language):
    text, word, stop_words = SAID[language]
    table = survey((3, 2, text), language=language)
    cloud = word_cloud(table)
    assert word in cloud.table["term"].tolist()
    assert not set(stop_words.split()) & set(cloud.table["term"])
    assert not not_drawable(cloud.table["term"])
    assert word in {one.text for one in cloud.words}


@pytest.mark.parametrize("language", REPORT_LANGUAGES)
def test_every_cloud_can_be_told_in_each_language(comments, language):
    mentions = mentions_of(comments, [("queue", "negative"), ("tidy", "positive")])
    groups = (None, "detractors", "passives", "promoters")
    for group, polarity, size_by in itertools.product(
        groups, (None, "negative", "positive"), ("comments", "keyness")
    ):
        if group is None and size_by == "keyness":
            continue
        cloud = word_cloud(
            comments, mentions, group=group, polarity=polarity, theme="service", size_by=size_by,
            language=language, max_words=5,
        )  # fmt: skip
        told = [cloud.title, cloud.description, *(word.said for word in cloud.words)]
        assert all(text and "{" not in text for text in told)
        assert f'lang="{language}"' in cloud._repr_html_()


def test_catalogs_of_clouds_have_the_same_entries_and_values():
    texts = {
        language: {
            key: text for key, text in wording_in(language).texts.items() if key[:7] == "clouds."
        }
        for language in REPORT_LANGUAGES
    }
    first = {key: names_in(text) for key, text in texts["en"].items()}
    assert len(first) > 30
    for language in REPORT_LANGUAGES:
        assert {key: names_in(text) for key, text in texts[language].items()} == first


@given(st.lists(st.text(max_size=30), min_size=1, max_size=8), st.sampled_from(["all", "low"]))
@settings(max_examples=25, deadline=None)
def test_any_comments_make_a_cloud_that_can_be_written(texts, whose):
    table = pd.DataFrame(
        {
            "comment_id": [f"c{n}" for n in range(len(texts))],
            "text": texts,
            "language": "en",
            "nps": [n % 11 for n in range(len(texts))],
        }
    )
    cloud = word_cloud(table, group=None if whose == "all" else "detractors", width=300, height=200)
    ET.fromstring(cloud.svg_text())
    assert cloud.png_bytes(scale=1) == cloud.png_bytes(scale=1)
    assert cloud.is_empty == bool(cloud.why_empty)
    assert (cloud.table["n_comments"] <= cloud.n_comments).all()
