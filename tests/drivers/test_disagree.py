"""Score and words disagree: what is a contradiction, why, and how many are usual."""

import numpy as np
import pandas as pd
import pytest
from contradicting import BLAME, PRAISE, survey
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from feedback_nlp.drivers.disagree.listing import COLUMNS, disagreement_summary, disagreements
from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.scores import wilson


def test_what_is_a_contradiction_and_what_is_none():
    rows = [
        (0, *PRAISE),  # listed
        (10, *BLAME),  # listed
        (9, "negative", -0.6, "The lift was broken", ["negative"]),  # listed
        (0, *BLAME), (10, *PRAISE),  # agree
        (8, *BLAME), (7, *PRAISE),  # passives contradict nothing
        (0, "positive", 0.3, "Well", ["positive"]),  # too weak
        (6, "positive", 0.95, "I am happy so far", ["positive"]),  # too near
        (0, "neutral", 0.0, "I called on Monday", []), (10, "mixed", 0.0, "Both", []),
        (0, None, None, "Hm", []), (None, *PRAISE),
    ]  # fmt: skip
    table = disagreements(*survey(rows))
    assert table["comment_id"].tolist() == ["c0", "c1", "c2"]
    assert table["group"].tolist() == ["detractors", "promoters", "promoters"]
    assert table["says"].tolist() == ["praises", "complains", "complains"]
    assert table["strength"].tolist() == pytest.approx([0.95, 0.95, 0.7])
    told = table.attrs["disagreements"]
    assert (told["n_comments"], told["n_rated"], told["n_listed"]) == (13, 12, 3)
    assert told["n_unsure"] == 2
    assert told["n_known"] == 9  # neither passives nor the one of unknown sentiment


def test_an_answer_to_what_was_asked_contradicts_nothing():
    rows = [(10, *BLAME), (0, *PRAISE), (0, *PRAISE)]
    questions = ["What could we do better?", "What was good?", "What could we do better?"]
    comments, mentions = survey(rows, question=questions)
    table = disagreements(comments, mentions)
    assert table["comment_id"].tolist() == ["c2"]
    assert table.attrs["disagreements"]["n_asked"] == 2
    assert disagreement_summary(comments, mentions)["n"].iloc[2] == 1


def test_a_segment_with_its_scale_turned_is_found_and_named():
    agree = [(0, *BLAME), (10, *PRAISE)] * 30
    turned = [(10, *BLAME), (0, *PRAISE)] * 12 + [(0, *BLAME)] * 3
    comments, mentions = survey(agree + turned, channel=["web"] * 60 + ["kiosk"] * 27)
    summary = disagreement_summary(comments, mentions, by="channel").set_index("value")
    row = summary.loc["kiosk"]
    assert (row["column"], row["n"], row["n_disagree"]) == ("channel", 27, 24)
    assert row["finding"] == "reversed"
    assert summary.loc["web", "finding"] == "usual"
    found = disagreements(comments, mentions, by="channel")
    assert found["reason"].unique().tolist() == ["scale_reversed"]
    assert found["evidence"].iloc[0] == "24 of 27 ratings at an end of the scale with channel kiosk"


def test_a_file_with_its_scale_turned():
    comments, mentions = survey([(10, *BLAME), (0, *PRAISE)] * 30)
    told = disagreements(comments, mentions).attrs["disagreements"]
    assert told["reasons"] == {"scale_reversed": 60}
    assert "the scale was probably turned" in told["sentence"]


def test_shares_and_tests_against_other_libraries():
    rows = [(10, *PRAISE)] * 70 + [(10, *BLAME)] * 30 + [(1, *BLAME)] * 38 + [(1, *PRAISE)] * 2
    rows += [(5, *BLAME)] * 10
    summary = disagreement_summary(*survey(rows), by=[]).set_index("group")
    assert summary["n"].to_dict() == {
        "detractors": 50, "promoters": 100, "both": 150, "lowest": 40, "highest": 100, "ends": 140,
    }  # fmt: skip
    row = summary.loc["highest"]
    assert (row["share"], row["finding"]) == (0.3, "above_usual")
    assert (row["low"], row["high"]) == pytest.approx([float(end) for end in wilson(30, 100)])
    expected = binomtest(30, 100, 0.1, alternative="greater").pvalue
    assert row["p_value"] == pytest.approx(expected)
    assert summary.loc["lowest", "finding"] == "usual"
    assert summary.loc[["detractors", "promoters", "both"], "p_value"].isna().all()


def test_respondents_are_counted_once():
    comments, mentions = survey([(10, *BLAME)] * 30 + [(10, *PRAISE)] * 30)
    comments["respondent_id"] = [f"r{i % 30}" for i in range(60)]
    row = disagreement_summary(comments, mentions, by=[]).set_index("group").loc["ends"]
    assert (row["n"], row["n_disagree"]) == (30, 30)
    assert len(disagreements(comments, mentions)) == 30


def test_who_praises_and_complains_has_not_turned_the_scale():
    # Everybody leaves two comments, of which one contradicts the rating and one agrees.
    both = [(10, *BLAME), (10, *PRAISE), (0, *PRAISE), (0, *BLAME)] * 15
    comments, mentions = survey(both)
    comments["respondent_id"] = [f"r{i // 2}" for i in range(60)]
    row = disagreement_summary(comments, mentions, by=[]).set_index("group").loc["ends"]
    assert row[["n", "n_disagree", "n_only_disagree"]].tolist() == [30, 30, 0]
    assert row["finding"] == "above_usual"
    table = disagreements(comments, mentions)
    assert "probably turned" not in table.attrs["disagreements"]["sentence"]
    assert (table["reason"] == "unclear").all()
    # Praise that was asked for is no sign that the scale was understood.
    asked = ["", "What was good?"] * 15
    comments, mentions = survey([(10, *BLAME), (10, *PRAISE)] * 15, question=asked)
    comments["respondent_id"] = [f"r{i // 2}" for i in range(30)]
    row = disagreement_summary(comments, mentions, by=[]).set_index("group").loc["ends"]
    assert row[["n", "n_only_disagree"]].tolist() == [15, 15]
    assert row["finding"] == "reversed"


def test_the_sentence_counts_respondents_with_interval():
    rows = [(10, *BLAME)] * 3 + [(10, *PRAISE)] * 17 + [(10, "negative", -0.3, "Hm", [])] * 6
    comments, mentions = survey(rows)
    comments["respondent_id"] = [*(f"r{i}" for i in range(20)), *["r0", "r5", "r5", "x", "x", "y"]]
    told = disagreements(comments, mentions, min_n=1).attrs["disagreements"]
    low, high = wilson(3, 22)
    assert told["sentence"].startswith(
        f"3 of 22 promoters complain (14%, 95% interval {low:.0%} to {high:.0%}). "
        "3 more respondents may, but too weakly to tell."
    )  # r5, x and y; nothing is said of detractors, of whom there are none
    assert (told["n_unsure"], told["n_may_disagree"]) == (6, 3)
    told = disagreements(*survey([(5, *BLAME)] * 2, "csat"), "csat").attrs["disagreements"]
    assert told["sentence"] == "2 of 2 satisfied respondents complain."
    told = disagreements(*survey([(1, *PRAISE)] * 2, "ces"), "ces").attrs["disagreements"]
    assert told["sentence"] == "2 of 2 respondents who found it difficult praise."


def test_turned_segments_of_dates_and_missing_values_are_found():
    agree, turned = [(0, *BLAME), (10, *PRAISE)] * 20, [(10, *BLAME), (0, *PRAISE)] * 10
    day = pd.to_datetime(["2025-01-01"] * 40 + ["2025-02-01"] * 20)
    comments, mentions = survey(agree + turned, day=day)
    found = disagreements(comments, mentions, by="day")
    assert found["reason"].unique().tolist() == ["scale_reversed"]
    assert "with day 2025-02-01" in found["evidence"].iloc[0]
    found = disagreements(comments.assign(day=day.where(day.month == 1)), mentions, by="day")
    assert "with day missing" in found["evidence"].iloc[0]


def test_columns_of_too_many_values_are_noted():
    comments, mentions = survey([(0, *PRAISE)] * 1001, order=range(1001))
    for attrs in (
        disagreements(comments, mentions, by="order").attrs["disagreements"],
        disagreement_summary(comments, mentions, by="order").attrs,
    ):
        assert attrs["notes"] == [
            "order has 1,001 different values, more than 1,000, and was not looked at."
        ]


def test_texts_are_masked_and_safe():
    comments, mentions = survey([(0, "positive", 0.9, "Call 0612345678,\n so\u202e friendly", [])])
    text = disagreements(comments, mentions)["text"].iloc[0]
    assert text == "Call [phone], so friendly"


@pytest.mark.parametrize("sign", ["\u200b", "\x07", "\u202e"])
def test_invisible_signs_hide_no_personal_data(sign):
    hidden = f"Lovely, call 06{sign}12345678 or mail sanne{sign}.bakker@example.com"
    comments, mentions = survey([(0, "positive", 0.9, hidden, [])])
    text = disagreements(comments, mentions)["text"].iloc[0]
    assert text == "Lovely, call [phone] or mail [e-mail]"


@pytest.mark.parametrize(
    "rows",
    [[], [(None, *PRAISE)] * 3, [(8, *PRAISE)] * 12, [(0, None, None, "", [])] * 12, [(0, *BLAME)]],
    ids=["no comments", "no ratings", "only passives", "nothing known", "one"],
)
def test_where_nothing_can_disagree_the_tables_are_empty_and_whole(rows):
    comments, mentions = survey(rows)
    table = disagreements(comments, mentions)
    assert table.columns.tolist() == list(COLUMNS)
    assert table.empty
    assert table["strength"].dtype == np.float64
    summary = disagreement_summary(comments, mentions)
    assert summary["n_disagree"].sum() == 0
    assert summary["share"].isna().all()
    assert (summary["finding"] == "").all()


def test_errors_say_what_to_do():
    comments, mentions = survey([(0, *PRAISE)])
    with pytest.raises(ColumnError, match="No column 'sentiment'"):
        disagreements(comments.drop(columns="sentiment"), mentions)
    for function in (disagreements, disagreement_summary):
        with pytest.raises(ColumnError, match="No column 'shop'"):
            function(comments, mentions, by="shop")
    with pytest.raises(ColumnError, match="it takes negative"):
        disagreements(comments.assign(sentiment="good"), mentions)
    with pytest.raises(ColumnError, match="50 in row 1; it goes from -1 to 1"):
        disagreements(comments.assign(sentiment_score=50.0), mentions)
    with pytest.raises(ColumnError, match="No column 'staff'"):
        disagreements(comments, mentions, others="staff")
    with pytest.raises(FeedbackError, match="sure is 2"):
        disagreements(comments, mentions, sure=2)
    with pytest.raises(FeedbackError, match="usual share 10"):
        disagreement_summary(comments, mentions, usual=10)


def test_other_scores_have_their_own_groups():
    rows = [(1, *PRAISE), (5, *BLAME), (2, *PRAISE), (4, *BLAME), (3, *BLAME)]
    found = disagreements(*survey(rows, "csat"), "csat")
    assert found["group"].tolist() == ["dissatisfied", "satisfied", "dissatisfied", "satisfied"]
    summary = disagreement_summary(*survey(rows, "csat"), "csat", min_n=1, by=[])
    assert summary.set_index("group").loc["ends", "n"] == 2  # 2 and 4 are no ends


row = st.tuples(
    st.none() | st.integers(0, 10).map(float),
    st.sampled_from(["positive", "negative", "neutral", "mixed", None]),
    st.floats(-1, 1),
    st.sampled_from(["Fine", "Thanks for nothing", "It used to be good", ""]),
    st.lists(st.sampled_from(["positive", "negative", "neutral"]), max_size=3),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(row, max_size=30))
def test_every_listed_comment_contradicts_and_the_strongest_come_first(rows):
    comments, mentions = survey(rows)
    table = disagreements(comments, mentions)
    assert table["strength"].is_monotonic_decreasing
    assert table["strength"].between(0.5, 1).all()
    low = table["group"] == "detractors"
    assert (table.loc[low, "rating"] <= 6).all()
    assert (table.loc[~low, "rating"] >= 9).all()
    assert (table.loc[low, "sentiment"] == "positive").all()
    assert (table.loc[~low, "sentiment"] == "negative").all()
    told = table.attrs["disagreements"]
    assert told["n_listed"] + told["n_unsure"] <= told["n_known"] <= told["n_rated"]
    assert sum(told["reasons"].values()) == len(table)
