"""The records everything exchanges: frozen, typed, keyword-only, and free of any library.

``Mention`` and ``TaggedComment`` are what a tagger says of one comment; ``Score`` is a figure
made of many ratings;
``RatingScale`` says how the answers of one question are to be read.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, Self

from feedback_nlp.display.comments import Found, comment_html
from feedback_nlp.display.scores import score_html
from feedback_nlp.errors import FeedbackError
from feedback_nlp.reasons import Reasons

Polarity = Literal["negative", "neutral", "positive"]
Sentiment = Literal["negative", "neutral", "positive", "mixed"]
Status = Literal["ok", "blank", "uninformative", "unknown_language"]
Source = Literal["rule", "model", "human"]

LANGUAGES = ("nl", "en", "nb", "lv", "de", "fr", "es")
REPORT_LANGUAGES = ("en", "nl", "nb", "lv")
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
        explainer: What ``explain`` asks; set by the tagger, not kept in files.

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
    explainer: Callable[["TaggedComment"], Reasons] | None = field(
        default=None, repr=False, compare=False
    )

    def explain(self) -> Reasons:
        """Return why it was tagged so: for each mention the words that spoke for it.

        Raises:
            FeedbackError: The tagger is not at hand: the record was read from a file, or came
                from another process.

        Example:
            >>> from feedback_nlp import load_tagger
            >>> reasons = load_tagger("rules")("Too expensive!").explain()
            >>> reasons[0].theme, reasons[0].phrase
            ('price.level', 'Too expensive')
        """
        if self.explainer is None:
            raise FeedbackError(
                "The tagger that tagged this comment is not at hand, so it cannot be explained; "
                "tag it again: load_tagger()(text).explain()."
            )
        return self.explainer(self)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Mapping[str, Any]]]:
        """Leave the tagger behind when the record goes to a file or another process."""
        return (TaggedComment.from_dict, (self.to_dict(),))

    def _repr_html_(self) -> str:
        found = [Found(**mention.to_dict()) for mention in self.mentions]
        return comment_html(
            self.text, found, language=self.language, status=self.status, sentiment=self.sentiment,
            sentiment_score=self.sentiment_score, comment_id=self.comment_id,
        )  # fmt: skip

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes mentioned, each once, in order of appearance."""
        return tuple(dict.fromkeys(mention.theme for mention in self.mentions))

    def evidence(self, mention: Mention) -> str:
        """Return the stretch of text that a mention rests on."""
        return self.text[mention.start : mention.end]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values, mentions with their evidence."""
        kept = [f.name for f in fields(self) if f.name != "explainer"]
        values = {name: getattr(self, name) for name in kept}
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
        wording: In which words the answers were given, such as ``satisfaction-5``; blank where
            they were numbers.
    """

    metric: str
    low: float
    high: float
    reversed: bool = False
    column: str = ""
    why: str = "declared"
    wording: str = ""

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
        metric: Which score, such as ``nps``.
        method: Which definition, such as ``top2``; with ``metric`` it names the figure.
        value: The score, in ``unit``.
        low: Lower end of the interval, never off the scale.
        high: Upper end of the interval, never off the scale.
        n: Respondents whose rating was used.
        n_missing: Respondents without a rating.
        level: Confidence level of the interval, 0–1.
        interval: How the interval was made, such as ``score`` or ``wilson``.
        unit: ``points`` (−100…100), ``percent`` (0…100), ``rating`` (the scale's own points) or
            ``index`` (a bare number).
        counts: Number of respondents in each group, such as promoters.
        details: The same answers by the other definitions, for comparison.
        scale: Lowest and highest possible answer; ``None`` where there is no one scale.
        n_effective: How many equally weighted answers would say as much, where answers have
            weights; else ``None``.
        population: How many people there are in all, where the interval takes that into account;
            else ``None``.
        notes: Plain sentences that belong to the figure.
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
    scale: tuple[float, float] | None = None
    n_effective: float | None = None
    population: int | None = None
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        plain = {"counts": dict(self.counts), "details": dict(self.details)}
        scale = None if self.scale is None else list(self.scale)
        return values | plain | {"scale": scale, "notes": list(self.notes)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Build a score from what ``to_dict`` returned."""
        scale, notes = values.get("scale"), values.get("notes", ())
        ends = None if scale is None else (scale[0], scale[1])
        return cls(**{**values, "scale": ends, "notes": tuple(notes)})

    def __str__(self) -> str:
        ends = f"[{self._ends()}, {self.level * 100:g}%]" if self.low == self.low else self._ends()
        value = figure(self.value, self.unit)
        return f"{self.metric.upper()} ({self.method}) {value} {ends}, n = {self.n}"

    def _repr_html_(self) -> str:
        return score_html(
            metric=self.metric, method=self.method, value=self.value, low=self.low, high=self.high,
            level=self.level, how=self.interval, unit=self.unit, scale=self.scale, n=self.n,
            n_missing=self.n_missing, counts=self.counts, notes=self.notes,
        )  # fmt: skip

    def _ends(self) -> str:
        if self.low != self.low:
            return "without an interval"
        return f"{figure(self.low, self.unit)} to {figure(self.high, self.unit)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The score of one group or period minus that of another, with its interval and test.

    Attributes:
        metric: Which score, such as ``nps``.
        method: Which definition of it.
        value: First score minus second score, in ``unit``.
        low: Lower end of the interval.
        high: Upper end of the interval.
        p_value: Of the test that the two scores are alike, two-sided, 0–1; it is below
            1 − ``level`` exactly where the interval leaves zero out.
        first: The score of the first group, or of the later period.
        second: The score of the second group, or of the earlier period.
        level: Confidence level of the interval, 0–1.
        interval: How interval and test were made.
        unit: As that of the scores; a difference of two percentages is in percentage points.

    Example:
        >>> score = Score(metric="nps", method="standard", value=20, low=3, high=36, n=100)
        >>> lower = Score(metric="nps", method="standard", value=10, low=-8, high=27, n=90)
        >>> print(Difference(metric="nps", method="standard", value=10, low=-14, high=34,
        ...                  p_value=0.41, first=score, second=lower))
        NPS (standard) difference +10.0 [-14.0 to +34.0, 95%], p = 0.41, n = 100 and 90
    """

    metric: str
    method: str
    value: float
    low: float
    high: float
    p_value: float
    first: Score
    second: Score
    level: float = 0.95
    interval: str = ""
    unit: str = "points"

    @property
    def clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return values | {"first": self.first.to_dict(), "second": self.second.to_dict()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Build a difference from what ``to_dict`` returned."""
        scores = {name: Score.from_dict(values[name]) for name in ("first", "second")}
        return cls(**{**values, **scores})

    def __str__(self) -> str:
        digits = 2 if self.unit in ("rating", "index") else 1
        value, low, high = (f"{x:+.{digits}f}" for x in (self.value, self.low, self.high))
        p = "< 0.001" if self.p_value < 0.001 else f"= {self.p_value:.2g}"
        return (
            f"{self.metric.upper()} ({self.method}) difference {value} [{low} to {high}, "
            f"{self.level * 100:g}%], p {p}, n = {self.first.n} and {self.second.n}"
        )


def figure(value: float, unit: str) -> str:
    """Return a score as text, in its unit.

    Example:
        >>> figure(20.04, "points"), figure(69.16, "percent"), figure(4.0784, "rating")
        ('+20.0', '69.2%', '4.08')
    """
    sign = "+" if unit == "points" else ""
    digits = 2 if unit in ("rating", "index") else 1
    return f"{value:{sign}.{digits}f}{'%' if unit == 'percent' else ''}"
