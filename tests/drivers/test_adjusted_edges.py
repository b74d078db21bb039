"""The adjusted gain: what is held fixed, what has no figure and why, and what is refused."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matrices import NPS, SCORES, gains, matrix, simulated

from feedback_nlp.errors import FeedbackError


def test_controls_are_held_fixed():
    # The shop in the south scores low and complains more; the theme itself does nothing.
    rng = np.random.default_rng(6)
    south = rng.random(4000) < 0.5
    late = rng.random(4000) < np.where(south, 0.5, 0.1)
    found = matrix(
        np.clip(np.round(9 - 3 * south + rng.normal(0, 1.5, 4000)), 0, 10), {"late": late}
    )
    assert gains(found).loc["late", "adjusted_gain"] > 10
    shop = pd.Series(np.where(south, "south", "north"), index=found.people.index, name="shop")
    held = gains(found, controls=shop.to_frame(), n_boot=200)
    assert abs(held.loc["late", "adjusted_gain"]) < 2
    turned = gains(found, controls=shop.iloc[::-1].to_frame(), n_boot=200)
    pd.testing.assert_frame_equal(turned, held)


def test_levels_of_controls():
    found, _ = simulated(2, 100)
    controls = pd.DataFrame(
        {
            "shop": ["n"] * 60 + ["s"] * 30 + ["w"] * 4 + ["e"] * 6,
            "age": [np.nan] * 15 + [30.0] * 85,
            "country": ["nl"] * 100,
            "order": [f"o{i}" for i in range(100)],
        },
        index=found.people.index,
    )
    notes = gains(found, controls=controls).attrs["model"]
    assert notes["controls"] == {
        "shop": {"reference": "n", "levels": ["s", "(other)"], "rare": 2},
        "age": {"reference": "30.0", "levels": ["(missing)"], "rare": 0},
    }
    assert notes["controls_left_out"] == {
        "country": "it has one value, nl, so holding it changes nothing",
        "order": "it has 100 values, none of 10 respondents or more; make larger groups of them "
        "first",
    }
    held, *others = notes["notes"]
    assert held == (
        "Held fixed: shop (2 values of 10 respondents or more; 2 of fewer, taken as one) and age "
        "(1 value of 10 respondents or more; those without one)."
    )
    assert [note.split(" is not held fixed: ")[0] for note in others] == ["country", "order"]
    empty = pd.DataFrame({"void": np.nan}, index=found.people.index)
    assert gains(found, controls=empty).attrs["model"]["notes"] == [
        "void is not held fixed: it is empty, so holding it changes nothing."
    ]
    assert gains(found).attrs["model"]["notes"] == []
    assert {"shop=s", "shop=(other)", "age=(missing)"} <= set(notes["columns"])


def test_controls_of_others_and_too_many_levels_are_refused():
    found, _ = simulated(2, 600)
    with pytest.raises(FeedbackError, match="not of the respondents"):
        gains(found, controls=pd.DataFrame({"shop": ["n"] * 600}))
    with pytest.raises(FeedbackError, match="not of the respondents"):
        gains(found, controls=pd.DataFrame({"shop": []}))
    twice = pd.DataFrame([["n", "s"]] * 600, columns=["shop", "shop"], index=found.people.index)
    with pytest.raises(FeedbackError, match="two controls 'shop'"):
        gains(found, controls=twice)
    many = pd.DataFrame({"shop": np.arange(600) // 10}, index=found.people.index)
    with pytest.raises(FeedbackError, match="60 levels"):
        gains(found, controls=many)


@pytest.mark.parametrize(
    ("how", "match"),
    [
        ({"n_boot": -1}, "n_boot is -1; give a whole number, 0 or more"),
        ({"n_boot": 2}, "n_boot is 2"),
        ({"n_boot": 2.5}, "n_boot is 2.5; give a whole number"),
        ({"seed": -1}, "seed is -1"),
        ({"confidence": "0.95"}, "'0.95' is no number; write 0.95"),
        ({"penalty": "x"}, "The penalty is 'x'"),
        ({"confidence": 1.0}, "confidence"),
        ({"penalty": 0}, "penalty"),
    ],
)
def test_wrong_parameters(how, match):
    with pytest.raises(FeedbackError, match=match):
        gains(simulated(2, 50)[0], **how)


def nothing(table, theme):
    assert table.loc[theme].isna().all()
    return table.attrs["model"]["left_out"][theme]


def test_rare_and_universal_themes_have_no_figure():
    rng = np.random.default_rng(0)
    answers = rng.integers(0, 11, 60)
    rare, all_but = np.arange(60) < 4, np.arange(60) >= 4
    common = rng.random(60) < 0.4
    table = gains(matrix(answers, {"rare": rare, "nearly": all_but, "common": common}), n_boot=100)
    assert nothing(table, "rare") == "fewer than 5 respondents blame it"
    assert nothing(table, "nearly") == "fewer than 5 respondents do not blame it"
    assert table.loc["common"].notna().all()


def test_themes_that_cannot_be_told_apart_have_no_figure():
    rng = np.random.default_rng(0)
    first, second = rng.random((2, 200)) < 0.3
    answers = rng.integers(0, 11, 200)
    table = gains(matrix(answers, {"a": first, "b": first, "c": second}), n_boot=100)
    assert nothing(table, "a") == "the same respondents as: b negative"
    assert nothing(table, "b") == "the same respondents as: a negative"
    assert table.loc["c"].notna().all()
    # Everybody who left words blames the one theme: it or the writing, nobody can say.
    alone = gains(matrix(answers, {"a": first}, spoke=False), n_boot=100)
    assert nothing(alone, "a") == "the same respondents as: left words"
    # Who praises and who blames are all who left words: each follows from the other two.
    praise = second & ~first
    both = gains(matrix(answers, {"a": first}, {"a": praise}, spoke=False), n_boot=100)
    assert "follows from the other columns" in nothing(both, "a")


def test_constant_ratings_and_nobody():
    late = np.arange(30) < 12
    table = gains(matrix([9] * 30, {"late": late}), n_boot=100)
    assert nothing(table, "late") == "all respondents gave the same rating"
    same = gains(matrix([9, 10] * 15, {"late": late}), n_boot=100)  # all are promoters
    assert nothing(same, "late") == "all respondents gave the same rating"
    empty = gains(matrix([], {"late": []}), n_boot=100)
    assert nothing(empty, "late") == "no respondent gave a rating"
    without = gains(matrix([1, 9, 10], {}), n_boot=100)
    assert without.empty
    assert list(without.columns) == [
        "adjusted_gain", "adjusted_gain_low", "adjusted_gain_high", "adjusted_p",
    ]  # fmt: skip
    assert set(map(str, without.dtypes)) == {"float64"}


def test_a_theme_that_only_detractors_blame_and_twelve_respondents():
    late = np.arange(300) < 60
    answers = np.where(late, 2, np.resize([9, 10, 8, 9, 5], 300))
    row = gains(matrix(answers, {"late": late}), n_boot=500).loc["late"]
    x = NPS.contribution(answers.astype(float))
    assert row["adjusted_gain"] == pytest.approx(x[~late].mean() - x.mean(), rel=0.02)
    assert 0 < row["adjusted_gain_low"] < row["adjusted_gain"] < row["adjusted_gain_high"] < 100
    twelve = gains(matrix([2] * 6 + [10] * 6, {"late": [True] * 6 + [False] * 6}), n_boot=500)
    assert 0 < twelve.loc["late", "adjusted_gain_low"] < twelve.loc["late", "adjusted_gain"] < 100


@st.composite
def matrices(draw):
    n = draw(st.integers(0, 40))
    definition = draw(st.sampled_from(SCORES))
    themes = draw(st.lists(st.sampled_from("abcd"), unique=True))
    masks = [
        {t: draw(st.lists(st.booleans(), min_size=n, max_size=n)) for t in themes} for _ in range(2)
    ]
    answers = draw(st.lists(st.integers(0, 10), min_size=n, max_size=n))
    return matrix(answers, *masks, spoke=draw(st.booleans()), definition=definition)


@settings(deadline=None, max_examples=60)
@given(matrices())
def test_whatever_comes_figures_are_possible_or_explained(found):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = gains(found, n_boot=50)
    assert list(table.index) == list(found.themes)
    known = table["adjusted_gain"].notna()
    assert set(table.index[~known]) == set(table.attrs["model"]["left_out"])
    score = found.people["x"].mean() if known.any() else 0
    gain = table.loc[known, "adjusted_gain"]
    assert (gain <= found.definition.maximum - score + 1e-6).all()
    assert (gain >= found.definition.minimum - score - 1e-6).all()
    ends = table.loc[known].dropna()
    assert (ends["adjusted_gain_low"] <= ends["adjusted_gain_high"]).all()
    assert ends["adjusted_p"].between(0, 1).all()
