"""Scores, drivers and keyness of tagged comments on Spark: counted there, worked out here.

The rows of a respondent are brought together on the cluster, without the text; what is counted of
each part by the functions for one machine is summed by Spark, and only the sums are collected: how
many respondents gave which answer, how many are alike in their themes, how many comments have which
term.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from feedback_nlp.drivers.join import Level
from feedback_nlp.drivers.patterns import (
    KEYS as PATTERN_KEYS,
)
from feedback_nlp.drivers.patterns import driver_table_of_patterns, merge_patterns, patterns_of
from feedback_nlp.engines.spark import column
from feedback_nlp.engines.spark_rows import (
    ORDER,
    RATING,
    as_batch,
    collected,
    date_of,
    respondent_of,
    summed,
)
from feedback_nlp.engines.spark_rows import SparkComments as SparkComments
from feedback_nlp.engines.totals import without_empty_months
from feedback_nlp.errors import ColumnError, not_found
from feedback_nlp.language import stable_hash
from feedback_nlp.scores import Definition
from feedback_nlp.scores.counted import KEYS as RATING_KEYS
from feedback_nlp.scores.counted import merge_counts, overview_of_counts, rating_counts
from feedback_nlp.scores.overview import ALL
from feedback_nlp.words.counted import KEYS as TERM_KEYS
from feedback_nlp.words.counted import keyness_of_counts, merge_terms, term_counts
from feedback_nlp.words.expressions import MOST_COMMENTS, Expressions, find_expressions
from feedback_nlp.words.tables import group_numbers, without_personal_data

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

    Batches = Iterator[pa.RecordBatch]

_RATINGS = "split string, group string, rating double, n long"
_PATTERNS = (
    "rating double, wrote boolean, spoke boolean, negative string, positive string, "
    "neutral string, any string, n long"
)
_TERMS = "language string, own boolean, key string, form string, n_comments long, n_tokens long"


def scores_spark(
    comments: SparkComments, *, by: Sequence[str] = (), min_n: int = 10
) -> pd.DataFrame:
    """Return what ``scores_overview`` returns: the score of all, by segment, and by month.

    Args:
        comments: Tagged comments.
        by: Segment columns; their values are taken as text.
        min_n: Groups smaller than this are suppressed.

    Raises:
        ColumnError: There is no such column.
    """
    for name in by:
        if name not in comments.tagged.columns:
            raise ColumnError.missing(name, comments.tagged.columns)
    keep = {f"segment {at}": name for at, name in enumerate(dict.fromkeys(by))}
    splits = [*keep, *(["month"] if comments.date and "month" not in by else [])]
    definition = comments.definition

    def count(table: pd.DataFrame, _: pd.DataFrame) -> pd.DataFrame:
        return rating_counts(table, RATING, definition, splits=splits)

    counts = without_empty_months(summed(comments, count, _RATINGS, RATING_KEYS, keep), ())
    place = {name: at for at, name in enumerate([ALL, *splits])}  # Spark has no order
    counts = counts.sort_values("split", key=lambda split: split.map(place), kind="stable")
    table = overview_of_counts(merge_counts([counts]), comments.rating, definition, min_n=min_n)
    return table.assign(split=table["split"].replace(keep))


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
    definition, not_drivers = comments.definition, tuple(comments.not_drivers)

    def count(table: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
        return patterns_of(
            table, mentions, RATING, definition, not_drivers=not_drivers, level=level
        )

    counts = merge_patterns([summed(comments, count, _PATTERNS, PATTERN_KEYS)])
    return driver_table_of_patterns(
        counts, definition, comments.rating, level=level, min_n=min_n, n_boot=n_boot, seed=seed
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

    All comments of a respondent are of the group that the last answer puts him or her in. Terms
    that fewer than ``min_comments`` have are left out on the cluster.

    Args:
        comments: Tagged comments.
        group: One of the groups of the score; the low one if not given.
        reference: Another one; the top one if not given.
        min_comments: As in ``keyness``.
        min_n: As in ``keyness``.

    Raises:
        ColumnError: No such group, or one against itself.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    numbers, definition = _sides(comments.definition, group, reference), comments.definition
    written = _written(comments)
    expressions = _expressions(written)

    def count(batches: "Batches") -> "Batches":
        for batch in batches:
            frame = batch.to_pandas()
            codes = definition.group(frame["rating"].to_numpy("float64"))
            chosen = frame[(codes == numbers[0]) | (codes == numbers[1])]
            own = (codes == numbers[0])[chosen.index]
            texts = [without_personal_data(text) for text in chosen["text"]]
            rows = zip(texts, chosen["language"], own.tolist(), strict=True)
            yield as_batch(term_counts(rows, expressions), _TERMS)

    counted = written.mapInArrow(count, _TERMS).groupBy(*TERM_KEYS)
    sums = counted.agg(f.sum("n_comments").alias("n_comments"), f.sum("n_tokens").alias("n_tokens"))
    having = f.sum("n_comments").over(Window.partitionBy("key"))
    sums = sums.withColumn("having", having)
    common = sums.where((f.col("key") == "") | (f.col("having") >= min_comments)).drop("having")
    return keyness_of_counts(
        merge_terms([collected(common)]), min_comments=min_comments, min_n=min_n
    )


def _sides(definition: Definition, group: str | None, reference: str | None) -> tuple[int, int]:
    """Return the numbers of the group and the reference."""
    names = group_numbers(definition)
    low, _, top = definition.groups
    chosen = group or low, reference or top
    for side in chosen:
        if side not in names:
            raise ColumnError(not_found("group", side, definition.groups))
    if names[chosen[0]] == names[chosen[1]]:
        raise ColumnError(f"Both sides are {chosen[0]!r}; name two groups to be compared.")
    return names[chosen[0]], names[chosen[1]]


def _written(comments: SparkComments) -> "DataFrame":
    """Return text, language and rating of the comments that can be read.

    The rating is the last one that the respondent gave, as in ``schema.respondents``.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    text, rating = column(comments.text).cast("string"), column(comments.rating).cast("double")
    rows = comments.tagged.select(
        text.alias("text"), f.col("language").alias("language"), f.col("status").alias("status"),
        f.when(~f.isnan(rating), rating).alias("rating"), respondent_of(comments).alias("who"),
        date_of(comments).alias("date"), f.monotonically_increasing_id().alias(ORDER),
    )  # fmt: skip
    if comments.respondent_id:
        own = Window.partitionBy("who").orderBy(f.col("date").asc_nulls_first(), column(ORDER))
        whole = own.rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing)
        rows = rows.withColumn("rating", f.last("rating", ignorenulls=True).over(whole))
    readable = (f.col("status") == "ok") & (f.trim("text") != "")
    return rows.where(readable).select("text", "language", "rating")


def _expressions(written: "DataFrame") -> Expressions:
    """Return the two-word expressions of all comments; the comments stay on the cluster."""

    def hashed(batches: "Batches") -> "Batches":
        for batch in batches:
            frame = batch.to_pandas()
            frame["hash"] = [stable_hash(text).hex() for text in frame["text"]]
            yield as_batch(frame, "hash string, text string, language string")

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
        yield as_batch(frame, schema)

    schema = "language string, first string, second string, strength double"
    different = written.select("text", "language").distinct()
    few = different.mapInArrow(hashed, "hash string, text string, language string")
    few = few.orderBy("hash", "text", "language").limit(MOST_COMMENTS).repartition(1)
    found: dict[str, dict[tuple[str, str], float]] = {}
    for row in few.mapInArrow(find, schema).collect():
        pair = (row["first"], row["second"])
        found.setdefault(row["language"], {})[pair] = row["strength"]
    return found
