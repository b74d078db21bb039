"""Cells of any type as text, as a person would write them."""

import json
import re
from collections.abc import Container, Iterable, Sequence
from itertools import chain, count

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def text_column(values: Iterable[object]) -> pd.Series:
    """Return values as text; nothing is blank."""
    try:
        return pd.Series(list(map(as_text, values)), dtype="str")
    except UnicodeEncodeError:  # half a character, as some JSON writers leave behind
        return pd.Series([whole_characters(as_text(v)) for v in values], dtype="str")


def text_cells(cells: Sequence[str] | NDArray[np.object_]) -> pd.Series:
    """Return cells that are text already; faster than ``text_column``."""
    import pyarrow as pa

    try:
        return pd.Series(pd.array(pa.array(cells, pa.large_string()), dtype="str"))
    except (UnicodeEncodeError, pa.ArrowInvalid):
        return text_column(cells)


def whole_characters(text: str) -> str:
    """Return the text with each half of a character replaced by the sign for a lost one."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def one_line(header: str) -> str:
    r"""Return a header without line ends and outer blanks; the rest of it is left alone.

    Example:
        >>> one_line(" How was it?\n(1-5) ")
        'How was it? (1-5)'
    """
    return re.sub(r"\s*[\r\n]+\s*", " ", header.strip())


def unused(name: str, taken: Container[str]) -> str:
    """Return the name, with a number where it is taken.

    Example:
        >>> unused("a", {"a", "a (2)"})
        'a (3)'
    """
    names = chain([name], (f"{name} ({number})" for number in count(2)))
    return next(free for free in names if free not in taken)


def as_text(value: object) -> str:
    """Return one cell as text.

    Example:
        >>> as_text(None), as_text(7), as_text(True), as_text(["a"])
        ('', '7', 'true', '["a"]')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, np.generic):
        return as_text(value.item())
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)
