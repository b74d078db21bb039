"""Sheets of a workbook as raw tables; which sheet is asked when several hold data."""

import datetime as dt
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from feedback_nlp.errors import FileFormatError, shorten_list
from feedback_nlp.exports.archives import check_workbook
from feedback_nlp.exports.cells import one_line, text_column
from feedback_nlp.exports.headers import name_columns

if TYPE_CHECKING:
    from python_calamine import CalamineSheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rows of a sheet below its header.

    Attributes:
        title: Its name.
        frame: Cells as text.
        top: Blank rows above the header.
        notes: Sentences for the analyst.
    """

    title: str
    frame: pd.DataFrame
    top: int
    notes: tuple[str, ...] = ()


def read_sheet(data: bytes, name: str, asked: str | None) -> Sheet:
    """Return one sheet of an xlsx workbook, the one asked for or the only one with data.

    Raises:
        FileFormatError: The workbook is broken, has no data, or has several sheets with data and
            none was named.
    """
    import python_calamine as calamine

    try:
        check_workbook(data, name)
        book = calamine.load_workbook(io.BytesIO(data))
        sheets = {title: book.get_sheet_by_name(title) for title in map(str, book.sheet_names)}
        title = _choose(sheets, name, asked)
        cells = sheets[title].to_python(skip_empty_area=True)
    except FileFormatError:
        raise
    except Exception as error:  # calamine raises a family of its own, and panics
        raise FileFormatError(
            f"{name} is a broken xlsx file ({str(error)[:80]}). Open it in a spreadsheet and save "
            "it again."
        ) from None
    top = (sheets[title].start or (0, 0))[0]
    header = [one_line(_cell(value)) for value in cells[0]] if cells else []
    if not any(header):
        raise FileFormatError(f"Sheet {title!r} of {name} is blank. Name another one with --sheet.")
    columns = list(zip(*cells[1:], strict=True)) if len(cells) > 1 else [()] * len(header)
    kept = [i for i, h in enumerate(header) if h or any(value != "" for value in columns[i])]
    names = name_columns(header, kept, name)
    frame = pd.DataFrame(
        {h: text_column(list(map(_cell, columns[i]))) for h, i in zip(names, kept, strict=True)}
    )
    return Sheet(title=title, frame=frame, top=top, notes=_merged(sheets[title], title))


def _merged(sheet: "CalamineSheet", title: str) -> tuple[str, ...]:
    """Tell of merged cells: only the first of them has the value."""
    ranges = [r for r in sheet.merged_cell_ranges or [] if r[1][0] > (sheet.start or (0, 0))[0]]
    if not ranges:
        return ()
    (top, left), (bottom, right) = ranges[0]
    first = f"{_letters(left)}{top + 1}:{_letters(right)}{bottom + 1}"
    return (
        f"Sheet {title!r} has {len(ranges)} merged ranges (first {first}): only the upper left "
        "cell of each has a value, the others are blank.",
    )


def _letters(column: int) -> str:
    """Return the letters of a column counted from 0."""
    before, last = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _choose(sheets: "dict[str, CalamineSheet]", name: str, asked: str | None) -> str:
    titles = list(sheets)
    if asked is not None:
        if asked in sheets:
            return asked
        if str(asked).isdigit() and 1 <= int(asked) <= len(titles):
            return titles[int(asked) - 1]
        raise FileFormatError(f"{name} has no sheet {asked!r}. It has: {shorten_list(titles)}.")
    full = {
        title: sheet.height - 1
        for title, sheet in sheets.items()
        if sheet.height > 1 and sheet.width > 0
    }
    if len(full) == 1:
        return next(iter(full))
    if not full:
        raise FileFormatError(
            f"No sheet of {name} has rows below a header. Sheets: {shorten_list(titles)}."
        )
    listed = ", ".join(f"{title!r} ({rows} rows)" for title, rows in list(full.items())[:8])
    raise FileFormatError(
        f"{name} has {len(full)} sheets with data: {listed}. Which one? Add --sheet "
        f"{next(iter(full))!r}."
    )


def _cell(value: object) -> str:
    """Return a cell as the sheet shows it: numbers of a workbook have no type, so 7.0 is 7."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
