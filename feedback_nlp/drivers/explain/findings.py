"""What is found before it is put into words: numbers, quotes and names, in no language."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from feedback_nlp.drivers.base import BaseFinding
from feedback_nlp.records import Score
from feedback_nlp.showing import first_upper


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A customer's words, short and masked.

    Attributes:
        text: The words, with personal data masked; ``…`` marks where they are cut.
        start: First character of the evidence in ``text``.
        end: One past its last character.
        rating: The customer's rating.
        date: Day of the answer, if known.
        segment: Segments of the customer, such as ``shop: north``; empty if there are none.
        comment_id: The comment it is from.
        language: Its language, ISO 639-1; empty if not known.
    """

    text: str
    start: int
    end: int
    rating: float
    date: dt.date | None = None
    segment: str = ""
    comment_id: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure with the ends of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Blamed:
    """How many of a group blame a theme.

    Attributes:
        n: Those who do.
        of: All of the group.
        share: ``n`` ÷ ``of``, with its Wilson interval.
    """

    n: int
    of: int
    share: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A sub-theme of a reason that is not suppressed.

    Attributes:
        theme: Its id.
        n: How many of the low group blame it.
        points_lost: Its part of the points lost.
    """

    theme: str
    n: int
    points_lost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """A stronger reason that many of those who blame a reason blame as well.

    Attributes:
        theme: Its id.
        n: Respondents who blame both.
        of: Respondents who blame the reason it comes with.
    """

    theme: str
    n: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Whose comments the terms of a theme were compared with.

    Attributes:
        n: Comments of the low group that blame the theme, a sample of 2,000 at most.
        of: How many there are.
        n_others: Other comments, of a sample of 10,000 at most: the terms are more frequent than
            in these.
        of_others: How many others there are.
        n_promoters: Comments of the top group that mention the theme, with whatever polarity, a
            sample of 2,000 at most: the terms are more frequent than in these too. 0 where they are
            too few to compare with.
    """

    n: int
    of: int
    n_others: int
    of_others: int
    n_promoters: int

    @property
    def is_sample(self) -> bool:
        """Whether some comments were left out."""
        return self.n < self.of or self.n_others < self.of_others


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The figures of one reason.

    Attributes:
        theme: Its id.
        low: How many of the low group blame it.
        others: How many of all others do.
        points_lost: What it stands for in the distance from the maximum.
        adjusted_gain: How much higher the score would be if those who blame it had scored like
            those who say the same otherwise.
        companion: A stronger reason that many of them blame as well, if there is one.
        words: Terms that mark what the low group says of it.
        compared: What these were compared with; nothing if there are none.
        parts: Its sub-themes, most points lost first.
        quotes: What the low group wrote.
    """

    theme: str
    low: Blamed
    others: Blamed
    points_lost: Estimate
    adjusted_gain: Estimate
    companion: Companion | None = None
    words: tuple[str, ...] = ()
    compared: Compared | None = None
    parts: tuple[Part, ...] = ()
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Findings:
    """Everything that the answer is made of.

    Attributes:
        score: The score of all respondents.
        table: The driver table.
        verdicts: What each of its themes is, in the same order.
        reasons: The themes that are reasons and described, the largest gain first.
        base: Who wrote among the respondents, and who has a theme among those.
        answers: Which answers make each group.
        names: Display names given for theme ids, by language.
        scale: What the reader noted of the scale of the rating.
        set_aside: Ratings that were set aside, by reason.
        constant: Whether all respondents gave the same rating.
    """

    score: Score
    table: pd.DataFrame
    verdicts: "pd.Series[str]"
    reasons: tuple[Finding, ...]
    base: tuple[BaseFinding, BaseFinding]
    answers: Mapping[str, str]
    names: Mapping[str, Mapping[str, str]]
    scale: Mapping[str, Any]
    set_aside: Mapping[str, int]
    constant: bool

    @property
    def notes(self) -> Mapping[str, Any]:
        """What the driver table notes of itself."""
        found: Mapping[str, Any] = self.table.attrs["drivers"]
        return found

    def name(self, theme: str, language: str) -> str:
        """Return how a theme is shown in a language."""
        return display_name(theme, self.names[language])

    def themes(self, *verdicts: str) -> list[str]:
        """Return the themes of some verdicts that anybody blames, in the order of the table."""
        chosen = self.verdicts.isin(verdicts) & (self.table["n_negative"] > 0)
        return [str(theme) for theme in self.table.loc[chosen, "theme"]]


def display_name(theme: str, names: Mapping[str, str] | None = None) -> str:
    """Return how a theme is shown.

    Example:
        >>> display_name("service"), display_name("service.waiting_time")
        ('Service', 'Service: waiting time')
    """
    if names and theme in names:
        return names[theme]
    top, _, sub = theme.replace("_", " ").partition(".")
    return f"{first_upper(top)}: {sub}" if sub else first_upper(top)
