"""Parts of the two tables as files, and back as they were.

A part is parquet. What a part cannot know is put back when it is read: the categories of the whole
export, and what is noted about it.
"""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_nlp.schema import INFO, Notes

MARKS = ("language", "status", "sentiment", "sentiment_score")  # what tagging adds to comments
MOST_CATEGORIES = 10_000
Categories = Mapping[str, Sequence[str] | None]


def as_parquet(frame: pd.DataFrame) -> bytes:
    """Return a table as parquet, without its notes."""
    out = io.BytesIO()
    bare = frame.reset_index(drop=True)
    bare.attrs = {}
    bare.to_parquet(out, index=False)
    return out.getvalue()


def read_part(path: Path) -> pd.DataFrame:
    """Return a part as it was written.

    Raises:
        OSError: It is not there.
    """
    return pd.read_parquet(io.BytesIO(path.read_bytes()))


class CategoriesOfAll:
    """The categories of an export that is seen part by part.

    Where the parts differ they are united, in order of the alphabet. A column with more than
    10,000 different values is no segment: it becomes text in all parts, so that memory does not
    grow with the export.
    """

    def __init__(self) -> None:
        """Begin without a part."""
        self._seen: dict[str, Sequence[str] | None] = {}

    def add(self, comments: pd.DataFrame) -> None:
        """Take a part into account."""
        for name in comments.columns[comments.dtypes == "category"]:
            here = comments[name].cat.categories.tolist()
            known = self._seen.setdefault(name, here)
            if known is not None and known != here:
                united = sorted({*known, *here})
                self._seen[name] = united if len(united) <= MOST_CATEGORIES else None

    def found(self) -> dict[str, Sequence[str] | None]:
        """Return the categories by column; ``None`` for a column that is text."""
        return {
            name: values if values is not None and len(values) <= MOST_CATEGORIES else None
            for name, values in self._seen.items()
        }


def with_categories(frame: pd.DataFrame, categories: Categories) -> pd.DataFrame:
    """Return a part with the categories of the whole.

    Example:
        >>> part = pd.DataFrame({"shop": ["Oslo", None]})
        >>> with_categories(part, {"shop": ["Bergen", "Oslo"]})["shop"].cat.codes.tolist()
        [1, -1]
    """
    columns = {}
    for name, values in categories.items():
        if values is None:
            columns[name] = frame[name].astype("str")
        else:
            ordered = getattr(frame[name].dtype, "ordered", False)
            columns[name] = pd.Series(
                pd.Categorical(frame[name], categories=list(values), ordered=bool(ordered)),
                index=frame.index,
            )
    return frame.assign(**columns)


def with_notes(comments: pd.DataFrame, notes: Mapping[str, Any]) -> pd.DataFrame:
    """Return comments that carry these notes."""
    out = comments.copy(deep=False)
    out.attrs = {INFO: Notes(notes)}
    return out
