"""Which of the seven languages a comment is in, or that it is in none of them.

The detector (py3langid) knows a hundred languages and is unsure of three words; the word lists
know a few thousand words
and are sure of those. Both are added up; for a whole file the mix of its languages is added too,
because
"Super!" in a Dutch survey is Dutch. A comment that neither knows is ``unknown``.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt

from feedback_nlp.known_words import MAX_TEXTS, count_known
from feedback_nlp.records import LANGUAGES, UNKNOWN_LANGUAGE

_WORD_WEIGHT = 1.2
_SURE = 2.0
_READ = 400
_TIE = 0.05
_CLEAR = 4
_KNOWN_SHARE = 0.34
_AT_ONCE = 8 * MAX_TEXTS
MIX_TEXTS = 20_000
FloatArray = npt.NDArray[np.float64]
_Bools = npt.NDArray[np.bool_]


def detect_languages(texts: Sequence[str], *, file_mix: bool | FloatArray = False) -> list[str]:
    """Return the language of each comment: one of the seven codes, or ``unknown``.

    Args:
        texts: Comments; blank ones are ``unknown``.
        file_mix: The comments are one survey, so its mix of languages decides where a comment
            alone does not. For a part of a survey give the mix of the whole, of ``language_mix``.

    Example:
        >>> detect_languages(["Snelle levering", "Atrā piegāde", "Szybka i bardzo miła obsługa"])
        ['nl', 'lv', 'unknown']
    """
    if not texts:
        return []
    times = Counter(texts)
    rows = {text: row for row, text in enumerate(times)}
    evidence, foreign = _evidence(list(rows))
    if file_mix is True:
        chosen = typical_texts(times)
        here = [rows[text] for text in chosen]
        evidence = evidence + _mix(evidence[here], foreign[here], list(chosen.values()))
    elif file_mix is not False:
        evidence = evidence + file_mix
    best = evidence.argmax(axis=1)
    top = np.partition(evidence, -2, axis=1)
    unsure = foreign | ((top[:, -1] - top[:, -2] < _TIE) & (top[:, -1] < 0))
    names = (*LANGUAGES, UNKNOWN_LANGUAGE)
    found = [names[place] for place in np.where(unsure, len(LANGUAGES), best).tolist()]
    return found if len(rows) == len(texts) else [found[rows[text]] for text in texts]


def language_mix(texts: Iterable[str]) -> FloatArray:
    """Return how common each language is in a survey, for ``detect_languages`` of its parts.

    It is read from all of them up to 20,000 different ones, else from 20,000 that do not depend
    on their order; each counts as often as it comes. Texts may come one by one: no more are kept.

    Args:
        texts: All comments of a survey.

    Returns:
        Seven logarithms of shares, in the order of ``LANGUAGES``; zeros where no comment is sure.

    Example:
        >>> mix = language_mix(["De levering was snel en de hulp vriendelijk"] * 3)
        >>> detect_languages(["Super!"], file_mix=mix)
        ['nl']
    """
    stream, kept = iter(texts), Counter[str]()
    while some := Counter(islice(stream, MIX_TEXTS)):
        kept = typical_texts(kept + some)
    return mix_of(kept)


def mix_of(times: Counter[str]) -> FloatArray:
    """Return the mix that texts tell which were chosen already, as ``language_mix`` does.

    Args:
        times: How often each text comes, of ``typical_texts``.
    """
    return _mix(*_evidence(list(times)), list(times.values()))


def typical_texts(times: Counter[str]) -> Counter[str]:
    """Return the texts that tell the mix, those of the smallest hashes, and how often they come.

    A text that is left out once is left out for good, whatever texts follow: so the texts of parts
    can be put together, ``typical_texts(typical_texts(one) + typical_texts(other))``.

    Args:
        times: How often each text comes.
    """
    if len(times) <= MIX_TEXTS:
        return times
    chosen = sorted(times, key=lambda text: (stable_hash(text), text))[:MIX_TEXTS]
    return Counter({text: times[text] for text in chosen})


def stable_hash(text: str) -> bytes:
    """Return a number of 64 bits that a text has always and everywhere."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _mix(evidence: FloatArray, foreign: _Bools, times: Sequence[int]) -> FloatArray:
    """Return the log share of each language among the comments that are sure of theirs."""
    top = np.partition(evidence, -2, axis=1)
    sure = (top[:, -1] - top[:, -2] > _SURE) & ~foreign
    counts = np.bincount(
        evidence[sure].argmax(axis=1),
        weights=np.array(times, dtype=np.float64)[sure],
        minlength=len(LANGUAGES),
    )
    if not counts.sum():
        return np.zeros(len(LANGUAGES))
    share: FloatArray = np.log((counts + 0.5) / (counts.sum() + 0.5 * len(LANGUAGES)))
    return share


def _evidence(texts: Sequence[str]) -> tuple[FloatArray, _Bools]:
    """Return the log evidence for each language, and which comments are in none of them."""
    evidence = np.zeros((len(texts), len(LANGUAGES)))
    foreign = np.zeros(len(texts), dtype=np.bool_)
    for at in range(0, len(texts), _AT_ONCE):
        here = slice(at, at + _AT_ONCE)
        evidence[here], foreign[here] = _evidence_at_once([text[:_READ] for text in texts[here]])
    return evidence, foreign


def _evidence_at_once(texts: Sequence[str]) -> tuple[FloatArray, _Bools]:
    counts = [count_known(texts[at : at + MAX_TEXTS]) for at in range(0, len(texts), MAX_TEXTS)]
    known, number = (np.concatenate(parts) for parts in zip(*counts, strict=True))
    ordered = np.sort(known, axis=1)
    first, second = ordered[:, -1], ordered[:, -2]
    mostly_known = first >= _KNOWN_SHARE * number
    evidence = _WORD_WEIGHT * known
    foreign = number == 0
    rows = np.flatnonzero(~foreign & ~(mostly_known & (first - second >= _CLEAR)))
    if len(rows):
        from feedback_nlp.detector import detector

        scores, outside = detector().evidence([texts[row] for row in rows.tolist()])
        evidence[rows] = scores + _WORD_WEIGHT * np.minimum(known[rows], 12.0)
        foreign[rows] = outside & ~mostly_known[rows]
    return evidence, foreign
