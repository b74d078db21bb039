"""Segments: their scores and blame as the library finds them, what stands out, what is left out."""

import re
from xml.dom import minidom

import numpy as np
import pandas as pd
import pytest
from sectioned import hard, hard_source, in_language, source_of, told

from feedback_nlp.drivers import pockets_table
from feedback_nlp.records import REPORT_LANGUAGES
from feedback_nlp.report.blocks import Absent, Figure, Table, Texts
from feedback_nlp.report.figures.heat_map import HeatCell, HeatMap, HeatRow
from feedback_nlp.report.sections import segments
from feedback_nlp.report.svg import NARROW, WIDE
from feedback_nlp.scores import benjamini_hochberg, nps
from feedback_nlp.wordings import wording_in

LATE, DEAR = ("delivery.speed", "negative"), ("price.level", "negative")


def planted(seed=2, n=600):
    """Return a survey where the south is unhappy about delivery; the channel makes no difference."""
    rng = np.random.default_rng(seed)
    shop = np.array(["north", "south", "west"])[np.arange(n) % 3]
    channel = np.where(np.arange(n) % 2 == 0, "web", "phone")
    bad = rng.random(n) < np.where(shop == "south", 0.6, 0.2)
    said = []
    for low, place in zip(bad, shop, strict=True):
        themes = [DEAR] if rng.random() < 0.15 else []
        said.append(themes + ([LATE] if (low and place == "south") or rng.random() < 0.08 else []))
    comments, mentions = told(np.where(bad, 2, 9), said)
    return comments.assign(shop=shop, channel=channel), mentions


@pytest.fixture(scope="module")
def source():
    return source_of(*planted(), segments=("shop", "channel"))


@pytest.fixture(scope="module")
def section(source):
    return segments.build(source)


def figures(section):
    return [block for block in section.blocks if isinstance(block, Figure)]


def dots(section):
    return {
        (column, one.name): one
        for column, rows in figures(section)[0].drawing.columns
        for one in rows
    }


def test_the_title_names_the_segment_that_lies_below(section):
    assert section.title == "Clearly lower score: shop: south"
    assert section.lead[0].startswith("shop: south scores ")
    assert "association, not cause" in section.lead[0]


def test_the_dots_are_the_scores_of_the_segments(source, section):
    found = dots(section)
    assert set(found) == {("shop", name) for name in ("north", "south", "west")} | {
        ("channel", name) for name in ("web", "phone")
    }
    for (column, name), one in found.items():
        own = nps(source.comments[source.comments[column] == name])
        assert (one.value, one.low, one.high, one.n) == pytest.approx(
            (own.value, own.low, own.high, own.n)
        )
    assert [key for key, one in found.items() if one.clear and not one.above] == [("shop", "south")]
    assert not found["channel", "web"].clear
    for _, rows in figures(section)[0].drawing.columns:
        assert [one.value for one in rows] == sorted((one.value for one in rows), reverse=True)


def test_what_stands_out_is_corrected_for_all_looks(section):
    table = section.tables["segments"]
    expected = benjamini_hochberg(table["p_value"].to_numpy())
    assert table["q_value"].to_numpy() == pytest.approx(expected)
    heat = section.tables["themes by segment"]
    assert heat["q_value"].to_numpy() == pytest.approx(
        benjamini_hochberg(heat["p_value"].to_numpy())
    )


def test_a_cell_is_the_share_of_those_who_wrote_in_the_segment(source, section):
    heat = figures(section)[1].drawing
    assert heat.themes == ("Delivery", "Price")
    for row in heat.rows:
        own = source.comments.loc[source.comments[row.column] == row.name, "comment_id"]
        assert row.n == len(own)
        for theme, cell in zip(("delivery.speed", "price.level"), row.cells, strict=True):
            blamed = source.mentions.loc[source.mentions["theme"] == theme, "comment_id"]
            assert cell.n_blame == own.isin(blamed).sum()
            assert cell.share == pytest.approx(cell.n_blame / row.n)
    cells = {(row.name, at): cell for row in heat.rows for at, cell in enumerate(row.cells)}
    assert cells["south", 0].sign == "▲"
    assert cells["north", 0].sign == "▼"
    assert not any(cell.clear for (_, at), cell in cells.items() if at == 1)


def test_colour_is_never_the_only_mark():
    cell = HeatCell(share=0.4, n_blame=40, rest=0.2, clear=True)
    plain = HeatCell(share=0.21, n_blame=21, rest=0.2, clear=False)
    row = HeatRow(column="shop", name="south", n=100, cells=(cell, plain))
    for width in (WIDE, NARROW):
        drawn = HeatMap(themes=("A", "B"), rows=(row,)).svg(wording_in("en"), width)
        assert drawn.count("▲") == 1
        assert drawn.count("cell-edge") == 1
        assert "40%" in drawn
    assert (cell.kind, plain.kind) == ("more-3", "alike")


def test_pockets_are_those_of_the_table(source, section):
    expected = pockets_table(source.comments, source.mentions, by=("shop", "channel"))
    found = expected[expected["pocket"]]
    (sentences,) = [block for block in section.blocks if isinstance(block, Texts)]
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    assert len(table.rows) == len(found) > 0
    assert [row[2].value for row in table.rows] == found["points"].tolist()
    assert sentences.items[0].startswith("shop south: Delivery goes with ")
    assert sentences.items == tuple(found["sentence"].head(5))
    assert "association, not a cause" in table.note


def test_small_segments_are_left_out_and_counted():
    comments, mentions = planted(n=120)
    comments.loc[:3, "shop"] = "tiny"
    comments.loc[4:20, "channel"] = None
    section = segments.build(source_of(comments, mentions, segments=("shop", "channel")))
    assert ("shop", "tiny") not in dots(section)
    assert ("channel", "not given") in dots(section)
    assert "1 segment with fewer than 10 answers is left out." in figures(section)[0].note
    assert all(row.name != "tiny" for row in figures(section)[1].drawing.rows)


def test_with_one_column_its_name_is_not_repeated():
    section = segments.build(source_of(*planted(), segments=("shop",)))
    assert section.title == "Clearly lower score: south"
    assert {row[0].text for row in figures(section)[0].table.rows} == {"north", "south", "west"}


def test_many_segments_are_cut_and_said():
    comments, mentions = planted(n=1200)
    comments["shop"] = [f"shop {at % 40:02d} with a name that is rather long" for at in range(1200)]
    section = segments.build(source_of(comments, mentions, segments=("shop",)))
    score, heat = figures(section)
    assert len(score.drawing.columns[0][1]) == segments.MAX_ROWS
    assert "30 of 40 segments are shown" in score.note
    assert len(heat.drawing.rows) == 12
    assert "12 of 40 segments are drawn" in heat.note
    assert len(score.table.rows) == 40


@pytest.mark.parametrize(
    ("shop", "why"),
    [
        (["all"] * 600, "No segment has 10 answers"),
        ([f"s{at}" for at in range(600)], "No segment has 10 answers"),
        ([None] * 600, "No segment has 10 answers"), (None, "The export has no segments"),
    ],
    ids=["one level", "all different", "all missing", "no column"],
)  # fmt: skip
def test_without_segments_to_compare_it_is_absent_and_says_why(shop, why):
    comments, mentions = planted()
    comments["shop"] = pd.Series(shop, dtype="object") if shop else "x"
    columns = ("shop",) if shop else ()
    for language in REPORT_LANGUAGES:
        found = segments.build(source_of(comments, mentions, segments=columns, language=language))
        assert isinstance(found, Absent)
        assert language != "en" or why in found.why


@pytest.mark.parametrize("language", REPORT_LANGUAGES)
def test_it_is_said_in_every_language(source, language):
    section = segments.build(in_language(source, language))
    texts = [section.title, *section.lead]
    for block in section.blocks:
        table = block.table if isinstance(block, Figure) else block
        if isinstance(block, Figure):
            texts += [block.title, block.lead, block.label, block.note]
            texts += [key.text for key in block.legend]
        if isinstance(table, Table):
            texts += [table.note, *(head.text for head in table.heads)]
            texts += [cell.text for row in table.rows for cell in row]
        else:
            texts += [*block.items, block.title]
    text = "\n".join(texts)
    assert not re.search(r"[{}]|\bnan\b|None|  |\.\.", text)
    if language != "en":
        assert not re.search(r"\b(the|and|than|score|elsewhere|theme|chance|others|blame)\b",
                             text.replace("score", "") if language == "nl" else text)  # fmt: skip


def test_names_from_the_export_stay_text():
    comments, mentions = planted()
    comments["<b>n</b>"] = np.where(comments["shop"] == "south", '<i>&\u202e"{x}', "y" * 90)
    section = segments.build(source_of(comments, mentions, segments=("<b>n</b>",)))
    for block in figures(section):
        for width in (WIDE, NARROW):
            drawn = block.drawing.svg(wording_in("en"), width)
            minidom.parseString(drawn)
            assert "<b>" not in drawn
            assert "\u202e" not in drawn
            assert max(map(len, re.findall(r"<text[^>]*>([^<]*)<", drawn))) < 60
    assert section.title == 'Clearly lower score: <i>&"{x}'


@pytest.mark.parametrize("case", sorted(hard()))
def test_hard_surveys_are_shown_or_absent(case):
    plain = hard_source(case)
    half = ["a" if at % 2 else "b" for at in range(len(plain.comments))]
    source = source_of(plain.comments.assign(half=half), plain.mentions, segments=("half",))
    found = segments.build(source)
    if isinstance(found, Absent):
        assert len(half) < 24
        return
    for block in figures(found):
        for width in (WIDE, NARROW):
            assert "nan" not in block.drawing.svg(wording_in("en"), width)


def test_other_scores_are_compared_alike():
    rng = np.random.default_rng(0)
    shop = np.array(["north", "south"])[np.arange(400) % 2]
    for rating, top in (("csat", 5), ("ces", 7)):
        worst = shop == "south"
        ratings = np.where(rng.random(400) < np.where(worst, 0.7, 0.2), 1, top)
        comments, mentions = told(ratings, [[LATE] if low == 1 else [] for low in ratings],
                                  rating=rating)  # fmt: skip
        section = segments.build(source_of(comments.assign(shop=shop), mentions, rating,
                                           segments=("shop",)))  # fmt: skip
        assert section.title == "Clearly lower score: south"
