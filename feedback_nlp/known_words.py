"""How many words of a text are on the word lists of each language.

Words are compared by numbers made of their letters, for all texts at once. A number has 54 bits, so
the chance that a word that is on no list has the number of one that is, is one in 10¹².
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from feedback_nlp.lexicon import load_lexicon
from feedback_nlp.patterns import fold
from feedback_nlp.records import LANGUAGES

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint64]
Bits = npt.NDArray[np.uint8]
MAX_TEXTS = 1 << 9
MAX_CHARACTERS = 1 << 10
_BITS = 54  # of a word's number; the ten above tell its text
_BASE = 0x9E3779B97F4A7C15
_BEYOND = 0x110000
_PLACES = np.arange(len(LANGUAGES), dtype=np.uint8)[:, None]


def count_known(texts: Sequence[str]) -> tuple[npt.NDArray[np.float64], Ints]:
    """Return how many different words of each text each language has, and how many it has in all.

    Words are stretches of letters, whatever their case.

    Args:
        texts: At most ``MAX_TEXTS``, none longer than ``MAX_CHARACTERS`` in lower case.

    Returns:
        Counts with a row a text and a column a language, in the order of ``LANGUAGES``; and
        the number of different words of each text.

    Example:
        >>> known, words = count_known(["Niet goed, niet snel genoeg 123"])
        >>> int(known[0, LANGUAGES.index("nl")]), words.tolist()
        (4, [4])
    """
    text, word = _words([text.lower() for text in texts])
    keys = text.astype(np.uint64) << np.uint64(_BITS) | word
    keys.sort()
    keys = keys[np.diff(keys, prepend=~keys[:1]) != 0]
    text = (keys >> np.uint64(_BITS)).astype(np.int64)
    languages = _languages_of(keys & np.uint64((1 << _BITS) - 1))
    listed = languages.nonzero()[0]
    place, row = (languages[listed] >> _PLACES & 1).nonzero()
    cells = text[listed[row]] * len(_PLACES) + place
    known = np.bincount(cells, minlength=len(texts) * len(_PLACES)).reshape(-1, len(_PLACES))
    return known.astype(np.float64), np.bincount(text, minlength=len(texts))


def _words(texts: Sequence[str]) -> tuple[Ints, Numbers]:
    """Return the text and the number of each word: the sum of its letters × powers of a base.

    Sums over all letters from the first on are taken once; what stands before a word is
    subtracted, and divided by its power. All numbers are modulo 2 ** 64, where an odd base has an
    inverse.
    """
    data = "\n".join(texts).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(data, dtype=np.uint32)
    edges = np.diff(_is_letter(codes), prepend=False, append=False).nonzero()[0]
    first, end = edges[::2], edges[1::2]
    powers, inverse = _powers()
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum(codes * powers[: len(codes)], out=sums[1:])
    numbers = (sums[end] - sums[first]) * inverse[first]
    begins = np.cumsum([len(text) + 1 for text in texts])
    return np.searchsorted(begins, first, side="right"), numbers >> np.uint64(64 - _BITS)


@cache
def _powers() -> tuple[Numbers, Numbers]:
    """Return the powers of the base from the first on, and the inverses of those from the 0th."""
    size = MAX_TEXTS * (MAX_CHARACTERS + 1)
    powers = np.full(size, _BASE, dtype=np.uint64)
    inverse = np.full(size, pow(_BASE, -1, 1 << 64), dtype=np.uint64)
    inverse[0] = 1
    return np.cumprod(powers), np.cumprod(inverse)


def _is_letter(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Return which characters are letters: not digits, but superscripts and the like."""
    kinds = _kinds()
    found = kinds[codes]
    new = (found == 0).nonzero()[0]
    if len(new):
        for code in np.unique(codes[new]).tolist():
            letter = chr(code).isalnum() and not chr(code).isdecimal()
            kinds[code] = 2 if letter else 1
        found[new] = kinds[codes[new]]
    letters: npt.NDArray[np.bool_] = found == 2
    return letters


@cache
def _kinds() -> Bits:
    """Return what is known of each character so far: 2 a letter, 1 none, 0 not met yet."""
    return np.zeros(_BEYOND, dtype=np.uint8)


def _languages_of(words: Numbers) -> Bits:
    """Return which languages have each word on their lists: a bit for each language."""
    listed, languages = _lists()
    at = np.searchsorted(listed, words)
    at[at == len(listed)] = 0
    return np.where(listed[at] == words, languages[at], 0).astype(np.uint8)


@cache
def _lists() -> tuple[Numbers, Bits]:
    """Return the numbers of the words on the lists, in order, and the languages of each."""
    found: dict[str, int] = {}
    for place, language in enumerate(LANGUAGES):
        words = load_lexicon(language).known_words()
        odd = (word for word in words if not (word.isascii() and word.islower()))
        for word in words | {fold(word) for word in odd}:
            found[word] = found.get(word, 0) | 1 << place
    known = [word for word in found if word.isalpha()]
    _, numbers = _words(known)
    order = np.argsort(numbers)
    return numbers[order], np.array([found[word] for word in known], dtype=np.uint8)[order]
