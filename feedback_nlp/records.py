"""The records everything exchanges: frozen, typed, keyword-only, and free of any library.

``Mention`` and ``TaggedComment`` are what a tagger says of one comment; ``Score`` is a figure
made of many ratings;
``RatingScale`` says how the answers of one question are to be read.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, Self

Polarity = Literal["negative", "neutral", "positive"]
Sentiment = Literal["negative", "neutral", "positive", "mixed"]
Status = Literal["ok", "blank", "uninformative", "unknown_language"]
Source = Literal["rule", "model", "human"]

LANGUAGES = ("nl", "en", "nb", "lv", "de", "fr", "es")
UNKNOWN_LANGUAGE = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One theme in one stretch of one comment.

    Attributes:
        theme: Taxonomy id, such as ``service.waiting_time``.
        polarity: What is said of it; ``None`` where that is unknown (never shown as neutral).
        theme_confidence: How sure the theme is, 0–1.
        polarity_confidence: How sure the polarity is, 0–1; ``None`` where it is unknown.
        start: First character of the evidence in the comment's text.
        end: One past the last character: the evidence is ``text[start:end]``.
        source: Who said so.
    """

    theme: str
    polarity: Polarity | None
    theme_confidence: float
    polarity_confidence: float | None
    start: int
    end: int
    source: Source = "rule"

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Build a mention from what ``to_dict`` returned."""
        return cls(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedComment:
    """One comment with everything a tagger says of it.

    Attributes:
        text: The comment as it came.
        mentions: Themes found, in order of appearance; empty means that no theme was found.
        language: ISO 639-1 code, or ``unknown``.
        status: ``ok``, or why the comment was set aside.
        sentiment: Of the whole comment; ``None`` where it is unknown or the status is not ``ok``.
        sentiment_score: −1 (all negative) to 1 (all positive); ``None`` where the sentiment is
            unknown.
        comment_id: The caller's own id, if given.

    Example:
        >>> mention = Mention(theme="price", polarity="negative", theme_confidence=0.9,
        ...                   polarity_confidence=0.9, start=0, end=13)
        >>> tagged = TaggedComment(text="Too expensive", mentions=(mention,), language="en")
        >>> tagged.themes, tagged.evidence(mention)
        (('price',), 'Too expensive')
        >>> TaggedComment.from_dict(tagged.to_dict()) == tagged
        True
    """

    text: str
    mentions: tuple[Mention, ...] = ()
    language: str = UNKNOWN_LANGUAGE
    status: Status = "ok"
    sentiment: Sentiment | None = None
    sentiment_score: float | None = None
    comment_id: str | None = None

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes mentioned, each once, in order of appearance."""
        return tuple(dict.fromkeys(mention.theme for mention in self.mentions))

    def evidence(self, mention: Mention) -> str:
        """Return the stretch of text that a mention rests on."""
        return self.text[mention.start : mention.end]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values, mentions with their evidence."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        values["mentions"] = [m.to_dict() | {"evidence": self.evidence(m)} for m in self.mentions]
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Build a tagged comment from what ``to_dict`` returned."""
        mentions = tuple(
            Mention.from_dict({k: v for k, v in m.items() if k != "evidence"})
            for m in values["mentions"]
        )
        return cls(**{**values, "mentions": mentions})


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingScale:
    """How the answers to one rating question are to be read.

    Attributes:
        metric: ``nps``, ``csat``, ``ces`` or the user's own name.
        low: Lowest answer of the scale as it was asked.
        high: Highest answer of the scale as it was asked.
        reversed: True when the lowest answer is the best one ("1 = very good"); the ratings in a
            comments table are already turned, so that high is good.
        column: Header of the column the ratings came from.
        why: What the scale was recognised by, or ``declared``.
    """

    metric: str
    low: float
    high: float
    reversed: bool = False
    column: str = ""
    why: str = "declared"

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Build a scale from what ``to_dict`` returned."""
        return cls(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One figure made of many ratings, with its interval and everything needed to quote it.

    Attributes:
        metric: ``nps``, ``csat`` or ``ces``.
        method: Which definition, such as ``top2``; with ``metric`` it names the figure.
        value: The score, in ``unit``.
        low: Lower end of the interval, never off the scale.
        high: Upper end of the interval, never off the scale.
        n: Respondents whose rating was used.
        n_missing: Respondents without a rating.
        level: Confidence level of the interval, 0–1.
        interval: How the interval was made, such as ``score`` or ``wilson``.
        unit: ``points`` (−100…100), ``percent`` (0…100) or ``rating`` (the scale's own points).
        counts: Number of respondents in each group, such as promoters.
        details: The same answers by the other definitions, for comparison.
    """

    metric: str
    method: str
    value: float
    low: float
    high: float
    n: int
    n_missing: int = 0
    level: float = 0.95
    interval: str = ""
    unit: str = "points"
    counts: Mapping[str, int] = field(default_factory=dict)
    details: Mapping[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return values | {"counts": dict(self.counts), "details": dict(self.details)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Build a score from what ``to_dict`` returned."""
        return cls(**values)

    def __str__(self) -> str:
        sign = "+" if self.unit == "points" else ""
        digits = 2 if self.unit == "rating" else 1
        mark = "%" if self.unit == "percent" else ""
        figures = [f"{x:{sign}.{digits}f}{mark}" for x in (self.value, self.low, self.high)]
        return (
            f"{self.metric.upper()} ({self.method}) {figures[0]} "
            f"[{figures[1]} to {figures[2]}, {self.level * 100:g}%], n = {self.n}"
        )
