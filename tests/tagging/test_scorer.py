"""What words, pairs and parts add to scores, worked out for many words at once."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from feedback_nlp.resources import resource
from feedback_nlp.tagging import load_tagger, scorer
from feedback_nlp.tagging.embeddings import TOKENIZER_FILE, WEIGHTS_FILE
from feedback_nlp.tagging.features import Spelt
from feedback_nlp.tagging.scorer import Memory
from feedback_nlp.tagging.vocabulary import PairTable, PartTable, parts_of_word
from feedback_nlp.tagging.weighing import Weighing, columns_of, side_by_side
from feedback_nlp.text import parse

SCORER = load_tagger().model.scorer
WORDS = st.one_of(
    st.text(max_size=8),
    st.text(alphabet="abcdeinost'éß", max_size=45),
    st.sampled_from(["late", "delivery", "too", "expensive", "slecht", "'s", "a", "ab", "日本"]),
)


@settings(deadline=None)
@given(st.lists(WORDS, max_size=8), st.lists(WORDS, max_size=8))
def test_parts_are_those_of_each_word(words, others):
    known = sorted({part for word in [*words[::2], *others] for part in parts_of_word(word)})
    word, part = PartTable(known).find(words)
    found = [
        [known[p] for w, p in zip(word, part, strict=True) if w == at] for at in range(len(words))
    ]
    assert found == [sorted(parts_of_word(one) & set(known)) for one in words]


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "c", "b c", "", " "]), max_size=12), st.data())
def test_pairs_are_neighbours_with_a_blank(words, data):
    pairs = sorted({f"{a} {b}" for a, b in pairwise(words)} | {"c a"})
    known = data.draw(st.lists(st.sampled_from(pairs), unique=True))
    found = PairTable(known)
    at, pair = found.find(found.numbers_of(words))
    wanted = [
        (here, known.index(both))
        for here, both in enumerate(f"{a} {b}" for a, b in pairwise(words))
        if both in known
    ]
    assert list(zip(at.tolist(), pair.tolist(), strict=True)) == wanted


@pytest.fixture(scope="module")
def pieces():
    """The tokenizer, the vectors and their scales, read without our code."""
    folder = Path(resource("models", "embeddings"))
    tensors = load_file(folder / WEIGHTS_FILE)
    scale = tensors["scale"].astype(np.float64)
    return Tokenizer.from_file(str(folder / TOKENIZER_FILE)), tensors["vectors"], scale


@settings(deadline=None)
@given(st.lists(WORDS, max_size=6))
def test_words_are_cut_as_the_tokenizer_cuts_them(pieces, words):
    tokenizer, vectors, scale = pieces
    sums = SCORER.features.embeddings.sums(words)
    for word, found in zip(words, sums, strict=True):
        readable = word.encode("utf-8", "replace").decode().lower().split()
        ids = [i for one in readable for i in tokenizer.encode(one, add_special_tokens=False).ids]
        assert np.array_equal(found, (vectors[ids] * scale[ids][:, None]).sum(axis=0))


@settings(deadline=None)
@given(st.lists(st.lists(WORDS, max_size=6), max_size=6))
def test_a_stretch_has_its_score_in_any_company(given_words):
    together = SCORER.score(given_words, range(len(given_words)))
    for at, words in enumerate(given_words):
        assert np.array_equal(SCORER.score([words], [0])[0], together[at])


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from(["Too late. Rude!", "", "Good", "?", "Slow; and dear"]), max_size=6)
)
def test_scores_of_a_batch_are_those_of_its_stretches(texts):
    batch = parse(texts, ["en"] * len(texts))
    rows = [at for at, one in enumerate(batch) if one.clauses]
    clauses, comments = SCORER.score_batch(batch, 50)
    words = [one.words[c.start : c.end] for one in batch for c in one.clauses]
    whole = [batch[at].words for at in rows]
    of = [*batch.clauses.comment.tolist(), *rows]
    wanted = SCORER.score([*words, *whole], of)
    assert np.array_equal(clauses, wanted[: len(words), :50])
    assert np.array_equal(comments[rows], wanted[len(words) :, 50:])


def test_words_are_worked_out_once_and_not_for_ever(monkeypatch):
    monkeypatch.setattr(scorer, "_REMEMBERED", 4)
    asked = []

    def work_out(words):
        asked.extend(words)
        return np.array([[len(word), 1.0] for word in words])

    memory = Memory()
    for words in (["a", "bb"], ["bb", "ccc"], ["a", "dddd", "bb", "eeeee"], [], ["a"]):
        rows, at = memory.rows(words, 2, work_out)
        assert [row[0] for row in rows[at]] == [len(word) for word in words]
    assert asked == ["a", "bb", "ccc", "dddd", "eeeee"]


@pytest.mark.parametrize("most", [1, 3, 100])
def test_words_that_are_asked_twice_at_once_keep_their_own_rows(monkeypatch, most):
    monkeypatch.setattr(scorer, "_REMEMBERED", most)
    memory = Memory()
    for words in (["a", "a"], ["bb"], ["a", "ccc", "a", "ccc", "bb"], ["dddd", "a"], []):
        rows, at = memory.rows(words, 1, lambda new: np.array([[len(word)] for word in new]))
        assert rows[at, 0].tolist() == [len(word) for word in words]


@settings(deadline=None)
@given(st.integers(0, 5), st.integers(1, 4), st.integers(1, 3), st.integers(0, 99))
def test_columns_that_broadcast_are_weighed_as_whole_ones(clauses, themes, classes, seed):
    rng = np.random.default_rng(seed)
    shapes = [(clauses, themes), (clauses, 1), (1, themes), (clauses, themes)]
    columns = [rng.normal(size=shape) for shape in shapes]
    weighing = Weighing(rng.normal(size=(4, classes)), rng.normal(size=classes))
    inputs = side_by_side(columns)
    assert inputs.shape == (clauses, themes, 4)
    assert all(map(np.array_equal, columns_of(inputs), np.broadcast_arrays(*columns)))
    assert np.allclose(weighing.likely(columns), weighing.probabilities(inputs), atol=1e-4)


def test_stretches_by_number_are_those_of_words():
    spelt = Spelt.of([["too", "late"], [], ["late"]])
    assert (spelt.known, spelt.word.tolist(), spelt.first.tolist()) == (
        ["too", "late"], [0, 1, 1], [0, 2, 2, 3],
    )  # fmt: skip
    assert Spelt.of(spelt) is spelt
    batch = parse(["Too late. Rude!", "", "Good"], ["en"] * 3)
    clauses = Spelt.clauses(batch)
    words = [
        [clauses.known[w] for w in clauses.word[a:b]]
        for a, b in zip(clauses.first, clauses.first[1:], strict=False)
    ]
    assert words == [list(one.words[c.start : c.end]) for one in batch for c in one.clauses]
