"""From comments to mentions: the tagger, the models behind it, and how often they are right."""

from feedback_nlp.tagging.aspects import read_aspects
from feedback_nlp.tagging.evaluate import (
    Evaluation,
    dummy_tagging,
    evaluate,
    evaluate_tagging,
    evaluate_with_baselines,
)
from feedback_nlp.tagging.labelled import LabelledComment, read_labelled, write_labels
from feedback_nlp.tagging.store import load_tagger
from feedback_nlp.tagging.tagger import Tagger, Tagging
from feedback_nlp.tagging.train import train_tagger

__all__ = [
    "Evaluation",
    "LabelledComment",
    "Tagger",
    "Tagging",
    "dummy_tagging",
    "evaluate",
    "evaluate_tagging",
    "evaluate_with_baselines",
    "load_tagger",
    "read_aspects",
    "read_labelled",
    "train_tagger",
    "write_labels",
]
