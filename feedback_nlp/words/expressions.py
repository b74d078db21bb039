"""Two-word expressions: words that stand side by side far more often than by chance.

"Customer service" is one thing, and says more than "customer" and "service" apart. Which pairs are
expressions is found once for a whole table of comments, so that every group of it, every cloud and
every comparison counts the same terms.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from feedback_nlp.language import stable_hash
from feedback_nlp.words.terms import Spoken, Term, spoken_terms

MIN_LLR = 30.0  # as wordcloud has it, after Dunning
MIN_TEXTS = 5
MIN_SHARE = 0.002
MIN_NPMI = 0.4
MOST_COMMENTS = 5_000
Pair: TypeAlias = tuple[str, str]
Expressions: TypeAlias = Mapping[str, Mapping[Pair, float]]  # language: pair: strength
NO_EXPRESSIONS: Expressions = {}


def find_expressions(comments: Iterable[tuple[str, str]]) -> Expressions:
    """Return the two-word expressions of comments, by language, with their strength (G²).

    Two content words side by side are an expression if they are so in at least five texts and 0.2 %
    of the texts in that language, if the log-likelihood ratio (Dunning 1993) is 30 or more, and if
    the normalised pointwise mutual information (Bouma 2009) is 0.4 or more: with many comments any
    frequent pair passes the first test, "good" and "service" among them. Comments that are alike
    are one text here: a sentence that was copied does not make an expression.

    Args:
        comments: (text, language) pairs, without personal data; at most 5,000 different ones are
            read, those of ``typical_pairs``.

    Example:
        >>> said = [(f"Customer service, order {number} late", "en") for number in range(20)]
        >>> list(find_expressions(said)["en"])
        [('customer', 'service')]
    """
    by_language: dict[str, dict[str, None]] = {}
    for text, language in typical_pairs(comments):
        by_language.setdefault(language, {})[text] = None
    return {
        language: found
        for language, texts in by_language.items()
        if (found := _in_one_language(texts, language))
    }


def typical_pairs(comments: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return different (text, language) pairs: all up to 5,000, else those of the smallest hashes.

    Which they are depends neither on their order nor on how often they come.

    Args:
        comments: (text, language) pairs.
    """
    different = list(dict.fromkeys(comments))
    if len(different) <= MOST_COMMENTS:
        return different
    return sorted(different, key=lambda pair: (stable_hash(pair[0]), pair))[:MOST_COMMENTS]


def _in_one_language(texts: Collection[str], language: str) -> dict[Pair, float]:
    """Return the expressions of texts in one language."""
    words: Counter[str] = Counter()
    pairs: Counter[Pair] = Counter()
    holding: Counter[Pair] = Counter()
    for text in texts:
        spoken = spoken_terms(text, language)
        own = [(a.key, b.key) for a, b in pairwise(spoken) if _side_by_side(a, b)]
        words.update(term.key for term in spoken)
        pairs.update(own)
        holding.update(set(own))
    total = words.total()
    least = max(MIN_TEXTS, MIN_SHARE * len(texts))
    return {
        (first, second): strength
        for (first, second), n in sorted(pairs.items())
        if holding[first, second] >= least
        and _npmi(n, words[first], words[second], total) >= MIN_NPMI
        and (strength := _g2(n, words[first], words[second], total)) >= MIN_LLR
    }


def _side_by_side(first: Spoken, second: Spoken) -> bool:
    return first.place >= 0 and second.place == first.place + 1 and first.key != second.key


def _npmi(both: int, first: int, second: int, total: int) -> float:
    return math.log(both * total / (first * second)) / -math.log(both / total)


def _g2(both: int, first: int, second: int, total: int) -> float:
    """Return the log-likelihood ratio of two words side by side, over all four cells."""
    cells = ((both, first - both), (second - both, total - first - second + both))
    rows = [sum(row) for row in cells]
    columns = [sum(column) for column in zip(*cells, strict=True)]
    return 2 * sum(
        n * math.log(n * total / (rows[i] * columns[j]))
        for i, row in enumerate(cells)
        for j, n in enumerate(row)
        if n > 0
    )


def joined_terms(spoken: Sequence[Spoken], expressions: Mapping[Pair, float]) -> list[Term]:
    """Return the terms of a comment with its expressions put together; their parts count no more.

    Where two expressions share a word, the stronger one has it.

    Example:
        >>> found = joined_terms(spoken_terms("Good customer service", "en"),
        ...                      {("customer", "service"): 50.0, ("good", "customer"): 40.0})
        >>> [written for _, written in found]
        ['good', 'customer service']
    """
    strengths = [
        expressions.get((a.key, b.key), 0.0) if _side_by_side(a, b) else 0.0
        for a, b in pairwise(spoken)
    ]
    if not any(strengths):
        return [(term.key, term.written) for term in spoken]
    joins: set[int] = set()
    for at in sorted(range(len(strengths)), key=lambda at: (-strengths[at], at)):
        if strengths[at] > 0 and not joins & {at - 1, at + 1}:
            joins.add(at)
    return list(_terms(spoken, joins))


def _terms(spoken: Sequence[Spoken], joins: set[int]) -> Iterable[Term]:
    for at, term in enumerate(spoken):
        if at in joins:
            after = spoken[at + 1]
            yield f"{term.key} {after.key}", f"{term.written} {after.written}"
        elif at - 1 not in joins:
            yield term.key, term.written
