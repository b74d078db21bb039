"""From the words of comments to their clauses: sentences are cut at marks and joining words."""

from dataclasses import dataclass
from functools import cache
from itertools import repeat

import numpy as np

from feedback_nlp.flat import Bools, Ints, begins
from feedback_nlp.lexicon import load_lexicon
from feedback_nlp.meaning import bears_meaning
from feedback_nlp.parsed import Clauses, Words
from feedback_nlp.patterns import PatternSet
from feedback_nlp.records import LANGUAGES
from feedback_nlp.tokens import split_words

_SENTENCE_END = frozenset(".!?;…\n") | {"...", "!!", "!!!", "??", "???", "?!", "!?"}
_CLAUSE_MARKS = frozenset({",", ":", "-", "–", "—", "(", ")", "/", "&"})
_JOINING_MARKS = frozenset("-/&")
_MIN_CLAUSE = 2
_LOOK_AHEAD = 6
_MARK, _JOINING, _END = 1, 2, 3
_KINDS = {
    **dict.fromkeys(_CLAUSE_MARKS, _MARK),
    **dict.fromkeys(_JOINING_MARKS, _JOINING),
    **dict.fromkeys(_SENTENCE_END, _END),
}
_CONTRAST = 2


def cut_clauses(words: Words, language: str, chosen: Bools) -> Clauses:
    """Return the clauses of some texts of one language; together they hold every word once.

    A clause ends with its sentence, before a word of contrast, and at marks and joining words
    where there is enough on both sides.

    Args:
        words: The words of the texts.
        language: One of the seven codes; in other languages only marks cut.
        chosen: Which texts; the others get no clauses.
    """
    marks = _Marks.of(words)
    role = _starters(words, language, marks.begins)
    contrast = (role == _CONTRAST) & ~marks.heads
    fixed = contrast | marks.sentences | marks.heads
    said = begins(marks.bears)
    at = ((fixed | marks.behind | (role > 0)) & chosen[words.comment]).nonzero()[0]
    last = words.first[words.comment[at] + 1]
    enough = said[np.minimum(at + _LOOK_AHEAD, last)] - said[at] >= _MIN_CLAUSE
    at = at[fixed[at] | enough]
    start = at[_cuts(said[at], fixed[at])]
    comment = words.comment[start]
    counts = begins(np.bincount(comment, minlength=len(chosen)))
    sentence = np.cumsum(marks.sentences[start])
    return Clauses(
        start=start,
        end=np.minimum(np.append(start[1:], len(words)), words.first[comment + 1]),
        sentence=sentence - sentence[counts[comment]],
        contrast=contrast[start],
        first=counts,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Marks:
    """What marks make of each word."""

    bears: Bools  # it bears a meaning
    heads: Bools  # it is the first of its text
    sentences: Bools  # it begins another sentence
    behind: Bools  # it follows a mark that may end a clause
    begins: Bools  # it follows any mark that ends or may end something

    @classmethod
    def of(cls, words: Words) -> "_Marks":
        size = len(words)
        known = words.known
        kind = np.fromiter(map(_KINDS.get, known, repeat(0)), np.int64, len(known))[words.word]
        bears = np.fromiter(map(bears_meaning, known), np.bool_, len(known))
        heads = np.zeros(size, dtype=np.bool_)
        heads[words.first[:-1][words.first[1:] > words.first[:-1]]] = True
        ends = kind == _END
        behind, after = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        marks = (kind == _MARK) | ((kind == _JOINING) & ~_joining(words, kind, heads))
        behind[1:] = marks[:-1] & ~heads[1:]
        after[1:] = ends[:-1] & ~heads[1:]
        return cls(bears[words.word], heads, after & ~ends, behind, after | behind)


def _joining(words: Words, kind: Ints, heads: Bools) -> Bools:
    """Return which marks join two words, as in "check-in" and "price/quality"."""
    found = np.zeros(len(words), dtype=np.bool_)
    at = ((kind == _JOINING) & ~heads).nonzero()[0]
    at = at[at + 1 < words.first[words.comment[at] + 1]]
    start, end = words.start, words.end
    found[at] = (end[at - 1] == start[at]) & (end[at] == start[at + 1])
    return found


def _starters(words: Words, language: str, behind: Bools) -> Ints:
    """Return the role of words that begin a clause; adverbs do so only where a mark is behind."""
    role = np.zeros(len(words), dtype=np.int64)
    if language not in LANGUAGES:
        return role
    hits = _starter_patterns(language).find_all(words.known, words.word, words.first)
    adverbs = np.array([label == "adverbs" for label in hits.labels], dtype=np.bool_)[hits.label]
    roles = np.array([1 + (label == "contrast") for label in hits.labels], dtype=np.int64)
    role[hits.start[~adverbs]] = roles[hits.label[~adverbs]]  # of two the last
    within = hits.start[adverbs]
    role[within[~behind[within]]] = 0
    return role


def _cuts(said: Ints, fixed: Bools) -> Bools:
    """Return which places end a clause: fixed ones, and others with enough since the last.

    Args:
        said: Words with a meaning before each place.
        fixed: Which ones are cut however little there is; the first is.
    """
    cut = fixed.copy()
    cut[1:] |= said[1:] - said[:-1] >= _MIN_CLAUSE
    for at in (~cut).nonzero()[0].tolist():  # few: whether there is enough hangs on those before
        last = at - 1
        while not cut[last]:
            last -= 1
        cut[at] = said[at] - said[last] >= _MIN_CLAUSE
    return cut


@cache
def _starter_patterns(language: str) -> PatternSet:
    lexicon = load_lexicon(language)
    pairs = [
        (phrase, role)
        for role in ("clause_starts", "contrast", "adverbs")
        for phrase in lexicon.words.get(role, ())
    ]
    return PatternSet(pairs, lambda text: split_words(text, language), lexicon.keep_accents)
