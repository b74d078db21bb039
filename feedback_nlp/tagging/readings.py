"""What a model says of a batch of comments, as flat arrays, and as a record for each comment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import overload

import numpy as np
import numpy.typing as npt

from feedback_nlp.flat import begins
from feedback_nlp.parsed import STATUS_ORDER, Bools, Clause, Ints, ParsedBatch, stretches
from feedback_nlp.records import Mention, Polarity, Sentiment, Source
from feedback_nlp.tagging.protocols import Judged, Judgement, Reading, ThemeSpan, Verdict

Floats = npt.NDArray[np.float64]
SIDES: tuple[Polarity, ...] = ("negative", "neutral", "positive")
SENTIMENT_ORDER: tuple[Sentiment, ...] = ("negative", "neutral", "positive", "mixed")
SOURCE_ORDER: tuple[Source, ...] = ("rule", "model", "human")
UNKNOWN = -1


@dataclass(frozen=True, eq=False, kw_only=True)
class Found:
    """Themes in clauses, ordered by comment and, within it, by appearance.

    Attributes:
        comment: The number of the comment of each.
        theme: Its number among the themes of the reading.
        confidence: How sure the theme is, 0–1.
        clause: The number of the clause it was found in; −1 where it is said by the whole comment.
        phrase_start: The first of the words that named it, counted over the batch.
        phrase_end: One past the last of them.
        start: The first character of the evidence in its comment.
        end: One past its last character.
        source: Its place in ``SOURCE_ORDER``.
    """

    comment: Ints
    theme: Ints
    confidence: Floats
    clause: Ints
    phrase_start: Ints
    phrase_end: Ints
    start: Ints
    end: Ints
    source: Ints

    def __len__(self) -> int:
        return len(self.comment)

    def take(self, rows: Ints | Bools) -> "Found":
        """Return some of them, in the order of ``rows``."""
        return Found(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})

    def moved(self, comment: Ints, words: Ints, clauses: Ints) -> "Found":
        """Return the same in a batch where the comments have other numbers.

        Args:
            comment: The number of the comment of each there.
            words: How far its words are moved.
            clauses: How far its clauses are moved.
        """
        return replace(
            self,
            comment=comment,
            clause=np.where(self.clause < 0, UNKNOWN, self.clause + clauses),
            phrase_start=self.phrase_start + words,
            phrase_end=self.phrase_end + words,
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Readings(Sequence[Reading]):
    """All that a model says of a batch.

    Attributes:
        batch: The comments.
        themes: The ids of the themes, numbered.
        found: The themes found.
        polarity: What is said of each, as its place in ``SIDES``; −1 where it is unknown.
        polarity_confidence: How sure that is, 0–1; NaN where it is unknown.
        sentiment: Of each comment, as its place in ``SENTIMENT_ORDER``; −1 where it is unknown.
        sentiment_score: Its balance, −1 to 1; NaN where it is unknown.
        status: Of each comment, as its place in ``STATUS_ORDER``; −1 where the parser knows best.
    """

    batch: ParsedBatch
    themes: tuple[str, ...]
    found: Found
    polarity: Ints
    polarity_confidence: Floats
    sentiment: Ints
    sentiment_score: Floats
    status: Ints

    @classmethod
    def of(
        cls, readings: Sequence[Reading], batch: ParsedBatch, themes: Sequence[str]
    ) -> "Readings":
        """Return what a model said comment by comment, as arrays; arrays are returned as they are.

        Args:
            readings: One for each comment.
            batch: The comments.
            themes: The ids of all themes.
        """
        if isinstance(readings, Readings):
            return readings
        number = {theme: at for at, theme in enumerate(themes)}
        rows, said = [], []
        for at, one in enumerate(readings):
            begin = int(batch.words.first[at])
            first = int(batch.clauses.first[at])
            for span, judgement in zip(one.spans, one.judged.mentions, strict=True):
                here = _clause_number(batch, at, span.clause)
                rows.append(
                    (
                        at, number[span.theme], here if here < 0 else first + here,
                        begin + span.phrase[0], begin + span.phrase[1], span.start, span.end,
                        SOURCE_ORDER.index(span.source),
                        UNKNOWN if judgement is None else SIDES.index(judgement.polarity),
                    )
                )  # fmt: skip
                said.append(
                    (span.confidence, np.nan if judgement is None else judgement.confidence)
                )
        whole_numbers = np.array(rows, dtype=np.int64).reshape(-1, 9).T
        sure = np.array(said, dtype=np.float64).reshape(-1, 2).T
        verdicts = [one.judged.verdict for one in readings]
        return cls(
            batch=batch,
            themes=tuple(themes),
            found=Found(
                comment=whole_numbers[0], theme=whole_numbers[1], confidence=sure[0],
                clause=whole_numbers[2], phrase_start=whole_numbers[3],
                phrase_end=whole_numbers[4], start=whole_numbers[5], end=whole_numbers[6],
                source=whole_numbers[7],
            ),
            polarity=whole_numbers[8],
            polarity_confidence=sure[1],
            sentiment=np.array(
                [UNKNOWN if v is None else SENTIMENT_ORDER.index(v.sentiment) for v in verdicts],
                dtype=np.int64,
            ),
            sentiment_score=np.array(
                [np.nan if v is None else v.score for v in verdicts], dtype=np.float64
            ),
            status=np.array(
                [UNKNOWN if r.status is None else STATUS_ORDER.index(r.status) for r in readings],
                dtype=np.int64,
            ),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.batch)

    @cached_property
    def first(self) -> Ints:
        """Where the themes of each comment begin, and one past the end of all."""
        return begins(np.bincount(self.found.comment, minlength=len(self)))

    @overload
    def __getitem__(self, at: int) -> Reading: ...

    @overload
    def __getitem__(self, at: slice) -> "Readings": ...

    def __getitem__(self, at: int | slice) -> "Reading | Readings":
        """Return what is said of one comment as a record, or of some as arrays."""
        if isinstance(at, slice):
            return self.take(np.arange(len(self))[at])
        at = range(len(self))[at]
        rows = range(*self.first[at : at + 2].tolist())
        verdict = None
        if self.sentiment[at] != UNKNOWN:
            sentiment = SENTIMENT_ORDER[self.sentiment[at]]
            verdict = Verdict(sentiment, float(self.sentiment_score[at]))
        status = None if self.status[at] == UNKNOWN else STATUS_ORDER[self.status[at]]
        judged = Judged([self._judgement(row) for row in rows], verdict)
        return Reading([self._span(at, row) for row in rows], judged, status)

    def __iter__(self) -> Iterator[Reading]:
        return (self[at] for at in range(len(self)))

    def take(self, rows: Ints) -> "Readings":
        """Return what is said of the comments of these numbers, in this order."""
        rows = np.arange(len(self))[rows]
        where, first = stretches(self.first, rows)
        batch = self.batch.take(rows)
        comment = np.arange(len(rows)).repeat(np.diff(first))
        words = batch.words.first[:-1] - self.batch.words.first[rows]
        clauses = batch.clauses.first[:-1] - self.batch.clauses.first[rows]
        return Readings(
            batch=batch,
            themes=self.themes,
            found=self.found.take(where).moved(comment, words[comment], clauses[comment]),
            polarity=self.polarity[where],
            polarity_confidence=self.polarity_confidence[where],
            sentiment=self.sentiment[rows],
            sentiment_score=self.sentiment_score[rows],
            status=self.status[rows],
        )

    def _span(self, at: int, row: int) -> ThemeSpan:
        found, begin = self.found, int(self.batch.words.first[at])
        number = int(found.clause[row])
        if number < 0:
            size = int(self.batch.words.first[at + 1]) - begin
            clause = Clause(0, size, 0, contrast=False)
        else:
            clauses = self.batch.clauses
            clause = Clause(
                int(clauses.start[number]) - begin,
                int(clauses.end[number]) - begin,
                int(clauses.sentence[number]),
                bool(clauses.contrast[number]),
            )
        return ThemeSpan(
            theme=self.themes[found.theme[row]],
            confidence=float(found.confidence[row]),
            start=int(found.start[row]),
            end=int(found.end[row]),
            clause=clause,
            phrase=(int(found.phrase_start[row]) - begin, int(found.phrase_end[row]) - begin),
            source=SOURCE_ORDER[found.source[row]],
        )

    def _judgement(self, row: int) -> Judgement | None:
        if self.polarity[row] == UNKNOWN:
            return None
        return Judgement(SIDES[self.polarity[row]], float(self.polarity_confidence[row]))


def mentions_of(reading: Reading) -> tuple[Mention, ...]:
    """Return the themes of a comment, and what is said of them, as a tagged comment has them."""
    return tuple(
        Mention(
            theme=span.theme,
            polarity=judgement.polarity if judgement else None,
            theme_confidence=span.confidence,
            polarity_confidence=judgement.confidence if judgement else None,
            start=span.start,
            end=span.end,
            source=span.source,
        )
        for span, judgement in zip(reading.spans, reading.judged.mentions, strict=True)
    )


def _clause_number(batch: ParsedBatch, comment: int, clause: Clause) -> int:
    """Return which clause of its comment a clause is; −1 if it is none of them."""
    begin = int(batch.words.first[comment])
    rows = slice(*batch.clauses.first[comment : comment + 2].tolist())
    same = (batch.clauses.start[rows] - begin == clause.start) & (
        batch.clauses.end[rows] - begin == clause.end
    )
    return int(same.argmax()) if same.any() else UNKNOWN
