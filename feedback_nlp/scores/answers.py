"""From what a caller has to an array of answers on a scale: the checks every score shares."""

from collections.abc import Iterable, Sequence
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import RatingError
from feedback_nlp.schema import rating_scales, respondents

Ratings = Iterable[Any] | pd.DataFrame
Scale = tuple[float, float]
_SHOWN = 5


def read_answers(
    ratings: Ratings, rating: str, scale: Scale, *, whole: bool = False
) -> NDArray[np.float64]:
    """Return one answer for each respondent as floats, missing ones as NaN.

    Args:
        ratings: Numbers, or a comments table whose respondents are counted once.
        rating: Column of the answers, where a table is given.
        scale: Lowest and highest possible answer.
        whole: True where only whole numbers can be answers.

    Raises:
        RatingError: An answer is not a number, off the scale, or not whole where it must be; the
            message lists the first of them with their rows.
        ColumnError: The table has no such column.
    """
    if not isinstance(ratings, pd.DataFrame):
        values = to_floats(ratings)
        check_answers(values, scale, whole=whole, name=rating)
        return values
    return to_floats(read_people(ratings, rating, scale, whole=whole)[rating])


def read_people(
    comments: pd.DataFrame,
    rating: str,
    scale: Scale,
    *,
    whole: bool = False,
    keep: Sequence[str] = (),
    within: NDArray[np.int64] | None = None,
) -> pd.DataFrame:
    """Return one row for each respondent of a comments table, after checking the answers.

    Args:
        comments: A comments table.
        rating: Column of the answers.
        scale: Lowest and highest possible answer.
        whole: True where only whole numbers can be answers.
        keep: Further columns to take along.
        within: Number of the period of each row: then one row for each respondent and period.

    Raises:
        RatingError: As for ``read_answers``.
        ColumnError: A column is missing.
    """
    if rating in comments.columns:
        check_answers(to_floats(comments[rating]), scale, whole=whole, name=rating)
    return respondents(comments, rating, keep=keep, within=within)


def declared_scale(ratings: Ratings, rating: str) -> Scale | None:
    """Return the scale that a comments table notes for a rating, if it is a table and notes one."""
    if not isinstance(ratings, pd.DataFrame):
        return None
    known = rating_scales(ratings).get(rating)
    return (known.low, known.high) if known else None


def declared_reversed(ratings: Ratings, rating: str) -> bool:
    """Tell whether a comments table notes that it holds a rating turned."""
    if not isinstance(ratings, pd.DataFrame):
        return False
    known = rating_scales(ratings).get(rating)
    return bool(known and known.reversed)


def to_floats(ratings: Iterable[Any]) -> NDArray[np.float64]:
    """Return numbers as floats, with missing ones (None, NaN, NA) as NaN.

    Raises:
        RatingError: Something is not a number: text, a date, a yes or no.

    Example:
        >>> to_floats([9, None, 7.0])
        array([ 9., nan,  7.])
    """
    if isinstance(ratings, str | bytes):
        raise RatingError(
            f"Ratings are numbers, one for each respondent, not the text {ratings!r}."
        )
    if isinstance(ratings, pd.Series | pd.Index | np.ndarray):
        values: Any = ratings
    else:
        values = pd.Series(list(ratings), dtype=object)
    if values.ndim != 1:
        raise RatingError(f"Ratings are one column of numbers, not {values.ndim} dimensions.")
    if values.dtype.kind in "iuf":
        return pd.Series(values).to_numpy(np.float64, na_value=np.nan)
    return _objects_to_floats(list(values))


def _objects_to_floats(values: Sequence[Any]) -> NDArray[np.float64]:
    missing = np.asarray(pd.isna(pd.Series(values, dtype=object)), dtype=bool)
    odd = [
        i for i, value in enumerate(values)
        if not missing[i] and (isinstance(value, bool | np.bool_) or not _is_number(value))
    ]  # fmt: skip
    if odd:
        raise RatingError(
            f"{_answers(len(odd))} not a number: {listed(odd, values)}. Ratings are numbers; "
            "read_comments turns words, stars and '4/5' into numbers."
        )
    return np.array([np.nan if m else _as_float(v) for v, m in zip(values, missing, strict=True)])


def _as_float(value: Any) -> float:  # noqa: ANN401
    try:
        return float(value)
    except (OverflowError, ValueError):  # too large for a float, so off every scale
        return np.inf


def _is_number(value: object) -> bool:
    """Tell whether a value is a number; Decimal is one, though Python does not register it."""
    return isinstance(value, Real) or type(value).__name__ == "Decimal"


def check_answers(
    values: NDArray[np.float64], scale: Scale, *, whole: bool, name: str = "ratings"
) -> None:
    """Raise if an answer lies off the scale, or is not whole where it must be.

    Raises:
        RatingError: With the first bad answers and their rows, counted from 1.
    """
    low, high = check_scale(scale)
    off = np.flatnonzero((values < low) | (values > high))
    if off.size:
        raise RatingError(
            f"{_answers(off.size)} off the scale {low:g}–{high:g} of {name!r}: "
            f"{listed(off, values)}. Correct them, set them aside, or declare the scale that was "
            "asked."
        )
    if whole:
        broken = np.flatnonzero(~np.isnan(values) & (values != np.floor(values)))
        if broken.size:
            raise RatingError(
                f"{_answers(broken.size)} not a whole number: {listed(broken, values)}. "
                f"Answers of {name!r} are whole numbers {low:g}–{high:g}; are these averages, not "
                "answers?"
            )


def check_scale(scale: Scale) -> Scale:
    """Return a scale as two floats.

    Raises:
        RatingError: It is not two finite numbers, the lower first.
    """
    try:
        low, high = (float(end) for end in scale)
    except (TypeError, ValueError):
        low = high = np.nan
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        raise RatingError(
            f"A scale is its lowest and highest answer, such as (1, 5), not {scale!r}."
        )
    return low, high


def _answers(count: int) -> str:
    return "1 answer is" if count == 1 else f"{count} answers are"


def listed(
    rows: Sequence[int] | NDArray[np.intp], values: Sequence[Any] | NDArray[np.float64]
) -> str:
    """Return the first bad values with their rows: ``11 (row 2), -1 (row 5) and 3 more``."""
    shown = [f"{_plain(values[i])} (row {i + 1})" for i in rows[:_SHOWN]]
    more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    return ", ".join(shown) + more


def _plain(value: object) -> str:
    if isinstance(value, float | np.floating):
        return f"{value:g}"
    return repr(value)[:40]
