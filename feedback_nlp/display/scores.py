"""A score as notebooks show it: the figure, its interval on the scale, and who gave it."""

import math
from collections.abc import Mapping, Sequence

from feedback_nlp.display.bars import Share, between, interval_bar, stacked_bar
from feedback_nlp.display.pages import big, folded, section, small
from feedback_nlp.display.tones import Tone
from feedback_nlp.markup import escape_html
from feedback_nlp.showing import MINUS, count, interval, points

_ENDS = {"points": (-100.0, 100.0), "percent": (0.0, 100.0)}
_THREE: tuple[Tone, ...] = ("negative", "neutral", "positive")
_TWO: tuple[Tone, ...] = ("mixed", "neutral")


def score_html(
    *, metric: str, method: str, value: float, low: float, high: float, level: float, how: str,
    unit: str, scale: tuple[float, float] | None, n: int, n_missing: int,
    counts: Mapping[str, int], notes: Sequence[str],
) -> str:  # fmt: skip
    """Return a score as a section of HTML; the arguments are the fields of ``records.Score``.

    Example:
        >>> page = score_html(
        ...     metric="nps", method="standard", value=20, low=3, high=36, level=0.95, how="score",
        ...     unit="points", scale=(0, 10), n=100, n_missing=4, notes=(),
        ...     counts={"detractors": 20, "passives": 40, "promoters": 40})
        >>> all(part in page for part in ("+20.0", "+3.0 to +36.0", "n = 100, 4 missing"))
        True
    """
    figure = points(value, unit)
    said = "without an interval"
    if math.isfinite(low) and math.isfinite(high):
        name = f" ({how.replace('_', ' ')})" if how else ""
        said = f"{level * 100:g}% interval{name}: {interval(low, high, unit)}"
    ends = _ENDS.get(unit, scale if unit == "rating" else None)
    bar = interval_bar(value, low, high, ends, label=f"{figure}, {said}") if ends else ""
    first, last = (f"{end:g}".replace("-", MINUS) for end in ends or (0.0, 0.0))
    beside = (
        f"{between(bar, first, last)}<div>{escape_html(said)}</div>"
        f"<div>n = {count(n)}, {count(n_missing)} missing</div>"
    )
    return section(
        f"{metric.upper()} ({method})",
        big(figure, beside),
        stacked_bar(_shares(counts, n)),
        _notes(notes),
    )


def _shares(counts: Mapping[str, int], n: int) -> list[Share]:
    """Return the groups that make up all answers; other counts, such as customers won, none."""
    if not n or sum(counts.values()) != n:
        return []
    names = list(counts)
    tones = _THREE if len(names) == len(_THREE) else tuple(_TWO[at % 2] for at in range(len(names)))
    return [
        Share(name=name.replace("_", " "), n=counts[name], tone=tone)
        for name, tone in zip(names, tones, strict=True)
    ]


def _notes(notes: Sequence[str]) -> str:
    """Return up to two notes as they are, more of them folded."""
    if len(notes) > 2:
        return folded(f"{len(notes)} notes", notes)
    return "".join(map(small, notes))
