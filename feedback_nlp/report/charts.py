"""The charts of themes and reasons: each drawn twice, wide for a desk and narrow for a phone."""

from collections.abc import Sequence

from feedback_nlp.report.parts import ReasonPart, Report, Step, ThemeRow
from feedback_nlp.report.svg import (
    WIDE,
    Axis,
    dot,
    figure,
    fit,
    hatch,
    line,
    picture,
    rect,
    text,
)
from feedback_nlp.showing import MINUS, count, interval, lost, points, share

_BLAMED = ("theme", "small")


def waterfall(report: Report, width: float = WIDE) -> str:
    """Return the way from the best possible score down to the score, one bar a step."""
    narrow = width < WIDE
    row, top = (50, 30) if narrow else (38, 34)
    left, right = (0, 8) if narrow else (224, 160)
    steps = report.waterfall
    lowest = min([report.score.low, *(step.end for step in steps)])
    pad = (report.maximum - lowest) * 0.03
    axis = Axis(lowest - pad, report.maximum, left, width - right)
    height = top + row * (len(steps) + 2) + 6
    unit = report.score.unit
    parts = [hatch(name := f"hatch-waterfall-{width:g}")]
    for tick in axis.ticks(4 if narrow else 6):
        kind = "zero" if tick == 0 and report.minimum < 0 else "grid"
        parts.append(line(axis(tick), top - 8, axis(tick), height - 6, kind))
        parts.append(
            text(axis(tick), top - 14, points(tick, unit).replace(".0", ""), "tick", "middle")
        )
    best = _row("Best possible score", points(report.maximum, unit), 0, row, top, width, narrow)
    parts += [
        *best,
        line(
            axis(report.maximum),
            _bar_y(0, row, top, narrow),
            axis(report.maximum),
            _bar_y(0, row, top, narrow) + 16,
            "mark",
        ),
    ]
    for at, step in enumerate(steps, start=1):
        parts += _step(step, at, row, top, width, axis, unit, f"url(#{name})")
    parts += _score_row(report, len(steps) + 1, row, top, width, axis)
    label = (
        f"From {points(report.maximum, unit)} down to {points(report.score.value, unit)}: "
        + "; ".join(f"{step.label} {lost(step.points, unit)}" for step in steps)
    )
    return picture(width, height, label, parts)


def _bar_y(at: int, row: float, top: float, narrow: bool) -> float:
    return top + at * row + (24 if narrow else (row - 18) / 2)


def _row(
    label: str,
    value: str,
    at: int,
    row: float,
    top: float,
    width: float,
    narrow: bool,
    kind: str = "strong",
) -> list[str]:
    """Return the name of a row and, on a phone, its value at the far end of the same line."""
    if narrow:
        y = top + at * row + 16
        return [
            text(0, y, fit(label, width - 90), kind),
            text(width, y, value, kind + " num", "end"),
        ]
    y = top + at * row + row / 2 + 5
    return [text(0, y, fit(label, 218), kind)]


def _step(
    step: Step, at: int, row: float, top: float, width: float, axis: Axis, unit: str, fill: str
) -> list[str]:
    narrow = width < WIDE
    blamed = step.kind in _BLAMED
    value = f"{MINUS}{lost(step.points, unit)}"
    parts = _row(step.label, value, at, row, top, width, narrow, "label" if blamed else "muted")
    y = _bar_y(at, row, top, narrow)
    start, end = axis(step.end), axis(step.start)
    parts.append(
        rect(start, y, end - start, 18, "neg" if blamed else "hatched", fill="" if blamed else fill)
    )
    parts.append(line(start, y + 18, start, y + row, "link"))
    if not narrow:
        known = step.low is not None and step.high is not None
        ends = f"{lost(step.low, unit)} to {lost(step.high, unit)}" if known else ""
        parts.append(figure(end + 8, y + 14, value, ends))
    return parts


def _score_row(
    report: Report, at: int, row: float, top: float, width: float, axis: Axis
) -> list[str]:
    narrow, score = width < WIDE, report.score
    value = points(score.value, score.unit)
    y = _bar_y(at, row, top, narrow) + 9
    parts = _row("The score", value, at, row, top, width, narrow)
    parts.append(line(axis(score.low), y, axis(score.high), y, "whisker"))
    parts.append(dot(axis(score.value), y, 6, "mark-dot"))
    if not narrow:
        x = axis(score.high) + 12
        ends = interval(score.low, score.high, score.unit)
        parts.append(figure(x, y + 5, value, ends, "strong num"))
    return parts


def reason_bars(
    reasons: Sequence[ReasonPart], low_name: str, top_name: str, width: float
) -> dict[str, str]:
    """Return for each reason how many of the low and of the top group blame it, on one scale."""
    most = max(
        [reason.share_low for reason in reasons] + [reason.share_top for reason in reasons] + [0.01]
    )
    drawn = {}
    for reason in reasons:
        axis = Axis(0, most, 88, width - 44)
        parts = []
        for at, (name, value, kind) in enumerate(
            ((low_name, reason.share_low, "neg"), (top_name, reason.share_top, "pos"))
        ):
            y = at * 26
            parts.append(text(0, y + 15, fit(name.capitalize(), 86, 12.5), "small"))
            parts.append(rect(88, y + 3, axis(value) - 88, 15, kind))
            parts.append(text(axis(value) + 7, y + 15, share(value), "small-strong num"))
        label = (
            f"{share(reason.share_low)} of {low_name} and {share(reason.share_top)} of {top_name} "
            f"say something negative about {reason.name}"
        )
        drawn[reason.theme] = picture(width, 50, label, parts)
    return drawn


def theme_bars(themes: Sequence[ThemeRow], width: float = WIDE) -> str:
    """Return themes as bars: what is negative to the left, what is positive to the right."""
    narrow = width < WIDE
    row, top = (58, 26) if narrow else (34, 34)
    left, right = (34, 34) if narrow else (210, 190)
    most = max([1, *(row.negative for row in themes), *(row.positive for row in themes)])
    middle = left + (width - left - right) / 2
    half = (width - left - right) / 2 - (0 if narrow else 46)
    height = top + row * len(themes) + 4
    parts = [
        text(middle - 10, 14, "◀ negative", "tick neg-text", "end"),
        text(middle + 10, 14, "positive ▶", "tick pos-text"),
        line(middle, top - 6, middle, height - 4, "zero"),
    ]
    if not narrow:
        parts += [
            text(width - 80, 14, "neutral", "tick", "end"),
            text(width, 14, "unknown", "tick", "end"),
        ]
    for at, theme in enumerate(themes):
        y = top + at * row
        parts += _theme_row(theme, y, width, middle, half / most)
    label = "Comments by theme. " + "; ".join(
        f"{t.name}: {t.negative} negative, {t.positive} positive, {t.neutral} neutral, "
        f"{t.unknown} unknown"
        for t in themes
    )
    return picture(width, height, label, parts)


def _theme_row(theme: ThemeRow, y: float, width: float, middle: float, scale: float) -> list[str]:
    narrow = width < WIDE
    bar = y + (26 if narrow else 7)
    bad, good = theme.negative * scale, theme.positive * scale
    if narrow:
        rest = f"{count(theme.neutral)} neutral, {count(theme.unknown)} unknown"
        parts = [
            text(0, y + 18, fit(theme.name, width - 150), "label"),
            text(width, y + 18, rest, "small num", "end"),
        ]
    else:
        parts = [
            text(0, y + 22, fit(theme.name, 205), "label"),
            text(width - 80, y + 22, count(theme.neutral), "muted num", "end"),
            text(width, y + 22, count(theme.unknown), "muted num", "end"),
        ]
    inside = narrow and bad > 40
    parts += [
        rect(middle - bad, bar, bad, 20, "neg"),
        rect(middle, bar, good, 20, "pos"),
        text(middle - 6, bar + 15, count(theme.negative), "on-bar num", "end")
        if inside
        else text(middle - bad - 7, bar + 15, count(theme.negative), "label num", "end"),
        text(middle + 6, bar + 15, count(theme.positive), "on-bar num")
        if narrow and good > 40
        else text(middle + good + 7, bar + 15, count(theme.positive), "label num"),
    ]
    return parts
