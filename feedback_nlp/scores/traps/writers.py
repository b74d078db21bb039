"""Who wrote a comment and who did not: whose words the words are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import ColumnError
from feedback_nlp.records import Difference, Score
from feedback_nlp.schema import respondent_ids
from feedback_nlp.scores.answers import Scale, read_people, to_floats
from feedback_nlp.scores.choosing import definition_of
from feedback_nlp.scores.definitions import Definition
from feedback_nlp.scores.differences import difference
from feedback_nlp.scores.intervals import wilson
from feedback_nlp.scores.survey import score_from
from feedback_nlp.scores.traps.segments import read_columns, segment_names
from feedback_nlp.showing import amount, interval, lost, points


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseBias:
    """The score of those who wrote a comment beside the score of those who did not.

    Attributes:
        rating: Name of the rating.
        overall: Score of all who gave a rating.
        wrote: Score of those of them who wrote a comment that can be read; ``None`` for nobody.
        silent: Score of those who did not; ``None`` for nobody.
        difference: ``wrote`` minus ``silent``; ``None`` where one of them is.
        share: Share of all who gave a rating that wrote, 0–1.
        share_low: Lower end of its Wilson interval.
        share_high: Upper end of it.
        sentence: The finding in words.
    """

    rating: str
    overall: Score
    wrote: Score | None
    silent: Score | None
    difference: Difference | None
    share: float
    share_low: float
    share_high: float
    sentence: str


def response_bias(
    comments: pd.DataFrame,
    rating: str = "nps",
    *,
    level: float = 0.95,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
) -> ResponseBias:
    """Return whether those who wrote a comment are happier or unhappier than those who did not.

    A respondent wrote if any comment of theirs can be read: its status is ``ok``, or, in a table
    that has not been tagged, it is not blank.

    Args:
        comments: A comments table, with the blank comments in it; respondents are counted once.
        rating: The rating column; high answers are the good ones.
        level: Confidence level of the intervals.
        metric: As in ``score_of``.
        method: As in ``score_of``.
        scale: As in ``score_of``.

    Raises:
        ColumnError: A column is missing.
        RatingError: As for the score itself.

    Example:
        >>> comments = pd.DataFrame({"comment_id": range(60), "nps": [2, 9, 9, 10, 8, 10] * 10})
        >>> comments["text"] = ["Slow", "", "", "Nice", "", None] * 10
        >>> found = response_bias(comments)
        >>> found.wrote.value, found.silent.value, found.difference.clear
        (0.0, 75.0, True)
    """
    definition = definition_of(comments, rating, metric=metric, method=method, scale=scale)
    whole = definition.metric == "nps"
    people = read_people(comments, rating, definition.scale, whole=whole)
    answers = to_floats(people[rating])
    overall = score_from(answers, definition, level=level, rating=rating)
    answered = ~np.isnan(answers)
    writes = people["respondent_id"].astype("object").isin(_writers(comments)).to_numpy()
    sides = [answers[answered & writes], answers[answered & ~writes]]
    wrote, silent = (
        score_from(side, definition, level=level, rating=rating) if side.size else None
        for side in sides
    )
    low, high = wilson(sides[0].size, overall.n, level=level)
    found = _difference(sides, rating, definition, level) if wrote and silent else None
    made = ResponseBias(
        rating=rating, overall=overall, wrote=wrote, silent=silent, difference=found,
        share=sides[0].size / overall.n, share_low=float(low), share_high=float(high), sentence="",
    )  # fmt: skip
    return replace(made, sentence=_bias_sentence(made))


def _difference(
    sides: Sequence[NDArray[np.float64]], rating: str, definition: Definition, level: float
) -> Difference:
    return difference(
        *sides, rating=rating, metric=definition.metric, method=definition.method,
        scale=definition.scale, level=level,
    )  # fmt: skip


def _writers(comments: pd.DataFrame) -> pd.Series:
    """Return who has a comment that can be read."""
    if "status" in comments.columns:
        wrote = comments["status"] == "ok"
    elif "text" in comments.columns:
        wrote = comments["text"].fillna("").astype("str").str.strip() != ""
    else:
        raise ColumnError.missing("text", comments.columns)
    return respondent_ids(comments)[wrote.to_numpy()]


def _bias_sentence(found: ResponseBias) -> str:
    n, unit = found.overall.n, found.overall.unit
    if found.wrote is None or found.silent is None or found.difference is None:
        who = "All" if found.silent is None else "None of the"
        return f"{who} {n:,} who gave a rating wrote a comment, so there is nobody to compare with."
    told = [
        f"{points(s.value, unit)} ({interval(s.low, s.high, unit)})"
        for s in (found.wrote, found.silent)
    ]
    start = (
        f"The {found.wrote.n:,} who wrote score {told[0]}, the {found.silent.n:,} who did not "
        f"{told[1]}"
    )
    gap = found.difference
    if not gap.clear:
        step = "rating" if unit == "rating" else "points"
        return f"{start}: no clear difference ({interval(gap.low, gap.high, step)})."
    side, who = ("lower", "unhappy") if gap.value < 0 else ("higher", "happy")
    ends = sorted((abs(gap.low), abs(gap.high)))
    return (
        f"{start}: {amount(abs(gap.value), unit)} {side} ({lost(ends[0], unit)} to "
        f"{lost(ends[1], unit)}). The words say more about the {who} than the score does."
    )


def response_shares(
    comments: pd.DataFrame,
    rating: str = "nps",
    *,
    by: Sequence[str] | str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return what part of each rating group and of each segment wrote a comment.

    Languages are no segments here: they are mostly known of those who wrote only.

    Args:
        comments: A comments table, with the blank comments in it; respondents are counted once.
        rating: The rating column; its groups (detractors and so on) come first.
        by: Columns whose values are the segments; if not given, those the table notes. Columns of
            more than 1,000 values are left out and named in ``attrs["notes"]``.
        level: Confidence level of the intervals.

    Returns:
        ``column``, ``value`` (missing for the segment without a value), ``n`` (respondents),
        ``n_wrote``, ``share`` (0–1), ``low`` and ``high`` (Wilson). Respondents without a rating
        are in the segments, and in no rating group.

    Raises:
        ColumnError: A column is missing.
        RatingError: An answer is off the scale.

    Example:
        >>> comments = pd.DataFrame({"comment_id": range(4), "nps": [2, 9, 9, 8]})
        >>> comments["text"] = ["Slow", "", "Nice", ""]
        >>> response_shares(comments)[["value", "n", "n_wrote"]]
                value  n  n_wrote
        0  detractors  1        1
        1    passives  1        0
        2   promoters  2        1
    """
    names = segment_names(comments, by)
    definition = definition_of(comments, rating)
    people = read_people(comments, rating, definition.scale, keep=names)
    writes = people["respondent_id"].astype("object").isin(_writers(comments)).to_numpy()
    groups = definition.group(to_floats(people[rating])).astype(np.int64)
    columns, notes = read_columns(people[names])
    told: list[tuple[str, NDArray[np.int64], list[object]]] = [
        (rating, groups, list(definition.groups))
    ]
    told += [(column.name, column.codes, column.names) for column in columns]
    parts = [_shares(*one, writes, level) for one in told]
    table = pd.concat(parts, ignore_index=True)
    table.attrs["notes"] = notes
    return table


def _shares(
    column: str,
    codes: NDArray[np.int64],
    names: list[object],
    writes: NDArray[np.bool_],
    level: float,
) -> pd.DataFrame:
    known = codes >= 0
    n = np.bincount(codes[known], minlength=len(names))
    n_wrote = np.bincount(codes[known & writes], minlength=len(names))
    low, high = wilson(n_wrote, n, level=level)
    values = [None if name is None else str(name) for name in names]
    with np.errstate(invalid="ignore"):
        figures = {"n": n, "n_wrote": n_wrote, "share": n_wrote / n, "low": low, "high": high}
    return pd.DataFrame({"column": column, "value": pd.array(values, dtype="str"), **figures})
