"""The rule tagger: themes, polarity and evidence on comments of our own."""

import pytest

from feedback_nlp.tagging import load_tagger

TAGGER = load_tagger("rules")


def tags(text, language, question=""):
    tagged = TAGGER(text, language=language, question=question)
    return {m.theme: m.polarity for m in tagged.mentions}


CASES = [
    ("nl", "Lekker eten, maar de ober was onbeschoft.", {"quality.food": "positive", "service.friendliness": "negative"}),
    ("nl", "Veel te duur", {"price.level": "negative"}),
    ("nl", "De app loopt steeds vast", {"usability.website_app": "negative"}),
    ("en", "The staff were friendly but it is far too expensive", {"service.friendliness": "positive", "price.level": "negative"}),
    ("en", "Nobody answers the phone", {"service.reachability": "negative"}),
    ("en", "Delivery was quick", {"delivery.speed": "positive"}),
    ("nb", "Rask levering, men altfor dyrt", {"delivery.speed": "positive", "price.level": "negative"}),
    ("nb", "Hyggelig betjening", {"service.friendliness": "positive"}),
    ("lv", "Laipna apkalpošana, bet pārāk dārgi", {"service.friendliness": "positive", "price.level": "negative"}),
    ("lv", "atra piegade", {"delivery.speed": "positive"}),
    ("de", "Schnelle Lieferung, aber unfreundliches Personal", {"delivery.speed": "positive", "service.friendliness": "negative"}),
    ("fr", "Livraison rapide mais trop cher", {"delivery.speed": "positive", "price.level": "negative"}),
    ("es", "Entrega rápida pero demasiado caro", {"delivery.speed": "positive", "price.level": "negative"}),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_themes_and_polarities(language, text, expected):
    found = tags(text, language)
    assert {theme: found.get(theme) for theme in expected} == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [("nl", "niks op aan te merken"), ("nl", "Geen klachten"), ("en", "Nothing to complain about"),
     ("en", "no complaints"), ("nb", "Ingen klager"), ("nb", "ingenting å klage på"),
     ("lv", "nav par ko sūdzēties"), ("de", "Nichts zu beanstanden"), ("fr", "Rien à redire"),
     ("es", "Ninguna queja")],
)  # fmt: skip
def test_polite_negatives_are_praise(language, text):
    tagged = TAGGER(text, language=language)
    assert (tagged.status, tagged.sentiment) == ("ok", "positive")


@pytest.mark.parametrize(
    ("language", "text"),
    [("nl", "niet goed"), ("nl", "Niet echt vriendelijk"), ("en", "not very helpful"),
     ("en", "It was not good at all"), ("nb", "ikke bra"), ("lv", "nav labi"),
     ("de", "nicht gut"), ("fr", "pas bon"), ("es", "no es bueno")],
)  # fmt: skip
def test_negation_turns_praise_into_blame(language, text):
    assert TAGGER(text, language=language).sentiment == "negative"


@pytest.mark.parametrize(
    ("language", "text", "sentiment"),
    [("en", "A tidy shop no radio", "positive"), ("en", "Tasty bread without sugar", "positive"),
     ("de", "Freundlich ohne Ausnahme", "positive"), ("nl", "Vriendelijk zonder poeha", "positive"),
     ("nl", "Duur is het niet", "positive"), ("de", "Teuer ist es nicht", "positive"),
     ("en", "Never met such rude people", "negative"), ("nl", "Nog nooit zo slecht geslapen", "negative"),
     ("de", "Noch nie so unfreundlich empfangen", "negative"),
     ("en", "Not only slow, I would not recommend it", "negative"),
     ("nl", "De deurbel werkt niet goed", "negative"), ("nl", "Nog geen problemen gehad", "positive"),
     ("de", "Sie war nicht besonders freundlich", "negative"),
     ("de", "Leider nicht empfehlenswert", "negative"), ("de", "Leider war niemand da", "negative"),
     ("nl", "Alles tip top in orde", "positive"), ("en", "I cannot thank you enough", "positive"),
     ("en", "I would like to thank the lovely porter", "positive")],
)  # fmt: skip
def test_what_a_negator_or_a_wish_reaches(language, text, sentiment):
    assert TAGGER(text, language=language).sentiment == sentiment


@pytest.mark.parametrize(
    ("language", "text", "evidence"),
    [("nl", "Fijne kamer, maar de ober was traag", "de ober was traag"),
     ("en", "Clean room and the porter was rude", "the porter was rude"),
     ("de", "Sauberes Bad und der Kellner war frech", "der Kellner war frech"),
     ("fr", "Chambre propre mais le serveur était lent", "le serveur était lent")],
)  # fmt: skip
def test_evidence_begins_behind_the_joining_word(language, text, evidence):
    tagged = TAGGER(text, language=language)
    assert evidence in [tagged.evidence(mention) for mention in tagged.mentions]


def test_one_phrase_is_one_mention_even_across_and():
    tagged = TAGGER("Ordering was really quick and easy", language="en")
    assert [m.theme for m in tagged.mentions].count("usability.ease") == 1


@pytest.mark.parametrize(
    ("language", "text", "theme"),
    [("nl", "Ik heb drie boeken gekregen", "usability.ordering"),
     ("nl", "Het zat in een doos", "delivery.damage"),
     ("en", "Our return flight left at noon", "delivery.returns"),
     ("en", "They showed interest in my plans", "payment.credit"),
     ("en", "I ordered broadband in May", "quality.reliability"),
     ("de", "Ich habe Internet bestellt", "quality.reliability")],
)  # fmt: skip
def test_an_ambiguous_word_names_no_theme(language, text, theme):
    assert theme not in tags(text, language)


def test_an_unknown_polarity_is_missing_and_never_neutral():
    tagged = TAGGER("The parking garage", language="en")
    assert [m.polarity for m in tagged.mentions] == [None]
    assert [m.polarity_confidence for m in tagged.mentions] == [None]
    assert tagged.sentiment is None


def test_what_is_meant_where_nothing_is_said_comes_from_the_taxonomy():
    assert tags("wachttijd", "nl") == {"service.waiting_time": "negative"}


def test_the_question_decides_what_nothing_means():
    assert tags("Nothing", "en", "What could we improve?") == {"general": "positive"}
    assert tags("Nothing", "en", "What was good?") == {"general": "negative"}
    assert tags("Nothing", "en") == {}


def test_the_question_decides_where_the_words_do_not():
    assert tags("Parking", "en", "What could we improve?") == {"environment.location": "negative"}


def test_praise_without_a_subject_counts_only_where_no_subject_is_named():
    assert tags("Great!", "en") == {"general": "positive"}
    assert "general" not in tags("Great delivery", "en")


def test_emoji_need_no_language():
    tagged = TAGGER("👍👍")
    assert (tagged.language, tagged.status, tagged.sentiment) == ("unknown", "ok", "positive")


def test_a_word_inside_another_is_not_found():
    assert "price" not in tags("That is priceless entertainment on this page", "en")
