"""Two scores compared: reference numbers, ranges, and interval and test of one mind."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from feedback_nlp.errors import FeedbackError, RatingError
from feedback_nlp.records import Difference
from feedback_nlp.schema import with_info
from feedback_nlp.scores import ces, csat, definition_of, nps, score_table
from feedback_nlp.scores.definitions import METHODS, define
from feedback_nlp.scores.difference_table import difference_table
from feedback_nlp.scores.differences import difference, differences
from feedback_nlp.scores.summary import INTERVALS, summarise

SCORES = [
    (metric, method, interval)
    for metric in METHODS
    for method in METHODS[metric]
    for interval in INTERVALS[define(metric, method).kind]
    if interval != "bca"
]


def answers_of(groups):
    bad, middle, good = groups
    return [0] * bad + [7] * middle + [10] * good


# R package NPS (brendan-r/NPS), nps.test under R 4.2.2, adjusted Wald: groups are detractors,
# passives, promoters. R gives the difference after the added answers (0.484848 and 0.194175); ours
# is the observed one, with R's interval and p-value.
@pytest.mark.parametrize(
    ("one", "two", "observed", "ends", "p_value"),
    [
        ((10, 0, 20), (18, 0, 12), 53.3333, (2.9112, 94.0585), 0.037054),
        ((20, 30, 50), (30, 30, 40), 20.0, (-2.5516, 41.3865), 0.083216),
    ],
)
def test_the_r_package_with_adjusted_wald(one, two, observed, ends, p_value):
    found = difference(answers_of(one), answers_of(two), interval="adjusted_wald")
    assert found.value == pytest.approx(observed, abs=1e-4)
    assert (found.low, found.high) == pytest.approx(ends, abs=1e-4)
    assert found.p_value == pytest.approx(p_value, abs=1e-6)


# The same package with Wald: value, low, high, p. The value is ours, the interval never.
@pytest.mark.parametrize(
    ("one", "two", "value", "ends", "p_value"),
    [
        ((10, 0, 20), (18, 0, 12), 53.3333, (4.6766, 101.9901), 0.031686),
        ((20, 30, 50), (30, 30, 40), 20.0, (-2.3470, 42.3470), 0.079411),
        ((150, 250, 600), (180, 260, 560), 7.0, (0.3734, 13.6266), 0.038414),
    ],
)
def test_the_textbook_interval_is_not_reproduced(one, two, value, ends, p_value):
    for interval in ("score", "adjusted_wald"):
        found = difference(answers_of(one), answers_of(two), interval=interval)
        assert found.value == pytest.approx(value, abs=1e-4)
        assert abs(found.low - ends[0]) > 1e-3
        assert abs(found.high - ends[1]) > 1e-3
        assert abs(found.p_value - p_value) > 1e-6
    with pytest.raises(FeedbackError, match="No interval 'wald' for a difference; choose score"):
        difference(answers_of(one), answers_of(two), interval="wald")


@pytest.mark.parametrize(
    "counts", [(20, 35, 5, 30), (0, 10, 9, 10), (56, 70, 48, 80), (9, 9, 0, 4)]
)
def test_shares_are_compared_as_newcombe_does(counts):
    # statsmodels confint_proportions_2indep(method="newcomb"); 56/70 and 48/80 are Newcombe's own
    # example (1998, method 10: 0.0524 to 0.3339).
    good1, n1, good2, n2 = counts
    one, two = ([5] * g + [1] * (n - g) for g, n in ((good1, n1), (good2, n2)))
    found = difference(one, two, metric="csat")
    ends = confint_proportions_2indep(*counts, compare="diff", method="newcomb")
    assert (found.low, found.high) == pytest.approx((ends[0] * 100, ends[1] * 100), abs=1e-9)
    assert found.interval == "newcombe"
    if counts == (56, 70, 48, 80):
        assert (found.low, found.high) == pytest.approx((5.24, 33.39), abs=0.005)


def test_means_can_be_compared_as_welch_does():
    one, two = [5, 4, 4, 3, 5, 2, 5], [3, 3, 4, 1, 2]
    found = difference(one, two, metric="csat", method="mean", interval="t")
    compared = CompareMeans(DescrStatsW(one), DescrStatsW(two))
    ends = compared.tconfint_diff(usevar="unequal")
    assert (found.low, found.high) == pytest.approx(ends)
    assert found.p_value == pytest.approx(compared.ttest_ind(usevar="unequal")[1])
    assert found.interval == "welch"


def test_many_answers_make_all_intervals_of_a_mean_alike():
    rng = np.random.default_rng(5)
    one, two = rng.integers(1, 6, 4000), rng.integers(2, 6, 3000)
    hybrid, welch = (
        difference(one, two, metric="csat", method="mean", interval=name) for name in ("score", "t")
    )
    assert (hybrid.low, hybrid.high) == pytest.approx((welch.low, welch.high), abs=0.002)


@st.composite
def two_samples(draw):
    metric, method, interval = draw(st.sampled_from(SCORES))
    low, high = define(metric, method).scale
    answers = st.lists(st.integers(int(low), int(high)), min_size=1, max_size=40)
    return metric, method, interval, draw(answers), draw(answers)


def compared(case, level=0.95):
    metric, method, interval, one, two = case
    return difference(
        one, two, rating=metric, metric=metric, method=method, interval=interval, level=level
    )


@settings(deadline=None, max_examples=60)
@given(two_samples(), st.sampled_from([0.8, 0.95, 0.99]))
def test_what_holds_for_every_difference(case, level):
    found = compared(case, level)
    metric, method, _, one, two = case
    definition = define(metric, method)
    span = definition.maximum - definition.minimum
    assert -span <= found.low <= found.value <= found.high <= span
    assert found.high - found.low > 1e-9
    assert found.value == pytest.approx(found.first.value - found.second.value)
    assert 0 <= found.p_value <= 1
    assert (found.p_value < 1 - level) == found.clear
    assert (found.first.n, found.second.n) == (len(one), len(two))
    assert Difference.from_dict(found.to_dict()) == found


@settings(deadline=None, max_examples=30)
@given(two_samples())
def test_the_other_way_round_only_the_sign_changes(case):
    metric, method, interval, one, two = case
    forth, back = compared(case), compared((metric, method, interval, two, one))
    assert forth.value == pytest.approx(-back.value)
    assert (forth.low, forth.high) == pytest.approx((-back.high, -back.low), abs=1e-7)
    assert forth.p_value == pytest.approx(back.p_value, abs=1e-7)


@settings(deadline=None, max_examples=60)
@given(two_samples())
def test_equal_samples_do_not_differ(case):
    found = compared((*case[:3], case[3], case[3]))
    assert (found.value, found.p_value, found.clear) == (0, 1, False)


@settings(deadline=None, max_examples=30)
@given(two_samples())
def test_the_interval_reaches_zero_at_the_level_of_the_p_value(case):
    found = compared(case)
    if 1e-6 < found.p_value < 0.999:
        outside, inside = (
            compared(case, 1 - found.p_value * 1.01),
            compared(case, 1 - found.p_value * 0.99),
        )
        assert outside.clear
        assert not inside.clear


@pytest.mark.parametrize(("metric", "method", "interval"), SCORES)
def test_one_answer_on_each_side_can_be_compared(metric, method, interval):
    low, high = define(metric, method).scale
    found = difference([high], [low], rating=metric, method=method, interval=interval)
    assert not found.clear
    assert found.low < 0 < found.value == found.high


def test_groups_are_compared_all_at_once_as_one_by_one():
    rng = np.random.default_rng(2)
    for metric, method, interval in SCORES:
        definition = definition_of([], metric, method=method)
        low, high = map(int, definition.scale)
        answers = rng.integers(low, high + 1, 90).astype(float)
        groups = rng.integers(0, 6, 90)
        one = summarise(answers, definition, groups=groups, n_groups=6)
        other = summarise(answers[:30], definition)
        made = differences(one, other, definition, interval=interval)
        for group in range(6):
            alone = difference(
                answers[groups == group], answers[:30], metric=metric, method=method,
                interval=interval,
            )  # fmt: skip
            for name in ("value", "low", "high", "p_value"):
                assert getattr(made, name)[group] == pytest.approx(getattr(alone, name), abs=1e-7)


def test_effort_is_compared_as_it_was_asked_and_shares_as_good():
    # A turned table: 5 = little effort.
    notes = {"scales": {"ces": {"metric": "ces", "low": 1, "high": 5, "reversed": True}}}
    sides = []
    for ratings in ([5.0, 5, 4], [1.0, 2, 4]):
        frame = pd.DataFrame({"comment_id": ["a", "b", "c"], "ces": ratings})
        sides.append(with_info(frame, notes))
    found = difference(sides[0], sides[1], rating="ces")
    assert (found.metric, found.value) == ("ces", pytest.approx(7 / 3))
    assert ces(sides[0], direction="effort").value < ces(sides[1], direction="effort").value


def test_scales_of_two_tables_must_be_the_same():
    tables = []
    for high in (5, 7):
        frame = pd.DataFrame({"comment_id": ["a"], "csat": [4.0]})
        noted = {"scales": {"csat": {"metric": "csat", "low": 1, "high": high}}}
        tables.append(with_info(frame, noted))
    with pytest.raises(FeedbackError, match="1–5 in the first and 1–7 in the second"):
        difference(*tables, rating="csat")
    assert difference(*tables, rating="csat", scale=(1, 7)).first.scale == (1, 7)


def test_errors_of_either_side_are_those_of_the_score():
    with pytest.raises(RatingError, match="No ratings left"):
        difference([9], [None])
    with pytest.raises(RatingError, match="off the scale"):
        difference([9], [12])
    with pytest.raises(FeedbackError, match="choose score or t"):
        difference([5], [4], metric="csat", method="mean", interval="bca")


def test_weights_and_populations_of_either_side():
    one, two = [10, 9, 3, 8], [7, 0, 10]
    plain = difference(one, two)
    same = difference(one, two, weights=([1] * 4, [2] * 3), population=(None, None))
    assert (same.value, same.low, same.high) == pytest.approx((plain.value, plain.low, plain.high))
    census = difference(one, two, population=(4, 3))
    assert (census.low, census.high, census.clear) == (census.value, census.value, True)
    half = difference(one, two, population=(4, None))
    assert half.high - half.low < plain.high - plain.low


# Many groups


@pytest.fixture
def comments():
    rng = np.random.default_rng(11)
    frame = pd.DataFrame({"comment_id": [f"c{i}" for i in range(600)]})
    frame["nps"] = rng.integers(0, 11, 600).astype(float)
    frame["shop"] = rng.choice(["a", "b", "c", "d"], 600)
    frame.loc[frame["shop"] == "d", "nps"] = rng.integers(0, 8, (frame["shop"] == "d").sum())
    frame.loc[::11, "nps"] = np.nan
    return frame


@pytest.mark.parametrize(("metric", "method", "interval"), SCORES)
def test_each_segment_against_all_others(comments, metric, method, interval):
    comments = comments.rename(columns={"nps": "rating"})
    if metric != "nps":
        comments["rating"] = comments["rating"].clip(1, 5)
    scale = (0, 10) if metric == "nps" else (1, 5)
    options = {"metric": metric, "method": method, "scale": scale, "interval": interval}
    found = difference_table(comments, "rating", by="shop", **options).set_index("shop")
    for shop, row in found.iterrows():
        own = comments["shop"] == shop
        sides = [comments.loc[rows, "rating"] for rows in (own, ~own)]
        alone = difference(*sides, **options)
        assert (row["difference"], row["low"], row["high"], row["p_value"]) == pytest.approx(
            (alone.value, alone.low, alone.high, alone.p_value), abs=1e-6
        )
        assert (row["n"], row["rest_n"]) == (alone.first.n, alone.second.n)
        assert row["p_value"] <= row["q_value"] <= 1


def test_small_segments_are_not_compared_and_not_counted_as_tests(comments):
    comments.loc[:4, "shop"] = "tiny"
    found = difference_table(comments, "nps", by="shop").set_index("shop")
    assert list(found.columns) == [
        "metric", "method", "value", "n", "rest_value", "rest_n", "difference", "low", "high",
        "p_value", "q_value", "suppressed",
    ]  # fmt: skip
    assert list(found.index[found["suppressed"]]) == ["tiny"]
    assert found.loc["tiny", ["value", "difference", "p_value", "q_value"]].isna().all()
    assert found.loc["tiny", "n"] == 4
    others = found.drop(index="tiny")
    assert others["q_value"].max() == pytest.approx(others["p_value"].max())
    everybody = score_table(comments, "nps")["n"][0]
    assert (found["n"] + found["rest_n"] == everybody).all()


def test_a_table_of_one_segment_compares_nothing(comments):
    comments["shop"] = "a"
    found = difference_table(comments, "nps", by="shop")
    assert list(found["suppressed"]) == [True]
    assert found["difference"].isna().all()


def test_scores_of_the_two_sides_are_those_of_the_calculators():
    found = difference([5, 4, 1], [2, 3], metric="csat", method="percent_of_highest")
    assert found.first == csat([5, 4, 1], method="percent_of_highest")
    assert difference([9], [3]).second == nps([3])
