"""The driver table as notebooks show it: one row a theme, each figure with its interval."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

import pandas as pd

from feedback_nlp.display import length_bar, section, small, table
from feedback_nlp.markup import escape_html
from feedback_nlp.showing import NONE, count, counted, lost, points, share

ROWS = 40
_FIGURES = (
    "points_lost", "adjusted_gain", "share_detractors", "share_promoters", "score_with",
)  # fmt: skip
_NEEDS = {"theme", "n_negative", "n_detractors", "n_promoters", "suppressed"} | {
    f"{name}{end}" for name in _FIGURES for end in ("", "_low", "_high")
}
_REST = {
    "suppressed": "themes not shown",
    "no_negative_theme": "wrote, and blame no theme",
    "no_comment": "left no comment that can be read",
}
_ASSOCIATION = (
    "Themes that come together with low ratings; they are not shown to cause them. Points lost add "
    "up, adjusted gains do not."
)
Row = Mapping[Hashable, Any]


class DriverTable(pd.DataFrame):
    """A driver table: a ``DataFrame`` that shows itself to be read.

    What is made of it (a selection, a copy, a sum) is a plain ``DataFrame``.
    """

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return pd.DataFrame

    def _repr_html_(self) -> str:
        notes = self.attrs.get("drivers")
        if notes is None or not _NEEDS.issubset(self.columns):
            return str(self.to_html(max_rows=60, notebook=True))
        return drivers_html(self, notes, self.attrs["groups"])


def drivers_html(drivers: pd.DataFrame, notes: Mapping[str, Any], groups: Mapping[str, str]) -> str:
    """Return a driver table as a section of HTML.

    Args:
        drivers: The table.
        notes: Its ``attrs["drivers"]``.
        groups: Its ``attrs["groups"]``.
    """
    unit, sizes = str(notes["unit"]), notes["n_groups"]
    ranked = drivers[~drivers["suppressed"]]
    shown = ranked.head(ROWS).to_dict("records")
    rest = [row for row in notes["rest"] if row.get("points_lost", 0) > 0]
    largest = max((row["points_lost"] for row in (*shown, *rest)), default=0.0)
    heads = [
        "Theme", f"Points lost of {lost(notes['points_lost_total'], unit)}", "", "Adjusted gain",
        *(f"{groups[name].capitalize()} who blame it" for name in ("detractors", "promoters")),
        "Score of who blames it",
    ]  # fmt: skip
    rows = [_theme(row, largest, unit, sizes) for row in shown]
    rows += [_rest(row, largest, unit) for row in rest]
    return section(
        f"Drivers of {notes['rating']}",
        f"<p>{counted(notes['n_respondents'], 'respondent')}, {count(notes['n_missing'])} more "
        f"without a rating; intervals of {notes['confidence'] * 100:g}%.</p>",
        table(heads, rows, numbers=(1, 3, 4, 5, 6)),
        small(_suppressed(drivers, int(notes["min_n"]))),
        small(f"{len(ranked) - ROWS} more themes are in the table." if len(ranked) > ROWS else ""),
        *map(small, notes["notes"]),
        small(_ASSOCIATION),
    )


def _theme(row: Row, largest: float, unit: str, sizes: Mapping[str, int]) -> list[str]:
    """Return the cells of a theme."""
    bar = length_bar(row["points_lost"], largest, label=lost(row["points_lost"], unit))
    return [
        escape_html(str(row["theme"])),
        _with_ends(row, "points_lost", lambda value: lost(value, unit)),
        bar,
        _with_ends(row, "adjusted_gain", lambda value: points(value, unit, signed=True)),
        *(_share(row, name, sizes[name]) for name in ("detractors", "promoters")),
        _with_ends(row, "score_with", lambda value: points(value, unit)),
    ]


def _rest(row: Row, largest: float, unit: str) -> list[str]:
    """Return the cells of what no theme is shown with."""
    bar = length_bar(row["points_lost"], largest, label=lost(row["points_lost"], unit))
    n = row.get("n")
    people = f" ({count(int(n))})" if n is not None and n == n else ""
    return [
        f"<em>{_REST[row['theme']]}{people}</em>",
        lost(row["points_lost"], unit),
        bar,
        *[""] * 4,
    ]


def _share(row: Row, group: str, size: int) -> str:
    """Return how many of a group blame a theme."""
    figure = _with_ends(row, f"share_{group}", share)
    return f"{figure}<br><small>{count(row[f'n_{group}'])} of {count(size)}</small>"


def _with_ends(row: Row, name: str, written: Callable[[float], str]) -> str:
    """Return a figure with the ends of its interval; a dash where there is none."""
    value, low, high = (row[name + end] for end in ("", "_low", "_high"))
    if value != value:
        return NONE
    ends = f"{written(low)} to {written(high)}" if low == low else "no interval"
    return f"<strong>{escape_html(written(value))}</strong><br><small>{escape_html(ends)}</small>"


def _suppressed(drivers: pd.DataFrame, min_n: int) -> str:
    """Return which themes are not ranked, and why."""
    small_ones = drivers[drivers["suppressed"]]
    if small_ones.empty:
        return ""
    named = zip(small_ones["theme"].head(ROWS), small_ones["n_negative"], strict=False)
    listed = ", ".join(f"{theme} ({n})" for theme, n in named)
    more = f" and {len(small_ones) - ROWS} more" if len(small_ones) > ROWS else ""
    return f"Not shown, since fewer than {min_n} respondents blame them: {listed}{more}."
