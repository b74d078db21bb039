"""The scale of shares that figures with one row for each name stand on."""

from feedback_nlp.report.svg import Axis, line, text
from feedback_nlp.wordings import Wording


def share_scale(axis: Axis, said: Wording, *, top: float, bottom: float, narrow: bool) -> list[str]:
    """Return the lines of a scale in percent from 0 on, each with its number above it.

    Args:
        axis: From percent to pixels.
        said: The language of the numbers.
        top: Where the rows begin.
        bottom: Where the lines end.
        narrow: Whether there is room for fewer lines.
    """
    parts = []
    for tick in axis.ticks(4 if narrow else 6):
        kind = "zero" if tick == 0 else "grid"
        parts.append(line(axis(tick), top - 6, axis(tick), bottom, kind))
        parts.append(text(axis(tick), top - 12, said.percent(tick / 100), "tick", "middle"))
    return parts
