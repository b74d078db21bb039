"""The driver table: reference numbers, exact sums, and what happens at the edges."""

import numpy as np
import pandas as pd
import pytest
from answered import survey
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from feedback_nlp.drivers import driver_table, theme_matrix
from feedback_nlp.errors import FeedbackError
from feedback_nlp.scores import score_of


def blame(rating, *themes):
    return (rating, "words", [(theme, "negative") for theme in themes])


# formulas.md, section 7.2, computed by hand: NPS +10.
TEN = [
    blame(10, "service"), blame(9, "service", "price"), blame(9, "quality"), blame(8, "price"),
    blame(9), blame(6, "price"), blame(5, "service", "price"), blame(3, "delivery"),
    blame(2, "delivery", "service"), blame(10, "quality", "delivery"),
]  # fmt: skip


def waterfall(table):
    notes = table.attrs["drivers"]
    ends = notes["suppressed"] + notes["no_negative_theme"] + notes["no_comment"]
    return table["points_lost"].sum() + ends


def test_ten_respondents_by_hand():
    table = driver_table(*survey(TEN), min_n=1, n_boot=0).set_index("theme")
    assert table.attrs["drivers"]["score"] == pytest.approx(10)
    assert table["impact_leave_out"].to_dict() == pytest.approx(
        {"service": -6.6667, "price": -23.3333, "quality": 22.5, "delivery": -18.5714}, abs=5e-5
    )
    assert table["score_with"].to_dict() == pytest.approx(
        {"service": 0, "price": -25, "quality": 100, "delivery": -100 / 3}
    )
    assert table["score_without"].to_dict() == pytest.approx(
        {"service": 16.6667, "price": 33.3333, "quality": -12.5, "delivery": 28.5714}, abs=5e-5
    )
    assert table["share_detractors"].to_dict() == {
        "service": 0.5, "price": 0.5, "quality": 0, "delivery": 0.5,
    }  # fmt: skip
    # Shortfall of 200 for each detractor and 100 for the passive, shared and averaged by hand.
    assert table["points_lost"].to_dict() == pytest.approx(
        {"service": 20, "price": 40, "quality": 0, "delivery": 30}
    )


def test_the_leave_out_impact_is_that_of_the_custom_metric():
    # community.qualtrics.com, thread 26174: n_t (NPS_t − NPS) / (N − n_t).
    rows = [blame(10, "theme")] * 20 + [blame(8, "theme")] * 40 + [blame(2, "theme")] * 140
    rows += [blame(10)] * 480 + [blame(8)] * 260 + [blame(2)] * 60
    table = driver_table(*survey(rows), n_boot=0)
    row = table.iloc[0]
    assert (row["score_with"], row["score_without"]) == pytest.approx((-60, 52.5))
    assert row["impact_leave_out"] == pytest.approx(-22.5)
    assert pytest.approx(row["impact_leave_out"]) == 200 * (-60 - 30) / (1000 - 200)


def test_odds_ratio_and_p_value_against_scipy():
    rows = [blame(2, "price")] * 8 + [blame(2)] * 4 + [blame(9, "price")] * 5 + [blame(9)] * 20
    silent = [(0.0, " ", []), (10.0, "", [])]
    row = driver_table(*survey(rows + silent), min_n=1).iloc[0]
    assert row["odds_ratio"] == pytest.approx((8.5 * 20.5) / (4.5 * 5.5))
    assert row["p_value"] == pytest.approx(fisher_exact(np.array([[8, 4], [5, 20]])).pvalue)
    assert row["q_value"] == row["p_value"]
    spread = 1.959964 * np.sqrt(1 / 8.5 + 1 / 4.5 + 1 / 5.5 + 1 / 20.5)
    assert row["odds_ratio_low"] == pytest.approx(row["odds_ratio"] * np.exp(-spread), rel=1e-6)
    assert row["odds_ratio_high"] == pytest.approx(row["odds_ratio"] * np.exp(spread), rel=1e-6)


THEMES = ["price", "price.fees", "service.speed", "service", "delivery", "general"]


@st.composite
def surveys(draw):
    metric, (low, high) = draw(
        st.sampled_from([("nps", (0, 10)), ("csat", (1, 5)), ("ces", (1, 7))])
    )
    mention = st.tuples(
        st.sampled_from(THEMES), st.sampled_from(["negative", "neutral", "positive", None])
    )
    row = st.tuples(
        st.integers(low, high) | st.none(),
        st.sampled_from(["words", "", "  "]),
        st.lists(mention, max_size=5),
    )
    rows = draw(
        st.lists(row, min_size=1, max_size=40).filter(lambda r: any(x[0] is not None for x in r))
    )
    people = draw(st.lists(st.integers(0, 20), min_size=len(rows), max_size=len(rows)))
    comments, mentions = survey(rows, metric)
    if draw(st.booleans()):
        comments["respondent_id"] = [f"r{i}" for i in people]
    return metric, comments, mentions


@settings(max_examples=60, deadline=None)
@given(surveys(), st.sampled_from(["top", "sub"]), st.integers(0, 5))
def test_points_lost_add_up_to_the_distance_from_the_maximum(case, level, min_n):
    metric, comments, mentions = case
    table = driver_table(comments, mentions, metric, level=level, min_n=min_n, n_boot=0)
    notes = table.attrs["drivers"]
    score = score_of(comments, metric)
    assert notes["score"] == pytest.approx(score.value, abs=1e-9)
    assert waterfall(table) == pytest.approx(notes["maximum"] - score.value, abs=1e-9)
    assert waterfall(table) == pytest.approx(notes["points_lost_total"], abs=1e-9)
    assert (notes["n_respondents"], notes["n_missing"]) == (score.n, score.n_missing)
    assert not any(theme.startswith("general") for theme in table["theme"])
    assert (table["n"] >= table[["n_negative", "n_positive"]].max(axis=1)).all()
    assert table["suppressed"].is_monotonic_increasing


@settings(max_examples=60, deadline=None)
@given(surveys(), st.sampled_from(["top", "sub"]))
def test_with_and_without_a_theme_make_up_the_whole_score(case, level):
    metric, comments, mentions = case
    table = driver_table(comments, mentions, metric, level=level, min_n=0, n_boot=0)
    notes = table.attrs["drivers"]
    n, n_with = notes["n_respondents"], table["n_negative"]
    parts = table["score_with"].fillna(0) * n_with + table["score_without"].fillna(0) * (n - n_with)
    assert parts.to_numpy() / n == pytest.approx(notes["score"], abs=1e-9)
    known = table[table["score_without"].notna()]
    assert known["impact_leave_out"].to_numpy() == pytest.approx(
        notes["score"] - known["score_without"].to_numpy(), abs=1e-9
    )


@settings(max_examples=20, deadline=None)
@given(surveys(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(case, random):
    metric, comments, mentions = case
    comments["respondent_id"] = comments["comment_id"]
    places = random.sample(range(len(comments)), len(comments))
    one = driver_table(comments, mentions, metric, min_n=1, n_boot=50)
    two = driver_table(comments.iloc[places], mentions.iloc[::-1], metric, min_n=1, n_boot=50)
    pd.testing.assert_frame_equal(one, two)


def test_themes_that_lose_as_many_points_are_in_order_whatever_the_last_digit():
    others = ["quality", "delivery", "usability", "trust", "payment", "environment"]
    beside = np.random.default_rng(4).integers(0, 7, 60).tolist()
    service = [blame(0, "service", *others[:number]) for number in beside]
    price = [blame(0, "price", *others[:number]) for number in reversed(beside)]
    table = driver_table(*survey([*service, *price]), n_boot=50).set_index("theme")
    points = table["points_lost"]
    assert 0 < points["service"] - points["price"] < 1e-12
    assert [theme for theme in table.index if theme in ("price", "service")] == ["price", "service"]


def planted(n=600, seed=1):
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(n):
        themes = [
            t for t, p in (("delivery", 0.3), ("price", 0.3), ("staff", 0.02)) if rng.random() < p
        ]
        rating = 3 if "delivery" in themes and rng.random() < 0.8 else rng.integers(4, 11)
        rows.append(blame(rating, *themes))
    return survey(rows)


def test_a_planted_driver_comes_first_with_an_interval_that_holds_it():
    table = driver_table(*planted(), n_boot=500)
    first = table.iloc[0]
    assert first["theme"] == "delivery"
    for value, name in (("points_lost", "points_lost"), ("impact_leave_out", "impact")):
        assert (table[f"{name}_low"] <= table[value]).all()
        assert (table[value] <= table[f"{name}_high"]).all()
    assert first["q_value"] < 0.001
    assert table.set_index("theme").loc["price", "q_value"] > 0.01
    assert first["impact_high"] < 0


def test_intervals_are_close_to_those_of_resampled_rows():
    comments, mentions = planted(200)
    table = driver_table(comments, mentions, n_boot=0).set_index("theme")
    found = theme_matrix(comments, mentions)
    x, blamed = found.people["x"].to_numpy(), found.negative.to_numpy()
    lost = blamed * ((100 - x) / np.maximum(blamed.sum(axis=1), 1))[:, None]
    rng = np.random.default_rng(5)
    at = found.themes.index("delivery")
    spared = ~blamed[:, at]
    points, impacts = [], []
    for _ in range(4000):
        rows = rng.integers(0, 200, 200)
        points.append(lost[rows, at].mean())
        impacts.append(x[rows].mean() - x[rows][spared[rows]].mean())
    row = table.loc["delivery"]
    for name, draws in (("points_lost", points), ("impact", impacts)):
        assert (row[f"{name}_low"], row[f"{name}_high"]) == pytest.approx(
            np.quantile(draws, [0.025, 0.975]), abs=1.5
        )


def test_small_themes_are_suppressed_and_their_points_kept():
    rows = [blame(2, "price")] * 12 + [blame(0, "staff")] * 3 + [blame(10)] * 10
    table = driver_table(*survey(rows))
    assert list(table["theme"]) == ["price", "staff"]
    assert list(table["suppressed"]) == [False, True]
    staff = table.iloc[1]
    assert (staff["n"], staff["n_negative"]) == (3, 3)
    assert staff[["points_lost", "impact_leave_out", "share_detractors", "odds_ratio"]].isna().all()
    assert table.attrs["drivers"]["suppressed"] == pytest.approx(3 * 200 / 25)


def test_a_score_of_few_others_is_suppressed_as_well():
    rows = [blame(2, "price")] * 30 + [blame(10, "price")] * 29 + [blame(10)]
    row = driver_table(*survey(rows)).iloc[0]
    unknown = ["score_without", "impact_leave_out", "impact_low", "impact_high"]
    assert row[unknown].isna().all()
    assert row["points_lost"] == pytest.approx(100)
    assert driver_table(*survey(rows), min_n=1).iloc[0][unknown].notna().all()


def test_levels_and_what_is_no_driver():
    rows = [
        (
            2,
            "words",
            [("price.fees", "negative"), ("price.level", "negative"), ("general", "negative")],
        )
    ] * 2
    rows += [(2, "words", [("general", "negative")]), (9, "words", [("price.fees", None)])]
    comments, mentions = survey(rows)
    top = driver_table(comments, mentions, min_n=0, n_boot=0)
    assert list(top["theme"]) == ["price"]
    assert (top.loc[0, "n"], top.loc[0, "n_negative"], top.loc[0, "net_polarity"]) == (3, 2, -1)
    assert top.attrs["drivers"]["no_negative_theme"] == pytest.approx(50)
    sub = driver_table(comments, mentions, level="sub", min_n=0, n_boot=0)
    assert sub["points_lost"].to_list() == pytest.approx([50, 50])
    with_general = driver_table(comments, mentions, min_n=0, n_boot=0, not_drivers=())
    assert set(with_general["theme"]) == {"price", "general"}
    without_price = driver_table(comments, mentions, min_n=0, n_boot=0, not_drivers="price")
    assert list(without_price["theme"]) == ["general"]
    with pytest.raises(FeedbackError, match="No level 'deep'; choose top or sub"):
        driver_table(comments, mentions, level="deep")


def test_comments_that_cannot_be_read_count_as_none():
    rows = [blame(2, "price")] * 2 + [(2, "words", [])] * 3
    status = ["ok", "ok", "ok", "uninformative", "unknown_language"]
    comments, mentions = survey(rows, status=pd.Categorical(status))
    notes = driver_table(comments, mentions, min_n=1, n_boot=0).attrs["drivers"]
    assert (notes["no_negative_theme"], notes["no_comment"]) == pytest.approx((40, 80))
    assert (notes["n_wrote"], notes["n_wrote_groups"]["detractors"]) == (3, 3)


def test_several_comments_of_one_respondent_are_one_voice():
    comments, mentions = survey([blame(2, "price"), blame(2, "price", "staff"), blame(9)])
    comments["respondent_id"] = ["anna", "anna", "ben"]
    table = driver_table(comments, mentions, min_n=1, n_boot=0).set_index("theme")
    assert table["n"].to_dict() == {"price": 1, "staff": 1}
    assert table["points_lost"].to_dict() == pytest.approx({"price": 50, "staff": 50})


@pytest.mark.parametrize(
    "rows",
    [
        [(3, "", [])] * 3,
        [blame(10, "price")] * 12,
        [blame(0, "price")] * 12,
        [blame(5, "price", "staff"), blame(10, "price", "staff")] * 8,
        [blame(7, "price")] * 11 + [blame(7)] * 11,
        [blame(4, "price")],
    ],
    ids=["no words", "no detractors", "all detractors", "everywhere", "constant", "one"],
)
def test_edges_give_missing_figures_and_never_a_wrong_sum(rows):
    table = driver_table(*survey(rows), min_n=1, n_boot=100)
    assert waterfall(table) == pytest.approx(table.attrs["drivers"]["points_lost_total"])
    everywhere = table["n_negative"] == len(rows)
    assert table.loc[everywhere, ["score_without", "impact_leave_out"]].isna().all(axis=None)
    width = table["points_lost_high"] - table["points_lost_low"]
    assert ((width > 0) | width.isna()).all()
