"""Themes joined to ratings: which themes come with low scores, and the answer in words."""

from feedback_nlp.drivers.adjusted.gains import adjusted_gains
from feedback_nlp.drivers.base import BaseFinding, base_table, base_warnings
from feedback_nlp.drivers.change.measures import theme_before_after
from feedback_nlp.drivers.change.spikes import spikes_table
from feedback_nlp.drivers.change.table import theme_change_table
from feedback_nlp.drivers.disagree.listing import disagreement_summary, disagreements
from feedback_nlp.drivers.explain.detractors import explain_detractors
from feedback_nlp.drivers.explain.explanation import Explanation, Reason
from feedback_nlp.drivers.explain.findings import Quote, display_name
from feedback_nlp.drivers.explain.telling import tell
from feedback_nlp.drivers.impact.subthemes import subtheme_table
from feedback_nlp.drivers.impact.table import driver_table, with_unexplained
from feedback_nlp.drivers.importance.parts import importance_of
from feedback_nlp.drivers.importance.table import importance_table
from feedback_nlp.drivers.join import ThemeMatrix, theme_matrix
from feedback_nlp.drivers.pockets.table import pockets_table
from feedback_nlp.drivers.themes import theme_table
from feedback_nlp.drivers.together import together_table

__all__ = [
    "BaseFinding",
    "Explanation",
    "Quote",
    "Reason",
    "ThemeMatrix",
    "adjusted_gains",
    "base_table",
    "base_warnings",
    "disagreement_summary",
    "disagreements",
    "display_name",
    "driver_table",
    "explain_detractors",
    "importance_of",
    "importance_table",
    "pockets_table",
    "spikes_table",
    "subtheme_table",
    "tell",
    "theme_before_after",
    "theme_change_table",
    "theme_matrix",
    "theme_table",
    "together_table",
    "with_unexplained",
]
