"""A table of customers with the dates on which they joined and left."""

from pathlib import Path

import pandas as pd

from feedback_nlp.errors import ColumnError
from feedback_nlp.exports.dates import parse_dates
from feedback_nlp.exports.export import Export, load_export
from feedback_nlp.exports.files import Options
from feedback_nlp.schema import INFO, Notes
from feedback_nlp.showing import counted


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
    if joined == left:
        raise ColumnError(
            f"{joined!r} cannot be the date of joining and of leaving; name another column."
        )
    days, said = _days(frame, joined, left, day_first)
    for name, dates in days.items():
        _check_read(frame[name], dates, export)
        frame[name] = dates
    notes += said
    noted = {"files": export.files, "rows": {"read": export.read}, "notes": notes}
    frame.attrs[INFO] = Notes(noted)
    return frame


def _days(
    frame: pd.DataFrame, joined: str, left: str, day_first: bool | None
) -> tuple[dict[str, pd.Series], list[str]]:
    """Return both columns as dates; what one says of days and months goes for the other, too."""
    both = pd.concat([frame[joined], frame[left]], ignore_index=True)
    try:
        dates = parse_dates(both.rename(f"{joined} and {left}"), day_first=day_first)
    except ColumnError:  # one of the two is written month first, or neither can be read
        each = {name: parse_dates(frame[name], day_first=day_first) for name in (joined, left)}
        notes = [note for dates in each.values() for note in dates.notes]
        return {name: dates.days for name, dates in each.items()}, notes
    halves = dates.days.iloc[: len(frame)], dates.days.iloc[len(frame) :]
    came, went = (half.set_axis(frame.index) for half in halves)
    return {joined: came, left: went}, list(dates.notes)


def _check_read(cells: pd.Series, days: pd.Series, export: Export) -> None:
    odd = cells.index[days.isna() & cells.str.strip().ne("")]
    if len(odd):
        raise ColumnError(
            f"Column {cells.name!r} has {counted(len(odd), 'cell')} that cannot be read as a "
            "date, first "
            f"{cells[odd[0]][:40]!r} in {export.where(int(odd[0]))}. Leave a cell blank where "
            "there is no date, or name another column."
        )
