"""What the rules say of each clause and theme, as arrays that a model can weigh.

``ClauseTable`` lays the clauses of a batch of comments in one row of arrays; ``RuleLayer`` holds
what the rules found in each: themes, polarities, opinions, function words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.parsed import ParsedBatch
from feedback_nlp.records import Polarity
from feedback_nlp.tagging.protocols import Judged, ThemeSpan
from feedback_nlp.tagging.stretches import clause_words, linked
from feedback_nlp.taxonomy import Taxonomy
from feedback_nlp.text import ParsedComment

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SIDES: tuple[Polarity, ...] = ("negative", "neutral", "positive")
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
    general: NDArray[np.bool_]

    @classmethod
    def of(cls, taxonomy: Taxonomy) -> "Themes":
        """Number the themes of a taxonomy."""
        tops = tuple(dict.fromkeys(theme.parent for theme in taxonomy.themes))
        return cls(
            ids=tuple(taxonomy.ids),
            tops=tops,
            top_of=np.array([tops.index(theme.split(".", 1)[0]) for theme in taxonomy.ids]),
            general=np.array([top in taxonomy.general for top in tops]),
        )

    def by_top(self, values: Floats, empty: float = 0.0) -> Floats:
        """Return the highest of each top theme and its sub-themes; ``values`` has one column each.

        Args:
            values: One column a theme.
            empty: What is returned where nothing is higher.
        """
        highest = np.full((len(values), len(self.tops)), empty)
        for column, top in enumerate(self.top_of):
            np.maximum(highest[:, top], values[:, column], out=highest[:, top])
        return highest


@dataclass(frozen=True)
class ClauseTable:
    """The clauses of a batch of comments.

    Attributes:
        batch: The comments.
    """

    batch: ParsedBatch

    @classmethod
    def of_comments(cls, comments: Sequence[ParsedComment]) -> "ClauseTable":
        """Lay out the clauses of some comments."""
        return cls(ParsedBatch.of(comments))

    def __len__(self) -> int:
        return len(self.batch.clauses)

    @property
    def comments(self) -> ParsedBatch:
        """The comments."""
        return self.batch

    @property
    def of(self) -> Ints:
        """The number of the comment of each clause."""
        return self.batch.clauses.comment

    @property
    def first(self) -> Ints:
        """The number of the first clause of each comment."""
        return self.batch.clauses.first[:-1]

    @cached_property
    def words(self) -> list[tuple[str, ...]]:
        """The words of each clause."""
        return clause_words(self.batch)

    @cached_property
    def linked(self) -> NDArray[np.bool_]:
        """Whether a clause and the one after it are of one sentence, without a contrast."""
        return linked(self.batch)


@dataclass(frozen=True, slots=True)
class RuleLayer:
    """What the rules say.

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


def rule_layer(
    table: ClauseTable,
    spans: Sequence[Sequence[ThemeSpan]],
    judged: Sequence[Judged],
    themes: Themes,
) -> RuleLayer:
    """Return what the rules found in the comments of a table, as arrays.

    Args:
        table: The clauses.
        spans: The themes that the rules found in each comment.
        judged: What they say of them.
        themes: The themes, numbered.
    """
    from feedback_nlp.tagging.opinions import read_opinions
    from feedback_nlp.tagging.protocols import Reading
    from feedback_nlp.tagging.readings import Readings
    from feedback_nlp.tagging.rule_layers import rule_layer as layer_of

    each = [Reading(here, what) for here, what in zip(spans, judged, strict=True)]
    readings = Readings.of(each, table.batch, themes.ids)
    return layer_of(table.batch, readings, read_opinions(table.batch), themes)
