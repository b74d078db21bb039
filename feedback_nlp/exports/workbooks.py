"""A table as a workbook with one sheet."""

import datetime as dt
import io
from typing import TYPE_CHECKING

import pandas as pd

from feedback_nlp.errors import FileFormatError
from feedback_nlp.exports.plain_cells import cell_text, headers_of, plain_value

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

XLSX_ROWS = 1_048_576
_XLSX_CELL = 32_767


def workbook(frame: pd.DataFrame) -> bytes:
    """Return a table as an xlsx file, the same bytes for the same table.

    Raises:
        FileFormatError: It has more rows than a sheet, or a longer text than a cell may hold.
    """
    import xlsxwriter

    _check_fits_xlsx(frame)
    out = io.BytesIO()
    safe = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    book = xlsxwriter.Workbook(out, safe | {"default_date_format": "yyyy-mm-dd hh:mm"})
    book.set_properties({"created": dt.datetime(2000, 1, 1)})  # the same table is the same file
    sheet = book.add_worksheet("table")
    for place, header in enumerate(headers_of(frame)):
        sheet.write_string(0, place, header, book.add_format({"bold": True}))
        column = frame.iloc[:, place]
        is_date = pd.api.types.is_datetime64_any_dtype(column)
        values = (
            column.dt.tz_localize(None).tolist()
            if is_date
            else [plain_value(v) for v in column.tolist()]
        )
        for row, value in enumerate(values, 1):
            _write_cell(sheet, row, place, value)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _write_cell(sheet: "Worksheet", row: int, column: int, value: object) -> None:
    if value is None or value is pd.NaT:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(
            row, column, value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
        )
    elif cell_text(value):
        sheet.write_string(row, column, cell_text(value))


def _check_fits_xlsx(frame: pd.DataFrame) -> None:
    if len(frame) + 1 > XLSX_ROWS or frame.shape[1] > 16_384:
        raise FileFormatError(
            f"A sheet holds {XLSX_ROWS:,} rows; the table has {len(frame):,}. Write csv or parquet."
        )
    for place in range(frame.shape[1]):
        column = frame.iloc[:, place]
        if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
            continue
        lengths = column.map(lambda value: len(value) if isinstance(value, str) else 0).astype(
            float
        )
        if len(column) and lengths.max() > _XLSX_CELL:
            raise FileFormatError(
                f"Column {frame.columns[place]!r} has {int(lengths.max()):,} characters in row "
                f"{int(lengths.to_numpy().argmax()) + 1}; a cell "
                f"of xlsx holds {_XLSX_CELL:,}. Write csv or parquet."
            )
