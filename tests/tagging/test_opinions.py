"""Opinions and function words of comments, read many at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.tagging.opinions import read_opinions
from feedback_nlp.text import parse


def values(text, language="en"):
    return read_opinions(parse([text], [language])).value.tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Good", [1.0]),
        ("Really slow", [-1.3]),
        ("Slightly slow", [-0.7]),
        ("Not good", [-1.0]),
        ("Not slow", [0.6]),
        ("Not really slow", [0.78]),
        ("No complaints", [1.0]),
        ("Good, it really is not", [1.0]),
        ("It does not look like anybody here would ever be good", [1.0]),  # too far off
        ("Not the staff, but the food was good", [1.0]),  # another clause
        ("The table is blue", []),
    ],
)
def test_negation_and_strength(text, expected):
    assert values(text) == pytest.approx(expected)


def test_in_its_clause_a_wish_replaces_the_good_word_it_asks_for():
    assert values("Good food") == [1.0]
    said = read_opinions(parse(["The staff should be friendly, the food is good"], ["en"]))
    assert said.value.tolist() == [-0.8, 1.0]
    assert said.roles["wishes"].start.tolist() == [2]


def test_some_negators_look_back():
    said = read_opinions(parse(["Freundlich sind sie nicht"], ["de"]))
    assert said.value.tolist() == [-1.0]


def test_what_is_negated_in_itself_is_not_turned_by_a_second_negator():
    said = read_opinions(parse(["Neviens neatbild", "Labi", "Nav labi"], ["lv"] * 3))
    assert said.value[:1].tolist() < [0.0]
    assert said.value[1:].tolist() == [1.0, -1.0]


def test_the_last_word_of_a_comment_bears_on_nothing_in_the_next():
    said = read_opinions(
        parse(["It was very", "good", "not", "good", "slightly", "good"], ["en"] * 6)
    )
    assert said.value.tolist() == [1.0, 1.0, 1.0]


def test_comments_that_are_set_aside_have_no_opinions():
    batch = parse(["", "good", "n/a", "...", "good"], ["en", "en", "en", "en", "unknown"])
    said = read_opinions(batch)
    assert set(batch.words.comment[said.start].tolist()) == {1}
    assert len(read_opinions(parse([], []))) == 0
    assert len(read_opinions(parse(["", " "], ["en", "unknown"]))) == 0


COMMENTS = [
    ("Not good, very late", "en"), ("I wish they were friendlier", "en"), ("", "unknown"),
    ("Niet goed, wel erg snel", "nl"), ("Het zou sneller kunnen. Verder prima!", "nl"),
    ("Nav labi, ļoti lēni", "lv"), ("Ikke bra, men billig", "nb"), ("👍 👍", "unknown"),
    ("Schlecht ist es nicht", "de"), ("no no no no good good not", "en"), ("very", "en"),
    ("N'est pas bon", "fr"), ("No es bueno", "es"), ("goooood soooo baaaad", "en"),
]  # fmt: skip


@settings(max_examples=40)
@given(st.lists(st.sampled_from(COMMENTS), max_size=6))
def test_a_comment_is_read_alike_alone_and_in_company(comments):
    batch = parse([text for text, _ in comments], [language for _, language in comments])
    said = read_opinions(batch)
    for at, (text, language) in enumerate(comments):
        alone = read_opinions(parse([text], [language]))
        begin = batch.words.first[at]
        mine = batch.words.comment[said.start] == at
        assert (said.start[mine] - begin).tolist() == alone.start.tolist()
        assert (said.end[mine] - begin).tolist() == alone.end.tolist()
        assert said.value[mine].tobytes() == alone.value.tobytes()
        for role, hits in said.roles.items():
            here = batch.words.comment[hits.start] == at
            assert (hits.start[here] - begin).tolist() == alone.roles[role].start.tolist()
            assert (hits.end[here] - begin).tolist() == alone.roles[role].end.tolist()


@given(st.lists(st.sampled_from(COMMENTS), max_size=8))
def test_opinions_stand_in_order_and_inside_their_comments(comments):
    batch = parse([text for text, _ in comments], [language for _, language in comments])
    said = read_opinions(batch)
    assert (np.diff(said.start) >= 0).all()
    assert (said.end > said.start).all()
    assert (batch.words.comment[said.start] == batch.words.comment[said.end - 1]).all()
    assert (np.abs(said.value) <= 2.6).all()
