"""What a network learns from, pass by pass: texts, batches, rates, and how good it is by now."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

WARM = 0.1  # of the steps, until the rate is reached


@dataclass(frozen=True, slots=True)
class Text:
    """A text to learn from.

    Attributes:
        pieces: The numbers of its pieces: beginning, comment, end, and what was asked.
        asked: How many of these, the last, are the question.
        inside: How many are of the comment; they begin at 1.
        themes: The themes it speaks of.
        spans: Where it does so: theme, first piece and one past the last.
        sides: What is said: theme, polarity, first piece and one past the last.
    """

    pieces: tuple[int, ...]
    asked: int
    inside: int
    themes: frozenset[int]
    spans: tuple[tuple[int, int, int], ...]
    sides: tuple[tuple[int, int, int, int], ...]


def share_of(step: int, steps: int) -> float:
    """Return the share of the learning rate: up, then down in a straight line.

    Example:
        >>> [round(share_of(step, 10), 2) for step in (0, 1, 5, 9)]
        [0.5, 1.0, 0.56, 0.11]
    """
    warm = max(1, math.ceil(WARM * steps))
    return (step + 1) / (warm + 1) if step < warm else (steps - step) / (steps - warm)


def in_batches(texts: Sequence[Text], size: int, seed: tuple[int, int]) -> Iterator[list[Text]]:
    """Yield the texts of one pass at random, those of a batch about as long."""
    random = np.random.default_rng(seed)
    order = random.permutation(len(texts)).tolist()
    window, batches = size * 20, []
    for first in range(0, len(order), window):
        part = sorted(order[first : first + window], key=lambda at: len(texts[at].pieces))
        batches += [part[at : at + size] for at in range(0, len(part), size)]
    for at in random.permutation(len(batches)).tolist():
        yield [texts[one] for one in batches[at]]


def best_f1(scores: NDArray[Any], wanted: NDArray[Any]) -> float:
    """Return the highest F1 that any threshold gives."""
    order = np.argsort(-scores, axis=None, kind="stable")
    hits = wanted.ravel()[order].cumsum()
    f1 = 2 * hits / (np.arange(1, len(hits) + 1) + wanted.sum())
    return float(f1.max())
