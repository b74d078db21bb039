"""Tagging a Dask DataFrame: the same function on each of its partitions."""

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from feedback_nlp.engines.partition import tag_partition, texts_of
from feedback_nlp.errors import MissingDependencyError
from feedback_nlp.language import FloatArray, mix_of, typical_texts

if TYPE_CHECKING:
    from dask.dataframe import DataFrame

    from feedback_nlp.tagging.tagger import Tagger

_AT_ONCE = 8  # partitions whose texts are put together by a task


def tag_dask(
    df: "DataFrame", tagger: "Tagger", *, mix: FloatArray | None = None
) -> tuple["DataFrame", "DataFrame"]:
    """Tag the comments of a Dask DataFrame where they are.

    Args:
        df: A comments table: ``comment_id``, ``text``, and what else there is.
        tagger: What tags; it is sent to every worker once.
        mix: How common each language is in all of it (``language_mix``), which decides for short
            comments; it is read from all partitions first if not given.

    Returns:
        The tagged comments and the mentions, as ``Tagger.tag_frame`` makes them. Nothing is
        computed before it is asked for; write both, or ``dask.persist`` them together.

    Raises:
        MissingDependencyError: dask is not installed.
    """
    try:
        from dask import delayed
        from dask.dataframe import from_delayed
    except ImportError:
        raise MissingDependencyError(
            "Tagging on Dask needs it: pip install 'feedback-nlp[dask]'."
        ) from None
    parts, sent = df.to_delayed(), delayed(tagger, pure=True)
    if mix is None:
        texts = [delayed(_typical)(part) for part in parts]
        while len(texts) > 1:
            some = [texts[at : at + _AT_ONCE] for at in range(0, len(texts), _AT_ONCE)]
            texts = [delayed(_typical_of_all)(group) for group in some]
        mix = delayed(mix_of)(texts[0])
    tagged = [delayed(tag_partition)(part, sent, mix=mix) for part in parts]
    meta = tagger.tag_frame(df._meta)
    comments, mentions = (
        from_delayed([delayed(_table)(one, name) for one in tagged], meta=getattr(meta, name))
        for name in ("comments", "mentions")
    )
    return comments, mentions


def _typical(comments: pd.DataFrame) -> "Counter[str]":
    """Return the texts of a partition that may be among those that tell the mix of languages."""
    return typical_texts(texts_of(comments))


def _typical_of_all(texts: "list[Counter[str]]") -> "Counter[str]":
    return typical_texts(sum(texts, Counter()))


def _table(tagging: object, name: str) -> pd.DataFrame:
    """Return one of the two tables of a tagged partition."""
    table: pd.DataFrame = getattr(tagging, name)
    return table
