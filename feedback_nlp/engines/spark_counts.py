"""Scores, drivers and keyness of tagged comments on Spark: counted there, worked out here.

The rows of a respondent are brought together on the cluster, without the text; what is counted of
each part by the functions for one machine is summed by Spark, and only the sums are collected: how
many respondents gave which answer, how many are alike in their themes, how many comments have which
term.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from feedback_nlp.drivers.join import Level
from feedback_nlp.drivers.patterns import (
    KEYS as PATTERN_KEYS,
)
from feedback_nlp.drivers.patterns import driver_table_of_patterns, merge_patterns, patterns_of
from feedback_nlp.errors import ColumnError
from feedback_nlp.language import stable_hash
from feedback_nlp.schema import POLARITIES
from feedback_nlp.scores import Definition
from feedback_nlp.scores.counted import KEYS as RATING_KEYS
from feedback_nlp.scores.counted import merge_counts, overview_of_counts, rating_counts
from feedback_nlp.words.counted import KEYS as TERM_KEYS
from feedback_nlp.words.counted import keyness_of_counts, merge_terms, term_counts
from feedback_nlp.words.expressions import MOST_COMMENTS, Expressions, find_expressions
from feedback_nlp.words.tables import without_personal_data

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

    Batches = Iterator[pa.RecordBatch]

_ORDER = "row of the table"
Count: TypeAlias = Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]
_RATINGS = "split string, group string, rating double, n long"
_PATTERNS = (
    "rating double, wrote boolean, spoke boolean, negative string, positive string, "
    "neutral string, any string, n long"
)
_TERMS = "language string, own boolean, key string, form string, n_comments long, n_tokens long"


@dataclass(frozen=True, slots=True, kw_only=True)
class SparkComments:
    """Tagged comments on Spark, and what their columns are.

    Attributes:
        tagged: As ``tag_spark`` returns it.
        rating: Column with the rating.
        definition: The score that is made of it, as ``scores.define`` returns it.
        comment_id: Column with the id of the comment.
        respondent_id: Column that tells who answered; each comment is one without it.
        text: Column with the comment.
        date: Column with the date or time, if there is one.
        not_drivers: Themes that explain nothing, such as praise without a subject.
    """

    tagged: "DataFrame"
    rating: str
    definition: Definition
    comment_id: str = "comment_id"
    respondent_id: str | None = None
    text: str = "text"
    date: str | None = None
    not_drivers: Collection[str] = ("general",)

    def __post_init__(self) -> None:
        """Check that the columns are there.

        Raises:
            ColumnError: One is not.
        """
        named = (self.rating, self.comment_id, self.respondent_id, self.text, self.date)
        for name in ("mentions", "status", *filter(None, named)):
            if name not in self.tagged.columns:
                raise ColumnError.missing(name, self.tagged.columns)


def scores_spark(
    comments: SparkComments, *, by: Sequence[str] = (), min_n: int = 10
) -> pd.DataFrame:
    """Return what ``scores_overview`` returns: the score of all, by segment, and by month.

    Args:
        comments: Tagged comments.
        by: Segment columns; their values are taken as text.
        min_n: Groups smaller than this are suppressed.
    """
    splits = [*by, *(["month"] if comments.date else [])]
    rating, definition = comments.rating, comments.definition

    def count(table: pd.DataFrame, _: pd.DataFrame) -> pd.DataFrame:
        return rating_counts(table, rating, definition, splits=splits)

    counts = _summed(comments, count, _RATINGS, RATING_KEYS, keep=by)
    return overview_of_counts(merge_counts([counts]), rating, definition, min_n=min_n)


def drivers_spark(
    comments: SparkComments,
    *,
    level: Level = "top",
    min_n: int = 10,
    n_boot: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return what ``driver_table`` returns: points lost by each theme, and all the rest.

    Args:
        comments: Tagged comments.
        level: ``top`` folds sub-themes into their parent, ``sub`` keeps them.
        min_n: As in ``driver_table``.
        n_boot: As in ``driver_table``.
        seed: Of the bootstrap.
    """
    rating, definition = comments.rating, comments.definition
    not_drivers = tuple(comments.not_drivers)

    def count(table: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
        return patterns_of(
            table, mentions, rating, definition, not_drivers=not_drivers, level=level
        )

    counts = merge_patterns([_summed(comments, count, _PATTERNS, PATTERN_KEYS)])
    return driver_table_of_patterns(
        counts, definition, rating, level=level, min_n=min_n, n_boot=n_boot, seed=seed
    )


def keyness_spark(
    comments: SparkComments,
    *,
    group: str | None = None,
    reference: str | None = None,
    min_comments: int = 5,
    min_n: int = 10,
) -> pd.DataFrame:
    """Return what ``keyness`` returns: the terms that mark one group of raters against another.

    Args:
        comments: Tagged comments.
        group: One of the groups of the score; the low one if not given.
        reference: Another one; the top one if not given.
        min_comments: As in ``keyness``.
        min_n: As in ``keyness``.

    Raises:
        ColumnError: No such group.
    """
    from pyspark.sql import functions as f

    low, _, top = names = comments.definition.groups
    sides = [group or low, reference or top]
    for side in sides:
        if side not in names:
            raise ColumnError(f"No group {side!r}; choose one of {', '.join(names)}.")
    written = comments.tagged.where(
        (f.col("status") == "ok") & (f.trim(f.col(comments.text).cast("string")) != "")
    ).select(
        f.col(comments.text).cast("string").alias("text"),
        f.col("language").alias("language"),
        f.col(comments.rating).cast("double").alias("rating"),
    )
    expressions = _expressions(written)
    definition, numbers = comments.definition, [names.index(side) for side in sides]

    def count(batches: "Batches") -> "Batches":
        for batch in batches:
            frame = batch.to_pandas()
            codes = definition.group(frame["rating"].to_numpy("float64"))
            chosen = frame[(codes == numbers[0]) | (codes == numbers[1])]
            own = (codes == numbers[0])[chosen.index]
            texts = [without_personal_data(text) for text in chosen["text"]]
            rows = zip(texts, chosen["language"], own.tolist(), strict=True)
            yield _batch(term_counts(rows, expressions), _TERMS)

    counted = written.mapInArrow(count, _TERMS).groupBy(*TERM_KEYS)
    sums = counted.agg(f.sum("n_comments").alias("n_comments"), f.sum("n_tokens").alias("n_tokens"))
    return keyness_of_counts(
        merge_terms([_collected(sums)]), min_comments=min_comments, min_n=min_n
    )


def _expressions(written: "DataFrame") -> Expressions:
    """Return the two-word expressions of all comments; the comments stay on the cluster."""

    def hashed(batches: "Batches") -> "Batches":
        for batch in batches:
            frame = batch.to_pandas()
            frame["hash"] = [stable_hash(text).hex() for text in frame["text"]]
            yield _batch(frame, "hash string, text string, language string")

    def find(batches: "Batches") -> "Batches":
        pairs = [
            (without_personal_data(text), language)
            for batch in batches
            for text, language in zip(
                batch.column("text").to_pylist(), batch.column("language").to_pylist(), strict=True
            )
        ]
        rows = [
            (language, *pair, strength)
            for language, found in find_expressions(pairs).items()
            for pair, strength in found.items()
        ]
        frame = pd.DataFrame(rows, columns=["language", "first", "second", "strength"])
        yield _batch(frame, schema)

    schema = "language string, first string, second string, strength double"
    different = written.select("text", "language").distinct()
    few = different.mapInArrow(hashed, "hash string, text string, language string")
    few = few.orderBy("hash", "text", "language").limit(MOST_COMMENTS).repartition(1)
    found: dict[str, dict[tuple[str, str], float]] = {}
    for row in few.mapInArrow(find, schema).collect():
        pair = (row["first"], row["second"])
        found.setdefault(row["language"], {})[pair] = row["strength"]
    return found


def _summed(
    comments: SparkComments, count: Count, schema: str, keys: Sequence[str],
    keep: Sequence[str] = (),
) -> pd.DataFrame:  # fmt: skip
    """Return what is counted of the respondents of each partition, summed over all of them."""
    from pyspark.sql import functions as f

    def partition(batches: "Batches") -> "Batches":
        frames = [batch.to_pandas() for batch in batches]
        if frames:
            yield _batch(count(*_tables(pd.concat(frames, ignore_index=True))), schema)

    rating, who = comments.rating, comments.respondent_id or comments.comment_id
    columns = [
        f.col(comments.comment_id).cast("string").alias("comment_id"),
        f.col(who).cast("string").alias("respondent_id"),
        f.col(rating).cast("double").alias(rating),
        f.col("status"),
        f.col("mentions.theme").alias("themes"),
        f.col("mentions.polarity").alias("polarities"),
        *(f.col(name).cast("string").alias(name) for name in keep),
        *([f.col(comments.date).cast("timestamp_ntz").alias("date")] if comments.date else []),
        f.monotonically_increasing_id().alias(_ORDER),
    ]
    together = comments.tagged.select(*columns).repartition("respondent_id")
    counted = together.mapInArrow(partition, schema)
    return _collected(counted.groupBy(*keys).agg(f.sum("n").alias("n")))


def _tables(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of a partition as a comments table and a mentions table."""
    rows = rows.sort_values(_ORDER, kind="stable").reset_index(drop=True)
    each = rows[["comment_id", "themes", "polarities"]].explode(["themes", "polarities"])
    each = each[each["themes"].notna()].reset_index(drop=True)
    mentions = pd.DataFrame(
        {
            "comment_id": each["comment_id"].astype("str"),
            "theme": each["themes"].astype("category"),
            "polarity": pd.Categorical(each["polarities"], categories=list(POLARITIES)),
        }
    )
    return rows.drop(columns=[_ORDER, "themes", "polarities"]), mentions


def _batch(frame: pd.DataFrame, schema: str) -> "pa.RecordBatch":
    """Return a table as Arrow, with the columns and types of a schema in Spark's notation."""
    import pyarrow as pa

    kinds = {
        "string": pa.string(),
        "double": pa.float64(),
        "long": pa.int64(),
        "boolean": pa.bool_(),
    }
    columns = dict(part.split() for part in schema.split(", "))
    arrays = [
        pa.array(frame[name].astype("object"), kinds[kind], from_pandas=True)
        for name, kind in columns.items()
    ]
    return pa.RecordBatch.from_arrays(arrays, names=list(columns))


def _collected(counts: "DataFrame") -> pd.DataFrame:
    """Return counts from the cluster as a table."""
    table: pd.DataFrame = counts.toArrow().to_pandas()
    return table
