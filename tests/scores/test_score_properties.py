"""What holds for every set of answers, whatever the score."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.scores import ces, csat, definition_of, nps, score_table
from feedback_nlp.scores.definitions import METHODS, define
from feedback_nlp.scores.summary import summarise

SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
SCORES = [(metric, method) for metric in METHODS for method in METHODS[metric]]


def compute(metric, method, answers, direction="ease"):
    if metric == "nps":
        return nps(answers)
    if metric == "csat":
        return csat(answers, method=method)
    return ces(answers, method=method, direction=direction)


@st.composite
def scored(draw):
    metric, method = draw(st.sampled_from(SCORES))
    low, high = SCALES[metric]
    answers = draw(st.lists(st.integers(low, high), min_size=1, max_size=60))
    return metric, method, answers, draw(st.sampled_from(["ease", "effort"]))


@settings(deadline=None)
@given(scored())
def test_scores_stay_on_the_scale_with_a_real_interval(case):
    metric, method, answers, direction = case
    score = compute(metric, method, answers, direction)
    definition = define(metric, method, SCALES[metric])
    assert definition.minimum <= score.low <= score.value <= score.high <= definition.maximum
    assert score.high - score.low > 1e-6
    assert sum(score.counts.values()) == score.n == len(answers)


@settings(deadline=None)
@given(scored(), st.randoms(use_true_random=False))
def test_order_changes_nothing(case, random):
    metric, method, answers, direction = case
    shuffled = random.sample(answers, len(answers))
    one, two = (compute(metric, method, a, direction) for a in (answers, shuffled))
    assert (one.n, one.counts) == (two.n, two.counts)
    assert (one.value, one.low, one.high) == pytest.approx((two.value, two.low, two.high))


@settings(deadline=None)
@given(scored(), st.integers(1, 5))
def test_missing_answers_change_only_their_number(case, missing):
    metric, method, answers, direction = case
    one = compute(metric, method, answers, direction)
    two = compute(metric, method, answers + [None] * missing, direction)
    assert two.to_dict() == one.to_dict() | {"n_missing": missing}


@settings(deadline=None)
@given(scored())
def test_the_score_is_the_mean_of_the_contributions(case):
    metric, method, answers, _ = case
    definition = definition_of(answers, metric, method=method)
    shares = definition.contribution(np.array(answers, dtype=float))
    assert shares.mean() == pytest.approx(compute(metric, method, answers).value)


@settings(deadline=None)
@given(scored(), st.data())
def test_two_halves_put_together_are_the_whole(case, data):
    metric, method, answers, direction = case
    at = data.draw(st.integers(0, len(answers)))
    halves = [half for half in (answers[:at], answers[at:]) if half]
    parts = [compute(metric, method, half, direction) for half in halves]
    whole = compute(metric, method, answers, direction)
    assert sum(part.n for part in parts) == whole.n
    assert sum(part.value * part.n for part in parts) / whole.n == pytest.approx(whole.value)
    for name, count in whole.counts.items():
        assert sum(part.counts[name] for part in parts) == count
    for name, value in whole.details.items():
        if name != "standard_error":
            together = sum(part.details[name] * part.n for part in parts) / whole.n
            assert together == pytest.approx(value)


@settings(deadline=None)
@given(scored(), st.integers(2, 4))
def test_groups_together_are_as_each_alone(case, n_groups):
    metric, method, answers, _ = case
    codes = np.arange(len(answers)) % n_groups
    definition = define(metric, method, SCALES[metric])
    values = np.array(answers, dtype=float)
    table = summarise(values, definition, groups=codes, n_groups=n_groups)
    assert table.n.sum() == len(answers)
    for group in range(n_groups):
        own = summarise(values[codes == group], definition)
        for name in ("value", "low", "high"):
            together, alone = getattr(table, name)[group], getattr(own, name)[0]
            assert (math.isnan(together) and math.isnan(alone)) or together == pytest.approx(alone)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10) | st.none(), st.sampled_from("xyz")), min_size=1))
def test_a_table_adds_up_to_the_whole(rows):
    ratings = pd.Series([rating for rating, _ in rows], dtype="Float64")
    comments = pd.DataFrame({"comment_id": map(str, range(len(rows))), "nps": ratings})
    comments["shop"] = [shop for _, shop in rows]
    if ratings.isna().all():
        return
    table, whole = score_table(comments, "nps", by="shop", min_n=1), nps(ratings)
    assert table["n"].sum() == whole.n
    assert table["n_missing"].sum() == whole.n_missing
    assert {name: table[name].sum() for name in whole.counts} == whole.counts
    assert (table["value"].fillna(0) * table["n"]).sum() / whole.n == pytest.approx(whole.value)
    assert list(table["suppressed"]) == list(table["value"].isna())
