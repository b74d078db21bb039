"""Cronbach's alpha against R, and its behaviour where the answers leave little to say."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from feedback_nlp.errors import RatingError
from feedback_nlp.scores.indexes.reliability import cronbach_alpha

# R, datasets::attitude (Chatterjee and Price 1977): rating, complaints, privileges, learning,
# raises, critical, advance; one row for each of 30 departments.
ATTITUDE = np.array([
    [43, 51, 30, 39, 61, 92, 45], [63, 64, 51, 54, 63, 73, 47],
    [71, 70, 68, 69, 76, 86, 48], [61, 63, 45, 47, 54, 84, 35],
    [81, 78, 56, 66, 71, 83, 47], [43, 55, 49, 44, 54, 49, 34],
    [58, 67, 42, 56, 66, 68, 35], [71, 75, 50, 55, 70, 66, 41],
    [72, 82, 72, 67, 71, 83, 31], [67, 61, 45, 47, 62, 80, 41],
    [64, 53, 53, 58, 58, 67, 34], [67, 60, 47, 39, 59, 74, 41],
    [69, 62, 57, 42, 55, 63, 25], [68, 83, 83, 45, 59, 77, 35],
    [77, 77, 54, 72, 79, 77, 46], [81, 90, 50, 72, 60, 54, 36],
    [74, 85, 64, 69, 79, 79, 63], [65, 60, 65, 75, 55, 80, 60],
    [65, 70, 46, 57, 75, 85, 46], [50, 58, 68, 54, 64, 78, 52],
    [50, 40, 33, 34, 43, 64, 33], [64, 61, 52, 62, 66, 80, 41],
    [53, 66, 52, 50, 63, 80, 37], [40, 37, 42, 58, 50, 57, 49],
    [63, 54, 42, 48, 66, 75, 33], [66, 77, 66, 63, 88, 76, 72],
    [78, 75, 58, 74, 80, 78, 49], [48, 57, 44, 45, 51, 83, 38],
    [85, 85, 71, 71, 77, 74, 55], [82, 82, 39, 59, 64, 78, 39],
])  # fmt: skip
ITEMS = ["rating", "complaints", "privileges", "learning", "raises", "critical", "advance"]
TABLE = pd.DataFrame(ATTITUDE, columns=ITEMS)


def test_alpha_of_attitude_is_that_of_r():
    # R 4.2.2 on datasets::attitude: raw 0.8431427696, standardised 0.8390838030.
    raw, standardised = cronbach_alpha(TABLE), cronbach_alpha(TABLE, standardised=True)
    assert raw.value == standardised.details["raw"] == pytest.approx(0.8431427696, abs=5e-11)
    assert (
        standardised.value == raw.details["standardised"] == pytest.approx(0.8390838030, abs=5e-11)
    )
    assert (raw.method, raw.n, raw.unit) == ("raw", 30, "index")


def test_interval_is_that_of_feldt():
    # R package cocron, cronbach.alpha.CI: 1 − (1 − α) F with n − 1 and (n − 1)(k − 1) degrees.
    score = cronbach_alpha(TABLE, level=0.9)
    ends = 1 - (1 - score.value) * stats.f.ppf([0.95, 0.05], 29, 29 * 6)
    assert (score.low, score.high) == pytest.approx(tuple(ends))
    assert score.interval == "feldt"


def test_alpha_without_each_item():
    score = cronbach_alpha(TABLE)
    rest = cronbach_alpha(TABLE.drop(columns="critical"))
    assert score.details["without_critical"] == pytest.approx(rest.value)


def test_items_that_run_against_one_another():
    table = TABLE[["rating", "complaints"]].assign(turned=100 - TABLE["rating"] * 1.5)
    score = cronbach_alpha(table)
    assert score.value < 0
    assert "'turned'" in score.notes[0]
    assert "Below 0" in score.notes[-1]


def test_missing_answers_leave_the_respondent_out():
    more = pd.concat([TABLE, TABLE.head(2).assign(raises=np.nan)])
    score = cronbach_alpha(more)
    assert (score.n, score.n_missing) == (30, 2)
    assert score.value == pytest.approx(cronbach_alpha(TABLE).value)


def test_a_constant_item_adds_nothing_and_is_told():
    table = TABLE[["rating", "complaints"]].assign(same=3)
    score = cronbach_alpha(table)
    k2 = cronbach_alpha(table[["rating", "complaints"]]).value
    assert score.value == pytest.approx(k2 / 2 * 3 / 2)  # k/(k − 1) falls from 2 to 3/2
    assert "same answer to item 'same'" in score.notes[0]
    assert "standardised" not in score.details
    with pytest.raises(RatingError, match="'same'"):
        cronbach_alpha(table, standardised=True)


def test_identical_items_have_no_interval():
    score = cronbach_alpha({"a": [1, 2, 5], "b": [1, 2, 5]})
    assert score.value == pytest.approx(1)
    assert score.interval == "none"
    assert np.isnan([score.low, score.high]).all()
    assert "no interval" in score.notes[-1]


@pytest.mark.parametrize(
    ("items", "told"),
    [
        ({"a": [1, 2, 3]}, "there is one"),
        ({"a": [1], "b": [2]}, "at least two respondents"),
        ({"a": [1, None], "b": [None, 1]}, "each lacks some"),
        ({"a": [2, 2], "b": [3, 3]}, "same sum"),
        ({"a": [1, 5], "b": [5, 1]}, "same sum"),
        ({"a": [1, "x"], "b": [5, 1]}, "Item 'a'"),
        ({"a": [1, float("inf")], "b": [5, 1]}, "infinite"),
    ],
)
def test_bad_input_is_told_in_one_line(items, told):
    with pytest.raises(RatingError, match=told) as found:
        cronbach_alpha(items)
    assert "\n" not in str(found.value)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.integers(1, 5), min_size=3, max_size=3), min_size=2, max_size=25),
    st.randoms(use_true_random=False),
    st.integers(-10, 10),
)
def test_what_holds_for_all_answers(rows, random, shift):
    table = pd.DataFrame(rows, columns=list("abc"))
    assume(table.sum(axis=1).nunique() > 1)
    score = cronbach_alpha(table)
    if score.interval == "feldt":
        assert score.low < score.value < score.high <= 1
    again = cronbach_alpha(
        pd.DataFrame(random.sample(rows, len(rows)), columns=list("abc"))[["c", "a", "b"]] + shift
    )
    assert again.value == pytest.approx(score.value, abs=1e-9)
