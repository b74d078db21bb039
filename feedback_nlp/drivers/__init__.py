"""Themes joined to ratings: which themes come with low scores, and the answer in words."""

from feedback_nlp.drivers.impact import driver_table
from feedback_nlp.drivers.join import ThemeMatrix, theme_matrix

__all__ = ["ThemeMatrix", "driver_table", "theme_matrix"]
