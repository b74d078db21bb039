"""Ratings, read by a plan, checked, turned so that high is good, and counted."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from feedback_nlp.errors import RatingError
from feedback_nlp.exports.answer_cells import Answers, read_cells
from feedback_nlp.exports.changes import Change
from feedback_nlp.exports.misfits import find_misfits, misfit_message, missing_note, told
from feedback_nlp.exports.scales import RatingPlan, after_change
from feedback_nlp.exports.watching import Hashes, hash_cells

_NOTED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """Some rows of a rating column, read.

    Attributes:
        numbers: High is good; missing where there is no answer or it is set aside.
        given: The answers as numbers, before anything is turned or set aside.
        reasons: Why a rating is set aside, blank where it is not.
        misfits: Which of these reasons are that the answer does not fit the scale.
        answers: The different answers.
    """

    numbers: pd.Series
    given: pd.Series
    reasons: pd.Series
    misfits: pd.Series
    answers: Answers


def read_ratings(plan: RatingPlan, column: pd.Series, dates: pd.Series | None) -> Ratings:
    """Return some rows of a column of answers as ratings.

    Args:
        plan: How they are read.
        column: Answers as text.
        dates: When each row was answered.
    """
    answers = read_cells(column, plan.declared.words if plan.declared else None)
    if plan.words is not None:
        plan.words.place(answers)
    given = numbers = answers.spread(answers.values).set_axis(column.index)
    reasons = pd.Series("", index=column.index, dtype="str")
    if plan.change is not None:
        numbers, reasons = after_change(numbers, plan.change, dates, plan.declared, plan.span)
    fresh = numbers.where(reasons.eq(""))
    misfits = find_misfits(fresh, answers, plan.span, whole=plan.whole)
    reasons = reasons.where(reasons.ne(""), misfits)
    values = numbers.where(reasons.eq(""))
    if plan.span.reversed:
        values = plan.span.low + plan.span.high - values
    return Ratings(
        numbers=values.astype(float), given=given, reasons=reasons, misfits=misfits, answers=answers
    )


def refuse_misfits(
    plan: RatingPlan, column: pd.Series, read: Ratings, where: Callable[[int], str]
) -> None:
    """Raise if there are answers that do not fit the scale.

    Raises:
        RatingError: Says which, where, and what to do.
    """
    if read.misfits.ne("").any():
        raise RatingError(
            misfit_message(
                column, read.answers, read.misfits, plan.span, plan.words, plan.why, plan.metric,
                where,
            )
        )  # fmt: skip


@dataclass(slots=True)
class RatingTally:
    """What is counted of a rating column while its rows are read.

    Attributes:
        plan: How it is read.
        missing: Rows that say why they have no answer, by reason.
        refused: Rows that are used and whose rating was set aside, by reason.
    """

    plan: RatingPlan
    missing: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    _shown: dict[str, str] = field(default_factory=dict)
    _more: list[Hashes] = field(default_factory=list)
    _older: int = 0
    _newer: int = 0
    _last_older: pd.Timestamp = pd.Timestamp.min

    def add(
        self,
        column: pd.Series,
        read: Ratings,
        dates: pd.Series | None,
        where: Callable[[int], str],
    ) -> None:
        """Count some rows.

        Args:
            column: Answers as text.
            read: The same as ratings.
            dates: When each row was answered.
            where: Says where a row is, by its position.
        """
        self.missing.update(read.answers.missing())
        if self.plan.change is not None and dates is not None:
            dated = dates[read.given.notna() & dates.notna()]
            older = dated[dated < self.plan.change.since]
            self._older += len(older)
            self._newer += len(dated) - len(older)
            self._last_older = max([self._last_older, *older.nlargest(1)])
        if self.plan.words is not None and self.plan.words.fit is not None:
            self._note_misfits(column, read, where)

    def _note_misfits(self, column: pd.Series, read: Ratings, where: Callable[[int], str]) -> None:
        bad = column[read.misfits.ne("")].drop_duplicates()
        bad = bad[~bad.isin(list(self._shown))]
        for row in bad.index[: _NOTED - len(self._shown)]:
            self._shown[bad[row]] = told(column, read.answers, self.plan.words, int(row), where)
        rest = bad[~bad.isin(list(self._shown))]
        if len(rest):
            self._more.append(hash_cells(rest))

    def notes(self) -> list[str]:
        """Return sentences for the analyst."""
        metric = self.plan.metric
        said = [*self.plan.notes]
        if (change := self.plan.change) is not None:
            said.append(_change_note(self.plan, change, self._last_older, self._older, self._newer))
        said += [f"{metric}: {shown}." for shown in self._shown.values()]
        if self._more:
            more = len(np.unique(np.concatenate(self._more)))
            said.append(f"{metric}: {more} more different answers do not fit.")
        return [*said, *missing_note(dict(self.missing.most_common()), metric)]


def _change_note(
    plan: RatingPlan, change: Change, last_older: pd.Timestamp, n_older: int, n_newer: int
) -> str:
    """Tell that the scale changes, how many ratings are on either side, and what was done.

    Args:
        plan: How the column was read.
        change: Where the scale changes.
        last_older: Last day with a rating on the older scale.
        n_older: Ratings with a date before the change.
        n_newer: Ratings since.
    """
    story = (
        f"The scale of {plan.header!r} changes within the file: {change.older} until "
        f"{last_older:%Y-%m-%d} "
        f"({n_older} ratings), {plan.span} since {change.since:%Y-%m-%d} ({n_newer} ratings)."
    )
    if plan.declared is not None and plan.declared.older is not None:
        return (
            f"{story} Earlier ratings were stretched from {plan.declared.older} onto {plan.span}, "
            "as declared."
        )
    return (
        f"{story} Only ratings since then are used; earlier comments stay, without a "
        "rating. "
        f"To bring them onto one scale add --scale {plan.metric}='{change.older_text} then "
        f"{plan.span.low:g}-{plan.span.high:g}'."
    )
