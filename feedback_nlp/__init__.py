"""feedback_nlp: reads what customers wrote and explains the score they gave.

Names are loaded when they are asked for: importing the package alone takes a few milliseconds. So
each name stands here three times: where it comes from, what type checkers read, and that it is
public; a test tells when they differ.
"""

from typing import TYPE_CHECKING

from feedback_nlp.lazy import on_demand

if TYPE_CHECKING:
    from feedback_nlp.drivers import (
        Explanation,
        disagreements,
        driver_table,
        explain_detractors,
        importance_of,
        importance_table,
        pockets_table,
        spikes_table,
        subtheme_table,
        theme_before_after,
        theme_change_table,
        theme_table,
        together_table,
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
    from feedback_nlp.hub import TransformerEncoder, load_encoder
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
        load_transformer,
        read_labelled,
        train_tagger,
    )
    from feedback_nlp.taxonomy import Taxonomy, Theme, load_taxonomy
    from feedback_nlp.words import Cloud, emerging_words, keyness, untagged_terms, word_cloud

_HOMES = {
    "drivers": [
        "Explanation", "disagreements", "driver_table", "explain_detractors", "importance_of",
        "importance_table", "pockets_table", "spikes_table", "subtheme_table", "theme_before_after",
        "theme_change_table", "theme_table", "together_table",
    ],
    "errors": [
        "ColumnError", "FeedbackError", "FileFormatError", "MissingDependencyError", "ModelError",
        "RatingError", "TaxonomyError",
    ],
    "exports": [
        "parse_ratings", "read_comments", "write_table",
    ],
    "hub": [
        "TransformerEncoder", "load_encoder",
    ],
    "planted": [
        "make_planted_sample",
    ],
    "records": [
        "Difference", "Mention", "RatingScale", "Score", "TaggedComment",
    ],
    "report": [
        "Report", "build_report",
    ],
    "samples": [
        "make_sample",
    ],
    "schema": [
        "check_comments", "check_mentions",
    ],
    "scores": [
        "ScoreSheet", "acsi", "ces", "control_chart", "csat", "csi", "difference", "judge",
        "load_targets", "nps", "score_sheet", "score_table", "secure_customer_index",
    ],
    "tagging": [
        "Evaluation", "Tagger", "Tagging", "evaluate", "load_tagger", "load_transformer",
        "read_labelled", "train_tagger",
    ],
    "taxonomy": [
        "Taxonomy", "Theme", "load_taxonomy",
    ],
    "words": [
        "Cloud", "emerging_words", "keyness", "untagged_terms", "word_cloud",
    ],
}  # fmt: skip

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
    "TransformerEncoder",
    "acsi",
    "build_report",
    "ces",
    "check_comments",
    "check_mentions",
    "control_chart",
    "csat",
    "csi",
    "difference",
    "disagreements",
    "driver_table",
    "emerging_words",
    "evaluate",
    "explain_detractors",
    "importance_of",
    "importance_table",
    "judge",
    "keyness",
    "load_encoder",
    "load_tagger",
    "load_targets",
    "load_taxonomy",
    "load_transformer",
    "make_planted_sample",
    "make_sample",
    "nps",
    "parse_ratings",
    "pockets_table",
    "read_comments",
    "read_labelled",
    "score_sheet",
    "score_table",
    "secure_customer_index",
    "spikes_table",
    "subtheme_table",
    "theme_before_after",
    "theme_change_table",
    "theme_table",
    "together_table",
    "train_tagger",
    "untagged_terms",
    "word_cloud",
    "write_table",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = on_demand(__name__, _HOMES)
