"""The catalogs of what is said in each language.

A language has a folder in ``data/wordings``, with one TOML file for each subject; all languages
have the same files with the same entries. An entry is a text with names in braces where values go,
or one text for each plural form of the language, as the Unicode CLDR names them (``one``,
``other``, in Latvian ``zero`` as well).
"""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Formatter

from feedback_nlp.errors import FeedbackError
from feedback_nlp.records import REPORT_LANGUAGES
from feedback_nlp.resources import resource

PLURALS = frozenset({"zero", "one", "two", "few", "many", "other"})
Text = str | Mapping[str, str]


def catalog(language: str) -> dict[str, Text]:
    """Return what is said in a language, by the full name of each entry, such as ``reason.share``.

    Raises:
        FeedbackError: There are no wordings in that language, or an entry is in two of its files.
    """
    if language not in REPORT_LANGUAGES:
        raise FeedbackError(
            f"No report language {language!r}; choose one of {', '.join(REPORT_LANGUAGES)}."
        )
    texts: dict[str, Text] = {}
    for path in catalog_paths(language):
        found = dict(_flat(tomllib.loads(path.read_text("utf-8"))))
        twice = sorted(found.keys() & texts.keys())
        if twice:
            raise FeedbackError(f"{path} has {twice[0]!r}, as another file has.")
        texts |= found
    return texts


def catalog_paths(language: str) -> list[Path]:
    """Return the files of a language, one for each subject."""
    return sorted(resource("wordings", language).glob("*.toml"))


def names_in(text: Text) -> frozenset[str]:
    """Return the names of the values that an entry asks for.

    Example:
        >>> sorted(names_in({"one": "{n} of {total}", "other": "{n}"}))
        ['n', 'total']
    """
    texts = [text] if isinstance(text, str) else text.values()
    return frozenset(
        name for one in texts for _, name, _, _ in Formatter().parse(one) if name is not None
    )


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterable[tuple[str, Text]]:
    """Return the entries of nested tables by their full names."""
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, str):
            yield key, value
        elif isinstance(value, dict) and set(value) <= PLURALS:
            yield key, {str(form): str(text) for form, text in value.items()}
        elif isinstance(value, dict):
            yield from _flat(value, f"{key}.")
