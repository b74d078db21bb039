"""Answers at the ends of the scale; those who wrote beside those who did not."""

import numpy as np
import pandas as pd
import pytest

from feedback_nlp.errors import ColumnError, FeedbackError, RatingError
from feedback_nlp.exports import read_comments
from feedback_nlp.samples import make_sample
from feedback_nlp.scores import nps, wilson
from feedback_nlp.scores.differences import difference
from feedback_nlp.scores.traps.ceilings import ceiling
from feedback_nlp.scores.traps.writers import response_bias, response_shares


def test_most_at_the_top_is_a_ceiling():
    found = ceiling([5] * 80 + [4] * 10 + [1] * 10, "csat")
    assert (found.end, found.flagged, found.n_top, found.n_bottom) == ("top", True, 80, 10)
    low, high = wilson(80, 100)
    assert (found.top_low, found.top_high) == (float(low), float(high))
    assert found.sentence == (
        "80% of 100 (71% to 87%) gave the highest answer, 5 of 1–5: they cannot answer any better, "
        "so the score can hardly show an improvement."
    )


@pytest.mark.parametrize(
    ("answers", "end"),
    [
        ([1] * 90 + [5] * 10, "bottom"),
        ([5] * 30 + [3] * 70, "neither"),
        ([5] * 6 + [3] * 4, "cannot_tell"),
        ([5], "cannot_tell"),
        ([3] * 100, "neither"),
    ],
)
def test_an_end_is_crowded_only_if_the_interval_says_so(answers, end):
    assert ceiling(answers, "csat").end == end


def test_the_fifteen_percent_of_questionnaires_can_be_asked_for():
    answers = [5] * 30 + [3] * 70
    assert ceiling(answers, "csat", threshold=0.15).end == "top"
    assert "15%" in ceiling([5, 5, 3, 3, 3, 3, 3], "csat", threshold=0.15).sentence


def test_a_table_brings_its_scale_and_missing_answers_do_not_count():
    comments = pd.DataFrame({"comment_id": range(4), "nps": [10, 10, np.nan, 0]})
    found = ceiling(comments, "nps")
    assert (found.scale, found.n, found.n_top, found.n_bottom) == ((0, 10), 3, 2, 1)


def test_ceiling_refuses_what_it_cannot_read():
    with pytest.raises(RatingError):
        ceiling([np.nan], "csat")
    with pytest.raises(RatingError):
        ceiling([7], "csat")
    with pytest.raises(FeedbackError):
        ceiling([5], "csat", threshold=50)


@pytest.fixture
def comments():
    """The unhappy write; some twice, some only dots or blanks."""
    rng = np.random.default_rng(1)
    n = 500
    rating = rng.choice([1, 5, 7, 9, 10], n).astype(float)
    writes = rng.random(n) < np.where(rating < 7, 0.9, 0.3)
    frame = pd.DataFrame({"comment_id": [f"c{i}" for i in range(n)], "nps": rating})
    frame["text"] = np.where(writes, "This is what I think", rng.choice(["", "  "], n))
    frame["respondent_id"] = frame["comment_id"]
    return frame


def test_those_who_wrote_are_compared_with_those_who_did_not(comments):
    found = response_bias(comments)
    wrote = comments["text"].str.strip() != ""
    gap = difference(comments.loc[wrote, "nps"], comments.loc[~wrote, "nps"])
    assert found.difference == gap
    assert found.overall.value == nps(comments["nps"]).value
    assert found.share == wrote.mean()
    assert found.share_low < found.share < found.share_high
    assert found.sentence.endswith("The words say more about the unhappy than the score does.")
    assert f"The {wrote.sum():,} who wrote score" in found.sentence


def test_who_wrote_anything_wrote(comments):
    more = comments.assign(comment_id="d" + comments["comment_id"], text="")
    assert response_bias(pd.concat([comments, more])) == response_bias(comments)


def test_a_tagged_table_knows_what_can_be_read(comments):
    tagged = comments.assign(status=np.where(comments["text"].str.strip() != "", "ok", "blank"))
    assert response_bias(tagged) == response_bias(comments)
    tagged["status"] = tagged["status"].where(tagged["nps"] > 5, "uninformative")
    assert response_bias(tagged).difference.value > 0
    assert "about the happy" in response_bias(tagged).sentence


@pytest.mark.parametrize(("text", "word"), [("Good", "All 500"), ("", "None of the 500")])
def test_where_all_or_none_wrote_it_says_so(comments, text, word):
    found = response_bias(comments.assign(text=text))
    assert found.difference is None
    assert found.sentence.startswith(word)


def test_no_clear_difference_is_called_none(tmp_path):
    path = tmp_path / "export.csv"
    make_sample(200, seed=2).to_csv(path, index=False)
    found = response_bias(read_comments(path))
    assert not found.difference.clear
    assert ": no clear difference (" in found.sentence


def test_a_table_without_comments_is_refused(comments):
    with pytest.raises(ColumnError):
        response_bias(comments.drop(columns="text"))


def test_response_shares_of_rating_groups_and_segments(comments):
    comments["shop"] = np.where(comments.index < 100, "north", "south")
    comments.loc[:9, "shop"] = np.nan
    comments.loc[0, "nps"] = np.nan
    table = response_shares(comments, by="shop")
    assert table["column"].tolist() == ["nps"] * 3 + ["shop"] * 3
    assert table["value"].tolist()[:3] == ["detractors", "passives", "promoters"]
    assert table.loc[table["column"] == "nps", "n"].sum() == 499
    assert table.loc[table["column"] == "shop", "n"].sum() == 500
    assert table["value"].isna().sum() == 1
    assert table.loc[0, "share"] > table.loc[2, "share"]
    assert ((table["low"] <= table["share"]) & (table["share"] <= table["high"])).all()
