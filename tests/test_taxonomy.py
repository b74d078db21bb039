"""Reading and checking taxonomies."""

import pytest

from feedback_nlp.errors import FileFormatError, TaxonomyError
from feedback_nlp.lexicon import load_lexicon
from feedback_nlp.records import LANGUAGES
from feedback_nlp.taxonomy import load_taxonomy

THEME = '[[theme]]\nid = "{id}"\n[theme.phrases]\nen = ["{phrase}"]\n'


def write(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    return path


def test_default_has_every_theme_in_every_language():
    taxonomy = load_taxonomy()
    assert len(taxonomy.themes) > 40
    for theme in taxonomy.themes:
        assert theme.definition
        assert theme.examples
        for language in LANGUAGES:
            assert theme.names.get(language), (theme.id, language)
            assert len(theme.phrases[language]) >= 8, (theme.id, language)


def test_default_names_no_phrase_under_two_themes():
    for language in LANGUAGES:
        seen = {}
        for theme in load_taxonomy().themes:
            for phrase in theme.phrases[language]:
                assert seen.setdefault(phrase, theme.id) == theme.id, (language, phrase)


def test_word_lists_give_no_phrase_two_strengths():
    for language in LANGUAGES:
        seen = {}
        for strength, phrases in load_lexicon(language).opinion.items():
            for phrase in phrases:
                assert seen.setdefault(phrase, strength) == strength, (language, phrase)


def test_only_what_has_no_subject_is_general():
    assert load_taxonomy().general == ("general",)


def test_own_taxonomy(tmp_path):
    text = 'name = "zoo"\n' + THEME.format(id="animals", phrase="lion*")
    taxonomy = load_taxonomy(write(tmp_path, text))
    assert (taxonomy.name, taxonomy.ids) == ("zoo", ("animals",))
    assert taxonomy["animals"].name() == "Animals"
    with pytest.raises(TaxonomyError, match="No theme 'tigers'"):
        taxonomy["tigers"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id = ", "not a TOML file"),
        ("", "no \\[\\[theme\\]\\]"),
        ("theme = 3", "no \\[\\[theme\\]\\]"),
        (THEME.format(id="Bad Id", phrase="x"), "an id is lower-case"),
        (THEME.format(id="a", phrase="xyz") * 2, "twice"),
        (THEME.format(id="a.b", phrase="xyz"), "no parent"),
        (THEME.format(id="a", phrase="ab*"), "too short"),
        ('[[theme]]\nid = "a"\nphrases = { xx = ["b"] }', "language 'xx'"),
        ('[[theme]]\nid = "a"\nphrases = { en = "b" }', "list of texts"),
        ('[[theme]]\nid = "a"\nkolour = 1', "unknown key 'kolour'"),
        ('[[theme]]\nid = "a"\nunsaid = "bad"', "unsaid"),
        ('[[theme]]\nid = "a"\ngeneral = "yes"', "true or false"),
        ('[[theme]]\nid = "a"', "nothing is said of the theme 'a'"),
        ('[[theme]]\nid = "a"\nnames = { en = " " }', "nothing is said of the theme 'a'"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path, text, says):
    with pytest.raises(TaxonomyError, match=says) as caught:
        load_taxonomy(write(tmp_path, text))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "said", ['names = { nl = "Prijs" }', 'definition = "What it costs"', 'examples = ["Too dear"]']
)
def test_a_theme_needs_no_phrases(tmp_path, said):
    taxonomy = load_taxonomy(write(tmp_path, f'[[theme]]\nid = "price"\n{said}'))
    assert not taxonomy.has_phrases
    assert load_taxonomy().has_phrases


def test_a_parent_may_be_a_heading_alone(tmp_path):
    text = '[[theme]]\nid = "a"\n[[theme]]\nid = "a.b"\ndefinition = "What it costs"'
    assert load_taxonomy(write(tmp_path, text)).ids == ("a", "a.b")


def test_not_a_file(tmp_path):
    with pytest.raises(FileFormatError, match="Cannot read the taxonomy"):
        load_taxonomy(tmp_path / "nowhere.toml")
    with pytest.raises(FileFormatError):
        load_taxonomy(tmp_path)
