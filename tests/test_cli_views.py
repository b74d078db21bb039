"""Tables as they are read at a terminal."""

import re

import pandas as pd
import pytest

from feedback_nlp.cli import options
from feedback_nlp.cli.views import VIEWS, numbers, shown
from feedback_nlp.terminal import print_table

COLOURS = re.compile(r"\x1b\[[0-9;]*m")
DRIVERS = pd.DataFrame(
    {
        "theme": ["delivery", "price", "trust", "no_comment"],
        "n": pd.array([1200, 30, 4, 109], dtype="Int64"),
        "n_negative": pd.array([71, 3, 4, None], dtype="Int64"),
        "points_lost": [15.70940170, 0.04, None, 13.84615],
        "points_lost_low": [12.3, -1.25, None, None],
        "points_lost_high": [20.0628, 2.0, None, None],
        "odds_ratio": [40.745819, 1.0, None, None],
        "suppressed": [False, False, True, False],
    }
)


def test_a_figure_stands_with_its_interval_and_few_digits():
    page, _ = shown("drivers", DRIVERS)
    assert page["points lost"].tolist() == ["15.7 (12.3–20.1)", "0.0 (−1.3 to 2.0)", "13.8"]
    assert page["mention it"].tolist() == ["1,200", "30", "109"]
    assert page["complain"].tolist() == ["71", "3", "–"]


def test_a_row_that_is_no_theme_is_named_in_words():
    page, _ = shown("drivers", DRIVERS)
    assert page["theme"].tolist() == ["delivery", "price", "(no readable comment)"]


def test_what_is_left_out_is_said():
    page, said = shown("drivers", DRIVERS)
    assert len(page) == 3
    assert said == [
        "1 row has too few respondents to be shown (--min-n).",
        "With -o FILE: 2 more columns, and all figures unrounded.",
    ]
    assert shown("drivers", DRIVERS[["theme", "n"]])[1] == []


def test_the_sum_of_suppressed_themes_stays():
    table = pd.DataFrame({"theme": ["price", "suppressed"], "suppressed": [True, True]})
    page, _ = shown("change", table)
    assert page["theme"].tolist() == ["(themes of few respondents)"]


def test_small_chances_and_shares_are_not_zero():
    table = pd.DataFrame(
        {
            "term": ["late", "nice"],
            "share_group": [0.0041, 0.5],
            "q_value": [1e-9, 0.0312],
            "log_odds": [2.0, -1.5],
            "low": [1.0, -2.0],
            "high": [3.0, -1.0],
        }
    )
    page, _ = shown("keyness", table)
    assert page["of group"].tolist() == ["<1%", "50%"]
    assert page["q"].tolist() == ["<0.001", "0.031"]
    assert page["log-odds"].tolist() == ["2.0 (1.0–3.0)", "−1.5 (−2.0 to −1.0)"]


def test_of_many_words_both_ends_are_shown():
    table = pd.DataFrame({"term": [f"word{i}" for i in range(60)]})
    page, said = shown("keyness", table)
    assert page["term"].iloc[[0, 24, 25, 49]].tolist() == ["word0", "word24", "word35", "word59"]
    assert said == ["10 terms between the first and last 25 left out."]


def test_before_and_after_are_points_for_scores_and_shares_for_the_rest():
    table = pd.DataFrame(
        {
            "figure": ["score", "blame"], "theme": [None, "price"], "n_before": [73, 1200],
            "n_after": [92, 1310], "before": [34.25, 0.1],
            "after": [4.35, 0.2], "change": [-29.9, 0.1], "change_low": [-54.2, -0.02],
            "change_high": [-3.77, 0.2],
        }
    )  # fmt: skip
    page, _ = shown("measured", table)
    assert page["before → after"].tolist() == ["34.3 → 4.4", "10% → 20%"]
    assert page["n"].tolist() == ["73 → 92", "1,200 → 1,310"]
    assert page["change"].tolist() == ["−29.9 (−54.2 to −3.8)", "10% (−2% to 20%)"]
    assert page["figure"].tolist() == ["score", "blame price"]


def test_before_and_after_of_segments_break_no_word_at_80_columns(monkeypatch, capsys):
    table = pd.DataFrame(
        {
            "figure": ["score", "blame"], "theme": ["", "usability"],
            "group": ["not Channel=Web less Channel=Web", "Channel=App"], "n_before": [173, 120],
            "n_after": [192, 131], "before": [34.25, 0.1], "after": [-14.35, 0.2],
            "change": [-29.9, 0.1], "change_low": [-54.2, -0.02], "change_high": [-13.77, 0.2],
            "q_value": [0.106, 0.0001],
        }
    )  # fmt: skip
    monkeypatch.setenv("COLUMNS", "80")
    page, _ = shown("measured", table)
    print_table(page, right=numbers("measured"))
    words = capsys.readouterr().out.split()
    assert {"usability", "Channel=Web", "Channel=App", "(−54.2", "−13.8)", "−14.4"} <= set(words)


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_takes_an_empty_table(name):
    empty = pd.DataFrame({item.name: [] for item in VIEWS[name]})
    page, said = shown(name, empty)
    assert page.empty
    assert said == []


class Terminal:
    """A stdout that says it is a terminal."""

    encoding = "utf-8"

    def __init__(self):
        self.written = ""

    def write(self, text):
        self.written += text

    def flush(self):
        pass

    def isatty(self):
        return True


@pytest.mark.parametrize("view", ["drivers", ""])
def test_a_terminal_gets_the_view_and_a_file_all(view, monkeypatch, tmp_path):
    terminal = Terminal()
    monkeypatch.setattr(options.sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", "120")
    options.write(DRIVERS, None, title="Drivers", view=view)
    assert ("odds" in terminal.written) == (not view)
    assert ("unrounded" in terminal.written) == bool(view)
    assert all(len(line) <= 120 for line in COLOURS.sub("", terminal.written).splitlines())
    options.write(DRIVERS, str(tmp_path / "all.csv"), view=view)
    assert list(pd.read_csv(tmp_path / "all.csv")) == list(DRIVERS)


def test_no_rows_are_said(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(options.sys, "stdout", terminal)
    options.write(DRIVERS.head(0), None, view="drivers")
    assert "No rows to show." in terminal.written
    assert "─" not in terminal.written
