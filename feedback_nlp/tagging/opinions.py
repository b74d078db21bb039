"""The opinions in comments: praise and blame, after negation, strength and wishes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from feedback_nlp.flat import Bools, Ints, begins, runs
from feedback_nlp.hits import Hits, longest_of
from feedback_nlp.lexicon import FRAMES, OPINION_VALUES, UNIVERSAL, load_lexicon
from feedback_nlp.parsed import ParsedBatch
from feedback_nlp.patterns import PatternSet, find_by_language
from feedback_nlp.records import LANGUAGES
from feedback_nlp.text import split_words

Floats = npt.NDArray[np.float64]
NEGATION_REACH = 4
_NEGATION_AFTER = 3
_WISH = -0.8
_SAID_OF_OPINIONS = ("negators", "negators_after", "stance", "intensifiers", "downtoners", "wishes")
_ROLES = (*_SAID_OF_OPINIONS, *FRAMES)
_STRENGTHS = tuple(OPINION_VALUES)
_VALUES = np.array(list(OPINION_VALUES.values()))


@dataclass(frozen=True, eq=False, kw_only=True)
class Opinions:
    """What is said in a batch of comments: opinions, and function words.

    Attributes:
        start: The first word of each opinion, counted over the batch; ascending.
        end: One past its last word.
        value: From −2 to 2, after negation and strength.
        roles: The function words by role; of negators that overlap only the longer one. The
            ``FRAMES`` of the lexicon are roles too; no opinion is changed by them.
    """

    start: Ints
    end: Ints
    value: Floats
    roles: Mapping[str, Hits]

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, eq=False, kw_only=True)
class _Phrases:
    """Opinion phrases and what bears on them, in the comments that have clauses.

    Attributes:
        batch: The comments.
        hits: The opinion phrases; none overlaps another.
        owner: Which opinion phrase each word of the batch is part of; −1 for none.
        negators: The negators; none overlaps another.
        roles: All function words.
    """

    batch: ParsedBatch
    hits: Hits
    owner: Ints
    negators: Hits
    roles: Mapping[str, Hits]


def read_opinions(batch: ParsedBatch) -> Opinions:
    """Return the opinions and function words of a batch of comments, in order of appearance.

    Comments that are set aside have function words and no opinions.

    Example:
        >>> from feedback_nlp.text import parse
        >>> said = read_opinions(parse(["Lovely staff", "Not good, very late"], ["en", "en"]))
        >>> said.value.tolist(), said.roles["negators"].start.tolist()
        ([1.0, -1.0, -1.3], [2])
    """
    phrases = _phrases(batch)
    hits = phrases.hits
    value = _VALUES[hits.label] * _strength(phrases)
    negated_by = _negations(phrases)
    turned = (negated_by >= 0).nonzero()[0]
    turned = turned[~_exempt(phrases, hits.take(turned))]
    value[turned] = np.where(value[turned] > 0, -value[turned], -0.6 * value[turned])
    used = phrases.negators.take(negated_by[turned])
    end_used = np.full(len(batch.words), -1, dtype=np.int64)
    end_used[used.start] = used.end
    kept = end_used[hits.start] != hits.end
    wishes = _wishes(phrases)
    wished = np.zeros(len(batch.clauses), dtype=np.bool_)
    wished[batch.clause_of[wishes.start]] = True
    kept &= (value <= 0) | ~wished[batch.clause_of[hits.start]]
    start = np.concatenate([hits.start[kept], wishes.start])
    order = np.argsort(start, kind="stable")
    return Opinions(
        start=start[order],
        end=np.concatenate([hits.end[kept], wishes.end])[order],
        value=np.concatenate([value[kept], np.full(len(wishes), _WISH)])[order],
        roles=phrases.roles,
    )


def _phrases(batch: ParsedBatch) -> _Phrases:
    """Find opinion phrases and function words, each in the language of its comment."""
    words = batch.words
    place = words.known, words.word, words.first
    codes = [code if code in LANGUAGES else UNIVERSAL for code in batch.languages]
    hits = longest_of(find_by_language(*place, codes, _opinion_patterns, _STRENGTHS))
    hits = _in_clauses(batch, hits)
    found = find_by_language(*place, codes, _role_patterns, _ROLES)
    roles = {role: found.take(found.label == at) for at, role in enumerate(_ROLES)}
    roles["negators"] = longest_of(roles["negators"])
    owner = np.full(len(words), -1, dtype=np.int64)
    sizes = hits.end - hits.start
    owner[runs(hits.start, sizes)[0]] = np.arange(len(hits)).repeat(sizes)
    negators = _in_clauses(batch, roles["negators"])
    return _Phrases(batch=batch, hits=hits, owner=owner, negators=negators, roles=roles)


def _in_clauses(batch: ParsedBatch, hits: Hits) -> Hits:
    """Return the hits in comments that have clauses: those that are not set aside."""
    inside = batch.clause_of[hits.start] >= 0
    return hits if inside.all() else hits.take(inside)


def _strength(phrases: _Phrases) -> Floats:
    """Return how much stronger or weaker each opinion is for the word before it."""
    strength = np.ones(len(phrases.hits))
    for role, times in (("downtoners", 0.7), ("intensifiers", 1.3)):
        behind = np.zeros(len(phrases.owner) + 1, dtype=np.bool_)
        behind[phrases.roles[role].end] = True
        behind[phrases.batch.words.first] = False  # what ends a comment bears on nothing
        strength[behind[phrases.hits.start]] = times
    return strength


def _negations(phrases: _Phrases) -> Ints:
    """Return which negator negates each opinion, the first of them; −1 for none.

    A negator inside an opinion phrase is part of it ("no complaints"), but one that ends a bad one
    reaches on: "does not" in "works not well". Only some negators look back: "good is it not".
    """
    hits, negators = phrases.hits, phrases.negators
    negated_by = np.full(len(hits), -1, dtype=np.int64)
    if not len(hits) or not len(negators):
        return negated_by
    owner = phrases.owner[negators.start]
    ends_bad = (hits.end[owner] == negators.end) & (_VALUES[hits.label[owner]] < 0)
    rows = ((owner < 0) | ends_bad).nonzero()[0]
    clause = phrases.batch.clause_of[negators.start[rows]]
    limit = np.minimum(phrases.batch.clauses.end[clause], negators.end[rows] + NEGATION_REACH)
    ahead = np.searchsorted(hits.start, negators.end[rows])
    reaches = np.append(hits.start, len(phrases.owner))[ahead] < limit
    looks_back = np.zeros(len(phrases.owner), dtype=np.bool_)
    looks_back[phrases.roles["negators_after"].start] = True
    back = (~reaches & (owner[rows] < 0) & looks_back[negators.start[rows]]).nonzero()[0]
    opinion, negator = [ahead[reaches]], [rows[reaches]]
    start = negators.start[rows[back]]
    begin = phrases.batch.clauses.start[clause[back]]
    for steps in range(1, _NEGATION_AFTER + 1):
        one = np.maximum(np.searchsorted(hits.start, start) - steps, 0)
        between = start - hits.end[one]
        near = (hits.start[one] >= begin) & (between >= 0) & (between < _NEGATION_AFTER)
        opinion.append(one[near])
        negator.append(rows[back[near]])
    return _first_of_each(negated_by, np.concatenate(opinion), np.concatenate(negator))


def _first_of_each(negated_by: Ints, opinion: Ints, negator: Ints) -> Ints:
    """Return the lowest number of a negator for each opinion that has one."""
    last_first = np.argsort(-negator, kind="stable")  # what is written last remains
    negated_by[opinion[last_first]] = negator[last_first]
    return negated_by


def _exempt(phrases: _Phrases, hits: Hits) -> Bools:
    """Tell which opinions no negator turns.

    That is what is negated in itself, holds a negator, or is said of regret and the like.
    """
    stance = np.zeros(len(phrases.owner), dtype=np.bool_)
    stance[phrases.roles["stance"].start] = True
    holds = np.searchsorted(phrases.negators.start, hits.start) < np.searchsorted(
        phrases.negators.start, hits.end
    )
    return stance[hits.start] | holds | _negated_in_itself(phrases.batch, hits.start)


def _negated_in_itself(batch: ParsedBatch, at: Ints) -> Bools:
    """Tell which words begin with the negating prefix of a language that negates twice."""
    prefixes = {
        code: load_lexicon(code).negated_prefix
        for code in dict.fromkeys(batch.languages)
        if code in LANGUAGES
    }
    if not any(prefixes.values()):
        return np.zeros(len(at), dtype=np.bool_)
    words = batch.words
    prefix = [prefixes.get(batch.languages[row]) for row in words.comment[at].tolist()]
    said = [words.known[number] for number in words.word[at].tolist()]
    return np.array(
        [bool(one) and word.startswith(one or "") for one, word in zip(prefix, said, strict=True)],
        dtype=np.bool_,
    )


def _wishes(phrases: _Phrases) -> Hits:
    """Return the wishes that are not opinions as a whole.

    They are complaints: in its clause a wish replaces the good word it asks for.
    """
    wishes = _in_clauses(phrases.batch, phrases.roles["wishes"])
    free = begins(phrases.owner < 0)
    return wishes.take(free[wishes.end] > free[wishes.start])


@cache
def _opinion_patterns(language: str) -> PatternSet:
    own = load_lexicon(language)
    pairs = [
        (phrase, label)
        for lexicon in ([own] if language == UNIVERSAL else [own, load_lexicon(UNIVERSAL)])
        for label, phrases in lexicon.opinion.items()
        for phrase in phrases
    ]
    return PatternSet(pairs, lambda text: split_words(text, language), own.keep_accents)


@cache
def _role_patterns(language: str) -> PatternSet:
    lexicon = load_lexicon(language)
    pairs = [(phrase, role) for role in _ROLES for phrase in lexicon.words.get(role, ())]
    return PatternSet(pairs, lambda text: split_words(text, language), lexicon.keep_accents)
