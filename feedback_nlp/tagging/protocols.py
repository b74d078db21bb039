"""What a model is: the seam between the tagger and what reads comments.

A model reads parsed comments in batches and never changes them. Rules, the compact model and
trained ones all stand behind ``Model``, so that everything after it is the same. What is said of
one comment is a record; of a batch all of it is a few arrays (``readings``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from feedback_nlp.records import Polarity, Sentiment, Source, Status
from feedback_nlp.text import Clause, ParsedComment


@dataclass(frozen=True, slots=True)
class ThemeSpan:
    """A theme found in one clause.

    Attributes:
        theme: Taxonomy id.
        confidence: How sure, 0–1.
        start: First character of the evidence.
        end: One past its last character.
        clause: The clause it was found in.
        phrase: First and one past the last of the words that named it.
        source: ``rule`` or ``model``.
    """

    theme: str
    confidence: float
    start: int
    end: int
    clause: Clause
    phrase: tuple[int, int]
    source: Source = "rule"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A polarity and how sure it is, 0–1."""

    polarity: Polarity
    confidence: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """The sentiment of a whole comment, and its balance from −1 (all negative) to 1."""

    sentiment: Sentiment
    score: float


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said in one comment: of each theme span, and in all; ``None`` is unknown."""

    mentions: Sequence[Judgement | None]
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a model says of one comment.

    Attributes:
        spans: Its themes.
        judged: What is said of them, and in all.
        status: What it is, where the model knows better than the parser; else ``None``.
    """

    spans: Sequence[ThemeSpan]
    judged: Judged
    status: Status | None = None


class Model(Protocol):
    """Reads comments."""

    def read(self, comments: Sequence[ParsedComment]) -> Sequence[Reading]:
        """Return what each comment says, alike in any batch."""
        ...
