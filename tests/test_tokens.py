"""Words and their places: what is remembered of a stretch is what spaCy says of it in its text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.records import LANGUAGES
from feedback_nlp.tokens import spacy_pipeline, tokens, tokens_afresh

CODES = [*LANGUAGES, "unknown"]
PIECES = [
    " ", " ", " ", " ", "  ", "\n", " \n", "\n ", "\t", "\u00a0", "\x1c", ".", ",", "!", "...", ":", ")", "(", "-",
    "'", "’", "/", "8", "12", "°", "C.", "EE.", "UU.", "n't", "DON'T", "cannot", "'s", "a.m.", "o.k.", "z.B.",
    "aujourd'hui", "qu'", "zo'n", "top.", "Top", "bv.", "One", "O", "o", "D", "😀", "é", "ß", "\ud83d", "x" * 160,
    "http://a.b/c?d=1", "e@mail.nl", "10/10", "€5", "5€", "C++", "<3", ":-)", "^_^", "(*_*)",
]  # fmt: skip


def same(text, language):
    found, afresh = tokens(text, language), tokens_afresh(text, language)
    assert (found.words, found.starts, found.ends) == (afresh.words, afresh.starts, afresh.ends)


@settings(deadline=None, max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join), st.sampled_from(CODES))
def test_odd_pieces_are_split_as_by_spacy_alone(text, language):
    same(text, language)


@settings(deadline=None)
@given(st.text(max_size=80), st.sampled_from(CODES))
def test_any_text_is_split_as_by_spacy_alone(text, language):
    same(text, language)


@pytest.mark.parametrize("language", CODES)
def test_special_cases_that_are_typed_apart_are_split_as_by_spacy_alone(language):
    for case in spacy_pipeline(language).tokenizer.rules:
        if not case.isalpha():
            for at in range(1, len(case)):
                same(f"a{case[:at]} {case[at:]} b", language)
                same(f"{case[:at]} {case[at:]}", language)
