"""How often is right, with intervals: comments are drawn again, 300 times, and counted again.

- Themes: comment × top theme; themes that a set never labels are left out.
- Polarity: comment × top theme that the set gives one polarity. A tagger says the one for which the
  confidences of its mentions sum up highest; unknown is wrong. Either over the themes that were
  found, or over all of them, where one that was not found is wrong.
- Sentiment: of whole texts. The sets have no "unknown", so it counts as neutral; nor "mixed", which
  counts as the side its score leans to.
- Calibration error: distance of confidence and share of right ones, mean over ten bins.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from feedback_nlp.schema import POLARITIES, themes_without_subject
from feedback_nlp.tagging.evaluation_rows import top_of
from feedback_nlp.tagging.measures import BINS, class_counts, draws_of, f1, found_in, ratio

DRAWS = 300
NEUTRAL = POLARITIES.index("neutral")


@dataclass(frozen=True)
class Figure:
    """A figure with its interval at 95 % and what it is counted over."""

    value: float
    low: float
    high: float
    n: int

    def __str__(self):
        if np.isnan(self.value):
            return "–"
        if np.isnan(self.low):
            return f"{self.value:.2f}"
        return f"{self.value:.2f} ({self.low:.2f}–{self.high:.2f})"


@dataclass(frozen=True)
class Seen:
    """What is said of comments, comment × theme.

    Attributes:
        themes: Whether the theme is there.
        sure: The highest confidence in it.
        side: The number of its polarity, −1 for none or unknown; of labels, where it is only one.
        side_sure: The highest confidence in that polarity.
    """

    themes: np.ndarray
    sure: np.ndarray
    side: np.ndarray
    side_sure: np.ndarray

    def rows(self, chosen):
        return Seen(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def columns(self, chosen):
        return Seen(*(getattr(self, name)[:, chosen] for name in self.__dataclass_fields__))


def seen(mentions, ids, themes, *, labels=False):
    """Return the mentions of comments at top themes.

    Args:
        mentions: A mentions table.
        ids: The comments, in order.
        themes: The top themes, in order.
        labels: They are labels, of which one with several polarities has none.
    """
    mentions = mentions.assign(theme=top_of(mentions))
    found = found_in(mentions, ids, themes)
    rows = ids.get_indexer(pd.Index(mentions["comment_id"].astype("str")))
    columns = pd.Index(themes).get_indexer(pd.Index(mentions["theme"].astype("str")))
    polarity = pd.Categorical(mentions["polarity"], categories=POLARITIES).codes
    known = (rows >= 0) & (columns >= 0) & (polarity >= 0)
    place = rows[known], columns[known], polarity[known]
    sure = mentions["polarity_confidence"].to_numpy(float)[known]
    summed = np.zeros((len(ids), len(themes), len(POLARITIES)))
    highest = np.zeros_like(summed)
    np.add.at(summed, place, sure)
    np.maximum.at(highest, place, sure)
    side = summed.argmax(axis=2)
    there = (summed > 0).sum(axis=2) == 1 if labels else summed.any(axis=2)
    side_sure = np.take_along_axis(highest, side[:, :, None], axis=2)[:, :, 0]
    return Seen(found.themes, found.confidence, np.where(there, side, -1), side_sure)


def labelled_themes(gold):
    """Return the top themes that occur in labels, and which of them have a subject."""
    themes = sorted(top_of(gold.mentions).unique())
    return themes, ~np.isin(themes, themes_without_subject(gold.mentions))


def draws(n):
    return draws_of(n, DRAWS, 0)


def figure(values, n):
    """Return the first of the values with the middle 95 % of the others."""
    drawn = values[1:][~np.isnan(values[1:])]
    if np.isnan(values[0]) or drawn.size < 2:
        return Figure(float(values[0]), np.nan, np.nan, int(n))
    low, high = np.quantile(drawn, [0.025, 0.975])
    value = float(values[0])
    return Figure(value, min(float(low), value), max(float(high), value), int(n))


def theme_figures(said, truth):
    """Return F1, precision and recall of comment × theme."""
    weights = draws(len(truth.themes))
    hit, extra, missed = (
        weights @ part.sum(axis=1).astype(float)
        for part in (
            truth.themes & said.themes,
            said.themes & ~truth.themes,
            truth.themes & ~said.themes,
        )
    )
    n = truth.themes.sum()
    return {
        "f1": figure(f1(hit, extra, missed), n),
        "precision": figure(ratio(hit, hit + extra), n),
        "recall": figure(ratio(hit, hit + missed), n),
    }


def polarity_figure(said, truth, among=None):
    """Return how often the polarity is right, over all labelled ones or over some of them."""
    counted = truth.side >= 0
    if among is not None:
        counted &= among
    right = counted & said.themes & (said.side == truth.side)
    weights = draws(len(counted))
    part, whole = (weights @ x.sum(axis=1).astype(float) for x in (right, counted))
    return figure(ratio(part, whole), counted.sum())


def unknown_figure(said, truth):
    """Return how often the polarity is unknown, over the labelled ones whose theme was found."""
    counted = (truth.side >= 0) & said.themes
    weights = draws(len(counted))
    part, whole = (
        weights @ x.sum(axis=1).astype(float) for x in (counted & (said.side < 0), counted)
    )
    return figure(ratio(part, whole), counted.sum())


def same_side(sides, truth):
    """Return what a polarity of whole comments says of their labelled themes."""
    each = np.broadcast_to(sides[:, None], truth.side.shape)
    sure = np.ones(truth.side.shape)
    return Seen(truth.themes, sure, each, sure)


def sides_of(sentiments):
    """Return the number of the polarity that each sentiment is, −1 where it is none."""
    return pd.Index(POLARITIES).get_indexer(pd.Index(sentiments.astype(object)))


def sentiment_sides(comments):
    """Return the number of the polarity of each whole comment, as the sets count it."""
    words = comments["sentiment"].astype(object)
    codes = sides_of(words)
    score = np.sign(pd.to_numeric(comments["sentiment_score"]).fillna(0).to_numpy()).astype(int)
    return np.where(words == "mixed", score + NEUTRAL, np.where(codes < 0, NEUTRAL, codes))


def sentiment_figures(sides, truth, classes=POLARITIES):
    """Return macro-F1 over the classes that occur, and accuracy, of texts that have a class."""
    known = truth >= 0
    sides, truth = sides[known], truth[known]
    weights = draws(len(truth))
    used = sorted(set(truth))
    sums = [
        weights @ part[:, used].astype(float) for part in class_counts(truth, sides, len(classes))
    ]
    right = ratio(weights @ (sides == truth).astype(float), weights.sum(axis=1))
    n = len(truth)
    return {"macro-F1": figure(f1(*sums).mean(axis=1), n), "accuracy": figure(right, n)}


def theme_trust(said, truth):
    """Return comment, confidence and rightness of every theme that was found."""
    rows, columns = np.nonzero(said.themes)
    return rows, said.sure[rows, columns], truth.themes[rows, columns]


def polarity_trust(said, truth):
    """Return the same of every polarity that was said of a theme with one labelled polarity."""
    rows, columns = np.nonzero(said.themes & (said.side >= 0) & (truth.side >= 0))
    right = said.side[rows, columns] == truth.side[rows, columns]
    return rows, said.side_sure[rows, columns], right


def calibration_figure(trust, n_comments):
    """Return the calibration error with its interval."""
    rows, sure, right = trust
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps, counts = np.zeros((n_comments, BINS)), np.zeros(n_comments)
    np.add.at(gaps, (rows, bins), sure - right)
    np.add.at(counts, rows, 1.0)
    weights = draws(n_comments)
    return figure(ratio(np.abs(weights @ gaps).sum(axis=1), weights @ counts), len(rows))
