"""The report as a spreadsheet: a summary, every full table, the mentions, what each column is."""

from feedback_nlp.report.workbook.writing import to_xlsx

__all__ = ["to_xlsx"]
