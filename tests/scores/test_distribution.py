"""The spread of answers, and Cronbach's alpha, against numbers computed elsewhere."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from feedback_nlp.errors import FeedbackError, RatingError
from feedback_nlp.scores import csat
from feedback_nlp.scores.intervals import wilson
from feedback_nlp.scores.spread import Distribution, distribution

DELIGHTED = [5] * 42 + [4] * 32 + [3] * 10 + [2] * 9 + [1] * 14


def test_distribution_of_delighted():
    # Counts of help.delighted.com, article 240.
    found = distribution(DELIGHTED, scale=(1, 5))
    assert found.table["n"].tolist() == [14, 9, 10, 32, 42]
    assert found.table["answer"].tolist() == [1, 2, 3, 4, 5]
    assert found.table["share"].sum() == pytest.approx(100)
    assert found.box_table.set_index("box")["n"].to_dict() == {
        "top1": 42, "top2": 74, "bottom1": 14, "bottom2": 23,
    }  # fmt: skip
    top2, score = found.boxes[1], csat(DELIGHTED)
    assert (top2.share, top2.low, top2.high) == (score.value, score.low, score.high)
    mean = csat(DELIGHTED, method="mean")
    assert (found.mean, found.mean_low, found.mean_high) == pytest.approx(
        (mean.value, mean.low, mean.high)
    )


def test_spread_is_that_of_numpy_and_scipy():
    found = distribution(DELIGHTED, scale=(1, 5))
    assert found.sd == pytest.approx(np.std(DELIGHTED, ddof=1))
    assert found.skew == pytest.approx(stats.skew(DELIGHTED, bias=False))
    assert (found.median, found.lower_quartile, found.upper_quartile) == (4, 3, 5)
    assert found.iqr == stats.iqr(DELIGHTED)


def test_answers_that_nobody_gave_are_listed():
    found = distribution([10] * 10, rating="nps")
    assert found.table["n"].tolist() == [0] * 10 + [10]
    low, high = wilson(0, 10)
    assert found.table.loc[0, ["low", "high"]].tolist() == pytest.approx([low * 100, high * 100])
    assert (found.sd, found.skew) == (0, None)
    assert found.mean_low < 10 == found.mean_high
    assert found.notes == ("Nobody gave 10 of the 11 possible answers.",)


@pytest.mark.parametrize("scale", [(0, 100), (0.5, 5.5)])
def test_other_scales_list_what_was_given(scale):
    found = distribution([5, 2, 2, None], scale=scale)
    assert found.table["answer"].tolist() == [2, 5]
    assert found.boxes == ()
    assert "Only answers that were given" in found.notes[0]


def test_answers_that_are_not_whole_are_not_lost():
    found = distribution([4, 4.5], scale=(1, 5))
    assert found.table["n"].sum() == found.n == 2


def test_a_three_point_scale_has_single_boxes():
    assert [box.answer for box in distribution([1, 3], scale=(1, 3)).boxes] == ["top1", "bottom1"]


def test_a_comments_table_counts_respondents_once():
    comments = pd.DataFrame(
        {"comment_id": list("abc"), "respondent_id": list("rrs"), "csat": [5.0, 5, 1]}
    )
    assert distribution(comments, rating="csat").n == 2


def test_it_shows_itself_and_no_strangers_markup():
    found = distribution([1, 5], scale=(1, 5), rating="<script>\x1b[31m")
    assert "<script>" not in found._repr_html_()
    assert "\x1b" not in str(found) + found._repr_html_()
    assert "18 more" not in str(found)
    assert "2 more answers are not shown" in str(distribution(range(22), scale=(0, 100)))


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        (lambda: distribution([1, 2]), FeedbackError, "Nothing says on which scale 'rating'"),
        (lambda: distribution([6], scale=(1, 5)), RatingError, "off the scale 1–5"),
        (lambda: distribution([None], scale=(1, 5)), RatingError, "all 1 are missing"),
        (lambda: distribution(["5"], scale=(1, 5)), RatingError, "not a number"),
    ],
)
def test_bad_input_is_told_in_one_line(call, error, told):
    with pytest.raises(error, match=told) as found:
        call()
    assert "\n" not in str(found.value)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(0, 10), min_size=1, max_size=40),
    st.integers(0, 3),
    st.randoms(use_true_random=False),
)
def test_what_holds_for_all_answers(answers, missing, random):
    found = distribution(answers, rating="nps")
    assert sum(share.n for share in found.answers) == found.n == len(answers)
    for share in (*found.answers, *found.boxes):
        assert 0 <= share.low <= share.share <= share.high <= 100
        assert share.high > share.low
    assert 0 <= found.mean_low <= found.mean <= found.mean_high <= 10
    assert found.lower_quartile <= found.median <= found.upper_quartile
    assert Distribution.from_dict(json.loads(json.dumps(found.to_dict()))) == found
    shuffled = [*random.sample(answers, len(answers)), *[None] * missing]
    again = distribution(shuffled, rating="nps")
    assert (again.answers, again.boxes, again.n_missing) == (found.answers, found.boxes, missing)
    assert again.mean == pytest.approx(found.mean)
