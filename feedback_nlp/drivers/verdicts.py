"""What is a reason, and how many more comments it would take to make one. The one place for both.

A theme is a reason why the low group is unhappy if it is not suppressed, the low group blames it,
it does so more often than others beyond chance (corrected for the number of themes), and a
difference in score remains when all other themes are held fixed.
"""

from collections.abc import Mapping
from math import ceil, floor, log, log10
from typing import Any

import numpy as np
import pandas as pd

RANKED_BY = "points_lost"
SIGNIFICANT = 0.05
FARTHEST = 20


def verdicts(table: pd.DataFrame) -> "pd.Series[str]":
    """Return what each theme of a driver table is.

    Returns:
        One of, the first that holds: ``suppressed``; ``everywhere`` (every respondent blames it);
        ``untested`` (there is nobody to compare with); ``others_more`` (others blame it more often,
        beyond chance); ``not_blamed`` (the low group does not blame it); ``chance`` (the low group
        may blame it more often by chance only); ``with_others`` (no difference in score beyond
        chance remains where the other themes are held fixed); ``reason``.

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

    An interval narrows with the square root of the number of comments: n × (half width ÷
    estimate)² − n more bring its lower end to zero. The half below the estimate is what counts. It
    is taken of the log-odds ratio and of the adjusted gain, and the larger number returned.

    Args:
        row: The theme's row of the driver table.
        n_wrote: Respondents who wrote.

    Returns:
        What it takes if both differences stay as they are, rounded up to two digits; ``None`` where
        one of them is not above zero, or it is more than 20 times what there is.

    Example:
        >>> row = {"odds_ratio": 3.0, "odds_ratio_low": 1.5}
        >>> more_to_be_sure({**row, "adjusted_gain": 4.0, "adjusted_gain_low": -1.0}, 100)
        57
    """
    ends = [row[name] for name in ("odds_ratio", "odds_ratio_low")]
    if not all(end > 0 for end in ends):
        return None
    pairs = [(log(ends[0]), log(ends[1])), (row["adjusted_gain"], row["adjusted_gain_low"])]
    if not all(value > 0 and low == low for value, low in pairs):
        return None
    needed = max(n_wrote * (((value - low) / value) ** 2 - 1) for value, low in pairs)
    return _shown(needed, n_wrote)


def _shown(needed: float, n_wrote: int) -> int | None:
    """Return a number rounded up to two digits, nothing where it is none or far off."""
    if not 0 < needed <= FARTHEST * n_wrote:
        return None
    step = 10 ** max(floor(log10(needed)) - 1, 0)
    return int(ceil(round(needed / step, 9)) * step)
