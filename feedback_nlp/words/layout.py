"""Where the words of a cloud stand: the layout is ``wordcloud``'s.

The font is one that matplotlib brings (DejaVu Sans has every letter of the seven languages), so a
picture needs no font installed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from feedback_nlp.words.colours import PALETTES, PAPER, for_small_words
from feedback_nlp.words.masks import Shape

Size = tuple[int, int]

EDGE = 10
LEGEND = 34
SENTENCE = PALETTES["neutral"][3]
_FONT = "DejaVuSans-Bold.ttf"
_MARGIN = 9
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

    Args:
        weights: What sizes go by, such as the number of comments, by word; above 0.
        size: Width and height.
        seed: Of the layout.
        mask: Where words may stand; anywhere if not given.
        legend: Whether a strip below stays free.
    """
    if not weights:
        return ()
    from wordcloud import WordCloud

    width, height = size[0] - 2 * EDGE, size[1] - 2 * EDGE - (LEGEND if legend else 0)
    taken = None
    if mask is not None:
        free = mask[EDGE : EDGE + height, EDGE : EDGE + width]
        if not free.any():
            return ()
        taken = np.where(free, 0, 255).astype(np.uint8)
    cloud = WordCloud(
        font_path=str(font_path()), width=width, height=height, margin=_MARGIN, mask=taken,
        prefer_horizontal=1.0, random_state=seed, max_words=len(weights),
        min_font_size=_SMALLEST, max_font_size=max(24, height // 5), relative_scaling=0.55,
        collocations=False, normalize_plurals=False, background_color=PAPER,
    )  # fmt: skip
    try:
        layout = cloud.generate_from_frequencies(dict(weights)).layout_
    except ValueError:  # not even one word fits into the shape
        return ()
    heaviest = max(weights.values())
    return tuple(
        Word(
            text,
            weights[text],
            int(x) + EDGE,
            int(y) + EDGE,
            int(points),
            _shade(weights[text] / heaviest),
        )
        for (text, _), points, (y, x), _, _ in layout
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
