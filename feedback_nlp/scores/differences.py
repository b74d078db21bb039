"""Two scores compared: the first minus the second, with its interval and its test.

``difference`` compares two samples, ``differences`` the groups of two summaries, all at once.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.errors import FeedbackError
from feedback_nlp.records import Difference
from feedback_nlp.scores.answers import Ratings, Scale, declared_scale
from feedback_nlp.scores.choosing import metric_of
from feedback_nlp.scores.definitions import Definition, define
from feedback_nlp.scores.intervals import is_constant
from feedback_nlp.scores.quantiles import Floats, around, quantile, root_of, two_sided
from feedback_nlp.scores.scoring import score_from
from feedback_nlp.scores.summary import (
    INTERVALS,
    Interval,
    Summary,
    adjusted_at,
    effective_n,
    ends_at,
    summarise,
)
from feedback_nlp.scores.weights import Weights, check_population, read_weighted

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
    first: Summary,
    second: Summary,
    definition: Definition,
    level: float = 0.95,
    interval: Interval = "score",
) -> Differences:
    """Return the differences of two summaries, group by group.

    The usual interval is the hybrid of the two score intervals (Newcombe 1998 for shares; "MOVER"
    of Zou and Donner 2008 for others): with a the distance of the first score to its lower end and
    b that of the second to its upper end, the lower end is difference − √(a² + b²). The p-value is
    1 − the level at which the interval reaches zero.

    Args:
        first: Scores of the first groups, or of the later period.
        second: As many scores of the second groups; or one, compared with each of the first.
        definition: The score of both.
        level: Confidence level.
        interval: ``score``; for nets also ``adjusted_wald``, for means also ``t`` (Welch's).

    Raises:
        FeedbackError: No such interval for a difference of these scores.

    Example:
        >>> nps = define("nps")
        >>> one = summarise(np.array([10.0, 9, 9, 8, 7, 10, 3, 9]), nps)
        >>> two = summarise(np.array([1.0, 9, 6, 8, 0, 7, 3, 9]), nps)
        >>> found = differences(one, two, nps)
        >>> found.value.round(1), (found.p_value < 0.05) == (found.low > 0)
        (array([75.]), array([ True]))
    """
    _check_interval(interval, definition)
    if second.value.size == 1:
        second = second.take(np.zeros(first.value.size, dtype=np.int64))
    z = quantile(level)
    if interval == "adjusted_wald":
        found = _adjusted(first, second, z)
    elif interval == "t":
        found = _welch(first, second, definition, z)
    else:
        found = _hybrid(first, second, definition, z, "score")
    return _consistent(found, definition, level)


def _check_interval(interval: str, definition: Definition) -> None:
    if interval == "bca" or interval not in INTERVALS[definition.kind]:
        choices = [name for name in INTERVALS[definition.kind] if name != "bca"]
        raise FeedbackError(
            f"No interval {interval!r} for a difference; choose {' or '.join(choices)}."
        )


def _consistent(found: Differences, definition: Definition, level: float) -> Differences:
    """Keep the interval in its range, and interval and test of one mind where rounding decides."""
    span = definition.maximum - definition.minimum
    low, high = around(found.value, found.low, found.high, -span, span)
    clear = (low > 0) | (high < 0)
    p_value = np.where(
        clear,
        np.minimum(found.p_value, np.nextafter(1 - level, 0)),
        np.maximum(found.p_value, 1 - level),
    )
    p_value = np.where(found.value == 0, 1.0, np.clip(p_value, 0.0, 1.0))
    p_value = np.where(np.isnan(found.value), np.nan, p_value)
    return replace(found, low=low, high=high, p_value=p_value)


def _hybrid(
    first: Summary, second: Summary, definition: Definition, z: float, interval: Interval
) -> Differences:
    value = first.value - second.value
    size = np.where(value == 0, np.nan, np.abs(value))

    def ends(z: float | Floats) -> tuple[Floats, Floats]:
        one, two = (ends_at(side, definition, z, interval) for side in (first, second))
        return hybrid(first.value, one, second.value, two)

    def reach(z: Floats) -> Floats:
        low, high = ends(z)
        return np.where(value > 0, value - low, high - value) / size

    low, high = ends(z)
    reached = root_of(reach, np.full(value.shape, z), _LARGEST)
    name = "newcombe" if definition.kind == "share" else "mover"
    return Differences(
        value=value, low=low, high=high, p_value=two_sided(reached),
        interval=np.full(value.shape, name, dtype=object),
    )  # fmt: skip


def hybrid(
    first: Floats, own: tuple[Floats, Floats], second: Floats, other: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Return the ends of the difference of two figures, from the ends of each.

    Args:
        first: The first figures.
        own: Lower and upper ends of the first.
        second: The second figures.
        other: Lower and upper ends of the second.

    Example:
        >>> ends = np.array([0.1]), np.array([0.5])
        >>> low, high = hybrid(np.array([0.3]), ends, np.array([0.3]), ends)
        >>> low.round(3), high.round(3)
        (array([-0.283]), array([0.283]))
    """
    value = first - second
    below = np.hypot(first - own[0], other[1] - second)
    above = np.hypot(own[1] - first, second - other[0])
    return value - below, value + above


def _adjusted(first: Summary, second: Summary, z: float) -> Differences:
    """Add three answers to each side; the observed difference stays the value."""
    value = first.value - second.value
    (one, error1), (two, error2) = (adjusted_at(side) for side in (first, second))
    centre, error = one - two, np.hypot(error1, error2)
    with np.errstate(invalid="ignore", divide="ignore"):
        p_value = two_sided(np.abs(centre) / error)
    # Where the added answers turn the sign, the interval is widened to hold the value, and zero.
    p_value = np.where(np.sign(centre) == np.sign(value), p_value, 1.0)
    return Differences(
        value=value, low=centre - z * error, high=centre + z * error, p_value=p_value,
        interval=np.full(value.shape, "adjusted_wald", dtype=object),
    )  # fmt: skip


def _welch(first: Summary, second: Summary, definition: Definition, z: float) -> Differences:
    """Use t with Welch's degrees of freedom; the hybrid where all answers of a side are alike."""
    from scipy.special import ndtr, stdtr, stdtrit

    bounded = _hybrid(first, second, definition, z, "t")
    span = definition.maximum - definition.minimum
    value, constant = bounded.value, np.zeros(bounded.value.shape, dtype=bool)
    squares = parts = np.zeros(value.shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        for side in (first, second):
            effective = effective_n(side)
            counted = effective if side.n_interval is None else side.n_interval
            square = side.sd**2 / counted
            squares, parts = squares + square, parts + square**2 / (effective - 1)
            constant = constant | is_constant(side.sd, effective, span)
        error, freedom = np.sqrt(squares), squares**2 / parts
        half = -stdtrit(freedom, ndtr(np.full(value.shape, -z))) * error
        p_value = 2 * stdtr(freedom, -np.abs(value) / error)
    constant |= ~(error > 0)
    return Differences(
        value=value,
        low=np.where(constant, bounded.low, value - half),
        high=np.where(constant, bounded.high, value + half),
        p_value=np.where(constant, bounded.p_value, p_value),
        interval=np.where(constant, "bounded", "welch").astype(object),
    )


def difference(
    first: Ratings,
    second: Ratings,
    *,
    rating: str = "nps",
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
    level: float = 0.95,
    interval: Interval = "score",
    weights: tuple[Weights, Weights] | str | None = None,
    population: tuple[int | None, int | None] | None = None,
) -> Difference:
    """Return the score of one group or period minus that of another, with interval and p-value.

    The two count as samples of different people. Where the same people are in both, the interval is
    rather too wide, since a person tends to answer alike.

    Args:
        first: Answers of the first group, or of the later period; or a comments table. High answers
            are the good ones, as in ``score_of``.
        second: Answers of the second group, or of the earlier period; or a comments table.
        rating: Name of the rating: its column where a table is given.
        metric: As in ``score_of``.
        method: As in ``score_of``.
        scale: As in ``score_of``; if not given, as the tables note.
        level: Confidence level of the interval.
        interval: ``score``, the hybrid of the two scores' own intervals; for nets also
            ``adjusted_wald``, for means also ``t`` (Welch's).
        weights: Those of the first and those of the second, or the column of both tables that has
            them; see ``nps``.
        population: How many people there are on either side, or ``None``; see ``nps``.

    Returns:
        First score minus second score, from −200 to 200 for a net, from −100 to 100 for a share.

    Raises:
        RatingError: As for the score itself.
        FeedbackError: The two tables note different scales and none was asked for; or no such
            interval.

    Example:
        >>> print(difference([10, 9, 9, 8, 7, 3], [9, 6, 3, 8, 2, 1], rating="nps"))
        NPS (standard) difference +83.3 [-13.4 to +138.5, 95%], p = 0.096, n = 6 and 6
    """
    definition = _common((first, second), rating, metric, method, scale)
    _check_interval(interval, definition)
    pair = (weights, weights) if weights is None or isinstance(weights, str) else weights
    people = (None, None) if population is None else population
    scores, summaries = [], []
    for side, weight, number in zip((first, second), pair, people, strict=True):
        answers, found = read_weighted(side, rating, definition, weight)
        score = score_from(
            answers, definition, level=level, rating=rating, interval=interval, weights=found,
            population=number,
        )  # fmt: skip
        there = check_population(number, score.n)
        scores.append(score)
        summaries.append(summarise(answers, definition, weights=found, population=there))
    made = differences(summaries[0], summaries[1], definition, level, interval)
    return Difference(
        metric=definition.metric, method=definition.method, value=float(made.value[0]),
        low=float(made.low[0]), high=float(made.high[0]), p_value=float(made.p_value[0]),
        first=scores[0], second=scores[1], level=level, interval=str(made.interval[0]),
        unit=definition.unit,
    )  # fmt: skip


def _common(
    sides: tuple[Ratings, Ratings],
    rating: str,
    metric: str | None,
    method: str | None,
    scale: Scale | None,
) -> Definition:
    """Return the one definition by which both sides are scored."""
    noted = [found for side in sides if (found := declared_scale(side, rating))]
    if scale is None and len(set(noted)) > 1:
        (low, high), (other_low, other_high) = noted
        raise FeedbackError(
            f"{rating!r} is {low:g}–{high:g} in the first and {other_low:g}–{other_high:g} in the "
            "second; scores of different scales cannot be compared."
        )
    tables = [side for side in sides if declared_scale(side, rating)]
    metric = metric or metric_of(tables[0] if tables else sides[0], rating)
    return define(metric, method, scale or (noted[0] if noted else None))
