"""The notation of phrase lists, and the matcher that finds all phrases of a list in one pass.

A phrase is matched word by word, whatever its case: ``age`` never matches "page". A star stands
for the rest of a word (``wacht*``, ``*kosten``, ``*lever*``), two dots for up to three words in
between (``took .. long``), and an exclamation mark makes a veto. A word typed without its
diacritics matches too.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from feedback_nlp.errors import TaxonomyError

MAX_GAP = 3
_GAP = ".."
_STOPS = frozenset(".!?;\n") | {"...", "…"}
_PLAIN = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d"})
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ß": "ss"})
_REPEATED = re.compile(r"(.)\1{2,}")
_CACHE_LIMIT = 200_000
_LONGEST_WORD = 60
_Known = tuple[tuple[int, ...], tuple[dict[Any, Any], ...]]


@dataclass(frozen=True, slots=True)
class Hit:
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


def fold(word: str) -> str:
    """Return the word without its diacritics, as it is typed on a keyboard that has none.

    Example:
        >>> fold("piegāde"), fold("kjøre"), fold("größe")
        ('piegade', 'kjore', 'grosse')
    """
    stripped = unicodedata.normalize("NFKD", word.translate(_PLAIN))
    return "".join(char for char in stripped if not unicodedata.combining(char))


def spellings(word: str, keep_accents: Collection[str] = ()) -> set[str]:
    """Return the word and how it is spelt without diacritics, unless that is another word.

    Example:
        >>> sorted(spellings("grün")), spellings("schön", {"schön"})
        (['gruen', 'grun', 'grün'], {'schön'})
    """
    if word in keep_accents:
        return {word}
    spelt_out = unicodedata.normalize("NFC", word).translate(_SPELT_OUT)
    return {word, fold(word), fold(spelt_out)}


class PatternSet:
    """Phrases compiled into one tree, so that a text is read once whatever their number.

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
        self._exact: dict[str, set[int]] = {}
        self._prefix: dict[str, set[int]] = {}
        self._suffix: dict[str, set[int]] = {}
        self._inside: dict[str, set[int]] = {}
        self._atoms: dict[str, int] = {}
        self._tree: dict[Any, Any] = {}
        self._seen: dict[str, _Known] = {}
        self._keep = frozenset(keep_accents)
        for phrase, label in phrases:
            self._add(phrase, label, tokenise)

    def find(self, words: Sequence[str]) -> list[Hit]:
        """Return every phrase found in a text, vetoes applied, in order of appearance.

        Args:
            words: The words of one text, in lower case.
        """
        seen = self._seen
        known = [seen[word] if word in seen else self._resolve(word) for word in words]
        hits: list[Hit] = []
        vetoes: list[Hit] = []
        for first, (_, branches) in enumerate(known):
            following = known[first + 1][0] if branches and first + 1 < len(known) else ()
            for branch in branches:
                for label, veto in branch.get("ends", ()):
                    (vetoes if veto else hits).append(Hit(first, first + 1, label))
                if not branch.keys().isdisjoint(following) or _GAP in branch:
                    self._walk(branch, first, known, words, hits, vetoes)
        if vetoes:
            hits = [hit for hit in hits if not any(_vetoed(hit, veto) for veto in vetoes)]
        return hits

    def _walk(
        self,
        branch: dict[Any, Any],
        first: int,
        known: list[_Known],
        words: Sequence[str],
        hits: list[Hit],
        vetoes: list[Hit],
    ) -> None:
        """Follow the tree from a word that begins phrases; phrases of one word are done."""
        stack = [(branch, first + 1, False)]
        while stack:
            node, at, gap = stack.pop()
            if at > first + 1:
                for label, veto in node.get("ends", ()):
                    (vetoes if veto else hits).append(Hit(first, at, label, gap))
            if at < len(known):
                stack += [(node[a], at + 1, gap) for a in known[at][0] if a in node]
            after = node.get(_GAP, {})
            for skipped in range(MAX_GAP + 1) if after else ():
                here = at + skipped
                if here >= len(known) or (skipped and words[here - 1] in _STOPS):
                    break
                stack += [(after[a], here + 1, True) for a in known[here][0] if a in after]

    def _add(self, phrase: str, label: str, tokenise: Callable[[str], Sequence[str]]) -> None:
        node = self._tree
        for word in phrase.removeprefix("!").lower().split():
            if word == _GAP:
                node = node.setdefault(_GAP, {})
                continue
            pieces = list(tokenise(word.strip("*"))) or [word.strip("*")]
            if word.startswith("*"):
                pieces[0] = "*" + pieces[0]
            if word.endswith("*"):
                pieces[-1] += "*"
            for piece in pieces:
                node = node.setdefault(self._atom(piece), {})
        ends = node.setdefault("ends", [])
        if (label, phrase.startswith("!")) not in ends:
            ends.append((label, phrase.startswith("!")))

    def _atom(self, piece: str) -> int:
        piece = normalise(piece)
        if piece in self._atoms:
            return self._atoms[piece]
        atom = self._atoms[piece] = len(self._atoms)
        stem = piece.strip("*")
        starts, ends = piece.startswith("*"), piece.endswith("*")
        table = (
            self._inside if starts and ends
            else self._suffix if starts
            else self._prefix if ends
            else self._exact
        )  # fmt: skip
        for spelling in spellings(stem, self._keep):
            table.setdefault(spelling, set()).add(atom)
        return atom

    def _resolve(self, word: str) -> _Known:
        """Return which words of phrases a word is, and the branches that begin with it."""
        found = self._look_up(word)
        if not found and _REPEATED.search(word):
            found = self._look_up(_REPEATED.sub(r"\1\1", word))
            found = found or self._look_up(_REPEATED.sub(r"\1", word))
        if len(self._seen) >= _CACHE_LIMIT:
            self._seen.clear()
        atoms = tuple(sorted(found))
        branches = tuple(self._tree[atom] for atom in atoms if atom in self._tree)
        result = self._seen[word] = (atoms, branches)
        return result

    def _look_up(self, word: str) -> set[int]:
        found = set(self._exact.get(word, ()))
        if len(word) > _LONGEST_WORD:
            return found
        for size in range(3, len(word) + 1):
            found.update(self._prefix.get(word[:size], ()), self._suffix.get(word[-size:], ()))
        if self._inside:
            for first in range(len(word) - 3):
                for end in range(first + 4, len(word) + 1):
                    found.update(self._inside.get(word[first:end], ()))
        return found


def normalise(word: str) -> str:
    """Return the word in lower case with straight apostrophes, as phrases are written.

    Example:
        >>> normalise("Don’t")
        "don't"
    """
    return word.lower().replace("’", "'").replace("‘", "'")


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Return the hits that remain when of two that overlap the longer one is kept.

    Example:
        >>> longest([Hit(0, 1, "a"), Hit(0, 3, "b"), Hit(4, 5, "c")])
        [Hit(start=0, end=3, label='b', gap=False), Hit(start=4, end=5, label='c', gap=False)]
    """
    kept: list[Hit] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.gap, h.start)):
        span = range(hit.start, hit.end)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(hit)
    return sorted(kept, key=lambda h: h.start)


def _vetoed(hit: Hit, veto: Hit) -> bool:
    return hit.label == veto.label and hit.start < veto.end and veto.start < hit.end
