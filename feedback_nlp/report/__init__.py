"""The report: every number and sentence first, then HTML, Markdown, JSON and a spreadsheet."""

from feedback_nlp.report.build import build_report
from feedback_nlp.report.parts import Report

__all__ = ["Report", "build_report"]
