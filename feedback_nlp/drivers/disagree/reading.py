"""Rating and words of each comment, side by side.

What ``disagreements`` is made of.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.join import Mask, usable
from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.records import UNKNOWN_LANGUAGE
from feedback_nlp.schema import SENTIMENTS, check_comments, check_mentions, respondent_ids
from feedback_nlp.scores import Definition
from feedback_nlp.scores.answers import read_people, to_floats
from feedback_nlp.text import question_asks

_APART = 0.5  # of the scale that rating and words are apart
_END = 0.1  # an answer is at an end of its scale within this part of it


def read_sides(
    comments: pd.DataFrame, mentions: pd.DataFrame, rating: str, definition: Definition, sure: float
) -> pd.DataFrame:
    """Return one row a comment: its rating, what it says, and whether the two disagree.

    Args:
        comments: A comments table with the columns of tagging.
        mentions: The mentions of these comments.
        rating: The rating column.
        definition: Its score.
        sure: How far from 0 a sentiment score must be to be taken at its word.

    Returns:
        ``comment_id``, ``respondent_id``, ``row``, ``rating``, ``place`` on the scale (0–1, 1 is
        best), ``group``, ``sentiment``, ``sentiment_score``, ``language``, ``asks``, ``text``,
        ``n_positive``, ``n_negative``; ``strength`` (half the distance of rating and words, both on
        −1 to 1); ``known`` (can be compared), ``disagrees``, ``agrees`` (unasked), ``unsure``
        (would disagree, but the words are not clear or the rating is near the middle), ``asked``
        (would, but the question asked for it), and ``end`` (the rating is in an outer tenth of the
        scale).

    Raises:
        ColumnError: A column is missing, or holds what is no sentiment or no sentiment score.
        RatingError: As for the score itself.
        FeedbackError: ``sure`` is not between 0 and 1.
    """
    check_comments(comments, needs=("comment_id", "text", "sentiment"))
    check_mentions(mentions, comments)
    if not 0 <= sure <= 1:
        raise FeedbackError(f"sure is {sure}; it is how far a sentiment score is from 0, 0 to 1.")
    _check_sentiments(comments)
    whole = definition.metric == "nps"
    people = read_people(comments, rating, definition.scale, whole=whole)
    answer = people.set_index("respondent_id")[rating]
    ids = respondent_ids(comments).to_numpy()
    answers = to_floats(answer.reindex(ids))
    low, high = definition.scale
    sentiment = comments["sentiment"].astype("object").to_numpy()
    sign = np.select([sentiment == "positive", sentiment == "negative"], [1.0, -1.0], 0.0)
    language = _texts(comments, "language", UNKNOWN_LANGUAGE)
    read = pd.DataFrame(
        {
            "comment_id": comments["comment_id"].to_numpy(), "respondent_id": ids,
            "rating": answers, "place": (definition.good(answers) - low) / (high - low),
            "group": definition.group(answers), "sentiment": sentiment,
            "sentiment_score": _scores(comments, sign), "language": language,
            "asks": [question_asks(*one) or "" for one in zip(
                _texts(comments, "question", ""), language, strict=True
            )],
            "text": _texts(comments, "text", ""), "row": np.arange(len(comments)),
        }
    )  # fmt: skip
    for polarity in ("positive", "negative"):
        own = mentions.loc[(mentions["polarity"] == polarity).to_numpy(), "comment_id"]
        counts = own.value_counts()
        read[f"n_{polarity}"] = read["comment_id"].map(counts).fillna(0).astype("int64")
    return _compared(read, sign, usable(comments), sure)


def _check_sentiments(comments: pd.DataFrame) -> None:
    odd = set(comments["sentiment"].dropna().unique()) - set(SENTIMENTS)
    if odd:
        raise ColumnError(
            f"Column 'sentiment' has {sorted(map(str, odd))[0]!r}; it takes "
            f"{', '.join(SENTIMENTS)}, or nothing."
        )
    if "sentiment_score" in comments.columns:
        scores = to_floats(comments["sentiment_score"])
        off = np.flatnonzero(np.abs(scores) > 1)
        if off.size:
            raise ColumnError(
                f"Column 'sentiment_score' has {scores[off[0]]:g} in row {off[0] + 1}; it goes "
                "from -1 to 1."
            )


def _compared(read: pd.DataFrame, sign: NDArray[Any], readable: Mask, sure: float) -> pd.DataFrame:
    """Add what can be compared, and whether rating and words disagree."""
    low, top = read["group"] == 0, read["group"] == 2
    told = readable & np.asarray(pd.notna(read["sentiment"])) & (low | top)
    asked = (low & (read["asks"] == "positive")) | (top & (read["asks"] == "negative"))
    against = told & ((low & (sign > 0)) | (top & (sign < 0)))
    along = told & ((low & (sign < 0)) | (top & (sign > 0)))
    strength = (2 * read["place"] - 1 - read["sentiment_score"]).abs() / 2
    clearly = (read["sentiment_score"].abs() >= sure) & (strength >= _APART)
    return read.assign(
        strength=strength,
        known=told & ~asked,
        disagrees=against & ~asked & clearly,
        agrees=along & (read["asks"] == ""),
        unsure=against & ~asked & ~clearly,
        asked=against & asked,
        end=(read["place"] <= _END) | (read["place"] >= 1 - _END),
    )


def _texts(comments: pd.DataFrame, name: str, default: str) -> list[str]:
    if name not in comments.columns:
        return [default] * len(comments)
    given = comments[name].astype("object")
    return [str(text) for text in given.where(given.notna(), default)]


def _scores(comments: pd.DataFrame, sign: NDArray[Any]) -> NDArray[np.float64]:
    """Return the sentiment score; without one a known sentiment counts in full."""
    if "sentiment_score" not in comments.columns:
        return sign
    given = to_floats(comments["sentiment_score"])
    return np.where(np.isnan(given), sign, given)
