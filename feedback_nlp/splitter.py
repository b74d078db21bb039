"""Many texts of one language into words at once, each as spaCy splits it.

How spaCy splits a stretch between two spaces is remembered (``stretch_table``); the words of many
texts are found by looking up their stretches, all at once. Only new ones go through spaCy.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

import numpy as np

from feedback_nlp.flat import Bools, Ints, begins, runs
from feedback_nlp.lexicon import UNIVERSAL
from feedback_nlp.meaning import SYMBOL, has_meaning, is_cut
from feedback_nlp.parsed import Words
from feedback_nlp.records import LANGUAGES
from feedback_nlp.spacy_rules import spacy_rules
from feedback_nlp.stretch_table import (
    ALONE,
    COUNT,
    FIRST,
    FLAGS,
    JOINS,
    LAST,
    LETTERED,
    LINE,
    MEANING,
    SIZE,
    SPACE,
    SYMBOLIC,
    Numbers,
    StretchTable,
)
from feedback_nlp.tokens import words_afresh

_MEMORY_LIMIT = 100_000
_PARTS = re.compile(r"(?<=\S) |\S+|\s+")  # the space that ends a word belongs to it


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Some texts, split.

    Attributes:
        words: Their words.
        lettered: How many stretches of each text begin with a letter or a digit.
        meaning: Whether each text ``has_meaning``.
        symbol: Whether each has an emoji or the like.
    """

    words: Words
    lettered: Ints
    meaning: Bools
    symbol: Bools


@dataclass(frozen=True, slots=True, eq=False)
class _Laid:
    """Texts as stretches: between single spaces, or odd ones with all their white space."""

    stretches: list[str]
    first: Ints  # the first stretch of each text
    of: Ints  # the text of each stretch
    gap: Ints  # characters between each and the next


class Splitter:
    """Splits texts of one language. Threads may share it.

    Texts with a place where a special case of spaCy could reach over a space are left to spaCy as a
    whole, as are those that it gets in parts.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._rules = spacy_rules(language)
        self._table = StretchTable(self._rules)

    def split(self, texts: Sequence[str]) -> Split:
        """Return the words of texts, and what they tell of their status.

        Example:
            >>> split = splitter("nl").split(["Niet duur. Top.", ""])
            >>> [split.words.known[number] for number in split.words.word]
            ['niet', 'duur', '.', 'top', '.']
            >>> split.words.start.tolist(), split.words.first.tolist()
            ([0, 5, 9, 11, 14], [0, 5, 5])
        """
        if max(len(self._table), len(self._table.words)) > _MEMORY_LIMIT:
            self._table = StretchTable(self._rules)
        table = self._table
        laid = _lay_out(texts)
        ids = table.find(laid.stretches)
        rows = table.rows[ids].astype(np.int64)
        ends = _line_ends(rows[:, FLAGS], laid)
        rows[ends] = table.rows[rows[ends, LAST]]
        alone = np.concatenate(
            [laid.of[ids == ALONE], self._joined(ids, rows[:, FLAGS], laid, table)]
        )
        alone = np.unique(alone)
        pieces = self._by_themselves(texts, alone, rows, laid, table)
        words = _words(rows, pieces, laid, table.words)
        return _with_flags(words, rows[:, FLAGS], texts, alone, laid)

    def _joined(self, ids: Ints, flags: Ints, laid: _Laid, table: StretchTable) -> Ints:
        """Return the texts with a special case that may reach over a space."""
        found = []
        at = (flags & JOINS).nonzero()[0]
        of = laid.of[at]
        columns = (at.tolist(), ids[at].tolist(), of.tolist(), laid.first[of].tolist())
        for here, row, text, begin in zip(*columns, strict=True):
            before = here - 1
            if before > begin and laid.stretches[before] == " ":
                before -= 1
            if before < begin or not laid.stretches[before].endswith(table.joins[row]):
                continue
            if self._rules.joins(laid.stretches[before], laid.stretches[here]):
                found.append(text)
        return np.array(found, dtype=np.int64)

    def _by_themselves(
        self, texts: Sequence[str], alone: Ints, rows: Ints, laid: _Laid, table: StretchTable
    ) -> Numbers:
        """Return all words of the table, and behind them those of the texts that spaCy splits.

        The first stretch of such a text gets all of its words, the others none.
        """
        pieces = table.pieces
        if not len(alone):
            return pieces
        found = [table.numbered(words_afresh(texts[row], self._language)) for row in alone.tolist()]
        sizes = np.array([len(one) for one in found])
        rows[np.isin(laid.of, alone), COUNT] = 0
        rows[laid.first[alone], COUNT] = sizes
        rows[laid.first[alone], FIRST] = len(pieces) + begins(sizes)[:-1]
        more = np.array(list(chain.from_iterable(found)), dtype=pieces.dtype).reshape(-1, 3)
        return np.concatenate([pieces, more])


def _lay_out(texts: Sequence[str]) -> _Laid:
    stretches: list[str] = []
    counts, gaps = [], []
    for text in texts:
        parts = text.split()
        even = " ".join(parts) == text
        if not even:
            parts = _PARTS.findall(text)
        stretches += parts
        counts.append(len(parts))
        gaps.append(even)
    sizes = np.array(counts, dtype=np.int64)
    return _Laid(
        stretches,
        begins(sizes),
        np.arange(len(texts)).repeat(sizes),
        np.repeat(np.array(gaps, dtype=np.int64), sizes),
    )


def _line_ends(flags: Ints, laid: _Laid) -> Ints:
    """Return the stretches behind which a text or a line of it ends."""
    first = laid.first
    solid = (flags & SPACE) == 0
    before = np.maximum.accumulate(np.where(solid, np.arange(len(solid)), -1))
    last = before[first[1:][first[1:] > first[:-1]] - 1]
    lines = (flags & LINE).nonzero()[0]
    lines = lines[lines > first[laid.of[lines]]] - 1
    return np.concatenate([last[last >= 0], lines])


def _words(rows: Ints, pieces: Numbers, laid: _Laid, known: Sequence[str]) -> Words:
    sizes = begins(rows[:, SIZE] + laid.gap)
    begin = sizes[:-1] - sizes[laid.first[:-1]][laid.of]
    count = rows[:, COUNT]
    where, first = runs(rows[:, FIRST], count)
    found = pieces[where]
    shift: Ints = begin.repeat(count)
    used, word = _renumbered(found[:, 0], len(known))
    return Words(
        known=[known[number] for number in used.tolist()],
        word=word,
        start=found[:, 1] + shift,
        end=found[:, 2] + shift,
        first=first[laid.first],
    )


def _renumbered(numbers: Numbers, size: int) -> tuple[Ints, Ints]:
    """Return which numbers below a size there are, and the place of each of ``numbers`` in them."""
    seen = np.zeros(size, dtype=np.bool_)
    seen[numbers] = True
    used = seen.nonzero()[0]
    place = np.empty(size, dtype=np.int64)
    place[used] = np.arange(len(used))
    return used, place[numbers]


def _with_flags(words: Words, flags: Ints, texts: Sequence[str], alone: Ints, laid: _Laid) -> Split:
    def count(flag: int) -> Ints:
        found = begins(flags & flag != 0)[laid.first]
        return found[1:] - found[:-1]

    lettered, meaning, symbol = count(LETTERED), count(MEANING) > 0, count(SYMBOLIC) > 0
    for row in alone.tolist():
        text = texts[row]
        lettered[row] = sum(stretch[0].isalnum() for stretch in text.split())
        meaning[row] = has_meaning(text)
        symbol[row] = bool(SYMBOL.search(text))
    for row, text in enumerate(texts):
        if is_cut(text):
            meaning[row] = has_meaning(text)
    return Split(words, lettered, meaning, symbol)


def splitter(language: str) -> Splitter:
    """Return the splitter of a language, made once; where it is unknown, of none in particular."""
    return _splitter(language if language in LANGUAGES else UNIVERSAL)


@cache
def _splitter(language: str) -> Splitter:
    return Splitter(language)
