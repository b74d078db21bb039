"""Scores made of ratings: NPS, CSAT and CES, overall, by segment and by period, with intervals."""

from feedback_nlp.scores.choosing import (
    definition_of,
    metric_of,
)
from feedback_nlp.scores.definitions import Definition, define
from feedback_nlp.scores.intervals import (
    mean_interval,
    nps_adjusted_wald,
    nps_score_interval,
    wilson,
)
from feedback_nlp.scores.multiple import benjamini_hochberg
from feedback_nlp.scores.survey import ces, csat, nps, score_of
from feedback_nlp.scores.table import PERIODS, period_of, score_table

__all__ = [
    "PERIODS",
    "Definition",
    "benjamini_hochberg",
    "ces",
    "csat",
    "define",
    "definition_of",
    "mean_interval",
    "metric_of",
    "nps",
    "nps_adjusted_wald",
    "nps_score_interval",
    "period_of",
    "score_of",
    "score_table",
    "wilson",
]
