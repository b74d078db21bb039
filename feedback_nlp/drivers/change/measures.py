"""Before and after a dated measure: what moved, for whom, and whether that is more than usual.

Equal windows on both sides of the date are compared; the same comparison at earlier dates, when
nothing was done, says what is usual (placebo dates). None of it shows that the measure did it.
"""

import datetime as dt
from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.change.notes import (
    measure_notes,
    measure_sentence,
    scores_noted,
)
from feedback_nlp.drivers.change.sides import Sides, check_both, check_whole, dates_of, read_sides
from feedback_nlp.drivers.change.windows import (
    Figure,
    Group,
    Windows,
    figures_of,
    groups_of,
    segment_of,
)
from feedback_nlp.drivers.join import Level
from feedback_nlp.scores import benjamini_hochberg
from feedback_nlp.scores.answers import Scale
from feedback_nlp.scores.definitions import Definition
from feedback_nlp.scores.differences import differences, hybrid
from feedback_nlp.scores.over_time.spans import day_of
from feedback_nlp.scores.quantiles import quantile, two_sided
from feedback_nlp.scores.summary import Summary, summarise
from feedback_nlp.scores.traps.segments import read_columns

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
_BASIC = ["figure", "theme", "group", "n_before", "n_after", "before", "after"]
_TESTS = ["change", "change_low", "change_high", "p_value", "q_value"]
_SCALED = ["before", "after", "change", "change_low", "change_high", "earlier_change",
           "earlier_low", "earlier_high", "largest_placebo"]  # fmt: skip
_HIDDEN = [*_SCALED, "p_value", "n_placebos", "p_placebo"]
_USUAL = ["n_earlier", "earlier_change", "earlier_low", "earlier_high", "n_placebos",
          "largest_placebo", "p_placebo"]  # fmt: skip


def theme_before_after(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    date: str | dt.date,
    rating: str = "nps",
    *,
    window: int | None = None,
    by: Sequence[str] | str = (),
    unaffected: str | None = None,
    level: Level = "top",
    min_n: int = 10,
    confidence: float = 0.95,
    metric: str | None = None,
    method: str | None = None,
    scale: Scale | None = None,
    not_drivers: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return what moved after a dated measure, for whom, beside what moves anyway.

    Args:
        comments: A comments table with dates; each respondent counts once in each window.
        mentions: The mentions of these comments.
        date: First day of the time after: a date, or text such as ``2025-05-12``; of a period such
            as ``2025-05`` its first day.
        rating: The rating column; high answers are the good ones.
        window: Days on either side. If not given, half of the days before the date, at most the
            days after it, in whole weeks: so there is an earlier pair of windows to compare with.
        by: Columns whose values are looked at apart; those of more than 1,000 values are not.
        unaffected: A segment that the measure could not reach, as ``COLUMN=VALUE``: for the others
            the change is also given less the change of that segment.
        level: ``top`` folds sub-themes into their parent, ``sub`` keeps them.
        min_n: Groups with fewer respondents in one of the windows are suppressed, and so are themes
            that fewer blame in both together; of those there are rows for ``all`` only.
        confidence: Level of all intervals.
        metric: As in ``scores.score_of``.
        method: As in ``scores.score_of``.
        scale: As in ``scores.score_of``.
        not_drivers: Themes that explain nothing; those noted with the mentions if not given.

    Returns:
        One row for each figure and group: ``figure`` (``score``; ``wrote``, the share who left a
        comment that can be read; ``blame``, the share who blame the ``theme``), ``theme``,
        ``group`` (``all``, ``COLUMN=VALUE``; ``A less B`` for a difference in differences),
        ``n_before``, ``n_after`` (respondents in the windows), ``before``, ``after``, ``change``
        with ``change_low``, ``change_high``, ``p_value`` and ``q_value`` (Benjamini–Hochberg over
        all rows); where no other segment is taken off also ``earlier_change`` with its interval
        (the window before less the one before that, in which ``n_earlier`` answered: was it moving
        already?), ``n_placebos`` earlier pairs of windows, the ``largest_placebo`` change among
        them, and ``p_placebo`` (1 + placebo changes at least as large) ÷ (1 + placebos);
        ``suppressed``. Scores are in their own unit, shares 0–1.
        ``attrs["before_after"]`` has the windows, who is not counted, ``sentence`` and ``notes``.

    Raises:
        ColumnError: A column is missing, or there are no dates.
        RatingError: As for the score itself, or there is no rating in one of the two windows.
        FeedbackError: The date or ``unaffected`` cannot be read, all dates are on one side of it,
            or ``window`` or ``min_n`` is below 1.

    Example:
        >>> from feedback_nlp.schema import mentions_table
        >>> days = pd.date_range("2025-01-01", periods=100)
        >>> comments = pd.DataFrame({"date": days, "text": "", "nps": [9.0] * 60 + [2] * 40})
        >>> comments["comment_id"] = comments.index.astype(str)
        >>> table = theme_before_after(comments, mentions_table([], []), "2025-03-02")
        >>> table.loc[table["figure"] == "score", ["group", "n_before", "before", "after"]]
          group  n_before  before  after
        0   all        28   100.0 -100.0
    """
    check_whole("min_n", min_n, 1)
    day = day_of(date)
    apart = None if unaffected is None else segment_of(comments, unaffected)
    columns = [by] if isinstance(by, str) else list(dict.fromkeys(by))
    days = dates_of(comments)
    windows = Windows.of(days, day, window)
    now = windows.count - 1
    sides = read_sides(
        comments, mentions, rating, windows.number, undated=np.isnat(days), compared=(now - 1, now),
        keep=list(dict.fromkeys([*columns, *([apart[0]] if apart else [])])), level=level,
        metric=metric, method=method, scale=scale, not_drivers=not_drivers,
    )  # fmt: skip
    names = [f"the {windows.days} days {side} {day}" for side in ("before", "from")]
    check_both(sides, rating, {now - 1: names[0], now: names[1]})
    looked_at, too_many = read_columns(sides.segments[columns])
    groups = groups_of(sides, [column.name for column in looked_at], apart)
    table, rare = _table(sides, groups, windows, min_n=min_n, confidence=confidence)
    told = scores_noted(table.iloc[0], sides, names, confidence)
    table.attrs["before_after"] = told | {
        "rating": rating, "date": str(day), "window": windows.days, "unaffected": unaffected,
        "min_n": min_n, "n_rare": rare, "q": "Benjamini–Hochberg over all rows with a p-value",
        "sentence": measure_sentence(table, told),
        "notes": measure_notes(
            table, told, windows, sides, min_n=min_n, not_looked_at=too_many
        ),
    }  # fmt: skip
    return table


def _table(
    sides: Sides, groups: Sequence[Group], windows: Windows, *, min_n: int, confidence: float
) -> tuple[pd.DataFrame, int]:
    """Return the rows of all figures, and how many were left out as too rare in a group."""
    table = pd.concat(
        [
            _rows(figure, groups, sides, windows, min_n=min_n, confidence=confidence)
            for figure in figures_of(sides)
        ],
        ignore_index=True,
    )
    if any(group.apart for group in groups):
        table = pd.concat([table, _beyond(table, groups, confidence)], ignore_index=True)
    rare = table["rare"] & ~table["small"] & (table["group"] != "all")
    return _arrange(table[~rare].reset_index(drop=True)), int(rare.sum())


def _rows(
    figure: Figure,
    groups: Sequence[Group],
    sides: Sides,
    windows: Windows,
    *,
    min_n: int,
    confidence: float,
) -> pd.DataFrame:
    """Return the rows of one figure: one for each group."""
    count = windows.count
    who = [np.flatnonzero(group.who) for group in groups]
    place = np.concatenate(who)
    group = np.repeat(np.arange(len(groups)), [part.size for part in who])
    found = summarise(
        figure.answers[place], figure.definition, groups=group * count + sides.side[place],
        n_groups=len(groups) * count, level=confidence,
    )  # fmt: skip
    now = np.arange(len(groups)) * count + count - 1
    counts = found.n.reshape(-1, count)
    small = counts[:, -2:].min(axis=1) < min_n
    rare = np.zeros(len(groups), dtype=bool)
    if figure.name == "blame":
        rare = found.counts[:, 2].reshape(-1, count)[:, -2:].sum(axis=1) < min_n
    table = pd.DataFrame({"figure": figure.name, "theme": figure.theme,
                          "group": [group.name for group in groups],
                          "n_before": counts[:, -2], "n_after": counts[:, -1]})  # fmt: skip
    table["before"], table["after"] = found.value[now - 1], found.value[now]
    table = table.join(_change(found, now, figure.definition, confidence, ""))
    earlier = np.full(len(groups), np.nan)
    usual = pd.DataFrame({"earlier_change": earlier, "earlier_low": earlier,
                          "earlier_high": earlier})  # fmt: skip
    if count > 2:
        usual = _change(found, now - 1, figure.definition, confidence, "earlier_")
        usual[counts[:, -3] < min_n] = np.nan
    table["n_earlier"] = counts[:, -3] if count > 2 else 0
    table = table.join(usual[["earlier_change", "earlier_low", "earlier_high"]])
    table = table.join(_placebos(found.value.reshape(-1, count), counts >= min_n))
    scaled = [name for name in _SCALED if name in table]
    table[scaled] /= figure.unit
    return table.assign(small=small, rare=rare)


def _change(
    found: Summary, now: Ints, definition: Definition, confidence: float, name: str
) -> pd.DataFrame:
    """Return the score of windows less that of the windows before them."""
    change = differences(found.take(now), found.take(now - 1), definition, confidence)
    prefix = name or "change_"
    return pd.DataFrame(
        {
            f"{name}change": change.value, f"{prefix}low": change.low,
            f"{prefix}high": change.high, "p_value": change.p_value,
        }
    )  # fmt: skip


def _placebos(values: Floats, enough: Mask) -> pd.DataFrame:
    """Return how many earlier pairs of windows there are, and how far the change is from theirs.

    The more of them move as much as the windows around the date, the less the date stands out: the
    share (1 + as large) ÷ (1 + all) is the p-value of a test by placebo dates.
    """
    known = np.where(enough, values, np.nan)
    moves = np.abs(np.diff(known, axis=1))
    past, now = moves[:, :-1], moves[:, -1]
    there = (~np.isnan(past)).sum(axis=1)
    larger = (past >= now[:, np.newaxis] - 1e-9).sum(axis=1)
    largest = np.where(there > 0, np.max(np.nan_to_num(past), axis=1, initial=0.0), np.nan)
    p_value = np.where(there > 0, (1 + larger) / (1 + there), np.nan)
    return pd.DataFrame({"n_placebos": there, "largest_placebo": largest, "p_placebo": p_value})


def _beyond(table: pd.DataFrame, groups: Sequence[Group], confidence: float) -> pd.DataFrame:
    """Return the differences in differences: changes less that of the unaffected segment."""
    apart = next(group.name for group in groups if group.apart)
    base = table[table["group"] == apart].set_index(["figure", "theme"])
    others = table[table["group"].isin([group.name for group in groups if group.compared])]
    own = base.loc[pd.MultiIndex.from_frame(others[["figure", "theme"]])].reset_index(drop=True)
    others = others.reset_index(drop=True)
    change = others["change"].to_numpy() - own["change"].to_numpy()
    low, high = hybrid(
        others["change"].to_numpy(), _ends(others), own["change"].to_numpy(), _ends(own)
    )
    reach = np.where(change > 0, change - low, high - change)
    with np.errstate(invalid="ignore", divide="ignore"):
        p_value = two_sided(quantile(confidence) * change / reach)
    out = others[["figure", "theme", "n_before", "n_after"]].assign(
        group=others["group"] + " less " + apart, change=change, change_low=low, change_high=high,
        p_value=p_value, small=others["small"] | own["small"], rare=others["rare"],
    )  # fmt: skip
    return out.reindex(columns=table.columns)


def _ends(table: pd.DataFrame) -> tuple[Floats, Floats]:
    return table["change_low"].to_numpy(), table["change_high"].to_numpy()


def _arrange(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in order: groups as looked at; in each the score, then what moved most."""
    hidden = table["small"] | table["rare"]
    out = table.assign(suppressed=hidden)
    out.loc[hidden, [name for name in out if name in _HIDDEN]] = np.nan
    out["q_value"] = benjamini_hochberg(out["p_value"].to_numpy())
    order = {name: place for place, name in enumerate(dict.fromkeys(out["group"]))}
    figure = out["figure"].map({"score": 0, "wrote": 1, "blame": 2})
    out = out.assign(
        _group=out["group"].map(order), _figure=figure, _size=-out["change"].abs().fillna(0.0)
    )
    out = out.sort_values(["_group", "_figure", "suppressed", "_size", "theme"])
    out = out.astype({"n_earlier": "Int64", "n_placebos": "Int64"})
    return out.reset_index(drop=True)[[*_BASIC, *_TESTS, *_USUAL, "suppressed"]]
