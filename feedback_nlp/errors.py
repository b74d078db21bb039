"""Every error the package raises on bad input, and the wording they share.

One root, so that a caller catches one thing and the command line prints one line. Imports nothing
of ours.
A message says what was found, what was wanted and what to do, in that order and in one line.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Self


class FeedbackError(ValueError):
    """Something the user gave cannot be used; the message says what, and what to do about it."""


class FileFormatError(FeedbackError):
    """A file cannot be read as what it claims to be, or not be written."""


class ColumnError(FeedbackError):
    """A column is missing, ambiguous, or not of the kind that is needed."""

    @classmethod
    def missing(cls, name: str, available: Iterable[object], *, option: str = "") -> Self:
        """Build the error for a column that is not there.

        Args:
            name: The column that was asked for.
            available: The columns that are there.
            option: The option or argument that named it, to be repeated in the message.

        Example:
            >>> print(ColumnError.missing("recomend", ["id", "recommend"]))
            No column 'recomend'. Did you mean 'recommend'? The table has: id, recommend.
        """
        return cls(not_found("column", name, available, option=option))


class RatingError(FeedbackError):
    """Ratings that do not fit the declared scale, or too few to make a score."""


class TaxonomyError(FeedbackError):
    """A taxonomy file with an unknown, doubled or incomplete theme."""


class ModelError(FeedbackError):
    """A model that is not there, of another version, or not safe to load."""


class MissingDependencyError(FeedbackError, ImportError):
    """An optional library is needed and not installed; the message has the install line."""


def not_found(kind: str, name: str, available: Iterable[object], *, option: str = "") -> str:
    """Return the sentence for a name that is not among those available, with the closest match.

    Example:
        >>> not_found("theme", "servise", ["service", "price"])
        "No theme 'servise'. Did you mean 'service'? The table has: service, price."
    """
    names = [str(item) for item in available]
    lowered = {item.lower(): item for item in names}
    close = get_close_matches(name.lower(), lowered, n=1)
    hint = f" Did you mean {lowered[close[0]]!r}?" if close else ""
    asked = f" (asked for by {option})" if option else ""
    return f"No {kind} {name!r}{asked}.{hint} The table has: {shorten_list(names)}."


def shorten_list(names: Iterable[object], *, limit: int = 12) -> str:
    """Return names joined by commas, cut after ``limit`` with the number left out.

    Example:
        >>> shorten_list("abcde", limit=3)
        'a, b, c and 2 more'
    """
    items = [str(name) for name in names]
    if len(items) <= limit:
        return ", ".join(items) or "nothing"
    return f"{', '.join(items[:limit])} and {len(items) - limit} more"


def first_line(error: BaseException) -> str:
    r"""Return the first line of what an error says, without a full stop.

    Example:
        >>> first_line(ValueError("Too long.\nSee the manual."))
        'Too long'
    """
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0].rstrip(".") if lines else type(error).__name__
