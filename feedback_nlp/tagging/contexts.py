"""What a trained tagger looks at in a comment, the same when it learns and when it reads.

Which outputs are scored for a taxonomy, which clause speaks of a theme, which words are near those
that name it, and what the last steps weigh.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.tagging.layers import ClauseTable, Floats, Ints
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


def weighing_inputs(whole: Floats, each: Floats, table: ClauseTable, outputs: Outputs) -> Floats:
    """Return comment × theme × columns, to tell whether the comment speaks of the theme.

    Args:
        whole: Comment × output, log-odds.
        each: Clause × output, log-odds.
        table: The clauses.
        outputs: The outputs.
    """
    themes = len(outputs.parent)
    whole, each = np.clip(whole, -_LIMIT, _LIMIT), np.clip(each, -_LIMIT, _LIMIT)
    best = np.full(whole.shape, -_LIMIT)
    np.maximum.at(best, table.of, each)
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


def best_clauses(each: Floats, table: ClauseTable, comment: Ints, theme: Ints) -> Ints:
    """Return the clause of each comment that speaks most of a theme, the first of equals.

    Args:
        each: Clause × output, log-odds.
        table: The clauses.
        comment: The comment of each row.
        theme: The theme of each row.
    """
    ends = np.append(table.first[1:], len(table))
    found = [
        table.first[at] + int(each[table.first[at] : ends[at], what].argmax())
        for at, what in zip(comment, theme, strict=True)
    ]
    return np.array(found, dtype=np.int64)


def near_words(
    table: ClauseTable, words: Sequence[str], worth: Floats, places: Places
) -> "csr_matrix":
    """Return place × word: how near each word of the comment is to those that name the theme.

    Args:
        table: The clauses.
        words: All words of the comments, once each.
        worth: Word × theme: how much a word says of a theme, in log-odds.
        places: Themes in clauses.
    """
    from scipy.sparse import csr_matrix

    number = {word: at for at, word in enumerate(words)}
    strong = np.maximum(worth, 0.0) ** 2
    columns: list[Ints] = []
    values: list[Floats] = []
    for comment, theme, clause in zip(places.comment, places.theme, places.clause, strict=True):
        parsed = table.comments[comment]
        own = np.array([number[word] for word in parsed.words], dtype=np.int64)
        names = strong[own, theme]
        near = np.ones(len(own))
        if names.max() > 0:
            near = np.convolve(names / names.max(), _KERNEL)[_REACH:-_REACH]
        at = parsed.clauses[clause - table.first[comment]]
        near[: at.start] *= _OTHER_CLAUSE
        near[at.end :] *= _OTHER_CLAUSE
        columns.append(own)
        values.append(np.round(near / np.sqrt((near * near).sum()), 4))
    ends = np.cumsum([0, *map(len, columns)])
    flat = np.concatenate(columns) if columns else np.zeros(0, dtype=np.int64)
    given = np.concatenate(values) if values else np.zeros(0)
    return csr_matrix((given, flat, ends), shape=(len(places), len(words)))


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
    table = told.table
    ends = np.append(table.first[1:], len(table))
    mean = np.zeros((len(places), told.said.shape[1]))
    for row, (comment, theme) in enumerate(zip(places.comment, places.theme, strict=True)):
        here = slice(table.first[comment], ends[comment])
        share = np.exp(each[here, theme] - each[here, theme].max())
        mean[row] = (told.said[here] * (share / share.sum())[:, None]).sum(axis=0)
    which = np.eye(themes)[places.theme]
    return np.hstack([told.said[places.clause], mean, told.whole[places.comment], which])


def polarity_inputs_of(said: Floats, told: Told, places: Places) -> Floats:
    """Return what the last step of polarity weighs: our scores and those of the compact model."""
    likely = np.log(np.maximum(told.likely[places.clause], 1e-3))
    return np.hstack([np.clip(said, -_LIMIT, _LIMIT), likely])
