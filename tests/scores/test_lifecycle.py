"""Churn, retention, acquisition and growth: from counts, and from dates."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.scores.intervals import wilson
from feedback_nlp.scores.lifecycle import (
    acquisition_rate,
    churn_rate,
    net_growth,
    poisson_interval,
    retention_rate,
)
from feedback_nlp.scores.lifecycle_table import lifecycle_table


def customers(*rows):
    frame = pd.DataFrame(rows, columns=["joined", "left"])
    return frame.apply(pd.to_datetime)


def test_retention_is_of_those_at_the_start():
    # exprimere.net: (E − N) / S × 100; churn is 100 − retention.
    retention = retention_rate(start=200, end=195, new=25)
    churn = churn_rate(start=200, lost=30)
    assert retention.value == pytest.approx((195 - 25) / 200 * 100) == pytest.approx(85)
    assert retention.value + churn.value == pytest.approx(100)
    assert (retention.low + churn.high, retention.high + churn.low) == pytest.approx((100, 100))
    assert (churn.n, churn.unit, churn.counts) == (200, "percent", {"lost": 30, "kept": 170})
    low, high = wilson(30, 200)
    assert (churn.low, churn.high) == pytest.approx((low * 100, high * 100))


def test_start_minus_end_is_no_churn():
    # angelinvestingschool.com takes (start − end)/start for churn: here 2.5, where 15 % were lost.
    growth = net_growth(start=200, new=25, lost=30)
    assert growth.details["net_loss"] == pytest.approx((200 - 195) / 200 * 100) == -growth.value
    assert churn_rate(start=200, lost=30).value == 15 != growth.details["net_loss"]


def test_poisson_interval_is_scipys():
    # Garwood's interval by scipy.stats.chi2.
    for count in (1, 10, 250):
        expected = (stats.chi2.ppf(0.025, 2 * count) / 2, stats.chi2.ppf(0.975, 2 * count + 2) / 2)
        assert poisson_interval(count) == pytest.approx(expected)
    assert poisson_interval(0) == pytest.approx((0, stats.chi2.ppf(0.975, 2) / 2))


def test_acquisition_may_exceed_100():
    score = acquisition_rate(start=10, new=25)
    assert score.value == 250
    assert score.low < 250 < score.high
    assert acquisition_rate(start=10, new=0).high > 0


@pytest.mark.parametrize(
    ("new", "lost", "told"),
    [
        (400, 20, "Churn (2.0%) is below acquisition (40.0%), beyond chance."),
        (21, 20, "Churn (2.0%) is below acquisition (2.1%), but not beyond chance."),
        (20, 400, "Churn (40.0%) is above acquisition (2.0%), beyond chance."),
        (20, 20, "Churn (2.0%) is equal to acquisition (2.0%)."),
    ],
)
def test_churn_beside_acquisition(new, lost, told):
    assert net_growth(start=1000, new=new, lost=lost).notes[0] == told


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: churn_rate(start=10, lost=11), "11 lost of 10"),
        (lambda: churn_rate(start=0, lost=0), "no customers at the start"),
        (lambda: churn_rate(start=10, lost=-1), "lost is -1"),
        (lambda: churn_rate(start=10.5, lost=1), "start is 10.5"),
        (lambda: churn_rate(start=10, lost=True), "lost is True"),
        (lambda: churn_rate(start=10, lost=1, level=95), "level 95"),
        (lambda: acquisition_rate(start=10, new="4"), "new is '4'"),
        (lambda: retention_rate(start=10, end=5, new=6), "6 new customers"),
        (lambda: retention_rate(start=10, end=15, new=1), "14 kept"),
        (lambda: net_growth(start=10, new=1, lost=11), "11 lost of 10"),
        (
            lambda: lifecycle_table(customers(("2026-02-01", "2026-01-01"))),
            r"in row 1 \(2026-02-01",
        ),
        (lambda: lifecycle_table(customers((None, "2026-01-01"))), "no dates"),
        (
            lambda: lifecycle_table(customers(("2026-01-01", None)), until="2025-01-01"),
            "Nobody joined",
        ),
        (lambda: lifecycle_table(customers(("2026-01-01", None)), until="x"), "until is 'x'"),
        (lambda: lifecycle_table(customers(("2026-01-01", None)), period="hour"), "No period"),
    ],
)
def test_bad_input_is_told_in_one_line(call, told):
    with pytest.raises(FeedbackError, match=told) as found:
        call()
    assert "\n" not in str(found.value)


def test_columns_hold_dates():
    with pytest.raises(ColumnError, match="does not hold dates"):
        lifecycle_table(pd.DataFrame({"joined": ["2026-01-01"], "left": [None]}))
    with pytest.raises(ColumnError, match="No column 'left'"):
        lifecycle_table(pd.DataFrame({"joined": pd.to_datetime(["2026-01-01"])}))


def test_a_table_from_dates():
    table = lifecycle_table(
        customers(
            ("2025-12-31", "2026-02-01"),
            ("2025-12-01", None),
            ("2026-01-01", "2026-01-31"),  # came and went within January
            ("2026-01-15", "2026-01-15"),  # on one day
            ("2026-01-31", "2026-03-31"),
            ("2026-03-10", None),
            (None, "2026-01-04"),
            ("2026-05-01", None),  # later than the table knows of
            ("2026-03-01", "2026-06-30"),  # still there
        ),
        until="2026-03-31",
    )
    assert table["period"].tolist() == ["2025-12", "2026-01", "2026-02", "2026-03"]
    assert table["start"].tolist() == [0, 2, 3, 2]
    assert table["new"].tolist() == [2, 1, 0, 2]
    assert table["lost"].tolist() == [0, 0, 1, 1]
    assert table["passing"].tolist() == [0, 2, 0, 0]
    assert table["end"].tolist() == [2, 3, 2, 3]
    assert table["churn"].tolist() == pytest.approx([np.nan, 0, 100 / 3, 50], nan_ok=True)
    assert table["churn_below_acquisition"].tolist() == [pd.NA, True, False, True]
    assert table["complete"].tolist() == [True] * 4
    assert table.attrs["lifecycle"] == {"rows": 9, "joined_missing": 1, "joined_later": 1}
    march = table.iloc[3]
    score = churn_rate(start=2, lost=1)
    assert (march["churn"], march["churn_low"], march["churn_high"]) == pytest.approx(
        (score.value, score.low, score.high)
    )
    growth = net_growth(start=2, new=2, lost=1)
    assert (march["net_growth_low"], march["net_growth_high"]) == pytest.approx(
        (growth.low, growth.high)
    )


def test_a_period_that_is_not_over_says_so():
    table = lifecycle_table(customers(("2026-01-05", None), ("2026-02-10", None)))
    assert table["complete"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("period", "labels"),
    [
        ("week", ["2026-W01", "2026-W02"]), ("quarter", ["2026-Q1"]), ("year", ["2026"]),
        ("day", [f"2026-01-{day:02d}" for day in range(4, 7)]),
    ],
)  # fmt: skip
def test_periods(period, labels):
    table = lifecycle_table(customers(("2026-01-04", "2026-01-06")), period=period)
    assert table["period"].tolist() == labels


days = st.integers(0, 120)


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.tuples(days, st.none() | days), min_size=1, max_size=30),
    st.sampled_from(["week", "month"]),
    st.randoms(use_true_random=False),
)
def test_customers_add_up_in_every_period(rows, period, random):
    begin = pd.Timestamp("2026-01-01")
    made = [
        (begin + pd.Timedelta(days=a), None if b is None else begin + pd.Timedelta(days=a + b))
        for a, b in rows
    ]
    table = lifecycle_table(customers(*made), period=period)
    assert (table["end"] == table["start"] + table["new"] - table["lost"]).all()
    assert (table["start"].iloc[1:].array == table["end"].iloc[:-1].array).all()
    assert (table["lost"] <= table["start"]).all()
    assert (table["new"] + table["passing"]).sum() == len(rows)
    assert table["end"].iloc[-1] == sum(b is None for _, b in rows)
    known = table[table["start"] > 0]
    for name in ("churn", "retention", "acquisition", "net_growth"):
        assert (known[f"{name}_low"] <= known[name] + 1e-9).all()
        assert (known[name] <= known[f"{name}_high"] + 1e-9).all()
        assert (known[f"{name}_high"] > known[f"{name}_low"]).all()
    again = lifecycle_table(customers(*random.sample(made, len(made))), period=period)
    pd.testing.assert_frame_equal(table, again)


@given(st.integers(1, 500), st.integers(0, 500), st.integers(0, 500))
def test_rates_and_intervals_stay_in_range(start, lost, new):
    lost = min(lost, start)
    churn, growth = churn_rate(start=start, lost=lost), net_growth(start=start, new=new, lost=lost)
    assert 0 <= churn.low <= churn.value <= churn.high <= 100
    assert -100 <= growth.low <= growth.value <= growth.high
    assert min(churn.high - churn.low, growth.high - growth.low) > 0
    acquired = acquisition_rate(start=start, new=new)
    assert 0 <= acquired.low <= acquired.value <= acquired.high
