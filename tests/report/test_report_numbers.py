"""The numbers and sentences of a report, before any markup."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.drivers import driver_table
from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.report import build_report
from feedback_nlp.report.comparisons import difference
from feedback_nlp.report.parts import ScoreRow
from feedback_nlp.report.render import report_bytes
from feedback_nlp.schema import mentions_table
from feedback_nlp.scores import nps
from feedback_nlp.showing import round_half_up, rounded_parts, safe


def test_the_score_is_the_score(report, tables):
    expected = nps(tables[0])
    assert report.score == expected
    assert report.answer.score == f"{expected.value:+.1f}".replace("-", "−")
    assert f"{expected.n:,}" in report.answer.facts[0][0]
    assert sum(group.n for group in report.groups) == expected.n
    assert sum(group.percent for group in report.groups) == 100
    assert [group.answers for group in report.groups] == ["0–6", "7–8", "9–10"]
    assert sum(answer.n for answer in report.distribution) == expected.n
    assert [answer.answer for answer in report.distribution] == [str(i) for i in range(11)]


def test_the_waterfall_adds_up_as_it_is_shown(report):
    shown = round_half_up(report.score.value, 1)
    assert round(100 - sum(step.points for step in report.waterfall), 1) == shown
    assert report.waterfall[0].start == 100
    assert report.waterfall[-1].end == shown
    for before, after in zip(report.waterfall, report.waterfall[1:], strict=False):
        assert before.end == after.start
    assert {step.kind for step in report.waterfall} >= {"theme", "no_theme", "no_comment"}


def test_reasons_carry_their_numbers(report, tables):
    drivers = driver_table(*tables, min_n=10, seed=0).set_index("theme")
    assert [reason.rank for reason in report.reasons] == list(range(1, len(report.reasons) + 1))
    for reason in report.reasons:
        row = drivers.loc[reason.theme]
        assert reason.points.value == pytest.approx(row["points_lost"])
        assert reason.points.low <= reason.points.value <= reason.points.high
        assert reason.n_negative == row["n_negative"]
        assert reason.sentence.startswith(f"{row['n_detractors']} of the ")
        assert reason.gain.value == pytest.approx(row["adjusted_gain"])
        assert f"{reason.gain.value:.1f} points higher" in reason.sentence
    gains = [reason.gain.value for reason in report.reasons]
    assert gains == sorted(gains, reverse=True)
    assert report.headings["reasons"].startswith("Ranked by how much higher the score would be")
    first = report.reasons[0]
    assert first.name == "Delivery"
    detractors = driver_table(*tables, level="sub", n_boot=0).set_index("theme")["n_detractors"]
    assert first.subthemes[0].name == "Speed"
    assert first.subthemes[0].n_low == detractors["delivery.speed"]
    assert "speed" in first.short
    words = f"{report.answer} {report.reasons}".lower()
    assert "because of" not in words
    assert "caused by" not in words


def test_quotes_mark_their_evidence_and_are_safe(report):
    quotes = [quote for reason in report.reasons for quote in reason.quotes]
    assert quotes
    for quote in quotes:
        assert quote.evidence
        assert quote.text == quote.before + quote.evidence + quote.after
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x00-\x08]", quote.text)
        assert len(quote.text) < 300
        assert quote.segment.startswith("shop: ")


def test_every_sum_adds_up(report):
    assert [total.label for total in report.how_made.sums] == [
        "rows read", "respondents", "comments",
    ]  # fmt: skip
    for total in report.how_made.sums:
        assert sum(n for _, n in total.parts) == total.total
    assert "365 rows read = 360 used + 5 set aside: no rating and no comment" in [
        total.sentence for total in report.how_made.sums
    ]
    assert dict(report.how_made.sums[2].parts)["blank"] == 30


def test_unknown_polarity_is_unknown(report, tables):
    mentions = tables[1]
    unknown = int(mentions["polarity"].isna().sum())
    assert unknown > 0
    assert sum(row.unknown for row in report.themes) == unknown
    assert sum(row.neutral for row in report.themes) == 0
    for row in report.themes:
        assert max(row.negative, row.positive, row.unknown) <= row.n_comments
        assert all(sub.n_comments <= row.n_comments for sub in row.subthemes)


def test_trend_and_segments_have_n_and_intervals(report):
    assert report.trend.column == "month"
    assert report.trend.rows[0].label == "Jan 2025"
    assert sum(row.n for row in report.trend.rows) == report.score.n
    assert re.search(
        r"the score (rose|fell) by \d+\.\d points \(95% interval", report.trend.sentence
    )
    section = report.segments[0]
    assert {row.label for row in section.rows} == {"north", "south", "<i>west</i>"}
    values = [row.value for row in section.rows]
    assert values == sorted(values, reverse=True)
    assert all(row.low <= row.value <= row.high for row in section.rows)


def test_small_groups_are_not_shown(tables):
    comments, mentions = tables
    tiny = comments.assign(shop=["alone" if i < 4 else "rest" for i in range(len(comments))])
    report = build_report(tiny, mentions, by="shop")
    alone = next(row for row in report.segments[0].rows if row.label == "alone")
    assert alone.value is None
    assert "fewer than 10 answers" in report.segments[0].left_out
    assert not build_report(comments.head(8), mentions.head(0), by=[]).reasons


def test_other_ratings_use_their_own_words(tables):
    report = build_report(*tables, "csat")
    assert report.answer.name == "Customer satisfaction (share of the two best answers)"
    assert report.answer.score.endswith("%")
    assert [group.name for group in report.groups] == ["dissatisfied", "neutral", "satisfied"]
    assert [group.answers for group in report.groups] == ["1–2", "3", "4–5"]
    assert report.clouds[0].title == "Words of dissatisfied respondents"
    assert report.answer.reasons_title == "What dissatisfied respondents are unhappy about"
    assert "% are dissatisfied (1–2)" in report.answer.meaning
    for reason in report.reasons:
        assert re.search(
            r"of dissatisfied respondents \(\d+\) and \S+ of satisfied respond", reason.short
        )
    total = sum(step.points for step in report.waterfall)
    assert round(100 - total, 1) == round_half_up(report.score.value, 1)


def test_nobody_wrote():
    comments = pd.DataFrame({"comment_id": list("abc"), "text": ["", "", ""], "nps": [0.0, 8, 10]})
    report = build_report(comments, mentions_table([], []))
    assert report.reasons == ()
    assert report.trend is None
    assert all(part.cloud.is_empty for part in report.clouds)
    assert "No reason" in report.answer.reasons_title
    assert "No theme" in report.headings["themes"]
    assert report.headings["reasons"].startswith("Nobody left a comment")


def test_writers_who_score_otherwise_are_warned_of_beside_the_score():
    comments = pd.DataFrame({"comment_id": range(90), "nps": [2.0, 9, 10] * 30})
    comments["text"] = ["Far too slow.", "", ""] * 30
    report = build_report(comments, mentions_table([], []))
    assert report.answer.caution.startswith(
        "Those who wrote do not score like the others: −100.0 for the 30 respondents with a comment"
    )
    page = report_bytes(report, ".html").decode()
    assert page.index('class="big"') < page.index(report.answer.caution) < page.index('id="points"')
    text = report_bytes(report, ".md").decode().replace("\\", "")
    assert report.answer.caution in text
    assert report.answer.facts[1][:2] == ("30", "of them wrote")
    alike = build_report(comments.assign(nps=[2.0] * 45 + [9.0] * 45), mentions_table([], []))
    assert alike.answer.caution == ""
    assert 'class="caution"' not in report_bytes(alike, ".html").decode()


def test_everybody_is_happy():
    comments = pd.DataFrame({"comment_id": list("abc"), "text": "good", "nps": [10.0, 10, 10]})
    report = build_report(comments, mentions_table([], []))
    assert report.waterfall == ()
    assert report.answer.score == "+100.0"


def test_bad_arguments_are_refused(tables):
    with pytest.raises(ColumnError, match="No column 'shopp'"):
        build_report(*tables, by=["shopp"])
    with pytest.raises(FeedbackError, match="min_n is 0"):
        build_report(*tables, min_n=0)


def test_the_same_tables_give_the_same_report(tables, report):
    run = {"model": {"name": "rules"}, "versions": {"python": "3.11"}, "seed": 0}
    assert build_report(*tables, title="Shops <2025>", run=run).to_dict() == report.to_dict()


def test_difference_is_newcombes():
    """Newcombe 1998 (Statistics in Medicine 17: 873–890), method 10, 56/70 against 48/80."""
    first = ScoreRow(label="b", n=80, value=0.6, low=0.4904, high=0.7004)
    second = ScoreRow(label="a", n=70, value=0.8, low=0.6918, high=0.8770)
    gap, low, high = difference(first, second)
    assert (round(gap, 4), round(low, 4), round(high, 4)) == (0.2, 0.0524, 0.3339)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=12), st.integers(0, 2))
def test_rounded_parts_always_add_up(values, digits):
    parts = rounded_parts(values, sum(values), digits)
    assert round(sum(parts), digits) == round(round_half_up(sum(values), digits), digits)
    assert min(parts) >= 0
    unit = 10.0**-digits
    assert np.max(np.abs(np.array(parts) - values)) <= 2 * unit


@given(st.text())
def test_safe_text_has_no_unseen_signs(text):
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]", safe(text)
    )
