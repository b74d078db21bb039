"""Themes that no model was trained for, from a network that tells what follows from a text.

For each theme it is asked whether the comment entails "This is about: Delivery." Top themes are
asked for first, sub-themes only of those that are there, themes without a subject only where
nothing else is; then, of the clauses of the comment, which speak of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from feedback_nlp.errors import ModelError
from feedback_nlp.flat import Bools, Ints, runs
from feedback_nlp.hub.network import NetworkSpec
from feedback_nlp.parsed import ParsedBatch
from feedback_nlp.tagging.custom import said_of
from feedback_nlp.tagging.layers import Themes
from feedback_nlp.tagging.readings import SOURCE_ORDER, UNKNOWN, Floats, Found, Readings
from feedback_nlp.tagging.rules import read_rules
from feedback_nlp.tagging.stretches import evidence, with_own_words
from feedback_nlp.taxonomy import Taxonomy, Theme

HYPOTHESES: Mapping[str, str] = {
    "nl": "Dit gaat over: {theme}.",
    "en": "This is about: {theme}.",
    "nb": "Dette handler om: {theme}.",
    "lv": "Šis ir par tēmu: {theme}.",
    "de": "Hier geht es um: {theme}.",
    "fr": "Il s'agit de : {theme}.",
    "es": "Se trata de: {theme}.",
}
_DIGITS = 4


@dataclass(frozen=True)
class Entailment:
    """Finds the themes of a taxonomy.

    Attributes:
        taxonomy: The themes.
        spec: Which network.
        entailed: The number of its label ``entailment``.
        hypotheses: What is asked, by language; ``{theme}`` is the name of the theme in that
            language, ``{definition}`` its definition. ``en`` is asked where a language, or the name
            in it, is missing.
        threshold: The least probability of a theme that is named.
    """

    taxonomy: Taxonomy
    spec: NetworkSpec
    entailed: int
    hypotheses: Mapping[str, str]
    threshold: float

    def read(self, said: Readings, *, judge: bool) -> tuple[Readings, Bools]:
        """Return the themes of comments in the place of those that were found.

        Args:
            said: What was said of them; all have clauses.
            judge: Say what is said of each as the compact model does; else it stays unknown.

        Returns:
            The same with other themes, and which comments were too long to be read whole.
        """
        asked = _Asked(self, said.batch)
        comment, theme, likely = self._named(asked)
        found = self._found(asked, comment, theme, likely)
        unknown = np.full(len(found), UNKNOWN, dtype=np.int64)
        read = replace(
            said,
            found=found,
            polarity=unknown,
            polarity_confidence=np.full(len(found), np.nan),
        )
        return _judged(read, self.taxonomy) if judge and len(found) else read, asked.cut

    def hypothesis(self, theme: Theme, language: str) -> str:
        """Return what is asked of a theme in a language.

        Args:
            theme: The theme.
            language: The code of the language of the comment.
        """
        wanted = language if language in self.hypotheses else "en"
        name, spoken = theme_name(self.taxonomy, theme, wanted)
        wording = self.hypotheses.get(spoken) or self.hypotheses["en"]
        return wording.format(theme=name, definition=theme.definition or name)

    def _named(self, asked: "_Asked") -> tuple[Ints, Ints, Floats]:
        """Return comment, theme and probability of what is named."""
        themes, size = Themes.of(self.taxonomy), len(asked.batch)
        rows = np.arange(size)
        tops = self._over(asked, rows, themes.own[~themes.general])
        silent = np.setdiff1d(rows, tops[0])
        general = self._over(asked, silent, themes.own[themes.general])
        comment, theme, likely = (np.concatenate(both) for both in zip(tops, general, strict=True))
        subs = [(themes.top_of == themes.top_of[top]) & ~themes.is_top for top in theme]
        each = [np.flatnonzero(which) for which in subs]
        counts = np.array([len(some) for some in each], dtype=np.int64)
        empty = np.zeros(0, dtype=np.int64)
        below = self._likely(
            asked, comment.repeat(counts), np.concatenate([*each, empty]).astype(np.int64)
        )
        named = np.bincount(np.arange(len(each)).repeat(counts)[below[3]], minlength=len(each)) > 0
        return (
            np.concatenate([comment[~named], below[0]]),
            np.concatenate([theme[~named], below[1]]),
            np.concatenate([likely[~named], below[2]]),
        )

    def _over(self, asked: "_Asked", comments: Ints, themes: Ints) -> tuple[Ints, Ints, Floats]:
        """Return comment, theme and probability of those of some themes that are likely."""
        pairs = comments.repeat(len(themes)), np.tile(themes, len(comments))
        return self._likely(asked, *pairs)[:3]

    def _likely(
        self, asked: "_Asked", comment: Ints, theme: Ints
    ) -> tuple[Ints, Ints, Floats, Bools]:
        """Return those pairs that are likely, how likely, and which they are."""
        likely = asked.comments(comment, theme)
        chosen: Bools = likely >= self.threshold
        return comment[chosen], theme[chosen], likely[chosen], chosen

    def _found(self, asked: "_Asked", comment: Ints, theme: Ints, likely: Floats) -> Found:
        """Return themes in the clauses that speak of them: at least the one that does most."""
        batch = asked.batch
        first, counts = batch.clauses.first[:-1][comment], batch.clauses.counts[comment]
        clause, begin = runs(first, counts)
        pair = np.arange(len(comment)).repeat(counts)
        worth = np.ones(len(clause))
        several = counts[pair] > 1
        worth[several] = asked.clauses(clause[several], theme[pair[several]])
        chosen = worth >= self.threshold
        if len(comment):
            highest = np.maximum.reduceat(worth, begin[:-1])[pair]
            at = np.where(worth == highest, np.arange(len(clause)), len(clause))
            chosen[np.minimum.reduceat(at, begin[:-1])] = True
        clause, pair = clause[chosen], pair[chosen]
        order = np.lexsort((theme[pair], clause))
        clause, pair = clause[order], pair[order]
        start, end = batch.clauses.start[clause], batch.clauses.end[clause]
        begins, ends = evidence(batch, start, end)
        return Found(
            comment=comment[pair], theme=theme[pair], confidence=np.round(likely[pair], _DIGITS),
            clause=clause, phrase_start=start, phrase_end=end, start=begins, end=ends,
            source=np.full(len(clause), SOURCE_ORDER.index("model"), dtype=np.int64),
        )  # fmt: skip


class _Asked:
    """What is asked of one batch, and which of its comments were too long."""

    def __init__(self, finds: Entailment, batch: ParsedBatch) -> None:
        self.batch = batch
        self.cut: Bools = np.zeros(len(batch), dtype=np.bool_)
        self._finds = finds

    def comments(self, comment: Ints, theme: Ints) -> Floats:
        """Return how likely each comment speaks of a theme."""
        return self._ask([self.batch.texts[at] for at in comment.tolist()], comment, theme)

    def clauses(self, clause: Ints, theme: Ints) -> Floats:
        """Return how likely each clause speaks of a theme."""
        texts = [clause_text(self.batch, at) for at in clause.tolist()]
        return self._ask(texts, self.batch.clauses.comment[clause], theme)

    def _ask(self, texts: Sequence[str], comment: Ints, theme: Ints) -> Floats:
        finds, languages = self._finds, self.batch.languages
        themes = finds.taxonomy.themes
        asked = [
            finds.hypothesis(themes[number], languages[at])
            for number, at in zip(theme.tolist(), comment.tolist(), strict=True)
        ]
        likely, cut = finds.spec.load().probabilities(texts, asked)
        self.cut[comment[cut]] = True
        return likely[:, finds.entailed].astype(np.float64)


def clause_text(batch: ParsedBatch, clause: int) -> str:
    """Return the text of a clause, with its marks.

    Args:
        batch: The comments.
        clause: Its number.

    Example:
        >>> from feedback_nlp.text import parse
        >>> batch = ParsedBatch.of(parse(["Clean, but the porter was rude!"], ["en"]))
        >>> clause_text(batch, 1)
        'but the porter was rude!'
    """
    words, clauses = batch.words, batch.clauses
    start = int(words.start[clauses.start[clause]])
    end = int(words.end[clauses.end[clause] - 1])
    return batch.texts[int(clauses.comment[clause])][start:end]


def theme_name(taxonomy: Taxonomy, theme: Theme, language: str) -> tuple[str, str]:
    """Return the name of a theme, a sub-theme's with that of its parent, and its language.

    Args:
        taxonomy: The themes.
        theme: One of them.
        language: The language that is wanted; English if both names are not there in it.

    Example:
        >>> from feedback_nlp.taxonomy import load_taxonomy
        >>> themes = load_taxonomy()
        >>> theme_name(themes, themes["service.waiting_time"], "nl")
        ('Wachttijd (Service)', 'nl')
    """
    parent = taxonomy[theme.parent]
    spoken = language if language in theme.names and language in parent.names else "en"
    name = theme.name(spoken)
    return (name if theme is parent else f"{name} ({parent.name(spoken)})"), spoken


def check_hypotheses(given: str | Mapping[str, str] | None) -> Mapping[str, str]:
    """Return what is asked by language.

    Args:
        given: One wording for all languages, or one for each; ``None`` for those that come along.

    Raises:
        ModelError: A wording has no place for the theme, or ``en`` is missing.

    Example:
        >>> check_hypotheses("It says: {definition}")
        {'en': 'It says: {definition}'}
    """
    if given is None:
        return HYPOTHESES
    wordings = {"en": given} if isinstance(given, str) else dict(given)
    if "en" not in wordings:
        raise ModelError(
            "hypothesis= needs a wording for 'en', which other languages fall back on."
        )
    for language, wording in wordings.items():
        try:
            one, other = (wording.format(theme=name, definition=name) for name in ("a", "b"))
        except (KeyError, IndexError, ValueError, AttributeError):
            one = other = ""
        if one == other:
            raise ModelError(
                f"hypothesis= for {language!r} is {wording!r}; it takes a sentence with {{theme}} "
                "or {definition} in it, such as 'This is about: {theme}.'"
            )
    return wordings


def _judged(said: Readings, taxonomy: Taxonomy) -> Readings:
    """Return themes with what is said of each, as the compact model says it."""
    from feedback_nlp.tagging.store import shipped_model

    compact = shipped_model()
    scores = compact.score(said.batch)
    named = read_rules(with_own_words(scores.batch), scores.opinions, taxonomy)
    _, sides = said_of(compact, scores, named, said.found, taxonomy)
    return replace(said, polarity=sides.argmax(axis=1), polarity_confidence=sides.max(axis=1))
