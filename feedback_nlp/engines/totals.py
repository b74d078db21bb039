"""What an analysis asks of an export that is too large for memory: counts of all, some rows whole.

Counts are added up part by part. A respondent with rows in several parts is counted once: such
rows are put together first, some respondents at a time.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.patterns import merge_patterns, patterns_of
from feedback_nlp.engines.tagged import TaggedParts
from feedback_nlp.schema import respondent_ids
from feedback_nlp.scores import Definition
from feedback_nlp.scores.counted import merge_counts, rating_counts
from feedback_nlp.tagging.tagger import Tagging

Hashes = NDArray[np.uint64]
AT_ONCE = 200_000  # rows of respondents with several parts that are put together at a time
_ADDED_UP = 20  # parts, before their counts are put together
_ALL = float(2**64)
_FEWEST = 30  # respondents with a rating that are drawn at least
_SAID = ["comment_id", "theme", "polarity"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What scores and drivers of an export are made of.

    Attributes:
        ratings: As ``scores.counted.rating_counts`` returns it, of all respondents.
        patterns: As ``drivers.patterns.pattern_counts`` returns it, of all respondents.
    """

    ratings: pd.DataFrame
    patterns: pd.DataFrame


def count_all(
    tagged: TaggedParts,
    rating: str,
    definition: Definition,
    *,
    splits: Sequence[str],
    not_drivers: Collection[str],
) -> Counted:
    """Count the respondents of all parts.

    Args:
        tagged: The tagged export.
        rating: The rating column.
        definition: The score that is made of it.
        splits: Segment columns and periods to split the scores by.
        not_drivers: Themes that explain nothing.

    Raises:
        RatingError: An answer is off its scale.
    """
    kept = ["comment_id", "respondent_id", rating, "date", "text", "status", *splits]
    ratings: list[pd.DataFrame] = []
    patterns: list[pd.DataFrame] = []
    for comments, mentions in _whole_respondents(tagged, kept):
        ratings.append(rating_counts(comments, rating, definition, splits=splits))
        patterns.append(
            patterns_of(comments, mentions, rating, definition, not_drivers=not_drivers)
        )
        if len(ratings) >= _ADDED_UP:
            ratings, patterns = [merge_counts(ratings)], [merge_patterns(patterns)]
    return Counted(ratings=merge_counts(ratings), patterns=merge_patterns(patterns))


def drawn(tagged: TaggedParts, rating: str, most: int) -> Tagging:
    """Return all comments of some respondents, drawn evenly, with their mentions.

    Who is drawn depends on the ids of respondents alone, not on their order or on the parts. Where
    few respondents gave a rating more are drawn, so that thirty of them are among those drawn,
    or all of them.

    Args:
        tagged: The tagged export.
        rating: The rating column.
        most: About how many comments; more where one respondent has very many.
    """
    limit = _limit(tagged, rating, most)
    return together(_drawn_of(part, limit) for part in tagged.parts())


def together(parts: Iterable[Tagging]) -> Tagging:
    """Return parts as one, with the notes of the last, which are those of all.

    Args:
        parts: Parts in order; at least one.
    """
    found = list(parts)
    out = Tagging(
        pd.concat([part.comments for part in found], ignore_index=True),
        pd.concat([part.mentions for part in found], ignore_index=True),
    )
    out.comments.attrs, out.mentions.attrs = found[-1].comments.attrs, found[-1].mentions.attrs
    return out


def _drawn_of(part: Tagging, limit: np.uint64) -> Tagging:
    own = part.comments[hashes_of(part.comments) <= limit]
    said = part.mentions
    return Tagging(own, said[said["comment_id"].isin(own["comment_id"])])


def _limit(tagged: TaggedParts, rating: str, most: int) -> np.uint64:
    """Return up to which hash respondents are drawn."""
    share = min(1.0, most / max(1, tagged.counts["comments"]))
    fewest: Hashes = np.zeros(0, dtype=np.uint64)  # the smallest hashes of those with a rating
    for comments in tagged.comments():
        rated = hashes_of(comments)[comments[rating].notna().to_numpy()]
        fewest = np.unique(np.concatenate([fewest, rated]))[:_FEWEST]
    evenly = np.uint64(min(int(share * _ALL), 2**64 - 1))
    return max(evenly, fewest[-1]) if fewest.size else evenly


def hashes_of(comments: pd.DataFrame) -> Hashes:
    """Return a number of 64 bits for the respondent of each comment, the same everywhere.

    Args:
        comments: A comments table.
    """
    ids = respondent_ids(comments).astype("str").astype("object").to_numpy()
    return pd.util.hash_array(ids, categorize=False)


def _whole_respondents(
    tagged: TaggedParts, kept: Sequence[str]
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield tables that hold all rows of their respondents, and each respondent once."""
    several, rows = _in_several_parts(tagged)
    for part in tagged.parts():
        yield _some(part, ~np.isin(hashes_of(part.comments), several), kept)
    groups = -(-rows // AT_ONCE)
    for group in range(groups):
        wanted = several[several % np.uint64(groups) == group]
        found = [
            _some(part, np.isin(hashes_of(part.comments), wanted), kept) for part in tagged.parts()
        ]
        comments, mentions = (
            pd.concat(tables, ignore_index=True) for tables in zip(*found, strict=True)
        )
        yield comments, mentions


def _in_several_parts(tagged: TaggedParts) -> tuple[Hashes, int]:
    """Return the respondents with rows in several parts, and how many rows these are."""
    found = [np.unique(hashes_of(comments), return_counts=True) for comments in tagged.comments()]
    each = np.concatenate([hashes for hashes, _ in found])
    rows = np.concatenate([counts for _, counts in found])
    order = np.argsort(each, kind="stable")
    ordered = each[order]
    again = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    return again, int(rows[np.isin(each, again)].sum())


def _some(
    part: Tagging, chosen: NDArray[np.bool_], kept: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return some comments of a part with the columns that are counted, and their mentions."""
    comments = part.comments[[name for name in dict.fromkeys(kept) if name in part.comments]]
    own = comments[chosen].reset_index(drop=True)
    said = part.mentions[_SAID]
    return own, said[said["comment_id"].isin(own["comment_id"])].reset_index(drop=True)
