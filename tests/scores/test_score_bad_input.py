"""What happens with bad input: the table in docs/metrics.md, which is made here.

After a change that is meant, write the table anew:

    WRITE_DOCS=1 pytest tests/scores/test_score_bad_input.py
"""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from feedback_nlp.errors import FeedbackError
from feedback_nlp.scores import ces, csat, nps

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"
START, STOP = "<!-- bad input: written by a test -->\n", "<!-- end of bad input -->"


def table(ratings, **columns):
    frame = pd.DataFrame({"comment_id": [f"c{i}" for i in range(len(ratings))], **columns})
    return frame.assign(nps=ratings)


NAMES = {
    "Decimal": Decimal, "ces": ces, "csat": csat, "date": date, "nan": np.nan, "nps": nps, "pd": pd,
    "table": table,
}  # fmt: skip
# What it is, and the call; in a call ``table`` makes a comments table of ratings.
CASES = [
    ("Text among the ratings", 'nps([9, "8", "ten"])'),
    ("A number with words", 'nps(["10 - very likely"])'),
    ("A text column of a table", 'nps(table(["9", "3"]))'),
    ("An empty text", 'nps([9, ""])'),
    ("None, NaN, NA", "nps([9, None, nan, pd.NA])"),
    ("All missing", "nps([None, nan])"),
    ("No rows", "nps([])"),
    ("Below the scale", "nps([9, -1])"),
    ("Above the scale", "nps([11, 9, 12])"),
    ("0 on a scale from 1", "csat([0, 5])"),
    ("Part of a point where answers are whole", "nps([9, 6.5])"),
    ("Half a point of satisfaction (4½ stars)", "csat([4.5, 3.5, 2])"),
    ("Yes and no", "csat([True, False])"),
    ("A date", "nps([date(2026, 1, 1)])"),
    ("Infinite", 'nps([float("inf")])'),
    ("Too large for any scale", "nps([10**400])"),
    ("Decimal numbers", 'nps([Decimal("9"), Decimal("3")])'),
    ("A column that can be missing (Int64)", 'nps(pd.Series([9, None], dtype="Int64"))'),
    ("One text instead of ratings", 'nps("98")'),
    ("One answer", "nps([9])"),
    ("All answers equal", "csat([5] * 30, method='mean')"),
    ("NPS of another scale", "nps([4, 5], scale=(1, 5))"),
    ("Answers of 1–5 given as 0–10", "nps([5, 4, 5, 3, 1, 5, 4, 4, 5, 2])"),
    ("Answers of 1–5 and of 1–10 in one column", "csat([5, 4, 10, 8])"),
    ("A top-2-box of three answers", "csat([3, 2], scale=(1, 3))"),
    ("CES without direction", "ces([7, 6])"),
    ("A scale the wrong way round", "csat([5], scale=(5, 1))"),
    ("A respondent with two ratings: the last counts", 'nps(table([9, 2], respondent_id="r"))'),
    ("A column that is not there", 'nps(table([9]), rating="nsp")'),
    ("A confidence level in percent", "nps([9], level=95)"),
    ("A weight below zero", "nps([9, 3], weights=[1, -1])"),
    ("A weight missing", "nps([9, 3], weights=[1, None])"),
    ("All weights zero", "nps([9, 3], weights=[0, 0])"),
    ("More answers than people", "nps([9, 3], population=1)"),
    ("Everybody has answered", "nps([9, 3], population=2)"),
]


def outcome(call):
    try:
        score = eval(call, dict(NAMES))
    except (FeedbackError, TypeError) as error:
        return f"Error: {error}".replace("|", "\\|")
    missing = f", {score.n_missing} missing" if score.n_missing else ""
    return " ".join([f"{score}{missing}.", *score.notes])


def lines():
    rows = [f"| {what} | `{call}` | {outcome(call)} |" for what, call in CASES]
    return "\n".join(["| input | such as | what happens |", "|---|---|---|", *rows, ""])


def test_the_page_says_what_happens_with_bad_input():
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(START)
    written, after = rest.split(STOP)
    if os.environ.get("WRITE_DOCS"):
        PAGE.write_text(f"{before}{START}{lines()}{STOP}{after}", encoding="utf-8")
        return
    assert written == lines(), "docs/metrics.md is behind; see the first lines of this file"


@pytest.mark.parametrize("call", [call for _, call in CASES])
def test_every_outcome_is_one_line(call):
    assert "\n" not in outcome(call)
    assert len(outcome(call)) < 260
