"""A rating scale that changes within a file: 1–5 for years, 1–10 from one day on."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

_SMALL_TOP = 5.0
_MIN_SIDE = 30
_MIN_NEW_SIDE = 10
_MIN_SHARE = 0.2
_CHANCE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Where a scale changes.

    Attributes:
        since: First day of the scale that is used now.
        older: The older scale in words, such as ``1–5``.
        older_text: The older scale as an option takes it, such as ``1-5``.
    """

    since: pd.Timestamp
    older: str
    older_text: str

    def kept(self, dates: pd.Series | None) -> pd.Series:
        """Return which rows are on the scale that is used now."""
        if dates is None:
            raise ValueError("A change is only found with dates.")
        return dates.ge(self.since)


def find_change(numbers: pd.Series, dates: pd.Series | None) -> Change | None:
    """Return where answers pass from a scale that ends at 5 to a longer one, or the other way.

    The part on the short scale must hold at least 30 ratings, none above 5; the other part at least
    10, of which a fifth or more are; and that must not be chance: at that share, a short part
    without any would come about less than once in a million.

    Args:
        numbers: Answers as they were given.
        dates: When; rows without a date are left out of the search.
    """
    if dates is None:
        return None
    dated = pd.DataFrame({"number": numbers, "date": dates.dt.normalize()}).dropna()
    dated = dated.sort_values("date", kind="stable")
    high = dated["number"].gt(_SMALL_TOP)
    if not high.any() or high.all():
        return None
    first, last = dated["date"][high].iloc[0], dated["date"][high].iloc[-1]
    before, after = dated[dated["date"] < first], dated[dated["date"] >= first]
    if _parted(before, after):
        return _change(before, after)
    before, after = dated[dated["date"] <= last], dated[dated["date"] > last]
    return _change(before, after) if _parted(after, before) else None


def _parted(small: pd.DataFrame, wide: pd.DataFrame) -> bool:
    """Return whether one side ends at 5 and the other one higher, beyond chance."""
    if len(small) < _MIN_SIDE or len(wide) < _MIN_NEW_SIDE or small["number"].min() < 1:
        return False
    share = float(wide["number"].gt(_SMALL_TOP).mean())
    return share >= _MIN_SHARE and len(small) * np.log1p(-min(share, 0.999)) < np.log(_CHANCE)


def _change(before: pd.DataFrame, after: pd.DataFrame) -> Change:
    low = before["number"].min() if before["number"].min() == 0 else 1.0
    top = 5.0 if before["number"].max() <= _SMALL_TOP else max(10.0, float(before["number"].max()))
    return Change(
        since=after["date"].iloc[0],
        older=f"{low:g}–{top:g}",
        older_text=f"{low:g}-{top:g}",
    )
