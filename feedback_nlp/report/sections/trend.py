"""The score over time, with the shifts that chance does not make, and the themes over time."""

import numpy as np
import pandas as pd

from feedback_nlp.report.blocks import Absent, Cell, Figure, Head, Key, Section, Table, Texts
from feedback_nlp.report.figures.trend_line import TimePoint, TrendLine, Turn
from feedback_nlp.report.sections import trend_themes
from feedback_nlp.report.sections.timeline import Timeline, timeline_of
from feedback_nlp.report.source import Source
from feedback_nlp.scores import change_table, control_chart
from feedback_nlp.scores.over_time.charting import Shift
from feedback_nlp.scores.over_time.control import MIN_PERIODS, ControlChart
from feedback_nlp.showing import first_upper

MOST_IN_LEAD = 2


def build(source: Source) -> Section | Absent:
    """Return the section of the score over time."""
    said = source.said
    nav = said.say("trend.nav")
    found = timeline_of(source)
    if isinstance(found, str):
        return Absent(nav=nav, why=found)
    table = change_table(source.comments, source.rating, period=found.period, min_n=source.min_n)
    if (~table["suppressed"]).sum() < 2:
        why = said.say("trend.absent_periods", min_n=source.min_n)
        return Absent(nav=nav, why=why)
    chart = control_chart(
        source.comments, source.rating, period=found.period, min_n=max(source.min_n, 1),
        seed=source.seed,
    )  # fmt: skip
    themes, tables = trend_themes.build(source, found)
    return Section(
        id="trend",
        nav=nav,
        title=_title(chart, source),
        lead=(" ".join(_lead(table, chart, found, source)),),
        blocks=(_figure(table, chart, source), *_turns(chart, source), *themes),
        tables={"trend": table, "trend limits": chart.table, **tables},
    )


def _title(chart: ControlChart, source: Source) -> str:
    """Return what the chart finds, the last shift first."""
    said = source.said
    if not chart.enough:
        return said.say("trend.title_few")
    shifts = [shift for shift in chart.shifts if shift.kind == "shift"]
    if not chart.shifts:
        return said.say("trend.title_quiet")
    if not shifts:
        periods = said.listed(_period(shift.period, source) for shift in chart.shifts)
        return said.say("trend.title_single", periods=periods)
    last, unit = shifts[-1], source.unit
    period = _period(last.period, source)
    if len(shifts) > 1:
        change = f"{said.signed(last.value, unit)} {said.say(f'unit.{unit}')}"
        return said.say("trend.title_several", period=period, change=change)
    key = "title_higher" if last.value > 0 else "title_lower"
    amount = said.amount(abs(last.value), unit, "more")
    return said.say(f"trend.{key}", period=period, amount=amount)


def _period(label: str, source: Source) -> str:
    """Return a period, or the first of several that were put together, as it is written."""
    return source.said.period(label.split(" to ")[0])


def _lead(table: pd.DataFrame, chart: ControlChart, found: Timeline, source: Source) -> list[str]:
    said, unit = source.said, source.unit
    few = chart.shifts if len(chart.shifts) <= MOST_IN_LEAD else _latest(chart)
    lines = [_shift(shift, chart, source) for shift in few]
    if not chart.enough:
        lines.append(said.say("trend.few", len(chart.table), needed=MIN_PERIODS))
    elif not lines:
        lines.append(said.say("trend.quiet", periods=found.counted(len(chart.table), source)))
    last = table[~table["suppressed"]].to_dict("records")[-1]
    ends = said.figures(last["low"], last["high"], unit)
    lines.append(
        said.say(
            "trend.latest", period=said.period(last["period"]), n=int(last["n"]),
            value=said.figure(last["value"], unit),
            interval=ends if chart.shifts else said.interval(source.score.level, ends),
        )
    )  # fmt: skip
    lines.append(said.say("trend.how", unit=found.unit(source), level=source.level))
    return lines


def _latest(chart: ControlChart) -> tuple[Shift, ...]:
    """Return the last shift; without one the last point that stands alone."""
    shifts = [shift for shift in chart.shifts if shift.kind == "shift"]
    return ((shifts or chart.shifts)[-1],)


def _turns(chart: ControlChart, source: Source) -> tuple[Texts, ...]:
    """Return all signals in words, where they are too many for the lead."""
    if len(chart.shifts) <= MOST_IN_LEAD:
        return ()
    items = tuple(_shift(shift, chart, source) for shift in chart.shifts)
    return (Texts(title=source.said.say("trend.turns"), items=items),)


def _shift(shift: Shift, chart: ControlChart, source: Source) -> str:
    """Return one shift in words."""
    said, unit, rows = source.said, source.unit, chart.table
    at = _row_of(shift, chart)
    own, before = float(rows["centre"][at]), float(rows["centre"][max(at - 1, 0)])
    if shift.kind == "single":
        own, before = float(rows["value"][at]), float(rows["centre"][at])
    line = said.say(
        f"trend.{shift.kind}", period=_period(shift.period, source), n=shift.n,
        n_before=shift.n_before, value=said.figure(own, unit), before=said.figure(before, unit),
        change=said.signed(shift.value, unit),
        interval=said.interval(chart.level, said.signed_span(shift.low, shift.high, unit)),
    )  # fmt: skip
    line = first_upper(line)
    if shift.kind == "single" and at == len(rows) - 1:
        line += " " + said.say("trend.single_last")
    return line


def _row_of(shift: Shift, chart: ControlChart) -> int:
    """Return the number of the point a signal begins with."""
    starts = chart.table["start"].to_numpy().astype("datetime64[D]")
    return int(np.flatnonzero(starts == np.datetime64(shift.date, "D"))[0])


def _figure(table: pd.DataFrame, chart: ControlChart, source: Source) -> Figure:
    said = source.said
    drawing = _drawing(table, chart, source)
    legend = [
        Key(kind="band", text=said.say("trend.key_band", level=source.level)),
        Key(kind="level", text=said.say("trend.key_level")),
    ]
    if any(turn.kind == "single" for turn in drawing.turns):
        legend.append(Key(kind="ring", text=said.say("trend.key_ring")))
    if table["suppressed"].any():
        legend.append(Key(kind="gap", text=said.say("trend.key_gap")))
    return Figure(
        id="trend-score",
        drawing=drawing,
        label=said.say("trend.label", first=drawing.points[0].period,
                       last=drawing.points[-1].period),
        table=_table(table, source),
        legend=tuple(legend),
        note=" ".join(_notes(table, chart, source)),
    )  # fmt: skip


def _drawing(table: pd.DataFrame, chart: ControlChart, source: Source) -> TrendLine:
    """Return the periods, the levels between shifts, and where they begin."""
    points = tuple(
        TimePoint(period=source.said.period(row["period"]), n=int(row["n"]))
        if row["suppressed"]
        else TimePoint(
            period=source.said.period(row["period"]), n=int(row["n"]), value=row["value"],
            low=row["low"], high=row["high"],
        )
        for row in table.to_dict("records")
    )  # fmt: skip
    starts = table["start"].to_numpy().astype("datetime64[D]")
    place = np.searchsorted(starts, chart.table["start"].to_numpy().astype("datetime64[D]"))
    turns = tuple(
        Turn(at=int(place[_row_of(shift, chart)]), kind=shift.kind, value=shift.value)
        for shift in chart.shifts
    )
    levels = []
    for _, part in chart.table.groupby("regime", sort=True):
        first, last = place[part.index[0]], place[part.index[-1]]
        levels.append((int(first), int(last), float(part["centre"].iloc[0])))
    for at in range(len(levels) - 1):  # a stretch ends where the next one begins
        levels[at] = (levels[at][0], levels[at + 1][0] - 1, levels[at][2])
    if levels:
        levels[-1] = (levels[-1][0], len(points) - 1, levels[-1][2])
    return TrendLine(points=points, levels=tuple(levels), turns=turns, unit=source.unit)


def _table(table: pd.DataFrame, source: Source) -> Table:
    said, unit = source.said, source.unit
    heads = (
        Head(text=said.say("head.period"), kind="text"),
        Head(text=said.say("head.score")),
        Head(text=said.say("head.interval", level=source.level)),
        Head(text=said.say("head.respondents")),
        Head(text=said.say("trend.head_change")),
        Head(text=said.say("head.interval", level=source.level)),
        Head(text=said.say("head.q")),
    )
    rows = []
    for row in table.to_dict("records"):
        period = Cell(text=said.period(row["period"]), value=row["period"])
        n = Cell(text=said.count(int(row["n"])), value=int(row["n"]))
        empty = Cell(text="")
        if row["suppressed"]:
            few = Cell(text=said.say("cell.too_few"))
            rows.append((period, few, empty, n, empty, empty, empty))
            continue
        value = Cell(text=said.figure(row["value"], unit), value=row["value"])
        ends = Cell(text=said.figures(row["low"], row["high"], unit))
        moved = (empty, empty, empty)
        if not np.isnan(row["change"]):
            moved = (
                Cell(text=said.signed(row["change"], unit), value=row["change"]),
                Cell(text=said.signed_span(row["change_low"], row["change_high"], unit)),
                Cell(text=said.chance(row["q_value"]), value=row["q_value"]),
            )
        rows.append((period, value, ends, n, *moved))
    return Table(caption=said.say("trend.caption"), heads=heads, rows=tuple(rows))


def _notes(table: pd.DataFrame, chart: ControlChart, source: Source) -> list[str]:
    """Return what is to be known of the chart: gaps, parts of periods, false alarms."""
    said, told = source.said, table.attrs["change_table"]
    lines = []
    if chart.enough:
        lines.append(said.say("trend.alarms", n=round(chart.false_alarms * 100)))
    if any(shift.kind == "shift" for shift in chart.shifts):
        lines.append(said.say("trend.dated"))
    few = int((table["suppressed"] & (table["n"] > 0)).sum())
    empty = int((table["n"] == 0).sum())
    if few:
        lines.append(said.say("trend.small", few, min_n=source.min_n))
    if empty:
        lines.append(said.say("trend.empty", empty))
    part = [said.period(label) for label in table.loc[table["incomplete"], "period"]]
    if part:
        lines.append(said.say("trend.part", periods=said.listed(part)))
    if told["n_undated"]:
        lines.append(said.say("trend.undated", told["n_undated"]))
    if told["n_repeated"]:
        lines.append(said.say("trend.repeated", told["n_repeated"]))
    return lines
