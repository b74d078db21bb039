"""The most blamed themes over time, as small charts on one scale."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.blame import FALSE_FINDINGS, shares_of_counts, with_findings
from feedback_nlp.drivers.change.spikes import PeriodCounts, count_by_period
from feedback_nlp.report.blocks import Cell, Figure, Head, Key, Table
from feedback_nlp.report.figures.theme_trends import SharePoint, ThemeTrend, ThemeTrends
from feedback_nlp.report.sections.timeline import Timeline
from feedback_nlp.report.source import Source
from feedback_nlp.schema import respondent_ids, themes_without_subject
from feedback_nlp.scores import period_of
from feedback_nlp.scores.over_time.periods import calendar_of
from feedback_nlp.showing import NONE, known

MAX_THEMES = 6
_MOST_SAID = 4


def build(source: Source, found: Timeline) -> tuple[tuple[Figure, ...], dict[str, pd.DataFrame]]:
    """Return the figure of the themes and its table; neither where no theme is blamed enough."""
    calendar = calendar_of(found.dates, found.period)
    codes = pd.Index(calendar.labels).get_indexer(
        pd.Index(period_of(source.comments["date"], found.period), dtype="object")
    )
    codes[~respondent_ids(source.comments).isin(found.who).to_numpy()] = -1
    counts = count_by_period(
        source.comments, source.mentions, replace(calendar, codes=codes), "top", "negative",
        themes_without_subject(source.mentions),
    )  # fmt: skip
    largest = _largest(counts, source.min_n)
    if not largest.size:
        return (), {}
    themes = [str(counts.themes[at]) for at in largest]
    shares = shares_of_counts(
        counts.said[:, largest], counts.n, min_n=source.min_n, level=source.score.level
    )
    table = with_findings([shares]).assign(
        period=lambda rows: calendar.labels[rows["group"]],
        theme=lambda rows: np.array(themes, dtype=object)[rows["theme"]],
    )
    table = table[["period", "theme", *table.columns.drop(["period", "theme", "group"])]]
    if (~table["suppressed"]).groupby(table["theme"]).sum().max() < 2:
        return (), {}
    return (_figure(table, themes, source),), {"themes by period": table}


def _largest(counts: PeriodCounts, min_n: int) -> NDArray[np.intp]:
    """Return the numbers of the themes that most blame, those that enough do."""
    n = counts.said.sum(axis=0)
    order = np.argsort(-n, kind="stable")[:MAX_THEMES]
    enough: NDArray[np.intp] = order[n[order] >= max(min_n, 1)]
    return enough


def _figure(table: pd.DataFrame, themes: list[str], source: Source) -> Figure:
    said = source.said
    rows = {theme: table[table["theme"] == theme].to_dict("records") for theme in themes}
    labels = [row["period"] for row in rows[themes[0]]]
    drawing = ThemeTrends(
        themes=tuple(
            ThemeTrend(name=source.theme(theme), points=tuple(_point(row) for row in own))
            for theme, own in rows.items()
        ),
        periods=tuple(said.period(label) for label in labels),
    )
    marked = table[table["clear"]]
    legend = [Key(kind="band", text=said.say("trend.key_band", level=source.level))]
    if (marked["difference"] > 0).any():
        legend.append(Key(kind="neg", text=f"▲ {said.say('trend.themes.key_more')}"))
    if (marked["difference"] < 0).any():
        legend.append(Key(kind="pos", text=f"▼ {said.say('trend.themes.key_less')}"))
    if table["suppressed"].any():
        legend.append(Key(kind="gap", text=said.say("trend.key_gap")))
    return Figure(
        id="trend-themes",
        drawing=drawing,
        title=said.say("trend.themes.title"),
        lead=said.say("trend.themes.lead", level=source.level),
        label=said.say("trend.themes.label"),
        table=_table(table, source),
        legend=tuple(legend),
        note=_found(table, source),
    )


def _point(row: dict[Any, Any]) -> SharePoint:
    if row["suppressed"]:
        return SharePoint(n=int(row["n"]))
    return SharePoint(
        n=int(row["n"]), n_blame=int(row["n_blame"]), share=row["share"],
        low=row["low"], high=row["high"],
        clear=bool(row["clear"]), more=row["difference"] > 0,
    )  # fmt: skip


def _found(table: pd.DataFrame, source: Source) -> str:
    """Return which periods stand out, or that none does."""
    said = source.said
    looks, q = int(table["p_value"].notna().sum()), said.exactly(FALSE_FINDINGS)
    marked = table[table["clear"]].sort_values("q_value", kind="stable").head(_MOST_SAID)
    if marked.empty:
        return said.say("trend.themes.none", n=looks, q=q)
    found = [
        said.say(
            f"trend.themes.found_{'more' if row['difference'] > 0 else 'less'}",
            theme=source.theme(row["theme"]), period=said.period(row["period"]),
            share=said.percent(row["share"]), rest=said.percent(row["share_rest"]),
        )
        for row in marked.to_dict("records")
    ]  # fmt: skip
    return said.say("trend.themes.clear", n=looks, q=q, found=said.listed(found))


def _table(table: pd.DataFrame, source: Source) -> Table:
    said = source.said
    heads = (
        Head(text=said.say("head.theme"), kind="text"),
        Head(text=said.say("head.period"), kind="text"),
        Head(text=said.say("trend.themes.head_wrote")),
        Head(text=said.say("trend.themes.head_blame")),
        Head(text=said.say("head.share")),
        Head(text=said.say("head.interval", level=source.level)),
        Head(text=said.say("trend.themes.head_rest")),
        Head(text=said.say("head.q")),
    )
    rows = []
    for row in table.sort_values(["theme", "period"], kind="stable").to_dict("records"):
        share, ends, blame = Cell(text=said.say("cell.too_few")), Cell(text=""), Cell(text=NONE)
        if not row["suppressed"]:
            blame = Cell(text=said.count(int(row["n_blame"])), value=int(row["n_blame"]))
            share = Cell(text=said.percent(row["share"], 1), value=row["share"])
            ends = Cell(text=said.shares(row["low"], row["high"]))
        rows.append(
            (
                Cell(text=source.theme(row["theme"])),
                Cell(text=said.period(row["period"]), value=row["period"]),
                Cell(text=said.count(int(row["n"])), value=int(row["n"])),
                blame, share, ends,
                Cell(text=said.percent(row["share_rest"], 1), value=known(row["share_rest"])),
                Cell(text=said.chance(row["q_value"]), value=known(row["q_value"])),
            )
        )  # fmt: skip
    return Table(caption=said.say("trend.themes.caption"), heads=heads, rows=tuple(rows))
