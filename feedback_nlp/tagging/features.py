"""Stretches of words as numbers: their words, pairs of words, parts of words, and what they mean.

What depends on a word alone is worked out once for each different word, for all of them at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.flat import Ints, begins, runs, stretches
from feedback_nlp.parsed import ParsedBatch
from feedback_nlp.tagging.embeddings import Embeddings
from feedback_nlp.tagging.vocabulary import PairTable, PartTable, Vocabulary

if TYPE_CHECKING:
    from scipy.sparse import csr_array, csr_matrix

Floats = NDArray[np.float64]
WORD = 0.125  # a whole word or a pair, against 1 for all the parts of a word
MEANING = 2.0
CONTEXT = 1.0


@dataclass(frozen=True, slots=True)
class Spelt:
    """Stretches of words, by numbers.

    Attributes:
        known: The different words.
        word: Which of these each word is, stretch after stretch.
        first: The first word of each stretch, and one past the last of all.
    """

    known: Sequence[str]
    word: Ints
    first: Ints

    @classmethod
    def of(cls, stretches: "Spelt | Iterable[Sequence[str]]") -> "Spelt":
        """Return stretches of words as numbers; numbers are returned as they are."""
        if isinstance(stretches, Spelt):
            return stretches
        place: dict[str, int] = {}
        sizes, word = [], []
        for words in stretches:
            sizes.append(len(words))
            word += [place.setdefault(one, len(place)) for one in words]
        sized = np.array(sizes, dtype=np.int64)
        return cls(list(place), np.array(word, dtype=np.int64), begins(sized))

    @classmethod
    def clauses(cls, batch: ParsedBatch) -> "Spelt":
        """Return the clauses of a batch."""
        clauses = batch.clauses
        where, first = runs(clauses.start, clauses.end - clauses.start)
        return cls(batch.words.known, batch.words.word[where], first)

    def __len__(self) -> int:
        return len(self.first) - 1

    @property
    def sizes(self) -> Ints:
        """How many words each has."""
        return np.diff(self.first)


class Features:
    """The features of stretches of words, as a sparse matrix to learn from.

    Columns are those of the vocabulary, then meaning, then the meaning of the comment.
    """

    def __init__(self, vocabulary: Vocabulary, embeddings: Embeddings) -> None:
        self.vocabulary = vocabulary
        self.embeddings = embeddings
        self.pairs = PairTable(vocabulary.pairs)
        self._word_at = {word: at for at, word in enumerate(vocabulary.words)}
        self._parts = PartTable(vocabulary.parts)

    @property
    def first_pair(self) -> int:
        """The column of the first pair."""
        return len(self.vocabulary.words)

    def of_words(self, words: Sequence[str]) -> "csr_array":
        """Return word × column of the vocabulary: the word and its parts."""
        from scipy.sparse import csr_array

        row, place = self._parts.find(words)
        parts = np.bincount(row, minlength=len(words))
        worth = 1.0 / np.sqrt(np.maximum(parts, 1))
        whole = np.array([self._word_at.get(word, -1) for word in words], dtype=np.int64)
        known = (whole >= 0).nonzero()[0]
        size = len(self.vocabulary)
        first = self.first_pair + len(self.vocabulary.pairs)
        cells = np.concatenate([known * size + whole[known], row * size + first + place])
        order = np.argsort(cells, kind="stable")
        values = np.concatenate([np.full(len(known), WORD), worth[row]])[order]
        ends = begins(parts + (whole >= 0))
        return csr_array((values, cells[order] % size, ends), shape=(len(words), size))

    def matrix(
        self, given: Spelt | Sequence[Sequence[str]], comments: Sequence[int] | Ints
    ) -> "csr_matrix":
        """Return one row a stretch.

        Args:
            given: The words of each.
            comments: The number of the comment that each is of.
        """
        from scipy.sparse import csr_matrix, hstack

        spelt = Spelt.of(given)
        shape = (len(spelt), len(self.vocabulary))
        each = 1.0 / np.sqrt(np.maximum(spelt.sizes, 1))
        known = self.of_words(spelt.known)
        where, first = stretches(known.indptr.astype(np.int64), spelt.word)
        ends = first[spelt.first]
        values = known.data[where] * each.repeat(np.diff(ends))
        counted = csr_matrix((values, known.indices[where], ends), shape=shape)
        of, pair = self.pairs_of(spelt)
        worth = (WORD * each)[of]
        counted = counted + csr_matrix((worth, (of, self.first_pair + pair)), shape=shape)
        counts = counts_of(spelt.word, spelt.first, len(spelt.known))
        sums = np.asarray(counts @ self.embeddings.sums(spelt.known))
        around, of = of_comments(sums, np.asarray(comments, dtype=np.int64))
        own, context = MEANING * unit(sums), CONTEXT * unit(around)
        rows: csr_matrix = hstack([counted, csr_matrix(own), csr_matrix(context[of])]).tocsr()
        rows.sum_duplicates()  # now, as those who learn from it may not be able to write to it
        return rows

    def pairs_of(self, spelt: Spelt) -> tuple[Ints, Ints]:
        """Return the stretch of each pair of neighbouring words that is known, and which it is."""
        at, pair = self.pairs.find(self.pairs.numbers_of(spelt.known)[spelt.word])
        of = np.searchsorted(spelt.first, at, side="right") - 1
        within = at + 1 < spelt.first[of + 1]
        return of[within], pair[within]


def counts_of(places: Ints, first: Ints, columns: int) -> "csr_array":
    """Return stretch × column: how often each stretch has each of some columns.

    Args:
        places: The column of each word, stretch after stretch.
        first: The first word of each stretch, and one past the last of all.
        columns: How many columns there are.
    """
    from scipy.sparse import csr_array

    return csr_array((np.ones(len(places)), places, first), shape=(len(first) - 1, columns))


def sums_of(values: Floats, first: Ints) -> Floats:
    """Return what stretches of rows add up to.

    Args:
        values: The rows; sums of them are exact.
        first: The first row of each stretch, and one past the last of all.

    Example:
        >>> sums_of(np.array([[1.0, 0.0], [2.0, 5.0]]), np.array([0, 2, 2])).tolist()
        [[3.0, 5.0], [0.0, 0.0]]
    """
    return np.asarray(counts_of(np.arange(len(values)), first, len(values)) @ values)


def of_comments(sums: Floats, comments: Ints) -> tuple[Floats, Ints]:
    """Return what the stretches of each comment add up to, and which comment each stretch is of.

    Args:
        sums: What the words of each stretch add up to.
        comments: The number of the comment of each; any numbers.
    """
    from scipy.sparse import csr_array

    numbers, of = np.unique(comments, return_inverse=True)
    members = csr_array((np.ones(len(of)), (of, np.arange(len(of)))), shape=(len(numbers), len(of)))
    return np.asarray(members @ sums), of


def unit(sums: Floats) -> Floats:
    """Return rows of length one; zeros stay zeros."""
    rows: Floats = sums / _lengths(sums)
    return rows


def rounded_unit(sums: Floats, steps: float) -> Floats:
    """Return rows of length one in whole steps, of which ``steps``, a power of 2, make a length."""
    rows: Floats = sums / (_lengths(sums) / steps)
    np.rint(rows, out=rows)
    return rows


def _lengths(sums: Floats) -> Floats:
    lengths: Floats = np.sqrt(np.einsum("ij,ij->i", sums, sums))[:, None]
    lengths[lengths == 0] = 1.0
    return lengths
