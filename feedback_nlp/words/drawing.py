"""Where the words of a cloud stand, and the cloud as PNG and SVG.

The layout is ``wordcloud``'s; the drawing is ours, from the outlines of the font that matplotlib
brings (DejaVu Sans has every letter of the seven languages), so a picture needs no font installed.
"""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

Size = tuple[int, int]

PALETTES: Mapping[str, tuple[str, str, str, str]] = {
    # From the most common words to the least; every colour has a contrast of 4.5 or more on white.
    "negative": ("#7c1527", "#9c2330", "#b23a2e", "#b8512a"),
    "positive": ("#0b3c5d", "#0c5a72", "#0e6f7c", "#2a7568"),
    "neutral": ("#26323f", "#3b4a5c", "#4f6076", "#5f6f85"),
}
PAPER = "#ffffff"
_FONT = "DejaVuSans-Bold.ttf"
_UNITS = 1000
_MARGIN = 11
_EDGE = 10
_SMALLEST = 11


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a cloud: the top left corner of its ink, its font size, and its shade (0–3)."""

    text: str
    weight: int
    x: int
    y: int
    size: int
    shade: int


def not_drawable(terms: Iterable[str]) -> frozenset[str]:
    """Return the terms that have a sign the font lacks.

    Example:
        >>> sorted(not_drawable(["apkalpošana", "👍", "blåbærsyltetøy"]))
        ['👍']
    """
    letters = _letters()
    return frozenset(term for term in terms if any(ord(char) not in letters for char in term))


def lay_out(weights: Mapping[str, int], size: Size, seed: int) -> tuple[Word, ...]:
    """Return a place for each word, the heaviest first; those without room are left out.

    Args:
        weights: Number of comments by word.
        size: Width and height.
        seed: Of the layout.
    """
    if not weights:
        return ()
    from wordcloud import WordCloud

    width, height = (length - 2 * _EDGE for length in size)
    cloud = WordCloud(
        font_path=str(font_path()), width=width, height=height, margin=_MARGIN,
        prefer_horizontal=1.0, random_state=seed, max_words=len(weights),
        min_font_size=_SMALLEST, max_font_size=max(24, height // 5), relative_scaling=0.55,
        collocations=False, normalize_plurals=False, background_color=PAPER,
    )  # fmt: skip
    layout = cloud.generate_from_frequencies(dict(weights)).layout_
    heaviest = max(weights.values())
    return tuple(
        Word(
            text,
            weights[text],
            int(x) + _EDGE,
            int(y) + _EDGE,
            int(points),
            _shade(weights[text] / heaviest),
        )
        for (text, _), points, (y, x), _, _ in layout
    )


def _shade(share: float) -> int:
    return next(shade for shade, least in enumerate((0.6, 0.35, 0.15, 0.0)) if share >= least)


def png(words: Sequence[Word], size: Size, palette: str, why_empty: str, scale: int) -> bytes:
    """Return the picture as PNG bytes."""
    from PIL import Image, ImageDraw

    colours = PALETTES[palette]
    image = Image.new("RGB", (size[0] * scale, size[1] * scale), PAPER)
    draw = ImageDraw.Draw(image)
    for word in words or _sentence(why_empty, size):
        font = _font(word.size * scale)
        left, top, _, _ = font.getbbox(word.text, anchor="ls")
        at = (word.x * scale - left, word.y * scale - top)
        draw.text(at, word.text, fill=colours[word.shade], font=font, anchor="ls")
    out = BytesIO()
    image.save(out, format="PNG", optimize=True)
    return out.getvalue()


def svg(words: Sequence[Word], size: Size, palette: str, why_empty: str, description: str) -> str:
    """Return the picture as SVG, each letter's outline written once."""
    width, height = size
    shown = words or _sentence(why_empty, size)
    mark = sha256(repr((shown, palette)).encode()).hexdigest()[:6]
    glyphs = {char: f"g{mark}{ord(char):x}" for word in shown for char in word.text if char != " "}
    outlines = "".join(
        f'<path id="{name}" d="{_outline(char)}"/>' for char, name in sorted(glyphs.items())
    )
    drawn = "".join(_svg_word(word, glyphs, PALETTES[palette]) for word in shown)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="cloud cloud-{palette}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label={quoteattr(description)}>'
        f'<rect class="paper" width="{width}" height="{height}" fill="{PAPER}"/>'
        f"<defs>{outlines}</defs>{drawn}</svg>"
    )


def _svg_word(word: Word, glyphs: Mapping[str, str], colours: Sequence[str]) -> str:
    """Return one word: its letters side by side, scaled from the font's units to its size."""
    font = _font(_UNITS)
    left, top, _, _ = font.getbbox(word.text, anchor="ls")
    factor = word.size / _UNITS
    x, y = word.x - left * factor, word.y - top * factor
    letters = "".join(
        f'<use href="#{glyphs[char]}" x="{font.getlength(word.text[:at]):.0f}"/>'
        for at, char in enumerate(word.text)
        if char != " "
    )
    plural = "" if word.weight == 1 else "s"
    title = f"<title>{escape(word.text)}: {word.weight:,} comment{plural}</title>"
    return (
        f'<g class="w{word.shade}" fill="{colours[word.shade]}" '
        f'transform="translate({x:.1f} {y:.1f}) scale({factor:.4f})">'
        f"{title if word.weight else ''}{letters}</g>"
    )


def _sentence(text: str, size: Size) -> tuple[Word, ...]:
    """Return a sentence as words of one small size, in lines in the middle of the picture."""
    points = 18
    lines = textwrap.wrap(text, max(16, size[0] // 13))
    top = (size[1] - len(lines) * points * 3 // 2) // 2
    centred = []
    for number, line in enumerate(lines):
        x = max(8, (size[0] - int(_font(points).getlength(line))) // 2)
        centred.append(Word(line, 0, x, top + number * points * 3 // 2, points, 3))
    return tuple(centred)


@cache
def font_path() -> Path:
    """Return the font of the clouds, which comes with matplotlib."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / _FONT


@cache
def _letters() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(font_path())).get_charmap())


@cache
def _font(points: int) -> "FreeTypeFont":
    from PIL import ImageFont

    return ImageFont.truetype(str(font_path()), points, layout_engine=ImageFont.Layout.BASIC)


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
