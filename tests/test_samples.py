"""The sample export: reproducible, shaped like an export, with the planted drivers in it."""

import io
import tomllib
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from feedback_nlp.errors import FeedbackError
from feedback_nlp.exports import write_table
from feedback_nlp.records import LANGUAGES
from feedback_nlp.samples import (
    COLUMNS,
    RATING_QUESTION,
    TEXT_QUESTION,
    make_sample,
    sample_truth,
)

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def joined():
    """A larger sample with what its comments are about, and the group of each response."""
    sample, truth = make_sample(4000, seed=3), sample_truth(4000, seed=3)
    rated = sample.dropna(subset=[RATING_QUESTION])
    ratings = rated[RATING_QUESTION].astype(float)
    rated = rated.assign(
        group=pd.cut(ratings, [-1, 6, 8, 10], labels=["detractor", "passive", "promoter"])
    )
    return rated, rated.merge(truth, on="Response ID")


def test_it_looks_like_an_export():
    sample = make_sample(600, seed=0)
    assert tuple(sample.columns) == COLUMNS
    assert len(sample) == 600
    assert sample["Response ID"].is_unique
    assert sample["Date"].between("2025-01-01", "2025-12-31").all()
    assert sample["Date"].is_monotonic_increasing
    assert sample[RATING_QUESTION].dropna().between(0, 10).all()
    assert 2 <= sample["Country"].nunique() <= 20
    assert 2 <= sample["Channel"].nunique() <= 20


def test_same_seed_same_bytes_other_seed_other_sample():
    def as_csv(seed):
        return make_sample(200, seed=seed).to_csv(index=False)

    assert as_csv(5) == as_csv(5)
    assert as_csv(5) != as_csv(6)


def test_file_in_the_repository_is_what_the_function_gives(sample_export, tmp_path):
    write_table(make_sample(), tmp_path / "sample.csv")
    assert (tmp_path / "sample.csv").read_bytes() == sample_export.read_bytes()


def test_blanks_answers_that_say_nothing_and_missing_ratings(joined):
    sample = make_sample(4000, seed=3)
    assert 0.12 < (sample[TEXT_QUESTION] == "").mean() < 0.18
    assert 0.01 < sample[RATING_QUESTION].isna().mean() < 0.03
    repeated = Counter(text for text in make_sample()[TEXT_QUESTION] if text)
    assert max(repeated.values()) > 1


def negative(mentions, theme, group):
    """Share of the comments of a group, of those with any theme, that blame a theme."""
    of_group = mentions[mentions["group"] == group]
    blamed = of_group[
        (of_group["polarity"] == "negative") & of_group["theme"].str.startswith(theme)
    ]
    return blamed["Response ID"].nunique() / of_group["Response ID"].nunique()


def test_delivery_is_what_detractors_blame_most_and_service_comes_second(joined):
    _, mentions = joined
    blame = mentions[(mentions["group"] == "detractor") & (mentions["polarity"] == "negative")]
    assert list(blame["theme"].value_counts().index[:2]) == [
        "delivery.speed", "service.reachability",
    ]  # fmt: skip
    assert negative(mentions, "delivery.speed", "detractor") > 4 * negative(
        mentions, "delivery.speed", "promoter"
    )


def test_price_is_blamed_mostly_by_passives(joined):
    _, mentions = joined
    passives = negative(mentions, "price", "passive")
    assert passives > 0.35
    assert passives > 2 * negative(mentions, "price", "detractor")


def test_app_release_drives_app_users_away_while_it_lasts(joined):
    rated, mentions = joined
    app = rated[rated["Channel"] == "App"]
    during = app["Date"].between("2025-05-12", "2025-08-31")
    assert (app[during]["group"] == "detractor").mean() > 0.4
    assert (app[~during]["group"] == "detractor").mean() < 0.3
    blame = mentions[
        (mentions["theme"] == "usability.website_app") & (mentions["polarity"] == "negative")
    ]
    summer = blame["Date"].between("2025-05-12", "2025-08-31") & (blame["Channel"] == "App")
    assert summer.mean() > 0.5


def test_shop_customers_are_happier_than_web_shop_customers(joined):
    rated, _ = joined
    detractors = (rated["group"] == "detractor").groupby(rated["Channel"]).mean()
    assert detractors["Shop"] < detractors["Web shop"] - 0.08


def test_truth_belongs_to_comments_that_are_there():
    sample, truth = make_sample(300, seed=2), sample_truth(300, seed=2)
    texts = sample.set_index("Response ID")[TEXT_QUESTION]
    assert (texts[truth["Response ID"]] != "").all()
    assert set(truth["polarity"]) <= {"negative", "neutral", "positive"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_written_comments_are_unlike_each_other_and_fit_their_ratings(language):
    path = ROOT / "data" / "samples" / f"{language}.toml"
    comments = tomllib.loads(path.read_text("utf-8"))["comment"]
    assert len({item["text"] for item in comments}) == len(comments) >= 80
    for item in comments:
        low, high = item["rating"]
        assert 0 <= low <= high <= 10, item["text"]
        assert item["themes"], item["text"]


def test_no_responses_and_fewer_than_none():
    assert make_sample(0).empty
    assert io.StringIO(make_sample(0).to_csv(index=False)).readline().startswith("Response ID")
    with pytest.raises(FeedbackError, match="number from 0 up"):
        make_sample(-1)
