"""The notation of phrase lists, and how phrases are found in many texts at once."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.errors import TaxonomyError
from feedback_nlp.hits import Hits, longest_of
from feedback_nlp.patterns import PatternSet, check_pattern, check_patterns, find_by_language, fold


def laid_out(texts):
    known = list(dict.fromkeys(chain.from_iterable(texts)))
    word = [known.index(one) for text in texts for one in text]
    first = np.cumsum([0, *map(len, texts)])
    return known, np.array(word, dtype=np.int64), first


def records(hits):
    labels = [hits.labels[label] for label in hits.label]
    return list(zip(hits.start.tolist(), hits.end.tolist(), labels, hits.gap.tolist(), strict=True))


def search(patterns, *texts):
    return records(patterns.find_all(*laid_out(texts)))


def found(phrases, text, keep_accents=()):
    patterns = PatternSet([(phrase, "x") for phrase in phrases], str.split, keep_accents)
    return [hit[:2] for hit in search(patterns, text.split())]


def hits_of(rows, labels=("a", "b")):
    start, end, label, gap = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Hits(start=start, end=end, label=label, gap=gap.astype(bool), labels=labels)


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


def test_no_phrase_reaches_from_one_text_into_the_next():
    patterns = PatternSet([("too long", "x"), ("took .. long", "y")], str.split)
    assert search(patterns, ["it", "took", "too"], [], ["long", "too", "long"]) == [
        (4, 6, "x", False)
    ]


def test_nothing_is_found_where_there_is_nothing():
    patterns = PatternSet([("too long", "x")], str.split)
    assert search(patterns) == search(patterns, [], []) == []
    assert search(PatternSet([], str.split), ["too", "long"]) == []


def test_many_vetoes_in_a_long_text_take_no_longer_than_the_text():
    patterns = PatternSet([("wait*", "waiting"), ("!waiter", "waiting")], str.split)
    began = time.perf_counter()
    hits = search(patterns, ["waiter", "waited"] * 30_000)  # each with each: minutes
    assert len(hits) == 30_000
    assert time.perf_counter() - began < 10


def test_veto_drops_the_overlapping_match_of_its_label_alone():
    assert found(["price", "!at any price"], "not at any price but the price is high") == [(6, 7)]
    patterns = PatternSet([("price", "x"), ("!at any price", "x"), ("any", "y")], str.split)
    assert patterns.labels_in(["at", "any", "price"]) == {"y"}


def test_missing_diacritics_match_unless_it_is_another_word():
    assert found(["piegāde"], "piegade laba") == [(0, 1)]
    assert found(["schön"], "schoen schon", {"schön"}) == []
    assert found(["grün"], "gruen grun grün") == [(0, 1), (1, 2), (2, 3)]


def test_repeated_letters_are_read_as_typed_once_or_twice():
    assert found(["so", "good"], "sooooo gooood") == [(0, 1), (1, 2)]


def test_a_drawn_out_word_is_read_alike_whatever_other_lists_hold():
    before = found(["so"], "sooooo")
    PatternSet([("soooo*", "x")], str.split)
    assert found(["so"], "sooooo") == before == [(0, 1)]


def test_a_word_that_was_seen_is_found_by_a_list_that_comes_later():
    assert found(["something"], "neverheardof") == []
    assert found(["neverheard*"], "neverheardof") == [(0, 1)]
    assert found(["neverheardof"], "neverheardof neverheard") == [(0, 1)]


def test_longest_of_overlapping_hits_wins():
    patterns = PatternSet([("complaint*", "bad"), ("no complaints", "good")], str.split)
    hits = longest_of(patterns.find_all(*laid_out([["i", "have", "no", "complaints"]])))
    assert records(hits) == [(2, 4, "good", False)]


def test_of_hits_as_long_the_one_without_a_gap_wins_or_else_the_first():
    assert records(longest_of(hits_of([(0, 3, 0, 1), (0, 3, 1, 0)]))) == [(0, 3, "b", False)]
    assert records(longest_of(hits_of([(0, 2, 0, 0), (1, 3, 1, 0)]))) == [(0, 2, "a", False)]
    assert records(longest_of(hits_of([(0, 1, 1, 0), (0, 1, 0, 0)]))) == [(0, 1, "b", False)]


def test_each_language_has_its_own_list_and_all_have_the_same_labels():
    lists = {
        "en": PatternSet([("late", "bad"), ("fine", "good")], str.split),
        "nl": PatternSet([("fijn", "good"), ("te laat", "bad")], str.split),
    }
    texts = [["fine", "te", "laat"], ["te", "laat"], ["late"], ["te", "laat", "fijn"], ["fine"]]
    languages = ["en", "nl", "unknown", "nl", "en"]
    hits = find_by_language(*laid_out(texts), languages, lists.get, ["good", "bad"])
    assert records(hits) == [
        (0, 1, "good", False), (3, 5, "bad", False), (6, 8, "bad", False), (8, 9, "good", False),
        (9, 10, "good", False),
    ]  # fmt: skip
    none = find_by_language(*laid_out(texts), ["unknown"] * 5, lists.get, ["good", "bad"])
    assert records(none) == []


def test_threads_may_share_a_list():
    patterns = PatternSet([(f"word{at:03}* .. end", "x") for at in range(200)], str.split)
    texts = [[f"word{at:03}{letter}", "so", "end"] for at in range(200) for letter in "abc"]

    def read(at):
        return search(patterns, texts[at], texts[-at])

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(read, range(len(texts))))
    assert found == [[(0, 3, "x", True), (3, 6, "x", True)]] * len(texts)


@pytest.mark.parametrize("phrase", ["", "  ", "ab*", "a*b", "*abc*", ".. long", "took ..", "!"])
def test_wrong_notation_is_refused(phrase):
    with pytest.raises(TaxonomyError):
        check_pattern(phrase, "test")


@given(st.lists(st.text("ab .*!\n", max_size=9), max_size=4))
def test_a_list_is_refused_where_one_of_its_phrases_is(phrases):
    def message(check, *given):
        try:
            check(*given, "test")
        except TaxonomyError as error:
            return str(error)
        return None

    first = next(filter(None, (message(check_pattern, phrase) for phrase in phrases)), None)
    assert message(check_patterns, phrases) == first


@given(st.text(max_size=40))
def test_folding_is_stable(word):
    assert fold(fold(word)) == fold(word)


WORDS = ["wait", "waiter", "await", "took", "too", "long", "longer", "prolonged", ".", "!", "so"]
PIECES = ["wait", "wait*", "*wait", "*long*", "long", "took", "too", "so", "took*", "..", ".."]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=9), max_size=5)
PHRASES = st.lists(
    st.tuples(
        st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).filter(
            lambda pieces: ".." not in (pieces[0], pieces[-1]) and ".. .." not in " ".join(pieces)
        ),
        st.booleans(),
        st.sampled_from("ab"),
    ),
    max_size=8,
)


def is_word(piece, word):
    stem = piece.strip("*")
    if piece.startswith("*") and piece.endswith("*"):
        return stem in word
    if piece.startswith("*"):
        return word.endswith(stem)
    return word.startswith(stem) if piece.endswith("*") else word == stem


def ends_of(pieces, words, at, gap=False):
    """Where phrases may end whose pieces begin at a word, and whether there was a gap."""
    if not pieces:
        yield at, gap
    elif pieces[0] == "..":
        for skipped in range(4):
            between = words[at : at + skipped]
            if len(between) == skipped and not {".", "!"} & set(between):
                yield from ends_of(pieces[1:], words, at + skipped, True)
    elif at < len(words) and is_word(pieces[0], words[at]):
        yield from ends_of(pieces[1:], words, at + 1, gap)


def by_hand(phrases, words):
    said = {
        (start, end, label, gap, veto)
        for pieces, veto, label in phrases
        for start in range(len(words))
        for end, gap in ends_of(pieces, words, start)
    }
    barred = {
        (label, at) for start, end, label, _, veto in said if veto for at in range(start, end)
    }
    return {
        one[:4]
        for one in said
        if not one[4] and barred.isdisjoint((one[2], at) for at in range(*one[:2]))
    }


@given(PHRASES, TEXTS)
def test_phrases_are_found_as_by_hand(phrases, texts):
    patterns = PatternSet(
        [("!" * veto + " ".join(pieces), label) for pieces, veto, label in phrases], str.split
    )
    hits = search(patterns, *texts)
    begins = np.cumsum([0, *map(len, texts)]).tolist()
    expected = {
        (begin + start, begin + end, label, gap)
        for begin, words in zip(begins, texts, strict=False)
        for start, end, label, gap in by_hand(phrases, words)
    }
    assert set(hits) == expected
    assert [hit[0] for hit in hits] == sorted(hit[0] for hit in hits)


@given(PHRASES, TEXTS)
def test_a_text_is_read_alike_alone_and_in_company(phrases, texts):
    patterns = PatternSet([(" ".join(pieces), label) for pieces, _, label in phrases], str.split)
    begins = np.cumsum([0, *map(len, texts)]).tolist()
    alone = [
        (begin + start, begin + end, label, gap)
        for begin, words in zip(begins, texts, strict=False)
        for start, end, label, gap in search(patterns, words)
    ]
    assert search(patterns, *texts) == alone


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5), st.booleans()), max_size=12))
def test_the_longest_are_kept_one_after_another(spans):
    rows = sorted((start, start + size, 0, gap) for start, size, gap in spans)
    taken, kept = set(), []
    for row in sorted(rows, key=lambda row: (row[0] - row[1], row[3])):
        if taken.isdisjoint(range(row[0], row[1])):
            taken.update(range(row[0], row[1]))
            kept.append((row[0], row[1], "a", bool(row[3])))
    assert records(longest_of(hits_of(rows))) == sorted(kept)
