"""What a clause looks like to the last step of the compact tagger: scores and rules side by side.

Each function returns plain columns, the same for every theme, so that the step learnt on one
taxonomy can be used with another. ``Weighing`` is that step: a logistic regression kept as arrays.
A column that is the same for all themes of a clause has one number a clause, and so on: columns
broadcast against one another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.flat import Ints
from feedback_nlp.parsed import ParsedBatch
from feedback_nlp.tagging.layers import MARKS, RuleLayer, Themes
from feedback_nlp.tagging.readings import Floats
from feedback_nlp.tagging.stretches import linked

Columns = list[Floats]
_LIMIT = 9.0  # log-odds beyond this are alike
_DIGITS = 4
# What may turn an opinion round, or tell that it is of another time, place or person.
_TURNS = [
    MARKS.index(mark) for mark in ("wishes", "past", "now", "elsewhere", "said", "?", "quoted")
]


@dataclass(frozen=True, slots=True)
class Weighing:
    """A logistic regression: of two classes with one column of weights, of more with one each."""

    weights: Floats
    intercept: Floats

    def probabilities(self, inputs: Floats) -> Floats:
        """Return probabilities, rounded: inputs are (..., k), results (...) or (..., classes)."""
        return self.likely(columns_of(inputs))

    def likely(self, columns: Columns) -> Floats:
        """Return probabilities, rounded.

        Columns are added one by one, those of one shape together, so that no number depends on
        how many others there are.

        Args:
            columns: As many as there are weights; they broadcast against one another, and have as
                many axes each.

        Returns:
            What the columns broadcast to, with one more axis for more than one class.
        """
        scores = self._scores(columns)
        if len(scores) == 1:
            likely: Floats = 1.0 / (1.0 + np.exp(-scores[0]))
        else:
            odds = np.exp(scores - scores.max(axis=0))
            likely = np.moveaxis(odds / odds.sum(axis=0), 0, -1)
        return likely.round(_DIGITS)

    def _scores(self, columns: Columns) -> Floats:
        """Return class × what the columns broadcast to, in log-odds."""
        shape = len(self.intercept), *(1 for _ in columns[0].shape)
        sums: dict[tuple[int, ...], Floats] = {}
        for column, weights in zip(columns, self.weights.reshape(-1, *shape), strict=True):
            if column.shape in sums:
                sums[column.shape] += weights * column
            else:
                sums[column.shape] = weights * column
        scores, *others = sorted(sums.values(), key=np.size, reverse=True)
        for one in others:
            scores = scores + one
        scores += self.intercept.reshape(shape)
        return scores


def columns_of(inputs: Floats) -> Columns:
    """Return the columns of inputs that stand side by side on the last axis."""
    return list(np.moveaxis(inputs, -1, 0))


def side_by_side(columns: Sequence[Floats]) -> Floats:
    """Return columns side by side on a last axis, as they are learnt from."""
    return np.stack(np.broadcast_arrays(*columns), axis=-1).astype(np.float64)


def theme_columns(
    scores: Floats, layer: RuleLayer, themes: Themes, places: tuple[Ints, Ints] | None = None
) -> Columns:
    """Return columns that tell which sub-theme it is, of clauses × themes or of some of these.

    Args:
        scores: Clause × theme, log-odds.
        layer: What the rules say.
        themes: The themes.
        places: Clauses and themes, which broadcast; all by all without it.
    """
    if places is None:
        places = np.arange(len(scores))[:, None], np.arange(len(themes.ids))[None, :]
    clause, theme = places
    here = scores[clause, theme].clip(-_LIMIT, _LIMIT)
    named = layer.found[clause, theme]
    beside = themes.by_top(layer.found)[clause, themes.top_of[theme]] * (1 - named)
    highest = scores.max(axis=1).clip(-_LIMIT, _LIMIT)[clause]
    some = layer.found.max(axis=1)[clause]
    return [
        here, named, layer.judged[clause, theme], beside, some, some * here, named * here,
        (here >= highest).astype(np.float64), highest,
    ]  # fmt: skip


def top_columns(scores: Floats, tops: Floats, layer: RuleLayer, themes: Themes) -> Columns:
    """Return columns of clauses × top themes, to tell whether one is spoken of.

    Args:
        scores: Clause × theme, log-odds.
        tops: Clause × top theme, log-odds of the top theme as such.
        layer: What the rules say.
        themes: The themes.
    """
    scores = scores.clip(-_LIMIT, _LIMIT)
    tops = tops.clip(-_LIMIT, _LIMIT)
    best = themes.by_top(scores, empty=-_LIMIT)
    own, count = scores.T[themes.own].T, themes.sums_by_top(layer.found)
    together = np.log(np.maximum(themes.sums_by_top(np.exp(scores)), 1e-6))
    named, judged = themes.by_top(layer.found), themes.by_top(layer.judged)
    some = named.max(axis=1, keepdims=True)
    highest = best.max(axis=1, keepdims=True)
    general = themes.general.astype(np.float64)[None, :]
    clearest = tops.max(axis=1, keepdims=True)
    turns = [layer.clause[:, [turn]] for turn in _TURNS]
    return [
        best, together, named, judged, own, some, some * together, named * together,
        (best >= highest).astype(np.float64), highest, count,
        general, general * named, general * some, general * together,
        tops, tops * named, tops * some, (tops >= clearest).astype(np.float64),
        *turns, *(turn * named for turn in turns),
    ]  # fmt: skip


def polarity_columns(
    batch: ParsedBatch,
    layer: RuleLayer,
    scores: Floats,
    places: tuple[Ints, Ints],
    themes: Themes,
    sides: Floats | None = None,
) -> Columns:
    """Return columns with one number a theme in a clause, to tell what is said of it.

    Args:
        batch: The comments.
        layer: What the rules say.
        scores: Clause × polarity, log-odds.
        places: The clause and the top theme of each row.
        themes: The themes.
        sides: Clause × top theme × polarity, log-odds, of a model that has these: three columns
            more.
    """
    clause, top = places
    comment = batch.clauses.comment[clause]
    marks = layer.clause.T[:, clause]
    praise, blame, neutral = marks[:3]
    around = _around(batch, layer.clause, clause) * (praise + blame + neutral == 0)
    opinions = layer.comment.T[5:8]
    rest = (opinions[:2, comment] - marks[:2]) / (1 + opinions.sum(axis=0))[comment]
    said = np.stack([side[clause, top] for side in np.moveaxis(layer.said, -1, 0)])
    others = layer.said.max(axis=1).T[:, clause]
    some = said.max(axis=0)
    named = themes.by_top(layer.found)[clause, top]
    centred = _centred(scores.T[:, clause])
    of_top = [] if sides is None else [_centred(sides[clause, top].T)]
    turns = marks[_TURNS]
    silent = layer.comment[:, 1:5].sum(axis=1) == 0
    return _columns(
        [
            centred, praise, blame, neutral, praise > 0, blame > 0, praise > blame, blame > praise,
            around, rest, said, said > 0, named * (some == 0), 1 - named,
            others > 0, marks[3:], batch.clauses.counts[comment] == 1,
            themes.general[top], layer.comment[comment, 0], silent[comment],
            turns * (praise - blame).clip(-1.0, 1.0), turns * (said[2] - said[0]),
            turns * (centred[2] - centred[0]), *of_top,
        ]
    )  # fmt: skip


def _centred(odds: Floats) -> Floats:
    """Return polarity × row without what all polarities of a row have in common."""
    centred: Floats = (odds - odds.mean(axis=0)).clip(-_LIMIT, _LIMIT)
    return centred


def _columns(parts: Iterable[NDArray[np.generic]]) -> Columns:
    """Return columns, and the rows of arrays of two axes, as columns."""
    given = [np.asarray(part, dtype=np.float64) for part in parts]
    return [column for part in given for column in (part if part.ndim == 2 else [part])]


def _around(batch: ParsedBatch, marks: Floats, clause: Ints) -> Floats:
    """Return praise and blame in the clause before, and in that after, of the same sentence."""
    sides = np.zeros((4, len(marks)))
    joined = linked(batch)[:-1]
    sides[:2, 1:] = marks[:-1, :2].T * joined
    sides[2:, :-1] = marks[1:, :2].T * joined
    around: Floats = sides[:, clause]
    return around


def sentiment_columns(
    batch: ParsedBatch,
    layer: RuleLayer,
    scores: Floats,
    tops: Floats,
    whole: Floats,
    themes: Themes,
) -> Columns:
    """Return columns with one number a comment, to tell its sentiment.

    Args:
        batch: The comments.
        layer: What the rules say.
        scores: Clause × polarity, log-odds.
        tops: Clause × top theme, log-odds.
        whole: Comment × polarity, log-odds of the comment as one stretch.
        themes: The themes.
    """
    about = _subjects(batch, layer, tops, themes)
    silent = layer.comment[:, 1:5].sum(axis=1) == 0
    logits = scores - scores.mean(axis=1, keepdims=True)
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    odds /= odds.sum(axis=1, keepdims=True)
    highest = _highest(batch, odds, 0.0)
    counts = batch.clauses.counts
    many = np.maximum(counts, 1)
    said = _sums(batch, layer.said.max(axis=1))
    marks = layer.comment.T
    opinions = marks[5:8]
    both = np.minimum(opinions[0], opinions[1])
    asks = _sums(batch, layer.clause[:, [MARKS.index("!"), MARKS.index("?")]]) > 0
    return _columns(
        [
            (whole - whole.mean(axis=1, keepdims=True)).clip(-_LIMIT, _LIMIT).T,
            highest, _sums(batch, odds) / many, np.minimum(highest[0], highest[2]),
            marks[:5], opinions / (1 + opinions.sum(axis=0)),
            said / (1 + said.sum(axis=0)), np.minimum(said[0], said[2]) > 0,
            both > 0, both, counts == 1, np.log(many),
            about, about[:3] * silent, np.log(np.maximum(batch.words.counts, 1)), asks,
        ]
    )  # fmt: skip


def status_columns(
    batch: ParsedBatch, layer: RuleLayer, tops: Floats, empty: Floats, themes: Themes
) -> Columns:
    """Return columns with one number a comment, to tell whether it says anything.

    Args:
        batch: The comments.
        layer: What the rules say.
        tops: Clause × top theme, log-odds.
        empty: Comment × 1, log-odds that it says nothing.
        themes: The themes.
    """
    about = _subjects(batch, layer, tops, themes)
    empty = empty[:, 0].clip(-_LIMIT, _LIMIT)
    silent = layer.comment[:, 1:5].sum(axis=1) == 0
    asked = np.zeros(len(batch))
    asked[batch.clauses.comment] = layer.clause[:, MARKS.index("asked")]
    return _columns(
        [
            empty, about, silent, silent * empty, silent * about, asked, asked * silent,
            np.log(np.maximum(batch.words.counts, 1)),
        ]
    )  # fmt: skip


def _subjects(batch: ParsedBatch, layer: RuleLayer, tops: Floats, themes: Themes) -> Floats:
    """Return how likely each comment is about a subject, or about none in particular."""
    tops = tops.clip(-_LIMIT, _LIMIT)
    subject, general = (
        _highest(batch, tops[:, which].max(axis=1, initial=-_LIMIT, keepdims=True), -_LIMIT)
        for which in (~themes.general, themes.general)
    )
    found = themes.by_top(layer.found)[:, ~themes.general].sum(axis=1, keepdims=True)
    named = _sums(batch, found)
    return np.concatenate([subject, named > 0, np.log1p(named), general])


def _sums(batch: ParsedBatch, values: Floats) -> Floats:
    """Return column × comment: what the clauses of each comment add up to, one after another."""
    of, n = batch.clauses.comment, len(batch)
    return np.stack([np.bincount(of, column, n) for column in values.T])


def _highest(batch: ParsedBatch, values: Floats, empty: float) -> Floats:
    """Return column × comment: the highest of its clauses, or ``empty`` if it has none."""
    first = batch.clauses.first
    some = batch.clauses.counts.nonzero()[0]
    highest = np.full((values.shape[1], len(batch)), empty)
    if len(some):
        highest[:, some] = np.maximum.reduceat(values.T, first[some], axis=1)
    return highest
