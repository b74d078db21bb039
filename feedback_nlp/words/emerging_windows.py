"""The recent comments and those before them: which days, by what rule, and each text once a day."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import FeedbackError
from feedback_nlp.scores.over_time.spans import span_name, span_of
from feedback_nlp.scores.over_time.written import Days
from feedback_nlp.scores.traps.lookalikes import FEWEST_WORDS
from feedback_nlp.words.tables import Mask

Dates = NDArray[np.datetime64]
LEAST_DAYS = 2
_RECENT = 4  # the recent window is one part of so many
_WEEK = 7
_DAY, _YEAR = np.timedelta64(1, "D"), np.timedelta64(364, "D")  # 52 weeks


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Windows:
    """Two stretches of days that have no day in common.

    Attributes:
        recent: First and last day of the recent one.
        before: First and last day of the one it is compared with.
        rule: How they were chosen: ``last_part`` (the last quarter of the days), ``last_comments``
            (longer than that, so that enough comments are in it), ``window`` (so many last days)
            or ``given``.
    """

    recent: Days
    before: Days
    rule: str

    def inside(self, days: Dates) -> tuple[Mask, Mask]:
        """Return which days are recent, and which before."""
        recent, before = (
            (days >= first) & (days <= last) for first, last in (self.recent, self.before)
        )
        return recent, before

    @property
    def same_season(self) -> bool:
        """Whether both windows hold the same times of the year.

        Both are a year or longer, or the days before hold the recent ones of a year earlier.
        """
        lengths = [(last - first) + _DAY for first, last in (self.recent, self.before)]
        if min(lengths) >= _YEAR:
            return True
        year_ago = self.recent[0] - _YEAR, self.recent[1] - _YEAR
        return bool(self.before[0] <= year_ago[0] and year_ago[1] <= self.before[1])

    @property
    def turned_round(self) -> bool:
        """Whether what is called recent is the earlier of the two."""
        return bool(self.recent[1] < self.before[0])


def windows_of(
    days: Dates, *, before: object = None, after: object = None, window: int | None = None,
    min_n: int = 10,
) -> Windows | None:  # fmt: skip
    """Return the two windows; none if all comments are of one day, or there are none.

    Args:
        days: The day of each comment that can be read, none missing.
        before: The days before, as ``span_of`` reads them; if only this is given, all later days
            are recent.
        after: The recent days; if only this is given, all earlier days are before.
        window: How many last days are recent, instead. By default the last quarter of the days
            from the first comment to the last, in whole weeks from one week on; where fewer than
            ``min_n`` comments are in it, as many more days as give them, half of all at most.
        min_n: How many comments the default window should hold.

    Raises:
        FeedbackError: The windows overlap, a period cannot be read, or ``window`` cannot be used.

    Example:
        >>> found = windows_of(np.arange("2025-01-01", "2025-05-01", dtype="datetime64[D]"))
        >>> [str(day) for day in (*found.before, *found.recent)], found.rule
        (['2025-01-01', '2025-04-02', '2025-04-03', '2025-04-30'], 'last_part')
    """
    check_windows(before, after, window)
    if not days.size:
        return None
    first, last = days.min(), days.max()
    if before is not None or after is not None:
        return _given(before, after, first, last)
    length = int((last - first).astype(np.int64)) + 1
    if length < LEAST_DAYS:
        return None
    recent, rule = window, "window"
    if recent is None:
        recent, rule = _last_part(days, length, min_n)
    start = last - (recent - 1) * _DAY
    return Windows(recent=(start, last), before=(first, start - _DAY), rule=rule)


def check_windows(before: object, after: object, window: int | None) -> None:
    """Raise if the windows cannot be read, overlap, or are given twice.

    Raises:
        FeedbackError: Says which.
    """
    if window is not None and (before is not None or after is not None):
        raise FeedbackError("Give either window, or before and after; both say what is recent.")
    whole = isinstance(window, int | np.integer) and not isinstance(window, bool)
    if window is not None and (not whole or window < 1):
        raise FeedbackError(f"window is {window!r}; give a whole number of days, 1 or more.")
    spans = [span_of(given) for given in (before, after) if given is not None]
    if len(spans) == 2 and spans[0][0] <= spans[1][1] and spans[1][0] <= spans[0][1]:
        raise FeedbackError(
            f"Before ({span_name(before)}) and after ({span_name(after)}) have days in common; a "
            "comment is on one side only. Choose periods that do not overlap."
        )


def _given(before: object, after: object, first: np.datetime64, last: np.datetime64) -> Windows:
    """Return the windows as they were given; the one that was not is all days on its side."""
    if after is None:
        past = span_of(before)
        recent = past[1] + _DAY, max(last, past[1] + _DAY)
    else:
        recent = span_of(after)
        past = min(first, recent[0] - _DAY), recent[0] - _DAY
        past = past if before is None else span_of(before)
    return Windows(recent=recent, before=past, rule="given")


def _last_part(days: Dates, length: int, min_n: int) -> tuple[int, str]:
    """Return how many last days are recent, and the rule that says so."""
    usual = max(length // _RECENT, 1)
    usual = usual // _WEEK * _WEEK if usual >= _WEEK else usual
    order = np.sort(days)
    needed = order[-min(max(min_n, 1), order.size)]
    least = min(int((order[-1] - needed).astype(np.int64)) + 1, length // 2)
    return (usual, "last_part") if least <= usual else (least, "last_comments")


def once_a_day(texts: Sequence[str], days: Dates) -> Mask:
    """Return which comments count: of the same text on the same day, only the first.

    That is a form sent twice, or a text that is passed round. Texts of fewer than 6 words count
    each, since many people write "good service": on a busy day more do, and if they counted once,
    the shares of all other words would rise with the number of comments.

    Example:
        >>> text = "The lift in the hall was broken again"
        >>> once_a_day([text, text.upper(), "Good", "Good"], np.zeros(4, "datetime64[D]")).tolist()
        [True, False, True, True]
    """
    plain = [text.casefold().split() for text in texts]
    long = np.array([len(words) >= FEWEST_WORDS for words in plain], dtype=bool)
    frame = pd.DataFrame({"text": [" ".join(words) for words in plain], "day": days})
    return np.asarray(~(frame.duplicated().to_numpy() & long), dtype=bool)
