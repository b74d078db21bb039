"""Names of sheets: short, unique, without the signs that a spreadsheet does not take."""

import re
from collections.abc import Collection

from feedback_nlp.showing import safe, shortened

LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_RESERVED = "history"


def sheet_name(wanted: str, taken: Collection[str] = ()) -> str:
    """Return a name that a sheet can have.

    Args:
        wanted: What it should be called.
        taken: Names of the sheets that there are.

    Example:
        >>> sheet_name("Sales/2025: [all]"), sheet_name("Words", ["words"])
        ('Sales 2025 all', 'Words 2')
    """
    bare = safe(_FORBIDDEN.sub(" ", wanted)).strip(" '") or "Sheet"
    if bare.casefold() == _RESERVED:
        bare += " 1"
    known = {name.casefold() for name in taken}
    name, at = shortened(bare, LONGEST), 1
    while name.casefold() in known:
        at += 1
        name = f"{shortened(bare, LONGEST - len(str(at)) - 1)} {at}"
    return name
