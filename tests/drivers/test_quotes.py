"""What customers wrote: quotes that are short, typical, different, masked, and never markup."""

import pytest
from explained import DEAR, FINE, HAPPY, LATE, ROWS, row, survey
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.drivers import explain_detractors
from feedback_nlp.drivers.explain.explanation import source
from feedback_nlp.drivers.explain.quotes import cut
from feedback_nlp.wordings import wording_in


@pytest.fixture(scope="module")
def explanation():
    return explain_detractors(*survey(ROWS))


def test_quotes_take_the_parts_of_a_theme_in_turn_and_prefer_what_is_surely_negative():
    rows = [row(2, f"{LATE[0]} Case {i}.", "delivery.speed") for i in range(20)]
    rows += [row(2, "My parcel was crushed, the parcel box was open", "delivery.damage")] * 9
    rows += [row(2, f"{DEAR[0]} Parcel parcel.", "delivery")] * 30
    comments, mentions = survey([*rows, *[row(9, FINE[0])] * 20])
    mentions.loc[mentions["comment_id"] != "c7", "polarity_confidence"] = 0.55
    speed, damage, itself = explain_detractors(comments, mentions, n_boot=50).reasons[0].quotes
    assert speed.text == f"{LATE[0]} Case 7."
    assert "was crushed" in damage.text
    assert itself.text.startswith(DEAR[0])


def test_quotes_prefer_comments_that_are_about_the_theme():
    aside = "The shop is in the old town, we came by tram and had lunch next door. The parcel late."
    rows = [row(2, "The parcel was late and soaked.", "delivery")] + [
        row(2, aside, "delivery")
    ] * 20
    comments, mentions = survey(rows + HAPPY)
    off = mentions["comment_id"] != "c0"
    mentions.loc[off, "start"] = aside.index("The parcel")
    mentions.loc[off, "evidence"] = "The parcel late."
    [reason] = explain_detractors(comments, mentions, n_boot=50).reasons
    assert reason.quotes[0].comment_id == "c0"


def test_quotes_are_short_masked_sourced_and_different(explanation):
    quotes = explanation.reasons[0].quotes
    assert len(quotes) == 3
    texts = [quote.text for quote in quotes]
    assert all(30 <= len(text) <= 160 for text in texts)
    assert len({text[:20] for text in texts}) == 3
    assert "0612345678" not in str(explanation)
    day = f"{quotes[0].date.day} {quotes[0].date:%B %Y}"
    shown = source(quotes[0], wording_in("en"))
    assert shown == f"rating {quotes[0].rating:g}, {day}, {quotes[0].segment}"
    assert quotes[0].segment in ("shop: north", "shop: south")
    assert all(quote.rating <= 6 for reason in explanation.reasons for quote in reason.quotes)


def test_personal_data_is_masked_and_the_evidence_still_marked():
    text = "Mail kari{}@example.com: the courier of the {} never came"
    rows = [row(2, text.format(i, "abc"[i % 3] * 9), "delivery") for i in range(12)]
    quote = explain_detractors(*survey(rows + HAPPY), n_boot=50).reasons[0].quotes[0]
    assert "[e-mail]" in quote.text
    assert "example.com" not in quote.text
    assert quote.text[quote.start : quote.end].startswith("Mail [e-mail]: the courier")


def test_a_number_with_an_invisible_sign_in_it_is_masked():
    text = "Call 06\u200b12345678: the cou\u200brier of the {} never came"
    rows = [row(2, text.format("abc"[i % 3] * 9), "delivery") for i in range(12)]
    quote = explain_detractors(*survey(rows + HAPPY), n_boot=50).reasons[0].quotes[0]
    assert quote.text[quote.start : quote.end].startswith("Call [phone]: the courier of the")


def test_nobody_is_quoted_twice():
    rows = [row(2, text, "delivery") for text in LATE * 6] + HAPPY
    comments, mentions = survey(rows)
    comments["respondent_id"] = [f"r{i % 5 if i < 30 else i}" for i in range(len(comments))]
    few = comments["respondent_id"].isin(["r0", "r1"]) | (comments["nps"] > 6)
    others = comments["respondent_id"].where(few, comments["comment_id"])
    comments["respondent_id"] = others
    found = explain_detractors(comments, mentions, n_boot=50, n_quotes=10)
    ids = comments.set_index("comment_id")["respondent_id"]
    quoted = [ids[quote.comment_id] for reason in found.reasons for quote in reason.quotes]
    assert len(quoted) == len(set(quoted)) == 5


EVIL = "<script>alert(1)</script> *bold* [x](http://e.example) `c` \x1b[31m \u202e & | # $1 late"


def test_customers_words_are_never_markup():
    rows = [row(2, f"{EVIL} {i}", "delivery") for i in range(12)] + HAPPY
    comments, mentions = survey(rows)
    comments["shop"] = "<b>north</b>"
    found = explain_detractors(comments, mentions, names={"delivery": "<i>Delivery</i>"}, n_boot=50)
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
