"""The word lists of a language: opinions, negators, contrast, answers that say nothing.

One TOML file a language in ``data/lexicons``; ``xx`` holds what belongs to no language, such as
emoji. All phrases are
in the notation of ``patterns``.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from feedback_nlp.records import LANGUAGES
from feedback_nlp.resources import resource
from feedback_nlp.toml_lists import loads_toml

OPINION_VALUES = {
    "very_negative": -2.0,
    "negative": -1.0,
    "neutral": 0.0,
    "positive": 1.0,
    "very_positive": 2.0,
}
UNIVERSAL = "xx"
FRAMES = ("past", "now", "elsewhere", "said")  # whom or which time a clause is about, who says it


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The word lists of one language.

    Attributes:
        language: ISO 639-1 code, or ``xx`` for what belongs to no language.
        opinion: Opinion phrases by strength, the keys of ``OPINION_VALUES``.
        words: Function words by role: negators (and which of them also look back: negators_after),
            contrast, joiners, clause_starts, adverbs (which begin a clause only after a mark),
            intensifiers, downtoners, wishes, stance (regret and the like, which no negator turns),
            stop_words; and the ``FRAMES``: past (how it was before), now (set against the past),
            elsewhere (another company, or a comparison with one), said (reported by somebody).
        answers: Whole answers that say ``nothing``, or give ``no_answer``.
        questions: Wordings of a question that ``asks_positive`` or ``asks_negative`` things.
        keep_accents: Words that are another word without their diacritics.
        negated_prefix: What a word that is negated in itself begins with, in languages that negate
            twice: "neviens neatbild" is no praise.
    """

    language: str
    opinion: Mapping[str, tuple[str, ...]]
    words: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, tuple[str, ...]]
    questions: Mapping[str, tuple[str, ...]]
    keep_accents: frozenset[str] = frozenset()
    negated_prefix: str = ""

    def known_words(self) -> frozenset[str]:
        """Return the plain words of the lists: what a short text's language is recognised by.

        The ``FRAMES`` are left out: their phrases are made of the words of every text.
        """
        said = [phrases for role, phrases in self.words.items() if role not in FRAMES]
        lists = [*self.opinion.values(), *said, *self.answers.values()]
        words = {word for phrases in lists for phrase in phrases for word in phrase.split()}
        return frozenset(word for word in words if word.isalpha())


@cache
def load_lexicon(language: str) -> Lexicon:
    """Return the word lists of a language.

    Args:
        language: One of the seven codes, or ``xx``.

    Raises:
        FileFormatError: The package has no lists for the language.

    Example:
        >>> "niet" in load_lexicon("nl").words["negators"]
        True
    """
    content = loads_toml(resource("lexicons", f"{language}.toml").read_text("utf-8"))

    def section(name: str) -> dict[str, tuple[str, ...]]:
        return {key: tuple(phrases) for key, phrases in content.get(name, {}).items()}

    return Lexicon(
        language=language,
        opinion=section("opinion"),
        words=section("words"),
        answers=section("answers"),
        questions=section("questions"),
        keep_accents=frozenset(content.get("keep_accents", ())),
        negated_prefix=str(content.get("negated_prefix", "")),
    )


@cache
def lexicons_sha256() -> str:
    """Return one hash over the word lists of all languages, for the record of a run."""
    digest = hashlib.sha256()
    for language in (*LANGUAGES, UNIVERSAL):
        digest.update(resource("lexicons", f"{language}.toml").read_bytes())
    return digest.hexdigest()
