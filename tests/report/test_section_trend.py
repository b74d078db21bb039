"""The score over time: shifts and gaps as the scores find them, in words and in the drawing."""

import re
from xml.dom import minidom

import numpy as np
import pandas as pd
import pytest
from sectioned import hard, hard_source, in_language, source_of, told

from feedback_nlp.records import REPORT_LANGUAGES
from feedback_nlp.report.blocks import Absent, Figure, Texts
from feedback_nlp.report.sections import trend
from feedback_nlp.report.svg import NARROW, WIDE
from feedback_nlp.scores import change_table, control_chart, wilson
from feedback_nlp.wordings import wording_in

LATE = [("delivery.speed", "negative")]


def dated(ratings, said, days, **given):
    """Return what sections are built from, of comments on these days."""
    comments, mentions = told(ratings, said)
    return source_of(comments.assign(date=pd.to_datetime(days)), mentions, **given)


def year(per_month=40, *, fall=None, low=0.2, seed=1, months=12, blame=0.25):
    """Return a year of ratings; from the month ``fall`` on most are low, and blame delivery."""
    rng = np.random.default_rng(seed)
    ratings, said, days = [], [], []
    for month in range(months):
        for at in range(per_month):
            bad = rng.random() < (0.8 if fall is not None and month >= fall else low)
            ratings.append(2 if bad else 9)
            said.append(LATE if rng.random() < (0.7 if bad else blame) else [])
            days.append(f"2025-{month + 1:02d}-{at % 28 + 1:02d}")
    return ratings, said, days


def figures(section):
    return [block for block in section.blocks if isinstance(block, Figure)]


@pytest.fixture(scope="module")
def fallen():
    return dated(*year(fall=7))


@pytest.fixture(scope="module")
def section(fallen):
    return trend.build(fallen)


def test_a_shift_is_said_with_its_date_size_and_interval(fallen, section):
    (shift,) = control_chart(fallen.comments, "nps", period="month").shifts
    assert shift.period == "2025-08"
    size = f"{abs(shift.value):.1f}"
    assert section.title == f"From Aug 2025 on the score is {size} points lower"
    ends = f"95% interval −{abs(shift.low):.1f} to −{abs(shift.high):.1f}"
    assert f"(n = {shift.n})" in section.lead[0]
    assert f"(n = {shift.n_before}): −{size} ({ends})." in section.lead[0]


def test_the_points_are_those_of_the_scores(fallen, section):
    drawn = figures(section)[0].drawing
    table = change_table(fallen.comments, "nps", period="month")
    assert [point.value for point in drawn.points] == table["value"].tolist()
    assert [point.low for point in drawn.points] == table["low"].tolist()
    assert [point.n for point in drawn.points] == table["n"].tolist()
    assert [(turn.at, turn.kind) for turn in drawn.turns] == [(7, "shift")]
    assert [(first, last) for first, last, _ in drawn.levels] == [(0, 6), (7, 11)]
    pd.testing.assert_frame_equal(section.tables["trend"], table)
    rows = figures(section)[0].table.rows
    assert [row[1].value for row in rows] == table["value"].tolist()
    assert [row[3].value for row in rows] == table["n"].tolist()


def test_without_a_shift_it_is_said_that_there_is_none():
    section = trend.build(dated(*year()))
    assert section.title == "No change in the score beyond what chance makes"
    assert "Over 12 months the score moves no more than chance can make it." in section.lead[0]
    assert not figures(section)[0].drawing.turns
    assert "▲" not in figures(section)[0].drawing.svg(wording_in("en"), WIDE)


def test_a_month_that_stands_apart_is_no_shift():
    ratings, said, days = year(per_month=60)
    ratings = [2 if day.startswith("2025-05") else x for x, day in zip(ratings, days, strict=True)]
    section = trend.build(dated(ratings, said, days))
    assert section.title == "The score stands apart in May 2025 only"
    assert [turn.kind for turn in figures(section)[0].drawing.turns] == ["single"]


def test_too_few_periods_are_said_and_not_tested():
    section = trend.build(dated(*year(months=4)))
    assert section.title == "Too few periods to tell a change from chance"
    assert "There are 4 periods with enough answers" in section.lead[0]


def test_periods_with_few_or_no_answers_are_gaps():
    ratings, said, days = year()
    kept = [
        at
        for at, day in enumerate(days)
        if not day.startswith("2025-05") and (not day.startswith("2025-07") or at % 40 < 4)
    ]
    source = dated(*([values[at] for at in kept] for values in (ratings, said, days)))
    section = trend.build(source)
    score, themes = figures(section)
    empty = [at for at, point in enumerate(score.drawing.points) if point.value is None]
    assert empty == [4, 6]
    assert [score.drawing.points[at].n for at in empty] == [0, 4]
    assert "1 period with fewer than 10 answers is a gap." in score.note
    assert "1 period without answers is a gap." in score.note
    assert [row[1].text for row in score.table.rows if row[1].value is None] == ["too few"] * 2
    for width in (WIDE, NARROW):
        drawn = score.drawing.svg(wording_in("en"), width)
        assert len(re.findall(r'<path [^>]*class="trend"', drawn)) == 2  # the month between is one
        assert len(re.findall('class="gap-mark"', drawn)) == 2
    delivery = themes.drawing.themes[0].points
    assert [at for at, point in enumerate(delivery) if point.share is None] == empty


def test_the_share_of_a_theme_is_of_those_who_wrote(fallen, section):
    theme = figures(section)[1].drawing.themes[0]
    months = fallen.comments["date"].dt.month
    blamed = set(fallen.mentions["comment_id"])
    for month, point in enumerate(theme.points, 1):
        own = fallen.comments.loc[months == month, "comment_id"]
        assert (point.n, point.n_blame) == (len(own), own.isin(blamed).sum())
        low, high = wilson(point.n_blame, point.n)
        assert (point.low, point.high) == (pytest.approx(float(low)), pytest.approx(float(high)))
    marked = [at for at, point in enumerate(theme.points) if point.clear and point.more]
    assert marked
    assert min(marked) >= 7
    assert "Delivery more in " in figures(section)[1].note


def test_respondents_count_once_in_each_period():
    ratings, said, days = year()
    comments, mentions = told(ratings, said)
    comments = comments.assign(
        date=pd.to_datetime(days), respondent_id=[f"r{at % 40}" for at in range(len(days))]
    )
    section = trend.build(source_of(comments, mentions))
    assert {point.n for point in figures(section)[0].drawing.points} == {40}
    assert "40 respondents answered in several periods" in figures(section)[0].note


@pytest.mark.parametrize(
    ("days", "why"),
    [
        (None, "No rating has a date"), ([None] * 40, "No rating has a date"),
        (["2025-01-01"] + [None] * 39, "Only one answer has a date"),
        (["2025-01-01"] * 40, "Fewer than two periods have the 10 answers"),
    ],
)  # fmt: skip
def test_without_time_the_section_is_absent_and_says_why(days, why):
    comments, mentions = told([2, 9] * 20, [LATE, []] * 20)
    if days:
        comments["date"] = pd.to_datetime(pd.Series(days))
    for language in REPORT_LANGUAGES:
        found = trend.build(source_of(comments, mentions, language=language))
        assert isinstance(found, Absent)
        assert found.why.endswith(".")
        assert language != "en" or why in found.why


@pytest.mark.parametrize("language", REPORT_LANGUAGES)
@pytest.mark.parametrize("months", [4, 12])
def test_it_is_said_and_drawn_in_every_language(months, language):
    fall = 7 if months == 12 else None
    section = trend.build(dated(*year(fall=fall, months=months), language=language))
    texts = [section.title, *section.lead]
    for block in figures(section):
        texts += [block.label, block.note, block.lead, *(key.text for key in block.legend)]
        texts += [cell.text for row in block.table.rows for cell in row]
        for width in (WIDE, NARROW):
            minidom.parseString(block.drawing.svg(wording_in(language), width))
    check(texts, language)


def check(texts, language):
    text = "\n".join(texts)
    assert not re.search(r"[{}]|\bnan\b|None|  |\.\.", text)
    if language != "en":
        assert not re.search(r"\b(the|and|with|than|score is|theme|chance|from|others)\b", text)


@pytest.mark.parametrize("case", sorted(hard()))
def test_hard_surveys_with_dates_are_shown_or_absent(case):
    plain = hard_source(case)
    days = pd.date_range("2025-01-01", periods=len(plain.comments), freq="5D")
    source = source_of(plain.comments.assign(date=days), plain.mentions, segments=())
    for language in ("en", "lv"):
        found = trend.build(in_language(source, language))
        if isinstance(found, Absent):
            assert found.why
            continue
        for block in figures(found):
            assert "nan" not in block.drawing.svg(wording_in(language), NARROW)


def test_many_shifts_are_listed_apart():
    rng = np.random.default_rng(4)
    ratings, said, days = [], [], []
    for month in range(24):
        bad = (0.1, 0.9)[month // 6 % 2]
        for at in range(80):
            ratings.append(2 if rng.random() < bad else 9)
            said.append([])
            days.append(f"{2024 + month // 12}-{month % 12 + 1:02d}-{at % 28 + 1:02d}")
    section = trend.build(dated(ratings, said, days))
    assert section.title.startswith("The score moved more than once; last, from Jul 2025 on, by −")
    (listed,) = [block for block in section.blocks if isinstance(block, Texts)]
    assert len(listed.items) == 3
    assert "Jul 2024" not in section.lead[0]


def test_the_same_survey_gives_the_same_section(fallen, section):
    again = trend.build(fallen)
    assert again == section
    said = wording_in("nl")
    assert [b.drawing.svg(said, WIDE) for b in figures(again)] == [
        b.drawing.svg(said, WIDE) for b in figures(section)
    ]
