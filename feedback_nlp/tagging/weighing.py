"""What a clause looks like to the last step of the compact tagger: scores and rules side by side.

Each function returns plain columns, the same for every theme, so that the step learnt on one
taxonomy can be used with another. ``Weighing`` is that step: a logistic regression kept as arrays.
"""

from dataclasses import dataclass

import numpy as np

from feedback_nlp.tagging.layers import MARKS, SIDES, ClauseTable, Floats, Ints, RuleLayer, Themes

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
        scores = (
            np.stack([(inputs * column).sum(axis=-1) for column in self.weights.T], axis=-1)
            + self.intercept
        )
        if scores.shape[-1] == 1:
            likely: Floats = 1.0 / (1.0 + np.exp(-scores[..., 0]))
        else:
            odds = np.exp(scores - scores.max(axis=-1, keepdims=True))
            likely = odds / odds.sum(axis=-1, keepdims=True)
        return np.round(likely, _DIGITS)


def theme_inputs(scores: Floats, layer: RuleLayer, themes: Themes) -> Floats:
    """Return clause × theme × columns, to tell which sub-theme it is.

    Args:
        scores: Clause × theme, log-odds.
        layer: What the rules say.
        themes: The themes.
    """
    scores = np.clip(scores, -_LIMIT, _LIMIT)
    named = layer.found
    beside = themes.by_top(named)[:, themes.top_of] * (1 - named)
    highest = scores.max(axis=1, keepdims=True)
    each = np.ones_like(scores)
    some = named.max(axis=1, keepdims=True) * each
    return np.stack(
        [
            scores, named, layer.judged, beside, some, some * scores, named * scores,
            (scores >= highest).astype(float), highest * each,
        ],
        axis=-1,
    )  # fmt: skip


def top_inputs(scores: Floats, tops: Floats, layer: RuleLayer, themes: Themes) -> Floats:
    """Return clause × top theme × columns, to tell whether it is spoken of.

    Args:
        scores: Clause × theme, log-odds.
        tops: Clause × top theme, log-odds of the top theme as such.
        layer: What the rules say.
        themes: The themes.
    """
    scores = np.clip(scores, -_LIMIT, _LIMIT)
    tops = np.clip(tops, -_LIMIT, _LIMIT)
    best = themes.by_top(scores, empty=-_LIMIT)
    odds = np.zeros_like(best)
    own = np.full_like(best, -_LIMIT)
    count = np.zeros_like(best)
    for column, top in enumerate(themes.top_of):
        odds[:, top] += np.exp(scores[:, column])
        count[:, top] += layer.found[:, column]
        if themes.ids[column] == themes.tops[top]:
            own[:, top] = scores[:, column]
    together = np.log(np.maximum(odds, 1e-6))
    named, judged = themes.by_top(layer.found), themes.by_top(layer.judged)
    each = np.ones_like(best)
    some = named.max(axis=1, keepdims=True) * each
    highest = best.max(axis=1, keepdims=True)
    general = themes.general * each
    clearest = tops.max(axis=1, keepdims=True)
    turns = np.repeat(layer.clause[:, None, _TURNS], len(themes.tops), axis=1)
    return np.stack(
        [
            best, together, named, judged, own, some, some * together, named * together,
            (best >= highest).astype(float), highest * each, count,
            general, general * named, general * some, general * together,
            tops, tops * named, tops * some, (tops >= clearest).astype(float),
            *np.moveaxis(turns, -1, 0), *np.moveaxis(turns * named[..., None], -1, 0),
        ],
        axis=-1,
    )  # fmt: skip


def polarity_inputs(
    table: ClauseTable, layer: RuleLayer, scores: Floats, places: tuple[Ints, Ints], themes: Themes
) -> Floats:
    """Return one row a theme in a clause, to tell what is said of it.

    Args:
        table: The clauses.
        layer: What the rules say.
        scores: Clause × polarity, log-odds.
        places: The clause and the top theme of each row.
        themes: The themes.
    """
    clause, top = places
    comment = table.of[clause]
    marks = layer.clause
    praise, blame, neutral = marks[:, 0], marks[:, 1], marks[:, 2]
    silent = (praise + blame + neutral == 0)[:, None]
    sides = marks[:, :2]
    after = np.zeros_like(sides)
    after[:-1] = sides[1:] * table.linked[:-1, None]
    before = np.zeros_like(sides)
    before[1:] = sides[:-1] * table.linked[:-1, None]
    around = np.hstack([before, after]) * silent
    of_comment = layer.comment[:, 5:8]
    rest = (of_comment[comment, :2] - sides[clause]) / (1 + of_comment[comment].sum(1))[:, None]
    said = layer.said[clause, top]
    named = themes.by_top(layer.found)[clause, top]
    others = (layer.said.max(axis=1) > 0)[clause].astype(float)
    clauses = np.bincount(table.of, minlength=len(table.comments))
    centred = np.clip(scores - scores.mean(axis=1, keepdims=True), -_LIMIT, _LIMIT)[clause]
    turns = marks[clause][:, _TURNS]
    balance = np.clip(praise - blame, -1.0, 1.0)[clause]
    lean = said[:, 2] - said[:, 0]
    text = centred[:, 2] - centred[:, 0]
    return np.column_stack(
        [
            centred,
            sides[clause], neutral[clause], praise[clause] > 0, blame[clause] > 0,
            praise[clause] > blame[clause], blame[clause] > praise[clause],
            around[clause], rest, said, said > 0, named * (said.max(axis=1) == 0), 1 - named,
            others, marks[clause, 3:], clauses[comment] == 1, themes.general[top],
            layer.comment[comment, 0], layer.comment[comment, 1:5].sum(axis=1) == 0,
            turns * balance[:, None], turns * lean[:, None], turns * text[:, None],
        ]
    ).astype(float)  # fmt: skip


def sentiment_inputs(
    table: ClauseTable,
    layer: RuleLayer,
    scores: Floats,
    tops: Floats,
    whole: Floats,
    themes: Themes,
) -> Floats:
    """Return one row a comment, to tell its sentiment.

    Args:
        table: The clauses.
        layer: What the rules say.
        scores: Clause × polarity, log-odds.
        tops: Clause × top theme, log-odds.
        whole: Comment × polarity, log-odds of the comment as one stretch.
        themes: The themes.
    """
    n = len(table.comments)
    about = _subjects(table, layer, tops, themes)
    silent = layer.comment[:, 1:5].sum(axis=1) == 0
    logits = scores - scores.mean(axis=1, keepdims=True)
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    odds /= odds.sum(axis=1, keepdims=True)
    highest = np.zeros((n, len(SIDES)))
    np.maximum.at(highest, table.of, odds)
    mean = np.zeros((n, len(SIDES)))
    np.add.at(mean, table.of, odds)
    counts = np.bincount(table.of, minlength=n)[:, None]
    mean /= np.maximum(counts, 1)
    said = np.zeros((n, len(SIDES)))
    np.add.at(said, table.of, layer.said.max(axis=1))
    opinions = layer.comment[:, 5:8]
    share = opinions / (1 + opinions.sum(axis=1, keepdims=True))
    both = np.minimum(opinions[:, 0], opinions[:, 1])
    return np.column_stack(
        [
            np.clip(whole - whole.mean(axis=1, keepdims=True), -_LIMIT, _LIMIT),
            highest, mean, np.minimum(highest[:, 0], highest[:, 2]), layer.comment[:, :5], share,
            said / (1 + said.sum(axis=1, keepdims=True)), np.minimum(said[:, 0], said[:, 2]) > 0,
            both > 0, both, counts == 1, np.log(np.maximum(counts, 1)),
            about, about[:, :3] * silent[:, None],
            np.log([max(1, len(comment.words)) for comment in table.comments]),
            [("!" in comment.words, "?" in comment.words) for comment in table.comments],
        ]
    ).astype(float)  # fmt: skip


def status_inputs(
    table: ClauseTable, layer: RuleLayer, tops: Floats, empty: Floats, themes: Themes
) -> Floats:
    """Return one row a comment, to tell whether it says anything.

    Args:
        table: The clauses.
        layer: What the rules say.
        tops: Clause × top theme, log-odds.
        empty: Comment × 1, log-odds that it says nothing.
        themes: The themes.
    """
    about = _subjects(table, layer, tops, themes)
    empty = np.clip(empty, -_LIMIT, _LIMIT)
    silent = (layer.comment[:, 1:5].sum(axis=1) == 0)[:, None]
    asked = np.zeros((len(table.comments), 1))
    asked[table.of, 0] = layer.clause[:, MARKS.index("asked")]
    words = np.log([[max(1, len(comment.words))] for comment in table.comments])
    return np.hstack(
        [empty, about, silent, silent * empty, silent * about, asked, asked * silent, words]
    )


def _subjects(table: ClauseTable, layer: RuleLayer, tops: Floats, themes: Themes) -> Floats:
    """Return how likely each comment is about a subject, or about none in particular."""
    n = len(table.comments)
    tops = np.clip(tops, -_LIMIT, _LIMIT)
    subject, general = np.full((2, n), -_LIMIT)
    if not themes.general.all():
        np.maximum.at(subject, table.of, tops[:, ~themes.general].max(axis=1))
    if themes.general.any():
        np.maximum.at(general, table.of, tops[:, themes.general].max(axis=1))
    named = np.zeros(n)
    np.add.at(named, table.of, themes.by_top(layer.found)[:, ~themes.general].sum(axis=1))
    return np.column_stack([subject, named > 0, np.log1p(named), general])
