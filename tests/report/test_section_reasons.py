"""Why the low group is unhappy: the section of reasons."""

import re

import pytest
from sectioned import hard, hard_source, in_language, source_of, told
from statsmodels.stats.proportion import proportion_confint

from feedback_nlp.drivers import subtheme_table
from feedback_nlp.report.blocks import Quote, ReasonBlock, Table, Texts
from feedback_nlp.report.sections import reasons
from feedback_nlp.report.svg import NARROW, WIDE
from feedback_nlp.showing import NONE
from feedback_nlp.wordings import wording_in

LATE, DEAR, RUDE = (
    ("delivery.speed", "negative"), ("price.level", "negative"),
    ("service.friendliness", "negative"),
)  # fmt: skip


@pytest.fixture(scope="module")
def source(tables):
    return source_of(*tables)


@pytest.fixture(scope="module")
def section(source):
    return reasons.build(source)


def kinds(section, kind):
    return [block for block in section.blocks if isinstance(block, kind)]


def test_each_reason_of_the_explanation_is_there_in_its_order(source, section):
    found = kinds(section, ReasonBlock)
    assert [block.theme for block in found] == [r.theme for r in source.explanation.reasons]
    assert [block.rank for block in found] == list(range(1, len(found) + 1))
    for block, reason in zip(found, source.explanation.reasons, strict=True):
        assert " ".join([block.sentence, *block.asides]) == reason.sentence
        assert block.estimate.value == reason.adjusted_gain.value
        assert block.words == reason.words
        assert [number for _, number in block.parts] == [
            str(n) for n in sorted((n for _, n in reason.parts), reverse=True)
        ]


def test_the_bars_are_the_shares_of_the_groups_with_wilson_intervals(source, section):
    rows = source.explanation.table.set_index("theme")
    for block in kinds(section, ReasonBlock):
        low, top = block.figure.drawing.rows
        assert (low.n, top.n) == tuple(rows.loc[block.theme, ["n_detractors", "n_promoters"]])
        assert (low.of, top.of) == (
            source.score.counts["detractors"], source.score.counts["promoters"],
        )  # fmt: skip
        for share in (low, top):
            ends = proportion_confint(share.n, share.of, method="wilson")
            assert (share.low, share.high) == pytest.approx(ends)
        most = {b.figure.drawing.most for b in kinds(section, ReasonBlock)}
        assert len(most) == 1, "all reasons are on one scale"


def test_quotes_are_the_ones_of_the_explanation_with_their_evidence(source, section):
    for block, reason in zip(kinds(section, ReasonBlock), source.explanation.reasons, strict=True):
        assert len(block.quotes) == len(reason.quotes)
        for shown, found in zip(block.quotes, reason.quotes, strict=True):
            assert isinstance(shown, Quote)
            assert shown.polarity == "negative"
            assert shown.evidence in found.text
            assert "\u202e" not in shown.text
            assert "\x00" not in shown.text


def test_the_driver_table_has_every_theme_and_says_which_are_named(source, section):
    (table,) = kinds(section, Table)
    drivers = source.explanation.table
    assert [row[0].theme for row in table.rows] == list(drivers["theme"])
    named = {row[0].theme for row in table.rows if row[-1].text == "yes"}
    assert {reason.theme for reason in source.explanation.reasons} <= named
    for row, suppressed in zip(table.rows, drivers["suppressed"], strict=True):
        assert len(row) == len(table.heads)
        if suppressed:
            assert [cell.text for cell in row[3:-1]] == [NONE] * 4
            assert row[-1].text == "no, too few blame it"


def test_the_full_tables_have_names(source, section):
    drivers, below = section.tables["drivers"], section.tables["subthemes"]
    assert list(drivers["theme"]) == list(source.explanation.table["theme"])
    assert set(source.explanation.table.columns) < set(drivers.columns)
    assert list(below["points_lost"].dropna()) == list(
        subtheme_table(source.comments, source.mentions)["points_lost"].dropna()
    )
    assert below["subtheme_name"].str.len().min() > 0


def test_themes_that_are_not_named_are_listed_with_why():
    ratings = [2] * 30 + [9] * 30 + [3, 9]
    said = [[LATE]] * 30 + [[]] * 30 + [[DEAR], [RUDE]]
    section = reasons.build(source_of(*told(ratings, said)))
    (left_out,) = kinds(section, Texts)
    assert any("fewer than 10 respondents" in item for item in left_out.items)
    assert any("Price" in item and "Service" in item for item in left_out.items)


@pytest.mark.parametrize("language", ["en", "nl", "nb", "lv"])
@pytest.mark.parametrize("case", sorted(hard()))
def test_hard_surveys_are_said_in_every_language(case, language):
    source = in_language(hard_source(case), language)
    section = reasons.build(source)
    if not source.explanation.reasons:
        assert section.lead == (source.explanation.why_none,)
        assert not kinds(section, ReasonBlock)
    texts = [section.title, *section.lead]
    assert all(text and "{" not in text for text in texts)
    for block in kinds(section, ReasonBlock):
        for width in (WIDE, NARROW, 320):
            assert "nan" not in block.figure.drawing.svg(wording_in(language), width)


def test_the_drawing_escapes_names_and_keeps_within_its_width():
    shares = reasons.GroupShares(
        rows=(
            reasons.GroupShare(name="<b>respondents</b> with a very long name indeed", kind="neg",
                               n=9, of=10, share=0.9, low=0.6, high=0.98),
        ),
        most=0.98,
    )  # fmt: skip
    for width in (WIDE, 320, NARROW):
        drawn = shares.svg(wording_in("en"), width)
        assert "<b>" not in drawn
        right = max(float(x) for x in re.findall(r' x2="([\d.]+)"', drawn))
        assert right <= width
        assert "90%" in drawn


def test_the_same_survey_gives_the_same_section(source, section):
    again = reasons.build(source)
    assert again == section
