"""The one place where scores are computed: one group or a hundred thousand, by the same lines."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.errors import FeedbackError
from feedback_nlp.scores.definitions import Definition
from feedback_nlp.scores.intervals import (
    is_constant,
    mean_at,
    mean_interval,
    nps_adjusted_wald,
    nps_score_at,
    nps_score_interval,
    wilson,
    wilson_at,
)

Floats = NDArray[np.float64]
Interval = Literal["score", "adjusted_wald"]


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
    """

    value: Floats
    low: Floats
    high: Floats
    n: NDArray[np.int64]
    n_missing: NDArray[np.int64]
    counts: NDArray[np.int64]
    interval: NDArray[np.object_]
    sd: Floats


def summarise(
    answers: Floats,
    definition: Definition,
    *,
    groups: NDArray[np.integer] | None = None,
    n_groups: int = 1,
    level: float = 0.95,
    interval: Interval = "score",
) -> Summary:
    """Return the score of each group of respondents.

    Args:
        answers: One answer for each respondent, NaN where missing.
        definition: The score.
        groups: Number of the group of each respondent, 0 to ``n_groups`` − 1; all one group if not
            given.
        n_groups: How many groups there are.
        level: Confidence level.
        interval: Of net scores: ``score`` or ``adjusted_wald``.

    Raises:
        FeedbackError: No such interval, or a level that is not between 0 and 1.
    """
    if groups is None:
        groups = np.zeros(answers.size, dtype=np.int64)
    codes = definition.group(answers)
    answered = codes >= 0
    cells = np.bincount(groups * 4 + codes + 1, minlength=4 * n_groups).reshape(n_groups, 4)
    counts, n = cells[:, 1:], cells[:, 1:].sum(axis=1)
    sd = np.full(n_groups, np.nan)
    if definition.kind == "mean":
        mean, sd = _moments(answers[answered], groups[answered], definition, n)
        value, low, high, made = _mean_scores(mean, sd, n, definition, level)
    else:
        value, low, high, made = _count_scores(counts, n, definition, level, interval)
    return Summary(
        value=value,
        low=low,
        high=high,
        n=n,
        n_missing=cells[:, 0],
        counts=counts,
        interval=made,
        sd=sd,
    )


def ends_at(summary: Summary, definition: Definition, z: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the default interval of each score for normal quantiles."""
    bad, middle, good = (column.astype(np.float64) for column in summary.counts.T)
    n = summary.n.astype(np.float64)
    if definition.kind == "mean":
        low, high = definition.minimum, definition.maximum
        return mean_at(summary.value, summary.sd, n, z, low=low, high=high)
    if definition.kind == "share":
        lower, upper = wilson_at(good, n, z)
    else:
        lower, upper = nps_score_at(bad, middle, good, z)
    return lower * 100, upper * 100


def _moments(
    answers: Floats, groups: NDArray[np.integer], definition: Definition, n: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Return mean and standard deviation of the contributions in each group, in two passes."""
    values = definition.contribution(answers)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(groups, weights=values, minlength=n.size) / n
        mean = np.clip(mean, definition.minimum, definition.maximum)
        squares = np.bincount(groups, weights=(values - mean[groups]) ** 2, minlength=n.size)
        sd = np.sqrt(squares / np.maximum(n - 1, 1))
    return mean, sd


def _mean_scores(
    mean: Floats, sd: Floats, n: NDArray[np.int64], definition: Definition, level: float
) -> tuple[Floats, Floats, Floats, NDArray[np.object_]]:
    minimum, maximum = definition.minimum, definition.maximum
    low, high = mean_interval(mean, sd, n, low=minimum, high=maximum, level=level)
    made = np.where(is_constant(sd, n, maximum - minimum), "bounded", "t").astype(object)
    if definition.turned and definition.method == "mean":
        ends = minimum + maximum
        return ends - mean, ends - high, ends - low, made
    return mean, low, high, made


def _count_scores(
    counts: NDArray[np.int64],
    n: NDArray[np.int64],
    definition: Definition,
    level: float,
    interval: Interval,
) -> tuple[Floats, Floats, Floats, NDArray[np.object_]]:
    bad, middle, good = counts.T
    with np.errstate(invalid="ignore", divide="ignore"):
        net = (good - bad) / n if definition.kind == "net" else good / n
    if definition.kind == "share":
        low, high = wilson(good, n, level=level)
        name = "wilson"
    elif interval == "score":
        low, high = nps_score_interval(bad, middle, good, level=level)
        name = "score"
    elif interval == "adjusted_wald":
        low, high = nps_adjusted_wald(bad, middle, good, level=level)
        name = "adjusted_wald"
    else:
        raise FeedbackError(f"No interval {interval!r}; choose score or adjusted_wald.")
    return net * 100, low * 100, high * 100, np.full(n.size, name, dtype=object)
