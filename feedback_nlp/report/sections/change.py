"""What changed: the recent part of the survey against the part before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.drivers import spikes_table, theme_change_table
from feedback_nlp.drivers.change.recent import recent_spans
from feedback_nlp.drivers.change.telling import (
    CLEAR,
    alerts_sentence,
    score_sentence,
    themes_sentence,
)
from feedback_nlp.report.blocks import Absent, Cell, Figure, Head, Key, Section, Table, Texts
from feedback_nlp.report.figures.change_bridge import BridgeEnd, BridgeStep, ChangeBridge
from feedback_nlp.report.sections import change_blame, change_mix
from feedback_nlp.report.sections.timeline import Timeline, span_name, timeline_of
from feedback_nlp.report.source import Source
from feedback_nlp.scores.over_time.periods import calendar_of
from feedback_nlp.showing import round_half_up, rounded_parts

LEAST = 200
MAX_STEPS = 8
_REST = {"suppressed": "small", "no_negative_theme": "no_theme", "no_comment": "no_comment"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """The two spans of time that are compared.

    Attributes:
        before: The earlier one, such as ``2025-01..2025-03``.
        after: The later one.
        periods: Of how many periods each is.
    """

    before: str
    after: str
    periods: int


def build(source: Source) -> Section | Absent:
    """Return the section of what changed."""
    said = source.said
    nav = said.say("change.part.nav")
    found = timeline_of(source)
    if isinstance(found, str):
        return Absent(nav=nav, why=found)
    chosen = recent_spans(found.dates, found.period, who=found.who, least=LEAST, min_n=source.min_n)
    if chosen is None:
        why = said.say("change.part.absent_spans", min_n=max(source.min_n, 1))
        return Absent(nav=nav, why=why)
    spans = Spans(before=chosen[0], after=chosen[1], periods=chosen[2])
    table = theme_change_table(
        source.comments, source.mentions, source.rating, before=spans.before, after=spans.after,
        min_n=max(source.min_n, 1), seed=source.seed,
    )  # fmt: skip
    spikes = spikes_table(
        source.comments, source.mentions, period=found.period, min_n=max(source.min_n, 1)
    )
    blame, shares = change_blame.build(table, source)
    limits, mix = change_mix.build(table, spans.before, spans.after, source)
    return Section(
        id="change",
        nav=nav,
        title=_title(table.attrs["change"], source),
        lead=(_lead(table, source), _chosen(spans, found, table, source)),
        blocks=(_figure(table, source), *blame, _rising(spikes, found, source), limits),
        tables={"change": table, "blame before and after": shares, "mix": mix, "spikes": spikes},
    )


def _title(told: Mapping[str, Any], source: Source) -> str:
    said, unit = source.said, source.unit
    clear = told["change_low"] > 0 or told["change_high"] < 0
    key = "none" if not clear else "up" if told["change"] > 0 else "down"
    return said.say(
        f"change.part.title_{key}", amount=said.amount(abs(told["change"]), unit, "more"),
        before=span_name(told["sides"]["before"], source),
        after=span_name(told["sides"]["after"], source),
    )  # fmt: skip


def _lead(table: pd.DataFrame, source: Source) -> str:
    said, told = source.said, table.attrs["change"]
    score = score_sentence(told, said, lambda span: span_name(span, source))
    return f"{score} {themes_sentence(table, told, said, source.theme)}"


def _chosen(spans: Spans, found: Timeline, table: pd.DataFrame, source: Source) -> str:
    """Return how the spans were chosen, and that the last one is not complete."""
    said, told = source.said, table.attrs["change"]
    enough = min(told["n_before"], told["n_after"]) >= LEAST
    periods = found.counted(spans.periods, source)
    line = said.say("change.part.chosen_half", periods=periods)
    if enough:
        line = said.say("change.part.chosen", periods=periods, least=LEAST)
    calendar = calendar_of(found.dates, found.period)
    if calendar.incomplete[-1]:
        last = said.period(str(calendar.labels[-1]))
        line += " " + said.say("change.part.incomplete", period=last)
    return line


def _figure(table: pd.DataFrame, source: Source) -> Figure:
    said, unit, told = source.said, source.unit, table.attrs["change"]
    ends = {
        side: BridgeEnd(
            label=said.say(f"change.part.{side}"), span=span_name(told["sides"][side], source),
            value=told[f"score_{side}"], low=told[f"score_{side}_low"],
            high=told[f"score_{side}_high"],
        )
        for side in ("before", "after")
    }  # fmt: skip
    steps = _steps(table, source)
    legend = []
    if any(step.clear and step.value > 0 for step in steps):
        legend.append(Key(kind="pos", text=said.say("change.part.key_up")))
    if any(step.clear and step.value < 0 for step in steps):
        legend.append(Key(kind="neg", text=said.say("change.part.key_down")))
    if not all(step.clear for step in steps):
        legend.append(Key(kind="maybe", text=said.say("change.part.key_maybe")))
    return Figure(
        id="change-themes",
        drawing=ChangeBridge(before=ends["before"], after=ends["after"], steps=steps, unit=unit),
        title=said.say("change.part.title_bridge"),
        lead=said.say("change.part.way"),
        label=said.say("change.part.label", before=said.figure(told["score_before"], unit),
                       after=said.figure(told["score_after"], unit)),
        table=_table(table, source),
        legend=tuple(legend),
    )  # fmt: skip


def _steps(table: pd.DataFrame, source: Source) -> tuple[BridgeStep, ...]:
    """Return the parts of the change, which add up as they are shown."""
    told = table.attrs["change"]
    digits = 2 if source.unit == "rating" else 1
    rows = _bars(table, source)
    start, end = (round_half_up(told[f"score_{side}"], digits) for side in ("before", "after"))
    shown = _rounded([row["value"] for row in rows], round(end - start, digits), digits)
    steps, at = [], start
    for row, value in zip(rows, shown, strict=True):
        after = round(at + value, digits)
        steps.append(BridgeStep(**{**row, "value": value, "start": at, "end": after}))
        at = after
    return tuple(steps)


def _bars(table: pd.DataFrame, source: Source) -> list[dict[str, Any]]:
    """Return the bars: the largest themes, the others together, and what is no theme."""
    said = source.said
    rest = table["theme"].isin(_REST)
    themes = table[~rest]
    most = MAX_STEPS if len(themes) > MAX_STEPS + 1 else len(themes)  # not one theme by itself
    first, others = themes.head(most), themes.iloc[most:]
    bars = [
        _bar(row, source.theme(row["theme"]), bool(row["q_value"] <= CLEAR), theme=True)
        for row in first.to_dict("records")
    ]
    if len(others):
        bars.append(
            {
                "label": said.say("change.part.others", len(others)), "low": None, "high": None,
                "value": float(others["change_total"].sum()), "clear": False, "theme": False,
            }
        )  # fmt: skip
    for row in table[rest].to_dict("records"):
        if row["n_before"] + row["n_after"] == 0:
            continue
        beyond = row["change_total_low"] > 0 or row["change_total_high"] < 0
        label = said.say(f"change.part.{_REST[row['theme']]}")
        bars.append(_bar(row, label, beyond, theme=False))
    return bars


def _bar(row: Mapping[Any, Any], label: str, clear: bool, *, theme: bool) -> dict[str, Any]:
    low, high = row["change_total_low"], row["change_total_high"]
    known = not (np.isnan(low) or np.isnan(high))
    return {
        "label": label, "value": float(row["change_total"]), "clear": clear, "theme": theme,
        "low": float(low) if known else None, "high": float(high) if known else None,
    }  # fmt: skip


def _rounded(values: list[float], total: float, digits: int) -> list[float]:
    """Round parts that go both ways so that they add up to a rounded total."""
    up = [max(value, 0.0) for value in values]
    down = [max(-value, 0.0) for value in values]
    risen = round_half_up(sum(up), digits)
    fallen = round(risen - total, digits)
    if fallen < 0:
        risen, fallen = round(risen - fallen, digits), 0.0
    rises = rounded_parts(up, risen, digits, give=[i for i, part in enumerate(up) if part > 0])
    falls = rounded_parts(down, fallen, digits, give=[i for i, part in enumerate(down) if part > 0])
    return [round(one - other, digits) for one, other in zip(rises, falls, strict=True)]


def _table(table: pd.DataFrame, source: Source) -> Table:
    said, unit = source.said, source.unit
    heads = (
        Head(text=said.say("head.theme"), kind="text"),
        Head(text=said.say("change.part.head_part")),
        Head(text=said.say("head.interval", level=source.level)),
        Head(text=said.say("head.q")),
        Head(text=said.say("change.part.head_more")),
        Head(text=said.say("change.part.head_scores")),
        Head(text=said.say("change.part.head_before")),
        Head(text=said.say("change.part.head_after")),
    )
    rows = []
    for row in table.to_dict("records"):
        rest = _REST.get(row["theme"])
        name = said.say(f"change.part.{rest}") if rest else source.theme(row["theme"])
        low, high, q = row["change_total_low"], row["change_total_high"], row["q_value"]
        parts = [row["change_total"], row["change_volume"], row["change_score"]]
        total, more, other = (Cell(text=said.signed(part, unit), value=part) for part in parts)
        ends = "" if np.isnan(low) else said.signed_span(low, high, unit)
        rows.append(
            (
                Cell(text=name), total, Cell(text=ends),
                Cell(text=said.chance(q), value=None if np.isnan(q) else q), more, other,
                Cell(text=said.count(int(row["n_before"])), value=int(row["n_before"])),
                Cell(text=said.count(int(row["n_after"])), value=int(row["n_after"])),
            )
        )  # fmt: skip
    return Table(caption=said.say("change.part.caption"), heads=heads, rows=tuple(rows))


def _rising(spikes: pd.DataFrame, found: Timeline, source: Source) -> Texts:
    """Return which themes rise in the last period, beyond what is usual between periods."""
    said, told = source.said, spikes.attrs["spikes"]
    line = alerts_sentence(spikes, told, said, source.theme, said.period)
    how = said.say("change.now.compared", unit=found.unit(source))
    return Texts(title=said.say("change.now.title"), items=(line, how), listed=False)
