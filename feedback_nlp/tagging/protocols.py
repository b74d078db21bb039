"""What a model is: the seam between the tagger and what reads comments.

A model reads parsed comments in batches and never changes them. Rules, the compact model and
transformers all stand behind ``Model``, so that everything after it is the same. ``TwoSteps`` makes
one of a model that finds themes and a model that judges them.
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

    def read(self, comments: Sequence[ParsedComment]) -> list[Reading]:
        """Return what each comment says, alike in any batch."""
        ...


class ThemeModel(Protocol):
    """Finds themes."""

    def find_themes(self, comments: Sequence[ParsedComment]) -> list[list[ThemeSpan]]:
        """Return the themes of each comment, in order of appearance; none for a status not ok."""
        ...


class PolarityModel(Protocol):
    """Judges what is said of a theme, and of everything."""

    def judge(
        self, comments: Sequence[ParsedComment], spans: Sequence[Sequence[ThemeSpan]]
    ) -> list[Judged]:
        """Return the polarity of each theme span and of each whole comment."""
        ...


@dataclass(frozen=True, slots=True)
class TwoSteps:
    """A model of two: one finds themes, the other judges them."""

    themes: ThemeModel
    polarity: PolarityModel

    def read(self, comments: Sequence[ParsedComment]) -> list[Reading]:
        """Return what each comment says."""
        spans = self.themes.find_themes(comments)
        judged = self.polarity.judge(comments, spans)
        return [Reading(*pair) for pair in zip(spans, judged, strict=True)]
