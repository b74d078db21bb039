"""feedback_nlp: reads what customers wrote and explains the score they gave."""

from feedback_nlp.drivers import (
    Explanation,
    driver_table,
    explain_detractors,
    importance_of,
    importance_table,
)
from feedback_nlp.errors import (
    ColumnError,
    FeedbackError,
    FileFormatError,
    MissingDependencyError,
    ModelError,
    RatingError,
    TaxonomyError,
)
from feedback_nlp.exports import parse_ratings, read_comments, write_table
from feedback_nlp.planted import make_planted_sample
from feedback_nlp.records import Difference, Mention, RatingScale, Score, TaggedComment
from feedback_nlp.report import Report, build_report
from feedback_nlp.samples import make_sample
from feedback_nlp.schema import check_comments, check_mentions
from feedback_nlp.scores import (
    ScoreSheet,
    acsi,
    ces,
    control_chart,
    csat,
    csi,
    difference,
    judge,
    load_targets,
    nps,
    score_sheet,
    score_table,
    secure_customer_index,
)
from feedback_nlp.tagging import (
    Evaluation,
    Tagger,
    Tagging,
    evaluate,
    load_tagger,
    read_labelled,
    train_tagger,
)
from feedback_nlp.taxonomy import Taxonomy, Theme, load_taxonomy
from feedback_nlp.words import Cloud, keyness, word_cloud

__all__ = [
    "Cloud",
    "ColumnError",
    "Difference",
    "Evaluation",
    "Explanation",
    "FeedbackError",
    "FileFormatError",
    "Mention",
    "MissingDependencyError",
    "ModelError",
    "RatingError",
    "RatingScale",
    "Report",
    "Score",
    "ScoreSheet",
    "TaggedComment",
    "Tagger",
    "Tagging",
    "Taxonomy",
    "TaxonomyError",
    "Theme",
    "acsi",
    "build_report",
    "ces",
    "check_comments",
    "check_mentions",
    "control_chart",
    "csat",
    "csi",
    "difference",
    "driver_table",
    "evaluate",
    "explain_detractors",
    "importance_of",
    "importance_table",
    "judge",
    "keyness",
    "load_tagger",
    "load_targets",
    "load_taxonomy",
    "make_planted_sample",
    "make_sample",
    "nps",
    "parse_ratings",
    "read_comments",
    "read_labelled",
    "score_sheet",
    "score_table",
    "secure_customer_index",
    "train_tagger",
    "word_cloud",
    "write_table",
]
