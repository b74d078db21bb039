"""What the themes of a taxonomy are described by, as vectors: to find a theme nobody labelled.

Names, definitions, examples and phrases of a theme become vectors of what they mean
(``embeddings``), less what all customer comments have in common. Everything is rounded to a grid,
so that all products are exact and no batch changes an answer.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from feedback_nlp.flat import Ints, runs
from feedback_nlp.parsed import ParsedBatch
from feedback_nlp.tagging.embeddings import Embeddings
from feedback_nlp.tagging.readings import Floats
from feedback_nlp.tagging.stretches import first_highest
from feedback_nlp.taxonomy import Taxonomy, Theme

_GRID = 2.0**14
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_FULL = 0.5  # a word whose vector is as long as this counts fully; "the" has 0.1
_REMEMBERED = 50_000  # words
_AT_ONCE = 2_000  # words; more are taken in turns, which bounds the memory


def on_grid(values: Floats) -> Floats:
    """Return values rounded, so that sums of their products are exact."""
    rounded: Floats = np.round(values * _GRID) / _GRID
    return rounded


def words_of(text: str) -> list[str]:
    """Return the words of a text, in lower case.

    Example:
        >>> words_of("Wi-Fi, e.g. in the Café")
        ['wi-fi', 'e', 'g', 'in', 'the', 'café']
    """
    return [word.lower() for word in _WORD.findall(text)]


def unit(rows: Floats) -> Floats:
    """Return rows of length one, rounded; zeros stay zeros."""
    lengths = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
    return on_grid(np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0))


@dataclass(frozen=True)
class Space:
    """Where meanings are compared.

    Attributes:
        embeddings: The vectors of words.
        mean: What all clauses of customers have in common.
    """

    embeddings: Embeddings
    mean: Floats

    def place(self, sums: Floats) -> Floats:
        """Return the meaning of stretches, of length one.

        Args:
            sums: The sum of the vectors of each stretch's words.
        """
        rows = unit(sums)
        return unit(rows - on_grid(self.mean) * rows.any(axis=1, keepdims=True))

    def of(self, texts: Sequence[str]) -> Floats:
        """Return the meaning of texts."""
        return self.place(self.embeddings.sums(texts))


@dataclass(frozen=True)
class Texts:
    """What is written of one theme.

    Attributes:
        names: Its names, in all languages.
        definitions: Its definition; of a top theme those of its sub-themes as well.
        examples: Comments that mention it.
        phrases: Phrases that name it, without their notation.
    """

    names: tuple[str, ...]
    definitions: tuple[str, ...]
    examples: tuple[str, ...]
    phrases: tuple[str, ...]

    def words(self) -> list[str]:
        """Return the words of names and definitions, in lower case."""
        return sorted({w for text in (*self.names, *self.definitions) for w in words_of(text)})


def texts_of(theme: Theme, children: Iterable[Theme] = ()) -> Texts:
    """Return what is written of a theme.

    Args:
        theme: The theme.
        children: Its sub-themes.

    Example:
        >>> texts_of(Theme(id="tour_guides", phrases={"en": ("guide*", "!guided missile")}))
        Texts(names=('Tour guides',), definitions=(), examples=(), phrases=('guide',))
    """
    below = [text for child in children for text in (child.name(), child.definition)]
    phrases = [p for each in theme.phrases.values() for p in each if not p.startswith("!")]
    return Texts(
        names=tuple(dict.fromkeys(theme.names.values())) or (theme.name(),),
        definitions=tuple(text for text in (theme.definition, *below) if text),
        examples=tuple(dict.fromkeys(theme.examples)),
        phrases=tuple(dict.fromkeys(p.replace("*", "").replace("..", " ") for p in phrases)),
    )


def taxonomy_texts(taxonomy: Taxonomy) -> list[Texts]:
    """Return what is written of each theme of a taxonomy."""
    below: dict[str, list[Theme]] = {}
    for theme in taxonomy.themes:
        if theme.id != theme.parent:
            below.setdefault(theme.parent, []).append(theme)
    return [texts_of(theme, below.get(theme.id, ())) for theme in taxonomy.themes]


@dataclass(frozen=True)
class Descriptions:
    """The themes of a taxonomy as vectors, one row a theme unless said otherwise.

    Attributes:
        space: Where they are compared.
        whole: All that is written of the theme; each kind of text counts the same.
        examples: The vectors of each theme's examples; ``whole`` where there are none.
        words: The vectors of the words of names and definitions, as long as they count.
        word_of: The theme of each of these words.
    """

    space: Space
    whole: Floats
    examples: tuple[Floats, ...]
    words: Floats
    word_of: Ints
    _seen: dict[str, Floats] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, texts: Sequence[Texts], space: Space) -> "Descriptions":
        """Describe themes.

        Args:
            texts: What is written of each.
            space: Where they are compared.
        """
        kinds = [
            [t for t in (one.names, one.definitions, one.examples, one.phrases) if t]
            for one in texts
        ]
        means = [sum(space.of(t).mean(axis=0) for t in each) for each in kinds]
        whole = unit(np.array(means))
        words = [one.words() for one in texts]
        flat = space.embeddings.sums([word for each in words for word in each])
        return cls(
            space=space,
            whole=whole,
            examples=tuple(
                space.of(one.examples) if one.examples else whole[[at]]
                for at, one in enumerate(texts)
            ),
            words=_counted(space, flat),
            word_of=np.repeat(np.arange(len(texts)), [len(each) for each in words]),
        )

    def nearest_example(self, rows: Floats) -> Floats:
        """Return row × theme: how like its nearest example."""
        return np.stack([(rows @ each.T).max(axis=1) for each in self.examples], axis=1)

    def shared_words(self, batch: ParsedBatch) -> Floats:
        """Return clause × theme: how like the theme's words are the two that are most like them.

        Args:
            batch: The comments; all of their known words are looked at.
        """
        clauses, count = batch.clauses, len(batch.words.known)
        at, first = runs(clauses.start, clauses.end - clauses.start)
        clause = np.repeat(np.arange(len(clauses)), np.diff(first))
        clause, word = np.divmod(np.unique(clause * count + batch.words.word[at]), max(count, 1))
        begin = np.flatnonzero(np.diff(clause, prepend=-1))
        rows = self._word_rows(batch.words.known)
        out = np.zeros((len(clauses), len(self.whole)))
        for theme, like in enumerate(rows.T):
            values = like[word]
            best = first_highest(values, begin)
            out[:, theme] = values[best]
            values[best] = -np.inf
            other = np.maximum.reduceat(values, begin) if len(begin) else values
            out[:, theme] += np.where(np.isfinite(other), other, 0.0)
        return out

    def nearest_words(self, batch: ParsedBatch, clause: Ints, theme: Ints) -> Ints:
        """Return which word of a clause is nearest to a word of a theme, counted over the batch.

        Args:
            batch: The comments; all of their known words are looked at.
            clause: The number of each clause.
            theme: The number of each theme.
        """
        start, end = batch.clauses.start[clause], batch.clauses.end[clause]
        at, first = runs(start, end - start)
        rows = self._word_rows(batch.words.known)
        values = rows[batch.words.word[at], np.repeat(theme, np.diff(first))]
        return at[first_highest(values, first[:-1])]

    def _word_rows(self, words: Sequence[str]) -> Floats:
        """Return word × theme: how like the theme's words each is."""
        found = {word: row for word in words if (row := self._seen.get(word)) is not None}
        new = sorted({word for word in words if word not in found})
        for start in range(0, len(new), _AT_ONCE):
            part = new[start : start + _AT_ONCE]
            like = _counted(self.space, self.space.embeddings.sums(part)) @ self.words.T
            rows = np.zeros((len(part), len(self.whole)))
            for column, theme in enumerate(self.word_of):
                np.maximum(rows[:, theme], like[:, column], out=rows[:, theme])
            found.update(zip(part, rows, strict=True))
        if len(self._seen) + len(new) > _REMEMBERED:
            self._seen.clear()
        self._seen.update((word, found[word]) for word in new)
        return np.array([found[word] for word in words]).reshape(-1, len(self.whole))


def _counted(space: Space, sums: Floats) -> Floats:
    """Return the vectors of words, as long as the words count."""
    lengths = np.sqrt((sums * sums).sum(axis=1, keepdims=True))
    return on_grid(unit(unit(sums) - on_grid(space.mean) / 2) * np.minimum(lengths / _FULL, 1.0))
