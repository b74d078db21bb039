"""The points of a control chart: periods with enough answers, small ones put together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.scores.definitions import Definition
from feedback_nlp.scores.over_time.dealing import Panel
from feedback_nlp.scores.over_time.periods import Dated

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_MOST_VALUES = 41


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Periods with enough answers, in order of time.

    Attributes:
        answers: Answers of the respondents with a date, each once in each point.
        codes: Number of the point of each of them.
        who: Number of the respondent of each; ``None`` where nobody is in several points.
        first: Number of the first period of each point.
        last: Number of its last period.
        joined: How many periods with answers are put together in it.
        empty: How many periods between the first and the last have no answers.
    """

    answers: Floats
    codes: Ints
    who: Ints | None
    first: Ints
    last: Ints
    joined: Ints
    empty: int

    @property
    def size(self) -> int:
        """How many points there are."""
        return int(self.first.size)


def points_of(dated: Dated, min_n: int) -> Points:
    """Put periods with fewer than ``min_n`` answers together with the next ones.

    What is left over at the end goes with the last point.
    """
    rows = np.flatnonzero(np.isfinite(dated.answers) & (dated.calendar.codes >= 0))
    period = dated.calendar.codes[rows]
    size = np.bincount(period, minlength=dated.calendar.labels.size)
    filled = np.flatnonzero(size)
    who = None if dated.who is None else dated.who[rows]
    point = _put_together(size[filled], min_n, _people(period, filled, who))
    of_period = np.zeros(size.size, dtype=np.int64)
    of_period[filled] = point
    _, starts, joined = np.unique(point, return_index=True, return_counts=True)
    span = int(filled[-1] - filled[0]) + 1 if filled.size else 0
    rows = rows if who is None else rows[_last_of_each(of_period[period], who, period)]
    return Points(
        answers=dated.answers[rows], codes=of_period[dated.calendar.codes[rows]],
        who=None if dated.who is None else dated.who[rows], first=filled[starts],
        last=filled[starts + joined - 1], joined=joined, empty=span - filled.size,
    )  # fmt: skip


def _people(period: Ints, filled: Ints, who: Ints | None) -> list[Ints] | None:
    """Return the respondents of each period that has answers."""
    if who is None:
        return None
    order = np.argsort(period, kind="stable")
    return np.split(who[order], np.searchsorted(period[order], filled[1:]))


def _last_of_each(point: Ints, who: Ints, period: Ints) -> Ints:
    """Return the row of the last answer of each respondent in each point."""
    order = np.lexsort((period, who, point))
    last = np.ones(order.size, dtype=bool)
    last[:-1] = (np.diff(point[order]) != 0) | (np.diff(who[order]) != 0)
    return order[last]


def _put_together(sizes: Ints, min_n: int, people: list[Ints] | None) -> Ints:
    """Return the number of the point of each period; whoever is in it twice counts once."""
    point = np.zeros(sizes.size, dtype=np.int64)
    seen = np.full(1 + max((int(x.max()) for x in people or ()), default=0), -1)
    number, inside = 0, 0
    for place, size in enumerate(sizes):
        point[place] = number
        if people is None:
            inside += size
        else:
            inside += int((seen[people[place]] != number).sum())
            seen[people[place]] = number
        if inside >= min_n:
            number, inside = number + 1, 0
    if inside and number:
        point[point == number] = number - 1
    return point


def cells_of(points: Points, definition: Definition) -> tuple[Ints, Floats, Panel | None, bool]:
    """Return how many answers of each worth each point has.

    Returns:
        The counts, one row a point; what an answer of each column contributes; the answers with
        their respondents, where some are in several points; and whether the contributions were
        rounded, since there are too many different ones.
    """
    worth = definition.contribution(points.answers)
    values, column = np.unique(worth, return_inverse=True)
    coarse = values.size > _MOST_VALUES
    if coarse:
        step = (definition.maximum - definition.minimum) / (_MOST_VALUES - 1)
        near = np.round((worth - definition.minimum) / step)
        values, column = np.unique(definition.minimum + near * step, return_inverse=True)
    cells = np.bincount(points.codes * values.size + column, minlength=points.size * values.size)
    panel = None
    if points.who is not None:
        panel = Panel(period=points.codes, who=points.who, worth=values[column])
    return cells.reshape(points.size, values.size), values, panel, coarse
