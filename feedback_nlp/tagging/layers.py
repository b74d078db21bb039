"""What the rules say of each clause and theme, as arrays that a model can weigh."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from feedback_nlp.flat import Bools, Ints
from feedback_nlp.tagging.readings import Floats
from feedback_nlp.taxonomy import Taxonomy

SAID_OF = (
    "negators", "stance", "intensifiers", "downtoners", "wishes",
    "past", "now", "elsewhere", "said",
)  # fmt: skip
MARKS = ("praise", "blame", "neutral", *SAID_OF, "contrast", "?", "!", "asked", "quoted")


@dataclass(frozen=True)
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
    @lru_cache(maxsize=100)
    def of(cls, taxonomy: Taxonomy) -> "Themes":
        """Number the themes of a taxonomy."""
        tops = tuple(dict.fromkeys(theme.parent for theme in taxonomy.themes))
        return cls(
            ids=tuple(taxonomy.ids),
            tops=tops,
            top_of=np.array([tops.index(theme.split(".", 1)[0]) for theme in taxonomy.ids]),
            general=np.array([top in taxonomy.general for top in tops]),
        )

    @cached_property
    def own(self) -> Ints:
        """The number of each top theme among all themes."""
        return np.array([self.ids.index(top) for top in self.tops], dtype=np.int64)

    @cached_property
    def is_top(self) -> Bools:
        """Which themes are top themes."""
        return np.isin(np.arange(len(self.ids)), self.own)

    @cached_property
    def _rounds(self) -> tuple[Ints, list[tuple[Ints, Ints]]]:
        """The first theme of each top theme; then those that have a second, and this, and so on."""
        order = np.argsort(self.top_of, kind="stable")
        tops = self.top_of[order]
        turn = np.arange(len(order)) - np.searchsorted(tops, tops)
        more = [(tops[turn == k], order[turn == k]) for k in range(1, turn.max(initial=0) + 1)]
        return order[turn == 0], more

    def by_top(self, values: Floats, empty: float = 0.0) -> Floats:
        """Return the highest of each top theme and its sub-themes; ``values`` has one column each.

        Args:
            values: One column a theme.
            empty: What is returned where nothing is higher.
        """
        columns, (first, more) = values.T, self._rounds
        highest = np.maximum(columns[first], empty)
        for tops, themes in more:
            highest[tops] = np.maximum(highest[tops], columns[themes])
        return highest.T

    def sums_by_top(self, values: Floats) -> Floats:
        """Return what each top theme and its sub-themes add up to, one after another.

        Args:
            values: One column a theme.
        """
        columns, (first, more) = values.T, self._rounds
        sums = columns[first]
        for tops, themes in more:
            sums[tops] += columns[themes]
        return sums.T


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
