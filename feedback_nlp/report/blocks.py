"""What a report is made of: sections of figures, tables, quotes and texts, without any markup.

Every format is written from these records, so none of them can say what the others do not. A text
is plain: whoever writes a format escapes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

import pandas as pd

from feedback_nlp.wordings import Wording

Value = float | int | str | None


class Drawing(Protocol):
    """The numbers of a figure, and how they are drawn."""

    def svg(self, said: Wording, width: float) -> str:
        """Return the figure as SVG.

        Args:
            said: The language of numbers and words.
            width: In pixels; below ``svg.WIDE`` the drawing is that for a phone.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a table: what is shown, and the value that it is sorted by.

    ``theme`` is the id of the theme that a first cell names: the page links to the comments on it.
    """

    text: str
    value: Value = None
    theme: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The heading of one column; numbers stand to the right."""

    text: str
    kind: Literal["text", "number"] = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table to be read; the first cell of a row is its name.

    Attributes:
        caption: What the table shows.
        heads: Headings, one a column.
        rows: As many cells as there are headings.
        note: What is to be known about it, such as how many rows are left out.
        title: Heading above it, where it does not stand below a figure.
        fixed: The order of the rows says something, so they are not to be sorted.
    """

    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    title: str = ""
    fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One entry of a legend: the class of its colour or pattern (``neg``, ``hatch`` …)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure with the table of its numbers.

    Attributes:
        id: Unique in the report, good as a file name.
        drawing: Its numbers, which draw themselves.
        label: What it shows, in one or two sentences, for those who cannot see it.
        table: The same numbers.
        title: Heading above it.
        lead: A sentence below the heading.
        legend: What colours and patterns are.
        note: What is to be known about it: what is left out, what the band is.
    """

    id: str
    drawing: Drawing
    label: str
    table: Table
    title: str = ""
    lead: str = ""
    legend: tuple[Key, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One comment, masked, with the words that a finding rests on.

    Attributes:
        before: The text before the evidence.
        evidence: The evidence.
        after: The text after it.
        source: Rating, date and segment, as shown behind the quote.
        language: Of the comment, ISO 639-1; ``""`` if unknown.
        polarity: ``negative``, ``neutral``, ``positive`` or ``unknown``.
    """

    before: str
    evidence: str
    after: str
    source: str
    language: str = ""
    polarity: str = "negative"

    @property
    def text(self) -> str:
        """The whole quote."""
        return self.before + self.evidence + self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotes:
    """Some comments under one heading; ``closed`` ones are shown when asked for."""

    title: str
    quotes: tuple[Quote, ...]
    note: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Sentences under one heading, as paragraphs or as a list."""

    title: str
    items: tuple[str, ...]
    listed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Names and what they are: a method, a file; ``anchors`` are their ids in the page, if any."""

    title: str
    items: tuple[tuple[str, str], ...]
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number with the ends of its interval and the respondents behind it, as they are shown."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonBlock:
    """One reason: the figures in words, who blames it, its parts, words and quotes.

    ``gain`` and ``interval`` are written out; ``estimate`` holds the same as numbers.
    """

    rank: int
    theme: str
    name: str
    short: str
    sentence: str
    gain: str
    interval: str
    estimate: Estimate
    figure: Figure
    parts_title: str = ""
    parts: tuple[tuple[str, str], ...] = ()
    words_title: str = ""
    words: tuple[str, ...] = ()
    asides: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    no_quotes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two figures side by side: the one group against the other."""

    left: Figure
    right: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Explore:
    """Comments and counts to filter and search in the page, which no other format holds.

    Attributes:
        title: Heading.
        sentence: How many comments and respondents it holds, and of how many.
        data: Plain values for the page's script: all text masked and safe, none of it markup.
        labels: The words that the script shows, by name.
    """

    title: str
    sentence: str
    data: Mapping[str, object] = field(repr=False)
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """A theme to be opened: its parts, what is said for and against it, the way to its comments.

    Attributes:
        theme: Its id.
        title: Its name.
        sentence: How many comments mention it, and how.
        figure: Its sub-themes by polarity; ``None`` where none is named.
        sides: Quotes that blame it and quotes that praise it.
        none: Why there are no quotes.
        link: What the link to its comments says; ``""`` where the page holds no comments.
    """

    theme: str
    title: str
    sentence: str
    figure: Figure | None = None
    sides: tuple[Quotes, ...] = ()
    none: str = ""
    link: str = ""


Block = Figure | Pair | Table | Quotes | Texts | Terms | ReasonBlock | Drill | Explore


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section of a report.

    Attributes:
        id: Anchor, unique in the report.
        nav: Its name in the list of sections.
        title: Its heading: what is seen, said in words.
        lead: Sentences below the heading.
        blocks: Figures, tables, quotes, texts.
        tables: The full tables it is made from, for the spreadsheet; by name.
        definitions: Entries of the method (``method.<name>``) that it rests on.
    """

    id: str
    nav: str
    title: str
    lead: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)
    definitions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """A section that a report does not have, and why."""

    nav: str
    why: str
