"""Groups that a good score hides: segments, and pairs of segments, whose score lies below the rest.

Association, not cause: a segment that scores lower may differ from the others in many ways.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.errors import FeedbackError
from feedback_nlp.records import Score
from feedback_nlp.schema import Notes
from feedback_nlp.scores.answers import Scale, read_people, to_floats
from feedback_nlp.scores.choosing import definition_of
from feedback_nlp.scores.definitions import Definition
from feedback_nlp.scores.differences import differences
from feedback_nlp.scores.multiple import benjamini_hochberg
from feedback_nlp.scores.summary import Summary, summarise
from feedback_nlp.scores.survey import score_from
from feedback_nlp.scores.traps.segments import (
    SEGMENT,
    Column,
    Floats,
    Groups,
    find_groups,
    read_columns,
    segment_names,
    segment_table,
    without,
)
from feedback_nlp.showing import amount, counted, interval, joined, lost, points, safe

FALSE_FINDINGS = 0.05
_COLUMNS = (
    *SEGMENT, "n", "share", "value", "low", "high",
    "rest_value", "rest_n", "difference", "difference_low", "difference_high",
    "within_1", "within_2", "p_value", "q_value", "points", "below", "hidden", "sentence",
)  # fmt: skip
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
    table, counts = _no_groups(), {"looked_at": 0, "too_small": 0, "no_rest": 0}
    if columns:
        groups = find_groups(
            answers[answered], columns, definition, depth=depth, min_n=min_n, level=level
        )
        whole_summary = summarise(answers[answered], definition, level=level)
        table = _against_rest(groups, whole_summary, definition, min_n=min_n, level=level)
        rows = table["group"].to_numpy()
        table = segment_table(groups, rows, columns).assign(**table.drop(columns="group"))
        counts = {
            "looked_at": len(table), "too_small": groups.too_small,
            "no_rest": groups.summary.n.size - len(table),
        }  # fmt: skip
    table = _finished(table, overall)
    noted = _noted(table, counts, columns, overall, rating, min_n, notes)
    table.attrs["hidden_groups"] = Notes(noted)
    return table


def _no_groups() -> pd.DataFrame:
    made = [name for name in _COLUMNS if name not in _LATER]
    return pd.DataFrame(
        {name: pd.Series(dtype="str" if name in SEGMENT else np.float64) for name in made}
    )


def _against_rest(
    groups: Groups, whole: Summary, definition: Definition, *, min_n: int, level: float
) -> pd.DataFrame:
    """Return the figures of the groups that can be compared, each against the rest."""
    n = groups.summary.n
    pair = groups.singles[:, 0] >= 0
    around = np.where(pair, n[groups.singles].min(axis=1), whole.n[0])
    rows = np.flatnonzero(around - n >= min_n)
    group = groups.summary.take(rows)
    total = whole.take(np.zeros(rows.size, dtype=np.int64))
    rest = without(total, group, definition, level)
    against = differences(group, rest, definition, level)
    p_value = against.p_value.copy()
    within = np.full((rows.size, 2), np.nan)
    pairs = np.flatnonzero(pair[rows])
    own = group.take(pairs)
    singles = [groups.summary.take(groups.singles[rows[pairs], place]) for place in (0, 1)]
    others = [without(single, own, definition, level) for single in singles]
    within[pairs] = np.column_stack([own.value - other.value for other in others])
    p_value[pairs] = _largest(own, others, p_value[pairs], against.value[pairs], definition)
    share = group.n / whole.n[0]
    return pd.DataFrame(
        {
            "group": rows, "n": group.n, "share": share, "value": group.value, "low": group.low,
            "high": group.high, "rest_value": rest.value, "rest_n": rest.n,
            "difference": against.value, "difference_low": against.low,
            "difference_high": against.high, "within_1": within[:, 0], "within_2": within[:, 1],
            "p_value": p_value, "points": share * against.value,
        }
    )  # fmt: skip


def _largest(
    group: Summary, others: Sequence[Summary], first: Floats, value: Floats, definition: Definition
) -> Floats:
    """Return the largest p-value of each pair's tests, so that a small one means all are small.

    Where a pair does not lie below all it is compared with it is no finding, whatever the tests
    say; where the first p-value is above what is called a finding the others change nothing.
    """
    lower = np.all([value < 0, *(group.value < other.value for other in others)], axis=0)
    p_value = np.where(lower, first, 1.0)
    asked = np.flatnonzero(p_value <= FALSE_FINDINGS)
    for other in others:
        inside = differences(group.take(asked), other.take(asked), definition)
        p_value[asked] = np.maximum(p_value[asked], inside.p_value)
    return p_value


def _finished(table: pd.DataFrame, overall: Score) -> pd.DataFrame:
    """Add what can be said only when all groups are known."""
    table = table.astype({"n": np.int64, "rest_n": np.int64} | dict.fromkeys(SEGMENT, "str"))
    table["q_value"] = benjamini_hochberg(table["p_value"])
    inner = table[["within_1", "within_2"]]
    lower = (table["difference"] < 0) & (inner.isna() | (inner < 0)).all(axis=1)
    table["below"] = lower & (table["q_value"] <= FALSE_FINDINGS)
    table["hidden"] = table["below"] & (table["high"] < overall.value)
    table = table.sort_values(["points", "segment"], kind="stable", ignore_index=True)
    sentences = [_sentence(row, overall) for row in table.to_dict("records")]
    table["sentence"] = pd.array(sentences, dtype="str")
    return table[[*_COLUMNS]]


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
    table: pd.DataFrame,
    counts: dict[str, int],
    columns: Sequence[Column],
    overall: Score,
    rating: str,
    min_n: int,
    notes: list[str],
) -> dict[str, Any]:
    """Return the counts of what was looked at, with the sentence that says them."""
    names = [safe(column.name) for column in columns]
    below = int(table["below"].sum())
    return {
        **counts, "below": below, "hidden": int(table["hidden"].sum()), "rating": rating,
        "overall": overall.to_dict(), "columns": names, "min_n": min_n,
        "false_findings": FALSE_FINDINGS, "notes": notes,
        "sentence": _summing_up(below, counts, names, overall.level, min_n),
    }  # fmt: skip


def _summing_up(
    below: int, counts: dict[str, int], names: list[str], level: float, min_n: int
) -> str:
    if not names:
        return "There are no segments to look at."
    looked = f"{counted(counts['looked_at'], 'group')} by {joined(names)} looked at"
    if counts["too_small"]:
        looked += f"; {counts['too_small']:,} with fewer than {min_n} answers left out"
    if counts["no_rest"]:
        looked += f"; {counts['no_rest']:,} with fewer than {min_n} others to compare with left out"
    if not below:
        return f"{looked}. None lies clearly below the rest."
    verb = "lies" if below == 1 else "lie"
    return (
        f"{looked}. {below:,} {verb} clearly below the rest; of such findings at most one in "
        f"twenty is chance, on average. Intervals are at {level * 100:g}%."
    )
