"""The three scores of customer surveys, NPS, CSAT and CES, with their intervals.

Formulas, sources and what each is not: ``docs/metrics.md``.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.errors import RatingError
from feedback_nlp.records import Score
from feedback_nlp.scores.answers import (
    Ratings,
    Scale,
    declared_reversed,
    declared_scale,
    read_answers,
)
from feedback_nlp.scores.choosing import definition_of
from feedback_nlp.scores.definitions import METHODS, Definition, Direction, define
from feedback_nlp.scores.summary import Interval, summarise

CsatMethod = Literal["top2", "top1", "mean", "percent_of_maximum"]
CesMethod = Literal["mean", "agreement", "net"]


def nps(
    ratings: Ratings,
    *,
    scale: Scale | None = None,
    level: float = 0.95,
    interval: Interval = "score",
    rating: str = "nps",
) -> Score:
    """Share of promoters (9–10) minus share of detractors (0–6), in points.

    Args:
        ratings: One answer for each respondent, missing ones counted and not used; or a comments
            table, whose respondents are counted once.
        scale: ``(0, 10)``, or ``(1, 10)`` for the variant that starts at 1 (detractors 1–6). If
            not given, the scale that the comments table notes, else 0–10.
        level: Confidence level of the interval.
        interval: ``score`` or ``adjusted_wald``.
        rating: Column of the answers, where a table is given.

    Returns:
        A score from −100 (all detractors) to 100 (all promoters).

    Raises:
        RatingError: An answer is no whole number on the scale, the scale is not that of NPS, or no
            answer is left.

    Example:
        >>> print(nps([10, 9, 8, 7, 3]))
        NPS (standard) +20.0 [-44.5 to +69.7, 95%], n = 5
    """
    definition = define("nps", scale=scale or declared_scale(ratings, rating))
    answers = read_answers(ratings, rating, definition.scale, whole=True)
    return score_from(answers, definition, level=level, interval=interval, rating=rating)


def csat(
    ratings: Ratings,
    *,
    method: CsatMethod = "top2",
    scale: Scale | None = None,
    level: float = 0.95,
    rating: str = "csat",
) -> Score:
    """Satisfaction: a share of satisfied answers, a mean, or a percentage of the maximum.

    Args:
        ratings: One answer for each respondent, or a comments table; high answers are the good
            ones.
        method: ``top2`` (share of the two highest answers), ``top1`` (of the highest), ``mean``, or
            ``percent_of_maximum`` ((mean − lowest) ÷ (highest − lowest) × 100).
        scale: Lowest and highest answer; if not given, as the table notes, else 1–5.
        level: Confidence level of the interval.
        rating: Column of the answers, where a table is given.

    Returns:
        A score in percent, or for ``mean`` on the scale of the answers; ``details`` holds the
        other definitions.

    Raises:
        RatingError: An answer is off the scale, the scale has no such box, or no answer is left.

    Example:
        >>> print(csat([5, 4, 4, 2, None]))
        CSAT (top2) 75.0% [30.1% to 95.4%, 95%], n = 4
    """
    definition = define("csat", method, scale or declared_scale(ratings, rating))
    answers = read_answers(ratings, rating, definition.scale)
    return score_from(answers, definition, level=level, rating=rating)


def ces(
    ratings: Ratings,
    *,
    direction: Direction,
    method: CesMethod = "mean",
    scale: Scale | None = None,
    level: float = 0.95,
    rating: str = "ces",
) -> Score:
    """Customer effort: mean, share that found it easy, or easy minus difficult.

    Args:
        ratings: One answer for each respondent, or a comments table.
        direction: ``ease`` where a high answer is good ("made it easy"), ``effort`` where it is
            bad ("how much effort"). The mean is given as it was asked; shares and the net index
            are high where it was easy.
        method: ``mean``; ``agreement``, the share above the middle (5–7 of 7); or ``net``, the
            share of the two best answers minus the share below the middle (6–7 minus 1–3 of 7).
        scale: Lowest and highest answer; if not given, as the table notes, else 1–7.
        level: Confidence level of the interval.
        rating: Column of the answers, where a table is given.

    Raises:
        RatingError: An answer is off the scale, or no answer is left.
        FeedbackError: The direction is neither of the two.

    Example:
        >>> ces([7, 6, 5, 2], direction="ease").value
        5.0
        >>> ces([7, 6, 5, 2], direction="effort", method="net").value
        -50.0
    """
    definition = define("ces", method, scale or declared_scale(ratings, rating), direction)
    answers = read_answers(ratings, rating, definition.scale)
    if definition.turned and declared_reversed(ratings, rating):
        # The table holds them turned; the mean is given as it was asked.
        answers = sum(definition.scale) - answers
    return score_from(answers, definition, level=level, rating=rating)


def score_of(
    ratings: Ratings,
    rating: str = "nps",
    *,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
    level: float = 0.95,
) -> Score:
    """Return the score of a rating by whatever metric it is; high answers are the good ones.

    Args:
        ratings: One answer for each respondent, or a comments table.
        rating: Name of the rating: its column where a table is given.
        metric: ``nps``, ``csat`` or ``ces``; if not given, see ``metric_of``.
        method: One of the metric's methods; if not given, the usual one for the scale.
        scale: Lowest and highest answer; if not given, as the table notes, else the metric's own.
        level: Confidence level of the interval.

    Example:
        >>> score_of([1, 2, 3, 3], "staff", scale=(1, 3)).method
        'top1'
    """
    definition = definition_of(ratings, rating, metric=metric, method=method, scale=scale)
    answers = read_answers(ratings, rating, definition.scale, whole=definition.metric == "nps")
    return score_from(answers, definition, level=level, rating=rating)


def score_from(
    answers: NDArray[np.float64],
    definition: Definition,
    *,
    level: float,
    rating: str,
    interval: Interval = "score",
) -> Score:
    """Return the score of answers that have been read and checked."""
    found = summarise(answers, definition, level=level, interval=interval)
    if not found.n[0]:
        raise no_ratings(rating, answers.size)
    return Score(
        metric=definition.metric,
        method=definition.method,
        value=float(found.value[0]),
        low=float(found.low[0]),
        high=float(found.high[0]),
        n=int(found.n[0]),
        n_missing=int(found.n_missing[0]),
        level=level,
        interval=str(found.interval[0]),
        unit=definition.unit,
        counts=dict(zip(definition.groups, map(int, found.counts[0]), strict=True)),
        details=_details(answers, definition),
    )


def no_ratings(rating: str, rows: int) -> RatingError:
    """Return the error for a score of nobody."""
    found = "there are no rows" if not rows else f"all {rows} are missing"
    return RatingError(f"No ratings left in {rating!r}: {found}. A score needs at least one.")


def _details(answers: NDArray[np.float64], definition: Definition) -> dict[str, float]:
    """Return the same answers by the other definitions of the metric."""
    left = answers[~np.isnan(answers)]
    if definition.metric == "nps":
        group = definition.group(left)
        shares = {
            f"share_{name}": float((group == i).mean() * 100)
            for i, name in enumerate(definition.groups)
        }
        error = float(definition.contribution(left).std() / np.sqrt(left.size))
        return {"mean": float(left.mean()), **shares, "standard_error": error}
    values: dict[str, float] = {}
    direction: Direction = "effort" if definition.turned else "ease"
    for method in METHODS[definition.metric]:
        try:
            other = define(definition.metric, method, definition.scale, direction)
        except RatingError:
            continue
        values[method] = float(summarise(left, other).value[0])
    if definition.metric == "csat" and definition.scale[0] >= 0:
        values["percent_of_highest_answer"] = float(left.mean() / definition.scale[1] * 100)
    return {name: value for name, value in values.items() if name != definition.method}
