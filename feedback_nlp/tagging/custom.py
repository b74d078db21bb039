"""Tagging with a taxonomy of the user's own that nobody has labelled comments for.

Each clause is compared with what the taxonomy says of each theme, with what its phrases find, and
with what the compact model would say (``likeness``); one step, the same for every theme of every
taxonomy, makes a probability of it. What is said of a theme, and in all, is judged as the compact
model does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from feedback_nlp.errors import FeedbackError, ModelError
from feedback_nlp.tagging.compact import AT_ONCE, CompactModel, Scores, read_those, says_something
from feedback_nlp.tagging.described import Descriptions, Space, taxonomy_texts
from feedback_nlp.tagging.folder import read_tensors
from feedback_nlp.tagging.layers import SIDES, Floats, Ints, RuleLayer, Themes, rule_layer
from feedback_nlp.tagging.likeness import COLUMNS, Bools, Known, Loan, Stretches, borrow, likeness
from feedback_nlp.tagging.protocols import Judged, Judgement, Reading, ThemeSpan
from feedback_nlp.tagging.rules import RulePolarity, rule_model
from feedback_nlp.tagging.weighing import Weighing, polarity_inputs, theme_inputs
from feedback_nlp.taxonomy import Taxonomy
from feedback_nlp.text import ParsedComment

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

    def read(self, comments: Sequence[ParsedComment]) -> list[Reading]:
        """Return the themes of each comment, what is said of each, and of the whole."""
        can = [says_something(comment) for comment in comments]
        most = min(AT_ONCE, _AT_ONCE // len(self.taxonomy.themes))
        return read_those(comments, can, self._read, rule_model(self.taxonomy), most)

    def _read(self, comments: Sequence[ParsedComment]) -> list[Reading]:
        themes = Themes.of(self.taxonomy)
        scores = self.compact.score(comments)
        named = rule_model(self.taxonomy).read(comments)
        layer = rule_layer(
            scores.table, [one.spans for one in named], [one.judged for one in named], themes
        )
        likely = self.probabilities(scores, layer)
        chosen = _choose(likely, themes, self.learnt.threshold)
        clause, theme = np.nonzero(_without_general(chosen, general_of(self.taxonomy), scores))
        found = self._spans(scores, [one.spans for one in named], likely, (clause, theme))
        judged = self._judge(scores, found, (clause, theme), themes)
        verdicts = self.compact.verdicts(scores)
        return [
            Reading(spans, Judged(said, verdict))
            for spans, said, verdict in zip(found, judged, verdicts, strict=True)
        ]

    def probabilities(self, scores: Scores, layer: RuleLayer) -> Floats:
        """Return how likely each clause speaks of each theme.

        Args:
            scores: What the compact model makes of the comments.
            layer: What the phrases of the taxonomy find in them.
        """
        stretches = stretches_of(self.compact, scores, layer.found)
        general = general_of(self.taxonomy)
        columns = likeness(stretches, self.descriptions, self.loan, self.known, general)
        return self.learnt.weighing.probabilities(columns)

    def _spans(
        self,
        scores: Scores,
        named: Sequence[Sequence[ThemeSpan]],
        likely: Floats,
        places: tuple[Ints, Ints],
    ) -> list[list[ThemeSpan]]:
        """Return the themes of each comment: where a phrase names them, else the clause."""
        table = scores.table
        known = {
            (at, comment.clause_of(span.clause.start), span.theme): span
            for at, (comment, spans) in enumerate(zip(table.comments, named, strict=True))
            for span in spans
        }
        found: list[list[ThemeSpan]] = [[] for _ in table.comments]
        for place, number in zip(*places, strict=True):
            at = int(table.of[place])
            comment, within = table.comments[at], int(place - table.first[at])
            theme, sure = self.taxonomy.ids[number], float(likely[place, number])
            span, here = known.get((at, within, theme)), comment.clauses[within]
            if span is not None:
                one = ThemeSpan(theme, sure, span.start, span.end, here, span.phrase)
            else:
                words = comment.words[here.start : here.end]
                first = here.start + self.descriptions.nearest_word(words, int(number))
                ends = comment.span(here.start, here.end)
                one = ThemeSpan(theme, sure, *ends, here, (first, first + 1), "model")
            found[at].append(one)
        return found

    def _judge(
        self,
        scores: Scores,
        found: Sequence[Sequence[ThemeSpan]],
        places: tuple[Ints, Ints],
        themes: Themes,
    ) -> list[list[Judgement | None]]:
        """Return what is said of each theme: as the compact model weighs what the rules say."""
        table = scores.table
        said = RulePolarity(self.taxonomy).judge(table.comments, found)
        layer = rule_layer(table, found, said, themes)
        rows = places[0], themes.top_of[places[1]]
        inputs = polarity_inputs(table, layer, scores.polarity, rows, themes)
        likely = self.compact.steps["polarity"].probabilities(inputs)
        best = iter([Judgement(SIDES[int(row.argmax())], float(row.max())) for row in likely])
        return [[next(best) for _ in spans] for spans in found]


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


def stretches_of(compact: CompactModel, scores: Scores, named: Floats) -> Stretches:
    """Return clauses as they are compared.

    Args:
        compact: The model.
        scores: What it makes of them.
        named: Clause × theme of the user's: 1 where a phrase names it.
    """
    inputs = theme_inputs(scores.themes, scores.layer, Themes.of(compact.taxonomy))
    likely = compact.steps["theme"].probabilities(inputs)
    return Stretches(scores.table.words, scores.table.of, likely, scores.themes, named)


def _choose(likely: Floats, themes: Themes, threshold: float) -> Bools:
    """Return what is named: clause × theme; a sub-theme stands for its top theme as well."""
    chosen: Bools = likely >= threshold
    tops = np.array([themes.ids.index(top) for top in themes.tops])
    sub = np.arange(len(themes.ids)) != tops[themes.top_of]
    chosen[:, tops] &= ~(themes.by_top((chosen & sub).astype(float)) > 0)
    return chosen


def _without_general(chosen: Bools, general: Bools, scores: Scores) -> Bools:
    """Return what is named, themes without a subject only in sentences that name nothing else."""
    table = scores.table
    within = [clause.sentence for comment in table.comments for clause in comment.clauses]
    _, sentence = np.unique(np.column_stack([table.of, within]), axis=0, return_inverse=True)
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
