"""Segments as columns of a model: one column for each level but the largest."""

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import FeedbackError
from feedback_nlp.showing import counted, joined, safe

MISSING, OTHER = "(missing)", "(other)"
_FEWEST = 10
_MOST_LEVELS = 50


class Note(TypedDict):
    """The levels of a control that is used."""

    reference: str
    levels: list[str]
    rare: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Controls:
    """Columns made of segments.

    Attributes:
        columns: Respondents × levels that are not the reference, true where it is the level.
        names: ``control=level`` of each column.
        notes: For each control used, its ``reference`` level, the other ``levels``, and how many
            values are ``rare`` and one level together.
        left_out: For each control not used, why.
    """

    columns: NDArray[np.bool_]
    names: list[str]
    notes: dict[str, Note]
    left_out: dict[str, str]

    def sentences(self) -> list[str]:
        """Return what is held fixed, and what is not and why."""
        held = [_held(safe(name), note) for name, note in self.notes.items()]
        said = [f"Held fixed: {joined(held)}."] if held else []
        return said + [
            f"{safe(name)} is not held fixed: {why}." for name, why in self.left_out.items()
        ]


def control_columns(controls: pd.DataFrame | None, people: pd.Index) -> Controls:
    """Return segments as columns: missing is a level, levels of fewer than 10 are one together.

    Args:
        controls: One row for each respondent, indexed as the people are, in whatever order.
        people: Ids of the respondents.

    Raises:
        FeedbackError: The controls are not of these respondents, two have one name, or one has too
            many levels.

    Example:
        >>> people = pd.Index(range(30))
        >>> shops = pd.DataFrame({"shop": ["north"] * 20 + ["south"] * 10}, index=people)
        >>> control_columns(shops, people).names
        ['shop=south']
    """
    made = Controls(columns=np.zeros((len(people), 0), dtype=bool), names=[], notes={}, left_out={})
    if controls is None or not len(controls.columns):
        return made
    _check_controls(controls, people)
    parts = [made.columns]
    for name, values in controls.loc[people].items():
        levels = _levels(values)
        counts = levels.value_counts()
        if len(counts) < 2:
            made.left_out[str(name)] = _why_not(values)
            continue
        if len(counts) > _MOST_LEVELS:
            raise FeedbackError(
                f"Control {name!r} has {len(counts):,} levels of {_FEWEST} respondents and more; "
                f"at most {_MOST_LEVELS} can be held fixed. Group it first, or leave it out."
            )
        order = sorted(counts.index, key=lambda level: (-counts[level], level))
        rare = int((values.value_counts() < _FEWEST).sum())
        made.notes[str(name)] = {"reference": order[0], "levels": order[1:], "rare": rare}
        made.names.extend(f"{name}={level}" for level in order[1:])
        parts.append(levels.to_numpy()[:, np.newaxis] == np.array(order[1:], dtype=object))
    return Controls(
        columns=np.hstack(parts), names=made.names, notes=made.notes, left_out=made.left_out
    )


def _held(name: str, note: Note) -> str:
    """Return a control with the number of its levels."""
    levels = [note["reference"], *note["levels"]]
    own = counted(sum(level not in (MISSING, OTHER) for level in levels), "value")
    parts = [f"{own} of {_FEWEST} respondents or more"]
    if OTHER in levels:
        parts.append(f"{note['rare']:,} of fewer, taken as one")
    if MISSING in levels:
        parts.append("those without one")
    return f"{name} ({'; '.join(parts)})"


def _why_not(values: pd.Series) -> str:
    """Return why a column of one level is not held fixed."""
    known = values.dropna().astype("str").unique()
    if len(known) > 1 or (len(known) and values.isna().any()):
        return (
            f"it has {counted(len(known), 'value')}, none of {_FEWEST} respondents or more; make "
            "larger groups of them first"
        )
    what = f"it has one value, {safe(str(known[0]))}" if len(known) else "it is empty"
    return f"{what}, so holding it changes nothing"


def _check_controls(controls: pd.DataFrame, people: pd.Index) -> None:
    if controls.index.has_duplicates or not people.isin(controls.index).all():
        raise FeedbackError(
            "The controls are not of the respondents with a rating. Give one row for each of "
            "them, indexed by respondent_id as people of the theme matrix are."
        )
    if not controls.columns.is_unique:
        twice = controls.columns[controls.columns.duplicated()][0]
        raise FeedbackError(f"There are two controls {twice!r}; each needs its own name.")


def _levels(values: pd.Series) -> pd.Series:
    """Return the level of each respondent as text."""
    given = values.astype("object")
    levels = given.where(given.isna(), given.astype("str")).fillna(MISSING).astype("object")
    rare = levels.map(levels.value_counts()) < _FEWEST
    return levels.where(~rare, OTHER)
