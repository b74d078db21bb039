"""Tables in Markdown, and putting them where a file has a place for them.

A place is what stands between ``<!-- figures:NAME -->`` and ``<!-- end -->``.
"""

import re
from dataclasses import dataclass
from pathlib import Path

PLACE = re.compile(r"(<!-- figures:([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


@dataclass(frozen=True)
class Table:
    """A table with a name, a line that says what it is counted over, and its cells."""

    name: str
    line: str
    heads: tuple
    rows: list

    def markdown(self):
        lines = [f"{self.line}\n"] if self.line else []
        lines.append(row_of(self.heads))
        lines.append("|" + "---|" * len(self.heads))
        return "\n".join([*lines, *map(row_of, self.rows)])


def row_of(cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def share(value):
    return "–" if value != value else f"{value * 100:.0f} %"


def document(tables):
    """Return all tables as one document, each in its place, so that they can be copied whole."""
    parts = [f"<!-- figures:{t.name} -->\n{t.markdown()}\n<!-- end -->\n" for t in tables]
    return "\n".join(parts)


def check_places(path):
    """Raise where a file has no place for a table, or a place without an end."""
    path = Path(path)
    if not path.is_file():
        raise SystemExit(f"There is no file {path} to put the figures in.")
    text = path.read_text("utf-8")
    begun, whole = text.count("<!-- figures:"), len(PLACE.findall(text))
    if not whole or begun != whole:
        raise SystemExit(
            f"{path} has {begun} places for figures, {whole} of them whole; a place is a line "
            "<!-- figures:NAME --> and a line <!-- end -->."
        )


def update(path, tables):
    """Put tables in their places in a file; return the names of places that got none."""
    made = {table.name: table.markdown() for table in tables}
    left = []

    def fill(place):
        name = place.group(2)
        if name not in made:
            left.append(name)
            return place.group(0)
        return f"{place.group(1)}{made[name]}\n{place.group(3)}"

    path = Path(path)
    text = PLACE.sub(fill, path.read_text("utf-8"))
    path.write_text(text, encoding="utf-8", newline="\n")
    return left
