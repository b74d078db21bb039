"""The notation of phrase lists."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.errors import TaxonomyError
from feedback_nlp.patterns import PatternSet, check_pattern, fold, longest


def found(phrases, text, keep_accents=()):
    patterns = PatternSet([(phrase, "x") for phrase in phrases], str.split, keep_accents)
    return [(hit.start, hit.end) for hit in patterns.find(text.split())]


def test_plain_word_matches_only_itself():
    assert found(["age"], "my age on this page") == [(1, 2)]


def test_star_matches_inflections_and_compounds():
    assert found(["lever*"], "levering leverde geleverd") == [(0, 1), (1, 2)]
    assert found(["*kosten"], "verzendkosten kostenloos") == [(0, 1)]
    assert found(["*lever*"], "geleverd uitlevering") == [(0, 1), (1, 2)]


def test_gap_spans_up_to_three_words_and_no_sentence_end():
    assert found(["took .. long"], "it took a bit too long") == [(1, 6)]
    assert found(["took .. long"], "it took a bit of too long") == []
    assert found(["took .. long"], "it took . long story") == []


def test_many_vetoes_in_a_long_text_take_no_longer_than_the_text():
    patterns = PatternSet([("wait*", "waiting"), ("!waiter", "waiting")], str.split)
    began = time.perf_counter()
    hits = patterns.find(["waiter", "waited"] * 30_000)  # each with each: minutes
    assert len(hits) == 30_000
    assert time.perf_counter() - began < 10


def test_veto_drops_the_overlapping_match_of_its_label():
    assert found(["price", "!at any price"], "not at any price but the price is high") == [(6, 7)]


def test_missing_diacritics_match_unless_it_is_another_word():
    assert found(["piegāde"], "piegade laba") == [(0, 1)]
    assert found(["schön"], "schoen schon", {"schön"}) == []
    assert found(["grün"], "gruen grun grün") == [(0, 1), (1, 2), (2, 3)]


def test_repeated_letters_are_read_as_typed_once_or_twice():
    assert found(["so", "good"], "sooooo gooood") == [(0, 1), (1, 2)]


def test_longest_of_overlapping_hits_wins():
    patterns = PatternSet([("complaint*", "bad"), ("no complaints", "good")], str.split)
    hits = longest(patterns.find(["i", "have", "no", "complaints"]))
    assert [hit.label for hit in hits] == ["good"]


@pytest.mark.parametrize("phrase", ["", "  ", "ab*", "a*b", "*abc*", ".. long", "took ..", "!"])
def test_wrong_notation_is_refused(phrase):
    with pytest.raises(TaxonomyError):
        check_pattern(phrase, "test")


@given(st.text(max_size=40))
def test_folding_is_stable(word):
    assert fold(fold(word)) == fold(word)


@given(st.lists(st.sampled_from(["a", "bb", "ccc", "took", "long", "."]), max_size=30))
def test_hits_lie_inside_the_text(words):
    patterns = PatternSet([("took .. long", "x"), ("ccc", "y"), ("bb ccc", "z")], str.split)
    assert all(0 <= hit.start < hit.end <= len(words) for hit in patterns.find(words))
