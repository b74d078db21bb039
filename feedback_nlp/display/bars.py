"""Small drawings: an interval on its scale, parts of a whole, a length."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from feedback_nlp.display.pages import LINE
from feedback_nlp.display.tones import COLOURS, Tone, dot
from feedback_nlp.markup import escape_html
from feedback_nlp.showing import share

WIDTH = 260
_EDGE = 6
_PALE = ' fill-opacity=".3"'  # what is unknown has no full colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of a whole.

    Attributes:
        name: What it is called.
        n: How many are in it.
        tone: Its colour.
    """

    name: str
    n: int
    tone: Tone


def interval_bar(
    value: float, low: float, high: float, ends: tuple[float, float], *, label: str,
    tone: Tone = "neutral", width: int = WIDTH,
) -> str:  # fmt: skip
    """Return a figure and its interval on a scale, as SVG; nothing if they are not on it.

    Args:
        value: The figure.
        low: Lower end of its interval; NaN where there is none.
        high: Upper end.
        ends: Both ends of the scale; a line marks its zero.
        label: The same in words, for those who cannot see it.
        tone: Its colour.
        width: In pixels.

    Example:
        >>> interval_bar(20, 3, 36, (-100, 100), label="20, 3 to 36").count("<path")
        2
        >>> interval_bar(float("nan"), 3, 36, (-100, 100), label="")
        ''
    """
    first, last = ends
    known = math.isfinite(low) and math.isfinite(high)
    shown = (value, low, high) if known else (value,)
    if not (first < last and all(first <= number <= last for number in shown)):
        return ""

    def at(number: float) -> str:
        place = (number - first) / (last - first)
        return f"{_EDGE + place * (width - 2 * _EDGE):.1f}"

    drawn = f'<path d="M{_EDGE} 8H{width - _EDGE}" stroke="{LINE}" stroke-width="2"/>'
    if first < 0 < last:
        drawn += f'<path d="M{at(0)} 2V14" stroke="{LINE}"/>'
    if known:
        drawn += (
            f'<rect x="{at(low)}" y="5" width="{max(float(at(high)) - float(at(low)), 1):.1f}" '
            f'height="6" rx="2" fill="{COLOURS[tone]}" fill-opacity=".5"/>'
        )
    drawn += f'<circle cx="{at(value)}" cy="8" r="5" fill="{COLOURS[tone]}"/>'
    return _svg(drawn, width, 16, label)


def between(bar: str, first: str, last: str) -> str:
    """Return a bar between both ends of its scale, as they are written; nothing for no bar.

    Example:
        >>> between("<svg></svg>", "0", "100")
        '<div><small>0</small> <svg></svg> <small>100</small></div>'
    """
    if not bar:
        return ""
    return (
        f"<div><small>{escape_html(first)}</small> {bar} <small>{escape_html(last)}</small></div>"
    )


def stacked_bar(shares: Sequence[Share], *, width: int = WIDTH) -> str:
    """Return the parts of a whole side by side, as SVG, with their numbers in words below.

    Example:
        >>> bar = stacked_bar([Share(name="agree", n=3, tone="positive"),
        ...                    Share(name="disagree", n=1, tone="negative")])
        >>> "agree 3 (75%)" in bar, "disagree 1 (25%)" in bar
        (True, True)
        >>> stacked_bar([])
        ''
    """
    whole = sum(one.n for one in shares)
    if not whole:
        return ""
    said = [f"{one.name} {one.n:,} ({share(one.n / whole)})" for one in shares]
    legend = " &nbsp; ".join(
        f'<span style="white-space:nowrap">{dot(one.tone)} {escape_html(text)}</span>'
        for one, text in zip(shares, said, strict=True)
    )
    bar = _stack([(one.n, one.tone) for one in shares], width, 12, ", ".join(said))
    return f"<div>{bar}</div><div><small>{legend}</small></div>"


def parts_bar(parts: Sequence[tuple[int, Tone]], *, label: str, width: int = 120) -> str:
    """Return the parts of a whole without their numbers: for a table that has them beside it."""
    return _stack(parts, width, 10, label) if any(n for n, _ in parts) else ""


def length_bar(
    value: float, largest: float, *, label: str, tone: Tone = "neutral", width: int = 120
) -> str:
    """Return a length that says how much something is beside the largest of its kind, as SVG.

    Example:
        >>> '<rect width="60.0"' in length_bar(5, 10, label="5 of 10")
        True
    """
    if not (math.isfinite(value) and 0 <= value <= largest and largest > 0):
        return ""
    long = value / largest * width
    drawn = f'<rect width="{long:.1f}" height="8" rx="1" fill="{COLOURS[tone]}"/>'
    return _svg(drawn, width, 8, label)


def _stack(parts: Sequence[tuple[int, Tone]], width: int, height: int, label: str) -> str:
    whole, before, drawn = sum(n for n, _ in parts), 0, ""
    for n, tone in parts:
        start, long = before / whole * width, n / whole * width
        before += n
        if n:
            drawn += (
                f'<rect x="{start:.1f}" width="{max(long - 1, 0.5):.1f}" height="{height}" '
                f'fill="{COLOURS[tone]}"{_PALE if tone == "unknown" else ""}/>'
            )
    return _svg(drawn, width, height, label)


def _svg(drawn: str, width: int, height: int, label: str) -> str:
    return (
        f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape_html(label)}" style="vertical-align:middle;max-width:100%">'
        f"{drawn}</svg>"
    )
