"""Answers that are numbers: digits, "7,5", "4/5", "10 - very likely", stars, keycaps.

``parse_answer`` reads one answer with a list of small readers; a further way of answering is a
further reader. Answers in words are read for a whole column, in ``worded``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from feedback_nlp.exports.answer_keys import answer_key, visible
from feedback_nlp.exports.answer_scales import no_answers

UNANSWERED = "no answer"  # the reason behind marks such as "-"

_DIGITS = r"\d{1,3}(?:[.,]\d{1,2})?"
_OUT_OF = r"(?:/|out of|of|van de|van|av|no|von|sur|de)"
_NUMBER = re.compile(r"[+-]?\d{1,6}(?:[.,]\d{1,2}|\.\d+)?")
_PART = re.compile(rf"({_DIGITS}) ?{_OUT_OF} ?(\d{{1,3}})")
_LABELLED = re.compile(
    rf"({_DIGITS})(?: ?[-–—=]+ |[:.)] |[ (]|=|: ?(?=[^\d\s]))\s*(\S.*)", re.DOTALL
)
_TWO_NUMBERS = re.compile(
    r"(?:or|to|and|tot|en|eller|til|og|vai|līdz|un|oder|bis|und|ou|à|et|o|a|y) \d"
)
_UNIT = re.compile(r"[%‰°€$£¥]")  # "5 €" and "80 %" are amounts
_STARS = re.compile("([★⭐🌟✭✮]*)(½?)([☆✩]*)")
_STAR_WORD = (
    "(?:[★⭐🌟]|stars?|sterren|ster|stjerner|stjerne|zvaigznes?|zvaigznu|zvaigžņu|sterne?n?|"
    "étoiles?|etoiles?|estrellas?)"
)
_STAR_COUNT = re.compile(rf"({_DIGITS})(?: ?{_OUT_OF} ?(\d{{1,2}}))? ?[x×*]? ?{_STAR_WORD}")
_STAR_TIMES = re.compile(rf"[★⭐🌟] ?[x×*] ?({_DIGITS})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer as a number.

    Attributes:
        value: The number; NaN when there is no answer, or none that can be read.
        top: The highest answer as the answer itself says it ("4/5" says 5), else NaN.
        readable: False when something was answered and it is no number.
        missing: Why there is no answer ("don't know"), blank where there is one or the cell is.
        label: The words beside the number.
    """

    value: float = np.nan
    top: float = np.nan
    readable: bool = True
    missing: str = ""
    label: str = ""


def _number(text: str) -> Answer | None:
    return Answer(value=_to_float(text)) if _NUMBER.fullmatch(text) else None


def _part_of(text: str) -> Answer | None:
    found = _PART.fullmatch(text.lower())
    return Answer(value=_to_float(found[1]), top=float(found[2])) if found else None


def _stars(text: str) -> Answer | None:
    found = _STARS.fullmatch(re.sub(r"\s", "", text))
    if found is None or not (found[1] or found[3]):
        return None
    value = len(found[1]) + 0.5 * len(found[2])
    return Answer(value=value, top=len(found[0]) if found[3] else np.nan)


def _counted_stars(text: str) -> Answer | None:
    lowered = text.lower()
    found = _STAR_COUNT.fullmatch(lowered)
    if found is not None:
        return Answer(value=_to_float(found[1]), top=float(found[2]) if found[2] else np.nan)
    times = _STAR_TIMES.fullmatch(lowered)
    return Answer(value=_to_float(times[1])) if times else None


def _labelled(text: str) -> Answer | None:
    found = _LABELLED.fullmatch(text)
    if found is None or _TWO_NUMBERS.match(found[2].lower()) or _UNIT.match(found[2]):
        return None  # "4 or 5" is no number
    return Answer(value=_to_float(found[1]), label=found[2])


READERS: tuple[Callable[[str], Answer | None], ...] = (
    _number, _part_of, _stars, _counted_stars, _labelled,
)  # fmt: skip


def parse_answer(text: str) -> Answer:
    """Return one answer as a number.

    Only a number that leads the answer counts: letters are never stripped to get at digits.

    Example:
        >>> [parse_answer(text).value for text in ("7,5", "4/5", "★★★★☆", "10 - 5 stars", "5️⃣")]
        [7.5, 4.0, 4.0, 10.0, 5.0]
        >>> parse_answer("seven").readable, parse_answer("Weet niet").missing
        (False, "don't know")
    """
    bare = visible(text).strip(" \t\r\n\u00a0'\"")
    if bare == "*" or (not any(map(str.isalnum, bare)) and set(bare) <= set(".-–—?/_")):
        return Answer(missing=UNANSWERED if bare else "")
    missing = no_answers().get(answer_key(bare))
    if missing is not None:
        return Answer(missing=missing)
    for read in READERS:
        answer = read(bare)
        if answer is not None:
            return answer
    return Answer(readable=False)


def parse_answers(column: pd.Series) -> pd.DataFrame:
    """Return a column of answers as numbers: ``value``, ``top`` and ``readable``.

    Each different answer is read once, so a column of a million ratings costs no more than its
    scale.
    """
    codes, different = pd.factorize(column)
    read = [parse_answer(text) for text in different]
    return pd.DataFrame(
        {
            "value": np.array([a.value for a in read], dtype=float)[codes],
            "top": np.array([a.top for a in read], dtype=float)[codes],
            "readable": np.array([a.readable for a in read], dtype=bool)[codes],
        },
        index=column.index,
    )


def _to_float(text: str) -> float:
    return float(text.replace(",", "."))
