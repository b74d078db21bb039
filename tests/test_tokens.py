"""Words and their places: what is remembered of a stretch is what spaCy says of it in its text."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.lexicon import UNIVERSAL
from feedback_nlp.records import LANGUAGES
from feedback_nlp.splitter import Splitter, splitter
from feedback_nlp.tokens import spacy_pipeline, words_afresh

CODES = [*LANGUAGES, "unknown"]
PIECES = [
    " ", " ", " ", " ", "  ", "\n", " \n", "\n ", "\t", "\u00a0", "\x1c", ".", ",", "!", "...", ":", ")", "(", "-",
    "'", "’", "/", "8", "12", "°", "C.", "EE.", "UU.", "n't", "DON'T", "cannot", "'s", "a.m.", "o.k.", "z.B.",
    "aujourd'hui", "qu'", "zo'n", "top.", "Top", "bv.", "One", "O", "o", "D", "😀", "é", "ß", "\ud83d", "x" * 160,
    "http://a.b/c?d=1", "e@mail.nl", "10/10", "€5", "5€", "C++", "<3", ":-)", "^_^", "(*_*)",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=20).map("".join) | st.text(max_size=80)
LETTERS = [
    chr(c) for c in (*range(65, 91), *range(97, 123), *range(0xC0, 0x180)) if c not in (0xD7, 0xF7)
]


def pieces(words, text):
    here = slice(words.first[text], words.first[text + 1])
    found = zip(
        words.word[here].tolist(), words.start[here].tolist(), words.end[here].tolist(), strict=True
    )
    return [(words.known[number], start, end) for number, start, end in found]


def same(texts, language):
    words = splitter(language).split(texts).words
    assert [pieces(words, at) for at in range(len(texts))] == [
        words_afresh(text, language) for text in texts
    ]


@settings(deadline=None, max_examples=100)
@given(st.lists(TEXTS, max_size=4), st.sampled_from(CODES))
def test_texts_are_split_together_as_each_by_spacy_alone(texts, language):
    same(texts, language)


@pytest.mark.parametrize("language", CODES)
def test_special_cases_that_are_typed_apart_are_split_as_by_spacy_alone(language):
    cases = sorted(case for case in spacy_pipeline(language).tokenizer.rules if not case.isalpha())
    texts = []
    for case in cases[:: 1 + len(cases) // 500]:  # Dutch has thousands, all abbreviations
        for at in range(1, len(case)):
            texts += [f"a{case[:at]} {case[at:]} b", f"{case[:at]} {case[at:]}"]
    same(texts, language)


@settings(deadline=None)
@given(
    st.lists(st.text(LETTERS, min_size=1, max_size=6), max_size=8),
    st.sampled_from(["", ",", ".", "!", "?", ":", ";"]),
    st.sampled_from(CODES),
)
def test_a_mark_behind_letters_comes_off_as_by_spacy_alone(words, mark, language):
    same([f"{word}{mark} {word}{mark}" for word in words], language)


@pytest.mark.parametrize("language", CODES)
def test_a_mark_behind_any_one_letter_comes_off_as_by_spacy_alone(language):
    same(
        [f"{letter}{mark} a{letter}{mark} 1" for letter in LETTERS for mark in (",", ".", ":")],
        language,
    )


def test_a_full_memory_is_begun_afresh(monkeypatch):
    monkeypatch.setattr("feedback_nlp.splitter._MEMORY_LIMIT", 50)
    small = Splitter("nl")
    texts = [f"Zin {number} is goed, maar w{number}." for number in range(100)]
    found = [pieces(small.split([text]).words, 0) for text in texts]
    assert found == [words_afresh(text, "nl") for text in texts]
    assert len(small._table) < 100


def test_words_of_texts_that_are_not_remembered_are_forgotten_too(monkeypatch):
    monkeypatch.setattr("feedback_nlp.splitter._MEMORY_LIMIT", 50)
    small = Splitter("en")
    for number in range(100):
        text = f"{number:/>100}:{'x' * 60}/{number}"
        assert pieces(small.split([text]).words, 0) == words_afresh(text, "en")
    assert len(small._table.words) < 100


def test_all_languages_that_are_not_known_share_one_splitter():
    assert splitter("unknown") is splitter("pl") is splitter(UNIVERSAL)
    assert len({id(splitter(language)) for language in CODES}) == len(CODES)


def test_threads_may_share_a_splitter():
    shared = Splitter(UNIVERSAL)
    parts = [
        [f"w{number * 7 % 400 + part}, x{number}." for number in range(400)] for part in range(8)
    ]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(shared.split, parts))
    for texts, split in zip(parts, found, strict=True):
        assert [pieces(split.words, at) for at in range(400)] == [
            words_afresh(t, UNIVERSAL) for t in texts
        ]
