"""From the words of a comment to its clauses: sentences are cut at marks and joining words."""

import re
from collections.abc import Collection, Sequence
from functools import cache, lru_cache
from itertools import accumulate
from typing import NamedTuple

from feedback_nlp.lexicon import load_lexicon
from feedback_nlp.patterns import PatternSet
from feedback_nlp.records import LANGUAGES
from feedback_nlp.tokens import Tokens, split_words

SYMBOL = re.compile(
    r"[\u2190-\u2bff\u2600-\u27bf\U0001F000-\U0001FAFF]|[:;=]['-]?[()/dD]|<3|\+\+|\d/\d"
)
_SENTENCE_END = frozenset(".!?;…\n") | {"...", "!!", "!!!", "??", "???", "?!", "!?"}
_CLAUSE_MARKS = frozenset({",", ":", "-", "–", "—", "(", ")", "/", "&"})
_BREAKS = _SENTENCE_END | _CLAUSE_MARKS
_JOINING_MARKS = frozenset("-/&")
_MIN_CLAUSE = 2
_LOOK_AHEAD = 6


class Clause(NamedTuple):
    """A stretch of words that carries one statement: words ``start`` to ``end`` (exclusive)."""

    start: int
    end: int
    sentence: int
    contrast: bool


@lru_cache(maxsize=100_000)
def bears_meaning(word: str) -> bool:
    """Tell words, numbers and emoji from marks.

    Example:
        >>> bears_meaning("top"), bears_meaning("👍"), bears_meaning("...")
        (True, True, False)
    """
    return any(char.isalnum() for char in word) or bool(SYMBOL.search(word))


def cut_clauses(found: Tokens, language: str) -> tuple[Clause, ...]:
    """Return the clauses of a text, in order; together they hold every word once.

    A clause ends with its sentence, before a word of contrast, and at marks and joining words
    where there is enough on both sides.

    Args:
        found: The words of a text.
        language: One of the seven codes; in other languages only marks cut.
    """
    words = found.words
    size = len(words)
    breaks = [at for at, word in enumerate(words) if word in _BREAKS]
    ends = {at + 1 for at in breaks if words[at] in _SENTENCE_END}
    marks = {at + 1 for at in breaks if words[at] in _CLAUSE_MARKS and not _joins(found, at)}
    starters = _clause_starters(words, language, marks | ends)
    said: list[int] = []
    clauses: list[Clause] = []
    sentence = begin = 0
    contrast = False
    for at in sorted({*ends, *marks, *starters}):
        if not 0 < at < size:
            continue
        new_sentence = at in ends and words[at] not in _SENTENCE_END
        strong = starters.get(at) == "contrast"
        cut = new_sentence or strong
        if not cut and (at in starters or at in marks):
            said = said or list(accumulate(map(bears_meaning, words), initial=0))
            long_enough = said[at] - said[begin] >= _MIN_CLAUSE
            cut = long_enough and said[min(at + _LOOK_AHEAD, size)] - said[at] >= _MIN_CLAUSE
        if cut:
            clauses.append(Clause(begin, at, sentence, contrast))
            begin, contrast = at, strong
        sentence += new_sentence
    if begin < size:
        clauses.append(Clause(begin, size, sentence, contrast))
    return tuple(clauses)


def _joins(found: Tokens, at: int) -> bool:
    """Tell whether a mark joins two words, as in "check-in" and "price/quality"."""
    starts, ends = found.starts, found.ends
    return (
        found.words[at] in _JOINING_MARKS
        and 0 < at < len(starts) - 1
        and ends[at - 1] == starts[at]
        and ends[at] == starts[at + 1]
    )


def _clause_starters(
    words: Sequence[str], language: str, begins: Collection[int]
) -> dict[int, str]:
    """Return the words that begin a clause; adverbs do so only behind a mark or a sentence."""
    if language not in LANGUAGES:
        return {}
    hits = _starter_patterns(language).find(words)
    if not hits:
        return {}
    within = {
        hit.start
        for hit in hits
        if hit.label == "adverbs" and hit.start > 0 and hit.start not in begins
    }
    return {
        hit.start: hit.label for hit in hits if hit.label != "adverbs" and hit.start not in within
    }


@cache
def _starter_patterns(language: str) -> PatternSet:
    lexicon = load_lexicon(language)
    pairs = [
        (phrase, role)
        for role in ("clause_starts", "contrast", "adverbs")
        for phrase in lexicon.words.get(role, ())
    ]
    return PatternSet(pairs, lambda text: split_words(text, language), lexicon.keep_accents)
