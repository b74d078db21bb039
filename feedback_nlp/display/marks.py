"""A comment with its evidence marked: by colour, and by a sign and a number after each."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from feedback_nlp.display.tones import COLOURS, GROUNDS, Tone, dot
from feedback_nlp.markup import escape_html

_LINES = 3  # under a stretch that several mentions rest on; more would meet the next line


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of a text that something is said of.

    Attributes:
        start: Its first character.
        end: One past its last.
        tone: What is said of it.
        label: What is shown after it, such as its number in a table.
        title: What is shown where it is pointed at.
    """

    start: int
    end: int
    tone: Tone
    label: str = ""
    title: str = ""


def marked(text: str, spans: Sequence[Span]) -> str:
    """Return a text as HTML with stretches marked, which may overlap; no sign of it is markup.

    Args:
        text: What a customer wrote.
        spans: Stretches of it; what lies outside the text is not marked.

    Example:
        >>> page = marked("Nice & slow", [Span(start=7, end=11, tone="negative", label="1")])
        >>> page.startswith("Nice &amp; <mark"), page.count("slow")
        (True, 1)
    """
    whole = [_clipped(span, len(text)) for span in spans]
    cuts = sorted({0, len(text), *(end for one in whole for end in (one.start, one.end))})
    pieces: list[str] = []
    for start, end in pairwise(cuts):
        over = [one for one in whole if one.start <= start and end <= one.end]
        pieces.append(_stretch(text[start:end], over))
        pieces += [_sign(one) for one in whole if one.end == end and one.start < end]
    return "".join(pieces)


def _clipped(span: Span, length: int) -> Span:
    start = min(max(span.start, 0), length)
    end = min(max(span.end, start), length)
    return Span(start=start, end=end, tone=span.tone, label=span.label, title=span.title)


def _stretch(text: str, over: Sequence[Span]) -> str:
    """Return a piece of the text with the marks of all that rests on it: a line for each."""
    if not over:
        return escape_html(text)
    tones = {one.tone for one in over}
    lines = ",".join(
        f"0 {2 * place}px 0 {COLOURS[one.tone]}" for place, one in enumerate(over[:_LINES], 1)
    )
    ground = GROUNDS[over[0].tone if len(tones) == 1 else "mixed"]
    said = escape_html("; ".join(one.title for one in over if one.title))
    title = f'title="{said}" ' if said else ""
    return (
        f'<mark {title}style="color:inherit;background:{ground};padding:0;'
        f'box-shadow:{lines}">{escape_html(text)}</mark>'
    )


def _sign(span: Span) -> str:
    if not span.label:
        return ""
    return f"<sup>{dot(span.tone)}{escape_html(span.label)}</sup>"
