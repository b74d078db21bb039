"""Scores from counts of answers: as from the answers themselves."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.errors import RatingError
from feedback_nlp.scores import definition_of
from feedback_nlp.scores.counted import merge_counts, overview_of_counts, rating_counts
from feedback_nlp.scores.overview import scores_overview, splits_of

SCALES = {"nps": range(11), "csat": range(1, 6), "ces": range(1, 8)}


def survey(n, metric, seed):
    draw = np.random.default_rng(seed)
    answers = draw.choice(list(SCALES[metric]), n).astype(float)
    answers[draw.random(n) < 0.1] = np.nan
    comments = pd.DataFrame({"comment_id": [f"c{i}" for i in range(n)], "text": ""})
    comments["respondent_id"] = [f"r{i}" for i in draw.integers(0, max(1, n * 2 // 3), n)]
    comments[metric] = answers
    comments["shop"] = draw.choice(["north", "south", "east", None], n)
    comments["visits"] = draw.integers(1, 12, n)
    days = pd.Timestamp("2026-01-01") + pd.to_timedelta(draw.integers(0, 120, n), unit="D")
    comments["date"] = days.to_series().where(draw.random(n) > 0.1).to_numpy()
    return comments


def in_parts(comments, parts):
    codes = pd.factorize(comments["respondent_id"])[0]
    return [comments[codes % parts == at].reset_index(drop=True) for at in range(parts)]


@given(
    n=st.integers(3, 200), seed=st.integers(0, 99), parts=st.integers(1, 5),
    metric=st.sampled_from(sorted(SCALES)),
)  # fmt: skip
@settings(max_examples=20, deadline=None)
def test_counts_of_parts_make_the_overview_of_the_whole(n, seed, parts, metric):
    comments = survey(n, metric, seed)
    if comments[metric].isna().all():
        return
    definition = definition_of(comments, metric)
    by = ["shop", "visits", "quarter"]
    whole = scores_overview(comments, metric, by=by, min_n=5)
    counts = merge_counts(
        [
            rating_counts(part, metric, definition, splits=splits_of(comments, by))
            for part in in_parts(comments, parts)
        ]
    )
    made = overview_of_counts(counts, metric, definition, min_n=5)
    pd.testing.assert_frame_equal(made, whole, rtol=1e-12)


def test_all_respondents_are_counted_once_in_each_split():
    comments = survey(200, "nps", 1)
    counts = rating_counts(
        comments, "nps", definition_of(comments, "nps"), splits=["shop", "month"]
    )
    people = comments["respondent_id"].nunique()
    totals = counts.groupby("split")["n"].sum()
    assert totals["all"] == totals["shop"] == people
    assert totals["month"] >= people  # once in each month


def test_nobody_with_an_answer_is_no_score():
    comments = survey(20, "nps", 1).assign(nps=np.nan)
    definition = definition_of(comments, "nps")
    counts = rating_counts(comments, "nps", definition)
    with pytest.raises(RatingError, match=r"all \d+ are missing"):
        overview_of_counts(counts, "nps", definition)
