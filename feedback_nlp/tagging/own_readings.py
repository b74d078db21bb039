"""What a tagger of a user's own themes says, once it knows how likely each theme is."""

import numpy as np

from feedback_nlp.parsed import Bools, Clauses, ParsedBatch
from feedback_nlp.tagging.contexts import Places, best_clauses
from feedback_nlp.tagging.readings import SOURCE_ORDER, UNKNOWN, Floats, Found, Readings
from feedback_nlp.tagging.stretches import evidence
from feedback_nlp.tagging.told import Told


def can_be_read(batch: ParsedBatch) -> Bools:
    """Return which comments have clauses, as "nothing" has where the question explains it."""
    return batch.clauses.counts > 0


def named_places(
    likely: Floats, each: Floats, clauses: Clauses, least: Floats, *, several: bool
) -> Places:
    """Return what is named where, in order of appearance.

    Args:
        likely: Comment × theme, probabilities.
        each: Clause × output, log-odds; the themes come first.
        clauses: The clauses; each comment has some.
        least: The least probability of each theme.
        several: A theme is named in every clause that speaks of it, not only in the one that
            speaks most of it.
    """
    comment, theme = np.nonzero(likely >= least)
    clause = best_clauses(each, clauses, comment, theme)
    if several:
        also = (likely >= least)[clauses.comment] & (each[:, : len(least)] > 0)
        also[clause, theme] = True
        clause, theme = np.nonzero(also)
    order = np.lexsort((theme, clause))
    return Places(clauses.comment[clause[order]], theme[order], clause[order])


def readings_of(
    told: Told, themes: tuple[str, ...], places: Places, likely: Floats, sides: Floats
) -> Readings:
    """Return what is read of comments.

    Args:
        told: What is known of them; their sentiment is from there.
        themes: The ids of the themes.
        places: What is named where.
        likely: Comment × theme, probabilities.
        sides: Place × polarity, probabilities.
    """
    batch, clause = told.batch, places.clause
    first, last = batch.clauses.start[clause], batch.clauses.end[clause]
    start, end = evidence(batch, first, last, joined=False)
    return Readings(
        batch=batch,
        themes=themes,
        found=Found(
            comment=places.comment,
            theme=places.theme,
            confidence=likely[places.comment, places.theme],
            clause=clause,
            phrase_start=first,
            phrase_end=last,
            start=start,
            end=end,
            source=np.full(len(places), SOURCE_ORDER.index("model"), dtype=np.int64),
        ),
        polarity=sides.argmax(axis=1),
        polarity_confidence=sides.max(axis=1),
        sentiment=told.sentiment,
        sentiment_score=told.sentiment_score,
        status=np.full(len(batch), UNKNOWN, dtype=np.int64),
    )
