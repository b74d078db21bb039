"""New words: what rises, how it is used, and what comments without a theme are about."""

import numpy as np
import pandas as pd
import pytest
from sectioned import hard, hard_source, in_language, source_of

from feedback_nlp.records import Mention
from feedback_nlp.report.blocks import Absent, Figure, Quotes, Section, Table, Texts
from feedback_nlp.report.sections import emerging
from feedback_nlp.report.sections.word_quotes import place_of
from feedback_nlp.report.svg import NARROW, WIDE
from feedback_nlp.schema import mentions_table
from feedback_nlp.wordings import wording_in
from feedback_nlp.words import emerging_words, untagged_terms

FILL = ("desk", "lamp", "chair", "table", "shelf", "curtain", "carpet", "mirror", "drawer", "clock")
LANGUAGES = ["en", "nl", "nb", "lv"]


def written(n=400, new="", from_day=160, n_new=40, without=(), seed=3, **columns):
    """Return a survey of 200 days: plain words, and a new word in comments of the last days."""
    rng = np.random.default_rng(seed)
    texts = [f"The {' '.join(rng.choice(FILL, 3))} number {at}" for at in range(n)]
    days = np.arange(n) * 200 // n
    late = np.flatnonzero(days >= from_day)[:n_new]
    for at in late if new else ():
        texts[at] += f", {new}"
    comments = pd.DataFrame({
        "comment_id": [f"c{at:04d}" for at in range(n)], "text": texts, "language": "en",
        "status": "ok", "nps": rng.choice([2.0, 8, 10], n),
        "date": pd.Timestamp("2025-01-06") + pd.to_timedelta(days, "D"),
    }).assign(**columns)  # fmt: skip
    rows = [
        (one, text, Mention(theme="price", polarity="negative", theme_confidence=0.9,
                            polarity_confidence=0.9, start=0, end=3))
        for one, text in zip(comments["comment_id"], comments["text"], strict=True)
        if not any(word in text for word in without)
    ]  # fmt: skip
    return comments, mentions_table(rows, ["price"])


def built(comments, mentions, language="en", **given):
    return emerging.build(source_of(comments, mentions, language=language, **given))


def blocks(section, kind):
    return [block for block in section.blocks if isinstance(block, kind)]


def test_a_new_word_is_named_drawn_told_in_numbers_and_quoted():
    comments, mentions = written(new="two kiosks broke; mail me@shop.example")
    section = built(comments, mentions)
    assert "“kiosk" in section.title
    figure = blocks(section, Figure)[0]
    table = emerging_words(comments, mentions).set_index("term")
    for drawn in figure.drawing.rows:
        row = table.loc[drawn.word]
        assert (drawn.before.n, drawn.recent.n) == (row["n_before"], row["n_recent"])
        assert drawn.recent.low <= drawn.recent.share <= drawn.recent.high
        assert drawn.is_new == row["is_new"]
        assert row["q_value"] <= 0.05
    assert [cells[0].value for cells in figure.table.rows] == [
        drawn.word for drawn in figure.drawing.rows
    ]
    assert ["(new)" in cells[0].text for cells in figure.table.rows] == [
        drawn.is_new for drawn in figure.drawing.rows
    ]
    assert all(len(cells) == len(figure.table.heads) for cells in figure.table.rows)
    quotes = blocks(section, Quotes)[0].quotes
    assert quotes
    assert quotes[0].evidence == "kiosks broke"
    assert all("me@shop.example" not in quote.text for quote in quotes)
    assert "rating" in quotes[0].source
    assert section.definitions == ("emerging",)
    assert len(section.tables["emerging"]) == len(table)
    assert len(section.tables["untagged"]) == len(untagged_terms(comments, mentions))


def test_a_new_word_is_marked_by_a_word_and_by_its_numbers():
    section = built(*written(new="kiosk"))
    for width in (WIDE, NARROW):
        drawn = blocks(section, Figure)[0].drawing.svg(wording_in("nl"), width)
        assert ">nieuw<" in drawn
        assert "0,0% → " in drawn
        assert "n = 0 → 40" in drawn


def test_at_most_twelve_words_are_shown_and_the_others_counted():
    many = ", ".join(f"newword{chr(97 + at)}" for at in range(20))
    section = built(*written(new=many))
    figure = blocks(section, Figure)[0]
    assert len(figure.drawing.rows) == len(figure.table.rows) == 12
    n = int((section.tables["emerging"]["q_value"] <= 0.05).sum())
    assert figure.note == f"{n - 12} more rows are in the spreadsheet."
    assert len(blocks(section, Quotes)[0].quotes) == 1  # one comment has the first of them all


def test_where_nothing_rises_it_says_so_with_its_numbers():
    section = built(*written())
    assert section.title == "No word is clearly on the rise"
    assert "Compared: 98 comments from" in section.lead[0]
    assert blocks(section, Figure) == []
    assert "tested" in blocks(section, Texts)[0].items[0]


def test_words_of_comments_without_a_theme_come_with_what_to_do():
    comments, mentions = written(new="the kiosk", n_new=30, without=["kiosk"])
    section = built(comments.drop(columns="date"), mentions)
    assert section.title == "Words of comments without a theme"
    assert section.lead[0].startswith("Nothing can be said about emerging words")
    (table,) = blocks(section, Table)
    name, n, share, others, *_ = table.rows[0]
    assert (name.text, n.value, others.value) == ("kiosk", 30, 0)
    assert share.text == "100.0% (88.6–100.0%)"
    assert "taxonomy of your own" in table.note
    assert table.heads[1].text == "Without a theme, of 30"
    (quotes,) = blocks(section, Quotes)
    assert quotes.quotes[0].evidence == "kiosk"
    assert quotes.closed


def test_without_dates_and_with_a_theme_in_each_comment_there_is_no_section():
    comments, mentions = written()
    for without in (comments.drop(columns="date"), comments.assign(date=pd.NaT)):
        found = built(without, mentions)
        assert found == Absent(
            nav="New words",
            why="Nothing can be said about emerging words: no comment that can be read has a date.",
        )
    found = built(comments.assign(date=pd.Timestamp("2025-05-01")), mentions)
    assert "all comments are of one day" in found.why


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", sorted(hard()))
def test_hard_surveys_are_said_or_absent_in_every_language(case, language):
    found = emerging.build(in_language(hard_source(case), language))
    assert isinstance(found, (Section, Absent))
    assert "{" not in str(found)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_it_is_said_in_the_language_of_the_report(language):
    section = built(*written(new="the kiosk", without=["kiosk"]), language)
    said = wording_in(language)
    ours = [str(block) for block in section.blocks if not isinstance(block, Quotes)]
    words = " ".join([section.title, *section.lead, *ours])
    assert not any(english in words for english in (" the ", "comments", "recently", "before:"))
    assert said.say("emerging.part.to_do") in blocks(section, Table)[0].note


def test_hostile_words_stay_text_and_long_ones_fit():
    word = "x" * 38
    section = built(*written(new=f"<script>alert {word}"))
    drawn = blocks(section, Figure)[0].drawing.svg(wording_in("en"), NARROW)
    assert "<script" not in drawn
    assert word not in drawn.split("</svg>")[0].split("aria-label", 1)[1].split(">", 1)[1]
    assert "…" in drawn


@pytest.mark.parametrize(
    ("term", "text", "language", "seen"),
    [
        ("kiosk", "Both Kiosks failed", "en", "Kiosks"),
        ("not good", "The food was not very good", "en", "not very good"),
        ("connecting flight", "Missed my connecting flights home", "en", "connecting flights"),
        ("pakket", "Mijn pakketten waren open", "nl", "pakketten"),
        ("👍", "All fine 👍", "en", "👍"),
        ("kiosk", "Nothing of the kind", "en", ""),
    ],
)
def test_a_word_is_found_in_its_forms(term, text, language, seen):
    start, end = place_of(term, text, language)
    assert text[start:end] == seen
