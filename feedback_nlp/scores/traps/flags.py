"""From what was found to the rows and sentences of ``suspicious_answers``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.records import RatingScale
from feedback_nlp.schema import respondent_ids
from feedback_nlp.scores.traps.bursts import Burst, find_bursts
from feedback_nlp.scores.traps.clock import Clock
from feedback_nlp.scores.traps.lookalikes import Lookalikes, find_lookalikes
from feedback_nlp.scores.traps.straight import StraightLine, find_straight_lines
from feedback_nlp.showing import counted, safe, share

COLUMNS = (
    "kind", "group", "comment_id", "respondent_id", "rating", "answer", "date", "n_group", "soft",
    "why",
)  # fmt: skip
LONG_WORDS = 12
FEWEST_ALIKE = 3
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """What one kind of look found.

    Attributes:
        rows: The flagged, with the columns of the table.
        looked_at: How many answers, comments or respondents were looked at.
        notes: What could not be looked at, and why.
    """

    rows: pd.DataFrame
    looked_at: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flagged:
    """A group to be looked at together, with the reason."""

    members: NDArray[np.intp]
    why: str
    rating: str | None = None
    answer: float = np.nan
    soft: bool = False


def burst_flags(
    people: pd.DataFrame, asked: Mapping[str, Floats], clock: Clock, false_alarms: float
) -> Part:
    """Return the bursts of one rating in a short time."""
    sets: list[Flagged] = []
    looked_at = 0
    for name, answers in asked.items():
        used = np.flatnonzero(clock.known & ~np.isnan(answers))
        looked_at += used.size
        distinct, codes = np.unique(answers[used], return_inverse=True)
        found = find_bursts(
            clock.times[used], codes, widths=clock.widths, false_alarms=false_alarms,
            tests=len(asked),
        )  # fmt: skip
        for burst in found:
            members = used[burst.members]
            answer = float(distinct[burst.answer])
            why = _burst_sentence(burst, name, answer, clock, members)
            sets.append(Flagged(members, why, rating=name, answer=answer))
    missing = int((~clock.known).sum())
    notes = [f"{counted(missing, 'respondent')} without a date can be in no burst."]
    return Part(_rows(people, sets, "burst"), looked_at, tuple(notes if missing else ()))


def _burst_sentence(
    burst: Burst, name: str, answer: float, clock: Clock, members: NDArray[np.intp]
) -> str:
    outside = burst.looked_at - burst.in_window
    usual = share((burst.same - burst.members.size) / outside)
    return (
        f"{burst.members.size:,} of {burst.in_window:,} answers to {safe(name)} "
        f"{clock.when(members)} are {answer:g}, against {usual} of the {outside:,} others; "
        f"by chance {_chance(burst.p_value)}."
    )


def _chance(p_value: float) -> str:
    if p_value < 1e-4:
        return "in fewer than 1 of 10,000 such files"
    return f"in at most 1 of {int(1 / p_value):,} such files"


def alike_flags(
    comments: pd.DataFrame, clock: Clock | None, *, alike: float, false_alarms: float
) -> Part:
    """Return comments of different respondents that are the same or nearly the same."""
    if "text" not in comments.columns:
        return Part(no_rows(), 0, ("There are no comments to compare.",))
    texts = comments["text"].fillna("").astype("str").tolist()
    found = find_lookalikes(texts, alike=alike)
    who = pd.factorize(respondent_ids(comments))[0]
    frame = pd.DataFrame({"who": who, "words": found.words, "row": np.arange(len(texts))})
    grouped = frame[found.group >= 0].groupby(found.group[found.group >= 0])
    summed = grouped.agg(people=("who", "nunique"), words=("words", "min"), rows=("row", list))
    several = summed[summed["people"] > 1]
    long = several["words"] >= LONG_WORDS
    sets = [(np.array(rows), "") for rows in several.loc[long, "rows"]]
    if clock is not None:
        short = several.index[~long].to_numpy()
        sets += _alike_bursts(found, who, short, clock, false_alarms)
    flagged = [
        Flagged(members, _alike_sentence(found, who, members, clock) + chance)
        for members, chance in sets
    ]
    writers = comments[["comment_id"]].assign(respondent_id=respondent_ids(comments).to_numpy())
    writers["date"] = comments["date"] if "date" in comments.columns else pd.NaT
    return Part(_rows(writers, flagged, "alike"), found.looked_at)


def _alike_bursts(
    found: Lookalikes,
    who: NDArray[np.intp],
    short: NDArray[np.int64],
    clock: Clock,
    false_alarms: float,
) -> list[tuple[NDArray[np.intp], str]]:
    """Return bursts of alike comments that are too short to stand out by themselves."""
    used = np.flatnonzero((found.exact >= 0) & clock.known)
    wording = np.where(found.group >= 0, found.group, found.group.size + found.exact)[used]
    once = ~pd.DataFrame({"who": who[used], "wording": wording}).duplicated().to_numpy()
    used, codes = used[once], pd.factorize(wording[once])[0]
    bursts = find_bursts(
        clock.times[used], codes, widths=clock.widths, least=FEWEST_ALIKE,
        false_alarms=false_alarms,
    )  # fmt: skip
    made = []
    for burst in bursts:
        members = used[burst.members]
        if found.group[members[0]] in short:
            text = (
                f" There are {burst.same:,} like it among {burst.looked_at:,}; so close together "
            )
            made.append((members, f"{text}by chance {_chance(burst.p_value)}."))
    return made


def _alike_sentence(
    found: Lookalikes, who: NDArray[np.intp], members: NDArray[np.intp], clock: Clock | None
) -> str:
    wordings = np.unique(found.exact[members]).size
    same = "the same" if wordings == 1 else f"the same or nearly ({wordings:,} wordings)"
    dated = members[clock.known[members]] if clock is not None else members[:0]
    when = f" {clock.when(dated)}" if clock is not None and dated.size else ""
    return (
        f"{members.size:,} comments by {np.unique(who[members]).size:,} respondents{when} are "
        f"{same}, {found.words[members].min():,} words or more."
    )


def line_flags(
    people: pd.DataFrame,
    asked: Mapping[str, Floats],
    scales: Mapping[str, RatingScale],
    least: int,
) -> Part:
    """Return who gave the same answer to all questions of a scale."""
    sets: list[Flagged] = []
    notes: list[str] = []
    looked_at = 0
    for names, (low, high) in _by_scale(asked, scales):
        if len(names) < least:
            continue
        answers = np.column_stack([asked[name] for name in names])
        turned = [name in scales and scales[name].reversed for name in names]
        lines, enough = find_straight_lines(answers, turned, middle=(low + high) / 2, least=least)
        looked_at = max(looked_at, enough)
        for line in lines:
            told = _line_sentence(line, low, high)
            if line.usual:
                notes.append(f"{told} So usual an answer is not flagged.")
                continue
            asked_of = ", ".join(names)
            soft = not line.contradicts
            sets.append(Flagged(line.members, told, asked_of, line.answer, soft))
    if not looked_at:
        notes.append(
            f"Nobody answered {least} ratings on one scale: no straight lines to look for."
        )
    return Part(_rows(people, sets, "straight_line"), looked_at, tuple(notes))


def _by_scale(
    asked: Mapping[str, Floats], scales: Mapping[str, RatingScale]
) -> list[tuple[list[str], tuple[float, float]]]:
    """Return the ratings of each scale; those without a known one are taken as of one scale."""
    by_scale: dict[tuple[float, float] | None, list[str]] = {}
    for name in asked:
        scale = (scales[name].low, scales[name].high) if name in scales else None
        by_scale.setdefault(scale, []).append(name)
    made = []
    for scale, names in by_scale.items():
        values = np.concatenate([asked[name] for name in names])
        if np.isfinite(values).any():
            made.append((names, scale or (float(np.nanmin(values)), float(np.nanmax(values)))))
    return made


def _line_sentence(line: StraightLine, low: float, high: float) -> str:
    n = line.members.size
    against = f", though {line.turned} are asked the other way round" if line.contradicts else ""
    expected = "fewer than 0.1" if line.expected < 0.1 else f"{line.expected:,.1f}"
    return (
        f"{n:,} of {line.looked_at:,} ({share(n / line.looked_at)}) gave {line.answer:g} to every "
        f"question answered of the {line.questions} on {low:g}–{high:g}{against}; if the questions "
        f"had nothing to do with one another, {expected} would."
    )


def no_rows() -> pd.DataFrame:
    """Return the table with nothing flagged."""
    nobody = pd.DataFrame({"comment_id": [], "respondent_id": [], "date": pd.to_datetime([])})
    return _rows(nobody.astype({"comment_id": "str"}), [], "")


def _rows(people: pd.DataFrame, sets: Sequence[Flagged], kind: str) -> pd.DataFrame:
    """Return the flagged rows of several groups as one table, with the number of each group."""
    members = np.concatenate([np.zeros(0, dtype=np.intp), *(one.members for one in sets)])
    which = np.repeat(np.arange(len(sets)), [one.members.size for one in sets])
    groups = pd.DataFrame(
        {
            "kind": pd.array([kind] * len(sets), dtype="str"),
            "group": pd.array([f"{kind}-{i + 1}" for i in range(len(sets))], dtype="str"),
            "rating": pd.array([one.rating for one in sets], dtype="str"),
            "answer": np.array([one.answer for one in sets], dtype=np.float64),
            "n_group": np.array([one.members.size for one in sets], dtype=np.int64),
            "soft": np.array([one.soft for one in sets], dtype=np.bool_),
            "why": pd.array([one.why for one in sets], dtype="str"),
        }
    )
    told = groups.iloc[which].reset_index(drop=True)
    table = people.iloc[members][["comment_id", "respondent_id", "date"]].reset_index(drop=True)
    return table.join(told).astype({"respondent_id": "str"})[[*COLUMNS]]
