"""Which terms mark one set of comments against another: the figures, from counts of comments.

A comment has a term or it does not, so the count of a term is binomial: comments that have it, of
all comments. The prior is one comment with the term and one without, divided between the two sets
by their size. So both shares are moved by the same rule: a term that a smaller share of the group
has never marks the group, and no count is zero. Comments are compared within their language.
"""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.scores.multiple import benjamini_hochberg
from feedback_nlp.scores.quantiles import quantile
from feedback_nlp.words.codes import Codes, TermCodes, code_terms
from feedback_nlp.words.strata import exact_p, mantel_haenszel, signed_g2
from feedback_nlp.words.tables import without_personal_data

PRIOR_COMMENTS = 1.0


class MarkingTerm(NamedTuple):
    """A term that marks comments: in how many of them it is, in how many others, how strongly."""

    term: str
    n_inside: int
    n_outside: int
    z: float
    q_value: float


def figures(
    n_group: Codes, total_group: Codes, n_reference: Codes, total_reference: Codes, *,
    prior_comments: float = PRIOR_COMMENTS, confidence: float = 0.95,
) -> dict[str, NDArray[np.float64]]:  # fmt: skip
    """Return log-odds, interval, z, p and q of terms, from the comments that have each.

    Args:
        n_group: Comments of the group with each term, terms × languages.
        total_group: Comments of the group in each language.
        n_reference: Comments of the reference with each term, terms × languages.
        total_reference: Comments of the reference in each language.
        prior_comments: Comments with the term, and as many without, that are added; above 0.
        confidence: Level of the intervals.

    Returns:
        ``log_odds``, ``low``, ``high``, ``z``, ``g2`` (the size of the signed sum), ``p_value``
        (the exact test: z is too cautious for a term that one set never has) and ``q_value``;
        ``log_odds`` and z are missing where no language with the term is in both sets.
    """
    counts = n_group, total_group, n_reference, total_reference
    found = mantel_haenszel(*counts, prior=prior_comments)
    half = quantile(confidence) * np.sqrt(found.variance)
    p_value = np.where(np.isnan(found.delta), np.nan, exact_p(*counts))
    return {
        "log_odds": found.delta,
        "low": found.delta - half,
        "high": found.delta + half,
        "z": found.z,
        "g2": np.abs(signed_g2(*counts)),
        "p_value": p_value,
        "q_value": benjamini_hochberg(p_value),
    }


def strengths(found: dict[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return G² with the sign of the log-odds: what terms are ranked by."""
    return np.asarray(np.sign(found["log_odds"]) * found["g2"], dtype=np.float64)


def marking_terms(
    inside: Iterable[tuple[str, str]] | TermCodes,
    outside: Iterable[tuple[str, str]] | TermCodes,
    *,
    rows: NDArray[np.bool_] | None = None,
    unlike: TermCodes | None = None,
    top: int = 8,
    min_comments: int = 3,
    max_q: float = 0.05,
) -> list[MarkingTerm]:
    """Return the terms that mark a set of comments against others, strongest (G²) first.

    A term marks the set if it is in more of its comments than of others in the same language,
    beyond chance: q over all terms that ``min_comments`` or more of all comments have. Terms are as
    in ``comment_terms``: stop words are none, and a negator goes with its word. Personal data is
    left out.

    Args:
        inside: (text, language) of each comment of the set, or of its evidence; or what
            ``code_comments`` made of them.
        outside: The same of the other comments.
        rows: Which of the other comments count; all if not given.
        unlike: Further comments; terms that are in as large a share of them mark nothing.
        top: How many terms at most.
        min_comments: In how many comments of the set a term must be.
        max_q: Largest q that is beyond chance; 1 for every term that is in more of the set.

    Returns:
        At most ``top`` terms; none if a set is empty.

    Example:
        >>> inside = [("The parcel was late", "en")] * 9
        >>> found = marking_terms(inside, [("A fine parcel", "en")] * 9)
        >>> [(term.term, term.n_inside, term.n_outside) for term in found]
        [('late', 9, 0)]
    """
    first = inside if isinstance(inside, TermCodes) else code_comments(inside)
    second = outside if isinstance(outside, TermCodes) else code_comments(outside)
    keys = first.keys + sorted(set(second.keys) - set(first.keys))
    counts, total = _counts(first, keys)
    others, total_others = _counts(second, keys, rows)
    tested = np.flatnonzero(counts.sum(axis=1) + others.sum(axis=1) >= min_comments)
    counts, others = counts[tested], others[tested]
    found = figures(counts, total, others, total_others)
    marks = (counts.sum(axis=1) >= min_comments) & (found["z"] > 0) & (found["q_value"] <= max_q)
    if unlike is not None:
        same, total_same = _counts(unlike, keys)
        excess = mantel_haenszel(counts, total, same[tested], total_same, prior=PRIOR_COMMENTS)
        marks &= ~(excess.delta <= 0)  # what cannot be compared stays
    strength = strengths(found)
    names = [first.names[term] if term < len(first.names) else "" for term in tested]
    ranked = sorted(np.flatnonzero(marks), key=lambda i: (-strength[i], names[i]))
    return [
        MarkingTerm(
            term=names[i],
            n_inside=int(counts[i].sum()),
            n_outside=int(others[i].sum()),
            z=float(found["z"][i]),
            q_value=float(found["q_value"][i]),
        )
        for i in ranked[:top]
    ]


def _counts(
    codes: TermCodes, keys: list[str], rows: NDArray[np.bool_] | None = None
) -> tuple[Codes, Codes]:
    """Return how many comments of each language have each of the terms, and how many there are."""
    place = {key: number for number, key in enumerate(keys)}
    own, total = codes.by_language(rows)
    at = np.array([place.get(key, -1) for key in codes.keys], dtype=np.int64)
    counts = np.zeros((len(keys), own.shape[1]), dtype=np.int64)
    counts[at[at >= 0]] = own[at >= 0]
    return counts, total


def code_comments(comments: Iterable[tuple[str, str]]) -> TermCodes:
    """Return the terms of comments as numbers, personal data left out.

    Args:
        comments: (text, language) pairs.
    """
    clean = cache(without_personal_data)
    return code_terms((clean(text), language) for text, language in comments)
