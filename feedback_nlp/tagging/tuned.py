"""A tagger of a user's own themes with a network that learnt them.

The network scores each piece of a comment for each theme and for what is said of it
(``NetworkScorer``); two last steps, learnt from comments that it had not seen, say how likely each
theme and each polarity is. The model it starts from tells the sentiment, and what is said where
polarity was not learnt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from feedback_nlp.parsed import ParsedBatch, ParsedComment
from feedback_nlp.tagging.contexts import Outputs, Places, highest_of, weighing_inputs
from feedback_nlp.tagging.layers import Themes
from feedback_nlp.tagging.network import NetworkModel, NetworkScorer
from feedback_nlp.tagging.own_readings import can_be_read, named_places, readings_of
from feedback_nlp.tagging.readings import SIDES, Floats, Readings
from feedback_nlp.tagging.rules import rule_model
from feedback_nlp.tagging.told import Told, tell
from feedback_nlp.tagging.turns import read_those
from feedback_nlp.tagging.weighing import Weighing
from feedback_nlp.taxonomy import Taxonomy

POLARITY_COLUMNS = 3 * len(SIDES)  # of the theme, of anything, of the model it starts from
_LIMIT = 9.0  # log-odds beyond this are alike


@dataclass(frozen=True, slots=True)
class OwnScores:
    """What a network says of clauses.

    Attributes:
        each: Clause × output of ``Outputs``, log-odds.
        sides: Clause × theme × polarity, log-odds.
        anything: Clause × polarity, log-odds.
    """

    each: Floats
    sides: Floats
    anything: Floats


@dataclass(frozen=True)
class TunedModel:
    """Reads comments; made by ``train_tagger`` with ``model="transformer"``.

    Attributes:
        taxonomy: The themes.
        base: The model it starts from.
        scorer: The network.
        weighing: From the scores of a comment to the probability of a theme.
        thresholds: The least probability of each theme.
        polarity: From scores to the probability of each polarity; ``None`` if too few labels had
            one: then the base judges.
        marked: Labels were narrower than comments: a theme may be found in several clauses.
        card: What it is and how good it is, in Markdown.
    """

    taxonomy: Taxonomy
    base: NetworkModel
    scorer: NetworkScorer
    weighing: Weighing
    thresholds: Mapping[str, float]
    polarity: Weighing | None
    marked: bool
    card: str = ""

    def read(self, comments: Sequence[ParsedComment]) -> Readings:
        """Return the themes of each comment, what is said of each, and of the whole."""
        batch = ParsedBatch.of(comments)
        return read_those(batch, can_be_read(batch), self._read, rule_model(self.taxonomy))

    def _read(self, comments: ParsedBatch) -> Readings:
        told = tell(self.base, self.taxonomy, comments)
        scores = own_scores(self.scorer, self._outputs, told.batch)
        clauses = told.batch.clauses
        likely = self.weighing.probabilities(theme_inputs(scores, told, self._outputs))
        places = named_places(likely, scores.each, clauses, self._least, several=self.marked)
        sides = told.likely[places.clause]
        if self.polarity is not None and len(places):
            sides = self.polarity.probabilities(side_inputs(scores, told, places))
        return readings_of(told, self.taxonomy.ids, places, likely, sides)

    @cached_property
    def _outputs(self) -> Outputs:
        return Outputs.of(self.taxonomy.ids)

    @cached_property
    def _least(self) -> Floats:
        return np.array([self.thresholds[theme] for theme in self.taxonomy.ids])


def flat_themes(taxonomy: Taxonomy) -> Themes:
    """Return the themes of a taxonomy as the network has them: each stands for itself.

    Args:
        taxonomy: The themes.

    Example:
        >>> from feedback_nlp.taxonomy import Theme
        >>> flat_themes(Taxonomy("mine", (Theme(id="food"), Theme(id="food.taste")))).tops
        ('food', 'food.taste')
    """
    ids = tuple(taxonomy.ids)
    return Themes(ids, ids, np.arange(len(ids)), np.zeros(len(ids), dtype=np.bool_))


def own_scores(scorer: NetworkScorer, outputs: Outputs, batch: ParsedBatch) -> OwnScores:
    """Return what a network says of the clauses of comments.

    Args:
        scorer: The network.
        outputs: What is scored: themes, and what several of them have in common.
        batch: The comments; all have clauses.
    """
    themes = len(outputs.parent)
    scores, _ = scorer.score_batch(batch, 0)
    named, _, anything, sides = np.split(scores, np.cumsum([themes, themes, len(SIDES)]), axis=1)
    each = np.stack([named[:, members].max(axis=1) for members in outputs.members], axis=1)
    return OwnScores(each, sides.reshape(len(scores), themes, len(SIDES)), anything)


def theme_inputs(scores: OwnScores, told: Told, outputs: Outputs) -> Floats:
    """Return comment × theme × columns, to tell whether the comment speaks of the theme."""
    clauses = told.batch.clauses
    return weighing_inputs(highest_of(scores.each, clauses), scores.each, clauses, outputs)


def side_inputs(scores: OwnScores, told: Told, places: Places) -> Floats:
    """Return place × columns, to tell what is said: of the theme, of anything, by the base."""
    parts = scores.sides[places.clause, places.theme], scores.anything[places.clause]
    centred = [part - part.mean(axis=1, keepdims=True) for part in parts]
    likely = np.log(np.maximum(told.likely[places.clause], 1e-3))
    return np.hstack([*(part.clip(-_LIMIT, _LIMIT) for part in centred), likely])
