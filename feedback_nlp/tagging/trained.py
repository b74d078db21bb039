"""A tagger of a user's own themes, learnt from labelled comments.

Two linear models stand in one: of words and their meaning (``scorer``), and of what the compact
model and the phrases of the taxonomy say (``told``). Together they score each theme in a comment
and in each of its clauses; a last step, learnt from comments that the first had not seen, weighs
the themes of a comment against one another and says how likely each is. Polarity is told from the
clause that speaks of the theme, the comment, and the words near those that name it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from feedback_nlp.flat import begins
from feedback_nlp.parsed import ParsedBatch, ParsedComment
from feedback_nlp.tagging.compact import CompactModel
from feedback_nlp.tagging.contexts import (
    Outputs,
    exact,
    near_words,
    polarity_inputs_of,
    said_columns,
    weighing_inputs,
)
from feedback_nlp.tagging.features import Spelt
from feedback_nlp.tagging.own_readings import can_be_read, named_places, readings_of
from feedback_nlp.tagging.readings import SIDES, Floats, Readings
from feedback_nlp.tagging.rules import rule_model
from feedback_nlp.tagging.scorer import Scorer
from feedback_nlp.tagging.told import tell
from feedback_nlp.tagging.turns import read_those
from feedback_nlp.tagging.weighing import Weighing
from feedback_nlp.taxonomy import Taxonomy

VIEWS = ("clause", "comment", "near")  # where words count for polarity


@dataclass(frozen=True, slots=True)
class Polarities:
    """How polarity is told, beside what words say.

    Attributes:
        said: Column of ``contexts.said_columns`` × polarity, and the intercept last.
        weighing: From the scores of each polarity to probabilities.
    """

    said: Floats
    weighing: Weighing

    def scores(self, columns: Floats) -> Floats:
        """Return place × polarity: what the columns of ``contexts.said_columns`` add."""
        added: Floats = exact(columns, self.said[:-1]) + self.said[-1]
        return added


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """Reads comments; made by ``train_tagger``.

    Attributes:
        taxonomy: The themes.
        base: The compact model it starts from.
        scorer: What words say of each of ``Outputs``, then of each of ``VIEWS`` × polarity if
            polarity was learnt.
        told: Column of ``Told.clauses`` × output.
        weighing: From the scores of a comment to the probability of a theme.
        thresholds: The least probability of each theme.
        polarities: ``None`` if too few labels had a polarity: then the compact model judges.
        marked: Labels were narrower than comments: a theme may be found in several clauses.
        card: What it is and how good it is, in Markdown.
    """

    taxonomy: Taxonomy
    base: CompactModel
    scorer: Scorer
    told: Floats
    weighing: Weighing
    thresholds: Mapping[str, float]
    polarities: Polarities | None
    marked: bool
    card: str = ""

    def read(self, comments: Sequence[ParsedComment]) -> Readings:
        """Return the themes of each comment, what is said of each, and of the whole."""
        batch = ParsedBatch.of(comments)
        return read_those(batch, can_be_read(batch), self._read, rule_model(self.taxonomy))

    def _read(self, comments: ParsedBatch) -> Readings:
        told = tell(self.base, self.taxonomy, comments)
        batch = told.batch
        stretches = _stretches(batch)
        scored = self.scorer.score(stretches, np.zeros(len(stretches), dtype=np.int64))
        parts = np.split(scored, [len(batch), len(batch) + len(batch.clauses)])
        outputs = Outputs.of(self.taxonomy.ids)
        size = len(outputs.names)
        whole = parts[0][:, :size] + exact(told.comments, self.told)
        each = parts[1][:, :size] + exact(told.clauses, self.told)
        columns = weighing_inputs(whole, each, batch.clauses, outputs)
        likely = self.weighing.probabilities(columns)
        least = np.array([self.thresholds[theme] for theme in self.taxonomy.ids])
        places = named_places(likely, each, batch.clauses, least, several=self.marked)
        sides = told.likely[places.clause]
        if self.polarities is not None and len(places):
            themes = len(outputs.parent)
            worth = parts[2][:, :themes] - self.scorer.intercept[:themes]
            near = near_words(batch, worth, places)
            of_comment, of_clause, of_word = (
                part[:, size:].reshape(-1, len(VIEWS), len(SIDES)) for part in parts
            )
            said = of_clause[places.clause, 0] + of_comment[places.comment, 1]
            said = said + near @ of_word[:, 2]
            said += self.polarities.scores(said_columns(told, each, places, themes))
            sides = self.polarities.weighing.probabilities(polarity_inputs_of(said, told, places))
        return readings_of(told, self.taxonomy.ids, places, likely, sides)


def _stretches(batch: ParsedBatch) -> Spelt:
    """Return the comments of a batch, its clauses, and its known words one by one."""
    words, clauses = batch.words, Spelt.clauses(batch)
    single = np.arange(len(words.known))
    sizes = [words.counts, clauses.sizes, np.ones_like(single)]
    word = np.concatenate([words.word, clauses.word, single])
    return Spelt(words.known, word, begins(np.concatenate(sizes)))
