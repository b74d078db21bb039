"""Points lost and won: exact sums, intervals, groups."""

import numpy as np
import pandas as pd
import pytest
from answered import GROUPS, says, survey
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from feedback_nlp.drivers import driver_table, theme_matrix, with_unexplained
from feedback_nlp.drivers.impact.columns import COLUMNS
from feedback_nlp.drivers.impact.points import lost_parts, share_out
from feedback_nlp.scores import mean_score_interval, nps_score_interval

# Ten respondents of formulas.md, section 7.2 (computed by hand): NPS +10.
TEN = [
    (10, "service"), (9, "service", "price"), (9, "quality"), (8, "price"), (9,), (6, "price"),
    (5, "service", "price"), (3, "delivery"), (2, "delivery", "service"), (10, "quality", "delivery"),
]  # fmt: skip
# Its column "allocation": each respondent's +100, 0 or −100 shared over the themes mentioned, after
# CustomerGauge's NPS contribution (support.customergauge.com, article 5000891508).
ALLOCATION = {"service": 5, "price": -10, "quality": 15, "delivery": -10}


def ten(polarity):
    return survey([says(rating, polarity, *themes) for rating, *themes in TEN])


def mean_share():
    """Respondents, each counting 1 ÷ how many themes he or she mentions, by hand."""
    return pd.Series({"service": 2.5, "price": 3.0, "quality": 1.5, "delivery": 2.0}) / 10


def test_points_lost_are_the_allocation_seen_from_the_maximum():
    lost = driver_table(*ten("negative"), min_n=1, n_boot=0).set_index("theme")["points_lost"]
    assert (100 * mean_share() - lost).to_dict() == pytest.approx(ALLOCATION)


def test_points_won_are_the_allocation_seen_from_the_minimum():
    table = driver_table(*ten("positive"), min_n=1, n_boot=0).set_index("theme")
    won = table["points_won"]
    assert won.to_dict() == pytest.approx(
        {"service": 30, "price": 20, "quality": 30, "delivery": 10}
    )
    assert (won - 100 * mean_share()).to_dict() == pytest.approx(ALLOCATION)
    notes = table.attrs["drivers"]
    assert notes["no_positive_theme_won"] == pytest.approx(20)
    assert won.sum() + 20 == pytest.approx(notes["points_won_total"]) == 110
    # 10 and 9 are promoters, 8 is none: the passive's 100 count under price only.
    assert table["points_won_promoters"].to_dict() == pytest.approx(
        {"service": 30, "price": 10, "quality": 30, "delivery": 10}
    )
    assert table["n_promoters_positive"].to_dict() == {
        "service": 2, "price": 1, "quality": 2, "delivery": 1,
    }  # fmt: skip
    assert (table[["n_detractors", "n_passives", "n_promoters"]] == 0).all(axis=None)


def test_points_lost_are_split_by_group():
    table = driver_table(*ten("negative"), min_n=1, n_boot=0).set_index("theme")
    assert table["points_lost_detractors"].to_dict() == pytest.approx(
        {"service": 20, "price": 30, "quality": 0, "delivery": 30}
    )
    assert table["points_lost_passives"]["price"] == pytest.approx(10)
    # Who blames the price: 9; 8; 6 and 5. Quality: 9 and 10.
    blaming = [f"n_{name}" for name in GROUPS]
    assert table.loc["price", blaming].tolist() == [2, 1, 1]
    assert table.loc["quality", blaming].tolist() == [0, 0, 2]
    assert table[blaming].sum(axis=1).equals(table["n_negative"])
    assert (table["points_lost_promoters"] == 0).all()


def test_shares_have_wilson_intervals():
    rows = [says(2, "negative", "price")] * 13 + [says(2, "negative")] * 17
    rows += [says(9, "negative", "price")] * 3 + [says(9, "negative")] * 40
    row = driver_table(*survey(rows), n_boot=0).iloc[0]
    for name, k, n in (("detractors", 13, 30), ("promoters", 3, 43)):
        ends = binomtest(k, n).proportion_ci(method="wilson")  # scipy
        found = row[[f"share_{name}_low", f"share_{name}_high"]].to_list()
        assert found == pytest.approx(list(ends))
    assert pd.isna(row["share_passives"])
    assert pd.isna(row["share_passives_low"])


THEMES = ["price", "price.fees", "service.speed", "service", "delivery", "general"]
METHODS = [
    ("nps", {}, (0, 10)), ("csat", {}, (1, 5)), ("csat", {"method": "mean"}, (1, 5)),
    ("csat", {"method": "percent_of_highest"}, (1, 5)), ("ces", {}, (1, 7)),
    ("ces", {"method": "net"}, (1, 7)), ("ces", {"method": "agreement"}, (1, 7)),
]  # fmt: skip


@st.composite
def surveys(draw):
    metric, how, (low, high) = draw(st.sampled_from(METHODS))
    mention = st.tuples(
        st.sampled_from(THEMES), st.sampled_from(["negative", "neutral", "positive", None])
    )
    row = st.tuples(
        st.integers(low, high), st.sampled_from(["words", ""]), st.lists(mention, max_size=5)
    )
    return metric, how, draw(st.lists(row, min_size=1, max_size=40))


@settings(max_examples=30, deadline=None)
@given(surveys(), st.sampled_from(["top", "sub"]), st.integers(0, 5))
def test_both_waterfalls_and_the_parts_of_groups_are_exact(case, level, min_n):
    metric, how, rows = case
    comments, mentions = survey(rows, metric)
    table = driver_table(comments, mentions, metric, level=level, min_n=min_n, n_boot=0, **how)
    notes = table.attrs["drivers"]
    definition = theme_matrix(comments, mentions, metric, **how).definition
    score = definition.contribution(comments[metric].to_numpy()).mean()
    whole = with_unexplained(table)
    assert list(whole) == list(table) == list(COLUMNS)
    assert whole["points_lost"].sum() == pytest.approx(definition.maximum - score, abs=1e-9)
    assert whole["points_won"].sum() == pytest.approx(score - definition.minimum, abs=1e-9)
    groups = definition.group(comments[metric].to_numpy())
    x = definition.contribution(comments[metric].to_numpy())
    for group, name in enumerate(GROUPS):
        lacks = (definition.maximum - x)[groups == group].sum() / len(x)
        assert whole[f"points_lost_{name}"].sum() == pytest.approx(lacks, abs=1e-9)
    brought = (x - definition.minimum)[groups == 2].sum() / len(x)
    assert whole["points_won_promoters"].sum() == pytest.approx(brought, abs=1e-9)
    parts = table[[f"points_lost_{name}" for name in GROUPS]].sum(axis=1, skipna=False)
    assert parts.to_numpy() == pytest.approx(table["points_lost"].to_numpy(), abs=1e-9, nan_ok=True)
    won = ["suppressed_won", "no_positive_theme_won", "no_comment_won"]
    assert table["points_won"].sum() + sum(notes[name] for name in won) == pytest.approx(
        notes["points_won_total"], abs=1e-9
    )


@settings(max_examples=30, deadline=None)
@given(surveys())
def test_intervals_hold_the_figure_and_stay_on_the_scale(case):
    metric, how, rows = case
    table = driver_table(*survey(rows, metric), metric, min_n=0, n_boot=0, **how)
    notes = table.attrs["drivers"]
    span = notes["maximum"] - notes["minimum"]
    for value, ends in (
        ("points_lost", "points_lost"), ("points_won", "points_won"),
        ("impact_leave_out", "impact"), ("share_detractors", "share_detractors"),
    ):  # fmt: skip
        known = table[table[f"{ends}_low"].notna() & table[value].notna()]
        assert (known[f"{ends}_low"] <= known[value] + 1e-9).all()
        assert (known[value] <= known[f"{ends}_high"] + 1e-9).all()
        assert (known[f"{ends}_high"] - known[f"{ends}_low"]).between(1e-9, 2.01 * span).all()
    for name in ("points_lost", "points_won"):
        assert table[f"{name}_low"].dropna().ge(0).all()
        assert table[f"{name}_high"].dropna().le(span + 1e-9).all()


@settings(max_examples=30, deadline=None)
@given(surveys())
def test_a_theme_that_nobody_praises_or_blames_changes_nothing_for_the_others(case):
    metric, how, rows = case
    asked = {"min_n": 0, "n_boot": 0, **how}
    before = driver_table(*survey(rows, metric), metric, **asked).set_index("theme")
    more = [
        (rating, text, [*said, ("another", "neutral")] if said else said)
        for rating, text, said in rows
    ]
    after = driver_table(*survey(more, metric), metric, **asked).set_index("theme")
    names = [name for name in before if name.startswith(("points", "impact", "share_"))]
    pd.testing.assert_frame_equal(
        before[names].sort_index(), after.drop(index="another", errors="ignore")[names].sort_index()
    )


@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=1, max_size=30))
def test_a_column_that_nobody_names_changes_nothing(rows):
    named, gap = np.array(rows, dtype=bool), np.arange(len(rows), dtype=float)
    wider = np.insert(named, 2, False, axis=1)
    one, two = (share_out(gap, grid, span=50) for grid in (named, wider))
    assert np.delete(two.points(), 2) == pytest.approx(one.points())
    assert two.points()[2] == 0
    for ours, theirs in zip(one.intervals(0.95), two.intervals(0.95), strict=True):
        np.testing.assert_allclose(np.delete(theirs, 2), ours)
        assert np.isnan(theirs[2])


def test_the_interval_of_points_is_that_of_a_mean_on_a_scale():
    comments, mentions = ten("negative")
    matrix = theme_matrix(comments, mentions)
    low, high = lost_parts(matrix).intervals(0.9)
    values = {"service": [0] * 8 + [100, 100], "delivery": [0] * 8 + [200, 100]}
    for theme, lost in values.items():
        at = matrix.themes.index(theme)
        assert (low[at], high[at]) == pytest.approx(
            mean_score_interval(lost, low=0, high=200, level=0.9)
        )


def test_the_interval_of_the_impact_is_put_together_from_two_means():
    # Blamed by a detractor, a detractor, a passive; others: 0, 100, 100, 100, −100 (mean 40).
    rows = [says(r, "negative", "price") for r in (2, 3, 8)]
    rows += [says(r, "negative") for r in (8, 9, 10, 9, 0)]
    row = driver_table(*survey(rows), min_n=1, n_boot=0).iloc[0]
    impact = (-200 + 200) / 8 - 40
    assert row["impact_leave_out"] == pytest.approx(impact)
    held = mean_score_interval([-100, -100, 0, *[40] * 5], low=-100, high=100)
    others = mean_score_interval([0, 100, 100, 100, -100], low=-100, high=100)
    below = np.hypot(impact - (held[0] - 40), 3 / 8 * (others[1] - 40))
    above = np.hypot((held[1] - 40) - impact, 3 / 8 * (40 - others[0]))
    assert (row["impact_low"], row["impact_high"]) == pytest.approx(
        (impact - below, impact + above)
    )


def test_scores_with_and_without_a_theme_have_score_intervals():
    rows = [says(r, "negative", "price") for r in (2, 3, 8, 9)]
    rows += [says(r, "negative") for r in (8, 9, 10, 9, 0)]
    row = driver_table(*survey(rows), min_n=1, n_boot=0, confidence=0.9).iloc[0]
    for name, x in (("with", [-100, -100, 0, 100]), ("without", [0, 100, 100, 100, -100])):
        assert (row[f"score_{name}_low"], row[f"score_{name}_high"]) == pytest.approx(
            mean_score_interval(x, low=-100, high=100, level=0.9)
        )


def test_share_and_net_polarity_have_intervals():
    rows = [says(2, "negative", "price")] * 8 + [says(9, "positive", "price")] * 3
    rows += [(5, "words", [("price", "negative"), ("price", "positive")])] * 2
    rows += [(7, "words", [("price", "neutral")]), (7, "words", [("price", None)])]
    rows += [says(9, "negative")] * 10
    row = driver_table(*survey(rows), min_n=1, n_boot=0).iloc[0]
    assert row["share"] == pytest.approx(15 / 25)
    ends = binomtest(15, 25).proportion_ci(method="wilson")  # scipy
    assert row[["share_low", "share_high"]].to_list() == pytest.approx(list(ends))
    assert row["net_polarity"] == pytest.approx((3 - 8) / 14)
    ends = map(float, nps_score_interval(8, 3, 3))
    assert row[["net_polarity_low", "net_polarity_high"]].to_list() == pytest.approx(list(ends))


def test_with_many_contributions_nothing_is_different():
    rng = np.random.default_rng(2)
    rows = [
        (
            round(float(rng.random() * 100), 6),
            "words",
            [("price", "negative")] * (rng.random() < 0.3),
        )
        for _ in range(2000)
    ]
    comments, mentions = survey(rows, "csat")
    how = {"metric": "csat", "method": "mean", "scale": (0, 100)}
    row = driver_table(comments, mentions, "csat", n_boot=0, **how).iloc[0]
    x = comments["csat"].to_numpy()
    blames = theme_matrix(comments, mentions, "csat", **how).negative["price"].to_numpy()
    lost = np.where(blames, 100 - x, 0)
    error = lost.std(ddof=1) / np.sqrt(2000)
    assert row["points_lost"] == pytest.approx(lost.mean())
    assert row["points_lost_low"] == pytest.approx(lost.mean() - 1.96 * error, abs=0.1)
    assert row["points_lost_high"] == pytest.approx(lost.mean() + 1.96 * error, abs=0.1)
