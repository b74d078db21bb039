"""From comments to mentions: the tagger, the models behind it, and how often they are right.

Names are loaded when they are asked for, so that a tagger is ready without what measures it.
"""

from typing import TYPE_CHECKING

from feedback_nlp.lazy import on_demand

if TYPE_CHECKING:
    from feedback_nlp.tagging.aspects import read_aspects
    from feedback_nlp.tagging.evaluation import (
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
    from feedback_nlp.tagging.transformer_store import load_transformer

_HOMES = {
    "aspects": ["read_aspects"],
    "evaluation": [
        "Evaluation", "dummy_tagging", "evaluate", "evaluate_tagging", "evaluate_with_baselines",
    ],
    "labelled": ["LabelledComment", "read_labelled", "write_labels"],
    "store": ["load_tagger"],
    "tagger": ["Tagger", "Tagging"],
    "train": ["train_tagger"],
    "transformer_store": ["load_transformer"],
}  # fmt: skip

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
    "load_transformer",
    "read_aspects",
    "read_labelled",
    "train_tagger",
    "write_labels",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = on_demand(__name__, _HOMES)
