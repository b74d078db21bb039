"""Writes a report in the format that the ending of the file asks for."""

import json
from pathlib import Path

from feedback_nlp.errors import FeedbackError
from feedback_nlp.exports.whole import write_whole
from feedback_nlp.report.report import Report

ENDINGS = (".html", ".md", ".json")


def write_report(report: Report, path: str | Path) -> Path:
    """Write a report; see ``Report.write``."""
    path = Path(path)
    return write_whole(path, report_bytes(report, path.suffix.lower()))


def report_bytes(report: Report, ending: str) -> bytes:
    """Return a report as the bytes of a file.

    Args:
        report: The report.
        ending: One of ``ENDINGS``.

    Raises:
        FeedbackError: Another ending.
    """
    if ending in (".html", ".htm"):
        from feedback_nlp.report.page.html import to_html

        return to_html(report).encode("utf-8")
    if ending == ".md":
        from feedback_nlp.report.text import to_markdown

        return to_markdown(report).encode("utf-8")
    if ending == ".json":
        text = json.dumps(report.to_dict(), ensure_ascii=False, indent=2, allow_nan=False)
        return (text + "\n").encode("utf-8")
    raise FeedbackError(
        f"No report format {ending or 'without an ending'!r}; end the file name with "
        f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}."
    )
