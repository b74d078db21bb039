"""What is shown at a terminal."""

import sys

from feedback_nlp.terminal import at_width, say

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


def test_an_emoji_is_two_columns_wide():
    assert at_width("- 😠 😠 😠 x", 10) == "- 😠 😠 😠\n  x"


def test_no_break_spaces_hold():
    assert at_width("a b\u00a0c", 4) == "a\nb\u00a0c"


def test_notes_are_wrapped_and_commands_are_not(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "20")
    say("Note: letters were lost\nbefore")
    assert capsys.readouterr().err == "Note: letters were lost before\n"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    say("Note: letters were lost\x1b[2J")
    say("feedback-nlp tag export.csv -o x.csv", whole=True)
    assert capsys.readouterr().err.splitlines() == [
        "Note: letters were", "lost[2J", "feedback-nlp tag export.csv -o x.csv",
    ]  # fmt: skip


def test_lines_are_wrapped_at_a_terminal_only(monkeypatch):
    assert at_width(TEXT) == TEXT
    monkeypatch.setenv("COLUMNS", "24")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert at_width(TEXT) == at_width(TEXT, 24) != TEXT
