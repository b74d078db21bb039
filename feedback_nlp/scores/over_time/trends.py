"""Scores over time: change from period to period, before and after a date, moving windows."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import ColumnError, FeedbackError, RatingError
from feedback_nlp.records import Difference, Score
from feedback_nlp.scores.answers import Scale
from feedback_nlp.scores.differences import difference, differences
from feedback_nlp.scores.multiple import benjamini_hochberg
from feedback_nlp.scores.over_time.periods import Dated, days_of, read_dated
from feedback_nlp.scores.over_time.written import day_of
from feedback_nlp.scores.summary import Summary, summarise
from feedback_nlp.showing import counted

_FIGURES = (
    "period", "start", "metric", "method", "value", "low", "high", "n", "n_missing", "previous",
    "change", "change_low", "change_high", "p_value", "q_value", "incomplete", "suppressed", "note",
)  # fmt: skip
NO_PROOF = "A difference between before and after does not say what made it."
ON_BOTH_SIDES = (
    "answered both before and after: each counts once on either side, as two people would. Since "
    "a person tends to answer alike, the interval is rather too wide."
)
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def change_table(
    comments: pd.DataFrame,
    rating: str = "nps",
    *,
    period: str = "month",
    by: Sequence[str] | str = (),
    min_n: int = 10,
    level: float = 0.95,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
) -> pd.DataFrame:
    """Return the score of each period with its change from the one before.

    Args:
        comments: A comments table with dates; each respondent counts once in each period, with the
            last answer of that period.
        rating: The rating column; high answers are the good ones.
        period: ``day``, ``week``, ``month``, ``quarter`` or ``year``.
        by: Columns whose segments are followed apart.
        min_n: Periods with fewer answers are marked suppressed and get no score and no change.
        level: Confidence level of the intervals.
        metric: As in ``score_of``.
        method: As in ``score_of``.
        scale: As in ``score_of``.

    Returns:
        One row for each segment and period, from the first date to the last; a period without
        answers has its row. Columns: those of ``by``, ``period``, ``start``, ``metric``,
        ``method``, ``value``, ``low``, ``high``, ``n``, ``n_missing``, ``previous`` (the last
        period before that has a score), ``change`` (from it) with ``change_low``, ``change_high``
        and ``p_value``, ``q_value`` (Benjamini–Hochberg over all changes of the table),
        ``incomplete`` (answers seem to cover only a part of the first or last period),
        ``suppressed`` and ``note``. A change over a gap is said to be one in ``note``.
        ``attrs["change_table"]`` holds ``n_undated``, respondents with an answer and no date, and
        ``n_repeated``, those who answered in several periods. People who answered in two periods
        tend to answer alike, so that the interval of a change with many such is rather too wide.

    Raises:
        ColumnError: A column is missing, there is no date, or a column of ``by`` has the name of
            one of the figures.
        RatingError: As for the score itself.

    Example:
        >>> days = pd.to_datetime(["2026-01-09"] * 20 + ["2026-03-09"] * 20)
        >>> comments = pd.DataFrame({"date": days, "nps": [9] * 20 + [9] * 10 + [2] * 10})
        >>> comments["comment_id"] = comments.index.astype(str)
        >>> change_table(comments)[["period", "value", "n", "change"]]
            period  value   n  change
        0  2026-01  100.0  20     NaN
        1  2026-02    NaN   0     NaN
        2  2026-03    0.0  20  -100.0
        >>> change_table(comments)["note"].iloc[2]
        'change over a gap, from 2026-01'
    """
    columns = [by] if isinstance(by, str) else list(dict.fromkeys(by))
    taken = [name for name in columns if name in _FIGURES]
    if taken:
        raise ColumnError(
            f"Column {taken[0]!r} has the name of a figure of the table; rename it to group by it."
        )
    dated = read_dated(
        comments, rating, period=period, keep=columns, metric=metric, method=method, scale=scale
    )
    segment, names = _segments(dated.people, columns)
    size, used = dated.calendar.labels.size, dated.calendar.codes >= 0
    found = summarise(
        dated.answers[used], dated.definition, level=level,
        groups=segment[used] * size + dated.calendar.codes[used], n_groups=len(names) * size,
    )  # fmt: skip
    keys = names.loc[names.index.repeat(size)].reset_index(drop=True)
    table = _with_changes(keys, found, dated, min_n=min_n, level=level)
    table.attrs["change_table"] = {
        "period": period, "level": level, "n_undated": dated.undated, "n_repeated": dated.repeated,
    }  # fmt: skip
    return table


def _segments(people: pd.DataFrame, columns: list[str]) -> tuple[Ints, pd.DataFrame]:
    """Return the number of each respondent's segment, and the segments."""
    if not columns:
        return np.zeros(len(people), dtype=np.int64), pd.DataFrame(index=[0])
    groups = people.groupby(columns, observed=True, dropna=False)
    codes = np.asarray(groups.ngroup(), dtype=np.int64)
    first = np.unique(codes, return_index=True)[1]
    return codes, people[columns].iloc[first].reset_index(drop=True)


def _with_changes(
    keys: pd.DataFrame, found: Summary, dated: Dated, *, min_n: int, level: float
) -> pd.DataFrame:
    calendar, size = dated.calendar, dated.calendar.labels.size
    shown = found.n >= max(min_n, 1)
    place = np.arange(found.n.size) % size
    before = _last_shown(shown.reshape(-1, size)).ravel()
    rows = np.flatnonzero(shown & (before >= 0))
    changes = differences(found.take(rows), found.take(before[rows]), dated.definition, level=level)
    figures: dict[str, Floats] = {}
    for name, values in (
        ("change", changes.value), ("change_low", changes.low), ("change_high", changes.high),
        ("p_value", changes.p_value), ("q_value", benjamini_hochberg(changes.p_value)),
    ):  # fmt: skip
        figures[name] = np.full(found.n.size, np.nan)
        figures[name][rows] = values
    previous = np.full(found.n.size, None, dtype=object)
    previous[rows] = calendar.labels[before[rows] % size]
    note = np.where(found.n == 0, "no answers", "").astype(object)
    note[(found.n > 0) & ~shown] = "too few answers"
    over = rows[rows - before[rows] > 1]
    note[over] = [f"change over a gap, from {label}" for label in previous[over]]
    value, low, high = (np.where(shown, x, np.nan) for x in (found.value, found.low, found.high))
    return keys.assign(
        period=calendar.labels[place], start=pd.DatetimeIndex(calendar.starts[place]),
        metric=dated.definition.metric, method=dated.definition.method,
        value=value, low=low, high=high, n=found.n, n_missing=found.n_missing,
        previous=previous, **figures, incomplete=calendar.incomplete[place] & (found.n > 0),
        suppressed=~shown, note=note,
    )  # fmt: skip


def _last_shown(shown: NDArray[np.bool_]) -> Ints:
    """Return the number of the last cell before each that is shown, in its row; −1 for none."""
    rows, size = shown.shape
    number = np.arange(rows * size).reshape(rows, size)
    last = np.maximum.accumulate(np.where(shown, number, -1), axis=1)
    before = np.full((rows, size), -1)
    before[:, 1:] = last[:, :-1]
    return before


def before_after(
    comments: pd.DataFrame,
    rating: str,
    date: str | dt.date,
    *,
    days: int | None = None,
    level: float = 0.95,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
) -> Difference:
    """Return the score from a date on minus the score before it.

    Args:
        comments: A comments table with dates; each respondent counts once on either side, with the
            last answer there.
        rating: The rating column; high answers are the good ones.
        date: First day of the later period: a date, or text such as ``2026-03-01`` (year first;
            of a period such as ``2026-03`` the first day).
        days: Only answers at most so many days before, and less than so many days after; if not
            given, all.
        level: Confidence level of the intervals.
        metric: As in ``score_of``.
        method: As in ``score_of``.
        scale: As in ``score_of``.

    Returns:
        The difference, as of different people. The notes of its first score say how many are on
        both sides (then the interval is rather too wide), what was left out, and that it does not
        say what made it: other things change too.

    Raises:
        FeedbackError: The date cannot be read, or ``days`` is below 1.
        RatingError: There is no answer before the date, or none from it on.
        ColumnError: There is no date, or no such column.

    Example:
        >>> days = pd.to_datetime(["2026-01-09"] * 50 + ["2026-03-09"] * 50)
        >>> comments = pd.DataFrame({"date": days, "nps": [9] * 60 + [2] * 40})
        >>> comments["comment_id"] = comments.index.astype(str)
        >>> round(before_after(comments, "nps", "2026-02-01").value, 1)
        -160.0
    """
    day = day_of(date)
    if days is not None and days < 1:
        raise FeedbackError(f"days is {days}; a window has at least 1 day on each side.")
    window = np.inf if days is None else float(days)
    dated = read_dated(
        comments, rating, period="day", metric=metric, method=method, scale=scale,
        within=_stretch_of_rows(comments, day, window),
    )  # fmt: skip
    stretch = _stretch(dated.people["date"], day, window)
    before, after = stretch == 0, stretch == 1
    _check_sides(dated.answers, before, after, day)
    definition = dated.definition
    found = difference(
        dated.answers[after], dated.answers[before], rating=rating, metric=definition.metric,
        method=definition.method, scale=definition.scale, level=level,
    )  # fmt: skip
    return replace(found, first=_noted(found.first, dated, stretch))


def _stretch_of_rows(comments: pd.DataFrame, day: np.datetime64, window: float) -> Ints | None:
    """Return the stretch of each row of a comments table, if a respondent can have several."""
    if not {"date", "respondent_id"} <= set(comments.columns):
        return None
    return _stretch(comments["date"], day, window)


def _stretch(dates: pd.Series, day: np.datetime64, window: float) -> Ints:
    """Return 0 before a day, 1 from it on, 2 outside of the window, and −1 without a date."""
    days = days_of(dates)
    distance = (days - day).astype(np.float64)
    distance[np.isnat(days)] = np.nan
    within = (distance < window) & (distance >= -window)
    stretch = np.where(within, (distance >= 0).astype(np.int64), 2)
    return np.where(np.isnan(distance), -1, stretch)


def _check_sides(
    answers: Floats, before: NDArray[np.bool_], after: NDArray[np.bool_], day: np.datetime64
) -> None:
    for side, where in ((before, "before"), (after, "from it on")):
        if not np.isfinite(answers[side]).any():
            raise RatingError(
                f"There is no rating with a date {where} ({day}); a comparison needs some on both "
                "sides."
            )


def _noted(score: Score, dated: Dated, stretch: Ints) -> Score:
    """Add to a score what a comparison leaves out, and who is on both sides."""
    notes = [NO_PROOF]
    answered = ~np.isnan(dated.answers)
    outside = int(((stretch == 2) & answered).sum())
    if dated.undated:
        notes.append(f"{counted(dated.undated, 'answer')} without a date: on neither side.")
    if dated.who is not None:
        sides = [dated.who[(stretch == side) & answered] for side in (0, 1)]
        if both := np.intersect1d(*sides).size:
            notes.append(f"{counted(both, 'respondent')} {ON_BOTH_SIDES}")
    if outside:
        notes.append(f"{counted(outside, 'answer')} outside the window: on neither side.")
    return replace(score, notes=(*score.notes, *notes))
