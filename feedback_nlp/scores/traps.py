"""The traps in a good score: what an average hides, what cannot rise, and whose words they are."""

from feedback_nlp.scores.ceilings import Ceiling, ceiling
from feedback_nlp.scores.hidden import hidden_groups
from feedback_nlp.scores.writers import ResponseBias, response_bias, response_shares

__all__ = [
    "Ceiling",
    "ResponseBias",
    "ceiling",
    "hidden_groups",
    "response_bias",
    "response_shares",
]
