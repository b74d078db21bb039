"""A table of customers with the dates on which they joined and left."""

from pathlib import Path

import pandas as pd

from feedback_nlp.errors import ColumnError
from feedback_nlp.exports.dates import parse_dates
from feedback_nlp.exports.export import Export, load_export
from feedback_nlp.exports.files import Options
from feedback_nlp.schema import INFO


def read_customers(
    source: str | Path,
    *,
    joined: str = "joined",
    left: str = "left",
    day_first: bool | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> pd.DataFrame:
    """Return a file with one row for each customer, its dates read.

    Args:
        source: A csv, tsv, xlsx, jsonl or parquet file, or ``"-"`` for standard input.
        joined: Column of the dates of joining.
        left: Column of the dates of leaving; blank where the customer is still there.
        day_first: Whether 03/04 is 3 April; decided by the columns if not given.
        sheet: Sheet of a spreadsheet.
        encoding: Encoding of a text file, where it is not recognised.
        delimiter: Delimiter of a text file, where it is not recognised.

    Returns:
        The rows with ``joined`` and ``left`` as dates, other columns as text. The notes hold the
        rows read and sentences about how the dates were read.

    Raises:
        FileFormatError: The file cannot be read.
        ColumnError: A column is missing, or a cell that is not blank is no date.
    """
    export = load_export(
        [source], Options(sheet=sheet, encoding=encoding, delimiter=delimiter, set_aside=False)
    )
    frame = export.frame.copy()
    notes = list(export.notes)
    for name in (joined, left):
        if name not in frame.columns:
            raise ColumnError.missing(name, frame.columns)
        dates = parse_dates(frame[name], day_first=day_first)
        _check_read(frame[name], dates.days, export)
        frame[name] = dates.days
        notes += dates.notes
    frame.attrs[INFO] = {"files": export.files, "rows": {"read": export.read}, "notes": notes}
    return frame


def _check_read(cells: pd.Series, days: pd.Series, export: Export) -> None:
    odd = cells.index[days.isna() & cells.str.strip().ne("")]
    if len(odd):
        raise ColumnError(
            f"Column {cells.name!r} has {len(odd)} cells that are no dates, first "
            f"{cells[odd[0]][:40]!r} in {export.where(int(odd[0]))}. Leave a cell blank where "
            "there is no date, or name another column."
        )
