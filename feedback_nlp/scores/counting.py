"""Counts that a caller gives by hand, checked."""

from math import isfinite
from numbers import Real

from feedback_nlp.errors import FeedbackError


def whole_count(name: str, count: object) -> int:
    """Return a count as a whole number.

    Args:
        name: What is counted, for the message.
        count: A whole number from 0; 400.0 is one too.

    Raises:
        FeedbackError: It is none.

    Example:
        >>> whole_count("start", 400.0)
        400
    """
    is_number = isinstance(count, Real) and not isinstance(count, bool) and isfinite(count)
    if not is_number or count != int(count) or count < 0:  # type: ignore[call-overload,operator]
        raise FeedbackError(f"{name} is {count!r}; it is a whole number from 0.")
    return int(count)  # type: ignore[call-overload,no-any-return]
