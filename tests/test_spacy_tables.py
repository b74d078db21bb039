"""What comes with the package is what the installed spaCy says, and what is not asked is the same."""

import runpy
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp import spacy_tables
from feedback_nlp.lexicon import UNIVERSAL
from feedback_nlp.patterns import normalise
from feedback_nlp.records import LANGUAGES
from feedback_nlp.spacy_rules import SpacyRules, special_joins
from feedback_nlp.spacy_tables import spacy_table, spacy_version
from feedback_nlp.tokens import (
    spacy_pipeline,
    special_words,
    split_words,
    words_afresh,
    words_apart,
)

ROOT = Path(__file__).resolve().parent.parent
CODES = (*LANGUAGES, UNIVERSAL)
BEFORE = ["", "", "", "(", '"', "“", "„", "«", "¿", "¡", "¿¡", '("']
MARKS = [
    ",",
    ".",
    "!",
    "?",
    ":",
    ";",
    ")",
    '"',
    "”",
    "“",
    "»",
    "..",
    "...",
    "…",
    "?!",
    "!!!",
    ").",
    ".)",
    '."',
    ",,",
]
WORDS = [
    "a", "o", "O", "D", "p", "x", "s", "d", "L", "goed", "Top", "TOP", "é", "ß", "ø", "8", "0", "12", "2024", "007", "l'accueil", "L’accueil",
    "qu'il", "QU'ON", "jusqu’à", "d'aujourd'hui", "aujourd'hui", "c'est-ce", "s'est-il", "r'a", "entr'acte", "n'est-ce",
    "company's", "He's", "BOSS'S", "don't", "dont", "cannot", "I’d", "foto's", "zo'n", "e-mail", "check-in", "a.m", "bv", "av", "gem", "jan",
    "3,50", "10.30", "1.000,50", "€5", "5€", "$3.5", "£", "1.2.3.4", "12:30", "e-post", "Check-in", "a-t-il", "est-ce", "km-a", "x-O",
    "o-o", "d-il", "QR-code", "Preis-Leistung", "10-15", "5%", "8-D", "1.", "31.", "C", "EE", "nr", "", "-", "€", "%", "👍", "_", "'", "’", "=", "*", "/", "kk", "XD", "xD", "O.O", "o_o", "km", "5km",
]  # fmt: skip
BEHIND = st.lists(st.sampled_from(MARKS), max_size=3).map("".join)
STRETCHES = st.tuples(st.sampled_from(BEFORE), st.sampled_from(WORDS), BEHIND).map("".join)


def afresh(stretch, language):
    return [(normalise(raw), at, at + len(raw)) for raw, at in words_apart(stretch, language)]


@pytest.mark.parametrize("language", CODES)
def test_tables_are_what_the_script_makes_of_the_installed_spacy(language):
    made = runpy.run_path(str(ROOT / "training" / "spacy_tables.py"))["table_of"](language)
    shipped = (ROOT / "data" / "spacy" / f"{language}.json").read_text("utf-8")
    assert shipped == made, "run: python training/spacy_tables.py"


@pytest.mark.parametrize("language", CODES)
def test_words_of_the_table_are_split_as_by_spacy_with_marks_and_without(language):
    rules = SpacyRules(language)
    words = list(spacy_table(language).words)
    for before, behind in [
        ("", ""),
        ("", ","),
        ("", "."),
        ("", "?!"),
        ("(", ")"),
        ('"', '!"'),
        ("", "..."),
    ]:
        stretches = [f"{before}{word}{behind}" for word in words]
        found = rules.pieces(stretches)
        assert [list(one) for one in found] == [afresh(one, language) for one in stretches]
    assert [split_words(word, language) for word in words] == [
        [word for word, _, _ in words_afresh(one, language)] for one in words
    ]


@settings(deadline=None, max_examples=1000)
@given(STRETCHES.filter(bool), st.sampled_from(CODES))
def test_stretches_that_spacy_is_not_asked_about_are_split_as_by_spacy(stretch, language):
    [found] = SpacyRules(language).pieces([stretch])
    assert list(found) == afresh(stretch, language)


LETTERS = st.text("abdeklmnoprstxzABDEKLMNOPSXéßøāžŠ", min_size=1, max_size=5)
NUMBERS = st.lists(st.integers(0, 99999).map(str), min_size=1, max_size=3)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(LETTERS, min_size=1, max_size=4).map("-".join)
    | st.tuples(st.sampled_from(".,:"), NUMBERS).map(lambda made: made[0].join(made[1])),
    BEHIND,
    st.sampled_from(CODES),
)
def test_compounds_and_numbers_are_split_as_by_spacy(word, behind, language):
    [found] = SpacyRules(language).pieces([word + behind])
    assert list(found) == afresh(word + behind, language)


@settings(deadline=None, max_examples=300)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=1),
    st.sampled_from(CODES),
)
def test_one_character_is_one_word(character, language):
    [found] = SpacyRules(language).pieces([character])
    whole = afresh(character, language)
    assert list(found) == (whole if not character.isspace() else [w for w in whole if "\n" in w[0]])


@given(st.text("\n \t\r\u00a0\u2003\x1c", min_size=1, max_size=6), st.sampled_from(CODES))
def test_white_space_is_a_word_if_it_ends_a_line(space, language):
    raw = list(words_apart(space, language))
    lines = [("\n", at, at + len(one)) for one, at in raw if "\n" in one]
    assert list(SpacyRules(language).pieces([space])[0]) == lines


def test_another_version_of_spacy_is_asked_itself(monkeypatch):
    table = spacy_table("en")
    caches = (spacy_table, spacy_version, special_words)
    for cached in caches:
        cached.cache_clear()
    monkeypatch.setattr(spacy_tables, "version", lambda name: "0.1")
    assert spacy_table("en") is None
    assert special_words("en") == table.special == set(spacy_pipeline("en").tokenizer.rules)
    assert split_words("don't", "en") == ["do", "n't"]
    said = SpacyRules("en").pieces(["don't,", "l'a", ":)"])
    for cached in caches:
        cached.cache_clear()
    monkeypatch.undo()
    assert said == SpacyRules("en").pieces(["don't,", "l'a", ":)"])
    assert special_joins("en") == spacy_table("en").joins


def test_a_spacy_that_is_not_on_record_is_asked_itself(monkeypatch):
    def missing(name):
        raise PackageNotFoundError(name)

    spacy_version.cache_clear()
    monkeypatch.setattr(spacy_tables, "version", missing)
    assert spacy_version() == ""
    spacy_version.cache_clear()
    monkeypatch.undo()
    assert spacy_version() == version("spacy")


def test_a_plain_comment_is_tagged_without_loading_spacy():
    code = (
        "import sys; from feedback_nlp import load_tagger; tagger = load_tagger()\n"
        "said = ['De levering was te laat!', 'The staff weren’t friendly, it was 12 euros too dear...',\n"
        "        'L’accueil était parfait, mais c’est trop cher.', '(Piegāde bija ātra)']\n"
        "assert all(tagger(text).mentions for text in said)\n"
        "print('spacy' in sys.modules); tagger('3,50 p.p. is a lot (n.v.t.)'); print('spacy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["False", "True"], done.stderr
