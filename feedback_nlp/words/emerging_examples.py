"""One comment for each term that shows how it is used."""

from collections.abc import Sequence

import numpy as np

from feedback_nlp.words.codes import Codes, TermCodes
from feedback_nlp.words.tables import Mask

_LENGTH = 120  # characters of a comment that tells enough and is read at a glance


def examples_of(
    codes: TermCodes, terms: Codes, side: Mask, texts: Sequence[str], bare: Mask | None = None
) -> Codes:
    """Return, for each term, the number of a comment that has it.

    It is one without a theme where there is one, since nothing else tells what those are about;
    of these the one whose length is nearest to 120 characters, then the first.

    Args:
        codes: The terms of the comments.
        terms: Numbers of the terms; each is in a comment of the side.
        side: Which comments count.
        texts: The comments.
        bare: Which comments mention no theme.
    """
    far = np.abs(np.array([len(text) for text in texts], dtype=np.int64) - _LENGTH)
    themed = np.zeros(far.size, dtype=bool) if bare is None else ~bare
    order = np.lexsort((np.arange(far.size), far, themed, ~side))
    rank = np.empty(far.size, dtype=np.int64)
    rank[order] = np.arange(far.size)
    best = np.full(len(codes.names), far.size, dtype=np.int64)
    np.minimum.at(best, codes.term, rank[codes.comment])
    found: Codes = order[best[terms]]
    return found
