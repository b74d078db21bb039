"""What is a reason, and how many more comments it would take to make one. The one place for both.

A theme is a reason why the low group is unhappy if it is not suppressed, the low group blames it,
it does so more often than others beyond chance (corrected for the number of themes), and a
difference in score remains when all other themes are held fixed.
"""

from collections.abc import Mapping
from math import ceil, floor, log10
from typing import Any

import numpy as np
import pandas as pd

RANKED_BY = "adjusted_gain"
SIGNIFICANT = 0.05
FARTHEST = 20


def verdicts(table: pd.DataFrame) -> "pd.Series[str]":
    """Return what each theme of a driver table is.

    Returns:
        One of, the first that holds: ``suppressed``; ``everywhere`` (every respondent blames it);
        ``untested`` (there is nobody to compare with); ``others_more`` (others blame it more often,
        beyond chance); ``not_blamed`` (the low group does not blame it); ``chance`` (the low group
        may blame it more often by chance only); ``not_apart`` (the model gives no figure, since
        too few differ in this theme alone); ``with_others`` (no difference in score beyond chance
        remains where the other themes are held fixed); ``reason``.

    Example:
        >>> row = {"suppressed": False, "n_negative": 20, "n_detractors": 15, "q_value": 0.001,
        ...        "odds_ratio": 4.0, "adjusted_gain_low": -0.5}
        >>> table = pd.DataFrame([row, {**row, "adjusted_gain_low": 2.0}])
        >>> table.attrs["drivers"] = {"n_respondents": 90}
        >>> verdicts(table).tolist()
        ['with_others', 'reason']
    """
    significant = table["q_value"] <= SIGNIFICANT
    said = {
        "suppressed": table["suppressed"],
        "everywhere": table["n_negative"] == table.attrs["drivers"]["n_respondents"],
        "untested": table["q_value"].isna(),
        "others_more": significant & (table["odds_ratio"] < 1),
        "not_blamed": table["n_detractors"] == 0,
        "chance": ~(significant & (table["odds_ratio"] > 1)),
        "not_apart": table["adjusted_gain_low"].isna(),
        "with_others": ~(table["adjusted_gain_low"] > 0),
    }
    found = np.select([rows.to_numpy(dtype=bool) for rows in said.values()], list(said), "reason")
    return pd.Series(found, index=table.index, dtype="str")


def more_to_show(n_negative: int, n_wrote: int, min_n: int) -> int | None:
    """Return about how many more comments it takes until enough respondents blame a theme.

    Args:
        n_negative: Respondents who blame it.
        n_wrote: Respondents who wrote.
        min_n: How many must blame it.

    Returns:
        What it takes if the share stays as it is, rounded up to two digits; ``None`` if nobody
        blames it or it is more than 20 times what there is.

    Example:
        >>> more_to_show(4, 100, 10), more_to_show(1, 100, 30)
        (150, None)
    """
    if not 0 < n_negative < min_n:
        return None
    return _shown(n_wrote * (min_n - n_negative) / n_negative, n_wrote)


def more_to_be_sure(row: Mapping[Any, Any], n_wrote: int) -> int | None:
    """Return about how many more comments it takes until a theme passes the tests of a reason.

    An interval narrows with the square root of the number of comments, so n × (half width ÷
    estimate)² − n more bring its lower end to zero. For the adjusted gain it is the half below the
    estimate. For the comparison with others it is the ratio of the z that the correction for the
    number of themes asks for to the z there is. The larger number is returned.

    Args:
        row: The theme's row of the driver table.
        n_wrote: Respondents who wrote.

    Returns:
        What it takes if both differences stay as they are, rounded up to two digits; ``None`` where
        one of them is not above zero, or it is more than 20 times what there is.

    Example:
        >>> row = {"odds_ratio": 3.0, "p_value": 0.04, "q_value": 0.08}
        >>> more_to_be_sure({**row, "adjusted_gain": 4.0, "adjusted_gain_low": 1.0}, 100)
        20
    """
    from scipy.special import ndtri

    gain, low, p_value = (row[name] for name in ("adjusted_gain", "adjusted_gain_low", "p_value"))
    if not (row["odds_ratio"] > 1 and gain > 0 and low == low and 0 < p_value < 1):
        return None
    asked, there = (float(-ndtri(p / 2)) for p in (SIGNIFICANT * p_value / row["q_value"], p_value))
    ratio = max((gain - low) / gain, asked / there)
    return _shown(n_wrote * (ratio**2 - 1), n_wrote)


def _shown(needed: float, n_wrote: int) -> int | None:
    """Return a number rounded up to two digits, nothing where it is none or far off."""
    if not 0 < needed <= FARTHEST * n_wrote:
        return None
    step = 10 ** max(floor(log10(needed)) - 1, 0)
    return max(10, int(ceil(round(needed / step, 9)) * step))
