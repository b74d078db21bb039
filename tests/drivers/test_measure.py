"""Before and after a measure: as the scores say, placebo dates by hand, the planted release."""

import numpy as np
import pandas as pd
import pytest
from surveyed import sample, survey

from feedback_nlp import scores
from feedback_nlp.drivers import theme_before_after
from feedback_nlp.errors import ColumnError, FeedbackError, RatingError

RELEASE = "2025-05-12"


def row(table, figure, group="all", theme=""):
    mine = (table["figure"] == figure) & (table["group"] == group) & (table["theme"] == theme)
    assert mine.sum() == 1
    return table[mine].iloc[0]


def test_the_score_moves_as_in_scores():
    comments, mentions = sample()
    found = row(theme_before_after(comments, mentions, RELEASE, window=28), "score")
    wanted = scores.before_after(comments, "nps", RELEASE, days=28)
    assert (found["n_before"], found["n_after"]) == (wanted.second.n, wanted.first.n)
    names = ["before", "after", "change", "change_low", "change_high", "p_value"]
    assert found[names].tolist() == pytest.approx(
        [
            wanted.second.value,
            wanted.first.value,
            wanted.value,
            wanted.low,
            wanted.high,
            wanted.p_value,
        ]
    )
    earlier = scores.before_after(comments, "nps", "2025-04-14", days=28)
    assert found[["earlier_change", "earlier_low", "earlier_high"]].tolist() == pytest.approx(
        [earlier.value, earlier.low, earlier.high]
    )


def test_placebo_dates_by_hand():
    # Windows of ten days with scores 0, 20, 10, 10 and, after the date, 40 NPS.
    rows = []
    for window, promoters in enumerate((5, 6, 5.5, 5.5, 7)):
        day = pd.Timestamp("2025-01-01") + pd.Timedelta(days=10 * window)
        promoters = int(promoters * 2)
        rows += [(day, 9, [])] * promoters + [(day, 2, [])] * (20 - promoters)
    rows.append(("2025-02-19", np.nan, []))  # the last window is full
    table = theme_before_after(*survey(rows), "2025-02-10", window=10)
    found = row(table, "score")
    assert found[["before", "after", "change"]].tolist() == pytest.approx([10, 40, 30])
    assert found[["n_placebos", "largest_placebo", "earlier_change"]].tolist() == pytest.approx(
        [3, 20, 0], abs=1e-9
    )
    assert found["p_placebo"] == pytest.approx(1 / 4)
    assert found["n_earlier"] == 20
    told = table.attrs["before_after"]
    assert told["notes"] == [
        "Before and after is not cause: other things change too. What moved is shown; why is not.",
        "No theme could be compared: nobody blames a theme.",
        "60 respondents on neither side.",
        "1 respondent without a rating.",
    ]
    assert told["sentence"].startswith(
        "NPS from +10.0 (the 10 days before 2025-02-10, 20 respondents) to +40.0 (the 10 days from "
        "2025-02-10, 20 respondents): +30.0, 95% interval "
    )
    assert "; it may be chance. Of 2 figures tested none moved" in told["sentence"]


def test_who_answered_before_and_after_is_told_and_counts_on_both_sides():
    days = ["2025-01-05"] * 20 + ["2025-01-15"] * 20 + ["2025-01-25"] * 20
    comments, mentions = survey([(day, 9, []) for day in days])
    comments["respondent_id"] = [f"r|{i}" for i in [*range(20), *range(20), *range(12, 32)]]
    told = theme_before_after(comments, mentions, "2025-01-21", window=10).attrs["before_after"]
    counts = {name: told[name] for name in ("n_before", "n_after", "n_both_sides", "n_outside")}
    assert counts == {"n_before": 20, "n_after": 20, "n_both_sides": 8, "n_outside": 0}
    assert any("8 respondents answered both" in note for note in told["notes"])


def test_the_constant_score_has_not_changed_as_much_before():
    tables = survey([(day, 9, []) for day in pd.date_range("2025-01-01", periods=150)])
    notes = " ".join(
        theme_before_after(*tables, "2025-05-01", window=20).attrs["before_after"]["notes"]
    )
    assert "as much" not in notes


@pytest.mark.parametrize("date", [pd.NaT, None, 5, "", "2025-05..2025-06", "12/05/2025", {}])
def test_dates_that_cannot_be_read(date):
    with pytest.raises(FeedbackError, match="year-month-day"):
        theme_before_after(*sample(), date)


def test_a_date_however_it_is_given():
    texts = [
        theme_before_after(*sample(), date).attrs["before_after"]["date"]
        for date in ("2025-05", "2025-05-01", pd.Timestamp("2025-05-01 15:00", tz="Europe/Riga"),
                     np.datetime64("2025-05-01"))
    ]  # fmt: skip
    assert texts == ["2025-05-01"] * 4


def test_what_moved_already_is_said():
    rows = []
    for window, promoters in enumerate((5, 25, 45, 65, 85)):
        day = pd.Timestamp("2025-01-01") + pd.Timedelta(days=10 * window)
        rows += [(day, 9, [])] * promoters + [(day, 2, [])] * (100 - promoters)
    table = theme_before_after(*survey(rows), "2025-02-10", window=10)
    assert row(table, "score")["p_placebo"] == 1
    notes = " ".join(table.attrs["before_after"]["notes"])
    assert "was moving already" in notes
    assert "as much between earlier windows" in notes
    assert "dates end 1 day from the date" in notes


def test_the_release_hit_the_app_and_nobody_else():
    table = theme_before_after(
        *sample(), RELEASE, window=56, by="Channel", unaffected="Channel=Shop"
    )
    app = row(table, "blame", "Channel=App", "usability")
    assert app["change_low"] > 0.2
    assert app["q_value"] < 0.001
    beyond = row(table, "blame", "Channel=App less Channel=Shop", "usability")
    assert beyond["change_low"] > 0.2
    assert row(table, "score", "Channel=App")["change_high"] < 0
    assert row(table, "score", "Channel=Web shop less Channel=Shop")["q_value"] > 0.05
    assert row(table, "wrote")["q_value"] > 0.05
    groups = table["group"].unique()
    assert groups[0] == "all"
    assert "Channel=Shop less Channel=Shop" not in groups
    assert "Channel=App less Channel=Shop" in groups


def test_differences_in_differences_by_hand():
    table = theme_before_after(
        *sample(), RELEASE, window=56, by="Channel", unaffected="Channel=Shop"
    )
    app, shop = (row(table, "score", f"Channel={name}") for name in ("App", "Shop"))
    found = row(table, "score", "Channel=App less Channel=Shop")
    assert found["change"] == pytest.approx(app["change"] - shop["change"])
    # Zou and Donner (2008): the distances to the ends, squared and added.
    down = np.hypot(app["change"] - app["change_low"], shop["change_high"] - shop["change"])
    up = np.hypot(app["change_high"] - app["change"], shop["change"] - shop["change_low"])
    assert found[["change_low", "change_high"]].tolist() == pytest.approx(
        [found["change"] - down, found["change"] + up]
    )
    beyond = table[table["group"].str.contains(" less ") & ~table["suppressed"]]
    clear = (beyond["change_low"] > 0) | (beyond["change_high"] < 0)
    assert ((beyond["p_value"] < 0.05) == clear).all()
    assert len(beyond) > 4


def test_q_is_over_all_rows():
    table = theme_before_after(*sample(), RELEASE, by="Channel", unaffected="Channel=Shop")
    tested = table["p_value"].notna()
    assert tested.sum() > 10
    assert table.loc[tested, "q_value"].tolist() == pytest.approx(
        scores.benjamini_hochberg(table.loc[tested, "p_value"])
    )
    assert (table["suppressed"] == ~tested).all()


def test_the_usual_window_is_in_whole_weeks_with_one_before_it():
    notes = theme_before_after(*sample(), RELEASE).attrs["before_after"]
    assert notes["window"] == 63  # 131 days before the date, half of them, whole weeks
    assert notes["date"] == RELEASE


def test_small_groups_are_suppressed_and_counted():
    comments, mentions = sample()
    comments = comments.assign(Shop=np.where(np.arange(len(comments)) % 400 == 0, "new", "old"))
    table = theme_before_after(comments, mentions, RELEASE, window=56, by="Shop")
    new = table[table["group"] == "Shop=new"]
    assert new["suppressed"].all()
    assert new[["before", "after", "change", "p_value", "q_value"]].isna().all().all()
    assert (new["n_before"] < 10).all()
    assert table.attrs["before_after"]["n_rare"] > 0
    blame = table[(table["figure"] == "blame") & (table["group"] == "all")]
    assert blame["theme"].nunique() == len(blame) > 5


@pytest.mark.parametrize("rating", [0, 9])
@pytest.mark.parametrize("themes", [None, [], ["price"], ["price", "service"]])
def test_degenerate_tables_claim_nothing(rating, themes):
    tables = survey([(day, rating, themes) for day in pd.date_range("2025-01-01", periods=24)])
    table = theme_before_after(*tables, "2025-01-13", window=12)
    assert row(table, "score")["change"] == 0
    assert not (table["q_value"] <= 0.05).any()
    assert "no earlier window" in table.attrs["before_after"]["notes"][1]
    few = theme_before_after(*tables, "2025-01-13")  # windows of 6 respondents
    assert few["suppressed"].all()


def test_who_has_no_segment_is_told():
    comments, mentions = sample()
    comments = comments.assign(Channel=comments["Channel"].where(comments.index % 5 != 0))
    table = theme_before_after(comments, mentions, RELEASE, window=28, by="Channel")
    told = table.attrs["before_after"]
    known = table[(table["figure"] == "score") & (table["group"] != "all")]
    unknown = told["n_before"] + told["n_after"] - known[["n_before", "n_after"]].sum().sum()
    assert unknown > 50
    assert f"{unknown} answers without 'Channel': in no segment of it." in told["notes"]


def test_a_segment_with_one_level():
    comments, mentions = sample()
    comments = comments.assign(Land="here")
    table = theme_before_after(comments, mentions, RELEASE, by="Land", unaffected="Land=here")
    assert set(table["group"]) >= {"all", "Land=here"}
    nobody = table[table["group"] == "not Land=here less Land=here"]
    assert nobody["suppressed"].all()


def test_errors_are_one_clear_line():
    comments, mentions = sample()
    for asked, error, said in (
        ({"date": "soon"}, FeedbackError, "soon"),
        ({"date": "2024-01-01"}, FeedbackError, "one side"),
        ({"date": "2026-01-01"}, FeedbackError, "one side"),
        ({"window": 0}, FeedbackError, "window is 0"),
        ({"window": 1.5}, FeedbackError, "window is 1.5"),
        ({"min_n": None}, FeedbackError, "min_n is None"),
        ({"unaffected": "Shop"}, FeedbackError, "COLUMN=VALUE"),
        ({"unaffected": "Chanel=Shop"}, ColumnError, "Did you mean 'Channel'"),
        ({"unaffected": "Channel=Kiosk"}, FeedbackError, "Kiosk"),
        ({"by": "Chanel"}, ColumnError, "Chanel"),
    ):
        with pytest.raises(error, match=said):
            theme_before_after(comments, mentions, **{"date": RELEASE, **asked})
    gap = comments[(comments["date"] < "2025-03-01") | (comments["date"] >= RELEASE)]
    said = mentions[mentions["comment_id"].isin(gap["comment_id"])]
    with pytest.raises(RatingError, match="the 14 days before 2025-05-12"):
        theme_before_after(gap, said, RELEASE, window=14)


def test_a_column_of_very_many_values_is_left_out_with_a_note():
    comments, mentions = sample()
    comments = comments.assign(Agent=[f"a{i}" for i in range(len(comments))])
    table = theme_before_after(comments, mentions, RELEASE, by=["Agent", "Channel"])
    assert not table["group"].str.startswith("Agent").any()
    assert "Channel=App" in set(table["group"])
    notes = " ".join(table.attrs["before_after"]["notes"])
    assert "Agent has" in notes
    assert "more than 1,000, and was not looked at" in notes
    wanted = theme_before_after(comments, mentions, RELEASE, by="Channel")
    pd.testing.assert_frame_equal(table, wanted)


def test_why_no_theme_is_compared():
    days = pd.date_range("2025-01-01", periods=24)
    for themes, why in (
        (None, "nobody left a comment that can be read"),
        ([], "nobody blames a theme"),
        (["price"], "fewer than 100 respondents blame each of them"),
    ):
        tables = survey([(day, 3, themes) for day in days])
        table = theme_before_after(*tables, "2025-01-13", window=12, min_n=100)
        assert f"No theme could be compared: {why}." in table.attrs["before_after"]["notes"]
