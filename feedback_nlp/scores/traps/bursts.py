"""The same answer many times in a short time: a scan over windows of time.

Under the null hypothesis the answers are shuffled over the times at which they came. A rush of
answers, such as after a mailing, is therefore no burst; only too many of the *same* answer are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_ODDS = 3.0
Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """Too many of the same answer in a window.

    Attributes:
        answer: Number of the answer.
        members: Who gave it, as places in the arrays that were looked at, in order of time.
        in_window: All answers in the window.
        same: All answers of that kind in the file.
        looked_at: All answers in the file.
        p_value: Chance that any window of a shuffled file would be as extreme, at most.
    """

    answer: int
    members: NDArray[np.intp]
    in_window: int
    same: int
    looked_at: int
    p_value: float


@dataclass(frozen=True, slots=True)
class _Windows:
    """Windows that open at an answer: what they hold of that answer, and of all."""

    first: NDArray[np.int64]  # in the order by answer and time
    after: NDArray[np.int64]
    n: NDArray[np.int64]
    same: NDArray[np.int64]


def find_bursts(
    times: Times,
    answers: NDArray[np.integer],
    *,
    widths: Sequence[int],
    least: int = 5,
    false_alarms: float = 0.01,
    tests: int = 1,
) -> list[Burst]:
    """Return windows with more of one answer than chance allows, none overlapping another.

    A window opens at each answer and holds all that came within a width of it. With K of all N
    answers of that kind, the others in a window of m are K − 1 of N − 1 on average if the answers
    are shuffled over the times. The tail of the binomial, which lies above the hypergeometric,
    is multiplied by the number of windows (Bonferroni). Also wanted: at least ``least`` of the
    answer, and odds at least three times those outside of the window, since in a large file the
    smallest drift would be beyond chance.

    Args:
        times: When each answer came, as whole numbers of any unit.
        answers: Number of each answer, from 0.
        widths: Lengths of the windows, in the unit of the times; 0 looks at equal times only.
        least: Smallest number of the same answer that is called a burst.
        false_alarms: Files without any burst in which one is found, 0–1, at most.
        tests: How many files are looked at together; the false alarms are shared among them.

    Returns:
        Bursts, by time of their first answer.

    Example:
        >>> times = np.array([*range(0, 40_000, 100), *range(2001, 2021)])
        >>> answers = np.array([0, 1] * 200 + [1] * 20)
        >>> [(burst.answer, burst.members.size) for burst in find_bursts(
        ...     times, answers, widths=[60])]
        [(1, 20)]
    """
    if not times.size:
        return []
    in_time = np.argsort(times, kind="stable")
    when, codes = times[in_time], answers[in_time].astype(np.int64)
    order = np.argsort(codes, kind="stable")  # by answer, and by time within it
    totals = np.bincount(codes)
    found = [_windows(when, codes, order, width) for width in widths]
    looked_at = tests * sum(_different(windows) for windows in found)
    bursts = []
    for windows, p_values in _candidates(found, codes, order, totals, least):
        kept = np.flatnonzero(p_values * looked_at <= false_alarms)
        bursts.append((_rows(windows, kept), p_values[kept] * looked_at))
    chosen = _apart(bursts, codes, order, totals)
    made = [
        Burst(
            answer=int(codes[order[first]]), members=in_time[order[first:after]],
            in_window=n, same=int(totals[codes[order[first]]]), looked_at=when.size, p_value=p,
        )
        for first, after, n, p in chosen
    ]  # fmt: skip
    return sorted(made, key=lambda burst: (times[burst.members[0]], burst.answer))


def _windows(
    when: Times, codes: NDArray[np.int64], order: NDArray[np.intp], width: int
) -> _Windows:
    """Return the window that opens at each answer, in the order by answer and time."""
    start = np.searchsorted(when, when, side="left")[order]
    stop = np.searchsorted(when, when + width, side="right")[order]
    keys = codes[order] * when.size + order
    first = np.searchsorted(keys, codes[order] * when.size + start)
    after = np.searchsorted(keys, codes[order] * when.size + stop)
    return _Windows(first, after, stop - start, after - first)


def _different(windows: _Windows) -> int:
    """Return the number of windows, those that open at the same time counted once."""
    return int(np.unique(windows.first).size)


def _candidates(
    found: Sequence[_Windows],
    codes: NDArray[np.int64],
    order: NDArray[np.intp],
    totals: NDArray[np.int64],
    least: int,
) -> list[tuple[_Windows, NDArray[np.float64]]]:
    """Return the windows that are large and dense enough, with the chance of each."""
    from scipy.special import bdtrc

    made = []
    for windows in found:
        total, everyone = totals[codes[order]], codes.size
        other, outside = windows.n - windows.same, everyone - windows.n
        odds_in = windows.same * (outside - (total - windows.same))
        dense = (odds_in >= _ODDS * other * (total - windows.same)) & (outside > 0)
        opens = np.concatenate([[True], np.diff(windows.first) != 0])
        rows = np.flatnonzero(dense & opens & (windows.same >= least))
        usual = (total[rows] - 1) / max(everyone - 1, 1)
        chance = bdtrc(windows.same[rows] - 2, windows.n[rows] - 1, usual)
        made.append((_rows(windows, rows), np.asarray(chance, dtype=np.float64)))
    return made


def _rows(windows: _Windows, rows: NDArray[np.intp]) -> _Windows:
    return _Windows(windows.first[rows], windows.after[rows], windows.n[rows], windows.same[rows])


def _apart(
    found: Sequence[tuple[_Windows, NDArray[np.float64]]],
    codes: NDArray[np.int64],
    order: NDArray[np.intp],
    totals: NDArray[np.int64],
) -> list[tuple[int, int, int, float]]:
    """Return the most striking windows of those that overlap: first, after, size, chance."""
    first = np.concatenate([windows.first for windows, _ in found])
    after = np.concatenate([windows.after for windows, _ in found])
    n = np.concatenate([windows.n for windows, _ in found])
    chance = np.concatenate([p for _, p in found])
    if not first.size:
        return []
    usual = totals[codes[order[first]]] / codes.size
    ranking = np.argsort(-_strength(after - first, n, usual), kind="stable")
    taken = np.zeros(codes.size, dtype=bool)
    chosen = []
    for i in ranking:
        if not taken[first[i] : after[i]].any():
            taken[first[i] : after[i]] = True
            chosen.append((int(first[i]), int(after[i]), int(n[i]), float(chance[i])))
    return chosen


def _strength(
    same: NDArray[np.int64], n: NDArray[np.int64], usual: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the log-likelihood ratio of each window (Kulldorff's, of one window)."""
    from scipy.special import xlogy

    part = same / n
    other: NDArray[np.float64] = xlogy(n - same, (1 - part) / (1 - usual))
    return np.asarray(xlogy(same, part / usual) + other, dtype=np.float64)
