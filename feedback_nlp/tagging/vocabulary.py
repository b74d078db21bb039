"""Words, pairs of words and parts of words that are known, looked up for many words at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feedback_nlp.flat import Ints, begins

_SIZES = (3, 4, 5)  # letters of a part
_LONGEST = 40  # letters of a word that are looked at
_MARKS = (1 << 17) - 1  # keys that are alike in these bits are first taken for one


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is known of a text by its spelling.

    Attributes:
        words: Words, in order of their columns.
        pairs: Two neighbouring words with a blank between them.
        parts: Three to five letters of a word, ``<`` at its beginning, ``>`` at its end.
    """

    words: tuple[str, ...]
    pairs: tuple[str, ...]
    parts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.words) + len(self.pairs) + len(self.parts)


def parts_of_word(word: str) -> set[str]:
    """Return the parts of a word.

    Example:
        >>> sorted(parts_of_word("at"))
        ['<at', '<at>', 'at>']
    """
    if len(word) < 2:
        return set()
    whole = _bounded(word)
    return {whole[at : at + size] for size in _SIZES for at in range(len(whole) - size + 1)}


def _bounded(word: str) -> str:
    return f"<{word[:_LONGEST]}>"


class PartTable:
    """Looks up the parts of many words at once.

    A table for each size holds the beginnings of parts in sorted order, by the number of the
    beginning that is one letter shorter and the next letter.

    Args:
        parts: Parts of words; their places are what is found.
    """

    def __init__(self, parts: Sequence[str]) -> None:
        sizes = np.fromiter(map(len, parts), np.int64, len(parts))
        place = ((sizes >= _SIZES[0]) & (sizes <= _SIZES[-1])).nonzero()[0]
        letters = _letters([parts[at] for at in place.tolist()])
        alphabet = np.unique(letters)
        self._code = np.zeros(int(alphabet.max(initial=0)) + 2, dtype=np.int64)
        self._code[alphabet] = np.arange(1, len(alphabet) + 1)
        self._base = len(alphabet) + 1
        self._tables: list[tuple[Ints, Ints]] = []
        sizes = sizes[place]
        codes, first = self._code[letters], begins(sizes)[:-1]
        given = self._first_key(codes, first)
        for size in _SIZES:
            keys, node = np.unique(given, return_inverse=True)
            found = np.full(len(keys), -1, dtype=np.int64)
            found[node[sizes == size]] = place[sizes == size]
            self._tables.append((keys, found))
            more = sizes > size
            sizes, place, first, node = sizes[more], place[more], first[more], node[more]
            given = node * self._base + codes[first + size] if len(node) else node

    def _first_key(self, codes: Ints, at: Ints) -> Ints:
        """Return the key of the first letters at some places; there are fewer than 2²¹ letters."""
        key = np.zeros(len(at), dtype=np.int64)
        for letter in range(_SIZES[0]):
            key *= self._base
            key += codes[at + letter]
        return key

    def find(self, words: Sequence[str]) -> tuple[Ints, Ints]:
        """Return the parts of some words: the number of the word and the place of the part.

        Returns:
            Both in order, each part once a word.
        """
        long = (np.fromiter(map(len, words), np.int64, len(words)) > 1).nonzero()[0]
        whole = [_bounded(words[at]) for at in long.tolist()]
        sizes = np.fromiter(map(len, whole), np.int64, len(whole))
        codes = self._code[np.minimum(_letters(whole), len(self._code) - 1)]
        word = long.repeat(sizes)
        left = begins(sizes)[1:].repeat(sizes) - np.arange(len(codes))
        at = (left >= _SIZES[0]).nonzero()[0]
        key = self._first_key(codes, at)
        found = [np.zeros(0, dtype=np.int64)]
        width = 1 + max(int(places.max(initial=0)) for _, places in self._tables)
        for size, (keys, places) in zip(_SIZES, self._tables, strict=True):
            node, known = look_up(keys, key)
            at, part = at[known], places[node]
            here = part >= 0
            found.append(word[at[here]] * width + part[here])
            more = left[at] > size
            at, node = at[more], node[more]
            key = node * self._base + codes[at + size]
        both = np.sort(np.concatenate(found))
        both = both[np.diff(both, prepend=-1) > 0]
        return both // width, both % width


class PairTable:
    """Looks up pairs of neighbouring words in many stretches at once.

    Args:
        pairs: Two words each, with a blank between them.
    """

    def __init__(self, pairs: Sequence[str]) -> None:
        self.numbers: dict[str, int] = {}
        keys: list[tuple[int, int, int]] = []
        number = self.numbers.setdefault
        for place, pair in enumerate(pairs):
            for at, letter in enumerate(pair):
                if letter == " ":
                    one, other = pair[:at], pair[at + 1 :]
                    first = number(one, len(self.numbers))
                    keys.append((first, number(other, len(self.numbers)), place))
        laid = np.array(keys, dtype=np.int64).reshape(-1, 3)
        size = max(1, len(self.numbers))
        given = laid[:, 0] * size + laid[:, 1]
        order = np.argsort(given, kind="stable")
        self._size, self._keys, self._places = size, given[order], laid[order, 2]
        self._likely = np.zeros(_MARKS + 1, dtype=np.bool_)
        self._likely[self._keys & _MARKS] = True

    def numbers_of(self, words: Sequence[str]) -> Ints:
        """Return the number of each word among those of pairs; −1 if it is in none."""
        given = [self.numbers.get(word, -1) for word in words]
        return np.array(given, dtype=np.int64)

    def find(self, number: Ints) -> tuple[Ints, Ints]:
        """Return where neighbours are a pair, and the place of the pair.

        Args:
            number: The number of each word, as ``numbers_of`` gives it.

        Returns:
            The place of the first word of each pair, in order, and which pair it is.
        """
        at = ((number[:-1] >= 0) & (number[1:] >= 0)).nonzero()[0]
        key = number[at] * self._size + number[at + 1]
        some = self._likely[key & _MARKS].nonzero()[0]  # few are left to look up
        at = at[some]
        node, known = look_up(self._keys, key[some])
        return at[known], self._places[node]


def look_up(keys: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """Return where numbers are among sorted keys, and which of the numbers are among them."""
    if not len(keys):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    place = np.searchsorted(keys, wanted)
    np.minimum(place, len(keys) - 1, out=place)
    known = (keys[place] == wanted).nonzero()[0]
    return place[known], known


def _letters(words: Sequence[str]) -> Ints:
    """Return the number of each letter of some words, one word after another."""
    text = "".join(words).encode("utf-32-le", "surrogatepass")
    return np.frombuffer(text, dtype="<u4").astype(np.int64)
