"""Which terms mark one set of comments against another: the figures, from counts of comments.

A comment has a term or it does not, so the count of a term is binomial: comments that have it, of
all comments. The prior is one comment with the term and one without, divided between the two sets
by their size. So both shares are moved by the same rule: a term that a smaller share of the group
has never marks the group, and no count is zero.
"""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.scores.multiple import benjamini_hochberg
from feedback_nlp.scores.quantiles import quantile
from feedback_nlp.words.odds import fisher_p, g2, log_odds
from feedback_nlp.words.tables import without_personal_data
from feedback_nlp.words.terms import Codes, TermCodes, code_terms

PRIOR_COMMENTS = 1.0


class MarkingTerm(NamedTuple):
    """A term that marks comments: in how many of them it is, in how many others, how strongly."""

    term: str
    n_inside: int
    n_outside: int
    z: float
    q_value: float


def figures(
    n_group: Codes, total_group: int, n_reference: Codes, total_reference: int, *,
    prior_comments: float = PRIOR_COMMENTS, confidence: float = 0.95,
) -> dict[str, NDArray[np.float64]]:  # fmt: skip
    """Return log-odds, interval, z, p and q of terms, from the comments that have each.

    Args:
        n_group: Comments of the group with each term; every term is in a comment of either set.
        total_group: Comments of the group.
        n_reference: Comments of the reference with each term.
        total_reference: Comments of the reference.
        prior_comments: Comments with the term, and as many without, that are added; above 0.
        confidence: Level of the intervals.

    Returns:
        ``log_odds``, ``low``, ``high``, ``z``, ``g2``, ``p_value`` (Fisher's exact test: z is too
        cautious for a term that one set never has) and ``q_value``.
    """
    added = [
        prior_comments * total / max(total_group + total_reference, 1)
        for total in (total_group, total_reference)
    ]
    found = log_odds(
        n_group + added[0], total_group + 2 * added[0],
        n_reference + added[1], total_reference + 2 * added[1], prior=0.0,
    )  # fmt: skip
    half = quantile(confidence) * np.sqrt(found.variance)
    counts = (n_group, total_group, n_reference, total_reference)
    p_value = fisher_p(*counts)
    return {
        "log_odds": found.delta,
        "low": found.delta - half,
        "high": found.delta + half,
        "z": found.z,
        "g2": g2(*counts),
        "p_value": p_value,
        "q_value": benjamini_hochberg(p_value),
    }


def strengths(found: dict[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return G² with the sign of the log-odds: what terms are ranked by."""
    return np.sign(found["log_odds"]) * found["g2"]


def marking_terms(
    inside: Iterable[tuple[str, str]],
    outside: Iterable[tuple[str, str]] | TermCodes,
    *,
    rows: NDArray[np.bool_] | None = None,
    top: int = 8,
    min_comments: int = 3,
    max_q: float = 0.05,
) -> list[MarkingTerm]:
    """Return the terms that mark a set of comments against others, strongest (G²) first.

    A term marks the set if it is in more of its comments, beyond chance: q over all terms that
    ``min_comments`` or more of all comments have. Terms are as in ``comment_terms``: stop words are
    none, and a negator goes with its word. Personal data is left out.

    Args:
        inside: (text, language) of each comment of the set, or of its evidence.
        outside: (text, language) of each other comment, or what ``code_comments`` made of them.
        rows: Which of the other comments count; all if not given.
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
    first = code_comments(inside)
    second = outside if isinstance(outside, TermCodes) else code_comments(outside)
    total = second.n_comments if rows is None else int(rows.sum())
    if not first.n_comments or not total:
        return []
    keys = first.keys + list(set(second.keys) - set(first.keys))
    place = {key: number for number, key in enumerate(keys)}
    n_inside, n_outside = np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=np.int64)
    n_inside[: len(first.keys)] = first.counts()[0]
    n_outside[[place[key] for key in second.keys]] = second.counts(rows)[0]
    tested = np.flatnonzero(n_inside + n_outside >= min_comments)
    found = figures(n_inside[tested], first.n_comments, n_outside[tested], total)
    marks = (n_inside[tested] >= min_comments) & (found["z"] > 0) & (found["q_value"] <= max_q)
    strength = strengths(found)
    names = [first.names[term] if term < len(first.names) else "" for term in tested]
    ranked = sorted(np.flatnonzero(marks), key=lambda i: (-strength[i], names[i]))
    return [
        MarkingTerm(
            term=names[i],
            n_inside=int(n_inside[tested[i]]),
            n_outside=int(n_outside[tested[i]]),
            z=float(found["z"][i]),
            q_value=float(found["q_value"][i]),
        )
        for i in ranked[:top]
    ]


def code_comments(comments: Iterable[tuple[str, str]]) -> TermCodes:
    """Return the terms of comments as numbers, personal data left out.

    Args:
        comments: (text, language) pairs.
    """
    clean = cache(without_personal_data)
    return code_terms((clean(text), language) for text, language in comments)
