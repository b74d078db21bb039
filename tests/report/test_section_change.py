"""What changed: the parts add up as they are shown, what is chance is called so, who answered."""

import re
from xml.dom import minidom

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sectioned import hard, hard_source, in_language, source_of, told

from feedback_nlp.drivers import theme_change_table
from feedback_nlp.records import REPORT_LANGUAGES
from feedback_nlp.report.blocks import Absent, Figure, Texts
from feedback_nlp.report.sections import change
from feedback_nlp.report.svg import NARROW, WIDE
from feedback_nlp.showing import round_half_up
from feedback_nlp.wordings import wording_in

LATE, DEAR = ("delivery.speed", "negative"), ("price.level", "negative")


def worse(n=800, *, late=0.45, seed=3, rating="nps", top=9, low=2, web=0.5):
    """Return half a year in which more blame delivery, with low ratings, in the last month."""
    rng = np.random.default_rng(seed)
    days = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.sort(rng.integers(0, 181, n)), unit="D")
    last = np.asarray(days.month == 6)
    blames = rng.random(n) < np.where(last, late, 0.1)
    ratings = np.where(blames | (rng.random(n) < 0.15), low, top)
    said = [([LATE] if one else []) + ([DEAR] if rng.random() < 0.1 else []) for one in blames]
    comments, mentions = told(ratings, said, rating=rating)
    channel = np.where(rng.random(n) < np.where(last, web, 0.5), "web", "phone")
    return comments.assign(date=days, channel=channel), mentions


@pytest.fixture(scope="module")
def source():
    return source_of(*worse(1600), segments=("channel",))


@pytest.fixture(scope="module")
def section(source):
    return change.build(source)


def figures(section):
    return [block for block in section.blocks if isinstance(block, Figure)]


def texts(section):
    return [block for block in section.blocks if isinstance(block, Texts)]


def test_the_last_month_is_compared_with_the_one_before(source, section):
    table = theme_change_table(
        source.comments, source.mentions, before="2025-05", after="2025-06", seed=0
    )
    told = table.attrs["change"]
    size = f"{abs(told['change']):.1f}"
    assert section.title == f"The score fell by {size} points: Jun 2025 against May 2025"
    assert f"({told['n_after']} respondents" not in section.title
    assert f"Jun 2025, {told['n_after']} respondents" in section.lead[0]
    assert "More than chance allows: Delivery −" in section.lead[0]
    assert "the last 1 month" in section.lead[1]
    pd.testing.assert_frame_equal(section.tables["change"], table)


def test_the_bridge_adds_up_as_it_is_shown(section):
    drawn = figures(section)[0].drawing
    at = round_half_up(drawn.before.value, 1)
    for step in drawn.steps:
        assert step.start == at
        at = round(at + step.value, 1)
        assert step.end == at
    assert at == round_half_up(drawn.after.value, 1)
    first = drawn.steps[0]
    assert (first.label, first.clear) == ("Delivery", True)
    assert first.low <= first.value <= first.high < 0
    assert [step.label for step in drawn.steps if not step.theme] == ["Wrote, but blamed no theme"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(-40, 40), min_size=1, max_size=12), st.floats(-100, 100))
def test_parts_of_both_signs_add_up_to_the_rounded_change(parts, start):
    digits = 1
    before, after = (round_half_up(x, digits) for x in (start, start + sum(parts)))
    shown = change._rounded(parts, round(after - before, digits), digits)
    assert round(sum(shown), 6) == pytest.approx(round(after - before, digits))
    assert all(
        abs(one - part) <= 0.1 * (2 + len(parts)) for one, part in zip(shown, parts, strict=True)
    )


def test_blame_before_and_after_is_of_those_who_wrote(source, section):
    row = figures(section)[1].drawing.rows[0]
    assert (row.name, row.clear) == ("Delivery", True)
    months = source.comments["date"].dt.month
    late = source.mentions.loc[source.mentions["theme"] == LATE[0], "comment_id"]
    blames = source.comments["comment_id"].isin(late)
    assert row.before == pytest.approx(blames[months == 5].mean())
    assert row.after == pytest.approx(blames[months == 6].mean())
    assert row.low <= row.after - row.before <= row.high
    assert figures(section)[1].note.startswith("More than chance: Delivery from ")


def test_a_theme_that_rises_is_named(section):
    now, limits = texts(section)
    assert now.items[0].startswith("Faster than chance: Delivery in Jun 2025: ")
    assert "Before and after does not show a cause" in limits.items[0]
    assert "In the 2 segments compared, the mix did not change by more" in limits.items[1]


def test_another_mix_of_respondents_is_said():
    section = change.build(source_of(*worse(1600, web=0.9), segments=("channel",)))
    line = texts(section)[-1].items[1]
    found = re.search(r"The mix did change: (\w+) from (\d+)% to (\d+)%", line)
    assert found
    assert set(re.findall(r"(web|phone) from", line)) == {"web", "phone"}
    mix = section.tables["mix"].set_index("value")
    assert mix.loc["web", "difference"] == pytest.approx(-mix.loc["phone", "difference"])
    assert mix.loc["web", "share"] > 0.8


def test_no_change_is_called_none():
    section = change.build(source_of(*worse(1600, late=0.1)))
    assert section.title == "No clear change of the score: Jun 2025 against May 2025"
    assert "it may be chance" in section.lead[0]
    assert not any(step.clear for step in figures(section)[0].drawing.steps if step.theme)
    assert [key.kind for key in figures(section)[0].legend] == ["maybe"]
    assert "There are no segments in the export" in texts(section)[-1].items[1]


def test_few_answers_lengthen_the_spans():
    section = change.build(source_of(*worse(400)))
    assert "Mar 2025" in section.title or "Jan 2025 – Mar 2025" in section.title
    assert "the last 3 months" in section.lead[1]


def test_respondents_on_both_sides_are_said():
    comments, mentions = worse(1600)
    comments["respondent_id"] = [f"r{at % 500}" for at in range(1600)]
    lines = texts(change.build(source_of(comments, mentions)))[-1].items
    assert any("respondents answered in both spans" in line for line in lines)


@pytest.mark.parametrize(
    "days", [None, ["2025-01-01"] * 40, ["2025-01-01"] * 38 + ["2025-02-01"] * 2]
)
def test_without_two_spans_it_is_absent_and_says_why(days):
    comments, mentions = told([2, 9] * 20, [[LATE], []] * 20)
    if days:
        comments["date"] = pd.to_datetime(days)
    for language in REPORT_LANGUAGES:
        found = change.build(source_of(comments, mentions, language=language))
        assert isinstance(found, Absent)
        assert found.why.endswith(".")


@pytest.mark.parametrize("language", REPORT_LANGUAGES)
@pytest.mark.parametrize("late", [0.45, 0.1])
def test_it_is_said_and_drawn_in_every_language(late, language):
    section = change.build(source_of(*worse(700, late=late), segments=("channel",),
                                     language=language))  # fmt: skip
    said = [section.title, *section.lead]
    for block in section.blocks:
        if isinstance(block, Figure):
            said += [block.title, block.lead, block.label, block.note, block.table.caption]
            said += [key.text for key in block.legend]
            said += [cell.text for row in block.table.rows for cell in row]
            for width in (WIDE, NARROW):
                minidom.parseString(block.drawing.svg(wording_in(language), width))
        else:
            said += [block.title, *block.items]
    text = "\n".join(said)
    assert not re.search(r"[{}]|\bnan\b|None|  |\.\.", text)
    if language != "en":
        assert not re.search(r"\b(the|and|than|theme|chance|others|blame|before|against)\b", text)


@pytest.mark.parametrize("case", sorted(hard()))
def test_hard_surveys_are_shown_or_absent(case):
    plain = hard_source(case)
    days = pd.date_range("2025-01-01", periods=len(plain.comments), freq="7D")
    source = source_of(plain.comments.assign(date=days), plain.mentions)
    for language in ("en", "nb"):
        found = change.build(in_language(source, language))
        if isinstance(found, Absent):
            assert len(days) < 21
            continue
        for block in figures(found):
            for width in (WIDE, NARROW):
                assert "nan" not in block.drawing.svg(wording_in(language), width)


@pytest.mark.parametrize(("rating", "top", "low"), [("csat", 5, 1), ("ces", 7, 1)])
def test_other_scores_change_alike(rating, top, low):
    tables = worse(1600, rating=rating, top=top, low=low)
    section = change.build(source_of(*tables, rating=rating))
    assert section.title.startswith("The score fell by ")
    drawn = figures(section)[0].drawing
    assert drawn.steps[-1].end == round_half_up(
        drawn.after.value, 1 if drawn.unit != "rating" else 2
    )
