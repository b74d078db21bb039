"""What spaCy's rules say of most comments, as tables that come with the package.

Loading spaCy and the rules of a language takes a second, those of French three. A comment of plain
words needs to know no more of them than which words are special cases, and that is here. All else
is left to spaCy. ``training/spacy_tables.py`` writes the tables; they hold for one version of
spaCy, and another one is asked itself.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from feedback_nlp.resources import resource


@dataclass(frozen=True, slots=True, eq=False)
class SpacyTable:
    """What spaCy's rules of a language say.

    Attributes:
        special: Its special cases.
        joins: Words that are neighbours in a special case, in order.
        words: How the words of our own phrase lists are split that are not plain.
    """

    special: frozenset[str]
    joins: tuple[tuple[str, str], ...]
    words: Mapping[str, tuple[str, ...]]


@cache
def spacy_table(language: str) -> SpacyTable | None:
    """Return the table of a language; ``None`` where another version of spaCy is installed.

    Args:
        language: One of the seven codes, or ``xx``.

    Raises:
        FileFormatError: The package has no table for the language.

    Example:
        >>> table = spacy_table("en")
        >>> table is None or "cannot" in table.special
        True
    """
    content = json.loads(resource("spacy", f"{language}.json").read_text("utf-8"))
    if content["spacy"] != spacy_version():
        return None
    return SpacyTable(
        special=frozenset(content["special"]),
        joins=tuple((first, second) for first, second in content["joins"]),
        words={word: tuple(pieces) for word, pieces in content["words"].items()},
    )


@cache
def spacy_version() -> str:
    """Return which spaCy is installed; "" where that is not on record."""
    try:
        return version("spacy")
    except PackageNotFoundError:
        return ""
