"""Scores of more respondents than fit in memory: from how many gave each answer.

The counts of parts of an export add up, wherever they were made, and say all that a score and its
interval need. Each part holds all rows of its respondents.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from feedback_nlp.scores.answers import read_people, to_floats
from feedback_nlp.scores.definitions import Definition
from feedback_nlp.scores.grouping import PERIODS, group_of, periods_of_rows
from feedback_nlp.scores.overview import ALL
from feedback_nlp.scores.scoring import no_ratings
from feedback_nlp.scores.summary import summarise
from feedback_nlp.scores.table import Grouped, table_of

KEYS = ["split", "group", "rating"]
_NAME = "group of respondents"


def rating_counts(
    comments: pd.DataFrame, rating: str, definition: Definition, *, splits: Sequence[str] = ()
) -> pd.DataFrame:
    """Return how many respondents gave each answer: all, and of each group.

    Args:
        comments: A comments table, or a part of one that holds all rows of its respondents.
        rating: The rating column.
        definition: The score that is made of it (``definition_of`` the whole table).
        splits: Segment columns and periods to split by, as ``splits_of`` names them.

    Returns:
        ``split`` (what it is split by: ``all``, the column, ``month``), ``group``, ``rating``
        (missing for those who gave none) and ``n``.

    Raises:
        ColumnError: A column is missing.
        RatingError: An answer is off the scale.

    Example:
        >>> from feedback_nlp.scores import define
        >>> comments = pd.DataFrame({"comment_id": list("abc"), "nps": [10, 9, 9]})
        >>> rating_counts(comments, "nps", define("nps"))[["split", "rating", "n"]]
          split  rating  n
        0   all     9.0  2
        1   all    10.0  1
    """
    parts = [_counts(comments, rating, definition, None).assign(split=ALL, group=ALL)]
    parts += [
        _counts(comments, rating, definition, column).assign(split=column) for column in splits
    ]
    return merge_counts(parts)


def merge_counts(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return the counts of several parts as one table; splits stand as in the first.

    Args:
        parts: As ``rating_counts`` returns them.
    """
    found = pd.concat(list(parts), ignore_index=True)
    found = found.astype({"group": "object", "rating": "float64", "n": "int64"})
    summed = found.groupby(KEYS, sort=False, dropna=False)["n"].sum().reset_index()
    summed["order"] = pd.factorize(summed["split"])[0]
    summed["place"] = 0
    for _, own in summed.groupby("order"):
        place = pd.factorize(own["group"], sort=True, use_na_sentinel=False)[0]
        summed.loc[own.index, "place"] = place
    table = summed.sort_values(["order", "place", "rating"], kind="stable")
    return table[[*KEYS, "n"]].reset_index(drop=True)


def overview_of_counts(
    counts: pd.DataFrame, rating: str, definition: Definition, *, min_n: int = 10
) -> pd.DataFrame:
    """Return what ``scores_overview`` returns, from counts.

    Args:
        counts: As ``rating_counts`` or ``merge_counts`` returns them.
        rating: The rating, for messages.
        definition: The score.
        min_n: Groups smaller than this are suppressed.

    Raises:
        RatingError: Nobody gave an answer.

    Example:
        >>> from feedback_nlp.scores import define
        >>> comments = pd.DataFrame({"comment_id": list("abc"), "nps": [10, 9, 2]})
        >>> counts = rating_counts(comments, "nps", define("nps"))
        >>> overview_of_counts(counts, "nps", define("nps"))[["value", "n"]]
               value  n
        0  33.333333  3
    """
    if counts["rating"].isna().all():
        raise no_ratings(rating, int(counts.loc[counts["split"] == ALL, "n"].sum()))
    parts = []
    for split, own in counts.groupby("split", sort=False):
        groups, keys = pd.factorize(own["group"], use_na_sentinel=False)
        answers = own["rating"].to_numpy(np.float64)
        found = summarise(
            answers, definition, groups=groups.astype(np.int64), n_groups=len(keys),
            times=own["n"].to_numpy(np.int64),
        )  # fmt: skip
        named = pd.DataFrame({"group": pd.array(list(keys), dtype="object")})
        made = Grouped(keys=named, found=found, answers=answers, definition=definition)
        part = table_of(made, min_n=0 if split == ALL else min_n)
        parts.append(part.assign(split=split))
    table = pd.concat([part.astype({"group": "str"}) for part in parts], ignore_index=True)
    return table[["split", *[name for name in table.columns if name != "split"]]]


def _counts(
    comments: pd.DataFrame, rating: str, definition: Definition, column: str | None
) -> pd.DataFrame:
    """Return how many respondents of each group gave each answer."""
    periods = [column] if column in PERIODS and column not in comments.columns else []
    keep = ["date"] if periods else [column] if column is not None else []
    people = read_people(
        comments, rating, definition.scale, whole=definition.metric == "nps", keep=keep,
        within=periods_of_rows(comments, periods),
    )  # fmt: skip
    answers = to_floats(people[rating])
    named = pd.DataFrame({"group": ALL, "rating": answers, "n": 1})
    if column is not None and len(people):
        people = people.rename(columns={column: _NAME}) if not periods else people
        name = column if periods else _NAME
        groups = group_of(people, [name], periods)
        named["group"] = groups.keys[name].astype("object").to_numpy()[groups.codes]
    return named
