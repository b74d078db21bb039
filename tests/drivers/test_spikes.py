"""Spikes: tests that others compute too, the planted release, periods and edges."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, fisher_exact
from scipy.stats import t as student
from surveyed import mentioned, sample, survey, until

from feedback_nlp.drivers import spikes_table
from feedback_nlp.drivers.change.history import history_of
from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.scores import benjamini_hochberg

QUIET = np.array([[10, 30], [12, 28], [9, 31], [11, 27]])
SIZES = np.array([100, 110, 95, 105])


def months(said, sizes):
    """Return tables of months in which so many of so many respondents blame price."""
    rows = []
    for month, (n, size) in enumerate(zip(said, sizes, strict=True)):
        start = pd.Timestamp("2025-01-01") + pd.DateOffset(months=month)
        days = [start + pd.Timedelta(days=i % 28) for i in range(size)]
        rows += [(day, 5, ["price"] if i < n else []) for i, day in enumerate(days)]
    return survey(rows)


def test_the_spread_is_pearsons_and_the_test_the_likelihood_ratio():
    table = np.array([QUIET[:, 0], SIZES - QUIET[:, 0]])
    assert chi2_contingency(table, correction=False).statistic < 3
    quiet = history_of(QUIET[:, [0]], SIZES)
    assert (quiet.spread[0], quiet.freedom) == (1, 3 + 6)
    wild = np.array([[2], [25], [4], [30]])
    table = np.array([wild[:, 0], SIZES - wild[:, 0]])
    spread = history_of(wild, SIZES).spread[0]
    assert spread == pytest.approx(chi2_contingency(table, correction=False).statistic / 3)
    # The likelihood ratio of 60 of 100 against 61 of 410, over the spread, on 9 degrees of freedom.
    ratio = chi2_contingency([[60, 40], [61, 349]], correction=False, lambda_="log-likelihood")
    p_value = student.sf(np.sqrt(ratio.statistic / spread), 3 + 6)
    assert history_of(wild, SIZES).rise(np.array([60]), 100)[0] == pytest.approx(p_value)


def test_never_surer_than_fishers_exact_test():
    table = spikes_table(*months([10, 12, 9, 11, 21], [100, 110, 95, 105, 100]), period="month")
    exact = fisher_exact([[21, 79], [42, 368]], alternative="greater").pvalue
    assert table.loc[0, "p_value"] >= exact
    assert table.loc[0, "expected"] == pytest.approx(42 / 410)
    assert table.loc[0, ["share", "ratio"]].tolist() == pytest.approx([0.21, 0.21 * 410 / 42])


@settings(max_examples=40)
@given(st.lists(st.integers(0, 40), min_size=3, max_size=8), st.integers(0, 40))
def test_what_chance_allows_is_where_the_test_says_nothing(said, now):
    history = history_of(np.array(said)[:, np.newaxis], np.full(len(said), 40))
    low, high = history.allowed(40, 0.025)
    number = np.array([now])
    assert (now <= high[0]) == (history.rise(number, 40)[0] > 0.025)
    assert (now >= low[0]) == (history.fall(number, 40)[0] > 0.025)
    assert low[0] <= sum(said) / len(said) <= high[0]


def test_the_same_rise_alarms_in_a_quiet_series_only():
    quiet = spikes_table(*months([20, 22, 19, 21, 20, 45], [200] * 6), period="month").iloc[0]
    wild = spikes_table(*months([5, 40, 10, 36, 11, 45], [200] * 6), period="month").iloc[0]
    assert quiet["alert"]
    assert not wild["alert"]
    assert quiet["expected"] == wild["expected"]
    assert wild["high"] > quiet["high"]


def test_the_app_release_is_an_alert_in_may_and_june():
    table = spikes_table(*until(sample(6000), "2025-07-01"), period="month", last=2)
    found = table[table["alert"]]
    assert found["theme"].unique().tolist() == ["usability"]
    assert sorted(found["period"]) == ["2025-05", "2025-06"]
    assert (found["ratio"] > 2).all()
    assert (found["share"] > found["high"]).all()
    before = spikes_table(*until(sample(6000), "2025-05-01"), period="month")
    assert not before["alert"].any()


def test_a_rise_that_began_earlier_is_its_own_history_unless_both_are_looked_at():
    tables = months([20, 22, 19, 21, 60, 60], [200] * 6)
    assert not spikes_table(*tables, period="month")["alert"].any()
    assert spikes_table(*tables, period="month", last=2)["alert"].all()


def test_a_theme_that_is_new():
    table = spikes_table(*months([0, 0, 0, 0, 15], [80] * 5), period="month").iloc[0]
    assert table["new"]
    assert table["alert"]
    assert np.isnan(table["ratio"])
    assert (table["expected"], table["low"]) == (0, 0)


def test_respondents_count_once_in_a_period():
    comments, mentions = months([5, 5, 5, 15], [40] * 4)
    twice = pd.concat([comments, comments.assign(comment_id="again" + comments["comment_id"])])
    again = mentions.assign(comment_id=("again" + mentions["comment_id"]).astype("str"))
    twice["respondent_id"] = twice["comment_id"].str.removeprefix("again")
    both = pd.concat([mentions, again], ignore_index=True)
    pd.testing.assert_frame_equal(
        spikes_table(twice.reset_index(drop=True), both, period="month"),
        spikes_table(comments, mentions, period="month"),
    )


def test_polarity_and_level():
    comments, mentions = months([5, 6, 5, 20], [40] * 4)
    assert spikes_table(comments, mentions, period="month", polarity="positive").empty
    turned = mentions.assign(
        polarity=pd.Categorical(["positive"] * len(mentions), mentions["polarity"].cat.categories)
    )
    table = spikes_table(comments, turned, period="month", polarity="positive")
    assert table.loc[0, "n"] == 20
    tables = sample()
    assert spikes_table(*tables, level="sub")["theme"].str.contains(".", regex=False).any()
    assert not spikes_table(*tables, polarity="any")["theme"].isin(["general"]).any()


def test_an_incomplete_last_period_is_noted():
    comments, mentions = until(sample(), "2025-06-10")
    table = spikes_table(comments, mentions, period="month")
    assert table["incomplete"].all()
    assert table.attrs["spikes"]["notes"][1:] == ["The dates cover only a part of 2025-06."]


def test_several_periods_and_q_over_all_of_them():
    table = spikes_table(*sample(), period="month", last=3, min_n=1)
    assert sorted(table["period"].unique()) == ["2025-10", "2025-11", "2025-12"]
    known = table["q_value"].notna()
    assert (table.loc[known, "q_value"] >= table.loc[known, "p_value"]).all()
    assert table["alert"].tolist() == (table["q_value"] <= 0.05).tolist()
    # With min_n 1 only those that nobody mentions are suppressed; they count among the tests.
    shown = benjamini_hochberg(table.loc[known, "p_value"])
    assert (table.loc[known, "q_value"] >= shown - 1e-12).all()


def test_too_little_history_is_said():
    table = spikes_table(*months([5, 6, 20], [40] * 3), period="month")
    assert table["p_value"].isna().all()
    assert not table["alert"].any()
    assert "2 periods with comments before 2025-03" in table.attrs["spikes"]["notes"][-1]
    assert table.loc[0, "n"] == 20


def test_small_numbers_are_suppressed():
    table = spikes_table(*months([1, 0, 1, 1, 9], [80] * 5), period="month")
    assert table.loc[0, "suppressed"]
    assert not table.loc[0, "alert"]
    assert table.loc[0, ["share", "ratio", "p_value", "q_value"]].isna().all()
    few = spikes_table(*months([5, 5, 5, 5, 7], [40, 40, 40, 40, 8]), period="month")
    assert "only 8 respondents wrote" in " ".join(few.attrs["spikes"]["notes"])


def test_no_mentions_and_everybody_mentions():
    comments, _ = months([0, 0, 0, 0], [20] * 4)
    empty = spikes_table(comments, mentioned([], ["price"]), period="month")
    assert empty.empty
    assert list(empty) == list(spikes_table(*sample()))
    assert "nothing to compare" in " ".join(empty.attrs["spikes"]["notes"])
    table = spikes_table(*months([20] * 5, [20] * 5), period="month")
    assert table.loc[0, ["share", "expected", "high"]].tolist() == [1, 1, 1]
    assert not table["alert"].any()


def test_the_answer_comes_first():
    tables = months([10, 12, 9, 11, 30], [100, 110, 95, 105, 100])
    table = spikes_table(*tables, period="month")
    assert table.attrs["spikes"]["sentence"] == (
        "Faster than chance: price in 2025-05: 30% of 100 respondents who wrote, 10% before."
    )
    assert table.loc[0, "n_history"] == 410
    quiet = spikes_table(*months([10, 12, 9, 11, 10], [100, 110, 95, 105, 100]), period="month")
    assert "No theme rises faster than chance (1 theme" in quiet.attrs["spikes"]["sentence"]


def test_undated_comments_are_counted():
    comments, mentions = months([5, 5, 5, 6], [40] * 4)
    comments.loc[:4, "date"] = pd.NaT
    notes = spikes_table(comments, mentions, period="month").attrs["spikes"]
    assert notes["n_undated"] == 5
    assert notes["notes"][-1] == "5 comments without a date: left out."


def test_errors_are_one_clear_line():
    comments, mentions = months([5, 5, 5, 6], [40] * 4)
    for asked, error, said in (
        ({"period": "hour"}, FeedbackError, "hour"),
        ({"last": 0}, FeedbackError, "last is 0"),
        ({"last": 1.5}, FeedbackError, "last is 1.5"),
        ({"polarity": "angry"}, FeedbackError, "angry"),
        ({"level": "all"}, FeedbackError, "all"),
        ({"confidence": 2}, FeedbackError, "confidence"),
    ):
        with pytest.raises(error, match=said):
            spikes_table(comments, mentions, **{"period": "month", **asked})
    with pytest.raises(ColumnError, match="date"):
        spikes_table(comments.drop(columns="date"), mentions)
    with pytest.raises(ColumnError, match="no date in any row"):
        spikes_table(comments.assign(date=pd.NaT), mentions)


def test_what_was_looked_at_is_said():
    notes = spikes_table(*months([5, 5, 5, 6], [40] * 4), period="month").attrs["spikes"]["notes"]
    assert notes == [
        "40 respondents wrote in 2025-04, 120 in the 3 months before, each counted once a month."
    ]
    two = spikes_table(*months([5, 5, 5, 5, 6], [40] * 5), period="month", last=2)
    assert two.attrs["spikes"]["notes"][0].startswith("80 respondents wrote in 2025-04 to 2025-05,")


@pytest.mark.parametrize(
    ("said", "sizes", "why"),
    [
        ([1, 0, 1, 1, 9], [80] * 5, "fewer than 10 respondents mention each of 1 theme"),
        ([5, 5, 5, 5, 7], [40, 40, 40, 40, 8], "fewer than 10 respondents wrote"),
        ([5, 5, 20], [40] * 3, "there is too little history"),
        ([0, 0, 0, 0], [40] * 4, "no theme is mentioned so"),
    ],
)
def test_why_no_theme_was_tested(said, sizes, why):
    told = spikes_table(*months(said, sizes), period="month").attrs["spikes"]
    assert told["sentence"] == f"No theme could be tested: {why}."


def test_nobody_wrote_and_a_day_is_the_shortest_period():
    silent = survey([(day, 5, None) for day in pd.date_range("2025-01-01", "2025-06-30")])
    told = spikes_table(*silent, period="month").attrs["spikes"]
    assert told["sentence"].endswith("nobody left a comment that can be read.")
    one = spikes_table(*survey([("2025-01-01", 5, ["price"])]), period="day").attrs["spikes"]
    assert "in 2025-01-01, and nobody before" in one["notes"][0]
    assert "shorter period" not in " ".join(one["notes"])
    assert "only 1 respondent wrote" in " ".join(one["notes"])
