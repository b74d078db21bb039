"""Which score a rating makes, and what each respondent contributes to it: what drivers build on."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.schema import rating_scales
from feedback_nlp.scores.answers import Ratings, Scale, declared_scale, read_answers
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributions:
    """What each respondent contributes to a score.

    Attributes:
        values: One for each respondent, NaN where the answer is missing; their mean is the score.
        groups: 0, 1 or 2 for the low, middle and top group, −1 where the answer is missing.
        definition: The score, with ``maximum``, ``minimum`` and the names of the groups.
    """

    values: NDArray[np.float64]
    groups: NDArray[np.int8]
    definition: Definition

    @property
    def maximum(self) -> float:
        """The highest possible score."""
        return self.definition.maximum


def contributions(
    ratings: Ratings,
    rating: str = "nps",
    *,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
) -> Contributions:
    """Return what each respondent contributes to the score, so that the score is their mean.

    NPS 100, 0 or −100; shares 100 or 0; percent of maximum 0 to 100; means the answer itself. High
    is good.

    Args:
        ratings: One answer for each respondent, or a comments table (then in the order of
            ``schema.respondents``).
        rating: Name of the rating: its column where a table is given.
        metric: As in ``score_of``.
        method: As in ``score_of``.
        scale: As in ``score_of``.

    Example:
        >>> contributions([10, 8, None, 0]).values
        array([ 100.,    0.,   nan, -100.])
    """
    definition = definition_of(ratings, rating, metric=metric, method=method, scale=scale)
    answers = read_answers(ratings, rating, definition.scale, whole=definition.metric == "nps")
    return Contributions(
        values=definition.contribution(answers),
        groups=definition.group(answers),
        definition=definition,
    )
