"""Respondents with several comments, comments without a rating or date: who is counted where."""

import numpy as np
import pandas as pd
import pytest
from sectioned import source_of, told

from feedback_nlp.drivers import theme_change_table
from feedback_nlp.drivers.change.recent import recent_spans
from feedback_nlp.report.blocks import Figure
from feedback_nlp.report.sections import answer, points, quality, segments, themes, trend

FINE = [("general", "positive")]
LATE = [("delivery.speed", "negative")]


def pairs(n=120, *, dated=True):
    """Return a survey of n respondents, who rate in a first comment and blame in a second one."""
    rng = np.random.default_rng(5)
    ratings = np.repeat(rng.integers(0, 11, n).astype(float), 2)
    said = [LATE if at % 2 and rating < 7 else [] for at, rating in enumerate(ratings)]
    comments, mentions = told(ratings, said)
    comments["respondent_id"] = [f"r{at // 2:03d}" for at in range(2 * n)]
    comments.loc[comments.index % 2 == 1, "nps"] = np.nan
    if dated:
        comments["date"] = np.repeat(pd.date_range("2025-01-01", periods=n), 2)
    return comments, mentions


def test_a_comment_beside_the_rating_counts_in_its_period():
    comments, mentions = pairs()
    section = trend.build(source_of(comments, mentions))
    table = section.tables["themes by period"]
    source = source_of(comments, mentions)
    blamed = source.explanation.table.set_index("theme").loc["delivery", "n_negative"]
    assert table["n_blame"].sum() == blamed
    assert table["n"].sum() == 120


def test_respondents_without_a_date_are_counted_once_and_not_those_with_another_date():
    comments, mentions = pairs()
    comments["nps"] = comments["nps"].ffill()
    comments.loc[comments.index % 2 == 1, "date"] = pd.NaT  # each has a date all the same
    comments.loc[comments["respondent_id"].isin(["r010", "r011"]), "date"] = pd.NaT
    when = answer.build(source_of(comments, mentions)).facts[-1]
    assert when.note.endswith("; 2 without a date")


def test_who_has_another_date_is_outside_of_both_spans_and_not_undated():
    comments, mentions = pairs()
    comments["nps"] = comments["nps"].ffill()
    comments.loc[1, "date"] = pd.NaT
    notes = theme_change_table(
        comments, mentions, "nps", before="2025-02", after="2025-03", n_boot=0
    ).attrs["change"]
    assert (notes["n_undated"], notes["n_outside"]) == (0, 31 + 30)


def test_spans_are_chosen_by_how_many_respondents_answered():
    days = pd.Series(np.repeat(pd.date_range("2025-01-01", "2025-12-31"), 3))
    who = pd.Series(np.arange(len(days)) // 3)
    assert recent_spans(days, "month", least=80) == ("2025-11", "2025-12", 1)
    chosen = recent_spans(days, "month", who=who, least=80)
    assert chosen == ("2025-07..2025-09", "2025-10..2025-12", 3)
    everybody = pd.Series(np.tile(np.arange(15), len(days) // 15))  # the same people every month
    assert recent_spans(days, "month", who=everybody, least=16)[2] == 6


@pytest.fixture(scope="module")
def few():
    """Two shops and a third of four respondents, all of whom blame delivery; a month of six."""
    comments, mentions = told([2, 9] * 52, [LATE, []] * 50 + [LATE] * 4)
    comments["shop"] = ["north", "south"] * 50 + ["tiny"] * 4
    comments["date"] = [*pd.date_range("2025-01-01", periods=98), *["2025-06-02"] * 6]
    comments["date"] = pd.to_datetime(comments["date"])
    return source_of(comments, mentions, segments=("shop",))


def test_what_a_group_that_is_too_small_says_is_in_no_table(few):
    tables = {**segments.build(few).tables, **trend.build(few).tables}
    for name in ("themes by segment", "themes by period"):
        small = tables[name][tables[name]["suppressed"]]
        assert len(small)
        hidden = ["n_blame", "n_blame_rest", "share", "low", "high", "difference"]
        assert small[hidden].isna().all(axis=None)
    figure = next(
        block for block in trend.build(few).blocks
        if isinstance(block, Figure) and block.id == "trend-themes"
    )  # fmt: skip
    assert {(p.n_blame, p.share) for p in figure.drawing.themes[0].points if p.n < 10} == {
        (None, None)
    }
    assert [row[3].text for row in figure.table.rows if row[2].value == 6] == ["–"]


def test_the_interval_beside_all_points_lost_is_that_of_the_points(few):
    (figure,) = points.build(few).blocks
    score, last = few.score, figure.table.rows[-1]
    lost = few.definition.maximum - score.high, few.definition.maximum - score.low
    assert last[2].text == few.said.span(*lost, "points")


def test_comments_with_a_theme_are_as_many_everywhere():
    comments, mentions = told([2, 9, 10] * 30, [LATE, FINE, []] * 30)
    source = source_of(comments, mentions)
    facts = {fact.label: fact.value for fact in answer.build(source).facts}
    assert facts["wrote about a theme"] == "30"
    assert themes.build(source).lead[0].startswith("30 of the 90 readable comments")
    table = quality.build(source).tables["quality"].set_index("what")["n"]
    assert table["Comments that can be read, in which a theme was found"] == 30
    assert table["Comments that can be read, in which no theme was found"] == 60
