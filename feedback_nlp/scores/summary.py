"""The one place where scores are computed: one group or a hundred thousand, by the same lines."""

from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import FeedbackError
from feedback_nlp.scores.bootstrap import bca_interval
from feedback_nlp.scores.definitions import Definition
from feedback_nlp.scores.intervals import is_constant, mean_at, nps_adjusted, wilson_at
from feedback_nlp.scores.places import places_of
from feedback_nlp.scores.quantiles import Floats, around, quantile
from feedback_nlp.scores.score_interval import Histogram, score_ends

Interval = Literal["score", "adjusted_wald", "wilson", "t", "bca"]
Counts = NDArray[np.int64]
INTERVALS = {
    "net": ("score", "adjusted_wald"),
    "share": ("score", "wilson"),
    "mean": ("score", "t", "bca"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Scores of groups: arrays with one entry a group.

    Attributes:
        value: The score, missing where nobody answered.
        low: Lower end of the interval.
        high: Upper end of the interval.
        n: Respondents with an answer.
        n_missing: Respondents without one.
        counts: Respondents in the low, middle and top group, one column each.
        interval: How each interval was made.
        sd: Standard deviation of what respondents contribute, where the score is a mean.
        n_effective: Equally weighted answers that would say as much; ``None`` without weights.
        n_used: Respondents whose answer has a weight above 0; ``None`` without weights.
        n_interval: Answers as the interval counts them: the effective ones, and more where they
            are a large part of a finite population; ``None`` where that is ``n``.
        tallies: Weight of the answers at each place of the scale (see ``places.py``), one column
            each, for a mean; or, with weights, of the low, middle and top group.
        answers: The places that the columns of ``tallies`` of a mean stand for.
    """

    value: Floats
    low: Floats
    high: Floats
    n: NDArray[np.int64]
    n_missing: NDArray[np.int64]
    counts: NDArray[np.int64]
    interval: NDArray[np.object_]
    sd: Floats
    n_effective: Floats | None = None
    n_used: NDArray[np.int64] | None = None
    n_interval: Floats | None = None
    tallies: Floats | None = None
    answers: tuple[float, ...] = ()

    def take(self, rows: NDArray[np.integer]) -> "Summary":
        """Return some groups, in the order asked for."""
        held = {f.name: getattr(self, f.name) for f in fields(self)}
        arrays: dict[str, Any] = {k: v[rows] for k, v in held.items() if isinstance(v, np.ndarray)}
        return replace(self, **arrays)


def summarise(
    answers: Floats,
    definition: Definition,
    *,
    groups: NDArray[np.integer] | None = None,
    n_groups: int = 1,
    level: float = 0.95,
    interval: Interval = "score",
    weights: Floats | None = None,
    population: Floats | None = None,
    times: Counts | None = None,
) -> Summary:
    """Return the score of each group of respondents.

    Args:
        answers: One answer for each respondent, NaN where missing.
        definition: The score.
        groups: Number of the group of each respondent, 0 to ``n_groups`` − 1; all one group if not
            given.
        n_groups: How many groups there are.
        level: Confidence level.
        interval: ``score`` (for shares that is Wilson's); for net scores also ``adjusted_wald``,
            for means also ``t`` and ``bca``.
        weights: Weight of each respondent, 0 or more.
        population: How many people there are in each group, at least as many as answered; NaN for
            very many.
        times: How many respondents gave each answer, where ``answers`` lists different ones; not
            together with weights, nor for the interval ``bca``.

    Raises:
        FeedbackError: No such interval, or a level that is not between 0 and 1.
    """
    if interval not in INTERVALS[definition.kind]:
        choices = " or ".join(dict.fromkeys(INTERVALS[definition.kind]))
        raise FeedbackError(f"No interval {interval!r}; choose {choices}.")
    if groups is None:
        groups = np.zeros(answers.size, dtype=np.int64)
    codes = definition.group(answers)
    cells = np.bincount(groups * 4 + codes + 1, times, minlength=4 * n_groups).astype(np.int64)
    cells = cells.reshape(n_groups, 4)
    nothing = np.full(n_groups, np.nan)
    found = Summary(
        value=nothing, low=nothing, high=nothing, n=cells[:, 1:].sum(axis=1),
        n_missing=cells[:, 0], counts=cells[:, 1:], sd=nothing,
        interval=np.full(n_groups, "wilson", dtype=object),
    )  # fmt: skip
    answered = codes >= 0
    if not answered.all():
        answers, groups, codes = answers[answered], groups[answered], codes[answered]
        weights = None if weights is None else weights[answered]
        times = None if times is None else times[answered]
    if weights is not None:
        found = _weighted(found, groups, codes, weights)
    found = _certain(found, population)
    if definition.kind == "mean":
        often = weights if times is None else times.astype(np.float64)
        found = _with_mean(found, answers, groups, definition, often)
    else:
        found = _with_counts(found, definition)
    if interval == "bca":
        return _resampled(found, answers, groups, definition, level, weights)
    low, high = ends_at(found, definition, quantile(level), interval)
    return replace(found, low=low, high=high, interval=_made(found, definition, interval))


def ends_at(
    summary: Summary, definition: Definition, z: float | Floats, interval: Interval = "score"
) -> tuple[Floats, Floats]:
    """Return the ends of the interval of each score for normal quantiles, one or one for each."""
    n = summary.n.astype(np.float64) if summary.n_interval is None else summary.n_interval
    census = np.isinf(n)
    n = np.where(census, 1.0, n)
    minimum, maximum = definition.minimum, definition.maximum
    if definition.kind == "share":
        low, high = (end * 100 for end in wilson_at(summary.value / 100 * n, n, z))
    elif interval == "adjusted_wald":
        centre, error = adjusted_at(summary)
        low, high = centre - z * error, centre + z * error
    elif definition.kind == "mean" and interval != "score":
        effective = effective_n(summary)
        low, high = mean_at(
            summary.value, summary.sd, n, z, low=minimum, high=maximum, freedom=effective - 1
        )
    else:
        answers = summary.answers if definition.kind == "mean" else (-100.0, 0.0, 100.0)
        found = Histogram.of_columns(answers, _columns(summary, n))
        low, high = score_ends(found, z, low=minimum, high=maximum)
    low, high = around(summary.value, low, high, minimum, maximum)
    return np.where(census, summary.value, low), np.where(census, summary.value, high)


def adjusted_at(summary: Summary) -> tuple[Floats, Floats]:
    """Return NPS and standard error of each group after three answers are added, in points."""
    n = effective_n(summary) if summary.n_interval is None else summary.n_interval
    census = np.isinf(n)
    centre, error = nps_adjusted(*_columns(summary, np.where(census, 1.0, n)).T)
    return (
        np.where(census, summary.value, 100 * centre), np.where(census, 0.0, 100 * error),
    )  # fmt: skip


def effective_n(found: Summary) -> Floats:
    """Return how many equally weighted answers would say as much as those of each group."""
    return found.n.astype(np.float64) if found.n_effective is None else found.n_effective


def _columns(summary: Summary, n: Floats) -> Floats:
    """Return the shares of the answers or groups, as counts out of ``n``."""
    tallies = summary.counts.astype(np.float64) if summary.tallies is None else summary.tallies
    total = tallies.sum(axis=1)
    return tallies * np.where(total > 0, n / np.where(total > 0, total, 1.0), 0.0)[:, None]


def _weighted(
    found: Summary, groups: NDArray[np.integer], codes: NDArray[np.int8], weights: Floats
) -> Summary:
    """Add weighted groups and Kish's effective number of answers, (Σw)² ÷ Σw²."""
    size = found.n.size
    cells = np.bincount(groups * 3 + codes, weights, minlength=3 * size)
    tallies = cells.reshape(size, 3).astype(np.float64)
    squares = np.bincount(groups, weights**2, minlength=size)
    with np.errstate(invalid="ignore", divide="ignore"):
        effective = np.where(squares > 0, tallies.sum(axis=1) ** 2 / squares, 0.0)
    used = np.bincount(groups[weights > 0], minlength=size)
    effective = np.minimum(effective, used)  # beyond it is rounding
    return replace(found, tallies=tallies, n_effective=effective, n_interval=effective, n_used=used)


def _certain(found: Summary, population: Floats | None) -> Summary:
    """Count the answers for more where they are a large part of all people there are."""
    if population is None:
        return found
    effective, used = effective_n(found), found.n if found.n_used is None else found.n_used
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = (population - 1) / (population - used)
    factor = np.where(np.isnan(population), 1.0, np.where(population == used, np.inf, factor))
    return replace(found, n_interval=np.where(effective > 0, effective * factor, 0.0))


def _with_counts(found: Summary, definition: Definition) -> Summary:
    tallies = found.counts.astype(np.float64) if found.tallies is None else found.tallies
    bad, _, good = tallies.T
    with np.errstate(invalid="ignore", divide="ignore"):
        value = 100 * ((good - bad) if definition.kind == "net" else good) / tallies.sum(axis=1)
    return replace(found, value=np.clip(value, definition.minimum, definition.maximum))


def _with_mean(
    found: Summary,
    answers: Floats,
    groups: NDArray[np.integer],
    definition: Definition,
    weights: Floats | None,
) -> Summary:
    """Add mean, standard deviation and how often each answer was given."""
    size = found.n.size
    codes, distinct = pd.factorize(answers)
    worth = definition.worth(np.asarray(distinct, dtype=np.float64))
    places = places_of(worth, definition)
    tallies = places.tally(codes, groups, weights, size)
    if places.exact:
        at, total = np.array(places.answers), tallies.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = tallies @ at / total
            squares = (tallies * (at - mean[:, None]) ** 2).sum(axis=1) / total
    else:
        mean, squares = _moments(worth[codes], groups, weights, size)
    return replace(
        found, value=np.clip(mean, definition.minimum, definition.maximum),
        sd=_deviation(squares, found), tallies=tallies, answers=places.answers,
    )  # fmt: skip


def _moments(
    worth: Floats, groups: NDArray[np.integer], weights: Floats | None, size: int
) -> tuple[Floats, Floats]:
    """Return the mean and the mean squared distance from it in each group, in two passes."""
    weights = np.ones(worth.size) if weights is None else weights
    total = np.bincount(groups, weights, minlength=size)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(groups, weights * worth, minlength=size) / total
        far = weights * (worth - mean[groups]) ** 2
        return mean, np.bincount(groups, far, minlength=size) / total


def _deviation(squares: Floats, found: Summary) -> Floats:
    n = effective_n(found)
    return np.sqrt(squares * n / np.maximum(n - 1, 1e-9)) * (n > 1)


def _made(found: Summary, definition: Definition, interval: Interval) -> NDArray[np.object_]:
    """Return how each interval was made."""
    name = {"share": "wilson", "net": interval, "mean": "mean_score"}[definition.kind]
    if definition.kind == "mean" and interval != "score":
        span = definition.maximum - definition.minimum
        made = np.where(is_constant(found.sd, effective_n(found), span), "bounded", "t").astype(
            object
        )
    else:
        made = np.full(found.n.size, name, dtype=object)
    if found.n_interval is not None:
        made[np.isinf(found.n_interval)] = "census"
    return made


def _resampled(
    found: Summary,
    answers: Floats,
    groups: NDArray[np.integer],
    definition: Definition,
    level: float,
    weights: Floats | None,
) -> Summary:
    """Put the bootstrap in the place of t, where it exists."""
    low, high = ends_at(found, definition, quantile(level), "t")
    made = _made(found, definition, "t")
    n = found.n if found.n_interval is None else found.n_interval
    worth, order = definition.worth(answers), np.argsort(groups, kind="stable")
    starts = np.searchsorted(groups[order], np.arange(found.n.size + 1))
    for group in np.flatnonzero(made == "t"):
        own = order[starts[group] : starts[group + 1]]
        ends = bca_interval(
            worth[own], level=level, weights=None if weights is None else weights[own]
        )
        if ends is None:
            bounded = replace(found, sd=np.zeros(found.sd.shape))
            ends = tuple(e[group] for e in ends_at(bounded, definition, quantile(level), "t"))
            low[group], high[group], made[group] = *ends, "bounded"
            continue
        nearer = np.sqrt(effective_n(found)[group] / n[group])
        value = found.value[group]
        low[group], high[group] = (value + (end - value) * nearer for end in ends)
        made[group] = "bca"
    low, high = around(found.value, low, high, definition.minimum, definition.maximum)
    return replace(found, low=low, high=high, interval=made)
