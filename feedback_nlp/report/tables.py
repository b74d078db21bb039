"""The driver table in cells to read, the same in every format."""

import pandas as pd

from feedback_nlp.report.parts import Report
from feedback_nlp.showing import NONE, UNITS, count, interval, lost, points, share


def driver_heads(report: Report) -> list[str]:
    """Return the headings of the driver table."""
    low, _, top = (group.name for group in report.groups)
    unit = UNITS[report.score.unit].capitalize()
    return [
        "Theme", "Respondents", "Negative", "Positive", f"Negative among {low}",
        f"Negative among {top}", f"{unit} lost", "Interval", f"{unit}, other themes held equal",
        "Interval", "Odds ratio", "Interval", "q", "Score without them",
    ]  # fmt: skip


def driver_cells(report: Report) -> list[list[str]]:
    """Return the driver table, suppressed themes with their numbers only."""
    unit = report.score.unit
    rows = []
    for row in report.drivers.to_dict("records"):
        numbers = [
            row["name"],
            count(int(row["n"])),
            count(int(row["n_negative"])),
            count(int(row["n_positive"])),
        ]
        if row["suppressed"]:
            rows.append([*numbers, "too few", *[""] * 9])
            continue
        rows.append(
            [
                *numbers,
                share(row["share_detractors"], 1),
                share(row["share_promoters"], 1),
                lost(row["points_lost"], unit),
                ends(row["points_lost_low"], row["points_lost_high"], unit),
                NONE if pd.isna(row["adjusted_gain"]) else lost(row["adjusted_gain"], unit),
                ends(row["adjusted_gain_low"], row["adjusted_gain_high"], unit),
                decimal(row["odds_ratio"]),
                f"{decimal(row['odds_ratio_low'])} to {decimal(row['odds_ratio_high'])}",
                q_value(row["q_value"]),
                points(row["score_without"], unit),
            ]
        )
    return rows


def ends(low: float, high: float, unit: str) -> str:
    """Return an interval of points lost, or a dash where there is none."""
    return NONE if pd.isna(low) else f"{lost(low, unit)} to {lost(high, unit)}"


def decimal(value: float) -> str:
    """Return a ratio: two digits below 10, one above.

    Example:
        >>> decimal(2.345), decimal(23.46), decimal(float("nan"))
        ('2.35', '23.5', '–')
    """
    if pd.isna(value):
        return NONE
    return f"{value:,.2f}" if value < 9.995 else f"{value:,.1f}"


def q_value(value: float) -> str:
    """Return a q-value, never as nought.

    Example:
        >>> q_value(0.0421), q_value(0.0000003)
        ('0.042', '<0.001')
    """
    if pd.isna(value):
        return NONE
    return "<0.001" if value < 0.0005 else f"{value:.3f}"


def score_cells(report: Report) -> list[list[str]]:
    """Return the scores of all segments and periods."""
    unit = report.score.unit
    rows = []
    for row in report.scores.to_dict("records"):
        group = "not given" if pd.isna(row["group"]) else str(row["group"])
        if row["suppressed"]:
            rows.append([str(row["split"]), group, "too few", "", count(int(row["n"]))])
            continue
        value = points(row["value"], unit)
        rows.append(
            [
                str(row["split"]),
                group,
                value,
                interval(row["low"], row["high"], unit),
                count(int(row["n"])),
            ]
        )
    return rows
