"""Why words and rating of a comment may disagree: rules that look for evidence of each reason.

What ``disagreements`` is made of. Every rule needs something that is there to be seen; where none
finds it, the reason stays ``unclear``.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.lexicon import load_lexicon
from feedback_nlp.patterns import PatternSet, normalise
from feedback_nlp.records import LANGUAGES
from feedback_nlp.schema import rating_scales, respondents
from feedback_nlp.scores import Definition, definition_of
from feedback_nlp.scores.answers import check_answers, to_floats

_OPPOSITE = 0.75  # of the scale of another rating, from the end where this one is
_IRONIC = ("🙃", "🙄", "😒", "🤡", "🫠", "😏", "👏", "🤦")
_QUOTED = re.compile(r"(?<!\w)[\"'“”„‘’«»]([^\"'“”„‘’«»\n]{2,30})[\"'“”‘’«»](?!\w)")
_WORD = re.compile(r"\w+|[^\w\s]")
_LOOKED_FOR = ("mocking", "contrast", "positive", "very_positive", "elsewhere", "past", "wishes")
_MARKS = {",", ".", "!", "…", ":"}
_LOUD = re.compile(r"!{2,}|(\w)\1{3,}", re.IGNORECASE)
_FIGURE = re.compile(
    r"[€£$] ?\d|\d ?[€£$%]|\d[\d.,:]* ?(?:euros?|eur|kr|kroner|pounds?|quid|x|"
    r"min\w*|hours?|hrs?|days?|weeks?|months?|years?|uur|uren|dagen|dag|weken|maanden|jaar|"
    r"timer?|dager?|uker?|måneder?|stund\w*|dien\w*|nedēļ\w*|mēneš\w*|tag\w*|woche\w*|monat\w*|"
    r"heures?|jours?|semaines?|mois|horas?|días?|semanas?|meses|mes)\b",
    re.IGNORECASE,
)
_MOCKING = {
    "en": (
        "thanks for nothing", "thank you for nothing", "thanks a bunch", "way to go", "yeah right",
        "good luck getting", "good luck trying", "if you enjoy waiting", "if you like waiting",
        "if you love waiting", "just what i needed", "what a joke",
    ),
    "nl": (
        "bedankt voor niets", "bedankt voor niks", "lekker dan", "nou bedankt", "ja hoor",
        "voor wie graag wacht", "net wat ik nodig had",
    ),
    "nb": (
        "takk for ingenting", "tusen takk for ingenting", "lykke til med å",
        "akkurat det jeg trengte", "hvis du liker å vente",
    ),
    "lv": (
        "paldies par neko", "paldies ne par ko", "ja patīk gaidīt", "tieši tas kas vajadzīgs",
    ),
    "de": (
        "danke für nichts", "vielen dank für nichts", "na toll", "na super", "na bravo",
        "schönen dank auch", "viel spaß beim warten", "wer gerne wartet",
    ),
    "fr": (
        "merci pour rien", "bonne chance pour les joindre", "si vous aimez attendre",
        "quelle blague",
    ),
    "es": (
        "gracias por nada", "muchas gracias por nada", "si te gusta esperar", "vaya broma",
        "menuda broma",
    ),
}  # fmt: skip


def sarcasm_sign(text: str, language: str, *, blames: bool, extreme: bool) -> str:
    """Return what makes praise that comes with a low rating look ironic, "" where nothing does.

    Args:
        text: The comment.
        language: Its language; of an unknown one the phrases of all languages are tried.
        blames: Whether a theme is blamed in it as well.
        extreme: Whether the rating is the lowest there is.

    Example:
        >>> sarcasm_sign("Great, another hour on hold", "en", blames=True, extreme=True)
        'praise that opens a complaint'
        >>> sarcasm_sign("Great staff, but too expensive", "en", blames=True, extreme=True)
        ''
    """
    if any(sign in text for sign in _IRONIC):
        return "emoji"
    words, codes = _words(text), _codes(language)
    if _has(words, codes, "mocking"):
        return "mocking phrase"
    quoted = [_words(match[1]) for match in _QUOTED.finditer(text)]
    if any(len(some) <= 3 and _praises(some, codes) for some in quoted):
        return "praise in quotes"
    if extreme and _exaggerates(text) and _has(words, codes, "very_positive"):
        return "exaggeration"
    marks = [at for at, word in enumerate(words[:4]) if word in _MARKS]
    opens = bool(marks) and marks[0] > 0 and _praises(words[: marks[0]], codes)
    if not _has(words, codes, "contrast"):
        if blames and opens:
            return "praise that opens a complaint"
        if _FIGURE.search(text) and _praises(words, codes):
            return "praise beside a figure"
    return ""


def _exaggerates(text: str) -> bool:
    loud = any(word.isupper() and len(word) > 3 for word in text.split())
    return loud or _LOUD.search(text) is not None


def _praises(words: Sequence[str], codes: Sequence[str]) -> bool:
    return _has(words, codes, "positive") or _has(words, codes, "very_positive")


def _has(words: Sequence[str], codes: Sequence[str], role: str) -> bool:
    return any(role in _roles_in(tuple(words), code) for code in codes)


@lru_cache(maxsize=1000)
def _roles_in(words: tuple[str, ...], language: str) -> frozenset[str]:
    """Return what is found in a text; most are asked for several roles."""
    return frozenset(_phrases(language).labels_in(words))


def _codes(language: str) -> tuple[str, ...]:
    """Return the languages whose phrases are looked for: its own, or all where it is unknown."""
    return (language,) if language in LANGUAGES else LANGUAGES


def _words(text: str) -> list[str]:
    return [normalise(part) for part in _WORD.findall(text)]


def tells_of_others(text: str, language: str) -> str:
    """Return ``other company`` or ``other time`` where a comment names one, else "".

    Example:
        >>> tells_of_others("My previous provider was so slow, another company altogether", "en")
        'other company'
        >>> tells_of_others("It used to be lovely", "en"), tells_of_others("Lovely", "en")
        ('other time', '')
    """
    for role, told in (("elsewhere", "other company"), ("past", "other time")):
        if _has(_words(text), _codes(language), role):
            return told
    return ""


def why_misread(text: str, language: str) -> str:
    """Return why the words of a comment are easily misread, "" where nothing speaks for it.

    Example:
        >>> why_misread("Faster!", "en"), why_misread("They should have called", "en")
        ('a single word', 'a wish')
    """
    words = _words(text)
    if sum(word.isalnum() for word in words) <= 1:
        return "a single word"
    return "a wish" if _has(words, _codes(language), "wishes") else ""


@cache
def _phrases(language: str) -> PatternSet:
    """Return the phrases of all roles, ready to be looked for."""
    lexicon = load_lexicon(language)
    lists = {**lexicon.words, **lexicon.opinion, "mocking": _MOCKING[language]}
    pairs = [(phrase, role) for role in _LOOKED_FOR for phrase in lists.get(role, ())]
    return PatternSet(pairs, _words, lexicon.keep_accents)


def opposite_ratings(
    comments: pd.DataFrame, rating: str, definition: Definition, others: Sequence[str] | str | None
) -> "pd.Series[str]":
    """Return, by respondent, which other ratings lie at the other end than this one, "" for none.

    Args:
        comments: A comments table.
        rating: The rating column.
        definition: Its score.
        others: Other rating columns; those the table notes if not given. High answers are good.

    Returns:
        One text a respondent: the other ratings that are there must, on average, be in the last
        quarter of their scales at the other end.
    """
    if isinstance(others, str):
        others = [others]
    names = list(rating_scales(comments)) if others is None else list(others)
    names = [name for name in names if name != rating and (name in comments or others is not None)]
    people = respondents(comments, rating, keep=names)
    ids = pd.Index(people["respondent_id"])
    if not names:
        return pd.Series("", index=ids, dtype="str")
    own = _place(people, rating, definition)
    places = np.column_stack(
        [_place(people, name, definition_of(comments, name)) for name in names]
    )
    known = ~np.isnan(places)
    number = known.sum(axis=1)
    mean = np.where(known, places, 0.0).sum(axis=1) / np.where(number > 0, number, np.nan)
    far = ((own <= 0.5) & (mean >= _OPPOSITE)) | ((own >= 0.5) & (mean <= 1 - _OPPOSITE))
    told = np.full(len(people), "", dtype=object)
    for row in np.flatnonzero(far):
        given = people[names].iloc[row]
        told[row] = ", ".join(
            f"{name} {given[name]:g}"
            for name, there in zip(names, known[row], strict=True)
            if there
        )
    return pd.Series(told, index=ids, dtype="str")


def _place(people: pd.DataFrame, name: str, definition: Definition) -> NDArray[np.float64]:
    """Return where good answers lie on their scale, 0 for its lowest and 1 for its highest."""
    answers = to_floats(people[name])
    low, high = definition.scale
    check_answers(answers, definition.scale, whole=False, name=name)
    return (definition.good(answers) - low) / (high - low)
