"""Scores of stretches of words: the sum of what each word, pair of words and meaning adds.

A linear model, kept so that it is fast and can be shown. A stretch (a clause, a comment) has as
features its words, pairs of neighbouring words, the parts of each word (three to five letters),
and what it and its whole comment mean (``features``, ``embeddings``). What a word adds is worked
out once and remembered, so a score is a sum of numbers, one a word. What a word adds is rounded, so
that sums over words are exact: no batch or order changes them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import repeat
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.flat import Ints, begins
from feedback_nlp.parsed import ParsedBatch
from feedback_nlp.tagging.features import (
    CONTEXT,
    MEANING,
    WORD,
    Features,
    Floats,
    Spelt,
    counts_of,
    of_comments,
    rounded_unit,
    sums_of,
)

_GRID = 2.0**16  # what a word adds is a multiple of its inverse, so that sums are exact
_UNIT_GRID = 2.0**14  # as are vectors of length one, and their weights
_REMEMBERED = 50_000  # words


class Memory:
    """Rows of numbers that are worked out once for each word; threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._place: dict[str, int] = {}
        self._rows: Floats = np.zeros((0, 0))

    def __reduce__(self) -> tuple[type["Memory"], tuple[()]]:
        """Return what a copy is made of: it begins with nothing."""
        return Memory, ()

    def rows(
        self, words: Sequence[str], width: int, work_out: Callable[[Sequence[str]], Floats]
    ) -> tuple[Floats, Ints]:
        """Return rows, and which of them is that of each word.

        Args:
            words: The words.
            width: How many numbers a row has; always the same.
            work_out: Returns one row for each of the words that are not remembered.
        """
        with self._lock:
            self._rows = self._rows.reshape(-1, width)
            place = self._place
            at = np.fromiter(map(place.get, words, repeat(-1)), np.int64, len(words))
            if len(at) and at.min() < 0:
                new = list(dict.fromkeys(word for word in words if word not in place))
                fresh = work_out(new)
                if len(place) + len(new) > _REMEMBERED:
                    self._keep_only([word for word in dict.fromkeys(words) if word in place])
                    place = self._place
                size = len(place)
                self._make_room(size + len(new), width)
                self._rows[size : size + len(new)] = fresh
                place.update(zip(new, range(size, size + len(new)), strict=True))
                at = np.fromiter(map(place.__getitem__, words), np.int64, len(words))
            return self._rows, at

    def _keep_only(self, words: Sequence[str]) -> None:
        """Forget all but some words, which get other places."""
        self._rows = self._rows[[self._place[word] for word in words]]
        self._place = {word: at for at, word in enumerate(words)}

    def _make_room(self, size: int, width: int) -> None:
        if size > len(self._rows):
            rows = np.zeros((max(size, 2 * len(self._rows)), width))
            rows[: len(self._rows)] = self._rows
            self._rows = rows


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
    _memory: Memory = field(default_factory=Memory, repr=False, compare=False)

    def score(
        self, stretches: Spelt | Iterable[Sequence[str]], comments: Sequence[int] | Ints
    ) -> Floats:
        """Return one row a stretch, one column an output, in log-odds.

        Args:
            stretches: The words of each, in lower case.
            comments: The number of the comment that each is of; a comment's stretches together
                are its context.
        """
        spelt = Spelt.of(stretches)
        n = len(self.outputs)
        sums = self._sums(spelt)
        of, pair = self.features.pairs_of(spelt)
        sums[:, :n] += self._of_pairs(of, pair, len(spelt), slice(None))
        around, of = of_comments(sums[:, n:], np.asarray(comments, dtype=np.int64))
        said = self._said(sums[:, n:], MEANING, slice(None))
        said += self._said(around, CONTEXT, slice(None))[of]
        return self._scores(sums, said, spelt.sizes, slice(None))

    def score_batch(self, batch: ParsedBatch, of_clauses: int) -> tuple[Floats, Floats]:
        """Return scores of the clauses of a batch, and of its comments as one stretch each.

        The context of both is the comment. A comment without clauses counts as one without words.

        Args:
            batch: Parsed comments.
            of_clauses: How many outputs, the first of all, are scored for clauses; the others are
                scored for comments.

        Returns:
            Clause × the first outputs, comment × the others, in log-odds.
        """
        n, clauses = len(self.outputs), batch.clauses
        here, there = slice(of_clauses), slice(of_clauses, n)
        spelt = Spelt.clauses(batch)
        sums = self._sums(spelt)
        whole = sums_of(sums, clauses.first)
        of_clause, of_comment = self._pairs(batch, spelt)
        sums[:, here] += self._of_pairs(*of_clause, len(spelt), here)
        whole[:, there] += self._of_pairs(*of_comment, len(batch), there)
        around = self._said(whole[:, n:], CONTEXT, slice(None))
        said = self._said(sums[:, n:], MEANING, here)
        said += around[:, here][clauses.comment]
        of_whole = self._said(whole[:, n:], MEANING, there) + around[:, there]
        sizes = np.diff(spelt.first[clauses.first])
        return (
            self._scores(sums, said, spelt.sizes, here),
            self._scores(whole, of_whole, sizes, there),
        )

    def _pairs(
        self, batch: ParsedBatch, spelt: Spelt
    ) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
        """Return the pairs of neighbouring words that are known: where each is, and which it is.

        Args:
            batch: The comments.
            spelt: Their clauses.

        Returns:
            Those within a clause, and those within a comment, which may be of two clauses.
        """
        table, first = self.features.pairs, spelt.first
        at, pair = table.find(table.numbers_of(spelt.known)[spelt.word])
        clause = np.arange(len(spelt)).repeat(spelt.sizes)[at]
        comment = batch.clauses.comment[clause]
        same = at + 1 < first[clause + 1]
        both = at + 1 < first[batch.clauses.first[comment + 1]]
        return (clause[same], pair[same]), (comment[both], pair[both])

    def contributions(self, words: Sequence[str], output: str) -> Floats:
        """Return what each word of a stretch adds to the score of one output.

        A pair's part is shared by its two words; the context of the comment is left out.
        """
        at = self.outputs.index(output)
        n, width = len(self.outputs), self.features.embeddings.width
        table, places = self._memory.rows(words, n + width, self._add_up)
        rows = table[places]
        length = np.sqrt(max(1, len(words)))
        vector = rows[:, n:].sum(axis=0)
        norm = float(np.sqrt((vector * vector).sum())) or 1.0
        added: Floats = rows[:, at] / length
        added += MEANING * rows[:, n:] @ self.meaning[:width, at] / norm
        here, pair = self.features.pairs.find(self.features.pairs.numbers_of(words))
        weights = self.weights[self.features.first_pair + pair, at].astype(np.float64)
        worth = WORD * weights * self.scale[at] / length
        np.add.at(added, here, worth / 2)
        np.add.at(added, here + 1, worth / 2)
        return added

    def _sums(self, spelt: Spelt) -> Floats:
        """Return the sums over words: outputs first, then the vector."""
        width = len(self.outputs) + self.features.embeddings.width
        rows, places = self._memory.rows(spelt.known, width, self._add_up)
        sums: Floats = counts_of(places[spelt.word], spelt.first, len(rows)) @ rows
        return sums

    def _of_pairs(self, of: Ints, pair: Ints, stretches: int, outputs: slice) -> Floats:
        """Return stretch × output: what pairs add, given which stretch each is of, ascending."""
        return sums_of(self._worth[pair, outputs], begins(np.bincount(of, minlength=stretches)))

    @cached_property
    def _worth(self) -> Floats:
        """What each pair adds to each output."""
        first = self.features.first_pair
        pairs = self.weights[first : first + len(self.features.vocabulary.pairs)]
        return _on_grid(pairs * (WORD * self.scale))

    def _said(self, sums: Floats, worth: float, outputs: slice) -> Floats:
        """Return what meanings add to some outputs, in units of which sums are exact.

        Args:
            sums: What the vectors of words add up to.
            worth: ``MEANING`` of stretches, or ``CONTEXT`` of their comments.
            outputs: Which outputs.
        """
        width = self.features.embeddings.width
        weights = self._steps[width:] if worth == CONTEXT else self._steps[:width]
        said: Floats = rounded_unit(sums, worth * _UNIT_GRID) @ weights[:, outputs]
        return said

    @cached_property
    def _steps(self) -> Floats:
        """The weights of meaning in whole steps."""
        return np.rint(self.meaning * _UNIT_GRID)

    def _scores(self, sums: Floats, said: Floats, sizes: Ints, outputs: slice) -> Floats:
        lengths = np.sqrt(np.maximum(sizes, 1))[:, None]
        added = sums[:, : len(self.outputs)][:, outputs] / lengths
        added += said / _UNIT_GRID**2
        added += self.intercept[outputs]
        return added

    def _add_up(self, words: Sequence[str]) -> Floats:
        """Return what each of some words adds: outputs first, then its vector."""
        from scipy.sparse import csr_array

        spelt = self.features.of_words(words)
        used, which = np.unique(spelt.indices, return_inverse=True)
        counts = csr_array((spelt.data, which, spelt.indptr), shape=(len(words), len(used)))
        n = len(self.outputs)
        added = np.empty((len(words), n + self.features.embeddings.width))
        added[:, :n] = counts @ (self.weights[used] * self.scale)
        added[:, n:] = self.features.embeddings.sums(words)
        return _on_grid(added)


def _on_grid(values: Floats) -> Floats:
    """Round values in their place, and return them."""
    values *= _GRID
    np.rint(values, out=values)
    values /= _GRID
    return values
