"""The answer in words, and how it shows itself as text, Markdown and HTML.

Quotes are customers' own words: whatever they typed is escaped here and never taken as markup.
"""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from feedback_nlp.markup import escape_html as _html
from feedback_nlp.markup import escape_markdown as _md
from feedback_nlp.records import Score
from feedback_nlp.showing import blanked, joined


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
    """

    text: str
    start: int
    end: int
    rating: float
    date: dt.date | None = None
    segment: str = ""
    comment_id: str = ""

    @property
    def source(self) -> str:
        """Rating, date and segment, as shown behind the quote."""
        parts = [f"rating {self.rating:g}"]
        parts += [self.date.isoformat()] if self.date else []
        return ", ".join(parts + ([self.segment] if self.segment else []))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One theme that detractors blame.

    Attributes:
        theme: Its id.
        name: Its display name.
        sentence: The figures in words.
        n: Detractors who blame it.
        share: Their share of all detractors, 0–1.
        share_low: Lower end of the Wilson interval of the share.
        share_high: Upper end.
        points_lost: What it stands for in the distance from the maximum.
        points_lost_low: Lower end of the bootstrap interval; missing where there is none.
        points_lost_high: Upper end.
        sets_apart: Whether detractors blame it more often than others, beyond chance (q ≤ 0.05).
        words: Words that mark what detractors say of it.
        subthemes: Display name and number of detractors of each part of it that is blamed.
        quotes: What detractors wrote.
    """

    theme: str
    name: str
    sentence: str
    n: int
    share: float
    share_low: float
    share_high: float
    points_lost: float
    points_lost_low: float
    points_lost_high: float
    sets_apart: bool
    words: tuple[str, ...] = ()
    subthemes: tuple[tuple[str, int], ...] = ()
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explanation:
    """Why the low group is unhappy, as far as the data can say.

    Attributes:
        title: What it explains.
        score: The score of all respondents.
        table: The driver table it rests on.
        reasons: The themes that the low group blames, most points lost first; empty if none can be
            given.
        sentences: The answer, to be read first.
        limits: What cannot be said, and why.
    """

    title: str
    score: Score
    table: pd.DataFrame
    reasons: tuple[Reason, ...]
    sentences: tuple[str, ...]
    limits: tuple[str, ...]

    def to_markdown(self) -> str:
        """Return the explanation as Markdown, customers' words escaped."""
        lines = [f"# {_md(self.title)}", "", "\n\n".join(map(_md, self.sentences)), ""]
        for place, reason in enumerate(self.reasons, 1):
            lines += [f"## {place}. {_md(reason.name)}", "", _md(reason.sentence), ""]
            lines += [_md(line) + "\n" for line in _asides(reason)]
            for quote in reason.quotes:
                lines += [f"> “{_md(quote.text)}” ({_md(quote.source)})", ""]
        lines += ["## What this cannot say", ""]
        return "\n".join(lines + [f"- {_md(limit)}" for limit in self.limits]) + "\n"

    def _repr_html_(self) -> str:
        reasons = "".join(f"<li>{_reason_html(reason)}</li>" for reason in self.reasons)
        limits = "".join(f"<li>{_html(limit)}</li>" for limit in self.limits)
        return (
            f"<section><h3>{_html(self.title)}</h3><p>{_html(' '.join(self.sentences))}</p>"
            + (f"<ol>{reasons}</ol>" if reasons else "")
            + f"<h4>What this cannot say</h4><ul>{limits}</ul></section>"
        )

    def __str__(self) -> str:
        lines = [self.title, "", *self.sentences, ""]
        for place, reason in enumerate(self.reasons, 1):
            lines += [f"{place}. {reason.sentence}", *(f"   {x}" for x in _asides(reason))]
            lines += [f"   “{quote.text}” ({quote.source})" for quote in reason.quotes]
        lines += ["", "What this cannot say", *(f"- {limit}" for limit in self.limits)]
        return "\n".join(blanked(line) for line in lines)


def _asides(reason: Reason) -> list[str]:
    """Return the lines beneath a reason: its words and its parts."""
    lines = [f"Words that stand out: {', '.join(reason.words)}."] if reason.words else []
    if reason.subthemes:
        lines.append(f"In particular: {joined([f'{name} {n}' for name, n in reason.subthemes])}.")
    return lines


def _reason_html(reason: Reason) -> str:
    quotes = "".join(
        f"<blockquote>“{_html(q.text[: q.start])}<mark>{_html(q.text[q.start : q.end])}</mark>"
        f"{_html(q.text[q.end :])}” <small>{_html(q.source)}</small></blockquote>"
        for q in reason.quotes
    )
    asides = "".join(f"<br><small>{_html(line)}</small>" for line in _asides(reason))
    return f"{_html(reason.sentence)}{asides}{quotes}"
