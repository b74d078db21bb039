"""The terms of many comments as numbers, to be counted for any group of them, by language."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.records import LANGUAGES
from feedback_nlp.words.expressions import NO_EXPRESSIONS, Expressions, joined_terms
from feedback_nlp.words.terms import Term, comment_terms, spoken_terms

_NUMBER = {code: number for number, code in enumerate(LANGUAGES)}
N_LANGUAGES = len(LANGUAGES) + 1  # unknown ones are one
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TermCodes:
    """The terms of many comments as numbers: one entry for each comment and term that it has.

    Attributes:
        comment: Number of the comment of each entry, rising.
        term: Number of the term of each entry.
        tokens: How often the term stands in the comment, 1 or more.
        keys: The form each term is counted under.
        names: Each term as most people write it.
        language: Number of the language of each comment; unknown ones are the last.
    """

    comment: Codes
    term: Codes
    tokens: Codes
    keys: list[str]
    names: list[str]
    language: Codes

    @property
    def n_comments(self) -> int:
        """How many comments there are, those without a term included."""
        return len(self.language)

    def by_language(self, rows: NDArray[np.bool_] | None = None) -> tuple[Codes, Codes]:
        """Return how many comments of each language have each term, and how many there are.

        Args:
            rows: Which comments to count; all if not given.

        Returns:
            Terms × languages, and languages.
        """
        chosen = slice(None) if rows is None else rows[self.comment]
        place = self.term[chosen] * N_LANGUAGES + self.language[self.comment[chosen]]
        counts = np.bincount(place, minlength=len(self.names) * N_LANGUAGES)
        used = self.language if rows is None else self.language[rows]
        totals = np.bincount(used, minlength=N_LANGUAGES).astype(np.int64)
        return counts.astype(np.int64).reshape(-1, N_LANGUAGES), totals

    def counts(self, rows: NDArray[np.bool_] | None = None) -> tuple[Codes, Codes]:
        """Return in how many comments each term is, and how often it occurs in them.

        Args:
            rows: Which comments to count; all if not given.
        """
        chosen = slice(None) if rows is None else rows[self.comment]
        term, size = self.term[chosen], len(self.names)
        n_tokens = np.bincount(term, weights=self.tokens[chosen], minlength=size)
        return np.bincount(term, minlength=size).astype(np.int64), n_tokens.astype(np.int64)

    def together(self, of: Codes) -> "TermCodes":
        """Return the terms with comments put together, such as those of one respondent.

        What is put together has the language of its first comment.

        Args:
            of: Number of the respondent of each comment, from 0 without gaps.
        """
        size = max(len(self.names), 1)
        found, place = np.unique(of[self.comment] * size + self.term, return_inverse=True)
        tokens = np.bincount(place, weights=self.tokens, minlength=found.size)
        return TermCodes(
            comment=found // size,
            term=found % size,
            tokens=tokens.astype(np.int64),
            keys=self.keys,
            names=self.names,
            language=self.language[np.unique(of, return_index=True)[1]],
        )


def code_terms(
    comments: Iterable[tuple[str, str]], expressions: Expressions = NO_EXPRESSIONS
) -> TermCodes:
    """Return the terms of comments as numbers; comments that are alike are read once.

    Args:
        comments: (text, language) pairs, without personal data.
        expressions: Pairs of words that are one term, as ``find_expressions`` returns them.

    Example:
        >>> found = code_terms([("Slow, slow website", "en"), ("The website is not good", "en")])
        >>> found.names, found.comment, found.term
        (['slow', 'website', 'not good'], array([0, 0, 1, 1]), array([0, 1, 1, 2]))
    """
    forms: dict[Term, int] = {}
    texts: dict[tuple[str, str], int] = {}
    found: list[list[int]] = []
    text_of: list[int] = []
    spoken: list[int] = []
    for pair in comments:
        number = texts.setdefault(pair, len(found))
        if number == len(found):
            terms = terms_of(*pair, expressions)
            found.append([forms.setdefault(term, len(forms)) for term in terms])
        text_of.append(number)
        spoken.append(_NUMBER.get(pair[1], len(LANGUAGES)))
    which = np.array(text_of, dtype=np.int64)
    form = np.array([one for text in found for one in text], dtype=np.int64)
    text = np.repeat(np.arange(len(found)), [len(one) for one in found]).astype(np.int64)
    copies = np.bincount(which, minlength=len(found))
    written = np.bincount(form, weights=copies[text], minlength=len(forms)).astype(np.int64)
    keys, term_of, names = names_of(list(forms), written)
    size = max(len(names), 1)
    entries, tokens = np.unique(text * size + term_of[form], return_counts=True)
    sizes = np.bincount(entries // size, minlength=len(found))
    row = _expanded(sizes, which)
    return TermCodes(
        comment=np.repeat(np.arange(which.size), sizes[which]),
        term=(entries % size)[row],
        tokens=tokens.astype(np.int64)[row],
        keys=keys,
        names=names,
        language=np.array(spoken, dtype=np.int64),
    )


def terms_of(text: str, language: str, expressions: Expressions) -> list[Term]:
    """Return the terms of one comment, each as often as it stands there.

    Args:
        text: A comment without personal data.
        language: Its language.
        expressions: Pairs of words that are one term.
    """
    pairs = expressions.get(language)
    if not pairs:
        return comment_terms(text, language)
    return joined_terms(spoken_terms(text, language), pairs)


def _expanded(sizes: Codes, which: Codes) -> Codes:
    """Return the places of the entries of each text in turn; text i has ``sizes[i]`` of them."""
    own = sizes[which]
    before = np.cumsum(own) - own
    first = np.cumsum(sizes) - sizes
    places: Codes = np.arange(own.sum()) - np.repeat(before - first[which], own)
    return places


def names_of(forms: list[Term], written: Codes) -> tuple[list[str], Codes, list[str]]:
    """Return the terms, the term of each form, and of each term the form that most people write.

    Of forms as frequent, it is the one with accents, then the first by letters.

    Args:
        forms: Each different term as it is counted and as it is written.
        written: How often each is written so.
    """
    keys: dict[str, int] = {}
    term_of = np.array([keys.setdefault(key, len(keys)) for key, _ in forms], dtype=np.int64)
    order = sorted(range(len(forms)), key=lambda i: (-written[i], forms[i][1].isascii(), forms[i]))
    best: dict[int, str] = {}
    for i in order:
        best.setdefault(int(term_of[i]), forms[i][1])
    return list(keys), term_of, [best[term] for term in range(len(keys))]


def count_terms(
    comments: Iterable[tuple[str, str]], expressions: Expressions = NO_EXPRESSIONS
) -> list[tuple[str, int, int]]:
    """Return (term as most people write it, comments that have it, occurrences), most common first.

    Args:
        comments: (text, language) pairs, without personal data.
        expressions: Pairs of words that are one term.

    Example:
        >>> count_terms([("Slow, slow website", "en"), ("The website is not good", "en")])
        [('website', 2, 2), ('slow', 1, 2), ('not good', 1, 1)]
    """
    codes = code_terms(comments, expressions)
    n_comments, n_tokens = codes.counts()
    rows = zip(codes.names, n_comments.tolist(), n_tokens.tolist(), strict=True)
    return sorted(rows, key=lambda row: (-row[1], -row[2], row[0]))
