"""CSI and ACSI: reference values with their source, and what holds for every set of answers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from feedback_nlp.errors import ColumnError, FeedbackError, RatingError
from feedback_nlp.scores.indexes.csi import acsi, csi, csi_of_means
from feedback_nlp.scores.indexes.csi_tables import csi_table

# cyrilsunil76.blogspot.com (2010): five attributes, importances and scores out of 10.
BLOG_WEIGHTS = {"a": 7, "b": 5, "c": 9, "d": 3, "e": 6}
BLOG_SCORES = {"a": 8, "b": 4, "c": 8, "d": 3, "e": 4}
OHIO = {"satisfaction": 0.3885, "expectancy": 0.3190, "ideal": 0.2925}
ANSWERS = pd.DataFrame({"service": [5, 4, 3, 5, 4, 2], "price": [3, 3, 2, 4, 5, 1]})
EXPECTED = pd.DataFrame({"service": [5, 5, 4, 4, 4, 4], "price": [4, 3, 3, 3, 5, 2]})


def test_weighted_index_that_its_source_rounds_wrongly():
    # The blog prints 6.01, since it rounds 7/6 to 1.17 and mis-multiplies; exact is 181/30.
    mean = csi_of_means(BLOG_SCORES, weights=BLOG_WEIGHTS, index="mean", scale=(1, 10))
    assert mean == pytest.approx(181 / 30)
    assert mean != pytest.approx(6.01, abs=0.01)
    highest = csi_of_means(
        BLOG_SCORES, weights=BLOG_WEIGHTS, index="percent_of_highest", scale=(1, 10)
    )
    assert highest == pytest.approx(60.3333, abs=5e-5)
    assert csi_of_means(BLOG_SCORES, weights=BLOG_WEIGHTS, scale=(1, 10)) == pytest.approx(
        (181 / 30 - 1) / 9 * 100
    )


def test_gap_of_the_toy_example():
    # Computed by hand: −0.20 − 0.24 + 0.06.
    got, expected = {"x": 4.1, "y": 3.2, "z": 3.8}, {"x": 4.5, "y": 4.0, "z": 3.5}
    weights = {"x": 0.5, "y": 0.3, "z": 0.2}
    assert csi_of_means(got, expected, weights=weights) == pytest.approx(-0.38)
    table = csi_table(got, expected, weights=weights)
    assert table["weighted_gap"].tolist() == pytest.approx([-0.20, -0.24, 0.06, -0.38])
    assert table[["low", "high"]].isna().to_numpy().all()
    assert table["n"].isna().all()


def test_servqual_dimensions_of_12manage():
    # 12manage.com forum: gaps of five dimensions, sum −4.29, printed mean −0,86.
    gaps = [-0.65, -1.10, -0.83, -0.70, -1.01]
    expected = dict.fromkeys("abcde", 5.0)
    got = {name: 5 + gap for name, gap in zip("abcde", gaps, strict=True)}
    assert csi_of_means(got, expected, scale=(1, 7)) == pytest.approx(-0.858)


@given(
    st.lists(st.floats(-3, 3), min_size=5, max_size=5),
    st.lists(st.integers(1, 96), min_size=5, max_size=5),
)
def test_points_out_of_100_cannot_weight_twice(gaps, points):
    # 12manage.com: an unweighted 1.312 became a "weighted" 30.606, since points out of 100 were
    # used as they are.
    got = {name: 4 + gap for name, gap in zip("abcde", gaps, strict=True)}
    weights = dict(zip("abcde", points, strict=True))
    shares = {name: point / sum(points) for name, point in weights.items()}
    expected = dict.fromkeys("abcde", 4)
    value = csi_of_means(got, expected, weights=weights, scale=(1, 7))
    assert min(gaps) - 1e-9 <= value <= max(gaps) + 1e-9
    assert value == pytest.approx(csi_of_means(got, expected, weights=shares, scale=(1, 7)))


def test_acsi_of_means_8_7_7():
    # Formula of the ACSI as Wikipedia gives it, equal weights, (8 + 7 + 7 − 3) / 27; the weights of
    # the State of Ohio are from verint.com.
    answers = {"satisfaction": [8, 7, 9], "expectancy": [7, 6, 8], "ideal": [7, 7, 7]}
    score = acsi(answers)
    assert (score.value, score.method, score.unit) == (
        pytest.approx(70.370370),
        "equal_weights",
        "index",
    )
    weighted = acsi(answers, weights=OHIO)
    assert (weighted.value, weighted.method) == (pytest.approx(70.983333), "given_weights")
    assert weighted.details == pytest.approx(
        {"satisfaction": 700 / 9, "expectancy": 600 / 9, "ideal": 600 / 9}
    )


@pytest.mark.parametrize(("answer", "value"), [(1, 0), (10, 100)])
def test_acsi_at_the_ends_has_a_real_interval(answer, value):
    score = acsi(dict.fromkeys(OHIO, [answer] * 20), weights=OHIO)
    assert score.value == pytest.approx(value)
    assert 0 <= score.low <= score.value <= score.high <= 100
    assert score.high - score.low > 1


def test_acsi_has_three_items():
    with pytest.raises(RatingError, match="three items"):
        acsi({"satisfaction": [8], "expectancy": [7]})


def test_interval_is_that_of_each_respondents_own_index():
    # scipy.stats.t on the composites computed here.
    weights = {"service": 3, "price": 1}
    score = csi(ANSWERS, EXPECTED, weights=weights, interval="t")
    own = (ANSWERS - EXPECTED) @ [0.75, 0.25]
    low, high = stats.t.interval(0.95, 5, loc=own.mean(), scale=stats.sem(own))
    assert (score.value, score.low, score.high) == pytest.approx((own.mean(), low, high))
    assert (score.method, score.unit, score.n, score.interval) == ("gap", "rating", 6, "t")


def test_bootstrap_of_each_respondents_own_index():
    # scipy.stats.bootstrap, other draws.
    score = csi(ANSWERS, interval="bca")
    own = ((ANSWERS - 1) / 4 * 100).mean(axis=1).to_numpy()
    found = stats.bootstrap(
        (own,), np.mean, n_resamples=20_000, rng=np.random.default_rng(3)
    ).confidence_interval
    assert (score.low, score.high) == pytest.approx((found.low, found.high), abs=3)
    assert score.interval == "bca"
    assert csi(ANSWERS, interval="bca") == score


def test_missing_answers_are_counted_and_the_respondent_left_out():
    answers = pd.concat([ANSWERS, pd.DataFrame({"service": [1, None], "price": [None, None]})])
    expected = pd.concat([EXPECTED, pd.DataFrame({"service": [1, 1], "price": [1, 1]})])
    score, before = csi(answers, expected), csi(ANSWERS, EXPECTED)
    assert (score.value, score.low, score.high) == (before.value, before.low, before.high)
    assert (score.n, score.n_missing) == (6, 2)
    assert "2 of 8 respondents" in score.notes[0]
    # each attribute by all who answered it: service −3 − 0 of 7 respondents, price −3 of 6
    gaps = (ANSWERS - EXPECTED).sum()
    assert score.details["every_answer"] == pytest.approx(
        (gaps["service"] / 7 + gaps["price"] / 6) / 2
    )
    table = csi_table(answers, expected)
    assert table["n_unanswered"].tolist() == [1, 2, 2]
    assert table["n_missing"].tolist() == [2, 2, 2]


def test_table_adds_up_to_the_score():
    weights = {"price": 70, "service": 30}
    for expected in (None, EXPECTED):
        name = "index" if expected is None else "gap"
        table = csi_table(ANSWERS, expected, weights=weights).set_index("attribute")
        score = csi(ANSWERS, expected, weights=weights)
        total = table.loc["total"]
        assert total[name] == total[f"weighted_{name}"] == score.value
        assert table[f"weighted_{name}"].iloc[:-1].sum() == pytest.approx(score.value)
        assert (total["low"], total["high"]) == pytest.approx((score.low, score.high))
        assert table["weight"].tolist() == pytest.approx([0.3, 0.7, 1])


def test_expectations_may_be_given_numbers():
    score = csi(ANSWERS, {"service": 4, "price": 3})
    assert score.value == pytest.approx((23 / 6 - 4 + 3 - 3) / 2)
    assert "exact" in score.notes[0]


def test_given_expectations_leave_less_room():
    # who expects 5 of 5 can at best be met
    table = csi_table({"a": [5] * 9, "b": [5] * 9}, {"a": 5, "b": 4})
    assert table["high"].tolist() == pytest.approx([0, 1, 0.5])
    assert (table["low"] < table["gap"]).all()


def test_columns_may_be_numbers():
    score = csi(pd.DataFrame([[4, 5]]), pd.DataFrame([[5, 5]]), weights={0: 1, 1: 3})
    assert score.value == -0.25


def test_competitor_asked_of_others_and_of_the_same_people():
    rival = pd.DataFrame({"price": [5, 5, 4, 5, 4, 4], "service": [4, 4, 3, 4, 4, 3]})
    apart = csi_table(ANSWERS, competitor=rival)
    paired = csi_table(ANSWERS, competitor=rival, paired=True)
    for table in (apart, paired):
        assert table["competitor"].tolist() == pytest.approx([22 / 6, 27 / 6, 49 / 12])
        assert table["difference"].tolist() == pytest.approx([1 / 6, -1.5, -8 / 12])
        assert ((table["p_value"] < 0.05) == (table["difference_high"] < 0)).all()
        assert table["n_competitor"].tolist() == [6] * 3
    # scipy.stats.ttest_rel
    found = stats.ttest_rel(ANSWERS["price"], rival["price"])
    assert paired["p_value"][1] == pytest.approx(found.pvalue)
    assert (paired["difference_low"][1], paired["difference_high"][1]) == pytest.approx(
        tuple(found.confidence_interval())
    )


def test_pairs_that_all_differ_alike_still_have_an_interval():
    table = csi_table(
        ANSWERS[["service"]] * 0 + 5, competitor=ANSWERS[["service"]] * 0 + 4, paired=True
    )
    row = table.iloc[0]
    assert row["difference_low"] < row["difference"] == 1 < row["difference_high"]
    assert (row["p_value"] < 0.05) == (row["difference_low"] > 0)


def test_a_comments_table_counts_respondents_once():
    comments = pd.DataFrame(
        {
            "comment_id": list("abc"),
            "respondent_id": ["r", "r", "s"],
            "x": [5.0, 5, 1],
            "y": [5.0, 5, 1],
        }
    )
    assert csi(comments, columns=["x", "y"]).n == 2
    with pytest.raises(ColumnError, match="comments table"):
        csi(comments)


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        (lambda: csi({"a": [6]}), RatingError, r"off the scale 1–5 of 'a': 6 \(row 1\)"),
        (lambda: csi({"a": ["x"]}), RatingError, "Item 'a': 1 answer is not a number"),
        (lambda: csi({"a": [True]}), RatingError, "not a number"),
        (lambda: csi({"a": [1, 2], "b": [1]}), RatingError, "different numbers of answers"),
        (lambda: csi({"a": [1, None], "b": [None, 1]}), RatingError, "each lacks some"),
        (lambda: csi({"a": [None]}), RatingError, "nobody answered 'a'"),
        (lambda: csi({"a": []}), RatingError, "there are no rows"),
        (lambda: csi({}), ColumnError, "no items"),
        (lambda: csi({"a": 4.1}), RatingError, "csi_of_means"),
        (lambda: csi_of_means({"a": [4]}), RatingError, "use csi"),
        (lambda: csi([4, 5]), ColumnError, "not list"),
        (lambda: csi({"a": [4]}, method="gap"), FeedbackError, "no expectations"),
        (lambda: csi({"a": [4]}, method="x"), FeedbackError, "choose gap, weighted"),
        (lambda: csi({"a": [4]}, index="x"), FeedbackError, "No index 'x'"),
        (lambda: csi({"a": [4]}, interval="x"), FeedbackError, "No interval 'x'"),
        (lambda: csi({"a": [4]}, {"b": [4]}), ColumnError, "No column 'a'"),
        (lambda: csi({"a": [4, 5, 5]}, {"a": [4, 4]}), RatingError, "same respondents"),
        (lambda: csi({"a": [4]}, weights={"b": 1}), ColumnError, "No column 'b'"),
        (lambda: csi({"a": [4]}, weights={}), ColumnError, "'a' has no weight"),
        (lambda: csi({"a": [4]}, weights={"a": 0}), RatingError, "not a positive number"),
        (lambda: csi({"a": [4]}, weights=[1]), ColumnError, "Weights are a mapping"),
        (lambda: csi_table({"total": [4]}), RatingError, "rename"),
        (lambda: csi_table({"a": 4}, competitor={"a": [4]}), RatingError, "no interval"),
        (lambda: csi_table({"a": [4]}, competitor={"b": [4]}), RatingError, "no answers on 'a'"),
    ],
)
def test_bad_input_is_told_in_one_line(call, error, told):
    with pytest.raises(error, match=told) as found:
        call()
    assert "\n" not in str(found.value)


def test_tables_sorted_differently_are_not_paired():
    with pytest.raises(RatingError, match="same order"):
        csi(ANSWERS, EXPECTED.iloc[::-1])


answers = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=30)


@settings(deadline=None, max_examples=60)
@given(
    answers,
    answers,
    st.floats(0.01, 100),
    st.booleans(),
    st.integers(0, 3),
    st.randoms(use_true_random=False),
)
def test_what_holds_for_every_csi(got, expected, factor, gap, missing, random):
    size = min(len(got), len(expected))
    one = pd.DataFrame(got[:size], columns=["a", "b"])
    two = pd.DataFrame(expected[:size], columns=["a", "b"])
    weights = {"a": 2.0, "b": 5.0}
    score = csi(one, two if gap else None, weights=weights)
    lowest, highest = (-4, 4) if gap else (0, 100)
    assert lowest <= score.low <= score.value <= score.high <= highest
    assert score.high - score.low > 1e-6
    order = random.sample(range(size), size)
    again = csi(
        one.iloc[order], two.iloc[order] if gap else None,
        weights={name: weight * factor for name, weight in weights.items()},
    )  # fmt: skip
    assert (again.value, again.low, again.high) == pytest.approx(
        (score.value, score.low, score.high)
    )
    blank = pd.DataFrame({"a": [3.0, np.nan, np.nan][:missing], "b": [np.nan] * missing})
    more = csi(
        pd.concat([one, blank], ignore_index=True),
        pd.concat([two, blank.fillna(3)], ignore_index=True) if gap else None,
        weights=weights,
    )
    assert (more.n, more.n_missing, more.value, more.low, more.high) == (
        size, missing, score.value, score.low, score.high,
    )  # fmt: skip
