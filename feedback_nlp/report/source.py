"""What every section is made from: the two tables, the score, the explanation, the language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from feedback_nlp.drivers import Explanation
from feedback_nlp.drivers.explain.findings import display_name
from feedback_nlp.records import UNKNOWN_LANGUAGE, Score
from feedback_nlp.scores import Definition, Target
from feedback_nlp.showing import safe, theme_name
from feedback_nlp.wordings import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What every section is made from.

    Attributes:
        comments: The comments table.
        mentions: The mentions of these comments.
        rating: The rating column that is explained.
        score: The score of all respondents.
        definition: How the score is made.
        explanation: Why the low group is unhappy, said in the language of the report.
        segments: Segment columns to split by.
        said: The language of the report.
        min_n: Smaller groups are neither shown nor ranked.
        seed: Of whatever is drawn by chance.
        run: How the tables were made: inputs, model, versions.
        targets: What counts as good.
        max_comments: How many comments the page holds to be read and filtered; 0 for none, and no
            single respondents either.
    """

    comments: pd.DataFrame
    mentions: pd.DataFrame
    rating: str
    score: Score
    definition: Definition
    explanation: Explanation
    segments: tuple[str, ...]
    said: Wording
    min_n: int
    seed: int
    run: Mapping[str, Any]
    targets: tuple[Target, ...] = ()
    max_comments: int = 800

    @property
    def unit(self) -> str:
        """Unit of the score: ``points``, ``percent`` or ``rating``."""
        return self.score.unit

    @property
    def low(self) -> str:
        """Name of the low group, such as ``detractors``."""
        return self.definition.groups[0]

    @property
    def top(self) -> str:
        """Name of the top group, such as ``promoters``."""
        return self.definition.groups[2]

    @property
    def name(self) -> str:
        """How the score is called in running text: "NPS", or the name of its column."""
        return self.score.metric.upper() if self.rating == self.score.metric else self.rating

    @property
    def level(self) -> str:
        """Confidence of the intervals, such as ``95%``."""
        return self.said.percent(self.score.level)

    def people(self, group: str) -> str:
        """Return a group as people: ``detractors``, ``dissatisfied respondents``."""
        return self.said.say(f"people_of.{self.score.metric}.{group}")

    def tongue(self, code: str) -> str:
        """Return what a language is called in the language of the report."""
        if code == UNKNOWN_LANGUAGE:
            return self.said.say("polarity.unknown")
        return str(self.said.locale.languages.get(code, code))

    def theme(self, theme: str, *, whole: bool = False) -> str:
        """Return how a theme is called in the language of the report.

        Args:
            theme: Its id.
            whole: Name the theme above it as well, where no name was given.
        """
        names = self.explanation.findings.names[self.said.language]
        return safe(display_name(theme, names) if whole else theme_name(theme, dict(names)))
