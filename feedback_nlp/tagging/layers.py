"""What the rules say of each clause and theme, as arrays that a model can weigh.

``ClauseTable`` lays the clauses of a batch of comments in one row of arrays; ``RuleLayer`` holds
what the rules found in each: themes, polarities, opinions, function words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.records import Polarity
from feedback_nlp.tagging.opinions import read_opinions
from feedback_nlp.tagging.protocols import Judged, ThemeSpan
from feedback_nlp.taxonomy import Taxonomy
from feedback_nlp.text import ParsedComment, question_asks

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SIDES: tuple[Polarity, ...] = ("negative", "neutral", "positive")
SAID_OF = (
    "negators", "stance", "intensifiers", "downtoners", "wishes",
    "past", "now", "elsewhere", "said",
)  # fmt: skip
_QUOTES = frozenset('"“”„«»‘')
MARKS = ("praise", "blame", "neutral", *SAID_OF, "contrast", "?", "!", "asked", "quoted")
_ASKED = {"negative": -1.0, "positive": 1.0, None: 0.0}


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


@dataclass(frozen=True, slots=True)
class ClauseTable:
    """The clauses of a batch of comments.

    Attributes:
        comments: The comments.
        of: The number of the comment of each clause.
        first: The number of the first clause of each comment.
        words: The words of each clause.
        linked: Whether a clause and the one after it are of one sentence, without a contrast.
    """

    comments: Sequence[ParsedComment]
    of: Ints
    first: Ints
    words: list[tuple[str, ...]]
    linked: NDArray[np.bool_]

    @classmethod
    def of_comments(cls, comments: Sequence[ParsedComment]) -> "ClauseTable":
        """Lay out the clauses of some comments."""
        counts = [len(comment.clauses) for comment in comments]
        clauses = [clause for comment in comments for clause in comment.clauses]
        of = np.repeat(np.arange(len(comments)), counts)
        sentence = np.array([clause.sentence for clause in clauses], dtype=np.int64)
        contrast = np.array([clause.contrast for clause in clauses], dtype=bool)
        linked = np.zeros(len(clauses), dtype=bool)
        linked[:-1] = (of[:-1] == of[1:]) & (sentence[:-1] == sentence[1:]) & ~contrast[1:]
        return cls(
            comments=comments,
            of=of,
            first=np.cumsum([0, *counts])[:-1],
            words=[
                comment.words[clause.start : clause.end]
                for comment in comments
                for clause in comment.clauses
            ],
            linked=linked,
        )

    def __len__(self) -> int:
        return len(self.words)


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
    number = {theme: at for at, theme in enumerate(themes.ids)}
    found = np.zeros((len(table), len(themes.ids)))
    known = np.zeros_like(found)
    said = np.zeros((len(table), len(themes.tops), len(SIDES)))
    verdicts = np.zeros((len(table.comments), 5))
    for at, (comment, here, what) in enumerate(zip(table.comments, spans, judged, strict=True)):
        for span, judgement in zip(here, what.mentions, strict=True):
            clause = table.first[at] + comment.clause_of(span.clause.start)
            theme = number[span.theme]
            found[clause, theme] = 1.0
            if judgement is not None:
                known[clause, theme] = 1.0
                place = clause, themes.top_of[theme], SIDES.index(judgement.polarity)
                said[place] = max(said[place], judgement.confidence)
        if what.verdict is not None:
            sentiment = what.verdict.sentiment
            verdicts[at, 0] = what.verdict.score
            verdicts[at, 1 + ("negative", "neutral", "positive", "mixed").index(sentiment)] = 1.0
    clause = _clause_marks(table)
    opinions = np.zeros((len(table.comments), 3))
    np.add.at(opinions, table.of, clause[:, :3])
    return RuleLayer(found, known, said, clause, np.hstack([verdicts, opinions]))


def _clause_marks(table: ClauseTable) -> Floats:
    """Return what stands in each clause: praise, blame, neutral words, function words, marks."""
    values: list[tuple[int, int, float]] = []
    asked = np.zeros(len(table.comments))
    for at, comment in enumerate(table.comments):
        first = table.first[at]
        opinions, roles = read_opinions(comment)
        for opinion in opinions:
            side = 0 if opinion.value > 0 else 1 if opinion.value < 0 else 2
            clause = first + comment.clause_of(opinion.start)
            values.append((clause, side, abs(opinion.value) if opinion.value else 1.0))
        for column, role in enumerate(SAID_OF, start=3):
            values += [(first + comment.clause_of(h.start), column, 1.0) for h in roles[role]]
        asked[at] = _ASKED[question_asks(comment.question, comment.language)]
    marks = np.zeros((len(table), 3 + len(SAID_OF)))
    if values:
        rows, columns, worth = zip(*values, strict=True)
        np.add.at(marks, (rows, columns), worth)
    marks[:, 3:] = marks[:, 3:] > 0
    more = [
        [
            comment_clause.contrast,
            "?" in words,
            "!" in words,
            asked[at],
            not _QUOTES.isdisjoint(words),
        ]
        for at, comment_clause, words in zip(
            table.of,
            (clause for comment in table.comments for clause in comment.clauses),
            table.words,
            strict=True,
        )
    ]
    return np.hstack([marks, np.array(more, dtype=float).reshape(-1, 5)])
