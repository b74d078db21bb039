"""Scores of stretches of words: the sum of what each word, pair of words and meaning adds.

A linear model, kept so that it is fast and can be shown. A stretch (a clause, a comment) has as
features its words, pairs of neighbouring words, the parts of each word (three to five letters),
and what it and its whole comment mean (``embeddings``). What a word adds is worked out once and
remembered, so a score is a sum of numbers, one a word. What a word adds is rounded, so that
sums over words are exact: no batch or order changes them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.tagging.embeddings import Embeddings

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_GRID = 2.0**16  # what a word adds is a multiple of its inverse, so that sums are exact
_UNIT_GRID = 2.0**14  # as are vectors of length one, and their weights
_REMEMBERED = 50_000  # words
_WORD = 0.125  # a whole word or a pair, against 1 for all the parts of a word
MEANING = 2.0
CONTEXT = 1.0


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
    whole = f"<{word[:40]}>"
    return {whole[at : at + size] for size in (3, 4, 5) for at in range(len(whole) - size + 1)}


class Features:
    """The features of stretches of words, as a sparse matrix to learn from.

    Columns are those of the vocabulary, then meaning, then the meaning of the comment.
    """

    def __init__(self, vocabulary: Vocabulary, embeddings: Embeddings) -> None:
        self.vocabulary = vocabulary
        self.embeddings = embeddings
        self.word_at = {word: at for at, word in enumerate(vocabulary.words)}
        first = len(self.word_at)
        self.pair_at = {pair: at for at, pair in enumerate(vocabulary.pairs, start=first)}
        first += len(self.pair_at)
        self.part_at = {part: at for at, part in enumerate(vocabulary.parts, start=first)}

    def of_word(self, word: str) -> tuple[list[int], list[float]]:
        """Return the columns of one word, and its values in them."""
        parts = sorted(self.part_at[part] for part in parts_of_word(word) if part in self.part_at)
        columns, values = parts, [1.0 / np.sqrt(len(parts))] * len(parts) if parts else []
        if word in self.word_at:
            columns, values = [self.word_at[word], *columns], [_WORD, *values]
        return columns, values

    def of_pairs(self, words: Sequence[str]) -> list[int]:
        """Return the columns of the pairs of neighbouring words."""
        known = self.pair_at
        return [known[p] for a, b in pairwise(words) if (p := f"{a} {b}") in known]

    def matrix(self, stretches: Sequence[Sequence[str]], comments: Sequence[int]) -> "csr_matrix":
        """Return one row a stretch.

        Args:
            stretches: The words of each.
            comments: The number of the comment that each is of.
        """
        from scipy.sparse import csr_matrix, hstack

        known = {word: self.of_word(word) for word in set(chain.from_iterable(stretches))}
        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        for words in stretches:
            each = 1.0 / np.sqrt(max(1, len(words)))
            for word in words:
                columns += known[word][0]
                values += [value * each for value in known[word][1]]
            pairs = self.of_pairs(words)
            columns += pairs
            values += [_WORD * each] * len(pairs)
            ends.append(len(columns))
        shape = (len(stretches), len(self.vocabulary))
        counted = csr_matrix((values, columns, ends), shape=shape)
        counted.sum_duplicates()
        sums = self.embeddings.sums([" ".join(words) for words in stretches])
        own, context, of = meanings(sums, comments)
        return hstack([counted, csr_matrix(own), csr_matrix(context[of])]).tocsr()


@dataclass(frozen=True)
class Scorer:
    """Scores stretches of words for several outputs.

    Attributes:
        outputs: What is scored.
        features: How texts become numbers.
        weights: One row a column of the vocabulary, one column an output, int8.
        scale: What one unit of the weights is worth, for each output.
        meaning: Weights of the meaning of the stretch and then of its comment.
        intercept: The score of nothing.
    """

    outputs: tuple[str, ...]
    features: Features
    weights: NDArray[np.int8]
    scale: Floats
    meaning: Floats
    intercept: Floats
    _seen: dict[str, Floats] = field(default_factory=dict, repr=False)

    def score(self, stretches: Sequence[Sequence[str]], comments: Sequence[int]) -> Floats:
        """Return one row a stretch, one column an output, in log-odds.

        Args:
            stretches: The words of each, in lower case.
            comments: The number of the comment that each is of; a comment's stretches together
                are its context.
        """
        sums = self._sums(stretches)
        n = len(self.outputs)
        lengths = np.sqrt(np.maximum([len(words) for words in stretches], 1))
        own, context, of = meanings(sums[:, n:], comments)
        weights = np.round(self.meaning * _UNIT_GRID)
        width = self.features.embeddings.width
        said = np.round(own * _UNIT_GRID) @ weights[:width]
        said += (np.round(context * _UNIT_GRID) @ weights[width:])[of]
        scores: Floats = sums[:, :n] / lengths[:, None] + said / _UNIT_GRID**2 + self.intercept
        return scores

    def contributions(self, words: Sequence[str], output: str) -> Floats:
        """Return what each word of a stretch adds to the score of one output.

        A pair's part is shared by its two words; the context of the comment is left out.
        """
        at = self.outputs.index(output)
        rows = self._rows(words)
        n = len(self.outputs)
        width = self.features.embeddings.width
        length = np.sqrt(max(1, len(words)))
        vector = rows[:, n:].sum(axis=0)
        norm = float(np.sqrt((vector * vector).sum())) or 1.0
        added: Floats = rows[:, at] / length
        added += MEANING * rows[:, n:] @ self.meaning[:width, at] / norm
        for here, pair in enumerate(pairwise(words)):
            column = self.features.pair_at.get(" ".join(pair))
            if column is not None:
                worth = _WORD * float(self.weights[column, at]) * self.scale[at] / length
                added[here : here + 2] += worth / 2
        return added

    def _sums(self, stretches: Sequence[Sequence[str]]) -> Floats:
        """Return the sums over words and pairs: outputs first, then the vector."""
        from scipy.sparse import csr_array

        place: dict[str, int] = {}
        columns = [place.setdefault(word, len(place)) for words in stretches for word in words]
        ends = np.cumsum([0, *map(len, stretches)])
        counts = csr_array(
            (np.ones(len(columns)), columns, ends), shape=(len(stretches), len(place))
        )
        sums: Floats = counts @ self._rows(list(place))
        pairs = [self.features.of_pairs(words) for words in stretches]
        used, which = np.unique([*chain.from_iterable(pairs)], return_inverse=True)
        if len(used):
            worth = self.weights[used.astype(int)] * (_WORD * self.scale)
            ends = np.cumsum([0, *map(len, pairs)])
            shape = (len(stretches), len(used))
            sums[:, : len(self.outputs)] += csr_array(
                (np.ones(len(which)), which, ends), shape=shape
            ) @ _on_grid(worth)
        return sums

    def _rows(self, words: Sequence[str]) -> Floats:
        """Return what each word adds: outputs first, then its vector."""
        found = {word: row for word in words if (row := self._seen.get(word)) is not None}
        new = [word for word in dict.fromkeys(words) if word not in found]
        if new:
            fresh = dict(zip(new, self._add_up(new), strict=True))
            found |= fresh
            if len(self._seen) + len(new) > _REMEMBERED:
                self._seen.clear()  # what this call needs is in ``found``
            self._seen.update(fresh)
        rows = np.zeros((len(words), len(self.outputs) + self.features.embeddings.width))
        for at, word in enumerate(words):
            rows[at] = found[word]
        return rows

    def _add_up(self, words: Sequence[str]) -> Floats:
        """Return what each of some words adds, worked out from its parts."""
        from scipy.sparse import csr_array

        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        for word in words:
            here, worth = self.features.of_word(word)
            columns += here
            values += worth
            ends.append(len(columns))
        used, which = np.unique(np.array(columns, dtype=np.int64), return_inverse=True)
        counts = csr_array((values, which, ends), shape=(len(words), len(used)))
        added = np.asarray(counts @ (self.weights[used] * self.scale))
        return _on_grid(np.hstack([added, self.features.embeddings.sums(words)]))


def meanings(sums: Floats, comments: Sequence[int]) -> tuple[Floats, Floats, Ints]:
    """Return vectors of stretches and of comments, all of a fixed length, and which is of which.

    Args:
        sums: The sum of the vectors of each stretch's words.
        comments: The number of its comment.
    """
    from scipy.sparse import csr_array

    numbers, of = np.unique(np.asarray(comments, dtype=np.int64), return_inverse=True)
    rows = np.arange(len(of))
    members = csr_array((np.ones(len(of)), (of, rows)), shape=(len(numbers), len(of)))
    whole = np.asarray(members @ sums)
    return MEANING * _unit(sums), CONTEXT * _unit(whole), of


def _unit(sums: Floats) -> Floats:
    lengths = np.sqrt((sums * sums).sum(axis=1, keepdims=True))
    unit: Floats = np.divide(sums, lengths, out=np.zeros_like(sums), where=lengths > 0)
    return unit


def _on_grid(values: Floats) -> Floats:
    rounded: Floats = np.round(values * _GRID) / _GRID
    return rounded
