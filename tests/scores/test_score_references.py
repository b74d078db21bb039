"""Scores against numbers computed elsewhere; each test names where."""

import numpy as np
import pytest
from scipy.stats import multinomial

from feedback_nlp.errors import RatingError
from feedback_nlp.scores import (
    benjamini_hochberg,
    ces,
    csat,
    mean_interval,
    nps,
    nps_adjusted_wald,
    nps_score_interval,
    wilson,
)

DELIGHTED = [5] * 42 + [4] * 32 + [3] * 10 + [2] * 9 + [1] * 14
CYS_CES = [1] * 80 + [2] * 210 + [3] * 140 + [4] * 110 + [5] * 160 + [6] * 180 + [7] * 120

# The R package NPS (brendan-r/NPS, 2016), run under R 4.2.2: nps_int "iterative" and "adjusted
# Wald"; groups are detractors, passives, promoters.
R_NPS = [
    ((1, 2, 3), (-0.267433, 0.711877), (-0.311074, 0.753957)),
    ((9, 2, 25), (0.139922, 0.680591), (0.130290, 0.675683)),
    ((30, 20, 50), (0.026531, 0.361819), (0.024884, 0.362172)),
    ((20, 30, 50), (0.140511, 0.442013), (0.139551, 0.443393)),
    ((0, 2, 9), (0.338889, 0.946825), (0.347576, 0.948632)),
    ((0, 0, 10), (0.475036, 1.0), (0.444934, 1.0)),  # R leaves the scale here: 1.063426
    ((5, 0, 5), (-0.511274, 0.511274), (-0.526814, 0.526814)),
    ((65, 145, 790), (0.687202, 0.758461), (0.687205, 0.758455)),
]


@pytest.mark.parametrize(("groups", "adjusted", "score"), R_NPS)
def test_nps_intervals_are_those_of_the_r_package(groups, adjusted, score):
    assert nps_score_interval(*groups) == pytest.approx(score, abs=6e-7)
    assert nps_adjusted_wald(*groups) == pytest.approx(adjusted, abs=6e-7)


def test_all_groups_are_solved_at_once_as_one_by_one():
    bad, mid, good = np.array([groups for groups, _, _ in R_NPS]).T
    low, high = nps_score_interval(bad, mid, good)
    assert low == pytest.approx([score[0] for *_, score in R_NPS], abs=6e-7)
    assert high == pytest.approx([score[1] for *_, score in R_NPS], abs=6e-7)


# Unit tests of the R package NPS (tests/testthat/test_01_basics.R).
@pytest.mark.parametrize(
    ("answers", "value", "error"),
    [
        ([0, 7, 7, 9, 9, 9], 100 / 3, 30.4),
        ([0, 10], 0, 70.7),
        ([7, 10], 50, 35.4),
        ([0, 7, 10], 0, 47.1),
        ([0], -100, 0),
        ([8], 0, 0),
        ([10], 100, 0),
    ],
)
def test_nps_and_its_standard_error(answers, value, error):
    score = nps(answers)
    assert score.value == pytest.approx(value)
    assert score.details["standard_error"] == pytest.approx(error, abs=0.06)


@pytest.mark.parametrize("n", [10, 30, 100])
@pytest.mark.parametrize(
    "shares",
    [(0.2, 0.3, 0.5), (0.6, 0.3, 0.1), (0.05, 0.05, 0.9), (0.01, 0.04, 0.95), (0.3, 0.4, 0.3)],
)
def test_the_nps_interval_holds_the_true_score_as_often_as_it_says(shares, n):
    # Not simulated: every possible sample, weighted by its multinomial probability.
    bad, good = (grid.ravel() for grid in np.indices((n + 1, n + 1)))
    bad, good = bad[bad + good <= n], good[bad + good <= n]
    samples = np.column_stack([bad, n - bad - good, good])
    low, high = nps_score_interval(*samples.T)
    true = shares[2] - shares[0]
    covered = multinomial.pmf(samples, n, shares)[(low <= true) & (true <= high)].sum()
    assert 0.945 <= covered <= 0.965


def answers_of(groups):
    bad, middle, good = groups
    return [0] * bad + [7] * middle + [10] * good


@pytest.mark.parametrize(("groups", "adjusted", "score"), R_NPS)
def test_nps_is_the_observed_one_whatever_the_interval(groups, adjusted, score):
    for interval, ends in (("score", score), ("adjusted_wald", adjusted)):
        found = nps(answers_of(groups), interval=interval)
        value = (groups[2] - groups[0]) / sum(groups) * 100
        assert (found.value, found.low, found.high) == pytest.approx(
            (value, ends[0] * 100, ends[1] * 100), abs=6e-5
        )


# The textbook interval (Wald) of the R package NPS for the same groups; never ours.
@pytest.mark.parametrize(
    ("groups", "wald"),
    [
        ((1, 2, 3), (-0.263065, 0.929731)),
        ((9, 2, 25), (0.162131, 0.726758)),
        ((30, 20, 50), (0.029134, 0.370866)),
        ((20, 30, 50), (0.146922, 0.453078)),
        ((0, 2, 9), (0.590255, 1.046109)),
        ((0, 0, 10), (1, 1)),
        ((5, 0, 5), (-0.619795, 0.619795)),
        ((65, 145, 790), (0.689429, 0.760571)),
    ],
)
def test_the_textbook_interval_of_nps_is_not_reproduced(groups, wald):
    for interval in ("score", "adjusted_wald"):
        found = nps(answers_of(groups), interval=interval)
        assert abs(found.low / 100 - wald[0]) > 1e-3
        assert wald[1] == 1 or abs(found.high / 100 - wald[1]) > 1e-3


def test_nps_standard_errors_of_the_r_package():
    # brendan-r/NPS, tests/testthat/test_01_basics.R: counts 1, 2, 3 and answers 1 … 15 with cut
    # points 0–6, 7–8 and 9–15 (6, 2 and 7 answers); and nps.se of 9, 2, 25 under R 4.2.2.
    for groups, value, variance in (
        ((1, 2, 3), 1 / 3, 5 / 9),
        ((6, 2, 7), 2 / 30, 0.862222),
        ((9, 2, 25), 0.444444, 0.144040**2 * 36),
    ):
        found = nps(answers_of(groups))
        assert found.value / 100 == pytest.approx(value, abs=1e-6)
        error = found.details["standard_error"] / 100
        assert error**2 * sum(groups) == pytest.approx(variance, abs=1e-5)
    with pytest.raises(RatingError, match="off the scale"):
        nps(range(1, 16))


@pytest.mark.parametrize("answers", [[-1], [11], [1 / 3], []])
def test_what_the_r_package_only_warns_of_is_an_error(answers):
    # The same file: -1 and 11 become missing with a warning, 1/3 is kept with one.
    with pytest.raises(RatingError):
        nps(answers)


def test_nps_of_a_published_script():
    # sivadivel/nps_stats, nps.ci(9, 2, 11): 63.64 with 18.05 to 109.22, an upper end that is wrong.
    score = nps([10] * 9 + [0] * 2)
    assert score.value == pytest.approx(63.64, abs=0.005)
    assert score.high < 100
    assert abs(score.low - 18.05) > 1


def test_csat_of_delighted():
    # help.delighted.com, article 240: 74 satisfied of 107; Wilson by statsmodels.
    score = csat(DELIGHTED)
    assert score.value == pytest.approx(69.16, abs=0.005)
    assert (score.low, score.high) == pytest.approx((59.872, 77.118), abs=5e-4)
    assert score.counts == {"dissatisfied": 23, "neutral": 10, "satisfied": 74}
    assert score.details == pytest.approx(
        {
            "top1": 39.252,
            "mean": 3.738318,
            "percent_of_maximum": 68.458,
            "percent_of_highest": 74.766,
        },
        abs=5e-4,
    )


def test_csat_of_intercom():
    # intercom.help/voc-metrics, 9647540.
    assert csat([5] * 10 + [4] * 20 + [3] * 10 + [2] * 5 + [1] * 5).value == 60


def test_csat_mean_that_its_source_prints_wrongly():
    # support.cys.group, 3000095560, prints 6,89 for 6865 of 1000, which is 6,87.
    counts = {2: 10, 3: 30, 4: 100, 5: 130, 6: 150, 7: 115, 8: 255, 9: 140, 10: 70}
    answers = [answer for answer, count in counts.items() for _ in range(count)]
    score = csat(answers, method="mean", scale=(1, 10))
    assert score.value == pytest.approx(6.865)
    assert abs(score.value - 6.89) > 0.02


def test_csat_sum_over_the_highest_possible_sum():
    score = csat([4, 5, 3, 4, 5], method="percent_of_highest")
    assert (score.value, score.unit) == (pytest.approx(84), "percent")
    assert csat([4, 5, 3, 4, 5]).details["percent_of_highest"] == pytest.approx(84)


def test_ces_in_its_three_methods():
    # support.cys.group, 3000095529 (mean 4.08) and 3000095531 (index); the share computed by hand.
    assert ces(CYS_CES, direction="ease").value == pytest.approx(4.08)
    net = ces(CYS_CES, direction="ease", method="net")
    assert (net.value, net.unit) == (pytest.approx(-13.0), "points")
    assert (net.counts["easy"], net.counts["difficult"]) == (300, 430)  # 30.0 and 43.0 %
    assert ces(CYS_CES, direction="ease", method="agreement").value == pytest.approx(46.0)


def test_wilson_at_the_ends():
    # statsmodels proportion_confint(0, 10, method="wilson") and (10, 10).
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775328), abs=1e-7)
    assert wilson(10, 10) == pytest.approx((0.7224672, 1.0), abs=1e-7)


def test_mean_interval_is_students():
    # scipy.stats.t.interval(0.95, 4, loc=3.8, scale=sem([4, 5, 3, 4, 3])).
    assert mean_interval(3.8, np.std([4, 5, 3, 4, 3], ddof=1), 5, low=1, high=5) == pytest.approx(
        (2.7611, 4.8389), abs=5e-5
    )


def test_benjamini_hochberg_is_r_p_adjust():
    # R p.adjust(method = "BH") on the 15 p-values of Benjamini and Hochberg (1995).
    p_values = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
        0.4262, 0.5719, 0.6528, 0.7590, 1,
    ]  # fmt: skip
    expected = [
        0.0015, 0.0030, 0.0095, 0.035625, 0.0603, 0.06385714, 0.06385714, 0.0645, 0.0765,
        0.4860, 0.58118182, 0.714875, 0.75323077, 0.81321429, 1,
    ]  # fmt: skip
    assert benjamini_hochberg(p_values) == pytest.approx(expected, abs=5e-9)
    assert benjamini_hochberg([0.01, np.nan, 0.04, 0.03, 0.005]) == pytest.approx(
        [0.02, np.nan, 0.04, 0.04, 0.02], nan_ok=True
    )
