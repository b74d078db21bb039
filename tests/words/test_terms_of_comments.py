"""Terms: negations kept, stop words dropped, accents folded, emoji counted, no blow-up."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.errors import FeedbackError
from feedback_nlp.records import LANGUAGES, Mention
from feedback_nlp.schema import mentions_table
from feedback_nlp.words import comment_terms, stop_words, term_table
from feedback_nlp.words.function_words import function_words


def written(text, language):
    return [form for _, form in comment_terms(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "term"),
    [
        ("It was not good", "en", "not good"),
        ("It was not very good", "en", "not good"),
        ("not a good experience", "en", "not good"),
        ("Het was niet goed", "nl", "niet goed"),
        ("Het was niet erg goed", "nl", "niet goed"),
        ("Internet werkt niet", "nl", "werkt niet"),
        ("Het pakket werd niet te laat bezorgd", "nl", "niet laat"),
        ("Maten var ikke bra", "nb", "ikke bra"),
        ("Maten var ikke veldig bra", "nb", "ikke bra"),
        ("Serviss nav labi", "lv", "nav labi"),
        ("Das Essen war nicht gut", "de", "nicht gut"),
        ("Ce n'est pas bon", "fr", "pas bon"),
        ("No funciona", "es", "no funciona"),
    ],
)
def test_a_negation_and_its_word_are_one_term(text, language, term):
    assert term in written(text, language)
    assert term.split()[-1] not in written(text, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_negators_are_no_stop_words_in_any_language(language):
    words = function_words(language)
    assert words.negators
    assert len(words.stop_words) > 80
    assert not words.negators & words.stop_words


def test_a_negation_does_not_reach_into_the_next_sentence():
    assert "not slow" not in written("I could not. Slow website", "en")
    assert "slow" in written("I could not. Slow website", "en")


def test_a_negation_without_a_content_word_is_not_lost():
    assert "don't know" in written("I still don't know.", "en")


def test_contractions_count_with_not():
    keys = {key for key, _ in comment_terms("It wasn't good. It isn’t good.", "en")}
    assert keys == {"not good"}


def test_numbers_alone_stop_words_and_addresses_are_dropped():
    assert written("10/10 in 2024, www.example.com/a?b the 4G", "en") == ["4g"]


def test_emoji_count_whatever_their_skin():
    table = term_table(
        pd.DataFrame({"comment_id": ["a", "b"], "text": ["👍🏽 fast", "👍"], "language": "en"})
    )
    assert table.iloc[0].tolist() == ["👍", 2, 2]


def test_forms_with_and_without_accents_count_together_and_the_common_one_is_shown():
    texts = ["Apkalpošana slikta", "apkalpošana", "apkalposana"]
    table = term_table(pd.DataFrame({"comment_id": list("abc"), "text": texts, "language": "lv"}))
    assert table.iloc[0]["term"] == "apkalpošana"
    assert table.iloc[0]["n_comments"] == 3


def test_a_term_counts_once_for_each_comment():
    comments = pd.DataFrame(
        {"comment_id": ["a", "b"], "text": ["slow slow slow", "fast"], "language": "en"}
    )
    table = term_table(comments).set_index("term")
    assert table.loc["slow"].tolist() == [1, 3]


def test_personal_data_never_becomes_a_term():
    text = "Mail me at kari.nordmann@example.com or 06-12345678 about billing"
    terms = " ".join(
        term_table(pd.DataFrame({"comment_id": ["a"], "text": [text], "language": "en"}))["term"]
    )
    assert "billing" in terms
    for hidden in ("kari", "nordmann", "example", "12345678", "phone", "e-mail"):
        assert hidden not in terms


def test_only_readable_comments_and_the_group_asked_for_count():
    comments = pd.DataFrame(
        {
            "comment_id": list("abcd"),
            "respondent_id": ["r", "r", "s", "t"],
            "text": ["slow", "rude", "friendly", "asdf"],
            "language": "en",
            "status": ["ok", "ok", "ok", "uninformative"],
            "nps": [2.0, 2.0, 10.0, 1.0],
        }
    )
    assert set(term_table(comments, group="detractors")["term"]) == {"slow", "rude"}
    assert set(term_table(comments, group="promoters")["term"]) == {"friendly"}
    assert term_table(comments, group="passives").empty


def test_groups_of_other_ratings_have_their_own_names_too():
    comments = pd.DataFrame(
        {"comment_id": ["a", "b"], "text": ["slow", "nice"], "language": "en", "csat": [1, 5]}
    )
    own = term_table(comments, group="dissatisfied", rating="csat")
    assert own["term"].tolist() == ["slow"]
    pd.testing.assert_frame_equal(own, term_table(comments, group="detractors", rating="csat"))
    with pytest.raises(FeedbackError, match="No group 'haters'"):
        term_table(comments, group="haters", rating="csat")


def test_theme_and_polarity_choose_comments():
    comments = pd.DataFrame(
        {"comment_id": ["a", "b"], "text": ["expensive parcel", "kind clerk"], "language": "en"}
    )
    price = Mention(
        theme="price.level", polarity="negative", theme_confidence=1, polarity_confidence=1,
        start=0, end=9,
    )  # fmt: skip
    mentions = mentions_table([("a", "expensive parcel", price)], ["price.level", "service"])
    assert set(term_table(comments, mentions, theme="price")["term"]) == {"expensive", "parcel"}
    assert term_table(comments, mentions, theme="service").empty
    assert term_table(comments, mentions, polarity="positive").empty
    with pytest.raises(FeedbackError, match="No theme 'prise'"):
        term_table(comments, mentions, theme="prise")
    with pytest.raises(FeedbackError, match="mentions table"):
        term_table(comments, theme="price")


def test_stop_words_are_those_of_the_languages_in_the_table():
    words = stop_words(pd.DataFrame({"language": ["en", "en"]}))
    assert "the" in words
    assert "het" not in words
    assert "not" not in words


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "a-" * 50_000,
        "'" * 100_000,
        "n't " * 20_000,
        "👍\u200d" * 30_000,
        "\u202e" * 9,
    ],
)
def test_time_grows_with_length_only(text, time_grows_with_length):
    assert time_grows_with_length(lambda part: comment_terms(part, "en"), text)


@given(st.text(max_size=60), st.sampled_from([*LANGUAGES, "unknown"]))
def test_any_text_gives_terms_without_spaces_at_their_ends(text, language):
    for key, form in comment_terms(text, language):
        assert key.strip() == key != ""
        assert form.strip() == form != ""
