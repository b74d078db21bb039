"""What is known of comments before anything is learnt of a user's own themes.

The compact model that comes with the package, and the phrases of the user's taxonomy, say it: one
row of numbers for each clause and for each comment, and what is said of anything in each clause.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feedback_nlp.tagging.compact import CompactModel, Scores
from feedback_nlp.tagging.layers import SIDES, ClauseTable, Floats, Ints, RuleLayer, Themes
from feedback_nlp.tagging.protocols import ThemeSpan, Verdict
from feedback_nlp.tagging.rules import RuleThemes
from feedback_nlp.tagging.weighing import polarity_inputs, theme_inputs, top_inputs
from feedback_nlp.taxonomy import Taxonomy
from feedback_nlp.text import ParsedComment

_ANY = Themes(("any",), ("any",), np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.bool_))
_LIMIT = 9.0  # log-odds beyond this are alike
_WORTH = 0.2  # of one unit of log-odds, against 1 for a phrase that is found


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of some comments.

    Attributes:
        table: Their clauses.
        clauses: Clause × column: log-odds of the themes of the compact model, phrases found.
        comments: Comment × column: the highest of its clauses.
        said: Clause × column: what is said of anything in it, then the log-odds of each polarity.
        likely: Clause × polarity: probabilities of the compact model.
        whole: Comment × polarity: log-odds, centred.
        verdicts: The sentiment of each comment.
    """

    table: ClauseTable
    clauses: Floats
    comments: Floats
    said: Floats
    likely: Floats
    whole: Floats
    verdicts: list[Verdict | None]


def columns_of(base: CompactModel, taxonomy: Taxonomy) -> int:
    """Return how many columns ``Told.clauses`` has for a model and a taxonomy."""
    themes = Themes.of(base.taxonomy)
    own = len(taxonomy.ids) if taxonomy.has_phrases else 0
    return 3 * len(themes.ids) + 2 * len(themes.tops) + own


def base_columns(base: CompactModel) -> int:
    """Return how many columns ``Told.said`` has."""
    return len(base.steps["polarity"].weights) + len(SIDES)


def tell(base: CompactModel, taxonomy: Taxonomy, comments: Sequence[ParsedComment]) -> Told:
    """Return what is known of comments that have clauses and say something.

    Args:
        base: The model that comes with the package.
        taxonomy: The user's own, for its phrases.
        comments: Parsed comments.
    """
    scores = base.score(comments)
    themes = Themes.of(base.taxonomy)
    table, layer = scores.table, scores.layer
    tops = base.steps["top"].probabilities(top_inputs(scores.themes, scores.tops, layer, themes))
    subs = base.steps["theme"].probabilities(theme_inputs(scores.themes, layer, themes))
    odds = [scores.themes, scores.tops, _log_odds(tops), _log_odds(subs)]
    clauses = np.hstack(
        [
            np.clip(np.hstack(odds), -_LIMIT, _LIMIT) * _WORTH,
            layer.found,
            _own_phrases(taxonomy, table),
        ]
    )
    whole = np.full((len(comments), clauses.shape[1]), -np.inf)
    np.maximum.at(whole, table.of, clauses)
    inputs = _polarity_inputs(table, layer, scores.polarity)
    likely = base.steps["polarity"].probabilities(inputs)
    said = np.hstack([inputs, np.log(np.maximum(likely, 1e-3))])
    centred = scores.whole - scores.whole.mean(axis=1, keepdims=True)
    return Told(
        table=table,
        clauses=clauses,
        comments=whole,
        said=np.clip(said, -_LIMIT, _LIMIT),
        likely=likely,
        whole=np.clip(centred, -_LIMIT, _LIMIT),
        verdicts=_verdicts(base, scores),
    )


def _verdicts(base: CompactModel, scores: Scores) -> list[Verdict | None]:
    """Return the sentiment of each comment; of "nothing" what the question makes of it."""
    comments = scores.table.comments
    silent = [comment for comment in comments if comment.says_nothing]
    asked = iter([one.judged.verdict for one in base.read(silent)] if silent else [])
    found = base.verdicts(scores)
    return [
        next(asked) if comment.says_nothing else verdict
        for comment, verdict in zip(comments, found, strict=True)
    ]


def _polarity_inputs(table: ClauseTable, layer: RuleLayer, scores: Floats) -> Floats:
    """Return what is said in each clause, of whatever theme."""
    of_any = RuleLayer(
        found=layer.found.max(axis=1, keepdims=True),
        judged=layer.judged.max(axis=1, keepdims=True),
        said=layer.said.max(axis=1, keepdims=True),
        clause=layer.clause,
        comment=layer.comment,
    )
    each: Ints = np.arange(len(table))
    return polarity_inputs(table, of_any, scores, (each, np.zeros_like(each)), _ANY)


def _own_phrases(taxonomy: Taxonomy, table: ClauseTable) -> Floats:
    """Return clause × theme: 1 where a phrase of the taxonomy names it; no column without any."""
    if not taxonomy.has_phrases:
        return np.zeros((len(table), 0))
    number = {theme: at for at, theme in enumerate(taxonomy.ids)}
    found = np.zeros((len(table), len(number)))
    spans: list[list[ThemeSpan]] = RuleThemes(taxonomy).find_themes(table.comments)
    for at, (comment, here) in enumerate(zip(table.comments, spans, strict=True)):
        for span in here:
            found[table.first[at] + comment.clause_of(span.clause.start), number[span.theme]] = 1.0
    return found


def _log_odds(likely: Floats) -> Floats:
    likely = np.clip(likely, 1e-4, 1 - 1e-4)
    odds: Floats = np.log(likely / (1 - likely))
    return odds
