"""Which theme the comments that have a term are most like, by the vectors of an encoder."""

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from feedback_nlp.language import stable_hash
from feedback_nlp.schema import themes_without_subject
from feedback_nlp.words.codes import Codes, TermCodes
from feedback_nlp.words.tables import Mask

MOST_READ = 2_000  # comments of each side
_LEAST = 3  # comments of a theme that are compared with
Floats = npt.NDArray[np.float64]


class Encoder(Protocol):
    """Turns comments into vectors: ``load_encoder``, or anything with an ``encode``."""

    def encode(self, texts: Iterable[str]) -> npt.NDArray[np.float32]:
        """Return one row for each comment."""
        ...


def nearest_themes(
    codes: TermCodes,
    terms: Codes,
    bare: Mask,
    texts: Sequence[str],
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    encoder: Encoder,
) -> pd.DataFrame:
    """Return, for each term, the theme whose comments are most like those without a theme.

    Of either side 2,000 comments are read at most, those of the smallest hashes, so it hangs on
    neither order nor chance.

    Args:
        codes: The terms of the comments.
        terms: Numbers of the terms that are looked at.
        bare: Which comments mention no theme.
        texts: The comments, without personal data.
        comments: Their table.
        mentions: The mentions of these comments.
        encoder: What turns comments into vectors.

    Returns:
        ``nearest_theme``, a top theme with a subject that three comments or more mention; missing
        if there is none, or no comment that was read has the term; and ``likeness``, −1 to 1, the
        cosine of the mean comments, from which the mean of all is taken.
    """
    read = np.sort(np.concatenate([_some(np.flatnonzero(side), texts) for side in (bare, ~bare)]))
    rows = np.asarray(encoder.encode([texts[at] for at in read]), dtype=np.float64)
    rows -= rows.mean(axis=0, keepdims=True) if len(rows) else 0.0
    place = np.full(len(texts), -1, dtype=np.int64)
    place[read] = np.arange(len(read))
    names, comment, theme = _themed(comments, mentions)
    of_themes, n_themes = _means(theme, place[comment], rows, len(names))
    number = np.full(len(codes.names), -1, dtype=np.int64)
    number[terms] = np.arange(len(terms))
    used = (number[codes.term] >= 0) & bare[codes.comment]
    of_terms, n_terms = _means(
        number[codes.term[used]], place[codes.comment[used]], rows, len(terms)
    )
    like = of_terms @ of_themes.T
    like[:, n_themes < _LEAST] = -np.inf
    best = like.max(axis=1, initial=-np.inf)
    known = np.isfinite(best) & (n_terms > 0)
    chosen = [names[at] for at in like.argmax(axis=1)] if names else [""] * len(terms)
    return pd.DataFrame(
        {
            "nearest_theme": pd.Series(chosen, dtype="str").where(known),
            "likeness": np.where(known, np.round(best, 4), np.nan),
        }
    )


def _some(rows: Codes, texts: Sequence[str]) -> Codes:
    """Return some comments, those of the smallest hashes."""
    if len(rows) <= MOST_READ:
        return rows
    hashes = [stable_hash(texts[at]) for at in rows.tolist()]
    order = sorted(range(len(rows)), key=lambda at: (hashes[at], at))
    return rows[np.array(order[:MOST_READ], dtype=np.int64)]


def _themed(comments: pd.DataFrame, mentions: pd.DataFrame) -> tuple[list[str], Codes, Codes]:
    """Return the top themes with a subject, and comment and theme of each pair of these."""
    names = mentions["theme"].astype("str")
    kept = ~names.isin(themes_without_subject(mentions)).to_numpy()
    row = pd.Index(comments["comment_id"].astype("object")).get_indexer(
        pd.Index(mentions.loc[kept, "comment_id"].astype("object"))
    )
    theme, themes = pd.factorize(names[kept].str.split(".").str[0], sort=True)
    pairs = np.unique(np.stack([row[row >= 0], theme[row >= 0]], axis=1), axis=0)
    return [str(name) for name in themes], pairs[:, 0], pairs[:, 1]


def _means(group: Codes, place: Codes, rows: Floats, size: int) -> tuple[Floats, Codes]:
    """Return the mean row of each group, of length one, and how many rows it has.

    Args:
        group: The group of each entry.
        place: Its row; −1 where it was not read.
        rows: The rows.
        size: How many groups there are.
    """
    there = place >= 0
    sums = np.zeros((size, rows.shape[1]))
    np.add.at(sums, group[there], rows[place[there]])
    lengths = np.sqrt((sums * sums).sum(axis=1, keepdims=True))
    counts: Codes = np.bincount(group[there], minlength=size)
    return np.divide(sums, lengths, out=np.zeros_like(sums), where=lengths > 0), counts
