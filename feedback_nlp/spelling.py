"""How words are typed: without diacritics, in capitals, drawn out; and the words of phrases."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import cache
from threading import Lock
from typing import NamedTuple, TypeAlias

import numpy as np

from feedback_nlp.flat import Ints

_PLAIN = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d"})
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ß": "ss"})
_REPEATED = re.compile(r"(.)\1{2,}")
_LONGEST_WORD = 60
_CACHE_LIMIT = 200_000
_STOPS = frozenset(".!?;\n") | {"...", "…"}
_Numbers: TypeAlias = tuple[int, ...]
_Table: TypeAlias = dict[str, _Numbers]


def normalise(word: str) -> str:
    """Return the word in lower case with straight apostrophes, as phrases are written.

    Example:
        >>> normalise("Don’t")
        "don't"
    """
    return word.lower().replace("’", "'").replace("‘", "'")


def fold(word: str) -> str:
    """Return the word without its diacritics, as it is typed on a keyboard that has none.

    Example:
        >>> fold("piegāde"), fold("kjøre"), fold("größe")
        ('piegade', 'kjore', 'grosse')
    """
    stripped = unicodedata.normalize("NFKD", word.translate(_PLAIN))
    return "".join(char for char in stripped if not unicodedata.combining(char))


def spellings(word: str, keep_accents: Collection[str] = ()) -> set[str]:
    """Return the word and how it is spelt without diacritics, unless that is another word.

    Example:
        >>> sorted(spellings("grün")), spellings("schön", {"schön"})
        (['gruen', 'grun', 'grün'], {'schön'})
    """
    if word.isascii() or word in keep_accents:
        return {word}
    spelt_out = unicodedata.normalize("NFC", word).translate(_SPELT_OUT)
    return {word, fold(word), fold(spelt_out)}


class Kind(NamedTuple):
    """What a word of a text is to phrases; many words are alike.

    Attributes:
        stop: Whether it is a mark that no gap reaches over.
        readings: The numbers of all words of phrases that it is; of a drawn-out word as well with
            its drawn-out letters twice, and once, for lists that have none of the first.
    """

    stop: bool
    readings: tuple[_Numbers, ...]


class _Seen:
    """The kind of each word of texts seen so far."""

    def __init__(self) -> None:
        self.of: dict[str, int] = {}
        self.kinds: list[Kind] = []
        self.plain: dict[_Numbers, int] = {}  # kinds that are no stop and not drawn out


class PhraseWords:
    """The words of phrases, numbered, and which of them a word of a text is.

    All phrase lists that keep the same accents, as those of one language do, number their words
    together (``phrase_words``), so that a word of a text is looked up once for all of them.
    """

    def __init__(self, keep_accents: Collection[str]) -> None:
        self._numbers: dict[str, int] = {}
        self._exact: _Table = {}
        self._prefix: _Table = {}
        self._suffix: _Table = {}
        self._inside: _Table = {}
        self._prefix_sizes: dict[str, tuple[int, ...]] = {}  # by the first three letters
        self._suffix_sizes: dict[str, tuple[int, ...]] = {}  # by the last three
        self._inside_sizes: dict[str, tuple[int, ...]] = {}  # by the first four
        self._keep = frozenset(keep_accents)
        self._seen = _Seen()
        self._lock = Lock()

    def number(self, piece: str) -> int:
        """Return the number of a word of a phrase; a new word gets the next one."""
        piece = normalise(piece)
        known = self._numbers.get(piece)
        if known is not None:
            return known
        with self._lock:
            if piece not in self._numbers:
                number = len(self._numbers)
                self._add(piece, number)
                self._seen = _Seen()  # who is looking words up keeps the one before
                self._numbers[piece] = number
            return self._numbers[piece]

    def kinds_of(self, words: Sequence[str]) -> tuple[Ints, Sequence[Kind]]:
        """Return the number of the kind of each word, and the kinds, to which more are added.

        Args:
            words: Words of texts, in lower case.
        """
        seen = self._seen
        if len(seen.of) > _CACHE_LIMIT:
            seen = self._seen = _Seen()
        try:
            found = np.fromiter(map(seen.of.__getitem__, words), np.int64, len(words))
        except KeyError:
            for word in words:
                if word not in seen.of:
                    numbers = self._look_up(word)
                    odd = word in _STOPS or _REPEATED.search(word)
                    known = None if odd else seen.plain.get(numbers)
                    seen.of[word] = self._kind(word, numbers, seen) if known is None else known
            found = np.fromiter(map(seen.of.__getitem__, words), np.int64, len(words))
        return found, seen.kinds

    def _kind(self, word: str, numbers: _Numbers, seen: _Seen) -> int:
        """Return the number of the kind of a word; a new kind gets the next one."""
        stop, drawn_out = word in _STOPS, _REPEATED.search(word) is not None
        readings: tuple[_Numbers, ...] = (numbers,)
        if drawn_out:
            readings += tuple(self._look_up(_REPEATED.sub(by, word)) for by in (r"\1\1", r"\1"))
        with self._lock:
            if stop or drawn_out:
                seen.kinds.append(Kind(stop, readings))
                return len(seen.kinds) - 1
            if numbers not in seen.plain:
                seen.kinds.append(Kind(stop, readings))
                seen.plain[numbers] = len(seen.kinds) - 1
            return seen.plain[numbers]

    def _add(self, piece: str, number: int) -> None:
        stem = piece.strip("*")
        starts, ends = piece.startswith("*"), piece.endswith("*")
        for spelling in spellings(stem, self._keep):
            if starts and ends:
                _enter(self._inside, spelling, number)
                _enter(self._inside_sizes, spelling[:4], len(spelling))
            elif starts:
                _enter(self._suffix, spelling, number)
                _enter(self._suffix_sizes, spelling[-3:], len(spelling))
            elif ends:
                _enter(self._prefix, spelling, number)
                _enter(self._prefix_sizes, spelling[:3], len(spelling))
            else:
                _enter(self._exact, spelling, number)

    def _look_up(self, word: str) -> _Numbers:
        found = self._exact.get(word, ())
        if not 3 <= len(word) <= _LONGEST_WORD:
            return found
        for size in self._prefix_sizes.get(word[:3], ()):
            found += self._prefix.get(word[:size], ())
        for size in self._suffix_sizes.get(word[-3:], ()):
            found += self._suffix.get(word[-size:], ())
        if self._inside:
            for first in range(len(word) - 3):
                for size in self._inside_sizes.get(word[first : first + 4], ()):
                    found += self._inside.get(word[first : first + size], ())
        return found if len(found) < 2 else tuple(dict.fromkeys(found))


@cache
def phrase_words(keep_accents: frozenset[str]) -> PhraseWords:
    """Return the words of all phrase lists that keep these accents."""
    return PhraseWords(keep_accents)


def _enter(table: dict[str, tuple[int, ...]], key: str, value: int) -> None:
    """Add a number to those of a key."""
    known = table.get(key, ())
    if value not in known:
        table[key] = (*known, value)
