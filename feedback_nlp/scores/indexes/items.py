"""Several answers of each respondent: one column for each item, one row for each respondent.

What the indexes made of more than one question share: reading, checking and the interval of a
figure that is made for each respondent first.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import ColumnError, FeedbackError, RatingError
from feedback_nlp.schema import rating_scales, respondents
from feedback_nlp.scores.answers import Scale, check_answers, check_scale, to_floats
from feedback_nlp.scores.definitions import define
from feedback_nlp.scores.summary import summarise

Floats = NDArray[np.float64]
Items = pd.DataFrame | Mapping[str, Any]
Scales = Scale | Mapping[str, Scale]
ItemInterval = Literal["score", "t", "bca"]
INTERVALS = ("score", "t", "bca")


def read_items(
    items: Items,
    *,
    columns: Sequence[str] | None = None,
    scale: Scales | None = None,
    default: Scale | None = None,
) -> tuple[pd.DataFrame, dict[str, Scale]]:
    """Return the answers as floats, one row for each respondent, and the scale of each item.

    Args:
        items: One column of answers for each item: a table with one row for each respondent, a
            comments table (then ``columns`` names the items, and respondents are counted once), or
            a mapping from item to answers.
        columns: The items to take; all columns if not given.
        scale: Lowest and highest answer, of all items or of each by name. If not given, as the
            comments table notes, else ``default``.
        default: The scale where none is given or noted; without it answers are not checked.

    Raises:
        ColumnError: An item is missing or there twice, or nothing says which columns are items.
        RatingError: An answer is no number or off the scale, or the items differ in length.
    """
    table = _table(items, columns)
    read: dict[str, Floats] = {}
    for name in table.columns:
        try:
            read[str(name)] = to_floats(table[name])
        except RatingError as error:
            raise RatingError(f"Item {str(name)!r}: {error}") from None
    scales = _scales(items, list(read), scale, default)
    for name, found in scales.items():
        check_answers(read[name], found, whole=False, name=name)
    return pd.DataFrame(read, index=table.index), scales


def _table(items: Items, columns: Sequence[str] | None) -> pd.DataFrame:
    if not isinstance(items, pd.DataFrame):
        items = _from_mapping(items)
    if isinstance(columns, str):
        raise ColumnError(f"columns is a list of items, not the text {columns!r}.")
    for name in columns or ():
        if name not in items.columns:
            raise ColumnError.missing(name, items.columns, option="columns")
    if columns is None and "comment_id" in items.columns:
        raise ColumnError(
            "This is a comments table; say which columns are the items, such as "
            "columns=['service', 'price']."
        )
    names: list[Hashable] = list(items.columns if columns is None else columns)
    twice = pd.Index(list(map(str, names)))
    if not names or not twice.is_unique:
        found = f"item {twice[twice.duplicated()][0]!r} twice" if names else "no items"
        raise ColumnError(f"There is {found}; each item is one column with its own name.")
    if "comment_id" in items.columns:
        return respondents(items, str(names[0]), keep=[str(n) for n in names])[names]
    return items[names]


def _from_mapping(items: Mapping[str, Any]) -> pd.DataFrame:
    if not isinstance(items, Mapping):
        raise ColumnError(
            f"Items are a table or a mapping from item to answers, not {type(items).__name__}."
        )
    lists: dict[str, list[Any]] = {}
    for name, values in items.items():
        if isinstance(values, str | bytes) or not hasattr(values, "__iter__"):
            raise RatingError(
                f"Item {name!r} is one value, {values!r}; give the answers of each respondent. "
                "Means alone have no interval: use csi_of_means for them."
            )
        lists[name] = list(values)
    lengths = {name: len(values) for name, values in lists.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name!r} {length}" for name, length in lengths.items())
        raise RatingError(
            f"The items have different numbers of answers: {told}. Each respondent has one place "
            "in every item; write None where an answer is missing."
        )
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in lists.items()})


def _scales(
    items: Items, names: Sequence[str], scale: Scales | None, default: Scale | None
) -> dict[str, Scale]:
    if isinstance(scale, Mapping):
        for name in scale:
            if name not in names:
                raise ColumnError.missing(name, names, option="scale")
    noted = rating_scales(items) if isinstance(items, pd.DataFrame) else {}
    found: dict[str, Scale] = {}
    for name in names:
        given = scale.get(name) if isinstance(scale, Mapping) else scale
        if given is None and name in noted:
            given = (noted[name].low, noted[name].high)
        given = default if given is None else given
        if given is not None:
            found[name] = check_scale(given)
    return found


def one_scale(scales: Mapping[str, Scale]) -> Scale:
    """Return the scale that all items share.

    Raises:
        RatingError: They have different ones.
    """
    different = set(scales.values())
    if len(different) > 1:
        told = ", ".join(f"{name!r} {low:g}–{high:g}" for name, (low, high) in scales.items())
        raise RatingError(f"The items are not on one scale: {told}. Bring them to one scale first.")
    return different.pop()


def complete(table: pd.DataFrame, *, what: str) -> pd.DataFrame:
    """Return the respondents who answered every item.

    Raises:
        RatingError: Nobody did.
    """
    left = table.dropna()
    if left.empty:
        unanswered = [str(name) for name in table.columns if table[name].isna().all()]
        why = f"nobody answered {unanswered[0]!r}" if unanswered else "each lacks some"
        found = f"none of the {len(table)} respondents answered every item ({why})"
        raise RatingError(
            f"No {what}: {found if len(table) else 'there are no rows'}. It needs at least one "
            "respondent who answered all; leave out items that few answered."
        )
    return left


def item_weights(weights: object, names: Sequence[str]) -> Floats:
    """Return the weight of each item, adding up to 1.

    Args:
        weights: A mapping (or pandas Series) from item to any positive number: points, shares or
            stated importances; ``None`` for equal weights.
        names: The items.

    Raises:
        ColumnError: An item has no weight, or a weight no item.
        RatingError: A weight is not a positive number.

    Example:
        >>> item_weights({"price": 30, "service": 70}, ["service", "price"])
        array([0.7, 0.3])
    """
    if weights is None:
        return np.full(len(names), 1 / len(names))
    given = weights.to_dict() if isinstance(weights, pd.Series) else weights
    if not isinstance(given, Mapping):
        raise ColumnError(
            "Weights are a mapping from item to number, such as {'service': 60, 'price': 40}, "
            f"not {type(weights).__name__}."
        )
    given = {str(name): weight for name, weight in given.items()}
    for name in given:
        if name not in names:
            raise ColumnError.missing(name, names, option="weights")
    for name in names:
        if name not in given:
            raise ColumnError(f"Item {name!r} has no weight; give one to every item, or to none.")
    values = to_floats([given[name] for name in names])
    bad = np.flatnonzero(~(np.isfinite(values) & (values > 0)))
    if bad.size:
        raise RatingError(
            f"The weight of {names[bad[0]]!r} is {given[names[bad[0]]]!r}, not a positive number; "
            "leave out items that are to have none."
        )
    values = values / values.max()  # so that their sum cannot overflow
    shares: Floats = values / values.sum()
    return shares


def composite_interval(
    values: Floats, low: float, high: float, *, level: float, interval: ItemInterval = "score"
) -> tuple[float, float, str]:
    """Return the interval of the mean of respondents' own figures, and how it was made.

    Args:
        values: One figure for each respondent.
        low: Lowest possible figure.
        high: Highest possible figure.
        level: Confidence level.
        interval: ``score``, ``t`` or ``bca``, as of any other mean (see ``summarise``); never off
            the range, never of zero width.

    Raises:
        FeedbackError: No such interval.
    """
    if interval not in INTERVALS:
        raise FeedbackError(f"No interval {interval!r}; choose {', '.join(INTERVALS)}.")
    figures = np.clip(values.round(12), low, high)  # figures alike but for rounding are alike
    mean = define("csat", "mean", (low, high))
    found = summarise(figures, mean, level=level, interval=interval)
    return float(found.low[0]), float(found.high[0]), str(found.interval[0])


def incomplete_note(rows: int, left: int) -> tuple[str, ...]:
    """Return the note on respondents who did not answer every item, if there are any."""
    if rows == left:
        return ()
    return (f"{rows - left} of {rows} respondents did not answer every item and are not used.",)
