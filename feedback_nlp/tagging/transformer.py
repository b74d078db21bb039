"""Sentiment, polarity and themes from models of the Hugging Face library, behind ``Model``.

A base model, the compact one as a rule, reads every comment first: it says which comments can be
read and whatever no other model is given for. Then each model that was given puts its own in the
place of that. Comments that are blank, of no known language, or say nothing stay as they are.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from feedback_nlp.hub.labels import SIDES as SENTIMENTS
from feedback_nlp.hub.labels import Side
from feedback_nlp.hub.network import NetworkSpec
from feedback_nlp.parsed import Bools, Ints, ParsedBatch, ParsedComment
from feedback_nlp.tagging.entailment import Entailment, clause_text, theme_name
from feedback_nlp.tagging.protocols import Model
from feedback_nlp.tagging.readings import SIDES, UNKNOWN, Floats, Readings
from feedback_nlp.tagging.turns import says_something, together
from feedback_nlp.taxonomy import Taxonomy

_DIGITS = 4  # of what is said: what a batch changes of a number is far behind them


@dataclass(frozen=True, slots=True)
class Classifier:
    """A network that tells negative from positive.

    Attributes:
        spec: Which network.
        sides: What each of its labels says.
        pairs: It reads a comment together with the name of a theme; only of polarity.
    """

    spec: NetworkSpec
    sides: tuple[Side, ...]
    pairs: bool = False

    def shares(
        self, texts: Sequence[str], others: Sequence[str] | None = None
    ) -> tuple[Floats, Bools]:
        """Return how likely each text is negative, neutral, positive and mixed.

        Args:
            texts: The texts; each different one is read once.
            others: What is read with each.

        Returns:
            Numbers of shape (texts, 4), and which texts were too long to be read whole.
        """
        keys = list(zip(texts, others or [""] * len(texts), strict=True))
        place = {key: at for at, key in enumerate(dict.fromkeys(keys))}
        firsts, seconds = [key[0] for key in place], [key[1] for key in place]
        made, cut = self.spec.load().probabilities(firsts, seconds if others else None)
        where = np.array([place[key] for key in keys], dtype=np.int64)
        of_label = np.array([[side == own for own in SENTIMENTS] for side in self.sides])
        return (made.astype(np.float64) @ of_label)[where], cut[where]


@dataclass(frozen=True)
class TransformerModel:
    """Reads comments with networks of the Hugging Face library; made by ``load_transformer``.

    It holds where these are and how they are run; each process loads them when it needs them.

    Attributes:
        taxonomy: The themes.
        base: What reads what the networks do not.
        sentiment: What tells the sentiment of whole comments, if any is given.
        polarity: What tells what is said of each theme, if any is given.
        themes: What finds themes, if any is given.
        sure: The least probability of a sentiment or polarity; below it, it is unknown.
    """

    taxonomy: Taxonomy
    base: Model
    sentiment: Classifier | None
    polarity: Classifier | None
    themes: Entailment | None
    sure: float

    def read(self, comments: Sequence[ParsedComment]) -> Readings:
        """Return the themes of each comment, what is said of each, and of the whole."""
        batch = ParsedBatch.of(comments)
        said = Readings.of(self.base.read(batch), batch, self.taxonomy.ids)
        mine = says_something(batch) & (said.status == UNKNOWN)
        rows, others = mine.nonzero()[0], (~mine).nonzero()[0]
        if not len(rows):
            return said
        read = self._read(said.take(rows))
        return together(said.batch, [(rows, read), (others, said.take(others))])

    def _read(self, said: Readings) -> Readings:
        """Return what is said of comments that say something, after what the base said."""
        batch = said.batch
        cut: dict[NetworkSpec, Bools] = {}
        if self.themes is not None:
            said, too_long = self.themes.read(said, judge=self.polarity is None)
            _note(cut, self.themes.spec, too_long)
        if self.polarity is not None and len(said.found):
            shares, too_long = _of_themes(self.polarity, said, self.taxonomy)
            _note(
                cut, self.polarity.spec, np.bincount(said.found.comment, too_long, len(batch)) > 0
            )
            side, sure = self._surest(shares)
            told = (side >= 0) & (side < len(SIDES))  # praise and blame at once is no polarity
            said = replace(
                said,
                polarity=np.where(told, side, UNKNOWN),
                polarity_confidence=np.where(told, sure, np.nan),
            )
        if self.sentiment is not None:
            shares, too_long = self.sentiment.shares(batch.texts)
            _note(cut, self.sentiment.spec, too_long)
            best, _ = self._surest(shares)
            balance = shares[:, SIDES.index("positive")] - shares[:, SIDES.index("negative")]
            said = replace(
                said,
                sentiment=best,
                sentiment_score=np.where(best == UNKNOWN, np.nan, np.round(balance, _DIGITS)),
            )
        _tell(cut)
        return said

    def _surest(self, shares: Floats) -> tuple[Ints, Floats]:
        """Return the likeliest of each row, and how likely it is; −1, NaN if not sure."""
        best, highest = shares.argmax(axis=1), shares.max(axis=1)
        sure = highest >= self.sure
        return np.where(sure, best, UNKNOWN), np.where(sure, np.round(highest, _DIGITS), np.nan)


def _of_themes(classifier: Classifier, said: Readings, taxonomy: Taxonomy) -> tuple[Floats, Bools]:
    """Return what is said of each theme that was found, and which texts were too long."""
    batch, found = said.batch, said.found
    comments = found.comment.tolist()
    if not classifier.pairs:
        return classifier.shares(
            [
                batch.texts[comment] if clause < 0 else clause_text(batch, clause)
                for comment, clause in zip(comments, found.clause.tolist(), strict=True)
            ]
        )
    themes = [taxonomy[said.themes[theme]] for theme in found.theme.tolist()]
    return classifier.shares(
        [batch.texts[comment] for comment in comments],
        [
            theme_name(taxonomy, theme, batch.languages[comment])[0]
            for comment, theme in zip(comments, themes, strict=True)
        ],
    )


def _note(cut: dict[NetworkSpec, Bools], spec: NetworkSpec, rows: Bools) -> None:
    """Add the comments that were too long for a network."""
    cut[spec] = cut[spec] | rows if spec in cut else rows


def _tell(cut: dict[NetworkSpec, Bools]) -> None:
    """Warn of comments that no network read to the end."""
    for spec, rows in cut.items():
        if rows.any():
            warnings.warn(
                f"{rows.sum():,} of {len(rows):,} comments are longer than the "
                f"{spec.load().limit} tokens that {spec.name} reads at a time; the end of these "
                "was not read.",
                stacklevel=2,
            )
