"""Writes the workbook: which sheets there are, in which order, and what leads where."""

from collections.abc import Mapping

import pandas as pd

from feedback_nlp.drivers import with_unexplained
from feedback_nlp.report.report import Report
from feedback_nlp.report.workbook.book import Book, Grid, Link
from feedback_nlp.report.workbook.mentions import MAX_MENTIONS, Chosen, choose, mentions_grid
from feedback_nlp.report.workbook.names import sheet_name
from feedback_nlp.report.workbook.pages import Page, columns_told, section_told, summary
from feedback_nlp.report.workbook.tables import by_name, table_grid
from feedback_nlp.scores.overview import scores_overview

# The tables in the order of their sheets; what is not named here stands behind them.
ORDER = (
    "drivers", "subthemes", "themes", "mentions", "scores", "segments", "themes_by_segment",
    "pockets", "trend", "trend_limits", "themes_by_period", "words", "keyness", "emerging",
    "untagged", "change", "blame_before_and_after", "mix", "spikes", "disagree",
)  # fmt: skip
_LINKED = ("drivers", "subthemes", "themes")
_TOLD = ("quality", "method")  # sections that are sheets in sentences


def to_xlsx(report: Report, *, most_mentions: int = MAX_MENTIONS) -> bytes:
    """Return a report as an Excel workbook; the same report gives the same bytes.

    Args:
        report: The report.
        most_mentions: So many mentions at most are written; the sheet says what is left out.
    """
    book = Book(title=report.title, unit=report.score.unit)
    _write(book, report, choose(report.source, most_mentions))
    return book.close()


def _write(book: Book, report: Report, chosen: Chosen) -> None:
    source, tables = report.source, _tables(report)
    names = _names(report, tables)
    grids = _grids(report, tables, chosen, names)
    parts = {part.id: part for part in report.sections if part.id in _TOLD}
    links = {
        reason.theme: Link(text=reason.name, sheet=found.sheet, rows=found.rows)
        for reason in report.explanation.reasons
        if (found := chosen.link(reason.theme, source, names["mentions"]))
    }
    held: dict[str, tuple[str, int | None]] = {
        grid.name: (grid.lead, grid.n_rows) for grid in grids
    }
    held |= {names[key]: (part.title, None) for key, part in parts.items()}
    held |= {names["method"]: (source.said.say("workbook.summary.columns"), None)}
    summary(Page(book, names["summary"], source.said), report, held, links)
    for grid in grids:
        book.grid(grid)
    for key in _TOLD:
        if key in parts or key == "method":
            page = Page(book, names[key], source.said)
            if key in parts:
                section_told(page, parts[key])
            if key == "method":
                columns_told(page, grids, source)


def _tables(report: Report) -> dict[str, pd.DataFrame]:
    """Return the tables that get a sheet of their own, drivers and scores always among them."""
    written = {name for part in report.sections if part.id in _TOLD for name in part.tables}
    found = {
        key_of(name): table
        for name, table in report.tables.items()
        if name not in written and len(table.columns)
    }
    source = report.source
    scores = scores_overview(source.comments, source.rating, by=source.segments, min_n=source.min_n)
    drivers = found.get("drivers", report.explanation.table)
    return {"scores": scores, **found, "drivers": with_unexplained(drivers)}


def _names(report: Report, tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Return the name of each sheet, by the table or section it is made from."""
    said = report.source.said
    keys = by_name({**tables, "mentions": pd.DataFrame()}, ORDER)
    told = [key for key in _TOLD if key == "method" or key in {part.id for part in report.sections}]
    names: dict[str, str] = {}
    for key in ("summary", *keys, *told):
        entry = f"workbook.sheet.{key}"
        wanted = said.say(entry) if entry in said.texts else key.replace("_", " ").capitalize()
        names[key] = sheet_name(wanted, names.values())
    return names


def _grids(
    report: Report, tables: Mapping[str, pd.DataFrame], chosen: Chosen, names: dict[str, str]
) -> list[Grid]:
    source = report.source

    def link(theme: str, *, own: bool) -> Link | None:
        return chosen.link(theme, source, names["mentions"], own=own)

    grids: list[Grid] = []
    for key in by_name({**tables, "mentions": pd.DataFrame()}, ORDER):
        if key == "mentions":
            grids.append(mentions_grid(chosen, source, name=names[key]))
        else:
            grids.append(
                table_grid(key, tables[key], source, name=names[key], lead=_lead(key, report),
                           mentions=link if key in _LINKED else None)
            )  # fmt: skip
    return grids


def _lead(table: str, report: Report) -> str:
    """Return the sentence above a table: what it holds, else the title of its section."""
    said = report.source.said
    if f"workbook.lead.{table}" in said.texts:
        return said.say(f"workbook.lead.{table}")
    titles = {key_of(name): part.title for part in report.sections for name in part.tables}
    return titles.get(table, "")


def key_of(name: str) -> str:
    """Return the name of a table as our entries have it: ``trend_limits`` for "trend limits"."""
    return name.replace(" ", "_")
