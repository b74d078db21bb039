"""Scores by segment and period."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import ColumnError, RatingError
from feedback_nlp.scores import csat, nps, period_of, score_table


@pytest.fixture
def comments():
    rng = np.random.default_rng(3)
    n = 400
    frame = pd.DataFrame({"comment_id": [f"c{i}" for i in range(n)]})
    frame["nps"] = rng.integers(0, 11, n).astype(float)
    frame.loc[::9, "nps"] = np.nan
    frame["shop"] = pd.Categorical(rng.choice(["north", "south"], n))
    frame["date"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 90, n), unit="D")
    return frame


def test_columns_and_overall_row(comments):
    table = score_table(comments, "nps")
    assert list(table) == [
        "metric", "method", "value", "low", "high", "n", "n_missing",
        "promoters", "passives", "detractors", "suppressed",
    ]  # fmt: skip
    whole = nps(comments["nps"])
    row = table.iloc[0]
    assert len(table) == 1
    assert (row["value"], row["low"], row["high"]) == (whole.value, whole.low, whole.high)


def test_each_row_is_the_score_of_its_group(comments):
    table = score_table(comments, "nps", by=["shop", "month"], min_n=5)
    assert list(table.columns[:2]) == ["shop", "month"]
    assert list(table["month"].unique()) == ["2026-01", "2026-02", "2026-03"]
    for row in table.itertuples():
        own = comments[
            (comments["shop"] == row.shop) & (comments["date"].dt.month == int(row.month[5:]))
        ]
        score = nps(own["nps"])
        assert (row.value, row.low, row.high) == pytest.approx((score.value, score.low, score.high))
        assert (row.n, row.n_missing, row.promoters) == (
            score.n,
            score.n_missing,
            score.counts["promoters"],
        )


def test_small_groups_are_suppressed_and_the_overall_row_never(comments):
    small = comments.head(12)
    table = score_table(small, "nps", by="shop", min_n=10)
    assert table["suppressed"].all()
    assert table[["value", "low", "high"]].isna().all(axis=None)
    assert table["n"].sum() == small["nps"].notna().sum()
    assert not score_table(small.head(3), "nps")["suppressed"].any()


def test_missing_segments_and_dates_are_groups_of_their_own(comments):
    comments["shop"] = comments["shop"].astype(object).where(comments.index % 4 > 0)
    comments.loc[comments.index % 5 == 0, "date"] = pd.NaT
    table = score_table(comments, "nps", by=["shop", "year"], min_n=1)
    assert table["n"].sum() == comments["nps"].notna().sum()
    assert table["shop"].isna().any()
    assert table["year"].isna().any()


def test_a_group_where_nobody_answered_has_a_row(comments):
    comments.loc[comments["shop"] == "south", "nps"] = np.nan
    table = score_table(comments, "nps", by="shop", min_n=0).set_index("shop")
    assert table.loc["south", "n"] == 0
    assert table.loc["south", "suppressed"]


@pytest.mark.parametrize(
    ("period", "label"),
    [
        ("day", "2027-01-01"),
        ("week", "2026-W53"),
        ("month", "2027-01"),
        ("quarter", "2027-Q1"),
        ("year", "2027"),
    ],
)
def test_periods(period, label):
    dates = pd.Series(pd.to_datetime(["2027-01-01 23:59", None]))
    assert period_of(dates, period)[0] == label
    assert pd.isna(period_of(dates, period)[1])
    zoned = dates.dt.tz_localize("Europe/Riga")
    assert period_of(zoned, period)[0] == label


def test_own_columns_come_before_periods(comments):
    comments["week"] = "first"
    assert list(score_table(comments, "nps", by="week")["week"]) == ["first"]


@pytest.mark.parametrize("name", ["method", "n", "value", "promoters", "suppressed"])
def test_a_column_named_like_a_figure_is_never_overwritten_by_it(comments, name):
    with pytest.raises(ColumnError, match=f"Column '{name}' has the name of a figure"):
        score_table(comments.rename(columns={"shop": name}), "nps", by=name)


def test_levels_that_nobody_has_make_no_row(comments):
    comments["shop"] = comments["shop"].cat.set_categories(["west", "south", "north"], ordered=True)
    table = score_table(comments, "nps", by="shop")
    assert list(table["shop"]) == ["south", "north"]


def test_errors(comments):
    with pytest.raises(ColumnError, match="No column 'branch'"):
        score_table(comments, "nps", by="branch")
    with pytest.raises(ColumnError, match="No column 'date'"):
        score_table(comments.drop(columns="date"), "nps", by="month")
    with pytest.raises(ColumnError, match="does not hold dates"):
        score_table(comments.assign(date="2026"), "nps", by="month")
    with pytest.raises(RatingError, match="No ratings left"):
        score_table(comments.assign(nps=np.nan), "nps", by="shop")
    with pytest.raises(RatingError, match=r"not a whole number: 6\.5 \(row 2\)"):
        score_table(comments.assign(nps=[9, 6.5] * 200), "nps", by="shop")


def test_a_scale_asked_for_wins(comments):
    table = score_table(comments, "nps", metric="csat", method="mean", scale=(0, 10))
    assert table.loc[0, "value"] == pytest.approx(comments["nps"].mean())
    assert table.loc[0, "method"] == "mean"


def by_hand(comments, keys):
    """Each respondent's last known values, by date, grouped by plain dictionaries."""
    people = {}
    order = comments.assign(row=range(len(comments)))
    order = order.sort_values("date", kind="stable", na_position="first")
    for row in order.to_dict("records"):
        who = row["respondent_id"]
        own = people.setdefault(who if isinstance(who, str) else row["comment_id"], {})
        own.update({k: v for k, v in row.items() if not pd.isna(v)})
    groups = {}
    for person in people.values():
        month = person["date"].strftime("%Y-%m") if "date" in person else None
        key = tuple((person | {"month": month}).get(name) for name in keys)
        groups.setdefault(key, []).append(person.get("nps"))
    return {
        key: nps(answers) for key, answers in groups.items() if any(a is not None for a in answers)
    }


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["anna", "ben", "eva", "tom", None]),
            st.integers(0, 10) | st.none(),
            st.sampled_from(["north", "south", None]),
            st.integers(0, 100) | st.none(),
        ),
        min_size=1,
        max_size=25,
    ),
    st.sampled_from([["shop"], ["month"], ["shop", "month"], ["month", "shop"]]),
    st.sampled_from(["str", "category", object]),
)
def test_respondents_are_grouped_as_by_hand(rows, keys, kind):
    who, ratings, shops, days = zip(*rows, strict=True)
    comments = pd.DataFrame({"comment_id": [f"c{i}" for i in range(len(rows))]})
    comments["respondent_id"], comments["nps"] = who, pd.Series(ratings, dtype=float)
    comments["shop"] = pd.Series(shops, dtype=object).astype(kind)
    comments["date"] = pd.Timestamp("2025-11-20") + pd.to_timedelta(
        pd.Series(days, dtype=float), "D"
    )
    if not any(rating is not None for rating in ratings):
        return
    expected = by_hand(comments, keys)
    table = score_table(comments, "nps", by=keys, min_n=1)
    found = table[~table["suppressed"]]
    assert len(found) == len(expected)
    for row in found.to_dict("records"):
        own = expected[tuple(None if pd.isna(row[name]) else row[name] for name in keys)]
        assert (row["value"], row["n"], row["n_missing"]) == (
            pytest.approx(own.value), own.n, own.n_missing,
        )  # fmt: skip
    named = [tuple(str(row[name]) for name in keys) for row in table.to_dict("records")]
    assert named == sorted(
        named, key=lambda key: [("~" if x in ("nan", "None") else x) for x in key]
    )


def test_many_columns_of_many_values_make_only_the_groups_that_occur():
    rng = np.random.default_rng(0)
    comments = pd.DataFrame({"comment_id": range(200), "nps": rng.integers(0, 11, 200)})
    names = [f"column {i}" for i in range(12)]
    for name in names:
        comments[name] = rng.permutation(200)
    table = score_table(comments, "nps", by=names, min_n=1)
    assert len(table) == 200
    assert list(table["column 0"]) == list(range(200))


def test_dates_far_apart():
    dates = pd.Series(pd.to_datetime(["1700-01-01", "2262-04-10", None]))
    assert list(period_of(dates, "quarter")[:2]) == ["1700-Q1", "2262-Q2"]
    ages = pd.Series(np.array(["0001-01-01", "29000-01-01"], dtype="datetime64[s]"))
    assert list(period_of(ages, "year")) == ["0001", "29000"]


def test_interval_and_method_of_a_table_are_those_asked_for(comments):
    options = {"metric": "csat", "method": "percent_of_highest", "scale": (0, 10), "interval": "t"}
    table = score_table(comments, "nps", by="shop", **options)
    for row in table.itertuples():
        own = csat(
            comments.loc[comments["shop"] == row.shop, "nps"], method="percent_of_highest",
            scale=(0, 10), interval="t",
        )  # fmt: skip
        assert (row.value, row.low, row.high) == pytest.approx((own.value, own.low, own.high))
