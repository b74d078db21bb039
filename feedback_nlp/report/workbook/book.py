"""A workbook being written. What is text stays text, and nothing leads out of the file.

All of it is made in memory, and each text is kept once, however many rows have it: a comment with
several mentions stands in several.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from math import ceil, isfinite
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from feedback_nlp.report.workbook.kinds import Kind
from feedback_nlp.showing import safe, shortened

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MAX_CELL = 16_000  # characters; Excel holds 32,767 units, and a sign may take two of them
_SETTINGS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_MADE = dt.datetime(2020, 1, 1)
_FIRST_DAY = dt.datetime(1900, 3, 1)
DARK, GREY = "#14395A", "#535F6D"
_BAR = "#9CC3E6"
_LEAD_WIDTH = 120  # signs
_LINE, _TALLEST = 13.5, 409.0  # points
_NARROW = 0.82  # width of a usual sign, in that of a digit
_NOT_XML = re.compile("[\ufffe\uffff]")
_LIKE_A_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link to rows of another sheet; to its first cell without them."""

    text: str
    sheet: str
    rows: tuple[int, int] | None = None


Value = str | float | int | dt.datetime | Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a sheet.

    Attributes:
        name: Its name in the table.
        heading: What stands above it.
        kind: How its values are written.
        width: In signs.
        about: What it is, in a sentence.
        detail: Folded away until asked for.
        bar: Numbers have a bar behind them.
    """

    name: str
    heading: str
    kind: Kind
    width: float
    about: str = ""
    detail: bool = False
    bar: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A sheet with a table: a sentence above it, headings that stay, a filter, the rows."""

    name: str
    lead: str
    columns: Sequence[Column]
    values: Sequence[Sequence[Value]] = field(repr=False)

    @property
    def n_rows(self) -> int:
        """Number of rows below the headings."""
        return len(self.values[0]) if self.values else 0


@lru_cache(maxsize=2048)
def clean(text: str) -> str:
    r"""Return a text that a cell can hold: no control signs, not too long.

    Example:
        >>> clean("a\x07\ufffe  b\n"), len(clean("x" * 50_000))
        ('a b', 16000)
    """
    return shortened(safe(_NOT_XML.sub("", text)).strip(), MAX_CELL)


class Book:
    """A workbook, to be had as bytes with ``close``."""

    def __init__(self, *, title: str, unit: str) -> None:
        from xlsxwriter import Workbook

        self.title = clean(title)
        self._file = BytesIO()
        self._book: Any = Workbook(self._file, _SETTINGS)
        self._book.set_properties(
            {"title": self.title[:255], "created": _MADE, "comments": "feedback_nlp"}
        )
        self._unit = unit
        self._formats: dict[tuple[object, ...], Format] = {}

    def close(self) -> bytes:
        """Finish the file and return it."""
        self._book.close()
        return self._file.getvalue()

    def format(self, kind: Kind = Kind.TEXT, **more: object) -> "Format":
        """Return the format of a kind of cell, with further properties of xlsxwriter."""
        key = (kind, *sorted(more.items())) if more else (kind,)
        if key not in self._formats:
            look: dict[str, object] = {"valign": "top", "font_size": 10, **self._look(kind), **more}
            self._formats[key] = self._book.add_format(look)
        return self._formats[key]

    def _look(self, kind: Kind) -> dict[str, object]:
        digits = "0.00" if self._unit == "rating" else "0.0"
        score = {"points": "+0.0;-0.0;0.0", "percent": '0.0"%"'}.get(self._unit, digits)
        numbers = {
            Kind.COUNT: "#,##0", Kind.SHARE: "0.0%", Kind.SCORE: score, Kind.DIFFERENCE: digits,
            Kind.RATIO: "0.00", Kind.CHANCE: "[<0.0005]0.0E+00;0.000", Kind.NUMBER: "General",
            Kind.DATE: "yyyy-mm-dd",
        }  # fmt: skip
        if kind in numbers:
            return {"num_format": numbers[kind]}
        if kind is Kind.LINK:
            return {"font_color": "#0B5394", "underline": 1}
        return {"align": "left", "indent": 1, "text_wrap": kind is Kind.WRAP}

    def worksheet(self, name: str, *, repeat: int | None = None) -> "Worksheet":
        """Return a new sheet, set up to be printed.

        Args:
            name: Of the sheet.
            repeat: Row of the headings, to be printed on each page.
        """
        sheet: Worksheet = self._book.add_worksheet(name)
        sheet.hide_gridlines(2 if repeat is None else 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self.title[:90].replace('&', '&&')}&C&A&R&P / &N")
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        if repeat is not None:
            sheet.repeat_rows(repeat)
        return sheet

    def grid(self, grid: Grid) -> None:
        """Write a sheet with a table."""
        sheet = self.worksheet(grid.name, repeat=1)
        self._columns(sheet, grid.columns)
        self._lead(sheet, grid)
        head = self.format(bold=True, bg_color=DARK, font_color="#FFFFFF", text_wrap=True)
        last = len(grid.columns) - 1
        sheet.set_row(1, height(_lines_of_heads(grid.columns)))
        for at, column in enumerate(grid.columns):
            sheet.write_string(1, at, clean(column.heading), head)
        kinds = [column.kind for column in grid.columns]
        wrapped = [(at, c.width) for at, c in enumerate(grid.columns) if c.kind is Kind.WRAP]
        for row, values in enumerate(zip(*grid.values, strict=True), start=2):
            lines = max((lines_of(values[at], width) for at, width in wrapped), default=1)
            if lines > 1:  # not every program finds the height itself
                sheet.set_row(row, height(lines))
            for at, value in enumerate(values):
                if value is not None:
                    self.write(sheet, row, at, value, kinds[at])
        bottom = 1 + grid.n_rows
        sheet.freeze_panes(2, 1)
        sheet.autofilter(1, 0, bottom, last)
        sheet.print_area(0, 0, bottom, last)
        for at, column in enumerate(grid.columns):
            if column.bar and grid.n_rows:
                sheet.conditional_format(2, at, bottom, at, _bar())

    def _columns(self, sheet: "Worksheet", columns: Sequence[Column]) -> None:
        for at, column in enumerate(columns):
            look: dict[str, object] = {"level": 1, "hidden": True} if column.detail else {}
            if at and columns[at - 1].detail and not column.detail:
                look = {"collapsed": True}  # here stands the button that unfolds them
            sheet.set_column(at, at, column.width, None, look)
        if columns and columns[-1].detail:
            sheet.set_column(len(columns), len(columns), None, None, {"collapsed": True})

    def _lead(self, sheet: "Worksheet", grid: Grid) -> None:
        """Write the sentence above a table over as many columns as make a line to read."""
        width, last = 0.0, -1
        for at, column in enumerate(grid.columns):
            if not column.detail and width + column.width > _LEAD_WIDTH and last >= 0:
                break
            width += 0 if column.detail else column.width
            last = at
        self.merged(
            sheet, 0, (0, last), grid.lead, width, look={"font_color": GREY, "italic": True}
        )

    def merged(
        self,
        sheet: "Worksheet",
        row: int,
        columns: tuple[int, int],
        text: str,
        width: float,
        lines: int = 1,
        look: Mapping[str, object] | None = None,
    ) -> None:
        """Write a text over several columns, in as many lines as it needs, ``lines`` at least."""
        shown = clean(text)
        first, last = columns
        style = self.format(Kind.WRAP, **(look or {}))
        sheet.set_row(row, height(max(lines_of(shown, width), lines)))
        if last > first:
            sheet.merge_range(row, first, row, last, "", style)
        sheet.write_string(row, first, shown, style)

    def write(
        self, sheet: "Worksheet", row: int, at: int, value: Value, kind: Kind, **more: object
    ) -> None:
        """Write one cell; a text is never taken for anything else."""
        if isinstance(value, str):
            text = clean(value)
            if not text:
                return
            if text.startswith(_LIKE_A_FORMULA):
                more["quote_prefix"] = True  # Excel keeps it a text when the cell is edited
            sheet.write_string(row, at, text, self.format(kind, **more))
        elif isinstance(value, Link):
            rows = f"A{value.rows[0]}:A{value.rows[1]}" if value.rows else "A1"
            place = value.sheet.replace("'", "''")
            sheet.write_url(
                row, at, f"internal:'{place}'!{rows}", self.format(Kind.LINK, **more),
                string=clean(value.text),
            )  # fmt: skip
        elif isinstance(value, dt.datetime):
            self._write_date(sheet, row, at, value, kind)
        elif value is not None and isfinite(value):
            sheet.write_number(row, at, value, self.format(kind, **more))

    def _write_date(
        self, sheet: "Worksheet", row: int, at: int, day: dt.datetime, kind: Kind
    ) -> None:
        if day < _FIRST_DAY:  # Excel knows no earlier days
            sheet.write_string(row, at, day.date().isoformat(), self.format())
        else:
            sheet.write_datetime(row, at, day, self.format(kind))


def height(lines: int) -> float:
    """Return how high a row of so many lines is, in points; none is higher than Excel allows."""
    return min(_LINE * lines + 2, _TALLEST)


def lines_of(value: Value, width: float) -> int:
    """Return how many lines a text takes in a column of that width.

    Example:
        >>> lines_of("x" * 100, 50), lines_of(None, 50)
        (2, 1)
    """
    text = value.text if isinstance(value, Link) else value
    return max(ceil(len(text) * _NARROW / width), 1) if isinstance(text, str) else 1


def _lines_of_heads(columns: Sequence[Column]) -> int:
    """Return how many lines the longest heading takes."""
    shown = [column for column in columns if not column.detail]
    return max((len(wrap(c.heading, max(int(c.width) - 1, 1))) for c in shown), default=1)


def _bar() -> dict[str, object]:
    return {
        "type": "data_bar", "bar_solid": True, "bar_color": _BAR, "data_bar_2010": True,
        "bar_negative_color_same": True, "bar_no_border": True, "bar_negative_border_color": _BAR,
    }  # fmt: skip
