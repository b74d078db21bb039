"""Each figure of a report as a picture for a slide: title, drawing, legend, origin."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from feedback_nlp.report.blocks import Figure, Key, Pair, ReasonBlock, Section
from feedback_nlp.report.page.html import style
from feedback_nlp.report.svg import WIDE, hatch, text
from feedback_nlp.report.swatches import in_light, light_colours, swatch
from feedback_nlp.wordings import Wording, wording_in

if TYPE_CHECKING:
    from feedback_nlp.report.report import Report

ZOOM = 2
MARGIN = 40
_VIEW = re.compile(r'<svg[^>]*viewBox="0 0 ([\d.]+) ([\d.]+)"')
_RULE = re.compile(r"(?:^|(?<=[}\s]))((?:svg |\.cloud)[^{}@]*)\{([^{}]*)\}")
_LINE = 19
_EM = 0.58


def pictures(report: "Report") -> Iterator[tuple[str, bytes]]:
    """Return every figure of a report as (file name, PNG), numbered in the order they are read.

    A picture is 2,080 pixels wide, in light colours; letters come from a font that is brought
    along, so that it is the same on every computer.
    """
    said = wording_in(report.language)
    place = 0
    for section in report.sections:
        for figure, title in _figures(section):
            place += 1
            yield f"{place:02d}-{figure.id}.png", _png(_slide(figure, title, report, said))


def _figures(section: Section) -> Iterator[tuple[Figure, str]]:
    """Return the figures of a section, each with what stands above it."""
    for block in section.blocks:
        if isinstance(block, Figure):
            yield block, block.title or section.title
        elif isinstance(block, Pair):
            yield block.left, block.left.title or section.title
            yield block.right, block.right.title or section.title
        elif isinstance(block, ReasonBlock):
            yield replace(block.figure, lead=block.figure.label), f"{block.rank}. {block.name}"


def _slide(figure: Figure, title: str, report: "Report", said: Wording) -> str:
    """Return the picture as SVG."""
    y, parts = float(MARGIN), [hatch("hatch-key")]
    for line in textwrap.wrap(title, 56)[:2]:
        y += 30
        parts.append(text(MARGIN, y, line, "slide-title"))
    for line in textwrap.wrap(figure.lead, 118)[:3]:
        y += _LINE + 3
        parts.append(text(MARGIN, y, line, "muted"))
    y += 26
    drawn = figure.drawing.svg(said, WIDE)
    view = _VIEW.match(drawn)
    width, height = (float(view[1]), float(view[2])) if view else (WIDE, 400.0)
    scale = min(1.0, WIDE / width)
    inner = drawn.replace("<svg ", f'<svg x="{MARGIN + (WIDE - width * scale) / 2:g}" y="{y:g}" '
                          f'width="{width * scale:g}" height="{height * scale:g}" ', 1)  # fmt: skip
    parts.append(inner)
    y += height * scale + 14
    keys, y = _legend(figure.legend, y)
    parts += keys
    source = said.say(
        "page.slide", score=report.answer.name, value=report.answer.value,
        between=report.answer.between,
    )  # fmt: skip
    for line in [*textwrap.wrap(figure.note, 130), *textwrap.wrap(source, 130)]:
        y += _LINE
        parts.append(text(MARGIN, y, line, "small"))
    total = WIDE + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {y + MARGIN:.0f}" '
        f'width="{total}" height="{y + MARGIN:.0f}">{"".join(parts)}</svg>'
    )


def _legend(keys: tuple[Key, ...], y: float) -> tuple[list[str], float]:
    """Return the legend in as many lines as it needs, and where it ends."""
    if not keys:
        return [], y
    x, y, parts = float(MARGIN), y + _LINE, []
    for key in keys:
        length = 22 + len(key.text) * 14.5 * _EM + 20
        if x > MARGIN and x + length > WIDE + MARGIN:
            x, y = float(MARGIN), y + _LINE + 3
        parts += [swatch(key.kind, x, y - 11), text(x + 20, y, key.text, "muted")]
        x += length
    return parts, y + 8


def _png(svg: str) -> bytes:
    """Return the picture as PNG bytes."""
    import matplotlib
    import resvg_py

    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, background="#ffffff", zoom=ZOOM, style_sheet=_drawing_style(),
            skip_system_fonts=True, font_family="DejaVu Sans", sans_serif_family="DejaVu Sans",
            font_files=[str(fonts / name) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")],
        )
    )  # fmt: skip


@cache
def _drawing_style() -> str:
    """Return the rules of the page's style for drawings, in light colours, without variables."""
    rules = [
        f"{selector.strip()} {{ {body} }}"
        for selector, body in _RULE.findall(re.sub(r"/\*.*?\*/", "", style(), flags=re.DOTALL))
        if ":" not in selector and "[" not in selector
    ]
    ink = light_colours()["--ink"]
    title = f"svg .slide-title {{ font-size: 25px; font-weight: 700; fill: {ink}; }}"
    return "\n".join([in_light("\n".join(rules)), title, 'text { font-family: "DejaVu Sans"; }'])
