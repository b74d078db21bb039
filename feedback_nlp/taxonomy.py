"""The taxonomy: which themes there are, what they mean, and the phrases that name them.

A taxonomy is one TOML file; docs/taxonomy.md has the format. Nothing in the code knows a theme by
its name: what is special about a theme (that it has no subject, that it is blamed when nothing is
said) is said in the file.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from feedback_nlp.errors import FileFormatError, TaxonomyError, shorten_list
from feedback_nlp.patterns import check_patterns
from feedback_nlp.records import LANGUAGES, REPORT_LANGUAGES
from feedback_nlp.resources import resource
from feedback_nlp.toml_lists import loads_toml

THEME_ID = re.compile(r"[a-z][a-z0-9_]{0,40}(\.[a-z][a-z0-9_]{0,40})?")
_THEME_KEYS = {"id", "names", "definition", "examples", "phrases", "general", "unsaid"}
_MAX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One theme of a taxonomy.

    Attributes:
        id: ``parent`` or ``parent.child``, in lower case.
        names: Display name by language code.
        definition: What it means, and what tells it from its neighbours.
        examples: Comments that mention it.
        phrases: Phrases that name it, by language code; docs/taxonomy.md has the notation.
        general: Praise or blame without a subject: it counts for sentiment, only where nothing
            else is named, and never as a driver.
        unsaid: The polarity that customers mean when they name the theme without an opinion word
            ("waited two hours"), or ``None``.
    """

    id: str
    names: Mapping[str, str] = field(default_factory=dict)
    definition: str = ""
    examples: tuple[str, ...] = ()
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    general: bool = False
    unsaid: Literal["negative", "positive"] | None = None

    @property
    def parent(self) -> str:
        """The id of the top theme it belongs to; a top theme is its own parent."""
        return self.id.split(".", 1)[0]

    def name(self, language: str = "en") -> str:
        """Return the display name in a language, else in English, else made from the id."""
        made = self.id.rsplit(".", 1)[-1].replace("_", " ").capitalize()
        return self.names.get(language) or self.names.get("en") or made


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """The themes of one taxonomy file, in the file's order.

    Example:
        >>> taxonomy = load_taxonomy()
        >>> taxonomy["service.waiting_time"].parent
        'service'
    """

    name: str
    themes: tuple[Theme, ...]
    sha256: str = ""

    @cached_property
    def _by_id(self) -> dict[str, Theme]:
        return {theme.id: theme for theme in self.themes}

    @property
    def ids(self) -> tuple[str, ...]:
        """All theme ids, in the file's order."""
        return tuple(theme.id for theme in self.themes)

    @property
    def general(self) -> tuple[str, ...]:
        """Ids of the themes without a subject, which are never drivers."""
        return tuple(theme.id for theme in self.themes if theme.general)

    @property
    def has_phrases(self) -> bool:
        """Whether any theme has phrases in any language."""
        return any(phrases for theme in self.themes for phrases in theme.phrases.values())

    def __getitem__(self, theme_id: str) -> Theme:
        if theme_id not in self._by_id:
            raise TaxonomyError(
                f"No theme {theme_id!r} in taxonomy {self.name!r}; "
                f"it has: {shorten_list(self.ids)}."
            )
        return self._by_id[theme_id]

    def __contains__(self, theme_id: object) -> bool:
        return theme_id in self._by_id

    def names(self, language: str = "en") -> dict[str, str]:
        """Return the display name of every theme: a sub-theme's own name, without its parent's."""
        return {theme.id: theme.name(language) for theme in self.themes}

    def noted(self) -> dict[str, Any]:
        """Return what a mentions table notes of its themes: names, and which are never drivers.

        Example:
            >>> load_taxonomy().noted()["names_in"]["lv"]["price"]
            'Cena'
        """
        return {
            "names": self.names(),
            "names_in": {language: self.names(language) for language in REPORT_LANGUAGES},
            "general": list(self.general),
        }


def load_taxonomy(path: str | Path | None = None) -> Taxonomy:
    """Read a taxonomy file and check it.

    Args:
        path: A TOML file; without it the default taxonomy that comes with the package.

    Raises:
        FileFormatError: The file cannot be read.
        TaxonomyError: It is not TOML, or a theme is doubled, unknown, badly named, or has nothing
            to be found by.

    Example:
        >>> load_taxonomy().ids[:2]
        ('service', 'service.friendliness')
    """
    return _load(resource("taxonomies", "default.toml") if path is None else Path(path))


def as_taxonomy(given: Taxonomy | str | Path | None) -> Taxonomy:
    """Return a taxonomy that was given as such, or as the path of its file.

    Args:
        given: ``None`` for the default one.

    Raises:
        FileFormatError: The file cannot be read.
        TaxonomyError: A theme is doubled or has no parent, or the file is wrong.

    Example:
        >>> as_taxonomy(Taxonomy("mine", (Theme(id="price"),))).ids
        ('price',)
    """
    if not isinstance(given, Taxonomy):
        return load_taxonomy(given)
    check_family(given.themes, f"The taxonomy {given.name!r}")
    return given


def _load(path: Path) -> Taxonomy:
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "not readable"
        raise FileFormatError(f"Cannot read the taxonomy {path}: {reason}.") from error
    if len(raw) > _MAX_BYTES:
        raise TaxonomyError(
            f"{path.name} is {len(raw) // 1_000_000} MB; a taxonomy is under "
            f"{_MAX_BYTES // 1_000_000} MB. Is it the right file?"
        )
    return _parse(raw, path.stem, path.name)


@cache
def _parse(raw: bytes, stem: str, file: str) -> Taxonomy:
    try:
        content = loads_toml(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise TaxonomyError(f"{file} is not a TOML file in UTF-8: {error}.") from error
    rows = content.get("theme")
    if not isinstance(rows, list) or not rows:
        raise TaxonomyError(
            f"{file} has no [[theme]]; a taxonomy needs at least one, with an id and a name, "
            "a definition, examples or phrases."
        )
    themes = tuple(_theme(row, number, file) for number, row in enumerate(rows, start=1))
    check_family(themes, file)
    _check_said(themes, file)
    digest = hashlib.sha256(raw).hexdigest()
    return Taxonomy(name=str(content.get("name", stem)), themes=themes, sha256=digest)


def _theme(row: object, number: int, file: str) -> Theme:
    where = f"{file}, theme {number}"
    if not isinstance(row, dict):
        raise TaxonomyError(f"{where} is not a table; write it as [[theme]] with an id.")
    theme_id = row.get("id")
    if not isinstance(theme_id, str) or not THEME_ID.fullmatch(theme_id):
        raise TaxonomyError(
            f"{where} has the id {theme_id!r}; an id is lower-case letters, digits and _, "
            "with one dot at most, such as 'delivery.speed'."
        )
    where = f"{file}, theme {theme_id!r}"
    odd = sorted(set(row) - _THEME_KEYS)
    if odd:
        known = ", ".join(sorted(_THEME_KEYS))
        raise TaxonomyError(f"{where} has the unknown key {odd[0]!r}; a theme has: {known}.")
    unsaid = row.get("unsaid")
    if unsaid not in (None, "negative", "positive"):
        raise TaxonomyError(f"{where}: unsaid is {unsaid!r}; it takes 'negative' or 'positive'.")
    general = row.get("general", False)
    if not isinstance(general, bool):
        raise TaxonomyError(f"{where}: general is {general!r}; it takes true or false.")
    return Theme(
        id=theme_id,
        names=_texts(row.get("names", {}), where, "names"),
        definition=str(row.get("definition", "")),
        examples=_phrase_list(row.get("examples", []), where, "examples"),
        phrases=_phrases(row.get("phrases", {}), where),
        general=general,
        unsaid=unsaid,
    )


def _texts(value: object, where: str, key: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise TaxonomyError(f"{where}: {key} takes one text for each language, as {{ en = '…' }}.")
    _check_languages(value, where, key)
    return dict(value)


def _phrases(value: object, where: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise TaxonomyError(f"{where}: phrases takes one list for each language, as en = ['…'].")
    _check_languages(value, where, "phrases")
    lists = {lang: _phrase_list(v, where, f"phrases.{lang}") for lang, v in value.items()}
    for language, phrases in lists.items():
        check_patterns(phrases, f"{where}, phrases.{language}")
    return lists


def _phrase_list(value: object, where: str, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TaxonomyError(f"{where}: {key} takes a list of texts, as ['…', '…'].")
    return tuple(value)


def _check_languages(value: Mapping[str, Any], where: str, key: str) -> None:
    for language in value:
        if language not in LANGUAGES:
            raise TaxonomyError(
                f"{where}: {key} has the language {language!r}; it takes {', '.join(LANGUAGES)}."
            )


def check_family(themes: tuple[Theme, ...], where: str) -> None:
    """Raise if there are no themes, or one is there twice or without its parent.

    Args:
        themes: Themes of one taxonomy.
        where: What to call it in the message.

    Raises:
        TaxonomyError: What is wrong.

    Example:
        >>> check_family((Theme(id="price"), Theme(id="price.level")), "mine")
    """
    if not themes:
        raise TaxonomyError(f"{where} has no themes; a taxonomy needs at least one.")
    seen: set[str] = set()
    for theme in themes:
        if theme.id in seen:
            raise TaxonomyError(f"{where} has the theme {theme.id!r} twice; each id once.")
        seen.add(theme.id)
    for theme in themes:
        if theme.parent not in seen:
            raise TaxonomyError(
                f"{where}: theme {theme.id!r} has no parent; add a [[theme]] with id "
                f"{theme.parent!r}."
            )


def _check_said(themes: tuple[Theme, ...], file: str) -> None:
    parents = {theme.parent for theme in themes if theme.id != theme.parent}
    for theme in themes:
        told = any(text.strip() for text in _written(theme))
        if not told and theme.id not in parents:
            raise TaxonomyError(
                f"{file}: nothing is said of the theme {theme.id!r}; give it a name, a "
                "definition, examples or phrases."
            )


def _written(theme: Theme) -> Iterator[str]:
    yield from theme.names.values()
    yield theme.definition
    yield from theme.examples
    for phrases in theme.phrases.values():
        yield from phrases
