"""Respondents whose reasons are known: effects of themes planted in ratings, to be found again.

Everybody has problems and pleasures, drawn by chance; each moves the answer by a set amount; some
write, the unhappy more often, and say all they have; a tagger reads it, with errors if wanted. What
an analysis should find is then known, since the same respondents can be asked again without a
problem. It is a kind world: unless ``mood`` is asked for, nobody has problems because he or she is
unhappy anyway, and errors of the tagger fall on everybody alike.
"""

from feedback_nlp.planted.people import PLANTED, WRITING, PlantedTheme
from feedback_nlp.planted.sample import Planted, make_planted_sample

__all__ = ["PLANTED", "WRITING", "Planted", "PlantedTheme", "make_planted_sample"]
