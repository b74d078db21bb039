"""The adjusted gain: cases worked out by hand, another program's figures, and known truths."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.drivers import ThemeMatrix, adjusted_gains
from feedback_nlp.errors import FeedbackError
from feedback_nlp.scores import define

NPS = define("nps")
SCORES = [
    NPS, define("csat", "top2", (0, 10)), define("csat", "mean", (0, 10)),
    define("ces", "mean", (0, 10), "effort"), define("csat", "percent_of_maximum", (0, 100)),
]  # fmt: skip
FREE = 1e-9


def matrix(answers, negative, positive=None, *, spoke=True, definition=NPS):
    """Return a theme matrix of answers and {theme: who blames it} (and who praises it)."""
    answers = np.asarray(answers, dtype=float)
    index = pd.Index([f"r{i}" for i in range(answers.size)], name="respondent_id")
    names = sorted({*negative, *(positive or {})})
    blames, praises = (
        pd.DataFrame(
            {name: np.asarray(given_.get(name, np.zeros(answers.size)), bool) for name in names},
            index=index, columns=names,
        )
        for given_ in (negative, positive or {})
    )  # fmt: skip
    spoke = np.broadcast_to(spoke, answers.shape) | (blames | praises).to_numpy().any(axis=1)
    people = pd.DataFrame(
        {"rating": answers, "x": definition.contribution(answers),
         "group": definition.group(answers), "wrote": spoke, "spoke": spoke}, index=index,
    )  # fmt: skip
    return ThemeMatrix(
        people=people, negative=blames, positive=praises, neutral=blames & False,
        any=blames | praises, definition=definition, n_missing=0,
    )  # fmt: skip


def gains(found, **how):
    how = {"n_boot": 0, "seed": 0, "confidence": 0.95} | how
    return adjusted_gains(found, **how)


def simulated(seed, n, definition=NPS, effects=(-2.5, 0.0, -1.0)):
    """Return a matrix, and the gain of each theme by the same respondents' other answers."""
    rng = np.random.default_rng(seed)
    spoke = rng.random(n) < 0.8
    blame = rng.random((n, 3)) < [0.2, 0.1, 0.2]
    blame[:, 1] |= blame[:, 0] & (rng.random(n) < 0.5)  # comes with the first, does nothing
    blame &= spoke[:, np.newaxis]
    base = 8.5 + rng.normal(0, 1.7, n) - 0.5 * spoke

    def answers(who):
        return np.clip(np.round(base + who @ np.array(effects)), 0, 10)

    score = definition.contribution(answers(blame)).mean()
    true = []
    for theme in range(3):
        without = blame.copy()
        without[:, theme] = False
        true.append(definition.contribution(answers(without)).mean() - score)
    named = {name: blame[:, i] for i, name in enumerate(["guilty", "innocent", "minor"])}
    return matrix(answers(blame), named, spoke=spoke, definition=definition), true


@pytest.mark.parametrize("definition", SCORES, ids=lambda d: f"{d.metric} {d.method}")
def test_one_theme_alone_is_the_score_of_those_without_it_minus_the_score(definition):
    rng = np.random.default_rng(1)
    answers = rng.integers(0, 11, 80)
    late = rng.random(80) < 0.3
    found = matrix(answers, {"late": late}, definition=definition)
    x = found.people["x"].to_numpy()
    expected = x[~late].mean() - x.mean()
    assert gains(found, penalty=FREE).loc["late", "adjusted_gain"] == pytest.approx(expected)


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
        "shop": {"reference": "n", "levels": ["s", "(other)"]},
        "age": {"reference": "30.0", "levels": ["(missing)"]},
    }
    assert notes["controls_left_out"] == {
        "country": "all respondents are of one level, nl",
        "order": "all respondents are of one level, (other)",
    }
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
        ({"n_boot": -1}, "n_boot is -1; give 20 draws or more"),
        ({"n_boot": 2}, "n_boot is 2"),
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
