"""What a tagging has in common with the labels, as arrays: one row a comment, one column a theme.

Everything that is measured is a ratio of sums over comments, so one matrix product with the counts
of a bootstrap gives all its draws.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.schema import POLARITIES

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Themes and polarities of comments.

    Attributes:
        themes: Comment × theme.
        polarities: Comment × theme × polarity (negative, neutral, positive).
        confidence: Comment × theme, the highest of its mentions; 0 where there is none.
        characters: Comment × theme, how many characters its evidence covers.
    """

    themes: Bools
    polarities: Bools
    confidence: Floats
    characters: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What is summed over comments, one row a comment, one column a theme.

    Attributes:
        hit: The theme is labelled and found.
        extra: It is found and not labelled.
        missed: It is labelled and not found.
        joint_hit: Themes with polarity (0 to 3 of one theme) labelled and found.
        joint_extra: Found and not labelled.
        joint_missed: Labelled and not found.
        one: The theme is found, and labelled with one polarity.
        right: Of these, the polarity found is that one.
        unknown: Of these, no polarity is found.
        both_characters: Characters that the evidence of both covers.
        found_characters: Characters that the evidence found covers.
        labelled_characters: Characters that the labelled evidence covers.
    """

    hit: Floats
    extra: Floats
    missed: Floats
    joint_hit: Floats
    joint_extra: Floats
    joint_missed: Floats
    one: Floats
    right: Floats
    unknown: Floats
    both_characters: Floats
    found_characters: Floats
    labelled_characters: Floats

    def rows(self, chosen: Bools) -> "Counts":
        """Return the counts of some comments."""
        return Counts(**{f.name: getattr(self, f.name)[chosen] for f in fields(self)})

    def columns(self, chosen: Bools) -> "Counts":
        """Return the counts of some themes."""
        return Counts(**{f.name: getattr(self, f.name)[:, chosen] for f in fields(self)})

    def sums(self, weights: Floats) -> dict[str, Floats]:
        """Return sums over comments, one row for each row of weights, one column a theme."""
        return {f.name: weights @ getattr(self, f.name) for f in fields(self)}


def found_in(mentions: pd.DataFrame, ids: pd.Index, themes: Sequence[str]) -> Found:
    """Return the mentions of comments as arrays.

    Args:
        mentions: A mentions table.
        ids: The comments, in order.
        themes: The themes, in order; mentions of others are left out.
    """
    rows = ids.get_indexer(pd.Index(mentions["comment_id"].astype("str")))
    columns = pd.Index(themes).get_indexer(pd.Index(mentions["theme"].astype("str")))
    known = (rows >= 0) & (columns >= 0)
    rows, columns = rows[known], columns[known]
    shape = (len(ids), len(themes))
    present = np.zeros(shape, dtype=bool)
    present[rows, columns] = True
    polarity = pd.Categorical(mentions["polarity"], categories=POLARITIES).codes[known]
    polarities = np.zeros((*shape, len(POLARITIES)), dtype=bool)
    said = polarity >= 0
    polarities[rows[said], columns[said], polarity[said]] = True
    confidence = np.zeros(shape)
    np.maximum.at(confidence, (rows, columns), mentions["theme_confidence"].to_numpy(float)[known])
    spans = mentions.loc[known, ["start", "end"]].to_numpy()
    covered = _covered(rows, columns, spans, shape)
    return Found(themes=present, polarities=polarities, confidence=confidence, characters=covered)


def _covered(rows: Ints, columns: Ints, spans: Ints, shape: tuple[int, int]) -> Floats:
    """Return the length of the union of spans in each cell."""
    covered = np.zeros(shape)
    order = np.lexsort((spans[:, 0], columns, rows))
    last_cell, last_end = (-1, -1), 0
    for row, column, (start, end) in zip(rows[order], columns[order], spans[order], strict=True):
        if (row, column) != last_cell:
            last_cell, last_end = (row, column), 0
        covered[row, column] += max(0, end - max(start, last_end))
        last_end = max(last_end, end)
    return covered


def counts_of(labelled: Found, found: Found, both_characters: Floats) -> Counts:
    """Return what labels and findings have in common, comment × theme."""
    hit = labelled.themes & found.themes
    one = hit & (labelled.polarities.sum(axis=2) == 1)
    said = found.polarities.any(axis=2)
    right = one & (labelled.polarities == found.polarities).all(axis=2)
    both = labelled.polarities & found.polarities
    made = {
        "hit": hit,
        "extra": found.themes & ~labelled.themes,
        "missed": labelled.themes & ~found.themes,
        "joint_hit": both.sum(axis=2),
        "joint_extra": (found.polarities & ~labelled.polarities).sum(axis=2)
        + (found.themes & ~said),
        "joint_missed": (labelled.polarities & ~found.polarities).sum(axis=2),
        "one": one,
        "right": right,
        "unknown": one & ~said,
        "both_characters": both_characters,
        "found_characters": found.characters,
        "labelled_characters": labelled.characters,
    }
    return Counts(**{name: np.asarray(value, dtype=np.float64) for name, value in made.items()})


def draws_of(n: int, draws: int, seed: int) -> Floats:
    """Return how often each comment is in each bootstrap draw; the first row is the sample."""
    rng = np.random.default_rng(seed)
    picked = rng.integers(0, n, size=(draws, n))
    offset = picked + np.arange(draws)[:, None] * n
    counts = np.bincount(offset.ravel(), minlength=draws * n).reshape(draws, n)
    return np.vstack([np.ones(n), counts]).astype(np.float64)


def f1(hit: Floats, extra: Floats, missed: Floats) -> Floats:
    """Return 2 × hits ÷ (2 × hits + extras + misses), missing where there is nothing at all."""
    return ratio(2 * hit, 2 * hit + extra + missed)


def ratio(part: Floats, whole: Floats) -> Floats:
    """Return part ÷ whole, missing where the whole is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


def class_counts(labelled: Ints, found: Ints, n_classes: int) -> tuple[Floats, Floats, Floats]:
    """Return hits, extras and misses of classes, comment × class; −1 is no class.

    Args:
        labelled: Class of each comment.
        found: Class found, −1 where none was.
        n_classes: How many classes there are.
    """
    known = labelled >= 0
    gold = (labelled[:, None] == np.arange(n_classes)) & known[:, None]
    said = (found[:, None] == np.arange(n_classes)) & known[:, None]
    return (
        (gold & said).astype(np.float64),
        (said & ~gold).astype(np.float64),
        (gold & ~said).astype(np.float64),
    )


def calibration_error(confidence: Floats, right: Bools) -> float:
    """Return the mean distance between confidence and share of right ones, over ten equal bins.

    Guo et al. 2017, "On Calibration of Modern Neural Networks" (expected calibration error).

    Example:
        >>> calibration_error(np.array([0.9, 0.9]), np.array([True, False]))
        0.4
    """
    if not confidence.size:
        return float("nan")
    bins = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    n = np.bincount(bins, minlength=BINS)
    sure = np.bincount(bins, weights=confidence, minlength=BINS)
    good = np.bincount(bins, weights=right.astype(np.float64), minlength=BINS)
    return round(float(np.abs(sure - good).sum() / n.sum()), 12)
