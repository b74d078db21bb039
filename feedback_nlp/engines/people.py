"""Who wrote which comment of an export that is too large for memory, and some of them to be read.

The parts are gone through once; what is kept is a number of 64 bits and a mark for each comment.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.engines.tagged import TaggedParts
from feedback_nlp.schema import respondent_ids
from feedback_nlp.tagging.tagger import Tagging

Hashes = NDArray[np.uint64]
Mask = NDArray[np.bool_]
_ALL = float(2**64)
_FEWEST = 30  # respondents with a rating that are drawn at least
_LARGEST = 0.1  # of all comments that are read: those of one respondent


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who wrote which comment.

    Attributes:
        of_parts: The number of the respondent of each comment, part by part; the same everywhere.
        rated: Whether each comment came with a rating, part by part.
        themes: The themes that all comments mention.
    """

    of_parts: Sequence[Hashes]
    rated: Sequence[Mask]
    themes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Comments of respondents who were drawn evenly.

    Attributes:
        tagging: The comments, and their mentions.
        note: What the reader should know of them; blank if nothing.
    """

    tagging: Tagging
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draw:
    """Who is drawn: up to which number, who else, and who writes so much that it is cut."""

    limit: np.uint64
    others: Hashes
    long: Hashes
    largest: int


def find_people(tagged: TaggedParts, rating: str) -> People:
    """Return who wrote which comment, and what all of them name.

    Args:
        tagged: The tagged export.
        rating: The rating column.
    """
    of_parts, rated, themes = [], [], set[str]()
    for part in tagged.parts():
        of_parts.append(_hashes_of(part.comments))
        rated.append(part.comments[rating].notna().to_numpy(bool))
        themes.update(map(str, part.mentions["theme"].unique()))
    return People(of_parts=of_parts, rated=rated, themes=frozenset(themes))


def in_several_parts(people: People) -> tuple[Hashes, int]:
    """Return the respondents with rows in several parts, and how many rows these are.

    Args:
        people: Who wrote which comment.
    """
    found = [np.unique(hashes, return_counts=True) for hashes in people.of_parts]
    each = np.concatenate([hashes for hashes, _ in found])
    rows = np.concatenate([counts for _, counts in found])
    ids, parts = np.unique(each, return_counts=True)
    again = ids[parts > 1]
    return again, int(rows[np.isin(each, again)].sum())


def drawn(tagged: TaggedParts, people: People, most: int) -> Drawn:
    """Return the comments of some respondents, drawn evenly, with their mentions.

    Who is drawn depends on the ids of respondents alone, not on their order or on the parts. The
    thirty with a rating whose numbers are smallest are among those drawn, so that there are ratings
    however few there are. Of a respondent with more than a tenth of the comments to be read the
    first ones are read, up to that tenth, and the note says so.

    Args:
        tagged: The tagged export.
        people: Who wrote which comment.
        most: About how many comments.
    """
    draw, note = _draw(people, most)
    read = together(_read_of(tagged, people, draw))
    return Drawn(tagging=read, note=note)


def together(parts: Iterable[Tagging]) -> Tagging:
    """Return parts as one, with the notes of the last, which are those of all.

    Args:
        parts: Parts in order; at least one.
    """
    found = list(parts)
    out = Tagging(
        pd.concat([part.comments for part in found], ignore_index=True),
        pd.concat([part.mentions for part in found], ignore_index=True),
    )
    out.comments.attrs, out.mentions.attrs = found[-1].comments.attrs, found[-1].mentions.attrs
    return out


def _hashes_of(comments: pd.DataFrame) -> Hashes:
    ids = respondent_ids(comments).astype("str").astype("object").to_numpy()
    return pd.util.hash_array(ids, categorize=False)


def _draw(people: People, most: int) -> tuple[_Draw, str]:
    """Return who is drawn, and what is to be said of it."""
    largest = max(_FEWEST, int(_LARGEST * most))
    everybody = np.concatenate(people.of_parts)
    ids, rows = np.unique(everybody, return_counts=True)
    share = min(1.0, most / max(1, int(np.minimum(rows, largest).sum())))
    draw = _Draw(
        limit=np.uint64(min(int(share * _ALL), 2**64 - 1)),
        others=np.unique(everybody[np.concatenate(people.rated)])[:_FEWEST],
        long=ids[rows > largest],
        largest=largest,
    )
    cut = rows[rows > largest]
    if not cut.size:
        return draw, ""
    who = "1 respondent has" if cut.size == 1 else f"{cut.size:,} respondents have"
    return draw, (
        f"{who} more than {largest:,} comments each, {int(cut.sum()):,} in all: of one who is "
        f"drawn the report reads the first {largest:,}. Look whether the column of respondents is "
        "the right one."
    )


def _read_of(tagged: TaggedParts, people: People, draw: _Draw) -> Iterator[Tagging]:
    """Yield what is read of each part."""
    seen: Counter[int] = Counter()
    for part, hashes in zip(tagged.parts(), people.of_parts, strict=True):
        chosen = (hashes <= draw.limit) | np.isin(hashes, draw.others)
        for one in draw.long:
            rows = np.flatnonzero(hashes == one)
            chosen[rows[max(0, draw.largest - seen[int(one)]) :]] = False
            seen[int(one)] += rows.size
        own = part.comments[chosen]
        yield Tagging(own, part.mentions[part.mentions["comment_id"].isin(own["comment_id"])])
