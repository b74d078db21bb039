"""When answers came, and how long a short time is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.errors import ColumnError, FeedbackError


@dataclass(frozen=True, slots=True)
class Clock:
    """When answers came, in seconds, and how long a short time is.

    Attributes:
        times: Seconds, or the start of the day where there is no time of day.
        known: Where there is a date.
        widths: Lengths of the windows in seconds; 0 alone for whole days.
    """

    times: NDArray[np.int64]
    known: NDArray[np.bool_]
    widths: tuple[int, ...]

    @property
    def by_day(self) -> bool:
        """Whether only whole days can be told apart."""
        return self.widths == (0,)

    def when(self, members: NDArray[np.intp]) -> str:
        """Return from when to when: ``on 2026-03-05`` or ``from 2026-03-05 14:02 to 14:09``."""
        first, last = (
            pd.Timestamp(int(at), unit="s")
            for at in (self.times[members].min(), self.times[members].max())
        )
        if self.by_day:
            day = f"{first:%Y-%m-%d}"
            return f"on {day}" if first == last else f"from {day} to {last:%Y-%m-%d}"
        same_day = first.date() == last.date()
        return f"from {first:%Y-%m-%d %H:%M} to {last:{'%H:%M' if same_day else '%Y-%m-%d %H:%M'}}"


def read_clock(dates: pd.Series, windows: Sequence[str]) -> Clock:
    """Return when answers came; by day where most dates have no time of day.

    Raises:
        ColumnError: The column does not hold dates.
        FeedbackError: A window is no length of time.
    """
    if not pd.api.types.is_datetime64_any_dtype(dates):
        raise ColumnError(
            f"Column 'date' does not hold dates but {dates.dtype}; read the export with "
            "read_comments, or convert it with pd.to_datetime."
        )
    widths = tuple(_seconds(window) for window in windows)
    wall = dates.dt.tz_localize(None) if dates.dt.tz is not None else dates
    known = wall.notna().to_numpy()
    timed = (wall[known] != wall[known].dt.normalize()).mean() if known.any() else 1.0
    if timed < 0.5:
        wall, widths = wall.dt.normalize(), (0,)
    seconds = wall.to_numpy().astype("datetime64[s]").astype(np.int64)
    return Clock(np.where(known, seconds, 0), known, widths)


def _seconds(window: str) -> int:
    try:
        seconds = pd.Timedelta(window).total_seconds()
    except ValueError:
        seconds = np.nan
    if not seconds >= 1:
        raise FeedbackError(
            f"A window is a length of time such as '10min' or '1h', not {window!r}."
        )
    return int(seconds)
