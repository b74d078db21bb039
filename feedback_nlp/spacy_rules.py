"""How spaCy splits stretches of a text between its spaces, in one language."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from feedback_nlp.patterns import normalise
from feedback_nlp.tokens import Piece, spacy_pipeline, special_words, words_apart

_SIMPLE = re.compile(r"([A-Za-zÀ-ÖØ-öø-ž]+)([,.!?:;]?)")


class SpacyRules:
    """What spaCy makes of stretches.

    A stretch is split alike wherever it stands, but for special cases of spaCy that would reach
    over a space (":" and ")" with a space between look like ":)" to its matcher).
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._special = special_words(language)
        own: Any = spacy_pipeline(language).tokenizer
        self._plain = type(own)(  # the same without special cases
            own.vocab,
            prefix_search=own.prefix_search,
            suffix_search=own.suffix_search,
            infix_finditer=own.infix_finditer,
            token_match=own.token_match,
            url_match=own.url_match,
        )
        self._joins = self._all_joins()

    def pieces(self, stretches: Sequence[str]) -> list[Sequence[Piece]]:
        """Return the words of each stretch; white space has none, but a line break is one.

        Args:
            stretches: Each without white space, or of white space alone.
        """
        found: list[Sequence[Piece]] = [self._simple(stretch) for stretch in stretches]
        rest = [at for at, pieces in enumerate(found) if not pieces]
        solid = [at for at in rest if not stretches[at].isspace()]
        for at, pieces in zip(solid, self._solid([stretches[at] for at in solid]), strict=True):
            found[at] = pieces
        for at in rest:
            if stretches[at].isspace():
                found[at] = self._lines(stretches[at])
        return found

    def may_join(self, stretch: str) -> tuple[str, ...]:
        """Return after which endings of the one before a stretch may be part of a special case.

        Some of the endings may be no such cases in truth: ``joins`` tells.
        """
        pairs = self._joins.get(stretch[0], ())
        if not pairs:
            return ()
        simple = self._simple(stretch)
        if simple:
            word = stretch[: simple[0][2]]
            return tuple(first for first, second in pairs if word == second)
        return tuple(first for first, second in pairs if stretch.startswith(second))

    def joins(self, before: str, stretch: str) -> bool:
        """Tell whether a stretch and the one before may be part of a special case together."""
        if not before.endswith(self.may_join(stretch)):
            return False
        if stretch in self._special or len(self._plain(stretch)) > 1:
            return True
        pairs = self._joins.get(stretch[0], ())
        return before.endswith(tuple(first for first, second in pairs if stretch == second))

    def _simple(self, stretch: str) -> Sequence[Piece]:
        """Return the words of a word of letters, with a mark behind it or without; none of others.

        spaCy takes the mark off, unless the two are a special case.
        """
        parts = _word_and_mark(stretch)
        if not parts or stretch in self._special or parts[0] in self._special:
            return ()
        size = len(parts[0])
        word = (normalise(parts[0]), 0, size)
        return (word, (parts[1], size, size + 1)) if len(parts) > 1 else (word,)

    def _solid(self, stretches: Sequence[str]) -> list[list[Piece]]:
        """Return the words of stretches without white space: lines of one text to spaCy."""
        found: list[list[Piece]] = [[]]
        begin = 0
        for raw, at in words_apart("\n".join(stretches), self._language):
            if raw == "\n":
                found.append([])
                begin = at + 1
            else:
                found[-1].append((normalise(raw), at - begin, at - begin + len(raw)))
        return found[: len(stretches)]

    def _lines(self, space: str) -> list[Piece]:
        return [
            ("\n", at, at + len(raw))
            for raw, at in words_apart(space, self._language)
            if "\n" in raw
        ]

    def _all_joins(self) -> dict[str, list[tuple[str, str]]]:
        """Return which words side by side are part of a special case, by the second's letter."""
        pairs: set[tuple[str, str]] = set()
        for case in self._special:
            parts = _word_and_mark(case) or [token.text for token in self._plain(case)]
            pairs.update(pairwise(parts))
        found: dict[str, list[tuple[str, str]]] = {}
        for first, second in sorted(pairs):
            found.setdefault(second[0], []).append((first, second))
        return found


def _word_and_mark(stretch: str) -> Sequence[str]:
    """Return a word of letters and the mark behind it, if spaCy takes the mark off such words.

    Behind a capital, as in initials, it may not take a full stop off.
    """
    match = _SIMPLE.fullmatch(stretch)
    if not match or (match[2] == "." and not match[1][-1].islower()):
        return ()
    return match.groups() if match[2] else match.groups()[:1]


@cache
def spacy_rules(language: str) -> SpacyRules:
    """Return the rules of a language, made once.

    Args:
        language: One of the seven codes, or ``xx``.
    """
    return SpacyRules(language)
