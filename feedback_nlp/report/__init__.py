"""The report: every number and sentence first, then HTML, Markdown, JSON and a spreadsheet."""

from feedback_nlp.report.build import MAX_COMMENTS, build_report
from feedback_nlp.report.report import Report

__all__ = ["MAX_COMMENTS", "Report", "build_report"]
