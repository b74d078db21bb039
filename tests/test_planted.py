"""Planted effects: the sample is what it says, its truth is true, and an analysis finds it again."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from feedback_nlp import driver_table, explain_detractors, make_planted_sample
from feedback_nlp.drivers import theme_matrix
from feedback_nlp.drivers.explain.verdicts import verdicts
from feedback_nlp.errors import FeedbackError
from feedback_nlp.planted import PLANTED, WRITING, PlantedTheme
from feedback_nlp.planted.people import SPREAD, START
from feedback_nlp.schema import check_comments, check_mentions

REAL = ("delivery", "service", "price", "trust")
NOT_REAL = ("assortment", "information")


def keys(mentions):
    columns = [mentions[name].astype("str") for name in ("comment_id", "theme", "polarity")]
    return set(zip(*columns, strict=True))


def truth_of(planted, rating="nps"):
    return planted.truth[planted.truth["rating"] == rating].set_index("theme")


def explained(planted, rating="nps"):
    table = driver_table(planted.comments, planted.mentions, rating, n_boot=200)
    return table.set_index("theme")


def reasons(table):
    return set(table.index[verdicts(table) == "reason"])


@pytest.fixture(scope="module")
def large():
    return make_planted_sample(20_000, 1)


def test_same_seed_same_sample_and_another_seed_another():
    one, again, other = (make_planted_sample(200, s, tagging_errors=0.2) for s in (4, 4, 5))
    for name in ("comments", "mentions", "truth"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(again, name))
    assert not one.comments["nps"].equals(other.comments["nps"])
    pd.testing.assert_frame_equal(one.truth, other.truth)


def test_errors_of_the_tagger_change_the_mentions_alone():
    clean, worse = make_planted_sample(300, 2), make_planted_sample(300, 2, tagging_errors=0.3)
    pd.testing.assert_frame_equal(clean.comments, worse.comments)
    assert keys(clean.mentions) != keys(worse.mentions)
    kept = ["theme", "points_lost", "gain", "gain_all", "share"]
    pd.testing.assert_frame_equal(clean.truth[kept], worse.truth[kept])


def test_changing_the_truth_of_one_sample_leaves_the_next_alone():
    first = make_planted_sample(5, 0)
    first.truth["gain"] = 0.0
    assert (truth_of(make_planted_sample(5, 0))["gain"].loc[list(REAL)] > 0).all()


@settings(deadline=None, max_examples=30)
@given(
    n=st.integers(0, 80),
    seed=st.integers(0, 1000),
    errors=st.sampled_from([0.0, 0.1, 0.3, 0.9]),
    nothing=st.booleans(),
)
def test_tables_are_as_a_tagger_gives_them(n, seed, errors, nothing):
    made = make_planted_sample(n, seed, tagging_errors=errors, nothing=nothing)
    check_comments(made.comments, needs=("comment_id", "respondent_id", "text", "segment"))
    check_mentions(made.mentions, made.comments)
    assert len(made.comments) == n
    assert made.comments["nps"].isin(range(11)).all()
    assert made.comments["csat"].isin(range(1, 6)).all()
    texts = made.comments.set_index("comment_id")["text"]
    for m in made.mentions.itertuples():
        assert m.evidence == texts[m.comment_id][m.start : m.end] != ""
    assert len(keys(made.mentions)) == len(made.mentions)


def test_without_errors_the_mentions_are_what_was_written(large):
    texts = large.comments.set_index("comment_id")["text"]
    how = {"negative": "bad", "positive": "good"}
    said = {(c, f"The {t} was {how[p]}.") for c, t, p in keys(large.mentions)}
    written = {
        (c, f"{sentence}.")
        for c, text in texts.items()
        for sentence in text.rstrip(".").split(". ")
        if sentence not in ("", "That is my answer")
    }
    assert said == written


@pytest.mark.parametrize("errors", [0.1, 0.2, 0.3])
def test_a_share_of_mentions_is_missed_and_a_share_is_wrong(large, errors):
    truth = keys(large.mentions)
    read = keys(make_planted_sample(20_000, 1, tagging_errors=errors).mentions)
    assert len(truth & read) / len(truth) == pytest.approx(1 - errors, abs=0.01)
    assert len(truth & read) / len(read) == pytest.approx(1 - errors, abs=0.01)
    missed, wrong = truth - read, read - truth
    turned = {(c, t, "positive" if p == "negative" else "negative") for c, t, p in missed} & wrong
    assert len(turned) / len(missed) == pytest.approx(0.25, abs=0.03)


def test_the_unhappy_write_more(large):
    group = pd.cut(large.comments["nps"], [-1, 6, 8, 10], labels=False)
    wrote = (large.comments["text"] != "").groupby(group).mean()
    np.testing.assert_allclose(wrote, WRITING, atol=0.02)


def test_the_truth_of_one_problem_is_that_of_the_normal_curve():
    """Gain of one problem from the normal distribution function, which draws no respondents."""
    alone = PlantedTheme(theme="price", role="only", blamed=0.3, costs=2.0)
    made = make_planted_sample(10, 0, effects=[alone], writing=(1.0, 1.0, 1.0))

    def score(centre):  # promoters answer 8.5 and more, detractors less than 6.5
        return 100 * (norm.sf(8.5, centre, SPREAD) - norm.cdf(6.5, centre, SPREAD))

    truth = truth_of(made).loc["price"]
    gain = 0.3 * (score(START) - score(START - 2))
    assert truth["gain_all"] == pytest.approx(gain, abs=0.15)
    assert truth["gain"] == pytest.approx(truth["gain_all"])
    assert truth["points_lost"] == pytest.approx(0.3 * (100 - score(START - 2)), abs=0.3)


@pytest.mark.parametrize("rating", ["nps", "csat"])
def test_the_truth_is_that_of_any_large_sample(large, rating):
    planted = {0.0: large, 0.3: make_planted_sample(20_000, 1, tagging_errors=0.3)}
    for made in planted.values():
        truth = truth_of(made, rating)
        table = driver_table(made.comments, made.mentions, rating, n_boot=0).set_index("theme")
        themes = [*REAL, *NOT_REAL]
        np.testing.assert_allclose(
            table.loc[themes, "points_lost"], truth.loc[themes, "points_lost_read"], atol=0.6
        )
    shares = driver_table(large.comments, large.mentions, n_boot=0).set_index("theme")["n_negative"]
    np.testing.assert_allclose(
        shares[themes] / 20_000, truth_of(large).loc[themes, "share"], atol=0.01
    )


def test_only_what_costs_something_gains_something(large):
    for rating in ("nps", "csat"):
        truth = truth_of(large, rating)
        assert list(truth["gain"].sort_values(ascending=False).index[:2]) == list(REAL[:2])
        assert (truth.loc[list(REAL), "gain"] > 1).all()
        assert (truth["gain"] <= truth["gain_all"]).all()
        assert (truth.loc[truth["costs"] == 0, ["gain", "gain_all"]] == 0).all(axis=None)
    nps = truth_of(large)
    assert nps["gain"].loc[list(REAL)].is_monotonic_decreasing
    assert nps["points_lost"].idxmax() == "assortment"  # frequent, and no reason at all


def test_the_companion_comes_with_the_medium_reason(large):
    blamed = theme_matrix(large.comments, large.mentions).negative
    among = blamed["information"].groupby(blamed["service"]).mean()
    assert among[True] > 5 * among[False]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_planted_order_is_found_again(seed):
    table = explained(make_planted_sample(3000, seed))
    ranked = table["adjusted_gain"].sort_values(ascending=False).index
    assert list(ranked[:2]) == ["delivery", "service"]
    assert set(ranked[2:4]) == {"price", "trust"}
    assert set(REAL) <= reasons(table)


def test_where_nothing_is_planted_there_are_hardly_reasons():
    found = [reasons(explained(make_planted_sample(1000, s, nothing=True))) for s in range(12)]
    assert sum(map(bool, found)) <= 1
    truth = make_planted_sample(10, 0, nothing=True).truth
    assert (truth[["costs", "brings", "gain", "gain_all"]] == 0).all(axis=None)


def test_the_answer_in_words_names_what_is_planted_and_nothing_where_nothing_is():
    made = make_planted_sample(2000, 0)
    said = {r.theme for r in explain_detractors(made.comments, made.mentions, n_boot=200).reasons}
    assert set(REAL) <= said
    assert not said & set(NOT_REAL)
    made = make_planted_sample(2000, 0, nothing=True)
    assert explain_detractors(made.comments, made.mentions, n_boot=200).reasons == ()


def test_mood_looks_like_a_reason_and_is_none():
    made = make_planted_sample(3000, 0, nothing=True, mood=1.5)
    assert (made.truth["gain"] == 0).all()
    assert reasons(explained(made))


def test_nobody_and_nothing_to_say():
    empty = make_planted_sample(0, tagging_errors=0.3)
    assert len(empty.comments) == len(empty.mentions) == 0
    assert make_planted_sample(30, effects=[], tagging_errors=0.3).mentions.empty
    silent = make_planted_sample(30, tagging_errors=0.3, writing=(0.0, 0.0, 0.0))
    assert silent.mentions.empty
    assert (silent.comments["text"] == "").all()
    assert (silent.truth["points_lost"] == 0).all()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"n": -1}, "A sample of -1 responses cannot be made"),
        ({"tagging_errors": 1.0}, "tagging_errors is 1; give a share from 0 up to 1"),
        ({"tagging_errors": -0.1}, "tagging_errors is -0.1"),
        ({"effects": [*PLANTED, PLANTED[0]]}, "Theme 'delivery' is planted twice"),
        ({"effects": PLANTED[5:]}, "follows 'service', which is not planted before it"),
    ],
)
def test_what_cannot_be_planted_is_told(asked, told):
    with pytest.raises(FeedbackError, match=told):
        make_planted_sample(**asked)
