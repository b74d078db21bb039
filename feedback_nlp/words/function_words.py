"""The function words of each language: what a cloud leaves out, and what it must not lose."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import pandas as pd

from feedback_nlp.lexicon import load_lexicon
from feedback_nlp.patterns import fold
from feedback_nlp.records import LANGUAGES, UNKNOWN_LANGUAGE

_ENGLISH_NOT = re.compile(r"n'?t$")
_ELISION = re.compile(r"^(?:[ldjmtsnc]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu)'")


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionWords:
    """The words of one language that a cloud treats in a way of their own, all folded.

    Attributes:
        language: ISO 639-1 code; ``unknown`` for all languages together.
        stop_words: Words that say nothing alone; never a negator.
        negators: Words that turn the next one around.
        degree: Intensifiers and downtoners: a negator reaches across them.
        boundaries: Words that begin a new clause: a negator does not reach across them.
        keep_accents: Words whose accents must stay: without them they are another word.
    """

    language: str
    stop_words: frozenset[str]
    negators: frozenset[str]
    degree: frozenset[str] = frozenset()
    boundaries: frozenset[str] = frozenset()
    keep_accents: frozenset[str] = frozenset()

    def key(self, token: str) -> str:
        """Return the form under which a lower-case token is counted.

        Accents go where that is safe, and English negations in one word (``isn't``) are ``not``.
        """
        if token in self.keep_accents:
            return token
        folded = token if token.isascii() else fold(token)
        if self.language == "en" and _ENGLISH_NOT.search(folded) and folded in self.negators:
            return "not"
        return folded

    def pieces(self, token: str) -> list[str]:
        """Split a token where the language writes two words as one (French ``l'accueil``)."""
        found = _ELISION.match(token) if self.language == "fr" else None
        if not found:
            return [token]
        rest = token[found.end() :]
        return ["ne", rest] if token.startswith("n'") else [rest]


@cache
def function_words(language: str) -> FunctionWords:
    """Return the function words of a language; for an unknown one, of all seven together.

    Args:
        language: One of the seven codes; anything else counts as unknown.

    Raises:
        FileFormatError: The word lists are missing, so the installation is broken.

    Example:
        >>> words = function_words("nl")
        >>> "de" in words.stop_words, "niet" in words.negators, "niet" in words.stop_words
        (True, True, False)
    """
    if language not in LANGUAGES:
        return _together([function_words(code) for code in LANGUAGES])
    lexicon = load_lexicon(language)
    keep = lexicon.keep_accents

    def words(*roles: str) -> frozenset[str]:
        return _single_words((w for role in roles for w in lexicon.words.get(role, ())), keep)

    negators = words("negators")
    return FunctionWords(
        language=language,
        stop_words=words("stop_words") - negators,
        negators=negators,
        degree=words("intensifiers", "downtoners") - negators,
        boundaries=words("contrast", "clause_starts") - negators,
        keep_accents=keep,
    )


def _single_words(phrases: Iterable[str], keep: frozenset[str]) -> frozenset[str]:
    """Return the single words of a list; phrases and wildcards are for the tagger."""
    single = [phrase.lower() for phrase in phrases if " " not in phrase and "*" not in phrase]
    return frozenset(word if word in keep else fold(word) for word in single)


def _together(languages: list[FunctionWords]) -> FunctionWords:
    def union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
        return frozenset(word for one in sets for word in one)

    negators = union(one.negators for one in languages)
    return FunctionWords(
        language=UNKNOWN_LANGUAGE,
        stop_words=union(one.stop_words for one in languages) - negators,
        negators=negators,
        keep_accents=union(one.keep_accents for one in languages),
    )


def stop_words(comments: pd.DataFrame) -> frozenset[str]:
    """Return the stop words of the languages of a comments table, with and without accents.

    Negators are never among them. A table without ``language`` gets those of all languages.
    """
    spoken = set(LANGUAGES)
    if "language" in comments.columns:
        spoken &= set(comments["language"].dropna().astype("str").unique())
    found: set[str] = set()
    for language in spoken:
        words = function_words(language)
        written = (word.lower() for word in load_lexicon(language).words.get("stop_words", ()))
        found |= words.stop_words | (set(written) - words.negators)
    return frozenset(found)
