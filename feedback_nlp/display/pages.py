"""Sections, tables and folds."""

from collections.abc import Sequence

from feedback_nlp.markup import escape_html

LINE = "rgba(128,128,128,.35)"
_SECTION = "line-height:1.5;max-width:60em;margin:.3em 0;overflow-wrap:break-word"
_CELL = f"padding:.25em .8em .25em 0;vertical-align:top;border:0;border-top:1px solid {LINE}"


def section(title: str, *body: str, lang: str = "") -> str:
    """Return a section of HTML.

    Args:
        title: What it is about, as plain text.
        body: Pieces of HTML.
        lang: The language it is in, ISO 639-1, if it is not English.

    Example:
        >>> page = section("Why <not>", "<p>So.</p>")
        >>> page.startswith("<section><h3>Why &lt;not&gt;</h3>"), page.endswith("</div></section>")
        (True, True)
    """
    named = f' lang="{escape_html(lang)}"' if lang else ""
    return (
        f"<section{named}><h3>{escape_html(title)}</h3>"
        f'<div style="{_SECTION}">{"".join(body)}</div></section>'
    )


def big(figure: str, beside: str = "") -> str:
    """Return a figure in large type, with HTML beside it.

    Example:
        >>> "+20.0" in big("+20.0")
        True
    """
    return (
        '<div style="display:flex;flex-wrap:wrap;align-items:center;gap:.2em 1.2em">'
        f'<strong style="font-size:2.4em;line-height:1.2">{escape_html(figure)}</strong> '
        f"<div>{beside}</div></div>"
    )


def small(text: str) -> str:
    """Return plain text as a paragraph in small type, nothing for no text."""
    return f'<p style="margin:.3em 0"><small>{escape_html(text)}</small></p>' if text else ""


def folded(title: str, items: Sequence[str]) -> str:
    """Return plain sentences folded under a title, nothing for none.

    Example:
        >>> folded("Limits", ["Few answered."])[:28], folded("Limits", [])
        ('<details><summary>Limits</su', '')
    """
    lines = "".join(f"<li>{escape_html(item)}</li>" for item in items)
    title = escape_html(title)
    return f"<details><summary>{title}</summary><ul>{lines}</ul></details>" if items else ""


def table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Sequence[int] = ()
) -> str:
    """Return a table; it scrolls by itself where it is wider than the page.

    Args:
        heads: Headings, as plain text.
        rows: Cells, as HTML.
        numbers: Places of the columns that are set to the right.

    Example:
        >>> "<b>20</b></td></tr></tbody></table></div>" in table(["n"], [["<b>20</b>"]])
        True
    """
    sides = ["right" if at in numbers else "left" for at in range(len(heads))]
    head = "".join(
        f'<th scope="col" style="text-align:{side};padding:.25em .8em .25em 0;border:0;'
        f'vertical-align:bottom">{escape_html(text)}</th>'
        for side, text in zip(sides, heads, strict=True)
    )
    body = "".join(
        '<tr style="background:none">'
        + "".join(
            f'<td style="text-align:{side};{_CELL}">{cell}</td>'
            for side, cell in zip(sides, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return (
        '<div style="overflow-x:auto"><table style="border-collapse:collapse;border:0;'
        f'margin:.5em 0;color:inherit"><thead><tr>{head}</tr></thead><tbody>{body}</tbody>'
        "</table></div>"
    )
