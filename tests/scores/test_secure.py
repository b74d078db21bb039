"""Secure Customer Index: bands at their edges, Burke's rule, and what holds for all answers."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import ColumnError, FeedbackError, RatingError
from feedback_nlp.scores.indexes.secure import band_of, boxes, secure_customer_index
from feedback_nlp.scores.intervals import wilson

ITEMS = ("satisfied", "recommend", "repeat")


def rows(*answers):
    return pd.DataFrame(answers, columns=ITEMS)


@pytest.mark.parametrize(
    ("index", "band"),
    [
        (0, 0), (0.6999, 0), (0.6999999, 1), (0.7, 1), (0.7000000000000001, 1),
        (0.8999, 1), (0.8999999999999999, 2), (0.9, 2), (1, 2),
    ],
)  # fmt: skip
def test_bands_at_their_edges_are_safe_against_rounding(index, band):
    assert band_of([index]).tolist() == [band]


@pytest.mark.parametrize(("answers", "band"), [((7, 7, 7), "neutral"), ((9, 9, 9), "secure")])
def test_edges_reached_by_means_of_answers(answers, band):
    # (0.7 + 0.7 + 0.7) / 3 is 0.6999999999999998 in floating point.
    score = secure_customer_index(rows(answers), scale=(0, 10))
    assert score.counts[band] == 1


def test_mean_of_normalised_items():
    # By hand: respondents 1, 11/12 and 6/12 of the way from 1 to 5.
    score = secure_customer_index(rows((5, 5, 5), (4, 5, 5), (2, 3, 4)))
    assert score.value == pytest.approx((1 + 11 / 12 + 0.5) / 3)
    assert score.counts == {"at_risk": 1, "neutral": 0, "secure": 2}
    assert score.details["share_secure"] == pytest.approx(200 / 3)
    low, high = wilson(2, 3)
    assert score.details["share_secure_low"] == pytest.approx(low * 100)
    assert score.details["share_secure_high"] == pytest.approx(high * 100)
    # the other normalisation in use, answer ÷ highest answer
    assert score.details["mean_of_highest_answer"] == pytest.approx(38 / 45)
    assert (score.unit, score.scale) == ("index", (1, 5))


@pytest.mark.parametrize(
    ("answers", "band"),
    [
        ((5, 5, 5), "secure"),
        ((5, 5, 4), "favourable"),
        ((4, 4, 4), "favourable"),
        ((5, 5, 3), "vulnerable"),  # in none of the bands as the manual words them
        ((3, 3, 3), "vulnerable"),
        ((5, 5, 2), "at_risk"),
        ((1, 1, 1), "at_risk"),
    ],
)
def test_top_box_rule_of_burke(answers, band):
    # Burke's Secure Customer Index (researchaccess.com 2015): secure is the top answer on all three.
    score = secure_customer_index(rows(answers), method="top_box")
    assert {name for name, count in score.counts.items() if count} == {band}
    assert score.value == (100 if band == "secure" else 0)
    assert 0 <= score.low < score.high <= 100


def test_share_of_secure_customers_has_the_wilson_interval():
    score = secure_customer_index(rows(*[(5, 5, 5)] * 3, *[(4, 4, 4)] * 7), method="top_box")
    low, high = wilson(3, 10)
    assert (score.value, score.low, score.high) == pytest.approx((30, low * 100, high * 100))
    assert (score.unit, score.interval) == ("percent", "wilson")


@pytest.mark.parametrize("scale", [(0, n) for n in range(2, 11)])
def test_boxes_never_overlap(scale):
    top, second, risk = boxes(scale)
    assert scale[0] <= risk < second < top <= scale[1]


def test_items_on_different_scales():
    score = secure_customer_index(
        {"satisfied": [5, 3], "recommend": [9, 8], "repeat": [7, 7]},
        method="top_box",
        scale={"satisfied": (1, 5), "recommend": (0, 10), "repeat": (1, 7)},
    )
    assert score.counts == {"at_risk": 0, "vulnerable": 1, "favourable": 0, "secure": 1}
    assert score.scale is None


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        (
            lambda: secure_customer_index(rows((5, 5, 6))),
            RatingError,
            "off the scale 1–5 of 'repeat'",
        ),
        (
            lambda: secure_customer_index(rows((5, 5, None))),
            RatingError,
            "nobody answered 'repeat'",
        ),
        (
            lambda: secure_customer_index(rows((5, 5, 5)), method="x"),
            FeedbackError,
            "choose mean, top_box",
        ),
        (lambda: secure_customer_index({"a": [5]}, method="top_box"), RatingError, "three items"),
        (
            lambda: secure_customer_index(rows((5, 5, 4.5)), method="top_box"),
            RatingError,
            "not a whole",
        ),
        (
            lambda: secure_customer_index(rows((5, 5, 5)), method="top_box", scale=(0, 100)),
            RatingError,
            "no boxes",
        ),
        (
            lambda: secure_customer_index(rows((5, 5, 5)), scale={"x": (1, 5)}),
            ColumnError,
            "No column 'x'",
        ),
    ],
)
def test_bad_input_is_told_in_one_line(call, error, told):
    with pytest.raises(error, match=told) as found:
        call()
    assert "\n" not in str(found.value)


respondents = st.lists(st.tuples(*[st.integers(1, 5)] * 3), min_size=1, max_size=40)


@settings(deadline=None, max_examples=60)
@given(
    respondents,
    st.sampled_from(["mean", "top_box"]),
    st.integers(0, 3),
    st.randoms(use_true_random=False),
)
def test_what_holds_for_all_answers(answers, method, missing, random):
    score = secure_customer_index(rows(*answers), method=method)
    highest = 1 if method == "mean" else 100
    assert 0 <= score.low <= score.value <= score.high <= highest
    assert score.high > score.low
    assert sum(score.counts.values()) == score.n == len(answers)
    shuffled = [*random.sample(answers, len(answers)), *[(5, None, 5)] * missing]
    again = secure_customer_index(rows(*shuffled), method=method)
    assert (again.value, again.low, again.high) == pytest.approx(
        (score.value, score.low, score.high)
    )
    assert (again.n, again.n_missing, again.counts) == (score.n, missing, score.counts)
