"""What is counted of all respondents of an export that is too large for memory.

Counts are added up part by part. A respondent with rows in several parts is counted once: such
rows are put together first, some respondents at a time.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from feedback_nlp.drivers.patterns import merge_patterns, patterns_of
from feedback_nlp.engines.people import Mask, People, in_several_parts
from feedback_nlp.engines.tagged import TaggedParts
from feedback_nlp.scores import Definition
from feedback_nlp.scores.counted import merge_counts, rating_counts
from feedback_nlp.tagging.tagger import Tagging

AT_ONCE = 200_000  # rows of respondents with several parts that are put together at a time
_ADDED_UP = 20  # parts, before their counts are put together
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
    people: People,
    rating: str,
    definition: Definition,
    *,
    splits: Sequence[str],
    not_drivers: Collection[str],
) -> Counted:
    """Count the respondents of all parts.

    Args:
        tagged: The tagged export.
        people: Who wrote which comment, of ``find_people``.
        rating: The rating column.
        definition: The score that is made of it.
        splits: Segment columns and periods to split the scores by.
        not_drivers: Themes that explain nothing.

    Raises:
        RatingError: An answer is off its scale.
    """
    kept = ["comment_id", "respondent_id", rating, "date", "status", *splits]
    ratings: list[pd.DataFrame] = []
    patterns: list[pd.DataFrame] = []
    for comments, mentions in _whole_respondents(tagged, people, kept):
        ratings.append(rating_counts(comments, rating, definition, splits=splits))
        patterns.append(
            patterns_of(comments, mentions, rating, definition, not_drivers=not_drivers)
        )
        if len(ratings) >= _ADDED_UP:
            ratings, patterns = [merge_counts(ratings)], [merge_patterns(patterns)]
    return Counted(ratings=merge_counts(ratings), patterns=merge_patterns(patterns))


def without_empty_months(ratings: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the counts of ratings, without those of months if there is not a single date.

    Args:
        ratings: As ``scores.counted.rating_counts`` returns them.
        by: The segment columns that were asked for.
    """
    of_months = ratings["split"] == "month"
    empty = "month" not in by and ratings.loc[of_months, "group"].isna().all()
    return ratings[~of_months] if empty else ratings


def _whole_respondents(
    tagged: TaggedParts, people: People, kept: Sequence[str]
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield tables that hold all rows of their respondents, and each respondent once."""
    several, rows = in_several_parts(people)
    for part, hashes in zip(tagged.parts(), people.of_parts, strict=True):
        yield _some(part, ~np.isin(hashes, several), kept)
    groups = -(-rows // AT_ONCE)
    for group in range(groups):
        wanted = several[several % np.uint64(groups) == group]
        found = [
            _some(part, np.isin(hashes, wanted), kept)
            for part, hashes in zip(tagged.parts(), people.of_parts, strict=True)
        ]
        comments, mentions = (
            pd.concat(tables, ignore_index=True) for tables in zip(*found, strict=True)
        )
        yield comments, mentions


def _some(part: Tagging, chosen: Mask, kept: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return some comments of a part with the columns that are counted, and their mentions."""
    comments = part.comments[[name for name in dict.fromkeys(kept) if name in part.comments]]
    own = comments[chosen].reset_index(drop=True)
    said = part.mentions[_SAID]
    return own, said[said["comment_id"].isin(own["comment_id"])].reset_index(drop=True)
