"""Samples of comments: the same each time, nested, and nobody loses a rating."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.words.sampling import sample_comments, sample_rows

ROWS = st.sets(st.integers(0, 5_000), max_size=300).map(
    lambda rows: np.array(sorted(rows), dtype=np.intp)
)


@given(ROWS, st.integers(1, 200), st.integers(0, 200))
def test_a_sample_has_its_size_is_in_order_and_lies_within_a_larger_one(rows, most, more):
    few, many = sample_rows(rows, most), sample_rows(rows, most + more)
    assert few.size == min(most, rows.size)
    assert np.all(np.diff(few) > 0)
    assert set(few.tolist()) <= set(many.tolist()) <= set(rows.tolist())


@given(ROWS, st.integers(1, 200))
def test_the_same_rows_are_drawn_each_time(rows, most):
    assert sample_rows(rows, most).tolist() == sample_rows(rows, most).tolist()


def test_every_row_is_as_likely_as_another():
    drawn = np.concatenate([sample_rows(np.arange(100), 20, seed=seed) for seed in range(2_000)])
    counts = np.bincount(drawn, minlength=100)
    assert counts.sum() == 40_000
    assert abs(counts - 400).max() < 5 * np.sqrt(2_000 * 0.2 * 0.8)


def test_of_each_group_so_many_texts_stay_and_every_row():
    low = np.arange(1_000) < 700
    comments = pd.DataFrame({"text": ["Late"] * 700 + ["Fine"] * 300, "nps": [3] * 700 + [9] * 300})
    sample = sample_comments(comments, [low, ~low], 400)
    assert (sample.n, sample.of, sample.is_part) == (700, 1_000, True)
    assert sample.comments["text"].value_counts().to_dict() == {"Late": 400, "Fine": 300, "": 300}
    assert sample.comments["nps"].equals(comments["nps"])


def test_fewer_comments_than_asked_for_are_left_as_they_are():
    comments = pd.DataFrame({"text": ["Late", None]})
    sample = sample_comments(comments, [np.array([True, False])], 10)
    assert sample.comments is comments
    assert not sample.is_part
