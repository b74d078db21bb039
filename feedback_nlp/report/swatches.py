"""The marks of a legend as SVG, after the rules that the page has for them."""

import re
from functools import cache

from feedback_nlp.report.page.html import style

_VARIABLE = re.compile(r"(--[\w-]+):\s*([^;}]+)")
_RULE = re.compile(r"\.i-([\w-]+)\s*\{([^{}]*)\}")
_FILL = re.compile(r"background:\s*(#\w+)\s*(?:;|$)")
_BORDER = re.compile(r"border(-top)?:\s*([\d.]+)px (solid|dashed) (#\w+)")
_GRADIENT = re.compile(r"linear-gradient\((#\w+)")
_OPACITY = re.compile(r"opacity:\s*([\d.]+)")
SIDE = 13


@cache
def light_colours() -> dict[str, str]:
    """Return the colours of the page in its light scheme, by the name of their variable."""
    whole = style()
    return {name: value.strip() for name, value in _VARIABLE.findall(whole.split("@media")[0])}


def in_light(rules: str) -> str:
    """Return rules of the page with colours in the place of variables."""
    colours = light_colours()
    return re.sub(r"var\((--[\w-]+)\)", lambda found: colours[found[1]], rules)


@cache
def _rules() -> dict[str, str]:
    return dict(_RULE.findall(in_light(style())))


def swatch(kind: str, x: float, y: float) -> str:
    """Return the mark of one entry of a legend.

    Args:
        kind: As in ``Key``.
        x: Left end.
        y: Upper end.
    """
    rule = _rules()[kind]
    if kind == "hatch":
        return f'<rect x="{x:g}" y="{y:g}" {_size()} class="hatched" fill="url(#hatch-key)"/>'
    border, gradient = _BORDER.search(rule), _GRADIENT.search(rule)
    if gradient or (border and border[1]):
        return _line(x, y, gradient[1] if gradient else "", border)
    fill = _FILL.search(rule)
    paint = f'fill="{fill[1] if fill else "none"}"'
    if border:
        dashes = ' stroke-dasharray="3 2"' if border[3] == "dashed" else ""
        paint += f' stroke="{border[4]}" stroke-width="{border[2]}"{dashes}'
    if opacity := _OPACITY.search(rule):
        paint += f' opacity="{opacity[1]}"'
    round_ = SIDE / 2 if "border-radius: 50%" in rule else 2
    return f'<rect x="{x:g}" y="{y:g}" {_size()} rx="{round_:g}" {paint}/>'


def _size() -> str:
    return f'width="{SIDE}" height="{SIDE}"'


def _line(x: float, y: float, colour: str, border: "re.Match[str] | None") -> str:
    dashes = ' stroke-dasharray="4 3"' if border else ""
    middle = y + SIDE / 2
    return (
        f'<line x1="{x:g}" y1="{middle:g}" x2="{x + SIDE:g}" y2="{middle:g}" '
        f'stroke="{border[4] if border else colour}" stroke-width="2"{dashes}/>'
    )
