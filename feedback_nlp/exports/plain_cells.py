"""Cells of any table as plain values, the same for every format that is written."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any, TypeAlias

import pandas as pd

Cell: TypeAlias = "str | int | float | bool | list[Cell] | dict[str, Cell] | None"


def plain_value(value: object) -> Cell:
    """Return one cell as a plain value: nothing is ``None``, dates are ISO text."""
    if isinstance(value, list | tuple):
        return [plain_value(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain_value(item) for key, item in value.items()}
    if (
        value is None
        or value is pd.NaT
        or value is pd.NA
        or (isinstance(value, float) and value != value)
    ):
        return None
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if hasattr(value, "item"):
        return plain_value(value.item())
    return value if isinstance(value, str | int | float | bool) else str(value)


def plain_columns(frame: pd.DataFrame) -> list[list[Any]]:
    """Return the columns of a table as plain values."""
    return [
        [plain_value(value) for value in frame.iloc[:, i].tolist()] for i in range(frame.shape[1])
    ]


def plain_rows(frame: pd.DataFrame) -> Iterable[tuple[Any, ...]]:
    """Return the rows of a table as plain values."""
    return zip(*plain_columns(frame), strict=True)


def headers_of(frame: pd.DataFrame) -> list[str]:
    """Return the names of the columns as text."""
    return [str(column) for column in frame.columns]


def cell_text(value: object) -> str:
    """Return a plain value as the text of a cell; nothing is blank."""
    if value is None:
        return ""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
