"""Score and words disagree: the likely reason of a contradiction, and its evidence."""

import numpy as np
import pytest
from contradicting import survey

from feedback_nlp.drivers.disagree.listing import disagreements
from feedback_nlp.drivers.disagree.reasons import sarcasm_sign, tells_of_others, why_misread
from feedback_nlp.errors import RatingError
from feedback_nlp.schema import with_info


def reason_of(rating, text, mentioned, sentiment="positive", score=0.9, **columns):
    comments, mentions = survey([(rating, sentiment, score, text, mentioned)], **columns)
    table = disagreements(comments, mentions)
    return tuple(table.loc[0, ["reason", "evidence"]])


@pytest.mark.parametrize(
    ("text", "blames", "sign"),
    [
        ("Loved being kept waiting 🙄", False, "emoji"),
        ("Thanks for nothing!", False, "mocking phrase"),
        ("Good luck getting an answer from them", False, "mocking phrase"),
        ("Their “excellent” support lost my order", False, "praise in quotes"),
        ("Absolutely FANTASTIC!!!", False, "exaggeration"),
        ("Great, another hour on hold", True, "praise that opens a complaint"),
        ("£9 for a cold toastie. Well done.", False, "praise beside a figure"),
        ("Great staff, but far too expensive", True, ""),
        ("Friendly people and a quick answer", False, ""),
        ("I like the “new” shop", False, ""),
        ("", False, ""),
    ],
)
def test_signs_of_sarcasm(text, blames, sign):
    assert sarcasm_sign(text, "en", blames=blames, extreme=True) == sign


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Bedankt voor niets"), ("nb", "Takk for ingenting!"), ("lv", "Paldies par neko."),
        ("de", "Na toll, wieder nichts"), ("fr", "Merci pour rien"), ("es", "Gracias por nada"),
    ],
)  # fmt: skip
def test_mocking_phrases_of_each_language(language, text):
    assert sarcasm_sign(text, language, blames=False, extreme=False) == "mocking phrase"
    assert sarcasm_sign(text, "unknown", blames=False, extreme=False) == "mocking phrase"


def test_reasons_and_their_evidence():
    assert reason_of(0, "Thanks for nothing!", []) == ("sarcasm_candidate", "mocking phrase")
    assert reason_of(1, "Great staff, but too expensive", ["positive", "negative"]) == (
        "mixed", "1 positive and 1 negative mentions",
    )  # fmt: skip
    assert reason_of(0, "It used to be lovely here", ["positive"]) == (
        "other_touchpoint", "other time",
    )  # fmt: skip
    assert tells_of_others("The competitor is friendlier", "en") == "other company"
    assert reason_of(0, "Friendly people", ["positive"]) == ("unclear", "")
    assert reason_of(0, "Lovely", []) == ("unclear", "a single word")
    assert why_misread("They should have called me", "en") == "a wish"
    # A complaint with a high rating is never taken for sarcasm.
    assert reason_of(10, "Thanks for nothing!", [], "negative", -0.9)[0] == "unclear"


def test_other_ratings_at_the_opposite_end_speak_for_a_turned_scale():
    text = "Friendly people and a quick answer"
    assert reason_of(0, text, ["positive"], csat=5.0)[0] == "unclear"  # not known to be a rating
    comments, mentions = survey([(0, "positive", 0.9, text, ["positive"])] * 3)
    comments["csat"], comments["staff"] = [5.0, 2.0, np.nan], [4.0, 5.0, np.nan]
    found = disagreements(comments, mentions, others=["csat", "staff"])
    assert found["reason"].tolist() == ["scale_reversed", "unclear", "unclear"]
    assert found["evidence"].iloc[0] == "csat 5, staff 4"
    scales = {name: {"metric": name, "low": 1, "high": 5} for name in ("csat", "staff")}
    noted = with_info(comments, {"scales": scales})
    assert disagreements(noted, mentions)["reason"].tolist() == found["reason"].tolist()
    with pytest.raises(RatingError, match="off the scale"):
        disagreements(comments.assign(csat=9.0), mentions, others=["csat"])
