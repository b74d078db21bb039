"""Periods and dates as people write them."""

import pandas as pd
import pytest

from feedback_nlp.errors import FeedbackError
from feedback_nlp.scores.over_time.spans import span_of


@pytest.mark.parametrize(
    ("given", "first", "last"),
    [
        ("2025", "2025-01-01", "2025-12-31"), ("2025-Q2", "2025-04-01", "2025-06-30"),
        ("2024-02", "2024-02-01", "2024-02-29"), ("2025-W01", "2024-12-30", "2025-01-05"),
        ("2025-05-12", "2025-05-12", "2025-05-12"), (("2025-01", "2025-Q2"), "2025-01-01", "2025-06-30"),
        ((pd.Timestamp("2025-05-12"), "2025"), "2025-05-12", "2025-12-31"),
        (pd.Timestamp("2025-05-12 23:00", tz="UTC"), "2025-05-12", "2025-05-12"),
    ],
)  # fmt: skip
def test_periods_that_can_be_read(given, first, last):
    assert [str(day) for day in span_of(given)] == [first, last]


@pytest.mark.parametrize(
    "given", ["soon", "2025-13", "2025-W54", "2025-02-30", "", "2025-05..", 2025, pd.NaT,
              ("2025", "2024"), "2025-05..2025-04", ("2025", "2025", "2025")],
)  # fmt: skip
def test_periods_that_cannot_be_read(given):
    with pytest.raises(FeedbackError, match="period"):
        span_of(given)
