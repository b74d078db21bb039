"""Where a row of periods shifts, and where it only looks so: a permutation scan.

If nothing changes, the answers could have been given in any other order. So the answers are dealt
anew to the periods, thousands of times, and a signal is what hardly any of these quiet series
shows anywhere. Three kinds of signal are looked for together:

- a *single* period that stands off from all others;
- a *lasting* shift: all periods from one on differ from all before;
- a *spell*: two or more periods in a row that differ from those before and after.

Each kind has its own limit, and the limits are chosen so that of 100 quiet series at most the
given number shows a signal of any kind anywhere. This holds for any distribution of answers and
any numbers of answers in the periods, since both stay as they are when answers are dealt anew.
Where a signal is found, the parts are looked at again (binary segmentation), each at a level in
proportion to its periods. Where respondents answered in several periods, their answers stay
together when they are dealt anew: see ``dealing.py``.

Sources: permutation scan over all arcs, Olshen, Venkatraman, Lucito and Wigler (2004), "Circular
binary segmentation"; limits of several statistics joined by their permutation ranks, Westfall and
Young (1993); levels of parts in proportion to their size, Meinshausen (2008), "Hierarchical
testing of variable importance".
"""

from dataclasses import dataclass, field
from math import ceil
from typing import Self

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.scores.over_time.dealing import Panel, deal, deal_panel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_DRAWS = 1999
_TAIL = 60  # draws that are to lie beyond the limits, at least
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A row of periods, divided.

    Attributes:
        regime: Number of the regime of each period, from 0.
        single: Whether the period stands alone.
        limit: How many standard errors a single period of each regime may be off.
    """

    regime: Ints
    single: NDArray[np.bool_]
    limit: Floats

    @classmethod
    def undivided(cls, size: int) -> Self:
        """Return the parts of a row that is too short to be looked at."""
        none, alone = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool)
        return cls(regime=none, single=alone, limit=np.full(1, np.nan))


@dataclass(slots=True)
class _State:
    """What is known while a row is being divided."""

    counts: Ints
    worth: Floats
    alarms: float
    random: np.random.Generator
    panel: Panel | None = None
    single: list[int] = field(default_factory=list)
    regimes: list[tuple[Ints, float]] = field(default_factory=list)


def find_parts(
    counts: Ints,
    worth: Floats,
    *,
    false_alarms: float,
    seed: int,
    panel: Panel | None = None,
) -> Parts:
    """Return the regimes of a row of periods and the periods that stand alone.

    Args:
        counts: Answers of each worth (columns) in each period (rows), none without answers.
        worth: What an answer contributes to the score, one for each column.
        false_alarms: Share of quiet series that may show any signal, 0–1.
        seed: Of the draws.
        panel: The same answers with their respondents, where some answered in several periods.
    """
    random = np.random.default_rng(seed)
    state = _State(counts.astype(np.int64), worth, false_alarms, random, panel)
    _divide(state, np.arange(len(counts)))
    regime = np.full(len(counts), -1)
    limit = np.zeros(len(state.regimes))
    for number, (rows, found) in enumerate(state.regimes):
        regime[rows] = number
        limit[number] = found
    for row in sorted(state.single):  # a period that stands alone belongs where it stands
        regime[row] = regime[row - 1] if row else 0
    single = np.isin(np.arange(len(counts)), state.single)
    return Parts(regime=regime, single=single, limit=limit)


def _divide(state: _State, rows: Ints) -> None:
    """Look for signals in some periods, and again in the parts."""
    level = state.alarms * rows.size / len(state.counts)
    limits, scan = _limits(state, rows, level)
    found = scan.strongest(limits)
    if found is None:
        state.regimes.append((rows, float(limits[0])))
        return
    start, stop = found
    if stop - start == 1:
        state.single.append(int(rows[start]))
        _divide(state, np.delete(rows, start))
        return
    for part in (rows[:start], rows[start:stop], rows[stop:]):
        if part.size:
            _divide(state, part)


def _limits(state: _State, rows: Ints, level: float) -> tuple[Floats, "_Scan"]:
    """Return the limits of the three kinds for these periods, and their scan."""
    counts = state.counts[rows]
    asked = counts.any(axis=0)
    counts, worth = counts[:, asked], state.worth[asked]
    size = counts.sum(axis=1)
    total = int(size.sum())
    dealt = counts.sum(axis=0)
    mean = dealt @ worth / total
    sd = np.sqrt(dealt @ (worth - mean) ** 2 / max(total - 1, 1))
    if rows.size < 2 or sd == 0:
        return np.full(3, np.inf), _Scan(np.zeros((1, rows.size)), size)
    score = (worth - mean) / sd
    draws = max(_DRAWS, ceil(_TAIL / level))
    if state.panel is None:
        anew = (made @ score for made in deal(size, dealt, draws, state.random))
    else:
        blocks = state.panel.blocks(rows, mean, sd)
        anew = (deal_panel(blocks, size, draws, state.random) for _ in range(1))
    quiet = np.concatenate([_Scan(sums, size).largest() for sums in anew])
    return joint_limits(quiet, level), _Scan((counts @ score)[None, :], size)


def joint_limits(quiet: Floats, level: float) -> Floats:
    """Return one limit a column, so that at most a share ``level`` of rows exceeds any of them.

    Each column gives the same share of its own rows away.

    Args:
        quiet: One row for each quiet series, one column for each statistic.
        level: Share of rows, 0–1.

    Example:
        >>> rows = np.arange(200.0).reshape(100, 2)
        >>> (rows > joint_limits(rows, 0.05)).any(axis=1).mean().round(2)
        np.float64(0.04)
    """
    ordered = np.sort(quiet, axis=0)
    draws = len(quiet)
    # How many rows are at least as large: the rank from above, ties last.
    ranks = np.stack(
        [draws - np.searchsorted(ordered[:, k], quiet[:, k]) for k in range(quiet.shape[1])]
    )
    best = np.sort(ranks.min(axis=0))
    allowed = int(level * (draws + 1)) - 1  # rows that may exceed; the series itself is one more
    if allowed < 0:
        return np.full(quiet.shape[1], np.inf)
    give = int(best[allowed]) - 1 if allowed < draws else draws - 1
    limits: Floats = ordered[draws - 1 - give]
    return limits


class _Scan:
    """How far each period, each later part and each stretch is off the rest, in standard errors."""

    def __init__(self, sums: Floats, size: Ints) -> None:
        self.periods = size.size
        zeros = np.zeros((len(sums), 1))
        self._sums = np.concatenate([zeros, np.cumsum(sums, axis=1)], axis=1)
        self._size = np.concatenate([[0.0], np.cumsum(size)])

    def stretch(self, length: int) -> Floats:
        """Return how far each stretch of a length is off the rest."""
        total = self._size[-1]
        size = self._size[length:] - self._size[:-length]
        off = np.abs(self._sums[:, length:] - self._sums[:, :-length])
        distance: Floats = off / np.sqrt(size * (total - size) / total)
        return distance

    def largest(self) -> Floats:
        """Return the largest of the three kinds for each series: single, lasting, spell."""
        best = np.zeros((len(self._sums), 3))
        for length in range(1, self.periods):
            off = self.stretch(length)
            if length == 1:
                best[:, 0] = off.max(axis=1)
            if 2 <= length <= self.periods - 2:
                np.maximum(best[:, 1], off[:, 0], out=best[:, 1])
                if off.shape[1] > 2:
                    np.maximum(best[:, 2], off[:, 1:-1].max(axis=1), out=best[:, 2])
        return best

    def strongest(self, limits: Floats) -> tuple[int, int] | None:
        """Return the stretch that exceeds its limit by the largest factor, if one does."""
        found, place = 1.0 + _ROUNDING, None
        for length in range(1, self.periods):
            off = self.stretch(length)[0]
            last = off.size - 1
            kinds = np.full(off.size, 0 if length == 1 else 2)
            if length > 1:
                kinds[[0, last]] = 1
            if length > max(self.periods - 2, 1):
                continue  # all but one period: that is the one period
            factor = off / np.maximum(limits[kinds], _ROUNDING)
            at = int(factor.argmax())
            if factor[at] > found:
                found, place = float(factor[at]), (at, at + length)
        return place
