"""Texts into words, each with its position: spaCy's blank pipelines.

No trained pipeline is needed and nothing is downloaded. One text at a time; ``splitter`` splits
many.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from feedback_nlp.lexicon import UNIVERSAL
from feedback_nlp.patterns import normalise
from feedback_nlp.records import LANGUAGES
from feedback_nlp.spacy_tables import spacy_table

if TYPE_CHECKING:
    from spacy.language import Language

HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")
LAST_STOP = re.compile(r"[^\W\d_]{3,}\.")
_NOT = re.compile(r"n['’]t", re.IGNORECASE)
LONG = 150
_LONG_STRETCH = re.compile(rf"\S{{{LONG},}}")
_SIMPLE_WORD = re.compile(r"\w{1,60}|[^\w\s]{1,60}")
_MAX_CHARACTERS = 50_000_000
Piece: TypeAlias = tuple[str, int, int]  # word, its first character, one past its last


def rules_code(language: str) -> str:
    """Return the code of the rules that split a language; ``xx`` where it is none of the seven."""
    return language if language in LANGUAGES else UNIVERSAL


@cache
def spacy_pipeline(language: str) -> "Language":
    """Return spaCy's blank pipeline of a language (``xx`` for unknown), made once.

    Example:
        >>> [token.text for token in spacy_pipeline("nl")("Niet goed.")]
        ['Niet', 'goed', '.']
    """
    import spacy
    from spacy.vocab import Vocab

    nlp = spacy.blank(
        rules_code(language), vocab=Vocab()
    )  # which notes no shapes and the like of each new word
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
    table = spacy_table(rules_code(language))
    if table is not None and text in table.words:
        return list(table.words[text])
    return [normalise(raw) for raw, _ in _raw_words(text, language)]


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
    table = spacy_table(rules_code(language))
    if table is not None:
        return table.special
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
