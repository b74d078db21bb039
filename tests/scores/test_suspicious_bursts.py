"""Bursts of one answer, straight lines, and the table of everything suspicious."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.exports import read_comments
from feedback_nlp.records import RatingScale
from feedback_nlp.schema import with_info
from feedback_nlp.scores import nps
from feedback_nlp.scores.traps.bursts import find_bursts
from feedback_nlp.scores.traps.sensitivity import sensitivity
from feedback_nlp.scores.traps.suspicious import suspicious_answers

SHARES = np.array([2, 1, 1, 2, 2, 4, 6, 12, 22, 18, 30]) / 100
HOUR = 3600


def told(table):
    return table.attrs["suspicious"]


def quiet(seed, n=400):
    """Answers that come in rushes after mailings, whatever the rating."""
    rng = np.random.default_rng(seed)
    sent = rng.integers(0, 20, n) * 24 * HOUR
    seconds = (sent + rng.exponential(3 * HOUR, n)).astype(int)
    return pd.DataFrame(
        {
            "comment_id": [f"c{i}" for i in range(n)],
            "nps": rng.choice(11, n, p=SHARES).astype(float),
            "date": pd.Timestamp("2026-03-01 09:00") + pd.to_timedelta(seconds, unit="s"),
        }
    )


@pytest.fixture
def stuffed():
    """Forty tens within seven minutes of one night."""
    comments = quiet(1, 600)
    start = pd.Timestamp("2026-03-08 03:00")
    comments.loc[100:139, "date"] = start + pd.to_timedelta(np.arange(40) * 10, unit="s")
    comments.loc[100:139, "nps"] = 10
    return comments


def test_a_burst_is_found_with_its_reason(stuffed):
    found = suspicious_answers(stuffed)
    assert found["comment_id"].tolist() == [f"c{i}" for i in range(100, 140)]
    assert set(found["group"]) == {"burst-1"}
    assert (found["n_group"] == 40).all()
    assert not found["soft"].any()
    others = stuffed.drop(index=range(100, 140))["nps"]
    assert found["why"].iloc[0] == (
        "40 of 40 answers to nps from 2026-03-08 03:00 to 03:06 are 10, against "
        f"{100 * (others == 10).mean():.0f}% of the 560 others; by chance in fewer than 1 of 10,000 "
        "such files."
    )
    assert told(found)["flagged"] == {"burst": 40, "alike": 0, "straight_line": 0}
    assert told(found)["sentence"] == (
        "40 respondents of 600 (7%) worth a second look: 40 in bursts of one answer. Nothing was "
        "taken out."
    )


def test_nothing_is_deleted_and_the_table_is_left_alone(stuffed):
    before = stuffed.copy(deep=True)
    suspicious_answers(stuffed)
    pd.testing.assert_frame_equal(stuffed, before)


def test_a_rush_of_all_kinds_of_answers_is_no_burst(stuffed):
    stuffed.loc[100:139, "nps"] = quiet(2, 40)["nps"].to_numpy()
    assert suspicious_answers(stuffed).empty


def test_most_files_without_a_burst_show_none():
    """At the level of 1 of 100 files, at most 2 of 200 show one (measured: 0)."""
    alarms = 0
    for seed in range(200):
        comments = quiet(seed)
        seconds = comments["date"].to_numpy().astype("datetime64[s]").astype(np.int64)
        answers = comments["nps"].to_numpy().astype(np.int64)
        alarms += bool(find_bursts(seconds, answers, widths=[600, HOUR]))
    assert alarms <= 2


def test_most_files_of_days_show_none():
    rng = np.random.default_rng(7)
    alarms = 0
    for _ in range(200):
        days, answers = rng.integers(0, 60, 600), rng.choice(5, 600, p=[0.02, 0.03, 0.05, 0.3, 0.6])
        alarms += bool(find_bursts(days, answers, widths=[0]))
    assert alarms <= 2


def test_dates_without_time_are_looked_at_by_day(stuffed):
    stuffed["date"] = stuffed["date"].dt.normalize()
    stuffed.loc[100:139, "date"] = pd.Timestamp("2026-02-27")
    found = suspicious_answers(stuffed)
    assert found["comment_id"].tolist() == [f"c{i}" for i in range(100, 140)]
    assert "on 2026-02-27 are 10" in found["why"].iloc[0]
    assert "The dates have no time of day, so a short time is one day." in told(found)["notes"]


def test_turned_answers_are_shown_as_they_were_given(stuffed):
    scale = RatingScale(metric="csat", low=1, high=10, reversed=True)
    turned = stuffed.rename(columns={"nps": "ease"}).assign(ease=stuffed["nps"].clip(lower=1))
    found = suspicious_answers(with_info(turned, {"scales": {"ease": scale.to_dict()}}))
    assert found["answer"].unique().tolist() == [1.0]
    assert found["rating"].unique().tolist() == ["ease"]


def test_respondents_with_two_comments_count_once(stuffed):
    both = pd.concat([stuffed, stuffed.assign(comment_id="d" + stuffed["comment_id"])])
    both["respondent_id"] = [*stuffed["comment_id"]] * 2
    found = suspicious_answers(both)
    assert found["comment_id"].tolist() == [f"c{i}" for i in range(100, 140)]


def test_answers_without_a_date_are_counted(stuffed):
    stuffed.loc[:19, "date"] = pd.NaT
    assert "20 respondents without a date" in " ".join(told(suspicious_answers(stuffed))["notes"])
    bare = suspicious_answers(stuffed.drop(columns="date"))
    assert bare.empty
    assert "There are no dates, so bursts were not looked for." in told(bare)["notes"]


def test_dates_of_a_time_zone_are_read(stuffed):
    stuffed["date"] = stuffed["date"].dt.tz_localize("Europe/Riga")
    assert "from 2026-03-08 03:00 to 03:06" in suspicious_answers(stuffed)["why"].iloc[0]


def test_all_at_once_and_all_alike_is_no_burst():
    comments = pd.DataFrame({"comment_id": range(2000), "nps": 10.0})
    comments["date"] = pd.Timestamp("2026-03-01 10:00")
    assert suspicious_answers(comments).empty


def test_two_bursts_of_one_answer_are_two_groups(stuffed):
    start = pd.Timestamp("2026-03-15 03:00")
    stuffed.loc[200:229, "date"] = start + pd.to_timedelta(np.arange(30), unit="s")
    stuffed.loc[200:229, "nps"] = 10
    found = suspicious_answers(stuffed)
    assert found.groupby("group")["comment_id"].count().to_dict() == {"burst-1": 40, "burst-2": 30}


@settings(max_examples=40)
@given(
    rows=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 3)), max_size=120),
    widths=st.sampled_from([(0,), (10,), (10, 60)]),
)
def test_bursts_never_overlap_and_hold_one_answer(rows, widths):
    times = np.array([row[0] for row in rows], dtype=np.int64)
    answers = np.array([row[1] for row in rows], dtype=np.int64)
    found = find_bursts(times, answers, widths=widths, least=3, false_alarms=0.9)
    members = [i for burst in found for i in burst.members]
    assert len(members) == len(set(members))
    for burst in found:
        assert set(answers[burst.members]) == {burst.answer}
        assert np.ptp(times[burst.members]) <= max(widths)
        assert burst.members.size <= burst.in_window
        assert burst.same == (answers == burst.answer).sum()


# Straight lines


def questions(seed=0, n=400, k=6, reversed_items=()):
    """Six questions of 1–5 that have something to do with each other, as asked."""
    rng = np.random.default_rng(seed)
    mood = rng.normal(0, 1, n)
    noise = rng.normal(0, 1, (n, k))
    answers = np.clip(np.round(3.6 + 0.6 * mood[:, None] + 0.8 * noise), 1, 5)
    names = [f"q{i + 1}" for i in range(k)]
    comments = pd.DataFrame(answers, columns=names)
    comments.insert(0, "comment_id", [f"c{i}" for i in range(n)])
    scales = {
        name: RatingScale(metric="csat", low=1, high=5, reversed=name in reversed_items).to_dict()
        for name in names
    }
    return with_info(comments, {"scales": scales})


def test_a_straight_line_is_a_hint_with_its_numbers():
    comments = questions()
    names = [f"q{i}" for i in range(1, 7)]
    comments.loc[:5, names] = 2.0
    found = suspicious_answers(comments)
    line = found[found["answer"] == 2]
    assert line["comment_id"].tolist() == ["c0", "c1", "c2", "c3", "c4", "c5"]
    assert line["soft"].all()
    assert (
        line["why"]
        .iloc[0]
        .startswith(
            "6 of 400 (2%) gave 2 to every question answered of the 6 on 1–5; if the questions had "
            "nothing to do with one another, fewer than 0.1 would."
        )
    )
    assert told(found)["looked_at"]["straight_line"] == 400


def test_the_same_answer_to_turned_questions_contradicts_itself():
    comments = questions(reversed_items=("q2", "q5"))
    for name in ("q1", "q3", "q4", "q6"):
        comments.loc[:3, name] = 5.0
    comments.loc[:3, ["q2", "q5"]] = 1.0  # asked the other way round: 5 as well
    found = suspicious_answers(comments)
    line = found[found["comment_id"].isin(["c0", "c1", "c2", "c3"])]
    assert line["answer"].tolist() == [5.0] * 4
    assert not line["soft"].any()
    assert "though 2 are asked the other way round" in line["why"].iloc[0]


def test_many_happy_customers_are_not_suspicious():
    comments = questions()
    names = [f"q{i}" for i in range(1, 7)]
    comments.loc[:119, names] = 5.0
    found = suspicious_answers(comments)
    assert not (found["answer"] == 5).any()
    assert any("So usual an answer is not flagged." in note for note in told(found)["notes"])


def test_few_questions_make_no_line():
    comments = questions(k=3)
    comments.loc[:, ["q1", "q2", "q3"]] = 4.0
    found = suspicious_answers(comments)
    assert found.empty
    assert "Nobody answered 4 ratings on one scale" in " ".join(told(found)["notes"])


def test_what_chance_makes_is_not_flagged():
    rng = np.random.default_rng(3)
    comments = pd.DataFrame(rng.integers(0, 2, (500, 4)).astype(float), columns=list("wxyz"))
    comments["comment_id"] = range(500)
    assert suspicious_answers(comments, ratings=list("wxyz")).empty


def test_missing_answers_are_no_answers():
    comments = questions()
    names = [f"q{i}" for i in range(1, 7)]
    comments.loc[:4, names] = 1.0
    comments.loc[:2, ["q1", "q2"]] = np.nan
    comments.loc[3, names[:3]] = np.nan  # three answers are left: too few
    found = suspicious_answers(comments)
    line = found[found["answer"] == 1]
    assert line["comment_id"].tolist() == ["c0", "c1", "c2", "c4"]


# The check of what hangs on it


def test_sensitivity_gives_the_score_without_the_flagged(stuffed):
    flags = suspicious_answers(stuffed)
    table = sensitivity(stuffed, "nps", flags)
    assert table["without"].tolist() == ["nobody", "burst"]
    whole, left = nps(stuffed["nps"]), nps(stuffed["nps"].drop(index=range(100, 140)))
    assert table["value"].tolist() == [whole.value, left.value]
    assert table["n"].tolist() == [600, 560]
    assert table["n_without"].tolist() == [0, 40]
    assert table["change"].tolist() == [0, left.value - whole.value]
    assert (table.loc[1, "low"], table.loc[1, "high"]) == (left.low, left.high)
    assert table.loc[1, "sentence"].endswith("A check, not a correction.")


def test_sensitivity_with_nothing_flagged_or_everybody(stuffed):
    nothing = sensitivity(stuffed, "nps", suspicious_answers(stuffed.head(90)))
    assert nothing["without"].tolist() == ["nobody"]
    everybody = pd.DataFrame({"kind": "alike", "respondent_id": stuffed["comment_id"]})
    table = sensitivity(stuffed, "nps", everybody)
    assert np.isnan(table.loc[1, "value"])
    assert "nobody is left" in table.loc[1, "sentence"]


# Input


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"ratings": ["ease"]}, ColumnError),
        ({"windows": ["soon"]}, FeedbackError),
        ({"windows": ["-1h"]}, FeedbackError),
        ({"false_alarms": 5}, FeedbackError),
        ({"alike": 9}, FeedbackError),
        ({"least_questions": 1}, FeedbackError),
    ],
)
def test_wrong_settings_are_told(stuffed, asked, error):
    with pytest.raises(error):
        suspicious_answers(stuffed, **asked)


def test_dates_that_are_numbers_are_refused(stuffed):
    with pytest.raises(ColumnError):
        suspicious_answers(stuffed.assign(date=range(600)))


def test_a_table_with_nothing_in_it():
    empty = pd.DataFrame({"comment_id": pd.Series(dtype="str"), "text": pd.Series(dtype="str")})
    assert told(suspicious_answers(empty))["sentence"] == "Nothing suspicious among 0 respondents."


def test_the_sample_export_has_no_bursts(sample_export):
    found = suspicious_answers(read_comments(sample_export))
    assert told(found)["flagged"]["burst"] == 0
    assert told(found)["looked_at"]["burst"] == 585
