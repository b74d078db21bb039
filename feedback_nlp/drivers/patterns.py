"""Respondents who are alike in all that drivers count, and how many there are of each kind.

A driver table asks of a respondent the rating, whether words were left, and which themes are
blamed, praised and named; not who it is. So the counts of these patterns say all that the table
needs. Those of parts of an export add up, wherever they were made: millions of respondents on a
cluster, and a few thousand rows to be collected.
"""

from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd

from feedback_nlp.drivers.impact.table import table_of_matrix
from feedback_nlp.drivers.join import Level, ThemeMatrix, theme_matrix
from feedback_nlp.drivers.settings import check_settings
from feedback_nlp.scores import Definition
from feedback_nlp.scores.scoring import no_ratings

SETS = ("negative", "positive", "neutral", "any")
KEYS = ["rating", "wrote", "spoke", *SETS]
BETWEEN = "|"


def pattern_counts(matrix: ThemeMatrix) -> pd.DataFrame:
    """Return how many respondents of each pattern there are.

    Args:
        matrix: Who mentions what; all rows of its respondents.

    Returns:
        ``rating`` (missing for those without one, of whom nothing else is told), ``wrote`` and
        ``spoke`` (as in ``ThemeMatrix``), ``negative``, ``positive``, ``neutral`` and ``any``
        (themes in alphabetical order, with ``|`` between them), and ``n``.

    Example:
        >>> from feedback_nlp.drivers import theme_matrix
        >>> from feedback_nlp.schema import mentions_table
        >>> comments = pd.DataFrame({"comment_id": ["a", "b"], "text": ["Late", "Fine"]})
        >>> found = theme_matrix(comments.assign(nps=[9, 9]), mentions_table([], ["delivery"]))
        >>> pattern_counts(found)[["rating", "wrote", "any", "n"]].to_dict("records")
        [{'rating': 9.0, 'wrote': True, 'any': '', 'n': 2}]
    """
    people = matrix.people.reset_index(drop=True)
    table = people[["rating", "wrote", "spoke"]].astype({"rating": "float64"})
    for name in SETS:
        table[name] = _named(getattr(matrix, name))
    table["n"] = matrix.often
    if matrix.n_missing:
        nobody = {"rating": np.nan, "wrote": False, "spoke": False, **dict.fromkeys(SETS, "")}
        missing = pd.DataFrame([{**nobody, "n": matrix.n_missing}]).astype(table.dtypes)
        table = missing if table.empty else pd.concat([table, missing], ignore_index=True)
    return merge_patterns([table])


def patterns_of(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    rating: str,
    definition: Definition,
    *,
    not_drivers: Collection[str],
    level: Level = "top",
) -> pd.DataFrame:
    """Return the patterns of a part of an export, of which the definition of the whole is known.

    Args:
        comments: All rows of some respondents.
        mentions: Their mentions.
        rating: The rating column.
        definition: The score that is made of it.
        not_drivers: Themes that explain nothing.
        level: The level of the themes.
    """
    matrix = theme_matrix(
        comments, mentions, rating, level=level, metric=definition.metric,
        method=definition.method, scale=definition.scale, not_drivers=not_drivers,
    )  # fmt: skip
    return pattern_counts(matrix)


def merge_patterns(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return the patterns of several parts as one table, in a fixed order.

    Args:
        parts: As ``pattern_counts`` returns them.
    """
    table = pd.concat(list(parts), ignore_index=True)
    return table.groupby(KEYS, sort=True, dropna=False)["n"].sum().reset_index()


def matrix_of_patterns(patterns: pd.DataFrame, definition: Definition) -> ThemeMatrix:
    """Return a matrix in which a row stands for all respondents of a pattern.

    Args:
        patterns: As ``pattern_counts`` or ``merge_patterns`` returns them.
        definition: The score.
    """
    rated = patterns[patterns["rating"].notna()].reset_index(drop=True)
    answers = rated["rating"].to_numpy(np.float64)
    themes = sorted({theme for said in rated["any"].unique() for theme in _split(said)})
    index = pd.RangeIndex(len(rated), name="respondent_id")
    people = pd.DataFrame(
        {
            "rating": answers,
            "x": definition.contribution(answers),
            "group": definition.group(answers),
            "wrote": rated["wrote"].to_numpy(bool),
            "spoke": rated["spoke"].to_numpy(bool),
        },
        index=index,
    )
    return ThemeMatrix(
        people=people,
        definition=definition,
        n_missing=int(patterns.loc[patterns["rating"].isna(), "n"].sum()),
        times=rated["n"].to_numpy(np.int64),
        **{name: _grid(rated[name], themes, index) for name in SETS},
    )


def driver_table_of_patterns(
    patterns: pd.DataFrame,
    definition: Definition,
    rating: str = "nps",
    *,
    level: Level = "top",
    min_n: int = 10,
    n_boot: int = 1000,
    seed: int = 0,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return what ``driver_table`` returns, from the counts of patterns.

    Args:
        patterns: As ``pattern_counts`` or ``merge_patterns`` returns them.
        definition: The score.
        rating: The name of the rating.
        level: The level of the themes that were counted.
        min_n: As in ``driver_table``, like all that follows.
        n_boot: Bootstrap draws.
        seed: Of the bootstrap.
        confidence: Level of all intervals.

    Raises:
        RatingError: Nobody gave a rating.
        FeedbackError: A setting is out of its range.

    Example:
        >>> from feedback_nlp.scores import define
        >>> rows = [[3.0, True, True, "delivery", "", "", "delivery", 40],
        ...         [9.0, True, True, "", "", "", "", 60]]
        >>> counts = pd.DataFrame(rows, columns=[*KEYS, "n"])
        >>> table = driver_table_of_patterns(counts, define("nps"))
        >>> table[["theme", "n_negative", "points_lost"]].to_dict("records")
        [{'theme': 'delivery', 'n_negative': 40, 'points_lost': 80.0}]
    """
    check_settings(min_n=min_n, n_boot=n_boot, seed=seed, confidence=confidence)
    matrix = matrix_of_patterns(patterns, definition)
    if matrix.people.empty:
        raise no_ratings(rating, matrix.n_missing)
    return table_of_matrix(
        matrix, rating, level=level, min_n=min_n, n_boot=n_boot, seed=seed, confidence=confidence
    )


def _named(grid: pd.DataFrame) -> np.ndarray:
    """Return the themes of each row in one text; rows that are alike are written once."""
    marks = grid.to_numpy(dtype=bool)
    if not marks.size:
        return np.full(len(marks), "", dtype=object)
    packed = np.packbits(marks, axis=1)
    keys = np.ascontiguousarray(packed).view(f"V{packed.shape[1]}").ravel()
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    names = np.array([str(name) for name in grid.columns], dtype=object)
    texts = np.array([BETWEEN.join(names[marks[row]]) for row in first], dtype=object)
    return texts[which]


def _split(said: str) -> list[str]:
    return said.split(BETWEEN) if said else []


def _grid(said: pd.Series, themes: list[str], index: pd.RangeIndex) -> pd.DataFrame:
    """Return rows × themes: what each row names."""
    which, texts = pd.factorize(said)
    place = {theme: at for at, theme in enumerate(themes)}
    marks = np.zeros((len(texts), len(themes)), dtype=bool)
    for row, text in enumerate(texts):
        marks[row, [place[theme] for theme in _split(text)]] = True
    return pd.DataFrame(marks[which], index=index, columns=pd.Index(themes, dtype="str"))
