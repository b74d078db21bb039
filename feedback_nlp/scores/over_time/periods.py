"""Periods in a row: none is left out, so that a gap stays a gap."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import ColumnError, RatingError
from feedback_nlp.scores.answers import Scale, read_people, to_floats
from feedback_nlp.scores.choosing import definition_of
from feedback_nlp.scores.definitions import Definition
from feedback_nlp.scores.grouping import periods_of_rows
from feedback_nlp.scores.survey import no_ratings
from feedback_nlp.scores.table import period_of

_FREQUENCIES = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
EACH_ONCE = "each counts once in each, with the last answer of that period."
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """All periods from the first date to the last, those without answers included.

    Attributes:
        labels: Name of each period, as ``period_of`` writes it.
        starts: First day of each period.
        codes: Number of the period of each date, −1 where there is none.
        incomplete: Whether the answers seem to cover only a part of the period.
    """

    labels: NDArray[np.object_]
    starts: NDArray[np.datetime64]
    codes: Ints
    incomplete: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """The respondents of a comments table with their answers and dates.

    Attributes:
        people: One row for each respondent in each period.
        answers: Their answers, NaN where missing.
        definition: The score.
        calendar: Their periods.
        who: Number of the respondent of each row; ``None`` where nobody has several rows.
    """

    people: pd.DataFrame
    answers: Floats
    definition: Definition
    calendar: Calendar
    who: Ints | None = None

    @property
    def undated(self) -> int:
        """How many respondents have an answer and no date."""
        return int(((self.calendar.codes < 0) & ~np.isnan(self.answers)).sum())

    @property
    def repeated(self) -> int:
        """How many respondents answered in several periods."""
        if self.who is None:
            return 0
        used = (self.calendar.codes >= 0) & ~np.isnan(self.answers)
        return int((np.bincount(self.who[used]) > 1).sum())


def read_dated(
    comments: pd.DataFrame,
    rating: str,
    *,
    period: str,
    keep: Sequence[str] = (),
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
    within: Ints | None = None,
) -> Dated:
    """Return the respondents of a comments table, each once in each period, with their answers.

    Args:
        comments: A comments table with dates.
        rating: The rating column.
        period: Of the calendar.
        keep: Further columns to take along.
        metric: As in ``score_of``.
        method: As in ``score_of``.
        scale: As in ``score_of``.
        within: Number of the stretch of time of each row in which a respondent counts once, −1
            for none; the periods if not given.

    Raises:
        ColumnError: A column is missing, or there is no date.
        RatingError: As for the score itself, or no answer has a date.
        FeedbackError: No such period.
    """
    definition = definition_of(comments, rating, metric=metric, method=method, scale=scale)
    whole = definition.metric == "nps"
    people = read_people(
        comments, rating, definition.scale, whole=whole, keep=["date", *keep],
        within=periods_of_rows(comments, [period]) if within is None else within,
    )  # fmt: skip
    answers = to_floats(people[rating])
    if not np.isfinite(answers).any():
        raise no_ratings(rating, answers.size)
    days = calendar_of(people["date"], period)
    if not np.isfinite(answers[days.codes >= 0]).any():
        raise RatingError(
            f"No rating in {rating!r} has a date; scores over time need rows with both."
        )
    return Dated(
        people=people, answers=answers, definition=definition, calendar=days, who=_who(people)
    )


def _who(people: pd.DataFrame) -> Ints | None:
    """Return the number of the respondent of each row, in order of names, if one has several."""
    codes, names = pd.factorize(people["respondent_id"])
    if len(names) == len(people):
        return None
    place = np.empty(len(names), dtype=np.int64)
    place[names.argsort()] = np.arange(len(names))
    return place[codes]


def calendar_of(dates: pd.Series, period: str) -> Calendar:
    """Return the periods of dates, from the first to the last without gaps.

    The first or last period is called incomplete where more days are missing at the edge than
    twice the usual distance between two days with answers.

    Args:
        dates: Dates, some of which may be missing.
        period: ``day``, ``week`` (from Monday), ``month``, ``quarter`` or ``year``.

    Raises:
        ColumnError: The column does not hold dates, or all are missing.
        FeedbackError: No such period.

    Example:
        >>> days = pd.Series(pd.to_datetime(["2026-01-31", None, "2026-03-01"]))
        >>> found = calendar_of(days, "month")
        >>> found.labels.tolist(), found.codes.tolist()
        (['2026-01', '2026-02', '2026-03'], [0, -1, 2])
    """
    period_of(dates.iloc[:0], period)  # the checks
    days = days_of(dates)
    known = np.unique(days[~np.isnat(days)])
    if not known.size:
        raise ColumnError(f"Column {dates.name!r} has no date in any row, so there are no periods.")
    span = pd.period_range(known[0], known[-1], freq=_FREQUENCIES[period])
    starts = span.start_time.to_numpy().astype("datetime64[D]")
    after = span.end_time.to_numpy().astype("datetime64[D]")[-1] + np.timedelta64(1, "D")
    usual = np.median(np.diff(known)).astype(int) if known.size > 1 else 0
    incomplete = np.zeros(starts.size, dtype=bool)
    incomplete[0] = (known[0] - starts[0]).astype(int) > 2 * usual
    incomplete[-1] |= (after - known[-1]).astype(int) - 1 > 2 * usual
    labels = period_of(pd.Series(pd.DatetimeIndex(starts)), period).to_numpy(dtype=object)
    return Calendar(
        labels=labels, starts=starts, codes=_codes(dates, starts), incomplete=incomplete
    )


def days_of(dates: pd.Series) -> NDArray[np.datetime64]:
    """Return the day of each date, where it was."""
    local = dates.dt.tz_localize(None) if dates.dt.tz is not None else dates
    return local.to_numpy().astype("datetime64[D]")


def _codes(dates: pd.Series, starts: NDArray[np.datetime64]) -> Ints:
    """Return the number of the period of each date, −1 where it is missing."""
    days = days_of(dates)
    codes = np.searchsorted(starts, days, side="right") - 1
    codes[np.isnat(days)] = -1
    return codes


def usual_period(dates: pd.Series) -> str:
    """Return the period that gives a readable number of points between the first and last date.

    Example:
        >>> usual_period(pd.Series(pd.to_datetime(["2026-01-01", "2026-12-31"])))
        'month'
    """
    days = (dates.max() - dates.min()).days
    for period, longest in (("day", 14), ("week", 75), ("month", 36 * 31), ("quarter", 3300)):
        if days <= longest:
            return period
    return "year"
