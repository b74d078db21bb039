"""Scales as the user gives them: numbers, the name of a scale in words, or labels of their own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from numbers import Real

from feedback_nlp.errors import RatingError
from feedback_nlp.exports.answer_scales import (
    AnswerScale,
    answer_scale,
    load_answer_scales,
    own_scale,
)  # fmt: skip
from feedback_nlp.exports.recognition import Span

_ENDS = 2  # of a scale: its lowest and highest answer
_NUMBERS = re.compile(r"(\d{1,3}) ?(?:-|–|to) ?(\d{1,3})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A scale as the user gives it.

    Attributes:
        last: The scale, in numbers.
        older: The scale before, where it changed.
        words: The scale in words, if the user named one or gave labels.
    """

    last: Span
    older: Span | None = None
    words: AnswerScale | None = None


def parse_scale(metric: str, given: str | Sequence[str] | tuple[float, float]) -> Declared:
    """Return a scale as declared.

    Args:
        metric: Of which rating.
        given: ``1-5``; ``5-1`` where the lowest answer is the best; ``1-5 then 1-10`` where it
            changed; the name of a scale in words (``satisfaction-5``, ``frequency-5 reversed``);
            or the labels, worst to best, as a list or as ``Poor|Fair|Good``. Two numbers are the
            lowest and the highest answer, as elsewhere.

    Raises:
        RatingError: It is no scale.

    Example:
        >>> str(parse_scale("csat", "5-1").last), parse_scale("csat", "5-1").last.reversed
        ('1–5', True)
        >>> parse_scale("csat", ["Poor", "Fair", "Good"]).words.high
        3
    """
    if not isinstance(given, str):
        return _of_values(metric, given)
    text = given.strip()
    if "|" in text:
        if text.lower().endswith(" reversed"):
            raise RatingError(
                f"Labels of your own go from worst to best, so {metric!r} takes no 'reversed'; "
                "write them the other way round."
            )
        return _in_words(own_scale(text.split("|"), metric))
    name, _, way = text.lower().partition(" ")
    scale = answer_scale(name)
    if scale is not None and way in ("", "reversed"):
        return _in_words(scale, reverse=bool(way))
    spans: list[Span] = []
    for part in re.split(r"\s*\bthen\b\s*", text):
        found = _NUMBERS.fullmatch(part)
        if found is None or found[1] == found[2]:
            spans = []
            break
        ends = float(found[1]), float(found[2])
        spans.append(Span(low=min(ends), high=max(ends), reversed=ends[0] > ends[1]))
    if not 1 <= len(spans) <= 2:
        raise RatingError(_no_scale(metric, text))
    return Declared(last=spans[-1], older=spans[0] if len(spans) == 2 else None)


def _of_values(metric: str, given: object) -> Declared:
    """Return a scale given as two numbers, or as labels."""
    if not isinstance(given, Sequence) or isinstance(given, bytes):
        raise RatingError(_no_scale(metric, str(given)))
    numbers = [item for item in given if isinstance(item, Real) and not isinstance(item, bool)]
    if len(numbers) == len(given) == _ENDS:
        return parse_scale(metric, "-".join(f"{float(item):g}" for item in numbers))
    return _in_words(own_scale(given, metric))


def _in_words(scale: AnswerScale, *, reverse: bool = False) -> Declared:
    best_is_low = scale.reversed != reverse
    return Declared(last=Span(low=scale.low, high=scale.high, reversed=best_is_low), words=scale)


def _no_scale(metric: str, text: str) -> str:
    close = get_close_matches(text.lower(), [scale.id for scale in load_answer_scales()], n=1)
    if close:
        return f"{text!r} is no scale for {metric!r}. Did you mean --scale {metric}={close[0]}?"
    return (
        f"{text!r} is no scale for {metric!r}. Write --scale {metric}=1-5, or 5-1 if the lowest "
        "answer is the best, or '1-5 then 1-10' if it changed; or in words satisfaction-5, or "
        "your own labels, worst to best: 'Poor|Fair|Good'."
    )
