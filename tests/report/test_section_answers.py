"""How they answered: counts of answers, shares of groups, targets."""

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sectioned import hard, hard_source, in_language, source_of, told
from statsmodels.stats.proportion import proportion_confint

from feedback_nlp.report.blocks import Figure, Table
from feedback_nlp.report.sections import answer, answers, goals
from feedback_nlp.report.svg import NARROW, WIDE
from feedback_nlp.schema import with_info
from feedback_nlp.scores import Target, definition_of, judge, load_targets, score_of
from feedback_nlp.wordings import wording_in


def counted(ratings, rating="nps"):
    """Return the counts of answers; neither they nor the groups need the explanation."""
    comments, mentions = told(ratings, [[]] * len(ratings), rating=rating)
    definition, score = definition_of(comments, rating), score_of(comments, rating)
    return answers.answer_counts(
        replace(
            hard_source("no mentions"), comments=comments, mentions=mentions, rating=rating,
            definition=definition, score=score,
        )
    )  # fmt: skip


def test_every_answer_of_the_scale_is_there_the_unused_ones_as_nought():
    found = counted([0, 0, 10, 7, np.nan])
    assert [one.answer for one in found] == [str(at) for at in range(11)]
    assert [one.n for one in found] == [2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1]
    assert [one.kind for one in found] == ["neg"] * 7 + ["mid"] * 2 + ["pos"] * 2


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 10), min_size=1, max_size=40))
def test_shares_add_up_and_have_wilson_intervals(ratings):
    found = counted(ratings)
    assert sum(one.n for one in found) == len(ratings)
    assert sum(one.share for one in found) == pytest.approx(1)
    for one in found:
        ends = proportion_confint(one.n, len(ratings), method="wilson")
        assert (one.low, one.high) == pytest.approx(ends, abs=1e-12)


def test_the_marks_of_the_axis_are_written_as_they_are():
    found = answers.AnswerColumns(answers=counted(list(range(11)) * 3))
    drawn = found.svg(wording_in("en"), WIDE)
    marks = re.findall(r'class="tick num" text-anchor="end">([\d.]+)%<', drawn)
    steps = {round(float(b) - float(a), 6) for a, b in pairwise(marks)}
    assert len(marks) > 2
    assert len(steps) == 1


def test_other_scores_have_their_own_groups():
    found = counted([1, 2, 3, 4, 5, 5], rating="csat")
    assert [one.kind for one in found] == ["neg", "neg", "mid", "pos", "pos"]
    assert found[-1].group == "satisfied respondents"


def test_an_odd_scale_is_cut_into_ranges():
    comments, mentions = told(np.linspace(0, 100, 60), [[]] * 60, rating="csat")
    comments = with_info(
        comments, {"scales": {"csat": {"metric": "csat", "low": 0.0, "high": 100.0}}}
    )
    source = source_of(comments, mentions, "csat")
    found = answers.answer_counts(source)
    assert [one.answer for one in found][:2] == ["0–10", "10–20"]
    assert sum(one.n for one in found) == 60


def test_the_title_says_which_answer_most_gave_unless_several_tie():
    one = answers.build(source_of(*told([9, 9, 3], [[]] * 3)))
    tie = answers.build(source_of(*told([9, 9, 3, 3], [[]] * 4)))
    assert one.title == "The answer given most is 9 (67%)"
    assert tie.title == "How they answered"


def test_the_groups_are_those_of_the_score(tables):
    source = source_of(*tables)
    rows = answers.group_shares(source)
    assert [row.n for row in rows] == [
        source.score.counts[name] for name in source.definition.groups
    ]
    assert sum(row.share for row in rows) == pytest.approx(1)


@pytest.mark.parametrize("language", ["en", "nl", "nb", "lv"])
@pytest.mark.parametrize("case", sorted(hard()))
def test_hard_surveys_are_drawn_in_every_language(case, language):
    section = answers.build(in_language(hard_source(case), language))
    for block in section.blocks:
        if isinstance(block, Figure):
            for width in (WIDE, NARROW):
                drawn = block.drawing.svg(wording_in(language), width)
                assert "nan" not in drawn
                assert "{" not in drawn
        if isinstance(block, Table):
            assert all(len(row) == len(block.heads) for row in block.rows)


def target(**given):
    values = {"metric": "nps", "method": "standard", "name": "ours", "unit": "points",
              "source": "the board"}  # fmt: skip
    return Target(**values | given)


def screen(ratings, *targets, language="en"):
    source = source_of(*told(ratings, [[]] * len(ratings)), language=language, targets=targets)
    return source, answer.build(source)


def test_a_target_is_met_missed_or_open_as_the_score_is_judged():
    ratings = [10] * 60 + [3] * 40
    for bound, word in ((-50, "met."), (80, "not met."), (20, "cannot be told")):
        source, first = screen(ratings, target(at_least=bound))
        judged = judge(source.score, source.targets[0])
        assert word in first.target
        assert {True: "met.", False: "not met.", None: "cannot be told"}[judged.met] == word
        assert first.scale.target == bound


def test_an_open_target_says_how_many_more_answers_would_tell():
    source, first = screen([10] * 30 + [3] * 20, target(at_least=10))
    judged = judge(source.score, source.targets[0])
    assert judged.n_more > 100
    shown = goals.table(source).rows[0][3]
    assert shown.value == judged.n_more
    assert judged.n_more <= int(shown.text.replace(",", "")) <= judged.n_more * 1.1
    assert f"About {shown.text} more answers would tell" in first.target


def test_the_score_on_the_bound_cannot_be_settled_by_more_answers():
    _, first = screen([10] * 20 + [3] * 20, target(at_least=0))
    assert "the score equals the bound" in first.target


def test_only_the_targets_that_come_with_the_package_are_called_conventions():
    shipped = next(one for one in load_targets() if one.metric == "nps")
    for one, convention in ((shipped, True), (target(at_least=5), False)):
        source, first = screen([10, 3] * 10, one)
        assert ("A convention" in first.target) == convention
        assert ("A convention" in goals.table(source).note) == convention


def test_a_range_is_marked_at_the_bound_that_is_nearer():
    source, first = screen([10] * 60 + [3] * 40, target(at_least=-90, at_most=30))
    assert goals.mark(source) == 30
    assert first.target.startswith("Target “ours” (−90 to +30):")


def test_a_target_for_another_method_or_none_is_not_shown():
    for targets in ((), (target(metric="csat", method="mean", unit="rating", at_least=4),)):
        source, first = screen([10, 3] * 10, *targets)
        assert first.target == ""
        assert first.scale.target is None
        assert goals.table(source) is None


def test_names_sources_and_periods_of_ones_own_are_shown_as_they_are_and_safe():
    own = target(name="excellent\u202e", source="<b>board</b>", at_least=5, per="year")
    _, first = screen([10, 3] * 10, own, language="nl")
    assert "Doel ‘excellent’" in first.target
    assert "<b>board</b>" in first.target
    assert "één jaar" in first.target


@pytest.mark.parametrize("language", ["en", "nl", "nb", "lv"])
def test_the_targets_that_come_with_the_package_have_names_in_every_language(language):
    said = wording_in(language)
    shipped = [one for one in load_targets() if one.metric in ("nps", "csat", "ces")]
    english = {one.name for one in shipped}
    for one in shipped:
        assert f"target_name.{one.name.replace(' ', '_')}" in said.texts
        assert language == "en" or goals.name(one, said) not in english
        assert "(" not in goals.who_states(one, said)


def test_every_target_of_the_metric_is_in_the_table():
    ratings = [5] * 85 + [1] * 15
    comments, mentions = told(ratings, [[]] * 100, rating="csat")
    source = source_of(comments, mentions, "csat")
    table = goals.table(source)
    assert [row[0].text for row in table.rows] == [
        t.name for t in load_targets() if t.metric == "csat"
    ]
    assert {row[2].text for row in table.rows} <= {"yes", "no", "cannot be told yet"}
    assert isinstance(table, Table)


def test_an_empty_answer_counts_as_missing():
    comments, mentions = told([9, 3, np.nan], [[]] * 3)
    section = answers.build(source_of(comments, mentions))
    assert section.blocks[0].note == "1 more respondent gave no usable rating."
    assert pd.Series([one.n for one in section.blocks[0].drawing.answers]).sum() == 2
