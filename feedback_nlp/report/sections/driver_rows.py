"""The driver table as it is read: what is said of each theme, by whom, and what goes with it."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from feedback_nlp.report.blocks import Cell, Head, Table
from feedback_nlp.report.source import Source
from feedback_nlp.showing import NONE

MAX_ROWS = 40


def table(source: Source) -> Table:
    """Return the table: themes in the order of the points that go with them."""
    said, drivers = source.said, source.explanation.table
    verdicts = source.explanation.findings.verdicts
    shown = drivers.head(MAX_ROWS)
    rows = zip(shown.to_dict("records"), verdicts.head(MAX_ROWS), strict=True)
    notes = [said.say("drivers.note", min_n=source.min_n)]
    if len(drivers) > MAX_ROWS:
        notes.append(said.say("drivers.more", len(drivers) - MAX_ROWS))
    return Table(
        title=said.say("drivers.title"),
        caption=said.say("drivers.caption"),
        heads=_heads(source),
        rows=tuple(_cells(row, verdict, source) for row, verdict in rows),
        note=" ".join(notes),
    )


def _heads(source: Source) -> tuple[Head, ...]:
    said = source.said
    unit = said.say(f"unit.{source.unit}")
    low, top = source.people(source.low), source.people(source.top)
    return (
        Head(text=said.say("head.theme"), kind="text"),
        Head(text=said.say("drivers.blame")),
        Head(text=said.say("drivers.praise")),
        Head(text=said.say("drivers.among", people=low)),
        Head(text=said.say("drivers.among", people=top)),
        Head(text=said.say("drivers.lost", unit=unit, level=source.level)),
        Head(text=said.say("drivers.gain", unit=unit, level=source.level)),
        Head(text=said.say("drivers.verdict"), kind="text"),
    )


def _cells(row: Mapping[Hashable, Any], verdict: str, source: Source) -> tuple[Cell, ...]:
    """Return the cells of a theme; one that too few blame has its numbers only."""
    said = source.said
    first = (
        Cell(text=source.theme(str(row["theme"]), whole=True), theme=str(row["theme"])),
        Cell(text=said.count(int(row["n_negative"])), value=int(row["n_negative"])),
        Cell(text=said.count(int(row["n_positive"])), value=int(row["n_positive"])),
    )
    told = Cell(text=said.say(f"verdict.{verdict}", people=source.people(source.low)))
    if row["suppressed"]:
        return (*first, *(Cell(text=NONE) for _ in range(4)), told)
    return (
        *first,
        *(_share(row[f"share_{group}"], source) for group in ("detractors", "promoters")),
        _estimate(row, "points_lost", source),
        _estimate(row, "adjusted_gain", source),
        told,
    )


def _share(value: float, source: Source) -> Cell:
    known = None if pd.isna(value) else float(value)
    return Cell(text=source.said.percent(known, 1), value=known)


def _estimate(row: Mapping[Hashable, Any], name: str, source: Source) -> Cell:
    """Return a figure with its interval."""
    said, unit = source.said, source.unit
    value, low, high = (row[column] for column in (name, f"{name}_low", f"{name}_high"))
    if pd.isna(value):
        return Cell(text=NONE)
    shown = said.bare(float(value), unit)
    ends = "" if pd.isna(low) else f" ({said.span(float(low), float(high), unit)})"
    return Cell(text=shown + ends, value=float(value))
