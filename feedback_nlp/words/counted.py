"""Keyness of more comments than fit in memory: from how many comments have each term.

The counts of parts add up, wherever they were made. They hold terms, not comments: where few
comments are counted, a term may still be what one person wrote, so ``min_comments`` is asked for
before anything is shown.
"""

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pandas as pd

from feedback_nlp.records import LANGUAGES, UNKNOWN_LANGUAGE
from feedback_nlp.words.codes import N_LANGUAGES, names_of, terms_of
from feedback_nlp.words.expressions import NO_EXPRESSIONS, Expressions
from feedback_nlp.words.keyness import TermCounts, table_of_terms
from feedback_nlp.words.marking import PRIOR_COMMENTS

KEYS = ["language", "own", "key", "form"]
_PLACE = {code: at for at, code in enumerate((*LANGUAGES, UNKNOWN_LANGUAGE))}


def term_counts(
    comments: Iterable[tuple[str, str, bool]], expressions: Expressions = NO_EXPRESSIONS
) -> pd.DataFrame:
    """Return in how many comments each term stands, by language and side.

    Args:
        comments: Text without personal data, language, and whether it is of the group (or of the
            reference).
        expressions: Pairs of words that are one term, those of all comments.

    Returns:
        ``language``, ``own``, ``key`` (the form a term is counted under), ``form`` (as it is
        written), ``n_comments`` and ``n_tokens``. Rows without a form count the comments that have
        the term, others its occurrences in that form; rows without a key count all comments.

    Example:
        >>> counts = term_counts([("Slow, slow website", "en", True), ("Fine", "en", False)])
        >>> counts[["own", "key", "form", "n_comments", "n_tokens"]].values.tolist()[:3]
        [[False, '', '', 1, 0], [False, 'fine', '', 1, 0], [False, 'fine', 'fine', 0, 1]]
    """
    having: Counter[tuple[str, bool, str, str]] = Counter()
    tokens: Counter[tuple[str, bool, str, str]] = Counter()
    for (text, spoken, own), times in Counter(comments).items():
        language = spoken if spoken in _PLACE else UNKNOWN_LANGUAGE
        terms = terms_of(text, spoken, expressions)
        having[language, own, "", ""] += times
        for key in {key for key, _ in terms}:
            having[language, own, key, ""] += times
        for key, form in terms:
            tokens[language, own, key, form] += times
    rows = [(*key, n, 0) for key, n in having.items()] + [(*key, 0, n) for key, n in tokens.items()]
    return merge_terms([pd.DataFrame(rows, columns=[*KEYS, "n_comments", "n_tokens"])])


def merge_terms(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return the counts of several parts as one table, in a fixed order.

    Args:
        parts: As ``term_counts`` returns them.
    """
    table = pd.concat(list(parts), ignore_index=True)
    table = table.astype({"own": bool, "n_comments": "int64", "n_tokens": "int64"})
    return table.groupby(KEYS, sort=True)[["n_comments", "n_tokens"]].sum().reset_index()


def keyness_of_counts(
    counts: pd.DataFrame,
    *,
    min_comments: int = 5,
    min_n: int = 10,
    prior_comments: float = PRIOR_COMMENTS,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the table of ``keyness``, from counts.

    Args:
        counts: As ``term_counts`` or ``merge_terms`` returns them.
        min_comments: Terms that fewer comments of both sides together have are left out.
        min_n: With fewer comments on a side the table is empty.
        prior_comments: As in ``keyness``.
        confidence: Level of the intervals.

    Example:
        >>> said = [("Not helpful", "en", True), ("Helpful staff", "en", False)] * 20
        >>> keyness_of_counts(term_counts(said))[["term", "n_group", "n_reference"]].values.tolist()
        [['not helpful', 20, 0], ['helpful', 0, 20], ['staff', 0, 20]]
    """
    place = counts["language"].map(_PLACE).to_numpy(np.int64)
    own = counts["own"].to_numpy(bool)
    of_all = (counts["key"] == "").to_numpy(bool)
    is_form = (counts["form"] != "").to_numpy(bool)
    n = counts["n_comments"].to_numpy(np.int64)
    codes, keys = pd.factorize(counts["key"].where(~of_all))
    totals = [
        np.bincount(place[of_all & side], n[of_all & side], minlength=N_LANGUAGES).astype(np.int64)
        for side in (own, ~own)
    ]
    having = [
        np.bincount(
            codes[rows] * N_LANGUAGES + place[rows], n[rows], minlength=len(keys) * N_LANGUAGES
        ).astype(np.int64).reshape(len(keys), N_LANGUAGES)
        for rows in (~of_all & ~is_form & own, ~of_all & ~is_form & ~own)
    ]  # fmt: skip
    said = counts["n_tokens"].to_numpy(np.int64)
    tokens = [
        np.bincount(codes[rows], said[rows], minlength=len(keys)).astype(np.int64)
        for rows in (is_form & own, is_form & ~own)
    ]
    forms = counts[is_form].groupby(["key", "form"], sort=True)["n_tokens"].sum()
    known, _, names = names_of(list(forms.index), forms.to_numpy(np.int64))
    spelt = dict(zip(known, names, strict=True))
    made = TermCounts(
        keys=[str(key) for key in keys], names=[spelt[key] for key in keys],
        of_group=having[0], of_reference=having[1], tokens_group=tokens[0],
        tokens_reference=tokens[1], in_group=totals[0], in_reference=totals[1],
    )  # fmt: skip
    enough = min(int(total.sum()) for total in totals) >= max(min_n, 1)
    smallest = min_comments if enough else None
    table, apart = table_of_terms(made, smallest, prior_comments, confidence)
    table.attrs = {
        "keyness": {
            "n_group": int(totals[0].sum()), "n_reference": int(totals[1].sum()),
            "min_comments": min_comments, "min_n": min_n, "prior_comments": prior_comments,
            "confidence": confidence, "n_terms_apart": apart,
        }
    }  # fmt: skip
    return table.drop(columns="key")
