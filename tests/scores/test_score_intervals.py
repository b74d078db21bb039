"""Intervals: against other libraries, at the extremes, and how often they hold the true figure."""

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from scipy.stats import multinomial
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from feedback_nlp.errors import FeedbackError
from feedback_nlp.scores import csat, mean_interval, nps, nps_score_interval, wilson
from feedback_nlp.scores.bootstrap import bca_interval
from feedback_nlp.scores.definitions import METHODS, define
from feedback_nlp.scores.score_interval import Histogram, mean_score_interval, score_ends
from feedback_nlp.scores.summary import INTERVALS, summarise

LEVELS = (0.5, 0.9, 0.95, 0.999)
EVERY = [
    (metric, method, interval)
    for metric in METHODS
    for method in METHODS[metric]
    for interval in INTERVALS[define(metric, method).kind]
]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("good", "n"), [(0, 1), (1, 1), (0, 30), (30, 30), (7, 9), (740, 1070)])
def test_shares_are_statsmodels_wilson(good, n, level):
    ends = proportion_confint(good, n, alpha=1 - level, method="wilson")
    assert wilson(good, n, level=level) == pytest.approx(ends, abs=1e-12)
    score = csat([5] * good + [1] * (n - good), level=level)
    assert (score.low, score.high) == pytest.approx((ends[0] * 100, ends[1] * 100), abs=1e-9)


@pytest.mark.parametrize("level", LEVELS)
def test_the_score_interval_of_a_mean_of_two_answers_is_wilsons(level):
    for good, bad in ((3, 7), (0, 5), (9, 0), (400, 1)):
        own = mean_score_interval([1] * good + [0] * bad, low=0, high=1, level=level)
        assert own == pytest.approx(wilson(good, good + bad, level=level), abs=1e-12)


def test_the_score_interval_of_a_mean_of_three_answers_is_that_of_the_nps():
    # Rocks 2016; the R package NPS, "iterative": 9, 2 and 25 answers give 0.130290 to 0.675683.
    answers = [-1] * 9 + [0] * 2 + [1] * 25
    assert mean_score_interval(answers, low=-1, high=1) == pytest.approx(
        (0.13029, 0.675683), abs=6e-7
    )
    assert nps_score_interval(9, 2, 25) == pytest.approx((0.13029, 0.675683), abs=6e-7)


def test_the_ends_of_the_score_interval_of_a_mean_by_trying_all_spreads():
    # At the lower end no spread of answers with that mean has a smaller score statistic than z
    # and is as likely: the most likely one is looked for here on a fine grid.
    answers, low = np.array([1.0, 3.0, 5.0]), mean_score_interval([5, 5, 5, 3], low=1, high=5)[0]
    ones = np.linspace(1e-6, 1 - 1e-6, 200_001)
    threes = (low - 5 + 4 * ones) / -2  # so that the mean is the lower end
    fives = 1 - ones - threes
    possible = (threes > 0) & (fives > 0)
    likelihood = 3 * np.log(fives[possible]) + np.log(threes[possible])
    best = np.flatnonzero(possible)[likelihood.argmax()]
    shares = np.array([ones[best], threes[best], fives[best]])
    variance = shares @ (answers - low) ** 2
    assert (4.5 - low) / np.sqrt(variance / 4) == pytest.approx(1.959964, abs=1e-3)


def end_by_halving(answers, counts, z):
    """Return the lower end for a scale from 0, in 40 digits: the tilt is halved 110 times."""
    with localcontext(prec=40):
        answers, counts = ([Decimal(float(value)) for value in one] for one in (answers, counts))
        n, square = sum(counts), Decimal(z) ** 2
        mean = sum(a * c for a, c in zip(answers, counts, strict=True)) / n

        def at(tilt):
            weights = [
                c / (1 - tilt + tilt * a / mean) for a, c in zip(answers, counts, strict=True)
            ]
            total = sum(weights)
            true = sum(w * a for w, a in zip(weights, answers, strict=True)) / total
            variance = sum(w * (a - true) ** 2 for w, a in zip(weights, answers, strict=True))
            return true, n * (mean - true) ** 2 > square * variance / total

        if min(answers) > 0 and not at(Decimal(1))[1]:
            return float(mean * n / (n + square))  # zeros that nobody gave
        near, far = Decimal(0), Decimal(1)
        for _ in range(110):
            middle = (near + far) / 2
            near, far = (near, middle) if at(middle)[1] else (middle, far)
        return float(at(near)[0])


@given(
    counts=st.lists(st.integers(0, 10**6) | st.floats(1e-3, 1e3), min_size=11, max_size=11),
    gaps=st.sets(st.integers(0, 10), max_size=9),
    z=st.sampled_from([0.1, 1.0, 1.959963984540054, 4.0]),
)
def test_the_ends_are_where_the_statistic_is_z_however_answers_are_spread(counts, gaps, z):
    columns = np.array([0.0 if at in gaps else count for at, count in enumerate(counts)])
    answers = np.flatnonzero(columns)
    assume(answers.size > 1)
    found = Histogram.of_columns(np.arange(11.0), columns[None, :])
    lower, upper = score_ends(found, z, low=0, high=10)
    given_so = columns[answers]
    assert lower[0] == pytest.approx(end_by_halving(answers, given_so, z), abs=1e-11)
    turned = 10 - end_by_halving((10 - answers)[::-1], given_so[::-1], z)
    assert upper[0] == pytest.approx(turned, abs=1e-11)


def test_t_is_that_of_statsmodels_and_the_bootstrap_that_of_scipy():
    answers = [5, 4, 4, 3, 5, 2, 5, 5, 4, 1, 3, 4]
    t = csat(answers, method="mean", interval="t")
    assert (t.low, t.high) == pytest.approx(DescrStatsW(answers).tconfint_mean())
    assert t.interval == "t"
    bca = csat(answers, method="mean", interval="bca")
    theirs = stats.bootstrap(
        (answers,), np.mean, method="BCa", n_resamples=20_000, rng=np.random.default_rng(1)
    ).confidence_interval
    assert (bca.low, bca.high) == pytest.approx((theirs.low, theirs.high), abs=0.05)
    assert bca.interval == "bca"


def test_the_bootstrap_is_seeded_and_blind_to_order():
    answers = [5, 4, 1, 5, 3, 2, 4]
    one, two = (csat(a, method="mean", interval="bca") for a in (answers, answers[::-1]))
    assert (one.low, one.high) == (two.low, two.high)
    assert bca_interval(np.full(9, 4.0)) is None
    with pytest.raises(FeedbackError, match=r"20,000 answers are too many \(at most 10,000\)"):
        csat([4, 5] * 10_000, method="mean", interval="bca")


@pytest.mark.parametrize(("metric", "method", "interval"), EVERY)
@pytest.mark.parametrize("n", [1, 2, 10, 300])
def test_no_interval_leaves_the_scale_or_has_no_width(metric, method, interval, n):
    definition = define(metric, method)
    low, high = definition.scale
    for answers in ([low] * n, [high] * n, [low] + [high] * (n - 1), [high] * (n - 1) + [high - 1]):
        found = summarise(np.array(answers), definition, interval=interval)
        span = definition.maximum - definition.minimum
        assert definition.minimum <= found.low[0] <= found.value[0]
        assert found.value[0] <= found.high[0] <= definition.maximum
        assert found.high[0] - found.low[0] > span / 1000


def test_a_sure_level_makes_a_wider_interval():
    widths = [csat([5, 4, 2, 5], method="mean", level=level) for level in LEVELS]
    assert sorted(widths, key=lambda s: s.high - s.low) == widths


def test_means_of_very_many_different_answers_use_the_score_interval_too():
    answers = np.random.default_rng(0).uniform(0, 100, 500)
    score = csat(answers, method="mean", scale=(0, 100))
    assert score.interval == "mean_score"
    own = mean_score_interval(answers, low=0, high=100)
    assert (score.low, score.high) == pytest.approx(own, abs=1e-3)
    assert csat(answers.round(), method="mean", scale=(0, 100)).interval == "mean_score"


def test_answers_that_differ_little_from_float_to_float_are_equal():
    found = csat([4.1] * 3 + [4.1 + 1e-15], method="mean", interval="t")
    assert found.interval == "bounded"


# How often intervals hold the true figure. All samples of n = 10 and 30 are counted with their
# probability; benchmarks/coverage.py has the whole table.


def samples(n, parts):
    grid = np.indices((n + 1,) * (parts - 1)).reshape(parts - 1, -1).T
    grid = grid[grid.sum(axis=1) <= n]
    return np.column_stack([grid, n - grid.sum(axis=1)])


def held(low, high, true, probability):
    return probability[(low <= true + 1e-9) & (high >= true - 1e-9)].sum()


@pytest.mark.parametrize(("n", "worst"), [(10, 0.90), (30, 0.925)])
def test_the_nps_interval_holds_the_true_score(n, worst):
    every, shares = samples(n, 3), samples(10, 3) / 10
    low, high = nps_score_interval(*every.T)
    found = np.array([
        held(low, high, true[2] - true[0], multinomial.pmf(every, n, true)) for true in shares
    ])  # fmt: skip
    assert 0.93 <= found.mean() <= 0.97
    assert found.min() >= worst
    assert np.all(high - low > 0)
    assert low.min() >= -1
    assert high.max() <= 1


@pytest.mark.parametrize(("n", "worst", "of_t"), [(10, 0.91, 0.85), (20, 0.93, 0.92)])
def test_the_interval_of_a_mean_holds_the_true_mean_where_t_does_not(n, worst, of_t):
    every, answers = samples(n, 5), np.arange(1.0, 6.0)
    low, high = score_ends(
        Histogram.of_columns(answers, every.astype(float)), 1.959964, low=1, high=5
    )
    mean = every @ answers / n
    sd = np.sqrt((every * (answers - mean[:, None]) ** 2).sum(axis=1) / (n - 1))
    t = mean_interval(mean, sd, n, low=1, high=5)
    rng = np.random.default_rng(3)
    found = []
    for shares in (*rng.dirichlet(np.full(5, 0.5), 40), (0.025, 0.025, 0.025, 0.025, 0.9)):
        true, probability = np.dot(shares, answers), multinomial.pmf(every, n, shares)
        found.append([held(*ends, true, probability) for ends in ((low, high), t)])
    ours, theirs = np.array(found).T
    assert 0.94 <= ours.mean() <= 0.975
    assert ours.min() >= worst
    assert theirs.min() < of_t


def test_score_and_adjusted_wald_agree_where_there_are_many_answers():
    answers = [10] * 790 + [8] * 145 + [0] * 65
    score, adjusted = (nps(answers, interval=name) for name in ("score", "adjusted_wald"))
    assert (score.low, score.high) == pytest.approx((adjusted.low, adjusted.high), abs=0.001)
