"""Keyness: the terms that mark one group's comments against another's, with both counts and q."""

from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, Literal

import numpy as np
import pandas as pd

from feedback_nlp.errors import FeedbackError
from feedback_nlp.schema import check_mentions, respondent_ids
from feedback_nlp.scores.quantiles import quantile
from feedback_nlp.words.codes import Codes, TermCodes, code_terms
from feedback_nlp.words.expressions import Expressions
from feedback_nlp.words.marking import PRIOR_COMMENTS, figures, strengths
from feedback_nlp.words.remarks import remarks
from feedback_nlp.words.sides import Side, name_of, two_sides
from feedback_nlp.words.tables import (
    Mask,
    clean_texts,
    evidence_texts,
    expressions_of,
    languages_of,
    mentioning,
    readable,
)

Unit = Literal["comment", "respondent"]
Within = Literal["evidence", "comment"]
_LARGEST_PRIOR = 1_000_000_000


def keyness(
    comments: pd.DataFrame,
    mentions: pd.DataFrame | None = None,
    *,
    group: Side = "detractors",
    reference: Side = "promoters",
    rating: str = "nps",
    theme: str | None = None,
    polarity: str | None = None,
    within: Within = "evidence",
    per: Unit = "comment",
    min_comments: int = 5,
    min_n: int = 10,
    prior_comments: float = PRIOR_COMMENTS,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the terms that mark one group's comments against another's.

    A comment counts a term once, however often it stands there. With y of the n comments of a group
    having the term, N comments in both groups and a = n ÷ N, ``log_odds`` is
    ln[(y + a) ÷ (n − y + a)] of the group minus that of the reference: the log-odds ratio of
    Monroe, Colaresi and Quinn (2008), on comments with and without the term. The prior is one
    comment with the term and one without, divided between the groups by size. The variance has four
    terms, one for each cell, and ``z`` is the log-odds over the root of it.

    Terms are as in ``term_table``: lower case, accents folded, inflected forms together, negations
    (``not good``) and expressions (``customer service``) kept whole, emoji counted, personal data,
    stop words and numbers left out.

    Comments are compared with those of the same language, those of unknown language with each
    other: ``log_odds`` is put together over languages by the rule of Mantel and Haenszel.

    Args:
        comments: A comments table.
        mentions: The mentions of these comments; needed for ``theme`` and ``polarity``.
        group: Whose terms: ``detractors``, ``passives``, ``promoters`` or the rating's own names;
            a segment as ``Channel=App``; a boolean for each comment; or ``rest``.
        reference: Against whose, the same way. ``rest``: all others with a rating, or with a value
            in the segment.
        rating: The rating column that makes the groups; high answers are the good ones.
        theme: Only what is said of this theme and those below it.
        polarity: Only what is said with this polarity (of the theme, where one is given).
        within: With a theme or polarity: ``evidence`` counts the words of the mentions only,
            ``comment`` those of the whole comment.
        per: ``comment``, or ``respondent`` to put the comments of a respondent together, so that
            who answers three questions counts once.
        min_comments: Terms that fewer comments of both groups together have are left out.
        min_n: With fewer comments in a group the table is empty.
        prior_comments: How many comments with a term, and as many without it, are added as prior,
            divided between the groups by size; above 0.
        confidence: Level of the intervals.

    Returns:
        One row a term, what marks the group first, what marks the reference last, ranked by
        ``g2``: ``term``, ``n_group`` and ``n_reference`` (comments that have it), ``share_group``
        and ``share_reference`` of the comments of each, ``n_tokens_group`` and
        ``n_tokens_reference`` (occurrences), ``log_odds`` with ``low`` and ``high``, ``z``, ``g2``
        (log-likelihood ratio), ``p_value`` (exact test, two-sided) and ``q_value``
        (Benjamini–Hochberg over the rows). ``z`` is too cautious for a term that one group never
        writes, so that ranks and p are not made from it. ``attrs["keyness"]`` says what was
        compared: ``n_group``, ``n_reference``, and ``notes`` in words, such as why the table is
        empty.

    Raises:
        ColumnError: A column is missing, or the mentions are not those of the comments.
        FeedbackError: No such group, segment, theme or polarity; groups with comments in common; or
            a number that cannot be used.

    Example:
        >>> comments = pd.DataFrame({"comment_id": range(40), "nps": [2] * 20 + [10] * 20,
        ...                          "text": ["Not helpful"] * 20 + ["Helpful staff"] * 20,
        ...                          "language": "en"})
        >>> keyness(comments)[["term", "n_group", "n_reference", "z"]].round(1)
                  term  n_group  n_reference    z
        0  not helpful       20            0  3.7
        1      helpful        0           20 -3.7
        2        staff        0           20 -3.7
    """
    return keyed_keyness(
        comments, mentions, group=group, reference=reference, rating=rating, theme=theme,
        polarity=polarity, within=within, per=per, min_comments=min_comments, min_n=min_n,
        prior_comments=prior_comments, confidence=confidence,
    ).drop(columns="key")  # fmt: skip


def keyed_keyness(
    comments: pd.DataFrame, mentions: pd.DataFrame | None, *, group: Side, reference: Side,
    rating: str, theme: str | None, polarity: str | None, within: Within, per: Unit = "comment",
    min_comments: int = 5, min_n: int = 10, prior_comments: float = PRIOR_COMMENTS,
    confidence: float = 0.95,
) -> pd.DataFrame:  # fmt: skip
    """Return what ``keyness`` returns, and ``key``: the form that each term is counted under."""
    _check(within, per)
    _check_numbers(min_comments, min_n, prior_comments)
    quantile(confidence)  # the check
    use = readable(comments)
    first, second = two_sides(comments, group, reference, rating)
    use = use & (first | second)
    chosen, n_silent = _chosen(comments, mentions, theme, polarity, within, use)
    codes, own = _coded(chosen, first[chosen["row"].to_numpy()], per, expressions_of(comments))
    totals = int(own.sum()), int((~own).sum())
    notes: dict[str, Any] = {
        "group": name_of(group), "reference": name_of(reference), "rating": rating,
        "theme": theme, "polarity": polarity, "per": per,
        "within": within if theme is not None or polarity is not None else "comment",
        "n_group": totals[0], "n_reference": totals[1], "n_without_evidence": n_silent,
        "min_comments": min_comments, "min_n": min_n, "prior_comments": prior_comments,
        "confidence": confidence,
    }  # fmt: skip
    enough = min(totals) >= max(min_n, 1)
    counts, smallest = TermCounts.of_codes(codes, own), min_comments if enough else None
    table, apart = table_of_terms(counts, smallest, prior_comments, confidence)
    notes["n_terms_apart"] = apart
    notes["notes"] = remarks(notes, codes, own, table, comments.iloc[chosen["row"].to_numpy()])
    table.attrs = {"keyness": notes}
    return table


def _check(within: str, per: str) -> None:
    for name, given, names in (
        ("within", within, ("evidence", "comment")), ("per", per, ("comment", "respondent")),
    ):  # fmt: skip
        if given not in names:
            raise FeedbackError(f"No {name} {given!r}; choose {' or '.join(names)}.")


def _check_numbers(min_comments: int, min_n: int, prior_comments: float) -> None:
    for name, given in (("min_comments", min_comments), ("min_n", min_n)):
        if not isinstance(given, Integral):
            raise FeedbackError(f"{name} is {given!r}; give a whole number, such as 10.")
    if min_comments < 1:
        raise FeedbackError(f"min_comments is {min_comments}; a term is in 1 comment or more.")
    if not isinstance(prior_comments, Real) or not 0 < prior_comments <= _LARGEST_PRIOR:
        raise FeedbackError(
            f"prior_comments is {prior_comments!r}; give a number above 0, like 1, up to "
            f"{_LARGEST_PRIOR:,}."
        )


def _chosen(
    comments: pd.DataFrame, mentions: pd.DataFrame | None, theme: str | None,
    polarity: str | None, within: str, use: Mask,
) -> tuple[pd.DataFrame, int]:  # fmt: skip
    """Return row, respondent, text and language of what is compared, and how many had no words."""
    silent = 0
    if theme is None and polarity is None:
        rows = np.flatnonzero(use)
        texts = clean_texts(comments["text"].iloc[rows])
    else:
        said = mentioning(mentions, theme, polarity)
        check_mentions(said, comments)
        row = pd.Index(comments["comment_id"]).get_indexer(pd.Index(said["comment_id"]))
        said = said.assign(row=row)[use[row]]
        rows = np.unique(said["row"].to_numpy())
        texts = clean_texts(comments["text"].iloc[rows])
        if within == "evidence":
            texts = evidence_texts(dict(zip(rows.tolist(), texts, strict=True)), said)
            spoken = np.array([bool(text.strip()) for text in texts], dtype=bool)
            silent = int((~spoken).sum())
            rows, texts = rows[spoken], [text for text in texts if text.strip()]
    frame = comments.iloc[rows]
    people = respondent_ids(frame).to_numpy()
    languages = languages_of(frame)
    return pd.DataFrame(
        {"row": rows, "respondent": people, "text": texts, "language": languages}
    ), silent


def _coded(
    chosen: pd.DataFrame, group: Mask, per: str, expressions: Expressions
) -> tuple[TermCodes, Mask]:
    """Return the terms of comments or respondents, and which are of the group."""
    codes = code_terms(zip(chosen["text"], chosen["language"], strict=True), expressions)
    if per == "comment":
        return codes, group
    # who has comments of both groups, such as of two segments, counts once in each
    person = pd.factorize(chosen["respondent"])[0] * 2 + group
    found, of = np.unique(person, return_inverse=True)
    return codes.together(of.astype(np.int64)), np.asarray(found % 2 == 1, dtype=bool)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TermCounts:
    """In how many comments of two sides each term stands.

    Attributes:
        keys: The form that each term is counted under.
        names: Each as most people write it.
        of_group: Terms × languages: comments of the group that have it.
        of_reference: The same of the reference.
        tokens_group: Occurrences of each term in the group.
        tokens_reference: The same in the reference.
        in_group: Comments of the group in each language.
        in_reference: The same of the reference.
    """

    keys: list[str]
    names: list[str]
    of_group: Codes
    of_reference: Codes
    tokens_group: Codes
    tokens_reference: Codes
    in_group: Codes
    in_reference: Codes

    @classmethod
    def of_codes(cls, codes: TermCodes, own: Mask) -> "TermCounts":
        """Count the terms of comments, of which some are of the group."""
        of_group, in_group = codes.by_language(own)
        of_reference, in_reference = codes.by_language(~own)
        return cls(
            keys=codes.keys, names=codes.names, of_group=of_group, of_reference=of_reference,
            tokens_group=codes.counts(own)[1], tokens_reference=codes.counts(~own)[1],
            in_group=in_group, in_reference=in_reference,
        )  # fmt: skip


def table_of_terms(
    counts: TermCounts, min_comments: int | None, prior: float, confidence: float
) -> tuple[pd.DataFrame, int]:
    """Return the table of terms, and how many could not be compared.

    Args:
        counts: In how many comments each term stands.
        min_comments: Terms in fewer are left out; the table is empty if not given.
        prior: How many comments with a term are added.
        confidence: Level of the intervals.
    """
    n_group, n_reference = counts.of_group.sum(axis=1), counts.of_reference.sum(axis=1)
    smallest = np.inf if min_comments is None else min_comments
    kept = np.flatnonzero(n_group + n_reference >= smallest)
    n_group, n_reference = n_group[kept], n_reference[kept]
    found = figures(
        counts.of_group[kept], counts.in_group, counts.of_reference[kept], counts.in_reference,
        prior_comments=prior, confidence=confidence,
    )  # fmt: skip
    table = pd.DataFrame(
        {
            "term": pd.array([counts.names[term] for term in kept], dtype="str"),
            "key": pd.array([counts.keys[term] for term in kept], dtype="str"),
            "n_group": n_group,
            "n_reference": n_reference,
            "share_group": n_group / max(counts.in_group.sum(), 1),
            "share_reference": n_reference / max(counts.in_reference.sum(), 1),
            "n_tokens_group": counts.tokens_group[kept],
            "n_tokens_reference": counts.tokens_reference[kept],
            **found,
        }
    )
    table = table.assign(rank=strengths(found))[~np.isnan(found["log_odds"])]
    ranked = table.sort_values(["rank", "n_group", "term"], ascending=[False, False, True])
    return ranked.drop(columns="rank").reset_index(drop=True), len(kept) - len(table)
