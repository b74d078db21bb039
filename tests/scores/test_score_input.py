"""Bad answers and odd scales: an error that says what to do, or a counted exclusion."""

from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from feedback_nlp.errors import ColumnError, FeedbackError, RatingError
from feedback_nlp.schema import with_info
from feedback_nlp.scores import ces, csat, metric_of, nps, score_of


def table(ratings, rating="nps", scale=None, **columns):
    frame = pd.DataFrame({"comment_id": [f"c{i}" for i in range(len(ratings))], **columns})
    frame[rating] = pd.Series(ratings, dtype=float)
    if scale is None:
        return frame
    low, high, is_reversed, metric = scale
    noted = {"metric": metric, "low": low, "high": high, "reversed": is_reversed}
    return with_info(frame, {"scales": {rating: noted}})


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([3, 11, -1], r"2 answers are off the scale 0–10 of 'nps': 11 \(row 2\), -1 \(row 3\)"),
        ([9, 6.5], r"1 answer is not a whole number: 6\.5 \(row 2\)"),
        ([9, "8"], r"1 answer is not a number: '8' \(row 2\)"),
        ([9, ""], r"not a number: '' \(row 2\)"),
        ([True, False], r"2 answers are not a number: True \(row 1\), False \(row 2\)"),
        ([float("inf")], r"off the scale 0–10 of 'nps': inf"),
        ([datetime(2026, 1, 1, tzinfo=UTC)], "not a number"),
        ("98", "not the text '98'"),
        ([], "No ratings left in 'nps': there are no rows"),
        ([None, np.nan, pd.NA], "No ratings left in 'nps': all 3 are missing"),
        (np.ones((2, 2)), "one column of numbers, not 2 dimensions"),
        (pd.Series([True, False]), "not a number: True"),
        (pd.Categorical(["a"]), "not a number: 'a'"),
        (list(range(11, 31)), r"15 \(row 5\) and 15 more"),
    ],
)
def test_bad_answers_raise_with_their_rows(answers, message):
    with pytest.raises(RatingError, match=message):
        nps(answers)


@pytest.mark.parametrize(
    "answers",
    [
        [10, 9, None, 0],
        (10, 9, np.nan, 0),
        np.array([10, 9, np.nan, 0]),
        pd.Series([10, 9, None, 0]),
        pd.Series([10, 9, None, 0], dtype="Int64"),
        pd.Series([10, 9, None, 0], dtype="Float64", index=[7, 7, 8, 9]),
        [Decimal(10), np.int8(9), pd.NA, 0],
        iter([10, 9, None, 0]),
    ],
)
def test_every_kind_of_column_is_read_alike(answers):
    score = nps(answers)
    assert (score.n, score.n_missing, score.value) == (3, 1, pytest.approx(100 / 3))


def test_nps_on_other_scales():
    assert nps([6, 9], scale=(1, 10)).counts == {"detractors": 1, "passives": 0, "promoters": 1}
    with pytest.raises(RatingError, match=r"0 .row 1"):
        nps([0, 9], scale=(1, 10))
    with pytest.raises(RatingError, match="1–5 is not that of the NPS question"):
        nps([1, 5], scale=(1, 5))
    with pytest.raises(RatingError, match="1–5 is not that of the NPS question"):
        nps(table([5, 4], scale=(1, 5, False, "nps")))
    assert nps(table([10, 1], scale=(1, 10, False, "nps"))).value == 0


def test_csat_boxes_on_other_scales():
    assert csat([10, 9, 8, 7], scale=(1, 10)).value == 50
    assert csat([4, 3, 2, 1], scale=(1, 4)).counts == {
        "dissatisfied": 2,
        "neutral": 0,
        "satisfied": 2,
    }
    with pytest.raises(RatingError, match=r"3-point scale has no top-2-box.*method='top1'"):
        csat([1, 2, 3], scale=(1, 3))
    with pytest.raises(RatingError, match="has no answer boxes"):
        csat([50], scale=(0, 100))
    assert csat([1, 2, 3, 3], scale=(1, 3), method="top1").value == 50
    assert csat([0, 1, 1, 1], scale=(0, 1), method="top1").value == 75
    assert "top2" not in csat([3], scale=(1, 3), method="top1").details
    assert score_of([0, 100], "slider", scale=(0, 100)).method == "mean"


def test_scales_of_more_than_eleven_points_have_no_boxes():
    slider = csat([98, 75, 74, 50, 49], scale=(0, 100), method="mean")
    assert slider.counts == {"dissatisfied": 1, "neutral": 2, "satisfied": 2}
    with pytest.raises(RatingError, match=r"0–100 has no answer boxes.*method='mean'"):
        ces([50], scale=(0, 100), method="net", direction="ease")
    easy = ces([51, 50, 49], scale=(0, 100), direction="ease")
    assert easy.counts == {"difficult": 1, "neutral": 1, "easy": 1}
    assert "net" not in easy.details


@pytest.mark.filterwarnings("error")
def test_the_highest_answer_is_a_measure_only_where_no_answer_is_negative():
    assert "percent_of_highest" not in csat([-1, -5, 0], scale=(-5, 0)).details


def test_effort_is_turned_for_groups_and_not_for_the_mean():
    easy = ces([1, 1, 2, 7], direction="effort")
    assert (easy.value, easy.counts["easy"], easy.counts["difficult"]) == (2.75, 3, 1)
    assert easy.low <= 2.75 <= easy.high
    assert ces([1, 1, 2, 7], direction="effort", method="agreement").value == 75
    with pytest.raises(TypeError):
        ces([1])
    with pytest.raises(FeedbackError, match="No direction 'up'; choose ease, effort"):
        ces([1], direction="up")


def test_a_turned_effort_column_gives_the_mean_as_it_was_asked():
    turned = table([5, 5, 4, 1], rating="ces", scale=(1, 5, True, "ces"))
    assert ces(turned, direction="effort").value == pytest.approx(2.25)
    assert ces(turned, direction="ease").value == pytest.approx(3.75)
    for direction in ("ease", "effort"):
        assert ces(turned, direction=direction, method="net").value == 50


def test_respondents_of_a_table_are_counted_once():
    two_answers = table([9, 9, 0], respondent_id=["anna", "anna", "ben"])
    assert (nps(two_answers).n, nps(two_answers).value) == (2, 0)
    with pytest.raises(RatingError, match=r"row 3"):
        nps(table([9, 9, 12], respondent_id=["anna", "anna", "ben"]))
    with pytest.raises(ColumnError, match=r"No column 'nsp'. Did you mean 'nps'"):
        nps(two_answers, rating="nsp")


def test_the_metric_of_a_rating():
    own = table([1], rating="overall", scale=(0, 10, False, "nps"))
    assert metric_of(own, "overall") == "nps"
    assert metric_of(table([1], rating="staff", scale=(1, 5, False, "staff")), "staff") == "csat"
    assert score_of(own, "overall").value == -100


@pytest.mark.parametrize("level", [0, 1, 95])
def test_levels_are_between_0_and_1(level):
    for score in (nps, csat):
        with pytest.raises(FeedbackError, match=r"write 0.95 for 95 %"):
            score([5], level=level)


def test_other_wrong_choices():
    with pytest.raises(FeedbackError, match="No interval 'wald'; choose score or adjusted_wald"):
        nps([9], interval="wald")
    with pytest.raises(FeedbackError, match="No method of csat 'top9'"):
        csat([5], method="top9")
    with pytest.raises(RatingError, match="A scale is its lowest and highest answer"):
        csat([5], scale=(5, 1))
    with pytest.raises(FeedbackError, match="No metric 'nsp'"):
        score_of([5], metric="nsp")


def test_one_answer_and_equal_answers_have_a_width():
    for method in ("top2", "top1", "mean", "percent_of_maximum", "percent_of_highest"):
        one = csat([5], method=method)
        assert one.high - one.low > 0.3 * (one.high if method != "mean" else 4)
    for interval in ("t", "bca"):
        equal = csat([5] * 30, method="mean", interval=interval)
        assert equal.interval == "bounded"
        assert equal.notes[0].startswith(
            f"The answers vary too little for the interval '{interval}'"
        )
        assert csat([5] * 29 + [4], method="mean", interval=interval).interval == interval
