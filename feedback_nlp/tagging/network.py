"""What a network says of clauses and comments, in the form that the compact model weighs.

The network reads a comment with its question and scores every piece of it; a clause is scored by
its pieces (``Pooled``). A long comment is read in windows of whole clauses, so that nothing of it
is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np

from feedback_nlp.errors import ModelError
from feedback_nlp.flat import Ints, begins, runs
from feedback_nlp.networks.network import Network, Numbers, Window
from feedback_nlp.parsed import ParsedBatch
from feedback_nlp.tagging.compact import STEPS, ClauseModel
from feedback_nlp.tagging.layers import Themes
from feedback_nlp.tagging.readings import SIDES, Floats
from feedback_nlp.text import HALF_CHARACTER

BEGIN, END = "<s>", "</s>"
QUESTION = 32  # pieces of a question that are read
WINDOW = 200  # pieces of a comment that are read at once
_GRID = np.float32(2.0**16)  # scores are multiples of its inverse, so that sums of them are exact
AnyFloats = TypeVar("AnyFloats", Floats, Numbers)
# The columns that each step weighs: those of a top theme's polarity come to the others.
NETWORK_STEPS: Mapping[str, tuple[int, int]] = {
    **STEPS, "polarity": (STEPS["polarity"][0] + len(SIDES), len(SIDES)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outputs:
    """How many numbers a network has for a piece, one kind after another.

    Attributes:
        named: Themes and top themes.
        sides: Polarity of anything.
        sides_of: Top theme × polarity.
    """

    named: int
    sides: int
    sides_of: int

    @classmethod
    def of(cls, themes: Themes) -> "Outputs":
        """Return those of a taxonomy."""
        tops = len(themes.tops)
        return cls(len(themes.ids) + tops, len(SIDES), tops * len(SIDES))


def network_outputs(themes: Themes) -> list[str]:
    """Return what a network scores: pieces for the first of these, comments for the last four."""
    return [
        *themes.ids,
        *(f"top:{top}" for top in themes.tops),
        *(f"clause:{side}" for side in SIDES),
        *(f"{top}:{side}" for top in themes.tops for side in SIDES),
        *(f"comment:{side}" for side in SIDES),
        "comment:nothing",
    ]


@dataclass(frozen=True, slots=True)
class _Cut:
    """A comment in pieces.

    Attributes:
        ids: The pieces of the comment.
        asked: Those of the question.
        first: The first piece of each clause, and one past the last of all.
    """

    ids: Sequence[int]
    asked: Sequence[int]
    first: Ints

    def windows(self, most: int) -> Iterator[tuple[int, int]]:
        """Yield the first piece of each window and one past its last.

        Args:
            most: Pieces of a window. A clause that has more is cut.
        """
        begin = 0
        for start, end in pairwise(self.first.tolist()):
            if end - begin > most and start > begin:
                yield begin, start
                begin = start
            while end - begin > most:
                yield begin, begin + most
                begin += most
        yield begin, len(self.ids)


class NetworkScorer:
    """Scores clauses and comments by a network.

    Attributes:
        network: The network.
        themes: What it scores.
        positions: The most pieces it reads at once.
        ends: The pieces that begin and end a text.
    """

    def __init__(self, network: Network, themes: Themes, positions: int) -> None:
        self.network, self.themes, self.positions = network, themes, positions
        self._outputs = Outputs.of(themes)
        begin, end = map(network.tokenizer.token_to_id, (BEGIN, END))
        if begin is None or end is None:
            raise ModelError(f"The tokenizer of {network.name} has no pieces {BEGIN} and {END}.")
        self.ends = begin, end
        pieces, comments = network.sizes
        wanted = network_outputs(themes)
        if pieces + comments != len(wanted) or comments != len(SIDES) + 1:
            raise ModelError(
                f"{network.name} does not belong to the model: it scores {pieces} things in a "
                f"clause and {comments} in a comment, wanted {len(wanted) - 4} and 4."
            )

    def score_batch(self, batch: ParsedBatch, of_clauses: int) -> tuple[Floats, Floats]:
        """Return scores of the clauses of a batch, and of its comments.

        Args:
            batch: Parsed comments; those without clauses are not read.
            of_clauses: Not used: a network always scores the same.

        Returns:
            Clause × themes, top themes, polarity, and top theme × polarity; comment × polarity and
            whether it says nothing, zeros where there are no clauses. In log-odds.
        """
        rows = batch.clauses.counts.nonzero()[0]
        cuts = self._cut(batch, rows)
        pieces, comments = self._read(cuts)
        whole = np.zeros((len(batch), comments.shape[1]))
        whole[rows] = comments
        # Each comment has a row of its beginning, then one for each piece.
        before = begins(np.array([1 + len(cut.ids) for cut in cuts], dtype=np.int64))
        firsts = [cut.first + at + 1 for cut, at in zip(cuts, before[:-1].tolist(), strict=True)]
        start = _joined([first[:-1] for first in firsts])
        end = _joined([first[1:] for first in firsts])
        # A clause without pieces of its own is in the piece before.
        return self._pooled(pieces, np.minimum(start, end - 1), end), whole

    def _cut(self, batch: ParsedBatch, rows: Ints) -> list[_Cut]:
        """Return comments in pieces."""
        tokenizer, clauses = self.network.tokenizer, batch.clauses
        texts = [HALF_CHARACTER.sub(" ", batch.texts[row]) for row in rows.tolist()]
        asked = [HALF_CHARACTER.sub(" ", batch.questions[row]) for row in rows.tolist()]
        different = list(dict.fromkeys(asked))
        cut = tokenizer.encode_batch_fast(different, add_special_tokens=False)
        questions = {q: c.ids[:QUESTION] for q, c in zip(different, cut, strict=True)}
        begin = batch.words.start[clauses.start]  # the first character of each clause
        found = []
        for row, one, question in zip(
            rows.tolist(), tokenizer.encode_batch(texts, add_special_tokens=False), asked,
            strict=True,
        ):  # fmt: skip
            here = begin[clauses.first[row] : clauses.first[row + 1]]
            last = np.array([end - 1 for _, end in one.offsets], dtype=np.int64)
            # A piece is of the clause that its last character is in.
            first = np.searchsorted(np.maximum.accumulate(last), here[1:], side="left")
            found.append(
                _Cut(one.ids, questions[question], np.array([0, *first, len(last)], dtype=np.int64))
            )
        return found

    def _read(self, cuts: Sequence[_Cut]) -> tuple[Numbers, Floats]:
        """Return what the network says: of the beginning and each piece; of each comment."""
        sizes = self.network.sizes
        windows: list[Window] = []
        of: list[int] = []
        place: list[tuple[int, int, int]] = []  # first row of a window, its pieces, those left out
        first, last = self.ends
        most = min(WINDOW, self.positions - QUESTION - 3)
        row = 0
        for comment, cut in enumerate(cuts):
            asked = [*cut.asked, last] if cut.asked else []
            for start, end in cut.windows(most):
                pieces = first, *cut.ids[start:end], last, *asked
                windows.append(Window(pieces, len(asked)))
                of.append(comment)
                again = int(start > 0)  # the beginning is that of the first window
                place.append((row + start + again, 1 + end - start, again))
            row += 1 + len(cut.ids)
        said = np.zeros((row, sizes.pieces), dtype=np.float32)
        whole = np.zeros((len(windows), sizes.comments))
        for rows, scores, comments in self.network.run(windows):
            whole[rows] = _on_grid(comments)
            for at, one in zip(rows.tolist(), scores, strict=True):
                begin, many, again = place[at]
                said[begin : begin + many - again] = one[again:many]
        worth = np.array([max(1, many - 1) for _, many, _ in place], dtype=np.float64)
        return _on_grid(said), _means(whole, worth, np.array(of, dtype=np.int64), len(cuts))

    def _pooled(self, said: Numbers, start: Ints, end: Ints) -> Floats:
        """Return what clauses score, given their pieces: the first of each and one past its last.

        What is named is as likely as where it is clearest; a polarity is the mean, that of a top
        theme the mean of the pieces that speak of it.
        """
        outputs, sizes = self._outputs, end - start
        if not len(sizes):
            return np.zeros((0, said.shape[1]))
        rows, first = runs(start, sizes)
        pieces, first = said[rows], first[:-1]
        named, sides, of = np.split(pieces, np.cumsum([outputs.named, outputs.sides]), axis=1)
        highest = np.maximum.reduceat(named, first).astype(np.float64)
        tops = slice(-(outputs.sides_of // len(SIDES)), None)
        speaks = _on_grid(np.exp(named[:, tops] - highest[:, tops].repeat(sizes, axis=0)))
        heard = speaks[:, :, None] * of.reshape(len(rows), -1, len(SIDES))
        sides_of = np.add.reduceat(heard, first) / np.add.reduceat(speaks, first)[:, :, None]
        means = np.add.reduceat(sides, first, dtype=np.float64) / sizes[:, None]
        return np.hstack([highest, means, sides_of.reshape(len(sizes), -1)])


class NetworkModel(ClauseModel[NetworkScorer]):
    """A network, rules, and what weighs them; made by ``load_tagger``."""


def _on_grid(values: AnyFloats) -> AnyFloats:
    """Return values rounded so that sums of them are exact."""
    rounded: AnyFloats = np.rint(values * _GRID) / _GRID
    return rounded


def _means(values: Floats, worth: Floats, of: Ints, size: int) -> Floats:
    """Return group × column: the means of rows, by what each is worth.

    Args:
        values: The rows.
        worth: What each counts.
        of: The group of each.
        size: How many groups there are, none of them empty.
    """
    sums = [np.bincount(of, worth * column, size) for column in values.T]
    means: Floats = np.stack(sums, axis=1) / np.bincount(of, worth, size)[:, None]
    return means


def _joined(parts: Sequence[Ints]) -> Ints:
    return np.concatenate([*parts, np.zeros(0, dtype=np.int64)])
