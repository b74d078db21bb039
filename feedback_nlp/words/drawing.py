"""A cloud as PNG and SVG, from the outlines of its font: nothing has to be installed to see it."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from feedback_nlp.words.colours import PAPER, TONES
from feedback_nlp.words.layout import EDGE, LEGEND, Size, Word, font, font_path

_UNITS = 1000
_LETTERS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What is drawn.

    Attributes:
        words: The words.
        size: Width and height in pixels.
        palette: Name of the colours.
        description: The cloud in a sentence.
        why_empty: What stands there without words.
        legend: What each colour stands for: tone, and its name in the language of the cloud.
    """

    words: tuple[Word, ...]
    size: Size
    palette: str
    description: str
    why_empty: str
    legend: tuple[tuple[str, str], ...] = ()

    @property
    def shown(self) -> tuple[Word, ...]:
        """Everything that is written: the words, or why there are none, and the legend."""
        return (self.words or _sentence(self.why_empty, self.size)) + tuple(
            word for word, _ in self.marks
        )

    @property
    def marks(self) -> list[tuple[Word, int]]:
        """The names of the legend, and where the box of each begins."""
        found = []
        x = EDGE
        y = self.size[1] - LEGEND + (LEGEND - _LETTERS) // 2
        for tone, name in self.legend:
            top = y + _top(name)
            word = Word(name, 0, x + 20, top, _LETTERS, 0, TONES[tone])
            found.append((word, x))
            x += 44 + int(font(_LETTERS).getlength(name))
        return found


def png(picture: Picture, scale: int) -> bytes:
    """Return a picture as PNG bytes."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (picture.size[0] * scale, picture.size[1] * scale), PAPER)
    draw = ImageDraw.Draw(image)
    for word in picture.shown:
        letters = font(word.size * scale)
        left, top, _, _ = letters.getbbox(word.text, anchor="ls")
        at = (word.x * scale - left, word.y * scale - top)
        draw.text(at, word.text, fill=word.colour, font=letters, anchor="ls")
    for word, x in picture.marks:
        box = [x * scale, _box_top(picture) * scale]
        draw.rectangle((*box, box[0] + 14 * scale, box[1] + 14 * scale), fill=word.colour)
    out = BytesIO()
    image.save(out, format="PNG", compress_level=4)  # 9 takes six times as long to save 4 %
    return out.getvalue()


def _box_top(picture: Picture) -> int:
    return picture.size[1] - LEGEND + (LEGEND - _LETTERS) // 2


def _top(text: str) -> int:
    """Return how far below the top of the tallest letters the ink of a text begins."""
    letters = font(_LETTERS)
    return int(letters.getbbox(text, anchor="ls")[1]) + _LETTERS - 2


def svg(picture: Picture) -> str:
    """Return a picture as SVG, each letter's outline written once."""
    width, height = picture.size
    shown = picture.shown
    mark = sha256(repr((shown, picture.palette)).encode()).hexdigest()[:6]
    glyphs = {char: f"g{mark}{ord(char):x}" for word in shown for char in word.text if char != " "}
    outlines = "".join(
        f'<path id="{name}" d="{_outline(char)}"/>' for char, name in sorted(glyphs.items())
    )
    drawn = "".join(_svg_word(word, glyphs) for word in shown)
    boxes = "".join(
        f'<rect x="{x}" y="{_box_top(picture)}" width="14" height="14" fill="{word.colour}"/>'
        for word, x in picture.marks
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="cloud cloud-{picture.palette}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label={quoteattr(picture.description)}>'
        f'<rect class="paper" width="{width}" height="{height}" fill="{PAPER}"/>'
        f"<defs>{outlines}</defs>{drawn}{boxes}</svg>"
    )


def _svg_word(word: Word, glyphs: Mapping[str, str]) -> str:
    """Return one word: its letters side by side, scaled from the font's units to its size."""
    letters = font(_UNITS)
    left, top, _, _ = letters.getbbox(word.text, anchor="ls")
    factor = word.size / _UNITS
    x, y = word.x - left * factor, word.y - top * factor
    drawn = "".join(
        f'<use href="#{glyphs[char]}" x="{letters.getlength(word.text[:at]):.0f}"/>'
        for at, char in enumerate(word.text)
        if char != " "
    )
    kind = f"w{word.shade}" + (f" tone-{word.tone}" if word.tone else "")
    title = f"<title>{escape(word.said)}</title>" if word.said else ""
    return (
        f'<g class="{kind}" fill="{word.colour}" '
        f'transform="translate({x:.1f} {y:.1f}) scale({factor:.4f})">{title}{drawn}</g>'
    )


def _sentence(text: str, size: Size) -> tuple[Word, ...]:
    """Return a sentence as words of one small size, in lines in the middle of the picture."""
    points = 18
    lines = textwrap.wrap(text, max(16, size[0] // 13))
    top = (size[1] - len(lines) * points * 3 // 2) // 2
    centred = []
    for number, line in enumerate(lines):
        x = max(8, (size[0] - int(font(points).getlength(line))) // 2)
        centred.append(Word(line, 0, x, top + number * points * 3 // 2, points, 3))
    return tuple(centred)


@cache
def _outline(char: str) -> str:
    """Return the outline of a letter as an SVG path, the baseline at 0 and y pointing down."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.path import Path as Outline
    from matplotlib.textpath import TextPath

    path: Any = TextPath((0, 0), char, size=_UNITS, prop=FontProperties(fname=str(font_path())))
    letters = {Outline.MOVETO: "M", Outline.LINETO: "L", Outline.CURVE3: "Q", Outline.CURVE4: "C"}
    parts = []
    for points, code in path.iter_segments(curves=True, simplify=False):
        if code == Outline.CLOSEPOLY:
            parts.append("Z")
            continue
        flipped = [
            f"{(-value if at % 2 else value):.0f}" for at, value in enumerate(points.tolist())
        ]
        parts.append(letters[code] + " ".join(flipped))
    return "".join(parts)
