"""The same people asked again and again: each counts once in each period."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.schema import respondents
from feedback_nlp.scores import (
    before_after,
    change_table,
    control_chart,
    csat,
    difference_table,
    moving_window,
    nps,
    score_table,
)

QUARTERS = ("2025-02-10", "2025-05-12", "2025-08-11", "2025-11-10")


@pytest.fixture
def panel():
    """Sixty customers asked in four quarters; their answers rise."""
    random = np.random.default_rng(4)
    rows = [
        {
            "respondent_id": f"r{who}", "date": pd.Timestamp(day) + pd.Timedelta(days=who % 20),
            "nps": float(np.clip(random.integers(0, 11) + step, 0, 10)),
            "shop": ["north", "south"][who % 2],
        }
        for step, day in enumerate(QUARTERS)
        for who in range(60)
    ]  # fmt: skip
    frame = pd.DataFrame(rows).sample(frac=1, random_state=1, ignore_index=True)
    frame.insert(0, "comment_id", [f"c{i}" for i in range(len(frame))])
    return frame


def quarter(panel, number):
    return panel[panel["date"].dt.quarter == number]


def test_within_a_label_each_respondent_is_one_row():
    comments = pd.DataFrame(
        {
            "comment_id": list("abcdef"), "respondent_id": ["r", "r", "r", "s", "s", "r"],
            "nps": [1.0, 2.0, 3.0, 4.0, np.nan, np.nan],
            "date": pd.to_datetime(
                ["2026-02-01", "2026-01-03", "2026-01-02", "2026-01-05", "2026-01-09", None]
            ),
        }
    )  # fmt: skip
    found = respondents(comments, "nps", within=[1, 0, 0, 0, 0, -1])
    assert list(zip(found["respondent_id"], found["nps"], strict=True)) == [
        ("r", 1.0), ("r", 2.0), ("s", 4.0),
    ]  # fmt: skip
    assert respondents(comments, "nps")["nps"].tolist() == [1.0, 4.0]


def test_a_row_without_a_label_goes_with_the_others_of_its_respondent():
    comments = pd.DataFrame(
        {
            "comment_id": list("abcd"), "respondent_id": ["r", "r", "s", "t"],
            "nps": [9.0, np.nan, 3.0, 5.0],
            "date": pd.to_datetime([None, "2026-01-02", "2026-01-02", None]),
        }
    )  # fmt: skip
    found = respondents(comments, "nps", keep=["date"], within=[-1, 4, 4, -1])
    assert found["nps"].tolist() == [9.0, 3.0, 5.0]
    assert found["date"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize("by", ["quarter", ["quarter", "shop"], ["year", "quarter"]])
def test_each_quarter_keeps_all_its_people(panel, by):
    table = score_table(panel, "nps", by=by, min_n=1)
    assert table["n"].sum() == 240
    for row in table.itertuples():
        own = quarter(panel, int(row.quarter[-1]))
        own = own[own["shop"] == row.shop] if "shop" in by else own
        assert (row.n, row.value) == (len(own), pytest.approx(nps(own["nps"]).value))


def test_the_overall_figure_is_still_that_of_the_last_answers(panel):
    last = panel.sort_values("date").groupby("respondent_id").tail(1)
    assert score_table(panel, "nps")["value"].iloc[0] == nps(last["nps"]).value
    assert nps(panel).n == 60
    assert score_table(panel, "nps", by="shop")["n"].tolist() == [30, 30]


def test_two_answers_in_one_quarter_count_once_with_the_later(panel):
    again = panel.head(50).assign(comment_id=[f"again {i}" for i in range(50)], nps=0.0)
    both = pd.concat([again, panel], ignore_index=True)
    both.loc[:49, "date"] -= pd.Timedelta(days=1)
    assert score_table(both, "nps", by="quarter").equals(score_table(panel, "nps", by="quarter"))


def test_changes_are_those_of_all_who_answered_in_each_quarter(panel):
    table = change_table(panel, period="quarter")
    assert table["n"].tolist() == [60] * 4
    values = [nps(quarter(panel, number)["nps"]).value for number in (1, 2, 3, 4)]
    assert table["value"].tolist() == pytest.approx(values)
    assert table["change"].iloc[1:].tolist() == pytest.approx(np.diff(values))
    assert table.attrs["change_table"]["n_repeated"] == 60


def test_a_quarter_against_the_others_is_against_all_their_answers(panel):
    table = difference_table(panel, "nps", by="quarter")
    assert table["n"].tolist() == [60] * 4
    assert table["rest_n"].tolist() == [180] * 4


def test_before_and_after_hold_the_same_people(panel):
    found = before_after(panel, "nps", "2025-07-01")
    early, late = (panel[(panel["date"] < "2025-07-01") == side] for side in (True, False))
    last = [part.sort_values("date").groupby("respondent_id").tail(1) for part in (late, early)]
    assert (found.first.n, found.second.n) == (60, 60)
    assert found.first.value == pytest.approx(nps(last[0]["nps"]).value)
    assert found.second.value == pytest.approx(nps(last[1]["nps"]).value)
    told = " ".join(found.first.notes)
    assert "60 respondents answered both before and after" in told
    assert "rather too wide" in told


def test_an_answer_outside_the_window_does_not_hide_one_within(panel):
    found = before_after(panel, "nps", "2025-08-01", days=100)
    assert found.first.value == pytest.approx(nps(quarter(panel, 3)["nps"]).value)
    assert found.second.value == pytest.approx(nps(quarter(panel, 2)["nps"]).value)
    assert any("outside the window" in note for note in found.first.notes)


@pytest.mark.parametrize("periods", [1, 2, 3, 5])
@pytest.mark.parametrize("method", ["top2", "mean"])
def test_a_window_counts_each_respondent_once_with_the_last_answer_in_it(panel, periods, method):
    panel["csat"] = np.where(panel.index % 7 == 0, np.nan, np.minimum(panel["nps"] // 2 + 1, 5))
    table = moving_window(panel, "csat", period="month", periods=periods, min_n=1, method=method)
    for row in table.itertuples():
        last = pd.Period(row.period, "M")
        inside = panel[panel["date"].dt.to_period("M").between(last - periods + 1, last)]
        if inside.empty:
            assert (row.n, row.n_missing) == (0, 0)
            continue
        people = respondents(inside, "csat")
        assert (row.n, row.n_missing) == (people["csat"].count(), people["csat"].isna().sum())
        if row.n:
            own = csat(people["csat"], method=method)
            assert (row.value, row.low, row.high) == pytest.approx((own.value, own.low, own.high))


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 40), st.one_of(st.none(), st.integers(0, 10))),
        min_size=1, max_size=40,
    ),
    st.integers(1, 6),
)  # fmt: skip
def test_windows_of_any_panel_are_those_of_its_rows(rows, periods):
    frame = pd.DataFrame(rows, columns=["respondent_id", "day", "nps"])
    frame["nps"] = frame["nps"].astype(float)
    frame["respondent_id"] = frame["respondent_id"].astype(str)
    frame["date"] = pd.Timestamp("2026-01-05") + pd.to_timedelta(frame["day"], "D")
    frame["comment_id"] = [f"c{i}" for i in range(len(frame))]
    if frame["nps"].isna().all():
        return
    table = moving_window(frame, period="week", periods=periods, min_n=1)
    for row in table.itertuples():
        inside = frame[
            (frame["date"] >= row.start)
            & (frame["date"] <= row.start + pd.Timedelta(days=7 * periods - 1))
            & (frame["date"].dt.strftime("%G-W%V") <= row.period)
        ]
        people = respondents(inside, "nps")
        assert (row.n, row.n_missing) == (people["nps"].count(), people["nps"].isna().sum())
        if row.n:
            assert row.value == pytest.approx(nps(people["nps"]).value)


def test_a_chart_shows_all_people_of_each_period(panel):
    chart = control_chart(panel, period="quarter", min_n=5)
    assert chart.table["n"].tolist() == [60] * 4
    assert chart.n == 240
    assert any("60 respondents answered in several periods" in note for note in chart.notes)


def test_periods_put_together_count_each_respondent_once():
    days = pd.date_range("2026-01-05", periods=84)
    comments = pd.DataFrame({"date": days, "nps": [9.0, 3.0] * 42})
    comments["respondent_id"] = [f"r{i % 6}" for i in range(84)]
    comments["comment_id"] = comments.index.astype(str)
    chart = control_chart(comments, period="day", min_n=6)
    assert chart.table["n"].tolist() == [6] * 14
    fewer = control_chart(comments, period="day", min_n=7)
    assert fewer.table["n"].tolist() == [6]  # there are only six people
