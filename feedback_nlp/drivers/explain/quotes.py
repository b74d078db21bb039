"""Quotes that show what the low group writes of a theme: short, typical, different, masked."""

import datetime as dt
import re
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from feedback_nlp.drivers.explain.findings import Quote
from feedback_nlp.privacy import mask_visible
from feedback_nlp.records import UNKNOWN_LANGUAGE
from feedback_nlp.words import comment_terms

SHORTEST, LONGEST = 30, 160
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)]*\s+")
_TRIED = 200
_NEAR = 10
_TELLING = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A comment of the low group with the evidence of a negative mention of a theme.

    Attributes:
        text: The whole comment.
        start: First character of the evidence.
        end: One past its last character.
        rating: The customer's rating.
        date: Day of the answer, if known.
        segment: Segments of the customer.
        comment_id: The comment's id.
        respondent: Who wrote it.
        language: Its language, or ``unknown``.
        part: The sub-theme that is mentioned, or "" if it is the theme itself.
        confidence: How sure it is that the mention is negative, 0–1.
    """

    text: str
    start: int
    end: int
    rating: float
    date: dt.date | None
    segment: str
    comment_id: str
    respondent: str
    language: str = UNKNOWN_LANGUAGE
    part: str = ""
    confidence: float = 1.0


def words_in(text: str) -> frozenset[str]:
    """Return the words of a text in lower case, without numbers and addresses.

    Example:
        >>> sorted(words_in("Late, LATE again: mail me@x.example"))
        ['again', 'late', 'mail']
    """
    found = _WORD.findall(_ADDRESS.sub(" ", text).lower())
    return frozenset(word for word in found if len(word) > 2)


def pick_quotes(
    candidates: Sequence[Candidate],
    strengths: Mapping[str, float],
    *,
    n: int,
    taken: dict[str, Quote],
) -> tuple[Quote, ...]:
    """Return a few quotes that are short, typical and different from one another.

    Typical are those whose words mark the theme, that are surely negative, and that are about
    little else. Quotes have 30 to
    160 characters; comments shorter than that are left out. No quote repeats one that is taken, or
    comes from the same respondent. The parts of the theme take turns, the largest first, and so do
    languages where customers write several.

    Args:
        candidates: Where to pick from.
        strengths: How strongly each term marks the theme.
        n: How many at most.
        taken: Quotes given before, by respondent; the new ones are added to it.
    """
    ranked = sorted(candidates, key=lambda c: (-_typical(c, strengths), c.comment_id, c.start))
    waiting: dict[tuple[str, str], deque[Candidate]] = defaultdict(deque)
    for candidate in ranked:
        waiting[candidate.language, candidate.part].append(candidate)
    order = _Turns(ranked)
    picked: list[Quote] = []
    for _ in range(_TRIED * n):
        if len(picked) >= n or not waiting:
            break
        kind = min(waiting, key=order.key)
        candidate = waiting[kind].popleft()
        if not waiting[kind]:
            del waiting[kind]
        if candidate.respondent in taken:
            continue
        quote = to_quote(candidate)
        if len(quote.text) < SHORTEST or any(_alike(quote, other) for other in taken.values()):
            continue
        order.took(kind)
        picked.append(quote)
        taken[candidate.respondent] = quote
    return tuple(picked)


class _Turns:
    """Whose turn it is among languages and parts of a theme.

    A language or part of fewer than one candidate in ten waits until the others are through, and
    so does what is said of the theme without naming a part.
    """

    def __init__(self, ranked: Sequence[Candidate]) -> None:
        self.total = len(ranked)
        self.languages = Counter(candidate.language for candidate in ranked)
        self.parts = Counter(candidate.part for candidate in ranked)
        self.taken: Counter[tuple[str, str]] = Counter()
        self.best: dict[tuple[str, str], int] = {}
        for place, candidate in enumerate(ranked):
            self.best.setdefault((candidate.language, candidate.part), place)

    def key(self, kind: tuple[str, str]) -> tuple[bool, int, bool, int, int, int]:
        """Return what orders the kinds, the next one first."""
        language, part = kind
        return (
            10 * self.languages[language] < self.total,
            self.taken["language", language],
            not part or 10 * self.parts[part] < self.total,
            self.taken["part", part],
            -self.parts[part],
            self.best[kind],
        )

    def took(self, kind: tuple[str, str]) -> None:
        """Count a quote of this kind."""
        self.taken.update({("language", kind[0]): 1, ("part", kind[1]): 1})


def to_quote(candidate: Candidate) -> Quote:
    """Return a candidate as a quote: masked, on one line, cut around its evidence."""
    masked, [(first, last)] = mask_visible(candidate.text, [(candidate.start, candidate.end)])
    start, end, quote = cut(masked, first, last)
    return Quote(
        text=quote,
        start=start,
        end=end,
        rating=candidate.rating,
        date=candidate.date,
        segment=candidate.segment,
        comment_id=candidate.comment_id,
        language=candidate.language,
    )


def cut(text: str, start: int, end: int) -> tuple[int, int, str]:
    """Return where the evidence is in the quote, and the quote: at most 160 characters around it.

    Example:
        >>> text = "All fine. " * 20 + "The parcel came two weeks late. " + "Bye now. " * 20
        >>> cut(text, 200, 210)
        (0, 10, 'The parcel came two weeks late.')
    """
    first, last = _window(text, start, end)
    while first < last and text[first] == " ":
        first += 1
    while last > first and text[last - 1] == " ":
        last -= 1
    before = "…" if text[:first].strip() and not _ends_sentence(text[:first]) else ""
    after = "…" if text[last:].strip() and not _ends_sentence(text[:last]) else ""
    inside = text[first:last]
    new_start = min(max(start - first, 0), len(inside)) + len(before)
    new_end = min(max(end - first, 0), len(inside)) + len(before)
    return new_start, new_end, before + inside + after


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the part of a text to show: all, whole sentences, or what fits around the evidence."""
    if len(text.strip()) <= LONGEST:
        return 0, len(text)
    stops = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    first = max(stop for stop in stops if stop <= start)
    last = min(stop for stop in stops if stop >= max(end, start + 1))
    if last - first < SHORTEST:
        later = [stop for stop in stops if first + SHORTEST <= stop <= first + LONGEST]
        last = later[0] if later else last
    if last - first <= LONGEST:
        return first, last
    room = LONGEST - 2
    first = max(first, min(start, start - (room - (end - start)) // 2))
    last = min(last, first + room)
    return _at_words(text, first, last, start)


def _at_words(text: str, first: int, last: int, start: int) -> tuple[int, int]:
    """Return a window moved inwards to whole words."""
    if first > 0 and text[first - 1] != " ":
        space = text.find(" ", first, start)
        first = space + 1 if space != -1 else first
    if last < len(text) and text[last] != " ":
        space = text.rfind(" ", first + 1, last)
        last = space if space != -1 else last
    return first, last


def _ends_sentence(text: str) -> bool:
    return re.search(r"[.!?…][\"'”’)]*\s*$", text) is not None


def _typical(candidate: Candidate, strengths: Mapping[str, float]) -> float:
    """Return how typical a candidate is: its marking terms; less if unsure, or off the theme.

    A comment of which the evidence is a small part is mostly about something else. Comments of
    fewer than 80 characters say little, very long ones are cut.
    """
    evidence = candidate.text[candidate.start : candidate.end]
    terms = {form for term in comment_terms(evidence, candidate.language) for form in term}
    strength = sum(strengths.get(term, 0.0) for term in terms)
    too_long = max(len(candidate.text) - LONGEST, 0)
    length = len(words_in(evidence)) / 20 + too_long / 1000
    size = max(len(candidate.text), 1)
    about = min((len(evidence) + _NEAR) / min(size, LONGEST), 1.0) * min(size / _TELLING, 1.0)
    return (1 + strength) * candidate.confidence**4 * sqrt(about) / (1 + length)


def _alike(one: Quote, other: Quote) -> bool:
    """Tell whether two quotes say the same in nearly the same words."""
    first, second = words_in(one.text), words_in(other.text)
    shared = len(first & second)
    return shared * 10 >= 6 * max(min(len(first), len(second)), 1)
