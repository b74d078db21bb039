"""The score over time and by segment, and whether a difference is more than chance."""

from collections.abc import Sequence
from math import sqrt

import pandas as pd

from feedback_nlp.records import Score
from feedback_nlp.report.parts import ScoreRow, ScoreSection
from feedback_nlp.schema import info
from feedback_nlp.scores import score_table
from feedback_nlp.showing import amount, count, counted, lost, points

MAX_SEGMENTS = 20
MAX_COLUMNS = 8
_MAX_PERIODS = 36
_PERIOD_CODES = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}


def difference(first: ScoreRow, second: ScoreRow) -> tuple[float, float, float] | None:
    """Return second minus first with its interval, for two groups of different respondents.

    The interval is made from those of the two scores (MOVER, Zou and Donner 2008, Statistics in
    Medicine 27: 1693–1702); ``None`` where one of them is not shown.

    Example:
        >>> a = ScoreRow(label="a", n=100, value=10.0, low=4.0, high=16.0)
        >>> b = ScoreRow(label="b", n=100, value=30.0, low=22.0, high=38.0)
        >>> difference(a, b)
        (20.0, 10.0, 30.0)
    """
    ends = (first.value, first.low, first.high, second.value, second.low, second.high)
    if any(end is None for end in ends):
        return None
    v1, l1, u1, v2, l2, u2 = (float(end) for end in ends if end is not None)
    gap = v2 - v1
    low = gap - sqrt((v2 - l2) ** 2 + (u1 - v1) ** 2)
    return gap, low, gap + sqrt((u2 - v2) ** 2 + (v1 - l1) ** 2)


def trend_section(
    comments: pd.DataFrame, rating: str, score: Score, *, min_n: int
) -> tuple[ScoreSection | None, pd.DataFrame]:
    """Return the score by period and its table; nothing where there are not two periods to show."""
    period = _period(comments)
    if period is None:
        return None, pd.DataFrame()
    table = score_table(comments, rating, by=[period], min_n=min_n)
    table = table[table[period].notna()]
    found = _with_gaps(_rows(table, period), period)
    rows = tuple(_renamed(row, _period_label(row.label, period)) for row in found)
    shown = [row for row in rows if row.value is not None]
    if len(shown) < 2:
        return None, table
    return (
        ScoreSection(
            column=period,
            title=f"Score by {period}",
            sentence=_trend_sentence(shown, score),
            rows=rows,
            left_out=_too_small(rows, period, min_n),
        ),
        table,
    )


def _period(comments: pd.DataFrame) -> str | None:
    """Return the finest period that gives few enough points; weeks for short spans only."""
    if "date" not in comments.columns or comments["date"].notna().sum() < 2:
        return None
    days = (comments["date"].max() - comments["date"].min()).days
    if days < 14:
        return None
    if days < 75:
        return "week"
    months = days / 30.44
    return "month" if months <= _MAX_PERIODS else "quarter" if months <= 108 else "year"


def _rows(table: pd.DataFrame, column: str) -> list[ScoreRow]:
    rows = []
    for record in table.to_dict("records"):
        label = record[column]
        shown = not record["suppressed"] and pd.notna(record["value"])
        rows.append(
            ScoreRow(
                label="not given" if pd.isna(label) else str(label),
                n=int(record["n"]),
                value=float(record["value"]) if shown else None,
                low=float(record["low"]) if shown else None,
                high=float(record["high"]) if shown else None,
            )
        )
    return rows


def _with_gaps(rows: list[ScoreRow], period: str) -> list[ScoreRow]:
    """Return the rows with one for each month, quarter or year in which nobody answered."""
    if period not in ("month", "quarter", "year") or not rows:
        return rows
    by_label = {row.label: row for row in rows}
    first, last = (pd.Period(row.label.replace("-Q", "Q")) for row in (rows[0], rows[-1]))
    formats = {"month": "%Y-%m", "quarter": "%Y-Q%q", "year": "%Y"}
    labels = pd.period_range(first, last, freq=_PERIOD_CODES[period]).strftime(formats[period])
    empty = ScoreRow(label="", n=0, value=None, low=None, high=None)
    return [by_label.get(label, _renamed(empty, label)) for label in labels]


def _renamed(row: ScoreRow, label: str) -> ScoreRow:
    return ScoreRow(label=label, n=row.n, value=row.value, low=row.low, high=row.high)


def _period_label(label: str, period: str) -> str:
    if period == "month":
        return str(pd.Period(label).strftime("%b %Y"))
    if period == "quarter":
        return f"{label[-2:]} {label[:4]}"
    return label


def _trend_sentence(shown: Sequence[ScoreRow], score: Score) -> str:
    first, last = shown[0], shown[-1]
    went = (
        f"From {first.label} ({points(first.value, score.unit)}, n = {count(first.n)}) to "
        f"{last.label} ({points(last.value, score.unit)}, n = {count(last.n)})"
    )
    found = difference(first, last)
    if found is None:
        return went
    gap, low, high = found
    change = f"{'rose' if gap > 0 else 'fell'} by {amount(abs(gap), score.unit)}"
    change = change if round(abs(gap), 2) else "stayed the same"
    ends = _ends(found, score)
    verdict = (
        "a difference that chance alone could make"
        if low <= 0 <= high
        else "more than chance alone would make"
    )
    return (
        f"{went} the score {change} ({score.level:.0%} interval of the change {ends}): {verdict}."
    )


def _ends(found: tuple[float, float, float], score: Score) -> str:
    return f"{lost(found[1], score.unit)} to {lost(found[2], score.unit)}"


def _too_small(rows: Sequence[ScoreRow], kind: str, min_n: int) -> str:
    small = [row for row in rows if row.value is None]
    if not small:
        return ""
    return (
        f"{counted(len(small), kind)} with fewer than {min_n} answers "
        f"{'is' if len(small) == 1 else 'are'} not shown."
    )


def segment_columns(comments: pd.DataFrame, by: Sequence[str] | None) -> tuple[str, ...]:
    """Return the segment columns to report by: those asked for, else those the reader found."""
    if by is not None:
        return tuple(dict.fromkeys(by))
    noted = [name for name in info(comments).get("segments", []) if name in comments.columns]
    return tuple(noted[:MAX_COLUMNS])


def segment_section(
    comments: pd.DataFrame, rating: str, column: str, score: Score, *, min_n: int
) -> tuple[ScoreSection, pd.DataFrame]:
    """Return the score by one segment column, the highest first, and its table."""
    table = score_table(comments, rating, by=[column], min_n=min_n)
    rows = _rows(table, column)
    rows.sort(key=lambda row: (row.value is None, -(row.value or 0), -row.n, row.label))
    kept = _most_telling(rows)
    left_out = ""
    if len(kept) < len(rows):
        left_out = f"The {len(kept)} largest of {len(rows)} are shown; report.xlsx has them all."
    return (
        ScoreSection(
            column=column,
            title=f"Score by {column}",
            sentence=_segment_sentence(rows, column, score),
            rows=tuple(kept),
            left_out=" ".join(
                part for part in (left_out, _too_small(kept, "group", min_n)) if part
            ),
        ),
        table,
    )


def _most_telling(rows: Sequence[ScoreRow]) -> list[ScoreRow]:
    largest = sorted(rows, key=lambda row: -row.n)[:MAX_SEGMENTS]
    return [row for row in rows if row in largest]


def _segment_sentence(rows: Sequence[ScoreRow], column: str, score: Score) -> str:
    shown = [row for row in rows if row.value is not None]
    if not shown:
        return f"No group of {column} has enough answers to show a score."
    best, worst = shown[0], shown[-1]
    if len(shown) == 1:
        return (
            f"Only {best.label} has enough answers: {points(best.value, score.unit)} "
            f"(n = {count(best.n)})."
        )
    found = difference(worst, best)
    gap = ""
    if found is not None:
        gap = (
            f" They differ by {amount(found[0], score.unit)} "
            f"({score.level:.0%} interval {_ends(found, score)}; the two "
            "groups were picked after looking, so the real difference is likely smaller)."
        )
    return (
        f"Highest in {best.label} ({points(best.value, score.unit)}, n = {count(best.n)}), lowest "
        f"in {worst.label} ({points(worst.value, score.unit)}, n = {count(worst.n)}).{gap}"
    )
