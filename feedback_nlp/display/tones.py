"""The colours, and the sign that always goes with each."""

from typing import Literal

Tone = Literal["negative", "neutral", "positive", "mixed", "unknown"]

# Each has a contrast of 3 or more on white and on the dark grounds of notebooks (#1e1e1e, #111).
COLOURS: dict[Tone, str] = {
    "negative": "#cc5a3a",
    "neutral": "#8a8f98",
    "positive": "#2a8a9a",
    "mixed": "#8f6fb8",
    "unknown": "#8a8f98",
}
# The same, as a ground that text is read on.
GROUNDS: dict[Tone, str] = {
    "negative": "rgba(204,90,58,.22)",
    "neutral": "rgba(138,143,152,.22)",
    "positive": "rgba(42,138,154,.22)",
    "mixed": "rgba(143,111,184,.26)",
    "unknown": "transparent",
}
_SIGNS: dict[Tone, str] = {
    "negative": "▼", "neutral": "●", "positive": "▲", "mixed": "◆", "unknown": "?",
}  # fmt: skip


def tone_of(polarity: object) -> Tone:
    """Return the tone of a polarity or sentiment; what is none is unknown, never neutral.

    Example:
        >>> tone_of("negative"), tone_of(None), tone_of(float("nan"))
        ('negative', 'unknown', 'unknown')
    """
    for tone in COLOURS:
        if polarity == tone:
            return tone
    return "unknown"


def sign(tone: Tone) -> str:
    """Return the sign that says a tone without its colour."""
    return _SIGNS[tone]


def dot(tone: Tone) -> str:
    """Return the sign in its colour, as HTML."""
    return f'<span style="color:{COLOURS[tone]}" aria-hidden="true">{_SIGNS[tone]}</span>'
