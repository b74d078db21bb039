"""Inflected forms of one word: what a form is counted under, where that is safe.

The dictionaries are simplemma's. It says of "better" that it is "good", of "parking" that it is
"park", and that is too much here: people who write them mean different things. So a form goes with
its base form only if the two differ by an ending that marks number, case, definiteness, agreement
or the person of a verb. Degrees of comparison, participles, diminutives and verbal nouns stay
words of their own.
"""

import re
from collections.abc import Mapping
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING

from feedback_nlp.patterns import fold

if TYPE_CHECKING:
    from simplemma.strategies import DictionaryLookupStrategy

_SHORTEST_STEM = 3
_LONGEST = 40

# Ending of the form / ending of the base form, after the letters they share, without diacritics; a
# letter doubled before the ending ("stukken") is taken off.
_ENDINGS: Mapping[str, str] = {
    "nl": "en/ s/ 's/ e/ t/en zen/s ven/f ze/s ve/f",
    "en": "s/ es/ 's/ ies/y ed/ d/ ied/y",
    "nb": "e/ en/ er/ et/ ene/ a/ r/ n/ t/ ne/ a/e s/",
    "lv": (
        "s/ u/ i/ m/ u/s a/s u/a i/s us/s iem/s am/s os/s e/s ai/s as/s o/s o/a i/e u/e u/is "
        "a/is us/is iem/is im/is im/s em/e ai/a am/a as/a ais/s ie/s aja/s ajai/a ajam/s ja/t ju/t"
    ),
    "de": "en/ e/ es/ er/ em/ n/ s/",
    "fr": "s/ e/ es/ x/ se/x ses/x ere/er eres/er ve/f ves/f aux/al",
    "es": "s/ es/ a/o as/o ces/z",
}
_ALLOWED = {language: frozenset(pairs.split()) for language, pairs in _ENDINGS.items()}
# Words that are more than a form of the other one.
_OWN_WORDS: Mapping[str, str] = {
    "en": (
        "advanced arms bored broken concerned customs dated detailed engaged experienced fitted "
        "glasses goods grounds interested involved limited lives marked means mixed pleased "
        "qualified skilled spirits staffed structured tired used valued"
    ),
    "nb": "rocker større lager sanger",
    "de": "alter angeboten früher später danke",
    "fr": "pâtes personnes",
    "es": "personales esposas",
}
_APART = {language: frozenset(words.split()) for language, words in _OWN_WORDS.items()}
# Dutch writes a long vowel twice in a closed syllable, once in an open one: zaak, zaken.
_OPEN_SYLLABLE = re.compile(r"([bdfgklmnprtz])en?/[aeou](\1|[sf])")


def base_form(word: str, language: str) -> str:
    """Return the form a word is counted under: itself, or what it is an inflected form of.

    Args:
        word: In lower case, with its diacritics.
        language: ISO 639-1 code; of a language without a dictionary every word is itself.

    Example:
        >>> [base_form(word, "nl") for word in ("medewerkers", "wachttijden", "prijzen", "beter")]
        ['medewerker', 'wachttijd', 'prijs', 'beter']
        >>> [base_form(word, "en") for word in ("queues", "news", "parking", "santos")]
        ['queue', 'news', 'parking', 'santos']
    """
    if language not in _ALLOWED or not _SHORTEST_STEM < len(word) <= _LONGEST:
        return word
    if word in _APART.get(language, ()):
        return word
    for written in (word, word.capitalize()) if language == "de" else (word,):
        found = _dictionary().exact_lemma(written, language)
        if found == word:
            break
        if found is not None and _inflected(fold(word), fold(found.lower()), language):
            return found.lower()
    return word


def _inflected(form: str, base: str, language: str) -> bool:
    """Tell whether two forms without diacritics differ by an ending that is safe to ignore."""
    size = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(form, base, strict=False)))
    stem = form[:size]
    if len(stem) < _SHORTEST_STEM or form == base:
        return False
    ending, other = form[len(stem) :], base[len(stem) :]
    if language == "nl" and _OPEN_SYLLABLE.fullmatch(f"{ending}/{other}"):
        return True
    single = ending.removeprefix(stem[-1]) if not other else ending
    base_ending = other.removeprefix(stem[-1])
    return any(
        f"{first}/{second}" in _ALLOWED[language]
        for first in (ending, single)
        for second in (other, base_ending)
    )


@cache
def _dictionary() -> "DictionaryLookupStrategy":
    from simplemma.strategies import DictionaryLookupStrategy

    return DictionaryLookupStrategy()
