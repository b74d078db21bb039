"""Words that say of which time or company a clause is, and that somebody else says it."""

import pytest

from feedback_nlp.lexicon import FRAMES, load_lexicon
from feedback_nlp.patterns import check_pattern
from feedback_nlp.records import LANGUAGES
from feedback_nlp.tagging.opinions import read_opinions
from feedback_nlp.text import parse


def frames(text, language):
    roles = read_opinions(parse([text], [language])).roles
    return {role for role in FRAMES if len(roles[role])}


FOUND = [
    ("en", "The bread used to be baked on the premises", {"past"}),
    ("en", "Nobody picks up the phone anymore", {"now"}),
    ("en", "Dearer than the shop next door", {"elsewhere"}),
    ("en", "I was told the plumber was on his way", {"said"}),
    ("nl", "Vroeger kreeg je een kop koffie", {"past"}),
    ("nl", "Tegenwoordig moet je alles zelf doen", {"now"}),
    ("nl", "Bij de concurrent kan het in een dag", {"elsewhere"}),
    ("nl", "Men zei dat de monteur zou bellen", {"said"}),
    ("nb", "Før i tiden var det alltid betjent", {"past"}),
    ("nb", "Det er ikke lenger mulig å betale kontant", {"now"}),
    ("nb", "Billigere enn hos konkurrentene", {"elsewhere"}),
    ("nb", "Fikk beskjed om at pakken var sendt", {"said"}),
    ("lv", "Agrak te bija garsigas maizites", {"past"}),
    ("lv", "Tagad rindas ir garas", {"now"}),
    ("lv", "Citur tas maksā mazāk", {"elsewhere"}),
    ("lv", "Man teica, ka meistars zvanīs", {"said"}),
    ("de", "Früher gab es hier frische Brötchen", {"past"}),
    ("de", "Mittlerweile dauert alles ewig", {"now"}),
    ("de", "Bei anderen Anbietern geht das online", {"elsewhere"}),
    ("de", "Angeblich war niemand zu Hause", {"said"}),
    ("fr", "Autrefois le pain était fait sur place", {"past"}),
    ("fr", "Désormais il faut tout payer", {"now"}),
    ("fr", "Chez la concurrence c'est gratuit", {"elsewhere"}),
    ("fr", "On m'a dit que le colis était parti", {"said"}),
    ("es", "Antes tenían pan del día", {"past"}),
    ("es", "Últimamente tardan mucho", {"now"}),
    ("es", "En otras tiendas lo cambian gratis", {"elsewhere"}),
    ("es", "Me dijeron que llamarían el lunes", {"said"}),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), FOUND)
def test_frames_are_found(language, text, expected):
    assert frames(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "You get used to the noise"),
        ("en", "Delivered as promised"),
        ("en", "Friendly staff and good soup"),
        ("nl", "Het pakje kwam een uur vroeger"),
        ("nl", "Geleverd zoals beloofd"),
        ("nb", "Vanskelig å nå fram på telefon"),
        ("lv", "Pasūtījums pienāca dienu agrāk"),
        ("de", "Das Paket kam zwei Stunden früher"),
        ("de", "Die Musik war zu laut"),
        ("fr", "Livré comme promis"),
        ("es", "Llegó dos días antes"),
    ],
)
def test_words_of_another_sense_make_no_frame(language, text):
    assert frames(text, language) == set()


def test_every_language_has_every_frame():
    for language in LANGUAGES:
        words = load_lexicon(language).words
        for role in FRAMES:
            assert len(words[role]) == len(set(words[role])) >= 40
            for phrase in words[role]:
                check_pattern(phrase, f"{language}: {role}")


def test_no_opinion_is_changed_by_a_frame():
    said = read_opinions(parse(["It was good", "Last year it was good, they said"], ["en", "en"]))
    assert len(said.roles["past"])
    assert len(said.roles["said"])
    assert said.value.tolist() == [1.0, 1.0]
