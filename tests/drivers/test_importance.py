"""Importance: reference numbers of R, invariants, a random predictor, what cannot be used."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.drivers import importance_of
from feedback_nlp.drivers.relative_weights import johnson, lmg
from feedback_nlp.errors import ColumnError, FeedbackError

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


def survey(seed, n, count):
    """Return correlated predictors and an outcome that hangs on the first of them."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(size=(n, 1))
    columns = rng.normal(size=(n, count)) + shared
    names = [f"p{i}" for i in range(count)]
    return pd.DataFrame(columns, columns=names), pd.Series(columns[:, 0] + rng.normal(size=n))


def r_squared(frame, outcome):
    design, answers = np.column_stack([np.ones(len(frame)), frame]), outcome.to_numpy()
    left = answers - design @ np.linalg.lstsq(design, answers, rcond=None)[0]
    return 1 - left.var() / answers.var()


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


# --- bootstrap and random predictor


def test_what_matters_beats_a_random_predictor_and_what_does_not_rarely_does():
    rng = np.random.default_rng(11)
    found = []
    for seed in range(30):
        columns = rng.normal(size=(200, 4))
        outcome = pd.Series(0.5 * columns[:, 0] + rng.normal(size=200))
        frame = pd.DataFrame(columns, columns=list("abcd"))
        table = importance_of(frame, outcome, n_boot=200, seed=seed).set_index("predictor")
        assert (table["importance_low"] >= 0).all()
        found.append(table["beats_random"].loc[list("abcd")].astype(bool).tolist())
    rates = np.mean(found, axis=0)
    assert rates[0] == 1
    assert rates[1:].mean() <= 0.025


def test_the_interval_is_that_of_a_bootstrap_of_rows():
    frame, outcome = survey(6, 100, 3)
    found = importance_of(frame, outcome, n_boot=2000).set_index("predictor")
    rng = np.random.default_rng(1)
    whole = frame.assign(rating=outcome)[["rating", *frame]]
    drawn = [lmg(whole.sample(100, replace=True, random_state=rng).corr()) for _ in range(400)]
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    assert found.loc[list(frame), "importance_low"].tolist() == pytest.approx(low, abs=0.025)
    assert found.loc[list(frame), "importance_high"].tolist() == pytest.approx(high, abs=0.025)


def test_the_random_predictor_is_like_one_that_is_drawn():
    frame, outcome = survey(7, 50, 3)
    found = importance_of(frame, outcome, n_boot=2000)
    rng = np.random.default_rng(2)
    whole, shares = frame.assign(rating=outcome)[["rating", *frame]], []
    for _ in range(400):
        again = whole.sample(50, replace=True, random_state=rng)
        parts = lmg(again.assign(noise=rng.normal(size=50)).corr())
        shares.append(parts["noise"] / parts.sum())
    assert found["random_share"].iloc[0] == pytest.approx(np.mean(shares), rel=0.2)


def test_the_same_again_with_the_same_seed():
    frame, outcome = survey(8, 60, 3)
    first, second = (importance_of(frame, outcome, n_boot=50, seed=4) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    assert not importance_of(frame, outcome, n_boot=50, seed=5).equals(first)


# --- what cannot be used


def test_rows_without_an_answer_are_counted():
    frame, outcome = survey(9, 60, 2)
    frame.loc[:9, "p0"] = np.nan
    frame.loc[5:14, "p1"] = np.nan
    outcome.loc[12:19] = np.nan
    table = importance_of(frame, outcome.rename("nps"), n_boot=0)
    notes = table.attrs["importance"]
    assert (table["n"] == 40).all()
    assert notes["n_set_aside"] == {"no nps": 8, "no p0": 10, "no p1": 2}
    kept = importance_of(frame.iloc[20:], outcome.iloc[20:].rename("nps"), n_boot=0)
    pd.testing.assert_frame_equal(table, kept)


def test_a_constant_predictor_is_left_out_and_said():
    frame, outcome = survey(10, 60, 2)
    table = importance_of(frame.assign(same=3), outcome, n_boot=20).set_index("predictor")
    assert table.index[-1] == "same"
    assert table.loc["same"].drop("n").isna().all()
    assert table.attrs["importance"]["dropped"] == {"same": "constant"}
    assert "same" in table.attrs["importance"]["notes"][0]


@pytest.mark.parametrize(
    ("rows", "outcome", "says"),
    [
        (30, 5.0, "gave the same"),
        (9, None, "need at least 10"),
        (0, None, "varies"),
    ],
)
def test_nothing_can_be_said(rows, outcome, says):
    frame, answers = survey(12, rows, 2)
    answers = answers if outcome is None else answers * 0 + outcome
    table = importance_of(frame, answers.rename("nps"), n_boot=20)
    assert table["importance"].isna().all()
    assert table["beats_random"].isna().all()
    assert says in " ".join(table.attrs["importance"]["notes"])


def test_no_predictor_at_all():
    table = importance_of(pd.DataFrame(index=range(20)), pd.Series(range(20)))
    assert table.empty
    assert "No predictor varies" in table.attrs["importance"]["notes"][0]


@pytest.mark.parametrize(
    ("change", "options", "says"),
    [
        (lambda f: f.assign(p0="a lot"), {}, "does not hold numbers"),
        (lambda f: f.assign(p0=np.inf), {}, "endless"),
        (lambda f: f.iloc[1:], {}, "same respondents"),
        (lambda f: f.set_axis(["p", "p"], axis=1), {}, "own name"),
        (lambda f: f, {"method": "pratt"}, "choose auto, lmg or johnson"),
        (lambda f: f, {"n_boot": -1}, "n_boot"),
        (lambda f: f, {"confidence": 95}, "confidence"),
        (lambda f: f, {"groups": {"p9": "all"}}, "No column 'p9'"),
    ],
)
def test_what_cannot_be_used_is_refused(change, options, says):
    frame, outcome = survey(13, 30, 2)
    with pytest.raises(FeedbackError, match=says):
        importance_of(change(frame), outcome, **options)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([[1, 0.5]], "square"),
        ([[1, 0.5], [0.4, 1]], "both sides"),
        ([[1, 0.5], [0.5, 2]], "both sides"),
        ([[1, np.nan], [np.nan, 1]], "both sides"),
        ([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]], "contradict"),
    ],
)
def test_what_is_no_correlation_matrix(values, says):
    given_ = pd.DataFrame(values, columns=list("abc")[: len(values[0])])
    for function in (lmg, johnson):
        with pytest.raises(ColumnError, match=says):
            function(given_)


def test_too_many_orders():
    names = [f"p{i}" for i in range(14)]
    with pytest.raises(FeedbackError, match="13 are too many"):
        lmg(pd.DataFrame(np.eye(14), names, names))
    assert johnson(pd.DataFrame(np.eye(14), names, names)).tolist() == [0] * 13
