"""What a trained tagger looks at in a comment, the same when it learns and when it reads.

Which outputs are scored for a taxonomy, which clause speaks of a theme, which words are near those
that name it, and what the last steps weigh.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.flat import Ints, stretches
from feedback_nlp.parsed import Clauses, ParsedBatch
from feedback_nlp.tagging.readings import Floats
from feedback_nlp.tagging.stretches import first_highest
from feedback_nlp.tagging.told import Told

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_REACH = 15  # words
_KERNEL = np.exp(-np.abs(np.arange(-_REACH, _REACH + 1)))  # near is very near
_OTHER_CLAUSE = 0.5
_LIMIT = 9.0  # log-odds beyond this are alike
_GRID = 2.0**14  # numbers are rounded to multiples of its inverse, so that sums are exact


@dataclass(frozen=True)
class Outputs:
    """What is scored for a taxonomy: its themes, and what several of them have in common.

    Attributes:
        names: Themes, then ``parent:`` and ``child:`` of those that share one, then ``any``.
        parent: The column of each theme's parent; its own if it shares none.
        child: The column of what follows the dot in its id; its own if it shares none.
        members: Column × theme: which themes each column stands for.
    """

    names: tuple[str, ...]
    parent: Ints
    child: Ints
    members: NDArray[np.bool_]

    @classmethod
    def of(cls, ids: Sequence[str]) -> "Outputs":
        """Return what is scored for some themes.

        Example:
            >>> Outputs.of(["food.price", "food.taste", "staff"]).names[3:]
            ('parent:food', 'any')
        """
        names, members = list(ids), list(np.eye(len(ids), dtype=bool))
        found = []
        for kind, at in (("parent", 0), ("child", -1)):
            keys = [theme.split(".")[at] for theme in ids]
            column = np.arange(len(ids))
            for key in sorted({key for key in keys if keys.count(key) > 1}):
                same = np.array([other == key for other in keys])
                column[same] = len(names)
                names.append(f"{kind}:{key}")
                members.append(same)
            found.append(column)
        names.append("any")
        members.append(np.ones(len(ids), dtype=bool))
        return cls(tuple(names), found[0], found[1], np.array(members))


@dataclass(frozen=True, slots=True)
class Places:
    """Themes in clauses, one a row.

    Attributes:
        comment: The number of the comment.
        theme: The number of the theme.
        clause: The number of the clause that speaks of it.
    """

    comment: Ints
    theme: Ints
    clause: Ints

    def __len__(self) -> int:
        return len(self.comment)


def exact(inputs: Floats, weights: Floats) -> Floats:
    """Return inputs @ weights, of rounded numbers: no batch or machine changes the sums."""
    rounded: Floats = np.round(inputs * _GRID) @ np.round(weights * _GRID) / _GRID**2
    return rounded


def weighing_inputs(whole: Floats, each: Floats, clauses: Clauses, outputs: Outputs) -> Floats:
    """Return comment × theme × columns, to tell whether the comment speaks of the theme.

    Args:
        whole: Comment × output, log-odds.
        each: Clause × output, log-odds.
        clauses: The clauses; each comment has some.
        outputs: The outputs.
    """
    themes = len(outputs.parent)
    whole, each = np.clip(whole, -_LIMIT, _LIMIT), np.clip(each, -_LIMIT, _LIMIT)
    best = highest_of(each, clauses)
    own = whole[:, :themes]
    ordered = np.sort(own, axis=1)
    rival = np.where(
        own >= ordered[:, -1:], ordered[:, -2:-1] if themes > 1 else own, ordered[:, -1:]
    )
    together = np.log(np.exp(own).sum(axis=1, keepdims=True))
    every = np.ones_like(own)
    return np.stack(
        [
            own, best[:, :themes], whole[:, outputs.parent], whole[:, outputs.child],
            best[:, outputs.parent], whole[:, -1:] * every, rival, own >= rival, together * every,
        ],
        axis=-1,
    )  # fmt: skip


def highest_of(values: Floats, clauses: Clauses) -> Floats:
    """Return the highest value of the clauses of each comment, column by column.

    Args:
        values: Clause × column.
        clauses: The clauses; each comment has some.
    """
    if not len(values):
        return np.zeros((0, values.shape[1]))
    highest: Floats = np.maximum.reduceat(values, clauses.first[:-1], axis=0)
    return highest


def best_clauses(each: Floats, clauses: Clauses, comment: Ints, theme: Ints) -> Ints:
    """Return the clause of each comment that speaks most of a theme, the first of equals.

    Args:
        each: Clause × output, log-odds.
        clauses: The clauses.
        comment: The comment of each row.
        theme: The theme of each row.
    """
    places, first = stretches(clauses.first, comment)
    values = each[places, np.repeat(theme, np.diff(first))]
    return places[first_highest(values, first[:-1])]


def near_words(batch: ParsedBatch, worth: Floats, places: Places) -> "csr_matrix":
    """Return place × word: how near each word of the comment is to those that name the theme.

    Args:
        batch: The comments; the columns are their known words.
        worth: Word × theme: how much a word says of a theme, in log-odds.
        places: Themes in clauses.
    """
    from scipy.sparse import csr_matrix

    at, first = stretches(batch.words.first, places.comment)
    sizes = np.diff(first)
    word, row = batch.words.word[at], np.repeat(np.arange(len(places)), sizes)
    names = np.maximum(worth[word, places.theme[row]], 0.0) ** 2
    if len(places):
        highest = np.maximum.reduceat(names, first[:-1])
        near = np.where(highest[row] > 0, _around(names / _or_one(highest)[row], row), 1.0)
        near *= np.where(batch.clause_of[at] == places.clause[row], 1.0, _OTHER_CLAUSE)
        lengths = np.sqrt(np.bincount(row, weights=near * near))
        names = np.round(near / lengths[row], 4)
    return csr_matrix((names, word, first), shape=(len(places), len(batch.words.known)))


def _around(names: Floats, row: Ints) -> Floats:
    """Return what is near each word: the sum over the words of its row, less the further."""
    near = np.zeros(len(names))
    for shift, share in zip(range(-_REACH, _REACH + 1), _KERNEL, strict=True):
        size = max(0, len(names) - abs(shift))
        here = slice(max(0, -shift), max(0, -shift) + size)
        there = slice(max(0, shift), max(0, shift) + size)
        near[here] += np.where(row[here] == row[there], share * names[there], 0.0)
    return near


def _or_one(values: Floats) -> Floats:
    """Return values to divide by: 1 for those that are 0."""
    return np.where(values > 0, values, 1.0)


def said_columns(told: Told, each: Floats, places: Places, themes: int) -> Floats:
    """Return what is said at some places, and which theme it is.

    It is what is said in the clause, in all clauses by how much they speak of the theme, and in
    the comment.

    Args:
        told: What is known of the comments.
        each: Clause × output, log-odds.
        places: Themes in clauses.
        themes: How many themes there are.
    """
    at, first = stretches(told.batch.clauses.first, places.comment)
    row = np.repeat(np.arange(len(places)), np.diff(first))
    mean = np.zeros((len(places), told.said.shape[1]))
    if len(places):
        odds = each[at, places.theme[row]]
        share = np.exp(odds - np.maximum.reduceat(odds, first[:-1])[row])
        share /= np.bincount(row, weights=share)[row]
        for column in range(mean.shape[1]):
            mean[:, column] = np.bincount(row, weights=told.said[at, column] * share)
    which = np.eye(themes)[places.theme]
    return np.hstack([told.said[places.clause], mean, told.whole[places.comment], which])


def polarity_inputs_of(said: Floats, told: Told, places: Places) -> Floats:
    """Return what the last step of polarity weighs: our scores and those of the compact model."""
    likely = np.log(np.maximum(told.likely[places.clause], 1e-3))
    return np.hstack([np.clip(said, -_LIMIT, _LIMIT), likely])
