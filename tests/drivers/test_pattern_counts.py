"""Driver tables from counts of alike respondents: as from the respondents themselves."""

import numpy as np
import pandas as pd
import pytest

from feedback_nlp import driver_table
from feedback_nlp.drivers.join import theme_matrix
from feedback_nlp.drivers.patterns import (
    KEYS,
    driver_table_of_patterns,
    merge_patterns,
    pattern_counts,
)
from feedback_nlp.errors import RatingError
from feedback_nlp.records import Mention
from feedback_nlp.schema import mentions_table
from feedback_nlp.scores import define, definition_of

THEMES = ["delivery.speed", "general", "price.fees", "price.level", "service"]


def survey(n=900, *, metric="nps", seed=3):
    """Comments of which every third is of a respondent who answered two questions."""
    draw = np.random.default_rng(seed)
    who = np.sort(draw.integers(0, n * 2 // 3, n))
    top = {"nps": 11, "csat": 6}[metric]
    answers = draw.integers(top - 5 if metric == "csat" else 0, top, n).astype(float)
    answers[draw.random(n) < 0.05] = np.nan
    comments = pd.DataFrame({"comment_id": [f"c{i}" for i in range(n)]})
    comments["respondent_id"] = [f"r{i}" for i in who]
    comments["text"] = np.where(draw.random(n) < 0.2, "", "It was so")
    comments[metric] = pd.Series(answers).groupby(who).transform("first")
    rows = []
    for comment in comments.loc[comments["text"] != "", "comment_id"]:
        for theme in draw.choice(THEMES, draw.integers(0, 4), replace=False):
            polarity = ["negative", "neutral", "positive", None][draw.integers(0, 4)]
            said = Mention(
                theme=str(theme), polarity=polarity, theme_confidence=1.0,
                polarity_confidence=1.0 if polarity else None, start=0, end=2,
            )  # fmt: skip
            rows.append((comment, "It was so", said))
    return comments, mentions_table(rows, THEMES)


def in_parts(comments, mentions, size, rating, level):
    codes = pd.factorize(comments["respondent_id"])[0]
    for part in range(size):
        own = comments[codes % size == part].reset_index(drop=True)
        said = mentions[mentions["comment_id"].isin(own["comment_id"])].reset_index(drop=True)
        yield pattern_counts(theme_matrix(own, said, rating, level=level))


@pytest.mark.parametrize("metric", ["nps", "csat"])
@pytest.mark.parametrize("level", ["top", "sub"])
def test_counts_of_parts_make_the_table_of_the_whole(metric, level):
    comments, mentions = survey(metric=metric)
    whole = driver_table(comments, mentions, metric, level=level, n_boot=100)
    counts = merge_patterns(in_parts(comments, mentions, 7, metric, level))
    definition = definition_of(comments, metric)
    made = driver_table_of_patterns(counts, definition, metric, level=level, n_boot=100)
    pd.testing.assert_frame_equal(pd.DataFrame(made), pd.DataFrame(whole), rtol=1e-12)
    numbers = [name for name in whole if name.startswith("n")]
    pd.testing.assert_frame_equal(made[numbers], whole[numbers], check_exact=True)
    ours, theirs = made.attrs["drivers"], whole.attrs["drivers"]
    assert (
        ours["n_respondents"]
        == theirs["n_respondents"]
        == comments.dropna(subset=metric)["respondent_id"].nunique()
    )
    assert ours["rest"] == [
        {k: pytest.approx(v, rel=1e-12) if k != "theme" else v for k, v in row.items()}
        for row in theirs["rest"]
    ]
    assert ours["points_lost_total"] == pytest.approx(
        made["points_lost"].sum() + sum(row.get("points_lost", 0.0) for row in ours["rest"])
    )


def test_the_order_of_parts_changes_nothing():
    comments, mentions = survey(300)
    parts = list(in_parts(comments, mentions, 5, "nps", "top"))
    again = [merge_patterns(parts[:2]), *parts[:1:-1]]
    pd.testing.assert_frame_equal(merge_patterns(parts), merge_patterns(again))


def test_every_respondent_is_in_one_pattern():
    comments, mentions = survey(300)
    counts = pattern_counts(theme_matrix(comments, mentions, "nps"))
    assert counts["n"].sum() == comments["respondent_id"].nunique()
    assert not counts.duplicated(KEYS).any()


def test_without_a_rating_there_is_no_table():
    comments, mentions = survey(30)
    counts = pattern_counts(theme_matrix(comments.assign(nps=np.nan), mentions, "nps"))
    assert counts["rating"].isna().all()
    with pytest.raises(RatingError, match=r"all \d+ are missing"):
        driver_table_of_patterns(counts, define("nps"))
