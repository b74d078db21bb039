"""Tables for a terminal, as wide as it is."""

import io
import re
import sys
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from feedback_nlp.terminal.lines import NO_BREAK, PAGE_WIDTH, at_width, plain, width_of_stderr

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console, JustifyMethod
    from rich.text import Text

    from feedback_nlp.markup import Part

_ROWS_SHOWN = 60
_NUMBER_WIDTH = 24
_SHORT_CELL = 80
_LONG_CELL = 300
_MOST_HEADS = 8
_BROKEN_FROM = 16
_TOGETHER = re.compile(r"\([^()]+\)|\S+ → \S+")


def print_table(
    frame: "pd.DataFrame",
    *,
    title: str = "",
    error: bool = False,
    right: Collection[str] = (),
    below: Iterable[str] = (),
) -> None:
    """Print a table for reading; long ones are cut, and it says so.

    One long row is shown as a column, with its headings beside it, unless ``right`` is given.

    Args:
        frame: The table.
        title: What stands above it.
        error: Print on stderr instead of stdout.
        right: Columns of text that are numbers, and stand to the right.
        below: Lines that stand under it.
    """
    from rich.console import Console
    from rich.text import Text

    if len(frame) == 1 and len(frame.columns) > _MOST_HEADS and not right:
        frame = frame.T.reset_index().set_axis(["figure", "value"], axis=1)
    console = Console(stderr=error)
    heads = [plain(str(name)) for name in frame.columns]
    rows = [
        [_cell(value) for value in row] for row in frame.head(_ROWS_SHOWN).itertuples(index=False)
    ]
    numbers = [name in right or frame[name].dtype.kind in "if" for name in frame.columns]
    if not rows and right:
        console.print("No rows to show.")
    else:
        _print_rows(console, title, heads, rows, ["right" if n else "left" for n in numbers])
    if len(frame) > _ROWS_SHOWN:
        console.print(f"… and {len(frame) - _ROWS_SHOWN} more rows; write them with -o FILE")
    for line in below:
        console.print(Text(plain(line)))


def _print_rows(
    console: "Console",
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    sides: "Sequence[JustifyMethod]",
) -> None:
    """Print rows with lines between the columns; without, or in blocks, where room is short."""
    from rich.table import Table
    from rich.text import Text

    rows = [
        [_whole(cell) if side == "right" else cell for cell, side in zip(row, sides, strict=True)]
        for row in rows
    ]
    table = Table(title=title or None, title_justify="left", header_style="bold")
    widths = widths_for([heads, *rows], console.width - 1, between=len(" │ "))
    if not widths:
        table.box, table.pad_edge = None, False
        widths = widths_for([heads, *rows], console.width + 2, between=2)
    if not widths and rows:
        _print_blocks(console, title, heads, rows)
        return
    for head, side, width in zip(heads, sides, widths, strict=True):
        table.add_column(Text(head), justify=side, overflow="fold", width=width)
    for row in rows:
        table.add_row(*[_fitted(cell, width) for cell, width in zip(row, widths, strict=True)])
    console.print(table)


def _whole(cell: str) -> str:
    """Return a figure with its interval, or two with their arrow, kept together."""
    return _TOGETHER.sub(lambda found: found.group().replace(" ", NO_BREAK), cell)


def _fitted(cell: str, width: int) -> "Text":
    """Return a cell in lines of its column; rich itself breaks at no-break spaces too."""
    from rich.text import Text

    return Text(at_width(cell, width).replace(NO_BREAK, " "))


def print_parts(title: str, parts: "Iterable[Part]") -> None:
    """Print pieces to read on stdout: titles, sentences and tables."""
    from rich.console import Console

    _show_parts(Console(highlight=False), title, parts)


def parts_text(title: str, parts: "Iterable[Part]") -> str:
    """Return pieces to read as text for a file, laid out as at a terminal.

    Example:
        >>> from feedback_nlp.markup import Part
        >>> part = Part(title="Trend", heads=("Month", "n"), rows=(("May", "20"),))
        >>> [line.rstrip() for line in parts_text("NPS", [part]).splitlines()]
        ['NPS', '', 'Trend', 'Month   n', 'May    20', '']
    """
    from rich.console import Console

    page = io.StringIO()
    _show_parts(Console(file=page, width=PAGE_WIDTH, color_system=None), title, parts)
    return page.getvalue()


def _show_parts(console: "Console", title: str, parts: "Iterable[Part]") -> None:
    from rich.text import Text

    console.print(Text(plain(title), style="bold reverse"))
    for part in parts:
        console.print(Text(f"\n{plain(part.title)}", style="bold"))
        for sentence in part.sentences:
            console.print(Text(plain(sentence)))
        if part.rows:
            _print_bare(console, part)
    console.print()


def _print_bare(console: "Console", part: "Part") -> None:
    """Print the table of a part, without lines."""
    from rich.table import Table
    from rich.text import Text

    heads = [plain(head) for head in part.heads]
    rows = [[_cell(cell, _LONG_CELL) for cell in row] for row in part.rows]
    widths = widths_for([heads, *rows], console.width + 2, between=2)
    if not widths:
        _print_blocks(console, "", heads, rows)
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for place, head in enumerate(heads):
        wide = any(len(row[place]) > _NUMBER_WIDTH for row in part.rows)
        left = place == 0 or wide or not head
        justify: JustifyMethod = "left" if left else "right"
        table.add_column(Text(head), justify=justify, overflow="fold", width=widths[place])
    for row in rows:
        table.add_row(*[Text(cell) for cell in row])
    console.print(table)


def _print_blocks(
    console: "Console", title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    """Print each row as lines of head and cell, where the columns have no room beside another."""
    from rich.table import Table
    from rich.text import Text

    if title:
        console.print(Text(plain(title), style="italic"))
    for row in rows:
        block = Table.grid(padding=(0, 2))
        block.add_column(max_width=console.width // 2)
        block.add_column(overflow="fold")
        for head, cell in zip(heads, row, strict=True):
            if cell:
                block.add_row(Text(head, style="bold"), Text(cell.replace(NO_BREAK, " ")))
        console.print(block)
        console.print()


def widths_for(rows: Sequence[Sequence[str]], width: int, *, between: int) -> list[int]:
    """Return how wide the columns of a table are, so that no word of theirs is broken.

    Each column is as wide as its longest cell, if there is room for all; else the widest give way,
    first to their longest word and then, where words are very long, to 16 characters.

    Args:
        rows: The cells, heads among them.
        width: Of the terminal.
        between: Columns that stand between two cells.

    Returns:
        The widths, or none if there is no room for that.

    Example:
        >>> widths_for([["theme", "what they say"], ["price", "far too high"]], 16, between=2)
        [5, 7]
        >>> widths_for([["theme", "what they say"]], 8, between=2)
        []
    """
    from rich.cells import cell_len

    columns = list(zip(*rows, strict=True))
    room = width - between * len(columns)
    longest = [max(map(cell_len, column)) for column in columns]
    words = [
        max(cell_len(word) for cell in column for word in cell.split(" ")) for column in columns
    ]
    for most in (max(longest, default=0), _BROKEN_FROM):
        least = [min(word, most) for word in words]
        if sum(least) <= room:
            wide = [
                [min(whole, max(few, limit)) for whole, few in zip(longest, least, strict=True)]
                for limit in range(max(longest, default=0) + 1)
            ]
            return [widths for widths in wide if sum(widths) <= room][-1]
    return []


def _cell(value: object, longest: int = _SHORT_CELL) -> str:
    import pandas as pd

    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e9 else f"{value:.3g}"
    text = plain(str(value)).replace("\n", " ")
    return text if len(text) <= longest else text[: longest - 1] + "…"


def print_pairs(title: str, pairs: Iterable[tuple[str, str]]) -> None:
    """Print names with what goes with each on stderr, as lines of plain text.

    Args:
        title: What stands above them.
        pairs: Name and text; a long text goes on beneath where it begins, and is not broken at a
            no-break space.
    """
    pairs = list(pairs)
    beside = max(len(name) for name, _ in pairs) + 2
    width = min(width_of_stderr(), PAGE_WIDTH)
    sys.stderr.write(f"\n{plain(title)}\n")
    for name, text in pairs:
        lines = at_width(plain(text), max(width - beside - 2, beside)).split("\n")
        for line, before in zip(lines, (name, *[""] * len(lines)), strict=False):
            sys.stderr.write(f"  {before:{beside}}{line.replace(NO_BREAK, ' ')}\n")
