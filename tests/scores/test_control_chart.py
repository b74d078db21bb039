"""The control chart: it marks what lasts and what stands alone, and leaves noise alone."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import ColumnError, FeedbackError, RatingError
from feedback_nlp.scores import csat, nps
from feedback_nlp.scores.over_time.control import MIN_PERIODS, control_chart
from feedback_nlp.scores.over_time.shifts import find_parts, joint_limits

NET = np.array([-100.0, 0.0, 100.0])
USUAL = [0.20, 0.30, 0.50]


def weekly(*weeks, start="2026-01-05"):
    """A comments table with the answers of one week after another; None is a week without any."""
    days = pd.date_range(start, periods=len(weeks), freq="7D")
    rows = [(day, x) for day, week in zip(days, weeks, strict=True) for x in week or ()]
    frame = pd.DataFrame(rows, columns=["date", "nps"])
    return frame.assign(comment_id=[f"c{i}" for i in range(len(frame))])


def answers(good, n=100):
    """Answers with a given number of promoters; the rest are passives and detractors."""
    return [10] * good + [8] * ((n - good) // 2) + [3] * (n - good - (n - good) // 2)


def test_a_lasting_shift_is_marked_where_it_begins():
    chart = control_chart(weekly(*[answers(50)] * 10, *[answers(75)] * 8))
    (shift,) = chart.shifts
    assert (shift.kind, shift.period, shift.date) == ("shift", "2026-W12", "2026-03-16")
    assert shift.value == pytest.approx(nps(answers(75)).value - nps(answers(50)).value)
    assert 0 < shift.low < shift.value < shift.high
    assert (shift.n, shift.n_before) == (800, 1000)
    assert chart.table["regime"].tolist() == [1] * 10 + [2] * 8
    assert chart.sentences == (shift.sentence,)
    assert "37.0 points higher" in shift.sentence
    assert "n = 800" in shift.sentence


def test_a_single_bad_week_is_marked_as_such_and_not_as_a_shift():
    chart = control_chart(weekly(*[answers(50)] * 8, answers(10), *[answers(50)] * 8))
    (odd,) = chart.shifts
    assert (odd.kind, odd.period, odd.n, odd.n_before) == ("single", "2026-W10", 100, 1600)
    assert odd.high < 0
    assert set(chart.table["regime"]) == {1}
    assert "stands alone" in odd.sentence
    assert "latest" not in odd.sentence


def test_of_the_latest_week_it_is_not_said_that_it_lasts():
    chart = control_chart(weekly(*[answers(50)] * 12, answers(15)))
    (odd,) = chart.shifts
    assert odd.kind == "single"
    assert "cannot be told yet" in odd.sentence


def test_a_spell_is_two_shifts():
    chart = control_chart(weekly(*[answers(50)] * 10, *[answers(25)] * 4, *[answers(50)] * 10))
    assert [(s.kind, s.period, s.value > 0) for s in chart.shifts] == [
        ("shift", "2026-W12", False),
        ("shift", "2026-W16", True),
    ]
    assert set(chart.table["regime"]) == {1, 2, 3}


def test_nothing_is_marked_in_a_quiet_series():
    random = np.random.default_rng(5)
    weeks = [random.choice([3, 8, 10], 80, p=USUAL).tolist() for _ in range(30)]
    comments = weekly(*weeks)
    chart = control_chart(comments)
    assert chart.shifts == ()
    assert chart.sentences == (
        "No shift in 30 weeks: the score moves no more than chance can make it.",
    )
    table = chart.table
    assert ((table["lower"] <= table["value"]) & (table["value"] <= table["upper"])).all()
    assert (table["centre"] == nps(comments["nps"]).value).all()


def test_limits_are_wider_where_there_are_fewer_answers():
    random = np.random.default_rng(6)
    weeks = [random.choice([3, 8, 10], 400 if i % 2 else 25, p=USUAL).tolist() for i in range(12)]
    table = control_chart(weekly(*weeks)).table
    width = table["upper"] - table["lower"]
    assert width[table["n"] == 25].min() > 3 * width[table["n"] == 400].max()


@pytest.mark.parametrize("length", [6, 16])
@pytest.mark.parametrize("shares", [USUAL, [0.01, 0.04, 0.95]])
@pytest.mark.parametrize("unequal", [False, True])
def test_few_quiet_series_show_any_signal(length, shares, unequal):
    # benchmarks/control_chart.py has more series and lengths; here the rate is 5 of 100 and the
    # bound 4.5 standard errors above it.
    series, random = 80, np.random.default_rng(length)
    alarms = 0
    for _ in range(series):
        size = np.maximum(random.lognormal(3.5, 1.2, length), 10).astype(int)
        if not unequal:
            size[:] = 40
        counts = np.array([random.multinomial(n, shares) for n in size])
        parts = find_parts(counts, NET, false_alarms=0.05, seed=0)
        alarms += bool(parts.regime.max() or parts.single.any())
    assert alarms / series < 0.05 + 4.5 * np.sqrt(0.05 * 0.95 / series)


def test_a_shift_of_15_points_is_found_within_weeks():
    # 100 answers a week, NPS +30 for 26 weeks, then +45
    random, hits, series = np.random.default_rng(8), 0, 20
    for _ in range(series):
        before = random.multinomial(100, USUAL, 26)
        after = random.multinomial(100, [0.125, 0.30, 0.575], 8)
        parts = find_parts(np.vstack([before, after]), NET, false_alarms=0.05, seed=0)
        hits += bool(parts.regime.max() > 0)
    assert hits / series > 0.75


def test_a_larger_share_of_false_alarms_gives_narrower_limits():
    random = np.random.default_rng(9)
    comments = weekly(*[random.choice([3, 8, 10], 50, p=USUAL).tolist() for _ in range(12)])
    strict, loose = (control_chart(comments, false_alarms=x).table for x in (0.01, 0.3))
    assert (strict["upper"] > loose["upper"]).all()


def test_few_answers_are_put_together_and_gaps_are_no_points():
    few = [*[answers(50)] * 6, [9] * 4, None, [8] * 7, *[answers(50)] * 6, [2] * 3]
    chart = control_chart(weekly(*few), min_n=10)
    table = chart.table.set_index("period")
    joined = table.loc["2026-W08 to 2026-W10"]
    assert (joined["n"], joined["periods"]) == (11, 2)
    assert table.index[-1] == "2026-W16 to 2026-W17"
    assert table["n"].sum() == chart.n == len(weekly(*few))
    notes = " ".join(chart.notes)
    assert "2 points of the chart put several periods" in notes
    assert "1 week without any answer" in notes


def test_rows_are_counted():
    comments = weekly(*[answers(50)] * 8)
    comments.loc[:4, "nps"] = np.nan
    comments.loc[5:7, "date"] = pd.NaT
    chart = control_chart(comments)
    assert (chart.n, chart.n_missing, chart.n_undated) == (792, 5, 3)
    assert any("3 answers without a date" in note for note in chart.notes)


def test_respondents_are_counted_once():
    comments = weekly(*[answers(50)] * 8)
    twice = pd.concat([comments, comments], ignore_index=True)
    twice["respondent_id"] = twice["comment_id"]
    twice["comment_id"] = [f"x{i}" for i in range(len(twice))]
    assert control_chart(twice).n == len(comments)
    assert "several periods:" not in " ".join(control_chart(twice).notes)
    twice.loc[len(comments) :, "date"] += pd.Timedelta(weeks=1)
    assert "800 respondents answered in several periods" in " ".join(control_chart(twice).notes)


def test_too_few_periods_to_tell():
    chart = control_chart(weekly(*[answers(50)] * 3, answers(0)))
    assert not chart.enough
    assert chart.shifts == ()
    assert chart.sentences[0].startswith("Too few periods to tell: 4 weeks")
    assert str(MIN_PERIODS) in chart.sentences[0]
    assert chart.table[["lower", "upper"]].isna().all(axis=None)
    assert chart.table["value"].notna().all()


def test_series_where_everybody_says_the_same():
    chart = control_chart(weekly(*[[10] * 30] * 8))
    assert chart.shifts == ()
    assert chart.table[["lower", "upper"]].isna().all(axis=None)


@pytest.mark.parametrize("method", ["top2", "mean", "percent_of_maximum"])
def test_other_scores(method):
    random = np.random.default_rng(4)
    weeks = [random.choice([2, 4, 5], 60, p=[0.3, 0.4, 0.3]).tolist() for _ in range(8)]
    weeks += [random.choice([2, 4, 5], 60, p=[0.05, 0.35, 0.6]).tolist() for _ in range(8)]
    comments = weekly(*weeks).rename(columns={"nps": "csat"})
    chart = control_chart(comments, "csat", method=method)
    assert [shift.period for shift in chart.shifts] == ["2026-W10"]
    late = csat(comments["csat"].tail(8 * 60), method=method)
    assert chart.table["centre"].iloc[-1] == pytest.approx(late.value)
    assert chart.unit == late.unit


def test_ratings_with_many_values_are_rounded_to_find_shifts_only():
    random = np.random.default_rng(4)
    weeks = [random.normal(50 + 8 * (i > 7), 15, 60).clip(0, 100).tolist() for i in range(16)]
    comments = weekly(*weeks).rename(columns={"nps": "csat"})
    chart = control_chart(comments, "csat", scale=(0, 100))
    assert [shift.period for shift in chart.shifts] == ["2026-W10"]
    assert chart.table["value"].iloc[0] == pytest.approx(np.mean(weeks[0]))
    assert any("rounded to 1/40" in note for note in chart.notes)


def test_it_shows_itself():
    comments = weekly(*[answers(50)] * 8, *[answers(80)] * 8).rename(columns={"nps": "<b>x</b>"})
    chart = control_chart(comments, "<b>x</b>", metric="nps")
    assert "From 2026-W10 on NPS (standard)" in str(chart)
    assert len(str(chart).splitlines()) >= 16
    shown = chart._repr_html_()
    assert "<b>" not in shown
    assert "2026-W10" in shown
    plain = json.loads(json.dumps(chart.to_dict()))
    assert plain["table"][0]["start"] == "2026-01-05"
    assert plain["shifts"][0]["period"] == "2026-W10"
    assert control_chart(weekly(*[answers(50)] * 3)).to_dict()["table"][0]["lower"] is None


def test_the_same_seed_gives_the_same_chart():
    comments = weekly(*[answers(50 + i % 7) for i in range(12)])
    one, two = (control_chart(comments, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(one.table, two.table)


def test_bad_input():
    comments = weekly(*[answers(50)] * 8)
    with pytest.raises(FeedbackError, match="false_alarms is 5"):
        control_chart(comments, false_alarms=5)
    with pytest.raises(FeedbackError, match="No period 'decade'"):
        control_chart(comments, period="decade")
    with pytest.raises(ColumnError, match="No column 'date'"):
        control_chart(comments.drop(columns="date"))
    with pytest.raises(ColumnError, match="no date in any row"):
        control_chart(comments.assign(date=pd.NaT))
    with pytest.raises(RatingError, match="No ratings left"):
        control_chart(comments.assign(nps=np.nan))
    with pytest.raises(RatingError, match="No rating in 'nps' has a date"):
        control_chart(
            comments.assign(
                nps=comments["nps"].where(comments.index == 0),
                date=comments["date"].where(comments.index > 0),
            )
        )


@settings(max_examples=25)
@given(st.lists(st.lists(st.integers(0, 10), max_size=40), min_size=1, max_size=14))
def test_what_holds_for_every_chart(weeks):
    comments = weekly(*weeks)
    if comments.empty:
        return
    chart = control_chart(comments, min_n=5)
    table = chart.table
    assert table["n"].sum() == chart.n == len(comments)
    assert table["regime"].diff().dropna().isin([0, 1]).all()
    assert len(chart.shifts) == (table["signal"] != "").sum()
    quiet = table[(table["signal"] != "single") & table["lower"].notna()]
    assert (quiet["value"] >= quiet["lower"] - 1e-9).all()
    assert (quiet["value"] <= quiet["upper"] + 1e-9).all()
    assert ((table["value"] >= -100) & (table["value"] <= 100)).all()
    assert "nan" not in str(chart)


def test_joint_limits_are_exceeded_by_the_share_asked_for():
    random = np.random.default_rng(2)
    rows = random.normal(size=(4000, 3)) * [1, 5, 20]
    for level in (0.01, 0.05, 0.5):
        above = rows > joint_limits(rows, level)
        assert above.any(axis=1).mean() <= level
        assert above.any(axis=1).mean() > 0.97 * level - 2 / 4000
        assert np.ptp(above.mean(axis=0)) < 1e-9
