"""Comments that contradict their rating: how many, and the words that say so."""

import pytest
from sectioned import source_of, told

from feedback_nlp.drivers import disagreements
from feedback_nlp.report.blocks import Absent, Quotes
from feedback_nlp.report.sections import disagree

FINE, LATE = [("price", "positive")], [("delivery.speed", "negative")]
PHONE = "Call me on 06-12345678 any day. "


def survey(rating="nps", high=10, low=1, **given):
    """Return 60 respondents, of whom 12 praise with a low rating and 6 complain with a high one."""
    ratings = [low] * 30 + [high] * 30
    moods = ["positive"] * 12 + ["negative"] * 18 + ["negative"] * 6 + ["positive"] * 24
    said = [FINE if mood == "positive" else LATE for mood in moods]
    words = {
        "positive": "Great price and all as it should be",
        "negative": "Much too late once more",
    }
    texts = [f"{words[mood]}, visit {at}. {PHONE}" for at, mood in enumerate(moods)]
    comments, mentions = told(ratings, said, texts=texts, rating=rating)
    comments["sentiment"] = moods
    comments["sentiment_score"] = [1.0 if mood == "positive" else -1.0 for mood in moods]
    comments["language"] = "nl"
    return source_of(comments, mentions, rating, **given)


@pytest.mark.parametrize(("rating", "high", "low"), [("nps", 10, 1), ("csat", 5, 1), ("ces", 7, 1)])
def test_the_numbers_are_those_of_the_function(rating, high, low):
    source = survey(rating, high, low)
    section = disagree.build(source)
    listed = disagreements(source.comments, source.mentions, rating)
    assert len(section.tables["disagree"]) == len(listed)
    rows = {row[0].text: (row[1].value, row[2].value) for row in section.blocks[0].rows}
    low_people, top_people = source.people(source.low), source.people(source.top)
    assert rows == {
        f"{low_people} who praise": (12, 30), f"{top_people} who complain": (6, 30)
    }  # fmt: skip
    assert section.title.startswith("18 of 60 respondents (30%)")


def test_quotes_are_masked_and_mark_what_contradicts_in_their_language():
    groups = [block for block in disagree.build(survey()).blocks if isinstance(block, Quotes)]
    assert [group.quotes[0].evidence for group in groups] == ["Great pri", "Much too "]
    for quote in (quote for group in groups for quote in group.quotes):
        assert "[phone]" in quote.text
        assert "1234" not in quote.text
        assert quote.language == "nl"


def test_without_sentiment_it_is_absent_and_says_why():
    found = disagree.build(source_of(*told([2, 9] * 20, [LATE, FINE] * 20)))
    assert isinstance(found, Absent)
    assert found.why.endswith(".")
