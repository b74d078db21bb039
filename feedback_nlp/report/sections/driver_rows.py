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
        Head(text=said.say("drivers.lost", unit=unit)),
        Head(text=said.say("head.interval", level=source.level)),
        Head(text=said.say("drivers.gain", unit=unit)),
        Head(text=said.say("head.interval", level=source.level)),
        Head(text=said.say("drivers.verdict"), kind="text"),
    )


def _cells(row: Mapping[Hashable, Any], verdict: str, source: Source) -> tuple[Cell, ...]:
    """Return the cells of a theme; one that too few blame has its numbers only."""
    said = source.said
    first = (
        Cell(text=source.theme(str(row["theme"]), whole=True)),
        Cell(text=said.count(int(row["n_negative"])), value=int(row["n_negative"])),
        Cell(text=said.count(int(row["n_positive"])), value=int(row["n_positive"])),
    )
    told = Cell(text=said.say(f"verdict.{verdict}", people=source.people(source.low)))
    if row["suppressed"]:
        return (*first, *(Cell(text=NONE) for _ in range(6)), told)
    return (
        *first,
        *(_share(row[f"share_{group}"], source) for group in ("detractors", "promoters")),
        _number(row["points_lost"], source),
        Cell(text=_ends(row, "points_lost", source)),
        _number(row["adjusted_gain"], source),
        Cell(text=_ends(row, "adjusted_gain", source)),
        told,
    )


def _share(value: float, source: Source) -> Cell:
    known = None if pd.isna(value) else float(value)
    return Cell(text=source.said.percent(known, 1), value=known)


def _number(value: float, source: Source) -> Cell:
    if pd.isna(value):
        return Cell(text=NONE)
    return Cell(text=source.said.bare(float(value), source.unit), value=float(value))


def _ends(row: Mapping[Hashable, Any], name: str, source: Source) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return NONE if pd.isna(low) else source.said.span(float(low), float(high), source.unit)
