"""What is shown at a terminal."""

import sys

from feedback_nlp.terminal import at_width

TEXT = (
    "1. Delivery. 12 of the 40 detractors blame it.\n   “Late again, sorry to say”\n\n- Only few."
)


def test_lines_go_on_beneath_where_they_begin():
    assert at_width(TEXT, 24).split("\n") == [
        "1. Delivery. 12 of the", "   40 detractors blame", "   it.", "   “Late again, sorry to",
        "   say”", "", "- Only few.",
    ]  # fmt: skip
    assert at_width(TEXT, 200) == TEXT
    assert max(map(len, at_width("- " + "x" * 50, 20).split("\n"))) >= 50  # a word stays whole


def test_lines_are_wrapped_at_a_terminal_only(monkeypatch):
    assert at_width(TEXT) == TEXT
    monkeypatch.setenv("COLUMNS", "24")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert at_width(TEXT) == at_width(TEXT, 24) != TEXT
