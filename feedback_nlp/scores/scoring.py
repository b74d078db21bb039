"""From checked answers to a score: figure, interval, groups, the other definitions, and notes."""

import numpy as np

from feedback_nlp.errors import RatingError
from feedback_nlp.records import Score
from feedback_nlp.scores.definitions import BOXES, METHODS, Definition, Direction, define
from feedback_nlp.scores.quantiles import Floats
from feedback_nlp.scores.summary import Interval, Summary, summarise
from feedback_nlp.scores.weights import check_population

_LONG_SCALE = 6  # highest minus lowest answer: scales of seven points and more
_MANY = 10


def score_from(
    answers: Floats,
    definition: Definition,
    *,
    level: float,
    rating: str,
    interval: Interval = "score",
    weights: Floats | None = None,
    population: int | None = None,
) -> Score:
    """Return the score of answers that have been read and checked.

    Args:
        answers: One answer for each respondent, NaN where missing.
        definition: The score.
        level: Confidence level of the interval.
        rating: Name of the rating, for messages.
        interval: How the interval is made.
        weights: Weight of each respondent, checked.
        population: How many people there are in all.

    Raises:
        RatingError: There is no answer, or the population is smaller than the number who answered.
    """
    answered = int(np.count_nonzero(~np.isnan(answers)))
    if not answered:
        raise no_ratings(rating, answers.size)
    found = summarise(
        answers, definition, level=level, interval=interval, weights=weights,
        population=check_population(population, answered),
    )  # fmt: skip
    return Score(
        metric=definition.metric,
        method=definition.method,
        value=float(found.value[0]),
        low=float(found.low[0]),
        high=float(found.high[0]),
        n=answered,
        n_missing=int(found.n_missing[0]),
        level=level,
        interval=str(found.interval[0]),
        unit=definition.unit,
        counts=dict(zip(definition.groups, map(int, found.counts[0]), strict=True)),
        details=_details(answers, definition, weights),
        scale=definition.scale,
        n_effective=None if found.n_effective is None else float(found.n_effective[0]),
        population=None if population is None else int(population),
        notes=(
            *_scale_notes(answers, definition),
            *_notes(found, interval, population),
        ),
    )


def no_ratings(rating: str, rows: int) -> RatingError:
    """Return the error for a score of nobody."""
    found = "there are no rows" if not rows else f"all {rows} are missing"
    return RatingError(f"No ratings left in {rating!r}: {found}. A score needs at least one.")


def _details(answers: Floats, definition: Definition, weights: Floats | None) -> dict[str, float]:
    """Return the same answers by the other definitions of the metric."""
    left = ~np.isnan(answers)
    weight = np.ones(answers.size) if weights is None else weights
    own, weight = answers[left], weight[left] / weight[left].sum()
    if definition.metric == "nps":
        group, worth = definition.group(own), definition.contribution(own)
        shares = {
            f"share_{name}": float(weight[group == i].sum() * 100)
            for i, name in enumerate(definition.groups)
        }
        value = (weight * worth).sum()
        error = np.sqrt((weight * (worth - value) ** 2).sum() * (weight**2).sum())
        mean = float((weight * own).sum())
        return {"mean": mean, **shares, "standard_error": float(error)}
    values: dict[str, float] = {}
    direction: Direction = "effort" if definition.turned else "ease"
    for method in METHODS[definition.metric]:
        try:
            other = define(definition.metric, method, definition.scale, direction)
        except RatingError:
            continue
        values[method] = float((weight * other.worth(own)).sum())
    return {name: value for name, value in values.items() if name != definition.method}


def _scale_notes(answers: Floats, definition: Definition) -> list[str]:
    """Return which answers are satisfied where that is not 4–5 of 5, and whether the scale fits."""
    notes: list[str] = []
    low, high = definition.scale
    boxes = BOXES.get(definition.method, 0)
    if boxes and (low, high) != (1, 5):
        which = f"{high:g}" if boxes == 1 else f"{definition.top_from:g}–{high:g}"
        notes.append(f"Satisfied are the answers {which} of {low:g}–{high:g}.")
    given = answers[~np.isnan(answers)]
    if high - low >= _LONG_SCALE and given.size >= _MANY and given.max() <= (low + high) / 2:
        notes.append(
            f"No answer is above {given.max():g}: was the question really asked on "
            f"{low:g}–{high:g}?"
        )
    return notes


def _notes(found: Summary, interval: Interval, population: int | None) -> list[str]:
    """Return the plain sentences that belong to the interval."""
    notes: list[str] = []
    if found.n_effective is not None and found.n_effective[0] < found.n[0] * (1 - 1e-9):
        notes.append(
            f"The answers are weighted: {found.n[0]:,} say as much as "
            f"{found.n_effective[0]:,.0f} of equal weight."
        )
    if found.n_used is not None and (unused := int(found.n[0] - found.n_used[0])):
        notes.append(f"{unused:,} of {found.n[0]:,} answers have the weight 0 and are not used.")
    if found.interval[0] == "census":
        notes.append("Everybody there is has answered, so there is no sampling error.")
    elif population is not None:
        notes.append(f"The interval is that of a sample of {population:,} people.")
    if found.interval[0] == "bounded":
        notes.append(
            f"The answers vary too little for the interval {interval!r}; the limits of the scale "
            "make it instead."
        )
    return notes
