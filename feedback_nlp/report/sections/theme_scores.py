"""Themes by polarity, with the score of those who blame each and of those who praise it."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.join import ThemeMatrix, theme_matrix
from feedback_nlp.report.figures.theme_bars import SideScore, ThemeRow
from feedback_nlp.report.source import Source
from feedback_nlp.scores.quantiles import quantile
from feedback_nlp.scores.score_interval import Histogram, score_ends
from feedback_nlp.showing import safe

Sides = Mapping[str, Mapping[str, SideScore]]


def side_scores(source: Source) -> Sides:
    """Return by polarity and theme the score of those who say it, where there are ``min_n``.

    Each theme is taken by itself: who blames one theme may well praise another. The intervals are
    score intervals, as those of the score itself.
    """
    matrix = theme_matrix(source.comments, source.mentions, source.rating, not_drivers=())
    return {
        "negative": _scores(matrix, matrix.negative, source),
        "positive": _scores(matrix, matrix.positive, source),
    }


def theme_rows(
    table: pd.DataFrame, names: Sequence[str], sides: Sides | None = None
) -> tuple[ThemeRow, ...]:
    """Return the rows of a theme table, with the scores of both sides if they are given.

    Args:
        table: As ``theme_table`` returns it.
        names: How each theme is called.
        sides: The scores by polarity and theme.
    """
    scores = sides or {"negative": {}, "positive": {}}
    return tuple(
        ThemeRow(
            name=safe(name),
            n=int(row["n_comments"]),
            negative=int(row["negative"]),
            neutral=int(row["neutral"]),
            positive=int(row["positive"]),
            unknown=int(row["unknown"]),
            blamed=scores["negative"].get(str(row["theme"])),
            praised=scores["positive"].get(str(row["theme"])),
        )
        for name, row in zip(names, table.to_dict("records"), strict=True)
    )


def _scores(matrix: ThemeMatrix, who: pd.DataFrame, source: Source) -> dict[str, SideScore]:
    levels, answer = np.unique(matrix.people["x"].to_numpy(), return_inverse=True)
    counts = _counts(who.to_numpy(dtype=bool), answer, levels.size)
    n = counts.sum(axis=1)
    shown = np.flatnonzero(n >= max(source.min_n, 1))
    if not shown.size:
        return {}
    end = matrix.definition
    low, high = score_ends(
        Histogram.of_columns(levels, counts[shown]), quantile(source.score.level),
        low=end.minimum, high=end.maximum,
    )  # fmt: skip
    means = counts[shown] @ levels / n[shown]
    return {
        matrix.themes[theme]: SideScore(
            value=float(means[at]), low=float(low[at]), high=float(high[at]), n=int(n[theme])
        )
        for at, theme in enumerate(shown)
    }


def _counts(who: NDArray[np.bool_], answer: NDArray[np.intp], levels: int) -> NDArray[np.float64]:
    """Return how many who mention each theme gave each answer: themes × answers."""
    row, theme = np.nonzero(who)
    cells = np.bincount(theme * levels + answer[row], minlength=who.shape[1] * levels)
    return cells.reshape(who.shape[1], levels).astype(np.float64)
