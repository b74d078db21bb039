"""A tagged comment as notebooks show it: its words with the evidence marked, and what was found."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback_nlp.display.marks import Span, marked
from feedback_nlp.display.pages import section, table
from feedback_nlp.display.tones import dot, tone_of
from feedback_nlp.markup import escape_html
from feedback_nlp.showing import NONE, points

_HEADS = (
    "", "Theme", "Polarity", "Theme confidence", "Polarity confidence", "Evidence", "Source",
)  # fmt: skip
_TEXT = "max-height:16em;overflow:auto;overflow-wrap:anywhere;margin:.4em 0;line-height:2"
_WHY_NONE: Mapping[str, str] = {
    "ok": "No theme was found.",
    "blank": "The comment is blank.",
    "uninformative": "The comment says nothing that a theme could be found in.",
    "unknown_language": "The language of the comment is none that is read.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A mention: the fields of ``records.Mention``."""

    theme: str
    polarity: str | None
    start: int
    end: int
    theme_confidence: float = math.nan
    polarity_confidence: float | None = None
    source: str = ""


def comment_html(
    text: str,
    found: Sequence[Found],
    *,
    language: str,
    status: str,
    sentiment: str | None,
    sentiment_score: float | None,
    comment_id: str | None,
) -> str:
    """Return a tagged comment as a section of HTML; the arguments are those of its record.

    Example:
        >>> late = Found(theme="delivery", polarity="negative", theme_confidence=0.9,
        ...              polarity_confidence=None, start=0, end=4, source="rule")
        >>> page = comment_html("Late <b>", [late], language="en", status="ok", comment_id="7",
        ...                     sentiment="negative", sentiment_score=-1)
        >>> "Late</mark>" in page, "&lt;b&gt;" in page, "0.90" in page
        (True, True, True)
    """
    facts = [f"language {language}", f"status {status.replace('_', ' ')}", _mood(
        sentiment, sentiment_score, status)]  # fmt: skip
    mentions = table(
        _HEADS, [_row(one, at, text) for at, one in enumerate(found, 1)], numbers=(3, 4)
    )
    return section(
        f"Comment {comment_id}" if comment_id else "Comment",
        comment_text(text, found),
        f"<div><small>{escape_html(' · '.join(fact for fact in facts if fact))}</small></div>",
        mentions if found else f"<p>{_WHY_NONE.get(status, _WHY_NONE['ok'])}</p>",
    )


def comment_text(text: str, found: Sequence[Found]) -> str:
    """Return the words of a comment with the evidence marked and numbered, as HTML."""
    spans = [
        Span(
            start=one.start, end=one.end, tone=tone_of(one.polarity), label=str(at),
            title=f"{at}: {one.theme}, {one.polarity or 'polarity unknown'}",
        )
        for at, one in enumerate(found, 1)
    ]  # fmt: skip
    return f'<div dir="auto" style="{_TEXT}">{marked(text, spans)}</div>'


def polarity_html(polarity: object) -> str:
    """Return a polarity with its sign; what is none is ``unknown``."""
    tone = tone_of(polarity)
    return f'<span style="white-space:nowrap">{dot(tone)} {tone}</span>'


def _mood(sentiment: str | None, score: float | None, status: str) -> str:
    if sentiment is None:
        return "sentiment unknown" if status == "ok" else ""
    return f"sentiment {sentiment}" + (
        "" if score is None else f" ({points(score, 'rating', signed=True)})"
    )


def _row(one: Found, at: int, text: str) -> list[str]:
    sure = one.polarity_confidence
    evidence = escape_html(text[one.start : one.end])
    return [
        str(at),
        escape_html(one.theme),
        polarity_html(one.polarity),
        NONE if one.theme_confidence != one.theme_confidence else f"{one.theme_confidence:.2f}",
        NONE if sure is None else f"{sure:.2f}",
        f'<span dir="auto" style="overflow-wrap:anywhere">{evidence}</span>',
        escape_html(one.source),
    ]
