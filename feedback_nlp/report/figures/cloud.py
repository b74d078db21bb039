"""A word cloud as a figure of the report."""

from dataclasses import dataclass

from feedback_nlp.wordings import Wording
from feedback_nlp.words import Cloud


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudDrawing:
    """A cloud; its letters are outlines, so one drawing serves every width."""

    cloud: Cloud

    def svg(self, said: Wording, width: float) -> str:
        """Return the drawing, which has the language it was made in."""
        return self.cloud.svg_text()
