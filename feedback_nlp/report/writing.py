"""Writes a report in the format that the ending of the file asks for."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from feedback_nlp.errors import FeedbackError
from feedback_nlp.exports.whole import write_whole
from feedback_nlp.report.report import Report


def write_report(report: Report, path: str | Path) -> Path:
    """Write a report; see ``Report.write``."""
    ending = check_ending(path)
    return write_whole(path, _FORMATS[ending](report))


def check_ending(path: str | Path) -> str:
    """Return the ending that a report is written by.

    Raises:
        FeedbackError: No report is written in that format.

    Example:
        >>> check_ending("board.HTML")
        '.html'
    """
    ending = Path(path).suffix.lower()
    if ending not in _FORMATS:
        *first, last = _FORMATS
        raise FeedbackError(
            f"No report can be written to {Path(path).name!r}: end the name with "
            f"{', '.join(first)} or {last}."
        )
    return ending


def _html(report: Report) -> bytes:
    from feedback_nlp.report.page.html import to_html

    return to_html(report).encode("utf-8")


def _markdown(report: Report) -> bytes:
    from feedback_nlp.report.text import to_markdown

    return to_markdown(report).encode("utf-8")


def _json(report: Report) -> bytes:
    text = json.dumps(report.to_dict(), ensure_ascii=False, indent=2, allow_nan=False)
    return (text + "\n").encode("utf-8")


def _xlsx(report: Report) -> bytes:
    from feedback_nlp.report.workbook import to_xlsx

    return to_xlsx(report)


_FORMATS: Mapping[str, Callable[[Report], bytes]] = {
    ".html": _html, ".md": _markdown, ".json": _json, ".xlsx": _xlsx,
}  # fmt: skip
