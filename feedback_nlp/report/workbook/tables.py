"""The full tables of a report as sheets: each column named, translated and typed."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import pandas as pd

from feedback_nlp.report.source import Source
from feedback_nlp.report.workbook.book import Grid, Link, Value
from feedback_nlp.report.workbook.columns import FIRST, MAIN, column
from feedback_nlp.report.workbook.kinds import Kind, kind_of
from feedback_nlp.scores import PERIODS

# The entries with the words for the values of a column.
_WORDS = {
    "polarity": ("polarity.{}",),
    "sentiment": ("polarity.{}", "workbook.value.{}"),
    "status": ("workbook.status.{}",),
    "method": ("score_method.{}",),
    "verdict": ("verdict.{}",),
    "reason": ("disagree.reason_{}",),
    "level": ("head.{}",),
    "says": ("workbook.value.{}",),
    "signal": ("workbook.value.{}",),
}
_THEMES = {"theme": "name", "subtheme": "subtheme_name"}
_NO_THEMES = {
    "suppressed": "points.small",
    "no_negative_theme": "points.no_theme",
    "no_comment": "points.no_comment",
    "no_positive_theme": "workbook.value.no_positive_theme",
}


class Finder(Protocol):
    """Finds the negative mentions of a theme."""

    def __call__(self, theme: str, *, own: bool) -> Link | None:
        """Return the link to them; ``own`` leaves out what is below the theme."""
        ...


def table_grid(
    table: str,
    frame: pd.DataFrame,
    source: Source,
    *,
    name: str,
    lead: str,
    mentions: Finder | None = None,
) -> Grid:
    """Return a table as a sheet.

    Args:
        table: Its name in the report.
        frame: The table.
        source: What the report is made from.
        name: Of the sheet.
        lead: The sentence above the table.
        mentions: Returns the link to the negative mentions of a theme, if there is one.
    """
    named = _named(frame, source)
    values = {str(one): cells(named, str(one), source) for one in named.columns}
    if mentions is not None:
        own = "subtheme" in frame.columns
        themes = frame["subtheme" if own else "theme"]
        found: list[Value] = [mentions(str(theme), own=own) for theme in themes]
        if any(found):
            values["mentions"] = found
    order = _order(table, list(values))
    columns = tuple(
        column(one, Kind.LINK if one == "mentions" else kind_of(one, named), values[one], source,
               table=table)
        for one in order
    )  # fmt: skip
    return Grid(name=name, lead=lead, columns=columns, values=[values[one] for one in order])


def _named(frame: pd.DataFrame, source: Source) -> pd.DataFrame:
    """Return the table with the name of each theme before its id, and no numbers of groups."""
    out = frame.reset_index(drop=True).drop(columns="sentence", errors="ignore")  # English
    out.attrs = {}
    if "group" in out.columns and pd.api.types.is_numeric_dtype(out["group"]):
        out = out.drop(columns="group")
    if {"column", "value"} <= set(out.columns) and kind_of("value", out) is Kind.TEXT:
        out = out.rename(columns={"value": "value_of_column"})
    for column_of_ids, names in _THEMES.items():
        if column_of_ids in out.columns:
            out = out.drop(columns=[names], errors="ignore")
            place = list(out.columns).index(column_of_ids)
            told = [theme_label(theme, source) for theme in out[column_of_ids]]
            out.insert(place, names, pd.Series(told, dtype="str", index=out.index))
    return out


def theme_label(theme: object, source: Source) -> str:
    """Return how a theme is called, or what stands in a table for none."""
    if not isinstance(theme, str) or not theme:
        return ""
    if theme in _NO_THEMES:
        return source.said.say(_NO_THEMES[theme])
    return source.theme(theme, whole=True)


def _order(table: str, names: Sequence[str]) -> list[str]:
    """Return the columns with those first that a reader wants first."""
    wanted = MAIN.get(table, FIRST)
    first = [name for name in wanted if name in names]
    return first + [name for name in names if name not in first]


def cells(frame: pd.DataFrame, name: str, source: Source) -> list[Value]:
    """Return the values of a column as a sheet takes them, in the language of the report."""
    values = frame[name]
    if pd.api.types.is_bool_dtype(values):
        yes = source.said.say("cell.too_few" if name == "suppressed" else "workbook.value.yes")
        return [yes if value is True or value == 1 else None for value in values.tolist()]
    if pd.api.types.is_datetime64_any_dtype(values):
        days = values.dt.tz_localize(None).dt.floor("s")
        return [None if pd.isna(day) else day.to_pydatetime() for day in days]
    if pd.api.types.is_numeric_dtype(values):
        return [None if pd.isna(value) else value for value in values.tolist()]
    return _texts(values, name, frame, source)


def _texts(values: pd.Series, name: str, frame: pd.DataFrame, source: Source) -> list[Value]:
    told = {value: _text(value, name, source) for value in values.dropna().unique()}
    out: list[Value] = [None if pd.isna(value) else told[value] for value in values.tolist()]
    if name == "group" and "split" in frame.columns:  # the empty group of a segment is a group
        blank = source.said.say("cell.not_given")
        return [blank if value in (None, "nan", "") else value for value in out]
    return out


def _text(value: object, name: str, source: Source) -> str:
    said, text = source.said, str(value)
    if name in ("group", "split") and text == "all":
        return said.say("workbook.value.all")
    if name == "group" and text in source.definition.groups:
        return source.people(text)
    if name == "metric":
        return text.upper()
    if name == "language":
        return str(said.locale.languages.get(text, text))
    if name == "split" and text in PERIODS and text not in source.comments.columns:
        return said.say(f"period.{'weekly' if text == 'week' else text}")
    keys = [entry.format(text) for entry in _WORDS.get(name, ())]
    found = next((key for key in keys if key in said.texts), "")
    return said.say(found, None, people=source.people(source.low)) if found else text


def by_name(tables: Mapping[str, pd.DataFrame], order: Sequence[str]) -> list[str]:
    """Return the names of the tables, those of ``order`` first."""
    return [name for name in order if name in tables] + [n for n in tables if n not in order]
