"""The compact tagger: what words say, weighed with what the rules say, clause by clause.

A linear model of words, parts of words and their meaning (``scorer``) scores every clause for each
theme and polarity; a second step, learnt on comments that the first and the phrases had not seen,
weighs its scores with what the rules found (``weighing``). It names a theme where the odds are
better than the threshold of the model, the sub-theme where one is likelier than not, and says
nothing where it is not sure.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.records import Sentiment, Source
from feedback_nlp.tagging.layers import (
    SIDES,
    ClauseTable,
    Floats,
    Ints,
    RuleLayer,
    Themes,
    rule_layer,
)
from feedback_nlp.tagging.opinions import read_opinions
from feedback_nlp.tagging.protocols import (
    Judged,
    Judgement,
    Model,
    Reading,
    ThemeSpan,
    Verdict,
)
from feedback_nlp.tagging.rules import joiners, rule_model
from feedback_nlp.tagging.scorer import Scorer
from feedback_nlp.tagging.weighing import (
    Weighing,
    polarity_inputs,
    sentiment_inputs,
    status_inputs,
    theme_inputs,
    top_inputs,
)
from feedback_nlp.taxonomy import Taxonomy
from feedback_nlp.text import ParsedComment

SENTIMENT_ORDER: tuple[Sentiment, ...] = ("negative", "neutral", "positive", "mixed")
# How many columns each step weighs (``weighing``), and how many classes it tells apart.
STEPS: Mapping[str, tuple[int, int]] = {
    "top": (33, 1), "theme": (9, 1), "polarity": (66, 3), "sentiment": (36, 4), "status": (14, 1),
}  # fmt: skip

AT_ONCE = 10_000  # clauses; more are taken in turns


def outputs_of(themes: Themes) -> list[str]:
    """Return what the linear model scores: themes, top themes as such, polarity, sentiment."""
    return [
        *themes.ids,
        *(f"top:{top}" for top in themes.tops),
        *(f"clause:{side}" for side in SIDES),
        *(f"comment:{side}" for side in SIDES),
        "comment:nothing",
    ]


def in_turns(
    comments: Sequence[ParsedComment], most: int = AT_ONCE
) -> Iterator[Sequence[ParsedComment]]:
    """Yield comments a part at a time, which bounds the memory.

    Args:
        comments: Parsed comments.
        most: Clauses of a part, if it has more than one comment.
    """
    begin = clauses = 0
    for at, comment in enumerate(comments):
        clauses += len(comment.clauses)
        if clauses > most and at > begin:
            yield comments[begin:at]
            begin, clauses = at, len(comment.clauses)
    if begin < len(comments):
        yield comments[begin:]


def says_something(comment: ParsedComment) -> bool:
    """Return whether a comment has clauses, and is more than "nothing"."""
    return bool(comment.clauses) and not comment.says_nothing


def read_those(
    comments: Sequence[ParsedComment],
    can: Sequence[bool],
    read: Callable[[Sequence[ParsedComment]], list[Reading]],
    rules: Model,
    most: int = AT_ONCE,
) -> list[Reading]:
    """Return a model's reading of the comments that it can read, in turns; rules read the others.

    Args:
        comments: Parsed comments.
        can: Which of them the model can read.
        read: Reads a part of these.
        rules: Read the others.
        most: Clauses of a part.
    """
    chosen = [comment for comment, one in zip(comments, can, strict=True) if one]
    readings = (reading for part in in_turns(chosen, most) for reading in read(part))
    others = [comment for comment, one in zip(comments, can, strict=True) if not one]
    rest = iter(rules.read(others))
    return [next(readings) if one else next(rest) for one in can]


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything that is known of the clauses of a batch before anything is decided.

    Attributes:
        table: The clauses.
        layer: What the rules say.
        spans: The themes that the rules found, by comment.
        themes: Clause × theme, log-odds.
        tops: Clause × top theme, log-odds.
        polarity: Clause × polarity, log-odds.
        whole: Comment × polarity, log-odds of the comment as one stretch.
        empty: Comment × 1, log-odds that it says nothing.
    """

    table: ClauseTable
    layer: RuleLayer
    spans: Sequence[Sequence[ThemeSpan]]
    themes: Floats
    tops: Floats
    polarity: Floats
    whole: Floats
    empty: Floats


@dataclass(frozen=True)
class CompactModel:
    """Reads comments clause by clause; made by ``load_tagger`` and ``train_tagger``.

    Attributes:
        taxonomy: The themes.
        scorer: The linear model; its outputs are those of ``outputs_of``.
        steps: The weighing of each of ``STEPS``.
        thresholds: The least probability of each top theme.
        sub_share: The least probability of a sub-theme, as a share of that of its top theme; below
            it the top theme is named.
        sure: The least probability of a polarity or sentiment; below it, it is unknown.
        nothing: The least probability that a comment says nothing for it to be set aside.
    """

    taxonomy: Taxonomy
    scorer: Scorer
    steps: Mapping[str, Weighing]
    thresholds: Mapping[str, float]
    sub_share: float
    sure: float
    nothing: float

    def read(self, comments: Sequence[ParsedComment]) -> list[Reading]:
        """Return the themes of each comment, what is said of each, and of the whole."""
        can = [says_something(comment) for comment in comments]
        return read_those(comments, can, self._read, rule_model(self.taxonomy))

    def score(self, comments: Sequence[ParsedComment]) -> Scores:
        """Return the scores of comments that have clauses and say something."""
        themes = Themes.of(self.taxonomy)
        for comment in comments:
            read_opinions(comment, remember=True)
        readings = rule_model(self.taxonomy).read(comments)
        spans = [reading.spans for reading in readings]
        table = ClauseTable.of_comments(comments)
        layer = rule_layer(table, spans, [reading.judged for reading in readings], themes)
        n, clauses = len(comments), len(table)
        scored = self.scorer.score(
            [*table.words, *(comment.words for comment in comments)], [*table.of, *range(n)]
        )
        cuts = np.cumsum([len(themes.ids), len(themes.tops), len(SIDES), len(SIDES)])
        theme, top, polarity, whole, empty = np.split(scored, cuts, axis=1)
        return Scores(
            table=table,
            layer=layer,
            spans=spans,
            themes=theme[:clauses],
            tops=top[:clauses],
            polarity=polarity[:clauses],
            whole=whole[clauses:],
            empty=empty[clauses:],
        )

    def _read(self, comments: Sequence[ParsedComment]) -> list[Reading]:
        themes = Themes.of(self.taxonomy)
        scores = self.score(comments)
        clause, theme, confidence = self._themes(scores, themes)
        top = themes.top_of[theme]
        inputs = polarity_inputs(scores.table, scores.layer, scores.polarity, (clause, top), themes)
        polarity = self.steps["polarity"].probabilities(inputs)
        named = {
            (at, comment.clause_of(span.clause.start), span.theme): span
            for at, (comment, spans) in enumerate(zip(comments, scores.spans, strict=True))
            for span in spans
        }
        found: list[list[tuple[ThemeSpan, Judgement | None]]] = [[] for _ in comments]
        for row, (place, number) in enumerate(zip(clause, theme, strict=True)):
            at = int(scores.table.of[place])
            within = int(place - scores.table.first[at])
            name = themes.ids[number]
            span = _span(comments[at], within, name, float(confidence[row]), named, at)
            side = int(polarity[row].argmax())
            likely = float(polarity[row, side])
            said = Judgement(SIDES[side], likely) if likely >= self.sure else None
            found[at].append((span, said))
        verdicts = self.verdicts(scores)
        nothing = self.says_nothing(scores)
        return [
            Reading((), Judged((), None), "uninformative")
            if empty
            else Reading([span for span, _ in pairs], Judged([said for _, said in pairs], verdict))
            for pairs, verdict, empty in zip(found, verdicts, nothing, strict=True)
        ]

    def says_nothing(self, scores: Scores) -> NDArray[np.bool_]:
        """Return which comments say nothing of what was asked: "see above", keys at random."""
        inputs = status_inputs(
            scores.table, scores.layer, scores.tops, scores.empty, Themes.of(self.taxonomy)
        )
        return self.steps["status"].probabilities(inputs) >= self.nothing

    def _themes(self, scores: Scores, themes: Themes) -> tuple[Ints, Ints, Floats]:
        """Return clause, theme and confidence of what is named, in order of appearance."""
        tops = self.steps["top"].probabilities(
            top_inputs(scores.themes, scores.tops, scores.layer, themes)
        )
        subs = self.steps["theme"].probabilities(theme_inputs(scores.themes, scores.layer, themes))
        clauses, numbers = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for top, name in enumerate(themes.tops):
            rows = np.flatnonzero(tops[:, top] >= self.thresholds[name])
            members = np.flatnonzero(themes.top_of == top)
            own = members.tolist().index(themes.ids.index(name))
            chosen = self._choose(subs[np.ix_(rows, members)], tops[rows, top], own)
            row, member = np.nonzero(chosen)
            clauses.append(rows[row])
            numbers.append(members[member])
        where, what = np.concatenate(clauses), np.concatenate(numbers)
        order = np.lexsort((what, where))
        where, what = where[order], what[order]
        return where, what, tops[where, themes.top_of[what]]

    def _choose(self, likely: Floats, top: Floats, own: int) -> NDArray[np.bool_]:
        """Return which sub-themes of a top theme are named, else the top theme itself.

        Args:
            likely: Clause × member of the top theme, the probability of each.
            top: The probability of the top theme in each clause.
            own: The column of the top theme.
        """
        best = likely.max(axis=1, initial=0.0)[:, None]
        chosen = likely >= self.sub_share
        chosen |= (likely == best) & (likely >= self.sub_share * top[:, None])
        chosen[:, own] &= chosen.sum(axis=1) == 1
        chosen[:, own] |= ~chosen.any(axis=1)
        return chosen

    def verdicts(self, scores: Scores) -> list[Verdict | None]:
        """Return the sentiment of each comment; ``None`` where none is sure enough."""
        themes = Themes.of(self.taxonomy)
        inputs = sentiment_inputs(
            scores.table, scores.layer, scores.polarity, scores.tops, scores.whole, themes
        )
        likely = self.steps["sentiment"].probabilities(inputs)
        best = likely.argmax(axis=1)
        balance = np.round(likely[:, 2] - likely[:, 0], 4)
        return [
            Verdict(SENTIMENT_ORDER[at], float(score)) if row[at] >= self.sure else None
            for row, at, score in zip(likely, best, balance, strict=True)
        ]


def _span(
    comment: ParsedComment,
    clause: int,
    theme: str,
    confidence: float,
    named: Mapping[tuple[int, int, str], ThemeSpan],
    at: int,
) -> ThemeSpan:
    """Return where a theme is: where the rules found it, else the whole clause."""
    known = named.get((at, clause, theme))
    here = comment.clauses[clause]
    if known is not None:
        start, end, phrase = known.start, known.end, known.phrase
    else:
        start, end = comment.span(here.start, here.end, joiners(comment.language))
        phrase = (here.start, here.end)
    source: Source = "rule" if known is not None else "model"
    return ThemeSpan(theme, confidence, start, end, here, phrase, source)
