"""The mentions table, made of records or of columns."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from feedback_nlp.records import Mention

POLARITIES = ("negative", "neutral", "positive")
SOURCES = ("rule", "model", "human")


def mentions_table(rows: Sequence[tuple[str, str, Mention]], themes: Iterable[str]) -> pd.DataFrame:
    """Return a mentions table from (comment id, text, mention) triples.

    Args:
        rows: One triple for each mention; the text is the comment's, for the evidence.
        themes: All ids of the taxonomy: the categories of ``theme``.

    Example:
        >>> mention = Mention(theme="price", polarity=None, theme_confidence=0.5,
        ...                   polarity_confidence=None, start=0, end=5)
        >>> mentions_table([("c1", "Price", mention)], ["price"]).iloc[0]["evidence"]
        'Price'
    """
    found = [mention for _, _, mention in rows]
    ids = tuple(themes)
    return mentions_frame(
        pd.array([row[0] for row in rows], dtype="str"),
        [text[m.start : m.end] for _, text, m in rows],
        themes=ids,
        theme=_places([m.theme for m in found], ids),
        theme_confidence=np.array([m.theme_confidence for m in found], dtype=np.float64),
        polarity=_places([m.polarity for m in found], POLARITIES),
        polarity_confidence=np.array(
            [np.nan if m.polarity_confidence is None else m.polarity_confidence for m in found],
            dtype=np.float64,
        ),
        start=np.array([m.start for m in found], dtype=np.int64),
        end=np.array([m.end for m in found], dtype=np.int64),
        source=_places([m.source for m in found], SOURCES),
    )


def _places(values: Sequence[str | None], names: Sequence[str]) -> np.ndarray:
    """Return the place of each value among some names; −1 where it is none of them."""
    place: dict[str | None, int] = {name: at for at, name in enumerate(names)}
    return np.array([place.get(value, -1) for value in values], dtype=np.int64)


def mentions_frame(
    comment_ids: ExtensionArray,
    evidence: Sequence[str],
    *,
    themes: Sequence[str],
    theme: np.ndarray,
    theme_confidence: np.ndarray,
    polarity: np.ndarray,
    polarity_confidence: np.ndarray,
    start: np.ndarray,
    end: np.ndarray,
    source: np.ndarray,
) -> pd.DataFrame:
    """Return a mentions table of columns that stand in arrays.

    Args:
        comment_ids: The comment of each mention, as texts.
        evidence: The words it was found in.
        themes: All ids of the taxonomy: the categories of ``theme``.
        theme: The place of each theme among them.
        theme_confidence: How sure the theme is, 0–1.
        polarity: The place of each polarity in ``POLARITIES``; −1 where it is unknown.
        polarity_confidence: How sure that is, 0–1; NaN where it is unknown.
        start: The first character of the evidence.
        end: One past its last character.
        source: The place of each source in ``SOURCES``.
    """
    return pd.DataFrame(
        {
            "comment_id": comment_ids,
            "theme": pd.Categorical.from_codes(theme, categories=pd.Index(list(themes))),
            "polarity": pd.Categorical.from_codes(
                polarity, categories=pd.Index(list(POLARITIES)), ordered=True
            ),
            "theme_confidence": theme_confidence.astype(np.float32),
            "polarity_confidence": polarity_confidence.astype(np.float32),
            "start": start.astype(np.int32),
            "end": end.astype(np.int32),
            "evidence": pd.array(evidence, dtype="str"),
            "source": pd.Categorical.from_codes(source, categories=pd.Index(list(SOURCES))),
        }
    )
