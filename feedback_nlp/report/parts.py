"""What a report holds: plain numbers and sentences in frozen records, no markup."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_nlp.drivers import Explanation
from feedback_nlp.records import Score
from feedback_nlp.words import Cloud

_ADJECTIVES = ("dissatisfied", "neutral", "satisfied")


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An estimate, the ends of its interval, and the number of respondents behind it."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupShare:
    """One group of raters; ``percent`` is rounded so that the three add up to 100."""

    name: str
    answers: str
    n: int
    share: float
    percent: int

    @property
    def people(self) -> str:
        """The group as a noun: ``detractors``, ``dissatisfied respondents``."""
        if self.name in ("difficult", "easy"):
            return f"respondents who found it {self.name}"
        return f"{self.name} respondents" if self.name in _ADJECTIVES else self.name

    @property
    def verb(self) -> str:
        """What the group did: ``are detractors``, ``found it easy``."""
        return f"{'found it' if self.name in ('difficult', 'easy') else 'are'} {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCount:
    """How many gave one answer, and the number of the group it belongs to (0, 1, 2)."""

    answer: str
    n: int
    share: float
    group: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the way from the best possible score down to the score.

    Attributes:
        label: What the points are lost on.
        kind: ``theme``, ``small`` (themes too small to name), ``no_theme`` or ``no_comment``.
        points: Points lost, rounded so that all steps add up to the shortfall as shown.
        start: The score before the step.
        end: The score after it.
        low: Lower end of the interval of the points, if there is one.
        high: Upper end.
        n: Respondents behind it, if counted.
    """

    label: str
    kind: str
    points: float
    start: float
    end: float
    low: float | None = None
    high: float | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One comment, masked, with the words that the theme was found by."""

    before: str
    evidence: str
    after: str
    rating: str
    date: str = ""
    segment: str = ""

    @property
    def text(self) -> str:
        """The whole quote."""
        return self.before + self.evidence + self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class SubTheme:
    """One part of a theme and how many of the low group mention it negatively."""

    name: str
    n_low: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonPart:
    """One reason why detractors are unhappy, with everything needed to judge it.

    ``gain`` is the adjusted gain, which reasons are ranked by; ``points`` are the points lost.
    """

    rank: int
    theme: str
    name: str
    short: str
    sentence: str
    n_negative: int
    gain: Interval
    points: Interval
    share_low: float
    share_top: float
    odds: Interval | None
    subthemes: tuple[SubTheme, ...] = ()
    words: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeRow:
    """How many comments mention a theme, by what is said of it; one comment may count in two."""

    theme: str
    name: str
    n_comments: int
    negative: int
    neutral: int
    positive: int
    unknown: int
    subthemes: tuple["ThemeRow", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    """The score of one segment or period; ``None`` where it is too small to show."""

    label: str
    n: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSection:
    """The scores of all segments of one column, or of all periods."""

    column: str
    title: str
    sentence: str
    rows: tuple[ScoreRow, ...]
    left_out: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudPart:
    """The words of one group of raters."""

    group: str
    title: str
    sentence: str
    cloud: Cloud


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A total and the parts that make it: the parts always add up."""

    label: str
    total: int
    parts: tuple[tuple[str, int], ...]

    @property
    def sentence(self) -> str:
        """The sum as it is read aloud."""
        parts = " + ".join(f"{n:,} {label}" for label, n in self.parts)
        return f"{self.total:,} {self.label} = {parts}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The first screen: the score in words; ``caution`` if those who wrote score otherwise."""

    score: str
    interval: str
    name: str
    meaning: str
    certainty: str
    caution: str
    facts: tuple[tuple[str, str, str], ...]
    reasons_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a column of the export was taken for, and why."""

    column: str
    role: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HowMade:
    """Everything needed to check the report, and to make it again."""

    sums: tuple[Sum, ...]
    columns: tuple[Column, ...]
    run: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    method: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report: every number and every sentence, to be written in the format of your choice.

    Attributes:
        title: Heading of the report.
        rating: The rating column.
        score: The score with its interval.
        maximum: The best possible score.
        minimum: The lowest possible score.
        answer: The first screen, in words.
        groups: Detractors, passives and promoters, or what they are called for this rating.
        distribution: Number of respondents by answer.
        waterfall: From the best possible score down to the score.
        reasons: Why detractors are unhappy, the largest adjusted gain first.
        themes: Comments by theme and polarity, the most mentioned first.
        clouds: Words of the low and the top group.
        trend: The score over time, if there are dates.
        segments: The score by segment.
        headings: The sentence above each section, by section.
        how_made: Row accounting, columns, method, limits.
        explanation: Why detractors are unhappy, as ``explain_detractors`` says it.
        drivers: The full driver table, with the names of themes.
        scores: The scores of all segments and periods in one table.
        mentions: Every mention with its comment, personal data masked; at most 100,000.
        n_mentions: How many mentions there are.
    """

    title: str
    rating: str
    score: Score
    maximum: float
    minimum: float
    answer: Answer
    groups: tuple[GroupShare, ...]
    distribution: tuple[AnswerCount, ...]
    waterfall: tuple[Step, ...]
    reasons: tuple[ReasonPart, ...]
    themes: tuple[ThemeRow, ...]
    clouds: tuple[CloudPart, ...]
    trend: ScoreSection | None
    segments: tuple[ScoreSection, ...]
    headings: Mapping[str, str]
    how_made: HowMade
    explanation: Explanation = field(repr=False, compare=False)
    drivers: pd.DataFrame = field(repr=False, compare=False)
    scores: pd.DataFrame = field(repr=False, compare=False)
    mentions: pd.DataFrame = field(repr=False, compare=False)
    n_mentions: int

    def write(self, path: str | Path) -> Path:
        """Write the report; the ending picks the format.

        The file appears whole or not at all; the same report gives the same bytes.

        Args:
            path: A file that ends in ``.html``, ``.md``, ``.json`` or ``.xlsx``.

        Raises:
            FeedbackError: Another ending.
            FileFormatError: The file cannot be written.
        """
        from feedback_nlp.report.render import write_report

        return write_report(self, path)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values, without the mentions, nor anything twice."""
        left_out = ("mentions", "explanation")
        return {
            f.name: plain(getattr(self, f.name)) for f in fields(self) if f.name not in left_out
        }


def plain(value: Any) -> Any:  # noqa: ANN401
    """Return a value as what JSON knows: records as dictionaries, missing numbers as ``None``."""
    if isinstance(value, Score):
        return plain(value.to_dict())
    if isinstance(value, Cloud):
        return {"description": value.description, "n_comments": value.n_comments,
                "terms": plain(value.table.head(200))}  # fmt: skip
    if isinstance(value, pd.DataFrame):
        return [plain(row) for row in value.astype(object).to_dict("records")]
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:  # noqa: ANN401
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if pd.isna(value) or (isinstance(value, float) and not isfinite(value)):
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value
