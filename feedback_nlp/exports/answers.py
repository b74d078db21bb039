"""Answers to rating questions as numbers: digits, "7,5", "4/5", "10 - very likely", stars.

``parse_answer`` reads one answer with a list of small readers; a further way of answering is a
further reader.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from feedback_nlp.exports.wordings import plain

NO_ANSWER = frozenset(
    plain(words)
    for words in """
    n/a|na|#n/a|#null!|n.a.|n.a|nan|null|none|nil|-|--|---|.|?|not applicable|not answered|
    no    answer|did not answer|unanswered|missing|prefer not to say|prefer not to answer|
    rather not say|don't know|dont know|do not know|dk|no opinion|skipped|refused|not sure|nvt|
    n.v.t.|n.v.t|niet van toepassing|weet niet|weet ik niet|geen antwoord|geen mening|
    zeg ik liever niet|wil ik niet zeggen|ikke aktuelt|ikke svart|ubesvart|vet ikke|
    ønsker ikke å svare|vil ikke svare|ingen mening|ikke relevant|nezinu|nav atbildes|
    neattiecas|nevēlos atbildēt|grūti pateikt|nav viedokļa|weiß nicht|weiss nicht|keine angabe|
    k.a.|k.a|keine antwort|keine meinung|möchte ich nicht sagen|nicht zutreffend|entfällt|
    ne sait pas|nsp|je ne sais pas|sans réponse|sans objet|pas de réponse|sans opinion|
    non applicable|s.o.|s/o|no sabe|ns/nc|ns|nc|no sé|no lo sé|no contesta|no aplica|
    no procede|sin respuesta|prefiero no contestar|prefiero no decirlo
    """.replace("\n", "").split("|")
) - {""}

_NUMBER = re.compile(r"[+-]?\d{1,6}(?:[.,]\d{1,2}|\.\d+)?")
_PART = re.compile(
    r"(\d{1,3}(?:[.,]\d{1,2})?) ?(?:/|out of|of|van de|van|av|no|von|sur|de) ?(\d{1,3})"
)
_LABELLED = re.compile(
    r"(\d{1,3}(?:[.,]\d{1,2})?)(?: ?[-–—=]+ |[:.)] |[ (]|=|: ?(?=[^\d\s]))\s*\S.*", re.DOTALL
)
_STARS = re.compile("([★⭐🌟✭✮]*)([☆✩]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer as a number.

    Attributes:
        value: The number; NaN when there is no answer, or none that can be read.
        top: The highest answer as the answer itself says it ("4/5" says 5), else NaN.
        readable: False when something was answered and it is no number.
    """

    value: float = np.nan
    top: float = np.nan
    readable: bool = True


def _number(text: str) -> Answer | None:
    return Answer(value=_to_float(text)) if _NUMBER.fullmatch(text) else None


def _part_of(text: str) -> Answer | None:
    found = _PART.fullmatch(text.lower())
    return Answer(value=_to_float(found[1]), top=float(found[2])) if found else None


def _stars(text: str) -> Answer | None:
    found = _STARS.fullmatch(re.sub(r"[\s\ufe0f]", "", text))
    if found is None or not found[0]:
        return None
    return Answer(value=len(found[1]), top=len(found[0]) if found[2] else np.nan)


def _labelled(text: str) -> Answer | None:
    found = _LABELLED.fullmatch(text)
    return Answer(value=_to_float(found[1])) if found else None


READERS: tuple[Callable[[str], Answer | None], ...] = (_number, _part_of, _stars, _labelled)


def parse_answer(text: str) -> Answer:
    """Return one answer as a number.

    Only a number that leads the answer counts: letters are never stripped to get at digits.

    Example:
        >>> [parse_answer(text).value for text in ("7,5", "4/5", "★★★★☆", "10 - 5 stars", "n/a")]
        [7.5, 4.0, 4, 10.0, nan]
        >>> parse_answer("seven").readable
        False
    """
    bare = text.strip(" \t\r\n\u00a0\u200b'\"")
    if not any(map(str.isalnum, bare)) and set(bare) <= set(".-–—?/_*"):
        return Answer()
    if plain(bare) in NO_ANSWER or plain(bare).rstrip(".!") in NO_ANSWER:
        return Answer()
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
