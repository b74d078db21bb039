"""Two scores compared: the first minus the second, with its interval and its test.

``difference`` compares two samples, ``differences`` the groups of two summaries, all at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.errors import FeedbackError
from feedback_nlp.records import Difference
from feedback_nlp.scores.answers import Ratings, Scale, declared_scale, read_answers
from feedback_nlp.scores.choosing import metric_of
from feedback_nlp.scores.definitions import Definition, define
from feedback_nlp.scores.intervals import quantile
from feedback_nlp.scores.summary import Summary, ends_at, summarise
from feedback_nlp.scores.survey import score_from

Floats = NDArray[np.float64]
_LARGEST = 37.0  # the normal quantile beyond which a p-value is no number any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Differences of many pairs of scores: arrays with one entry a pair.

    Attributes:
        value: First score minus second score, missing where one of the two is.
        low: Lower end of the interval.
        high: Upper end of the interval.
        p_value: Of the test that the two are alike, two-sided; below 1 − level exactly where the
            interval leaves zero out.
        interval: How interval and test were made.
    """

    value: Floats
    low: Floats
    high: Floats
    p_value: Floats
    interval: NDArray[np.object_]


def differences(
    first: Summary, second: Summary, definition: Definition, level: float = 0.95
) -> Differences:
    """Return the differences of two summaries, group by group.

    The interval is the hybrid of the two intervals (Newcombe 1998 for shares; "MOVER" of Zou and
    Donner 2008 for others): with the distances of each score to its own ends, a to the lower end
    of the first and b to the upper end of the second, the lower end is difference − √(a² + b²).
    The p-value is 1 − the level at which the interval reaches zero.

    Args:
        first: Scores of the first groups, or of the later period.
        second: As many scores of the second groups; or one, compared with each of the first.
        definition: The score of both.
        level: Confidence level.

    Example:
        >>> nps = define("nps")
        >>> one = summarise(np.array([10.0, 9, 9, 8, 7, 10, 3, 9]), nps)
        >>> two = summarise(np.array([1.0, 9, 6, 8, 0, 7, 3, 9]), nps)
        >>> found = differences(one, two, nps)
        >>> found.value.round(1), (found.p_value < 0.05) == (found.low > 0)
        (array([75.]), array([ True]))
    """
    z = quantile(level)
    value = first.value - second.value
    low, high = _hybrid(first, second, definition, np.full(value.shape, z))
    reached = _where_zero(first, second, definition, value)
    from scipy.special import ndtr

    p_value = np.where(value == 0, 1.0, np.minimum(2 * ndtr(-reached), 1.0))
    # At the edge rounding decides; interval and test must say the same.
    clear = (low > 0) | (high < 0)
    p_value = np.where(clear, np.minimum(p_value, np.nextafter(1 - level, 0)), p_value)
    p_value = np.where(~clear, np.maximum(p_value, 1 - level), p_value)
    p_value = np.where(np.isnan(value), np.nan, p_value)
    name = "newcombe" if definition.kind == "share" else "mover"
    return Differences(
        value=value, low=low, high=high, p_value=p_value,
        interval=np.full(value.shape, name, dtype=object),
    )  # fmt: skip


def _hybrid(
    first: Summary, second: Summary, definition: Definition, z: Floats
) -> tuple[Floats, Floats]:
    value = first.value - second.value
    low1, high1 = ends_at(first, definition, z)
    low2, high2 = ends_at(second, definition, z)
    below = np.hypot(first.value - low1, high2 - second.value)
    above = np.hypot(high1 - first.value, second.value - low2)
    return value - below, value + above


def _where_zero(first: Summary, second: Summary, definition: Definition, value: Floats) -> Floats:
    """Return the z at which the interval of each difference reaches zero."""
    size = np.where(value == 0, np.nan, np.abs(value))

    def missed(z: Floats) -> Floats:
        low, high = _hybrid(first, second, definition, z)
        reach = np.where(value > 0, value - low, high - value)
        return reach / size - 1

    return _root(missed, np.zeros(value.shape), np.full(value.shape, _LARGEST))


def _root(function: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Return where an increasing function is zero (Illinois variant of regula falsi)."""
    at_low, at_high = function(low), function(high)
    middle = high
    for _ in range(60):
        with np.errstate(invalid="ignore", divide="ignore"):
            middle = low - at_low * (high - low) / (at_high - at_low)
        middle = np.where(at_high <= 0, high, middle)
        at = function(middle)
        if not np.any(np.abs(at) > 1e-12):
            break
        above = at > 0
        at_low = np.where(above, at_low / 2, at)
        at_high = np.where(above, at, at_high / 2)
        low = np.where(above, low, middle)
        high = np.where(above, middle, high)
    return middle


def difference(
    first: Ratings,
    second: Ratings,
    *,
    rating: str = "nps",
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
    level: float = 0.95,
) -> Difference:
    """Return the score of one group or period minus that of another, with interval and p-value.

    Args:
        first: Answers of the first group, or of the later period; or a comments table.
        second: Answers of the second group, or of the earlier period; or a comments table.
        rating: Name of the rating: its column where a table is given.
        metric: As in ``score_of``.
        method: As in ``score_of``.
        scale: As in ``score_of``; if not given, as the first table notes, else the second.
        level: Confidence level of the interval.

    Raises:
        RatingError: As for the score itself.
        FeedbackError: The two tables note different scales and none was asked for.

    Example:
        >>> print(difference([10, 9, 9, 8, 7, 3], [9, 6, 3, 8, 2, 1], rating="nps"))
        NPS (standard) difference +83.3 [-13.4 to +138.5, 95%], p = 0.096, n = 6 and 6
    """
    definition = _common(first, second, rating, metric, method, scale)
    whole = definition.metric == "nps"
    answers = [
        read_answers(side, rating, definition.scale, whole=whole) for side in (first, second)
    ]
    scores = [score_from(side, definition, level=level, rating=rating) for side in answers]
    one, two = (summarise(side, definition, level=level) for side in answers)
    found = differences(one, two, definition, level=level)
    figures: dict[str, Any] = {
        name: float(getattr(found, name)[0]) for name in ("value", "low", "high", "p_value")
    }
    return Difference(
        metric=definition.metric, method=definition.method, first=scores[0], second=scores[1],
        level=level, interval=str(found.interval[0]), unit=definition.unit, **figures,
    )  # fmt: skip


def _common(
    first: Ratings,
    second: Ratings,
    rating: str,
    metric: str | None,
    method: str | None,
    scale: Scale | None,
) -> Definition:
    """Return the one definition by which both sides are scored."""
    noted = [found for side in (first, second) if (found := declared_scale(side, rating))]
    if scale is None and len(set(noted)) > 1:
        (low, high), (other_low, other_high) = noted
        raise FeedbackError(
            f"{rating!r} is {low:g}–{high:g} in the first and {other_low:g}–{other_high:g} in the "
            "second; scores of different scales cannot be compared."
        )
    named = metric or metric_of(first, rating)
    return define(named, method, scale or (noted[0] if noted else None))
