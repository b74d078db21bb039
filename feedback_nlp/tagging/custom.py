"""Tagging with a taxonomy of the user's own that nobody has labelled comments for.

Each clause is compared with what the taxonomy says of each theme, with what its phrases find, and
with what the compact model would say (``likeness``); one step, the same for every theme of every
taxonomy, makes a probability of it. What is said of a theme, and in all, is judged as the compact
model does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from feedback_nlp.errors import FeedbackError, ModelError
from feedback_nlp.parsed import Bools, Ints, ParsedBatch, ParsedComment
from feedback_nlp.tagging.compact import CompactModel, Scores
from feedback_nlp.tagging.described import Descriptions, Space, taxonomy_texts
from feedback_nlp.tagging.folder_parts import read_tensors
from feedback_nlp.tagging.judging import judge
from feedback_nlp.tagging.layers import RuleLayer, Themes
from feedback_nlp.tagging.likeness import COLUMNS, Compared, Known, Loan, borrow, likeness
from feedback_nlp.tagging.readings import SOURCE_ORDER, UNKNOWN, Floats, Found, Readings
from feedback_nlp.tagging.rule_layers import rule_layer
from feedback_nlp.tagging.rules import read_rules, rule_model
from feedback_nlp.tagging.stretches import evidence, sentences, with_own_words
from feedback_nlp.tagging.turns import AT_ONCE, read_those, says_something
from feedback_nlp.tagging.weighing import Weighing, polarity_columns, theme_columns
from feedback_nlp.taxonomy import Taxonomy

FILE = "custom.safetensors"
_AT_ONCE = 400_000  # clauses times themes; more are taken in turns, which bounds the memory


@dataclass(frozen=True)
class Learnt:
    """What was learnt on other taxonomies, and serves any.

    Attributes:
        weighing: From the columns of ``likeness`` to a probability.
        threshold: The least probability of a theme that is named.
        mean: The mean vector of clauses.
        scores: The mean log-odds of the compact model's themes in clauses.
    """

    weighing: Weighing
    threshold: float
    mean: Floats
    scores: Floats


@dataclass(frozen=True)
class CustomModel:
    """Reads comments with the themes of any taxonomy; made by ``load_tagger(taxonomy=…)``.

    Attributes:
        taxonomy: The user's themes.
        compact: The model that comes with the package.
        learnt: How the columns are weighed.
        known: The themes of the compact model.
        descriptions: The user's themes as vectors.
        loan: What they borrow from those of the compact model.
    """

    taxonomy: Taxonomy
    compact: CompactModel
    learnt: Learnt
    known: Known
    descriptions: Descriptions
    loan: Loan

    @classmethod
    def of(cls, taxonomy: Taxonomy, compact: CompactModel, learnt: Learnt) -> "CustomModel":
        """Make a model of a taxonomy.

        Args:
            taxonomy: The user's themes.
            compact: The model that comes with the package.
            learnt: How the columns are weighed.
        """
        known = known_themes(compact, learnt.mean, learnt.scores)
        texts = taxonomy_texts(taxonomy)
        described = Descriptions.of(texts, known.descriptions.space)
        loan = borrow(texts, described, general_of(taxonomy), known)
        return cls(taxonomy, compact, learnt, known, described, loan)

    def read(self, comments: Sequence[ParsedComment]) -> Readings:
        """Return the themes of each comment, what is said of each, and of the whole."""
        batch = ParsedBatch.of(comments)
        most = min(AT_ONCE, _AT_ONCE // len(self.taxonomy.themes))
        can = says_something(batch)
        return read_those(batch, can, self._read, rule_model(self.taxonomy), most)

    def _read(self, comments: ParsedBatch) -> Readings:
        themes = Themes.of(self.taxonomy)
        scores = self.compact.score(comments)
        batch, opinions = with_own_words(scores.batch), scores.opinions
        named = read_rules(batch, opinions, self.taxonomy)
        layer = rule_layer(batch, named, opinions, themes)
        likely = self.probabilities(scores, layer)
        chosen = _choose(likely, themes, self.learnt.threshold)
        chosen = _without_general(chosen, general_of(self.taxonomy), batch)
        found = self._found(batch, named.found, likely, np.nonzero(chosen))
        judged, sides = said_of(self.compact, scores, named, found, self.taxonomy)
        sentiment, score = self.compact.verdicts(scores)
        return replace(
            judged,
            polarity=sides.argmax(axis=1),
            polarity_confidence=sides.max(axis=1),
            sentiment=sentiment,
            sentiment_score=score,
        )

    def probabilities(self, scores: Scores, layer: RuleLayer) -> Floats:
        """Return how likely each clause speaks of each theme.

        Args:
            scores: What the compact model makes of the comments.
            layer: What the phrases of the taxonomy find in them.
        """
        clauses = compared(self.compact, scores, layer.found)
        general = general_of(self.taxonomy)
        columns = likeness(clauses, self.descriptions, self.loan, self.known, general)
        return self.learnt.weighing.probabilities(columns)

    def _found(
        self, batch: ParsedBatch, named: Found, likely: Floats, places: tuple[Ints, ...]
    ) -> Found:
        """Return themes in clauses: where a phrase names them, else in all of the clause.

        Args:
            batch: The comments.
            named: What the phrases of the taxonomy name.
            likely: Clause × theme.
            places: The clause and the theme of each.
        """
        clause, theme = places
        row = np.full(likely.shape, UNKNOWN, dtype=np.int64)
        row[named.clause, named.theme] = np.arange(len(named))
        known = row[clause, theme]
        by_phrase, silent = np.flatnonzero(known >= 0), np.flatnonzero(known < 0)
        first = np.zeros_like(clause)
        first[silent] = self.descriptions.nearest_words(batch, clause[silent], theme[silent])
        begin, stop = batch.clauses.start[clause], batch.clauses.end[clause]
        start, end = evidence(batch, begin, stop, joined=False)
        where = {"phrase_start": first, "phrase_end": first + 1, "start": start, "end": end}
        for name, values in where.items():
            values[by_phrase] = getattr(named, name)[known[by_phrase]]
        source = np.full(len(clause), SOURCE_ORDER.index("model"), dtype=np.int64)
        source[by_phrase] = named.source[known[by_phrase]]
        return Found(
            comment=batch.clauses.comment[clause],
            theme=theme,
            confidence=likely[clause, theme],
            clause=clause,
            source=source,
            **where,
        )


def said_of(
    compact: CompactModel, scores: Scores, named: Readings, found: Found, taxonomy: Taxonomy
) -> tuple[Readings, Floats]:
    """Return what is said of themes as the rules say it, and as the compact model weighs that.

    Args:
        compact: The model that comes with the package.
        scores: What it makes of some comments.
        named: What the phrases of the taxonomy find in them.
        found: Themes of the taxonomy that were found in their clauses.
        taxonomy: The themes.

    Returns:
        What the rules say of what was found; and of each theme found the probability of each
        polarity, as ``SIDES`` has them.
    """
    batch, themes = named.batch, Themes.of(taxonomy)
    polarity, sure = judge(batch, found, scores.opinions, taxonomy)
    judged = replace(named, found=found, polarity=polarity, polarity_confidence=sure)
    layer = rule_layer(batch, judged, scores.opinions, themes)
    places = found.clause, themes.top_of[found.theme]
    columns = polarity_columns(batch, layer, scores.polarity, places, themes)
    return judged, compact.steps["polarity"].likely(columns)


def general_of(taxonomy: Taxonomy) -> Bools:
    """Return which themes have no subject."""
    return np.array([theme.general for theme in taxonomy.themes], dtype=bool)


def known_themes(compact: CompactModel, mean: Floats, scores: Floats) -> Known:
    """Return the themes of the compact model, to borrow from.

    Args:
        compact: The model.
        mean: The mean vector of clauses.
        scores: The mean log-odds of its themes in clauses.

    Raises:
        ModelError: The two do not belong together.
    """
    if len(scores) != len(compact.taxonomy.themes):
        raise ModelError(
            f"{FILE} was learnt with {len(scores)} themes, the model has "
            f"{len(compact.taxonomy.themes)}; run training/compact/custom.py."
        )
    space = Space(compact.scorer.features.embeddings, mean)
    described = Descriptions.of(taxonomy_texts(compact.taxonomy), space)
    return Known(compact.scorer, described, general_of(compact.taxonomy), scores)


def compared(compact: CompactModel, scores: Scores, named: Floats) -> Compared:
    """Return clauses as they are compared.

    Args:
        compact: The model.
        scores: What it makes of them.
        named: Clause × theme of the user's: 1 where a phrase names it.
    """
    columns = theme_columns(scores.themes, scores.layer, Themes.of(compact.taxonomy))
    likely = compact.steps["theme"].likely(columns)
    return Compared(with_own_words(scores.batch), likely, scores.themes, named)


def _choose(likely: Floats, themes: Themes, threshold: float) -> Bools:
    """Return what is named: clause × theme; a sub-theme stands for its top theme as well."""
    chosen: Bools = likely >= threshold
    tops = np.array([themes.ids.index(top) for top in themes.tops])
    sub = np.arange(len(themes.ids)) != tops[themes.top_of]
    chosen[:, tops] &= ~(themes.by_top((chosen & sub).astype(float)) > 0)
    return chosen


def _without_general(chosen: Bools, general: Bools, batch: ParsedBatch) -> Bools:
    """Return what is named, themes without a subject only in sentences that name nothing else."""
    sentence = sentences(batch)
    named = np.bincount(sentence, weights=chosen[:, ~general].any(axis=1))
    return chosen & ~((named[sentence] > 0)[:, None] & general)


def write_learnt(learnt: Learnt, path: Path) -> None:
    """Write what was learnt to a file.

    Raises:
        FeedbackError: It cannot be written.
    """
    from safetensors.numpy import save

    tensors = {
        "weights": learnt.weighing.weights,
        "intercept": learnt.weighing.intercept,
        "threshold": np.array([learnt.threshold]),
        "mean": learnt.mean,
        "scores": learnt.scores,
    }
    whole = save({k: np.ascontiguousarray(v, dtype=np.float64) for k, v in tensors.items()})
    try:
        path.write_bytes(whole)
    except OSError as error:
        raise FeedbackError(f"Cannot write {path}: {error}.") from error


def read_learnt(path: Path) -> Learnt:
    """Read what was learnt.

    Raises:
        ModelError: The file is not there, or not what ``write_learnt`` writes.
    """
    tensors = read_tensors(path)
    try:
        learnt = Learnt(
            Weighing(tensors["weights"], tensors["intercept"]),
            float(tensors["threshold"][0]),
            tensors["mean"],
            tensors["scores"],
        )
    except (KeyError, IndexError) as error:
        raise ModelError(f"{path} cannot be read as what taxonomies need ({error}).") from None
    if learnt.weighing.weights.shape != (len(COLUMNS), 1):
        raise ModelError(
            f"{path} is of another version: it weighs {len(learnt.weighing.weights)} columns, "
            f"this version has {len(COLUMNS)}; run training/compact/custom.py."
        )
    return learnt
