"""Why detractors are unhappy: each reason with its figures, sub-themes, words and quotes."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from feedback_nlp.drivers.explain.explanation import Explanation, Reason
from feedback_nlp.drivers.explain.findings import Estimate
from feedback_nlp.drivers.explain.findings import Quote as FoundQuote
from feedback_nlp.report.parts import GroupShare, Interval, Quote, ReasonPart, SubTheme
from feedback_nlp.showing import count, joined, safe, share, theme_name


def reason_parts(
    explanation: Explanation,
    groups: Sequence[GroupShare],
    names: dict[str, str],
) -> tuple[ReasonPart, ...]:
    """Return the reasons of an explanation with the figures of the driver table.

    Args:
        explanation: The ranked reasons with their words, quotes and driver table.
        groups: Low, middle and top group.
        names: Display names by theme id.
    """
    figures = {row["theme"]: row for row in explanation.table.to_dict("records")}
    return tuple(
        _part(rank, reason, figures[reason.theme], groups, names)
        for rank, reason in enumerate(explanation.reasons, start=1)
    )


def _part(
    rank: int,
    reason: Reason,
    row: Mapping[Hashable, Any],
    groups: Sequence[GroupShare],
    names: dict[str, str],
) -> ReasonPart:
    n = int(row["n_negative"])
    below = tuple(
        SubTheme(name=safe(name[:1].upper() + name[1:]), n_low=n) for name, n in reason.parts
    )
    odds = None
    if pd.notna(row["odds_ratio"]):
        odds = Interval(
            value=float(row["odds_ratio"]),
            low=float(row["odds_ratio_low"]),
            high=float(row["odds_ratio_high"]),
            n=n,
        )
    return ReasonPart(
        rank=rank,
        theme=reason.theme,
        name=theme_name(reason.theme, names),
        short=_short(row, groups, below),
        sentence=safe(reason.sentence),
        n_negative=n,
        gain=_interval(reason.adjusted_gain, n),
        points=_interval(reason.points_lost, n),
        share_low=float(row["share_detractors"]),
        share_top=float(row["share_promoters"]),
        odds=odds,
        subthemes=below,
        words=tuple(safe(word) for word in reason.words),
        quotes=tuple(_quote(quote) for quote in reason.quotes),
    )


def _interval(found: Estimate, n: int) -> Interval:
    return Interval(value=found.value, low=found.low, high=found.high, n=n)


def _short(
    row: Mapping[Hashable, Any], groups: Sequence[GroupShare], below: Sequence[SubTheme]
) -> str:
    low, _, top = groups
    above_all = joined([f"{_inside(sub.name)} ({count(sub.n_low)})" for sub in below[:2]])
    return (
        f"Blamed by {share(row['share_detractors'])} of {low.people} "
        f"({count(int(row['n_detractors']))}) and {share(row['share_promoters'])} of {top.people}."
        f"{f' Above all {above_all}.' if above_all else ''}"
    )


def _inside(name: str) -> str:
    """Return a name as it is written inside a sentence: ``delivery time``, but ``WiFi``."""
    first = name.split(" ")[0]
    return name[:1].lower() + name[1:] if first[1:].islower() else name


def _quote(found: FoundQuote) -> Quote:
    """Return a quote in three parts, safe to show."""
    text, start, end = found.text, found.start, found.end
    when = f"{found.date.day} {found.date:%b %Y}" if found.date is not None else ""
    return Quote(
        before=safe(text[:start]),
        evidence=safe(text[start:end]),
        after=safe(text[end:]),
        rating=f"{found.rating:g}",
        date=when,
        segment=safe(found.segment),
    )
