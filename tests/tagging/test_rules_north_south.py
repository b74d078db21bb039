"""The rule tagger in Norwegian, Latvian, French and Spanish, on comments of our own."""

import pytest

from feedback_nlp.tagging import load_tagger

TAGGER = load_tagger("rules")


def tags(text, language):
    return {m.theme: m.polarity for m in TAGGER(text, language=language).mentions}


THEMES = [
    ("nb", "Strømmen var borte i fire timer", {"quality.reliability": "negative"}),
    ("nb", "Jeg måtte ringe fem ganger før noen svarte", {"service.reachability": "negative"}),
    ("nb", "Skjemaene er vanskelige å forstå", {"information.clarity": "negative"}),
    ("nb", "Dere ordner opp når noe er galt", {"service.resolution": "positive"}),
    ("nb", "Skoene gikk i oppløsning etter to uker", {"quality.reliability": "negative"}),
    ("lv", "Zona laukos ir ļoti vāja", {"quality.reliability": "negative"}),
    ("lv", "Skaistas drēbes par labu cenu", {"quality.product": "positive", "price.level": "positive"}),
    ("lv", "Veidlapas ir grūti saprotamas", {"information.clarity": "negative"}),
    ("lv", "Cenas tikai aug", {"price.fees": "negative"}),
    ("lv", "Ģimenes ārste vienmēr uzklausa", {"service": "positive"}),
    ("fr", "Les tarifs sont vraiment élevés", {"price.level": "negative"}),
    ("fr", "Un cheveu dans la soupe", {"environment.cleanliness": "negative"}),
    ("fr", "De gros efforts à faire sur le service", {"service": "negative"}),
    ("es", "La habitación era muy bonita", {"quality.product": "positive"}),
    ("es", "Llamé varias veces y nadie contesta", {"service.reachability": "negative"}),
    ("es", "El sitio web no funciona", {"usability.website_app": "negative"}),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), THEMES)
def test_themes_and_polarities(language, text, expected):
    found = tags(text, language)
    assert {theme: found.get(theme) for theme in expected} == expected


@pytest.mark.parametrize(
    ("language", "text", "theme"),
    [
        ("nb", "Jeg setter pris på den raske hjelpen", "price"),
        ("nb", "Ved hjelp av veiviseren gikk det fint", "service"),
        ("nb", "Det er lurt å bestille i god tid", "trust.honesty"),
        ("lv", "Labākais mobilais operators", "service"),
        ("lv", "Svaiga rupjmaize", "service.friendliness"),
        ("lv", "Godīgi sakot, man patika", "trust.honesty"),
        ("fr", "Je vous conseille ce magasin", "service"),
        ("fr", "La devanture ne paye pas de mine", "payment"),
        ("fr", "Servi à température ambiante", "environment.atmosphere"),
        ("es", "Un sitio muy bueno para ir con niños", "usability.website_app"),
        ("es", "No es la calidad que esperamos", "service.waiting_time"),
        ("es", "Las camareras, con caras largas", "price.level"),
    ],
)
def test_ambiguous_words_name_no_theme(language, text, theme):
    assert theme not in tags(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nb", "Ikke så mye å utsette på dere"),
        ("nb", "Kan ikke tenke meg et bedre sted å handle"),
        ("nb", "Ikke minst god service"),
        ("nb", "Ventet bare fem minutter"),
        ("lv", "Īpaši nav kam piesieties"),
        ("lv", "Naudu atgrieza bez liekām problēmām"),
        ("lv", "Vēlos pateikt paldies dakterei"),
        ("lv", "Ātri varēja sazvanīt un visu noskaidrot"),
        ("lv", "Ne tikai lēti, bet arī kvalitatīvi"),
        ("fr", "À ne pas manquer"),
        ("fr", "Je ne peux que recommander"),
        ("fr", "Nous y retournerons"),
        ("es", "No tiene nada que envidiar a los demás"),
        ("es", "Espero que sigan así"),
        ("es", "No se arrepentirán"),
    ],
)
def test_polite_negatives_and_thanks_are_praise(language, text):
    assert TAGGER(text, language=language).sentiment == "positive"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nb", "Synes ikke dere er særlig billige lenger"),
        ("nb", "Kunne ønske det var flere minibanker"),
        ("nb", "Kortet ble sperret uten grunn"),
        ("lv", "Pārdevēja nebija laipna"),
        ("lv", "Apkalpošana varētu būt ātrāka"),
        ("lv", "Izrakstīja mājās bez jebkāda paskaidrojuma"),
        ("fr", "Nous ne reviendrons pas"),
        ("fr", "Je préfère ne pas en parler"),
        ("fr", "Pas une excuse"),
        ("es", "Una y no más"),
        ("es", "No nos gustó nada"),
        ("es", "El servicio no estaba a la altura"),
    ],
)
def test_negation_and_wishes_are_complaints(language, text):
    assert TAGGER(text, language=language).sentiment == "negative"


@pytest.mark.parametrize(
    ("language", "text"),
    [("fr", "Cuisine correcte mais pas exceptionnelle"), ("lv", "Neesmu neapmierināts")],
)
def test_middling_is_neutral(language, text):
    assert TAGGER(text, language=language).sentiment == "neutral"
