"""What a tagger reads in comments, with a known share of errors."""

from dataclasses import dataclass

import numpy as np

from feedback_nlp.planted.people import Floats, Ints, People

LOST, ELSEWHERE = 0.5, 0.25  # what becomes of a mention read wrongly; the rest is turned round


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Read:
    """Mentions that a tagger reads.

    Attributes:
        row: Number of the respondent.
        slot: What is read: number of the theme, for praise after all themes.
        sentence: Slot of the sentence in which it is read, −1 for none.
    """

    row: Ints
    slot: Ints
    sentence: Ints


def read(rng: np.random.Generator, people: People, errors: float) -> Read:
    """Return what a tagger reads, with a share of errors.

    Other themes, and those made up, are drawn by how often themes are mentioned, so that mentions
    of a rare theme are about as often right as those of a frequent one.

    Args:
        rng: Chance.
        people: Who writes, and what.
        errors: Share of true mentions read wrongly, and of mentions read that are wrong.
    """
    said = people.said()
    row, slot = np.nonzero(said)
    if errors == 0 or not row.size:
        return Read(row=row, slot=slot, sentence=slot)
    slots = said.shape[1]
    weights = said.sum(axis=0) / row.size
    fate = np.where(rng.random(row.size) < errors, rng.random(row.size), 1.0)
    taken_for = slot.copy()
    other = (fate >= LOST) & (fate < LOST + ELSEWHERE)
    turned = (fate >= LOST + ELSEWHERE) & (fate < 1)
    taken_for[turned] = (slot[turned] + slots // 2) % slots
    taken_for[other] = _others(rng, slot[other], weights)
    kept = (fate >= LOST) & (taken_for >= 0)
    kept &= (taken_for == slot) | ~said[row, taken_for]
    right = int((fate == 1).sum())
    wrong = round(right * errors / (1 - errors))
    rows, made_up = _made_up(rng, people, weights, max(wrong - int(kept.sum()) + right, 0))
    rows, read_as = np.append(row[kept], rows), np.append(taken_for[kept], made_up)
    sentence = np.append(slot[kept], np.full(made_up.size, -1))
    _, used = np.unique(rows * slots + read_as, return_index=True)
    return Read(row=rows[used], slot=read_as[used], sentence=sentence[used])


def _made_up(
    rng: np.random.Generator, people: People, weights: Floats, number: int
) -> tuple[Ints, Ints]:
    """Draw who is read to say what he or she does not say."""
    rows = rng.choice(np.flatnonzero(people.wrote), 2 * number)
    slots = rng.choice(weights.size, 2 * number, p=weights)
    wrong = np.flatnonzero(~people.said()[rows, slots])[:number]
    return rows[wrong], slots[wrong]


def _others(rng: np.random.Generator, slot: Ints, weights: Floats) -> Ints:
    """Draw a slot of another theme for each slot, by weight; −1 where there is no other theme."""
    themes = np.arange(weights.size) % (weights.size // 2)
    odds = np.where(themes[:, np.newaxis] == themes, 0.0, weights)
    ends = odds.cumsum(axis=1)
    drawn = rng.random(slot.size) * ends[slot, -1]
    found = (drawn[:, np.newaxis] >= ends[slot]).sum(axis=1)
    return np.where(found < weights.size, found, -1)
