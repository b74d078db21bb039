"""What importance is taken of: themes as columns, or sub-ratings, and how people speak of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.drivers.importance.relative_weights import Floats
from feedback_nlp.drivers.join import Mask, ThemeMatrix
from feedback_nlp.errors import ColumnError
from feedback_nlp.schema import rating_scales
from feedback_nlp.scores import definition_of
from feedback_nlp.scores.answers import Scale, read_people, to_floats
from feedback_nlp.scores.survey import no_ratings

_COUNTS = ["n", "n_negative", "n_positive", "n_both", "n_known"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Predictors:
    """What explains, and what is explained.

    Attributes:
        columns: Respondents × columns of numbers.
        groups: The row that each column belongs to.
        rows: One row to show for each theme or sub-rating, indexed as the groups are called: its
            names, ``n``, ``n_negative``, ``n_positive``, ``n_both`` and ``n_known``.
        outcome: The rating of each respondent, high is good.
        notes: The base, and how many respondents there are.
    """

    columns: pd.DataFrame
    groups: dict[str, str]
    rows: pd.DataFrame
    outcome: pd.Series
    notes: dict[str, Any]


def theme_predictors(matrix: ThemeMatrix, *, by_polarity: bool, min_n: int) -> Predictors:
    """Return who blames and who praises each theme, of those who wrote.

    Args:
        matrix: Who mentions what.
        by_polarity: Blame and praise are rows of their own.
        min_n: Rows that fewer respondents mention get no columns.
    """
    spoke = matrix.people["spoke"].to_numpy(bool)
    index = matrix.people.index[spoke]
    columns: dict[str, Floats] = {}
    groups: dict[str, str] = {}
    rows: list[dict[str, Any]] = []
    for theme in matrix.themes:
        own = {
            name: frame[theme].to_numpy(bool)[spoke]
            for name, frame in (
                ("any", matrix.any), ("negative", matrix.negative),
                ("positive", matrix.positive), ("neutral", matrix.neutral),
            )
        }  # fmt: skip
        for polarity in ("negative", "positive"):
            column = f"{theme} {polarity}"
            row = column if by_polarity else theme
            n = int(own[polarity if by_polarity else "any"].sum())
            if by_polarity or polarity == "negative":
                rows.append({"row": row, "theme": theme, "polarity": polarity, **_counts(own, n)})
            if n >= min_n and own[polarity].any():
                columns[column], groups[column] = own[polarity].astype(np.float64), row
    shown = pd.DataFrame(rows, columns=["row", "theme", "polarity", *_COUNTS]).set_index("row")
    shown = shown.astype({"theme": "str", "polarity": "str"} | dict.fromkeys(_COUNTS, "int64"))
    answers = matrix.definition.good(matrix.people["rating"].to_numpy(np.float64)[spoke])
    return Predictors(
        columns=pd.DataFrame(columns, index=index),
        groups=groups,
        rows=shown if by_polarity else shown.drop(columns="polarity"),
        outcome=pd.Series(answers, index=index),
        notes={
            "base": "respondents who wrote",
            "n_respondents": len(spoke),
            "n_wrote": int(spoke.sum()),
            "n_missing": matrix.n_missing,
        },
    )


def _counts(own: dict[str, Mask], n: int) -> dict[str, int]:
    """Return how many blame and praise a theme, do both, and have a known polarity."""
    negative, positive = own["negative"], own["positive"]
    return {
        "n": n,
        "n_negative": int(negative.sum()),
        "n_positive": int(positive.sum()),
        "n_both": int((negative & positive).sum()),
        "n_known": int((negative | positive | own["neutral"]).sum()),
    }


def rating_predictors(
    comments: pd.DataFrame,
    rating: str,
    names: Sequence[str],
    *,
    min_n: int,
    scale: Scale | None = None,
) -> Predictors:
    """Return the sub-ratings of each respondent, and who answered below and above their middle.

    Args:
        comments: A comments table.
        rating: What is explained.
        names: Columns of sub-ratings.
        min_n: Sub-ratings that fewer respondents answered get no columns.
        scale: Lowest and highest answer of the rating, as in ``scores.score_of``.

    Raises:
        ColumnError: A column is missing, holds no numbers, or is the rating itself.
        RatingError: There are no ratings, or they are off the scale.
    """
    names = [names] if isinstance(names, str) else list(dict.fromkeys(names))
    if rating in names:
        raise ColumnError(
            f"{rating!r} is what is explained, and cannot explain itself; leave it out of the "
            "predictors."
        )
    definition = definition_of(comments, rating, scale=scale)
    whole = definition.metric == "nps"
    people = read_people(comments, rating, definition.scale, whole=whole, keep=names)
    rated = people[people[rating].notna()].set_index("respondent_id")
    if rated.empty:
        raise no_ratings(rating, len(people))
    known = rating_scales(comments)
    columns: dict[str, Floats] = {}
    rows: list[dict[str, Any]] = []
    middles: dict[str, float | None] = {}
    for name in names:
        values = _answers(rated[name], name)
        asked = (known[name].low, known[name].high) if name in known else None
        middles[name] = _middle(values, asked)
        rows.append({"row": name, "predictor": name, **_sides(values, middles[name])})
        if rows[-1]["n"] >= min_n:
            columns[name] = values
    shown = pd.DataFrame(rows, columns=["row", "predictor", *_COUNTS]).set_index("row")
    return Predictors(
        columns=pd.DataFrame(columns, index=rated.index),
        groups={},
        rows=shown.astype({"predictor": "str"} | dict.fromkeys(_COUNTS, "int64")),
        outcome=pd.Series(definition.good(to_floats(rated[rating])), index=rated.index),
        notes={
            "base": "respondents who answered everything",
            "n_respondents": len(rated),
            "n_missing": len(people) - len(rated),
            "middles": middles,
        },
    )


def _answers(column: pd.Series, name: str) -> Floats:
    """Return a column of sub-ratings as floats."""
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        raise ColumnError(
            f"Column {name!r} does not hold numbers but {column.dtype}; read it as a rating "
            f"(--rating {name}=COLUMN), or convert it first."
        )
    return to_floats(column)


def _middle(values: Floats, scale: Scale | None) -> float | None:
    """Return the middle of a scale; where none is declared, between lowest and highest answer."""
    known = values[~np.isnan(values)]
    if scale is None and not known.size:
        return None
    low, high = scale or (float(known.min()), float(known.max()))
    return (low + high) / 2


def _sides(values: Floats, middle: float | None) -> dict[str, int]:
    """Return how many answered, below and above the middle."""
    n = int((~np.isnan(values)).sum())
    below = int((values < middle).sum()) if middle is not None else 0
    above = int((values > middle).sum()) if middle is not None else 0
    return {"n": n, "n_negative": below, "n_positive": above, "n_both": 0, "n_known": n}
