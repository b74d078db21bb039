"""The score sheet: one text for terminal, Markdown, notebook and JSON."""

import json

import numpy as np
import pandas as pd
import pytest

from feedback_nlp import nps, read_comments, score_sheet, score_table
from feedback_nlp.errors import ColumnError
from feedback_nlp.scores import suspicious_answers
from feedback_nlp.scores.over_time.periods import usual_period

EVIL = "<script>alert(1)</script>|*b*\x1b[2J"


@pytest.fixture(scope="module")
def comments(sample_export):
    return read_comments(str(sample_export))


@pytest.fixture(scope="module")
def sheet(comments):
    return score_sheet(comments, "nps")


def test_it_says_the_score_as_the_calculator_does(sheet, comments):
    assert sheet.score == nps(comments)
    first = sheet.parts()[0]
    assert first.title == "Score"
    assert f"n = {sheet.score.n}" in first.sentences[0]
    assert [row[0] for row in first.rows] == ["Detractors", "Passives", "Promoters"]
    assert [int(row[1]) for row in first.rows] == list(sheet.score.counts.values())


def test_markdown_page_and_json_hold_the_same(sheet):
    markdown, page = sheet.to_markdown(), sheet._repr_html_()
    for part in sheet.parts():
        assert f"## {part.title}" in markdown
        assert f"<h4>{part.title}</h4>" in page
        for row in part.rows:
            assert page.count(f"<th>{row[0]}</th>".replace("&", "&amp;")) >= 1
    plain = json.loads(json.dumps(sheet.to_dict(), allow_nan=False))
    assert plain["score"]["value"] == sheet.score.value
    assert len(plain["segments"]["Channel"]) == 3
    assert sum(row["n"] for row in plain["changes"]) == sheet.score.n


def test_segments_are_those_of_the_score_table(sheet, comments):
    pd.testing.assert_frame_equal(
        sheet.segments["Channel"], score_table(comments, "nps", by="Channel")
    )
    crossed = score_sheet(comments, "nps", by=["Channel", "quarter"])
    assert list(crossed.segments) == ["Channel and quarter"]


def test_a_sheet_without_dates_text_and_segments_says_what_it_leaves_out():
    bare = pd.DataFrame({"comment_id": range(30), "csat": [5, 4, 3] * 10})
    sheet = score_sheet(bare, "csat")
    assert sheet.chart is None
    assert sheet.bias is None
    assert sheet.hidden.empty
    assert any("no dates" in note for note in sheet.notes)
    assert "no dates" in sheet.to_markdown()


def test_a_day_divides_before_from_after(comments):
    sheet = score_sheet(comments, "nps", since="2025-06-01")
    part = next(part for part in sheet.parts() if part.title == "Before and after")
    assert sheet.since.first.n + sheet.since.second.n == sheet.score.n
    assert [row[3] for row in part.rows] == [str(sheet.since.second.n), str(sheet.since.first.n)]
    assert "−18.3 [−32.2 to −3.7, 95%]" in part.sentences[0]
    assert "more than chance makes" in part.sentences[0]
    assert part.sentences[0].startswith("From 2025-06-01 on minus before")


def part_of(sheet, title):
    return next(part for part in sheet.parts() if part.title == title)


def test_it_says_what_the_method_is_and_in_which_unit(sheet):
    told = " ".join(part_of(sheet, "Score").sentences)
    assert "share of promoters minus share of detractors, on a scale of 0–10" in told
    assert "by other definitions: mean 7.17." in told
    csat = score_sheet(pd.DataFrame({"comment_id": range(40), "csat": [5, 4, 3, 2] * 10}), "csat")
    told = " ".join(part_of(csat, "Score").sentences)
    assert "share of the two highest answers" in told
    assert "the Wilson method" in told
    assert "top1 25.0%, mean 3.50, percent of maximum 62.5%" in told


def test_targets_that_are_for_another_method_are_said_and_not_judged():
    table = pd.DataFrame({"comment_id": range(200), "csat": [5, 4, 4, 1] * 50})
    judged = part_of(score_sheet(table, "csat"), "Targets")
    assert [row[0] for row in judged.rows] == list(score_sheet(table, "csat").targets["target"])
    other = score_sheet(table, "csat", method="mean")
    assert part_of(other, "Targets").rows == ()
    assert all("cannot be compared" in told for told in part_of(other, "Targets").sentences)
    none = score_sheet(table.rename(columns={"csat": "ces"}), "ces", scale=(1, 5))
    assert part_of(none, "Targets").sentences == ("None is for CES.",)


def test_each_target_judged_has_its_source(sheet):
    sources = part_of(sheet, "Who states the targets")
    assert [row[0] for row in sources.rows] == [row[0] for row in part_of(sheet, "Targets").rows]
    assert "joelparkerhenderson" in sources.rows[0][1]


def test_of_two_possible_answers_no_crowd_is_made():
    table = pd.DataFrame({"comment_id": range(40), "csat": [1, 1, 1, 0] * 10})
    hidden = part_of(score_sheet(table, "csat", scale=(0, 1)), "What a good score can hide")
    assert not any("highest answer" in told for told in hidden.sentences)


def test_a_p_value_is_never_shown_as_a_power_of_ten():
    table = pd.DataFrame({"comment_id": range(400), "nps": [9, 10] * 150 + [0, 2] * 50})
    table["Region"] = ["North"] * 300 + ["South"] * 100
    rows = part_of(score_sheet(table, "nps", by="Region"), "What a good score can hide").rows
    assert [(row[0], row[-1]) for row in rows] == [("Region South", "<0.001")]


def test_what_is_not_told_of_suspicious_answers_is_counted(sheet):
    told = part_of(sheet, "Answers worth a second look").sentences
    groups = sheet.suspicious["why"].nunique()
    assert groups > 5
    assert any(f"The first 5 of {groups}" in sentence for sentence in told)


def test_weights_are_used_for_the_score_and_said():
    table = pd.DataFrame({"comment_id": range(40), "nps": [9, 3] * 20, "w": [3.0, 1.0] * 20})
    sheet = score_sheet(table, "nps", weights="w")
    assert sheet.score.value == pytest.approx(50)
    assert "Weights are used for the score and its segments" in sheet.to_markdown()
    assert "Share, unweighted" in sheet.parts()[0].heads


def test_strangers_names_are_no_markup():
    table = pd.DataFrame({"comment_id": range(60), "nps": [9, 10, 2] * 20})
    table[EVIL] = [EVIL, "other", EVIL] * 20
    sheet = score_sheet(table, "nps", by=EVIL)
    for text in (sheet.to_markdown(), sheet._repr_html_()):
        assert "<script" not in text
        assert "\x1b" not in text


def test_a_missing_column_is_named(comments):
    with pytest.raises(ColumnError, match="Chanel"):
        score_sheet(comments, "nps", by="Chanel")


@pytest.mark.parametrize(
    ("last", "period"),
    [
        ("2026-01-10", "day"),
        ("2026-03-01", "week"),
        ("2026-12-31", "month"),
        ("2031-01-01", "quarter"),
        ("2046-01-01", "year"),
    ],
)
def test_the_period_fits_the_span(last, period):
    assert usual_period(pd.Series(pd.to_datetime(["2026-01-01", last]))) == period


def test_sub_ratings_of_an_export_are_looked_at_for_straight_lines(tmp_path):
    rng = np.random.default_rng(3)
    parts = pd.DataFrame(
        rng.integers(1, 6, (200, 5)),
        columns=["staff rating", "food rating", "seat rating", "wifi rating", "toilets rating"],
    )
    parts.iloc[:15] = 3
    export = parts.assign(
        **{
            "overall rating (1-10)": rng.integers(1, 11, 200),
            "id": range(200),
            "comment": [f"It was what it was, number {i} of all" for i in range(200)],
        }
    )
    export.to_csv(tmp_path / "export.csv", index=False)
    comments = read_comments(str(tmp_path / "export.csv"))
    found = suspicious_answers(comments)
    lines = found[found["kind"] == "straight_line"]
    assert set(lines["comment_id"]) >= {str(i) for i in range(15)}
    assert lines["answer"].iloc[0] == 3
    assert suspicious_answers(comments, ratings=["csat"]).empty
