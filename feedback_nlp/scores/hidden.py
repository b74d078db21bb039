"""Groups that a good score hides: segments, and pairs of segments, whose score lies below the rest.

Association, not cause: a segment that scores lower may differ from the others in many ways.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import FeedbackError
from feedback_nlp.records import Score
from feedback_nlp.scores.answers import Scale, read_people, to_floats
from feedback_nlp.scores.choosing import definition_of
from feedback_nlp.scores.definitions import Definition
from feedback_nlp.scores.differences import Differences, differences
from feedback_nlp.scores.multiple import benjamini_hochberg
from feedback_nlp.scores.segments import (
    Column,
    Family,
    Floats,
    families,
    read_columns,
    segment_names,
    take,
    without,
)
from feedback_nlp.scores.summary import Summary, summarise
from feedback_nlp.scores.survey import score_from
from feedback_nlp.showing import amount, counted, interval, joined, lost, points, safe, shortened

FALSE_FINDINGS = 0.05
_LONGEST_NAME = 60
_COLUMNS = (
    "segment", "column_1", "value_1", "column_2", "value_2", "n", "share", "value", "low", "high",
    "rest_value", "rest_n", "difference", "difference_low", "difference_high",
    "within_1", "within_2", "p_value", "q_value", "points", "below", "hidden", "sentence",
)  # fmt: skip
_TEXT = ("segment", "column_1", "value_1", "column_2", "value_2")
_LATER = ("q_value", "below", "hidden", "sentence")


def hidden_groups(
    comments: pd.DataFrame,
    rating: str = "nps",
    *,
    by: Sequence[str] | str | None = None,
    depth: int = 2,
    min_n: int = 10,
    level: float = 0.95,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
) -> pd.DataFrame:
    """Return every segment and pair of segments against the rest, and which of them lie below it.

    Args:
        comments: A comments table; its respondents are counted once.
        rating: The rating column; high answers are the good ones.
        by: Columns whose values are the segments; if not given, those the table notes. A missing
            value is a segment of its own. Columns of more than 1,000 values are left out and
            named in the notes.
        depth: 1 for single segments, 2 for pairs of segments of two columns as well.
        min_n: A group with fewer answers, or with fewer answers outside of it, is counted and not
            looked at.
        level: Confidence level of the intervals.
        metric: As in ``score_of``.
        method: As in ``score_of``.
        scale: As in ``score_of``.

    Returns:
        One row for each group looked at, those that take most from the overall score first:
        ``segment`` (as text), ``column_1``, ``value_1``, ``column_2``, ``value_2`` (the second
        column is missing for a single segment; a value is missing for the segment without one),
        ``n``, ``share`` (of all answers), ``value``, ``low``, ``high``, ``rest_value``, ``rest_n``
        (all other respondents), ``difference`` with ``difference_low`` and ``difference_high``
        (group minus rest), ``within_1`` and ``within_2`` (a pair minus the rest of its first and
        of its second segment), ``p_value`` (of a pair the largest of the three tests),
        ``q_value`` (Benjamini–Hochberg over all rows), ``points`` (share × difference: the overall
        score minus that of the rest), ``below`` (below the rest, a pair below the rest of both
        its segments too, with q ≤ 0.05), ``hidden`` (below, and the overall score lies above its
        whole interval) and ``sentence``.
        ``attrs["hidden_groups"]`` says how many were looked at and how many were too small.

    Raises:
        ColumnError: A column is missing.
        RatingError: As for the score itself.
        FeedbackError: A depth other than 1 or 2, or a level not between 0 and 1.

    Example:
        >>> comments = pd.DataFrame({"comment_id": range(80), "nps": [9, 10] * 20 + [9, 2] * 20})
        >>> comments["shop"] = ["north"] * 40 + ["south"] * 40
        >>> found = hidden_groups(comments, "nps", by="shop")
        >>> found.loc[found["hidden"], ["segment", "n", "value", "rest_value", "points"]]
              segment   n  value  rest_value  points
        0  shop south  40    0.0       100.0   -50.0
    """
    if depth not in (1, 2):
        raise FeedbackError(f"The depth is 1 (segments) or 2 (pairs of them too), not {depth}.")
    names = segment_names(comments, by)
    definition = definition_of(comments, rating, metric=metric, method=method, scale=scale)
    whole = definition.metric == "nps"
    people = read_people(comments, rating, definition.scale, whole=whole, keep=names)
    answers = to_floats(people[rating])
    overall = score_from(answers, definition, level=level, rating=rating)
    answered = ~np.isnan(answers)
    columns, notes = read_columns(people.loc[answered, names])
    min_n = max(min_n, 1)
    found = families(answers[answered], columns, definition, depth=depth, min_n=min_n, level=level)
    summary = summarise(answers[answered], definition, level=level)
    everything = _Everything(columns, found, summary, definition, overall, min_n)
    table = _finished(everything)
    table.attrs["hidden_groups"] = _noted(table, everything, rating, notes)
    return table


@dataclass(frozen=True, slots=True)
class _Everything:
    columns: list[Column]
    families: list[Family]
    summary: Summary
    definition: Definition
    overall: Score
    min_n: int


def _finished(every: _Everything) -> pd.DataFrame:
    """Return the table of all groups with what can only be said when all are known."""
    made = [name for name in _COLUMNS if name not in _LATER]
    empty = {name: pd.Series(dtype="str" if name in _TEXT else np.float64) for name in made}
    parts = [part for family in every.families if len(part := _against_rest(family, every))]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(empty)
    table = table.astype({"n": np.int64, "rest_n": np.int64} | dict.fromkeys(_TEXT, "str"))
    table["q_value"] = benjamini_hochberg(table["p_value"])
    inner = table[["within_1", "within_2"]]
    lower = (table["difference"] < 0) & (inner.isna() | (inner < 0)).all(axis=1)
    table["below"] = lower & (table["q_value"] <= FALSE_FINDINGS)
    table["hidden"] = table["below"] & (table["high"] < every.overall.value)
    table = table.sort_values(["points", "segment"], kind="stable", ignore_index=True)
    sentences = [_sentence(row, every.overall) for row in table.to_dict("records")]
    table["sentence"] = pd.array(sentences, dtype="str")
    return table[[*_COLUMNS]]


def _against_rest(family: Family, every: _Everything) -> pd.DataFrame:
    """Return the groups of one family that can be compared, each against the rest."""
    parents = _parents(family, every.families)
    outside = [every.summary.n[0] - family.summary.n]
    outside += [parent.n - family.summary.n for parent in parents]
    rows = np.flatnonzero(np.min(outside, axis=0) >= every.min_n)
    if not rows.size:
        return pd.DataFrame()
    level, definition = every.overall.level, every.definition
    group = take(family.summary, rows)
    total = take(every.summary, np.zeros(rows.size, dtype=np.int64))
    rest = without(total, group, definition, level)
    against = differences(group, rest, definition, level)
    others = [without(take(parent, rows), group, definition, level) for parent in parents]
    within = [group.value - other.value for other in others]
    p_value = _largest(group, others, against, definition)
    nothing = np.full(rows.size, np.nan)
    share = group.n / every.summary.n[0]
    figures = {
        "n": group.n, "share": share, "value": group.value, "low": group.low, "high": group.high,
        "rest_value": rest.value, "rest_n": rest.n, "difference": against.value,
        "difference_low": against.low, "difference_high": against.high,
        "within_1": within[0] if within else nothing,
        "within_2": within[1] if within else nothing,
        "p_value": p_value, "points": share * against.value,
    }  # fmt: skip
    return _named(family, rows, every.columns).assign(**figures)


def _largest(
    group: Summary, others: Sequence[Summary], against: Differences, definition: Definition
) -> Floats:
    """Return the largest p-value of a group's tests, so that a small one means all are small.

    Where a pair does not lie below all it is compared with it is no finding, whatever the tests
    say; where the first p-value is above what is called a finding the others change nothing.
    """
    p_value = against.p_value.copy()
    lower = np.all([against.value < 0, *(group.value < other.value for other in others)], axis=0)
    if others:
        p_value[~lower] = 1.0
    asked = np.flatnonzero(lower & (p_value <= FALSE_FINDINGS))
    for other in others:
        inside = differences(take(group, asked), take(other, asked), definition)
        p_value[asked] = np.maximum(p_value[asked], inside.p_value)
    return p_value


def _parents(family: Family, all_families: Sequence[Family]) -> list[Summary]:
    """Return the scores of the single segments that each pair is made of."""
    if len(family.columns) == 1:
        return []
    parents = []
    for place, column in enumerate(family.columns):
        single = all_families[column]
        known = single.labels[:, 0]
        order = np.argsort(known)
        rows = order[np.searchsorted(known, family.labels[:, place], sorter=order)]
        parents.append(take(single.summary, rows))
    return parents


def _named(family: Family, rows: NDArray[np.integer], columns: Sequence[Column]) -> pd.DataFrame:
    """Return which segment each row is, in columns and as text."""
    named: dict[str, list[str | None]] = {name: [None] * rows.size for name in _TEXT[1:]}
    shown: list[list[str]] = [[] for _ in rows]
    for place, number in enumerate(family.columns):
        column = columns[number]
        values = [column.names[i] for i in family.labels[rows, place]]
        named[f"column_{place + 1}"] = [column.name] * rows.size
        named[f"value_{place + 1}"] = [None if value is None else str(value) for value in values]
        title = shortened(safe(column.name), _LONGEST_NAME)
        for parts, value in zip(shown, values, strict=True):
            text = "missing" if value is None else shortened(safe(str(value)), _LONGEST_NAME)
            parts.append(f"{title} {text}")
    return pd.DataFrame({"segment": [" and ".join(parts) for parts in shown], **named})


def _sentence(row: Mapping[Any, Any], overall: Score) -> str:
    """Return one group in words."""
    unit = overall.unit
    ends = sorted(abs(row[name]) for name in ("difference_low", "difference_high"))
    side = "below" if row["difference"] < 0 else "above"
    start = (
        f"{row['segment']}: {points(row['value'], unit)} ({interval(row['low'], row['high'], unit)}"
        f", n = {row['n']:,})"
    )
    if row["difference_low"] <= 0 <= row["difference_high"]:
        return f"{start}, not clearly different from the {row['rest_n']:,} others."
    told = (
        f"{start}, {amount(abs(row['difference']), unit)} {side} the {row['rest_n']:,} others "
        f"({lost(ends[0], unit)} to {lost(ends[1], unit)})"
    )
    if not row["below"]:
        return f"{told}{_why_not(row)}."
    pair = ", and below the rest of both its segments" if row["column_2"] == row["column_2"] else ""
    return (
        f"{told}{pair}; without it the score is {points(row['rest_value'], unit)} instead of "
        f"{points(overall.value, unit)}."
    )


def _why_not(row: Mapping[Any, Any]) -> str:
    if row["difference"] > 0:
        return ""
    if row["column_2"] == row["column_2"]:
        return "; not clearly more than its single segments already say"
    return "; among so many groups that can be chance"


def _noted(
    table: pd.DataFrame, every: _Everything, rating: str, notes: list[str]
) -> dict[str, Any]:
    """Return the counts of what was looked at, with the sentence that says them."""
    too_small = sum(family.too_small for family in every.families)
    no_rest = sum(family.summary.n.size for family in every.families) - len(table)
    names = [safe(column.name) for column in every.columns]
    return {
        "rating": rating, "overall": every.overall.to_dict(), "columns": names,
        "looked_at": len(table), "too_small": too_small, "no_rest": no_rest,
        "below": int(table["below"].sum()), "hidden": int(table["hidden"].sum()),
        "min_n": every.min_n, "false_findings": FALSE_FINDINGS,
        "sentence": _summing_up(table, names, too_small, no_rest, every.min_n), "notes": notes,
    }  # fmt: skip


def _summing_up(
    table: pd.DataFrame, names: list[str], too_small: int, no_rest: int, min_n: int
) -> str:
    if not names:
        return "There are no segments to look at."
    small = f"; {too_small:,} with fewer than {min_n} answers left out" if too_small else ""
    alone = f"; {no_rest:,} with fewer than {min_n} others to compare with left out"
    looked = f"{counted(len(table), 'group')} by {joined(names)} looked at{small}"
    looked += alone if no_rest else ""
    below = int(table["below"].sum())
    if not below:
        return f"{looked}. None lies clearly below the rest."
    verb = "lies" if below == 1 else "lie"
    return (
        f"{looked}. {below:,} {verb} clearly below the rest; of such findings at most one in "
        "twenty is chance, on average."
    )
