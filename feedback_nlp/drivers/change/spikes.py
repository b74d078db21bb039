"""Themes that rise faster than chance: the last period against the theme's own history."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.change.history import LEAST_HISTORY, history_of
from feedback_nlp.drivers.change.sides import check_whole, dates_of
from feedback_nlp.drivers.change.telling import alerts_sentence
from feedback_nlp.drivers.join import Level, drops, fold, usable
from feedback_nlp.errors import FeedbackError
from feedback_nlp.schema import (
    POLARITIES,
    check_comments,
    check_mentions,
    respondent_ids,
    themes_without_subject,
)
from feedback_nlp.scores import benjamini_hochberg
from feedback_nlp.scores.over_time.periods import Calendar, calendar_of, usual_period
from feedback_nlp.scores.quantiles import quantile
from feedback_nlp.showing import counted
from feedback_nlp.wordings import wording_in

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Polarity = Literal["negative", "neutral", "positive", "any"]
FALSE_ALARMS = 0.05
_COLUMNS = ["period", "theme", "n", "n_period", "share", "expected", "n_history", "low", "high",
            "ratio", "p_value", "q_value", "alert", "new", "incomplete", "suppressed"]  # fmt: skip
_FIGURES = ["share", "ratio", "p_value", "q_value"]


def spikes_table(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    *,
    period: str | None = None,
    last: int = 1,
    level: Level = "top",
    polarity: Polarity = "negative",
    min_n: int = 10,
    confidence: float = 0.95,
    not_drivers: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return which themes are mentioned more in the last period than their history explains.

    Args:
        comments: A comments table with dates; each respondent counts once in each period.
        mentions: The mentions of these comments.
        period: ``day``, ``week``, ``month``, ``quarter`` or ``year``; if not given, by how long the
            dates span.
        last: How many periods, the last ones, are looked at; each against all periods before the
            first of them. Where a rise began earlier, look at several: else it is its own history.
        level: ``top`` folds sub-themes into their parent, ``sub`` keeps them.
        polarity: Which mentions count: ``negative``, ``neutral``, ``positive`` or ``any``.
        min_n: Themes that fewer respondents mention in the period get no figures and no alert;
            neither does a period in which fewer wrote.
        confidence: Level of what chance allows.
        not_drivers: Themes to leave out; those noted with the mentions if not given.

    Returns:
        One row for each period looked at and each theme mentioned until then, alerts first, then by
        p-value: ``period``, ``theme``, ``n`` (respondents who mention it so), ``n_period`` (who
        wrote), ``share`` (n ÷ n_period), ``expected`` (the share in the periods before) of
        ``n_history`` (who wrote in these, each once a period), ``low`` and ``high`` (shares that
        chance allows here, given the history and how much it fluctuates), ``ratio`` (share ÷
        expected), ``p_value`` (of a rise, one-sided), ``q_value`` (Benjamini–Hochberg over all
        themes and periods looked at, suppressed ones too), ``alert`` (q ≤ 0.05), ``new`` (never
        mentioned before), ``incomplete`` (the dates cover only a part of the period) and
        ``suppressed``. Shares are 0–1.
        ``attrs["spikes"]`` has the numbers of periods and of respondents left out, the answer in a
        ``sentence``, and ``notes``.

    Raises:
        ColumnError: A column is missing, or there are no dates.
        FeedbackError: No such period, level or polarity, or ``last`` or ``min_n`` is below 1.

    Example:
        >>> from feedback_nlp.records import Mention
        >>> from feedback_nlp.schema import mentions_table
        >>> days = pd.date_range("2025-01-01", "2025-06-30")
        >>> comments = pd.DataFrame({"comment_id": days.strftime("%m%d"), "date": days})
        >>> comments["text"] = "Late"
        >>> late = Mention(theme="delivery", polarity="negative", theme_confidence=1,
        ...                polarity_confidence=1, start=0, end=4)
        >>> who = [*comments["comment_id"][::10], *comments["comment_id"][-20:]]
        >>> mentions = mentions_table([(name, "Late", late) for name in who], ["delivery"])
        >>> spikes_table(comments, mentions, period="month")[["period", "theme", "n", "alert"]]
            period     theme   n  alert
        0  2025-06  delivery  21   True
    """
    check_whole("last", last, 1)
    check_whole("min_n", min_n, 1)
    if polarity not in (*POLARITIES, "any"):
        raise FeedbackError(f"No polarity {polarity!r}; choose {', '.join(POLARITIES)} or any.")
    quantile(confidence)  # the check
    check_comments(comments, needs=("comment_id", "date"))
    check_mentions(mentions, comments)
    undated = np.isnat(dates_of(comments))
    period = period or usual_period(comments["date"])
    calendar = calendar_of(comments["date"], period)
    dropped = themes_without_subject(mentions) if not_drivers is None else not_drivers
    counts = count_by_period(comments, mentions, calendar, level, polarity, dropped)
    size = calendar.labels.size
    rows = [
        _rows(counts, calendar, place, max(size - last, 0), min_n, confidence)
        for place in range(max(size - last, 0), size)
    ]
    table = _finished(pd.concat(rows, ignore_index=True), min_n)
    told: dict[str, Any] = {
        "period": period, "n_periods": size, "n_looked_at": int(table["theme"].size),
        "n_undated": int(pd.Index(respondent_ids(comments)[undated]).nunique()),
        "level": level, "polarity": polarity, "min_n": min_n, "confidence": confidence,
        "test": "quasi-likelihood ratio, one-sided, and Fisher's exact test: the larger p-value",
        "q": "Benjamini–Hochberg over all themes and periods looked at",
        "why": _why_none(counts, max(size - last, 0), min_n),
        "n_themes": int(counts.said.any(axis=0).sum()),
        "notes": _sentences(counts, calendar, last, min_n, int(undated.sum()), period),
    }  # fmt: skip
    table.attrs["spikes"] = told | {"sentence": alerts_sentence(table, told, wording_in("en"))}
    return table


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PeriodCounts:
    """Respondents by period.

    Attributes:
        themes: The themes that are mentioned with the polarity asked for.
        n: Periods: who wrote.
        said: Periods × themes: who mentions it.
    """

    themes: pd.Index
    n: Ints
    said: Ints


def count_by_period(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    calendar: Calendar,
    level: Level,
    polarity: Polarity,
    dropped: Collection[str],
) -> PeriodCounts:
    """Count the respondents who wrote, and who mention each theme, each once in each period."""
    who, names = pd.factorize(respondent_ids(comments))
    place = calendar.codes * len(names) + who
    row = pd.Index(comments["comment_id"]).get_indexer(pd.Index(mentions["comment_id"]))
    wrote = usable(comments) | np.isin(np.arange(len(comments)), row)
    size = calendar.labels.size
    n = np.bincount(np.unique(place[wrote & (calendar.codes >= 0)]) // len(names), minlength=size)
    kept = ~drops(mentions["theme"], dropped) & (calendar.codes[row] >= 0)
    if polarity != "any":
        kept &= (mentions["polarity"] == polarity).to_numpy(dtype=bool)
    theme = fold(mentions["theme"][kept], level)
    number = len(theme.categories)
    pairs = np.unique(place[row[kept]] * max(number, 1) + theme.codes)
    period, said = pairs // max(number, 1) // len(names), pairs % max(number, 1)
    grid = np.bincount(period * number + said, minlength=size * number)
    return PeriodCounts(themes=theme.categories, n=n, said=grid.reshape(size, number))


def _rows(
    counts: PeriodCounts, calendar: Calendar, place: int, before: int, min_n: int, confidence: float
) -> pd.DataFrame:
    """Return the rows of one period against those up to another: a theme each."""
    n, said = int(counts.n[place]), counts.said[place]
    history = history_of(counts.said[:before], counts.n[:before])
    table = pd.DataFrame({"period": calendar.labels[place], "theme": np.asarray(counts.themes),
                          "n": said, "n_period": n})  # fmt: skip
    table = table.astype({"period": "str", "theme": "str"})
    table["n_history"] = int(counts.n[:before].sum())
    figures = ("share", "expected", "low", "high", "ratio", "p_value")
    table[list(figures)] = np.nan
    table["new"] = False
    table["incomplete"] = bool(calendar.incomplete[place])
    if n:
        table["share"] = said / n
    if history is not None:
        expected = history.said / history.n
        table["expected"], table["new"] = expected, (history.said == 0) & (said > 0)
        if n >= min_n and said.size:
            low, high = history.allowed(n, (1 - confidence) / 2)
            table["low"], table["high"] = low / n, high / n
            table["p_value"] = history.rise(said, n)
            known = np.where(expected > 0, expected, np.nan)
            table["ratio"] = table["share"] / known
    return pd.DataFrame(table[counts.said[: place + 1].sum(axis=0) > 0])


def _finished(table: pd.DataFrame, min_n: int) -> pd.DataFrame:
    """Return the table with q, alerts and what is suppressed, alerts first."""
    table["q_value"] = benjamini_hochberg(table["p_value"].to_numpy(dtype=np.float64))
    table["suppressed"] = table[["n", "n_period"]].min(axis=1) < min_n
    table["alert"] = (table["q_value"] <= FALSE_ALARMS) & ~table["suppressed"]
    table.loc[table["suppressed"], _FIGURES] = np.nan
    order = ["alert", "suppressed", "p_value", "n", "theme"]
    ranked = table.sort_values(order, ascending=[False, True, True, False, True])
    return pd.DataFrame(ranked.reset_index(drop=True)[_COLUMNS])


def _why_none(counts: PeriodCounts, first: int, min_n: int) -> str:
    """Return the name of the reason why no theme can be tested, "" if one can.

    Args:
        counts: The respondents.
        first: Place of the first period looked at.
        min_n: How many must mention a theme.
    """
    if not counts.n.any():
        return "silent"
    if not counts.said.any():
        return "unmentioned"
    if (counts.n[:first] > 0).sum() < LEAST_HISTORY:
        return "history"
    if counts.n[first:].max() < min_n:
        return "few_wrote"
    if counts.said[first:].max() < min_n:
        return "few_mention"
    return ""


def _looked_at(counts: PeriodCounts, labels: NDArray[np.object_], first: int, period: str) -> str:
    """Return which periods are looked at and compared with, and how many wrote in them."""
    when = labels[first] if first == labels.size - 1 else f"{labels[first]} to {labels[-1]}"
    wrote = counted(int(counts.n[first:].sum()), "respondent")
    if not first:
        return f"{wrote} wrote in {when}, and nobody before, each counted once a {period}."
    return (
        f"{wrote} wrote in {when}, {int(counts.n[:first].sum()):,} in the "
        f"{counted(first, period)} before, each counted once a {period}."
    )


def _sentences(
    counts: PeriodCounts, calendar: Calendar, last: int, min_n: int, undated: int, period: str
) -> list[str]:
    """Return what a reader must know of the periods."""
    size = calendar.labels.size
    first = max(size - last, 0)
    said = [_looked_at(counts, calendar.labels, first, period)]
    if calendar.incomplete[-1]:
        said.append(f"The dates cover only a part of {calendar.labels[-1]}.")
    before = int((counts.n[:first] > 0).sum())
    if before < LEAST_HISTORY:
        said.append(
            f"{counted(before, 'period')} with comments before {calendar.labels[first]}: fewer "
            f"than {LEAST_HISTORY} are no history, so nothing is tested."
            f"{'' if period == 'day' else ' Choose a shorter period.'}"
        )
    for place in range(first, size):
        if counts.n[place] < min_n:
            wrote = counted(int(counts.n[place]), "respondent")
            said.append(
                f"In {calendar.labels[place]} only {wrote} wrote: fewer than "
                f"{min_n} are not tested."
            )
    if not counts.themes.size:
        said.append("No theme is mentioned so, so there is nothing to compare.")
    if undated:
        said.append(f"{counted(undated, 'comment')} without a date: left out.")
    return said
