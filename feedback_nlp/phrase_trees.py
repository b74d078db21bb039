"""The tree of a phrase list as flat arrays, and the walk through it along many texts at once.

All texts are walked together, one word deeper at each step, so that the time goes with the phrases
that begin somewhere and not with Python's loops.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from feedback_nlp.flat import Bools, Ints, begins, runs

MAX_GAP = 3
STEP = 1 << 24  # more than there are words of phrases, and twice the labels
_ROOM = 8  # slots for each step of a tree, at the least
_EMPTY, _SHARED = -1, -2  # a slot of no step, and of several


@dataclass(frozen=True, eq=False, kw_only=True)
class Vocabulary:
    """What words of texts are to a tree.

    Attributes:
        number: The words of phrases that each word of a text is, the last number first.
        first: Where those of each word begin, and one past the end of all.
        branch: The places that each word leads to from the root, in the order of the numbers.
        branch_first: Where those of each word begin, and one past the end of all.
        stop: Which words no gap reaches over.
    """

    number: Ints
    first: Ints
    branch: Ints
    branch_first: Ints
    stop: Bools

    def joined(self, other: "Vocabulary") -> "Vocabulary":
        """Return these words and then those of another vocabulary."""
        return Vocabulary(
            number=np.concatenate([self.number, other.number]),
            first=np.concatenate([self.first, self.first[-1] + other.first[1:]]),
            branch=np.concatenate([self.branch, other.branch]),
            branch_first=np.concatenate(
                [self.branch_first, self.branch_first[-1] + other.branch_first[1:]]
            ),
            stop=np.concatenate([self.stop, other.stop]),
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Texts:
    """The words of some texts.

    Attributes:
        word: Which word of a vocabulary each is.
        begins: Whether a text begins with it; true as well one past the last word of all.
    """

    word: Ints
    begins: Bools

    @classmethod
    def of(cls, word: Ints, first: Ints) -> "Texts":
        """Return words as texts that begin at ``first``."""
        starts = np.zeros(len(word) + 1, dtype=np.bool_)
        starts[first] = True
        starts[-1] = True
        return cls(word=word, begins=starts)


@dataclass(frozen=True, eq=False, kw_only=True)
class Walkers:
    """Places in the tree that texts have come to, all by the same number of steps.

    Attributes:
        parent: Which of the walkers one step back each comes from; ascending.
        first: The word its phrase begins with.
        place: Its place in the tree.
        at: The word it comes to next.
        gap: Whether it has stepped over a gap.
    """

    parent: Ints
    first: Ints
    place: Ints
    at: Ints
    gap: Bools

    def __len__(self) -> int:
        return len(self.place)

    def take(self, rows: Ints | Bools) -> "Walkers":
        """Return some of them."""
        return Walkers(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})


@dataclass(frozen=True, eq=False, kw_only=True)
class Found:
    """Phrases that end somewhere, in the order of the walk: as ``Hits``, and which are vetoes."""

    start: Ints
    end: Ints
    label: Ints
    gap: Bools
    veto: Bools


class PhraseTree:
    """A tree of phrases as flat arrays.

    Args:
        steps: A place × ``STEP`` + the number of a word, and the place that the word leads to; the
            root is 0, and places are numbered on from 1.
        gaps: A place, and the place behind a gap after it.
        ends: The place of the end of each phrase × ``STEP`` + 2 × its label + whether it is a veto.
        words: How many words of phrases there are.
    """

    def __init__(
        self, steps: Mapping[int, int], gaps: Mapping[int, int], ends: Collection[int], words: int
    ) -> None:
        places = len(steps) + len(gaps) + 1
        key = np.fromiter(steps, np.int64, len(steps))
        key = key // STEP * words + key % STEP
        order = np.argsort(key)
        self._words = words
        self._keys = key[order]
        self._leads_to = np.fromiter(steps.values(), np.int64, len(steps))[order]
        self._mask = (1 << (len(steps) * _ROOM).bit_length()) - 1
        slot = self._keys & self._mask
        self._slots = np.full(self._mask + 1, _EMPTY, dtype=np.int32)  # where a step is in _keys
        self._slots[slot] = np.arange(len(slot))
        self._slots[np.bincount(slot, minlength=self._mask + 1) > 1] = _SHARED
        self._begins = np.zeros(words, dtype=np.int64)  # where a word leads to from the root
        root = self._keys[self._keys < words]
        self._begins[root] = self._leads_to[: len(root)]
        self._goes_on = np.zeros(places, dtype=np.bool_)
        self._goes_on[key // max(words, 1)] = True
        self._after_gap = np.zeros(places, dtype=np.int64)
        self._after_gap[list(gaps)] = list(gaps.values())
        self._leads_on = self._goes_on | (self._after_gap > 0)
        end = np.fromiter(ends, np.int64, len(ends))
        end = end[np.argsort(end // STEP, kind="stable")]
        self._end_size = np.bincount(end // STEP, minlength=places)
        self._end_first = begins(self._end_size)
        self._end_label = end % STEP // 2
        self._end_veto = end % 2 == 1

    def find(self, known: Vocabulary, texts: Texts) -> Found:
        """Return all phrases in some texts, by first word, else as a walk depth first meets them.

        Args:
            known: The different words of the texts.
            texts: The texts.
        """
        levels = []
        walkers = self._begin(known, texts)
        while len(walkers):
            levels.append(walkers)
            walkers = self._step(walkers, known, texts)
        return self._gather(levels)

    def vocabulary(self, row: Ints, number: Ints, stop: Sequence[bool]) -> Vocabulary:
        """Return what words of texts are to the tree.

        Args:
            row: Words of texts, numbered, one for each word of phrases that they are.
            number: These words of phrases.
            stop: Of each word of texts, whether no gap reaches over it.
        """
        order = np.lexsort((number, row))
        row, number = row[order], number[order]
        first = begins(np.bincount(row, minlength=len(stop)))
        place = self._begins[number]
        return Vocabulary(
            number=number[np.lexsort((-number, row))],
            first=first,
            branch=place[place > 0],
            branch_first=begins(place > 0)[first],
            stop=np.array(stop, dtype=np.bool_),
        )

    def _begin(self, known: Vocabulary, texts: Texts) -> Walkers:
        first = known.branch_first[texts.word]
        sizes = known.branch_first[texts.word + 1] - first
        at = sizes.nonzero()[0]
        rows, _ = runs(first[at], sizes[at])
        start = at.repeat(sizes[at])
        return Walkers(
            parent=start,
            first=start,
            place=known.branch[rows],
            at=start + 1,
            gap=np.zeros(len(start), dtype=np.bool_),
        )

    def _step(self, walkers: Walkers, known: Vocabulary, texts: Texts) -> Walkers:
        """Return where walkers come to with one more word; the last that can be comes first."""
        on = self._leads_on[walkers.place] & ~texts.begins[walkers.at]
        if not on.any():
            return walkers.take(on)
        gap = self._after_gap[walkers.place]
        behind = (on & (gap > 0)).nonzero()[0]
        parts = []
        for skipped in range(MAX_GAP + 1):
            if not len(behind):
                break
            at = walkers.at[behind] + skipped
            parts.append((behind, gap[behind], at))
            behind = behind[~(known.stop[texts.word[at]] | texts.begins[at + 1])]
        parts.reverse()
        over_gap = sum(len(part[0]) for part in parts)
        direct = (on & self._goes_on[walkers.place]).nonzero()[0]
        parts.append((direct, walkers.place[direct], walkers.at[direct]))
        parent, place, at = map(np.concatenate, zip(*parts, strict=True))
        rows, place = self._lead_on(place, texts.word[at], known)
        rows = rows[order := np.argsort(parent[rows], kind="stable")]
        return Walkers(
            parent=parent[rows],
            first=walkers.first[parent[rows]],
            place=place[order],
            at=at[rows] + 1,
            gap=walkers.gap[parent[rows]] | (rows < over_gap),
        )

    def _lead_on(self, place: Ints, word: Ints, known: Vocabulary) -> tuple[Ints, Ints]:
        """Return which places lead on by a word, and where to; the last word of phrases first."""
        begin, end = known.first[word], known.first[word + 1]
        number, _ = runs(begin, end - begin)
        rows = np.arange(len(word)).repeat(end - begin)
        key = place[rows] * self._words + known.number[number]
        found = self._slots[key & self._mask]
        passed = (found != _EMPTY).nonzero()[0]
        key, found = key[passed], found[passed]
        shared = (found == _SHARED).nonzero()[0]
        found[shared] = np.searchsorted(self._keys, key[shared])
        found[found == len(self._keys)] = 0
        there = (self._keys[found] == key).nonzero()[0]
        return rows[passed[there]], self._leads_to[found[there]]

    def _gather(self, levels: Sequence[Walkers]) -> Found:
        """Return the phrases that end where the walkers have been, each before those it begins."""
        if not levels:
            no = np.empty(0, dtype=np.int64)
            return Found(start=no, end=no, label=no, gap=no > 0, veto=no > 0)
        own = [self._end_size[walkers.place] for walkers in levels]
        total = list(own)
        for depth in range(len(levels) - 1, 0, -1):
            parent = levels[depth].parent
            below = np.bincount(parent, weights=total[depth], minlength=len(levels[depth - 1]))
            total[depth - 1] = total[depth - 1] + below.astype(np.int64)
        offset = begins(total[0])[:-1]
        size = int(total[0].sum())
        start, end, said = (np.empty(size, dtype=np.int64) for _ in range(3))
        gap = np.empty(size, dtype=np.bool_)
        for depth, walkers in enumerate(levels):
            if depth:
                before = begins(total[depth])[:-1]
                eldest = before[np.searchsorted(walkers.parent, walkers.parent)]
                offset = (offset + own[depth - 1])[walkers.parent] + before - eldest
            where, _ = runs(offset, own[depth])
            start[where] = walkers.first.repeat(own[depth])
            end[where] = walkers.at.repeat(own[depth])
            gap[where] = walkers.gap.repeat(own[depth])
            said[where] = runs(self._end_first[walkers.place], own[depth])[0]
        return Found(
            start=start,
            end=end,
            label=self._end_label[said],
            gap=gap,
            veto=self._end_veto[said],
        )
