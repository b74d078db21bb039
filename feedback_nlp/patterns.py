"""The notation of phrase lists, and the matcher that finds all phrases of a list in many texts.

A phrase is matched word by word, whatever its case: ``age`` never matches "page". A star stands
for the rest of a word (``wacht*``, ``*kosten``, ``*lever*``), two dots for up to three words in
between (``took .. long``), and an exclamation mark makes a veto. A word typed without its
diacritics matches too.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from feedback_nlp.errors import TaxonomyError
from feedback_nlp.flat import Ints, stretches
from feedback_nlp.hits import Hits, joined, without_vetoed
from feedback_nlp.phrase_trees import MAX_GAP, STEP, PhraseTree, Texts, Vocabulary
from feedback_nlp.spelling import Kind, fold, normalise, phrase_words, spellings

__all__ = [
    "Hits",
    "PatternSet",
    "check_pattern",
    "check_patterns",
    "find_by_language",
    "fold",
    "normalise",
    "spellings",
]

_GAP = ".."
_WORD = r"(?:[^\s*]++(?!\*)|[^\s*]{3,}+\*|\*[^\s*]{3,}+(?!\*)|\*[^\s*]{4,}+\*)"
_PHRASE = rf"!?+(?!\.\.(?:\s|\Z)){_WORD}(?: {_WORD})*+(?<! \.\.)"
_PHRASES = re.compile(rf"{_PHRASE}(?:\n{_PHRASE})*+")


def check_pattern(phrase: str, where: str) -> None:
    """Raise if a phrase is not in the notation.

    Args:
        phrase: One phrase.
        where: What to call its list in the message.

    Raises:
        TaxonomyError: What is wrong, and what would be right.

    Example:
        >>> check_pattern("took .. long", "delivery")
    """
    words = phrase.removeprefix("!").split()
    if not words or words[0] == _GAP or words[-1] == _GAP:
        raise TaxonomyError(f"{where}: {phrase!r} is empty, or begins or ends with a gap.")
    for word in words:
        stem = word.strip("*")
        inside = word.startswith("*") and word.endswith("*")
        if "*" in stem or (word != stem and len(stem) < (4 if inside else 3)):
            raise TaxonomyError(
                f"{where}: {word!r} in {phrase!r} has a star in the middle or on too short "
                "a stem; write at least three letters and stars at the ends (four for both)."
            )


def check_patterns(phrases: Sequence[str], where: str) -> None:
    """Raise if one of some phrases is not in the notation.

    Args:
        phrases: A list of phrases.
        where: What to call it in the message.

    Raises:
        TaxonomyError: What is wrong with the first that is not.

    Example:
        >>> check_patterns(["late", "took .. long", "!late*"], "delivery")
    """
    if not _PHRASES.fullmatch("\n".join(phrases)):  # plain ones are read all at once
        for phrase in phrases:
            check_pattern(phrase, where)


class PatternSet:
    """Phrases compiled into one tree, so that texts are read once whatever their number.

    Args:
        phrases: (phrase, label) pairs in the notation of this module.
        tokenise: Splits a text into words as the texts to be searched are split.
        keep_accents: Words that mean something else without their diacritics.

    Attributes:
        labels: The labels, in the order of the list.
        longest: How many words the longest phrase can take, its gaps filled.

    Example:
        >>> found = PatternSet([("wait*", "waiting"), ("!waiter", "waiting")], str.split)
        >>> words = ["we", "waited", "for", "the", "waiter"]
        >>> hits = found.find_all(words, np.arange(5), np.array([0, 5]))
        >>> hits.start.tolist(), [found.labels[label] for label in hits.label]
        ([1], ['waiting'])
    """

    def __init__(
        self,
        phrases: Iterable[tuple[str, str]],
        tokenise: Callable[[str], Sequence[str]],
        keep_accents: Collection[str] = (),
    ) -> None:
        self._words = phrase_words(frozenset(keep_accents))
        self._own: dict[int, int] = {}  # the number here of a word of phrases, by its number there
        self._tokenise = tokenise
        phrases = list(phrases)
        numbers = {label: at for at, label in enumerate(dict.fromkeys(one for _, one in phrases))}
        self.labels = tuple(numbers)
        self.longest = 0
        self._tree = self._grown((phrase, numbers[label]) for phrase, label in phrases)
        self._here = np.full(max(self._own, default=0) + 2, -1, dtype=np.int64)
        self._here[list(self._own)] = list(self._own.values())  # −1: words of other lists
        self._learnt: tuple[Sequence[Kind], Vocabulary] = ([], self._learn([]))

    def find_all(self, known: Sequence[str], word: Ints, first: Ints) -> Hits:
        """Return every phrase found in some texts, vetoes applied, in order of appearance.

        A text is read alike alone and among others; no phrase reaches from one into the next.

        Args:
            known: The different words of the texts, in lower case.
            word: Which of these each word of the texts is, text after text.
            first: The first word of each text, and one past the last word of all.

        Returns:
            The hits: positions count over all texts, labels are numbers in ``labels``.
        """
        kind, kinds = self._words.kinds_of(known)
        found = self._tree.find(self._vocabulary(kinds), Texts.of(kind[word], first))
        hits = Hits(
            start=found.start, end=found.end, label=found.label, gap=found.gap, labels=self.labels
        )
        if not found.veto.any():
            return hits
        return without_vetoed(hits.take(~found.veto), hits.take(found.veto), len(word))

    def labels_in(self, words: Sequence[str]) -> set[str]:
        """Return what is found in one text.

        Args:
            words: Its words, in lower case.

        Example:
            >>> sorted(PatternSet([("no .. good", "bad"), ("so", "much")], str.split).labels_in(
            ...     ["no", "so", "good"]))
            ['bad', 'much']
        """
        hits = self.find_all(words, np.arange(len(words)), np.array([0, len(words)]))
        return {self.labels[label] for label in hits.label.tolist()}

    def _grown(self, phrases: Iterable[tuple[str, int]]) -> PhraseTree:
        """Return the tree of the phrases and the numbers of their labels."""
        steps: dict[int, int] = {}
        gaps: dict[int, int] = {}
        ends: dict[int, None] = {}
        read: dict[str, tuple[int, ...]] = {}
        for phrase, label in phrases:
            place = length = 0
            for word in phrase.removeprefix("!").lower().split():
                if word == _GAP:
                    place = gaps.setdefault(place, len(steps) + len(gaps) + 1)
                    length += MAX_GAP
                    continue
                if word not in read:
                    read[word] = self._numbers(word)
                for number in read[word]:
                    place = steps.setdefault(place * STEP + number, len(steps) + len(gaps) + 1)
                length += len(read[word])
            self.longest = max(self.longest, length)
            ends[place * STEP + 2 * label + phrase.startswith("!")] = None
        return PhraseTree(steps, gaps, ends, len(self._own))

    def _numbers(self, word: str) -> tuple[int, ...]:
        """Return the numbers of the words that a word of a phrase is split into."""
        pieces = list(self._tokenise(word.strip("*"))) or [word.strip("*")]
        if word.startswith("*"):
            pieces[0] = "*" + pieces[0]
        if word.endswith("*"):
            pieces[-1] += "*"
        numbers = map(self._words.number, pieces)
        return tuple(self._own.setdefault(number, len(self._own)) for number in numbers)

    def _vocabulary(self, kinds: Sequence[Kind]) -> Vocabulary:
        """Return which words of phrases words of each kind are."""
        before, known = self._learnt
        if before is not kinds:
            known = self._learn([])
        if len(known.stop) < len(kinds):
            known = known.joined(self._learn(kinds[len(known.stop) :]))
            self._learnt = kinds, known
        return known

    def _learn(self, kinds: Sequence[Kind]) -> Vocabulary:
        read = [kind.readings[0] for kind in kinds]
        row = np.repeat(np.arange(len(kinds)), np.fromiter(map(len, read), np.int64, len(kinds)))
        number = np.fromiter(chain.from_iterable(read), np.int64, len(row))
        own = self._here[np.minimum(number, len(self._here) - 1)]
        mine = own >= 0
        drawn_out = [at for at, kind in enumerate(kinds) if len(kind.readings) > 1]
        more = self._drawn_out(kinds, np.setdiff1d(drawn_out, row[mine]).tolist())
        return self._tree.vocabulary(
            np.concatenate([row[mine], more[0]]),
            np.concatenate([own[mine], more[1]]),
            [kind.stop for kind in kinds],
        )

    def _drawn_out(self, kinds: Sequence[Kind], rows: Sequence[int]) -> Ints:
        """Return which words of phrases drawn-out words are with fewer letters: rows, numbers."""
        found = []
        for row in rows:
            own: list[int] = []
            for reading in kinds[row].readings[1:]:
                own = own or [self._own[number] for number in reading if number in self._own]
            found += [(row, number) for number in own]
        return np.array(found, dtype=np.int64).reshape(-1, 2).T


def find_by_language(
    known: Sequence[str],
    word: Ints,
    first: Ints,
    languages: Sequence[str],
    patterns: Callable[[str], PatternSet | None],
    labels: Sequence[str],
) -> Hits:
    """Return every phrase found in texts of several languages, each by the list of its own.

    Args:
        known: The different words of the texts, in lower case.
        word: Which of these each word of the texts is, text after text.
        first: The first word of each text, and one past the last word of all.
        languages: The language of each text.
        patterns: The list of a language; ``None`` if it has none.
        labels: The labels of all lists, in the order in which the hits number them.
    """
    number = {label: at for at, label in enumerate(labels)}
    code = {language: at for at, language in enumerate(dict.fromkeys(languages))}
    codes = np.fromiter(map(code.__getitem__, languages), np.int64, len(languages))
    parts = []
    for language, at in code.items():
        found = patterns(language)
        if found is not None:
            hits = _find_in(found, known, word, first, np.flatnonzero(codes == at))
            new = np.array([number[label] for label in found.labels], dtype=np.int64)
            parts.append(replace(hits, label=new[hits.label], labels=tuple(labels)))
    return joined(parts) if parts else Hits.none(labels)


def _find_in(
    patterns: PatternSet, known: Sequence[str], word: Ints, first: Ints, rows: Ints
) -> Hits:
    """Return the phrases found in some of the texts."""
    if len(rows) == len(first) - 1:
        return patterns.find_all(known, word, first)
    where, inner = stretches(first, rows)
    used = np.zeros(len(known), dtype=np.bool_)
    used[word[where]] = True
    place = used.cumsum() - 1
    some = [known[at] for at in np.flatnonzero(used).tolist()]
    hits = patterns.find_all(some, place[word[where]], inner)
    return replace(hits, start=where[hits.start], end=where[hits.end - 1] + 1)
