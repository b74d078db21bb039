"""The colours of clouds: palettes by name, and colours of the user's own, checked for contrast."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from feedback_nlp.errors import FeedbackError, not_found

Palette: TypeAlias = str | Sequence[str]

PALETTES: Mapping[str, tuple[str, ...]] = {
    # From the heaviest words to the lightest; every colour has a contrast of 4.5 or more on white.
    "negative": ("#7c1527", "#9c2330", "#b23a2e", "#b8512a"),
    "positive": ("#0b3c5d", "#0c5a72", "#0e6f7c", "#2a7568"),
    "neutral": ("#26323f", "#3b4a5c", "#4f6076", "#5f6f85"),
}
POLARITY = "polarity"
OWN = "own"
TONES: Mapping[str, str] = {
    # Apart for people who see no red or green as well: dark orange-red against blue.
    "negative": "#b3361f",
    "positive": "#0b5a8a",
    "mixed": "#6a3d7c",
    "neutral": "#3b4a5c",
    "unknown": "#6f7680",
}
PAPER = "#ffffff"
LEAST_CONTRAST = 3.0
TEXT_CONTRAST = 4.5
_MOST_COLOURS = 12
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def colours_of(palette: Palette) -> tuple[str, ...]:
    """Return the colours of a palette, from the heaviest words to the lightest.

    Args:
        palette: ``negative``, ``positive``, ``neutral`` or ``polarity``, or 1 to 12 colours as
            ``#1a5f7a``.

    Raises:
        FeedbackError: No such palette, no colour, or one with a contrast below 3 on white, which is
            the least for large letters (WCAG 2.2, 1.4.3).

    Example:
        >>> colours_of(["#036", "#B8512A"])
        ('#003366', '#b8512a')
    """
    if isinstance(palette, str):
        if palette == POLARITY:
            return tuple(TONES.values())
        if palette not in PALETTES:
            names = (*PALETTES, POLARITY)
            said = not_found("palette", palette, names).replace("The table has", "Choose")
            raise FeedbackError(f"{said} Or give colours such as #1a5f7a.")
        return PALETTES[palette]
    if not 1 <= len(palette) <= _MOST_COLOURS:
        raise FeedbackError(
            f"The palette has {len(palette)} colours; give 1 to {_MOST_COLOURS}, such as #1a5f7a."
        )
    colours = tuple(_checked(colour) for colour in palette)
    for colour in colours:
        if contrast(colour) < LEAST_CONTRAST:
            raise FeedbackError(
                f"The colour {colour} has a contrast of {contrast(colour):.1f} on white, so its "
                f"words cannot be read; take a darker one, of {LEAST_CONTRAST:g} or more."
            )
    return colours


def _checked(colour: str) -> str:
    """Return a colour as six digits in lower case."""
    if not isinstance(colour, str) or not _HEX.fullmatch(colour):
        raise FeedbackError(f"{colour!r} is no colour; write it as #1a5f7a.")
    digits = colour[1:].lower()
    return "#" + ("".join(2 * digit for digit in digits) if len(digits) == 3 else digits)


def contrast(colour: str) -> float:
    """Return the contrast of a colour on white, 1 to 21, as WCAG 2.2 defines it.

    Example:
        >>> round(contrast("#767676"), 2), contrast("#000000")
        (4.54, 21.0)
    """
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def for_small_words(colours: Sequence[str]) -> str:
    """Return the first of the colours that small letters can be read in, else a dark grey."""
    fit = [colour for colour in colours if contrast(colour) >= TEXT_CONTRAST]
    return fit[0] if fit else PALETTES["neutral"][0]
