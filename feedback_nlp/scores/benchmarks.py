"""Whether a score is known to be above or below what counts as good.

A score is called above or below a target only where its whole interval is. Else the answer is that
it cannot be told yet, and about how many more answers would tell. The targets: ``targets.py``.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from math import isclose
from pathlib import PurePath
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import FeedbackError
from feedback_nlp.records import Score, figure
from feedback_nlp.scores.definitions import GROUPS
from feedback_nlp.scores.intervals import (
    nps_adjusted_wald,
    nps_score_interval,
    wilson,
)
from feedback_nlp.scores.targets import Target, load_targets

Verdict = Literal["above", "below", "inside", "cannot_tell", "does_not_apply"]
MOST_MORE = 1_000_000
_COUNTED = {"churn": "customer", "retention": "customer", "acquisition": "customer"}
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a score says of a target.

    Attributes:
        target: The target.
        verdict: ``above`` or ``below`` where the whole interval lies on that side of the bound,
            ``inside`` where it lies within a range, ``cannot_tell`` where the interval holds the
            bound, ``does_not_apply`` where the target is for another method of the metric.
        met: Whether the target is met; ``None`` where that cannot be told.
        n: Answers behind the score.
        n_more: About how many more answers would tell, if their shares are as those of today;
            1,000,000 means that many or more; ``None`` where none are needed, or none would do.
        sentence: All of this in words.
    """

    target: Target
    verdict: Verdict
    met: bool | None
    n: int
    n_more: int | None
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        return asdict(self)

    def __str__(self) -> str:
        return self.sentence


def judge(score: Score, target: Target) -> Judgement:
    """Return what a score says of a target, from its interval.

    Args:
        score: A score.
        target: A target for the same metric and method.

    Returns:
        The judgement. The number of further answers that would tell assumes that their shares are
        those of today, and uses the score's own interval; where that needs more than the score
        holds (means, weights, a known population, a bootstrap) its shrinking is estimated.

    Raises:
        FeedbackError: The target is for another metric or method: a band for the share of
            satisfied says nothing of a mean.

    Example:
        >>> from feedback_nlp.scores.survey import nps
        >>> excellent = load_targets()[0]
        >>> judge(nps([10] * 70 + [8] * 20 + [3] * 10), excellent).verdict
        'cannot_tell'
        >>> print(judge(nps([10] * 90 + [3] * 10), excellent))
        NPS (standard) +80.0 [+65.1 to +89.0, 95%], n = 100: above the target "excellent" (at \
least +50.0), so it is met.
    """
    if not isinstance(target, Target):
        raise FeedbackError(
            f"A target is one of those that load_targets returns, not {str(target)[:40]!r}."
        )
    if (score.metric, score.method) != (target.metric, target.method):
        raise FeedbackError(_not_for(score, target))
    verdict = _verdict(score.low, score.high, target)
    if verdict == "cannot_tell":
        n_more, why = _needed(score, target)
        return Judgement(
            target=target, verdict=verdict, met=None, n=score.n, n_more=n_more,
            sentence=_open_sentence(score, target, why),
        )  # fmt: skip
    met = verdict == _good_side(target)
    return Judgement(
        target=target, verdict=verdict, met=met, n=score.n, n_more=None,
        sentence=_clear_sentence(score, target, verdict, met=met),
    )  # fmt: skip


def judge_all(score: Score, targets: Iterable[Target] | None = None) -> pd.DataFrame:
    """Return what a score says of each target of its metric.

    Args:
        score: A score.
        targets: Targets; if not given, those that come with the package. Those of other metrics
            are passed over; those of other methods of the metric get a row that says so.

    Returns:
        One row for each target: ``target``, ``bound``, ``source``, ``verdict``, ``met``, ``n``,
        ``n_more``, ``sentence``.

    Raises:
        FeedbackError: The targets are the name of a file.

    Example:
        >>> from feedback_nlp.scores.survey import csat
        >>> judge_all(csat([5] * 85 + [1] * 15))[["target", "verdict", "n_more"]]
                     target      verdict  n_more
        0              good        above    <NA>
        1  usual good range  cannot_tell    <NA>
        2          about 80  cannot_tell     146
        3      hard to hold  cannot_tell      39
    """
    if isinstance(targets, str | PurePath):
        raise FeedbackError(
            f"Targets are not the name of a file; read it with load_targets({str(targets)!r})."
        )
    chosen = load_targets() if targets is None else tuple(targets)
    rows = [_row(score, target) for target in chosen if target.metric == score.metric]
    names = ["target", "bound", "source", "verdict", "met", "n", "n_more", "sentence"]
    table = pd.DataFrame(rows, columns=names)
    return table.astype({"met": "boolean", "n": "int64", "n_more": "Int64"})


def _row(score: Score, target: Target) -> list[object]:
    if score.method == target.method:
        found = judge(score, target)
    else:
        found = Judgement(
            target=target, verdict="does_not_apply", met=None, n=score.n, n_more=None,
            sentence=_not_for(score, target),
        )  # fmt: skip
    return [
        target.name, target.bound, target.source, found.verdict, found.met, found.n,
        found.n_more, found.sentence,
    ]  # fmt: skip


def _not_for(score: Score, target: Target) -> str:
    return (
        f"The target {target.name!r} ({target.bound}) is for {target.metric.upper()} by "
        f"{target.method}; this score is {score.metric.upper()} by {score.method}, and the two "
        "cannot be compared."
    )


def _verdict(low: float, high: float, target: Target) -> Verdict:
    """Return on which side of a target an interval lies."""
    least, most = target.at_least, target.at_most
    if least is not None and high < least:
        return "below"
    if most is not None and low > most:
        return "above"
    if least is not None and low < least:
        return "cannot_tell"
    if most is not None and high > most:
        return "cannot_tell"
    if least is not None and most is not None:
        return "inside"
    return "below" if least is None else "above"


def _good_side(target: Target) -> Verdict:
    """Return the verdict at which a target is met."""
    if target.at_most is None:
        return "above"
    return "below" if target.at_least is None else "inside"


def _needed(score: Score, target: Target) -> tuple[int | None, str]:
    """Return how many more answers would tell, and the sentence about it."""
    noun = _COUNTED.get(score.metric, "answer")
    bounds = [bound for bound in (target.at_least, target.at_most) if bound is not None]
    if any(isclose(score.value, bound, abs_tol=1e-9) for bound in bounds):
        return None, f"It equals the bound, so no number of {noun}s like these would tell."
    most = MOST_MORE if score.population is None else score.population - score.n
    more = _first_clear(score, target, min(most, MOST_MORE))
    if more is None and score.population is not None and most < MOST_MORE:
        return None, f"Not even the {noun}s of all {score.population:,} would tell."
    if more is None or more >= MOST_MORE:
        return MOST_MORE, f"More than {MOST_MORE:,} more {noun}s are needed."
    needed = f"{noun} is" if more == 1 else f"{noun}s are"
    return more, f"About {_rough(more):,} more {needed} needed, if their shares are those of today."


def _rough(n: int) -> int:
    """Return a number with two digits that count, rounded up: more would say too much."""
    step = int(10 ** max(len(str(n)) - 2, 0))
    return -(-n // step) * step


def _first_clear(score: Score, target: Target, most: int) -> int | None:
    """Return the smallest number of further answers at which the interval clears the target."""
    if most < 1:
        return None
    start, stop = 1, most
    while True:
        grid = np.unique(np.geomspace(start, stop, 200).astype(np.int64))
        low, high = _ends(score, score.n + grid)
        clear = [
            _verdict(float(a), float(b), target) != "cannot_tell"
            for a, b in zip(low, high, strict=True)
        ]
        if not any(clear):
            return None
        first = clear.index(True)
        if first == 0 or grid[first] - grid[first - 1] == 1:
            return int(grid[first])
        start, stop = int(grid[first - 1]), int(grid[first])


def _ends(score: Score, n: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return the ends that the score's interval would have at other numbers of answers."""
    plain = score.population is None and score.n_effective is None
    factor = n / score.n
    if plain and score.interval in ("score", "adjusted_wald") and score.metric in GROUPS:
        groups = [score.counts[name] * factor for name in GROUPS[score.metric]]
        made = nps_score_interval if score.interval == "score" else nps_adjusted_wald
        low, high = made(groups[0], groups[1], groups[2], level=score.level)
        return low * 100, high * 100
    ends = (0.0, 100.0) if score.unit == "percent" else score.scale
    if plain and ends and (score.interval == "wilson" or score.value in ends):
        lowest, highest = ends
        share = (score.value - lowest) / (highest - lowest)
        low, high = wilson(share * n, n, level=score.level)
        return lowest + low * (highest - lowest), lowest + high * (highest - lowest)
    if score.population is not None:  # the fewer are left to ask, the more an answer tells
        factor = factor * (score.population - score.n) / np.maximum(score.population - n, 1e-9)
    away_low, away_high = _away(score, factor)
    return score.value - away_low, score.value + away_high


def _away(score: Score, factor: Floats) -> tuple[Floats, Floats]:
    """Return how far the ends of an interval lie from the score with so many times the answers.

    The variance is taken to change evenly from the lower end to the upper end, as it does for
    scores near an end of the scale; where it is the same at both, the interval shrinks with √n.
    """
    low, high = score.value - score.low, score.high - score.value
    if low + high == 0:
        return np.zeros(factor.shape), np.zeros(factor.shape)
    slope = (high**2 - low**2) / (high + low)
    middle = low**2 + slope * low
    root = np.sqrt(slope**2 + 4 * factor * middle)
    return (root - slope) / (2 * factor), (root + slope) / (2 * factor)


def _clear_sentence(score: Score, target: Target, verdict: Verdict, *, met: bool) -> str:
    place = "within" if verdict == "inside" else verdict
    return (
        f'{score}: {place} the target "{target.name}" ({target.bound}), so it is '
        f"{'met' if met else 'not met'}.{_per(target)}"
    )


def _per(target: Target) -> str:
    """Return for which time a target is, where that matters."""
    if not target.per:
        return ""
    return f" This holds only where the score is that of a {target.per}, as the target is."


def _open_sentence(score: Score, target: Target, why: str) -> str:
    ends = f"{figure(score.low, score.unit)} to {figure(score.high, score.unit)}"
    bounds = [x for x in (target.at_least, target.at_most) if x is not None]
    question = (
        "is within the range"
        if len(bounds) == 2
        else f"is above or below {figure(bounds[0], score.unit)}"
    )
    return (
        f"Cannot tell yet whether {score.metric.upper()} ({score.method}) {question} "
        f'("{target.name}": {target.bound}): it is {figure(score.value, score.unit)} [{ends}, '
        f"{score.level * 100:g}%], n = {score.n:,}. {why}{_per(target)}"
    )
