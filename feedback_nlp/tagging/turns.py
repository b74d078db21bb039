"""A batch read a part at a time, or by two models, and put together again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypedDict

import numpy as np

from feedback_nlp.flat import Bools, Ints
from feedback_nlp.parsed import ParsedBatch
from feedback_nlp.tagging.readings import Floats, Found, Readings
from feedback_nlp.tagging.rules import RuleModel

AT_ONCE = 10_000  # clauses; more are taken in turns


def in_turns(batch: ParsedBatch, most: int = AT_ONCE) -> Iterator[Ints]:
    """Yield the numbers of comments a part at a time, which bounds the memory.

    Args:
        batch: Parsed comments.
        most: Clauses of a part, if it has more than one comment.
    """
    first, begin = batch.clauses.first, 0
    while begin < len(batch):
        within = int(np.searchsorted(first, first[begin] + most, side="right")) - 1
        end = min(max(within, begin + 1), len(batch))
        yield np.arange(begin, end)
        begin = end


def says_something(batch: ParsedBatch) -> Bools:
    """Return which comments have clauses, and are more than "nothing"."""
    return (batch.clauses.counts > 0) & ~batch.says_nothing


def read_in_turns(
    batch: ParsedBatch, read: Callable[[ParsedBatch], Readings], most: int = AT_ONCE
) -> Readings:
    """Return what is read of a batch, a part at a time.

    Args:
        batch: Parsed comments.
        read: Reads a part.
        most: Clauses of a part.
    """
    parts = list(in_turns(batch, most))
    if len(parts) < 2:
        return read(batch)
    return together(batch, [(rows, read(batch.take(rows))) for rows in parts])


def read_those(
    batch: ParsedBatch,
    can: Bools,
    read: Callable[[ParsedBatch], Readings],
    rules: RuleModel,
    most: int = AT_ONCE,
) -> Readings:
    """Return a model's reading of the comments that it can read, in turns; rules read the others.

    Args:
        batch: Parsed comments.
        can: Which of them the model can read.
        read: Reads a part of these.
        rules: Read the others.
        most: Clauses of a part.
    """
    mine, others = can.nonzero()[0], (~can).nonzero()[0]
    by_rules = rules.read(batch.take(others))
    if not len(mine):
        return by_rules
    chosen = read_in_turns(batch.take(mine), read, most)
    return together(batch, [(mine, chosen), (others, by_rules)])


def either(one: Readings, other: Readings, which: Bools) -> Readings:
    """Return what one model says of some comments of a batch, and another of the rest.

    Args:
        one: What the one says of all of them.
        other: What the other says.
        which: Of which comments the one is believed.
    """
    if which.all():
        return one
    mine = which[one.found.comment].nonzero()[0]
    rest = (~which[other.found.comment]).nonzero()[0]
    return replace(
        one,
        **_by_comment(
            [one.found.take(mine), other.found.take(rest)],
            [one.polarity[mine], other.polarity[rest]],
            [one.polarity_confidence[mine], other.polarity_confidence[rest]],
        ),
        sentiment=np.where(which, one.sentiment, other.sentiment),
        sentiment_score=np.where(which, one.sentiment_score, other.sentiment_score),
        status=np.where(which, one.status, other.status),
    )


def together(batch: ParsedBatch, parts: Sequence[tuple[Ints, Readings]]) -> Readings:
    """Return readings of parts of a batch as those of all of it.

    Args:
        batch: The comments.
        parts: The numbers of some of these, and what is said of them; each comment is in one part.
    """
    found, order = [], np.concatenate([rows for rows, _ in parts])
    for rows, part in parts:
        comment = part.found.comment
        words = batch.words.first[rows] - part.batch.words.first[:-1]
        clauses = batch.clauses.first[rows] - part.batch.clauses.first[:-1]
        found.append(part.found.moved(rows[comment], words[comment], clauses[comment]))
    readings = [part for _, part in parts]
    back = np.argsort(order)
    return Readings(
        batch=batch,
        themes=readings[0].themes,
        **_by_comment(
            found,
            [part.polarity for part in readings],
            [part.polarity_confidence for part in readings],
        ),
        sentiment=np.concatenate([part.sentiment for part in readings])[back],
        sentiment_score=np.concatenate([part.sentiment_score for part in readings])[back],
        status=np.concatenate([part.status for part in readings])[back],
    )


class _Said(TypedDict):
    found: Found
    polarity: Ints
    polarity_confidence: Floats


def _by_comment(
    found: Sequence[Found], polarity: Sequence[Ints], confidence: Sequence[Floats]
) -> _Said:
    """Return themes of several parts, and what is said of them, in the order of the comments."""
    fields = Found.__dataclass_fields__
    joined = {name: np.concatenate([getattr(one, name) for one in found]) for name in fields}
    order = np.argsort(joined["comment"], kind="stable")
    return {
        "found": Found(**joined).take(order),
        "polarity": np.concatenate(polarity)[order],
        "polarity_confidence": np.concatenate(confidence)[order],
    }
