"""Who blames what, by segment: shares beside those of all others."""

import numpy as np
import pandas as pd

from feedback_nlp.drivers.blame import FALSE_FINDINGS, blame_shares, with_findings
from feedback_nlp.drivers.join import ThemeMatrix, theme_matrix
from feedback_nlp.report.blocks import Cell, Figure, Head, Key, Table
from feedback_nlp.report.figures.heat_map import HeatCell, HeatMap, HeatRow
from feedback_nlp.report.sections.explore_people import rated_people
from feedback_nlp.report.source import Source
from feedback_nlp.scores.traps.segments import Column, read_columns
from feedback_nlp.showing import safe

MAX_SEGMENTS = 12
MAX_THEMES = 10


def build(source: Source) -> tuple[tuple[Figure, ...], dict[str, pd.DataFrame]]:
    """Return the figure and its table; neither where no theme is blamed by enough."""
    matrix = theme_matrix(source.comments, source.mentions, source.rating)
    counts = matrix.negative.sum().sort_index().sort_values(ascending=False, kind="stable")
    themes = [str(name) for name in counts[counts >= max(source.min_n, 1)].index[:MAX_THEMES]]
    columns = _columns(source)
    if not themes or not columns:
        return (), {}
    table = _shares(columns, matrix, themes, source)
    shown = table[~table["suppressed"] & table["share_rest"].notna()]
    if shown.empty:
        return (), {}
    return (_figure(shown, themes, source),), {"themes by segment": table}


def _columns(source: Source) -> list[Column]:
    """Return the segments of the respondents with a rating, in the order of a theme matrix."""
    names = list(source.segments)
    return read_columns(rated_people(source, names)[names])[0]


def _shares(
    columns: list[Column], matrix: ThemeMatrix, themes: list[str], source: Source
) -> pd.DataFrame:
    """Return the shares of all segments, corrected for all that were compared."""
    blames = matrix.negative[themes].to_numpy(dtype=bool)
    spoke = matrix.people["spoke"].to_numpy(dtype=bool)
    parts = []
    for column in columns:
        shares = blame_shares(
            blames, np.where(spoke, column.codes, -1), len(column.names), min_n=source.min_n,
            level=source.score.level,
        )  # fmt: skip
        values = [None if name is None else str(name) for name in column.names]
        own = pd.array([values[at] for at in shares["group"]], dtype="str")
        parts.append(shares.assign(column=column.name, value=own))
    table = with_findings(parts)
    table["theme"] = np.array(themes, dtype=object)[table["theme"]]
    first = ["column", "value", "theme"]
    return table[[*first, *table.columns.drop([*first, "group"])]]


def _figure(table: pd.DataFrame, themes: list[str], source: Source) -> Figure:
    said = source.said
    rows = _rows(table, themes, source)
    total = len(table.drop_duplicates(["column", "value"]))
    q = said.exactly(FALSE_FINDINGS)
    note = said.say("segments.heat.marked", len(table), q=q)
    if not table["clear"].any():
        note = said.say("segments.heat.none", len(table), q=q)
    if len(rows) < total:
        note += " " + said.say("segments.heat.kept", len(rows), total=total)
    return Figure(
        id="segments-themes",
        drawing=HeatMap(themes=tuple(source.theme(theme) for theme in themes), rows=rows),
        title=said.say("segments.heat.title"),
        lead=said.say("segments.heat.lead"),
        label=said.say("segments.heat.label"),
        table=_table(table, source),
        legend=(
            Key(kind="more", text=said.say("segments.heat.key_more")),
            Key(kind="less", text=said.say("segments.heat.key_less")),
        ),
        note=note,
    )


def _rows(table: pd.DataFrame, themes: list[str], source: Source) -> tuple[HeatRow, ...]:
    """Return the segments that are drawn: those in which a theme stands out, then the largest."""
    groups = table.groupby(["column", "value"], sort=False, dropna=False)
    size = groups.agg(clear=("clear", "any"), n=("n", "first")).reset_index()
    order = size.sort_values(["clear", "n"], ascending=False, kind="stable").index[:MAX_SEGMENTS]
    chosen = size.loc[order]
    place = {str(name): at for at, name in enumerate(source.segments)}
    chosen = chosen.assign(place=chosen["column"].map(place))
    chosen = chosen.sort_values(["place", "n"], ascending=[True, False], kind="stable")
    rows = []
    for one in chosen.to_dict("records"):
        same = table["value"].isna() if pd.isna(one["value"]) else table["value"] == one["value"]
        own = table[(table["column"] == one["column"]) & same].set_index("theme").loc[themes]
        name = said_value(one["value"], source)
        cells = tuple(
            HeatCell(
                share=row["share"], n_blame=int(row["n_blame"]), rest=row["share_rest"],
                clear=bool(row["clear"]),
            )
            for row in own.to_dict("records")
        )  # fmt: skip
        rows.append(HeatRow(column=safe(one["column"]), name=name, n=int(one["n"]), cells=cells))
    return tuple(rows)


def said_value(value: object, source: Source) -> str:
    """Return the value of a segment as it is shown; that of who has none in words."""
    return safe(value) if isinstance(value, str) else source.said.say("cell.not_given")


def said_segment(column: object, value: object, source: Source) -> str:
    """Return a segment as it is shown, with its column where there are several."""
    shown = said_value(value, source)
    if len(source.segments) == 1:
        return shown
    return source.said.say("segments.name", column=safe(str(column)), value=shown)


def _table(table: pd.DataFrame, source: Source) -> Table:
    said = source.said
    heads = (
        Head(text=said.say("segments.head_segment"), kind="text"),
        Head(text=said.say("head.theme"), kind="text"),
        Head(text=said.say("segments.heat.head_wrote")),
        Head(text=said.say("segments.heat.head_blame")),
        Head(text=said.say("head.share")),
        Head(text=said.say("segments.heat.head_rest")),
        Head(text=said.say("head.difference")),
        Head(text=said.say("head.interval", level=source.level)),
        Head(text=said.say("head.q")),
    )
    ranked = table.sort_values(["clear", "p_value"], ascending=[False, True], kind="stable")
    rows = []
    for row in ranked.head(MAX_SEGMENTS * MAX_THEMES).to_dict("records"):
        low, high = 100 * row["difference_low"], 100 * row["difference_high"]
        sign = ("▲ " if row["difference"] > 0 else "▼ ") if row["clear"] else ""
        rows.append(
            (
                Cell(text=said_segment(row["column"], row["value"], source)),
                Cell(text=source.theme(row["theme"])),
                Cell(text=said.count(int(row["n"])), value=int(row["n"])),
                Cell(text=said.count(int(row["n_blame"])), value=int(row["n_blame"])),
                Cell(text=said.percent(row["share"], 1), value=row["share"]),
                Cell(text=said.percent(row["share_rest"], 1), value=row["share_rest"]),
                Cell(text=sign + said.signed(100 * row["difference"], "percent"),
                     value=row["difference"]),
                Cell(text=said.signed_span(low, high, "percent")),
                Cell(text=said.chance(row["q_value"]), value=row["q_value"]),
            )
        )  # fmt: skip
    note = ""
    if len(rows) < len(table):
        note = said.say("segments.heat.rows", len(rows), total=len(table))
    return Table(
        caption=said.say("segments.heat.caption"), heads=heads, rows=tuple(rows), note=note
    )
