"""What the words of a cloud are sized by, and how they are spoken of: tables, no pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.schema import POLARITIES, check_mentions
from feedback_nlp.scores.choosing import definition_of
from feedback_nlp.words.codes import code_terms
from feedback_nlp.words.expressions import Expressions
from feedback_nlp.words.keyness import keyed_keyness
from feedback_nlp.words.sides import REST
from feedback_nlp.words.tables import (
    clean_texts,
    evidence_texts,
    expressions_of,
    group_numbers,
    languages_of,
    select_comments,
)

MAX_Q = 0.05
MIN_N = 10
_KNOWN = 0.25  # share of the comments with a word in which its polarity must be known
_PREVAILS = 1 / 3
Column: TypeAlias = NDArray[np.int64] | NDArray[np.float64] | NDArray[np.str_]
_KEPT = (
    "term", "key", "n_group", "n_tokens_group", "n_reference", "n_tokens_reference", "share_group",
    "share_reference", "log_odds", "low", "high", "g2", "p_value", "q_value",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose words a cloud is of.

    Attributes:
        group: A group of the rating; all if none.
        rating: The rating column that makes the groups.
        theme: Only comments that mention it.
        polarity: Only comments with a mention of it.
        reference: Whose words the group's are compared with; none for plain numbers of comments.
    """

    group: str | None
    rating: str
    theme: str | None
    polarity: str | None
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sized:
    """The words of a cloud.

    Attributes:
        table: One row a word, the heaviest first, with ``key`` (what it is counted under).
        weights: What the size of each goes by.
        n_comments: Comments of the group.
        n_reference: Comments of the reference, if there is one.
    """

    table: pd.DataFrame
    weights: NDArray[np.float64]
    n_comments: int
    n_reference: int | None = None


def sized(comments: pd.DataFrame, mentions: pd.DataFrame | None, asked: Asked) -> Sized:
    """Return the words that are asked for, with what they are sized by.

    With mentions the table also has the columns of ``polarity_columns``.
    """
    if mentions is None and asked.reference is not None:
        return _by_keyness(comments, mentions, asked)
    chosen = select_comments(
        comments, mentions, group=asked.group, rating=asked.rating, theme=asked.theme,
        polarity=asked.polarity,
    )  # fmt: skip
    expressions, texts = expressions_of(comments), clean_texts(chosen["text"])
    words = (
        _by_comments(texts, chosen, expressions) if asked.reference is None
        else _by_keyness(comments, mentions, asked)
    )  # fmt: skip
    if mentions is None:
        return words
    check_mentions(mentions, comments)
    spoken = polarity_columns(words.table, chosen, texts, mentions, expressions)
    return Sized(
        table=words.table.assign(**spoken),
        weights=words.weights,
        n_comments=words.n_comments,
        n_reference=words.n_reference,
    )


def _by_comments(texts: Sequence[str], chosen: pd.DataFrame, expressions: Expressions) -> Sized:
    """Return the words of comments by the number of comments that have them."""
    codes = code_terms(zip(texts, languages_of(chosen), strict=True), expressions)
    n_comments, n_tokens = codes.counts()
    table = pd.DataFrame(
        {
            "term": pd.array(codes.names, dtype="str"),
            "key": pd.array(codes.keys, dtype="str"),
            "n_comments": n_comments,
            "n_tokens": n_tokens,
        }
    ).sort_values(["n_comments", "n_tokens", "term"], ascending=[False, False, True])
    table = table.reset_index(drop=True)
    weights = table["n_comments"].to_numpy(dtype=np.float64)
    return Sized(table=table, weights=weights, n_comments=len(chosen))


def _by_keyness(comments: pd.DataFrame, mentions: pd.DataFrame | None, asked: Asked) -> Sized:
    """Return the words that mark the group against the reference, by the root of G²."""
    compared = keyed_keyness(
        comments, mentions, group=asked.group or REST, reference=asked.reference or REST,
        rating=asked.rating, theme=asked.theme, polarity=asked.polarity, within="comment",
        min_n=MIN_N,
    )  # fmt: skip
    notes = compared.attrs["keyness"]
    marks = (compared["log_odds"] > 0) & (compared["q_value"] <= MAX_Q)
    table = compared.loc[marks, list(_KEPT)].reset_index(drop=True)
    table = table.rename(
        columns={"n_group": "n_comments", "n_tokens_group": "n_tokens", "share_group": "share"}
    )
    table.attrs = {}
    return Sized(
        table=table,
        weights=np.sqrt(table["g2"].to_numpy(dtype=np.float64)),
        n_comments=int(notes["n_group"]),
        n_reference=int(notes["n_reference"]),
    )


def opposite(comments: pd.DataFrame, group: str, rating: str) -> str:
    """Return the group that a group is compared with: the other end, or the rest for the middle.

    Example:
        >>> opposite(pd.DataFrame({"csat": [1, 5]}), "dissatisfied", "csat")
        'satisfied'
    """
    definition = definition_of(comments, rating)
    number = group_numbers(definition).get(group, 1)
    own = definition.groups if group in definition.groups else ("detractors", REST, "promoters")
    return (own[2], REST, own[0])[number]


def polarity_columns(
    table: pd.DataFrame,
    chosen: pd.DataFrame,
    texts: Sequence[str],
    mentions: pd.DataFrame,
    expressions: Expressions,
) -> dict[str, Column]:
    """Return how the comments that have a word speak of it.

    Args:
        table: The words: ``key``, ``n_comments``.
        chosen: The comments they were counted in.
        texts: Their texts, without personal data.
        mentions: The mentions of these comments.
        expressions: The expressions they were counted with.

    Returns:
        Columns for the table: ``n_negative``, ``n_neutral`` and ``n_positive``, the comments in
        which the evidence of a mention of that polarity holds the word (one comment may count in
        several); ``n_unknown``, those in which none does, or only of a mention of unknown
        polarity; ``net_polarity``, (n_positive − n_negative) ÷ the others, missing where there are
        none; and ``polarity``: ``negative`` or ``positive`` where the net polarity is a third or
        more to that side, ``neutral`` where most of what is left is, ``mixed`` otherwise, and
        ``unknown`` where the polarity is known in fewer than one in four comments with the word.
    """
    counts = {name: np.zeros(len(table), dtype=np.int64) for name in (*POLARITIES, "any")}
    row = pd.Index(chosen["comment_id"]).get_indexer(pd.Index(mentions["comment_id"]))
    known_polarity = mentions["polarity"].isin(POLARITIES).to_numpy()
    said = mentions.assign(row=row)[(row >= 0) & known_polarity]
    languages = np.array(languages_of(chosen), dtype=object)
    of_polarity = said["polarity"].astype("str").to_numpy()
    for name in counts:
        own = said if name == "any" else said[of_polarity == name]
        rows = np.unique(own["row"].to_numpy())
        evidence = evidence_texts({int(at): texts[at] for at in rows}, own)
        codes = code_terms(zip(evidence, languages[rows], strict=True), expressions)
        found = dict(zip(codes.keys, codes.counts()[0].tolist(), strict=True))
        counts[name] = np.array([found.get(key, 0) for key in table["key"]], dtype=np.int64)
    total = table["n_comments"].to_numpy(dtype=np.int64)
    known = np.minimum(counts["any"], total)  # evidence may cut an expression into its words
    n = {name: np.minimum(counts[name], total) for name in POLARITIES}
    net = np.full(len(table), np.nan)
    np.divide(n["positive"] - n["negative"], known, out=net, where=known > 0)
    return {
        **{f"n_{name}": n[name] for name in POLARITIES},
        "n_unknown": total - known,
        "net_polarity": net,
        "polarity": _prevailing(n, known, total, net),
    }


def _prevailing(
    n: Mapping[str, NDArray[np.int64]], known: NDArray[np.int64], total: NDArray[np.int64],
    net: NDArray[np.float64],
) -> NDArray[np.str_]:  # fmt: skip
    told = (known > 0) & (known >= _KNOWN * total)
    level = np.nan_to_num(net)
    choices = [
        ~told, level <= -_PREVAILS, level >= _PREVAILS,
        2 * n["neutral"] > n["negative"] + n["positive"] + n["neutral"],
    ]  # fmt: skip
    return np.select(choices, ["unknown", "negative", "positive", "neutral"], default="mixed")
