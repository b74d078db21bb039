"""Names of a package that are loaded when they are asked for, so that importing it takes no time.

``import feedback_nlp`` runs in a few milliseconds; pandas and the rest come with the first name
that needs them.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module


def on_demand(
    package: str, homes: Mapping[str, Sequence[str]]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return the ``__getattr__`` and the ``__dir__`` of a package.

    Args:
        package: Its ``__name__``.
        homes: The names that each of its modules gives it; a module can be asked for as well. No
            name may be that of a module of the package, which Python would put in its place.

    Returns:
        What finds a name and keeps it, and what lists all names.

    Example:
        >>> find, names = on_demand("feedback_nlp", {"errors": ["ColumnError"]})
        >>> find("ColumnError").__name__
        'ColumnError'
    """
    places = {name: module for module, names in homes.items() for name in names}

    def find(name: str) -> object:
        if name in homes:
            return import_module(f"{package}.{name}")
        if name not in places:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found: object = getattr(import_module(f"{package}.{places[name]}"), name)
        setattr(sys.modules[package], name, found)
        return found

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *places, *homes})

    return find, names
