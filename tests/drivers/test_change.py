"""The change of a score split over themes: by hand, exact sums, the planted release, the edges."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from surveyed import mentioned, sample, survey

from feedback_nlp.drivers import theme_change_table
from feedback_nlp.errors import ColumnError, FeedbackError, RatingError
from feedback_nlp.scores import difference

JANUARY, FEBRUARY = "2025-01-10", "2025-02-10"
MONTHS = {"before": "2025-01", "after": "2025-02"}
THEMES = ["delivery", "price", "service"]
PARTS = ["change_volume", "change_score", "change_total"]


def by_hand():
    """Ten respondents a month. January: 2 of delivery, February: 4, who are unhappier."""
    before = [(JANUARY, 3, ["delivery"]), (JANUARY, 9, ["delivery"])]
    before += [(JANUARY, 9, [])] * 6 + [(JANUARY, 8, None)] * 2
    after = [(FEBRUARY, 3, ["delivery"])] * 3 + [(FEBRUARY, 9, ["delivery"])]
    after += [(FEBRUARY, 9, [])] * 4 + [(FEBRUARY, 8, None)] * 2
    return survey(before + after)


def test_two_months_by_hand():
    # Das Gupta (1993), two factors: shares 0.2, 0.6, 0.2 and 0.4, 0.4, 0.2; scores 0, 100, 0 and
    # −50, 100, 0; NPS 60 and 20, so the reference is 40.
    table = theme_change_table(*by_hand(), **MONTHS, min_n=1, n_boot=0).set_index("theme")
    assert table.loc["delivery", ["score_before", "score_after"]].tolist() == [0, -50]
    assert table["change_volume"].to_dict() == pytest.approx(
        {
            "delivery": 0.2 * (-25 - 40), "no_negative_theme": -0.2 * (100 - 40),
            "no_comment": 0,
        }
    )  # fmt: skip
    assert table["change_score"].to_dict() == pytest.approx(
        {"delivery": 0.3 * -50, "no_negative_theme": 0, "no_comment": 0}
    )
    assert table["change_total"].sum() == pytest.approx(20 - 60)
    assert table.attrs["change"]["reference"] == pytest.approx(40)


def test_who_blames_two_themes_counts_half_in_each():
    rows = [(JANUARY, 3, ["delivery", "price"]), (JANUARY, 9, [])]
    rows += [(FEBRUARY, 3, ["price"]), (FEBRUARY, 9, [])]
    table = theme_change_table(*survey(rows), **MONTHS, min_n=1, n_boot=0).set_index("theme")
    assert table["share_before"].to_dict() == {
        "delivery": 0.25, "price": 0.25, "no_negative_theme": 0.5, "no_comment": 0,
    }  # fmt: skip
    assert table["n_before"].to_dict() == {
        "delivery": 1, "price": 1, "no_negative_theme": 1, "no_comment": 0,
    }  # fmt: skip
    # The one who blamed both now blames price alone: what delivery took, price takes.
    assert table["change_total"].to_dict() == pytest.approx(
        {"delivery": 25, "price": -25, "no_negative_theme": 0, "no_comment": 0}
    )


respondent = st.tuples(
    st.sampled_from([JANUARY, FEBRUARY]),
    st.integers(0, 10),
    st.none() | st.lists(st.sampled_from(THEMES), unique=True),
)
SCORES = [("nps", {}), ("csat", {"scale": (0, 10), "method": "mean"}),
          ("csat", {"scale": (0, 10), "method": "top2"}),
          ("ces", {"scale": (0, 10), "method": "mean"})]  # fmt: skip


@settings(max_examples=30)
@given(st.lists(respondent, min_size=2, max_size=40), st.sampled_from([1, 3, 10]),
       st.sampled_from(SCORES))  # fmt: skip
def test_the_parts_add_up_whatever_the_score(rows, min_n, score):
    rating, chosen = score
    rows = [*rows, (JANUARY, 5, []), (FEBRUARY, 5, None)]
    table = theme_change_table(
        *survey(rows, rating), rating, **MONTHS, min_n=min_n, n_boot=20, **chosen
    )
    notes = table.attrs["change"]
    assert table["change_total"].sum() == pytest.approx(notes["change"], abs=1e-9)
    assert (table["change_volume"] + table["change_score"]).tolist() == pytest.approx(
        table["change_total"].tolist(), abs=1e-9
    )
    assert table[["share_before", "share_after"]].sum().tolist() == pytest.approx([1, 1])
    assert notes["change"] == pytest.approx(notes["score_after"] - notes["score_before"])
    assert table["suppressed"].tolist() == (table["theme"] == "suppressed").tolist()
    themes = ~table["theme"].isin(["suppressed", "no_negative_theme", "no_comment"])
    assert (table.loc[themes, ["n_before", "n_after"]].sum(axis=1) >= min_n).all()
    for name in PARTS:
        known = table[f"{name}_low"].notna()
        assert (table[f"{name}_low"] <= table[name])[known].all()
        assert (table[name] <= table[f"{name}_high"])[known].all()


@settings(max_examples=10)
@given(st.lists(respondent, min_size=2, max_size=30))
def test_sides_exchanged_turn_the_signs(rows):
    tables = survey([*rows, (JANUARY, 5, []), (FEBRUARY, 5, None)])
    there = theme_change_table(*tables, **MONTHS, min_n=1, n_boot=0).set_index("theme")
    back = theme_change_table(
        *tables, before=MONTHS["after"], after=MONTHS["before"], min_n=1, n_boot=0
    ).set_index("theme")
    for name in PARTS:
        assert back[name].loc[there.index].tolist() == pytest.approx((-there[name]).tolist())


def test_the_scores_are_those_of_difference():
    comments, mentions = sample()
    table = theme_change_table(comments, mentions, before="2025-Q1", after="2025-06..2025-08")
    months = comments["date"].dt.month
    found = difference(
        comments.loc[months.isin([6, 7, 8]), "nps"], comments.loc[months <= 3, "nps"]
    )
    notes = table.attrs["change"]
    assert [notes[name] for name in ("change", "change_low", "change_high", "p_value")] == (
        pytest.approx([found.value, found.low, found.high, found.p_value])
    )
    assert (notes["n_before"], notes["n_after"]) == (found.second.n, found.first.n)
    answered = comments["nps"].notna().sum()
    assert answered == notes["n_before"] + notes["n_after"] + notes["n_outside"]


def test_the_app_release_is_what_moved_the_score():
    table = theme_change_table(*sample(), before="2025-01..2025-04", after="2025-06..2025-08")
    first = table.iloc[0]
    assert first["theme"] == "usability"
    assert first["change_total_high"] < 0
    assert first["change_volume_high"] < 0
    assert first["q_value"] < 0.001
    others = table[table["theme"].isin(["service", "quality", "payment", "information"])]
    assert (others["q_value"] > 0.05).all()


def test_two_groups_and_rows_given_as_true_and_false():
    comments, mentions = sample()
    table = theme_change_table(comments, mentions, column="Channel", before="Shop", after="App")
    masks = {
        side: comments["Channel"] == name for side, name in (("before", "Shop"), ("after", "App"))
    }
    again = theme_change_table(comments, mentions, **masks)
    pd.testing.assert_frame_equal(table, again)
    assert table.attrs["change"]["sides"] == {"before": "Channel Shop", "after": "Channel App"}
    usability = table.set_index("theme").loc["usability"]
    assert usability["change_volume_high"] < 0


def test_a_respondent_counts_once_on_each_side():
    comments, mentions = survey([(JANUARY, 3, ["price"]), (JANUARY, 3, ["service"]),
                                 (FEBRUARY, 9, []), (FEBRUARY, 8, [])])  # fmt: skip
    comments["respondent_id"] = ["r", "r", "r", "s"]
    table = theme_change_table(comments, mentions, **MONTHS, min_n=1, n_boot=0)
    notes = table.attrs["change"]
    assert (notes["n_before"], notes["n_after"], notes["n_both_sides"]) == (1, 2, 1)
    shares = table.set_index("theme")["share_before"]
    assert shares[["price", "service"]].tolist() == [0.5, 0.5]


def test_everybody_with_a_rating_is_counted_or_told():
    rows = [(JANUARY, 3, []), (FEBRUARY, 9, []), ("2025-03-01", 9, []), (None, 2, []),
            (JANUARY, np.nan, []), ("2025-03-01", 4, []), (FEBRUARY, 9, [])]  # fmt: skip
    comments, mentions = survey(rows)
    comments["respondent_id"] = list("abcdeea")  # e rated in March alone, a in both months
    notes = theme_change_table(comments, mentions, **MONTHS, n_boot=0).attrs["change"]
    names = ("n_before", "n_after", "n_both_sides", "n_outside", "n_undated", "n_missing")
    assert [notes[name] for name in names] == [1, 2, 1, 1, 1, 1]
    assert notes["notes"][-1].startswith("1 respondent answered both before and after")


def test_rows_of_another_table_are_refused():
    comments, mentions = sample()
    app = comments["Channel"] == "App"
    with pytest.raises(FeedbackError, match="another index"):
        theme_change_table(comments, mentions, before=app[::-1], after=~app)
    table = theme_change_table(comments, mentions, before=app.array, after=~app, n_boot=0)
    assert table.attrs["change"]["n_before"] == (app & comments["nps"].notna()).sum()


def test_values_of_a_column_need_not_be_text():
    comments, mentions = sample()
    comments = comments.assign(app=comments["Channel"] == "App", day=comments["date"].dt.day)
    notes = theme_change_table(
        comments, mentions, column="app", before=False, after=True, n_boot=0
    ).attrs["change"]
    assert notes["sides"] == {"before": "app False", "after": "app True"}
    notes = theme_change_table(
        comments, mentions, column="day", before=np.int64(1), after=2, n_boot=0
    ).attrs["change"]
    assert notes["n_before"] == ((comments["day"] == 1) & comments["nps"].notna()).sum()


def test_the_answer_comes_first():
    notes = theme_change_table(*by_hand(), **MONTHS, min_n=1).attrs["change"]
    assert notes["sentence"].startswith(
        "NPS from +60.0 (2025-01, 10 respondents) to +20.0 (2025-02, 10 respondents): −40.0, 95% "
    )
    assert "; it may be chance. No theme goes with it by more than chance" in notes["sentence"]
    clear = theme_change_table(*sample(), before="2025-01..2025-04", after="2025-06..2025-08")
    told = clear.attrs["change"]["sentence"]
    row = clear.iloc[0]
    assert f"usability −{-row['change_total']:.1f} (" in told
    assert f"blamed by {row['n_before']} before, {row['n_after']} after" in told


@pytest.mark.parametrize("dates", ["all", "none"])
def test_nobody_on_either_side_is_one_clear_line(dates):
    comments, mentions = by_hand()
    if dates == "none":
        with pytest.raises(ColumnError, match="no date in any row"):
            theme_change_table(comments.assign(date=pd.NaT), mentions, **MONTHS)
    else:
        with pytest.raises(RatingError, match="no rating in 'nps' for 2031"):
            theme_change_table(comments, mentions, before="2031", after="2032")
        with pytest.raises(RatingError, match="no rating in 'nps'"):
            theme_change_table(comments.assign(nps=np.nan), mentions, **MONTHS)


def test_who_is_not_counted_is_told():
    rows = [(JANUARY, 3, []), (FEBRUARY, 9, []), ("2025-03-01", 9, []), (None, 2, []),
            (FEBRUARY, np.nan, [])]  # fmt: skip
    notes = theme_change_table(*survey(rows), **MONTHS, n_boot=0).attrs["change"]
    counted = {name: notes[name] for name in ("n_outside", "n_undated", "n_missing")}
    assert counted == {"n_outside": 1, "n_undated": 1, "n_missing": 1}


def test_same_seed_same_table():
    tables = by_hand()
    one, two, other = (
        theme_change_table(*tables, **MONTHS, min_n=1, seed=seed) for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(one, two)
    assert not one.equals(other)


@pytest.mark.parametrize(
    "rows",
    [
        [(JANUARY, 3, None), (FEBRUARY, 9, None)],  # no comments
        [(JANUARY, 3, []), (FEBRUARY, 9, [])],  # no mentions
        [(JANUARY, 9, ["price"]), (FEBRUARY, 9, ["price"])],  # no detractors, constant
        [(JANUARY, 0, ["price"])] * 6 + [(FEBRUARY, 0, ["price"])] * 6,  # 12 detractors, one theme
        [(JANUARY, 3, ["price", "service"]), (FEBRUARY, 9, ["price", "service"])],  # alike
    ],
)
def test_degenerate_tables_add_up_and_claim_nothing(rows):
    table = theme_change_table(*survey(rows), **MONTHS, min_n=1)
    assert table["change_total"].sum() == pytest.approx(table.attrs["change"]["change"])
    assert not (table["q_value"] <= 0.05).any()
    assert table[["theme", "n_before", "n_after", "suppressed"]].notna().all().all()


def test_small_themes_are_put_together():
    rows = [(JANUARY, 3, ["price"])] * 4 + [(JANUARY, 9, ["service"])] * 3
    rows += [(FEBRUARY, 9, [])] * 9 + [(JANUARY, 3, ["delivery"])] * 11
    table = theme_change_table(*survey(rows), **MONTHS).set_index("theme")
    assert list(table.index) == ["delivery", "suppressed", "no_negative_theme", "no_comment"]
    assert table.loc["suppressed", "n_before"] == 7
    assert np.isnan(table.loc["suppressed", "score_before"])
    assert np.isnan(table.loc["suppressed", "q_value"])
    assert np.isnan(table.loc["delivery", "score_after"])


def test_errors_are_one_clear_line():
    comments, mentions = by_hand()
    with pytest.raises(FeedbackError, match="rows in common"):
        theme_change_table(comments, mentions, before="2025-01", after="2025")
    with pytest.raises(RatingError, match="no rating in 'nps' for 2025-03"):
        theme_change_table(comments, mentions, before="2025-01", after="2025-03")
    with pytest.raises(ColumnError, match="Chanel"):
        theme_change_table(comments, mentions, column="Chanel", before="Shop", after="App")
    shops = comments.assign(Channel="Shop")
    with pytest.raises(FeedbackError, match="has no 'App'; it has Shop"):
        theme_change_table(shops, mentions, column="Channel", before="Shop", after="App")
    with pytest.raises(FeedbackError, match="True or False"):
        theme_change_table(comments, mentions, before=[True], after=[False])
    with pytest.raises(FeedbackError, match="n_boot"):
        theme_change_table(comments, mentions, **MONTHS, n_boot=-1)
    with pytest.raises(FeedbackError, match="seed is -1"):
        theme_change_table(comments, mentions, **MONTHS, seed=-1)
    with pytest.raises(FeedbackError, match="confidence"):
        theme_change_table(comments, mentions, **MONTHS, confidence=95)
    with pytest.raises(ColumnError, match="date"):
        theme_change_table(comments.drop(columns="date"), mentions, **MONTHS)
    with pytest.raises(ColumnError, match="not among the comments"):
        theme_change_table(comments, mentioned([("x", "price", "negative")]), **MONTHS)


def test_periods_turned_round_are_said():
    turned = theme_change_table(*sample(), before="2025-05..2025-08", after="2025-01..2025-04")
    assert turned.attrs["change"]["notes"][0] == (
        "'After' (2025-01..2025-04) is earlier than 'before' (2025-05..2025-08): the change is told "
        "back in time."
    )
    right = theme_change_table(*sample(), before="2025-01..2025-04", after="2025-05..2025-08")
    groups = theme_change_table(*sample(), before="Shop", after="App", column="Channel")
    for table in (right, groups):
        assert "earlier" not in " ".join(table.attrs["change"]["notes"])


@pytest.mark.parametrize(
    ("themes", "asked", "why"),
    [
        (None, {}, "nobody left a comment that can be read"),
        ([], {}, "nobody blames a theme"),
        (["price"], {}, "fewer than 10 respondents blame each of them"),
        (["price"], {"min_n": 1, "n_boot": 0}, "that takes bootstrap draws (n_boot)"),
    ],
)
def test_why_no_theme_was_tested(themes, asked, why):
    rows = [(JANUARY, 3, themes)] * 4 + [(FEBRUARY, 9, themes)] * 4
    told = theme_change_table(*survey(rows), **MONTHS, **asked).attrs["change"]
    assert told["sentence"].endswith(f"No theme could be tested: {why}.")
