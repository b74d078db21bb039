"""Where the points go: from the best possible score down to the score."""

from typing import Any

from feedback_nlp.report.blocks import Cell, Figure, Head, Key, Section, Table
from feedback_nlp.report.figures.waterfall import Step, Waterfall
from feedback_nlp.report.source import Source
from feedback_nlp.showing import known, round_half_up, rounded_parts

MAX_STEPS = 8


def build(source: Source) -> Section:
    """Return the section of the points lost."""
    said, score = source.said, source.score
    drawing = Waterfall(
        steps=_steps(source), maximum=source.definition.maximum, minimum=source.definition.minimum,
        value=score.value, low=score.low, high=score.high, unit=source.unit,
    )  # fmt: skip
    figure = Figure(
        id="points-lost",
        drawing=drawing,
        label=said.say(
            "points.label",
            best=said.maximum(drawing.maximum, source.unit),
            score=said.figure(score.value, source.unit),
        ),
        legend=(Key(kind="neg", text=said.say("points.key_theme")),
                Key(kind="hatch", text=said.say("points.key_none"))),
        table=_table(drawing, source),
    )  # fmt: skip
    return Section(
        id="points",
        nav=said.say("points.nav"),
        title=said.say("points.title"),
        lead=(_lead(drawing, source), said.say("points.adding")),
        blocks=(figure,),
        definitions=("points_lost", "gain", "base"),
    )


def _steps(source: Source) -> tuple[Step, ...]:
    """Return the steps from the best possible score down, which add up as they are shown."""
    drivers, score, said = source.explanation.table, source.score, source.said
    notes = drivers.attrs["drivers"]
    shown = drivers[~drivers["suppressed"] & (drivers["points_lost"] > 0)]
    first, rest = shown.head(MAX_STEPS), shown.iloc[MAX_STEPS:]
    rows: list[dict[str, Any]] = [
        {
            "label": source.theme(str(row["theme"])),
            "kind": "theme",
            "points": row["points_lost"],
            "low": known(row["points_lost_low"]),
            "high": known(row["points_lost_high"]),
            "n": int(row["n_negative"]),
        }
        for row in first.to_dict("records")
    ]
    others = (
        (said.say("points.others", len(rest)), "small", rest["points_lost"].sum()),
        (said.say("points.small"), "small", notes["suppressed"]),
        (said.say("points.no_theme"), "no_theme", notes["no_negative_theme"]),
        (said.say("points.no_comment"), "no_comment", notes["no_comment"]),
    )
    rows += [{"label": w, "kind": kind, "points": lost} for w, kind, lost in others if lost > 0]
    digits = 2 if score.unit == "rating" else 1
    best = notes["maximum"]
    kinds = [row["kind"] for row in rows]
    gives = "small" if "small" in kinds else "no_theme"
    rounded = rounded_parts(
        [row["points"] for row in rows], best - round_half_up(score.value, digits), digits,
        give=[at for at, kind in enumerate(kinds) if kind == gives],
    )  # fmt: skip
    steps, at = [], best
    for row, lost in zip(rows, rounded, strict=True):
        steps.append(Step(**{**row, "points": lost, "start": at, "end": round(at - lost, digits)}))
        at = round(at - lost, digits)
    return tuple(steps)


def _table(drawn: Waterfall, source: Source) -> Table:
    said, unit, score = source.said, source.unit, source.score
    heads = (
        Head(text=said.say("points.head_step"), kind="text"),
        Head(text=said.say("points.head_lost")),
        Head(text=said.say("head.interval", level=source.level)),
        Head(text=said.say("head.respondents")),
        Head(text=said.say("points.head_after")),
    )
    empty = Cell(text="")
    best = Cell(text=said.maximum(drawn.maximum, unit), value=drawn.maximum)
    rows = [(Cell(text=said.say("points.best")), empty, empty, empty, best)]
    for step in drawn.steps:
        rows.append(
            (
                Cell(text=step.label),
                Cell(text=said.bare(step.points, unit), value=step.points),
                Cell(text=step.ends(said, unit)),
                Cell(text="" if step.n is None else said.count(step.n), value=step.n),
                Cell(text=said.figure(step.end, unit), value=step.end),
            )
        )
    total = sum(step.points for step in drawn.steps)
    ends = said.figures(score.low, score.high, unit)
    rows.append(
        (
            Cell(text=said.say("points.score")),
            Cell(text=said.bare(total, unit), value=total),
            Cell(text=said.span(drawn.maximum - score.high, drawn.maximum - score.low, unit)),
            Cell(text=said.count(score.n), value=score.n),
            Cell(text=f"{said.figure(score.value, unit)} ({ends})", value=score.value),
        )
    )
    return Table(caption=said.say("points.caption"), heads=heads, rows=tuple(rows), fixed=True)


def _lead(drawn: Waterfall, source: Source) -> str:
    said, unit = source.said, source.unit
    start = said.say(
        "points.way", score=source.name, best=said.maximum(drawn.maximum, unit),
        now=said.figure(drawn.value, unit),
        gap=said.amount(drawn.maximum - drawn.value, unit, "missing"),
    )  # fmt: skip
    first = next((step for step in drawn.steps if step.kind == "theme"), None)
    if first is None:
        return f"{start} {said.say('points.none_named')}"
    rest = sum(step.points for step in drawn.steps if step.kind in ("no_theme", "no_comment"))
    return f"{start} " + said.say(
        "points.most", theme=first.label, points=said.bare(first.points, unit),
        rest=said.bare(rest, unit),
    )  # fmt: skip
