"""The score of each segment as a dot with its interval, beside the score of all."""

from dataclasses import dataclass

from feedback_nlp.report.svg import WIDE, Axis, dot, fit, line, picture, rect, text
from feedback_nlp.wordings import Wording

_LETTER = 7.6  # width of a letter of a name, in pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentDot:
    """One segment.

    Attributes:
        name: Its value, as it is shown.
        n: Respondents with a rating.
        value: Their score.
        low: Lower end of its interval.
        high: Upper end.
        clear: Whether it differs from the rest beyond chance, after correction.
        above: Whether it lies above the rest.
    """

    name: str
    n: int
    value: float
    low: float
    high: float
    clear: bool
    above: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentDots:
    """Segments below the name of their column, with the score of all and its interval."""

    columns: tuple[tuple[str, tuple[SegmentDot, ...]], ...]
    value: float
    low: float
    high: float
    unit: str

    def svg(self, said: Wording, width: float) -> str:
        """Return the drawing."""
        narrow = width < WIDE
        row, head, top = (52, 34, 30) if narrow else (34, 36, 34)
        rows = sum(len(segments) for _, segments in self.columns)
        height = top + head * len(self.columns) + row * rows + 6
        axis = self._axis(width)
        band = axis(self.high) - axis(self.low)
        parts = [rect(axis(self.low), top - 6, band, height - top + 2, "band-soft", radius=0)]
        parts.append(line(axis(self.value), top - 6, axis(self.value), height - 4, "overall"))
        shown = said.say("segments.all", score=said.figure(self.value, self.unit))
        x, half = axis(self.value), len(shown) * 3.4
        held = min(max(x, half), width - half)
        parts.append(text(held, 16, shown, "tick num", "middle"))
        y = float(top)
        for name, segments in self.columns:
            parts.append(
                text(0, y + head - 12, fit(name, width if narrow else 420, 16), "strong halo")
            )
            y += head
            for segment in segments:
                parts += self._row(segment, y, width, axis, said)
                y += row
        label = "; ".join(
            f"{column}: {one.name} {said.figure(one.value, self.unit)}"
            for column, segments in self.columns
            for one in segments
        )
        return picture(width, height, label, parts)

    def _axis(self, width: float) -> Axis:
        left, right = (8, 8) if width < WIDE else (250, 196)
        dots = [one for _, segments in self.columns for one in segments]
        low, high = (
            min([self.low, *(one.low for one in dots)]),
            max([self.high, *(one.high for one in dots)]),
        )
        return Axis(low, high, left, width - right)

    def _row(self, one: SegmentDot, y: float, width: float, axis: Axis, said: Wording) -> list[str]:
        narrow = width < WIDE
        middle, base = (y + 36, y + 20) if narrow else (y + 17, y + 22)
        sign = ("▲ " if one.above else "▼ ") if one.clear else ""
        kind = ("dot-pos" if one.above else "dot-neg") if one.clear else "mark-dot"
        value = f"{sign}{said.figure(one.value, self.unit)}"
        n = f"n = {said.count(one.n)}"
        at = len(n) * 6.8 + 14
        room = width - at - len(value) * _LETTER - 12 if narrow else 232
        return [
            text(0 if narrow else 12, base, fit(one.name, room), "label"),
            text(width, base, n, "small num", "end"),
            text(width - (at if narrow else 96), base, value,
                 "small-strong num" if one.clear else "label num", "end"),
            line(axis(one.low), middle, axis(one.high), middle, "whisker"),
            dot(axis(one.value), middle, 6, kind),
        ]  # fmt: skip
