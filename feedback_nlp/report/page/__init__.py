"""The report as a page: one file that loads nothing."""
