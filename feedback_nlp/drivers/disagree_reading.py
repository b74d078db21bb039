"""Rating and words of each comment, side by side.

What ``disagreements`` is made of.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.join import Mask, usable
from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.records import UNKNOWN_LANGUAGE
from feedback_nlp.schema import SENTIMENTS, check_comments, check_mentions, respondent_ids
from feedback_nlp.scores import Definition, benjamini_hochberg, wilson
from feedback_nlp.scores.answers import read_people, to_floats
from feedback_nlp.scores.traps.segments import read_columns, segment_names
from feedback_nlp.text import question_asks

SIGNIFICANT = 0.05
_FAR = 1.5  # times the usual share
_APART = 0.5  # of the scale that rating and words are apart
_END = 0.1  # an answer is at an end of its scale within this part of it
SUMMARY = (
    "column", "value", "group", "n", "n_disagree", "share", "low", "high", "usual", "p_value",
    "q_value", "finding",
)  # fmt: skip


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
        −1 to 1); ``known`` (can be compared), ``disagrees``, ``unsure`` (would, but the words are
        not clear or the rating is near the middle), ``asked`` (would, but the question asked for
        it), and ``end`` (the rating is in an outer tenth of the scale).
    """
    check_comments(comments, needs=("comment_id", "text", "sentiment"))
    check_mentions(mentions, comments)
    if not 0 <= sure <= 1:
        raise FeedbackError(f"sure is {sure}; it is how far a sentiment score is from 0, 0 to 1.")
    odd = set(comments["sentiment"].dropna().unique()) - set(SENTIMENTS)
    if odd:
        raise ColumnError(
            f"Column 'sentiment' has {sorted(map(str, odd))[0]!r}; it takes "
            f"{', '.join(SENTIMENTS)}, or nothing."
        )
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


def _compared(read: pd.DataFrame, sign: NDArray[Any], readable: Mask, sure: float) -> pd.DataFrame:
    """Add what can be compared, and whether rating and words disagree."""
    low, top = read["group"] == 0, read["group"] == 2
    told = readable & np.asarray(pd.notna(read["sentiment"])) & (low | top)
    asked = (low & (read["asks"] == "positive")) | (top & (read["asks"] == "negative"))
    against = told & ((low & (sign > 0)) | (top & (sign < 0)))
    strength = (2 * read["place"] - 1 - read["sentiment_score"]).abs() / 2
    clearly = (read["sentiment_score"].abs() >= sure) & (strength >= _APART)
    return read.assign(
        strength=strength,
        known=told & ~asked,
        disagrees=against & ~asked & clearly,
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


def value_columns(comments: pd.DataFrame, by: Sequence[str] | str | None, rating: str) -> list[str]:
    """Return the columns whose values are looked at apart: those asked for, or all and language."""
    names = segment_names(comments, by)
    check_comments(comments, needs=("comment_id", *names))
    if by is None and "language" in comments.columns and "language" not in names:
        names.append("language")
    return [name for name in names if name != rating]


def summary_of(
    read: pd.DataFrame,
    comments: pd.DataFrame,
    definition: Definition,
    names: Sequence[str],
    *,
    usual: float,
    min_n: int,
    confidence: float,
) -> pd.DataFrame:
    """Return the table of ``disagreement_summary``.

    Args:
        read: What ``read_sides`` returned.
        comments: The same comments.
        definition: The score.
        names: Columns whose values are looked at apart.
        usual: The share that is usual.
        min_n: Groups with fewer respondents have no share.
        confidence: Level of the intervals.
    """
    low, top = read["group"] == 0, read["group"] == 2
    ends = read["end"] & (low | top)
    masks = {
        definition.groups[0]: low, definition.groups[2]: top, "both": low | top,
        "lowest": ends & low, "highest": ends & top, "ends": ends,
    }  # fmt: skip
    rows: list[dict[str, Any]] = [
        {"group": name, **_counts(read[mask])} for name, mask in masks.items()
    ]
    columns, notes = read_columns(comments[list(names)])
    for column in columns:
        for code, value in enumerate(column.names):
            own = _counts(read[ends & (column.codes == code)])
            if own["n"]:
                name = None if value is None else str(value)
                rows.append({"column": column.name, "value": name, "group": "ends", **own})
    table = pd.DataFrame(rows).reindex(columns=["column", "value", "group", "n", "n_disagree"])
    table = _judged(table, usual=usual, min_n=max(min_n, 1), confidence=confidence)
    table.attrs["notes"] = notes
    return table


def _counts(read: pd.DataFrame) -> dict[str, int]:
    """Return how many respondents can be compared, and of how many a comment disagrees."""
    known = read[read["known"]]
    return {
        "n": known["respondent_id"].nunique(),
        "n_disagree": known.loc[known["disagrees"], "respondent_id"].nunique(),
    }


def _judged(table: pd.DataFrame, *, usual: float, min_n: int, confidence: float) -> pd.DataFrame:
    """Add shares, intervals, tests and findings."""
    from scipy.stats import binom

    n, disagree = table["n"].to_numpy(), table["n_disagree"].to_numpy()
    enough = n >= min_n
    tested = enough & table["group"].isin(["lowest", "highest", "ends"]).to_numpy()
    low, high = wilson(disagree, n, level=confidence)
    share = np.where(enough, disagree / np.maximum(n, 1), np.nan)
    p_value = np.where(tested, binom.sf(disagree - 1, n, usual), np.nan)
    apart = table["column"].notna().to_numpy()
    q_value = np.where(apart, benjamini_hochberg(np.where(apart, p_value, np.nan)), p_value)
    above = (q_value <= SIGNIFICANT) & (share >= _FAR * usual)
    finding = np.select([~tested, low > 0.5, above], ["", "reversed", "above_usual"], "usual")
    figures = {
        "share": share, "low": np.where(enough, low, np.nan),
        "high": np.where(enough, high, np.nan),
        "usual": np.where(tested, usual, np.nan), "p_value": p_value, "q_value": q_value,
        "finding": finding,
    }  # fmt: skip
    kinds = dict.fromkeys(("column", "value", "group", "finding"), "str")
    return table.assign(**figures)[[*SUMMARY]].astype(kinds | {"n": "int64", "n_disagree": "int64"})
