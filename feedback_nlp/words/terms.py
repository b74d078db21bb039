"""The terms of a comment: words, emoji, and a negation with the word it turns around.

A term is counted once for each comment, whatever the number of times it stands there. ``not
good``, ``niet goed`` and ``ikke bra`` are one term each; stop words and bare numbers are none.
Inflected forms of a word are counted together (``lemmas``).
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from feedback_nlp.patterns import normalise
from feedback_nlp.words.function_words import FunctionWords, function_words
from feedback_nlp.words.lemmas import base_form

MAX_TERM = 40
_REACH = 3
_REMEMBERED = 100_000  # words of which it is known what they are
_REMEMBERED_TEXTS = 50_000
_NO_WORD = -2  # the place of what never goes with the word beside it
Term = tuple[str, str]  # the form a term is counted under, the form written


class Spoken(NamedTuple):
    """A term where it stands: the form it is counted under, the form written, its place.

    Two terms with places one apart are words side by side; negations and emoji have none.
    """

    key: str
    written: str
    place: int = _NO_WORD


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

    terms: list[Spoken] = field(default_factory=list)
    negator: Spoken | None = None
    skipped: list[Spoken] = field(default_factory=list)

    def begin_negation(self, negator: Spoken) -> None:
        """Let a negator wait for its word; of two in a row the last one counts."""
        self.negator = negator
        self.skipped.clear()

    def add(self, term: Spoken) -> None:
        """Take a content word, together with the negator that waits for one."""
        self.terms.append(_joined(self.negator, term) if self.negator else term)
        self.negator = None

    def skip(self, term: Spoken) -> None:
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
        if self.terms and self.terms[-1].key.replace("-", "").replace("'", "").isalnum():
            self.terms.append(_joined(self.terms.pop(), self.negator))
        elif self.skipped:
            self.terms.append(_joined(self.negator, self.skipped[0]))
        else:
            self.terms.append(self.negator._replace(place=_NO_WORD))
        self.negator = None


def _joined(first: Spoken, second: Spoken) -> Spoken:
    return Spoken(f"{first.key} {second.key}", f"{first.written} {second.written}")


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
    return [(term.key, term.written) for term in spoken_terms(text, language)]


@lru_cache(maxsize=_REMEMBERED_TEXTS)
def spoken_terms(text: str, language: str) -> tuple[Spoken, ...]:
    """Return the terms of one comment in order, each with its place among the words.

    A report counts the same comments many times, so what was found is remembered.

    Example:
        >>> [term.place for term in spoken_terms("Customer service, and the customer", "en")]
        [0, 1, 5]
    """
    found: list[Spoken] = []
    clause = _Clause()
    place = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "word":
            for role, (key, written) in _roles(match.group(), language):
                clause = _take(role, Spoken(key, written, place), clause, found)
                place += 1
            continue
        place += 1
        if kind == "stop":
            clause = _next_clause(clause, found)
        elif kind == "emoji":
            emoji = _SKIN.sub("", match.group())
            clause.terms.append(Spoken(emoji, emoji))
    _next_clause(clause, found)
    return tuple(found)


@lru_cache(maxsize=_REMEMBERED)
def _roles(word: str, language: str) -> tuple[tuple[str, Term], ...]:
    """Return what a word is in a language, for each part that the language writes as a word."""
    words = function_words(language)
    found = []
    for part in words.pieces(normalise(word)):
        key = words.key(part)
        role = _role(key, words)
        found.append((role, (_counted_under(part, key, words) if role == "term" else key, part)))
    return tuple(found)


def _counted_under(word: str, key: str, words: FunctionWords) -> str:
    """Return what a content word is counted under: its base form, unless that says nothing."""
    if word in words.keep_accents:
        return key
    base = words.key(base_form(word, words.language))
    return base if base == key or _role(base, words) == "term" else key


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


def _take(role: str, term: Spoken, clause: _Clause, found: list[Spoken]) -> _Clause:
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


def _next_clause(clause: _Clause, found: list[Spoken]) -> _Clause:
    clause.close()
    found.extend(clause.terms)
    return _Clause()
