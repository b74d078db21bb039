"""Themes from a taxonomy's phrases, polarity from word lists: no training, nothing hidden.

A theme is found where one of its phrases is; what is said of it is read from the opinion words
around it (``judging``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from feedback_nlp.hits import Hits
from feedback_nlp.lexicon import load_lexicon
from feedback_nlp.parsed import Bools, Ints, ParsedBatch
from feedback_nlp.patterns import PatternSet, find_by_language
from feedback_nlp.records import LANGUAGES
from feedback_nlp.tagging.judging import judge, verdicts
from feedback_nlp.tagging.layers import Themes
from feedback_nlp.tagging.opinions import Opinions, read_opinions
from feedback_nlp.tagging.readings import SOURCE_ORDER, UNKNOWN, Found, Readings
from feedback_nlp.tagging.stretches import evidence, sentences
from feedback_nlp.taxonomy import Taxonomy
from feedback_nlp.text import ParsedComment, split_words

THEME_CONFIDENCE = 0.65
_KEPT = 10  # taxonomies whose phrases are kept ready


@dataclass(frozen=True, slots=True)
class RuleModel:
    """Reads comments by phrases and word lists.

    Attributes:
        taxonomy: The themes and their phrases.
    """

    taxonomy: Taxonomy

    def read(self, comments: Sequence[ParsedComment]) -> Readings:
        """Return the themes of each comment, each once a clause, and what is said of them."""
        batch = ParsedBatch.of(comments)
        return read_rules(batch, read_opinions(batch), self.taxonomy)


def rule_model(taxonomy: Taxonomy) -> RuleModel:
    """Return the rules as a model."""
    return RuleModel(taxonomy)


def read_rules(batch: ParsedBatch, opinions: Opinions, taxonomy: Taxonomy) -> Readings:
    """Return what the rules say of comments whose opinions are known.

    Args:
        batch: The comments.
        opinions: The opinions in them.
        taxonomy: The themes and their phrases.
    """
    found = find_themes(batch, opinions, taxonomy)
    polarity, sure = judge(batch, found, opinions, taxonomy)
    sentiment, score = verdicts(batch, opinions)
    return Readings(
        batch=batch,
        themes=Themes.of(taxonomy).ids,
        found=found,
        polarity=polarity,
        polarity_confidence=sure,
        sentiment=sentiment,
        sentiment_score=score,
        status=np.full(len(batch), UNKNOWN, dtype=np.int64),
    )


@dataclass(frozen=True, slots=True)
class _Named:
    """Themes that are named: number, first word and one past the last of the phrase, clause."""

    theme: Ints
    start: Ints
    end: Ints
    clause: Ints

    def take(self, rows: Ints | Bools) -> "_Named":
        return _Named(self.theme[rows], self.start[rows], self.end[rows], self.clause[rows])

    def joined(self, other: "_Named") -> "_Named":
        """Return these and others, in order of appearance."""
        both = [(getattr(self, f), getattr(other, f)) for f in self.__slots__]
        all_of = _Named(*(np.concatenate(pair) for pair in both))
        return all_of.take(np.lexsort((all_of.end, all_of.start)))


def find_themes(batch: ParsedBatch, opinions: Opinions, taxonomy: Taxonomy) -> Found:
    """Return the themes whose phrases occur in comments, each once a clause.

    Args:
        batch: The comments.
        opinions: The opinions in them: a bare one is praise or blame without a subject.
        taxonomy: The themes and their phrases.
    """
    themes = Themes.of(taxonomy)
    named = _best(_phrases(batch, taxonomy), themes)
    general = np.array([theme.general for theme in taxonomy.themes], dtype=np.bool_)
    if general.any():
        named = _with_general(batch, named, opinions, general)
        named = named.joined(_without_subject(batch, int(general.argmax())))
    return _found(batch, named)


def _phrases(batch: ParsedBatch, taxonomy: Taxonomy) -> _Named:
    """Return the phrases that name a theme in comments that say something."""
    words = batch.words
    found = find_by_language(
        words.known, words.word, words.first, batch.languages,
        lambda code: _theme_patterns(taxonomy, code), Themes.of(taxonomy).ids,
    )  # fmt: skip
    hits = _uncontained(found)
    clause = batch.clause_of[hits.start]
    said = (clause >= 0) & ~batch.says_nothing[batch.words.comment[hits.start]]
    return _Named(hits.label, hits.start, hits.end, clause).take(said)


def _uncontained(hits: Hits) -> Hits:
    """Drop what lies inside a longer phrase without gaps: "value for money" is not about money."""
    hits = hits.take(np.lexsort((-hits.end, hits.start)))
    if not len(hits):
        return hits
    new = np.concatenate([[True], hits.start[1:] > hits.start[:-1]])
    group = new.cumsum() - 1
    closed = np.where(hits.gap, -1, hits.end)
    longest = np.maximum.reduceat(closed, new.nonzero()[0])
    before = np.concatenate([[-1], np.maximum.accumulate(longest)[:-1]])
    return hits.take((before[group] < hits.end) & (longest[group] <= hits.end))


def _best(hits: _Named, themes: Themes) -> _Named:
    """Return each theme once a clause, by its longest phrase; no top theme beside its own."""
    if not len(hits.theme):
        return hits
    count = len(themes.ids)
    key = hits.clause * count + hits.theme
    order = np.lexsort((hits.start - hits.end, key))
    key = key[order]
    new = np.concatenate([[True], key[1:] > key[:-1]])
    first = np.minimum.reduceat(order, new.nonzero()[0])
    best = order[new]
    best = best[np.lexsort((first, hits.start[best], hits.clause[best]))]
    hits = hits.take(best)
    top = hits.clause * len(themes.tops) + themes.top_of[hits.theme]
    is_sub = ~themes.is_top[hits.theme]
    has_sub = np.zeros(top.max() + 1, dtype=np.bool_)
    has_sub[top[is_sub]] = True
    return hits.take(is_sub | ~has_sub[top])


def _with_general(batch: ParsedBatch, named: _Named, opinions: Opinions, general: Bools) -> _Named:
    """Keep praise without a subject, and bare opinions, in sentences that name no subject."""
    sentence = sentences(batch)
    bare = general[named.theme]
    subjects, done = np.zeros((2, len(sentence)), dtype=np.bool_)
    subjects[sentence[named.clause[~bare]]] = True
    named = named.take(~bare | ~subjects[sentence[named.clause]])
    done[sentence[named.clause]] = True
    clause = batch.clause_of[opinions.start]
    of = sentence[clause]
    free = ~done[of] & ~batch.says_nothing[batch.words.comment[opinions.start]]
    free[1:] &= of[1:] != of[:-1]
    theme = np.full(int(free.sum()), general.argmax(), dtype=np.int64)
    return named.joined(_Named(theme, opinions.start[free], opinions.end[free], clause[free]))


def _without_subject(batch: ParsedBatch, theme: int) -> _Named:
    """Name the whole answer "nothing" to a question that asked for good or bad things."""
    whole = (batch.says_nothing & (batch.clauses.counts > 0)).nonzero()[0]
    first = batch.words.first
    number = np.full(len(whole), theme, dtype=np.int64)
    return _Named(number, first[whole], first[whole + 1], np.full_like(whole, UNKNOWN))


def _found(batch: ParsedBatch, named: _Named) -> Found:
    """Return themes with their evidence: the clause, and all of the phrase; or all that is said."""
    clauses, whole = batch.clauses, named.clause < 0
    start = np.where(whole, named.start, clauses.start[named.clause])
    last = np.where(whole, named.end, np.maximum(clauses.end[named.clause], named.end))
    begin, stop = evidence(batch, start, last)
    if whole.any():
        begin[whole], stop[whole] = evidence(batch, start[whole], last[whole], joined=False)
    return Found(
        comment=batch.words.comment[named.start],
        theme=named.theme,
        confidence=np.full(len(whole), THEME_CONFIDENCE),
        clause=named.clause,
        phrase_start=named.start,
        phrase_end=named.end,
        start=begin,
        end=stop,
        source=np.full(len(whole), SOURCE_ORDER.index("rule"), dtype=np.int64),
    )


@lru_cache(maxsize=_KEPT * len(LANGUAGES))
def _theme_patterns(taxonomy: Taxonomy, language: str) -> PatternSet | None:
    """Return the phrases of a taxonomy in a language; ``None`` where there are none."""
    pairs = [(p, theme.id) for theme in taxonomy.themes for p in theme.phrases.get(language, ())]
    if language not in LANGUAGES or not pairs:
        return None
    accents = load_lexicon(language).keep_accents
    return PatternSet(pairs, lambda text: split_words(text, language), accents)
