"""Inflected forms and two-word expressions: counted together where that is safe, and only there."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.records import LANGUAGES
from feedback_nlp.words import keyness, term_table, word_cloud
from feedback_nlp.words.expressions import _g2, _npmi, find_expressions, joined_terms
from feedback_nlp.words.lemmas import base_form
from feedback_nlp.words.terms import comment_terms, spoken_terms


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("nl", "medewerker medewerkers"),
        ("nl", "prijs prijzen"),
        ("nl", "afspraak afspraken"),
        ("nl", "vriendelijk vriendelijke"),
        ("en", "queue queues"),
        ("en", "facility facilities"),
        ("nb", "ansatt ansatte"),
        ("nb", "butikk butikken butikker"),
        ("lv", "cena cenas cenu cenām"),
        ("lv", "darbinieks darbinieki darbiniekiem"),
        ("de", "preis preise"),
        ("de", "freundlich freundliche freundlicher"),
        ("fr", "serveur serveurs"),
        ("es", "habitación habitaciones"),
    ],
)
def test_inflected_forms_of_a_word_are_one_term(language, forms):
    keys = {comment_terms(form, language)[0][0] for form in forms.split()}
    assert len(keys) == 1


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "news", "new"),
        ("en", "santos", "santo"),
        ("en", "parking", "park"),
        ("en", "better", "good"),
        ("en", "concerned", "concern"),
        ("en", "customs", "custom"),
        ("nl", "beter", "goed"),
        ("nl", "boekje", "boek"),
        ("nb", "bedre", "god"),
        ("nb", "større", "stor"),
        ("de", "parken", "park"),
        ("de", "mitarbeiterin", "mitarbeiter"),
        ("lv", "apkalpošana", "apkalpot"),
        ("es", "personales", "personal"),
    ],
)
def test_words_that_only_look_alike_stay_apart(language, one, other):
    assert comment_terms(one, language)[0][0] != comment_terms(other, language)[0][0]


def test_forms_are_counted_together_and_shown_as_most_people_write_them():
    texts = ["slow queues", "long queues", "a queue"]
    table = term_table(pd.DataFrame({"comment_id": list("abc"), "text": texts, "language": "en"}))
    assert table.iloc[0].tolist() == ["queues", 3, 3]


def test_a_negation_goes_with_every_form_of_its_word():
    assert {comment_terms(text, "nl")[0][0] for text in ("werkt niet", "werken niet")} == {
        "werken niet"
    }


@given(st.text(max_size=30), st.sampled_from([*LANGUAGES, "unknown"]))
def test_only_words_of_a_language_have_another_base_form(word, language):
    base = base_form(word, language)
    assert base == word or (language in LANGUAGES and len(base) >= 3)


EXPRESSION = [f"Customer service, parcel {n} late" for n in range(30)]


def frame(texts, **more):
    ids = [f"c{n}" for n in range(len(texts))]
    return pd.DataFrame({"comment_id": ids, "text": texts, "language": "en"} | more)


def test_an_expression_is_one_term_and_its_parts_count_only_elsewhere():
    table = term_table(frame([*EXPRESSION, "The customer left", "slow service"]))
    counts = table.set_index("term")["n_comments"]
    assert counts["Customer service".lower()] == 30
    assert counts["customer"] == counts["service"] == 1


def test_a_sentence_that_is_copied_makes_no_expression():
    assert "customer" in set(term_table(frame(["Customer service"] * 60))["term"])


def test_a_negation_is_no_part_of_an_expression():
    texts = [f"not good value, box {n}" for n in range(40)]
    terms = set(term_table(frame(texts))["term"])
    assert {"not good", "value"} <= terms


def test_stop_words_marks_and_elisions_stand_between():
    pairs = {("service", "accueil"): 50.0, ("customer", "service"): 50.0}
    for text, language in (
        ("customer, service", "en"), ("customer and service", "en"), ("service l'accueil", "fr"),
    ):  # fmt: skip
        spoken = spoken_terms(text, language)
        assert len(joined_terms(spoken, pairs)) == (1 if language == "fr" else 2)


def test_figures_of_expressions_are_those_of_the_literature():
    # Dunning (1993), table of bigrams: "the swiss": 110 together, 2442 and 111 before and after,
    # 29114 neither; -2 log lambda 270.72.
    both, first, second = 110, 110 + 2442, 110 + 111
    assert _g2(both, first, second, 110 + 2442 + 111 + 29114) == pytest.approx(270.72, abs=0.01)
    assert _npmi(10, 10, 10, 1000) == pytest.approx(1.0)  # Bouma (2009): never apart
    assert _npmi(10, 100, 100, 1000) == pytest.approx(0.0)  # as by chance
    assert _npmi(20, 100, 100, 1000) == pytest.approx(math.log(2) / math.log(50))


def test_keyness_counts_the_terms_of_the_cloud():
    comments = frame(
        [*EXPRESSION, *[f"Friendly staff {n}" for n in range(30)]], nps=[1] * 30 + [10] * 30
    )
    cloud = word_cloud(comments, group="detractors").table.set_index("term")["n_comments"]
    compared = keyness(comments).set_index("term")["n_group"]
    shared = compared[compared > 0]
    assert "customer service" in shared.index
    assert shared.to_dict() == cloud[shared.index].to_dict()


def test_expressions_are_those_of_each_language():
    dutch = [(f"Lange wachttijd, pakket {n}", "nl") for n in range(30)]
    found = find_expressions([(text, "en") for text in EXPRESSION] + dutch)
    assert list(found["en"]) == [("customer", "service")]
    assert list(found["nl"]) == [("lang", "wachttijd")]
    assert find_expressions([]) == {}


@given(
    st.lists(
        st.sampled_from(["slow", "queue", "customer", "service", "late", "not", "👍", ",", "and"]),
        max_size=12,
    )
)
def test_joining_loses_no_term(words):
    spoken = spoken_terms(" ".join(words), "en")
    pairs = {("customer", "service"): 40.0, ("slow", "queue"): 50.0, ("queue", "customer"): 45.0}
    whole = " ".join(key for key, _ in joined_terms(spoken, pairs))
    assert whole == " ".join(term.key for term in spoken)
