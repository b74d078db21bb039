"""A batch of parsed comments, as a few flat arrays: what models read.

The words of all comments stand in one row, clauses in another, and each array tells one thing of
every word or clause. Positions of words and numbers of clauses count over the whole batch, so that
what is looked for is found in all comments at once. One comment is a batch of one; asked for by its
number, a comment is a record of its own, whose positions count from its first word.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple, overload

import numpy as np

from feedback_nlp.flat import Bools, Ints, runs, stretches
from feedback_nlp.meaning import bears_meaning
from feedback_nlp.records import UNKNOWN_LANGUAGE, Status
from feedback_nlp.word_arrays import Clauses, Words

__all__ = [
    "STATUS_ORDER",
    "Bools",
    "Clause",
    "Clauses",
    "Ints",
    "ParsedBatch",
    "ParsedComment",
    "Words",
    "runs",
    "stretches",
]

STATUS_ORDER: tuple[Status, ...] = ("ok", "blank", "uninformative", "unknown_language")


class Clause(NamedTuple):
    """A stretch of words that carries one statement: words ``start`` to ``end`` (exclusive)."""

    start: int
    end: int
    sentence: int
    contrast: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedComment:
    """One comment, split.

    Attributes:
        text: The comment as it came.
        question: The wording that was asked, or "".
        language: ISO 639-1 code, or ``unknown``.
        status: ``ok``, or why it is set aside.
        words: Its words in lower case.
        starts: First character of each word.
        ends: One past the last character of each word.
        clauses: Its clauses, in order; together they hold every word once.
        says_nothing: The whole answer is "nothing" or the like: the question decides its meaning.
    """

    text: str
    question: str = ""
    language: str = UNKNOWN_LANGUAGE
    status: Status = "ok"
    words: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    clauses: tuple[Clause, ...] = ()
    says_nothing: bool = False

    def clause_of(self, word: int) -> int:
        """Return the number of the clause that holds a word."""
        return bisect_left(self.clauses, (word + 1,)) - 1

    def span(self, start: int, end: int, skip: frozenset[str] = frozenset()) -> tuple[int, int]:
        """Return the characters from word ``start`` to before ``end``, marks at the rim cut.

        Args:
            start: The first word.
            end: One past the last word.
            skip: Words that are cut at the beginning like marks, such as "and".
        """
        while start < end - 1 and (
            self.words[start] in skip or not bears_meaning(self.words[start])
        ):
            start += 1
        while end - 1 > start and not bears_meaning(self.words[end - 1]):
            end -= 1
        return self.starts[start], self.ends[end - 1]


@dataclass(frozen=True, eq=False, kw_only=True)
class ParsedBatch(Sequence[ParsedComment]):
    """Some comments, split. Never changed once made.

    Attributes:
        texts: The comments as they came.
        questions: The wording that was asked for each, or "".
        languages: The code of each, or ``unknown``.
        status: The status of each, as its place in ``STATUS_ORDER``.
        says_nothing: Which answers are "nothing" or the like as a whole.
        words: Their words.
        clauses: Their clauses.
    """

    texts: Sequence[str]
    questions: Sequence[str]
    languages: Sequence[str]
    status: Ints
    says_nothing: Bools
    words: Words
    clauses: Clauses

    @classmethod
    def of(cls, comments: Sequence[ParsedComment]) -> "ParsedBatch":
        """Return comments as a batch; a batch is returned as it is."""
        if isinstance(comments, ParsedBatch):
            return comments
        words = Words.of([(one.words, one.starts, one.ends) for one in comments])
        return cls(
            texts=[one.text for one in comments],
            questions=[one.question for one in comments],
            languages=[one.language for one in comments],
            status=np.array([STATUS_ORDER.index(one.status) for one in comments], dtype=np.int64),
            says_nothing=np.array([one.says_nothing for one in comments], dtype=np.bool_),
            words=words,
            clauses=Clauses.of([one.clauses for one in comments], words.first),
        )

    @classmethod
    def joined(cls, parts: Sequence["ParsedBatch"]) -> "ParsedBatch":
        """Return the comments of some batches, at least one, one after another."""
        words = [one.words for one in parts]
        return cls(
            texts=list(chain.from_iterable(one.texts for one in parts)),
            questions=list(chain.from_iterable(one.questions for one in parts)),
            languages=list(chain.from_iterable(one.languages for one in parts)),
            status=np.concatenate([one.status for one in parts]),
            says_nothing=np.concatenate([one.says_nothing for one in parts]),
            words=Words.joined(words),
            clauses=Clauses.joined([one.clauses for one in parts], words),
        )

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, at: int) -> ParsedComment: ...

    @overload
    def __getitem__(self, at: slice) -> "ParsedBatch": ...

    def __getitem__(self, at: int | slice) -> "ParsedComment | ParsedBatch":
        """Return one comment as a record, or some as a batch."""
        if isinstance(at, slice):
            return self.take(np.arange(len(self))[at])
        at = range(len(self))[at]
        words, clauses = self.words, self.clauses
        begin, stop = words.first[at : at + 2].tolist()
        here = slice(begin, stop)
        rows = slice(*clauses.first[at : at + 2].tolist())
        return ParsedComment(
            text=self.texts[at],
            question=self.questions[at],
            language=self.languages[at],
            status=STATUS_ORDER[self.status[at]],
            words=tuple(words.known[number] for number in words.word[here].tolist()),
            starts=tuple(words.start[here].tolist()),
            ends=tuple(words.end[here].tolist()),
            clauses=tuple(
                map(
                    Clause,
                    (clauses.start[rows] - begin).tolist(),
                    (clauses.end[rows] - begin).tolist(),
                    clauses.sentence[rows].tolist(),
                    clauses.contrast[rows].tolist(),
                )
            ),
            says_nothing=bool(self.says_nothing[at]),
        )

    def __iter__(self) -> Iterator[ParsedComment]:
        return (self[at] for at in range(len(self)))

    def take(self, rows: Ints) -> "ParsedBatch":
        """Return the comments of these numbers, in this order, as a batch.

        Args:
            rows: Numbers of comments, or one truth value a comment.
        """
        rows = np.arange(len(self))[rows]
        words = self.words.take(rows)
        return ParsedBatch(
            texts=[self.texts[row] for row in rows.tolist()],
            questions=[self.questions[row] for row in rows.tolist()],
            languages=[self.languages[row] for row in rows.tolist()],
            status=self.status[rows],
            says_nothing=self.says_nothing[rows],
            words=words,
            clauses=self.clauses.take(rows, words.first[:-1] - self.words.first[rows]),
        )

    @cached_property
    def clause_of(self) -> Ints:
        """The number of the clause of each word; −1 where its comment is set aside."""
        numbers = np.full(len(self.words), -1, dtype=np.int64)
        clauses = self.clauses
        where, _ = runs(clauses.start, clauses.end - clauses.start)
        numbers[where] = np.arange(len(clauses)).repeat(clauses.end - clauses.start)
        return numbers
