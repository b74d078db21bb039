"""Ids of themes that have only names, such as the values of a column."""

import re
import unicodedata

from feedback_nlp.errors import TaxonomyError

_LEVELS = re.compile(r"\s*(?:[#>|.]|: )\s*")
_LONGEST = 41


def theme_id(name: str) -> str:
    """Return the id of a theme that has this name; an id stays as it is.

    ``#``, ``>``, ``|``, a point and a colon with a blank part a theme from its sub-theme.

    Args:
        name: What somebody calls it.

    Raises:
        TaxonomyError: It has no letters.

    Example:
        >>> theme_id("FOOD#STYLE_OPTIONS"), theme_id("Price & value"), theme_id("food.quality")
        ('food.style_options', 'price_value', 'food.quality')
    """
    parts = [part for part in map(_plain, _LEVELS.split(name, maxsplit=1)) if part]
    if not parts:
        raise TaxonomyError(f"The theme {name!r} has no letters to make an id of; name it anew.")
    return ".".join(parts)


def _plain(text: str) -> str:
    """Return a text in small letters, digits and _, beginning with a letter."""
    folded = unicodedata.normalize("NFKD", text.lower().replace("ø", "o").replace("ß", "ss"))
    plain = re.sub(r"[^a-z0-9]+", "_", folded.encode("ascii", "ignore").decode()).strip("_")
    if plain and not plain[0].isalpha():
        plain = f"n{plain}"
    return plain[:_LONGEST].strip("_")
