"""The numbers and sentences of a report as a whole, before any markup."""

import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.drivers import driver_table
from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.report import build_report
from feedback_nlp.report.blocks import ReasonBlock
from feedback_nlp.schema import mentions_table
from feedback_nlp.scores import nps, score_of
from feedback_nlp.showing import round_half_up, rounded_parts, safe

INVISIBLE = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]"


def reasons_of(report):
    return [block for block in report.section("reasons").blocks if isinstance(block, ReasonBlock)]


def steps_of(report):
    return report.section("points").blocks[0].drawing.steps


def nobody(ratings, text=""):
    """A survey in which nothing is mentioned."""
    comments = pd.DataFrame({"comment_id": range(len(ratings)), "nps": np.asarray(ratings, float)})
    return comments.assign(text=text), mentions_table([], [])


def test_the_score_is_the_score(report, tables):
    expected = nps(tables[0])
    assert report.score == expected
    assert report.answer.value == f"{expected.value:+.1f}".replace("-", "−")
    assert f"n\u00a0=\u00a0{expected.n}" in report.answer.between
    assert report.answer.facts[0].value == str(expected.n)
    shares = re.findall(r"(\d+)% ", report.answer.meaning)
    assert sum(map(int, shares)) == 100
    answered = report.section("answers").blocks[0].drawing.answers
    assert sum(answer.n for answer in answered) == expected.n


def test_the_waterfall_adds_up_as_it_is_shown(report):
    steps, shown = steps_of(report), round_half_up(report.score.value, 1)
    assert round(100 - sum(step.points for step in steps), 1) == shown
    assert steps[0].start == 100
    assert steps[-1].end == shown
    for before, after in pairwise(steps):
        assert before.end == after.start
    assert {step.kind for step in steps} >= {"theme", "no_theme", "no_comment"}


def test_reasons_carry_the_numbers_of_the_drivers(report, tables):
    drivers = driver_table(*tables, min_n=10, seed=0).set_index("theme")
    reasons = reasons_of(report)
    assert [reason.rank for reason in reasons] == list(range(1, len(reasons) + 1))
    for reason in reasons:
        row = drivers.loc[reason.theme]
        assert reason.estimate.value == pytest.approx(row["adjusted_gain"])
        assert reason.estimate.low <= reason.estimate.value <= reason.estimate.high
        assert reason.sentence.startswith(f"{row['n_detractors']} of the ")
        assert reason.gain.startswith(f"{row['adjusted_gain']:.1f}")
        assert any(f"{row['points_lost']:.1f} come with it" in aside for aside in reason.asides)
    gains = [reason.estimate.value for reason in reasons]
    assert gains == sorted(gains, reverse=True)
    first = reasons[0]
    sub = driver_table(*tables, level="sub", n_boot=0).set_index("theme")["n_detractors"]
    assert first.name == "Delivery"
    assert first.parts[0] == ("Speed", str(sub["delivery.speed"]))
    assert [one.name for one in report.answer.reasons] == [one.name for one in reasons[:3]]


def test_nothing_is_called_a_cause(report):
    words = str(report.to_dict()).lower()
    assert "because of" not in words
    assert "caused by" not in words
    assert "not proof of cause" in words


def test_quotes_mark_their_evidence_and_are_safe(report):
    quotes = [quote for reason in reasons_of(report) for quote in reason.quotes]
    assert quotes
    for quote in quotes:
        assert quote.evidence
        assert not re.search(INVISIBLE, quote.text)
        assert len(quote.text) < 300
        assert "shop: " in quote.source


def test_unknown_polarity_is_unknown(report, tables):
    unknown = int(tables[1]["polarity"].isna().sum())
    assert unknown > 0
    rows = report.section("themes").blocks[0].table.rows
    heads = [head.text for head in report.section("themes").blocks[0].table.heads]
    told = {head: sum(row[at].value or 0 for row in rows) for at, head in enumerate(heads[1:6], 1)}
    assert told["Neutral"] == 0
    last = sum(row[heads.index("Unknown")].value for row in rows)
    assert last == unknown


def test_periods_and_segments_add_up_to_the_score(report):
    trend = report.section("trend").blocks[0].table
    at = [head.text for head in trend.heads].index("Respondents")
    assert sum(row[at].value for row in trend.rows) == report.score.n
    columns = report.section("segments").blocks[0].drawing.columns
    ((_, rows),) = columns
    assert {row.name for row in rows} == {"north", "south", "<i>west</i>"}
    assert sum(row.n for row in rows) == report.score.n
    assert all(row.low <= row.value <= row.high for row in rows)


def test_every_section_that_is_missing_says_why():
    report = build_report(*nobody([0, 8, 10]))
    assert report.absent
    told = str(report.section("method"))
    assert all(part.why in told and part.nav in told for part in report.absent)
    assert len({part.nav for part in report.absent}) == len(report.absent)


def test_small_groups_are_not_shown(tables):
    comments, mentions = tables
    shops = ["lonesome" if at < 4 else ("east", "rest")[at % 2] for at in range(len(comments))]
    report = build_report(comments.assign(shop=shops), mentions, by="shop", max_comments=0)
    ((_, rows),) = report.section("segments").blocks[0].drawing.columns
    assert {row.name for row in rows} == {"east", "rest"}
    for id_ in ("segments", "change"):
        assert "lonesome" not in str(report.section(id_))
    comments, mentions = (
        comments.head(8),
        mentions[mentions["comment_id"].isin(comments["comment_id"].head(8))],
    )
    assert not reasons_of(build_report(comments, mentions, by=[]))


def test_min_n_moves_the_line(tables):
    few, many = (build_report(*tables, min_n=n, by=[]) for n in (1, 60))
    assert len(reasons_of(few)) > len(reasons_of(many))
    assert "fewer than 60" in str(many.section("method"))


def test_names_and_title_are_the_ones_given(tables):
    report = build_report(*tables, names={"delivery": "Parcels & post"}, title="My <own> title")
    assert report.title == "My <own> title"
    assert report.answer.reasons[0].name == "Parcels & post"


def test_by_picks_the_segments(tables):
    comments, mentions = tables
    split = comments.assign(half=["a", "b"] * 180)
    report = build_report(split, mentions, by=["half", "half"])
    assert [name for name, _ in report.section("segments").blocks[0].drawing.columns] == ["half"]
    assert "segments" not in {part.id for part in build_report(split, mentions, by=[]).sections}


@pytest.mark.parametrize(
    ("rating", "kind", "low"),
    [
        ("csat", "share", "dissatisfied respondents"),
        ("ces", "mean", "respondents who found it difficult"),
    ],
)
def test_other_scores_use_their_own_words(tables, rating, kind, low):
    comments, mentions = tables
    report = build_report(comments.assign(ces=comments["csat"]), mentions, rating)
    definition = report.source.definition
    assert definition.kind == kind
    assert report.score == score_of(comments.assign(ces=comments["csat"]), rating)
    reason = reasons_of(report)[0]
    assert low in reason.sentence
    digits = 2 if report.score.unit == "rating" else 1
    total = sum(step.points for step in steps_of(report))
    left = round(definition.maximum - total, digits)
    assert left == round_half_up(report.score.value, digits)
    ours = str([report.answer, *report.sections[:-1], report.absent]).lower()
    assert not re.search("detractor|promoter|nps", ours)


def test_nobody_wrote():
    report = build_report(*nobody([0.0, 8, 10]))
    assert reasons_of(report) == []
    assert report.answer.reasons == ()
    assert report.answer.reasons_note
    assert {"words", "trend"}.isdisjoint(part.id for part in report.sections)


def test_everybody_is_happy():
    report = build_report(*nobody([10, 10, 10], "good"))
    assert steps_of(report) == ()
    assert report.answer.value == "+100.0"


def test_writers_who_score_otherwise_are_warned_of_beside_the_score():
    comments, none = nobody([2, 9, 10] * 30)
    report = build_report(comments.assign(text=["Far too slow.", "", ""] * 30), none)
    assert report.answer.caution.startswith(
        "Those who wrote do not score like the others: −100.0 for the 30 respondents with a comment"
    )
    assert (report.answer.facts[1].value, report.answer.facts[1].label) == ("30", "of them wrote")
    alike = build_report(
        comments.assign(text=["Far too slow.", "", ""] * 30, nps=[2.0] * 45 + [9.0] * 45), none
    )
    assert alike.answer.caution == ""


def test_bad_arguments_are_refused(tables, report):
    with pytest.raises(ColumnError, match="No column 'shopp'"):
        build_report(*tables, by=["shopp"])
    with pytest.raises(FeedbackError, match="min_n is 0"):
        build_report(*tables, min_n=0)
    with pytest.raises(FeedbackError, match="No report language 'fr'"):
        build_report(*tables, language="fr")
    with pytest.raises(ColumnError, match="text"):
        build_report(tables[0].drop(columns="text"), tables[1])
    with pytest.raises(FeedbackError, match="No section 'nothing' in this report"):
        report.section("nothing")


def test_the_same_tables_give_the_same_report(tables, report):
    run = {"model": {"name": "rules"}, "versions": {"python": "3.11"}, "seed": 0}
    assert build_report(*tables, title="Shops <2025>", run=run).to_dict() == report.to_dict()


@given(st.lists(st.floats(0, 100), min_size=1, max_size=12), st.integers(0, 2))
def test_rounded_parts_always_add_up(values, digits):
    parts = rounded_parts(values, sum(values), digits)
    assert round(sum(parts), digits) == round(round_half_up(sum(values), digits), digits)
    assert min(parts) >= 0
    unit = 10.0**-digits
    assert np.max(np.abs(np.array(parts) - values)) <= 2 * unit


@given(st.text())
def test_safe_text_has_no_unseen_signs(text):
    assert not re.search(INVISIBLE, safe(text))
