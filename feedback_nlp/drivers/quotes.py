"""What the low group writes of a theme: the words that mark it, and quotes that show it.

Words are those found in more of the low group's comments on the theme than in other comments: the
log-odds ratio with half a comment added to each count, over its standard error (two terms),
counted per comment.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import log, sqrt

from feedback_nlp.drivers.explanation import Quote, plain
from feedback_nlp.privacy import mask_with_spans

SHORTEST, LONGEST = 30, 160
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)]*\s+")
_TRIED = 200


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
        language: Its language, or "".
    """

    text: str
    start: int
    end: int
    rating: float
    date: dt.date | None
    segment: str
    comment_id: str
    language: str = ""


def words_in(text: str) -> frozenset[str]:
    """Return the words of a text in lower case, without numbers and addresses.

    Example:
        >>> sorted(words_in("Late, LATE again: mail me@x.example"))
        ['again', 'late', 'mail']
    """
    found = _WORD.findall(_ADDRESS.sub(" ", text).lower())
    return frozenset(word for word in found if len(word) > 2)


def marking_words(
    inside: Iterable[frozenset[str]],
    outside: Counter[str],
    n_outside: int,
    *,
    stop_words: Collection[str] = (),
    min_comments: int = 3,
    top: int = 8,
) -> dict[str, float]:
    """Return the words that mark a set of comments, with how strongly (z), strongest first.

    Args:
        inside: Words of each comment of the set.
        outside: In how many other comments each word is.
        n_outside: How many other comments there are.
        stop_words: Words never returned.
        min_comments: In how many comments of the set a word must be.
        top: How many words at most.

    Example:
        >>> inside = [frozenset({"late", "the"})] * 5
        >>> list(marking_words(inside, Counter({"the": 90, "late": 4}), 100))
        ['late']
    """
    documents = list(inside)
    counts = Counter(word for words in documents for word in words)
    refused = {word.lower() for word in stop_words}
    strengths = {}
    for word, count in counts.items():
        if count < min_comments or word in refused:
            continue
        other = outside[word]
        delta = log((count + 0.5) / (len(documents) - count + 0.5))
        delta -= log((other + 0.5) / (max(n_outside - other, 0) + 0.5))
        strength = delta / sqrt(1 / (count + 0.5) + 1 / (other + 0.5))
        if strength > 1:
            strengths[word] = strength
    ranked = sorted(strengths.items(), key=lambda item: (-item[1], item[0]))
    return dict(ranked[:top])


def pick_quotes(
    candidates: Sequence[Candidate],
    strengths: dict[str, float],
    *,
    n: int,
    taken: list[Quote],
) -> tuple[Quote, ...]:
    """Return a few quotes that are short, typical and different from one another.

    Typical are those whose words mark the theme. Quotes have 30 to 160 characters; comments
    shorter than that are left out. No quote repeats one that is taken, or comes from the same
    comment. Where customers write several languages, they take turns.

    Args:
        candidates: Where to pick from.
        strengths: The words that mark the theme, as from ``marking_words``.
        n: How many at most.
        taken: Quotes given before; the new ones are added to it.
    """
    ranked = sorted(candidates, key=lambda c: (-_typical(c, strengths), c.comment_id, c.start))
    ranked = _languages_in_turn(ranked[: _TRIED * max(n, 1)])
    picked: list[Quote] = []
    for candidate in ranked:
        if len(picked) >= n:
            break
        quote = to_quote(candidate)
        if len(quote.text) < SHORTEST or any(_alike(quote, other) for other in taken):
            continue
        picked.append(quote)
        taken.append(quote)
    return tuple(picked)


def _languages_in_turn(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates with the best of each language first, then the second of each.

    A language of fewer than one candidate in ten waits until the others are through.
    """
    common = Counter(candidate.language for candidate in ranked)
    seen: Counter[str] = Counter()
    turns = []
    for place, candidate in enumerate(ranked):
        rare = 10 * common[candidate.language] < len(ranked)
        turns.append((len(ranked) if rare else seen[candidate.language], place))
        seen[candidate.language] += 1
    return [ranked[place] for _, place in sorted(turns)]


def to_quote(candidate: Candidate) -> Quote:
    """Return a candidate as a quote: masked, on one line, cut around its evidence."""
    span = (candidate.start, candidate.end)
    masked, moved = mask_with_spans(candidate.text, [span])
    text = re.sub(r"\s", " ", plain(masked))
    start, end, quote = cut(text, *moved[0])
    return Quote(
        text=quote,
        start=start,
        end=end,
        rating=candidate.rating,
        date=candidate.date,
        segment=candidate.segment,
        comment_id=candidate.comment_id,
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


def _typical(candidate: Candidate, strengths: dict[str, float]) -> float:
    """Return how typical a candidate is: its marking words, a little less if it is long."""
    evidence = words_in(candidate.text[candidate.start : candidate.end])
    strength = sum(strengths.get(word, 0.0) for word in evidence)
    too_long = max(len(candidate.text) - LONGEST, 0)
    return strength / (1 + len(evidence) / 20 + too_long / 1000)


def _alike(one: Quote, other: Quote) -> bool:
    """Tell whether two quotes say the same in nearly the same words, or are of one comment."""
    if one.comment_id == other.comment_id:
        return True
    first, second = words_in(one.text), words_in(other.text)
    shared = len(first & second)
    return shared * 10 >= 6 * max(min(len(first), len(second)), 1)
