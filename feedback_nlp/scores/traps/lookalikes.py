"""Comments that are the same or nearly the same, found without comparing each with each.

Two texts are compared only if they share one of the four rarest words of each. Where a word is in
many texts, each is compared with its neighbours in the alphabet only, read forwards and backwards;
so time grows with the number of texts, whatever they are.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

COMPARED = 2000  # characters of a comment that are looked at
FEWEST_WORDS, FEWEST_CHARACTERS = 6, 30
_RAREST = 4
_SMALL_BLOCK = 40
_NEIGHBOURS = 3
_MARKS = re.compile(r"[\W_]+")
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lookalikes:
    """Which comments are alike.

    Attributes:
        group: Number of the group of alike comments that each comment is in; −1 where the comment
            is too short to say anything, or like no other.
        exact: Number of the wording of each comment, equal where comments are the same word for
            word but for case and marks; −1 where the comment is too short.
        words: How many words each comment has.
        looked_at: How many comments were long enough.
    """

    group: Codes
    exact: Codes
    words: Codes
    looked_at: int


def find_lookalikes(texts: Sequence[str], *, alike: float = 90) -> Lookalikes:
    """Return groups of comments that are the same, or alike by at least ``alike`` percent.

    Case, marks and spaces make no difference. Alike are two texts of which the characters of the
    longest common subsequence make up at least this part (twice its length ÷ both lengths), or
    that are linked by others that are. Comments of fewer than 6 words or 30 characters are left
    out: many people write "good service". The first 2,000 characters are compared.

    Args:
        texts: The comments.
        alike: From which percentage on texts are alike, 50–100.

    Example:
        >>> found = find_lookalikes([
        ...     "The waiter was rude and the soup was cold.", "good service",
        ...     "the waiter was very rude and the soup was cold", "Nice staff and fair prices too!",
        ... ])
        >>> found.group.tolist(), found.looked_at
        ([0, -1, 0, -1], 3)
    """
    plain = pd.Series([_plain(text) for text in texts], dtype="object")
    words = np.array([text.count(" ") + (text != "") for text in plain], dtype=np.int64)
    sizes = np.array([len(text) for text in plain], dtype=np.int64)
    enough = (words >= FEWEST_WORDS) & (sizes >= FEWEST_CHARACTERS)
    exact = np.full(len(plain), -1, dtype=np.int64)
    codes, wordings = pd.factorize(plain[enough])
    exact[enough] = codes
    linked = _linked([str(text) for text in wordings], alike)
    found = np.where(enough, linked[exact] if linked.size else -1, -1)
    counts = np.bincount(found[enough], minlength=1)
    several = enough & (counts[found] > 1)
    group = np.full(len(plain), -1, dtype=np.int64)
    group[several] = pd.factorize(found[several])[0]
    return Lookalikes(group, exact, words, int(enough.sum()))


def _plain(text: str) -> str:
    """Return a text without case, marks and superfluous spaces."""
    short = text[:COMPARED]
    if not short.isascii():
        short = unicodedata.normalize("NFKC", short)
    short = short.casefold()
    return _MARKS.sub(" ", short[:COMPARED]).strip()


def _linked(texts: list[str], alike: float) -> Codes:
    """Return the number of the group of each text, all texts being different."""
    from rapidfuzz import fuzz, process
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    groups = np.arange(len(texts), dtype=np.int64)
    sizes = np.array([len(text) for text in texts], dtype=np.int64)
    for left, right in _pairs(texts):
        shorter, longer = (
            np.minimum(sizes[left], sizes[right]),
            np.maximum(sizes[left], sizes[right]),
        )
        possible = 200 * shorter >= alike * (shorter + longer)
        open_pairs = np.flatnonzero(possible & (groups[left] != groups[right]))
        if not open_pairs.size:
            continue
        one, two = left[open_pairs], right[open_pairs]
        scores = process.cpdist(
            [texts[i] for i in one], [texts[i] for i in two], scorer=fuzz.ratio, score_cutoff=alike
        )
        joined = scores >= alike
        edges = (groups[one[joined]], groups[two[joined]])
        links = coo_array((np.ones(edges[0].size), edges), shape=(len(texts), len(texts)))
        groups = connected_components(links, directed=False)[1][groups].astype(np.int64)
    return groups


def _pairs(texts: list[str]) -> Iterator[tuple[Codes, Codes]]:
    """Yield pairs of texts that may be alike, many at a time."""
    text, word = _rarest(texts)
    if not text.size:
        return
    often = np.bincount(word)[word] > _SMALL_BLOCK
    for part, reach in ((~often, _SMALL_BLOCK), (often, _NEIGHBOURS)):
        yield from _neighbours(texts, text[part], word[part], reach)
    backwards = [one[::-1] for one in texts]
    yield from _neighbours(backwards, text[often], word[often], _NEIGHBOURS)


def _neighbours(
    texts: list[str], text: Codes, word: Codes, reach: int
) -> Iterator[tuple[Codes, Codes]]:
    """Yield pairs of texts with the same word, up to ``reach`` places apart in the alphabet."""
    place = np.empty(len(texts), dtype=np.int64)
    place[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
    order = np.lexsort((place[text], word))
    ordered, block = text[order], word[order]
    for offset in range(1, reach + 1):
        pair = block[offset:] == block[:-offset]
        if not pair.any():
            return
        yield ordered[:-offset][pair], ordered[offset:][pair]


def _rarest(texts: list[str]) -> tuple[Codes, Codes]:
    """Return the four rarest words of each text that other texts have too: text and word."""
    bags = [set(one.split()) for one in texts]
    text = np.repeat(np.arange(len(texts)), [len(bag) for bag in bags])
    word = pd.factorize(np.array([word for bag in bags for word in sorted(bag)], dtype=object))[0]
    number = np.bincount(word)
    shared = number[word] > 1
    text, word = text[shared], word[shared].astype(np.int64)
    order = np.lexsort((word, number[word], text))
    text, word = text[order], word[order]
    begins = np.searchsorted(text, text)
    rare = np.arange(text.size) - begins < _RAREST
    return text[rare], word[rare]
