"""Sheets that are read, not filtered: the summary, and sections told in sentences."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from feedback_nlp.report.blocks import Block, Cell, Figure, Section, Table, Terms, Texts
from feedback_nlp.report.report import Report
from feedback_nlp.report.source import Source
from feedback_nlp.report.workbook.book import (
    DARK,
    GREY,
    Book,
    Grid,
    Link,
    Value,
    clean,
    height,
    lines_of,
)
from feedback_nlp.report.workbook.kinds import Kind
from feedback_nlp.wordings import Wording

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_WIDTHS = (38, 14, 14, 70)
_ALL = sum(_WIDTHS)


class Page:
    """A sheet that is written line by line."""

    def __init__(self, book: Book, name: str, said: Wording) -> None:
        self._book, self._said, self._row = book, said, 0
        self._sheet: Worksheet = book.worksheet(name)
        for at, width in enumerate(_WIDTHS):
            self._sheet.set_column(at, at, width)

    def title(self, text: str) -> None:
        """Write the heading of the sheet."""
        self._sheet.set_row(self._row, 24)
        look = self._book.format(bold=True, font_size=16, font_color=DARK, indent=0)
        self._sheet.write_string(self._row, 0, text, look)
        self._row += 1

    def heading(self, text: str) -> None:
        """Write a heading, with a line free above it."""
        self._row += 1
        look = self._book.format(bold=True, font_size=12, font_color=DARK, indent=0)
        self._sheet.write_string(self._row, 0, text, look)
        self._row += 1

    def sentence(self, text: str, *, aside: bool = False) -> None:
        """Write a sentence over the whole width; an aside stands in grey."""
        if text:
            look = {"italic": True, "font_color": GREY} if aside else {}
            self._book.merged(
                self._sheet, self._row, (0, 3), text, _ALL, look={"indent": 0, **look}
            )
            self._row += 1

    def named(self, name: Value, text: str, number: Value = None, kind: Kind = Kind.TEXT) -> None:
        """Write a name, a number if there is one, and a text."""
        lines = lines_of(name, _WIDTHS[0])
        if number is None:
            rest = _ALL - _WIDTHS[0]
            self._book.merged(self._sheet, self._row, (1, 3), text, rest, lines=lines)
        else:
            rest = sum(_WIDTHS[2:])
            self._book.merged(self._sheet, self._row, (2, 3), text, rest, lines=lines)
            self._book.write(self._sheet, self._row, 1, number, kind, bold=True, align="left")
        more = {} if isinstance(name, Link) else {"bold": True, "text_wrap": True, "indent": 0}
        if name is not None:
            self._book.write(self._sheet, self._row, 0, name, Kind.TEXT, **more)
        self._row += 1

    def table(self, table: Table) -> None:
        """Write a table to be read; its numbers are numbers."""
        self.sentence(table.caption, aside=True)
        look = self._book.format(bold=True, bottom=1, text_wrap=True, indent=0)
        for at, head in enumerate(table.heads):
            self._sheet.write_string(self._row, at, clean(head.text), look)
        self._row += 1
        for row in table.rows:
            self._cells(row)
        self.sentence(table.note)

    def _cells(self, row: Sequence[Cell]) -> None:
        """Write a row of a table; a text in the last column has the rest of the width."""
        last = len(row) - 1
        rest = sum(_WIDTHS[last:])
        found = [number_of(cell) for cell in row]
        lines = [lines_of(value, _WIDTHS[min(at, 3)]) for at, (value, _) in enumerate(found[:-1])]
        value, kind = found[-1]
        if kind is Kind.WRAP and last < len(_WIDTHS) - 1:
            text = str(value or "")
            self._book.merged(self._sheet, self._row, (last, 3), text, rest, lines=max(lines))
            found = found[:-1]
        else:
            self._sheet.set_row(self._row, height(max([*lines, 1])))
        for at, (value, kind) in enumerate(found):
            if value is not None:
                self._book.write(self._sheet, self._row, at, value, kind, indent=0)
        self._row += 1

    def block(self, block: Block) -> None:
        """Write what a sheet can say of a part of a section."""
        title = getattr(block, "title", "")
        if title:
            self.heading(title)
        if isinstance(block, Table):
            self.table(block)
        elif isinstance(block, Figure):
            self.table(block.table)
        elif isinstance(block, Texts):
            for item in block.items:
                self.sentence(item)
        elif isinstance(block, Terms):
            for name, text in block.items:
                self.named(name, text)


def number_of(cell: Cell) -> tuple[Value, Kind]:
    """Return the number of a cell and its kind, or its text where it is none.

    Example:
        >>> number_of(Cell(text="12,3%", value=0.123))
        (0.123, <Kind.SHARE: 'a share of 0–1, shown in percent'>)
    """
    value = cell.value
    if value is None or isinstance(value, str) or not cell.text:
        return cell.text or None, Kind.WRAP
    if isinstance(value, int):
        return value, Kind.COUNT
    if "%" in cell.text and abs(value) <= 1:
        return value, Kind.SHARE
    return value, Kind.RATIO


def summary(
    page: Page,
    report: Report,
    held: Mapping[str, tuple[str, int | None]],
    links: Mapping[str, Link],
) -> None:
    """Write the first sheet: the score, the reasons, and what the other sheets hold.

    Args:
        page: The sheet.
        report: The report.
        held: The other sheets by name: what each of them holds, and its number of rows.
        links: To the negative mentions of a theme.
    """
    said, answer, explained = report.source.said, report.answer, report.explanation
    page.title(report.title)
    page.named(answer.name, answer.between, report.score.value, Kind.SCORE)
    for text in (answer.meaning, answer.certainty, answer.target, answer.caution):
        page.sentence(text)
    page.heading(answer.reasons_title)
    for top, reason in zip(answer.reasons, explained.reasons, strict=False):
        page.named(links.get(reason.theme, top.name), f"{top.interval}. {top.short}",
                   reason.adjusted_gain.value, Kind.DIFFERENCE)  # fmt: skip
    page.sentence(answer.reasons_note)
    page.heading(said.say("workbook.summary.respondents"))
    for fact in answer.facts:
        number = _whole(fact.value, said)
        page.named(fact.label, fact.note, fact.value if number is None else number, Kind.COUNT)
    _sentences(page, report)
    page.heading(said.say("workbook.summary.sheets"))
    for name, (lead, rows) in held.items():
        page.named(Link(text=name, sheet=name), lead, rows, Kind.COUNT)
    for missing in report.absent:
        page.named(missing.nav, missing.why)
    page.sentence(said.say("page.footer"), aside=True)


def _sentences(page: Page, report: Report) -> None:
    """Write the answer in sentences, each reason with its figures, and what cannot be said."""
    said, explained = report.source.said, report.explanation
    page.heading(said.say("workbook.summary.words"))
    for sentence in explained.sentences:
        page.sentence(sentence)
    for reason in explained.reasons:
        page.named(reason.name, reason.sentence)
    page.heading(said.say("title.limits"))
    for limit in explained.limits:
        page.sentence(limit)


def _whole(text: str, said: Wording) -> int | None:
    """Return the whole number that a text is, as the language writes it."""
    from babel.numbers import NumberFormatError, parse_number

    try:
        return int(parse_number(text, said.locale))
    except NumberFormatError:
        return None


def section_told(page: Page, section: Section) -> None:
    """Write a section in sentences and tables to be read."""
    page.title(section.title)
    for sentence in section.lead:
        page.sentence(sentence)
    for block in section.blocks:
        page.block(block)


def columns_told(page: Page, grids: Iterable[Grid], source: Source) -> None:
    """Write what each column of the sheets is, the same column of a sheet once."""
    page.heading(source.said.say("workbook.summary.columns"))
    page.sentence(source.said.say("workbook.summary.ends", level=source.level))
    for grid in grids:
        known = [column for column in grid.columns if column.about]
        if known:
            page.heading(grid.name)
        for column in known:
            page.named(column.heading, column.about)
