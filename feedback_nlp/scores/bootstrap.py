"""The bootstrap interval of a mean, by scipy, seeded."""

import warnings

import numpy as np

from feedback_nlp.errors import FeedbackError
from feedback_nlp.scores.quantiles import Floats

DRAWS = 2000
MOST = 10_000


def bca_interval(
    values: Floats, *, level: float = 0.95, weights: Floats | None = None, draws: int = DRAWS
) -> tuple[float, float] | None:
    """Return the bias-corrected and accelerated bootstrap interval of a mean (Efron 1987).

    The same values always give the same interval, in whatever order they come.

    Args:
        values: One number for each respondent.
        level: Confidence level.
        weights: Weight of each respondent; they are drawn together.
        draws: How many samples are drawn.

    Returns:
        Its ends; ``None`` where they do not exist or fall together, as where all values are alike.

    Raises:
        FeedbackError: There are so many values that leaving each out in turn takes too long.

    Example:
        >>> [round(end, 1) for end in bca_interval(np.array([5.0, 4, 4, 3, 5, 2, 5, 5, 4, 1]))]
        [2.8, 4.5]
    """
    from scipy.stats import DegenerateDataWarning, bootstrap

    if values.size > MOST:
        raise FeedbackError(
            f"The bootstrap leaves out each answer in turn: {values.size:,} answers are too many "
            f"(at most {MOST:,}). Leave interval out; with so many the usual one is as good."
        )
    order = np.argsort(values) if weights is None else np.lexsort((weights, values))
    weights = np.ones(values.size) if weights is None else weights

    def mean(x: Floats, w: Floats, axis: int = -1) -> Floats:
        return np.asarray((x * w).sum(axis=axis) / w.sum(axis=axis))

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", DegenerateDataWarning)  # that is what None is for
        found = bootstrap(
            (values[order], weights[order]), mean, paired=True, confidence_level=level,
            n_resamples=draws, method="BCa", batch=max(1, 2_000_000 // values.size),
            rng=np.random.default_rng(0),
        ).confidence_interval  # fmt: skip
    low, high = float(found.low), float(found.high)
    return (low, high) if np.isfinite([low, high]).all() and low < high else None
