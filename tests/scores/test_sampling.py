"""Response rate, margins of error and sample sizes, against published and computed numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from feedback_nlp.errors import FeedbackError
from feedback_nlp.scores.intervals import nps_adjusted_wald
from feedback_nlp.scores.sampling import (
    margin_of_error,
    nps_margin_of_error,
    nps_variance,
    response_rate,
    sample_size,
    sample_size_for_nps_difference,
    sample_size_for_nps_margin,
)


def test_response_rate_of_the_moshi_paper():
    # Servqual study of Moshi (m.moam.info): 132 of 180, printed 73.3 %.
    score = response_rate(132, 180)
    assert score.value == pytest.approx(73.33, abs=0.005)
    assert (score.n, score.counts) == (180, {"answered": 132, "silent": 48})
    assert 0 <= score.low < score.value < score.high <= 100


def test_margin_of_error_of_300_answers():
    # Computed by hand from z √(p (1 − p) / n) and the finite population correction.
    assert margin_of_error(300) == pytest.approx(0.056579, abs=5e-7)
    assert margin_of_error(300, population=1000) == pytest.approx(0.047361, abs=5e-7)


def test_margin_of_error_of_wikipedia():
    # Wikipedia, "Margin of error": 24 % of 300,000 voters sampled, 0.98/√72000 = 0.4 %.
    # The other digits computed by hand, with z = 1.959964 and not 1.96.
    assert margin_of_error(72_000) == pytest.approx(0.98 / 72_000**0.5, rel=1e-4)
    assert margin_of_error(72_000) == pytest.approx(0.0036522, abs=5e-8)
    assert margin_of_error(72_000, population=300_000) == pytest.approx(0.0031839, abs=5e-8)


def test_sample_size_for_five_percent_of_a_thousand():
    # Published many times: 278 (277.73).
    assert sample_size(0.05, population=1000) == 278


def test_sample_size_that_atlas_org_has_wrong():
    # atlas.org leaves z² out and prints 278 for N = 1500 and 3 %; right is 623.76, so 624.
    size = sample_size(0.03, population=1500)
    assert size == 624
    assert size != 278


def test_finite_population_correction_is_that_of_polarismr():
    # polarismr.com: use (N − 1) n / (N − n) answers in the plain formula.
    n, people = 300, 1000
    adjusted = (people - 1) * n / (people - n)
    assert margin_of_error(n, population=people) == pytest.approx(
        margin_of_error(1) / adjusted**0.5
    )


def test_sample_sizes_to_tell_two_nps_apart():
    # measuringu.com/nps-sig-test-sample-size, n = s²Z²/d² − 3 for each group, d = 0.10, 5 %, power
    # 80 %: 546.4 for s² = 0.7 and 389.4 for 0.5. s² is that of the difference, so of both groups.
    assert sample_size_for_nps_difference(10, variance=0.35) == 547
    assert sample_size_for_nps_difference(10, variance=(0.5, 0.2)) == 547
    assert sample_size_for_nps_difference(10, variance=0.25) == 390


@pytest.mark.parametrize("variance", [0.2, 0.61, 1])
def test_the_sample_size_has_the_power_it_promises(variance):
    n = sample_size_for_nps_difference(8, variance=variance, power=0.9)
    error = (2 * variance / (n + 3)) ** 0.5
    power = norm.cdf(0.08 / error - norm.ppf(0.975))
    assert 0.9 <= power < 0.905


def test_margin_of_an_nps_is_that_of_the_adjusted_wald_interval():
    # Of an interval whose own pseudo answers do not change the variance: ¼, ½, ¼.
    low, high = nps_adjusted_wald(100, 200, 100)
    margin = nps_margin_of_error(400, variance=nps_variance(100, 200, 100))
    assert margin == pytest.approx((high - low) / 2 * 100)


@pytest.mark.parametrize(
    ("groups", "variance"),
    [((1, 2, 3), 5 / 9), ((1, 0, 1), 1), ((0, 1, 1), 0.25), ((1, 1, 1), 2 / 3), ((0, 0, 1), 0)],
)
def test_nps_variance_is_that_of_the_r_package(groups, variance):
    # R package NPS (brendan-r/NPS), tests/testthat/test_01_basics.R.
    assert nps_variance(*groups) == pytest.approx(variance)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: response_rate(180, 132), "180 answers of 132 invited"),
        (lambda: response_rate(0, 0), "0 answers of 0"),
        (lambda: response_rate(1.5, 3), "answers is 1.5"),
        (lambda: response_rate("1", 3), "answers is '1'"),
        (lambda: response_rate(None, 3), "answers is None"),
        (lambda: margin_of_error(0), "n is 0"),
        (lambda: margin_of_error(-3), "n is -3"),
        (lambda: margin_of_error(float("nan")), "n is nan"),
        (lambda: margin_of_error(20, population=10), "more than the 10 people"),
        (lambda: margin_of_error(20, share=1), "The share 1 "),
        (lambda: margin_of_error(20, level=95), "level 95"),
        (lambda: sample_size(5), "write 0.05"),
        (lambda: sample_size(0.05, population=0), "population is 0"),
        (lambda: nps_margin_of_error(20, variance=0), "The variance 0 "),
        (lambda: sample_size_for_nps_margin(0, variance=1), "The margin 0 "),
        (lambda: sample_size_for_nps_difference(300, variance=1), "The difference 300 "),
        (lambda: sample_size_for_nps_difference(10, variance=1, power=80), "The power 80 "),
        (lambda: nps_variance(0, 0, 0), "not the numbers"),
        (lambda: nps_variance(-1, 1, 1), "not the numbers"),
    ],
)
def test_bad_input_is_told_in_one_line(call, told):
    with pytest.raises(FeedbackError, match=told) as found:
        call()
    assert "\n" not in str(found.value)


@given(st.floats(0.005, 0.4), st.floats(0.05, 0.95), st.none() | st.integers(1, 100_000))
def test_the_sample_size_reaches_the_margin_and_one_less_does_not(margin, share, population):
    n = sample_size(margin, share=share, population=population)
    assert margin_of_error(n, share=share, population=population) <= margin * (1 + 1e-6)
    if n > 2 and population is None:
        assert margin_of_error(n - 1, share=share) > margin


@given(st.floats(1, 50), st.floats(0.05, 1))
def test_the_sample_size_reaches_the_margin_of_an_nps(margin, variance):
    n = sample_size_for_nps_margin(margin, variance=variance)
    assert nps_margin_of_error(n, variance=variance) <= margin * (1 + 1e-6)
    if n > 1:
        assert nps_margin_of_error(n - 1, variance=variance) > margin * (1 - 1e-6)


@given(st.integers(1, 1000), st.integers(0, 1000))
def test_everyone_asked_leaves_no_margin_and_a_smaller_population_a_smaller_one(n, more):
    assert margin_of_error(n, population=n) == 0
    assert margin_of_error(n, population=n + more) <= margin_of_error(n)
