"""Weighted answers and finite populations."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.weightstats import DescrStatsW

from feedback_nlp.errors import ColumnError, FeedbackError, RatingError
from feedback_nlp.scores import ces, csat, nps, score_of, score_table, wilson
from feedback_nlp.scores.definitions import METHODS, define
from feedback_nlp.scores.summary import INTERVALS

SCORES = [
    (metric, method, interval)
    for metric in METHODS
    for method in METHODS[metric]
    for interval in INTERVALS[define(metric, method).kind]
    if interval != "bca"
]


def compute(metric, method, interval, answers, **options):
    if metric == "nps":
        return nps(answers, interval=interval, **options)
    if metric == "csat":
        return csat(answers, method=method, interval=interval, **options)
    return ces(answers, method=method, direction="effort", interval=interval, **options)


@st.composite
def weighted(draw):
    metric, method, interval = draw(st.sampled_from(SCORES))
    low, high = define(metric, method).scale
    answer = st.integers(int(low), int(high)) | st.none()
    pairs = draw(st.lists(st.tuples(answer, st.integers(0, 5)), min_size=1, max_size=30))
    if not any(w and a is not None for a, w in pairs):
        pairs.append((int(high), 1))
    return metric, method, interval, *map(list, zip(*pairs, strict=True))


@settings(deadline=None, max_examples=80)
@given(weighted())
def test_weights_of_one_change_nothing(case):
    metric, method, interval, answers, _ = case
    plain = compute(metric, method, interval, answers)
    ones = compute(metric, method, interval, answers, weights=[1] * len(answers))
    same = {"n_effective": plain.n, "details": pytest.approx(plain.details)}
    same |= {name: pytest.approx(getattr(plain, name)) for name in ("value", "low", "high")}
    assert ones.to_dict() == plain.to_dict() | same


@settings(deadline=None, max_examples=80)
@given(weighted())
def test_whole_weights_are_repetition_for_the_score_and_less_for_the_interval(case):
    metric, method, interval, answers, weights = case
    own = compute(metric, method, interval, answers, weights=weights)
    repeated = [a for a, w in zip(answers, weights, strict=True) for _ in range(w)]
    more = compute(metric, method, interval, repeated)
    assert own.value == pytest.approx(more.value)
    assert own.details == pytest.approx(own.details if metric == "nps" else more.details, abs=1e-9)
    assert own.low <= own.value <= own.high
    assert own.n == sum(a is not None for a in answers)
    assert own.n_effective <= min(own.n, more.n) + 1e-9


@settings(deadline=None, max_examples=60)
@given(weighted(), st.floats(1e-6, 1e6))
def test_only_the_proportion_of_weights_matters(case, factor):
    metric, method, interval, answers, weights = case
    one, two = (
        compute(metric, method, interval, answers, weights=list(np.array(weights) * by))
        for by in (1.0, factor)
    )
    for name in ("value", "low", "high", "n_effective"):
        assert getattr(one, name) == pytest.approx(getattr(two, name), abs=1e-7)


def test_kish_and_the_weighted_interval_by_hand():
    # Kish (1965): (Σw)² ÷ Σw² = 10² ÷ 30 = 3.33 of 4 answers.
    score = csat([5, 1, 5, 4], weights=[1, 2, 3, 4])
    assert score.value == 80
    assert score.n_effective == pytest.approx(100 / 30)
    assert (score.low / 100, score.high / 100) == pytest.approx(wilson(0.8 * 100 / 30, 100 / 30))
    assert score.counts == {"dissatisfied": 1, "neutral": 0, "satisfied": 3}
    assert score.notes == ("The answers are weighted: 4 say as much as 3 of equal weight.",)


def test_weighted_means_are_those_of_statsmodels():
    answers, weights = [5, 4, 2, 3, 3, 1, 3, 2, 4], np.array([1.0, 0.5, 2, 1.5, 1, 1, 2, 1, 1])
    score = csat(answers, method="mean", interval="t", weights=weights)
    effective = weights.sum() ** 2 / (weights**2).sum()
    same = DescrStatsW(answers, weights=weights / weights.sum() * effective)
    assert score.value == pytest.approx(same.mean)
    assert (score.low, score.high) == pytest.approx(same.tconfint_mean())


def test_weights_of_the_bootstrap_are_drawn_with_their_answers():
    answers, weights = [5, 4, 2, 3, 5, 1], [1, 1, 1, 1, 1, 9]
    plain = csat(answers, method="mean", interval="bca")
    heavy = csat(answers, method="mean", interval="bca", weights=weights)
    assert heavy.interval == "bca"
    assert heavy.value < plain.value
    assert 1 <= heavy.low <= heavy.value <= heavy.high <= 5


@pytest.fixture
def comments():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"comment_id": [f"c{i}" for i in range(300)]})
    frame["respondent_id"] = [f"r{i // 2}" for i in range(300)]
    frame["nps"] = np.repeat(rng.integers(0, 11, 150), 2).astype(float)
    frame["weight"] = np.repeat(rng.uniform(0.2, 3, 150), 2)
    frame["shop"] = np.repeat(rng.choice(["a", "b"], 150), 2)
    return frame


def test_weights_are_a_column_of_a_table(comments):
    people = comments.drop_duplicates("respondent_id")
    score = nps(comments, weights="weight")
    assert score == nps(people["nps"], weights=people["weight"])
    assert score_of(comments, "nps", weights="weight") == score
    table = score_table(comments, "nps", by="shop", weights="weight")
    for row in table.itertuples():
        own = people[people["shop"] == row.shop]
        alone = nps(own["nps"], weights=own["weight"])
        assert (row.value, row.low, row.high, row.n_effective) == pytest.approx(
            (alone.value, alone.low, alone.high, alone.n_effective)
        )
        assert (row.n, row.promoters) == (alone.n, alone.counts["promoters"])


def test_the_table_without_weights_has_no_effective_number(comments):
    assert "n_effective" not in score_table(comments, "nps", by="shop")


def test_wrong_weights(comments):
    for weights, message in (
        ([1, -1], r"below zero or infinite: -1 \(row 2\)"),
        ([1, np.inf], r"infinite: inf \(row 2\)"),
        ([1, None], "1 of those who answered have no weight in 'weights', first row 2"),
        ([0, 0], "All weights in 'weights' are 0"),
        ([1, "x"], "not a number: 'x'"),
    ):
        with pytest.raises(RatingError, match=message):
            nps([9, 3], weights=weights)
    assert nps([9, None], weights=[1, None]).n_effective == 1
    with pytest.raises(FeedbackError, match="3 weights for 2 answers"):
        nps([9, 3], weights=[1, 2, 3])
    with pytest.raises(
        FeedbackError, match="are a column of a table, and the ratings are no table"
    ):
        nps([9, 3], weights="weight")
    with pytest.raises(FeedbackError, match="put the weights in a column"):
        nps(comments, weights=[1] * 300)
    with pytest.raises(ColumnError, match="Did you mean 'weight'"):
        nps(comments, weights="weights")
    with pytest.raises(RatingError, match=r"below zero or infinite: -2 \(row 4\)"):
        nps(comments.assign(weight=[1, 1, 1, -2] + [1] * 296), weights="weight")
    with pytest.raises(
        RatingError, match="1 of those who answered have no weight in 'weight', first 'r1'"
    ):
        nps(comments.assign(weight=[1, 1, None, None] + [1] * 296), weights="weight")


def test_huge_weights_do_not_overflow():
    assert nps([10, 0], weights=[1e200, 3e200]).value == pytest.approx(-50)


# Finite populations


@pytest.mark.parametrize(("metric", "method", "interval"), SCORES)
def test_a_large_part_of_a_population_makes_a_narrower_interval(metric, method, interval):
    low, high = define(metric, method).scale
    answers = [high, high, low, high - 1, high] * 4
    widths = [
        found.high - found.low
        for people in (None, 10**9, 100, 25, 21, 20)
        for found in [compute(metric, method, interval, answers, population=people)]
    ]
    assert widths[0] == pytest.approx(widths[1], rel=1e-6)
    assert sorted(widths[1:], reverse=True) == widths[1:]
    assert widths[-1] == 0
    assert widths[-2] > 0


def test_the_correction_is_the_usual_one():
    # Wikipedia, "Margin of error": √((N − n) ÷ (N − 1)) times the standard error; here of t.
    answers = [5, 4, 3, 5, 1, 2, 4, 4]
    plain, part = (
        csat(answers, method="mean", interval="t", population=people) for people in (None, 20)
    )
    factor = np.sqrt((20 - 8) / (20 - 1))
    assert part.value - part.low == pytest.approx((plain.value - plain.low) * factor)
    assert part.population == 20
    assert part.notes == ("The interval is that of a sample of 20 people.",)
    resampled = csat(answers, method="mean", interval="bca", population=20)
    whole = csat(answers, method="mean", interval="bca")
    assert resampled.high - resampled.value == pytest.approx((whole.high - whole.value) * factor)


def test_wilson_of_a_finite_population_takes_as_many_more_answers():
    score = csat([5, 5, 1, 4], population=10)
    assert (score.low / 100, score.high / 100) == pytest.approx(wilson(0.75 * 6, 6))  # 4 · 9 ÷ 6


def test_a_census_has_no_sampling_error_and_says_so():
    score = nps([10, 0, 9], population=3)
    assert (score.low, score.high, score.interval) == (score.value, score.value, "census")
    assert score.notes == ("Everybody there is has answered, so there is no sampling error.",)


@pytest.mark.parametrize("people", [2, 2.5, "many", True, 0])
def test_wrong_populations(people):
    with pytest.raises(RatingError, match="The population is"):
        nps([9, 3, 5], population=people)


def test_populations_of_the_groups_of_a_table(comments):
    people = comments.drop_duplicates("respondent_id")
    sizes = {"a": 100, "b": 1000}
    table = score_table(comments, "nps", by="shop", population=sizes)
    for row in table.itertuples():
        alone = nps(people.loc[people["shop"] == row.shop, "nps"], population=sizes[row.shop])
        assert (row.low, row.high) == pytest.approx((alone.low, alone.high))
    same = score_table(comments, "nps", by="shop", population=pd.Series(sizes))
    pd.testing.assert_frame_equal(same, table)
    two = {(shop, "2026"): size for shop, size in sizes.items()}
    dated = comments.assign(date=pd.Timestamp("2026-05-01"))
    by_year = score_table(dated, "nps", by=["shop", "year"], population=two)
    assert list(by_year["low"]) == pytest.approx(list(table["low"]))
    whole = score_table(comments, "nps", population=200)
    assert whole["high"][0] == pytest.approx(nps(people["nps"], population=200).high)


def test_wrong_populations_of_groups(comments):
    with pytest.raises(FeedbackError, match="lacks 1 of 2 groups, first 'b'"):
        score_table(comments, "nps", by="shop", population={"a": 100})
    with pytest.raises(RatingError, match="The population of 'b' is 5, but"):
        score_table(comments, "nps", by="shop", population={"a": 100, "b": 5})
    with pytest.raises(FeedbackError, match="is the number of people in each group"):
        score_table(comments, "nps", by="shop", population=1000)
    with pytest.raises(FeedbackError, match="is one number"):
        score_table(comments, "nps", population={"a": 100})
    comments.loc[:1, "shop"] = None
    with pytest.raises(FeedbackError, match="lacks 1 of 3 groups, first None"):
        score_table(comments, "nps", by="shop", population={"a": 100, "b": 100})
