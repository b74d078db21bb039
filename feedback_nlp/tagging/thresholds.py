"""Choosing how sure is sure enough: probabilities of unseen parts, and the best thresholds."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.flat import Ints
from feedback_nlp.tagging.readings import Floats
from feedback_nlp.tagging.weighing import Weighing

Bools = NDArray[np.bool_]
_STEPS = np.round(np.arange(0.1, 0.75, 0.01), 2)
_PRIOR = 30.0  # labels a theme needs before its own best threshold counts half


def spread(
    inputs: Floats,
    labels: NDArray[np.generic],
    groups: Ints,
    fit: Callable[[Floats, NDArray[np.generic]], Weighing],
    *,
    parts: int = 5,
) -> Floats:
    """Return probabilities of each row by a weighing that was learnt without its group.

    Args:
        inputs: One row a clause, its last axis what is weighed.
        labels: The labels of each row.
        groups: The comment of each row.
        fit: Learns from inputs and labels.
        parts: Parts of about the same size.
    """
    found: Floats | None = None
    for part in range(parts):
        out = groups % parts == part
        likely = fit(inputs[~out], labels[~out]).probabilities(inputs[out])
        if found is None:
            found = np.zeros((len(inputs), *likely.shape[1:]))
        found[out] = likely
    assert found is not None  # noqa: S101
    return found


def by_comment(values: Floats, groups: Ints) -> Floats:
    """Return the highest value of each comment, one row a comment in the order of their numbers."""
    numbers, of = np.unique(groups, return_inverse=True)
    highest = np.zeros((len(numbers), values.shape[1]))
    np.maximum.at(highest, of, values)
    return highest


def best_thresholds(
    likely: Floats, labels: Bools, groups: Ints, names: Sequence[str]
) -> dict[str, float]:
    """Return the threshold of each theme: its own best F1, drawn towards that of all together.

    Args:
        likely: Clause × theme, probabilities of clauses that were not learnt from.
        labels: Clause × theme.
        groups: The comment of each clause.
        names: The themes.
    """
    found = by_comment(likely, groups)
    truth = by_comment(labels.astype(float), groups) > 0
    together = _best(found, truth)
    chosen = {}
    for at, name in enumerate(names):
        n = truth[:, at].sum()
        own = _best(found[:, [at]], truth[:, [at]])
        share = n / (n + _PRIOR) / 2
        chosen[name] = round(float(share * own + (1 - share) * together), 3)
    return chosen


def _best(found: Floats, truth: Bools) -> float:
    """Return the threshold with the highest F1 over all columns together."""
    figures = []
    for least in _STEPS:
        said = found >= least
        hits = (said & truth).sum()
        figures.append(2 * hits / max(1, said.sum() + truth.sum()))
    smooth = np.convolve(np.pad(figures, 2, mode="edge"), np.ones(5) / 5, mode="valid")
    return float(_STEPS[int(smooth.argmax())])
