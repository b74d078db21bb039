"""Which language a comment is in."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.language import _detected, _detector, detect_languages
from feedback_nlp.records import LANGUAGES

COMMENTS = {
    "nl": ["Snelle levering en vriendelijke hulp", "te duur", "Ik wacht al drie weken op antwoord"],
    "en": ["Great service", "too expensive", "Still waiting for my refund after two weeks"],
    "nb": ["Rask levering og hyggelig betjening", "altfor dyrt", "Jeg har ventet i tre uker"],
    "lv": ["Ātra piegāde un laipna apkalpošana", "pārāk dārgi", "pasutijumu atnesa laikus"],
    "de": ["Schnelle Lieferung und nettes Personal", "viel zu teuer", "Ich warte immer noch"],
    "fr": ["Livraison rapide et personnel agréable", "trop cher", "J'attends toujours ma commande"],
    "es": ["Entrega rápida y personal amable", "demasiado caro", "Sigo esperando mi pedido"],
}


@pytest.mark.parametrize(("language", "text"), [(k, t) for k, ts in COMMENTS.items() for t in ts])
def test_short_comments_in_seven_languages(language, text):
    assert detect_languages([text]) == [language]


@pytest.mark.parametrize(
    "text",
    ["Bardzo dobra obsługa, wszystko przyszło na czas", "Очень хорошее обслуживание и доставка",
     "Servizio eccellente, consegna velocissima e personale gentile", "", "   ", "12345", "👍"],
)  # fmt: skip
def test_other_languages_and_no_words_are_unknown(text):
    assert detect_languages([text]) == ["unknown"]


def test_the_mix_of_a_file_decides_what_a_word_alone_cannot():
    dutch = COMMENTS["nl"] * 5
    german = COMMENTS["de"] * 5
    assert detect_languages([*dutch, "Super!"], file_mix=True)[-1] == "nl"
    assert detect_languages([*german, "Super!"], file_mix=True)[-1] == "de"


def test_without_the_mix_an_answer_never_depends_on_its_neighbours():
    alone = detect_languages(["Super!"])
    assert detect_languages([*COMMENTS["de"], "Super!"])[-1:] == alone


@settings(deadline=None)
@given(
    st.text(min_size=1, max_size=80) | st.sampled_from([t for ts in COMMENTS.values() for t in ts])
)
def test_the_detector_is_read_as_it_ranks_languages(text):
    ranked = _detector().rank(text)
    shares = dict.fromkeys(LANGUAGES, 0.0)
    for code, share in ranked:
        code = {"no": "nb", "nn": "nb"}.get(code, code)
        if code in shares:
            shares[code] += share
    total = sum(shares.values()) or 1.0
    scores, _ = _detected(text)
    assert scores.tolist() == [math.log(share / total + 1e-3) for share in shares.values()]
