"""The report as a record, to be written in the format of your choice."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_nlp.drivers import Explanation
from feedback_nlp.errors import FeedbackError, shorten_list
from feedback_nlp.markup import escape_html
from feedback_nlp.records import Score
from feedback_nlp.report.blocks import Absent, Section
from feedback_nlp.report.first_screen import Answer
from feedback_nlp.report.source import Source
from feedback_nlp.showing import visible


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Report:
    """A report: every number and every sentence.

    Attributes:
        title: Heading of the report.
        language: ISO 639-1 code of the language it is said in.
        rating: The rating column.
        score: The score with its interval.
        answer: The first screen, in words.
        sections: What follows, in the order it is read.
        absent: The sections it does not have, and why.
        about: The files it is made from and the question, as far as they are known.
        explanation: Why the low group is unhappy, as ``explain_detractors`` says it.
        source: The tables that it is made from; only the spreadsheet reads them.
    """

    title: str
    language: str
    rating: str
    score: Score
    answer: Answer
    sections: tuple[Section, ...]
    absent: tuple[Absent, ...] = ()
    about: str = ""
    explanation: Explanation = field(repr=False)
    source: Source = field(repr=False)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The full tables of all sections, by name."""
        return {name: table for part in self.sections for name, table in part.tables.items()}

    def section(self, id: str) -> Section:
        """Return the section with that id.

        Raises:
            FeedbackError: The report has none.
        """
        found = {section.id: section for section in self.sections}
        if id not in found:
            raise FeedbackError(f"No section {id!r} in this report; it has {shorten_list(found)}.")
        return found[id]

    def write(self, path: str | Path) -> Path:
        """Write the report; the ending picks the format.

        The file appears whole or not at all; the same report gives the same bytes.

        Args:
            path: A file that ends in ``.html``, ``.md``, ``.json`` or ``.xlsx``.

        Raises:
            FeedbackError: Another ending.
            FileFormatError: The file cannot be written.
        """
        from feedback_nlp.report.writing import write_report

        return write_report(self, path)

    def _repr_html_(self) -> str:
        """Return the answer in short, as a notebook shows it."""
        answer = self.answer
        reasons = "".join(
            f"<li><strong>{escape_html(one.name)}</strong>: {escape_html(one.gain)} "
            f"({escape_html(one.interval)}). {escape_html(one.short)}</li>"
            for one in answer.reasons
        )
        sections = ", ".join(escape_html(section.nav) for section in self.sections)
        return (
            f'<section lang="{escape_html(self.language)}"><h3>{escape_html(self.title)}</h3>'
            f"<p><strong>{escape_html(answer.name)} {escape_html(answer.value)}</strong> "
            f"({escape_html(answer.between)})</p><h4>{escape_html(answer.reasons_title)}</h4>"
            + (f"<ol>{reasons}</ol>" if reasons else "")
            + f"<p>{escape_html(answer.start or answer.reasons_note)}</p>"
            f'<p><small>{sections}. <code>.write("report.html")</code></small></p></section>'
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values: numbers, sentences and tables, no customers' names."""
        left_out = ("explanation", "source")
        return {
            f.name: plain(getattr(self, f.name)) for f in fields(self) if f.name not in left_out
        }


def plain(value: Any) -> Any:  # noqa: ANN401
    """Return a value as what JSON knows: records as dictionaries, missing numbers as ``None``.

    A table becomes one dictionary a row; signs that are not seen leave every text.
    """
    if isinstance(value, Score):
        return plain(value.to_dict())
    if is_dataclass(value) and not isinstance(value, type):
        shown = [f for f in fields(value) if f.repr]
        return {f.name: plain(getattr(value, f.name)) for f in shown}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, pd.DataFrame):
        return plain(value.to_dict("records"))
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return visible(value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if pd.isna(value) or (isinstance(value, float) and not isfinite(value)):
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value
