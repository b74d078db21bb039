"""Where the words of a cloud stand, as wordcloud finds room for them.

The font is one that matplotlib brings (DejaVu Sans has every letter of the seven languages), so a
picture needs no font installed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from feedback_nlp.words.colours import PALETTES, for_small_words
from feedback_nlp.words.masks import Shape

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

Size = tuple[int, int]

EDGE = 10
LEGEND = 34
SENTENCE = PALETTES["neutral"][3]
_FONT = "DejaVuSans-Bold.ttf"
_MARGIN = 8
_PLACES = 6
_SCALING = 0.55
_SMALLEST = 11
_SMALL = 24


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a cloud.

    Attributes:
        text: The word.
        weight: What its size goes by.
        x: Left end of its ink, in pixels.
        y: Top end of its ink.
        size: Of its font, in pixels.
        shade: 0 for the heaviest words to 3.
        colour: As ``#1a5f7a``.
        tone: Polarity that the colour stands for; ``""`` where it stands for none.
        said: What is said of it to who points at it.
    """

    text: str
    weight: float
    x: int
    y: int
    size: int
    shade: int
    colour: str = SENTENCE
    tone: str = ""
    said: str = ""

    def painted(self, *, colour: str, tone: str, said: str) -> "Word":
        """Return the word with its colour, and what is said of it."""
        return replace(self, colour=colour, tone=tone, said=said)


def not_drawable(terms: Iterable[str]) -> frozenset[str]:
    """Return the terms that have a sign the font lacks.

    Example:
        >>> sorted(not_drawable(["apkalpošana", "👍", "blåbærsyltetøy"]))
        ['👍']
    """
    letters = _letters()
    return frozenset(term for term in terms if any(ord(char) not in letters for char in term))


def lay_out(
    weights: Mapping[str, float], size: Size, seed: int, *, mask: Shape | None = None,
    legend: bool = False,
) -> tuple[Word, ...]:  # fmt: skip
    """Return a place for each word, the heaviest first; those without room are left out.

    Of some free places at random, a word takes the one nearest to the middle.

    Args:
        weights: What sizes go by, such as the number of comments, by word; above 0.
        size: Width and height.
        seed: Of the layout.
        mask: Where words may stand; anywhere if not given.
        legend: Whether a strip below stays free.
    """
    if not weights:
        return ()
    free = np.ones((size[1], size[0]), dtype=bool) if mask is None else mask.copy()
    free[size[1] - EDGE - (LEGEND if legend else 0) :] = False
    free[:EDGE] = free[:, :EDGE] = free[:, size[0] - EDGE :] = False
    room = _Room(free, seed)
    heaviest = max(weights.values())
    points = float(max(24, size[1] // 5))
    before, words = heaviest, []
    for text, weight in weights.items():
        points *= _SCALING * weight / before + 1 - _SCALING
        before = weight
        place = room.take(text, max(round(points), _SMALLEST))
        if place is not None:
            x, y, fitting = place
            words.append(Word(text, weight, x, y, fitting, _shade(weight / heaviest)))
            points = min(points, fitting)
    return tuple(words)


class _Room:
    """The room of a picture: what is free, and who takes it.

    ``wordcloud`` knows fast where a box fits. Its own layout is not used: it measures the ink of a
    word and then draws the word lower, so that words run into each other.
    """

    def __init__(self, free: Shape, seed: int) -> None:
        from PIL import Image, ImageDraw
        from wordcloud.wordcloud import IntegralOccupancyMap

        self._shut = np.where(free, 0, 255).astype(np.uint8)
        self._map = IntegralOccupancyMap(*free.shape, self._shut)
        self._ink = Image.new("L", (free.shape[1], free.shape[0]))
        self._draw = ImageDraw.Draw(self._ink)
        self._random = Random(seed)
        rows, columns = np.nonzero(free) if free.any() else (np.zeros(1), np.zeros(1))
        self._middle = float(rows.mean()), float(columns.mean())
        self._spread = float(rows.std()) or 1.0, float(columns.std()) or 1.0

    def take(self, text: str, points: int) -> tuple[int, int, int] | None:
        """Take a place for a word, smaller if it has to be: x, y and size, or none."""
        while points >= _SMALLEST:
            letters = font(points)
            left, top, right, bottom = letters.getbbox(text, anchor="ls")
            gap = _MARGIN + points // 5  # between words side by side, so that they read as two
            box = int(bottom - top) + _MARGIN, int(right - left) + gap
            drawn = [self._map.sample_position(*box, self._random) for _ in range(_PLACES)]
            places = [place for place in drawn if place is not None]  # now and then a draw is void
            if places:
                row, column = min(places, key=lambda place: self._off(place, box))
                y, x = row + _MARGIN // 2, column + gap // 2
                self._draw.text((x - left, y - top), text, fill=255, font=letters, anchor="ls")
                self._map.update(np.maximum(np.asarray(self._ink), self._shut), row, column)
                return x, y, points
            points -= 1 + points // 20
        return None

    def _off(self, place: tuple[int, int], box: tuple[int, int]) -> float:
        """Return how far a box is from the middle, in terms of the shape of the picture."""
        return sum(
            ((at + side / 2 - middle) / spread) ** 2
            for at, side, middle, spread in zip(place, box, self._middle, self._spread, strict=True)
        )


def colour_of(word: Word, colours: Sequence[str]) -> str:
    """Return the colour of a word by its weight; small ones get one with contrast enough."""
    colour = colours[word.shade * len(colours) // 4] if len(colours) > 1 else colours[0]
    return for_small_words([colour, *colours]) if word.size < _SMALL else colour


def _shade(share: float) -> int:
    return next(shade for shade, least in enumerate((0.6, 0.35, 0.15, 0.0)) if share >= least)


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
def font(points: int) -> "FreeTypeFont":
    """Return the font in a size."""
    from PIL import ImageFont

    return ImageFont.truetype(str(font_path()), points, layout_engine=ImageFont.Layout.BASIC)
