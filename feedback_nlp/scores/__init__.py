"""Scores made of ratings, with intervals: satisfaction, loyalty, targets, segments, time, traps."""

from feedback_nlp.scores.benchmarks import Judgement, judge, judge_all
from feedback_nlp.scores.choosing import (
    definition_of,
    metric_of,
)
from feedback_nlp.scores.definitions import Definition, define
from feedback_nlp.scores.difference_table import difference_table
from feedback_nlp.scores.differences import Differences, difference, differences
from feedback_nlp.scores.indexes.agreement import cohen_kappa, krippendorff_alpha
from feedback_nlp.scores.indexes.csi import acsi, csi, csi_of_means
from feedback_nlp.scores.indexes.csi_tables import csi_table
from feedback_nlp.scores.indexes.reliability import cronbach_alpha
from feedback_nlp.scores.indexes.secure import secure_customer_index
from feedback_nlp.scores.intervals import (
    mean_interval,
    nps_adjusted_wald,
    nps_score_interval,
    wilson,
)
from feedback_nlp.scores.lifecycle import (
    acquisition_rate,
    churn_rate,
    net_growth,
    retention_rate,
)
from feedback_nlp.scores.lifecycle_table import lifecycle_table
from feedback_nlp.scores.multiple import benjamini_hochberg
from feedback_nlp.scores.over_time.control import ControlChart, control_chart
from feedback_nlp.scores.over_time.trends import before_after, change_table
from feedback_nlp.scores.over_time.windows import moving_window
from feedback_nlp.scores.sampling import (
    margin_of_error,
    nps_margin_of_error,
    nps_variance,
    response_rate,
    sample_size,
    sample_size_for_nps_difference,
    sample_size_for_nps_margin,
)
from feedback_nlp.scores.score_interval import mean_score_interval
from feedback_nlp.scores.sheet import ScoreSheet, score_sheet
from feedback_nlp.scores.spread import Distribution, distribution
from feedback_nlp.scores.survey import ces, csat, nps, score_of
from feedback_nlp.scores.table import PERIODS, period_of, score_table
from feedback_nlp.scores.targets import Target, load_targets
from feedback_nlp.scores.traps.ceilings import Ceiling, ceiling
from feedback_nlp.scores.traps.hidden import hidden_groups
from feedback_nlp.scores.traps.sensitivity import sensitivity
from feedback_nlp.scores.traps.suspicious import suspicious_answers
from feedback_nlp.scores.traps.writers import ResponseBias, response_bias, response_shares

__all__ = [
    "PERIODS",
    "Ceiling",
    "ControlChart",
    "Definition",
    "Differences",
    "Distribution",
    "Judgement",
    "ResponseBias",
    "ScoreSheet",
    "Target",
    "acquisition_rate",
    "acsi",
    "before_after",
    "benjamini_hochberg",
    "ceiling",
    "ces",
    "change_table",
    "churn_rate",
    "cohen_kappa",
    "control_chart",
    "cronbach_alpha",
    "csat",
    "csi",
    "csi_of_means",
    "csi_table",
    "define",
    "definition_of",
    "difference",
    "difference_table",
    "differences",
    "distribution",
    "hidden_groups",
    "judge",
    "judge_all",
    "krippendorff_alpha",
    "lifecycle_table",
    "load_targets",
    "margin_of_error",
    "mean_interval",
    "mean_score_interval",
    "metric_of",
    "moving_window",
    "net_growth",
    "nps",
    "nps_adjusted_wald",
    "nps_margin_of_error",
    "nps_score_interval",
    "nps_variance",
    "period_of",
    "response_bias",
    "response_rate",
    "response_shares",
    "retention_rate",
    "sample_size",
    "sample_size_for_nps_difference",
    "sample_size_for_nps_margin",
    "score_of",
    "score_sheet",
    "score_table",
    "secure_customer_index",
    "sensitivity",
    "suspicious_answers",
    "wilson",
]
