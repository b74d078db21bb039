"""Tagged comments on Spark as rows of respondents, to be counted where they are.

The rows of a respondent are brought together on the cluster, without the text; what is counted of
each partition is summed there, and only the sums are collected.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from feedback_nlp.engines.spark import column
from feedback_nlp.errors import ColumnError
from feedback_nlp.schema import POLARITIES
from feedback_nlp.scores import Definition

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import Column, DataFrame

    Batches = Iterator[pa.RecordBatch]

ORDER, RATING = "row of the table", "rating"  # plain names, whatever the columns are called
Count: TypeAlias = Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]


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
        date: Column with the date or time, if there is one; instants are told in the time zone of
            the session.
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
        for name in ("mentions", "status", "language", *filter(None, named)):
            if name not in self.tagged.columns:
                raise ColumnError.missing(name, self.tagged.columns)


def respondent_of(comments: SparkComments) -> "Column":
    """Return who answered; a comment without respondent is a respondent of its own."""
    from pyspark.sql import functions as f

    alone = f.concat(f.lit("comment "), column(comments.comment_id).cast("string"))
    if comments.respondent_id is None:
        return alone
    return f.coalesce(column(comments.respondent_id).cast("string"), alone)


def date_of(comments: SparkComments) -> "Column":
    """Return when it was answered, as told by a clock where the session is; none without dates."""
    from pyspark.sql import functions as f

    date = column(comments.date) if comments.date else f.lit(None)
    return date.cast("timestamp_ntz")


def summed(
    comments: SparkComments, count: Count, schema: str, keys: Sequence[str],
    keep: Mapping[str, str] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return what is counted of the respondents of each partition, summed over all of them.

    Args:
        comments: Tagged comments.
        count: Counts a comments table and its mentions.
        schema: Of what it returns, as Spark writes it.
        keys: Columns of that by which ``n`` is summed.
        keep: Further columns that it needs, by the name they have there.
    """
    from pyspark.sql import functions as f

    def partition(batches: "Batches") -> "Batches":
        frames = [batch.to_pandas() for batch in batches]
        if frames:
            yield as_batch(count(*tables_of(pd.concat(frames, ignore_index=True))), schema)

    columns = [
        column(comments.comment_id).cast("string").alias("comment_id"),
        respondent_of(comments).alias("respondent_id"),
        column(comments.rating).cast("double").alias(RATING),
        f.col("status").alias("status"),
        f.col("mentions.theme").alias("themes"),
        f.col("mentions.polarity").alias("polarities"),
        *(column(name).cast("string").alias(here) for here, name in (keep or {}).items()),
        *([date_of(comments).alias("date")] if comments.date else []),
        f.monotonically_increasing_id().alias(ORDER),
    ]
    together = comments.tagged.select(*columns).repartition("respondent_id")
    counted = together.mapInArrow(partition, schema)
    return collected(counted.groupBy(*keys).agg(f.sum("n").alias("n")))


def tables_of(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of a partition as a comments table and a mentions table."""
    rows = rows.sort_values(ORDER, kind="stable").reset_index(drop=True)
    each = rows[["comment_id", "themes", "polarities"]].explode(["themes", "polarities"])
    each = each[each["themes"].notna()].reset_index(drop=True)
    mentions = pd.DataFrame(
        {
            "comment_id": each["comment_id"].astype("str"),
            "theme": each["themes"].astype("category"),
            "polarity": pd.Categorical(each["polarities"], categories=list(POLARITIES)),
        }
    )
    return rows.drop(columns=[ORDER, "themes", "polarities"]), mentions


def as_batch(frame: pd.DataFrame, schema: str) -> "pa.RecordBatch":
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


def collected(counts: "DataFrame") -> pd.DataFrame:
    """Return counts from the cluster as a table."""
    table: pd.DataFrame = counts.toArrow().to_pandas()
    return table
