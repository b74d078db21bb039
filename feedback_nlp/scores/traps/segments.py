"""Segments and pairs of segments as groups with numbers, and the score of all who are not in one.

What ``hidden_groups`` is made of.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.schema import info
from feedback_nlp.scores.definitions import Definition
from feedback_nlp.scores.intervals import quantile
from feedback_nlp.scores.places import left_over
from feedback_nlp.scores.summary import Summary, ends_at, summarise
from feedback_nlp.showing import safe, shortened

MAX_VALUES = 1000
SEGMENT = ("segment", "column_1", "value_1", "column_2", "value_2")
_LONGEST_NAME = 60
Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of segments: its name, the number of each respondent's value, and their names."""

    name: str
    codes: Codes
    names: list[Any]


@dataclass(frozen=True, slots=True)
class Groups:
    """The segments and pairs of segments that have enough answers, one entry each.

    Attributes:
        summary: Their scores.
        columns: Numbers of the two columns, −1 for no second one.
        labels: Numbers of the value in each column.
        singles: Places of the two single segments that a pair is made of, −1 for none.
        too_small: How many groups have too few answers.
    """

    summary: Summary
    columns: Codes
    labels: Codes
    singles: Codes
    too_small: int


def segment_names(comments: pd.DataFrame, by: Sequence[str] | str | None) -> list[str]:
    """Return the columns to make segments of: those asked for, else those the table notes.

    Raises:
        FeedbackError: What is asked for is no name of a column.
    """
    if by is None:
        return [name for name in info(comments).get("segments", ()) if name in comments.columns]
    if isinstance(by, str):
        return [by]
    names = list(by) if isinstance(by, Iterable) else [by]
    for name in names:
        if not isinstance(name, str) and not (_hashable(name) and name in comments.columns):
            raise FeedbackError(
                f"{name!r} in by= is no name of a column; give names as text, such as by='Channel'."
            )
    return list(dict.fromkeys(names))


def read_columns(people: pd.DataFrame) -> tuple[list[Column], list[str]]:
    """Return the columns with their values as numbers, and notes on those left out.

    A missing value is a value of its own, ``None``, and comes last.

    Raises:
        ColumnError: A column holds lists or other things that cannot be compared.
    """
    columns, notes = [], []
    for name in people.columns:
        try:
            codes, values = pd.factorize(people[name])
        except TypeError as error:
            kinds = (type(value).__name__ for value in people[name] if not _hashable(value))
            kind = next(kinds, "mix of values")
            raise ColumnError(
                f"Column {str(name)!r} holds a {kind} where a segment has one value; make text "
                "or one column for each of them."
            ) from error
        listed = list(values)
        if len(listed) > MAX_VALUES:
            notes.append(
                f"{safe(str(name))} has {len(listed):,} different values, more than "
                f"{MAX_VALUES:,}, and was not looked at."
            )
            continue
        missing = codes < 0
        if missing.any():
            codes = np.where(missing, len(listed), codes)
            listed.append(None)
        columns.append(Column(str(name), codes.astype(np.int64), listed))
    return columns, notes


def _hashable(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def segment_table(groups: Groups, rows: Codes, columns: Sequence[Column]) -> pd.DataFrame:
    """Return which segments groups are: ``segment`` as text, its columns and its values.

    Args:
        groups: All groups.
        rows: Places of those that are named.
        columns: The columns they are made of.
    """
    named: dict[str, list[str | None]] = {name: [] for name in SEGMENT}
    for which, labels in zip(groups.columns[rows], groups.labels[rows], strict=True):
        shown = []
        for place in (0, 1):
            column = columns[which[place]] if which[place] >= 0 else None
            value = column.names[labels[place]] if column else None
            named[f"column_{place + 1}"].append(column.name if column else None)
            named[f"value_{place + 1}"].append(None if value is None else str(value))
            if column:
                shown.append(f"{_short(column.name)} {_short(value)}")
        named["segment"].append(" and ".join(shown))
    return pd.DataFrame({name: pd.array(values, dtype="str") for name, values in named.items()})


def _short(name: object) -> str:
    return "missing" if name is None else shortened(safe(str(name)), _LONGEST_NAME)


def find_groups(
    answers: Floats,
    columns: Sequence[Column],
    definition: Definition,
    *,
    depth: int,
    min_n: int,
    level: float,
) -> Groups:
    """Return the groups of each column and, at depth 2, of each pair of columns.

    Args:
        answers: One answer for each respondent, none missing.
        columns: The columns of segments, of the same respondents; at least one.
        definition: The score.
        depth: 1 or 2.
        min_n: Groups with fewer answers are counted only.
        level: Confidence level.
    """
    chosen: list[tuple[int, ...]] = [(i,) for i in range(len(columns))]
    if depth == 2:
        chosen += list(combinations(range(len(columns)), 2))
    summaries, labels, too_small = [], [], 0
    for which in chosen:
        sizes = [len(columns[i].names) for i in which]
        codes = columns[which[0]].codes
        for i in which[1:]:
            codes = codes * len(columns[i].names) + columns[i].codes
        n = np.bincount(codes, minlength=int(np.prod(sizes)))
        enough = np.flatnonzero(n >= min_n)
        place = np.full(n.size, enough.size)
        place[enough] = np.arange(enough.size)
        found = summarise(
            answers, definition, groups=place[codes], n_groups=enough.size + 1, level=level
        )
        summaries.append(found.take(np.arange(enough.size)))
        labels.append(_two_columns(np.unravel_index(enough, sizes)))
        too_small += int(((n > 0) & (n < min_n)).sum())
    numbers = np.array([(*which, -1)[:2] for which in chosen])
    column = np.repeat(numbers, [len(part) for part in labels], axis=0)
    label = np.concatenate(labels)
    return Groups(_joined(summaries), column, label, _singles(column, label), too_small)


def _two_columns(numbers: tuple[NDArray[np.intp], ...]) -> Codes:
    """Return one or two columns as two, the second filled with −1."""
    second = numbers[1] if len(numbers) > 1 else np.full(numbers[0].size, -1)
    return np.column_stack([numbers[0], second]).astype(np.int64)


def _singles(columns: Codes, labels: Codes) -> Codes:
    """Return the places of the single segments of each pair, which are at least as large."""
    keys = columns * (MAX_VALUES + 1) + labels
    alone = np.flatnonzero(columns[:, 1] < 0)
    pairs = np.flatnonzero(columns[:, 1] >= 0)
    order = alone[np.argsort(keys[alone, 0])]
    found = np.full(columns.shape, -1)
    found[pairs] = order[np.searchsorted(keys[order, 0], keys[pairs])]
    return found


def _joined(summaries: Sequence[Summary]) -> Summary:
    """Return several summaries as one."""
    first = summaries[0]
    arrays: dict[str, Any] = {
        f.name: np.concatenate([getattr(one, f.name) for one in summaries])
        for f in fields(first)
        if isinstance(getattr(first, f.name), np.ndarray)
    }
    return replace(first, **arrays)


def without(whole: Summary, part: Summary, definition: Definition, level: float) -> Summary:
    """Return the scores of those in ``whole`` who are not in ``part``, group by group.

    Args:
        whole: Scores of groups that each hold the group of ``part``.
        part: Scores of the groups left out.
        definition: The score of both.
        level: Confidence level.
    """
    n, counts = whole.n - part.n, whole.counts - part.counts
    rest = replace(part, n=n, counts=counts, n_missing=whole.n_missing - part.n_missing)
    if definition.kind == "mean":
        rest = _with_mean(rest, whole, part, definition)
    else:
        low, top = counts[:, 0], counts[:, 2]
        value = ((top - low) if definition.kind == "net" else top) / n * 100
        rest = replace(rest, value=value)
    ends = ends_at(rest, definition, quantile(level))
    return replace(rest, low=ends[0], high=ends[1])


def _with_mean(rest: Summary, whole: Summary, part: Summary, definition: Definition) -> Summary:
    """Add mean, deviation and tallies of those who are left."""
    tallies = left_over(np.asarray(whole.tallies), np.asarray(part.tallies))
    mean = tallies @ np.array(whole.answers) / rest.n
    between = part.n * rest.n / whole.n * (part.value - mean) ** 2
    squares = _squares(whole) - _squares(part) - between
    span = definition.maximum - definition.minimum
    squares = np.where(squares < 1e-12 * whole.n * span**2, 0.0, squares)  # rounding
    mean = np.clip(mean, definition.minimum, definition.maximum)
    sd = np.sqrt(squares / np.maximum(rest.n - 1, 1))
    return replace(rest, value=mean, sd=sd, tallies=tallies)


def _squares(found: Summary) -> Floats:
    """Return the sum of the squared distances from the mean."""
    return np.where(found.n > 1, found.sd**2 * (found.n - 1), 0.0)
