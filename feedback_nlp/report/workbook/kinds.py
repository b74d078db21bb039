"""How a column of numbers is written: its kind, by its name and its values."""

from enum import Enum

import pandas as pd


class Kind(Enum):
    """What a cell holds, which decides its number format and where it stands."""

    TEXT = "text"
    WRAP = "wrapped text"
    COUNT = "a whole number"
    SHARE = "a share of 0–1, shown in percent"
    SCORE = "a score, in its unit"
    DIFFERENCE = "a difference of scores, in points"
    RATIO = "a ratio"
    CHANCE = "a p- or q-value"
    NUMBER = "a number as it is"
    DATE = "a day"
    LINK = "a link within the file"


# The name of a column without its ending, such as _low or _before.
_NAMED = {
    "share": Kind.SHARE, "expected": Kind.SHARE, "usual": Kind.SHARE,
    "theme_confidence": Kind.SHARE, "polarity_confidence": Kind.SHARE, "confidence": Kind.SHARE,
    "value": Kind.SCORE, "score": Kind.SCORE, "score_with": Kind.SCORE,
    "score_without": Kind.SCORE, "score_blamed": Kind.SCORE, "score_praised": Kind.SCORE,
    "maximum": Kind.SCORE, "rest_value": Kind.SCORE, "centre": Kind.SCORE, "lower": Kind.SCORE,
    "upper": Kind.SCORE, "previous": Kind.SCORE,
    "points": Kind.DIFFERENCE, "points_lost": Kind.DIFFERENCE, "points_won": Kind.DIFFERENCE,
    "adjusted_gain": Kind.DIFFERENCE, "impact": Kind.DIFFERENCE,
    "impact_leave_out": Kind.DIFFERENCE, "change_total": Kind.DIFFERENCE,
    "change_volume": Kind.DIFFERENCE, "change_score": Kind.DIFFERENCE,
    "excess": Kind.DIFFERENCE, "within_1": Kind.DIFFERENCE,
    "within_2": Kind.DIFFERENCE, "from_blame": Kind.DIFFERENCE, "from_cost": Kind.DIFFERENCE,
    "p_value": Kind.CHANCE, "q_value": Kind.CHANCE, "adjusted_p": Kind.CHANCE,
    "p_placebo": Kind.CHANCE,
    "odds_ratio": Kind.RATIO, "net_polarity": Kind.RATIO, "log_odds": Kind.RATIO,
    "rating": Kind.NUMBER, "n": Kind.COUNT,
}  # fmt: skip
ENDINGS = (
    "n", "low", "high", "detractors", "passives", "promoters", "negative", "positive", "neutral",
    "unknown", "before", "after", "earlier", "recent", "group", "reference", "inside", "outside",
    "others", "rest", "without_theme", "with_theme",
)  # fmt: skip
# Whose interval ``low`` and ``high`` are: the first of these that has no ends of its own.
ESTIMATES = ("value", "difference", "log_odds", "expected", "change", "share")


def split_ending(name: str) -> tuple[str, str]:
    """Return the name of a column without its ending, and the ending.

    Example:
        >>> split_ending("points_lost_low"), split_ending("share_with_theme"), split_ending("theme")
        (('points_lost', 'low'), ('share', 'with_theme'), ('theme', ''))
    """
    for ending in sorted(ENDINGS, key=len, reverse=True):
        if name.endswith(f"_{ending}"):
            return name.removesuffix(f"_{ending}"), ending
    return name, ""


def kind_of(name: str, table: pd.DataFrame) -> Kind:
    """Return the kind of a column.

    Args:
        name: The column.
        table: The table that it is in: its values decide where the name says nothing, and its
            other columns say whose interval ``low`` and ``high`` are.

    Example:
        >>> table = pd.DataFrame({"log_odds": [1.5], "low": [0.5], "depth": [3], "tone": [0.25]})
        >>> [kind_of(name, table).name for name in table]
        ['RATIO', 'RATIO', 'COUNT', 'RATIO']
    """
    values = table[name]
    if name in ("low", "high"):
        whose = [one for one in ESTIMATES if {one, f"{one}_low"} & set(table) == {one}]
        return kind_of(whose[0], table) if whose else Kind.RATIO
    if pd.api.types.is_bool_dtype(values):
        return Kind.TEXT
    if pd.api.types.is_datetime64_any_dtype(values):
        return Kind.DATE
    if not pd.api.types.is_numeric_dtype(values):
        return Kind.TEXT
    if name.removesuffix("_low").removesuffix("_high") in ("difference", "change"):
        return _difference(table)
    return _named(name) or (Kind.COUNT if _whole(values) else Kind.RATIO)


def _difference(table: pd.DataFrame) -> Kind:
    """Return the kind of a difference: of scores, or of shares where nothing else is compared."""
    of_scores = {"value", "points", "score"} & {str(name) for name in table.columns}
    return Kind.SHARE if "share" in table.columns and not of_scores else Kind.DIFFERENCE


def _named(name: str) -> Kind | None:
    """Return the kind that the name tells, with its endings taken off one by one."""
    if name.startswith("n_") or name.endswith("_n"):
        return Kind.COUNT
    while True:
        if name in _NAMED:
            return _NAMED[name]
        name, ending = split_ending(name)
        if not ending:
            return None


def _whole(values: pd.Series) -> bool:
    return bool(pd.api.types.is_integer_dtype(values))
