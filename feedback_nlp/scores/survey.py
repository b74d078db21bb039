"""The three scores of customer surveys, NPS, CSAT and CES, with their intervals.

Formulas, sources and what each is not: ``docs/metrics.md``.
"""

from typing import Literal

from feedback_nlp.records import Score
from feedback_nlp.scores.answers import Ratings, Scale, declared_reversed, declared_scale
from feedback_nlp.scores.choosing import definition_of
from feedback_nlp.scores.definitions import Direction, define
from feedback_nlp.scores.scoring import no_ratings, score_from
from feedback_nlp.scores.summary import Interval
from feedback_nlp.scores.weights import Weights, read_weighted

__all__ = ["CesMethod", "CsatMethod", "ces", "csat", "no_ratings", "nps", "score_from", "score_of"]

CsatMethod = Literal["top2", "top1", "top3", "mean", "percent_of_maximum", "percent_of_highest"]
CesMethod = Literal["mean", "agreement", "net"]


def nps(
    ratings: Ratings,
    *,
    scale: Scale | None = None,
    level: float = 0.95,
    interval: Interval = "score",
    weights: Weights | None = None,
    population: int | None = None,
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
        weights: How many people each respondent stands for, 0 or more; or, where a table is given,
            the column that says so. The interval takes Kish's effective number of answers.
        population: How many people there are in all, if the answers are a large part of them.
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
    answers, weight = read_weighted(ratings, rating, definition, weights)
    return score_from(
        answers, definition, level=level, rating=rating, interval=interval, weights=weight,
        population=population,
    )  # fmt: skip


def csat(
    ratings: Ratings,
    *,
    method: CsatMethod = "top2",
    scale: Scale | None = None,
    level: float = 0.95,
    interval: Interval = "score",
    weights: Weights | None = None,
    population: int | None = None,
    rating: str = "csat",
) -> Score:
    """Satisfaction: a share of satisfied answers, a mean, or a percentage of the maximum.

    Args:
        ratings: One answer for each respondent, or a comments table; high answers are the good
            ones.
        method: ``top2``, ``top1`` or ``top3`` (share of the two highest answers, the highest, the
            three highest), ``mean``, ``percent_of_maximum`` ((mean − lowest) ÷ (highest − lowest)
            × 100) or ``percent_of_highest`` (sum ÷ (n × highest) × 100, which on 1–5 cannot fall
            below 20).
        scale: Lowest and highest answer; if not given, as the table notes, else 1–5.
        level: Confidence level of the interval.
        interval: ``score``, which for shares is Wilson's; for means also ``t`` and ``bca``, the
            seeded bootstrap.
        weights: As in ``nps``.
        population: As in ``nps``.
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
    answers, weight = read_weighted(ratings, rating, definition, weights)
    return score_from(
        answers, definition, level=level, rating=rating, interval=interval, weights=weight,
        population=population,
    )  # fmt: skip


def ces(
    ratings: Ratings,
    *,
    direction: Direction,
    method: CesMethod = "mean",
    scale: Scale | None = None,
    level: float = 0.95,
    interval: Interval = "score",
    weights: Weights | None = None,
    population: int | None = None,
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
        interval: ``score``, which for shares is Wilson's; for means also ``t`` and ``bca``, the
            seeded bootstrap.
        weights: As in ``nps``.
        population: As in ``nps``.
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
    answers, weight = read_weighted(ratings, rating, definition, weights)
    if definition.turned and declared_reversed(ratings, rating):
        # The table holds them turned; the mean is given as it was asked.
        answers = sum(definition.scale) - answers
    return score_from(
        answers, definition, level=level, rating=rating, interval=interval, weights=weight,
        population=population,
    )  # fmt: skip


def score_of(
    ratings: Ratings,
    rating: str = "nps",
    *,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
    level: float = 0.95,
    interval: Interval = "score",
    weights: Weights | None = None,
    population: int | None = None,
) -> Score:
    """Return the score of a rating by whatever metric it is; high answers are the good ones.

    Args:
        ratings: One answer for each respondent, or a comments table.
        rating: Name of the rating: its column where a table is given.
        metric: ``nps``, ``csat`` or ``ces``; if not given, see ``metric_of``.
        method: One of the metric's methods; if not given, the usual one for the scale.
        scale: Lowest and highest answer; if not given, as the table notes, else the metric's own.
        level: Confidence level of the interval.
        interval: As in the metric's own function.
        weights: As in ``nps``.
        population: As in ``nps``.

    Example:
        >>> score_of([1, 2, 3, 3], "staff", scale=(1, 3)).method
        'top1'
    """
    definition = definition_of(ratings, rating, metric=metric, method=method, scale=scale)
    answers, weight = read_weighted(ratings, rating, definition, weights)
    return score_from(
        answers, definition, level=level, rating=rating, interval=interval, weights=weight,
        population=population,
    )  # fmt: skip
