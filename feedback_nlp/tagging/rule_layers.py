"""What the rules say of each clause and comment, laid out for a model to weigh."""

import numpy as np

from feedback_nlp.parsed import Ints, ParsedBatch
from feedback_nlp.tagging.judging import asked, clause_of
from feedback_nlp.tagging.layers import MARKS, SAID_OF, RuleLayer, Themes
from feedback_nlp.tagging.opinions import Opinions
from feedback_nlp.tagging.readings import SENTIMENT_ORDER, SIDES, UNKNOWN, Floats, Readings
from feedback_nlp.tagging.stretches import words_that_are

_QUOTES = frozenset('"“”„«»‘')


def rule_layer(
    batch: ParsedBatch, readings: Readings, opinions: Opinions, themes: Themes
) -> RuleLayer:
    """Return what the rules say, as arrays of all clauses and comments of a batch.

    Args:
        batch: The comments.
        readings: The themes in them, and what the rules say of these.
        opinions: The opinions in them.
        themes: The themes, numbered as in the readings.
    """
    found = readings.found
    clause, theme = clause_of(batch, found), found.theme
    named = np.zeros((len(batch.clauses), len(themes.ids)), order="F")
    named[clause, theme] = 1.0
    known = (readings.polarity != UNKNOWN).nonzero()[0]
    known = known[np.argsort(readings.polarity_confidence[known])]  # the surest is written last
    judged = np.zeros_like(named)
    judged[clause[known], theme[known]] = 1.0
    said = np.zeros((len(batch.clauses), len(themes.tops), len(SIDES)), order="F")
    places = clause[known], themes.top_of[theme[known]], readings.polarity[known]
    said[places] = readings.polarity_confidence[known]
    marks = clause_marks(batch, opinions)
    verdicts = np.zeros((len(batch), 1 + len(SENTIMENT_ORDER)))
    clear = (readings.sentiment != UNKNOWN).nonzero()[0]
    verdicts[clear, 0] = readings.sentiment_score[clear]
    verdicts[clear, 1 + readings.sentiment[clear]] = 1.0
    of = batch.clauses.comment
    values = [np.bincount(of, weights=column, minlength=len(batch)) for column in marks[:, :3].T]
    return RuleLayer(named, judged, said, marks, np.column_stack([verdicts, *values]))


def clause_marks(batch: ParsedBatch, opinions: Opinions) -> Floats:
    """Return clause × ``MARKS``: praise, blame, neutral words, function words, marks.

    Args:
        batch: The comments.
        opinions: The opinions and function words in them.
    """
    clauses, value = batch.clauses, opinions.value
    marks = np.zeros((len(clauses), len(MARKS)), order="F")
    place = batch.clause_of[opinions.start]
    worth = {"praise": value * (value > 0), "blame": -value * (value < 0), "neutral": value == 0}
    for name, weights in worth.items():
        marks[:, MARKS.index(name)] = np.bincount(place, weights, minlength=len(clauses))
    for role in SAID_OF:
        marks[_clauses_with(batch, opinions.roles[role].start), MARKS.index(role)] = 1.0
    marks[:, MARKS.index("contrast")] = clauses.contrast
    for mark in "?!":
        marks[_clauses_with(batch, words_that_are(batch, {mark})), MARKS.index(mark)] = 1.0
    marks[:, MARKS.index("asked")] = asked(batch)[clauses.comment]
    quoted = _clauses_with(batch, words_that_are(batch, _QUOTES))
    marks[quoted, MARKS.index("quoted")] = 1.0
    return marks


def _clauses_with(batch: ParsedBatch, words: Ints) -> Ints:
    """Return the clauses that hold one of some words; comments that are set aside have none."""
    clause = batch.clause_of[words]
    return clause[clause >= 0]
