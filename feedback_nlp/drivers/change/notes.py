"""What is said beside the tables of changes: the answer first, then what a reader must know."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from feedback_nlp.drivers.change.sides import Sides
from feedback_nlp.drivers.change.telling import CLEAR, score_sentence, why_words
from feedback_nlp.drivers.change.windows import Windows
from feedback_nlp.scores.over_time.trends import ON_BOTH_SIDES
from feedback_nlp.showing import counted, points
from feedback_nlp.wordings import wording_in

NO_CAUSE = (
    "Before and after is not cause: other things change too. What moved is shown; why is not."
)
TURNED_ROUND = "'After' ({1}) is earlier than 'before' ({0}): the change is told back in time."
FEW_PLACEBOS = 3
_MOST = 5
_NOT = {
    "n_outside": "on neither side", "n_undated": "on neither side, for want of a date",
    "n_missing": "without a rating",
}  # fmt: skip


def change_of(value: float, unit: str) -> str:
    """Return a change as it is written: points with a sign, of shares in percent too.

    Example:
        >>> change_of(-3.25, "percent"), change_of(0.5, "rating")
        ('−3.3', '+0.50')
    """
    return points(value, "points" if unit == "percent" else unit, signed=True)


def why_no_theme(sides: Sides, min_n: int, first: int = 0) -> str:
    """Return the name of the reason why no theme can be compared, "" if one can.

    Args:
        sides: The respondents.
        min_n: How many must blame a theme.
        first: Number of the first side that is compared.
    """
    there = sides.side >= first
    if not sides.matrix.people["spoke"].to_numpy(dtype=bool)[there].any():
        return "silent"
    n = sides.matrix.negative.to_numpy(dtype=bool)[there].sum(axis=0)
    if not n.any():
        return "blameless"
    return "" if n.max() >= min_n else "few_blame"


def scores_noted(
    score: "pd.Series[Any]", sides: Sides, names: Sequence[str], confidence: float
) -> dict[str, Any]:
    """Return the scores of all around a date, their difference, and who is not counted.

    Args:
        score: The row of the score of all.
        sides: The respondents.
        names: What the two windows are called.
        confidence: Level of the interval.
    """
    definition = sides.matrix.definition
    return {
        "metric": definition.metric, "method": definition.method, "unit": definition.unit,
        "sides": dict(zip(("before", "after"), names, strict=True)),
        **{f"n_{side}": int(score[f"n_{side}"]) for side in ("before", "after")},
        **{f"score_{side}": float(score[side]) for side in ("before", "after")},
        **{name: float(score[name]) for name in ("change", "change_low", "change_high")},
        "confidence": confidence, **sides.notes(),
    }  # fmt: skip


def measure_sentence(table: pd.DataFrame, told: Mapping[str, Any]) -> str:
    """Return how the score changed around a date, and what else moved.

    Args:
        table: The table of before and after.
        told: As ``scores_noted`` returns it.
    """
    if table["suppressed"].iloc[0]:
        return (
            f"Too few answers to compare: {told['n_before']} in {told['sides']['before']}, "
            f"{told['n_after']} in {told['sides']['after']}."
        )
    return f"{score_sentence(told, wording_in('en'))} {_figures_sentence(table, told['unit'])}"


def _figures_sentence(table: pd.DataFrame, unit: str) -> str:
    """Return which figures of a before and after moved by more than chance allows."""
    tested = table[table["q_value"].notna()]
    found = tested[tested["q_value"] <= CLEAR].sort_values("q_value", kind="stable")
    number = counted(len(tested), "figure")
    if found.empty:
        return f"Of {number} tested none moved by more than chance allows (q ≤ {CLEAR:g})."
    said = [_moved(row, unit) for row in found.head(_MOST).to_dict("records")]
    return (
        f"Of {number} tested {len(found)} moved by more than chance allows (q ≤ {CLEAR:g}): "
        f"{_listed(said, len(found))}."
    )


def _moved(row: Mapping[Any, Any], unit: str) -> str:
    """Return one figure of a group, with its change and interval."""
    scaled, unit = (1, unit) if row["figure"] == "score" else (100, "percent")
    name = " ".join([row["figure"], *([row["theme"]] if row["theme"] else [])])
    low, high = (change_of(scaled * row[end], unit) for end in ("change_low", "change_high"))
    return f"{name} ({row['group']}) {change_of(scaled * row['change'], unit)} ({low} to {high})"


def _listed(said: Sequence[str], number: int) -> str:
    more = f"; and {number - len(said)} more" if number > len(said) else ""
    return "; ".join(said) + more


def left_out(notes: Mapping[str, Any]) -> list[str]:
    """Return who is not counted, and who counts twice."""
    said = [
        f"{counted(notes[name], 'respondent')} {why}." for name, why in _NOT.items() if notes[name]
    ]
    if notes["n_both_sides"]:
        said.append(f"{counted(notes['n_both_sides'], 'respondent')} {ON_BOTH_SIDES}")
    return said


def measure_notes(
    table: pd.DataFrame,
    told: Mapping[str, Any],
    windows: Windows,
    sides: Sides,
    *,
    min_n: int,
    not_looked_at: Sequence[str] = (),
) -> list[str]:
    """Return what must be known before a change around a date is believed.

    Args:
        table: The table of before and after; the score of all is first.
        told: As ``scores_noted`` returns it.
        windows: The windows around the date.
        sides: The respondents.
        min_n: How many must blame a theme.
        not_looked_at: Notes on columns that were left out.
    """
    first = windows.count - 2
    unknown = sides.segments[sides.side >= first].isna().sum()
    why = why_no_theme(sides, min_n, first)
    return [
        *_usual(table.iloc[0], windows, told["confidence"], told["unit"]),
        *([f"No theme could be compared: {_why(why, min_n)}."] if why else []),
        *not_looked_at,
        *left_out(told),
        *(
            f"{counted(int(n), 'answer')} without {name!r}: in no segment of it."
            for name, n in unknown.items()
            if n
        ),
    ]


def _why(why: str, min_n: int) -> str:
    return why_words(why, wording_in("en"), min_n=min_n)


def _usual(score: "pd.Series[Any]", windows: Windows, confidence: float, unit: str) -> list[str]:
    """Return that it is no cause, and whether as much moved at other times."""
    said = [NO_CAUSE]
    for days, side in ((windows.before, "begin"), (windows.after, "end")):
        if days < windows.days:
            said.append(
                f"The window of {windows.days} days is not full: the dates {side} "
                f"{counted(days, 'day')} from the date."
            )
    if pd.isna(score["earlier_change"]):
        return [*said, "There is no earlier window, so it cannot be told whether it moved already."]
    if score["earlier_low"] > 0 or score["earlier_high"] < 0:
        ends = (change_of(score[f"earlier_{end}"], unit) for end in ("low", "high"))
        said.append(
            "The score was moving already: in the window before, it changed by "
            f"{change_of(score['earlier_change'], unit)} ({confidence:.0%} interval "
            f"{' to '.join(ends)})."
        )
    if score["n_placebos"] < FEW_PLACEBOS:
        said.append(
            f"Only {counted(int(score['n_placebos']), 'earlier pair')} of windows: too few to say "
            "what is usual."
        )
    elif score["largest_placebo"] >= abs(score["change"]) > 0:
        said.append(
            "The score has changed as much between earlier windows, when the measure had not been "
            "taken."
        )
    return said
