"""The compact tagger: what words say, weighed with what the rules say, clause by clause.

A linear model of words, parts of words and their meaning (``scorer``) scores every clause for each
theme and polarity; a second step, learnt on comments that the first and the phrases had not seen,
weighs its scores with what the rules found (``weighing``). It names a theme where the odds are
better than the threshold of the model, the sub-theme where one is likelier than not, and says
nothing where it is not sure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np

from feedback_nlp.parsed import STATUS_ORDER, Bools, Ints, ParsedBatch
from feedback_nlp.tagging.layers import RuleLayer, Themes
from feedback_nlp.tagging.opinions import Opinions, read_opinions
from feedback_nlp.tagging.readings import (
    SENTIMENT_ORDER,
    SIDES,
    SOURCE_ORDER,
    UNKNOWN,
    Floats,
    Found,
    Readings,
)
from feedback_nlp.tagging.rule_layers import rule_layer
from feedback_nlp.tagging.rules import read_rules
from feedback_nlp.tagging.scorer import Scorer
from feedback_nlp.tagging.stretches import evidence
from feedback_nlp.tagging.turns import either, read_in_turns, says_something
from feedback_nlp.tagging.weighing import (
    Weighing,
    polarity_columns,
    sentiment_columns,
    status_columns,
    theme_columns,
    top_columns,
)
from feedback_nlp.taxonomy import Taxonomy
from feedback_nlp.text import ParsedComment

# How many columns each step weighs (``weighing``), and how many classes it tells apart.
STEPS: Mapping[str, tuple[int, int]] = {
    "top": (33, 1), "theme": (9, 1), "polarity": (66, 3), "sentiment": (36, 4), "status": (14, 1),
}  # fmt: skip
_NEGATIVE, _POSITIVE = SENTIMENT_ORDER.index("negative"), SENTIMENT_ORDER.index("positive")


def outputs_of(themes: Themes) -> list[str]:
    """Return what the linear model scores: themes, top themes as such, polarity, sentiment."""
    return [
        *themes.ids,
        *(f"top:{top}" for top in themes.tops),
        *(f"clause:{side}" for side in SIDES),
        *(f"comment:{side}" for side in SIDES),
        "comment:nothing",
    ]


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything that is known of a batch before anything is decided.

    Attributes:
        batch: The comments.
        opinions: The opinions in them.
        readings: What the rules say of them.
        layer: The same, laid out to be weighed.
        themes: Clause × theme, log-odds.
        tops: Clause × top theme, log-odds.
        polarity: Clause × polarity, log-odds.
        sides: Clause × top theme × polarity, log-odds; ``None`` of a model that has none.
        whole: Comment × polarity, log-odds of the comment as one stretch.
        empty: Comment × 1, log-odds that it says nothing.
    """

    batch: ParsedBatch
    opinions: Opinions
    readings: Readings
    layer: RuleLayer
    themes: Floats
    tops: Floats
    polarity: Floats
    sides: Floats | None
    whole: Floats
    empty: Floats


class ClauseScorer(Protocol):
    """What scores clauses and comments."""

    def score_batch(self, batch: ParsedBatch, of_clauses: int) -> tuple[Floats, Floats]:
        """Return clause × output and comment × output, in log-odds.

        Args:
            batch: Parsed comments.
            of_clauses: How many outputs of clauses every scorer has, in the order of
                ``outputs_of``; a scorer may have those of top theme × polarity after these.
        """


ScorerOf = TypeVar("ScorerOf", bound=ClauseScorer)


@dataclass(frozen=True)
class ClauseModel(Generic[ScorerOf]):
    """Reads comments clause by clause, whatever it is that scores the clauses.

    Attributes:
        taxonomy: The themes.
        scorer: What scores clauses and comments.
        steps: The weighing of each of ``STEPS``.
        thresholds: The least probability of each top theme.
        sub_share: The least probability of a sub-theme, as a share of that of its top theme; below
            it the top theme is named.
        sure: The least probability of a polarity or sentiment; below it, it is unknown.
        nothing: The least probability that a comment says nothing for it to be set aside.
    """

    taxonomy: Taxonomy
    scorer: ScorerOf
    steps: Mapping[str, Weighing]
    thresholds: Mapping[str, float]
    sub_share: float
    sure: float
    nothing: float

    def read(self, comments: Sequence[ParsedComment]) -> Readings:
        """Return the themes of each comment, what is said of each, and of the whole."""
        return read_in_turns(ParsedBatch.of(comments), self._read)

    def score(self, batch: ParsedBatch) -> Scores:
        """Return the scores of comments; only those that have clauses have any of clauses."""
        themes = Themes.of(self.taxonomy)
        opinions = read_opinions(batch)
        readings = read_rules(batch, opinions, self.taxonomy)
        of_themes, of_tops = len(themes.ids), len(themes.tops)
        of_clauses = of_themes + of_tops + len(SIDES)
        scored = self.scorer.score_batch(batch, of_clauses)
        clauses, comments = map(np.asfortranarray, scored)  # columns are worked on
        sides = clauses[:, of_clauses:]
        return Scores(
            batch=batch,
            opinions=opinions,
            readings=readings,
            layer=rule_layer(batch, readings, opinions, themes),
            themes=clauses[:, :of_themes],
            tops=clauses[:, of_themes : of_themes + of_tops],
            polarity=clauses[:, of_themes + of_tops : of_clauses],
            sides=sides.reshape(-1, of_tops, len(SIDES)) if sides.shape[1] else None,
            whole=comments[:, : len(SIDES)],
            empty=comments[:, len(SIDES) :],
        )

    def _read(self, batch: ParsedBatch) -> Readings:
        themes = Themes.of(self.taxonomy)
        scores = self.score(batch)
        nothing = self.says_nothing(scores)
        clause, theme, confidence = self._themes(scores, themes)
        told = ~nothing[batch.clauses.comment[clause]]
        clause, theme, confidence = clause[told], theme[told], confidence[told]
        places = clause, themes.top_of[theme]
        columns = polarity_columns(
            batch, scores.layer, scores.polarity, places, themes, scores.sides
        )
        sides = self.steps["polarity"].likely(columns)
        polarity, sure = self._surest(sides)
        sentiment, balance = self.verdicts(scores)
        read = Readings(
            batch=batch,
            themes=themes.ids,
            found=_found(scores, clause, theme, confidence),
            polarity=polarity,
            polarity_confidence=sure,
            sentiment=np.where(nothing, UNKNOWN, sentiment),
            sentiment_score=np.where(nothing, np.nan, balance),
            status=np.where(nothing, STATUS_ORDER.index("uninformative"), UNKNOWN),
        )
        return either(read, scores.readings, says_something(batch))

    def _surest(self, likely: Floats) -> tuple[Ints, Floats]:
        """Return the likeliest class of each row, and how likely it is; −1, NaN if not sure."""
        best, highest = likely.argmax(axis=1), likely.max(axis=1)
        sure = highest >= self.sure
        return np.where(sure, best, UNKNOWN), np.where(sure, highest, np.nan)

    def says_nothing(self, scores: Scores) -> Bools:
        """Return which comments say nothing of what was asked: "see above", keys at random."""
        columns = status_columns(
            scores.batch, scores.layer, scores.tops, scores.empty, Themes.of(self.taxonomy)
        )
        nothing: Bools = self.steps["status"].likely(columns) >= self.nothing
        return nothing

    def _themes(self, scores: Scores, themes: Themes) -> tuple[Ints, Ints, Floats]:
        """Return clause, theme and confidence of what is named, in order of appearance."""
        columns = top_columns(scores.themes, scores.tops, scores.layer, themes)
        tops = self.steps["top"].likely(columns)
        spoken = tops >= np.array([self.thresholds[top] for top in themes.tops])
        clause, theme = np.nonzero(spoken[:, themes.top_of])
        columns = theme_columns(scores.themes, scores.layer, themes, (clause, theme))
        likely = self.steps["theme"].likely(columns)
        top = themes.top_of[theme]
        chosen = self._choose(
            likely, tops[clause, top], clause * len(themes.tops) + top, themes.is_top[theme]
        )
        clause, theme, top = clause[chosen], theme[chosen], top[chosen]
        return clause, theme, tops[clause, top]

    def _choose(self, likely: Floats, top: Floats, family: Ints, own: Bools) -> Bools:
        """Return which sub-themes of a top theme are named, else the top theme itself.

        Args:
            likely: The probability of each theme in a clause whose top theme is spoken of there.
            top: That of its top theme.
            family: Which of these belong together: those of one top theme in one clause.
            own: Which are the top theme itself.
        """
        families, of = np.unique(family, return_inverse=True)
        best = np.zeros(len(families))
        np.maximum.at(best, of, likely)
        chosen = likely >= self.sub_share
        chosen |= (likely == best[of]) & (likely >= self.sub_share * top)
        chosen &= ~own | (np.bincount(of, chosen)[of] == 1)
        chosen |= own & (np.bincount(of, chosen)[of] == 0)
        return chosen

    def verdicts(self, scores: Scores) -> tuple[Ints, Floats]:
        """Return the sentiment of each comment, as its place in ``SENTIMENT_ORDER``, and balance.

        Returns:
            −1 and NaN where none is sure enough.
        """
        columns = sentiment_columns(
            scores.batch, scores.layer, scores.polarity, scores.tops, scores.whole,
            Themes.of(self.taxonomy),
        )  # fmt: skip
        likely = self.steps["sentiment"].likely(columns)
        best, _ = self._surest(likely)
        balance = np.round(likely[:, _POSITIVE] - likely[:, _NEGATIVE], 4)
        return best, np.where(best == UNKNOWN, np.nan, balance)


class CompactModel(ClauseModel[Scorer]):
    """The linear model of words, behind ``load_tagger`` and ``train_tagger``.

    The outputs of its scorer are those of ``outputs_of``.
    """


def _found(scores: Scores, clause: Ints, theme: Ints, confidence: Floats) -> Found:
    """Return themes with their evidence: where the rules found them, else the whole clause."""
    batch, named = scores.batch, scores.readings.found
    row = np.full(scores.themes.shape, UNKNOWN, dtype=np.int64)
    whole = named.clause < 0
    row[named.clause[~whole], named.theme[~whole]] = (~whole).nonzero()[0]
    known = row[clause, theme]
    first, last = batch.clauses.start[clause], batch.clauses.end[clause]
    start, end = evidence(batch, first, last)
    where = {"phrase_start": first, "phrase_end": last, "start": start, "end": end}
    source = np.full(len(clause), SOURCE_ORDER.index("model"), dtype=np.int64)
    by_rules = (known >= 0).nonzero()[0]
    source[by_rules] = SOURCE_ORDER.index("rule")
    for name, values in where.items():
        values[by_rules] = getattr(named, name)[known[by_rules]]
    return Found(
        comment=batch.clauses.comment[clause],
        theme=theme,
        confidence=confidence,
        clause=clause,
        source=source,
        **where,
    )
