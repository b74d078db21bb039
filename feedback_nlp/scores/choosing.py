"""Which score a rating makes: by its name, by its table, or by what is asked for."""

import pandas as pd

from feedback_nlp.schema import rating_scales
from feedback_nlp.scores.answers import Ratings, Scale, declared_scale
from feedback_nlp.scores.definitions import METRICS, Definition, define


def definition_of(
    ratings: Ratings,
    rating: str,
    *,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
) -> Definition:
    """Return the definition that fits a rating, from its name, its table and what is asked for."""
    metric = metric or metric_of(ratings, rating)
    return define(metric, method, scale or declared_scale(ratings, rating))


def metric_of(ratings: Ratings, rating: str) -> str:
    """Return by which metric a rating is scored.

    Its own name if that is a metric, else what the comments table notes of it, else ``csat``.

    Example:
        >>> metric_of([], "nps"), metric_of([], "cleanliness")
        ('nps', 'csat')
    """
    if rating in METRICS:
        return rating
    if isinstance(ratings, pd.DataFrame) and rating in rating_scales(ratings):
        noted = rating_scales(ratings)[rating].metric
        return noted if noted in METRICS else "csat"
    return "csat"
