"""Phrases found in the words of many texts at once, as flat arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feedback_nlp.flat import Bools, Ints, begins, runs


@dataclass(frozen=True, eq=False, kw_only=True)
class Hits:
    """Phrases found, in order of appearance.

    Attributes:
        start: The first word of each, counted over all texts.
        end: One past its last word.
        label: What it stands for, as its place in ``labels``.
        gap: Whether other words stand between its first and its last.
        labels: The labels.
    """

    start: Ints
    end: Ints
    label: Ints
    gap: Bools
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.start)

    @classmethod
    def none(cls, labels: Sequence[str]) -> "Hits":
        """Return no hits."""
        no = np.empty(0, dtype=np.int64)
        return cls(start=no, end=no, label=no, gap=no.astype(np.bool_), labels=tuple(labels))

    def take(self, rows: Ints | Bools) -> "Hits":
        """Return some of them, in the order of ``rows``."""
        return Hits(
            start=self.start[rows],
            end=self.end[rows],
            label=self.label[rows],
            gap=self.gap[rows],
            labels=self.labels,
        )


def without_vetoed(hits: Hits, vetoes: Hits, words: int) -> Hits:
    """Return the hits that share no word with a veto of their label.

    Args:
        hits: Phrases found.
        vetoes: Vetoes found, with the same labels.
        words: How many words there are.
    """
    if not len(vetoes) or not len(hits):
        return hits
    at, _ = runs(vetoes.start, vetoes.end - vetoes.start)
    label = vetoes.label.repeat(vetoes.end - vetoes.start)
    touched = np.zeros(words, dtype=np.bool_)
    touched[at] = True
    before = begins(touched)
    rows = (before[hits.end] > before[hits.start]).nonzero()[0]
    barred = np.sort(label * words + at)
    begin = np.searchsorted(barred, hits.label[rows] * words + hits.start[rows])
    end = np.searchsorted(barred, hits.label[rows] * words + hits.end[rows])
    kept = np.ones(len(hits), dtype=np.bool_)
    kept[rows[begin < end]] = False
    return hits.take(kept)


def longest_of(hits: Hits) -> Hits:
    """Return the hits that remain when of two that overlap the longer one is kept.

    Of two that are as long, the one without a gap is kept, or else the first.
    """
    alone = _overlap_nothing(hits)
    if alone.all():
        return hits
    rows = (~alone).nonzero()[0]
    start, end = hits.start[rows], hits.end[rows]
    order = np.lexsort((start, hits.gap[rows], start - end))
    taken: set[int] = set()
    for row, begin, stop in zip(
        rows[order].tolist(), start[order].tolist(), end[order].tolist(), strict=True
    ):
        span = range(begin, stop)
        if taken.isdisjoint(span):
            taken.update(span)
            alone[row] = True
    return hits.take(alone)


def _overlap_nothing(hits: Hits) -> Bools:
    """Tell which hits share no word with another; they are sorted by their first words."""
    alone = np.ones(len(hits), dtype=np.bool_)
    before = np.maximum.accumulate(hits.end)[:-1] > hits.start[1:]
    alone[1:] &= ~before
    alone[:-1] &= hits.end[:-1] <= hits.start[1:]
    return alone


def joined(parts: Sequence[Hits]) -> Hits:
    """Return the hits of several searches with the same labels, sorted by their first words."""
    if len(parts) == 1:
        return parts[0]
    start = np.concatenate([part.start for part in parts])
    order = np.argsort(start, kind="stable")
    return Hits(
        start=start[order],
        end=np.concatenate([part.end for part in parts])[order],
        label=np.concatenate([part.label for part in parts])[order],
        gap=np.concatenate([part.gap for part in parts])[order],
        labels=parts[0].labels,
    )
