"""How spaCy splits stretches of a text between its spaces, in one language."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate, combinations, pairwise
from typing import TYPE_CHECKING, Any

from feedback_nlp.lexicon import UNIVERSAL
from feedback_nlp.patterns import normalise
from feedback_nlp.spacy_tables import spacy_table
from feedback_nlp.tokens import Piece, rules_code, spacy_pipeline, special_words, words_apart

if TYPE_CHECKING:
    from spacy.tokens import Doc

# What stands before and behind a word, which spaCy takes off one by one, and dots together.
_AFFIXED = re.compile(r'([¿¡("“„«]*+)(.*?)((?:\.\.+|…(?!…)|[.,!?:;)"“”»])*+)', re.DOTALL)
_MARK = re.compile(r"\.\.+|.")
_MARKS = re.compile(r"[!?]+|\.\.+")
_LETTERS = re.compile(r"[A-Za-zÀ-ÖØ-öø-ž]+")
_PLAIN = re.compile(rf"({_LETTERS.pattern})([,!?:;]?|(?<=[a-zß-öø-ÿ])\.)")
_FIRM = re.compile(r"[^\W_](?:[^'’].*)?(?<![\W_])")  # has nothing to take off at its ends
_NUMBER = re.compile(r"([£€$]?)([0-9]+(?:[.,:][0-9]+)*)([£€$]?)")
_COMPOUND = re.compile(rf"{_LETTERS.pattern}(?:-{_LETTERS.pattern})*")
_CUT_AT_HYPHENS = ("en", "lv", UNIVERSAL)  # in French some are, in other languages none
_WITH_ORDINALS = ("nb", "de")  # where a number keeps the full stop behind it
_BOUND = {  # two words in one: l'accueil, qu'il; company's
    "fr": re.compile(
        rf"((?i:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’])(?P<word>{_LETTERS.pattern})"
    ),
    "en": re.compile(rf"(?P<word>{_LETTERS.pattern})(['’][sS])"),
}


class SpacyRules:
    """What spaCy makes of stretches.

    A stretch is split alike wherever it stands, but for special cases of spaCy that would reach
    over a space (":" and ")" with a space between look like ":)" to its matcher).
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._special = special_words(language)
        table = spacy_table(rules_code(language))
        pairs = special_joins(language) if table is None else table.joins
        self._words = {} if table is None else table.words
        self._bound = _BOUND.get(language)
        self._word = _LETTERS if language == "fr" else _COMPOUND
        self._joins: dict[str, list[tuple[str, str]]] = {}  # by the first letter of the second
        for first, second in pairs:
            self._joins.setdefault(second[0], []).append((first, second))

    def pieces(self, stretches: Sequence[str]) -> list[Sequence[Piece]]:
        """Return the words of each stretch; white space has none, but a line break is one.

        Args:
            stretches: Each without white space, or of white space alone.
        """
        found = [
            _lines(stretch) if stretch.isspace() else self._simple(stretch) for stretch in stretches
        ]
        rest = [at for at, pieces in enumerate(found) if not pieces and not stretches[at].isspace()]
        if rest:
            asked = self._solid([stretches[at] for at in rest])
            for at, pieces in zip(rest, asked, strict=True):
                found[at] = pieces
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
        if stretch in self._special or len(_plain_tokenizer(self._language)(stretch)) > 1:
            return True
        pairs = self._joins.get(stretch[0], ())
        return before.endswith(tuple(first for first, second in pairs if stretch == second))

    def _simple(self, stretch: str) -> Sequence[Piece]:
        """Return the words of a stretch that spaCy need not be asked about; none of others.

        That is one character, or a word of letters, a number or a word of the table, and marks
        before and behind it, unless some of these together are a special case.
        """
        most = _PLAIN.fullmatch(stretch)
        if most and most[1] not in self._special and stretch not in self._special:
            size = len(most[1])
            word = (normalise(most[1]), 0, size)
            return (word, (most[2], size, size + 1)) if most[2] else (word,)
        if len(stretch) == 1:
            return ((normalise(stretch), 0, 1),)
        before, core, behind = _without_marks(stretch)
        inner = self._core(core, alone=core == stretch)
        if "." in behind and not self._ends(core, behind):
            return ()
        if not inner and not _MARKS.fullmatch(stretch):
            return ()
        parts = [*before, *inner, *behind]
        if self._special_in(parts, range(len(before), len(before) + len(inner))):
            return ()
        ends = accumulate(map(len, parts))
        return [
            (normalise(part), end - len(part), end) for part, end in zip(parts, ends, strict=True)
        ]

    def _core(self, core: str, *, alone: bool) -> Sequence[str]:
        """Return the words of what stands between marks or alone, if spaCy need not be asked."""
        if core in self._words and (alone or _FIRM.fullmatch(core)):
            return self._words[core]
        bound = self._bound.fullmatch(core) if self._bound else None
        if bound and self._special.isdisjoint((core, bound["word"])):
            return bound.groups()
        number = _NUMBER.fullmatch(core)
        if number:
            parts = [part for part in number.groups() if part]
        elif not self._word.fullmatch(core):
            return ()
        else:
            parts = re.split("(-)", core) if self._language in _CUT_AT_HYPHENS else [core]
        return () if self._special_in(parts) else parts

    def _special_in(self, parts: Sequence[str], known: range = range(0)) -> bool:
        """Tell whether words side by side are a special case, but for words that are known."""
        return any(
            "".join(parts[begin:end]) in self._special
            for begin, end in combinations(range(len(parts) + 1), 2)
            if begin < known.start or end > known.stop
        )

    def _ends(self, core: str, behind: Sequence[str]) -> bool:
        """Tell whether the one full stop behind a word comes off; in initials it may not."""
        if behind[0] != "." or behind.count(".") > 1:
            return False
        counted = core[-1:].isdecimal() and self._language not in _WITH_ORDINALS
        return counted or core[-1:].islower()

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


def _lines(space: str) -> Sequence[Piece]:
    """Return the words of white space, which is one to spaCy, and one to us if it ends a line."""
    return (("\n", 0, len(space)),) if "\n" in space else ()


def _without_marks(stretch: str) -> tuple[Sequence[str], str, Sequence[str]]:
    """Return the marks before a word, the word, and the marks behind it."""
    found = _AFFIXED.fullmatch(stretch)
    if not found:
        return (), stretch, ()
    return list(found[1]), found[2], _MARK.findall(found[3])


def special_joins(language: str) -> tuple[tuple[str, str], ...]:
    """Return which words side by side are part of a special case of spaCy, in order.

    Example:
        >>> ("can", "not") in special_joins("en"), (":", ")") in special_joins("en")
        (False, True)
    """
    plain = _plain_tokenizer(language)
    pairs: set[tuple[str, str]] = set()
    own: Any = spacy_pipeline(language).tokenizer
    for case in own.rules:
        pairs.update(pairwise(token.text for token in plain(case)))
    return tuple(sorted(pairs))


@cache
def _plain_tokenizer(language: str) -> Callable[[str], "Doc"]:
    """Return spaCy's tokenizer without its special cases."""
    own: Any = spacy_pipeline(language).tokenizer
    plain: Callable[[str], Doc] = type(own)(
        own.vocab,
        prefix_search=own.prefix_search,
        suffix_search=own.suffix_search,
        infix_finditer=own.infix_finditer,
        token_match=own.token_match,
        url_match=own.url_match,
    )
    return plain


@cache
def spacy_rules(language: str) -> SpacyRules:
    """Return the rules of a language, made once.

    Args:
        language: One of the seven codes, or ``xx``.
    """
    return SpacyRules(language)
