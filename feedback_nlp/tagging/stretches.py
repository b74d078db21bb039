"""Stretches of words in a batch: where evidence begins and ends, which clauses stand together."""

from collections.abc import Collection
from dataclasses import replace
from functools import cache
from itertools import repeat

import numpy as np

from feedback_nlp.lexicon import load_lexicon
from feedback_nlp.meaning import bears_meaning
from feedback_nlp.parsed import Bools, Ints, ParsedBatch
from feedback_nlp.records import LANGUAGES
from feedback_nlp.tagging.readings import Floats


def evidence(
    batch: ParsedBatch, start: Ints, end: Ints, *, joined: bool = True
) -> tuple[Ints, Ints]:
    """Return the first character of stretches, and one past the last, marks at the rim cut.

    Args:
        batch: The comments.
        start: The first word of each stretch.
        end: One past its last word.
        joined: Words that join it to what stands before, such as "and", are cut at its beginning.

    Example:
        >>> from feedback_nlp.text import parse
        >>> batch = ParsedBatch.of(parse(["Clean, and the porter was rude!"], ["en"]))
        >>> first, last = evidence(batch, np.array([1]), np.array([len(batch.words)]))
        >>> batch.texts[0][first[0] : last[0]]
        'the porter was rude'
    """
    words = batch.words
    marks = ~np.fromiter(map(bears_meaning, words.known), np.bool_, len(words.known))[words.word]
    skipped = marks | _joiners(batch) if joined else marks
    numbers = np.arange(len(words))
    after = np.minimum.accumulate(np.where(skipped, len(words), numbers)[::-1])[::-1]
    before = np.maximum.accumulate(np.where(marks, -1, numbers))
    start = np.minimum(after[start], end - 1)
    return words.start[start], words.end[np.maximum(before[end - 1], start)]


def linked(batch: ParsedBatch) -> Bools:
    """Return whether each clause and the one after it are of one sentence, without a contrast."""
    clauses = batch.clauses
    linked = np.zeros(len(clauses), dtype=np.bool_)
    sentence = sentences(batch)
    linked[:-1] = (sentence[1:] == sentence[:-1]) & ~clauses.contrast[1:]
    return linked


def sentences(batch: ParsedBatch) -> Ints:
    """Return the number of the sentence of each clause, counted over the batch."""
    clauses = batch.clauses
    comment, sentence = clauses.comment, clauses.sentence
    begins = np.ones(len(clauses), dtype=np.int64)
    begins[1:] = (comment[1:] != comment[:-1]) | (sentence[1:] != sentence[:-1])
    return begins.cumsum() - 1


def words_that_are(batch: ParsedBatch, wanted: Collection[str]) -> Ints:
    """Return the places in the batch of all words that are one of some."""
    known = batch.words.known
    flags = np.fromiter(map(wanted.__contains__, known), np.bool_, len(known))
    return flags[batch.words.word].nonzero()[0]


def clause_words(batch: ParsedBatch) -> list[tuple[str, ...]]:
    """Return the words of each clause."""
    clauses = batch.clauses
    return _words_between(batch, clauses.start, clauses.end)


def comment_words(batch: ParsedBatch) -> list[tuple[str, ...]]:
    """Return the words of each comment."""
    first = batch.words.first
    return _words_between(batch, first[:-1], first[1:])


def _words_between(batch: ParsedBatch, start: Ints, end: Ints) -> list[tuple[str, ...]]:
    words = tuple(map(batch.words.known.__getitem__, batch.words.word.tolist()))
    return [words[a:b] for a, b in zip(start.tolist(), end.tolist(), strict=True)]


def with_own_words(batch: ParsedBatch) -> ParsedBatch:
    """Return comments whose known words all occur in them."""
    used, word = np.unique(batch.words.word, return_inverse=True)
    known = list(map(batch.words.known.__getitem__, used.tolist()))
    return replace(batch, words=replace(batch.words, known=known, word=word))


def first_highest(values: Floats, begin: Ints) -> Ints:
    """Return the place of the highest value of each stretch, the first of equals.

    Args:
        values: The values, stretch after stretch; none is empty.
        begin: Where each stretch begins.

    Example:
        >>> first_highest(np.array([1.0, 3.0, 3.0, 2.0]), np.array([0, 3])).tolist()
        [1, 3]
    """
    if not len(begin):
        return begin
    sizes = np.diff(begin, append=len(values))
    highest = np.repeat(np.maximum.reduceat(values, begin), sizes)
    places = np.where(values == highest, np.arange(len(values)), len(values))
    first: Ints = np.minimum.reduceat(places, begin)
    return first


@cache
def joiners(language: str) -> frozenset[str]:
    """Return the words that join two statements and are no part of either: "and", "maar"."""
    if language not in LANGUAGES:
        return frozenset()
    return frozenset(load_lexicon(language).words.get("joiners", ()))


def _joiners(batch: ParsedBatch) -> Bools:
    """Return which words join two statements in the language of their comment."""
    words = batch.words
    bit = {code: 1 << at for at, code in enumerate(LANGUAGES)}
    bits: dict[str, int] = {}
    for code in set(batch.languages) & bit.keys():
        for word in joiners(code):
            bits[word] = bits.get(word, 0) | bit[code]
    of_known = np.fromiter(map(bits.get, words.known, repeat(0)), np.int64, len(words.known))
    of_comment = np.fromiter(map(bit.get, batch.languages, repeat(0)), np.int64, len(batch))
    joins: Bools = (of_known[words.word] & of_comment[words.comment]) > 0
    return joins
