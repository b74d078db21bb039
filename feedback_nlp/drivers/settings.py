"""The settings that tables of drivers share, checked: draws, seed, fewest respondents, level."""

from operator import index

from feedback_nlp.errors import FeedbackError
from feedback_nlp.scores.quantiles import quantile

FEWEST_DRAWS = 20


def check_settings(
    *, min_n: int = 0, n_boot: int = 0, seed: int = 0, confidence: float = 0.95
) -> None:
    """Raise on a setting that no table can be made with.

    Args:
        min_n: Fewest respondents of what is shown, 0 or more.
        n_boot: Bootstrap draws, 20 or more; 0 for no intervals.
        seed: Of the bootstrap, 0 or more.
        confidence: Level of the intervals, between 0 and 1.

    Raises:
        FeedbackError: One of them is out of its range, or no whole number where one is wanted.

    Example:
        >>> check_settings(min_n=10, n_boot=1000)
        >>> check_settings(min_n=2.5)
        Traceback (most recent call last):
        feedback_nlp.errors.FeedbackError: min_n is 2.5; give a whole number, 0 or more.
    """
    for name, value in (("min_n", min_n), ("n_boot", n_boot), ("seed", seed)):
        if not _is_count(value):
            raise FeedbackError(f"{name} is {value!r}; give a whole number, 0 or more.")
    if 0 < n_boot < FEWEST_DRAWS:
        raise FeedbackError(
            f"n_boot is {n_boot}; give {FEWEST_DRAWS} draws or more, or 0 for no intervals."
        )
    quantile(confidence)


def _is_count(value: object) -> bool:
    """Tell whether a value is a whole number, 0 or more."""
    try:
        return index(value) >= 0  # type: ignore[arg-type]
    except TypeError:
        return False
