"""Answers at the end of the scale, which can move one way only."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.errors import FeedbackError
from feedback_nlp.scores.answers import Ratings, Scale, read_answers
from feedback_nlp.scores.choosing import definition_of
from feedback_nlp.scores.intervals import wilson
from feedback_nlp.scores.survey import no_ratings
from feedback_nlp.showing import share

MOST_AT_AN_END = 0.5
End = Literal["top", "bottom", "neither", "cannot_tell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """How many answers are at the ends of the scale, where they can move one way only.

    Attributes:
        rating: Name of the rating.
        scale: Lowest and highest possible answer.
        n: Respondents with an answer.
        n_top: Those who gave the highest answer.
        top: Their share, 0–1.
        top_low: Lower end of its Wilson interval.
        top_high: Upper end of it.
        n_bottom: Those who gave the lowest answer.
        bottom: Their share.
        bottom_low: Lower end of its interval.
        bottom_high: Upper end of it.
        threshold: Share from which an end is called crowded.
        level: Confidence level of the intervals.
        end: The end whose whole interval lies above the threshold, ``neither``, or
            ``cannot_tell`` where an interval holds the threshold.
        sentence: The finding in words.
    """

    rating: str
    scale: Scale
    n: int
    n_top: int
    top: float
    top_low: float
    top_high: float
    n_bottom: int
    bottom: float
    bottom_low: float
    bottom_high: float
    threshold: float
    level: float
    end: End
    sentence: str

    @property
    def flagged(self) -> bool:
        """Whether one end is crowded beyond doubt."""
        return self.end in ("top", "bottom")


def ceiling(
    ratings: Ratings,
    rating: str = "nps",
    *,
    scale: Scale | None = None,
    threshold: float = MOST_AT_AN_END,
    level: float = 0.95,
) -> Ceiling:
    """Return whether so many gave the highest or the lowest answer that the score hardly can move.

    Flagged is an end with more than half of the answers, interval and all: then the median lies
    there too, and most of those who are asked again cannot answer any better (or worse). For
    questionnaires of many items 15 % is usual (Terwee et al. 2007, after McHorney and Tarlov 1995);
    one question to customers nearly always exceeds that, so it would say nothing.

    Args:
        ratings: One answer for each respondent, or a comments table.
        rating: Name of the rating: its column where a table is given.
        scale: Lowest and highest answer; if not given, as the table notes, else the metric's own.
        threshold: Share from which an end is called crowded, 0–1.
        level: Confidence level of the intervals.

    Raises:
        RatingError: An answer is off the scale, or no answer is left.
        FeedbackError: The threshold is not between 0 and 1.

    Example:
        >>> found = ceiling([5] * 90 + [3] * 10, "csat")
        >>> found.end, found.top
        ('top', 0.9)
    """
    if not 0 < threshold < 1:
        raise FeedbackError(f"The threshold {threshold} is not between 0 and 1; write 0.5 for 50%.")
    definition = definition_of(ratings, rating, scale=scale)
    answers = read_answers(ratings, rating, definition.scale, whole=definition.metric == "nps")
    answered = answers[~np.isnan(answers)]
    if not answered.size:
        raise no_ratings(rating, answers.size)
    counts = np.array([(answered == end).sum() for end in definition.scale])
    lows, highs = wilson(counts, np.full(2, answered.size), level=level)
    made = Ceiling(
        rating=rating, scale=definition.scale, n=answered.size, threshold=threshold, level=level,
        n_bottom=int(counts[0]), bottom=float(counts[0] / answered.size),
        bottom_low=float(lows[0]), bottom_high=float(highs[0]),
        n_top=int(counts[1]), top=float(counts[1] / answered.size),
        top_low=float(lows[1]), top_high=float(highs[1]),
        end=_crowded(lows, highs, threshold), sentence="",
    )  # fmt: skip
    return replace(made, sentence=_ceiling_sentence(made))


def _crowded(lows: NDArray[np.float64], highs: NDArray[np.float64], threshold: float) -> End:
    if lows[1] > threshold:
        return "top"
    if lows[0] > threshold:
        return "bottom"
    return "cannot_tell" if (highs > threshold).any() else "neither"


def _ceiling_sentence(found: Ceiling) -> str:
    low, high = found.scale
    ends = {
        "top": (found.top, found.top_low, found.top_high, f"highest answer, {high:g} of {low:g}–"),
        "bottom": (
            found.bottom, found.bottom_low, found.bottom_high, f"lowest answer, {low:g} of {low:g}–"
        ),
    }  # fmt: skip
    by_size = "top" if found.top >= found.bottom else "bottom"
    end = found.end if found.flagged else by_size
    part, part_low, part_high, name = ends[end]
    told = (
        f"{share(part)} of {found.n:,} ({share(part_low)} to {share(part_high)}) gave the "
        f"{name}{high:g}"
    )
    crowd = "half" if found.threshold == MOST_AT_AN_END else share(found.threshold)
    if found.end == "top":
        return (
            f"{told}: they cannot answer any better, so the score can hardly show an improvement."
        )
    if found.end == "bottom":
        return f"{told}: they cannot answer any worse, so the score can hardly show a decline."
    if found.end == "cannot_tell":
        return f"{told}; whether that is more than {crowd} of all customers cannot be told yet."
    return f"{told}: fewer than {crowd}, so the score can move both ways."
