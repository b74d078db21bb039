"""The terms of a comment: words, emoji, and a negation with the word it turns around.

A term is counted once for each comment, whatever the number of times it stands there. ``not
good``, ``niet goed`` and ``ikke bra`` are one term each; stop words and bare numbers are none.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.patterns import normalise
from feedback_nlp.words.function_words import FunctionWords, function_words

MAX_TERM = 40
_REACH = 3
_REMEMBERED = 100_000  # words of which it is known what they are
Term = tuple[str, str]  # the form a term is counted under, the form written
Codes = NDArray[np.int64]

# Each alternative begins with characters of its own, and no part repeats within a repeat: linear.
_TOKEN = re.compile(
    r"(?P<address>(?:https?://|www\.)\S+)"
    r"|(?P<emoji>[\u2600-\u27bf\u2b50\u2b55\U0001f300-\U0001faff]"
    r"(?:[\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[\u2640\u2642\u2600-\u27bf\U0001f300-\U0001faff])*)"
    r"|(?P<word>[^\W_]+(?:['’\-][^\W_]+)*)"
    r"|(?P<stop>[.,;:!?…()\n])"
)
_SKIN = re.compile("[\ufe0f\U0001f3fb-\U0001f3ff]")


@dataclass(slots=True)
class _Clause:
    """What one clause has given so far, and the negator that waits for its word."""

    terms: list[Term] = field(default_factory=list)
    negator: Term | None = None
    skipped: list[Term] = field(default_factory=list)

    def begin_negation(self, negator: Term) -> None:
        """Let a negator wait for its word; of two in a row the last one counts."""
        self.negator = negator
        self.skipped.clear()

    def add(self, term: Term) -> None:
        """Take a content word, together with the negator that waits for one."""
        self.terms.append(_joined(self.negator, term) if self.negator else term)
        self.negator = None

    def skip(self, term: Term) -> None:
        """Pass a word that says nothing; a negator waits only so long."""
        if self.negator:
            self.skipped.append(term)
            if len(self.skipped) > _REACH:
                self.close()

    def close(self) -> None:
        """Settle a negator without a content word after it.

        It goes with the word before it ("werkt niet"), else with the verb it waited behind
        ("don't know"), else it stands alone: it is never lost.
        """
        if self.negator is None:
            return
        if self.terms and self.terms[-1][0].replace("-", "").replace("'", "").isalnum():
            self.terms.append(_joined(self.terms.pop(), self.negator))
        elif self.skipped:
            self.terms.append(_joined(self.negator, self.skipped[0]))
        else:
            self.terms.append(self.negator)
        self.negator = None


def _joined(first: Term, second: Term) -> Term:
    return f"{first[0]} {second[0]}", f"{first[1]} {second[1]}"


def comment_terms(text: str, language: str) -> list[Term]:
    """Return the terms of one comment in order, each as (form it is counted under, form written).

    Args:
        text: The comment, without personal data.
        language: ISO 639-1 code; for an unknown language the stop words of all seven count.

    Example:
        >>> [written for _, written in comment_terms("The food was not very good, 10/10 👍", "en")]
        ['food', 'not good', '👍']
        >>> [written for _, written in comment_terms("Internet werkt niet", "nl")]
        ['internet', 'werkt niet']
    """
    found: list[Term] = []
    clause = _Clause()
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "word":
            for role, term in _roles(match.group(), language):
                clause = _take(role, term, clause, found)
            continue
        if match.lastgroup == "stop":
            clause = _next_clause(clause, found)
        elif match.lastgroup == "emoji":
            emoji = _SKIN.sub("", match.group())
            clause.terms.append((emoji, emoji))
    _next_clause(clause, found)
    return found


@lru_cache(maxsize=_REMEMBERED)
def _roles(word: str, language: str) -> tuple[tuple[str, Term], ...]:
    """Return what a word is in a language, for each part that the language writes as a word."""
    words = function_words(language)
    parts = [(words.key(part), part) for part in words.pieces(normalise(word))]
    return tuple((_role(part[0], words), part) for part in parts)


def _role(key: str, words: FunctionWords) -> str:
    if key in words.negators or key == "not":
        return "negator"
    if key in words.boundaries and key not in words.degree:
        return "boundary"
    says_something = 1 < len(key) <= MAX_TERM and any(char.isalpha() for char in key)
    if key in words.stop_words or (key in words.degree and not says_something):
        return "stop word"
    if not says_something:
        return "nothing"
    return "degree" if key in words.degree else "term"


def _take(role: str, term: Term, clause: _Clause, found: list[Term]) -> _Clause:
    """Put one word where it belongs, and return the clause that goes on."""
    if role == "term":
        clause.add(term)
    elif role == "negator":
        clause.begin_negation(term)
    elif role == "boundary":
        clause = _next_clause(clause, found)
    elif role == "stop word" or (role == "degree" and clause.negator):
        clause.skip(term)
    elif role == "degree":
        clause.add(term)
    return clause


def _next_clause(clause: _Clause, found: list[Term]) -> _Clause:
    clause.close()
    found.extend(clause.terms)
    return _Clause()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TermCodes:
    """The terms of many comments as numbers: one entry for each comment and term that it has.

    Attributes:
        comment: Number of the comment of each entry, rising.
        term: Number of the term of each entry.
        tokens: How often the term stands in the comment, 1 or more.
        keys: The form each term is counted under.
        names: Each term as most people write it.
        n_comments: How many comments there are, those without a term included.
    """

    comment: Codes
    term: Codes
    tokens: Codes
    keys: list[str]
    names: list[str]
    n_comments: int

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
            n_comments=int(of.max()) + 1 if of.size else 0,
        )


def code_terms(comments: Iterable[tuple[str, str]]) -> TermCodes:
    """Return the terms of comments as numbers; comments that are alike are read once.

    Args:
        comments: (text, language) pairs, without personal data.

    Example:
        >>> found = code_terms([("Slow, slow website", "en"), ("The website is not good", "en")])
        >>> found.names, found.comment, found.term
        (['slow', 'website', 'not good'], array([0, 0, 1, 1]), array([0, 1, 1, 2]))
    """
    forms: dict[Term, int] = {}
    texts: dict[tuple[str, str], int] = {}
    found: list[list[int]] = []
    text_of: list[int] = []
    for pair in comments:
        number = texts.setdefault(pair, len(found))
        if number == len(found):
            found.append([forms.setdefault(term, len(forms)) for term in comment_terms(*pair)])
        text_of.append(number)
    which = np.array(text_of, dtype=np.int64)
    form = np.array([one for text in found for one in text], dtype=np.int64)
    text = np.repeat(np.arange(len(found)), [len(one) for one in found]).astype(np.int64)
    copies = np.bincount(which, minlength=len(found))
    written = np.bincount(form, weights=copies[text], minlength=len(forms)).astype(np.int64)
    keys, term_of, names = _names(list(forms), written)
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
        n_comments=which.size,
    )


def _expanded(sizes: Codes, which: Codes) -> Codes:
    """Return the places of the entries of each text in turn; text i has ``sizes[i]`` of them."""
    own = sizes[which]
    before = np.cumsum(own) - own
    first = np.cumsum(sizes) - sizes
    places: Codes = np.arange(own.sum()) - np.repeat(before - first[which], own)
    return places


def _names(forms: list[Term], written: Codes) -> tuple[list[str], Codes, list[str]]:
    """Return the terms, the term of each form, and of each term the form that most people write.

    Of forms as frequent, it is the one with accents, then the first by letters.
    """
    keys: dict[str, int] = {}
    term_of = np.array([keys.setdefault(key, len(keys)) for key, _ in forms], dtype=np.int64)
    order = sorted(range(len(forms)), key=lambda i: (-written[i], forms[i][1].isascii(), forms[i]))
    best: dict[int, str] = {}
    for i in order:
        best.setdefault(int(term_of[i]), forms[i][1])
    return list(keys), term_of, [best[term] for term in range(len(keys))]


def count_terms(comments: Iterable[tuple[str, str]]) -> list[tuple[str, int, int]]:
    """Return (term as most people write it, comments that have it, occurrences), most common first.

    Args:
        comments: (text, language) pairs, without personal data.

    Example:
        >>> count_terms([("Slow, slow website", "en"), ("The website is not good", "en")])
        [('website', 2, 2), ('slow', 1, 2), ('not good', 1, 1)]
    """
    codes = code_terms(comments)
    n_comments, n_tokens = codes.counts()
    rows = zip(codes.names, n_comments.tolist(), n_tokens.tolist(), strict=True)
    return sorted(rows, key=lambda row: (-row[1], -row[2], row[0]))
