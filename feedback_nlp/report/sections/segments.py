"""Where the score is higher and lower, who blames what there, and where a theme hurts more."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from feedback_nlp.drivers import pockets_table
from feedback_nlp.drivers.blame import FALSE_FINDINGS
from feedback_nlp.drivers.pockets.sentences import segment_name, tell_pockets
from feedback_nlp.report.blocks import Absent, Block, Cell, Figure, Head, Key, Section, Table, Texts
from feedback_nlp.report.figures.segment_dots import SegmentDot, SegmentDots
from feedback_nlp.report.sections import segment_heat
from feedback_nlp.report.sections.segment_heat import said_segment, said_value
from feedback_nlp.report.source import Source
from feedback_nlp.scores import hidden_groups
from feedback_nlp.showing import known, safe

MAX_ROWS = 30
MAX_NAMES = 2
MAX_SENTENCES = 5
MOST_IN_TABLE = 200


def build(source: Source) -> Section | Absent:
    """Return the section of the segments."""
    said = source.said
    nav = said.say("segments.nav")
    if not source.segments:
        return Absent(nav=nav, why=said.say("segments.absent_none"))
    found = hidden_groups(
        source.comments, source.rating, by=source.segments, depth=1, min_n=source.min_n
    )
    if found.empty:
        why = said.say("segments.absent_small", min_n=max(source.min_n, 1))
        return Absent(nav=nav, why=why)
    beyond = (found["difference_low"] > 0) | (found["difference_high"] < 0)
    clear = (found["q_value"] <= FALSE_FINDINGS) & beyond
    table = found.assign(clear=clear, above=found["difference"] > 0)
    heat, heat_table = segment_heat.build(source)
    pockets, pocket_table = _pockets(source)
    return Section(
        id="segments",
        nav=nav,
        title=_title(table, source),
        lead=(" ".join(_lead(table, source)),),
        blocks=(_figure(table, source), *heat, *pockets),
        tables={
            "segments": table.drop(columns=["sentence", "within_1", "within_2"]),
            **heat_table, **pocket_table,
        },
    )  # fmt: skip


def _name(row: Mapping[Any, Any], source: Source) -> str:
    """Return a segment, with its column where there are several."""
    return said_segment(row["column_1"], row["value_1"], source)


def _title(table: pd.DataFrame, source: Source) -> str:
    """Return which segments score clearly lower; if none does, which score higher."""
    said = source.said
    lower, higher = _clear(table)
    chosen, key = (lower, "lower") if len(lower) else (higher, "higher")
    if chosen.empty:
        return said.say("segments.title_none")
    names = [_name(row, source) for row in chosen.head(MAX_NAMES).to_dict("records")]
    if len(chosen) > MAX_NAMES:
        names.append(said.say("segments.others", len(chosen) - MAX_NAMES))
    return said.say(f"segments.title_{key}", names=said.listed(names))


def _clear(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the segments clearly below the rest and clearly above, by what they weigh."""
    lower = table[table["clear"] & ~table["above"]].sort_values("points", kind="stable")
    higher = table[table["clear"] & table["above"]]
    return lower, higher.sort_values("points", ascending=False, kind="stable")


def _lead(table: pd.DataFrame, source: Source) -> list[str]:
    said, unit = source.said, source.unit
    lines = []
    for rows, key in zip(_clear(table), ("lower", "higher"), strict=True):
        for row in rows.head(1).to_dict("records"):
            low, high = sorted(abs(row[f"difference_{end}"]) for end in ("low", "high"))
            lines.append(
                said.say(
                    f"segments.{key}", name=_name(row, source), n=int(row["n"]),
                    value=said.figure(row["value"], unit), n_rest=int(row["rest_n"]),
                    amount=said.amount(abs(row["difference"]), unit, "more"),
                    interval=said.interval(source.score.level, said.span(low, high, unit)),
                )
            )  # fmt: skip
    q = said.exactly(FALSE_FINDINGS)
    lines.append(said.say("segments.how", len(table), q=q))
    return lines


def _figure(table: pd.DataFrame, source: Source) -> Figure:
    said, score = source.said, source.score
    order = table.sort_values(["clear", "n"], ascending=False, kind="stable")
    kept = table.loc[order.index[:MAX_ROWS]]
    columns = []
    for column in dict.fromkeys(str(name) for name in source.segments):
        own = kept[kept["column_1"] == column].sort_values("value", ascending=False, kind="stable")
        dots = tuple(
            SegmentDot(
                name=said_value(row["value_1"], source), n=int(row["n"]), value=row["value"],
                low=row["low"], high=row["high"], clear=bool(row["clear"]),
                above=bool(row["above"]),
            )
            for row in own.to_dict("records")
        )  # fmt: skip
        if dots:
            columns.append((safe(column), dots))
    legend = [Key(kind="band", text=said.say("segments.key_all", level=source.level))]
    if (table["clear"] & table["above"]).any():
        legend.append(Key(kind="pos", text=f"▲ {said.say('segments.key_higher')}"))
    if (table["clear"] & ~table["above"]).any():
        legend.append(Key(kind="neg", text=f"▼ {said.say('segments.key_lower')}"))
    return Figure(
        id="segments-score",
        drawing=SegmentDots(
            columns=tuple(columns), value=score.value, low=score.low, high=score.high,
            unit=source.unit,
        ),
        label=said.say("segments.label"),
        table=_table(table, source),
        legend=tuple(legend),
        note=" ".join(_notes(table, len(kept), source)),
    )  # fmt: skip


def _notes(table: pd.DataFrame, kept: int, source: Source) -> list[str]:
    """Return what is left out of the figure, and of the section."""
    said, told = source.said, table.attrs["hidden_groups"]
    lines = []
    if kept < len(table):
        lines.append(said.say("segments.kept", kept, total=len(table)))
    if told["too_small"]:
        lines.append(said.say("segments.small", told["too_small"], min_n=told["min_n"]))
    if told["no_rest"]:
        lines.append(said.say("segments.no_rest", told["no_rest"], min_n=told["min_n"]))
    left = [safe(str(name)) for name in source.segments if safe(str(name)) not in told["columns"]]
    if left:
        lines.append(said.say("segments.many_values", columns=said.listed(left)))
    return lines


def _table(table: pd.DataFrame, source: Source) -> Table:
    said, unit = source.said, source.unit
    heads = (
        Head(text=said.say("segments.head_segment"), kind="text"),
        Head(text=said.say("head.score")),
        Head(text=said.say("head.interval", level=source.level)),
        Head(text=said.say("head.respondents")),
        Head(text=said.say("segments.head_rest")),
        Head(text=said.say("head.difference")),
        Head(text=said.say("head.interval", level=source.level)),
        Head(text=said.say("head.q")),
    )
    rows = []
    for row in table.head(MOST_IN_TABLE).to_dict("records"):
        sign = ("▲ " if row["above"] else "▼ ") if row["clear"] else ""
        rows.append(
            (
                Cell(text=_name(row, source)),
                Cell(text=said.figure(row["value"], unit), value=row["value"]),
                Cell(text=said.figures(row["low"], row["high"], unit)),
                Cell(text=said.count(int(row["n"])), value=int(row["n"])),
                Cell(text=said.figure(row["rest_value"], unit), value=row["rest_value"]),
                Cell(text=sign + said.signed(row["difference"], unit), value=row["difference"]),
                Cell(text=said.signed_span(row["difference_low"], row["difference_high"], unit)),
                Cell(text=said.chance(row["q_value"]), value=row["q_value"]),
            )
        )
    note = ""
    if len(table) > MOST_IN_TABLE:
        note = said.say("segments.kept", MOST_IN_TABLE, total=len(table))
    return Table(caption=said.say("segments.caption"), heads=heads, rows=tuple(rows), note=note)


def _pockets(source: Source) -> tuple[tuple[Block, ...], dict[str, pd.DataFrame]]:
    """Return where a theme hurts more than elsewhere: sentences, a table, and how it was looked."""
    said = source.said
    table = pockets_table(
        source.comments, source.mentions, source.rating, by=source.segments, min_n=source.min_n
    )
    sentences, found, cautions = tell_pockets(table, said, source.theme)
    title = said.say("segments.pockets.title")
    if not sentences:
        return (Texts(title=title, items=(found, *cautions), listed=False),), {"pockets": table}
    blocks = (
        Texts(title=title, items=tuple(sentences[:MAX_SENTENCES])),
        _pocket_table(table[table["pocket"]], source, " ".join([found, *cautions])),
    )
    return blocks, {"pockets": table}


def _pocket_table(table: pd.DataFrame, source: Source, note: str) -> Table:
    said, unit = source.said, source.unit
    heads = (
        Head(text=said.say("segments.head_segment"), kind="text"),
        Head(text=said.say("head.theme"), kind="text"),
        Head(text=said.say("segments.pockets.head_points")),
        Head(text=said.say("segments.pockets.head_outside")),
        Head(text=said.say("segments.pockets.head_difference", level=source.level)),
        Head(text=said.say("segments.pockets.head_blame")),
        Head(text=said.say("segments.pockets.head_blame_outside")),
        Head(text=said.say("head.q")),
    )
    rows, one = [], len(source.segments) == 1  # then no pair of columns
    for row in table.head(MOST_IN_TABLE).to_dict("records"):
        ends = said.span(row["low"], row["high"], unit)
        more = f"{said.signed(row['difference'], unit)} ({ends})"
        own, others = (
            f"{said.count(int(row[f'n_blame{at}']))} / {said.count(int(row[f'n{at}']))} "
            f"({said.percent(row[f'share{at}'])})"
            for at in ("", "_outside")
        )
        rows.append(
            (
                Cell(text=_name(row, source) if one else segment_name(row, said)),
                Cell(text=source.theme(row["theme"])),
                Cell(text=said.bare(row["points"], unit), value=row["points"]),
                Cell(text=said.bare(row["points_outside"], unit), value=row["points_outside"]),
                Cell(text=more, value=row["difference"]),
                Cell(text=own, value=row["share"]),
                Cell(text=others, value=row["share_outside"]),
                Cell(text=said.chance(row["q_value"]), value=known(row["q_value"])),
            )
        )
    return Table(
        caption=said.say("segments.pockets.caption"), heads=heads, rows=tuple(rows), note=note
    )
