"""Tagging on a Spark cluster: a Spark DataFrame in, the same one with what was found out.

The tagger is broadcast, so that every worker process gets it once and keeps it from task to task.
Rows travel as Arrow batches and are tagged by the function that every engine uses. No comment is
collected; what comes back to the driver is counts (``spark_counts``).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from feedback_nlp.engines.partition import tag_partition
from feedback_nlp.errors import ColumnError, MissingDependencyError
from feedback_nlp.language import MIX_TEXTS, mix_of, stable_hash, typical_texts
from feedback_nlp.records import LANGUAGES

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import Column, DataFrame
    from pyspark.sql.types import StructType

    from feedback_nlp.language import FloatArray
    from feedback_nlp.tagging.tagger import Tagger, Tagging

    Batches = Iterator[pa.RecordBatch]

MADE = ("language", "status", "sentiment", "sentiment_score", "mentions")
_MADE_TYPES = (
    "language string, status string, sentiment string, sentiment_score double, mentions array<"
    "struct<theme: string, polarity: string, theme_confidence: float, polarity_confidence: float, "
    "start: int, end: int, evidence: string, source: string>>"
)


def tag_spark(
    df: "DataFrame",
    tagger: "Tagger",
    *,
    text: str = "text",
    question: str | None = None,
    language: str | None = None,
    mix: "FloatArray | None" = None,
) -> "DataFrame":
    """Tag the comments of a Spark DataFrame where they are.

    Args:
        df: One row a comment; the number of its partitions is how many tasks there are.
        tagger: What tags; it is sent to every worker process once.
        text: Column with the comments.
        question: Column with the question that was asked, if there is one.
        language: Column with the language of each comment, where it is known; others are detected.
            It may be called ``language``, and is then replaced.
        mix: How common each language is in all of it, which decides for short comments; of
            ``language_mix_spark`` if not given, which reads the texts once more.

    Returns:
        The rows with ``language``, ``status``, ``sentiment``, ``sentiment_score`` and
        ``mentions``, a list of what the mentions table has of each. Nothing but the mix is
        computed before it is asked for; keep the result (``.cache()`` or written as parquet) if
        several things are asked of it.

    Raises:
        MissingDependencyError: pyspark is not installed.
        ColumnError: A column is missing, there twice, or called as one that is made.
    """
    _check_installed()
    for name in filter(None, (text, question, language)):
        if name not in df.columns:
            raise ColumnError.missing(name, df.columns)
    kept = _kept_columns(df, language)
    if mix is None:
        mix = language_mix_spark(df, text=text)
    sent = df.sparkSession.sparkContext.broadcast((tagger, mix))
    named = {"text": text, "question": question, "language": language}
    at = {name: df.columns.index(given) for name, given in named.items() if given}
    places = [df.columns.index(name) for name in kept]

    def tag(batches: "Batches") -> "Batches":
        loaded, languages = sent.value
        for batch in batches:
            yield _tagged_batch(batch, loaded, languages, at, places)

    plain = df.toDF(*map(_plain, range(len(df.columns))))  # mapInArrow takes a dot for a step
    return plain.mapInArrow(tag, _schema_with(df.schema, places)).toDF(*kept, *MADE)


def mentions_spark(tagged: "DataFrame", *, comment_id: str = "comment_id") -> "DataFrame":
    """Return the mentions of tagged comments, one row each, as the mentions table has them.

    Args:
        tagged: As ``tag_spark`` returns it.
        comment_id: Column with the id of the comment.

    Raises:
        ColumnError: There is no such column.
    """
    from pyspark.sql import functions as f

    if comment_id not in tagged.columns:
        raise ColumnError.missing(comment_id, tagged.columns)
    each = tagged.select(column(comment_id).alias("comment_id"), f.explode("mentions").alias("one"))
    return each.select("comment_id", "one.*")


def language_mix_spark(df: "DataFrame", *, text: str = "text") -> "FloatArray":
    """Return the mix of languages of all comments, as ``language_mix`` does; texts stay there.

    Args:
        df: One row a comment.
        text: Column with the comments.
    """
    from pyspark.sql import functions as f

    texts = df.select(column(text).cast("string").alias("text")).na.fill("")
    chosen = texts.mapInArrow(_typical_of_partition, "hash string, text string, n long")
    summed = chosen.groupBy("hash", "text").agg(f.sum("n").alias("n"))
    few = summed.orderBy("hash", "text").limit(MIX_TEXTS)
    made = few.repartition(1).mapInArrow(_mix_of_partition, "mix array<double>").collect()
    return np.array(made[0]["mix"], dtype=np.float64) if made else np.zeros(len(LANGUAGES))


def column(name: str) -> "Column":
    """Return the column of a name, whatever signs are in it: a dot is no step into it.

    Args:
        name: The name.
    """
    from pyspark.sql import functions as f

    quoted = name.replace("`", "``")
    return f.col(f"`{quoted}`")


def _kept_columns(df: "DataFrame", language: str | None) -> list[str]:
    """Return the columns that go along, all but the language that is replaced.

    Raises:
        ColumnError: Two have one name, or one is called as one that is made.
    """
    apart = df.sparkSession.conf.get("spark.sql.caseSensitive") == "true"
    names = [name if apart else name.lower() for name in df.columns]
    for name, own in zip(df.columns, names, strict=True):
        if names.count(own) > 1:
            raise ColumnError(f"Column {name!r} is there twice (Spark: {own!r}). Rename one.")
        if own in MADE and name != language:
            raise ColumnError(
                f"There is a column {name!r} already, and tagging makes one. Rename or drop it; if "
                "it holds the language of the comments, name it with language=."
            )
    return [name for name, own in zip(df.columns, names, strict=True) if own not in MADE]


def _check_installed() -> None:
    try:
        import pyspark  # noqa: F401
    except ImportError:
        raise MissingDependencyError(
            "Tagging on Spark needs pyspark: pip install 'feedback-nlp[spark]'."
        ) from None


def _plain(place: int) -> str:
    return f"column_{place}"


def _schema_with(schema: "StructType", places: list[int]) -> "StructType":
    """Return some columns of a schema under plain names, and those that tagging makes."""
    from pyspark.sql.types import StructField, StructType

    made = cast(StructType, StructType.fromDDL(_MADE_TYPES))
    given = [(place, schema.fields[place]) for place in places]
    fields = [
        StructField(_plain(place), field.dataType, field.nullable, field.metadata)
        for place, field in given
    ]
    return StructType([*fields, *made.fields])


def _tagged_batch(
    batch: "pa.RecordBatch",
    tagger: "Tagger",
    mix: "FloatArray",
    at: dict[str, int],
    places: list[int],
) -> "pa.RecordBatch":
    """Return the rows of an Arrow batch with what was found out."""
    import pyarrow as pa

    frame = pd.DataFrame({"comment_id": np.arange(batch.num_rows).astype("str")})
    for name, place in at.items():
        values = batch.column(place)
        frame[name] = values.cast(pa.string()).to_pandas().to_numpy(dtype=object)
    tagging = tag_partition(frame, tagger, mix=mix)
    made = [*made_columns(tagging)]
    whole = [batch.column(place) for place in places]
    return pa.RecordBatch.from_arrays([*whole, *made], names=[*map(_plain, places), *MADE])


def made_columns(tagging: "Tagging") -> Iterable["pa.Array"]:
    """Return the columns of ``MADE`` as Arrow arrays, one entry a comment.

    Args:
        tagging: Comments numbered from 0 as their ids, and their mentions.
    """
    import pyarrow as pa

    comments, mentions = tagging.comments, tagging.mentions
    for name in ("language", "status", "sentiment"):
        yield pa.array(comments[name].astype("object"), pa.string(), from_pandas=True)
    yield pa.array(comments["sentiment_score"].to_numpy(np.float64), from_pandas=True)
    row = mentions["comment_id"].astype("int64").to_numpy()
    first = np.searchsorted(row, np.arange(len(comments) + 1))
    types = {
        "theme": pa.string(), "polarity": pa.string(), "theme_confidence": pa.float32(),
        "polarity_confidence": pa.float32(), "start": pa.int32(), "end": pa.int32(),
        "evidence": pa.string(), "source": pa.string(),
    }  # fmt: skip
    fields = [
        pa.array(mentions[name].astype("object"), kind, from_pandas=True)
        for name, kind in types.items()
    ]
    each = pa.StructArray.from_arrays(fields, names=list(types))
    yield pa.ListArray.from_arrays(pa.array(first, pa.int32()), each)


def _typical_of_partition(batches: "Batches") -> "Batches":
    """Return the texts of a partition that may be among those that tell the mix."""
    import pyarrow as pa

    kept = Counter[str]()
    for batch in batches:
        kept = typical_texts(kept + Counter(batch.column(0).to_pylist()))
    hashes = [stable_hash(text).hex() for text in kept]
    columns = [
        pa.array(hashes, pa.string()), pa.array(list(kept), pa.string()),
        pa.array(list(kept.values()), pa.int64()),
    ]  # fmt: skip
    yield pa.RecordBatch.from_arrays(columns, names=["hash", "text", "n"])


def _mix_of_partition(batches: "Batches") -> "Batches":
    import pyarrow as pa

    times = Counter[str]()
    for batch in batches:
        texts, n = batch.column("text").to_pylist(), batch.column("n").to_pylist()
        times.update(dict(zip(texts, n, strict=True)))
    mix = mix_of(times).tolist()
    yield pa.RecordBatch.from_arrays([pa.array([mix], pa.list_(pa.float64()))], names=["mix"])
