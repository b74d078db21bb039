"""Answers with their weights, and how many people there are: what weighted scores are made of."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.errors import FeedbackError, RatingError
from feedback_nlp.scores.answers import Ratings, listed, read_answers, read_people, to_floats
from feedback_nlp.scores.definitions import Definition
from feedback_nlp.scores.quantiles import Floats

Weights = Iterable[Any] | str


def read_weighted(
    ratings: Ratings, rating: str, definition: Definition, weights: Weights | None = None
) -> tuple[Floats, Floats | None]:
    """Return one answer for each respondent, and their weights if there are any.

    Args:
        ratings: Numbers, or a comments table whose respondents are counted once.
        rating: Column of the answers, where a table is given.
        definition: The score.
        weights: One number for each respondent; or, where a table is given, the name of a column.

    Raises:
        RatingError: As for ``read_answers``; or a weight is negative, infinite, or missing though
            there is an answer, or all are zero.
        ColumnError: The table has no such column.
        FeedbackError: Weights of another kind or number than the ratings.
    """
    whole = definition.metric == "nps"
    if weights is None:
        return read_answers(ratings, rating, definition.scale, whole=whole), None
    if isinstance(ratings, pd.DataFrame):
        if not isinstance(weights, str):
            raise FeedbackError(
                "The weights are numbers and the ratings a table; put the weights in a column of "
                "the table and give its name, such as weights='weight'."
            )
        people = read_people(ratings, rating, definition.scale, whole=whole, keep=[weights])
        return to_floats(people[rating]), weights_of(ratings, people, rating, weights)
    if isinstance(weights, str):
        raise FeedbackError(
            f"The weights {weights!r} are a column of a table, and the ratings are no table; give "
            "one number for each rating."
        )
    answers = read_answers(ratings, rating, definition.scale, whole=whole)
    return answers, check_weights(weights, answers)


def weights_of(comments: pd.DataFrame, people: pd.DataFrame, rating: str, name: str) -> Floats:
    """Return the weights of the respondents of a comments table, after checking them.

    Args:
        comments: The table, for the rows of bad weights.
        people: Its respondents, with rating and weight.
        rating: Column of the answers.
        name: Column of the weights.
    """
    _check_sign(to_floats(comments[name]), name)
    who = [repr(who) for who in people["respondent_id"]] if people[name].isna().any() else None
    return check_weights(people[name], to_floats(people[rating]), name=name, who=who)


def check_weights(
    weights: Iterable[Any],
    answers: Floats,
    *,
    name: str = "weights",
    who: Sequence[str] | None = None,
) -> Floats:
    """Return weights as numbers, 0 where there is no answer.

    Args:
        weights: One for each answer.
        answers: The answers, NaN where missing.
        name: How the weights are called.
        who: What each respondent is called, if not by the row.

    Raises:
        RatingError: A weight is negative or infinite, or missing though there is an answer, or all
            are zero.
        FeedbackError: There are not as many weights as answers, or they are no numbers.

    Example:
        >>> check_weights([1.5, None], np.array([9.0, np.nan]))
        array([1.5, 0. ])
    """
    values = to_floats(weights)
    if values.size != answers.size:
        raise FeedbackError(
            f"There are {values.size} weights for {answers.size} answers; each respondent has one."
        )
    answered = ~np.isnan(answers)
    _check_sign(values, name)
    lost = np.flatnonzero(np.isnan(values) & answered)
    if lost.size:
        first = f"row {lost[0] + 1}" if who is None else who[lost[0]]
        raise RatingError(
            f"{lost.size} of those who answered have no weight in {name!r}, first {first}. Give "
            "each a weight; 0 leaves the answer out of the score."
        )
    used = np.where(answered, values, 0.0)
    if answered.any() and not used.any():
        raise RatingError(f"All weights in {name!r} are 0, so there is nothing to make a score of.")
    largest = used.max(initial=0.0)
    return used if largest < 1e100 else used / largest  # so that no square overflows


def _check_sign(values: Floats, name: str) -> None:
    bad = np.flatnonzero((values < 0) | np.isinf(values))
    if bad.size:
        raise RatingError(
            f"Weights in {name!r} are below zero or infinite: {listed(bad, values)}. A weight is "
            "how many people a respondent stands for, 0 or more."
        )


def check_population(population: float | None, n: int) -> Floats | None:
    """Return the number of people there are, as an array, if it is given.

    Args:
        population: How many people there are in all.
        n: How many answered.

    Raises:
        RatingError: It is no whole number, or smaller than the number who answered.

    Example:
        >>> check_population(1000, 300)
        array([1000.])
    """
    return None if population is None else check_populations([population], [n], ["all"])


def check_populations(
    populations: Sequence[Any], n: Sequence[int], names: Sequence[object]
) -> Floats:
    """Return the number of people in each group.

    Raises:
        RatingError: One is no whole number, or smaller than the number who answered.
    """
    for people, answered, name in zip(populations, n, names, strict=True):
        of = "" if name == "all" else f" of {name}"
        known = isinstance(people, int | float | np.integer | np.floating)
        if not known or isinstance(people, bool) or not float(people).is_integer():
            raise RatingError(
                f"The population{of} is a whole number of people, not {people!r}; leave it out "
                "where it is not known."
            )
        if people < max(answered, 1):
            raise RatingError(
                f"The population{of} is {people:,.0f}, but {answered:,} answered; it is the number "
                "of all people who could have been asked."
            )
    return np.array([float(people) for people in populations])
