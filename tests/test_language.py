"""Which language a comment is in."""

import math
import random
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from feedback_nlp.detector import detector
from feedback_nlp.known_words import MAX_TEXTS, count_known
from feedback_nlp.language import detect_languages, language_mix
from feedback_nlp.lexicon import load_lexicon
from feedback_nlp.patterns import fold
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


def survey(size):
    """Return that many different short comments, most of them Dutch, some German."""
    kinds = (*COMMENTS["nl"] * 4, *COMMENTS["de"])
    return [f"{kinds[row % len(kinds)]} {'x' * (row % 7)}{row}" for row in range(size)]


@pytest.mark.parametrize("size", [0, 40, 25_000])
def test_the_mix_does_not_depend_on_order(size):
    texts = survey(size)
    texts += texts[: size // 3]
    shuffled = random.Random(3).sample(texts, len(texts))
    mix = language_mix(texts)
    assert mix.tolist() == language_mix(iter(shuffled)).tolist()
    assert mix.shape == (len(LANGUAGES),)
    assert not size or mix.argmax() == LANGUAGES.index("nl")


@pytest.mark.parametrize("size", [40, 25_000])
def test_a_file_in_parts_gets_the_languages_it_gets_as_a_whole(size):
    texts = [*survey(size), *["Super!"] * 9, "Top", "prima", ""]
    whole = detect_languages(texts, file_mix=True)
    mix = language_mix(text for text in reversed(texts))
    parts = [
        language
        for at in range(0, len(texts), 7_000)
        for language in detect_languages(texts[at : at + 7_000], file_mix=mix)
    ]
    assert parts == whole
    assert whole[-4] == "nl"


def test_a_text_counts_as_often_as_it_comes():
    dutch, german = COMMENTS["nl"], COMMENTS["de"]
    places = [LANGUAGES.index("nl"), LANGUAGES.index("de")]
    even, mostly_german = language_mix(dutch + german), language_mix(dutch + german * 9)
    assert even[places[0]] == even[places[1]]
    assert mostly_german[places[0]] < mostly_german[places[1]]


def test_no_sure_comment_leaves_the_mix_open():
    assert language_mix([]).tolist() == language_mix(["", "👍", "123"]).tolist() == [0.0] * 7


PY3LANGID = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
TEXTS = st.text(max_size=80) | st.sampled_from([t for ts in COMMENTS.values() for t in ts])


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=60))
def test_the_detector_is_read_as_it_ranks_languages(texts):
    scores, _ = detector().evidence(texts)
    for row, text in enumerate(texts):
        shares = dict.fromkeys(LANGUAGES, 0.0)
        for code, share in PY3LANGID.rank(text):
            code = {"no": "nb", "nn": "nb"}.get(code, code)
            if code in shares:
                shares[code] += share
        total = sum(shares.values()) or 1.0
        expected = [math.log(share / total + 1e-3) for share in shares.values()]
        assert scores[row].tolist() == pytest.approx(expected, abs=1e-4)


def test_the_detector_says_the_same_of_a_text_in_any_company():
    texts = [f"{text} {row}" for row, text in enumerate(survey(200))]
    shares = detector().shares(texts)
    alone = np.concatenate([detector().shares([text]) for text in texts])
    assert (shares == alone).all()


def with_folded(words):
    return words | {fold(word) for word in words}


KNOWN = {language: with_folded(load_lexicon(language).known_words()) for language in LANGUAGES}


def listed(word):
    """Return which languages have a word on their lists, by the lists themselves."""
    return [word in KNOWN[language] for language in LANGUAGES]


WORDS = st.sampled_from(sorted(KNOWN["nl"])[:200] + sorted(KNOWN["lv"])[:200]) | st.text(max_size=9)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(WORDS, max_size=12).map(" ".join), min_size=1, max_size=8))
def test_words_on_the_lists_are_counted_once_each(texts):
    known, number = count_known(texts)
    for row, text in enumerate(texts):
        words = set(re.findall(r"[^\W\d_]+", text.lower()))
        assert number[row] == len(words)
        expected = [listed(word) for word in words]
        assert known[row].tolist() == np.sum([*expected, [0] * 7], axis=0).tolist()


def test_every_word_of_the_lists_has_a_number_of_its_own():
    words = sorted({word for known in KNOWN.values() for word in known if word == word.lower()})
    for at in range(0, len(words), MAX_TEXTS):
        known, number = count_known(words[at : at + MAX_TEXTS])
        assert (number == 1).all()
        assert known.tolist() == [listed(word) for word in words[at : at + MAX_TEXTS]]


def test_long_and_odd_texts_have_their_words_counted():
    texts = ["niet " * 80, "İ" * 400, "\ud800niet\0goed", "x²³ Ⅷ ٣٤", ""]
    known, number = count_known(texts)
    assert number.tolist() == [1, 1, 2, 2, 0]
    assert known[0, LANGUAGES.index("nl")] == 1
    assert known[2, LANGUAGES.index("nl")] == 2
