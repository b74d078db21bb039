"""The notation of phrase lists, and the matcher that finds all phrases of a list in one pass.

A phrase is matched word by word, whatever its case: ``age`` never matches "page". A star stands
for the rest of a word (``wacht*``, ``*kosten``, ``*lever*``), two dots for up to three words in
between (``took .. long``), and an exclamation mark makes a veto. A word typed without its
diacritics matches too.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain, pairwise
from typing import NamedTuple, TypeAlias, cast

import numpy as np

from feedback_nlp.errors import TaxonomyError
from feedback_nlp.flat import Ints, begins, stretches
from feedback_nlp.hits import Hits, joined, without_vetoed
from feedback_nlp.phrase_trees import MAX_GAP, PhraseTree, Texts, Vocabulary
from feedback_nlp.spelling import DRAWN_OUT, fold, normalise, phrase_words, spellings

__all__ = [
    "Hit",
    "Hits",
    "PatternSet",
    "check_pattern",
    "find_by_language",
    "fold",
    "longest",
    "normalise",
    "spellings",
]

_GAP = ".."
_STOPS = frozenset(".!?;\n") | {"...", "…"}
_CACHE_LIMIT = 200_000
_PLACE = 1 << 24  # more than there are words in phrases
_Ends: TypeAlias = tuple[tuple[str, bool], ...]  # label, and whether it is a veto
_Branch: TypeAlias = tuple[int, _Ends, bool]  # place in the tree, what ends there, a gap follows
_Known: TypeAlias = tuple[tuple[int, ...], tuple[_Branch, ...], bool]  # words, branches, a stop


class Hit(NamedTuple):
    """A phrase found: words ``start`` to ``end`` (exclusive), and what the phrase stands for.

    ``gap`` tells that other words stand between its first and its last.
    """

    start: int
    end: int
    label: str
    gap: bool = False


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


class PatternSet:
    """Phrases compiled into one tree, so that a text is read once whatever their number.

    The tree is three flat dictionaries of plain numbers: many thousand small objects would be
    slower to make, and to pass over whenever Python looks for garbage.

    Args:
        phrases: (phrase, label) pairs in the notation of this module.
        tokenise: Splits a text into words as the texts to be searched are split.
        keep_accents: Words that mean something else without their diacritics.

    Example:
        >>> found = PatternSet([("wait*", "waiting"), ("!waiter", "waiting")], str.split)
        >>> [hit.label for hit in found.find("we waited for the waiter".split())]
        ['waiting']
    """

    def __init__(
        self,
        phrases: Iterable[tuple[str, str]],
        tokenise: Callable[[str], Sequence[str]],
        keep_accents: Collection[str] = (),
    ) -> None:
        self._words = phrase_words(frozenset(keep_accents))
        self._own: dict[int, int] = {}  # the number here of a word of phrases, by its number there
        self._places = 1
        self._next: dict[int, int] = {}  # place + number of a word: the place it leads to
        self._after_gap: dict[int, int] = {}
        self._ends: dict[int, _Ends] = {}
        self._seen: dict[str, _Known] = {}
        self.longest = 0  # words that the longest phrase can take, its gaps filled
        for phrase, label in phrases:
            self._add(phrase, label, tokenise)

    def find(self, words: Sequence[str]) -> list[Hit]:
        """Return every phrase found in a text, vetoes applied, in order of appearance.

        Args:
            words: The words of one text, in lower case.
        """
        known = self._known(words)
        after = self._next
        hits: list[Hit] = []
        vetoes: list[Hit] = []
        for first, (_, branches, _) in enumerate(known):
            if branches:
                following = known[first + 1][0] if first + 1 < len(known) else ()
                for place, ends, gap in branches:
                    for label, veto in ends:
                        (vetoes if veto else hits).append(Hit(first, first + 1, label))
                    if gap:
                        self._walk(place, first, known, hits, vetoes)
                        continue
                    for number in following:
                        if place + number in after:
                            self._walk(place, first, known, hits, vetoes)
                            break
        if vetoes:
            barred = {(veto.label, at) for veto in vetoes for at in range(veto.start, veto.end)}
            hits = [hit for hit in hits if barred.isdisjoint(_labelled_words(hit))]
        return hits

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
        found = self._tree.find(self._vocabulary(known), Texts.of(word, first))
        hits = Hits(
            start=found.start, end=found.end, label=found.label, gap=found.gap, labels=self.labels
        )
        if not found.veto.any():
            return hits
        return without_vetoed(hits.take(~found.veto), hits.take(found.veto), len(word))

    def find_whole(self, words: Sequence[str]) -> list[Hit]:
        """Return the phrases that are the whole text, from its first word to its last.

        Args:
            words: The words of one text, in lower case.
        """
        if not 0 < len(words) <= self.longest or not self._known(words[:1])[0][1]:
            return []
        return [hit for hit in self.find(words) if hit.start == 0 and hit.end == len(words)]

    def _walk(
        self,
        begin: int,
        first: int,
        known: Sequence[_Known],
        hits: list[Hit],
        vetoes: list[Hit],
    ) -> None:
        """Follow the tree from a word that begins phrases; phrases of one word are done."""
        after, ends, gaps = self._next, self._ends, self._after_gap
        size = len(known)
        stack = [(begin, first + 1, False)]
        while stack:
            place, at, gap = stack.pop()
            if place in ends and place != begin:
                for label, veto in ends[place]:
                    (vetoes if veto else hits).append(Hit(first, at, label, gap))
            if at >= size:
                continue
            for number in known[at][0]:
                if place + number in after:
                    stack.append((after[place + number], at + 1, gap))
            if place in gaps:
                self._over_gap(gaps[place], at, known, stack)

    def _over_gap(
        self, place: int, at: int, known: Sequence[_Known], stack: list[tuple[int, int, bool]]
    ) -> None:
        """Put on the stack where the tree goes on behind a gap: here, or up to three words on."""
        after = self._next
        for numbers, _, stop in known[at : at + MAX_GAP + 1]:
            at += 1
            for number in numbers:
                if place + number in after:
                    stack.append((after[place + number], at, True))
            if stop:
                break

    def _add(self, phrase: str, label: str, tokenise: Callable[[str], Sequence[str]]) -> None:
        place = length = 0
        for word in phrase.removeprefix("!").lower().split():
            if word == _GAP:
                place = self._after_gap.get(place) or self._new_place(self._after_gap, place)
                length += MAX_GAP
                continue
            pieces = list(tokenise(word.strip("*"))) or [word.strip("*")]
            if word.startswith("*"):
                pieces[0] = "*" + pieces[0]
            if word.endswith("*"):
                pieces[-1] += "*"
            for piece in pieces:
                step = place + self._own.setdefault(self._words.number(piece), len(self._own))
                place = self._next.get(step) or self._new_place(self._next, step)
            length += len(pieces)
        self.longest = max(self.longest, length)
        ends = self._ends.get(place, ())
        end = (label, phrase.startswith("!"))
        if end not in ends:
            self._ends[place] = (*ends, end)

    def _new_place(self, table: dict[int, int], step: int) -> int:
        place = table[step] = self._places * _PLACE
        self._places += 1
        return place

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The labels of the phrases, in the order of the list."""
        return tuple(dict.fromkeys(label for ends in self._ends.values() for label, _ in ends))

    @cached_property
    def _tree(self) -> PhraseTree:
        number = {label: at for at, label in enumerate(self.labels)}
        steps = np.array(list(self._next.items()), dtype=np.int64).reshape(-1, 2)
        return PhraseTree(
            np.column_stack([steps[:, 0] // _PLACE, steps[:, 0] % _PLACE, steps[:, 1] // _PLACE]),
            {place // _PLACE: to // _PLACE for place, to in self._after_gap.items()},
            {
                place // _PLACE: [(number[label], veto) for label, veto in ends]
                for place, ends in self._ends.items()
            },
            len(self._own),
            self._places,
        )

    @cached_property
    def _rank(self) -> Ints:
        """The number in this list of each word of phrases; −1 for those of other lists."""
        rank = np.full(max(self._own, default=0) + 2, -1, dtype=np.int64)
        rank[list(self._own)] = list(self._own.values())
        return rank

    def _vocabulary(self, known: Sequence[str]) -> Vocabulary:
        """Return which words of phrases each word is, and which are stops."""
        size = len(known)
        read = self._words.read(known)
        number = np.fromiter(chain.from_iterable(read), np.int64)
        row = np.repeat(np.arange(size), np.fromiter(map(len, read), np.int64, size))
        own = self._rank[np.minimum(number, len(self._rank) - 1)]
        mine = own >= 0
        key = row[mine] * _PLACE + own[mine]
        drawn_out = row[number == DRAWN_OUT]
        key = np.sort(np.concatenate([key, self._drawn_out(known, drawn_out, row[mine])]))
        return Vocabulary(
            number=key % _PLACE,
            first=begins(np.bincount(key // _PLACE, minlength=size)),
            stop=np.fromiter(map(_STOPS.__contains__, known), np.bool_, size),
        )

    def _drawn_out(self, known: Sequence[str], rows: Ints, done: Ints) -> Ints:
        """Return which words of phrases drawn-out words are: their row × ``_PLACE`` + number."""
        keys = []
        for row in rows[~np.isin(rows, done)].tolist():
            for numbers in self._words.read_drawn_out(known[row]):
                own = [self._own[number] for number in numbers if number in self._own]
                if own:
                    keys += [row * _PLACE + number for number in own]
                    break
        return np.array(keys, dtype=np.int64)

    def _known(self, words: Sequence[str]) -> list[_Known]:
        """Return what is known of each word: remembered, as most words come again and again."""
        known = list(map(self._seen.get, words))
        if None in known:
            return [one or self._resolve(word) for one, word in zip(known, words, strict=True)]
        return cast(list[_Known], known)

    def _numbers(self, word: str) -> tuple[int, ...]:
        found = self._vocabulary([word]).number
        return tuple(found.tolist())

    def _resolve(self, word: str) -> _Known:
        """Return which words of phrases a word is, and the branches that begin with it."""
        numbers = self._numbers(word)
        places = [self._next[number] for number in numbers if number in self._next]
        branches = tuple(
            (place, self._ends.get(place, ()), place in self._after_gap) for place in places
        )
        if len(self._seen) >= _CACHE_LIMIT:
            self._seen.clear()
        result = self._seen[word] = (numbers, branches, word in _STOPS)
        return result


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Return the hits that remain when of two that overlap the longer one is kept.

    Example:
        >>> longest([Hit(0, 1, "a"), Hit(0, 3, "b"), Hit(4, 5, "c")])
        [Hit(start=0, end=3, label='b', gap=False), Hit(start=4, end=5, label='c', gap=False)]
    """
    hits = list(hits)
    if all(one.end <= other.start for one, other in pairwise(hits)):
        return hits
    kept: list[Hit] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.gap, h.start)):
        span = range(hit.start, hit.end)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(hit)
    return sorted(kept, key=lambda h: h.start)


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
    parts = []
    for language in dict.fromkeys(languages):
        found = patterns(language)
        if found is not None:
            rows = np.flatnonzero(np.fromiter((one == language for one in languages), np.bool_))
            hits = _find_in(found, known, word, first, rows)
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
    here, place = np.unique(word[where], return_inverse=True)
    hits = patterns.find_all([known[at] for at in here.tolist()], place, inner)
    return replace(hits, start=where[hits.start], end=where[hits.end - 1] + 1)


def _labelled_words(hit: Hit) -> Iterator[tuple[str, int]]:
    """Yield each word of a hit, with its label: a veto bars those of its own."""
    return ((hit.label, at) for at in range(hit.start, hit.end))
