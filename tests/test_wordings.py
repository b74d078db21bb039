"""The catalogs of wordings: alike in every language, each entry in use, numbers as they are written."""

import re
from pathlib import Path

import pytest

import feedback_nlp
from feedback_nlp.catalogs import catalog_paths, names_in
from feedback_nlp.records import REPORT_LANGUAGES
from feedback_nlp.wordings import wording_in

PACKAGE = Path(feedback_nlp.__file__).parent
# Entries whose names are put together from a key that is handed on.
HANDED_ON = (
    "emerging.found",
    "emerging.none",
    "emerging.word",
    "emerging.untagged.",
    "pockets.none",
)
QUOTED = re.compile(r"""(["'])([a-z][a-z0-9_.]*(?:\{[^}]*\}[a-z0-9_.]*)*)\1""")


@pytest.fixture(scope="module")
def used():
    """All strings in the code and the templates."""
    files = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.j2")]
    return {text for path in files for _, text in QUOTED.findall(path.read_text("utf-8"))}


def names_of(text):
    """Return the values an entry asks for; ``Theme`` is ``theme`` as a sentence begins with it."""
    return {name.lower() for name in names_in(text)}


def forms_of(text):
    return [text] if isinstance(text, str) else list(text.values())


def test_catalogs_say_the_same_things():
    english = wording_in("en").texts
    forms = {"en": {"one"}, "nl": {"one"}, "nb": {"one"}, "lv": {"zero", "one"}}
    for language in REPORT_LANGUAGES:
        texts = wording_in(language).texts
        assert set(texts) == set(english)
        for key, text in texts.items():
            optional = {"why"} if key == "limit.set_aside" else set()  # the reader's reasons
            assert names_of(english[key]) - optional <= names_of(text) <= names_of(english[key])
            assert isinstance(text, str) == isinstance(english[key], str)
            if not isinstance(text, str):
                assert set(text) == forms[language] | {"other"}
                assert all(names_of(one) == names_of(text) for one in text.values())


def test_every_language_has_the_same_files():
    files = {
        language: [path.name for path in catalog_paths(language)] for language in REPORT_LANGUAGES
    }
    assert all(names == files["en"] for names in files.values())


def test_every_entry_is_in_use(used):
    patterns = [
        re.compile(re.sub(r"\\\{.*?\\\}", "[a-z0-9_.]+", re.escape(text)))
        for text in used
        if "{" in text and "." in text.partition("{")[0]
    ]
    dead = [
        key
        for key in wording_in("en").texts
        if key not in used
        and key.removesuffix(".single").removesuffix(".several") not in used
        and not key.startswith(HANDED_ON)
        and not any(pattern.fullmatch(key) for pattern in patterns)
    ]
    assert dead == []


def test_every_key_that_is_handed_on_is_there():
    keys = wording_in("en").texts
    assert all(any(key.startswith(prefix) for key in keys) for prefix in HANDED_ON)


@pytest.mark.parametrize("language", REPORT_LANGUAGES)
def test_entries_are_clean(language):
    for key, text in wording_in(language).texts.items():
        for form in forms_of(text):
            assert form or key.endswith("method.standard"), key  # the usual method is not named
            assert form == form.strip(), key
            assert "  " not in form, key
            assert form.count("{") == form.count("}"), key
            assert not re.search(r"<[a-z/]|&[a-z]+;|TODO|https?:", form), key


@pytest.mark.parametrize("language", REPORT_LANGUAGES[1:])
def test_sentences_are_not_left_in_english(language):
    english, texts = wording_in("en").texts, wording_in(language).texts
    same = [
        key
        for key, text in texts.items()
        if set(forms_of(text)) & sentences(english[key]) and not key.startswith("score_name.")
    ]
    assert same == []


def sentences(text):
    """Return the forms of an entry that have three words or more of their own."""
    own = {form: re.sub(r"\{.*?\}", " ", form) for form in forms_of(text)}
    return {form for form, words in own.items() if len(re.findall(r"[^\W\d_]{2,}", words)) > 2}


def test_numbers_are_written_as_the_language_does():
    said = {language: wording_in(language) for language in REPORT_LANGUAGES}
    assert {k: one.amount(1234.56, "points") for k, one in said.items()} == {
        "en": "1,234.6 points", "nl": "1.234,6 punten", "nb": "1\u00a0234,6 poeng",
        "lv": "1\u00a0234,6 punkti",
    }  # fmt: skip
    assert {k: one.figure(-0.04, "points") for k, one in said.items()} == {
        "en": "0.0", "nl": "0,0", "nb": "0,0", "lv": "0,0",
    }  # fmt: skip
    assert [said["lv"].say("people.plain", n) for n in (0, 1, 2, 11, 21, 22, 30)] == [
        "0 respondentu", "1 respondents", "2 respondenti", "11 respondentu", "21 respondents",
        "22 respondenti", "30 respondentu",
    ]  # fmt: skip
    assert said["nb"].share(0.5) == "50\u00a0%"
    assert said["en"].interval(0.999, "1–2") == "99.9% interval 1–2"
