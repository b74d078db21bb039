"""The adjusted gain: cases worked out by hand, another program's figures, and known truths."""

import warnings

import numpy as np
import pandas as pd
import pytest
from matrices import FREE, NPS, SCORES, gains, matrix, simulated

from feedback_nlp.scores import define


@pytest.mark.parametrize("definition", SCORES, ids=lambda d: f"{d.metric} {d.method}")
def test_one_theme_alone_is_the_score_of_those_without_it_minus_the_score(definition):
    rng = np.random.default_rng(1)
    answers = rng.integers(0, 11, 80)
    late = rng.random(80) < 0.3
    found = matrix(answers, {"late": late}, definition=definition)
    x = found.people["x"].to_numpy()
    expected = x[~late].mean() - x.mean()
    assert gains(found, penalty=FREE).loc["late", "adjusted_gain"] == pytest.approx(expected)


def test_a_large_penalty_adjusts_for_nothing():
    # All coefficients are 0, so everybody is expected to score as all do.
    found, _ = simulated(7, 500)
    x, blamed = found.people["x"].to_numpy(), found.negative.to_numpy()
    expected = [who.mean() * (x.mean() - x[who].mean()) for who in blamed.T]
    assert gains(found, penalty=1e9)["adjusted_gain"].to_list() == pytest.approx(expected, abs=1e-3)


def test_strata_by_hand():
    # Two themes that add up on the scale of log-odds, 1000 respondents in each of four cells:
    # satisfied 800, 500 (late), 500 (rude), 200 (both), so odds 4, 1, 1 and 1/4. Without late the
    # shares are 0.8, 0.8, 0.5, 0.5: a gain of (0.3 + 0.3) / 4.
    late = np.repeat([False, True, False, True], 1000)
    rude = np.repeat([False, False, True, True], 1000)
    answers = np.concatenate([[9] * k + [3] * (1000 - k) for k in (800, 500, 500, 200)])
    found = matrix(
        answers, {"late": late, "rude": rude}, definition=define("csat", "top2", (0, 10))
    )
    table = gains(found, penalty=FREE)
    assert table["adjusted_gain"].to_list() == pytest.approx([15, 15])


def test_against_statsmodels():
    import statsmodels.api as sm

    found, _ = simulated(3, 400)
    rng = np.random.default_rng(4)
    shop = pd.DataFrame({"shop": rng.choice(["a", "b", "c"], 400)}, index=found.people.index)
    table = gains(found, controls=shop, penalty=FREE)
    columns = np.column_stack(
        [np.ones(400), found.negative, found.people["spoke"],
         shop["shop"] == "b", shop["shop"] == "c"]
    ).astype(float)  # fmt: skip
    y = (found.people["x"].to_numpy() + 100) / 200
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = sm.GLM(y, columns, family=sm.families.Binomial()).fit(tol=1e-12)
    for i, theme in enumerate(found.themes):
        without = columns.copy()
        without[:, i + 1] = 0
        expected = 200 * (model.predict(without).mean() - y.mean())
        assert table.loc[theme, "adjusted_gain"] == pytest.approx(expected, abs=1e-6)
    notes = table.attrs["model"]
    largest = shop["shop"].value_counts().index[0]
    assert notes["controls"]["shop"]["reference"] == largest


def test_an_innocent_theme_that_comes_with_a_guilty_one_is_cleared():
    found, true = simulated(7, 20_000)
    table = gains(found, n_boot=500)
    assert table["adjusted_gain"].to_list() == pytest.approx(true, abs=0.8)
    assert true[1] == 0 < true[2] < true[0]
    x, blamed = found.people["x"].to_numpy(), found.negative["innocent"].to_numpy()
    assert x.mean() - x[~blamed].mean() < -2  # leaving it out blames the innocent
    assert (
        table.loc["innocent", "adjusted_gain_low"] < 0 < table.loc["innocent", "adjusted_gain_high"]
    )
    assert table.loc["guilty", "adjusted_p"] < 0.001 < 0.05 < table.loc["innocent", "adjusted_p"]


def test_a_theme_that_only_makes_passives_of_promoters():
    rng = np.random.default_rng(5)
    dear, rude = rng.random((2, 20_000)) < 0.2
    base = np.clip(np.round(8.5 + rng.normal(0, 1.7, 20_000) - 3 * rude), 0, 10)
    answers = np.where(dear & (base >= 9), 8, base)
    table = gains(matrix(answers, {"dear": dear, "rude": rude}))
    true = NPS.contribution(base).mean() - NPS.contribution(answers).mean()
    assert table.loc["dear", "adjusted_gain"] == pytest.approx(true, abs=0.6)


@pytest.mark.parametrize("definition", SCORES[:3], ids=lambda d: f"{d.metric} {d.method}")
def test_intervals_hold_the_truth_about_as_often_as_they_say(definition):
    _, true = simulated(0, 300_000, definition)
    held = []
    for seed in range(1, 121):
        table = gains(simulated(seed, 200, definition)[0], n_boot=300, seed=seed)
        held.append((table["adjusted_gain_low"] <= true) & (true <= table["adjusted_gain_high"]))
    assert 0.92 <= np.mean(held) <= 0.985  # 360 intervals: a standard error of 0.012


def test_the_one_step_draws_are_those_of_full_refits():
    found, _ = simulated(11, 500)
    table = gains(found, n_boot=4000)
    rng, refits = np.random.default_rng(12), []
    for _ in range(400):
        rows = rng.integers(0, 500, 500)
        again = matrix(
            found.people["rating"].to_numpy()[rows],
            {name: found.negative[name].to_numpy()[rows] for name in found.themes},
            spoke=found.people["spoke"].to_numpy()[rows],
        )
        refits.append(gains(again)["adjusted_gain"].to_numpy())
    low, high = np.quantile(refits, [0.025, 0.975], axis=0)
    width = (table["adjusted_gain_high"] - table["adjusted_gain_low"]).to_numpy()
    # Student's t and the leverages make the shipped intervals a few percent wider.
    assert np.all((width / (high - low) > 0.9) & (width / (high - low) < 1.2))
    assert np.abs(table["adjusted_gain_low"] - low).max() < 0.12 * width.max()
    assert np.abs(table["adjusted_gain_high"] - high).max() < 0.12 * width.max()


def test_same_input_same_output():
    found, _ = simulated(2, 200)
    first, second = (gains(found, n_boot=200, seed=9) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    other = gains(found, n_boot=200, seed=10)
    assert (other["adjusted_gain_low"] != first["adjusted_gain_low"]).all()
    shuffled = found.people.index[np.random.default_rng(0).permutation(200)]
    moved = matrix(
        found.people.loc[shuffled, "rating"],
        {name: found.negative.loc[shuffled, name] for name in found.themes},
        spoke=found.people.loc[shuffled, "spoke"].to_numpy(),
    )
    pd.testing.assert_frame_equal(gains(moved, n_boot=200, seed=9), first)


def test_a_wider_confidence_is_a_wider_interval():
    found, _ = simulated(2, 200)
    narrow, wide = (gains(found, n_boot=300, confidence=c) for c in (0.8, 0.99))
    assert (narrow["adjusted_gain_low"] > wide["adjusted_gain_low"]).all()
    assert (narrow["adjusted_gain_high"] < wide["adjusted_gain_high"]).all()
