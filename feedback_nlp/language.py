"""Which of the seven languages a comment is in, or that it is in none of them.

The detector (py3langid) knows a hundred languages and is unsure of three words; the word lists
know a few thousand words
and are sure of those. Both are added up; for a whole file the mix of its languages is added too,
because
"Super!" in a Dutch survey is Dutch. A comment that neither knows is ``unknown``.
"""

import math
import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from feedback_nlp.lexicon import load_lexicon
from feedback_nlp.patterns import fold
from feedback_nlp.records import LANGUAGES, UNKNOWN_LANGUAGE

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_WORD = re.compile(r"[^\W\d_]+")
_DETECTOR_CODES = {"no": "nb", "nn": "nb"}
_KIN = {
    "nn",
    "no",
    "da",
    "af",
    "lb",
    "ltg",
    "an",
    "ext",
    "wa",
    "fy",
    "gcf",
    "pcm",
    "zxx",
    "oc",
    "gl",
    "gcr",
}
_WORD_WEIGHT = 1.2
_FLOOR = 1e-3
_SURE = 2.0
_FOREIGN = 0.75
_READ = 400
_TIE = 0.05
_CLEAR = 4
_KNOWN_SHARE = 0.34
FloatArray = npt.NDArray[np.float64]


def detect_languages(texts: Sequence[str], *, file_mix: bool = False) -> list[str]:
    """Return the language of each comment: one of the seven codes, or ``unknown``.

    Args:
        texts: Comments; blank ones are ``unknown``.
        file_mix: The comments are one survey, so its mix of languages decides where a comment
            alone does not.

    Example:
        >>> detect_languages(["Snelle levering", "Atrā piegāde", "Szybka i bardzo miła obsługa"])
        ['nl', 'lv', 'unknown']
    """
    memory: dict[str, tuple[FloatArray, bool]] = {}
    rows = [memory[t] if t in memory else memory.setdefault(t, _evidence(t)) for t in texts]
    if not rows:
        return []
    evidence = np.array([row[0] for row in rows])
    foreign = np.array([row[1] for row in rows])
    if file_mix:
        evidence = evidence + _mix(evidence, foreign)
    best = evidence.argmax(axis=1)
    top = np.partition(evidence, -2, axis=1)
    unsure = foreign | ((top[:, -1] - top[:, -2] < _TIE) & (top[:, -1] < 0))
    return [UNKNOWN_LANGUAGE if u else LANGUAGES[b] for b, u in zip(best, unsure, strict=True)]


def _mix(evidence: FloatArray, foreign: npt.NDArray[np.bool_]) -> FloatArray:
    """Return the log share of each language among the comments that are sure of theirs."""
    top = np.partition(evidence, -2, axis=1)
    sure = (top[:, -1] - top[:, -2] > _SURE) & ~foreign
    counts = np.bincount(evidence[sure].argmax(axis=1), minlength=len(LANGUAGES))
    if not counts.sum():
        return np.zeros(len(LANGUAGES))
    share: FloatArray = np.log((counts + 0.5) / (counts.sum() + 0.5 * len(LANGUAGES)))
    return share


def _evidence(text: str) -> tuple[FloatArray, bool]:
    """Return the log evidence for each language, and whether the comment is in none of them."""
    scores = np.zeros(len(LANGUAGES))
    words = _WORD.findall(text[:_READ].lower())
    if not words:
        return scores, True
    said = frozenset(words)
    known = np.array([len(said & lists) for lists in _known_words()], dtype=float)
    second, first = np.partition(known, -2)[-2:]
    if first - second >= _CLEAR and first >= _KNOWN_SHARE * len(said):
        return _WORD_WEIGHT * known, False
    ranked = [(code, float(share)) for code, share in _detector().rank(text[:_READ])]
    shares = dict.fromkeys(LANGUAGES, 0.0)
    for code, share in ranked:
        code = _DETECTOR_CODES.get(code, code)
        if code in shares:
            shares[code] += share
    total = sum(shares.values()) or 1.0
    for index, code in enumerate(LANGUAGES):
        scores[index] = math.log(shares[code] / total + _FLOOR)
    scores += _WORD_WEIGHT * np.minimum(known, 12.0)
    stranger, certainty = ranked[0]
    outside = stranger not in LANGUAGES and stranger not in _KIN and certainty > _FOREIGN
    foreign = outside and first < _KNOWN_SHARE * len(said)
    return scores, bool(foreign)


@cache
def _detector() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@cache
def _known_words() -> tuple[frozenset[str], ...]:
    lists = [load_lexicon(language).known_words() for language in LANGUAGES]
    return tuple(words | {fold(word) for word in words} for words in lists)
