"""Perceptions and expectations of attributes, put side by side: what every CSI rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import ColumnError, FeedbackError, RatingError
from feedback_nlp.scores.answers import Scale, check_scale
from feedback_nlp.scores.indexes.items import Items, complete, item_weights, one_scale, read_items

Floats = NDArray[np.float64]
AnyItems = Items | pd.Series
CsiMethod = Literal["gap", "weighted"]
CsiIndex = Literal["percent_of_maximum", "percent_of_highest", "mean"]
METHODS = ("gap", "weighted")
INDEXES = ("percent_of_maximum", "percent_of_highest", "mean")
DEFAULT_SCALE: Scale = (1, 5)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Attributes:
    """Attributes with their weights, and the answers of those who answered all of them.

    Attributes:
        method: ``gap`` or ``weighted``.
        index: How an answer becomes an index, where the method is ``weighted``.
        scale: Lowest and highest answer.
        names: The attributes, in order.
        weights: Weight of each, adding up to 1.
        perceptions: Answers, one row for each respondent and one column for each attribute; one
            row where means were given.
        expectations: The same of what was expected, or one row of given numbers; ``None`` where
            there are none.
        competitor: The same respondents' answers on a competitor, if there are any.
        means: Whether the perceptions are means, so that there is no interval.
        fixed: Whether the expectations are given numbers, not the respondents' answers.
        rows: Respondents in all, those left out because of missing answers included.
        unanswered: Respondents without an answer to each attribute.
        every_answer: The value with each attribute's mean taken over all who answered it.
    """

    method: str
    index: str
    scale: Scale
    names: tuple[str, ...]
    weights: Floats
    perceptions: Floats
    expectations: Floats | None
    competitor: Floats | None
    means: bool
    fixed: bool
    rows: int
    unanswered: NDArray[np.int64]
    every_answer: float

    @property
    def n(self) -> int:
        """Respondents who answered everything."""
        return len(self.perceptions)

    def bounds(self, weights: Floats | None = None) -> tuple[float, float]:
        """Return the lowest and highest possible value, or those of other weights."""
        low, high = self.scale
        if self.method == "weighted":
            ends = mapped(np.array([low, high]), self.scale, self.index)
            return float(ends[0]), float(ends[1])
        if self.fixed and self.expectations is not None:
            shares = self.weights if weights is None else weights
            expected = float((self.expectations[0] * shares).sum())
            return low - expected, high - expected
        return low - high, high - low

    @property
    def figures(self) -> Floats:
        """Figure of each respondent and attribute: the gap, or the index."""
        return figures_of(self.perceptions, self.expectations, self.method, self.scale, self.index)

    @property
    def contributions(self) -> Floats:
        """What each attribute adds to the whole."""
        each: Floats = self.weights * self.figures.mean(axis=0)
        return each

    @property
    def value(self) -> float:
        """The sum of the contributions."""
        return float(np.clip(self.contributions.sum(), *self.bounds()))


def figures_of(
    perceptions: Floats, expectations: Floats | None, method: str, scale: Scale, index: str
) -> Floats:
    """Return the gaps of answers, or their index."""
    if method == "gap" and expectations is not None:
        return perceptions - expectations
    return mapped(perceptions, scale, index)


def mapped(answers: Floats, scale: Scale, index: str) -> Floats:
    """Return answers as percent of the maximum possible, of the highest answer, or as they are.

    Example:
        >>> mapped(np.array([1.0, 4.0]), (1, 5), "percent_of_maximum")
        array([ 0., 75.])
    """
    low, high = scale
    start, span = (low, high - low) if index == "percent_of_maximum" else (0.0, high)
    share: Floats = answers if index == "mean" else (answers - start) / span * 100
    return share


def read_attributes(
    perceptions: AnyItems,
    expectations: AnyItems | None,
    *,
    weights: object,
    method: str | None,
    index: str,
    scale: Scale | None,
    columns: Sequence[str] | None,
    default: Scale = DEFAULT_SCALE,
    competitor: AnyItems | None = None,
) -> Attributes:
    """Return perceptions, expectations and what goes with them of those who answered everything.

    Args:
        perceptions: Answers, or one mean for each attribute.
        expectations: Answers of the same respondents, or one number for each attribute.
        weights: As for ``item_weights``.
        method: ``gap``, ``weighted``, or ``None``: a gap where there are expectations.
        index: One of ``INDEXES``.
        scale: Lowest and highest answer; if not given, as a comments table notes.
        columns: The attributes to take.
        default: The scale where none is given or noted.
        competitor: Answers of the same respondents on a competitor.

    Raises:
        ColumnError: Attributes are missing or differ between the tables.
        RatingError: An answer is off the scale, or nobody answered all.
        FeedbackError: No such method or index, or a gap without expectations.
    """
    method = _method(method, expectations)
    table, known = _read(perceptions, scale, columns, default)
    _check_index(index, known)
    shares = item_weights(weights, list(table.columns))
    expected = None if expectations is None else _beside(expectations, perceptions, table, known)
    rival = None if competitor is None else _beside(competitor, perceptions, table, known)
    joined = table
    for other in (expected, rival):
        joined = joined if other is None or len(other) < len(joined) else joined.mask(other.isna())
    whole = complete(joined, what="CSI")
    used = joined.index.isin(whole.index)
    read = [None if side is None else side.to_numpy(np.float64) for side in (expected, rival)]
    asked, others = (x[used] if x is not None and len(x) == len(used) else x for x in read)
    each = figures_of(joined.to_numpy(np.float64), read[0], method, known, index)
    return Attributes(
        method=method, index=index, scale=known, names=tuple(table.columns), weights=shares,
        perceptions=whole.to_numpy(np.float64), expectations=asked, competitor=others,
        means=is_means(perceptions), fixed=is_means(expectations), rows=len(table),
        unanswered=joined.isna().sum().to_numpy(np.int64),
        every_answer=float((np.nanmean(each, axis=0) * shares).sum()),
    )  # fmt: skip


def is_means(items: object) -> bool:
    """Tell whether attributes come with one number each: means, not answers.

    Example:
        >>> is_means({"service": 4.1}), is_means({"service": [4, 5]})
        (True, False)
    """
    if isinstance(items, pd.Series):
        return True
    return (
        isinstance(items, Mapping)
        and bool(items)
        and not any(hasattr(value, "__iter__") for value in items.values())
    )


def _method(method: str | None, expectations: object) -> str:
    if method is None:
        return "weighted" if expectations is None else "gap"
    if method not in METHODS:
        raise FeedbackError(f"No method of csi {method!r}; choose {', '.join(METHODS)}.")
    if method == "gap" and expectations is None:
        raise FeedbackError(
            "A gap is perception minus expectation, and there are no expectations; give them, or "
            "use method='weighted'."
        )
    return method


def _check_index(index: str, scale: Scale) -> None:
    if index not in INDEXES:
        raise FeedbackError(f"No index {index!r}; choose {', '.join(INDEXES)}.")
    if index == "percent_of_highest" and scale[0] < 0:
        raise RatingError(
            f"On the scale {scale[0]:g}–{scale[1]:g} a percentage of the highest answer can be "
            "negative; use index='percent_of_maximum'."
        )


def _read(
    items: AnyItems, scale: Scale | None, columns: Sequence[str] | None, default: Scale
) -> tuple[pd.DataFrame, Scale]:
    """Return answers, or means as one row, on the one scale of all attributes."""
    if is_means(items):
        means: dict[Any, Any] = dict(items.items())
        items = pd.DataFrame({str(name): [value] for name, value in means.items()}, dtype=object)
    given = None if scale is None else check_scale(scale)
    table, scales = read_items(
        items,  # type: ignore[arg-type]  # a Series is a table of means by now
        columns=columns, scale=given, default=default,
    )  # fmt: skip
    return table.reset_index(drop=True), one_scale(scales)


def _beside(
    others: AnyItems, perceptions: AnyItems, table: pd.DataFrame, scale: Scale
) -> pd.DataFrame:
    """Return another table of the same attributes and respondents, in the same order."""
    if isinstance(others, pd.DataFrame):
        others = others.rename(columns=str)
    elif not isinstance(others, Mapping | pd.Series):
        raise ColumnError(
            "What goes beside perceptions is a table, or a mapping from attribute to a number or "
            f"answers, not {type(others).__name__}."
        )
    for name in table.columns:
        if name not in others:
            raise ColumnError.missing(name, list(others.keys()), option="perceptions")
    names = list(table.columns) if isinstance(others, pd.DataFrame) else None
    found, _ = _read(others, scale, names, scale)
    found = found[list(table.columns)]
    given = is_means(others)
    if given and found.isna().to_numpy().any():
        raise RatingError("An expectation is missing; give one number for each attribute.")
    both = isinstance(others, pd.DataFrame) and isinstance(perceptions, pd.DataFrame)
    same = not both or others.index.equals(perceptions.index)  # type: ignore[union-attr]
    if not given and (len(found) != len(table) or not same):
        raise RatingError(
            f"Perceptions ({len(table)} rows) and what goes beside them ({len(found)} rows) are "
            "not of the same respondents in the same order; give both tables the same index, or "
            "one number for each attribute where others were asked."
        )
    return found
