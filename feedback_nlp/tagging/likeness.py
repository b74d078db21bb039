"""How like each theme of a taxonomy each clause is: columns that the last step can weigh.

Two sources: what the theme is described by (``described``), and what the compact model knows of its
own themes, which a theme borrows by how like theirs its description is ("staff attitude" borrows
from friendliness). All columns mean the same for any theme of any taxonomy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from feedback_nlp.parsed import Bools, ParsedBatch
from feedback_nlp.tagging.described import Descriptions, Texts, on_grid, words_of
from feedback_nlp.tagging.features import Spelt, counts_of, sums_of
from feedback_nlp.tagging.readings import Floats
from feedback_nlp.tagging.scorer import Scorer

COLUMNS = (
    "whole", "margin", "example", "words", "words_margin", "comment", "borrowed", "profile",
    "profile_margin", "any", "themes", "named", "other_named", "named_alike", "general",
    "general_named",
)  # fmt: skip
_SHARP = 0.1  # differences of likeness that count
_LEAST = 0.01  # probabilities below are alike
_LIMIT = 9.0


@dataclass(frozen=True)
class Known:
    """The compact model's own themes.

    Attributes:
        scorer: Its linear model; the first outputs are the themes.
        descriptions: Their descriptions.
        general: Which of them have no subject.
        mean: The mean log-odds of each in the clauses of customers.
    """

    scorer: Scorer
    descriptions: Descriptions
    general: Bools
    mean: Floats

    def centred(self, scores: Floats) -> Floats:
        """Return log-odds less their mean, rounded."""
        return on_grid(np.clip(scores, -_LIMIT, _LIMIT) - self.mean)


@dataclass(frozen=True)
class Loan:
    """What each theme of a taxonomy borrows from the themes of the compact model.

    Attributes:
        shares: Theme × known theme, by how like their descriptions are; each row sums to 1.
        alike: How like the one that is most like it.
        profile: Theme × known theme: what the compact model makes of the description, centred.
        kept: Theme × known theme: what may be borrowed.
    """

    shares: Floats
    alike: Floats
    profile: Floats
    kept: Bools


def borrow(
    texts: Sequence[Texts],
    described: Descriptions,
    general: Bools,
    known: Known,
    hidden: Bools | None = None,
) -> Loan:
    """Return what the themes of a taxonomy borrow.

    Args:
        texts: What is written of each theme.
        described: The same as vectors.
        general: Which themes have no subject; these borrow from their like alone.
        known: The themes of the compact model.
        hidden: Theme × known theme that must not be borrowed, to learn how well it goes without.
    """
    kept = np.ones((len(texts), len(known.general)), dtype=bool) if hidden is None else ~hidden
    only = general[:, None] & kept & known.general
    kept = np.where(only.any(axis=1, keepdims=True), only, kept)
    like = np.where(kept, described.whole @ known.descriptions.whole.T, -1.0)
    return Loan(
        shares=on_grid(_shares(like)),
        alike=np.where(only.any(axis=1), 1.0, like.max(axis=1)),
        profile=known.centred(_profile(texts, known)) * kept,
        kept=kept,
    )


def _profile(texts: Sequence[Texts], known: Known) -> Floats:
    """Return theme × known theme: the mean log-odds of what is written of it."""
    given = [(*one.names, *one.definitions, *one.examples) for one in texts]
    words = [words_of(text) for each in given for text in each]
    scores = known.scorer.score(words, range(len(words)))[:, : len(known.general)]
    ends = np.cumsum([0, *map(len, given)])
    return np.stack([scores[a:b].mean(axis=0) for a, b in pairwise(ends)])


@dataclass(frozen=True, slots=True)
class Compared:
    """The clauses of a batch as they are compared.

    Attributes:
        batch: The comments; their known words all occur in them.
        likely: Clause × known theme, probabilities.
        scores: The same as log-odds.
        named: Clause × theme: 1 where a phrase names it.
    """

    batch: ParsedBatch
    likely: Floats
    scores: Floats
    named: Floats


def likeness(
    clauses: Compared, described: Descriptions, loan: Loan, known: Known, general: Bools
) -> Floats:
    """Return clause × theme × ``COLUMNS``.

    Args:
        clauses: The clauses.
        described: The themes.
        loan: What they borrow.
        known: From what.
        general: Which themes have no subject.
    """
    space = described.space
    spelt = Spelt.clauses(clauses.batch)
    counts = counts_of(spelt.word, spelt.first, len(spelt.known))
    sums: Floats = counts @ space.embeddings.sums(spelt.known)
    comments = space.place(sums_of(sums, clauses.batch.clauses.first))
    rows, around = space.place(sums), comments[clauses.batch.clauses.comment]
    whole = rows @ described.whole.T
    one = np.ones_like(whole)
    words = described.shared_words(clauses.batch)
    borrowed = np.log((on_grid(clauses.likely) @ loan.shares.T + _LEAST) / _LEAST)
    profile = _cosine(known.centred(clauses.scores), loan)
    named = clauses.named
    columns = [
        whole,
        _margin(whole),
        described.nearest_example(rows) - whole,
        words,
        _margin(words),
        around @ described.whole.T,
        borrowed * loan.alike,
        profile,
        _margin(profile),
        clauses.likely.max(axis=1, keepdims=True) * one,
        np.log(whole.shape[1]) * one,
        named,
        named.max(axis=1, keepdims=True) * (1 - named),
        named * whole,
        general * one,
        general * named,
    ]
    return np.stack(columns, axis=-1)


def _cosine(rows: Floats, loan: Loan) -> Floats:
    """Return row × theme: the cosine of log-odds with each profile, over what may be borrowed."""
    lengths = np.sqrt((rows * rows) @ loan.kept.T.astype(float))
    own = np.sqrt((loan.profile * loan.profile).sum(axis=1))
    product = rows @ loan.profile.T
    below = lengths * own
    cosine: Floats = np.divide(product, below, out=np.zeros_like(product), where=below > 0)
    return cosine


def _margin(values: Floats) -> Floats:
    """Return how far each is above the highest other of its row; nothing is above 0."""
    if values.shape[1] == 1:
        return values
    ordered = np.sort(values, axis=1)
    other = np.where(values >= ordered[:, -1:], ordered[:, -2:-1], ordered[:, -1:])
    margin: Floats = values - np.maximum(other, 0.0)
    return margin


def _shares(values: Floats) -> Floats:
    odds = np.exp((values - values.max(axis=1, keepdims=True)) / _SHARP)
    shares: Floats = odds / odds.sum(axis=1, keepdims=True)
    return shares
