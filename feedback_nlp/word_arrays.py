"""The words and clauses of many comments, one after another in flat arrays."""

from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np

from feedback_nlp.flat import Bools, Ints, begins, stretches


@dataclass(frozen=True, eq=False, kw_only=True)
class Words:
    """The words of some comments.

    Attributes:
        known: The different words, in lower case.
        word: Which of these each word is.
        start: The first character of each in its comment.
        end: One past its last character.
        first: The first word of each comment, and one past the last word of all.
    """

    known: Sequence[str]
    word: Ints
    start: Ints
    end: Ints
    first: Ints

    @classmethod
    def of(cls, comments: Sequence[tuple[Sequence[str], Sequence[int], Sequence[int]]]) -> "Words":
        """Return the words of comments: the words of each, where they start, and where they end."""
        place: dict[str, int] = {}
        word = [place.setdefault(word, len(place)) for words, _, _ in comments for word in words]
        return cls(
            known=list(place),
            word=np.array(word, dtype=np.int64),
            start=_flat(starts for _, starts, _ in comments),
            end=_flat(ends for _, _, ends in comments),
            first=_begins(words for words, _, _ in comments),
        )

    @classmethod
    def joined(cls, parts: Sequence["Words"]) -> "Words":
        """Return the words of all parts, part after part."""
        place: dict[str, int] = {}
        word = [
            _flat([[place.setdefault(word, len(place)) for word in part.known]])[part.word]
            for part in parts
        ]
        return cls(
            known=list(place),
            word=np.concatenate(word),
            start=np.concatenate([part.start for part in parts]),
            end=np.concatenate([part.end for part in parts]),
            first=_firsts([part.first for part in parts]),
        )

    def take(self, rows: Ints) -> "Words":
        """Return the words of the comments of these numbers, in this order."""
        where, first = stretches(self.first, rows)
        return Words(
            known=self.known,
            word=self.word[where],
            start=self.start[where],
            end=self.end[where],
            first=first,
        )

    def __len__(self) -> int:
        return len(self.word)

    @cached_property
    def comment(self) -> Ints:
        """The number of the comment of each word."""
        return np.arange(len(self.counts)).repeat(self.counts)

    @cached_property
    def counts(self) -> Ints:
        """How many words each comment has."""
        return self.first[1:] - self.first[:-1]


@dataclass(frozen=True, eq=False, kw_only=True)
class Clauses:
    """The clauses of some comments; comments that are set aside have none.

    Attributes:
        start: The first word of each, counted over the batch.
        end: One past its last word.
        sentence: The number of its sentence in its comment.
        contrast: Whether it begins with a contrast.
        first: The first clause of each comment, and one past the last clause of all.
    """

    start: Ints
    end: Ints
    sentence: Ints
    contrast: Bools
    first: Ints

    @classmethod
    def of(cls, comments: Sequence[Sequence[tuple[int, int, int, bool]]], begin: Ints) -> "Clauses":
        """Return the clauses of comments.

        Args:
            comments: First word, one past the last, sentence and contrast of each clause of each.
            begin: The first word of each comment.
        """
        laid = np.array(list(chain.from_iterable(comments)), dtype=np.int64).reshape(-1, 4)
        first = _begins(comments)
        shift = begin[: len(comments)].repeat(np.diff(first))
        return cls(
            start=laid[:, 0] + shift,
            end=laid[:, 1] + shift,
            sentence=laid[:, 2],
            contrast=laid[:, 3].astype(np.bool_),
            first=first,
        )

    @classmethod
    def joined(cls, parts: Sequence["Clauses"], words: Sequence[Words]) -> "Clauses":
        """Return the clauses of all parts, part after part, given the words of each part."""
        shifts = _begins(words).tolist()
        return cls(
            start=np.concatenate([p.start + at for p, at in zip(parts, shifts, strict=False)]),
            end=np.concatenate([p.end + at for p, at in zip(parts, shifts, strict=False)]),
            sentence=np.concatenate([part.sentence for part in parts]),
            contrast=np.concatenate([part.contrast for part in parts]),
            first=_firsts([part.first for part in parts]),
        )

    def take(self, rows: Ints, moved: Ints) -> "Clauses":
        """Return the clauses of the comments of these numbers, in this order.

        Args:
            rows: Numbers of comments.
            moved: By how much the number of the first word of each changes.
        """
        where, first = stretches(self.first, rows)
        shift = moved.repeat(np.diff(first))
        return Clauses(
            start=self.start[where] + shift,
            end=self.end[where] + shift,
            sentence=self.sentence[where],
            contrast=self.contrast[where],
            first=first,
        )

    def __len__(self) -> int:
        return len(self.start)

    @cached_property
    def comment(self) -> Ints:
        """The number of the comment of each clause."""
        return np.arange(len(self.counts)).repeat(self.counts)

    @cached_property
    def counts(self) -> Ints:
        """How many clauses each comment has."""
        return self.first[1:] - self.first[:-1]


def _flat(lists: Iterable[Sequence[int]]) -> Ints:
    return np.fromiter(chain.from_iterable(lists), np.int64)


def _begins(lists: Iterable[Sized]) -> Ints:
    return begins(np.fromiter(map(len, lists), np.int64))


def _firsts(parts: Sequence[Ints]) -> Ints:
    """Return where the lists of all parts begin, given where those of each begin."""
    shifts = begins(np.array([first[-1] for first in parts]))
    moved = [first[:-1] + shift for first, shift in zip(parts, shifts, strict=False)]
    return np.concatenate([*moved, shifts[-1:]])
