"""How like the words of a theme those of a clause are."""

import numpy as np

from feedback_nlp.parsed import ParsedBatch
from feedback_nlp.tagging.described import Descriptions, Space, taxonomy_texts
from feedback_nlp.tagging.embeddings import load_embeddings
from feedback_nlp.taxonomy import Taxonomy, Theme
from feedback_nlp.text import parse

EMBEDDINGS = load_embeddings()
THEMES = Taxonomy(
    "mine",
    (Theme(id="cafe", definition="Coffee, cake and tea."), Theme(id="cloakroom"),
     Theme(id="tickets", definition="What a ticket costs.")),
)  # fmt: skip
DESCRIBED = Descriptions.of(taxonomy_texts(THEMES), Space(EMBEDDINGS, np.zeros(EMBEDDINGS.width)))
TEXTS = ["The tea and the tea cups were cold but the tickets were cheap", "Tea", "Top top top"]


def batch_of(texts):
    return ParsedBatch.of(parse(texts, ["en"] * len(texts)))


def alone(words):
    """Return word × theme: each word as a comment of its own."""
    return DESCRIBED.shared_words(batch_of(words))


def clauses_of(batch):
    return [one.words[c.start : c.end] for one in batch for c in one.clauses]


def test_the_two_words_that_are_most_like_a_theme_count():
    batch = batch_of(TEXTS)
    found = DESCRIBED.shared_words(batch)
    for row, words in zip(found, clauses_of(batch), strict=True):
        each = np.sort(alone(list(dict.fromkeys(words))), axis=0)
        assert np.array_equal(row, each[-2:].sum(axis=0))


def test_the_nearest_word_is_the_first_that_is_most_like_a_theme():
    batch = batch_of(TEXTS)
    clauses = np.arange(len(batch.clauses))
    for theme in range(len(THEMES.ids)):
        found = DESCRIBED.nearest_words(batch, clauses, np.full_like(clauses, theme))
        for at, place in enumerate(found - batch.clauses.start):
            assert place == alone(clauses_of(batch)[at])[:, theme].argmax()


def test_no_clauses_are_like_nothing():
    batch = batch_of(["", "..."])
    assert DESCRIBED.shared_words(batch).shape == (0, len(THEMES.ids))
    none = np.zeros(0, dtype=np.int64)
    assert len(DESCRIBED.nearest_words(batch, none, none)) == 0
