"""What the rules say of each clause and theme, as arrays that a model can weigh."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from feedback_nlp.flat import Bools, Ints
from feedback_nlp.tagging.readings import Floats
from feedback_nlp.taxonomy import Taxonomy

SAID_OF = (
    "negators", "stance", "intensifiers", "downtoners", "wishes",
    "past", "now", "elsewhere", "said",
)  # fmt: skip
MARKS = ("praise", "blame", "neutral", *SAID_OF, "contrast", "?", "!", "asked", "quoted")


@dataclass(frozen=True, slots=True)
class Themes:
    """The themes of a taxonomy, numbered.

    Attributes:
        ids: All of them.
        tops: The top themes.
        top_of: The number of the top theme of each.
        general: Which top themes have no subject.
    """

    ids: tuple[str, ...]
    tops: tuple[str, ...]
    top_of: Ints
    general: Bools

    @classmethod
    @cache
    def of(cls, taxonomy: Taxonomy) -> "Themes":
        """Number the themes of a taxonomy."""
        tops = tuple(dict.fromkeys(theme.parent for theme in taxonomy.themes))
        return cls(
            ids=tuple(taxonomy.ids),
            tops=tops,
            top_of=np.array([tops.index(theme.split(".", 1)[0]) for theme in taxonomy.ids]),
            general=np.array([top in taxonomy.general for top in tops]),
        )

    @property
    def is_top(self) -> Bools:
        """Which themes are top themes."""
        return np.array([theme in self.tops for theme in self.ids], dtype=np.bool_)

    def by_top(self, values: Floats, empty: float = 0.0) -> Floats:
        """Return the highest of each top theme and its sub-themes; ``values`` has one column each.

        Args:
            values: One column a theme.
            empty: What is returned where nothing is higher.
        """
        highest = np.full((len(values), len(self.tops)), empty, order="F")
        for column, top in enumerate(self.top_of.tolist()):
            np.maximum(highest[:, top], values[:, column], out=highest[:, top])
        return highest


@dataclass(frozen=True, slots=True)
class RuleLayer:
    """What the rules say. A column of clauses is one stretch of memory, as columns are worked on.

    Attributes:
        found: Clause × theme: 1 where a phrase names the theme.
        judged: Clause × theme: 1 where its polarity is known as well.
        said: Clause × top theme × polarity: the confidence of the rules in it, 0 where not said.
        clause: Clause × ``MARKS``: what is said in it of anything.
        comment: Comment × what is said in all of it.
    """

    found: Floats
    judged: Floats
    said: Floats
    clause: Floats
    comment: Floats
