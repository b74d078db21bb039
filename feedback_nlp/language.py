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
    if not texts:
        return []
    unique = list(dict.fromkeys(texts))
    evidence, foreign = _evidence(unique)
    if len(unique) < len(texts):
        rows = {text: row for row, text in enumerate(unique)}
        order = [rows[text] for text in texts]
        evidence, foreign = evidence[order], foreign[order]
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


def _evidence(texts: Sequence[str]) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Return the log evidence for each language, and which comments are in none of them."""
    said = [frozenset(_WORD.findall(text[:_READ].lower())) for text in texts]
    known = _known_counts(said)
    number = np.array([len(words) for words in said])
    ordered = np.sort(known, axis=1)
    first, second = ordered[:, -1], ordered[:, -2]
    mostly_known = first >= _KNOWN_SHARE * number
    evidence = _WORD_WEIGHT * known
    foreign = number == 0
    for row in np.flatnonzero(~foreign & ~(mostly_known & (first - second >= _CLEAR))).tolist():
        scores, outside = _detected(texts[row][:_READ])
        evidence[row] = scores + _WORD_WEIGHT * np.minimum(known[row], 12.0)
        foreign[row] = outside and not mostly_known[row]
    return evidence, foreign


def _known_counts(said: Sequence[frozenset[str]]) -> FloatArray:
    """Return how many words of each comment each language has on its lists."""
    lists = _known_words().get
    packed = [sum([lists(word, 0) for word in words]) for words in said]
    data = b"".join([one.to_bytes(2 * len(LANGUAGES), "little") for one in packed])
    return np.frombuffer(data, dtype="<u2").reshape(len(said), -1).astype(np.float64)


def _detected(text: str) -> tuple[FloatArray, bool]:
    """Return the log share of each language, and whether the detector is sure of another one.

    The detector's own ``rank`` sorts its hundred and forty languages, which takes longer than to
    find their shares.
    """
    detector = _detector()
    shares = detector._decide(text)
    ours = [
        sum(sorted((float(shares[column]) for column in columns), reverse=True))
        for columns in _detector_columns()
    ]
    total = sum(ours) or 1.0
    scores = np.array([math.log(share / total + _FLOOR) for share in ours])
    best = int(shares.argmax())
    stranger, certainty = detector.nb_classes[best], float(shares[best])
    return scores, stranger not in LANGUAGES and stranger not in _KIN and certainty > _FOREIGN


@cache
def _detector_columns() -> list[list[int]]:
    """Return where the detector has each of our languages; Norwegian has several names."""
    classes = _detector().nb_classes
    names = {language: {language} for language in LANGUAGES}
    for code, language in _DETECTOR_CODES.items():
        names[language].add(code)
    return [
        [classes.index(name) for name in sorted(names[language]) if name in classes]
        for language in LANGUAGES
    ]


@cache
def _detector() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@cache
def _known_words() -> dict[str, int]:
    """Return which languages have a word on their lists: a one in the sixteen bits of each."""
    found: dict[str, int] = {}
    for place, language in enumerate(LANGUAGES):
        words = load_lexicon(language).known_words()
        for word in words | {fold(word) for word in words}:
            found[word] = found.get(word, 0) | 1 << 16 * place
    return found
