"""Secure Customer Index: who is satisfied, would recommend and would buy again, all three.

Formulas, sources and what it is not: ``docs/metrics.md``.
"""

from collections.abc import Mapping, Sequence
from math import floor
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import FeedbackError, RatingError
from feedback_nlp.records import Score
from feedback_nlp.scores.answers import Scale, check_answers
from feedback_nlp.scores.indexes.items import (
    Items,
    Scales,
    complete,
    composite_interval,
    incomplete_note,
    read_items,
)
from feedback_nlp.scores.intervals import wilson

Floats = NDArray[np.float64]
SecureMethod = Literal["mean", "top_box"]
BANDS = {
    "mean": ("at_risk", "neutral", "secure"),
    "top_box": ("at_risk", "vulnerable", "favourable", "secure"),
}
NEUTRAL_FROM, SECURE_FROM = 0.7, 0.9
_DEFAULT_SCALE: Scale = (1, 5)
_MOST_POINTS = 11
_ROUNDING = 1e-6  # far below the step from one mean of whole answers to the next


def secure_customer_index(
    items: Items,
    *,
    method: SecureMethod = "mean",
    scale: Scales | None = None,
    columns: Sequence[str] | None = None,
    level: float = 0.95,
) -> Score:
    """Secure Customer Index: mean of the normalised answers, or share of top answers throughout.

    Args:
        items: Answers on overall satisfaction, recommendation and repeat purchase: one column for
            each item and one row for each respondent, or a mapping from item to answers. A comments
            table needs ``columns``.
        method: ``mean``: mean of the answers brought to 0–1, (answer − lowest) ÷ (highest −
            lowest); at risk below 0.7, neutral from 0.7, secure from 0.9. Or ``top_box``: percent
            of respondents with the top answer on all three (see ``boxes`` for the bands).
        scale: Lowest and highest answer, of all items or of each by name; if not given, as a
            comments table notes, else 1–5.
        columns: The items to take; all columns if not given.
        level: Confidence level of the intervals.

    Returns:
        An index from 0 to 1, or a percentage. ``counts`` holds the respondents in each band,
        ``details`` the share of each band in percent with its Wilson interval.

    Raises:
        RatingError: An answer is off the scale, nobody answered all, or ``top_box`` is asked of
            other than three items or of scales without boxes.
        FeedbackError: No such method.

    Example:
        >>> answers = {"satisfied": [5, 4, 2], "recommend": [5, 5, 3], "repeat": [5, 4, 4]}
        >>> score = secure_customer_index(answers)
        >>> print(score)
        SECURE (mean) 0.78 [0.34 to 0.93, 95%], n = 3
        >>> secure_customer_index(answers, method="top_box").counts
        {'at_risk': 1, 'vulnerable': 0, 'favourable': 1, 'secure': 1}
    """
    if method not in BANDS:
        raise FeedbackError(
            f"No method of the Secure Customer Index {method!r}; choose {', '.join(BANDS)}."
        )
    table, scales = read_items(items, columns=columns, scale=scale, default=_DEFAULT_SCALE)
    answered = complete(table, what="Secure Customer Index")
    ends = set(scales.values())
    shown = ends.pop() if len(ends) == 1 else None
    make = _by_mean if method == "mean" else _by_boxes
    return make(answered, scales, rows=len(table), level=level, shown=shown)


def boxes(scale: Scale) -> tuple[float, float, float]:
    """Return the cut points of the top-box rule: top from, second best from, at risk up to.

    Burke asks on 1–5: secure is 5 on all three, favourable at least 4, at risk 2 or less on any.
    That is the top fifth of the answers, the top two fifths and the low two fifths; other scales
    are cut by the same fifths, rounded down, with at least one answer in each.

    Raises:
        RatingError: The scale has fewer than 3 or more than 11 points, or no whole ends.

    Example:
        >>> boxes((1, 5)), boxes((1, 7)), boxes((1, 10)), boxes((0, 10))
        ((5, 4, 2), (7, 6, 2), (9, 7, 4), (9, 7, 3))
    """
    low, high = scale
    points = high - low + 1
    if not 3 <= points <= _MOST_POINTS or low != floor(low) or high != floor(high):
        raise RatingError(
            f"The scale {low:g}–{high:g} has no boxes for the top-box rule, which needs 3 to "
            f"{_MOST_POINTS} whole answers. Use method='mean'."
        )
    top = max(floor(points / 5), 1)
    second = max(floor(2 * points / 5), top + 1)
    risk = max(floor(2 * points / 5), 1)
    return high - top + 1, high - second + 1, low + risk - 1


def band_of(index: Floats) -> NDArray[np.int64]:
    """Return 0, 1 or 2 for at risk, neutral and secure, safe against rounding.

    Example:
        >>> band_of(np.array([0.69, 0.7 - 1e-16, 0.7, 0.8999999999, 1.0]))
        array([0, 1, 1, 2, 2])
    """
    return np.searchsorted([NEUTRAL_FROM - _ROUNDING, SECURE_FROM - _ROUNDING], index, "right")


def _by_mean(
    table: pd.DataFrame,
    scales: Mapping[str, Scale],
    *,
    rows: int,
    level: float,
    shown: Scale | None,
) -> Score:
    answers = table.to_numpy(np.float64)
    low, high = np.array([scales[name] for name in table.columns]).T
    own = ((answers - low) / (high - low)).mean(axis=1)
    value = float(np.clip(own.mean(), 0, 1))
    below, above, made = composite_interval(own, 0, 1, level=level)
    names = BANDS["mean"]
    counts = np.bincount(band_of(own), minlength=len(names))
    details = _shares(names, counts, level)
    if (low >= 0).all():
        details["mean_of_highest_answer"] = float((answers / high).mean())
    return Score(
        metric="secure",
        method="mean",
        value=value,
        low=min(below, value),
        high=max(above, value),
        n=len(table),
        n_missing=rows - len(table),
        level=level,
        interval=made,
        unit="index",
        counts=dict(zip(names, map(int, counts), strict=True)),
        details=details,
        scale=shown,
        notes=incomplete_note(rows, len(table)),
    )


def _by_boxes(
    table: pd.DataFrame,
    scales: Mapping[str, Scale],
    *,
    rows: int,
    level: float,
    shown: Scale | None,
) -> Score:
    if table.shape[1] != 3:
        raise RatingError(
            f"The top-box rule is of three items, satisfaction, recommendation and repeat "
            f"purchase, not of {table.shape[1]}; name them with columns, or use method='mean'."
        )
    answers = table.to_numpy(np.float64)
    for name, values in zip(table.columns, answers.T, strict=True):
        check_answers(values, scales[name], whole=True, name=name)
    top, second, risk = np.array([boxes(scales[name]) for name in table.columns]).T
    secure = (answers >= top).all(axis=1)
    favourable = (answers >= second).all(axis=1)
    at_risk = (answers <= risk).any(axis=1)
    band = np.select([secure, favourable, at_risk], [3, 2, 0], default=1)
    names = BANDS["top_box"]
    counts = np.bincount(band, minlength=len(names))
    details = _shares(names, counts, level)
    ends = [details.pop(name) for name in ("share_secure", "share_secure_low", "share_secure_high")]
    return Score(
        metric="secure",
        method="top_box",
        value=ends[0],
        low=ends[1],
        high=ends[2],
        n=len(table),
        n_missing=rows - len(table),
        level=level,
        interval="wilson",
        unit="percent",
        counts=dict(zip(names, map(int, counts), strict=True)),
        details=details,
        scale=shown,
        notes=incomplete_note(rows, len(table)),
    )


def _shares(names: Sequence[str], counts: NDArray[np.int64], level: float) -> dict[str, float]:
    """Return the share of each band in percent, with its interval."""
    low, high = wilson(counts, counts.sum(), level=level)
    found: dict[str, float] = {}
    for i, name in enumerate(names):
        found[f"share_{name}"] = float(counts[i] / counts.sum() * 100)
        found[f"share_{name}_low"] = float(low[i] * 100)
        found[f"share_{name}_high"] = float(high[i] * 100)
    return found
