"""The way from the best possible score down to the score, one bar a step."""

from dataclasses import dataclass

from feedback_nlp.report.svg import WIDE, Axis, dot, figure, fit, hatch, line, picture, rect, text
from feedback_nlp.showing import MINUS
from feedback_nlp.wordings import Wording

_BLAMED = ("theme", "small")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the way from the best possible score down to the score.

    Attributes:
        label: What the points are lost on.
        kind: ``theme``, ``small`` (themes too small to name), ``no_theme`` or ``no_comment``.
        points: Points lost, rounded so that all steps add up to the shortfall as shown.
        start: The score before the step.
        end: The score after it.
        low: Lower end of the interval of the points, if there is one.
        high: Upper end.
        n: Respondents behind it, if counted.
    """

    label: str
    kind: str
    points: float
    start: float
    end: float
    low: float | None = None
    high: float | None = None
    n: int | None = None

    def ends(self, said: Wording, unit: str) -> str:
        """Return the interval of the points, "" where there is none."""
        if self.low is None or self.high is None:
            return ""
        return said.span(self.low, self.high, unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """From the best possible score, step by step, to the score with its interval."""

    steps: tuple[Step, ...]
    maximum: float
    minimum: float
    value: float
    low: float
    high: float
    unit: str

    def svg(self, said: Wording, width: float) -> str:
        """Return the drawing."""
        frame = _Frame(width, self)
        axis, top = frame.axis, frame.top
        height = top + frame.row * (len(self.steps) + 2) + 6
        parts = [hatch(name := f"hatch-waterfall-{width:g}")]
        for tick in axis.ticks(4 if frame.narrow else 6):
            kind = "zero" if tick == 0 and self.minimum < 0 else "grid"
            parts.append(line(axis(tick), top - 8, axis(tick), height - 6, kind))
            shown = said.maximum(tick, self.unit)
            parts.append(text(axis(tick), top - 14, shown, "tick", "middle"))
        best = said.say("points.best")
        y = frame.bar(0)
        parts += frame.name(0, best, said.maximum(self.maximum, self.unit), "strong")
        parts.append(line(axis(self.maximum), y, axis(self.maximum), y + 16, "mark"))
        for at, step in enumerate(self.steps, start=1):
            parts += _step(step, at, frame, said, self.unit, f"url(#{name})")
        parts += _score_row(self, frame, said)
        label = "; ".join(f"{s.label} {said.bare(s.points, self.unit)}" for s in self.steps)
        return picture(width, height, label, parts)


class _Frame:
    """Where the rows of the drawing are; on a phone the name stands above its bar."""

    def __init__(self, width: float, drawn: Waterfall) -> None:
        self.width, self.narrow = width, width < WIDE
        self.row, self.top = (50, 30) if self.narrow else (38, 34)
        left, right = (0, 8) if self.narrow else (224, 160)
        lowest = min([drawn.low, *(step.end for step in drawn.steps)])
        pad = (drawn.maximum - lowest) * 0.03
        self.axis = Axis(lowest - pad, drawn.maximum, left, width - right)

    def bar(self, at: int) -> float:
        """Return the upper edge of the bar of a row."""
        return self.top + at * self.row + (24 if self.narrow else (self.row - 18) / 2)

    def name(self, at: int, label: str, value: str, kind: str) -> list[str]:
        """Return the name of a row and, on a phone, its value at the far end of the line."""
        if self.narrow:
            y = self.top + at * self.row + 16
            return [
                text(0, y, fit(label, self.width - 90), kind),
                text(self.width, y, value, kind + " num", "end"),
            ]
        return [text(0, self.top + at * self.row + self.row / 2 + 5, fit(label, 218), kind)]


def _step(step: Step, at: int, frame: _Frame, said: Wording, unit: str, fill: str) -> list[str]:
    blamed = step.kind in _BLAMED
    value = f"{MINUS}{said.bare(step.points, unit)}"
    parts = frame.name(at, step.label, value, "label" if blamed else "muted")
    y = frame.bar(at)
    start, end = frame.axis(step.end), frame.axis(step.start)
    kind = "neg" if blamed else "hatched"
    parts.append(rect(start, y, end - start, 18, kind, fill="" if blamed else fill))
    parts.append(line(start, y + 18, start, y + frame.row, "link"))
    if not frame.narrow:
        ends = step.ends(said, unit)
        parts.append(figure(end + 8, y + 14, value, ends))
    return parts


def _score_row(drawn: Waterfall, frame: _Frame, said: Wording) -> list[str]:
    at = len(drawn.steps) + 1
    value = said.figure(drawn.value, drawn.unit)
    y = frame.bar(at) + 9
    parts = frame.name(at, said.say("points.score"), value, "strong")
    parts.append(line(frame.axis(drawn.low), y, frame.axis(drawn.high), y, "whisker"))
    parts.append(dot(frame.axis(drawn.value), y, 6, "mark-dot"))
    if not frame.narrow:
        ends = said.figures(drawn.low, drawn.high, drawn.unit)
        x = frame.axis(drawn.high) + 12
        parts.append(figure(x, y + 5, value, ends, "strong num"))
    return parts
