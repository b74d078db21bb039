"""Status, sentences and clauses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.records import LANGUAGES
from feedback_nlp.text import parse, question_asks, split_words


def status(text, language, question=""):
    return parse([text], [language], [question])[0].status


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u200b", "\u00a0\u00a0"])
def test_blank(text):
    assert status(text, "unknown") == "blank"


@pytest.mark.parametrize(
    ("text", "language"),
    [("nvt", "nl"), ("N/A", "en"), ("-", "en"), ("...", "nl"), ("asdfgh", "en"), ("Did not answer", "en"),
     ("ingen kommentar", "nb"), ("nav komentāru", "lv"), ("keine Angabe", "de"),
     ("sans commentaire", "fr"), ("sin comentarios", "es"), ("?????", "en"), ("123", "en"),
     ("aaaaaaaaaaa", "en"), ("nothing", "en"), ("Niks.", "nl")],
)  # fmt: skip
def test_answers_that_say_nothing_are_set_aside(text, language):
    assert status(text, language) == "uninformative"


def test_nothing_is_an_answer_when_the_question_asked_for_good_or_bad():
    assert status("Nothing", "en", "What could we improve?") == "ok"
    assert status("Niks", "nl", "Wat ging er goed?") == "ok"


def test_words_in_no_known_language():
    assert status("Bardzo dobrze", "unknown") == "unknown_language"


@pytest.mark.parametrize(
    ("question", "asks"),
    [("What was good?", "positive"), ("How could we improve?", "negative"),
     ("Wat kan er beter?", "negative"), ("Wat ging er goed?", "positive"),
     ("Hva kan vi gjøre bedre?", "negative"), ("Ko mēs varētu uzlabot?", "negative"),
     ("Was können wir verbessern?", "negative"), ("Que pouvons-nous améliorer ?", "negative"),
     ("¿Qué podemos mejorar?", "negative"), ("Why did you give that score?", None), ("", None)],
)  # fmt: skip
def test_what_a_question_asks_for(question, asks):
    assert question_asks(question, "en") == asks


@pytest.mark.parametrize(
    ("text", "language", "clauses"),
    [("Lekker eten, maar traag", "nl", ["Lekker eten", "maar traag"]),
     ("Good staff. Bad food!", "en", ["Good staff", "Bad food"]),
     ("Snill dame men altfor dyrt", "nb", ["Snill dame", "men altfor dyrt"]),
     ("Laba kvalitāte, bet dārgi", "lv", ["Laba kvalitāte", "bet dārgi"]),
     ("Gutes Essen, aber laut", "de", ["Gutes Essen", "aber laut"]),
     ("The soup was unfortunately cold", "en", ["The soup was unfortunately cold"]),
     ("Fine soup, unfortunately cold", "en", ["Fine soup", "unfortunately cold"]),
     ("De soep was ook lekker", "nl", ["De soep was ook lekker"]),
     ("Das Bad war jedoch klein", "de", ["Das Bad war jedoch klein"]),
     ("Online check-in was easy", "en", ["Online check-in was easy"]),
     ("Prijs/kwaliteit is top.", "nl", ["Prijs/kwaliteit is top"])],
)  # fmt: skip
def test_clauses(text, language, clauses):
    one = parse([text], [language])[0]
    assert [text[slice(*one.span(c.start, c.end))] for c in one.clauses] == clauses


def test_what_was_typed_in_capitals_is_split_the_same():
    plain, loud = parse(["we don't mind", "WE DON’T MIND"], ["en", "en"])
    assert plain.words == loud.words == ("we", "do", "n't", "mind")


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from([*LANGUAGES, "unknown"]))
def test_words_lie_where_they_say_and_clauses_hold_each_once(text, language):
    one = parse([text], [language])[0]
    assert all(0 <= s < e <= len(text) for s, e in zip(one.starts, one.ends, strict=True))
    held = [at for clause in one.clauses for at in range(clause.start, clause.end)]
    assert held == (list(range(len(one.words))) if one.status == "ok" else [])


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "cannot"), ("en", "dont"), ("en", "gonna"), ("en", "Queue"), ("nl", "één"), ("de", "ß"),
     ("fr", "aujourd"), ("lv", "piegāde"), ("es", "del"), ("nb", "kjøre"), ("unknown", "слово")],
)  # fmt: skip
def test_a_word_alone_is_split_as_in_a_text(language, word):
    assert split_words(word, language) == split_words(f"{word} 1", language)[:-1]
