"""The charts of scores: on their scale, over time, by segment, by answer."""

from collections.abc import Sequence

from feedback_nlp.report.parts import AnswerCount, GroupShare, Report, ScoreRow, ScoreSection
from feedback_nlp.report.svg import WIDE, Axis, dot, fit, line, path, picture, rect, text
from feedback_nlp.showing import count, interval, points, share

KINDS = ("neg", "mid", "pos")


def score_scale(report: Report, width: float) -> str:
    """Return the score with its interval on the whole scale."""
    score = report.score
    axis = Axis(report.minimum, report.maximum, 14, width - 14)
    parts = [
        rect(
            axis(report.minimum),
            26,
            axis(report.maximum) - axis(report.minimum),
            10,
            "track",
            radius=5,
        )
    ]
    middle = (report.minimum + report.maximum) / 2
    for at, tick in enumerate((report.minimum, middle, report.maximum)):
        parts.append(line(axis(tick), 26, axis(tick), 42, "grid"))
        anchor = ("start", "middle", "end")[at]
        x = axis(tick) + (-14, 0, 14)[at]
        parts.append(text(x, 58, points(tick, score.unit).replace(".0", ""), "tick", anchor))
    band = axis(score.high) - axis(score.low)
    parts.append(rect(axis(score.low), 20, band, 22, "band", radius=4))
    parts.append(dot(axis(score.value), 31, 5.5, "mark-dot"))
    ends = interval(score.low, score.high, score.unit)
    label = (
        f"{points(score.value, score.unit)} on a scale from {report.minimum:g} to "
        f"{report.maximum:g}, interval {ends}"
    )
    return picture(width, 64, label, parts)


def group_bar(groups: Sequence[GroupShare], width: float) -> str:
    """Return the low, middle and top group as one bar."""
    total = sum(group.share for group in groups) or 1
    x, parts = 0.0, []
    for kind, group in zip(KINDS, groups, strict=True):
        length = (width - 4) * group.share / total
        parts.append(rect(x, 0, length - 2, 26, kind, radius=3))
        if length > 46:
            parts.append(text(x + length / 2, 18, f"{group.percent}%", f"on-{kind} num", "middle"))
        x += length + 2
    label = ", ".join(f"{group.percent}% {group.name} ({count(group.n)})" for group in groups)
    return picture(width, 26, label, parts)


def distribution(answers: Sequence[AnswerCount], width: float = WIDE) -> str:
    """Return the number of respondents by answer as columns."""
    narrow = width < WIDE
    height, base = (210, 170) if narrow else (250, 206)
    slot = width / max(1, len(answers))
    axis = Axis(0, max([1, *(answer.n for answer in answers)]), 0, base - 30)
    parts = [line(0, base, width, base, "zero")]
    if narrow:
        parts.append(text(0, 11, "% of respondents", "tick"))
    for at, answer in enumerate(answers):
        x, tall = at * slot, axis(answer.n)
        parts.append(rect(x + slot * 0.12, base - tall, slot * 0.76, tall, KINDS[answer.group]))
        middle = x + slot / 2
        shown = share(answer.share) if not narrow else f"{answer.share * 100:.0f}"
        parts.append(text(middle, base - tall - 7, shown, "small-strong num", "middle"))
        parts.append(text(middle, base + 19, answer.answer, "label num", "middle"))
        if not narrow:
            parts.append(text(middle, base + 36, count(answer.n), "small num", "middle"))
    label = "Answers: " + ", ".join(f"{answer.answer}: {count(answer.n)}" for answer in answers)
    return picture(width, height, label, parts)


def segment_dots(section: ScoreSection, report: Report, width: float = WIDE) -> str:
    """Return the score of each segment as a dot with its interval, against the whole."""
    narrow, score = width < WIDE, report.score
    row, top = (50, 34) if narrow else (36, 34)
    left, right = (4, 4) if narrow else (232, 190)
    ends = [end for r in section.rows for end in (r.low, r.high) if end is not None]
    axis = Axis(min([score.low, *ends]), max([score.high, *ends]), left + 8, width - right - 8)
    height = top + row * len(section.rows) + 4
    parts = [
        rect(
            axis(score.low),
            top - 6,
            axis(score.high) - axis(score.low),
            height - top + 2,
            "band-soft",
            radius=0,
        ),
        line(axis(score.value), top - 6, axis(score.value), height - 4, "overall"),
        text(
            axis(score.value),
            16,
            f"all {points(score.value, score.unit)}",
            "tick",
            _anchor(axis(score.value), width),
        ),
    ]
    for at, segment in enumerate(section.rows):
        parts += _segment(segment, top + at * row, row, width, axis, score.unit)
    label = f"Score by {section.column}: " + "; ".join(
        f"{r.label} {points(r.value, score.unit)} (n = {count(r.n)})" for r in section.rows
    )
    return picture(width, height, label, parts)


def _anchor(x: float, width: float) -> str:
    return "start" if x < 40 else "end" if x > width - 40 else "middle"


def _segment(
    segment: ScoreRow, y: float, row: float, width: float, axis: Axis, unit: str
) -> list[str]:
    narrow = width < WIDE
    middle = y + (36 if narrow else row / 2)
    baseline = y + 20 if narrow else middle + 5
    n = f"n = {count(segment.n)}"
    if segment.value is None or segment.low is None or segment.high is None:
        parts = [text(0, baseline, fit(segment.label, 222), "muted")]
        return [*parts, text(width, baseline, f"too few to show, {n}", "small num", "end")]
    value = points(segment.value, unit)
    parts = [
        text(0, baseline, fit(segment.label, 180 if narrow else 222), "label"),
        text(width, baseline, n, "small num", "end"),
        text(width - (80 if narrow else 96), baseline, value, "label num", "end"),
        line(axis(segment.low), middle, axis(segment.high), middle, "whisker"),
        dot(axis(segment.value), middle, 5.5, "mark-dot"),
    ]
    return parts


def trend(section: ScoreSection, report: Report, width: float = WIDE) -> str:
    """Return the score over time as a line within its interval; periods too small leave a gap."""
    narrow, unit, rows = width < WIDE, report.score.unit, section.rows
    height, base = (250, 196) if narrow else (320, 256)
    left, right = (44, 16) if narrow else (60, 40)
    ends = [end for row in rows for end in (row.low, row.high) if end is not None]
    low, high = min([report.score.value, *ends]), max([report.score.value, *ends])
    across = Axis(0, max(1, len(rows) - 1), left + 12, width - right)
    up = Axis(low - (high - low) * 0.06, high + (high - low) * 0.06, base, 20)
    parts = []
    for tick in up.ticks(5):
        parts.append(line(left, up(tick), width, up(tick), "zero" if tick == 0 else "grid"))
        parts.append(
            text(left - 8, up(tick) + 4, points(tick, unit).replace(".0", ""), "tick num", "end")
        )
    parts += _line_with_band(rows, across, up)
    labelled = _labelled(rows, 4 if narrow else 15)
    every = max(1, -(-len(rows) // (4 if narrow else 13)))
    for at, row in enumerate(rows):
        if row.value is not None:
            parts.append(dot(across(at), up(row.value), 4.5, "mark-dot"))
            if at in labelled:
                parts.append(
                    text(
                        across(at),
                        up(row.value) - 11,
                        points(row.value, unit),
                        "small-strong halo num",
                        "middle",
                    )
                )
        if at % every == 0:
            parts.append(text(across(at), base + 22, row.label, "tick", "middle"))
            parts.append(text(across(at), base + 40, f"n {count(row.n)}", "small num", "middle"))
    label = "Score over time: " + "; ".join(
        f"{r.label} {points(r.value, unit)} (n = {count(r.n)})" for r in rows
    )
    return picture(width, height, label, parts)


def _line_with_band(rows: Sequence[ScoreRow], across: Axis, up: Axis) -> list[str]:
    """Return the band and the line, broken where a period is too small."""
    runs: list[list[tuple[float, float, float, float]]] = [[]]
    for at, row in enumerate(rows):
        if row.value is None or row.low is None or row.high is None:
            runs.append([])
        else:
            runs[-1].append((across(at), up(row.value), up(row.low), up(row.high)))
    parts = []
    for run in (run for run in runs if run):
        edge = [(x, low) for x, _, low, _ in run] + [(x, high) for x, _, _, high in reversed(run)]
        if len(run) == 1:
            parts.append(line(run[0][0], run[0][2], run[0][0], run[0][3], "whisker"))
            continue
        parts.append(path(edge, "band-area", closed=True))
        parts.append(path([(x, value) for x, value, _, _ in run], "trend"))
    return parts


def _labelled(rows: Sequence[ScoreRow], most: int) -> set[int]:
    """Return which points get their number: all if there are few, else the ends and extremes."""
    shown = [at for at, row in enumerate(rows) if row.value is not None]
    if len(shown) <= most:
        return set(shown)
    by_value = sorted(shown, key=lambda at: rows[at].value or 0)
    return {shown[0], shown[-1], by_value[0], by_value[-1]}
