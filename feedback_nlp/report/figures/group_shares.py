"""What share of each group does something: one bar a group with its interval."""

from dataclasses import dataclass

from feedback_nlp.report.svg import WIDE, Axis, fit, line, picture, rect, text
from feedback_nlp.wordings import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupShare:
    """A share of a group.

    Attributes:
        name: The group.
        kind: Class of its colour: ``neg``, ``mid`` or ``pos``.
        n: How many of it.
        of: How many there are in it.
        share: ``n`` ÷ ``of``, 0–1.
        low: Lower end of its Wilson interval.
        high: Upper end.
    """

    name: str
    kind: str
    n: int
    of: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupShares:
    """Some shares with their intervals on one scale from nought.

    Attributes:
        rows: The shares.
        most: Where the scale ends, 0–1.
    """

    rows: tuple[GroupShare, ...]
    most: float

    def svg(self, said: Wording, width: float) -> str:
        """Return the drawing; where it is narrow a name stands above its bar."""
        above = width < WIDE / 2
        row = 44 if above else 38
        longest = max((len(one.name) for one in self.rows), default=0)
        left = 0.0 if above else min(340.0, 16 + 8 * longest)
        axis = Axis(0, max(self.most, 0.01), left, width - (54 if above else 230))
        height = row * len(self.rows) + 2
        parts: list[str] = []
        for at, one in enumerate(self.rows):
            top = at * row
            bar = top + (20 if above else 8)
            name = fit(one.name, width if above else left, 12.5 if above else 14.0)
            parts.append(text(0, top + (14 if above else 23), name, "small" if above else "label"))
            if one.n:
                parts.append(rect(left, bar, axis(one.share) - left, 18, one.kind))
            middle = bar + 9
            parts.append(line(axis(one.low), middle, axis(one.high), middle, "halo-whisker"))
            parts.append(line(axis(one.low), middle, axis(one.high), middle, "ink-whisker"))
            end = max(axis(one.high), axis(one.share)) + 8
            parts.append(text(end, bar + 14, said.percent(one.share), "small-strong num"))
            if not above:
                ends = said.shares(one.low, one.high)
                parts.append(text(end + 52, bar + 14, ends, "small num"))
        label = "; ".join(f"{one.name} {said.percent(one.share)}" for one in self.rows)
        return picture(width, height, label, parts)
