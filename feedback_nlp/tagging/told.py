"""What is known of comments before anything is learnt of a user's own themes.

The model that it starts from, and the phrases of the user's taxonomy, say it: one
row of numbers for each clause and for each comment, and what is said of anything in each clause.
"""

from dataclasses import dataclass

import numpy as np

from feedback_nlp.parsed import Ints, ParsedBatch
from feedback_nlp.tagging.compact import ClauseModel, ScorerOf, Scores
from feedback_nlp.tagging.judging import clause_of
from feedback_nlp.tagging.layers import RuleLayer, Themes
from feedback_nlp.tagging.readings import SIDES, Floats
from feedback_nlp.tagging.rules import find_themes
from feedback_nlp.tagging.stretches import with_own_words
from feedback_nlp.tagging.weighing import (
    Columns,
    polarity_columns,
    side_by_side,
    theme_columns,
    top_columns,
)
from feedback_nlp.taxonomy import Taxonomy

_ANY = Themes(("any",), ("any",), np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.bool_))
_LIMIT = 9.0  # log-odds beyond this are alike
_WORTH = 0.2  # of one unit of log-odds, against 1 for a phrase that is found


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of some comments.

    Attributes:
        batch: The comments.
        clauses: Clause × column: log-odds of the themes of that model, phrases found.
        comments: Comment × column: the highest of its clauses.
        said: Clause × column: what is said of anything in it, then the log-odds of each polarity.
        likely: Clause × polarity: probabilities of that model.
        whole: Comment × polarity: log-odds, centred.
        sentiment: Of each comment, as its place in ``SENTIMENT_ORDER``; −1 where it is unknown.
        sentiment_score: Its balance; NaN where it is unknown.
    """

    batch: ParsedBatch
    clauses: Floats
    comments: Floats
    said: Floats
    likely: Floats
    whole: Floats
    sentiment: Ints
    sentiment_score: Floats


def columns_of(base: ClauseModel[ScorerOf], taxonomy: Taxonomy) -> int:
    """Return how many columns ``Told.clauses`` has for a model and a taxonomy."""
    themes = Themes.of(base.taxonomy)
    own = len(taxonomy.ids) if taxonomy.has_phrases else 0
    return 3 * len(themes.ids) + 2 * len(themes.tops) + own


def base_columns(base: ClauseModel[ScorerOf]) -> int:
    """Return how many columns ``Told.said`` has."""
    return len(base.steps["polarity"].weights) + len(SIDES)


def tell(base: ClauseModel[ScorerOf], taxonomy: Taxonomy, batch: ParsedBatch) -> Told:
    """Return what is known of comments that have clauses and say something.

    Args:
        base: The model that comes with the package.
        taxonomy: The user's own, for its phrases.
        batch: Parsed comments.
    """
    scores = base.score(batch)
    themes = Themes.of(base.taxonomy)
    layer = scores.layer
    tops = base.steps["top"].likely(top_columns(scores.themes, scores.tops, layer, themes))
    subs = base.steps["theme"].likely(theme_columns(scores.themes, layer, themes))
    odds = [scores.themes, scores.tops, _log_odds(tops), _log_odds(subs)]
    clauses = np.hstack(
        [
            np.clip(np.hstack(odds), -_LIMIT, _LIMIT) * _WORTH,
            layer.found,
            _own_phrases(taxonomy, scores),
        ]
    )
    columns = _polarity_columns(scores)
    likely = base.steps["polarity"].likely(columns)
    said = np.hstack([side_by_side(columns), np.log(np.maximum(likely, 1e-3))])
    centred = scores.whole - scores.whole.mean(axis=1, keepdims=True)
    sentiment, score = base.verdicts(scores)
    by_rules, silent = scores.readings, batch.says_nothing
    return Told(
        batch=with_own_words(batch),
        clauses=clauses,
        comments=np.maximum.reduceat(clauses, batch.clauses.first[:-1], axis=0),
        said=np.clip(said, -_LIMIT, _LIMIT),
        likely=likely,
        whole=np.clip(centred, -_LIMIT, _LIMIT),
        sentiment=np.where(silent, by_rules.sentiment, sentiment),
        sentiment_score=np.where(silent, by_rules.sentiment_score, score),
    )


def _polarity_columns(scores: Scores) -> Columns:
    """Return what is said in each clause, of whatever theme."""
    layer = scores.layer
    of_any = RuleLayer(
        found=layer.found.max(axis=1, keepdims=True),
        judged=layer.judged.max(axis=1, keepdims=True),
        said=layer.said.max(axis=1, keepdims=True),
        clause=layer.clause,
        comment=layer.comment,
    )
    each: Ints = np.arange(len(layer.found))
    places = each, np.zeros_like(each)
    sides = scores.sides
    if sides is not None:  # those of the theme that the clause speaks most of
        sides = sides[each, scores.tops.argmax(axis=1)][:, None]
    return polarity_columns(scores.batch, of_any, scores.polarity, places, _ANY, sides)


def _own_phrases(taxonomy: Taxonomy, scores: Scores) -> Floats:
    """Return clause × theme: 1 where a phrase of the taxonomy names it; no column without any."""
    clauses = len(scores.batch.clauses)
    if not taxonomy.has_phrases:
        return np.zeros((clauses, 0))
    found = find_themes(scores.batch, scores.opinions, taxonomy)
    named = np.zeros((clauses, len(taxonomy.ids)))
    named[clause_of(scores.batch, found), found.theme] = 1.0
    return named


def _log_odds(likely: Floats) -> Floats:
    likely = np.clip(likely, 1e-4, 1 - 1e-4)
    odds: Floats = np.log(likely / (1 - likely))
    return odds
