"""What a trained tagger looks at, by arrays: as a plain count over each comment would have it."""

import numpy as np
import pytest

from feedback_nlp.parsed import ParsedBatch
from feedback_nlp.tagging.contexts import Places, best_clauses, highest_of, near_words
from feedback_nlp.tagging.learning import marked_clauses
from feedback_nlp.text import parse

TEXTS = [
    "The porter was rude, but the room was clean and the bed was soft.",
    "Slow.",
    "We waited a very long time for the porter. The lift was slow as well, said the porter.",
]
BATCH = ParsedBatch.of(parse(TEXTS, ["en"] * len(TEXTS)))
WORTH = np.column_stack(
    [
        [3.0 if word == "porter" else 0.5 * (word == "lift") for word in BATCH.words.known],
        np.full(len(BATCH.words.known), -1.0),
    ]
)


def plain_nearness(place):
    """Return how near each word is, worked out word by word."""
    comment = BATCH[place[0]]
    number = {word: at for at, word in enumerate(BATCH.words.known)}
    names = [max(WORTH[number[word], place[1]], 0.0) ** 2 for word in comment.words]
    near = [1.0] * len(names)
    if max(names) > 0:
        near = [
            sum(n / max(names) * np.exp(-abs(at - there)) * (abs(at - there) <= 15)
                for there, n in enumerate(names))
            for at in range(len(names))
        ]  # fmt: skip
    clause = comment.clauses[place[2] - int(BATCH.clauses.first[place[0]])]
    near = [n * (1.0 if clause.start <= at < clause.end else 0.5) for at, n in enumerate(near)]
    row = np.zeros(len(number))
    for word, value in zip(comment.words, near, strict=True):
        row[number[word]] += round(value / np.sqrt(np.square(near).sum()), 4)
    return row


def test_words_near_the_name_of_a_theme_count_most():
    first = BATCH.clauses.first.tolist()
    places = [(0, 0, first[0]), (0, 0, first[0] + 1), (1, 0, first[1]), (2, 0, first[2]),
              (2, 1, first[2] + 1)]  # fmt: skip
    found = near_words(BATCH, WORTH, Places(*np.array(places).T))
    for row, place in zip(found.toarray(), places, strict=True):
        assert row == pytest.approx(plain_nearness(place), abs=2e-4)


def test_a_place_is_weighed_alike_in_any_company():
    first = BATCH.clauses.first
    places = Places(np.arange(3), np.zeros(3, dtype=np.int64), first[:-1])
    together = near_words(BATCH, WORTH, places).toarray()
    for at in range(3):
        one = Places(*(part[[at]] for part in (places.comment, places.theme, places.clause)))
        assert np.array_equal(near_words(BATCH, WORTH, one).toarray()[0], together[at])
    none = Places(*np.zeros((3, 0), dtype=np.int64))
    assert near_words(BATCH, WORTH, none).shape == (0, len(BATCH.words.known))


def test_the_clause_that_speaks_most_of_a_theme_is_the_first_of_the_best():
    clauses = BATCH.clauses
    each = np.random.default_rng(0).integers(-3, 4, (len(clauses), 2)).astype(float)
    comment, theme = np.array([2, 0, 1, 0]), np.array([0, 1, 1, 0])
    wanted = [
        first + int(each[first:last, what].argmax())
        for at, what in zip(comment, theme, strict=True)
        for first, last in [clauses.first[at : at + 2]]
    ]
    assert best_clauses(each, clauses, comment, theme).tolist() == wanted
    bounds = zip(clauses.first[:-1], clauses.first[1:], strict=True)
    assert highest_of(each, clauses).tolist() == [each[a:b].max(axis=0).tolist() for a, b in bounds]


def test_a_label_belongs_to_the_clause_that_shares_most_of_it():
    start = TEXTS[0].index("the room")
    rows = np.array([[0, 0, 2, start, start + 8], [2, 0, 0, 0, 10]])
    first, second = marked_clauses(BATCH, rows).tolist()
    assert BATCH.clauses.contrast[first]
    assert second == BATCH.clauses.first[2]
