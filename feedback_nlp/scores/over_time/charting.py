"""What a control chart is made of once its regimes are found: limits, shifts and sentences."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.records import figure
from feedback_nlp.scores.differences import differences
from feedback_nlp.scores.over_time.periods import EACH_ONCE, Dated
from feedback_nlp.scores.over_time.points import Points
from feedback_nlp.scores.over_time.shifts import Parts
from feedback_nlp.scores.summary import Summary, summarise
from feedback_nlp.showing import amount, counted

Kind = Literal["shift", "single"]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Ends = tuple[float, float, float]
Side = tuple[float, int]  # score and answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One signal of a control chart.

    Attributes:
        kind: ``shift`` where the score stays elsewhere from this period on; ``single`` where the
            period stands alone.
        period: The period it begins with.
        date: First day of that period.
        value: How large it is: the periods from here to the next shift minus those from the
            previous one on; for ``single`` the period minus the others of its regime.
        low: Lower end of the interval.
        high: Upper end of the interval.
        n: Answers from here on, or of the single period.
        n_before: Answers it is compared with.
        sentence: All of this in words.
    """

    kind: Kind
    period: str
    date: str
    value: float
    low: float
    high: float
    n: int
    n_before: int
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of points and its parts.

    Attributes:
        dated: The respondents.
        points: Their points.
        parts: The parts that were found.
        period: The kind of period.
        level: Confidence level of intervals.
    """

    dated: Dated
    points: Points
    parts: Parts
    period: str
    level: float

    @cached_property
    def scores(self) -> Summary:
        """The score of each point."""
        points = self.points
        return summarise(
            points.answers, self.dated.definition, groups=points.codes, n_groups=points.size,
            level=self.level,
        )  # fmt: skip

    @cached_property
    def regimes(self) -> Summary:
        """The score of each regime, without the points that stand alone."""
        together = ~self.parts.single[self.points.codes]
        return summarise(
            self.points.answers[together], self.dated.definition,
            groups=self.parts.regime[self.points.codes[together]],
            n_groups=self.parts.limit.size, level=self.level,
        )  # fmt: skip

    @cached_property
    def labels(self) -> list[str]:
        """The name of each point."""
        names = self.dated.calendar.labels
        return [
            str(names[a]) if a == b else f"{names[a]} to {names[b]}"
            for a, b in zip(self.points.first, self.points.last, strict=True)
        ]

    @property
    def starts(self) -> NDArray[np.datetime64]:
        """The first day of each point."""
        return self.dated.calendar.starts[self.points.first]

    @property
    def turns(self) -> Ints:
        """The first point of each regime but the first."""
        together = np.flatnonzero(~self.parts.single)
        return together[1:][np.diff(self.parts.regime[together]) > 0]

    def table(self, counts: Ints, worth: Floats) -> pd.DataFrame:
        """Return the table of the chart."""
        signal = np.where(self.parts.single, "single", "").astype(object)
        signal[self.turns] = "shift"
        lower, upper = self._limits(counts, worth)
        found = self.scores
        return pd.DataFrame(
            {
                "period": self.labels, "start": pd.DatetimeIndex(self.starts),
                "periods": self.points.joined, "n": found.n, "value": found.value,
                "low": found.low, "high": found.high,
                "centre": self.regimes.value[self.parts.regime], "lower": lower, "upper": upper,
                "signal": signal, "regime": self.parts.regime + 1,
            }
        )  # fmt: skip

    def _limits(self, counts: Ints, worth: Floats) -> tuple[Floats, Floats]:
        """Return where a point stays in a quiet regime, given its number of answers."""
        parts, definition = self.parts, self.dated.definition
        inside = np.zeros((parts.limit.size, worth.size))
        np.add.at(inside, parts.regime[~parts.single], counts[~parts.single])
        total = inside.sum(axis=1)
        mean = inside @ worth / total
        squares = (inside * (worth - mean[:, None]) ** 2).sum(axis=1)
        sd = np.sqrt(squares / np.maximum(total - 1, 1))
        own, whole = self.scores.n, total[parts.regime]
        # A point that stands alone is no part of what it is compared with.
        share = np.where(parts.single, 1 / own + 1 / whole, np.maximum(1 / own - 1 / whole, 0))
        with np.errstate(invalid="ignore"):
            half = (parts.limit * sd)[parts.regime] * np.sqrt(share)
        centre = self.regimes.value[parts.regime]
        return (
            np.maximum(centre - half, definition.minimum),
            np.minimum(centre + half, definition.maximum),
        )

    def shifts(self) -> tuple[Shift, ...]:
        """Return the signals in order of time."""
        alone = np.flatnonzero(self.parts.single)
        later = np.arange(1, self.parts.limit.size)
        one, two = self.regimes.take(later), self.regimes.take(later - 1)
        point = self.scores.take(alone)
        around = self.regimes.take(self.parts.regime[alone])
        made = self._made("shift", self.turns, one, two) + self._made(
            "single", alone, point, around
        )
        return tuple(sorted(made, key=lambda shift: shift.date))

    def _made(self, kind: Kind, rows: Ints, first: Summary, second: Summary) -> list[Shift]:
        if not rows.size:
            return []
        found = differences(first, second, self.dated.definition, level=self.level)
        made = []
        for i, row in enumerate(rows):
            change = (float(found.value[i]), float(found.low[i]), float(found.high[i]))
            own = (float(first.value[i]), int(first.n[i]))
            other = (float(second.value[i]), int(second.n[i]))
            shift = Shift(
                kind=kind, period=self.labels[row], date=str(self.starts[row]), value=change[0],
                low=change[1], high=change[2], n=own[1], n_before=other[1],
                sentence=self._sentence(kind, int(row), change, (own, other)),
            )  # fmt: skip
            made.append(shift)
        return made

    def _sentence(self, kind: Kind, row: int, change: Ends, sides: tuple[Side, Side]) -> str:
        definition = self.dated.definition
        digits = 2 if definition.unit == "rating" else 1
        value, low, high = (f"{x:+.{digits}f}" for x in change)
        size, way = amount(abs(change[0]), definition.unit), "higher" if change[0] > 0 else "lower"
        one, two = (f"{figure(x, definition.unit)} (n = {n:,})" for x, n in sides)
        name = f"{definition.metric.upper()} ({definition.method})"
        compared = f"{one} against {two}, {value} [{low} to {high}, {self.level * 100:g}%]"
        if kind == "shift":
            return f"From {self.labels[row]} on {name} is {size} {way} than before: {compared}."
        text = (
            f"{self.labels[row]} stands alone: {name} is {size} {way} than around it: {compared}."
        )
        if row == len(self.labels) - 1:
            text += " It is the latest, so whether it stays there cannot be told yet."
        return text


def sentences_of(
    shifts: tuple[Shift, ...], points: int, period: str, needed: int
) -> tuple[str, ...]:
    """Return what a chart says."""
    if points < needed:
        return (
            f"Too few periods to tell: {counted(points, period)} with enough answers; shifts can "
            f"be told from noise from {needed} on.",
        )
    if not shifts:
        return (
            f"No shift in {counted(points, period)}: the score moves no more than chance can make "
            "it.",
        )
    return tuple(shift.sentence for shift in shifts)


def notes_of(
    row: Row, shifts: tuple[Shift, ...], false_alarms: float, *, coarse: bool
) -> tuple[str, ...]:
    """Return what belongs to a chart."""
    points, period = row.points, row.period
    notes = [
        f"Of 100 series in which nothing changes, at most about {false_alarms * 100:g} show any "
        "signal (permutation scan). A signal says that something changed, not why."
    ]
    if any(shift.kind == "shift" for shift in shifts):
        notes.append(
            "A shift is dated where it fits best, so its date may be off by a few periods and its "
            "interval is somewhat too narrow."
        )
    if joined := int((points.joined > 1).sum()):
        notes.append(
            f"{counted(joined, 'point')} of the chart put several periods with few answers "
            "together."
        )
    if points.empty:
        notes.append(f"{counted(points.empty, period)} without any answer in between: no points.")
    if undated := row.dated.undated:
        notes.append(f"{counted(undated, 'answer')} without a date: in no period.")
    if repeated := row.dated.repeated:
        notes.append(
            f"{counted(repeated, 'respondent')} answered in several periods: {EACH_ONCE} Their "
            "answers are kept together to find signals; intervals count them as those of different "
            "people."
        )
    edges = row.dated.calendar.labels[row.dated.calendar.incomplete]
    if edges.size:
        notes.append(f"Answers seem to cover only a part of {' and '.join(edges)}.")
    if coarse:
        notes.append("To find shifts, ratings were rounded to 1/40 of the scale; scores were not.")
    return tuple(notes)
