"""What sections on time share: the kind of period, and why nothing can be said about time."""

from dataclasses import dataclass

import pandas as pd

from feedback_nlp.report.source import Source
from feedback_nlp.schema import respondent_ids
from feedback_nlp.scores.over_time.periods import usual_period


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """When respondents with a rating answered.

    Attributes:
        period: The kind of period: ``day``, ``week``, ``month``, ``quarter`` or ``year``.
        dates: Date of each row with a rating; missing where there is none.
        who: The respondent of each of these rows.
    """

    period: str
    dates: pd.Series
    who: "pd.Series[str]"

    def unit(self, source: Source) -> str:
        """Return how the kind of period is called."""
        return source.said.say(f"period.{'weekly' if self.period == 'week' else self.period}")

    def counted(self, n: int, source: Source) -> str:
        """Return a number of such periods in words."""
        return source.said.say(f"trend.count.{self.period}", n)


def timeline_of(source: Source) -> Timeline | str:
    """Return the timeline of the ratings; or, where there is none, the sentence that says why."""
    comments = source.comments
    if "date" not in comments.columns:
        return source.said.say("trend.absent_dates")
    rated = comments[source.rating].notna()
    dates = comments.loc[rated, "date"]
    if dates.notna().sum() < 2:
        return source.said.say("trend.absent_one" if dates.notna().any() else "trend.absent_dates")
    return Timeline(period=usual_period(dates), dates=dates, who=respondent_ids(comments)[rated])


def span_name(span: str, source: Source) -> str:
    """Return a span of periods as it is written."""
    first, _, last = span.partition("..")
    if not last:
        return source.said.period(first)
    first, last = source.said.period(first), source.said.period(last)
    return source.said.say("change.part.span", first=first, last=last)
