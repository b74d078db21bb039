"""What is known of the stretches that texts of one language are made of, as a table of numbers."""

from collections.abc import Iterable, Sequence
from itertools import repeat
from threading import Lock

import numpy as np
import numpy.typing as npt

from feedback_nlp.flat import Ints
from feedback_nlp.meaning import SYMBOL, has_meaning, is_mashed
from feedback_nlp.patterns import normalise
from feedback_nlp.spacy_rules import SpacyRules
from feedback_nlp.tokens import HALF_CHARACTER, LAST_STOP, LONG, Piece

ALONE = 0  # the row of stretches that spaCy does not get as they are
# The columns of a row: where its words begin, how many, its characters, the row to take where it
# ends a line, and what else it is.
FIRST, COUNT, SIZE, LAST, FLAGS = range(5)
LETTERED, MEANING, SYMBOLIC, JOINS, SPACE, LINE = (1 << bit for bit in range(6))
Numbers = npt.NDArray[np.int32]


class _Rows:
    """Rows of whole numbers; those that are there stay as they are while more are added."""

    def __init__(self, width: int) -> None:
        self._room: Numbers = np.zeros((1024, width), dtype=np.int32)
        self.size = 0

    def add(self, rows: Sequence[tuple[int, ...]]) -> None:
        if not rows:
            return
        end = self.size + len(rows)
        if end > len(self._room):
            room = np.zeros((2 * end, self._room.shape[1]), dtype=np.int32)
            room[: self.size] = self._room[: self.size]
            self._room = room
        self._room[self.size : end] = rows
        self.size = end

    @property
    def values(self) -> Numbers:
        return self._room[: self.size]


class StretchTable:
    """Stretches of texts, a row each, and the words of each; it grows with what it is asked for.

    Threads may share it: a row is complete before it can be found, and is never changed.
    """

    def __init__(self, rules: SpacyRules) -> None:
        self._rules = rules
        self._lock = Lock()
        self._row: dict[str, int] = {}
        self._number: dict[str, int] = {}
        self._rows = _Rows(5)
        self._pieces = _Rows(3)
        self._rows.add([(0, 0, 0, ALONE, 0)])
        self.words: list[str] = []
        self.joins: dict[int, tuple[str, ...]] = {}

    def __len__(self) -> int:
        return self._rows.size

    @property
    def rows(self) -> Numbers:
        """The rows of all stretches."""
        return self._rows.values

    @property
    def pieces(self) -> Numbers:
        """The words of all stretches: number, first character, one past the last."""
        return self._pieces.values

    def find(self, stretches: Sequence[str]) -> Ints:
        """Return the row of each stretch; one not seen before gets one, if it can have it."""
        found = np.fromiter(map(self._row.get, stretches, repeat(ALONE)), np.int64, len(stretches))
        new = (found == ALONE).nonzero()[0]
        if len(new):
            unseen = [stretches[at] for at in new.tolist()]
            with self._lock:
                self._learn([one for one in dict.fromkeys(unseen) if self._can_learn(one)])
            found[new] = [self._row.get(stretch, ALONE) for stretch in unseen]
        return found

    def numbered(self, pieces: Iterable[Piece]) -> list[tuple[int, int, int]]:
        """Return the words of a text that cannot be split by stretches, as ``pieces`` has them."""
        with self._lock:
            return self._number_words(pieces)

    def _can_learn(self, stretch: str) -> bool:
        return (
            stretch not in self._row
            and len(stretch) < LONG
            and (stretch.isascii() or not HALF_CHARACTER.search(stretch))
        )

    def _learn(self, new: Sequence[str]) -> None:
        rows: list[tuple[int, ...]] = []
        words: list[tuple[int, int, int]] = []
        places: list[int] = []
        size, first = len(self), self._pieces.size
        for stretch, pieces in zip(new, self._rules.pieces(new), strict=True):
            joins = self._rules.may_join(stretch)
            flags = _flags(stretch) | (JOINS if joins else 0)
            place = last = size + len(rows)
            ending = _without_stop(stretch, pieces)
            if ending:
                last += 1
            rows.append((first + len(words), len(pieces), len(stretch), last, flags))
            words += self._number_words(pieces)
            if ending:
                rows.append((first + len(words), len(ending), len(stretch), last, flags))
                words += self._number_words(ending)
            if joins:
                self.joins[place] = joins
            places.append(place)
        self._pieces.add(words)
        self._rows.add(rows)
        self._row.update(zip(new, places, strict=True))

    def _number_words(self, pieces: Iterable[Piece]) -> list[tuple[int, int, int]]:
        found = []
        for word, start, end in pieces:
            number = self._number.get(word)
            if number is None:
                number = self._number[word] = len(self.words)
                self.words.append(word)
            found.append((number, start, end))
        return found


def _flags(stretch: str) -> int:
    if stretch[0].isspace():
        return SPACE | (LINE if stretch[0] == "\n" else 0)
    kind = LETTERED if stretch[0].isalnum() else 0
    letters = stretch.lower().rstrip(",.!?:;")
    if letters.isalpha():  # most
        return kind | (0 if is_mashed(letters) else MEANING)
    kind |= SYMBOLIC if SYMBOL.search(stretch) else 0
    return kind | (MEANING if has_meaning(stretch) else 0)


def _without_stop(stretch: str, pieces: Sequence[Piece]) -> list[Piece]:
    """Return the words where the stretch ends a line, if its last word is one with a full stop."""
    if not pieces or pieces[-1][0][-1] != ".":
        return []
    _, start, end = pieces[-1]
    if not LAST_STOP.fullmatch(stretch, start, end):
        return []
    word = normalise(stretch[start : end - 1])
    return [*pieces[:-1], (word, start, end - 1), (".", end - 1, end)]
