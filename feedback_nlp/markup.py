"""Sentences and tables as Markdown and HTML, in which no text of a stranger is taken as markup."""

import re
from collections.abc import Sequence
from html import escape

from feedback_nlp.showing import safe

_MARKUP = re.compile(r"([\\`*_{}\[\]#|~$])")
_LINE_START = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))")
Rows = Sequence[Sequence[str]]


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


def markdown_table(heads: Sequence[str], rows: Rows, *, numbers: bool = True) -> str:
    r"""Return a Markdown table; all but its first column go to the right if they are numbers.

    Example:
        >>> print(markdown_table(["Shop", "n"], [["<North>", "20"]]))
        | Shop | n |
        |:--|--:|
        | &lt;North&gt; | 20 |
        <BLANKLINE>
    """
    lines = [
        "| " + " | ".join(map(escape_markdown, heads)) + " |",
        "|" + "|".join([":--"] + ["--:" if numbers else ":--"] * (len(heads) - 1)) + "|",
        *("| " + " | ".join(map(escape_markdown, row)) + " |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


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
