"""A control chart of a score: it marks real shifts and leaves noise alone.

How signals are told from noise: ``shifts.py``. What the chart is not: ``docs/metrics.md``.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.errors import FeedbackError
from feedback_nlp.markup import html_table
from feedback_nlp.records import figure
from feedback_nlp.scores.answers import Scale
from feedback_nlp.scores.over_time.charting import Row, Shift, notes_of, sentences_of
from feedback_nlp.scores.over_time.periods import read_dated
from feedback_nlp.scores.over_time.points import cells_of, points_of
from feedback_nlp.scores.over_time.shifts import Parts, find_parts

MIN_PERIODS = 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ControlChart:
    """A score by period with the limits of chance and the shifts beyond them.

    Attributes:
        rating: The rating.
        metric: Which score.
        method: Which definition of it.
        unit: Of the score.
        by: The kind of period, such as ``week``.
        table: One row for each point: ``period``, ``start``, ``periods`` (how many were put
            together), ``n``, ``value``, ``low``, ``high``, ``centre`` (score of the regime),
            ``lower``, ``upper`` (where a quiet period of that many answers stays), ``signal``
            (``shift``, ``single`` or blank) and ``regime`` (from 1).
        shifts: The signals, in order of time.
        false_alarms: Of quiet series, the share that may show any signal.
        level: Confidence level of the intervals.
        n: Answers used: each respondent once in each point of the chart.
        n_missing: Respondents without an answer in their period.
        n_undated: Respondents with an answer and no date, who are in no period.
        enough: Whether there are enough periods to tell anything.
        sentences: What the chart says.
        notes: What belongs to it.
    """

    rating: str
    metric: str
    method: str
    unit: str
    by: str
    table: pd.DataFrame
    shifts: tuple[Shift, ...]
    false_alarms: float
    level: float
    n: int
    n_missing: int
    n_undated: int
    enough: bool
    sentences: tuple[str, ...]
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values; the table as one dictionary a row."""
        values = {name: getattr(self, name) for name in self.__slots__}
        rows = self.table.astype(object).where(self.table.notna(), None).to_dict("records")
        return values | {
            "table": [{**row, "start": str(row["start"])[:10]} for row in rows],
            "shifts": [shift.to_dict() for shift in self.shifts],
            "sentences": list(self.sentences),
            "notes": list(self.notes),
        }

    def _cells(self) -> list[list[str]]:
        return [
            [
                str(row["period"]), f"{row['n']:,}", figure(row["value"], self.unit),
                _ends(row["low"], row["high"], self.unit),
                _ends(row["lower"], row["upper"], self.unit), row["signal"], str(row["regime"]),
            ]
            for row in self.table.to_dict("records")
        ]  # fmt: skip

    def _heads(self) -> list[str]:
        return [self.by, "n", self.metric.upper(), "interval", "limits", "signal", "regime"]

    def __str__(self) -> str:
        rows = [self._heads(), *self._cells()]
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        lines = [
            "  ".join(
                cell.ljust(width) if i in (0, 5) else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        ]
        return "\n".join([*self.sentences, "", *lines, "", *self.notes])

    def _repr_html_(self) -> str:
        caption = " ".join([*self.sentences, *self.notes])
        return html_table(self._heads(), self._cells(), caption=caption)


def control_chart(
    comments: pd.DataFrame,
    rating: str = "nps",
    *,
    period: str = "week",
    false_alarms: float = 0.05,
    min_n: int = 10,
    level: float = 0.95,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
    seed: int = 0,
) -> ControlChart:
    """Return the score by period, with the shifts that chance does not make.

    Args:
        comments: A comments table with dates; each respondent counts once in each period.
        rating: The rating column; high answers are the good ones.
        period: ``day``, ``week``, ``month``, ``quarter`` or ``year``.
        false_alarms: Of series in which nothing changes, the share that may show any signal
            anywhere: 0.05 is 5 of 100 whole series, not of 100 periods.
        min_n: Periods with fewer answers are put together with the next ones until there are as
            many.
        level: Confidence level of the intervals of scores and shifts.
        metric: As in ``score_of``.
        method: As in ``score_of``.
        scale: As in ``score_of``.
        seed: Of the random draws; the same seed gives the same chart.

    Raises:
        ColumnError: There is no date, or no such column.
        RatingError: As for the score itself.
        FeedbackError: No such period, or a share of false alarms that is not between 0 and 0.5.

    Example:
        >>> days = pd.date_range("2026-01-05", periods=280).repeat(10)
        >>> ratings = [10, 9, 9, 8, 8, 7, 9, 10, 6, 3] * 140 + [10, 9, 9, 8, 8, 6, 5, 7, 6, 3] * 140
        >>> comments = pd.DataFrame({"date": days, "nps": ratings})
        >>> comments["comment_id"] = comments.index.astype(str)
        >>> print(control_chart(comments).sentences[0][:64])
        From 2026-W22 on NPS (standard) is 40.0 points lower than before
    """
    if not 0 < false_alarms <= 0.5:
        raise FeedbackError(
            f"false_alarms is {false_alarms}; it is a share of quiet series between 0 and 0.5, "
            "such as 0.05 for 5 of 100."
        )
    dated = read_dated(comments, rating, period=period, metric=metric, method=method, scale=scale)
    points = points_of(dated, max(min_n, 1))
    counts, worth, panel, coarse = cells_of(points, dated.definition)
    enough = points.size >= MIN_PERIODS
    parts = (
        find_parts(counts, worth, false_alarms=false_alarms, seed=seed, panel=panel)
        if enough
        else Parts.undivided(points.size)
    )
    row = Row(dated=dated, points=points, parts=parts, period=period, level=level)
    shifts = row.shifts()
    return ControlChart(
        rating=rating, metric=dated.definition.metric, method=dated.definition.method,
        unit=dated.definition.unit, by=period, table=row.table(counts, worth), shifts=shifts,
        false_alarms=false_alarms, level=level, n=points.answers.size,
        n_missing=int(np.isnan(dated.answers).sum()),
        n_undated=dated.undated, enough=enough,
        sentences=sentences_of(shifts, points.size, period, MIN_PERIODS),
        notes=notes_of(row, shifts, false_alarms, coarse=coarse),
    )  # fmt: skip


def _ends(low: float, high: float, unit: str) -> str:
    return "" if np.isnan(low) else f"{figure(low, unit)} to {figure(high, unit)}"
