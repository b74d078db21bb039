"""Means of answers with many different values: the interval of a group is its own affair."""

import numpy as np
import pandas as pd
import pytest

from feedback_nlp.scores import (
    before_after,
    csat,
    csi,
    difference,
    difference_table,
    hidden_groups,
    moving_window,
    score_table,
)
from feedback_nlp.scores.definitions import define
from feedback_nlp.scores.score_interval import mean_score_interval
from feedback_nlp.scores.summary import summarise

FEW = [4.0, 5.0, 3.0, 4.0, 5.0, 5.0, 2.0, 4.0, 5.0, 1.0, 4.0, 4.0]
SHARES = [0.02, 0.03, 0.1, 0.35, 0.5]


@pytest.fixture
def comments():
    random = np.random.default_rng(7)
    many = random.uniform(1, 5, 600)
    frame = pd.DataFrame({"csat": [*FEW, *many]})
    frame["comment_id"] = frame.index.astype(str)
    frame["shop"] = ["small"] * len(FEW) + ["large"] * many.size
    frame["date"] = pd.date_range("2026-01-01", periods=len(frame), freq="6h")
    return frame


def test_the_interval_of_a_group_is_that_of_the_group_alone(comments):
    table = score_table(comments, "csat", by="shop", method="mean").set_index("shop")
    for name in ("small", "large"):
        own = comments.loc[comments["shop"] == name, "csat"]
        alone = csat(own, method="mean")
        row = table.loc[name]
        assert (row["value"], row["low"], row["high"]) == pytest.approx(
            (alone.value, alone.low, alone.high), abs=1e-12
        )
    assert csat(FEW, method="mean").interval == "mean_score"
    assert csat(comments["csat"], method="mean").interval == "mean_score"


def test_answers_in_between_are_as_good_as_exact():
    random = np.random.default_rng(3)
    for low, high in ((1.0, 5.0), (0.0, 10.0), (0.0, 100.0), (1.0, 7.0), (0.0, 0.7)):
        for n in (2, 5, 40, 400):
            answers = low + (high - low) * random.beta(4, 2, n)
            exact = mean_score_interval(answers, low=low, high=high)
            found = csat(answers, method="mean", scale=(low, high))
            assert (found.low, found.high) == pytest.approx(exact, abs=2e-3 * (exact[1] - exact[0]))
            assert found.value == pytest.approx(answers.mean(), abs=1e-12 * high)


def test_alike_answers_in_between_have_the_interval_of_alike_answers():
    for answer in (3.71, 4.999, 1.003):
        found = csat([answer] * 40, method="mean")
        exact = mean_score_interval([answer] * 40, low=1, high=5)
        assert (found.low, found.high) == pytest.approx(exact, abs=0.02)
        assert found.low < answer < found.high


@pytest.mark.parametrize("scale", [(1, 5), (1, 7), (0, 10), (0, 100), (0, 360), (-3, 3)])
def test_whole_answers_stay_exact(scale):
    answers = np.random.default_rng(2).integers(scale[0], scale[1] + 1, 900).astype(float)
    found = csat(answers, method="mean", scale=scale)
    exact = mean_score_interval(answers, low=scale[0], high=scale[1])
    assert (found.low, found.high) == pytest.approx(exact, abs=1e-12 * scale[1])


def test_differences_of_groups_are_those_of_the_groups_alone(comments):
    small, large = (comments.loc[comments["shop"] == name, "csat"] for name in ("small", "large"))
    alone = difference(small, large, rating="csat", method="mean")
    table = difference_table(comments, "csat", by="shop", method="mean").set_index("shop")
    row = table.loc["small"]
    assert (row["difference"], row["low"], row["high"], row["p_value"]) == pytest.approx(
        (alone.value, alone.low, alone.high, alone.p_value), abs=1e-9
    )
    hidden = hidden_groups(comments, "csat", by="shop", method="mean").set_index("value_1")
    assert hidden.loc["small", ["low", "high", "p_value"]].tolist() == pytest.approx(
        [csat(small, method="mean").low, csat(small, method="mean").high, alone.p_value], abs=1e-9
    )


def test_windows_and_sides_have_the_intervals_of_their_answers(comments):
    table = moving_window(comments, "csat", period="day", periods=7, method="mean")
    row = table.iloc[30]
    own = comments[comments["date"].dt.date.astype(str).between("2026-01-25", "2026-01-31")]
    alone = csat(own["csat"], method="mean")
    assert (row["value"], row["low"], row["high"]) == pytest.approx(
        (alone.value, alone.low, alone.high), abs=1e-9
    )
    sides = before_after(comments, "csat", "2026-01-04", method="mean")
    assert sides.second.interval == "mean_score"


def test_an_index_of_many_weighted_items_has_a_score_interval():
    random = np.random.default_rng(8)
    answers = {name: random.integers(1, 6, 500) for name in "abcdefg"}
    weights = {name: weight for weight, name in enumerate("abcdefg", start=3)}
    found = csi(answers, weights=weights)
    assert found.interval == "mean_score"
    shares = np.array([weights[name] for name in answers]) / sum(weights.values())
    own = (np.column_stack(list(answers.values())) - 1) / 4 * 100 @ shares
    assert (found.low, found.high) == pytest.approx(
        mean_score_interval(own, low=0, high=100), abs=1e-3
    )


def test_weights_and_many_answers():
    answers = np.random.default_rng(1).uniform(1, 5, 400)
    plain = csat(answers, method="mean")
    weighted = csat(answers, method="mean", weights=np.full(400, 2.5))
    assert (weighted.value, weighted.low, weighted.high) == pytest.approx(
        (plain.value, plain.low, plain.high)
    )
    everybody = csat(answers, method="mean", population=400)
    assert everybody.low == everybody.high == everybody.value


@pytest.mark.parametrize(
    ("scale", "draw", "truth"),
    [
        ((0, 10), lambda r, n: r.choice(11, n, p=[0.05, *[0.02] * 3, 0.03, 0.05, 0.08, 0.13,
                                                 *[0.2] * 3]).astype(float), 7.36),
        ((0, 100), lambda r, n: 100 * r.beta(8, 2, n), 80.0),
        ((0, 100), lambda r, n: np.where(r.random(n) < 0.9, 100.0, 100 * r.random(n)), 95.0),
        ((1, 5), lambda r, n: r.choice([1.0, 2, 3, 4, 5], (n, 3), p=SHARES).mean(axis=1), 4.28),
    ],
)  # fmt: skip
def test_the_interval_holds_the_mean_on_long_scales_and_of_several_items(scale, draw, truth):
    random = np.random.default_rng(5)
    for n in (10, 30):
        groups = np.repeat(np.arange(2000), n)
        found = summarise(
            draw(random, groups.size), define("csat", "mean", scale), groups=groups, n_groups=2000
        )
        held = ((found.low <= truth) & (truth <= found.high)).mean()
        assert 0.935 < held < 0.995
