"""What bears a meaning: words, numbers and emoji do, marks and mashed keys do not."""

import re
from functools import lru_cache

SYMBOL = re.compile(
    r"[\u2190-\u2bff\u2600-\u27bf\U0001F000-\U0001FAFF]|[:;=]['-]?[()/dD]|<3|\+\+|\d/\d"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_MASHED = re.compile(r"(.)\1{4,}|[bcdfghjklmnpqrstvwxz]{7,}")
_LOOK_AT = 2_000


@lru_cache(maxsize=100_000)
def bears_meaning(word: str) -> bool:
    """Tell words, numbers and emoji from marks.

    Example:
        >>> bears_meaning("top"), bears_meaning("👍"), bears_meaning("...")
        (True, True, False)
    """
    return any(char.isalnum() for char in word) or bool(SYMBOL.search(word))


def is_mashed(letters: str) -> bool:
    """Tell whether letters in lower case are keys hit at random.

    Example:
        >>> is_mashed("asdfghjkl"), is_mashed("angst")
        (True, False)
    """
    return bool(_MASHED.search(letters))


def has_meaning(text: str) -> bool:
    """Tell a comment from junk: it has letters that are not mashed keys, or an emoji.

    Letters are looked for in its first two thousand characters.

    Example:
        >>> has_meaning("goed"), has_meaning("sdfghjkl!"), has_meaning("???"), has_meaning("👍")
        (True, False, False, True)
    """
    letters = _LETTERS.finditer(text[:_LOOK_AT].lower())
    return any(not is_mashed(found.group()) for found in letters) or bool(SYMBOL.search(text))


def is_cut(text: str) -> bool:
    """Tell whether a text is too long for all of its letters to be looked at."""
    return len(text) > _LOOK_AT
