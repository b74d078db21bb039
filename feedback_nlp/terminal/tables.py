"""What is shown at a terminal: tables, steps, and text stripped of what could harm one."""

import io
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console, JustifyMethod

    from feedback_nlp.markup import Part

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LEAD = re.compile(r" *(?:- |\d+\. )?")
_LINE_END = re.compile(r"\s*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+\s*")
_ROWS_SHOWN = 60
_LONGEST = 2000
_NUMBER_WIDTH = 24
_PAGE_WIDTH = 100
_SHORT_CELL = 80
_LONG_CELL = 300
_MOST_HEADS = 8


def plain(text: str) -> str:
    r"""Return the text without control characters, which could rewrite a terminal.

    Example:
        >>> plain("fine\x1b[2Jgone")
        'fine[2Jgone'
    """
    return _CONTROL.sub("", text)


def one_line(message: str) -> str:
    r"""Return a message in one line of bearable length, without control characters.

    Example:
        >>> one_line("No column 'a\nb'.")
        "No column 'a b'."
    """
    line = plain(_LINE_END.sub(" ", message))
    if len(line) > _LONGEST:
        line = f"{line[: _LONGEST // 2]} … {line[-_LONGEST // 2 :]}"
    return line.encode("utf-8", "replace").decode("utf-8")


def at_width(text: str, width: int | None = None) -> str:
    """Return text with its lines wrapped, so that they go on beneath where they begin.

    Args:
        text: Lines, some of them items of a list.
        width: Characters in a line at most; if not given, that of the terminal, 100 at most. Where
            stdout is no terminal the text stays as it is.

    Example:
        >>> print(at_width("- Nobody wrote anything at all.", 20))
        - Nobody wrote
          anything at all.
    """
    if width is None:
        if not sys.stdout.isatty():
            return text
        width = min(shutil.get_terminal_size().columns, _PAGE_WIDTH)
    return "\n".join(_wrapped(line, width) for line in text.split("\n"))


def _wrapped(line: str, width: int) -> str:
    lead = _LEAD.match(line)
    beneath = " " * (lead.end() if lead else 0)
    return textwrap.fill(
        line, max(width, 2 * len(beneath) + 1), subsequent_indent=beneath,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def say(line: str) -> None:
    """Print one line on stderr."""
    sys.stderr.write(one_line(line) + "\n")


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
    from rich.table import Table
    from rich.text import Text

    if len(frame) == 1 and len(frame.columns) > _MOST_HEADS and not right:
        frame = frame.T.reset_index().set_axis(["figure", "value"], axis=1)
    table = Table(title=title or None, title_justify="left", header_style="bold")
    for name in frame.columns:
        number = name in right or frame[name].dtype.kind in "if"
        justify: JustifyMethod = "right" if number else "left"
        table.add_column(Text(plain(str(name))), justify=justify, overflow="fold")
    for row in frame.head(_ROWS_SHOWN).itertuples(index=False):
        table.add_row(*[Text(_cell(value)) for value in row])
    console = Console(stderr=error)
    console.print(table if len(frame) or not right else "No rows to show.")
    if len(frame) > _ROWS_SHOWN:
        console.print(f"… and {len(frame) - _ROWS_SHOWN} more rows; write them with -o FILE")
    for line in below:
        console.print(Text(plain(line)))


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
    _show_parts(Console(file=page, width=_PAGE_WIDTH, color_system=None), title, parts)
    return page.getvalue()


def _show_parts(console: "Console", title: str, parts: "Iterable[Part]") -> None:
    from rich.table import Table
    from rich.text import Text

    console.print(Text(plain(title), style="bold reverse"))
    for part in parts:
        console.print(Text(f"\n{plain(part.title)}", style="bold"))
        for sentence in part.sentences:
            console.print(Text(plain(sentence)))
        if part.rows:
            table = Table(box=None, header_style="bold", pad_edge=False)
            for place, head in enumerate(part.heads):
                wide = any(len(row[place]) > _NUMBER_WIDTH for row in part.rows)
                left = place == 0 or wide or not head
                justify: JustifyMethod = "left" if left else "right"
                table.add_column(Text(plain(head)), justify=justify, overflow="fold")
            for row in part.rows:
                table.add_row(*[Text(_cell(cell, _LONG_CELL)) for cell in row])
            console.print(table)
    console.print()


def _cell(value: object, longest: int = _SHORT_CELL) -> str:
    import pandas as pd

    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e9 else f"{value:.3g}"
    text = plain(str(value)).replace("\n", " ")
    return text if len(text) <= longest else text[: longest - 1] + "…"


@contextmanager
def step(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show on stderr what is being done: a spinner at a terminal, a line elsewhere."""
    if quiet:
        yield lambda doing: None
    elif not sys.stderr.isatty():
        yield lambda doing: say(f"{doing} …")
    else:
        from rich.console import Console

        with Console(stderr=True).status("reading …") as status:
            yield lambda doing: status.update(f"{doing} …")
