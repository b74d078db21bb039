"""The answer in words: reasons, quotes, and honest statements where there is no answer."""

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.drivers import Explanation, Quote, Reason, explain_detractors, theme_table
from feedback_nlp.drivers.quotes import cut
from feedback_nlp.errors import ColumnError
from feedback_nlp.records import Mention, Score
from feedback_nlp.report import build_report
from feedback_nlp.schema import mentions_table, with_info

LATE = [
    "The parcel came two weeks late and nobody told us anything.",
    "My parcel was left in the rain, so the box was soaked through.",
    "Still waiting for the parcel. The courier never showed up at all!",
    "The courier threw it over the fence; call me on 0612345678 please.",
    "Ordered in May, got the parcel in July, and it was the wrong one.",
]
DEAR = ["Far too expensive for what you get here.", "Prices went up again without any warning."]
FINE = ["Lovely people, I will be back soon.", "Everything was as it should be, thanks."]


def row(rating, text, *themes, polarity="negative"):
    return rating, text, [(theme, polarity) for theme in themes]


def survey(rows, rating="nps"):
    comments = pd.DataFrame({"comment_id": [f"c{i}" for i in range(len(rows))]})
    comments["text"] = pd.array([text for _, text, _ in rows], dtype="str")
    comments[rating] = pd.Series([given for given, _, _ in rows], dtype=float)
    comments["date"] = pd.Timestamp("2026-03-01") + pd.to_timedelta(range(len(rows)), unit="D")
    comments["shop"] = pd.Categorical(["north", "south"] * len(rows))[: len(rows)]
    triples = [
        (f"c{i}", text, Mention(theme=theme, polarity=polarity, theme_confidence=0.9,
                                polarity_confidence=0.9, start=0, end=len(text)))
        for i, (_, text, mentioned) in enumerate(rows)
        for theme, polarity in mentioned
    ]  # fmt: skip
    themes = sorted({theme for _, _, mentioned in rows for theme, _ in mentioned})
    return with_info(comments, {"segments": ["shop"]}), mentions_table(triples, themes)


ROWS = (
    [row(i % 7, LATE[i % 5] + f" Case {i}.", "delivery.speed") for i in range(30)]
    + [row(7, DEAR[i % 2], "price") for i in range(10)]
    + [row(4, DEAR[0], "price", "delivery.damage")] * 5
    + [row(9 + i % 2, FINE[i % 2], "service", polarity="positive") for i in range(30)]
    + [row(3, "", *())] * 5
    + [row(None, "No rating, but words.")]
)


@pytest.fixture(scope="module")
def explanation():
    return explain_detractors(*survey(ROWS))


def test_the_sentences_say_who_answered_and_what_detractors_blame(explanation):
    score, wrote, reasons, points = explanation.sentences
    assert score == (
        "The NPS is -12.5 (95% interval -31.9 to +8.0) from 80 respondents: 30 promoters (9–10), "
        "10 passives (7–8) and 40 detractors (0–6). 1 more gave no rating."
    )
    assert wrote == (
        "75 of the 80 (94%) left a comment that can be read, 35 of the 40 detractors (88%) "
        "among them."
    )
    assert re.fullmatch(
        r"What detractors blame, by points lost: Delivery \(35 of them, 81\.2 points\) and Price "
        r"\(5, \d+\.\d\)\.",
        reasons,
    )
    assert points.startswith("The score lies 112.5 points below its maximum of +100.0: ")
    assert points.endswith("and 12.5 with respondents who left no comment that can be read.")


def test_reasons_carry_figures_words_parts_and_quotes(explanation):
    delivery, price = explanation.reasons
    assert (delivery.theme, delivery.n, delivery.sets_apart) == ("delivery", 35, True)
    assert re.fullmatch(
        r"Delivery: 35 of 40 detractors \(88%, 95% interval 74–95%\) blame it, against 0% "
        r"of the others; it comes with 81\.2 of the 112\.5 points lost \(\d+\.\d–\d+\.\d\)\.",
        delivery.sentence,
    )
    assert "parcel" in delivery.words
    assert "the" not in delivery.words
    assert delivery.subthemes == (("speed", 30), ("damage", 5))
    assert not price.sets_apart
    assert "may be chance, so it need not be what sets detractors apart" in price.sentence


def test_the_points_of_the_answer_add_up_as_they_are_shown():
    rows = [row(i % 11, LATE[i % 5], *(["delivery"] if i % 3 else [])) for i in range(70)]
    rows += [row(i % 6, "") for i in range(13)]
    points = explain_detractors(*survey(rows), n_boot=0).sentences[3]
    total, *parts = map(float, re.findall(r"\d+\.\d(?! *$)", points.replace("+100.0", "")))
    assert len(parts) == 3
    assert sum(parts) == pytest.approx(total, abs=1e-9)


def test_ratings_that_were_set_aside_are_not_called_missing():
    comments, mentions = survey(ROWS)
    comments = with_info(
        comments, {"ratings_set_aside": {"nps": {"rating 12 is off the scale": 1}}}
    )
    found = explain_detractors(comments, mentions, n_boot=0)
    assert "1 more gave no rating that can be used." in found.sentences[0]
    assert (
        "Ratings set aside, which do not count in the score: 1 (rating 12 is off the scale)."
        in found.limits
    )


def test_a_turned_scale_is_told_in_the_answer():
    rows = [row(1, LATE[i % 5], "delivery") for i in range(20)] + [row(5, FINE[0])] * 20
    comments, mentions = survey(rows, "csat")
    scale = {"metric": "csat", "low": 1.0, "high": 5.0, "reversed": True}
    comments = with_info(comments, {"scales": {"csat": scale}})
    said = explain_detractors(comments, mentions, rating="csat", n_boot=0).sentences[0]
    assert said.endswith("5 is the best: who has a rating of 1 here answered 5.")
    report = build_report(comments, mentions, "csat")
    assert report.answer.meaning.endswith("who has a rating of 1 here answered 5.")


def test_quotes_take_the_parts_of_a_theme_in_turn_and_prefer_what_is_surely_negative():
    rows = [row(2, f"{LATE[0]} Case {i}.", "delivery.speed") for i in range(20)]
    rows += [row(2, "My parcel was crushed, the parcel box was open", "delivery.damage")] * 9
    rows += [row(2, f"{DEAR[0]} Parcel parcel.", "delivery")] * 30
    comments, mentions = survey([*rows, *[row(9, FINE[0])] * 20])
    mentions.loc[mentions["comment_id"] != "c7", "polarity_confidence"] = 0.55
    speed, damage, itself = explain_detractors(comments, mentions, n_boot=0).reasons[0].quotes
    assert speed.text == f"{LATE[0]} Case 7."
    assert "was crushed" in damage.text
    assert itself.text.startswith(DEAR[0])


def test_quotes_are_short_masked_sourced_and_different(explanation):
    quotes = explanation.reasons[0].quotes
    assert len(quotes) == 3
    texts = [quote.text for quote in quotes]
    assert all(30 <= len(text) <= 160 for text in texts)
    assert len({text[:20] for text in texts}) == 3
    assert "0612345678" not in str(explanation)
    assert quotes[0].source == f"rating {quotes[0].rating:g}, {quotes[0].date}, {quotes[0].segment}"
    assert quotes[0].segment in ("shop: north", "shop: south")
    assert all(quote.rating <= 6 for reason in explanation.reasons for quote in reason.quotes)


def test_personal_data_is_masked_and_the_evidence_still_marked():
    text = "Mail kari{}@example.com: the courier of the {} never came"
    rows = [row(2, text.format(i, "abc"[i % 3] * 9), "delivery") for i in range(12)]
    quote = explain_detractors(*survey(rows), n_boot=0).reasons[0].quotes[0]
    assert "[e-mail]" in quote.text
    assert "example.com" not in quote.text
    assert quote.text[quote.start : quote.end].startswith("Mail [e-mail]: the courier")


NOTHING = {
    "nobody wrote": ([row(i, "") for i in range(11)], "Nobody left a comment that can be read"),
    "no detractors": ([row(9, LATE[0], "delivery")] * 12, "There are no detractors"),
    "silent detractors": (
        [row(3, "")] * 12 + [row(9, FINE[0])] * 12,
        "No comment of detractors can be read",
    ),
    "no theme": ([row(3, LATE[0])] * 12, "no theme was found that detractors blame"),
    "too few": ([row(3, LATE[0], "delivery")] * 4 + [row(9, "Good")] * 8, "fewer than 10"),
    "others only": (
        [row(7, DEAR[0], "price")] * 30 + [row(3, LATE[0])] * 30 + [row(3, DEAR[0], "price")],
        "blamed more often by others than detractors",
    ),
    "only praise": ([row(3, FINE[0], "service", polarity="positive")] * 12, "no theme was found"),
}


@pytest.mark.parametrize(("rows", "message"), NOTHING.values(), ids=NOTHING)
def test_where_there_is_no_reason_it_says_so(rows, message):
    found = explain_detractors(*survey(rows), n_boot=100)
    assert found.reasons == ()
    assert message in " ".join(found.sentences)
    assert found.limits
    check_prose(found)


SOMETHING = {
    "all detractors": (
        [row(2 + i % 2, LATE[i % 5], "delivery") for i in range(40)],
        "All respondents are detractors",
    ),
    "everywhere": (
        [row(i % 11, LATE[i % 5], "delivery") for i in range(44)],
        "Every respondent blames it, so what it does to the score cannot be told: Delivery.",
    ),
    "constant": (
        [row(5, LATE[i % 5], *(["delivery"] if i % 2 else [])) for i in range(40)],
        "All respondents gave the same rating",
    ),
    "twelve": ([row(3, LATE[i % 5], "delivery") for i in range(10)] + [row(9, FINE[0])] * 2,
               "There are only 12 respondents, 10 of them detractors"),
    "small ones": (ROWS + [row(1, "Rude staff at the desk", "staff")] * 2,
                   "Left out because fewer than 10 respondents blame it: Staff"),
    "others": (
        ROWS + [row(7, DEAR[1], "price")] * 30,
        "Not named as a reason, since others blame it more often than detractors: Price.",
    ),
    "silent ones": (ROWS, "Only those who wrote can be read: the score of the 75 respondents"),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "message"), SOMETHING.values(), ids=SOMETHING)
def test_what_cannot_be_said_is_said(rows, message):
    found = explain_detractors(*survey(rows), n_boot=100)
    assert found.reasons
    assert message in " ".join(found.limits)
    assert "not shown to cause" in found.limits[0]
    check_prose(found)


def check_prose(found):
    for text in (str(found), found.to_markdown(), found._repr_html_()):
        assert not re.search(r"\bnan\b|\binf\b|None|NaN", text)


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
    assert f"20 of 20 {who}" in found.reasons[0].sentence
    assert "detractor" not in str(found)
    assert ("percentage points" if metric == "csat" else "rating points") in str(found)


def test_names_and_levels_can_be_chosen():
    comments, mentions = survey(ROWS)
    names = {"delivery": "Bezorging", "delivery.speed": "Snelheid"}
    found = explain_detractors(comments, mentions, names=names, n_boot=0)
    assert found.reasons[0].name == "Bezorging"
    assert found.reasons[0].subthemes[0] == ("Snelheid", 30)
    assert "points lost (" in found.reasons[0].sentence  # needs no draws
    sub = explain_detractors(comments, mentions, level="sub", n_boot=0, n_reasons=1)
    assert [reason.name for reason in sub.reasons] == ["Delivery: speed"]
    with pytest.raises(ColumnError, match="No column 'text'"):
        explain_detractors(comments.drop(columns="text"), mentions)


EVIL = "<script>alert(1)</script> *bold* [x](http://e.example) `c` \x1b[31m \u202e & | # $1 late"


def test_customers_words_are_never_markup():
    rows = [row(2, f"{EVIL} {i}", "delivery") for i in range(12)]
    comments, mentions = survey(rows)
    comments["shop"] = "<b>north</b>"
    found = explain_detractors(comments, mentions, names={"delivery": "<i>Delivery</i>"}, n_boot=0)
    assert found.reasons[0].quotes
    page, markdown = found._repr_html_(), found.to_markdown()
    for tag in ("<script", "<b>", "<i>"):
        assert tag not in page
        assert tag not in markdown
    assert "\\*bold\\*" in markdown
    assert "\\[x\\](" in markdown
    for shown in (page, markdown, str(found)):
        assert "\x1b" not in shown
        assert "\u202e" not in shown


def test_an_explanation_shows_itself():
    quote = Quote(
        text="It was late again, sorry to say", start=7, end=11, rating=2, date=date(2026, 5, 1)
    )
    reason = Reason(
        theme="delivery", name="Delivery", sentence="Delivery: 1 of 1.", n=1, share=1,
        share_low=0.2, share_high=1, points_lost=200,
        points_lost_low=np.nan, points_lost_high=np.nan, sets_apart=False,
        words=("late",), subthemes=(("speed", 1),), quotes=(quote,),
    )  # fmt: skip
    score = Score(metric="nps", method="standard", value=-100, low=-100, high=58, n=1)
    found = Explanation(
        title="Why", score=score, table=pd.DataFrame(), reasons=(reason,),
        sentences=("One.", "Two."), limits=("Little.",),
    )  # fmt: skip
    assert found.to_markdown() == (
        "# Why\n\nOne.\n\nTwo.\n\n## 1. Delivery\n\nDelivery: 1 of 1.\n\n"
        "Words that stand out: late.\n\nIn particular: speed 1.\n\n> “It was late again, sorry to say” (rating 2, 2026-05-01)\n\n"
        "## What this cannot say\n\n- Little.\n"
    )
    assert "It was <mark>late</mark> again" in found._repr_html_()
    assert str(found).startswith("Why\n\nOne.\nTwo.\n\n1. Delivery: 1 of 1.\n   Words")


@settings(deadline=None)
@given(st.text(alphabet="ab c.!é\u00a0", max_size=500), st.data())
def test_cuts_are_short_and_keep_their_evidence(text, data):
    text = text.replace("\u00a0", " ")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first, last, quote = cut(text, start, end)
    assert len(quote) <= 162
    assert 0 <= first <= last <= len(quote)
    if len(text.strip()) <= 160:
        assert quote == text.strip()
        assert quote[first:last].strip() == text[start:end].strip()
    elif end - start <= 60:
        assert quote[first:last].strip(" ") in text


def test_themes_by_polarity():
    rows = [
        row(2, LATE[0], "delivery.speed", "delivery.damage"),
        row(3, LATE[1], "delivery"),
        row(10, FINE[0], "service", "delivery", polarity="positive"),
        row(9, FINE[1], "service", "general", polarity=None),
        row(5, ""),
    ]
    comments, mentions = survey(rows)
    table = theme_table(comments, mentions, rating="nps", min_n=2).set_index("theme")
    assert list(table.index) == ["delivery", "service", "general"]
    assert table.loc["delivery", ["negative", "neutral", "positive", "unknown"]].tolist() == [
        2,
        0,
        1,
        0,
    ]
    assert table.loc["delivery", "share"] == 0.75
    assert table.loc["delivery", "net_polarity"] == pytest.approx(-1 / 3)
    assert table.loc["service", ["positive", "unknown", "net_polarity"]].tolist() == [1, 1, 1]
    assert (table.loc["service", "n_rated"], table.loc["service", "score"]) == (2, 100)
    assert pd.isna(table.loc["general", "score"])
    assert pd.isna(table.loc["general", "net_polarity"])
    assert "general" not in set(theme_table(comments, mentions, not_drivers=["general"])["theme"])
    empty = theme_table(comments, mentions.head(0), rating="nps")
    assert len(empty) == 0
    assert list(empty) == list(table.reset_index())


def test_the_same_input_gives_the_same_words():
    one, two = (explain_detractors(*survey(ROWS), seed=4).to_markdown() for _ in range(2))
    assert one == two
