"""Learning the parts of a compact model gives what scikit-learn gives, as plain arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from feedback_nlp.tagging.embeddings import load_embeddings
from feedback_nlp.tagging.features import Features
from feedback_nlp.tagging.fitting import (
    fit_classes,
    fit_columns,
    fit_weighing,
    join_vocabularies,
    learn_vocabulary,
    make_scorer,
    prune,
)
from feedback_nlp.tagging.thresholds import best_thresholds, by_comment, spread
from feedback_nlp.tagging.vocabulary import parts_of_word

TEXTS = [
    "the staff is kind", "kind and helpful staff", "such kind people", "rude staff",
    "far too expensive", "too expensive for me", "cheap and good", "the price is too high",
]  # fmt: skip
STRETCHES = [text.split() for text in TEXTS]
STAFF = np.array([1, 1, 1, 1, 0, 0, 0, 0], dtype=bool)
LABELS = np.stack([STAFF, ~STAFF, np.zeros(8, dtype=bool)], axis=1)
EMBEDDINGS = load_embeddings()


def features():
    vocabulary = learn_vocabulary(STRETCHES, words=1, pairs=2, parts=2)
    return Features(vocabulary, EMBEDDINGS)


def scorer(which=None):
    known = which or features()
    columns = fit_columns(known.matrix(STRETCHES, range(8)), LABELS, strength=10.0)
    return make_scorer(["staff", "price", "never"], known, columns), columns


def test_a_scorer_gives_what_its_features_and_weights_give():
    known = features()
    model, columns = scorer(known)
    matrix = known.matrix(STRETCHES, range(8))
    exact = matrix @ columns[:-1] + columns[-1]
    assert np.abs(model.score(STRETCHES, range(8)) - exact).max() < 0.02 * np.abs(exact).max()
    assert (model.score(STRETCHES, range(8)).argmax(axis=1) == np.where(STAFF, 0, 1)).all()
    assert (model.score([["what", "ever"]], [0])[0, 2]) == -9.0


def test_two_processes_learn_what_one_learns():
    times = 150  # so large that the processes share the rows, and cannot write to them
    rows = features().matrix(STRETCHES * times, range(8 * times))
    assert rows.indices.nbytes > 1_000_000
    labels = np.tile(LABELS, (times, 1))
    together = fit_columns(rows, labels, strength=10.0, jobs=2)
    np.testing.assert_array_equal(together, fit_columns(rows, labels, strength=10.0))


@given(st.lists(st.lists(st.sampled_from(["kind", "rude", "staff", "too", "expensive", "!", "?", "zz", "é"]),
                         max_size=6), min_size=1, max_size=6))  # fmt: skip
def test_scores_are_alike_whatever_else_is_scored(stretches):
    model, _ = SCORER
    together = model.score(stretches, range(len(stretches)))
    for at, words in enumerate(stretches):
        assert (model.score([words], [0])[0] == together[at]).all()
        assert np.isfinite(model.contributions(words, "staff")).all()


SCORER = scorer()


def test_contributions_are_what_a_stretch_is_scored_by():
    model, _ = SCORER
    words = ["the", "staff", "is", "too", "rude"]
    added = model.contributions(words, "staff").sum()
    context = model.meaning[EMBEDDINGS.width :, 0]
    vector = EMBEDDINGS.encode([" ".join(words)])[0].astype(float)
    assert model.score([words], [0])[0, 0] == pytest.approx(
        added + vector @ context + model.intercept[0], abs=1e-3
    )


def test_what_hardly_counts_is_left_out():
    known = features()
    _, columns = scorer(known)
    fewer, rows = prune(known, columns, least=0.5)
    assert 0 < len(fewer.vocabulary) < len(known.vocabulary)
    assert len(rows) == len(fewer.vocabulary) + 2 * EMBEDDINGS.width + 1


def test_vocabularies_are_joined_without_doubles():
    first, second = learn_vocabulary([["a", "b"]] * 3), learn_vocabulary([["b", "c"]] * 3)
    assert join_vocabularies(first, second).words == ("a", "b", "c")
    assert parts_of_word("a") == set()


def test_a_weighing_is_scikit_learns_regression():
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(120, 4))
    yes = inputs[:, 0] + 0.5 * rng.normal(size=120) > 0
    theirs = LogisticRegression(C=1.0, max_iter=2_000).fit(inputs, yes)
    mine = fit_weighing(inputs, yes)
    assert mine.probabilities(inputs) == pytest.approx(theirs.predict_proba(inputs)[:, 1], abs=1e-3)
    three = np.digitize(inputs[:, 1], [-0.5, 0.5])
    theirs = LogisticRegression(C=1.0, max_iter=2_000).fit(inputs, three)
    mine = fit_weighing(inputs, three, classes=3)
    assert mine.probabilities(inputs) == pytest.approx(theirs.predict_proba(inputs), abs=1e-3)


def test_a_class_that_never_occurs_is_never_said():
    inputs = np.array([[0.0], [1.0], [0.2], [0.9]])
    columns = fit_classes(inputs, np.array([0, 2, 0, 2]), classes=3)
    scores = inputs @ columns[:-1] + columns[-1]
    assert set(scores.argmax(axis=1)) == {0, 2}
    only = fit_classes(inputs, np.array([1, 1, 1, 1]), classes=3)
    assert set((inputs @ only[:-1] + only[-1]).argmax(axis=1)) == {1}


def test_probabilities_of_a_group_come_from_the_others():
    inputs = np.zeros((10, 1))
    labels = np.arange(10) % 5 == 0
    groups = np.arange(10)
    likely = spread(inputs, labels, groups, lambda x, y: fit_weighing(x, y))
    assert likely[labels].max() < 0.02 < 0.2 < likely[~labels].min()


def test_a_threshold_is_where_f1_is_highest_and_rare_themes_follow_the_rest():
    rng = np.random.default_rng(1)
    truth = np.zeros((400, 2), dtype=bool)
    truth[:150, 0] = True
    truth[:3, 1] = True
    likely = np.clip(np.where(truth, 0.5, 0.2) + rng.normal(scale=0.05, size=truth.shape), 0, 1)
    found = best_thresholds(likely, truth, np.arange(400), ["often", "seldom"])
    assert 0.25 < found["often"] < 0.45
    assert abs(found["seldom"] - found["often"]) < 0.1
    assert by_comment(likely, np.zeros(400, dtype=int)).shape == (1, 2)
