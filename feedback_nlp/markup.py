"""Sentences and tables as Markdown and HTML, in which no text of a stranger is taken as markup."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from feedback_nlp.showing import NONE, safe

_MARKUP = re.compile(r"([\\`*_{}\[\]#|~$])")
# What would begin a list or a heading, or make one of the line above.
_LINE_START = re.compile(r"^(\s*\d*)([-+=.)])(?=[-=]*(?:\s|$))")
_NUMBER = re.compile(r"[-+−<>]?\d")
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of something to read: a title, sentences, and a table that goes with them.

    Attributes:
        title: What it is about.
        sentences: What is to be read first.
        heads: Headings of the table; empty if there is none.
        rows: Its cells, as they are shown.
    """

    title: str
    sentences: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def escape_markdown(text: str) -> str:
    r"""Return text that Markdown shows as it is.

    Example:
        >>> escape_markdown("<b>*no*</b>")
        '&lt;b&gt;\\*no\\*&lt;/b&gt;'
    """
    marked = _MARKUP.sub(r"\\\1", escape(safe(text), quote=False))
    return _LINE_START.sub(r"\1\\\2", marked)


def escape_html(text: str) -> str:
    """Return text that HTML shows as it is.

    Example:
        >>> escape_html("<b>no</b>")
        '&lt;b&gt;no&lt;/b&gt;'
    """
    return escape(safe(text))


def markdown_table(
    heads: Sequence[str], rows: Rows, *, numbers: Sequence[bool] | None = None
) -> str:
    r"""Return a Markdown table; columns of numbers stand to the right.

    Args:
        heads: Headings.
        rows: Cells.
        numbers: Which columns are numbers; told from the cells if not given, never the first.

    Example:
        >>> print(markdown_table(["Shop", "City", "n"], [["<North>", "Riga", "20"]]))
        | Shop | City | n |
        |:--|:--|--:|
        | &lt;North&gt; | Riga | 20 |
        <BLANKLINE>
    """
    if numbers is None:
        numbers = [place > 0 and not _has_words(rows, place) for place in range(len(heads))]
    sides = ["--:" if number else ":--" for number in numbers]
    lines = [
        "| " + " | ".join(map(escape_markdown, heads)) + " |",
        "|" + "|".join(sides) + "|",
        *("| " + " | ".join(map(escape_markdown, row)) + " |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


def _has_words(rows: Rows, place: int) -> bool:
    """Tell whether more than half of the filled cells of a column are no numbers."""
    filled = [row[place] for row in rows if row[place] not in ("", NONE)]
    return not filled or sum(not _NUMBER.match(cell) for cell in filled) * 2 > len(filled)


def html_table(heads: Sequence[str], rows: Rows, *, caption: str = "") -> str:
    """Return an HTML table whose first column names the rows.

    Example:
        >>> html_table(["Shop", "n"], [["<North>", "20"]])[-58:]
        '<tr><th>&lt;North&gt;</th><td>20</td></tr></tbody></table>'
    """
    head = "".join(f"<th>{escape_html(text)}</th>" for text in heads)
    body = "".join(
        "<tr>"
        + "".join(
            f"<{tag}>{escape_html(cell)}</{tag}>"
            for tag, cell in zip(["th", *["td"] * (len(row) - 1)], row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    title = f"<caption>{escape_html(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def parts_markdown(title: str, parts: Iterable[Part]) -> str:
    """Return parts as a Markdown document.

    Example:
        >>> part = Part(title="Trend", sentences=("Nothing moved.",))
        >>> print(parts_markdown("Scores", [part]))
        # Scores
        <BLANKLINE>
        ## Trend
        <BLANKLINE>
        Nothing moved.
        <BLANKLINE>
    """
    lines = [f"# {escape_markdown(title)}", ""]
    for part in parts:
        lines += [f"## {escape_markdown(part.title)}", ""]
        lines += [f"{escape_markdown(sentence)}\n" for sentence in part.sentences]
        lines += [markdown_table(part.heads, part.rows)] if part.rows else []
    return "\n".join(lines)


def parts_html(title: str, parts: Iterable[Part]) -> str:
    """Return parts as a section of HTML, as notebooks show it."""
    shown = "".join(
        f"<h4>{escape_html(part.title)}</h4>"
        + "".join(f"<p>{escape_html(sentence)}</p>" for sentence in part.sentences)
        + (html_table(part.heads, part.rows) if part.rows else "")
        for part in parts
    )
    return f"<section><h3>{escape_html(title)}</h3>{shown}</section>"
