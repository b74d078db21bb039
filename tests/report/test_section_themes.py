"""What comments are about: counts, the scores of both sides, what opens below each theme."""

import re

import numpy as np
import pandas as pd
import pytest
from sectioned import hard, hard_source, in_language, source_of, told

from feedback_nlp.report.blocks import Absent, Drill, Figure
from feedback_nlp.report.figures.theme_bars import Ends, SideScore, ThemeBars, ThemeRow
from feedback_nlp.report.page.html import to_html
from feedback_nlp.report.report import Report
from feedback_nlp.report.sections import answer, themes
from feedback_nlp.report.svg import NARROW, WIDE
from feedback_nlp.scores import nps
from feedback_nlp.wordings import wording_in

LATE, FAST = ("delivery.speed", "negative"), ("delivery.speed", "positive")


@pytest.fixture(scope="module")
def source(tables):
    return source_of(*tables)


@pytest.fixture(scope="module")
def section(source):
    return themes.build(source)


def drills(section):
    return [block for block in section.blocks if isinstance(block, Drill)]


def figure(section):
    (found,) = [block for block in section.blocks if isinstance(block, Figure)]
    return found


def test_comments_are_counted_by_theme_and_polarity_and_unknown_is_not_neutral():
    said = [
        [LATE, FAST],
        [LATE],
        [("price", "neutral")],
        [("price", None)],
        [("price", None), FAST],
    ]
    section = themes.build(source_of(*told([2, 3, 9, 9, 10], said)))
    delivery, price = figure(section).drawing.rows
    assert (delivery.n, delivery.negative, delivery.positive) == (3, 2, 2)
    assert (price.n, price.neutral, price.unknown, price.positive) == (3, 1, 2, 0)


def test_the_scores_of_both_sides_are_those_of_the_respondents_who_say_so():
    rng = np.random.default_rng(3)
    ratings = rng.integers(0, 11, 200)
    said = [[LATE] if at % 3 == 0 else [FAST] if at % 3 == 1 else [] for at in range(200)]
    (row,) = figure(themes.build(source_of(*told(ratings, said)))).drawing.rows
    for side, start in ((row.blamed, 0), (row.praised, 1)):
        expected = nps(ratings[start::3])
        assert (side.value, side.n) == (pytest.approx(expected.value), expected.n)
        assert (side.low, side.high) == pytest.approx((expected.low, expected.high), abs=1e-6)


def test_respondents_count_once_in_a_score_and_without_a_rating_not_at_all():
    comments, mentions = told([2.0] * 12 + [np.nan] * 5, [[LATE]] * 17)
    comments["respondent_id"] = [f"r{at // 2}" for at in range(17)]
    (row,) = figure(themes.build(source_of(comments, mentions, min_n=2))).drawing.rows
    assert (row.n, row.blamed.n) == (17, 6)


def test_small_sides_have_no_score():
    said = [[LATE]] * 30 + [[FAST]] * 9 + [[]] * 5
    section = themes.build(source_of(*told([2] * 30 + [9] * 14, said)))
    (row,) = figure(section).drawing.rows
    assert row.blamed.n == 30
    assert row.praised is None
    assert figure(section).table.rows[0][-1].text == "too few"


def test_the_table_and_the_spreadsheet_have_the_numbers_of_the_figure(section):
    block, full = figure(section), section.tables["themes"]
    for row, cells in zip(block.drawing.rows, block.table.rows, strict=True):
        assert [cell.value for cell in cells[3:7]] == [
            row.negative, row.neutral, row.positive, row.unknown,
        ]  # fmt: skip
        listed = full[full["theme"] == cells[0].theme].iloc[0]
        assert listed["n_comments"] == row.n
        known = pd.notna(listed["score_blamed"])
        assert known == (row.blamed is not None)
    assert list(full["theme"].str.partition(".")[0].drop_duplicates()) == list(
        full.loc[full["level"] == "theme", "theme"]
    )


def test_each_opened_theme_has_its_sub_themes_quotes_and_a_way_to_its_comments(source, section):
    opened = drills(section)
    assert [drill.title for drill in opened] == [row.name for row in figure(section).drawing.rows]
    delivery = next(drill for drill in opened if drill.theme == "delivery")
    assert {row.name for row in delivery.figure.drawing.rows} == {"Speed", "Damage"}
    texts = dict(zip(source.comments["comment_id"], source.comments["text"], strict=True))
    plain = " ".join(texts.values())
    for drill in opened:
        for side in drill.sides:
            assert 1 <= len(side.quotes) <= 3
            for quote in side.quotes:
                assert quote.evidence
                assert quote.evidence in plain or "…" in quote.text
        polarities = [{quote.polarity for quote in side.quotes} for side in drill.sides]
        assert all(len(one) == 1 for one in polarities)


def test_nobody_is_quoted_twice_nor_here_and_among_the_reasons(source, section):
    quoted = [q.text for reason in source.explanation.reasons for q in reason.quotes]
    here = [q.text for drill in drills(section) for side in drill.sides for q in side.quotes]
    assert quoted
    assert here
    assert len({*here, *quoted}) == len(here) + len(quoted)


def test_quotes_are_masked_and_of_one_line():
    mail = "Late again, write to anna.berg@example.com about it please"
    texts = [mail] * 15 + ["In time as it should be, well done there"] * 15
    source = source_of(*told([2] * 15 + [9] * 15, [[LATE]] * 15 + [[FAST]] * 15, texts=texts))
    shown = [q.text for d in drills(themes.build(source)) for s in d.sides for q in s.quotes]
    assert shown
    assert not any("anna.berg" in text for text in shown)


def test_many_themes_are_cut_and_counted():
    said = [[(f"theme{at % 50:02d}.part", "negative")] for at in range(400)]
    section = themes.build(source_of(*told([2, 9] * 200, said)))
    block = figure(section)
    assert len(block.drawing.rows) == themes.MAX_BARS
    assert "35 less mentioned themes are not shown." in block.note
    assert len(block.table.rows) == themes.MAX_ROWS
    assert block.table.note == "10 less mentioned themes are not shown."
    assert len(drills(section)) == 12
    assert len(section.tables["themes"]) == 100


@pytest.mark.parametrize("language", ["en", "nl", "nb", "lv"])
@pytest.mark.parametrize("case", sorted(hard()))
def test_hard_surveys_are_said_in_every_language(case, language):
    section = themes.build(in_language(hard_source(case), language))
    if isinstance(section, Absent):
        assert case in ("no mentions", "no text")
        assert section.why
        return
    for text in (section.title, *section.lead, *(drill.sentence for drill in drills(section))):
        assert text
        assert "{" not in text
    for block in (figure(section), *(drill.figure for drill in drills(section) if drill.figure)):
        for width in (WIDE, NARROW):
            assert "nan" not in block.drawing.svg(wording_in(language), width)


def row(name, negative=0, positive=0, **given):
    values = {"n": negative + positive, "neutral": 0, "unknown": 0} | given
    return ThemeRow(name=name, negative=negative, positive=positive, **values)


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize(
    "rows",
    [
        (row("One"),),
        (
            row(
                "A very long name of a theme that somebody made up, with <b>signs</b>", 1_234_567, 3
            ),
        ),
        tuple(row(f"Theme {at}", at, 25 - at) for at in range(25)),
        (row("All praise", 0, 900_000),),
    ],
)
def test_the_drawing_stays_within_its_width(rows, width):
    score = SideScore(value=-100.0, low=-100.0, high=100.0, n=12)
    rows = tuple(
        ThemeRow(**{f: getattr(one, f) for f in ThemeRow.__slots__} | {"blamed": score})
        for one in rows
    )
    drawing = ThemeBars(rows=rows, scale=Ends(minimum=-100, maximum=100, overall=0, unit="points"))
    for one in (drawing, ThemeBars(rows=rows)):
        drawn = one.svg(wording_in("en"), width)
        assert "<b>" not in drawn
        places = [float(x) for x in re.findall(r' x[12]?="([-\d.]+)"', drawn)]
        assert min(places) >= 0
        assert max(places) <= width
        ends = re.findall(r'x="([-\d.]+)"[^>]*label num[^>]*text-anchor="end">([\d,]+)<', drawn)
        assert all(float(x) - 8 * len(number) >= 0 for x, number in ends)
        bars = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', drawn)
        assert all(float(x) + float(length) <= width for x, length in bars)


def test_the_page_opens_themes_and_shows_hostile_quotes_as_text(source, section):
    report = Report(
        title="Shops", language="en", rating="nps", score=source.score, answer=answer.build(source),
        sections=(section,), absent=(), explanation=source.explanation, source=source,
    )  # fmt: skip
    page = to_html(report)
    assert page.count('<details class="panel drill"') == len(drills(section))
    assert "<img src=x" not in page
    assert "\u202e" not in page
