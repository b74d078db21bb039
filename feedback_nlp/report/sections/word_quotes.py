"""One comment for a word, with the word marked: how customers use it."""

import re
from typing import Any

import pandas as pd

from feedback_nlp.drivers.explain.quotes import cut
from feedback_nlp.privacy import mask_visible
from feedback_nlp.records import UNKNOWN_LANGUAGE
from feedback_nlp.report.blocks import Quote
from feedback_nlp.report.source import Source
from feedback_nlp.showing import visible
from feedback_nlp.words import comment_terms
from feedback_nlp.words.tables import languages_of

_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
Span = tuple[int, int]
_REACH = 5  # words that the parts of one term may stand apart


def word_quotes(table: pd.DataFrame, source: Source, *, n: int) -> tuple[Quote, ...]:
    """Return the examples of the first words, each comment and each text once.

    Args:
        table: Terms with the id of an example of each (``term`` and ``comment_id``).
        source: What the report is made from.
        n: How many at most.
    """
    examples = table.drop_duplicates("comment_id")
    at = pd.Index(source.comments["comment_id"]).get_indexer(pd.Index(examples["comment_id"]))
    rows = source.comments.iloc[at]
    told = rows.assign(term=examples["term"].to_numpy(), spoken=languages_of(rows))
    first = told.drop_duplicates("text").head(n)
    return tuple(_quote(row, source) for row in first.to_dict("records"))


def place_of(term: str, text: str, language: str) -> tuple[int, int]:
    """Return where a term stands in a comment in any of its forms; (0, 0) if it is not seen.

    Args:
        term: A word, or an expression, such as ``customer service`` or ``not good``.
        text: The comment.
        language: ISO 639-1 code, or ``unknown``.

    Example:
        >>> text = "Two kiosks, and neither kiosk works."
        >>> place_of("kiosk", text, "en"), place_of("kiosk works", text, "en")
        ((4, 10), (24, 35))
    """
    if not _WORD.search(term):
        start = text.find(term)
        return (start, start + len(term)) if start >= 0 else (0, 0)
    wanted = [_keys(part, language) for part in term.split()]
    words = [(m.start(), m.end(), _keys(m.group(), language)) for m in _WORD.finditer(text)]
    ends = [
        (words[at][0], end)
        for at in range(len(words))
        if (end := _end(wanted, words[at : at + _REACH])) is not None
    ]
    return min(ends, key=lambda span: (span[1] - span[0] > len(term) + 2, span[0]), default=(0, 0))


def _keys(word: str, language: str) -> frozenset[str]:
    """Return what a word is counted under; a word that says nothing is itself."""
    found = frozenset(key for key, _ in comment_terms(word, language))
    return found or frozenset([word.casefold()])


def _end(wanted: list[frozenset[str]], words: list[tuple[int, int, frozenset[str]]]) -> int | None:
    """Return where a term ends that begins with the first of these words, if it does."""
    left = list(wanted)
    for at, (_, end, keys) in enumerate(words):
        if left[0] & keys:
            left.pop(0)
        elif at == 0:
            return None
        if not left:
            return end
    return None


def _quote(row: dict[Any, Any], source: Source) -> Quote:
    said, language = source.said, str(row["spoken"])
    text = visible(str(row["text"]))
    behind = []
    if not pd.isna(rating := row[source.rating]):
        behind.append(said.say("mark.rating", rating=said.exactly(float(rating))))
    if not pd.isna(day := row.get("date")):
        behind.append(said.short_date(pd.Timestamp(day).date()))
    return marked_quote(
        text, place_of(str(row["term"]), text, language), source=" · ".join(behind),
        language=language, polarity="unknown",
    )  # fmt: skip


def marked_quote(text: str, span: Span, *, source: str, language: str, polarity: str) -> Quote:
    """Return a comment as a quote: masked, cut around a stretch of it, which is marked.

    Args:
        text: The comment.
        span: Start and end of the stretch; the same twice for none.
        source: What is shown behind it.
        language: ISO 639-1 code, or ``unknown``.
        polarity: As in ``Quote``.
    """
    masked, [(first, last)] = mask_visible(text, [span])
    start, end, shown = cut(masked, first, last)
    return Quote(
        before=shown[:start], evidence=shown[start:end], after=shown[end:], source=source,
        language="" if language == UNKNOWN_LANGUAGE else language, polarity=polarity,
    )  # fmt: skip
