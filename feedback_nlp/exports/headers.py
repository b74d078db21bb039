"""The first row of a table: the names of its columns."""

from collections import Counter

from feedback_nlp.errors import ColumnError, FileFormatError, shorten_list
from feedback_nlp.exports.cells import unused

MAX_COLUMNS = 16_384  # Excel's own limit


def check_header(header: list[str], name: str) -> None:
    """Raise if the first row is no header.

    Raises:
        FileFormatError: It is blank, or has more cells than a table has columns.
    """
    if len(header) > MAX_COLUMNS:
        raise FileFormatError(
            f"{name} has {len(header):,} columns in its first row, so it is no header. Check the "
            "line ends."
        )
    if not any(header):
        raise FileFormatError(
            f"The first row of {name} is blank. Put the column headers in the first row."
        )


def name_columns(header: list[str], kept: list[int], file: str) -> list[str]:
    """Return the headers of the columns kept; one without a header gets a name of its own.

    Args:
        header: Cells of the first row.
        kept: The places of the columns that hold something.
        file: Name of the file, for messages.

    Raises:
        FileFormatError: The first row is a title.
        ColumnError: Two columns have the same header.
    """
    named = [header[i] for i in kept if header[i]]
    if len(kept) > 2 and len(named) == 1:
        raise FileFormatError(
            f"The first row of {file} has one cell, {named[0][:60]!r}, above {len(kept)} columns: "
            "it looks like a title. Delete the rows above the column headers."
        )
    check_headers(named, file)
    taken = set(named)
    names = []
    for i in kept:
        names.append(header[i] or unused(f"column {i + 1}", taken))
        taken.add(names[-1])
    return names


def check_headers(names: list[str], file: str) -> None:
    """Raise if two columns have the same header."""
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        places = [str(i + 1) for i, name in enumerate(names) if name == twice[0]]
        raise ColumnError(
            f"{file} has {len(places)} columns called {twice[0]!r} (columns "
            f"{shorten_list(places)}). "
            "Give each column its own header."
        )
