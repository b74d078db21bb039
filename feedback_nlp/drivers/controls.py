"""Segments as columns of a model: one column for each level but the largest."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import FeedbackError

MISSING, OTHER = "(missing)", "(other)"
_FEWEST = 10
_MOST_LEVELS = 50


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Controls:
    """Columns made of segments.

    Attributes:
        columns: Respondents × levels that are not the reference, true where it is the level.
        names: ``control=level`` of each column.
        notes: For each control used, its ``reference`` level and the other ``levels``.
        left_out: For each control not used, why.
    """

    columns: NDArray[np.bool_]
    names: list[str]
    notes: dict[str, dict[str, object]]
    left_out: dict[str, str]


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
            only = counts.index[0] if len(counts) else "none"
            made.left_out[str(name)] = f"all respondents are of one level, {only}"
            continue
        if len(counts) > _MOST_LEVELS:
            raise FeedbackError(
                f"Control {name!r} has {len(counts):,} levels of {_FEWEST} respondents and more; "
                f"at most {_MOST_LEVELS} can be held fixed. Group it first, or leave it out."
            )
        order = sorted(counts.index, key=lambda level: (-counts[level], level))
        made.notes[str(name)] = {"reference": order[0], "levels": order[1:]}
        made.names.extend(f"{name}={level}" for level in order[1:])
        parts.append(levels.to_numpy()[:, np.newaxis] == np.array(order[1:], dtype=object))
    return Controls(
        columns=np.hstack(parts), names=made.names, notes=made.notes, left_out=made.left_out
    )


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
