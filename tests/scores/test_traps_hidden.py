"""Groups that a good score hides: found where they are, not found where they are not."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import ColumnError, FeedbackError, RatingError
from feedback_nlp.exports import read_comments
from feedback_nlp.samples import make_sample
from feedback_nlp.scores import nps
from feedback_nlp.scores.differences import difference
from feedback_nlp.scores.traps.hidden import hidden_groups

SHARES = np.array([2, 1, 1, 2, 2, 4, 6, 12, 22, 18, 30]) / 100
BY = ["shop", "channel", "customer"]


def quiet(seed, n=400):
    """A table in which segments and ratings have nothing to do with each other."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "comment_id": [f"c{i}" for i in range(n)],
            "nps": rng.choice(11, n, p=SHARES).astype(float),
            "shop": rng.choice(["north", "south", "east", "west"], n),
            "channel": rng.choice(["web", "app", "desk"], n),
            "customer": rng.choice(["new", "old"], n),
        }
    )


@pytest.fixture
def planted():
    """New customers in the app are unhappy; nobody else is."""
    comments = quiet(3, 1200)
    bad = (comments["channel"] == "app") & (comments["customer"] == "new")
    comments.loc[bad, "nps"] = np.random.default_rng(2).choice([0, 2, 5, 6, 8, 9], bad.sum())
    return comments


def told(table):
    return table.attrs["hidden_groups"]


def test_a_planted_pair_is_found_and_says_more_than_its_segments(planted):
    found = hidden_groups(planted, "nps", by=BY)
    worst = found[found["hidden"] & found["column_2"].notna()]
    assert worst["segment"].tolist() == ["channel app and customer new"]
    row = worst.iloc[0]
    assert (row["column_1"], row["value_1"]) == ("channel", "app")
    assert (row["column_2"], row["value_2"]) == ("customer", "new")
    assert row["within_1"] < 0
    assert row["within_2"] < 0
    assert row["high"] < nps(planted["nps"]).value


def test_figures_are_those_of_the_scores_themselves(planted):
    found = hidden_groups(planted, "nps", by=BY).set_index("segment")
    own = (planted["channel"] == "app") & (planted["customer"] == "new")
    row = found.loc["channel app and customer new"]
    score, rest = nps(planted.loc[own, "nps"]), nps(planted.loc[~own, "nps"])
    gap = difference(planted.loc[own, "nps"], planted.loc[~own, "nps"])
    assert (row["n"], row["rest_n"]) == (score.n, rest.n)
    assert row[["value", "low", "high", "rest_value"]].tolist() == pytest.approx(
        [score.value, score.low, score.high, rest.value]
    )
    assert row[["difference", "difference_low", "difference_high"]].tolist() == pytest.approx(
        [gap.value, gap.low, gap.high]
    )
    assert row["points"] == pytest.approx(nps(planted["nps"]).value - rest.value)
    app = planted["channel"] == "app"
    within = difference(planted.loc[own, "nps"], planted.loc[app & ~own, "nps"])
    assert row["within_1"] == pytest.approx(within.value)
    single = found.loc["channel app"]
    alone = difference(planted.loc[app, "nps"], planted.loc[~app, "nps"])
    assert single["p_value"] == pytest.approx(alone.p_value, rel=1e-4)


@pytest.mark.parametrize("asked", [{"method": "mean"}, {"method": "top1"}, {"method": "top2"}])
def test_every_kind_of_score_has_the_right_rest(asked):
    rng = np.random.default_rng(4)
    comments = quiet(4, 300).drop(columns="nps").assign(csat=rng.integers(1, 6, 300).astype(float))
    found = hidden_groups(comments, "csat", by="shop", **asked).set_index("value_1")
    own = comments["shop"] == "east"
    gap = difference(comments.loc[own, "csat"], comments.loc[~own, "csat"], rating="csat", **asked)
    row = found.loc["east", ["difference", "difference_low", "difference_high", "rest_value"]]
    assert row.tolist() == pytest.approx([gap.value, gap.low, gap.high, gap.second.value])


def test_means_of_many_different_answers_have_the_right_rest():
    rng = np.random.default_rng(5)
    comments = quiet(5, 2000).assign(csat=rng.uniform(0, 100, 2000))
    found = hidden_groups(comments, "csat", by="shop", method="mean", scale=(0, 100))
    own = comments["shop"] == "east"
    gap = difference(
        comments.loc[own, "csat"], comments.loc[~own, "csat"],
        rating="csat", method="mean", scale=(0, 100),
    )  # fmt: skip
    row = found.set_index("value_1").loc["east"]
    assert row[["difference", "difference_low", "difference_high"]].tolist() == pytest.approx(
        [gap.value, gap.low, gap.high]
    )


@pytest.mark.parametrize(
    ("files", "asked"),
    [(100, {"metric": "csat", "method": "top2", "scale": (0, 10)}), (20, {"metric": "nps"})],
    ids=["csat", "nps"],
)
def test_where_nothing_is_hidden_little_is_found(files, asked):
    """At most 5 of 100 files without any difference show one (docs/metrics.md has the figures)."""
    alarms = sum(
        bool(hidden_groups(quiet(seed), "nps", by=BY, **asked)["below"].any())
        for seed in range(files)
    )
    assert alarms <= files / 20


def test_a_large_group_and_a_tiny_awful_one_are_both_explained():
    n = 2000
    rng = np.random.default_rng(6)
    comments = pd.DataFrame(
        {"comment_id": range(n), "nps": rng.choice(11, n, p=SHARES).astype(float)}
    )
    comments["shop"] = np.where(np.arange(n) < 900, "large", "other")
    comments.loc[:29, "shop"] = "tiny"
    comments.loc[:29, "nps"] = 1
    lowered = rng.random(n) < 0.2
    comments.loc[(comments["shop"] == "large") & lowered, "nps"] = 6
    found = hidden_groups(comments, "nps", by="shop")
    assert found.loc[found["hidden"], "value_1"].tolist() == ["large", "tiny"]
    assert found["points"].is_monotonic_increasing
    assert found.loc[1, "difference"] < found.loc[0, "difference"]


def test_looked_at_and_too_small_are_counted(planted):
    planted.loc[:4, "shop"] = "kiosk"
    planted.loc[5:24, "shop"] = np.nan
    found = hidden_groups(planted, "nps", by=["shop", "channel"], min_n=10)
    notes = told(found)
    assert notes["looked_at"] == len(found)
    assert notes["too_small"] >= 1
    assert "kiosk" not in set(found["value_1"])
    missing = found[found["segment"] == "shop missing"].iloc[0]
    assert missing["n"] == 20
    assert pd.isna(missing["value_1"])
    assert f"{len(found)} groups by shop and channel looked at" in notes["sentence"]
    assert "fewer than 10 answers" in notes["sentence"]


def test_a_column_within_another_adds_no_pairs():
    comments = quiet(7)
    comments["town"] = comments["shop"].map({"north": "A", "south": "A", "east": "B", "west": "B"})
    found = hidden_groups(comments, "nps", by=["shop", "town"])
    assert found["column_2"].isna().all()
    assert told(found)["no_rest"] == 4


def test_columns_of_names_are_left_out_with_a_note():
    comments = quiet(8, 1100).assign(name=lambda t: "visitor " + t["comment_id"])
    notes = told(hidden_groups(comments, "nps", by=["shop", "name"]))
    assert notes["columns"] == ["shop"]
    assert "name has 1,100 different values" in notes["notes"][0]


def test_respondents_count_once():
    comments = quiet(9)
    twice = pd.concat([comments, comments.assign(comment_id="d" + comments["comment_id"])])
    twice["respondent_id"] = [*comments["comment_id"]] * 2
    one, two = hidden_groups(comments, "nps", by=BY), hidden_groups(twice, "nps", by=BY)
    pd.testing.assert_frame_equal(one, two)


def test_the_segments_of_an_export_are_looked_at_by_themselves(tmp_path):
    path = tmp_path / "export.csv"
    make_sample(3000, seed=1).to_csv(path, index=False)
    found = hidden_groups(read_comments(path))
    assert told(found)["columns"] == ["Country", "Channel", "Customer type"]
    hidden = found[found["hidden"]]
    assert hidden.iloc[0]["segment"] == "Channel Web shop"
    assert hidden.iloc[0]["sentence"].startswith("Channel Web shop: ")
    assert "without it the score is" in hidden.iloc[0]["sentence"]


def test_without_segments_the_answer_is_an_empty_table():
    found = hidden_groups(quiet(10)[["comment_id", "nps"]])
    assert found.empty
    assert told(found)["sentence"] == "There are no segments to look at."


def test_strange_names_are_shown_safely():
    comments = quiet(11).rename(columns={"shop": "shop\n\u202e"})
    comments["shop\n\u202e"] = comments["shop\n\u202e"] + "\x1b[31m" + "x" * 500
    found = hidden_groups(comments, "nps", by="shop\n\u202e")
    assert not found["segment"].str.contains("\x1b|\n|\u202e").any()
    assert found["segment"].str.len().max() < 140


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"by": "shopp"}, ColumnError),
        ({"by": BY, "depth": 3}, FeedbackError),
        ({"by": BY, "level": 1.5}, FeedbackError),
        ({"by": BY, "scale": (1, 5)}, RatingError),
    ],
)
def test_wrong_questions_are_told(asked, error):
    with pytest.raises(error):
        hidden_groups(quiet(12), "nps", **asked)


@settings(max_examples=25)
@given(
    rows=st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(0, 10)), st.sampled_from("ab"), st.sampled_from("xyz")
        ),
        min_size=1, max_size=80,
    ).filter(lambda rows: any(row[0] is not None for row in rows))
)  # fmt: skip
def test_whatever_comes_in_the_figures_hold_together(rows):
    comments = pd.DataFrame(rows, columns=["nps", "one", "two"]).astype({"nps": float})
    comments["comment_id"] = range(len(comments))
    found = hidden_groups(comments, "nps", by=["one", "two"], min_n=1)
    total = comments["nps"].notna().sum()
    assert (found["n"] + found["rest_n"] == total).all()
    assert (found["low"] <= found["value"]).all()
    assert (found["value"] <= found["high"]).all()
    assert (found["q_value"] >= found["p_value"]).all()
    assert found.loc[found["hidden"], "below"].all()
    overall = nps(comments["nps"]).value
    assert found["points"].to_numpy() == pytest.approx((overall - found["rest_value"]).to_numpy())


def test_segments_that_are_none_are_one_clear_error():
    comments = pd.DataFrame({"comment_id": range(40), "nps": [9, 2] * 20, "shop": [["a"]] * 40})
    with pytest.raises(FeedbackError, match="3 in by= is no name of a column"):
        hidden_groups(comments, by=3)
    with pytest.raises(FeedbackError, match="Column 'shop' holds a list where a segment has one"):
        hidden_groups(comments, by="shop")
