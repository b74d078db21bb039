"""How words are typed: without diacritics, in capitals, drawn out; and the words of phrases."""

import re
import unicodedata
from collections.abc import Collection

_PLAIN = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d"})
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ß": "ss"})
_REPEATED = re.compile(r"(.)\1{2,}")
_LONGEST_WORD = 60


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


class PhraseWords:
    """The words of phrases, numbered, and which of them a word of a text is."""

    def __init__(self, keep_accents: Collection[str]) -> None:
        self._numbers: dict[str, int] = {}
        self._exact: dict[str, tuple[int, ...]] = {}
        self._prefix: dict[str, tuple[int, ...]] = {}
        self._suffix: dict[str, tuple[int, ...]] = {}
        self._inside: dict[str, tuple[int, ...]] = {}
        self._inside_sizes: dict[str, tuple[int, ...]] = {}  # by the first four letters
        self._longest_stem = 0
        self._keep = frozenset(keep_accents)

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, piece: str) -> int:
        """Return the number of a word of a phrase; a new word gets the next one."""
        piece = normalise(piece)
        if piece in self._numbers:
            return self._numbers[piece]
        number = self._numbers[piece] = len(self._numbers)
        stem = piece.strip("*")
        starts, ends = piece.startswith("*"), piece.endswith("*")
        table = (
            self._inside if starts and ends
            else self._suffix if starts
            else self._prefix if ends
            else self._exact
        )  # fmt: skip
        for spelling in spellings(stem, self._keep):
            table[spelling] = (*table.get(spelling, ()), number)
            if starts or ends:
                self._longest_stem = max(self._longest_stem, len(spelling))
            if starts and ends:
                sizes = {*self._inside_sizes.get(spelling[:4], ()), len(spelling)}
                self._inside_sizes[spelling[:4]] = tuple(sorted(sizes))
        return number

    def of(self, word: str) -> tuple[int, ...]:
        """Return the numbers of all words of phrases that a word is; drawn out it is one, too."""
        found = self._look_up(word)
        if not found and _REPEATED.search(word):
            found = self._look_up(_REPEATED.sub(r"\1\1", word))
            found = found or self._look_up(_REPEATED.sub(r"\1", word))
        return tuple(sorted(found))

    def _look_up(self, word: str) -> set[int]:
        found = set(self._exact.get(word, ()))
        if len(word) > _LONGEST_WORD:
            return found
        for size in range(3, min(len(word), self._longest_stem) + 1):
            if word[:size] in self._prefix:
                found.update(self._prefix[word[:size]])
            if word[-size:] in self._suffix:
                found.update(self._suffix[word[-size:]])
        if self._inside:
            for first in range(len(word) - 3):
                for size in self._inside_sizes.get(word[first : first + 4], ()):
                    found.update(self._inside.get(word[first : first + size], ()))
        return found
