"""Importance: reference numbers of R, and invariants."""

import numpy as np
import pandas as pd
import pytest
from correlated import r_squared, survey
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.drivers import importance_of
from feedback_nlp.drivers.importance.relative_weights import johnson, lmg
from feedback_nlp.errors import FeedbackError

# R: data(swiss), cor(swiss) with Fertility first; lmg and genizi of package relaimpo.
SWISS = ["Fertility", "Agriculture", "Examination", "Education", "Catholic", "Infant.Mortality"]
SWISS_UPPER = [
    0.3530791836, -0.6458827065, -0.6637888570, 0.4636847007, 0.4165560314,
    -0.6865422086, -0.6395225189, 0.4010950531, -0.0608586084,
    0.6984152963, -0.5727418061, -0.1140215965,
    -0.1538589171, -0.0993218458,
    0.1754959076,
]  # fmt: skip
# R: data(mtcars), Motor Trend 1974.
MTCARS = {
    "mpg": [21, 21, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4,
            10.4, 14.7, 32.4, 30.4, 33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26, 30.4, 15.8, 19.7,
            15, 21.4],
    "cyl": [6, 6, 4, 6, 8, 6, 8, 4, 4, 6, 6, 8, 8, 8, 8, 8, 8, 4, 4, 4, 4, 8, 8, 8, 8, 4, 4, 4, 8,
            6, 8, 4],
    "disp": [160, 160, 108, 258, 360, 225, 360, 146.7, 140.8, 167.6, 167.6, 275.8, 275.8, 275.8,
             472, 460, 440, 78.7, 75.7, 71.1, 120.1, 318, 304, 350, 400, 79, 120.3, 95.1, 351, 145,
             301, 121],
    "hp": [110, 110, 93, 110, 175, 105, 245, 62, 95, 123, 123, 180, 180, 180, 205, 215, 230, 66, 52,
           65, 97, 150, 150, 245, 175, 66, 91, 113, 264, 175, 335, 109],
    "gear": [4, 4, 4, 3, 3, 3, 3, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 4, 4, 4, 3, 3, 3, 3, 3, 4, 5, 5, 5,
             5, 5, 4],
}  # fmt: skip
# R: data(attitude), Chatterjee and Price 1977.
ATTITUDE = {
    "rating": [43, 63, 71, 61, 81, 43, 58, 71, 72, 67, 64, 67, 69, 68, 77, 81, 74, 65, 65, 50, 50,
               64, 53, 40, 63, 66, 78, 48, 85, 82],
    "complaints": [51, 64, 70, 63, 78, 55, 67, 75, 82, 61, 53, 60, 62, 83, 77, 90, 85, 60, 70, 58,
                   40, 61, 66, 37, 54, 77, 75, 57, 85, 82],
    "privileges": [30, 51, 68, 45, 56, 49, 42, 50, 72, 45, 53, 47, 57, 83, 54, 50, 64, 65, 46, 68,
                   33, 52, 52, 42, 42, 66, 58, 44, 71, 39],
    "learning": [39, 54, 69, 47, 66, 44, 56, 55, 67, 47, 58, 39, 42, 45, 72, 72, 69, 75, 57, 54, 34,
                 62, 50, 58, 48, 63, 74, 45, 71, 59],
    "raises": [61, 63, 76, 54, 71, 54, 66, 70, 71, 62, 58, 59, 55, 59, 79, 60, 79, 55, 75, 64, 43,
               66, 63, 50, 66, 88, 80, 51, 77, 64],
    "critical": [92, 73, 86, 84, 83, 49, 68, 66, 83, 80, 67, 74, 63, 77, 77, 54, 79, 80, 85, 78, 64,
                 80, 80, 57, 75, 76, 78, 83, 74, 78],
    "advance": [45, 47, 48, 35, 47, 34, 35, 41, 31, 41, 34, 41, 25, 35, 46, 36, 63, 60, 46, 52, 33,
                41, 37, 49, 33, 72, 49, 38, 55, 39],
}  # fmt: skip


def swiss():
    matrix = np.eye(6)
    matrix[np.triu_indices(6, 1)] = SWISS_UPPER
    return pd.DataFrame(matrix + np.triu(matrix, 1).T, SWISS, SWISS)


def table_of(columns, outcome, **options):
    frame = pd.DataFrame(columns)
    found = importance_of(frame.drop(columns=outcome), frame[outcome], **options)
    return found.set_index("predictor")


def test_swiss():
    assert lmg(swiss()).tolist() == pytest.approx(
        [0.0570912208, 0.1711730289, 0.2601346786, 0.1055701504, 0.1127659229], abs=1e-8
    )
    assert johnson(swiss()).tolist() == pytest.approx(
        [0.0484168958, 0.1547082498, 0.2719641046, 0.1146800300, 0.1169657214], abs=1e-8
    )
    assert lmg(swiss()).sum() == pytest.approx(0.7067350016, abs=1e-8)


def test_mtcars_ranks_differently_by_method():
    names = ["cyl", "disp", "hp", "gear"]
    found = table_of(MTCARS, "mpg", n_boot=0)
    assert found.loc[names, "importance"].tolist() == pytest.approx(
        [0.2470520332, 0.2434995948, 0.2109128995, 0.0777251114], abs=1e-8
    )
    assert found.attrs["importance"]["method"] == "lmg"
    assert found.attrs["importance"]["r_squared"] == pytest.approx(0.779189639, abs=1e-8)
    other = table_of(MTCARS, "mpg", n_boot=0, method="johnson")
    assert other.loc[names, "importance"].tolist() == pytest.approx(
        [0.2284797259, 0.2221468705, 0.2321744393, 0.0963886032], abs=1e-8
    )
    assert (found.index[0], other.index[0]) == ("cyl", "hp")


def test_attitude():
    names = list(ATTITUDE)[1:]
    found = table_of(ATTITUDE, "rating", n_boot=0)
    assert found.loc[names, "importance"].tolist() == pytest.approx(
        [0.3708161943, 0.0509037930, 0.1557659902, 0.1203450794, 0.0065887225, 0.0281822121],
        abs=1e-8,
    )
    other = table_of(ATTITUDE, "rating", n_boot=0, method="johnson")
    assert other.loc[names, "importance"].tolist() == pytest.approx(
        [0.3627601997, 0.0560022788, 0.1636109108, 0.1217803997, 0.0082554665, 0.0201927372],
        abs=1e-8,
    )
    notes = found.attrs["importance"]
    assert notes["r_squared"] == pytest.approx(0.7326019925, abs=1e-8)
    # R: summary(lm(rating ~ ., attitude))$adj.r.squared
    assert notes["r_squared_adjusted"] == pytest.approx(0.6628, abs=5e-5)


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(1, 7), st.sampled_from(["lmg", "johnson"]))
def test_parts_are_never_negative_and_sum_to_r_squared(seed, count, method):
    frame, outcome = survey(seed, 60, count)
    found = importance_of(frame, outcome, method=method, n_boot=0)
    assert (found["importance"] >= 0).all()
    assert found["importance"].sum() == pytest.approx(r_squared(frame, outcome), abs=1e-9)
    assert found["importance_share"].sum() == pytest.approx(1)
    assert found["importance"].is_monotonic_decreasing


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.permutations(range(5)), st.sampled_from(["lmg", "johnson"]))
def test_neither_order_nor_unit_matters(seed, order, method):
    frame, outcome = survey(seed, 50, 5)
    found = importance_of(frame, outcome, method=method, n_boot=0).set_index("predictor")
    turned = frame.iloc[:, list(order)] * -3 + 7
    again = importance_of(turned, outcome, method=method, n_boot=0).set_index("predictor")
    pd.testing.assert_series_equal(
        found["importance"].sort_index(), again["importance"].sort_index()
    )
    assert again["correlation"].sort_index().tolist() == pytest.approx(
        (-found["correlation"]).sort_index().tolist()
    )


@settings(max_examples=10)
@given(st.integers(0, 10**6), st.integers(2, 4))
def test_lmg_is_the_mean_over_all_orders(seed, count):
    from itertools import permutations

    frame, outcome = survey(seed, 40, count)
    added = dict.fromkeys(frame, 0.0)
    orders = list(permutations(frame))
    for order in orders:
        before = 0.0
        for i, name in enumerate(order):
            now = r_squared(frame[list(order[: i + 1])], outcome)
            added[name] += (now - before) / len(orders)
            before = now
    found = importance_of(frame, outcome, n_boot=0).set_index("predictor")["importance"]
    assert {name: found[name] for name in frame} == pytest.approx(added, abs=1e-9)


def test_one_predictor_explains_all_that_is_explained():
    frame, outcome = survey(1, 40, 1)
    row = importance_of(frame, outcome, n_boot=0).iloc[0]
    assert row["importance_share"] == pytest.approx(1)
    assert row["importance"] == pytest.approx(row["correlation"] ** 2)


def test_groups_come_and_go_together():
    frame, outcome = survey(3, 80, 4)
    groups = {"p1": "pair", "p3": "pair"}
    found = importance_of(frame, outcome, groups=groups, n_boot=0).set_index("predictor")
    alone = r_squared(frame[["p1", "p3"]], outcome)
    assert sorted(found.index) == ["p0", "p2", "pair"]
    assert found["importance"].sum() == pytest.approx(r_squared(frame, outcome))
    assert found.loc["pair", "importance"] < alone
    assert np.isnan(found.loc["pair", "correlation"])
    one = importance_of(frame[["p1", "p3"]], outcome, groups=groups, n_boot=0)
    assert one["importance"].tolist() == pytest.approx([alone])
    parts = importance_of(frame, outcome, method="johnson", n_boot=0).set_index("predictor")
    summed = importance_of(frame, outcome, method="johnson", groups=groups, n_boot=0)
    assert summed.set_index("predictor").loc["pair", "importance"] == pytest.approx(
        parts.loc[["p1", "p3"], "importance"].sum()
    )


def test_a_copy_gets_an_equal_part():
    frame, outcome = survey(4, 60, 3)
    for method in ("lmg", "johnson"):
        found = importance_of(frame.assign(copy=frame["p0"] * 2), outcome, method=method, n_boot=20)
        parts = found.set_index("predictor")["importance"]
        assert parts["copy"] == pytest.approx(parts["p0"])
        assert parts.sum() == pytest.approx(r_squared(frame, outcome))
        assert "p0 and copy say the same" in " ".join(found.attrs["importance"]["notes"])


def test_the_method_is_chosen_by_the_number_of_predictors():
    frame, outcome = survey(5, 200, 13)
    assert importance_of(frame, outcome, n_boot=0).attrs["importance"]["method"] == "johnson"
    twelve = importance_of(frame.drop(columns="p12"), outcome, n_boot=0)
    assert twelve.attrs["importance"]["method"] == "lmg"
    with pytest.raises(FeedbackError, match="13 are too many"):
        importance_of(frame, outcome, method="lmg")
