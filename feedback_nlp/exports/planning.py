"""What is decided before rows are read: roles, scales, the order of dates, ids and names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd

from feedback_nlp.errors import ColumnError
from feedback_nlp.exports import sampling
from feedback_nlp.exports.columns import find_roles
from feedback_nlp.exports.contents import new_names
from feedback_nlp.exports.dates import day_leads, read_dates
from feedback_nlp.exports.declared import parse_scale
from feedback_nlp.exports.export import Export
from feedback_nlp.exports.identity import IdPlan, decide_ids
from feedback_nlp.exports.rated import read_ratings, refuse_misfits
from feedback_nlp.exports.roles import Given, Roles
from feedback_nlp.exports.rows import Rows
from feedback_nlp.exports.scales import RatingPlan, decide_rating

Scales = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How the rows of an export become a comments table.

    Attributes:
        roles: What each column is for.
        ids: How rows and respondents are called.
        set_aside: Whether what cannot be used is counted instead of refused.
        day_first: Whether 03/04 is 3 April.
        ratings: How the column of each metric is read.
        renamed: Headers that are changed because the table has a column of that name.
        date_notes: Sentences for the analyst about the order of day and month.
        notes: Sentences for the analyst about which rows decided.
    """

    roles: Roles
    ids: IdPlan
    set_aside: bool
    day_first: bool = True
    ratings: dict[str, RatingPlan] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    date_notes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def per_row(self) -> int:
        """Comments of each row."""
        return max(1, len(self.roles.texts))

    @property
    def segments(self) -> list[str]:
        """The columns to break scores down by, as they are called in the table."""
        return [self.renamed.get(name, name) for name in self.roles.segments]


def decide(
    export: Export,
    given: Given,
    *,
    scales: Scales | None,
    day_first: bool | None,
    set_aside: bool,
) -> Plan:
    """Return how an export is read, decided from all its rows or from those that decide.

    Args:
        export: The export, gone through once.
        given: The columns the user named.
        scales: The scales the user declared.
        day_first: Whether 03/04 is 3 April, if the user said so.
        set_aside: Count what cannot be used.

    Raises:
        ColumnError: A column is missing, or two could have the same role.
        RatingError: The scale of a rating cannot be told.
    """
    rows = export.sample
    declared = {metric: parse_scale(metric, scale) for metric, scale in (scales or {}).items()}
    roles = find_roles(rows.frame, given, declared=declared)
    for metric in declared:
        if metric not in roles.ratings:
            raise ColumnError(
                f"A scale is declared for {metric!r}, but no column holds it. Add --rating "
                f"{metric}=COLUMN."
            )
    dates, leads, notes = _decide_dates(rows, roles, day_first)
    ratings = {}
    for metric, column in roles.ratings.items():
        plan = decide_rating(
            rows.frame[column],
            metric,
            declared=declared.get(metric),
            dates=dates,
            where=partial(Rows.where, rows),
        )
        ratings[metric] = plan
        roles.say_wording(f"rating {metric}", plan.scale.wording)
    return Plan(
        roles=roles,
        ids=decide_ids(export, roles),
        set_aside=set_aside,
        day_first=leads,
        ratings=ratings,
        renamed=new_names(export.columns, roles, dated=dates is not None),
        date_notes=tuple(notes),
        notes=_who_decided(export.rows),
    )


def _who_decided(rows: int) -> tuple[str, ...]:
    most = sampling.ENOUGH
    if rows <= most:
        return ()
    return (
        f"Columns, scales and the order of dates were decided from {most:,} of {rows:,} rows: the "
        f"first {most // 2:,} and {most - most // 2:,} drawn from the others. All rows were read.",
    )


def _decide_dates(
    rows: Rows, roles: Roles, day_first: bool | None
) -> tuple[pd.Series | None, bool, list[str]]:
    if roles.date is None:
        return None, True, []
    column = rows.frame[roles.date]
    leads, notes = day_leads(column, day_first)
    dates, _ = read_dates(column, day_first=leads)
    filled = column.str.strip().ne("")
    if filled.any() and dates[filled].isna().all():
        first = int(np.flatnonzero(filled)[0])
        raise ColumnError(
            f"Column {roles.date!r} holds no dates that can be read, first "
            f"{column[first][:40]!r} in {rows.where(first)}. Choose another one with --date."
        )
    return dates, leads, notes


def check_ratings(plan: Plan, rows: Rows) -> None:
    """Refuse ratings that can be seen not to fit before the long work begins.

    Raises:
        RatingError: Answers among those that decide do not fit their scale.
    """
    dates = None
    if plan.roles.date is not None:
        dates, _ = read_dates(rows.frame[plan.roles.date], day_first=plan.day_first)
    for rating in plan.ratings.values():
        column = rows.frame[rating.header]
        refuse_misfits(rating, column, read_ratings(rating, column, dates), rows.where)
