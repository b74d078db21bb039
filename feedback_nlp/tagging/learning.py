"""Learning a tagger of a user's own themes: folds, strength, the two steps, the figures.

Every figure is of comments that were not learnt from: the labelled comments are dealt into parts,
those of one respondent together, and each part is judged by what was learnt from the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from feedback_nlp.flat import stretches
from feedback_nlp.parsed import Bools, Ints, ParsedBatch
from feedback_nlp.tagging.contexts import (
    Outputs,
    Places,
    best_clauses,
    near_words,
    weighing_inputs,
)
from feedback_nlp.tagging.embeddings import Embeddings
from feedback_nlp.tagging.features import Features
from feedback_nlp.tagging.fitting import fit_columns, fit_weighing, learn_vocabulary
from feedback_nlp.tagging.readings import Floats
from feedback_nlp.tagging.stretches import clause_words, comment_words, evidence, first_highest
from feedback_nlp.tagging.thresholds import best_thresholds, spread
from feedback_nlp.tagging.told import Told
from feedback_nlp.tagging.weighing import Weighing

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

PARTS = 5
STRENGTHS = (0.2, 0.6, 2.0)
SCALES = (16.0, 12.0, 3.0, 0.5)  # of words, pairs, parts, meaning: times ``scorer.Features``
TOLD = 0.4  # of what the compact model says
_TRIED_ON = 2_000  # comments that the strength is chosen on
_MANY = 3_000  # comments beyond which rare words and parts are left out


@dataclass(frozen=True, slots=True)
class Labels:
    """What the labels say of the comments that are learnt from.

    Attributes:
        themes: Comment × theme.
        polarity: Place × (comment, theme, polarity, first character, one past the last) of the
            labels with a polarity; the characters are −1 where the label is of the comment.
        group: The number of the respondent of each comment.
    """

    themes: Bools
    polarity: Ints
    group: Ints


class Material:
    """Comments as numbers, once for all parts: how words are spelt tells nothing of labels.

    Args:
        told: What is known of the comments.
        embeddings: What words mean.
    """

    def __init__(self, told: Told, embeddings: Embeddings) -> None:
        from scipy.sparse import csr_matrix, diags, hstack

        texts = comment_words(told.batch)
        rare = 1 if len(texts) < _MANY else 2
        vocabulary = learn_vocabulary(texts, words=1 + rare, pairs=2 + rare, parts=2 + rare)
        self.told = told
        self.features = Features(vocabulary, embeddings)
        self.spelt = len(vocabulary) + embeddings.width
        sizes = [len(vocabulary.words), len(vocabulary.pairs), len(vocabulary.parts)]
        self.scale = np.repeat(SCALES, [*sizes, embeddings.width])
        self._scaled = diags(self.scale)
        self.of_comments = self._matrix(texts)
        self.of_clauses = self._matrix(clause_words(told.batch))
        self.of_words = self._matrix([(word,) for word in told.batch.words.known])
        self.comments = hstack([self.of_comments, csr_matrix(told.comments * TOLD)]).tocsr()
        self.clauses = hstack([self.of_clauses, csr_matrix(told.clauses * TOLD)]).tocsr()

    def _matrix(self, stretches: Sequence[Sequence[str]]) -> "csr_matrix":
        """Return the features of stretches, without those of a comment around them."""
        rows = self.features.matrix(stretches, [0] * len(stretches))[:, : self.spelt]
        scaled: csr_matrix = (rows @ self._scaled).tocsr()
        return scaled


@dataclass(frozen=True, slots=True)
class Unseen:
    """Scores of comments by what was learnt without them.

    Attributes:
        whole: Comment × output, log-odds.
        each: Clause × output, log-odds.
        places: The themes whose polarity is labelled, and the clause that speaks of each.
        near: Place × word.
    """

    whole: Floats
    each: Floats
    places: Places
    near: "csr_matrix"


@dataclass(frozen=True, slots=True)
class LearntThemes:
    """The themes as learnt.

    Attributes:
        strength: What was chosen of ``STRENGTHS``.
        columns: Column of ``Material.comments`` × output, the intercept last.
        weighing: The last step.
        thresholds: The least probability of each theme.
        likely: Comment × theme: probabilities of unseen comments.
        unseen: Their scores.
    """

    strength: float
    columns: Floats
    weighing: Weighing
    thresholds: dict[str, float]
    likely: Floats
    unseen: Unseen


def deal(group: Ints, parts: int, seed: int) -> Ints:
    """Return the part of each comment: those of one group together, groups dealt at random."""
    order = np.random.default_rng(seed).permutation(int(group.max()) + 1)
    dealt: Ints = order[group] % parts
    return dealt


def learn_themes(
    material: Material, labels: Labels, themes: Sequence[str], *, seed: int
) -> LearntThemes:
    """Return what is learnt of the themes.

    Args:
        material: The comments.
        labels: Their labels.
        themes: The ids of the themes.
        seed: Deals the parts.
    """
    outputs = Outputs.of(themes)
    wanted = labels.themes @ outputs.members.T.astype(int) > 0
    strength = choose_strength(material, wanted[:, : len(themes)], labels.group, seed)
    unseen = score_unseen(material, labels, wanted, strength, seed)
    clauses = material.told.batch.clauses
    inputs = weighing_inputs(unseen.whole, unseen.each, clauses, outputs)
    part = deal(labels.group, PARTS, seed + 1)
    likely = spread(inputs, labels.themes, part, lambda x, y: fit_weighing(x, y), parts=PARTS)
    each = np.arange(len(likely))
    return LearntThemes(
        strength=strength,
        columns=fit_columns(material.comments, wanted, strength=strength),
        weighing=fit_weighing(inputs, labels.themes),
        thresholds=best_thresholds(likely, labels.themes, each, themes),
        likely=likely,
        unseen=unseen,
    )


def choose_strength(material: Material, wanted: Bools, group: Ints, seed: int) -> float:
    """Return the strength with the least log loss on unseen comments, of a sample if many."""
    part = deal(group, 3, seed)
    chosen = np.random.default_rng(seed).permutation(len(wanted))[:_TRIED_ON]
    losses = []
    for strength in STRENGTHS:
        loss = 0.0
        for out in range(3):
            train, test = chosen[part[chosen] != out], chosen[part[chosen] == out]
            columns = fit_columns(material.comments[train], wanted[train], strength=strength)
            scores = material.comments[test] @ columns[:-1] + columns[-1]
            loss += np.logaddexp(0.0, np.where(wanted[test], -scores, scores)).sum()
        losses.append(loss)
    return STRENGTHS[int(np.argmin(losses))]


def score_unseen(
    material: Material, labels: Labels, wanted: Bools, strength: float, seed: int
) -> Unseen:
    """Return scores of all comments, each by what was learnt without its part."""
    from scipy.sparse import csr_matrix, vstack

    batch = material.told.batch
    clauses = batch.clauses
    themes = labels.themes.shape[1]
    part = deal(labels.group, PARTS, seed)
    whole = np.zeros(wanted.shape)
    each = np.zeros((len(clauses), wanted.shape[1]))
    comment, theme = labels.polarity[:, 0], labels.polarity[:, 1]
    clause = np.zeros(len(comment), dtype=np.int64)
    near: list[csr_matrix] = []
    rows: list[Ints] = []
    for out in range(PARTS):
        train, test = np.flatnonzero(part != out), np.flatnonzero(part == out)
        columns = fit_columns(material.comments[train], wanted[train], strength=strength)
        whole[test] = material.comments[test] @ columns[:-1] + columns[-1]
        here = np.flatnonzero(part[clauses.comment] == out)
        each[here] = material.clauses[here] @ columns[:-1] + columns[-1]
        mine = np.flatnonzero(part[comment] == out)
        clause[mine] = best_clauses(each, clauses, comment[mine], theme[mine])
        narrow = mine[labels.polarity[mine, 3] >= 0]
        clause[narrow] = marked_clauses(batch, labels.polarity[narrow])
        worth = material.of_words @ columns[: material.spelt, :themes]
        places = Places(comment[mine], theme[mine], clause[mine])
        near.append(near_words(batch, worth, places))
        rows.append(mine)
    back = np.argsort(np.concatenate(rows))
    return Unseen(whole, each, Places(comment, theme, clause), vstack(near).tocsr()[back])


def marked_clauses(batch: ParsedBatch, polarity: Ints) -> Ints:
    """Return the clause of each place that shares most characters with its label.

    Args:
        batch: The comments.
        polarity: The rows of ``Labels.polarity`` whose labels are narrower than a comment.
    """
    clauses = batch.clauses
    first, last = evidence(batch, clauses.start, clauses.end, joined=False)
    at, begin = stretches(clauses.first, polarity[:, 0])
    row = np.repeat(np.arange(len(polarity)), np.diff(begin))
    start, end = polarity[row, 3], polarity[row, 4]
    shared = np.minimum(end, last[at]) - np.maximum(start, first[at])
    return at[first_highest(shared.astype(np.float64), begin[:-1])]
