"""Answers worth a second look: flagged with the reason, never deleted.

Each finding has an innocent reading too: an outage makes a burst of zeros, a reminder makes people
send their answer twice, a happy customer gives five to everything. So these are flags for a person
to look at, and ``sensitivity`` says what hangs on them.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import FeedbackError
from feedback_nlp.records import RatingScale
from feedback_nlp.schema import check_comments, info, rating_scales, respondent_ids, respondents
from feedback_nlp.scores.answers import to_floats
from feedback_nlp.scores.definitions import DEFAULT_SCALES, METRICS
from feedback_nlp.scores.traps.clock import read_clock
from feedback_nlp.scores.traps.flags import Part, alike_flags, burst_flags, line_flags, no_rows
from feedback_nlp.showing import counted, joined, share

_UNDATED = "There are no dates, so bursts were not looked for."
KINDS = ("burst", "alike", "straight_line")
_NAMES = {
    "burst": "in bursts of one answer", "alike": "with comments like those of others",
    "straight_line": "with the same answer to every question",
}  # fmt: skip


def suspicious_answers(
    comments: pd.DataFrame,
    *,
    ratings: Sequence[str] | None = None,
    windows: Sequence[str] = ("10min", "1h"),
    false_alarms: float = 0.01,
    alike: float = 90,
    least_questions: int = 4,
) -> pd.DataFrame:
    """Return answers that came in bursts, comments that are nearly the same, and straight lines.

    Kinds: ``burst``, too many of the same rating within one of the windows, given how often it
    occurs in the file; ``alike``, comments of different respondents that are the same or nearly,
    at any time where they have at least 12 words, and in a burst where they have at least 6 words
    and 30 characters; ``straight_line``, the same answer to at least four rating
    questions of one scale, more often than chance. Nothing is taken out of the table.

    Args:
        comments: A comments table; respondents are counted once in bursts and straight lines.
        ratings: Rating columns; if not given, those the table notes, else those named ``nps``,
            ``csat`` or ``ces``; and for straight lines the sub-ratings that the table notes.
        windows: How long a short time is. Where the dates have no time of day, a day is.
        false_alarms: Chance that a file without any burst shows one, at most, 0–1; for ratings
            and for comments each.
        alike: From which percentage of common characters on comments are alike, 50–100.
        least_questions: How many ratings with the same answer make a straight line, 3 or more.

    Returns:
        One row for each flagged respondent (bursts, straight lines; with the id of the first
        comment) or comment (alike): ``kind``, ``group`` (such as ``burst-1``: what to look at
        together), ``comment_id``, ``respondent_id``, ``rating`` (its column, missing for comments),
        ``answer`` (as it was given), ``date``, ``n_group`` (rows of the group), ``soft`` (a hint
        only) and ``why``. ``attrs["suspicious"]`` counts what was looked at and what was flagged,
        with sentences.

    Raises:
        ColumnError: A rating column is missing.
        FeedbackError: A setting is out of its range.

    Example:
        >>> comments = pd.DataFrame({"comment_id": range(300), "nps": [9, 10, 7, 3, 10, 8] * 50})
        >>> comments["date"] = pd.date_range("2026-03-01", periods=300, freq="h")
        >>> comments.loc[100:129, "date"] = pd.date_range("2026-03-05 00:20", periods=30, freq="s")
        >>> comments.loc[100:129, "nps"] = 0
        >>> found = suspicious_answers(comments)
        >>> found["kind"].value_counts().to_dict(), found["answer"].unique().tolist()
        ({'burst': 30}, [0.0])
    """
    check_comments(comments, needs=("comment_id", *(ratings or ())))
    _check_settings(false_alarms, alike, least_questions)
    columns = _rating_columns(comments) if ratings is None else list(dict.fromkeys(ratings))
    subratings = _sub_ratings(comments) if ratings is None else []
    people = _people(comments, [*columns, *subratings])
    scales = _scales(comments, columns)
    asked = {name: _as_asked(to_floats(people[name]), scales.get(name)) for name in columns}
    lined = asked | {name: to_floats(people[name]) for name in subratings}
    dated = "date" in comments.columns
    parts = [
        _bursts(people, asked, windows, false_alarms) if dated else Part(no_rows(), 0, (_UNDATED,)),
        alike_flags(
            comments, read_clock(comments["date"], windows) if dated else None,
            alike=alike, false_alarms=false_alarms,
        ),
        line_flags(people, lined, scales, least_questions),
    ]  # fmt: skip
    filled = [part.rows for part in parts if len(part.rows)] or [parts[0].rows]
    table = pd.concat(filled, ignore_index=True)
    table.attrs["suspicious"] = _noted(table, parts, len(people), false_alarms)
    return table


def _check_settings(false_alarms: float, alike: float, least_questions: int) -> None:
    if not 0 < false_alarms < 1:
        raise FeedbackError(
            f"The chance of a false alarm {false_alarms} is not between 0 and 1; write 0.01 for 1%."
        )
    if not 50 <= alike <= 100:
        raise FeedbackError(f"Comments are alike from a percentage of 50–100 on, not {alike}.")
    if least_questions < 3:
        raise FeedbackError(
            f"A straight line needs at least 3 answers, not {least_questions}: two often agree."
        )


def _rating_columns(comments: pd.DataFrame) -> list[str]:
    known = [name for name in rating_scales(comments) if name in comments.columns]
    return known or [name for name in METRICS if name in comments.columns]


def _sub_ratings(comments: pd.DataFrame) -> list[str]:
    """Return the columns that the reader took for ratings of parts, such as of the staff."""
    noted = info(comments)
    renamed = noted.get("renamed", {})
    found = [role["column"] for role in noted.get("roles", []) if role["role"] == "sub-rating"]
    names = [renamed.get(name, name) for name in found]
    return [name for name in names if name in comments.columns]


def _people(comments: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return one row for each respondent, with the first comment's id, the ratings and the date."""
    first = pd.DataFrame(
        {
            "respondent_id": respondent_ids(comments).to_numpy(),
            "comment_id": comments["comment_id"].to_numpy(),
        }
    ).drop_duplicates("respondent_id", ignore_index=True)
    taken = [*columns, *(["date"] if "date" in comments.columns else [])]
    if columns:
        people = respondents(comments, columns[0], keep=taken)
    else:
        people = first[["respondent_id"]].copy()
    people.insert(0, "comment_id", first["comment_id"])
    if "date" not in people.columns:
        people["date"] = pd.NaT
    return people


def _scales(comments: pd.DataFrame, columns: Sequence[str]) -> dict[str, RatingScale]:
    """Return the scales that the table notes, and those of the metrics by their names."""
    usual = {
        name: RatingScale(metric=name, low=low, high=high)
        for name, (low, high) in DEFAULT_SCALES.items()
    }
    known = usual | rating_scales(comments)
    return {name: known[name] for name in columns if name in known}


def _as_asked(answers: NDArray[np.float64], scale: RatingScale | None) -> NDArray[np.float64]:
    """Return the answers as they were given: the table holds those of turned scales turned."""
    return scale.low + scale.high - answers if scale and scale.reversed else answers


def _bursts(
    people: pd.DataFrame,
    asked: dict[str, NDArray[np.float64]],
    windows: Sequence[str],
    false_alarms: float,
) -> Part:
    clock = read_clock(people["date"], windows)
    part = burst_flags(people, asked, clock, false_alarms)
    if not clock.by_day:
        return part
    note = "The dates have no time of day, so a short time is one day."
    return Part(part.rows, part.looked_at, (note, *part.notes))


def _noted(
    table: pd.DataFrame, parts: Sequence[Part], n_people: int, false_alarms: float
) -> dict[str, object]:
    """Return the counts of what was looked at and flagged, with the sentence that says them."""
    people = {
        kind: int(table.loc[table["kind"] == kind, "respondent_id"].nunique()) for kind in KINDS
    }
    groups = {kind: int(table.loc[table["kind"] == kind, "group"].nunique()) for kind in KINDS}
    flagged = int(table["respondent_id"].nunique())
    looked_at = {kind: part.looked_at for kind, part in zip(KINDS, parts, strict=True)}
    told = [f"{n:,} {_NAMES[kind]}" for kind, n in people.items() if n]
    sentence = (
        f"{counted(flagged, 'respondent')} of {n_people:,} ({share(flagged / max(n_people, 1))}) "
        f"worth a second look: {joined(told)}. Nothing was taken out."
        if told
        else f"Nothing suspicious among {counted(n_people, 'respondent')}."
    )
    return {
        "respondents": n_people, "looked_at": looked_at, "flagged": people, "groups": groups,
        "flagged_in_all": flagged, "false_alarms": false_alarms, "sentence": sentence,
        "notes": [note for part in parts for note in part.notes],
    }  # fmt: skip
