"""Texts into words, each with its position: spaCy's blank pipelines, and what they said before.

No trained pipeline is needed and nothing is downloaded. spaCy splits a text stretch by stretch
between its spaces, so how it splits a stretch is remembered, and only new ones go through it.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from feedback_nlp.lexicon import UNIVERSAL
from feedback_nlp.patterns import normalise
from feedback_nlp.records import LANGUAGES

if TYPE_CHECKING:
    from spacy.language import Language

HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")
LAST_STOP = re.compile(r"[^\W\d_]{3,}\.")
_NOT = re.compile(r"n['’]t", re.IGNORECASE)
LONG = 150
_LONG_STRETCH = re.compile(rf"\S{{{LONG},}}")
_STRETCH = re.compile(r"\S+|\s+")
_SIMPLE_WORD = re.compile(r"\w{1,60}|[^\w\s]{1,60}")
_MAX_CHARACTERS = 50_000_000
_MEMORY_LIMIT = 100_000
Piece: TypeAlias = tuple[str, int, int]  # word, its first character, one past its last
_Pieces: TypeAlias = tuple[Piece, ...]


class Tokens:
    """The words of a text in lower case, and the first and one past the last character of each.

    A line break is a word, other white space is not.
    """

    __slots__ = ("ends", "starts", "words")

    def __init__(self) -> None:
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def add(self, pieces: _Pieces, at: int) -> None:
        """Add words whose positions count from a character."""
        for word, start, end in pieces:
            self.words.append(word)
            self.starts.append(at + start)
            self.ends.append(at + end)

    def cut_stop(self, text: str) -> None:
        """Make a word of its own of the full stop that ends the last one, "top"."""
        if self.words and self.words[-1][-1] == ".":
            start, end = self.starts[-1], self.ends[-1]
            if LAST_STOP.fullmatch(text, start, end):
                self.words[-1] = normalise(text[start : end - 1])
                self.ends[-1] = end - 1
                self.add(((".", 0, 1),), end - 1)


@cache
def spacy_pipeline(language: str) -> "Language":
    """Return spaCy's blank pipeline of a language (``xx`` for unknown), made once.

    Example:
        >>> [token.text for token in spacy_pipeline("nl")("Niet goed.")]
        ['Niet', 'goed', '.']
    """
    import spacy
    from spacy.vocab import Vocab

    code = language if language in LANGUAGES else UNIVERSAL
    nlp = spacy.blank(code, vocab=Vocab())  # which notes no shapes and the like of each new word
    nlp.max_length = _MAX_CHARACTERS
    return nlp


def split_words(text: str, language: str) -> list[str]:
    """Return the words of a text as parsed comments have them: lower case, marks apart.

    Example:
        >>> split_words("Te duur!", "nl")
        ['te', 'duur', '!']
    """
    if text.isalpha() and text not in special_words(language):
        return [normalise(text)]
    return [normalise(raw) for raw, _ in _raw_words(text, language)]


def tokens(text: str, language: str) -> Tokens:
    """Return the words of a text, and where they are.

    Example:
        >>> found = tokens("Niet duur. Top.", "nl")
        >>> found.words, found.starts
        (['niet', 'duur', '.', 'top', '.'], [0, 5, 9, 11, 14])
    """
    found = _splitter(language).split(text)
    return found or tokens_afresh(text, language)


def tokens_afresh(text: str, language: str) -> Tokens:
    """Return the same by spaCy alone, nothing remembered."""
    found = Tokens()
    found.add(tuple(words_afresh(text, language)), 0)
    return found


def words_afresh(text: str, language: str) -> list[Piece]:
    """Return the words of one text by spaCy alone, nothing remembered.

    Words are in lower case; a line break is a word, other white space is not.

    Example:
        >>> words_afresh("Niet duur.", "nl")
        [('niet', 0, 4), ('duur', 5, 9), ('.', 9, 10)]
    """
    return [
        ("\n" if raw.isspace() else normalise(raw), at, at + len(raw))
        for raw, at in _raw_words(text, language)
        if not raw.isspace() or "\n" in raw
    ]


@cache
def special_words(language: str) -> frozenset[str]:
    """Return the words that spaCy splits though they have letters alone: "cannot", "dont"."""
    return frozenset(getattr(spacy_pipeline(language).tokenizer, "rules", {}))


def _raw_words(text: str, language: str) -> Iterator[tuple[str, int]]:
    """Yield each word and its position; a stretch too long to be a word is split simply.

    spaCy splits marks off a word one by one, which takes minutes for fifty thousand of them in a
    row.
    """
    readable = HALF_CHARACTER.sub("\ufffd", text)
    begin = 0
    for stretch in _LONG_STRETCH.finditer(readable):
        yield from _spacy_words(readable[begin : stretch.start()], begin, language)
        for part in _SIMPLE_WORD.finditer(readable, stretch.start(), stretch.end()):
            yield text[part.start() : part.end()], part.start()
        begin = stretch.end()
    yield from _spacy_words(readable[begin:], begin, language)


def _spacy_words(text: str, begin: int, language: str) -> Iterator[tuple[str, int]]:
    """Yield spaCy's words; its Dutch rules take "top." at the end for an abbreviation."""
    last = len(text.rstrip())
    for word, at in words_apart(text, language):
        end = at + len(word)
        ends = word[-1] == "." and (end == last or text[end : end + 1] == "\n")
        if ends and LAST_STOP.fullmatch(word):
            yield word[:-1], begin + at
            yield ".", begin + end - 1
        else:
            yield word, begin + at


def words_apart(text: str, language: str) -> Iterator[tuple[str, int]]:
    """Yield spaCy's words, and split what its English rules do not know in capitals: DON'T."""
    for token in spacy_pipeline(language).make_doc(text):
        word, at = token.text, token.idx
        if language == "en" and len(word) > 3 and _NOT.fullmatch(word[-3:]):
            yield word[:-3], at
            yield word[-3:], at + len(word) - 3
        else:
            yield word, at


class _Splitter:
    """Splits texts of one language as spaCy does, from memory where it can.

    A stretch is split alike wherever it stands, but for special cases of spaCy that would reach
    over a space (":" and ")" with a space between look like ":)" to its matcher). Texts with a
    place where one could do so are left to spaCy, as are those that it gets in parts.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._memory: dict[str, tuple[_Pieces, tuple[str, ...]]] = {}
        own: Any = spacy_pipeline(language).tokenizer
        self._special = special_words(language)
        self._plain = type(own)(  # the same without special cases
            own.vocab,
            prefix_search=own.prefix_search,
            suffix_search=own.suffix_search,
            infix_finditer=own.infix_finditer,
            token_match=own.token_match,
            url_match=own.url_match,
        )
        self._joins = self._all_joins()

    def split(self, text: str) -> Tokens | None:
        """Return the words of a text, or ``None`` if it has to go through spaCy as a whole."""
        found = Tokens()
        stretches = text.split(" ")
        if stretches != text.split():
            return self._split_odd_spaces(text, found)
        memory = self._memory
        words, starts, ends = found.words, found.starts, found.ends
        at = 0
        before = ""
        for stretch in stretches:
            known = memory.get(stretch) or self._learn(stretch)
            if known is None:
                return None
            pieces, joins = known
            if joins and before.endswith(joins):
                return None
            for word, start, end in pieces:
                words.append(word)
                starts.append(at + start)
                ends.append(at + end)
            at += len(stretch) + 1
            before = stretch
        found.cut_stop(text)
        return found

    def _split_odd_spaces(self, text: str, found: Tokens) -> Tokens | None:
        """Split a text with line breaks or several spaces in a row, which are words to spaCy."""
        last = len(text.rstrip())
        before = ""
        for match in _STRETCH.finditer(text):
            stretch, at = match.group(), match.start()
            if at and stretch[0] == " ":  # the space that ends a word belongs to it
                stretch, at = stretch[1:], at + 1
                if not stretch:
                    continue
            known = self._memory.get(stretch) or self._learn(stretch)
            if known is None or before.endswith(known[1]):
                return None
            found.add(known[0], at)
            end = match.end()
            if not stretch.isspace() and (end == last or text[end : end + 1] == "\n"):
                found.cut_stop(text)
            before = stretch
        return found

    def _learn(self, stretch: str) -> tuple[_Pieces, tuple[str, ...]] | None:
        """Return the words of a stretch, and after which endings it may be part of a special case.

        Stretches that spaCy does not get as they are have no answer.
        """
        if len(stretch) >= LONG or HALF_CHARACTER.search(stretch):
            return None
        if stretch.isascii() and stretch.isalpha() and stretch not in self._special:
            pieces: _Pieces = ((normalise(stretch), 0, len(stretch)),)  # as in split_words
        else:
            pieces = self._afresh(stretch)
        if len(self._memory) >= _MEMORY_LIMIT:
            self._memory.clear()
        known = self._memory[stretch] = pieces, self._joins_before(stretch)
        return known

    def _afresh(self, stretch: str) -> _Pieces:
        return tuple(
            ("\n" if raw.isspace() else normalise(raw), at, at + len(raw))
            for raw, at in words_apart(stretch, self._language)
            if not raw.isspace() or "\n" in raw
        )

    def _joins_before(self, stretch: str) -> tuple[str, ...]:
        joins = [pair for pair in self._joins.get(stretch[0], ()) if stretch.startswith(pair[1])]
        if joins and stretch not in self._special and len(self._plain(stretch)) == 1:
            joins = [pair for pair in joins if stretch == pair[1]]
        return tuple(first for first, _ in joins)

    def _all_joins(self) -> dict[str, list[tuple[str, str]]]:
        """Return which words side by side are part of a special case, by the second's letter."""
        pairs: set[tuple[str, str]] = set()
        for case in self._special:
            pairs.update(pairwise(token.text for token in self._plain(case)))
        found: dict[str, list[tuple[str, str]]] = {}
        for first, second in sorted(pairs):
            found.setdefault(second[0], []).append((first, second))
        return found


@cache
def _splitter(language: str) -> _Splitter:
    return _Splitter(language if language in LANGUAGES else UNIVERSAL)
