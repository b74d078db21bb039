"""Mistakes found in public score code; each test names where, and fails if we make it too.

The list: formulas of the R package NPS (CRAN 1.1 and its development version), the scripts of
sivadivel/nps_stats, and reports in public issue trackers of survey tools.
"""

import numpy as np
import pandas as pd
import pytest

from feedback_nlp.errors import RatingError
from feedback_nlp.schema import with_info
from feedback_nlp.scores import csat, metric_of, nps, score_of, score_table
from feedback_nlp.scores.differences import difference


def table(ratings, rating, metric, low, high):
    frame = pd.DataFrame({"comment_id": [f"c{i}" for i in range(len(ratings))], rating: ratings})
    noted = {"metric": metric, "low": low, "high": high}
    return with_info(frame.astype({rating: float}), {"scales": {rating: noted}})


def test_the_declared_scale_is_used():
    # CRAN NPS 1.1: nps() and nps.se() ignore their own argument ``breaks``.
    assert nps([0, 10]).counts == nps([1, 10], scale=(1, 10)).counts
    with pytest.raises(RatingError, match=r"0 \(row 1\)"):
        nps([0, 10], scale=(1, 10))


def test_missing_answers_do_not_make_the_score_missing():
    # CRAN NPS 1.1: nps() returns NA, though its help text says that missing answers are dropped.
    score = nps([10, None, 0, 0, np.nan])
    assert (score.n, score.n_missing) == (3, 2)
    assert score.value == pytest.approx(-100 / 3)


def test_the_lower_end_comes_first_and_both_are_on_the_scale():
    # CRAN NPS 1.1: the one-sample interval is (upper, lower), and is not clipped.
    for answers in ([10, 9, 0], [10] * 9 + [8] * 2, [10] * 10, [0, 10]):
        for interval in ("score", "adjusted_wald"):
            score = nps(answers, interval=interval)
            assert -100 <= score.low < score.high <= 100


@pytest.mark.parametrize("text", ["10 - 5 stars", "7,5", "-1", "10 - extremely likely"])
def test_text_is_never_stripped_to_the_digits_in_it(text):
    # CRAN NPS 1.1: scalestrip() makes 105 of "10 - 5 stars", 75 of "7,5" and 1 of "-1".
    with pytest.raises(RatingError, match=r"not a number.*read_comments turns words"):
        nps([9, text])


def test_a_hundred_times_the_score_is_a_hundred_times_its_error():
    # Development version: the option "times 100" multiplies the variance by 100, not by 10,000.
    score = nps([0, 7, 7, 9, 9, 9])
    assert score.details["standard_error"] == pytest.approx(100 * np.sqrt(5 / 9 / 6))


def test_shares_of_each_group_are_of_its_own_size():
    # sivadivel/nps_stats, NPS_stats_2.R: the second group's passives are divided by the first's n.
    one, two = [10] * 5 + [7] * 5, [10] * 20 + [7] * 60 + [0] * 20
    found = difference(one, two, interval="adjusted_wald")
    parts = []
    for bad, middle, good in ((0, 5, 5), (20, 60, 20)):
        n = bad + middle + good + 3
        value = (good - bad) / n
        parts.append((value, ((good + bad + 1.5) / n - value**2) / n))
    centre, error = parts[0][0] - parts[1][0], np.sqrt(parts[0][1] + parts[1][1])
    assert found.low == pytest.approx(100 * (centre - 1.959964 * error), abs=1e-4)
    assert found.high == pytest.approx(100 * (centre + 1.959964 * error), abs=1e-4)


def test_an_average_of_answers_is_in_no_group_and_so_not_in_the_score():
    # formbricks PR#9248: 6.5 and 8.5 were in the denominator but in no group.
    with pytest.raises(RatingError, match=r"2 answers are not a whole number: 6\.5 .* 8\.5"):
        nps([6.5, 8.5])


def test_a_scale_of_four_faces_is_not_read_as_0_to_10():
    # kubestellar/console PR#8257: answers of 1–4 made an NPS of −100, always.
    faces = table([4, 4, 3, 4, 2, 4], "mood", "csat", 1, 4)
    assert score_of(faces, "mood").value == pytest.approx(500 / 6)
    with pytest.raises(RatingError, match="1–4 is not that of the NPS question"):
        nps(faces, rating="mood")
    undeclared = nps([4, 4, 3, 4, 2, 4] * 2)
    assert "was the question really asked on 0–10" in undeclared.notes[0]


@pytest.mark.parametrize("answer", range(11))
def test_each_answer_is_in_the_group_of_its_number(answer):
    # mozilla/fx-private-relay PR#1013: the place in the list was taken, so that nobody gave a 9.
    group = "promoters" if answer >= 9 else "passives" if answer >= 7 else "detractors"
    assert nps([answer]).counts[group] == 1


def test_not_every_question_of_0_to_10_is_an_nps():
    # PostHog#19500.
    comments = table([9, 10, 2], "satisfaction", "csat", 0, 10)
    assert metric_of(comments, "satisfaction") == "csat"
    assert score_of(comments, "satisfaction").metric == "csat"


def test_nothing_is_rounded_and_the_mean_is_not_the_score():
    # breatheco-de#8277 and #2928: an average shown as NPS, rounded on the way.
    score = nps([10, 9, 7])
    assert score.value == 200 / 3
    assert score.details["mean"] == 26 / 3


def test_an_answer_can_be_left_out():
    # breatheco-de#2928: no way to ignore a response.
    assert nps([10, None]).value == nps([10]).value == 100


def test_counts_add_up_to_n():
    # CDCgov/prime-reportstream#5281: 2 + 11 + 18 against 32.
    rng = np.random.default_rng(0)
    comments = table(rng.integers(0, 11, 500), "nps", "nps", 0, 10)
    comments["shop"] = rng.choice(["a", "b", None], 500)
    comments.loc[::7, "nps"] = np.nan
    found = score_table(comments, "nps", by="shop")
    groups = found[["promoters", "passives", "detractors"]].sum(axis=1)
    assert list(groups) == list(found["n"])
    assert found["n"].sum() + found["n_missing"].sum() == 500


def test_the_result_says_which_answers_are_satisfied():
    # MicrosoftDocs#12447: which points of a scale count is nowhere said.
    assert csat([7, 6, 5], scale=(1, 7)).notes == ("Satisfied are the answers 6–7 of 1–7.",)
    wider = csat([10, 8, 5], scale=(1, 10), method="top3")
    assert wider.notes == ("Satisfied are the answers 8–10 of 1–10.",)
    assert wider.value == pytest.approx(200 / 3)
