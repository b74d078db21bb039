"""Which themes go with a term, and which comments have none: what the taxonomy lacks."""

import numpy as np
import pandas as pd

from feedback_nlp.schema import themes_without_subject
from feedback_nlp.words.codes import Codes, TermCodes
from feedback_nlp.words.tables import Mask


def without_theme(comments: pd.DataFrame, mentions: pd.DataFrame, *, subject: bool = True) -> Mask:
    """Return which comments mention no theme.

    Args:
        comments: A comments table.
        mentions: The mentions of these comments, and maybe of others.
        subject: Whether only themes with a subject are themes. Then a comment that holds praise or
            blame and nothing else ("terrible") has none: nobody knows what it is about.
    """
    said = mentions["comment_id"].astype("object")
    if subject:
        said = said[~mentions["theme"].astype("str").isin(themes_without_subject(mentions))]
    return np.asarray(~comments["comment_id"].astype("object").isin(said), dtype=bool)


def themes_of(
    codes: TermCodes, terms: Codes, side: Mask, comments: pd.DataFrame,
    mentions: pd.DataFrame | None, bare: Mask | None,
) -> dict[str, pd.Series]:  # fmt: skip
    """Return, for each term, how many comments mention no theme, and the theme that most mention.

    Args:
        codes: The terms of the comments.
        terms: Numbers of the terms that are looked at.
        side: Which comments count.
        comments: These comments.
        mentions: Their mentions; without them all is missing.
        bare: Which comments mention no theme with a subject.
    """
    number = pd.Series(pd.NA, index=range(terms.size), dtype="Int64")
    names = pd.Series(pd.NA, index=range(terms.size), dtype="str")
    if mentions is None or bare is None:
        return {"n_without_theme": number, "theme": names, "n_theme": number.copy()}
    place = np.full(len(codes.names), -1, dtype=np.int64)
    place[terms] = np.arange(terms.size)
    used = (place[codes.term] >= 0) & side[codes.comment]
    term, comment = place[codes.term[used]], codes.comment[used]
    alone = np.bincount(term[bare[comment]], minlength=terms.size)
    grid, themes = _by_theme(term, comment, terms.size, comments, mentions)
    most = grid.argmax(axis=1) if grid.size else np.zeros(terms.size, dtype=np.int64)
    n_theme = grid.max(axis=1, initial=0)
    if len(themes):
        names = pd.Series(themes[most], dtype="str").where(n_theme > 0)
    return {
        "n_without_theme": pd.Series(alone, dtype="Int64"), "theme": names,
        "n_theme": pd.Series(n_theme, dtype="Int64"),
    }  # fmt: skip


def _by_theme(
    term: Codes, comment: Codes, n_terms: int, comments: pd.DataFrame, mentions: pd.DataFrame
) -> tuple[Codes, np.ndarray]:
    """Return how many comments with each term mention each theme with a subject, by name."""
    names = mentions["theme"].astype("str")
    kept = ~names.isin(themes_without_subject(mentions)).to_numpy()
    row = pd.Index(comments["comment_id"].astype("object")).get_indexer(
        pd.Index(mentions.loc[kept, "comment_id"].astype("object"))
    )
    theme, themes = pd.factorize(names[kept], sort=True)
    size = max(len(themes), 1)
    pairs = np.unique(row[row >= 0] * size + theme[row >= 0])  # each theme once a comment
    start = np.searchsorted(pairs, comment * size)
    number = np.searchsorted(pairs, (comment + 1) * size) - start
    which = np.repeat(start, number) + _within(number)
    place = np.repeat(term, number) * size + pairs[which] % size
    grid = np.bincount(place, minlength=n_terms * size).reshape(n_terms, size)
    return grid.astype(np.int64), np.asarray(themes, dtype=object)


def _within(number: Codes) -> Codes:
    """Return 0, 1, … within each run of so many."""
    before = np.cumsum(number) - number
    found: Codes = np.arange(number.sum()) - np.repeat(before, number)
    return found
