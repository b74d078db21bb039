"""Small charts of themes over time, side by side on one scale."""

from dataclasses import dataclass

from feedback_nlp.report.svg import WIDE, Axis, dot, fit, line, path, picture, rect, text
from feedback_nlp.wordings import Wording

_TALL, _HEAD, _FOOT = 96, 44, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class SharePoint:
    """The share of one period, 0–1, with its interval; ``None`` where too few wrote.

    Attributes:
        n: Respondents who wrote.
        n_blame: How many of them blame the theme.
        share: Their share.
        low: Lower end of the interval.
        high: Upper end.
        clear: Whether it stands out from all other periods.
        more: Whether it lies above them.
    """

    n: int
    n_blame: int | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None
    clear: bool = False
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeTrend:
    """One theme over time."""

    name: str
    points: tuple[SharePoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeTrends:
    """Themes over time; ``periods`` are the names of all periods in order."""

    themes: tuple[ThemeTrend, ...]
    periods: tuple[str, ...]

    def svg(self, said: Wording, width: float) -> str:
        """Return the drawing."""
        columns = 3 if width >= WIDE else 1
        gap = 36.0
        slot = (width - gap * (columns - 1)) / columns
        highest = max(
            (p.high for one in self.themes for p in one.points if p.high is not None), default=1.0
        )
        tall = _HEAD + _TALL + _FOOT + 12
        parts: list[str] = []
        for at, theme in enumerate(self.themes):
            row, column = divmod(at, columns)
            parts += self._panel(theme, (column * (slot + gap), row * tall, slot), highest, said)
        height = tall * -(-len(self.themes) // columns)
        return picture(width, height, "; ".join(one.name for one in self.themes), parts)

    def _panel(
        self, theme: ThemeTrend, place: tuple[float, float, float], highest: float, said: Wording
    ) -> list[str]:
        x, y, width = place
        up = Axis(0, highest * 1.05, y + _HEAD + _TALL, y + _HEAD)
        across = Axis(0, max(1, len(theme.points) - 1), x + 38, x + width - 14)
        parts = [text(x, y + 16, fit(theme.name, width - 96), "label")]
        for tick in Axis(0, highest * 105, 0, 1).ticks(4):
            level = up(tick / 100)
            parts.append(line(x + 32, level, x + width, level, "zero" if tick == 0 else "grid"))
            shown = said.percent(tick / 100) if tick else "0"
            parts.append(text(x + 28, level + 4, shown, "tick num", "end"))
        parts += _share_line(theme.points, across, up)
        last = next((p for p in reversed(theme.points) if p.share is not None), None)
        if last is not None and last.low is not None and last.high is not None:
            shown = f"{said.percent(last.share)} ({said.shares(last.low, last.high)})"
            parts.append(text(x + width, y + 34, shown, "small num", "end"))
        base = y + _HEAD + _TALL + 20
        first_name, last_name = self.periods[0], self.periods[-1]
        parts.append(text(x + 32, base, first_name, "tick"))
        if len(self.periods) > 1:
            parts.append(text(x + width, base, last_name, "tick", "end"))
        return parts


def _share_line(points: tuple[SharePoint, ...], across: Axis, up: Axis) -> list[str]:
    runs: list[list[tuple[float, float, float, float]]] = [[]]
    for at, point in enumerate(points):
        if point.share is None or point.low is None or point.high is None:
            runs.append([])
        else:
            runs[-1].append((across(at), up(point.share), up(point.low), up(point.high)))
    parts = []
    for run in (run for run in runs if run):
        edge = [(x, low) for x, _, low, _ in run] + [(x, high) for x, _, _, high in reversed(run)]
        if len(run) > 1:
            parts.append(path(edge, "band-area", closed=True))
            parts.append(path([(x, value) for x, value, _, _ in run], "trend"))
        else:
            parts.append(line(run[0][0], run[0][2], run[0][0], run[0][3], "whisker"))
    for at, point in enumerate(points):
        if point.share is None:
            parts.append(rect(across(at) - 4, up(0) - 4, 8, 4, "gap-mark"))
        elif point.clear:
            x, y = across(at), up(point.share)
            parts.append(dot(x, y, 5, "neg" if point.more else "pos"))
            parts.append(text(x, y - 9, "▲" if point.more else "▼", "small-strong halo", "middle"))
        else:
            parts.append(dot(across(at), up(point.share), 3, "mark-dot"))
    return parts
