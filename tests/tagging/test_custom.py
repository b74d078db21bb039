"""Taxonomies of one's own, without labels: found by names, definitions, examples and phrases."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from feedback_nlp.errors import ModelError, TaxonomyError
from feedback_nlp.tagging import load_tagger
from feedback_nlp.tagging.custom import CustomModel, read_learnt, write_learnt
from feedback_nlp.tagging.described import words_of
from feedback_nlp.taxonomy import Taxonomy, Theme, load_taxonomy

MUSEUM = """
name = "museum"

[[theme]]
id = "exhibits"
names = { en = "Exhibits" }
definition = "What is on show: paintings, statues, the collection."
examples = ["The paintings took my breath away"]

[[theme]]
id = "guides"
names = { en = "Tour guides" }
definition = "Guided tours and the people who give them: knowledge, kindness, patience."

[[theme]]
id = "tickets"
names = { en = "Tickets" }
definition = "Buying tickets: what they cost, and the queue at the entrance."

[[theme]]
id = "tickets.price"
names = { en = "Ticket price" }
definition = "Whether the ticket is cheap or expensive."

[[theme]]
id = "cafe"
names = { en = "Café" }
definition = "Coffee, cake, lunch and the people who serve it."

[[theme]]
id = "cloakroom"
names = { en = "Cloakroom" }
definition = "Where coats and bags are kept."
"""
SAME = {
    "en": "The coffee and the cake were delicious",
    "nl": "De koffie en de taart waren heerlijk",
    "nb": "Kaffen og kaken var deilig",
    "lv": "Kafija un kūka bija garšīga",
    "de": "Kaffee und Kuchen waren köstlich",
    "fr": "Le café et le gâteau étaient délicieux",
    "es": "El café y la tarta estaban deliciosos",
}
COMMENTS = [
    *SAME.values(),
    "Our guide knew everything about the paintings, but the tickets are far too expensive.",
    "De gids was erg geduldig met de kinderen",
    "Ich musste meinen Mantel und die Tasche abgeben",
    "",
    "???",
    "Nothing",
]


def museum(tmp_path, text=MUSEUM):
    path = tmp_path / "museum.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.fixture(scope="module")
def tagger(tmp_path_factory):
    return load_tagger(taxonomy=museum(tmp_path_factory.mktemp("museum")))


def themes(tagged):
    return [mention.theme for mention in tagged.mentions]


@pytest.mark.parametrize("language", SAME)
def test_an_english_taxonomy_serves_every_language(tagger, language):
    tagged = tagger(SAME[language], language=language)
    assert set(themes(tagged)) == {"cafe"}
    assert {m.polarity for m in tagged.mentions} == {tagged.sentiment} == {"positive"}


def test_dutch_comments_are_tagged_clause_by_clause(tagger):
    tagged = tagger("De gids was heel aardig, maar het kaartje is veel te duur.")
    assert [(m.theme, m.polarity) for m in tagged.mentions] == [
        ("guides", "positive"),
        ("tickets.price", "negative"),
    ]
    assert [tagged.evidence(m) for m in tagged.mentions] == [
        "De gids was heel aardig",
        "maar het kaartje is veel te duur",
    ]
    assert all(0 < m.theme_confidence <= 1 and m.source == "model" for m in tagged.mentions)


def test_it_says_nothing_where_nothing_is_like_a_theme(tagger):
    for text in ("My train to Utrecht was cancelled", "Ik ben mijn wachtwoord vergeten"):
        assert themes(tagger(text)) == []


def test_sentiment_and_status_are_those_of_the_compact_tagger(tagger):
    compact = load_tagger()
    for text in COMMENTS:
        mine, theirs = tagger(text), compact(text)
        assert (mine.sentiment, mine.sentiment_score, mine.status) == (
            theirs.sentiment,
            theirs.sentiment_score,
            theirs.status,
        )


def test_one_and_many_give_the_same(tagger):
    frame = pd.DataFrame({"comment_id": [str(n) for n in range(len(COMMENTS))], "text": COMMENTS})
    one_by_one = [tagger(text) for text in COMMENTS]
    assert list(tagger.pipe(COMMENTS)) == one_by_one
    assert list(tagger.pipe(COMMENTS[::-1])) == one_by_one[::-1]
    assert list(load_tagger(taxonomy=tagger.taxonomy).pipe(COMMENTS)) == one_by_one
    assert len(tagger.tag_frame(frame).mentions) == sum(len(one.mentions) for one in one_by_one)


def test_threads_and_processes_may_share_it(tagger):
    expected = [tagger(text) for text in COMMENTS]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(tagger, COMMENTS)) == expected
    assert list(pickle.loads(pickle.dumps(tagger)).pipe(COMMENTS)) == expected


def test_a_phrase_finds_what_nothing_else_would(tmp_path):
    text = "The Zwirbel was closed"
    assert "cloakroom" not in themes(load_tagger(taxonomy=museum(tmp_path))(text))
    more = MUSEUM + 'phrases = { en = ["zwirbel"] }\n'
    tagged = load_tagger(taxonomy=museum(tmp_path, more))(text)
    assert themes(tagged) == ["cloakroom"]
    assert tagged.mentions[0].source == "rule"


def test_examples_teach(tmp_path):
    text = "The lift was out of order again"
    before = load_tagger(taxonomy=museum(tmp_path))
    assert themes(before(text)) == []
    more = (
        '[[theme]]\nid = "stairs"\nexamples = ["The elevator was broken", "No lift for my pram"]\n'
    )
    assert themes(load_tagger(taxonomy=museum(tmp_path, MUSEUM + more))(text)) == ["stairs"]


def test_general_praise_is_named_where_nothing_else_is(tmp_path):
    more = '[[theme]]\nid = "praise"\nnames = { en = "Praise" }\ngeneral = true\n'
    tagger = load_tagger(taxonomy=museum(tmp_path, MUSEUM + more))
    assert themes(tagger("Geweldig!")) == ["praise"]
    assert themes(tagger("What a great guide")) == ["guides"]


def test_one_theme_is_enough(tmp_path):
    tagger = load_tagger(
        taxonomy=museum(tmp_path, '[[theme]]\nid = "parking"\nnames = {nl = "Parkeren"}')
    )
    assert themes(tagger("Nowhere to park the car")) == ["parking"]
    assert themes(tagger("Lovely soup")) == []


def test_the_default_themes_have_the_model_that_learnt_them():
    assert load_tagger(taxonomy=load_taxonomy()).name == "compact"


def test_its_facts_name_every_file(tagger):
    assert tagger.name == "custom"
    assert tagger.facts["taxonomy"] == "museum"
    assert {"taxonomy_sha256", "weights_sha256", "custom_sha256"} <= set(tagger.facts)


def test_what_cannot_be_done_is_said_in_one_line(tmp_path):
    path = museum(tmp_path)
    with pytest.raises(TaxonomyError, match="no phrases, and rules find themes by nothing else"):
        load_tagger("rules", taxonomy=path)
    with pytest.raises(ModelError, match="leave --model out"):
        load_tagger("compact", taxonomy=path)
    with pytest.raises(ModelError, match="give --taxonomy"):
        load_tagger("custom")


def test_a_taxonomy_made_in_code_is_checked_as_one_from_a_file():
    orphan = Taxonomy("mine", (Theme(id="food.taste"), Theme(id="staff")))
    with pytest.raises(TaxonomyError, match=r"'mine': theme 'food.taste' has no parent"):
        load_tagger(taxonomy=orphan)
    with pytest.raises(TaxonomyError, match="'empty' has no themes"):
        load_tagger(taxonomy=Taxonomy("empty", ()))


def test_what_was_learnt_is_checked(tagger, tmp_path):
    assert isinstance(tagger.model, CustomModel)
    learnt, path = tagger.model.learnt, tmp_path / "custom.safetensors"
    write_learnt(learnt, path)
    again = read_learnt(path)
    assert np.array_equal(again.weighing.weights, learnt.weighing.weights)
    assert again.threshold == learnt.threshold
    short = type(learnt.weighing)(learnt.weighing.weights[1:], learnt.weighing.intercept)
    write_learnt(type(learnt)(short, 0.2, learnt.mean, learnt.scores), path)
    with pytest.raises(ModelError, match="another version"):
        read_learnt(path)
    path.write_bytes(b"nothing")
    with pytest.raises(ModelError, match="cannot be read"):
        read_learnt(path)
    with pytest.raises(ModelError, match="cannot be read"):
        read_learnt(tmp_path / "nowhere")


def test_names_without_words_and_many_themes_do_no_harm(tmp_path):
    theme = '[[theme]]\nid = "{kind}_{n}"\nnames = {{ en = "{name}" }}\n'
    halls = "".join(theme.format(kind="hall", n=n, name=f"Hall {n}") for n in range(250))
    stars = "".join(theme.format(kind="star", n=n, name="★" * n) for n in range(1, 40))
    tagger = load_tagger(taxonomy=museum(tmp_path, MUSEUM + halls + stars))
    texts = [f"{text} {n}" for n in range(45) for text in COMMENTS[:8]]  # more than one turn
    tagged = list(tagger.pipe(texts))
    assert tagged[:10] == [tagger(text) for text in texts[:10]]
    assert not [theme for one in tagged for theme in themes(one) if theme.startswith("star")]


def test_words_without_letters_are_none():
    assert words_of("5 ★ … _") == ["5"]
