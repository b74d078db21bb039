"""What is said of themes and of whole comments, by the opinions of word lists around them.

Near opinions count more than far ones; where nothing is said nothing is made up. The confidences
are fixed levels by kind of evidence: the share that was right on data sets we may learn from,
rounded to 0.05 (models/README.md).
"""

from functools import lru_cache

import numpy as np

from feedback_nlp.parsed import Bools, Ints, ParsedBatch, runs
from feedback_nlp.tagging.opinions import NEGATION_REACH, Opinions
from feedback_nlp.tagging.readings import SENTIMENT_ORDER, SIDES, UNKNOWN, Floats, Found
from feedback_nlp.tagging.stretches import linked
from feedback_nlp.taxonomy import Taxonomy
from feedback_nlp.text import question_asks

CONFIDENCE = {
    "clause": 0.85,
    "mixed": 0.65,
    "neighbour": 0.8,
    "comment": 0.65,
    "unsaid": 0.55,
    "absent": 0.55,
    "question": 0.65,
}
_MIXED = 0.25
_CLEAR = 0.75
_FAR = 0.25  # how much less an opinion counts a word further on
_NEUTRAL = 0.8
_NEGATIVE, _NEITHER, _POSITIVE = range(len(SIDES))


def judge(
    batch: ParsedBatch, found: Found, opinions: Opinions, taxonomy: Taxonomy
) -> tuple[Ints, Floats]:
    """Return the polarity of each theme, as its place in ``SIDES``, and how sure it is.

    It is told by the opinions of its clause, by what is meant where a theme is absent or only
    named, by the clauses beside it, by the question, or by all the rest of the comment.

    Args:
        batch: The comments.
        found: Themes in their clauses.
        opinions: The opinions in the comments.
        taxonomy: For what is meant where nothing is said.

    Returns:
        −1 and NaN where it is unknown.
    """
    clause = clause_of(batch, found)
    heard = _heard(batch, opinions)
    source = heard[clause]
    side, clear = _weigh(found, source, opinions, batch)
    own, beside = source == clause, source >= 0
    unsaid = _meant(taxonomy)[found.theme]
    asks = asked(batch)[found.comment]
    missed = np.where(unsaid == _NEGATIVE, _POSITIVE, _NEGATIVE)
    answers = np.where(asks == 0, UNKNOWN, 1 - asks)
    level = {kind: np.float64(value) for kind, value in CONFIDENCE.items()}
    polarity = _only(batch, opinions)[found.comment]
    sure = np.full(len(found), level["comment"])
    for here, said, how_sure in (  # what comes later is the better evidence
        (asks != 0, 1 + asks, level["question"]),
        (beside, side, level["neighbour"]),
        (unsaid >= 0, unsaid, level["unsaid"]),
        (_absent(batch, found, clause, opinions), missed, level["absent"]),
        (own, side, np.where(clear, level["clause"], level["mixed"])),
        (batch.says_nothing[found.comment], answers, level["question"]),
    ):
        polarity = np.where(here, said, polarity)
        sure = np.where(here, how_sure, sure)
    return polarity, np.where(polarity == UNKNOWN, np.nan, sure)


def verdicts(batch: ParsedBatch, opinions: Opinions) -> tuple[Ints, Floats]:
    """Return the sentiment of each comment, as its place in ``SENTIMENT_ORDER``, and its balance.

    Args:
        batch: The comments.
        opinions: The opinions in them.

    Returns:
        −1 and NaN where it is unknown.
    """
    of, n = batch.words.comment[opinions.start], len(batch)
    value = opinions.value
    positive = np.bincount(of, weights=np.where(value > 0, value, 0.0), minlength=n)
    negative = np.bincount(of, weights=np.where(value > 0, 0.0, -value), minlength=n)
    both = positive + negative
    score = np.divide(positive - negative, both, out=np.zeros(n), where=both != 0)
    number = {name: at for at, name in enumerate(SENTIMENT_ORDER)}
    sentiment = np.where(score > 0, number["positive"], number["negative"])
    sentiment[np.minimum(positive, negative) >= _MIXED * both] = number["mixed"]
    sentiment[both == 0] = number["neutral"]
    said = np.bincount(of, minlength=n) > 0
    asks = asked(batch)
    nothing = batch.says_nothing & (batch.status == 0)
    silent = np.where(nothing, asks == 0, ~said) | (batch.status != 0)
    answer = np.where(asks < 0, number["positive"], number["negative"])
    sentiment = np.where(nothing, answer, sentiment)
    score = np.where(nothing, -asks, score)
    return np.where(silent, UNKNOWN, sentiment), np.where(silent, np.nan, score)


def asked(batch: ParsedBatch) -> Ints:
    """Return 1 where the question asked for what was good, −1 for what was not, else 0."""
    worth: dict[str | None, int] = {"negative": -1, "positive": 1, None: 0}
    if not any(batch.questions):
        return np.zeros(len(batch), dtype=np.int64)
    pairs = list(zip(batch.questions, batch.languages, strict=True))
    known = {pair: worth[question_asks(*pair)] for pair in set(pairs)}
    return np.fromiter(map(known.__getitem__, pairs), np.int64, len(pairs))


def clause_of(batch: ParsedBatch, found: Found) -> Ints:
    """Return the clause of each theme; the first of its comment where all of that says it."""
    first = batch.clauses.first[found.comment]
    return np.where(found.clause < 0, first, found.clause)


@lru_cache(maxsize=100)
def _meant(taxonomy: Taxonomy) -> Ints:
    """Return the polarity that each theme has where nothing is said of it; −1 if it has none."""
    said = [theme.unsaid for theme in taxonomy.themes]
    return np.array([SIDES.index(one) if one else UNKNOWN for one in said], dtype=np.int64)


def _heard(batch: ParsedBatch, opinions: Opinions) -> Ints:
    """Return by which clause what is said in each clause is told; −1 by none.

    It is the clause itself, or the one after it, or before it, of the same sentence and not across
    a contrast.
    """
    size = len(batch.clauses)
    numbers = np.arange(size)
    speaks = np.bincount(batch.clause_of[opinions.start], minlength=size) > 0
    joined = linked(batch)
    heard = np.full(size, UNKNOWN, dtype=np.int64)
    heard[1:] = np.where(joined[:-1] & speaks[:-1], numbers[:-1], heard[1:])
    heard[:-1] = np.where(joined[:-1] & speaks[1:], numbers[1:], heard[:-1])
    return np.where(speaks, numbers, heard)


def _weigh(
    found: Found, source: Ints, opinions: Opinions, batch: ParsedBatch
) -> tuple[Ints, Bools]:
    """Return the polarity that outweighs in the opinions of a clause, and whether it is clear.

    Args:
        found: Themes.
        source: The clause that tells each; −1 if none does.
        opinions: The opinions.
        batch: The comments.
    """
    n = len(found)
    place = batch.clause_of[opinions.start]
    begin = np.searchsorted(place, source)
    size = np.searchsorted(place, source, side="right") - begin
    at, _ = runs(begin, size)
    row = np.arange(n).repeat(size)
    value = opinions.value[at]
    beyond = opinions.start[at] - found.phrase_end[row] + 1
    ahead = found.phrase_start[row] - opinions.end[at] + 1
    weight = 1.0 / (1.0 + _FAR * np.maximum(np.maximum(beyond, ahead), 0))
    worth = value * weight
    positive = np.bincount(row, weights=np.where(value > 0, worth, 0.0), minlength=n)
    negative = np.bincount(row, weights=np.where(value < 0, -worth, 0.0), minlength=n)
    neutral = np.bincount(row, weights=np.where(value == 0, _NEUTRAL * weight, 0.0), minlength=n)
    best = np.maximum(np.maximum(negative, positive), neutral)
    side = np.where(best == positive, _POSITIVE, _NEITHER)
    side[best == negative] = _NEGATIVE
    return side, best >= _CLEAR * (positive + negative + neutral)


def _absent(batch: ParsedBatch, found: Found, clause: Ints, opinions: Opinions) -> Bools:
    """Tell which themes are said not to be there: "no reply", "geen parkeerplaats"."""
    negators = opinions.roles["negators"]
    begins = np.full(len(batch.words) + 1, -1, dtype=np.int64)
    begins[negators.end] = negators.start
    least = batch.clauses.start[clause]
    absent = np.zeros(len(found), dtype=np.bool_)
    for back in range(NEGATION_REACH):
        absent |= begins[np.maximum(found.phrase_start - back, 0)] >= least
    return absent


def _only(batch: ParsedBatch, opinions: Opinions) -> Ints:
    """Return the polarity of comments whose opinions are all praise, or all blame; else −1."""
    of, n = batch.words.comment[opinions.start], len(batch)
    praise = np.bincount(of[opinions.value > 0], minlength=n) > 0
    blame = np.bincount(of[opinions.value < 0], minlength=n) > 0
    return np.where(praise == blame, UNKNOWN, np.where(praise, _POSITIVE, _NEGATIVE))
