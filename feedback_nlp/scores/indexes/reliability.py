"""Whether several items measure one thing: Cronbach's alpha.

Formula, source and what it is not: ``docs/metrics.md``.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import RatingError
from feedback_nlp.records import Score
from feedback_nlp.scores.indexes.items import Items, complete, incomplete_note, read_items
from feedback_nlp.scores.intervals import quantile

Floats = NDArray[np.float64]


def cronbach_alpha(
    items: Items,
    *,
    standardised: bool = False,
    columns: Sequence[str] | None = None,
    level: float = 0.95,
) -> Score:
    """Cronbach's alpha: how far the items of a multi-item scale go together.

    Args:
        items: One column for each item and one row for each respondent, or a mapping from item to
            answers. Items asked the other way round must be turned first. A comments table needs
            ``columns``.
        standardised: True for alpha of items brought to the same spread: of their mean correlation.
        columns: The items to take; all columns if not given.
        level: Confidence level of the interval: that of Feldt, Woodruff and Salih (1987).

    Returns:
        A number up to 1; it falls below 0 where items run against one another. ``details`` holds
        the other form, ``mean_correlation``, and ``without_…``, alpha without each item, where at
        least two are left. Respondents who did not answer every item are counted as missing. An
        alpha of 1 has no interval.

    Raises:
        RatingError: Fewer than two items or complete respondents, or answers that do not vary.

    Example:
        >>> answers = {"a": [1, 2, 3, 4, 5], "b": [2, 2, 3, 5, 5], "c": [1, 3, 3, 4, 4]}
        >>> print(cronbach_alpha(answers))
        CRONBACH_ALPHA (raw) 0.95 [0.77 to 0.99, 95%], n = 5
    """
    table, _ = read_items(items, columns=columns)
    if table.shape[1] < 2:
        raise RatingError("Cronbach's alpha compares items, and there is one; give two or more.")
    answered = complete(table, what="Cronbach's alpha")
    values = answered.to_numpy(np.float64)
    if not np.isfinite(values).all():
        raise RatingError("An answer is infinite; Cronbach's alpha needs numbers.")
    n, k = values.shape
    if n < 2:
        raise RatingError(
            "Cronbach's alpha needs at least two respondents who answered every item, not 1 of "
            f"{len(table)}."
        )
    fixed = [str(name) for name in answered.columns[np.ptp(values, axis=0) == 0]]
    _check_spread(values, fixed, standardised=standardised)
    raw, other = _raw(values), None if fixed else _standardised(values)
    if standardised and other is None:
        raise RatingError("The items cancel one another out; turn those asked the other way round.")
    alpha = other if standardised and other is not None else raw
    low, high = _feldt(alpha, n, k, level)
    notes = [*incomplete_note(len(table), n), *_notes(answered, alpha, fixed)]
    if np.isnan(low):
        notes.append("The items are alike in all respondents: that leaves no interval.")
    return Score(
        metric="cronbach_alpha",
        method="standardised" if standardised else "raw",
        value=alpha,
        low=low,
        high=high,
        n=n,
        n_missing=len(table) - n,
        level=level,
        interval="none" if np.isnan(low) else "feldt",
        unit="index",
        details=_details(answered, {"raw": raw} if standardised else {"standardised": other}),
        notes=tuple(notes),
    )


def _check_spread(values: Floats, fixed: list[str], *, standardised: bool) -> None:
    if np.ptp(values.sum(axis=1)) <= 1e-12 * np.abs(values).max(initial=1):
        raise RatingError(
            "Every respondent has the same sum of answers, so there is no spread that items could "
            "share and no Cronbach's alpha."
        )
    if standardised and fixed:
        raise RatingError(
            f"Everybody gave the same answer to item {fixed[0]!r}, so it has no correlation; leave "
            "it out, or use standardised=False."
        )


def _raw(values: Floats) -> float:
    k = int(values.shape[1])
    whole = float(values.sum(axis=1).var(ddof=1))
    items = float(values.var(axis=0, ddof=1).sum())
    return min(k / (k - 1) * (1 - items / whole), 1.0)


def _mean_correlation(values: Floats) -> float:
    k = values.shape[1]
    return float((np.corrcoef(values.T).sum() - k) / (k * (k - 1)))


def _standardised(values: Floats) -> float | None:
    """Return alpha of the mean correlation; there is none where the items cancel one another."""
    k, r = values.shape[1], _mean_correlation(values)
    spread = 1 + (k - 1) * r
    return float(min(k * r / spread, 1.0)) if spread > 1e-12 else None


def _feldt(alpha: float, n: int, k: int, level: float) -> tuple[float, float]:
    from scipy.special import fdtri

    quantile(level)  # checks it
    if alpha >= 1:
        return np.nan, np.nan
    tail = (1 - level) / 2
    ends = [1 - (1 - alpha) * float(fdtri(n - 1, (n - 1) * (k - 1), q)) for q in (1 - tail, tail)]
    return min(ends[0], alpha), max(ends[1], alpha)


def _details(answered: pd.DataFrame, other: dict[str, float | None]) -> dict[str, float]:
    """Return the other form, the mean correlation, and alpha without each item."""
    values = answered.to_numpy(np.float64)
    details = {name: value for name, value in other.items() if value is not None}
    if (np.ptp(values, axis=0) > 0).all():
        details["mean_correlation"] = _mean_correlation(values)
    for i, name in enumerate(answered.columns):
        rest = np.delete(values, i, axis=1)
        if rest.shape[1] > 1 and np.ptp(rest.sum(axis=1)) > 0:
            details[f"without_{name}"] = _raw(rest)
    return details


def _notes(answered: pd.DataFrame, alpha: float, fixed: list[str]) -> list[str]:
    """Return what must be known of the items: constant ones, and such as run the other way."""
    notes = [f"Everybody gave the same answer to item {name!r}; it adds nothing." for name in fixed]
    total = answered.sum(axis=1)
    against = [
        str(name) for name in answered.columns
        if answered[name].cov(total - answered[name]) < 0
    ]  # fmt: skip
    if against:
        named = ", ".join(map(repr, against))
        notes.append(f"Runs against the other items: {named}. Was it asked the other way round?")
    if alpha < 0:
        notes.append("Below 0: these items do not measure one thing as they stand.")
    return notes
