"""Scores over time: changes, before and after a date, moving windows."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import ColumnError, FeedbackError, RatingError
from feedback_nlp.scores import benjamini_hochberg, csat, nps, score_table
from feedback_nlp.scores.differences import difference
from feedback_nlp.scores.over_time.periods import calendar_of
from feedback_nlp.scores.over_time.trends import before_after, change_table
from feedback_nlp.scores.over_time.windows import moving_window


@pytest.fixture
def comments():
    random = np.random.default_rng(12)
    n = 900
    frame = pd.DataFrame({"comment_id": [f"c{i}" for i in range(n)]})
    frame["nps"] = random.integers(0, 11, n).astype(float)
    frame["csat"] = random.integers(1, 6, n).astype(float)
    frame.loc[::11, "nps"] = np.nan
    frame["shop"] = random.choice(["north", "south"], n)
    frame["date"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(random.integers(0, 151, n), "D")
    return frame


def month(comments, number):
    return comments[comments["date"].dt.month == number]


def test_each_change_is_the_difference_of_two_periods(comments):
    table = change_table(comments).set_index("period")
    assert list(table.index) == ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05"]
    assert np.isnan(table["change"].iloc[0])
    for number in (2, 3, 4, 5):
        row = table.loc[f"2026-{number:02d}"]
        own, last = month(comments, number), month(comments, number - 1)
        score, change = nps(own["nps"]), difference(own["nps"], last["nps"])
        assert (row["value"], row["low"], row["high"], row["n"], row["n_missing"]) == (
            score.value, score.low, score.high, score.n, score.n_missing,
        )  # fmt: skip
        figures = (change.value, change.low, change.high, change.p_value)
        assert tuple(row[["change", "change_low", "change_high", "p_value"]]) == pytest.approx(
            figures
        )
        assert row["previous"] == f"2026-{number - 1:02d}"
    assert table["q_value"].to_numpy() == pytest.approx(
        benjamini_hochberg(table["p_value"]), nan_ok=True
    )


def test_segments_are_followed_apart(comments):
    table = change_table(comments, "csat", by="shop", method="mean", period="quarter")
    assert list(table["shop"]) == ["north", "north", "south", "south"]
    south = comments[comments["shop"] == "south"]
    late, early = south[south["date"].dt.month > 3], south[south["date"].dt.month <= 3]
    change = difference(late["csat"], early["csat"], rating="csat", method="mean")
    assert table["change"].iloc[3] == pytest.approx(change.value)
    assert table["change"].isna().tolist() == [True, False, True, False]
    assert (table["q_value"].dropna() >= table["p_value"].dropna()).all()


def test_a_gap_stays_a_gap(comments):
    without = comments[comments["date"].dt.month != 3]
    table = change_table(without).set_index("period")
    assert (table.loc["2026-03", "n"], table.loc["2026-03", "note"]) == (0, "no answers")
    assert np.isnan(table.loc["2026-03", "value"])
    april = table.loc["2026-04"]
    assert april["previous"] == "2026-02"
    assert april["note"] == "change over a gap, from 2026-02"
    assert april["change"] == pytest.approx(
        nps(month(comments, 4)["nps"]).value - nps(month(comments, 2)["nps"]).value
    )


def test_small_periods_are_suppressed_and_are_gaps(comments):
    few = pd.concat([comments[comments["date"].dt.month != 3], month(comments, 3).head(6)])
    table = change_table(few, min_n=10).set_index("period")
    march = table.loc["2026-03"]
    assert march["suppressed"]
    assert march["note"] == "too few answers"
    assert march[["value", "low", "high", "change", "p_value"]].isna().all()
    assert march["n"] + march["n_missing"] == 6
    assert table.loc["2026-04", "previous"] == "2026-02"


def test_rows_without_a_date_are_counted(comments):
    comments.loc[:9, "date"] = pd.NaT
    answered = int(comments.loc[:9, "nps"].notna().sum())
    table = change_table(comments)
    assert table.attrs["change_table"]["n_undated"] == answered
    assert table["n"].sum() + answered == comments["nps"].notna().sum()
    assert moving_window(comments).attrs["moving_window"]["n_undated"] == answered
    found = before_after(comments, "nps", "2026-03-01")
    assert any(f"{answered} answers without a date" in note for note in found.first.notes)


@pytest.mark.parametrize(
    ("first", "last", "incomplete"),
    [
        ("2026-01-01", "2026-03-31", [False, False, False]),
        ("2026-01-02", "2026-03-30", [False, False, False]),  # a Sunday or so is no gap
        ("2026-01-20", "2026-03-31", [True, False, False]),
        ("2026-01-01", "2026-03-09", [False, False, True]),
    ],
)
def test_periods_that_are_only_partly_covered_are_noted(first, last, incomplete):
    days = pd.date_range(first, last)
    comments = pd.DataFrame({"date": days.repeat(3), "nps": 9})
    comments["comment_id"] = comments.index.astype(str)
    assert change_table(comments)["incomplete"].tolist() == incomplete


def test_answers_that_come_once_a_month_are_complete_months():
    days = pd.to_datetime(["2026-01-15", "2026-02-15", "2026-03-15"])
    assert not calendar_of(pd.Series(days), "month").incomplete.any()


@pytest.mark.parametrize("period", ["day", "week", "month", "quarter", "year"])
def test_periods_are_those_of_the_score_table(comments, period):
    table = change_table(comments, period=period, min_n=1)
    known = score_table(comments, "nps", by=period, min_n=1)
    own = table[table["n"] + table["n_missing"] > 0]
    assert own["period"].tolist() == known[period].tolist()
    assert own["n"].tolist() == known["n"].tolist()
    assert own["value"].to_numpy() == pytest.approx(known["value"].to_numpy(), nan_ok=True)


def test_before_and_after_a_date(comments):
    found = before_after(comments, "nps", "2026-03-15")
    after = comments["date"] >= "2026-03-15"
    expected = difference(comments.loc[after, "nps"], comments.loc[~after, "nps"])
    assert (found.value, found.low, found.high, found.p_value) == (
        expected.value, expected.low, expected.high, expected.p_value,
    )  # fmt: skip
    assert any("does not say what made it" in note for note in found.first.notes)
    assert before_after(comments, "nps", dt.date(2026, 3, 15)).value == found.value


def test_equal_windows_before_and_after(comments):
    found = before_after(comments, "csat", "2026-03-15", days=14, method="mean")
    days = (comments["date"] - pd.Timestamp("2026-03-15")).dt.days
    assert found.first.n == int(days.between(0, 13).sum())
    assert found.second.n == int(days.between(-14, -1).sum())
    outside = len(comments) - found.first.n - found.second.n
    assert any(f"{outside} answers outside the window" in note for note in found.first.notes)


def test_a_respondent_counts_once_on_either_side():
    comments = pd.DataFrame(
        {
            "comment_id": list("abcde"),
            "respondent_id": ["r1", "r1", "r2", "r3", "r3"],
            "nps": [2, 9, 9, 3, 9],
            "date": pd.to_datetime(
                ["2026-01-01", "2026-02-01", "2026-02-02", "2026-01-03", "2026-01-02"]
            ),
        }
    )
    found = before_after(comments, "nps", "2026-01-20")
    assert (found.first.n, found.second.n) == (2, 2)
    assert found.second.value == -100
    assert any("1 respondent answered both" in note for note in found.first.notes)


def test_respondents_of_several_periods_count_in_each_and_are_counted(comments):
    again = comments.assign(comment_id="again " + comments["comment_id"])
    again["date"] = again["date"] + pd.Timedelta(days=200)
    both = pd.concat([comments, again.head(300)], ignore_index=True)
    both["respondent_id"] = both["comment_id"].str.removeprefix("again ")
    table = change_table(both)
    assert table["n"].sum() == both["nps"].notna().sum()
    assert table.attrs["change_table"]["n_repeated"] == comments["nps"].head(300).notna().sum()
    assert table["period"].iloc[-1] > "2026-06"


def test_bad_dates_and_windows(comments):
    with pytest.raises(FeedbackError, match="The date 'soon' cannot be read"):
        before_after(comments, "nps", "soon")
    for unclear in ("12/05/2025", "05-12-2025", "12.5.2025", "May 12, 2025", 20250512):
        with pytest.raises(FeedbackError, match=f"The date {unclear!r} cannot be read; write it"):
            before_after(comments, "nps", unclear)
    with pytest.raises(FeedbackError, match="The date is missing"):
        before_after(comments, "nps", pd.NaT)
    with pytest.raises(FeedbackError, match="days is 0"):
        before_after(comments, "nps", "2026-03-01", days=0)
    with pytest.raises(RatingError, match=r"no rating with a date before \(2020-01-01\)"):
        before_after(comments, "nps", "2020-01-01")
    with pytest.raises(RatingError, match=r"from it on \(2030-01-01\)"):
        before_after(comments, "nps", "2030-01-01")
    with pytest.raises(ColumnError, match="does not hold dates but text"):
        change_table(comments.assign(date="2026-01-01"))
    with pytest.raises(ColumnError, match="name of a figure"):
        change_table(comments.assign(note="x"), by="note")
    with pytest.raises(FeedbackError, match="at least 1 period"):
        moving_window(comments, periods=0)


@pytest.mark.parametrize(
    ("rating", "method"),
    [("nps", None), ("csat", "top2"), ("csat", "mean"), ("csat", "percent_of_maximum")],
)
def test_each_window_is_the_score_of_its_answers(comments, rating, method):
    table = moving_window(comments, rating, method=method, periods=10)
    first = comments["date"].min()
    for place in (0, 4, 9, 10, 77, len(table) - 1):
        row = table.iloc[place]
        day = first + pd.Timedelta(days=place)
        own = comments[comments["date"].between(day - pd.Timedelta(days=9), day)][rating]
        score = nps(own) if rating == "nps" else csat(own, method=method)
        assert row["period"] == str(day.date())
        assert row["n"] == score.n
        assert row["n_missing"] == score.n_missing
        if score.n >= 10:
            assert (row["value"], row["low"], row["high"]) == pytest.approx(
                (score.value, score.low, score.high)
            )
        assert row["suppressed"] == (score.n < 10)
    assert table["whole"].tolist() == [False] * 9 + [True] * (len(table) - 9)


def test_windows_of_answers_of_many_values():
    random = np.random.default_rng(3)
    comments = pd.DataFrame({"csat": random.uniform(0, 100, 600)})
    comments["comment_id"] = comments.index.astype(str)
    comments["date"] = pd.date_range("2026-01-01", periods=600, freq="12h")
    table = moving_window(comments, "csat", periods=30, scale=(0, 100))
    last = csat(comments["csat"].tail(60), method="mean", scale=(0, 100))
    row = table.iloc[-1]
    assert (row["value"], row["low"], row["high"], row["n"]) == pytest.approx(
        (last.value, last.low, last.high, 60)
    )


def test_windows_of_months(comments):
    table = moving_window(comments, period="month", periods=3)
    quarter = nps(comments[comments["date"].dt.month.between(3, 5)]["nps"])
    assert table["value"].iloc[-1] == pytest.approx(quarter.value)
    assert table["start"].iloc[-1] == pd.Timestamp("2026-03-01")


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.one_of(st.none(), st.integers(0, 10))),
        min_size=1, max_size=60,
    ),
    st.sampled_from(["day", "week", "month"]),
    st.integers(1, 8),
)  # fmt: skip
def test_nobody_is_lost_and_no_score_leaves_the_scale(rows, period, periods):
    frame = pd.DataFrame(rows, columns=["day", "nps"], dtype=float)
    if frame["nps"].isna().all():
        return
    frame["date"] = pd.Timestamp("2026-02-25") + pd.to_timedelta(frame["day"], "D")
    frame["comment_id"] = [f"c{i}" for i in range(len(frame))]
    changes = change_table(frame, period=period, min_n=3)
    assert changes["n"].sum() == frame["nps"].notna().sum()
    assert (changes["n"] + changes["n_missing"]).sum() == len(frame)
    assert (changes["value"].isna() == changes["suppressed"]).all()
    shown = changes.dropna(subset="change")
    assert (
        (shown["change_low"] <= shown["change"]) & (shown["change"] <= shown["change_high"])
    ).all()
    assert (
        (shown["p_value"] < 0.05) == ((shown["change_low"] > 0) | (shown["change_high"] < 0))
    ).all()
    windows = moving_window(frame, period=period, periods=periods, min_n=1)
    assert windows["period"].tolist() == changes["period"].tolist()
    assert windows["n"].max() <= frame["nps"].notna().sum()
    scored = windows.dropna(subset="value")
    assert ((scored["low"] <= scored["value"]) & (scored["value"] <= scored["high"])).all()
    assert scored["low"].ge(-100).all()
    assert scored["high"].le(100).all()
