"""Challenge rows: what passes, what does not, and what is no row."""

import json

import pytest

from feedback_nlp import load_tagger
from feedback_nlp.errors import FileFormatError
from feedback_nlp.tagging.challenge import pass_rates, read_challenges, run_challenges


def row(text, mentions=(), *, number=1, phenomenon="negation", **more):
    values = {
        "id": f"en-{phenomenon}-{number:02d}", "phenomenon": phenomenon, "pair": None, "text": text,
        "language": "en", "question": "", "mentions": [{"theme": t, "polarity": p} for t, p in mentions],
        "absent": [], "status": "ok", "sentiment": None,
    }  # fmt: skip
    return values | more


def results(tmp_path, *rows):
    path = tmp_path / "en.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), "utf-8")
    return run_challenges(load_tagger(), read_challenges(tmp_path))


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (row("The staff were rude", [("service", "negative")]), ""),
        (row("The staff were rude", [("service", "positive")]), "no positive service (negative)"),
        (row("The staff were rude", [("price", "negative")]), "no negative price"),
        (row("Nice staff, rude staff", [("service", "negative")]), "positive service"),
        (row("Nice staff, rude staff", [("service", "negative"), ("service", "positive")]), ""),
        (row("The staff were rude", absent=["service"]), "service.friendliness found"),
        (row("The staff were rude, too expensive", [("service", "negative")], absent=["*"]), "price.level found"),
        (row("The staff were rude", [("service", "negative")], absent=["*"], sentiment="negative"), ""),
        (row("The staff were rude", sentiment="positive"), "sentiment negative, not positive"),
        (row("asdfgh", status="uninformative"), ""),
        (row("The staff were rude", status="uninformative"), "status ok, not uninformative"),
    ],
)  # fmt: skip
def test_a_row_is_passed_or_says_why_not(tmp_path, one, why):
    found = results(tmp_path, one).iloc[0]
    assert (found["why"], found["passed"]) == (why, not why)


def test_pass_rates_by_phenomenon(tmp_path):
    found = results(
        tmp_path,
        row("The staff were rude", [("service", "negative")]),
        row("The staff were rude", [("service", "positive")], number=2),
        row("Far too expensive", [("price", "negative")], phenomenon="degree"),
    )
    rates = pass_rates(found).set_index("phenomenon")
    assert rates["share"].round(3).to_dict() == {"degree": 1, "negation": 0.5, "all": 0.667}
    assert rates["n"].to_dict() == {"degree": 1, "negation": 2, "all": 3}
    assert (rates["low"] < rates["high"]).all()
    assert pass_rates(found, by="language")["language"].tolist() == ["en", "all"]


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (row("x", [("price", "bad")]), "no polarity 'bad'"),
        (row("x", [("prices", "negative")]), "no theme 'prices'"),
        (row("x", phenomenon="magic"), "no phenomenon 'magic'"),
        (row("x", pair="en-negation-99"), "its pair 'en-negation-99' is not there"),
        (row("x", id="nl-negation-01"), "does not begin with en-negation-"),
        ({**row("x", [("price", "negative")]), "status": "blank"}, "has no mentions"),
        ({**row("x"), "extra": 1}, "no field 'extra'"),
        ({"id": "en-negation-01"}, "'phenomenon' is missing"),
        ({**row("x"), "mentions": ["price"]}, "a theme and a polarity"),
    ],
)  # fmt: skip
def test_what_is_no_row_is_refused(tmp_path, one, told):
    with pytest.raises(FileFormatError, match=told):
        results(tmp_path, one)


def test_ids_are_unique_and_files_are_there(tmp_path):
    with pytest.raises(FileFormatError, match="occurs twice"):
        results(tmp_path, row("x"), row("y"))
    with pytest.raises(FileFormatError, match="no file or folder"):
        read_challenges(tmp_path / "nowhere")
