"""What a measure is looked at by: windows of equal length, groups of respondents, and figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.change.sides import Sides, check_whole, holds, rows_with
from feedback_nlp.errors import FeedbackError
from feedback_nlp.scores import define
from feedback_nlp.scores.definitions import Definition

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
_SHARE = define("csat", "top1", (0, 1))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Windows:
    """Windows of equal length up to a date and the one from it on.

    Attributes:
        number: Number of the window of each row, −1 outside; the last is that after the date.
        count: How many windows.
        days: Length of each.
        before: Days from the first date to the date.
        after: Days from the date to the last date, both counted.
    """

    number: Ints
    count: int
    days: int
    before: int
    after: int

    @classmethod
    def of(cls, days: NDArray[np.datetime64], day: np.datetime64, window: int | None) -> Self:
        """Lay windows around a day; the earlier ones are those that the data cover whole.

        Raises:
            FeedbackError: A window of no whole number of days; or all dates are on one side.
        """
        if window is not None:
            check_whole("window", window, 1)
        known = days[~np.isnat(days)]
        before = int((day - known.min()).astype(np.int64))
        after = int((known.max() - day).astype(np.int64)) + 1
        if before < 1 or after < 1:
            raise FeedbackError(
                f"All dates ({known.min()} to {known.max()}) are on one side of {day}; a "
                "comparison needs some before and some after."
            )
        if window is None:
            window = max(min(after, before // 2), 1)
            window = window // 7 * 7 if window >= 7 else window
        past = max(before // window, 1)
        distance = np.where(np.isnat(days), day + np.timedelta64(window, "D"), days) - day
        place = distance.astype(np.int64) // window + past
        inside = (place >= 0) & (place <= past)
        number = np.where(inside, place, -1)
        return cls(number=number, count=past + 1, days=window, before=before, after=after)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Group:
    """A group of respondents that is looked at, and whether the measure could reach it."""

    name: str
    who: Mask
    apart: bool = False
    compared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figure:
    """What may move: the answers of the respondents, and the score they make."""

    name: str
    theme: str
    answers: Floats
    definition: Definition
    unit: float


def segment_of(comments: pd.DataFrame, given: str) -> tuple[str, str]:
    """Return column and value of ``COLUMN=VALUE``."""
    column, equals, value = (part.strip() for part in given.partition("="))
    if not (column and equals and value):
        raise FeedbackError(
            f"The unaffected segment {given!r} is not COLUMN=VALUE, such as Channel=Shop."
        )
    rows_with(comments, column, value, option="unaffected")
    return column, value


def groups_of(
    sides: Sides, columns: Sequence[str], apart: tuple[str, str] | None
) -> tuple[Group, ...]:
    """Return everybody, the segments, and those whom the measure could and could not reach."""
    found = {"all": Group(name="all", who=np.ones(sides.side.size, dtype=bool))}
    for column in columns:
        known = sides.segments[column].dropna()
        codes, values = pd.factorize(known.astype("str"), sort=True)
        place = np.full(sides.side.size, -1)
        place[known.index] = codes
        for number, value in enumerate(values):
            name = f"{column}={value}"
            compared = apart is not None and column == apart[0] and value != apart[1]
            found[name] = Group(name=name, who=place == number, compared=compared)
    if apart:
        column, value = apart
        own, name = sides.segments[column], f"{column}={value}"
        who = holds(own, value)
        found[name] = Group(name=name, who=who, apart=True)
        other = own.notna().to_numpy() & ~who
        found[f"not {name}"] = Group(name=f"not {name}", who=other, compared=True)
    return tuple(found.values())


def figures_of(sides: Sides) -> list[Figure]:
    """Return the score, the share who wrote, and the share who blame each theme."""
    people = sides.matrix.people
    score = Figure(
        name="score", theme="", answers=people["rating"].to_numpy(),
        definition=sides.matrix.definition, unit=1.0,
    )  # fmt: skip
    shares = [("wrote", "", people["wrote"])]
    shares += [("blame", theme, sides.matrix.negative[theme]) for theme in sides.themes]
    return [score] + [
        Figure(
            name=name, theme=theme, answers=said.to_numpy(dtype=np.float64), definition=_SHARE,
            unit=100.0,
        )
        for name, theme, said in shares
    ]  # fmt: skip
