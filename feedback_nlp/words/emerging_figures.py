"""Terms of some comments against those of others: counts, shares, log-odds and tests, in a table.

The figures of ``keyness``, with intervals of the shares; where terms come and go anyway, their
spread widens the intervals and the p-value.
"""

import numpy as np
import pandas as pd

from feedback_nlp.errors import FeedbackError
from feedback_nlp.scores.intervals import wilson
from feedback_nlp.scores.multiple import benjamini_hochberg
from feedback_nlp.words.codes import Codes, TermCodes
from feedback_nlp.words.emerging_spread import Spread
from feedback_nlp.words.marking import figures
from feedback_nlp.words.odds import Floats
from feedback_nlp.words.tables import Mask

Sides = tuple[Mask, Mask]


def check_numbers(min_comments: object, min_n: object) -> None:
    """Raise if one of the two is no whole number above 0.

    Raises:
        FeedbackError: Names it.
    """
    for name, given in (("min_comments", min_comments), ("min_n", min_n)):
        if not isinstance(given, int | np.integer) or isinstance(given, bool) or given < 1:
            raise FeedbackError(f"{name} is {given!r}; give a whole number, 1 or more.")


def comparable(codes: TermCodes, sides: Sides, min_comments: int) -> tuple[Codes, int]:
    """Return the numbers of the terms that can be compared, and how many cannot.

    A term is compared if ``min_comments`` of both sides together have it, and if it is in a
    language that both write. The rule does not know which side has it, so it does not bend p.
    """
    (own, total), (other, whole) = (codes.by_language(side) for side in sides)
    enough = np.flatnonzero((own + other).sum(axis=1) >= min_comments)
    shared = ((own + other)[enough] * ((total > 0) & (whole > 0))).sum(axis=1) > 0
    return enough[shared], int((~shared).sum())


def risen(
    codes: TermCodes, terms: Codes, sides: Sides, names: tuple[str, str], *, confidence: float,
    spread: Spread | None = None,
) -> tuple[pd.DataFrame, Codes]:  # fmt: skip
    """Return the terms that the first side has more of, the clearest first, and their numbers.

    Args:
        codes: The terms of the comments.
        terms: Numbers of those that are compared; q is over all of them.
        sides: Which comments are of the first side, and which of the second.
        names: What the two are called in the columns.
        confidence: Level of the intervals.
        spread: How much the terms come and go anyway; as chance has it, if not given.
    """
    counts = [codes.by_language(side) for side in sides]
    own, other = (count[terms] for count, _ in counts)
    found = figures(own, counts[0][1], other, counts[1][1], confidence=confidence)
    factor = np.ones(terms.size) if spread is None else spread.factor
    table = pd.DataFrame({"term": pd.array([codes.names[term] for term in terms], dtype="str")})
    for name, count, side in zip(names, (own, other), sides, strict=True):
        n, whole = count.sum(axis=1), max(int(side.sum()), 1)
        table[f"n_{name}"], table[f"share_{name}"] = n, n / whole
        ends = wilson(n / factor, whole / factor, level=confidence)
        table[f"share_{name}_low"], table[f"share_{name}_high"] = ends
    wide = np.sqrt(factor)
    table["log_odds"] = found["log_odds"]
    for end in ("low", "high"):
        table[end] = found["log_odds"] + (found[end] - found["log_odds"]) * wide
    table["g2"], table["spread"], table["p_value"] = found["g2"], factor, found["p_value"]
    if spread is not None:
        table["p_value"] = np.maximum(found["p_value"], _p_with_spread(found["g2"], spread))
    table["q_value"] = benjamini_hochberg(table["p_value"].to_numpy())
    order = table[table["log_odds"] > 0].sort_values(
        ["p_value", "g2", "term"], ascending=[True, False, True]
    )
    return order.reset_index(drop=True), terms[order.index.to_numpy()]


def _p_with_spread(g2: Floats, spread: Spread) -> Floats:
    """Return the two-sided p of the root of G², with the variance that terms have anyway."""
    from scipy.stats import t as student

    return np.asarray(2 * student.sf(np.sqrt(g2 / spread.factor), spread.freedom))
