"""The answer in words: reasons, quotes, and honest statements where there is no answer."""

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from explained import DEAR, FINE, HAPPY, LATE, NOTHING, ROWS, row, survey

from feedback_nlp.drivers import Quote, explain_detractors
from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.report import build, build_report
from feedback_nlp.report.sections import reasons
from feedback_nlp.schema import with_info


@pytest.fixture(scope="module")
def explanation():
    return explain_detractors(*survey(ROWS))


def test_the_sentences_say_who_answered_and_what_detractors_blame(explanation):
    score, wrote, reasons, points = explanation.sentences
    assert score == (
        "The NPS is −12.5 (95% interval −31.9 to +8.0) from 80 respondents: 30 promoters (9–10), "
        "10 passives (7–8) and 40 detractors (0–6). 1 more gave no rating."
    )
    assert wrote == (
        "75 of them (94%) left a comment that can be read, among them 35 of the 40 detractors "
        "(88%); a theme was found in the comments of 75."
    )
    assert re.fullmatch(
        r"Detractors blame one theme more often than others do, and a lower score goes with it "
        r"even when the other themes are held equal: Delivery \(35 of the 40 detractors; "
        r"\d\d\.\d points, 95% interval \d\d\.\d–\d\d\.\d\)\.",
        reasons,
    )
    assert points == (
        "The score lies 112.5 points below its maximum of +100: 100.0 of them come with themes "
        "that were blamed and 12.5 with respondents who left no comment that can be read."
    )


def test_reasons_carry_figures_words_parts_and_quotes(explanation):
    [delivery] = explanation.reasons
    assert (delivery.theme, delivery.n, delivery.share.value) == ("delivery", 35, 0.875)
    assert re.fullmatch(
        r"35 of the 40 detractors blame it \(88%, 95% interval 74–95%\), against 0 of the 40 "
        r"others \(0%, 0–9%\)\. If those who blame it had scored like respondents who otherwise say "
        r"the same, the score would be \d+\.\d points higher \(\d+\.\d–\d+\.\d\): a comparison, not "
        r"a forecast\. Of the 112\.5 points between the score and its maximum, 81\.3 come with it "
        r"\(\d+\.\d–\d+\.\d\)\.",
        delivery.sentence,
    )
    figures = explanation.table.set_index("theme").loc["delivery"]
    assert delivery.adjusted_gain.low == figures["adjusted_gain_low"] > 0
    assert delivery.points_lost.value == figures["points_lost"]
    assert "parcel" in delivery.words
    assert "the" not in delivery.words
    assert delivery.parts == (("speed", 30),)  # only 5 blame damage
    assert delivery.asides[0] == "In particular: speed (30; 75.0 points)."


def test_a_reason_is_blamed_more_often_and_holds_with_the_other_themes_fixed():
    rows = [row(3, LATE[i % 5], "delivery") for i in range(40)]
    rows += [row(9, LATE[i % 5], "delivery") for i in range(3)]
    rows += [row(3, LATE[i % 5], "delivery", "staff") for i in range(25)]
    rows += [row(9, LATE[i % 5], "delivery", "staff") for i in range(3)]
    rows += [row(9, LATE[i % 5], "staff") for i in range(9)] + [row(3, DEAR[0], "staff")]
    rows += [row(3 + i % 7, DEAR[i % 2], "price") for i in range(42)] + HAPPY * 2
    report = build_report(*survey(rows))
    found = report.explanation
    table = found.table.set_index("theme")
    assert [reason.theme for reason in found.reasons] == ["delivery"]
    assert table.loc["staff", "q_value"] <= 0.05
    assert table.loc["staff", "odds_ratio"] > 1
    assert not table.loc["staff", "adjusted_gain_low"] > 0
    limits = " ".join(found.limits)
    assert "Comes with other themes rather than by itself: Staff. Detractors blame it" in limits
    assert "beyond what may be chance: Price." in limits
    assert [reason.name for reason in report.answer.reasons] == ["Delivery"]


def test_it_tells_how_many_more_comments_would_do():
    few = explain_detractors(*survey(NOTHING["too few"][0]), n_boot=100)
    assert few.sentences[2].endswith(
        "For 10 respondents to blame “Delivery”, about 51 more comments would be needed, if its "
        "share stays as it is."
    )
    rows = [row(3, LATE[i % 5], "delivery") for i in range(12)] + [row(3, DEAR[0])] * 15
    rows += [row(9, LATE[i % 5], "delivery") for i in range(8)] + HAPPY[:20]
    unsure = explain_detractors(*survey(rows), n_boot=300)
    number = re.search(
        r"For “Delivery” to stand out from chance, about (\d+) more comments would",
        unsure.sentences[2],
    )
    assert 10 <= int(number.group(1)) <= 20 * 55
    assert unsure.why_none in unsure.sentences[2]


def test_a_reason_needs_an_interval():
    with pytest.raises(FeedbackError, match="n_boot is 0; a reason needs the interval of its adj"):
        explain_detractors(*survey(ROWS), n_boot=0)
    with pytest.raises(FeedbackError, match="No report language 'xx'; choose one of en, nl, nb"):
        explain_detractors(*survey(ROWS), report_language="xx")


def two_together(both):
    """Price and staff, both blamed; so many of those who blame staff blame price as well."""
    rows = [row(2 + i % 3, DEAR[i % 2], "price") for i in range(60)]
    rows += [row(2 + i % 3, DEAR[i % 2], "price", "staff") for i in range(both)]
    rows += [row(2 + i % 5, LATE[i % 5], "staff") for i in range(20 - both)]
    return rows + [row(8, LATE[0], "staff")] * 5 + HAPPY * 4


def test_reasons_are_ranked_by_what_remains_with_the_other_themes_held_equal():
    rows = two_together(5) + [row(7, LATE[1], "delivery")] * 90 + [row(6, LATE[1], "delivery")] * 60
    found = explain_detractors(*survey(rows), n_boot=200)
    gains = [reason.adjusted_gain.value for reason in found.reasons]
    assert len(gains) >= 2
    assert gains == sorted(gains, reverse=True)
    table = found.table.set_index("theme")
    assert table["points_lost"].idxmax() == "delivery" != found.reasons[0].theme


def test_a_reason_that_comes_with_a_stronger_one_is_marked():
    for both, share in ((7, "28%"), (6, None)):  # of 25 respondents who blame staff
        found = explain_detractors(*survey(two_together(both)), n_boot=200)
        first, second = found.reasons
        assert (first.theme, second.theme) == ("price", "staff")
        assert first.companion is None
        note = f"{both} of the 25 respondents who blame it ({share}) also blame Price, so part of"
        assert (note in second.sentence) == (share is not None)
        pair = second.companion
        assert (pair and (pair.theme, pair.n, pair.of)) == (share and ("price", 7, 25))
    assert any("Mentions that the program missed" in limit for limit in found.limits)


def test_only_the_first_reasons_are_described_and_the_others_named():
    rows = [row(2, LATE[i % 5], "delivery") for i in range(30)]
    rows += [row(3, DEAR[i % 2], "price") for i in range(20)] + HAPPY
    found = explain_detractors(*survey(rows), n_boot=200, n_reasons=1)
    assert [reason.theme for reason in found.reasons] == ["delivery"]
    assert "Passes the same tests but is not described here: Price." in found.limits


def test_the_points_of_the_answer_add_up_as_they_are_shown():
    rows = [row(i % 11, LATE[i % 5], *(["delivery"] if i % 3 else [])) for i in range(70)]
    rows += [row(i % 6, "") for i in range(13)]
    points = explain_detractors(*survey(rows), n_boot=20).sentences[-1]
    total, *parts = map(float, re.findall(r"\d+\.\d", points))
    assert len(parts) == 3
    assert sum(parts) == pytest.approx(total, abs=1e-9)


def test_writers_who_score_otherwise_are_pointed_out():
    rows = [row(2, LATE[i % 5], "delivery") for i in range(30)] + HAPPY
    rows += [row(9 + i % 2, "") for i in range(40)]
    found = explain_detractors(*survey(rows), n_boot=100)
    assert found.sentences[2].startswith(
        "Those who wrote do not score like the others: 0.0 for the 60 respondents with a comment, "
        "+100.0 for the 40 without (difference −100.0, 95% interval −1"
    )
    assert not any(limit.startswith("Only those who wrote") for limit in found.limits)


def test_ratings_that_were_set_aside_are_not_called_missing():
    comments, mentions = survey(ROWS)
    comments = with_info(
        comments, {"ratings_set_aside": {"nps": {"rating 12 is off the scale": 1}}}
    )
    found = explain_detractors(comments, mentions, n_boot=20)
    assert "1 more gave no rating that can be used." in found.sentences[0]
    assert (
        "1 rating was set aside and does not count in the score: rating 12 is off the scale (1)."
        in found.limits
    )


def test_a_turned_scale_is_told_in_the_answer():
    rows = [row(1, LATE[i % 5], "delivery") for i in range(20)] + [row(5, FINE[0])] * 20
    comments, mentions = survey(rows, "csat")
    scale = {"metric": "csat", "low": 1.0, "high": 5.0, "reversed": True}
    comments = with_info(comments, {"scales": {"csat": scale}})
    report = build_report(comments, mentions, "csat")
    said = report.explanation.sentences[0]
    assert said.endswith("5 is the best: who has a rating of 1 here answered 5.")
    assert report.answer.meaning.endswith("who has a rating of 1 here answered 5.")


@pytest.mark.parametrize(("rows", "message"), NOTHING.values(), ids=NOTHING)
def test_where_there_is_no_reason_it_says_so(rows, message, monkeypatch):
    monkeypatch.setattr(build, "SECTIONS", (reasons.build,))
    report = build_report(*survey(rows))
    found = report.explanation
    assert found.reasons == ()
    assert message in " ".join([*found.sentences, *found.limits])
    assert found.why_none in " ".join(found.sentences)
    assert report.section("reasons").lead == (found.why_none,)
    check_prose(found)


SOMETHING = {
    "small ones": (ROWS + [row(1, "Rude staff at the desk", "staff")] * 2,
                   "Left out because fewer than 10 respondents blame it: Staff"),
    "others": (
        ROWS + [row(7, DEAR[1], "price")] * 30,
        "Not named as a reason, since others blame it more often than detractors: Price.",
    ),
    "silent ones": (ROWS, "Only those who wrote can be read: the score is −6.7 for the 75 resp"),
    "few": ([row(3, LATE[i % 5], "delivery") for i in range(12)] + HAPPY,
            "There are only 42 respondents, 12 detractors among them"),
    "one level": (ROWS, "were found by a program"),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "message"), SOMETHING.values(), ids=SOMETHING)
def test_what_cannot_be_said_is_said(rows, message, request):
    comments, mentions = survey(rows)
    if "one level" in request.node.name:
        comments["shop"] = pd.Categorical(["north"] * len(comments))
    found = explain_detractors(comments, mentions, n_boot=100)
    assert found.reasons
    assert found.why_none == ""
    assert message in " ".join(found.limits)
    assert "not shown to cause" in found.limits[0]
    check_prose(found)


def check_prose(found):
    for text in (str(found), found.to_markdown(), found._repr_html_()):
        assert not re.search(r"\bnan\b|\binf\b|None|NaN|[{}]", text)


@pytest.mark.parametrize(
    ("metric", "low", "high", "who"),
    [
        ("csat", 1, 5, "dissatisfied respondents"),
        ("ces", 2, 7, "respondents who found it difficult"),
    ],
)
def test_other_scores_have_words_of_their_own(metric, low, high, who):
    rows = [row(low, LATE[i % 5], "delivery") for i in range(20)] + [row(high, FINE[0])] * 20
    found = explain_detractors(*survey(rows, metric), rating=metric)
    assert f"20 of the 20 {who}" in found.reasons[0].sentence
    assert "detractor" not in str(found)
    assert ("percentage points" if metric == "csat" else "rating points") in str(found)


def test_names_and_levels_can_be_chosen():
    comments, mentions = survey(ROWS)
    names = {"delivery": "Bezorging", "delivery.speed": "Snelheid"}
    found = explain_detractors(comments, mentions, names=names, n_boot=50)
    assert found.reasons[0].name == "Bezorging"
    assert found.reasons[0].parts[0] == ("Snelheid", 30)
    sub = explain_detractors(*survey(ROWS + HAPPY), level="sub", n_boot=50, n_reasons=1)
    assert [reason.name for reason in sub.reasons] == ["Delivery: speed"]
    assert sub.reasons[0].parts == ()
    with pytest.raises(ColumnError, match="No column 'text'"):
        explain_detractors(comments.drop(columns="text"), mentions)


def test_an_explanation_shows_itself(explanation):
    quote = Quote(
        text="It was late again, sorry to say", start=7, end=11, rating=2, date=date(2026, 5, 1),
        language="en",
    )  # fmt: skip
    reason = replace(
        explanation.reasons[0], sentence="All of them.", asides=("Words: late.",), quotes=(quote,)
    )
    found = replace(
        explanation, title="Why", reasons=(reason,), sentences=("One.", "Two."), limits=("Little.",)
    )
    assert found.to_markdown() == (
        "# Why\n\nOne.\n\nTwo.\n\n## 1. Delivery\n\nAll of them.\n\nWords: late.\n\n"
        "> “It was late again, sorry to say” (rating 2, 1 May 2026)\n\n"
        "## What this cannot say\n\n- Little.\n"
    )
    page = found._repr_html_()
    assert page.startswith('<section lang="en"><h3>Why</h3>')
    plain = re.sub(r' (style|dir)="[^"]*"', "", page)
    assert '“<span lang="en">It was <mark>late</mark> again' in plain
    assert str(found).startswith("Why\n\nOne.\nTwo.\n\n1. Delivery. All of them.\n   Words")


def test_the_same_input_gives_the_same_words():
    one, two = (explain_detractors(*survey(ROWS), seed=4).to_markdown() for _ in range(2))
    assert one == two


def test_sub_themes_that_are_themes_are_no_parts_of_another():
    rows = [row(2, f"{LATE[0]} Case {i}.", "delivery.speed") for i in range(20)]
    rows += [row(2, f"{DEAR[0]} Case {i}.", "delivery") for i in range(20)]
    found = explain_detractors(*survey([*rows, *HAPPY]), level="sub", n_boot=50)
    assert {reason.theme for reason in found.reasons} == {"delivery", "delivery.speed"}
    assert not any(reason.parts for reason in found.reasons)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"n_reasons": 0}, "n_reasons is 0; an answer that"),
        ({"n_reasons": -1}, "n_reasons is -1; an answer that"),
        ({"n_quotes": -1}, "n_quotes is -1; give 0"),
        ({"segments": ["shop", "shpo"]}, "No column 'shpo'"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(wrong, message):
    with pytest.raises(FeedbackError, match=message):
        explain_detractors(*survey(ROWS), n_boot=20, **wrong)


def test_one_word_or_one_column_may_be_given_by_itself():
    one = explain_detractors(*survey(ROWS), n_boot=20, stop_words="Parcel", segments="shop")
    several = explain_detractors(*survey(ROWS), n_boot=20, stop_words=["parcel"], segments=["shop"])
    assert "parcel" not in one.reasons[0].words
    assert one.reasons[0].quotes[0].segment in ("shop: north", "shop: south")
    assert str(one) == str(several)


def test_dates_without_a_time_are_shown_with_quotes():
    comments, mentions = survey(ROWS)
    days = explain_detractors(comments.assign(date=comments["date"].dt.date), mentions, n_boot=20)
    assert str(days) == str(explain_detractors(comments, mentions, n_boot=20))


def test_themes_that_only_others_blame_are_named():
    few = explain_detractors(*survey(ROWS + [row(9, DEAR[0], "staff")] * 3), n_boot=20, min_n=1)
    kinds = dict(zip(few.table["theme"], few.findings.verdicts, strict=True))
    assert kinds["staff"] == "not_blamed"
    [limit] = [one for one in few.limits if "beyond what may be chance: " in one]
    assert "Staff" in limit


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Delivery time", "delivery time"), ("WiFi", "WiFi"), ("PIN terminal", "PIN terminal")],
)
def test_the_report_keeps_the_capitals_of_a_sub_theme_that_are_its_own(name, shown):
    names = {"delivery": "Delivery", "delivery.speed": name}
    [reason] = build_report(*survey(ROWS), names=names).answer.reasons
    assert reason.short.endswith(f"Above all {shown} (30).")
