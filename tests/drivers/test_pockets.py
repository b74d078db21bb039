"""Pockets: found where a theme hurts more, not found where it does not, and figures that add up."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom, permutation_test
from segmented import BY, drawn, rated, tables

from feedback_nlp.drivers import driver_table, pockets_table
from feedback_nlp.drivers.pockets.p_values import Tally, permutation_p
from feedback_nlp.errors import ColumnError, FeedbackError, RatingError
from feedback_nlp.schema import with_info


@pytest.fixture(scope="module")
def planted():
    """New customers in the app blame the service; the others rarely do."""
    columns, blames, rng = drawn(3, 1500)
    inside = (columns["channel"] == "app") & (columns["customer"] == "new")
    blames[inside, 2] |= rng.random(inside.sum()) < 0.4
    return tables(rated(blames, rng), blames, **columns)


def test_a_planted_pair_is_the_one_pocket(planted):
    found = pockets_table(*planted, by=BY)
    pockets = found[found["pocket"]]
    assert pockets[["segment", "theme"]].to_numpy().tolist() == [
        ["channel app and customer new", "service"]
    ]
    row = pockets.iloc[0]
    assert (row["column_1"], row["value_1"]) == ("channel", "app")
    assert (row["column_2"], row["value_2"]) == ("customer", "new")
    assert min(row["within_1"], row["within_2"], row["low"]) > 0
    assert row["from_blame"] > row["from_cost"]
    told = found.attrs["pockets"]
    assert told["pockets"] == 1
    assert "1 theme weighs clearly more in a segment than elsewhere" in told["sentence"]
    start, _, figures = row["sentence"].partition(" blame it, ")
    assert start.startswith("channel app and customer new: Service goes with ")
    assert start.endswith(f": {row['n_blame']} of {row['n']} ({row['share']:.0%})")
    assert figures.startswith(f"{row['n_blame_outside']} of {row['n_outside']:,} (")
    assert f"95% interval {row['low']:.1f} to {row['high']:.1f}" in start
    assert "an association, not a cause" in told["notes"][0]
    assert (found.loc[~found["pocket"], "sentence"] == "").all()


def test_a_segment_that_hurts_only_by_the_pair_in_it_points_to_the_pair(planted):
    found = pockets_table(*planted, by=BY)
    pointing = found[found["mostly"].notna()]
    assert set(pointing["segment"]) <= {"channel app", "customer new"}
    assert not pointing.empty
    assert (pointing["mostly"] == "channel app and customer new").all()
    assert not pointing["pocket"].any()
    alone = pockets_table(*planted, by=BY, depth=1)
    assert set(pointing["segment"]) <= set(alone.loc[alone["pocket"], "segment"])


def test_a_planted_segment_is_found_and_pairs_in_it_say_no_more():
    columns, blames, rng = drawn(5, 1500)
    inside = columns["channel"] == "app"
    blames[inside, 1] |= rng.random(inside.sum()) < 0.3
    found = pockets_table(*tables(rated(blames, rng), blames, **columns), by=BY)
    pockets = found[found["pocket"]]
    assert pockets[["segment", "theme"]].to_numpy().tolist() == [["channel app", "price"]]


def test_blame_that_costs_more_is_told_from_more_blame():
    columns, blames, rng = drawn(9, 3000)
    inside = columns["channel"] == "app"
    answers = np.where(blames[:, 0], np.where(inside, 2, 8), rng.integers(8, 11, 3000))
    row = pockets_table(*tables(answers, blames, **columns), by=BY).iloc[0]
    assert (row["segment"], row["theme"], row["pocket"]) == ("channel app", "delivery", True)
    assert row["from_cost"] > 0.8 * row["difference"]
    alike = np.abs(row["share"] - row["share_outside"])
    assert alike < 0.05
    assert row["points"] > 1.5 * row["points_outside"]


def test_figures_are_those_of_the_driver_table_inside_and_outside(planted):
    comments, mentions = planted
    found = pockets_table(comments, mentions, by=BY).set_index(["segment", "theme"])
    row = found.loc[("channel app and customer new", "service")]
    inside = (comments["channel"] == "app") & (comments["customer"] == "new")
    for suffix, who in (("", inside), ("_outside", ~inside)):
        own = mentions[mentions["comment_id"].isin(comments.loc[who, "comment_id"])]
        table = driver_table(comments[who], own, n_boot=0).set_index("theme").loc["service"]
        assert row[f"n{suffix}"] == who.sum()
        assert row[f"n_blame{suffix}"] == table["n_negative"]
        assert row[f"share{suffix}"] == pytest.approx(table["n_negative"] / who.sum())
        assert row[f"points{suffix}"] == pytest.approx(table["points_lost"])
    everyone = driver_table(comments, mentions, n_boot=0).set_index("theme").loc["service"]
    assert row["excess"] == pytest.approx(everyone["points_lost"] - row["points_outside"])
    assert row["from_blame"] + row["from_cost"] == pytest.approx(row["difference"])
    app = comments["channel"] == "app"
    rest = app & ~inside
    own = mentions[mentions["comment_id"].isin(comments.loc[rest, "comment_id"])]
    other = driver_table(comments[rest], own, n_boot=0).set_index("theme").loc["service"]
    assert row["within_1"] == pytest.approx(row["points"] - other["points_lost"])


@pytest.mark.parametrize(
    ("all_of", "blame", "size"), [(500, 60, 60), (2000, 200, 100), (300, 150, 150), (200, 30, 20)]
)
def test_the_p_value_is_close_to_the_exact_one(all_of, blame, size):
    # Of a theme that costs all the same, the permutation test is the hypergeometric one (mid-p).
    exact = hypergeom(all_of, blame, size)
    for wanted in (0.05, 0.01, 0.001, 1e-5):
        inside = int(exact.isf(wanted)) + 1
        one = Tally(np.array([0.0, 100.0]), np.array([[size - inside, inside]], dtype=float))
        rest = all_of - size - blame + inside
        other = Tally(one.values, np.array([[rest, blame - inside]], dtype=float))
        found = permutation_p(one, other)[0]
        mid = exact.sf(inside - 1) - exact.pmf(inside) / 2
        assert np.log(found) == pytest.approx(np.log(mid), abs=1.0 if wanted < 1e-4 else 0.25)


def test_the_p_value_is_that_of_a_permutation_test():
    rng = np.random.default_rng(1)
    values = np.array([0.0, 50.0, 100.0, 200.0])
    losses = rng.choice(values, 300, p=[0.7, 0.1, 0.1, 0.1])
    sides = losses[:60], losses[60:]
    tallies = [
        Tally(values, np.array([[(side == v).sum() for v in values]], dtype=float))
        for side in sides
    ]
    dealt = permutation_test(
        sides, lambda a, b, axis: a.mean(axis=axis) - b.mean(axis=axis), vectorized=True,
        n_resamples=20_000, alternative="greater", rng=np.random.default_rng(2),
    )  # fmt: skip
    assert permutation_p(*tallies)[0] == pytest.approx(dealt.pvalue, abs=0.02)


def test_quiet_files_rarely_show_a_pocket():
    shown = 0
    for seed in range(30):
        columns, blames, rng = drawn(100 + seed, 400)
        comments, mentions = tables(rated(blames, rng), blames, **columns)
        shown += pockets_table(comments, mentions, by=BY)["pocket"].any()
    assert shown <= 4  # at 5 % of files, five or more of thirty have a chance of 2 %


def test_who_writes_makes_no_pocket_but_among_all_respondents_it_does():
    columns, blames, rng = drawn(4, 3000)
    wrote = rng.random(3000) < np.where(columns["channel"] == "app", 0.95, 0.3)
    comments, mentions = tables(rated(blames, rng), blames, wrote, **columns)
    assert not pockets_table(comments, mentions, by=BY)["pocket"].any()
    counted = pockets_table(comments, mentions, by=BY, among="respondents")
    assert "channel app" in set(counted.loc[counted["pocket"], "segment"])
    assert (pockets_table(comments, mentions, by=BY).attrs["pockets"]["n"]) == wrote.sum()


def test_segments_come_from_the_notes_of_the_table(planted):
    comments, mentions = planted
    noted = with_info(comments, {"segments": ["channel", "customer"]})
    assert pockets_table(noted, mentions).attrs["pockets"]["columns"] == ["channel", "customer"]
    bare = pockets_table(comments, mentions)
    assert bare.empty
    assert bare.attrs["pockets"]["sentence"] == "There are no segments to look at."


def test_errors_say_what_to_do(planted):
    comments, mentions = planted
    with pytest.raises(FeedbackError, match="depth is 1"):
        pockets_table(comments, mentions, depth=3)
    with pytest.raises(FeedbackError, match="No base 'all'"):
        pockets_table(comments, mentions, among="all")
    with pytest.raises(FeedbackError, match="'nps' is the rating itself"):
        pockets_table(comments, mentions, by="nps")
    for name in ("comment_id", "respondent_id"):
        with pytest.raises(FeedbackError, match=f"'{name}' is an id"):
            pockets_table(comments.assign(respondent_id="r"), mentions, by=["shop", name])
    with pytest.raises(ColumnError, match="No column 'chanel'"):
        pockets_table(comments, mentions, by="chanel")
    with pytest.raises(RatingError, match="No ratings left"):
        pockets_table(comments.assign(nps=np.nan), mentions, by=BY)
    with pytest.raises(FeedbackError, match="not between 0 and 1"):
        pockets_table(comments, mentions, by=BY, confidence=95)
    for by in (3, [3], [["shop"]]):
        with pytest.raises(FeedbackError, match="in by= is no name of a column"):
            pockets_table(comments, mentions, by=by)
    lists = comments.assign(shop=[["a"]] * len(comments))
    with pytest.raises(ColumnError, match="Column 'shop' holds a list where a segment has one"):
        pockets_table(lists, mentions, by="shop")
    with pytest.raises(ColumnError, match="Column 'text' does not hold text but float64"):
        pockets_table(comments.assign(text=1.5), mentions, by="shop")
    with pytest.raises(FeedbackError, match="min_n is 'x'; give a whole number, 0 or more"):
        pockets_table(comments, mentions, by=BY, min_n="x")


def test_means_and_shares_have_pockets_too():
    columns, blames, rng = drawn(10, 1500)
    inside = columns["channel"] == "app"
    blames[inside, 1] |= rng.random(inside.sum()) < 0.3
    answers = np.where(blames.any(axis=1), rng.integers(1, 4, 1500), rng.integers(3, 6, 1500))
    comments, mentions = tables(answers, blames, rating="csat", **columns)
    for method in ("mean", "top2"):
        found = pockets_table(comments, mentions, "csat", by=BY, method=method)
        row = found.iloc[0]
        assert (row["segment"], row["theme"], row["pocket"]) == ("channel app", "price", True)
        assert row["low"] < row["difference"] < row["high"]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(15, 120), st.integers(1, 12))
def test_figures_hold_together(seed, n, min_n):
    columns, blames, rng = drawn(seed, n, (0.6, 0.4, 0.3))
    comments, mentions = tables(rated(blames, rng), blames, **columns)
    found = pockets_table(comments, mentions, by=BY, min_n=min_n)
    assert (found["low"] <= found["difference"] + 1e-9).all()
    assert (found["difference"] <= found["high"] + 1e-9).all()
    assert found["p_value"].between(0, 1).all()
    assert (found["q_value"] >= found["p_value"] - 1e-12).all()
    assert ((found["n"] + found["n_outside"]) == n).all()
    whole = (found["n"] * found["points"] + found["n_outside"] * found["points_outside"]) / n
    spread = whole.groupby(found["theme"]).agg(np.ptp)
    assert (spread < 1e-9).all()
    again = pockets_table(comments.sample(frac=1, random_state=1), mentions, by=BY, min_n=min_n)
    pd.testing.assert_frame_equal(
        found.sort_values(["theme", "segment"], ignore_index=True).drop(columns="sentence"),
        again.sort_values(["theme", "segment"], ignore_index=True).drop(columns="sentence"),
        check_exact=False,
    )
