"""How objects show themselves in a notebook: one section of HTML, safe, without scripts or links.

It is read on light and on dark paper: text has the colour of its surroundings, grounds are
transparent, and the few colours stand out from both. Nothing is said by colour alone, so that what
is left where styles or drawings are taken away (as GitHub does) still says everything.
"""

from feedback_nlp.display.bars import (
    Share,
    between,
    interval_bar,
    length_bar,
    parts_bar,
    stacked_bar,
)
from feedback_nlp.display.marks import Span, marked
from feedback_nlp.display.pages import big, folded, section, small, table
from feedback_nlp.display.tones import Tone, dot, sign, tone_of

__all__ = [
    "Share",
    "Span",
    "Tone",
    "between",
    "big",
    "dot",
    "folded",
    "interval_bar",
    "length_bar",
    "marked",
    "parts_bar",
    "section",
    "sign",
    "small",
    "stacked_bar",
    "table",
    "tone_of",
]
