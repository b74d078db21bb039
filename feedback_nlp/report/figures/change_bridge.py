"""The way from the score before to the score after, one bar a theme."""

from dataclasses import dataclass

from feedback_nlp.report.svg import WIDE, Axis, dot, figure, fit, line, picture, rect, text
from feedback_nlp.wordings import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeStep:
    """One part of a change.

    Attributes:
        label: What it goes with.
        value: How large it is, rounded so that all parts add up to the change as shown.
        start: The score before the step.
        end: The score after it.
        low: Lower end of the interval; ``None`` where there is none.
        high: Upper end.
        clear: Whether it is more than chance.
        theme: Whether it is a theme.
    """

    label: str
    value: float
    start: float
    end: float
    low: float | None
    high: float | None
    clear: bool
    theme: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeEnd:
    """The score of one side with its interval; ``span`` is its time."""

    label: str
    span: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeBridge:
    """From the score before, step by step, to the score after."""

    before: BridgeEnd
    after: BridgeEnd
    steps: tuple[BridgeStep, ...]
    unit: str

    def svg(self, said: Wording, width: float) -> str:
        """Return the drawing."""
        narrow = width < WIDE
        row, top = (50, 30) if narrow else (38, 34)
        axis = self._axis(width)
        height = top + row * (len(self.steps) + 2) + 6
        parts = []
        for tick in axis.ticks(4 if narrow else 6):
            parts.append(line(axis(tick), top - 8, axis(tick), height - 6, "grid"))
            parts.append(
                text(axis(tick), top - 14, said.maximum(tick, self.unit), "tick", "middle")
            )
        parts += _end(self.before, top, width, axis, said, self.unit)
        for at, step in enumerate(self.steps, start=1):
            parts += _step(step, top + at * row, row, width, axis, said, self.unit)
        parts += _end(self.after, height - 6 - row, width, axis, said, self.unit)
        label = "; ".join(f"{one.label} {said.signed(one.value, self.unit)}" for one in self.steps)
        return picture(width, height, label, parts)

    def _axis(self, width: float) -> Axis:
        left, right = (8, 8) if width < WIDE else (252, 208)
        ends = [end for side in (self.before, self.after) for end in (side.low, side.high)]
        ends += [step.end for step in self.steps]
        pad = (max(ends) - min(ends)) * 0.03
        return Axis(min(ends) - pad, max(ends) + pad, left, width - right)


def _name(label: str, value: str, y: float, width: float, kind: str) -> list[str]:
    """Return the name of a row and, on a phone, its value at the far end of the line."""
    if width < WIDE:
        name = fit(label, width - len(value) * 8 - 10)
        return [text(0, y + 16, name, kind), text(width, y + 16, value, f"{kind} num", "end")]
    return [text(0, y + 24, fit(label, 244), kind)]


def _end(
    side: BridgeEnd, y: float, width: float, axis: Axis, said: Wording, unit: str
) -> list[str]:
    value = said.figure(side.value, unit)
    middle = y + (33 if width < WIDE else 19)
    if width < WIDE:
        parts = _name(side.label, value, y, width, "strong")
        start = len(side.label) * 9.5 + 8
        room = width - start - len(value) * 10
        parts.append(text(start, y + 16, fit(side.span, room, 12.5), "small"))
    else:
        parts = [text(0, y + 16, fit(side.label, 244), "strong")]
        parts.append(text(0, y + 33, fit(side.span, 244, 12.5), "small"))
    parts.append(line(axis(side.low), middle, axis(side.high), middle, "whisker"))
    parts.append(dot(axis(side.value), middle, 6, "mark-dot"))
    if width >= WIDE:
        ends = said.figures(side.low, side.high, unit)
        parts.append(figure(width, middle + 5, value, ends, "strong num", "end"))
    return parts


def _step(
    step: BridgeStep, y: float, row: float, width: float, axis: Axis, said: Wording, unit: str
) -> list[str]:
    value = said.signed(step.value, unit)
    parts = _name(step.label, value, y, width, "label" if step.theme else "muted")
    top = y + (24 if width < WIDE else 10)
    low, high = sorted((axis(step.start), axis(step.end)))
    side = "pos" if step.value > 0 else "neg"
    parts.append(rect(low, top, max(high - low, 1), 18, side if step.clear else f"hollow-{side}"))
    parts.append(line(axis(step.end), top + 18, axis(step.end), top + row, "link"))
    if width >= WIDE:
        ends = ""
        if step.low is not None and step.high is not None:
            ends = said.signed_span(step.low, step.high, unit)
        kind = "small-strong num" if step.clear else "label num"
        parts.append(figure(width, top + 14, value, ends, kind, "end"))
    return parts
