"""What is said of batches of comments, gathered into the two tables."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from feedback_nlp.flat import Ints, begins, stretches
from feedback_nlp.mentions import mentions_frame
from feedback_nlp.records import LANGUAGES, UNKNOWN_LANGUAGE
from feedback_nlp.schema import SENTIMENTS, STATUSES
from feedback_nlp.tagging.readings import UNKNOWN, Floats, Readings

Column = np.ndarray
# How much room each of these gets: a table may be of a million comments.
_KINDS = {
    "theme": np.int32, "theme_confidence": np.float32, "polarity": np.int8,
    "polarity_confidence": np.float32, "start": np.int32, "end": np.int32, "source": np.int8,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of the readings of some comments.

    Attributes:
        numbers: The number of each comment.
        counts: How many themes each has.
        found: The columns of these, by the names of a mentions table; places stand for names.
        status: The place of the status of each comment in ``STATUSES``.
        sentiment: The place of its sentiment in ``SENTIMENTS``; −1 where it is unknown.
        score: Its balance, −1 to 1; NaN where it is unknown.
    """

    numbers: Ints
    counts: Ints
    found: dict[str, Column]
    status: Ints
    sentiment: Ints
    score: Floats

    @classmethod
    def of(cls, numbers: Ints, readings: Readings) -> "Kept":
        """Return what is kept of a batch, whose comments have these numbers."""
        found = readings.found
        columns = {
            "theme": found.theme, "theme_confidence": found.confidence,
            "polarity": readings.polarity, "polarity_confidence": readings.polarity_confidence,
            "start": found.start, "end": found.end, "source": found.source,
        }  # fmt: skip
        known = readings.status != UNKNOWN
        return cls(
            numbers=numbers,
            counts=np.diff(readings.first),
            found={name: columns[name].astype(kind) for name, kind in _KINDS.items()},
            status=np.where(known, readings.status, readings.batch.status),
            sentiment=readings.sentiment,
            score=readings.sentiment_score,
        )

    @classmethod
    def joined(cls, parts: Sequence["Kept"]) -> "Kept":
        """Return what is kept of several batches as that of one; of none if there are none."""
        if not parts:
            none = np.zeros(0, dtype=np.int64)
            found = {name: none.astype(kind) for name, kind in _KINDS.items()}
            return cls(none, none, found, none, none, none.astype(np.float64))
        return cls(
            numbers=np.concatenate([part.numbers for part in parts]),
            counts=np.concatenate([part.counts for part in parts]),
            found={name: np.concatenate([part.found[name] for part in parts]) for name in _KINDS},
            status=np.concatenate([part.status for part in parts]),
            sentiment=np.concatenate([part.sentiment for part in parts]),
            score=np.concatenate([part.score for part in parts]),
        )


def tagged_tables(
    comments: pd.DataFrame,
    kept: Kept,
    number: Ints,
    texts: Sequence[str],
    languages: Sequence[str],
    themes: Sequence[str],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a comments table with what is said of each comment, and the mentions.

    Args:
        comments: The table.
        kept: What is said of the different comments.
        number: Which of these each row is.
        texts: The text of each row.
        languages: The language of each row.
        themes: The ids of all themes, as they are numbered.
    """
    place = np.empty(len(kept.numbers), dtype=np.int64)
    place[kept.numbers] = np.arange(len(place))
    at = place[number]
    codes = [*LANGUAGES, UNKNOWN_LANGUAGE]
    out = comments.assign(
        language=pd.Categorical(list(languages), categories=codes),
        status=pd.Categorical.from_codes(kept.status[at], categories=pd.Index(list(STATUSES))),
        sentiment=pd.Categorical.from_codes(
            kept.sentiment[at], categories=pd.Index(list(SENTIMENTS))
        ),
        sentiment_score=kept.score[at],
    )
    out.attrs.update(comments.attrs)
    where, first = stretches(begins(kept.counts), at)
    row = np.repeat(np.arange(len(at)), np.diff(first))
    found = {name: column[where] for name, column in kept.found.items()}
    spans = zip(row.tolist(), found["start"].tolist(), found["end"].tolist(), strict=True)
    return out, mentions_frame(
        comments["comment_id"].array.take(row),
        [texts[at][start:end] for at, start, end in spans],
        themes=themes,
        **found,
    )
