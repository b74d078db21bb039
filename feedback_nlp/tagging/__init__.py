"""From comments to mentions: the tagger and the models behind it."""

from feedback_nlp.tagging.store import load_tagger
from feedback_nlp.tagging.tagger import Tagger, Tagging

__all__ = ["Tagger", "Tagging", "load_tagger"]
