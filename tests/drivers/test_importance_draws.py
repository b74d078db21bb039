"""Importance: intervals, the random predictor, and what cannot be used."""

import numpy as np
import pandas as pd
import pytest
from correlated import survey

from feedback_nlp.drivers import importance_of
from feedback_nlp.drivers.importance.relative_weights import johnson, lmg
from feedback_nlp.errors import ColumnError, FeedbackError


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


def mentions(n, count, seed=0):
    """Return columns of few ones, as of rare themes, and an outcome far from zero."""
    rng = np.random.default_rng(seed)
    columns = (rng.random((n, count)) < 0.03).astype(float)
    names = [f"p{i}" for i in range(count)]
    outcome = pd.Series(10**6 - 3 * columns[:, 0] + columns[:, 1] + rng.integers(0, 4, n))
    return pd.DataFrame(columns, columns=names), outcome


def test_columns_of_few_ones_get_the_weights_of_their_correlations():
    frame, outcome = mentions(400, 20)
    found = importance_of(frame, outcome, n_boot=0).set_index("predictor")
    wanted = johnson(frame.assign(rating=outcome)[["rating", *frame]].corr())
    assert found.loc[list(frame), "importance"].tolist() == pytest.approx(wanted.tolist(), abs=1e-9)
    assert found.loc["p0", "correlation"] == pytest.approx(frame["p0"].corr(outcome))


def test_columns_of_few_ones_get_the_interval_of_a_bootstrap_of_rows():
    frame, outcome = mentions(300, 14)
    found = importance_of(frame, outcome, n_boot=1000).set_index("predictor")
    rng = np.random.default_rng(3)
    whole = frame.assign(rating=outcome)[["rating", *frame]]
    drawn = [johnson(whole.sample(300, replace=True, random_state=rng).corr()) for _ in range(300)]
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    assert found.loc[list(frame), "importance_low"].tolist() == pytest.approx(low, abs=0.025)
    assert found.loc[list(frame), "importance_high"].tolist() == pytest.approx(high, abs=0.04)


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
    assert notes["n_set_aside"] == {"no nps": 8, "no p0": 10, "no p1": 10}  # each by itself
    assert notes["n_incomplete"] == 20
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
        (9, None, "at least 10 are needed"),
        (1, None, "1 respondent answered everything: there is nobody to compare"),
        (0, None, "There are no respondents"),
    ],
)
def test_nothing_can_be_said(rows, outcome, says):
    frame, answers = survey(12, rows, 2)
    answers = answers if outcome is None else answers * 0 + outcome
    table = importance_of(frame, answers.rename("nps"), n_boot=20)
    assert table["importance"].isna().all()
    assert table["beats_random"].isna().all()
    assert says in " ".join(table.attrs["importance"]["notes"])


def test_where_nobody_answered_everything_that_is_said_and_nothing_is_called_constant():
    frame, outcome = survey(14, 30, 2)
    frame.loc[:14, "p0"], frame.loc[15:, "p1"] = np.nan, np.nan
    notes = importance_of(frame, outcome, n_boot=0).attrs["importance"]
    assert notes["notes"] == ["Nobody answered everything (no p0: 15, no p1: 15)."]
    assert notes["dropped"] == {}


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
        (lambda f: f, {"n_boot": -1}, "n_boot is -1"),
        (lambda f: f, {"n_boot": 99.5}, "n_boot is 99.5; give a whole number"),
        (lambda f: f, {"n_boot": 5}, "n_boot is 5; give 20 draws or more"),
        (lambda f: f, {"seed": -3}, "seed is -3"),
        (lambda f: f, {"confidence": 95}, "confidence level 95"),
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
