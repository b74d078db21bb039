"""Shares before and after, one row a theme: a hollow dot, a line and a filled dot."""

from dataclasses import dataclass

from feedback_nlp.report.figures.scales import share_scale
from feedback_nlp.report.svg import WIDE, Axis, dot, figure, fit, line, picture, text
from feedback_nlp.wordings import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Dumbbell:
    """One theme.

    Attributes:
        name: What it is called.
        before: Share before, 0–1.
        after: Share after.
        low: Lower end of the interval of the difference, 0–1.
        high: Upper end.
        clear: Whether the difference is more than chance, after correction.
    """

    name: str
    before: float
    after: float
    low: float
    high: float
    clear: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dumbbells:
    """Themes with their shares before and after, on one scale from 0."""

    rows: tuple[Dumbbell, ...]

    def svg(self, said: Wording, width: float) -> str:
        """Return the drawing."""
        narrow = width < WIDE
        row, top = (48, 26) if narrow else (36, 32)
        left, right = (8, 8) if narrow else (228, 272)
        highest = max((max(one.before, one.after) for one in self.rows), default=0.0)
        axis = Axis(0, max(highest * 105, 1.0), left, width - right)
        height = top + row * len(self.rows) + 4
        parts = share_scale(axis, said, top=top, bottom=height - 4, narrow=narrow)
        for at, one in enumerate(self.rows):
            parts += _row(one, top + at * row, width, axis, said)
        label = "; ".join(
            f"{one.name} {said.percent(one.before)} → {said.percent(one.after)}"
            for one in self.rows
        )
        return picture(width, height, label, parts)


def _row(one: Dumbbell, y: float, width: float, axis: Axis, said: Wording) -> list[str]:
    narrow = width < WIDE
    middle, base = (y + 33, y + 18) if narrow else (y + 18, y + 23)
    start, end = axis(one.before * 100), axis(one.after * 100)
    more = one.after > one.before
    sign = ("▲ " if more else "▼ ") if one.clear else ""
    shown = f"{sign}{said.percent(one.before)} → {said.percent(one.after)}"
    ends = said.signed_span(100 * one.low, 100 * one.high, "percent")
    kind = ("neg" if more else "pos") if one.clear else ""
    parts = [text(0, base, fit(one.name, width - len(shown) * 8 - 10 if narrow else 222), "label")]
    parts.append(line(start, middle, end, middle, f"way-{kind}" if kind else "way"))
    parts.append(dot(start, middle, 5, "hollow"))
    parts.append(dot(end, middle, 6, f"dot-{kind}" if kind else "mark-dot"))
    weight = "small-strong num" if one.clear else "label num"
    if narrow:
        parts.append(text(width, base, shown, weight, "end"))
    else:
        parts.append(figure(width, base, shown, ends, weight, "end"))
    return parts
