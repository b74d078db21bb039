"""The few shapes our charts are made of. Colours are classes: the page's style has them."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from feedback_nlp.showing import safe, shortened

WIDE = 960
NARROW = 300
_EM = 0.55  # mean width of a letter of the system fonts, in font sizes


def picture(width: float, height: float, label: str, parts: Sequence[str]) -> str:
    """Return an SVG picture with its description.

    Args:
        width: In pixels at natural size.
        height: In pixels at natural size.
        label: What it shows, for those who cannot see it.
        parts: The shapes.
    """
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label={quoteattr(safe(label))}>'
        f"{''.join(parts)}</svg>"
    )


def text(x: float, y: float, content: str, kind: str = "", anchor: str = "start") -> str:
    """Return one line of text; ``kind`` is its class, ``anchor`` start, middle or end."""
    name = f' class="{kind}"' if kind else ""
    at = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{x:.1f}" y="{y:.1f}"{name}{at}>{escape(safe(content))}</text>'


def figure(
    x: float, y: float, value: str, note: str, kind: str = "label num", anchor: str = "start"
) -> str:
    """Return a number with a smaller note behind it, such as its interval."""
    at = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}"{at}>{escape(safe(value))}'
        f'<tspan class="small num" dx="8">{escape(safe(note))}</tspan></text>'
    )


def rect(
    x: float, y: float, width: float, height: float, kind: str, *, radius: float = 2, fill: str = ""
) -> str:
    """Return a rectangle at least half a pixel wide."""
    paint = f' fill="{fill}"' if fill else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{height:.1f}" '
        f'rx="{radius:g}" class="{kind}"{paint}/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """Return a straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def dot(x: float, y: float, radius: float, kind: str) -> str:
    """Return a filled circle."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" class="{kind}"/>'


def path(points: Sequence[tuple[float, float]], kind: str, *, closed: bool = False) -> str:
    """Return a line through points, or the area within them."""
    steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path d="M{steps}{"Z" if closed else ""}" class="{kind}"/>'


def hatch(name: str) -> str:
    """Return the pattern for what is unknown: seen without colour. Fill with ``url(#name)``."""
    return (
        f'<defs><pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="6" height="6" class="hatch-paper"/>'
        '<rect width="2" height="6" class="hatch-line"/></pattern></defs>'
    )


def fit(content: str, width: float, size: float = 14) -> str:
    """Return the text, shortened where it would not fit a width in pixels."""
    return shortened(content, max(4, int(width / (size * _EM))))


class Axis:
    """Turns values into pixels along one direction.

    Args:
        low: Value at the first pixel.
        high: Value at the last one.
        start: The first pixel.
        end: The last one.
    """

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.high = low, high if high > low else low + 1
        self._start, self._per_unit = start, (end - start) / (self.high - low)

    def __call__(self, value: float) -> float:
        """Return the pixel of a value; values off the axis stay at its ends."""
        held = min(max(value, self.low), self.high)
        return self._start + (held - self.low) * self._per_unit

    def ticks(self, most: int = 6) -> list[float]:
        """Return round values along the axis, at most so many."""
        span = self.high - self.low
        for step in (10.0**power * factor for power in range(-2, 4) for factor in (1, 2, 2.5, 5)):
            if span / step <= most - 1:
                first = -int(-self.low // step) if self.low < 0 else int(-(-self.low // step))
                values = [first * step + step * at for at in range(-1, most + 1)]
                inside = [value for value in values if self.low <= value <= self.high]
                return inside[:most]
        return [self.low, self.high]
