"""A score over time: a line within its intervals, broken where a period is too small."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback_nlp.report.svg import WIDE, Axis, dot, line, path, picture, rect, text
from feedback_nlp.wordings import Wording

_LETTER = 6.6  # width of a letter of a label on the axis, in pixels
_DIGIT = 8.6  # width of a letter of a number beside a point


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePoint:
    """One period; ``value`` and its interval are ``None`` where there are too few answers."""

    period: str
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Where a score moves by more than chance.

    Attributes:
        at: Number of the point it begins with.
        kind: ``shift`` where the score stays elsewhere, ``single`` where the point stands alone.
        value: How large it is.
    """

    at: int
    kind: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendLine:
    """A score by period, the levels between its shifts, and the shifts.

    Attributes:
        points: The periods in order, none left out.
        levels: First point, last point and score of each stretch without a shift.
        turns: The shifts and the points that stand alone.
        unit: Of the score.
    """

    points: tuple[TimePoint, ...]
    levels: tuple[tuple[int, int, float], ...]
    turns: tuple[Turn, ...]
    unit: str

    def svg(self, said: Wording, width: float) -> str:
        """Return the drawing."""
        frame = _Frame(width, self)
        parts = _grid(frame, said, self.unit)
        parts += _bands(self.points, frame)
        for first, last, level in self.levels:
            y = frame.up(level)
            parts.append(line(frame.left(first), y, frame.right(last), y, "overall"))
        shifts = [turn for turn in self.turns if turn.kind == "shift"]
        for at, turn in enumerate(shifts):
            start = frame.left(shifts[at - 1].at) + 2 * _DIGIT if at else frame.start
            end = frame.left(shifts[at + 1].at) if at + 1 < len(shifts) else frame.width
            parts += _turn(turn, (start, end), frame, said, self.unit)
        parts += _lines(self.points, frame)
        alone = {turn.at for turn in self.turns if turn.kind == "single"}
        parts += _dots(self.points, frame, said, self.unit, alone)
        parts += _periods(self.points, frame, said)
        label = "; ".join(
            f"{point.period} {said.figure(point.value, self.unit)}"
            for point in self.points
            if point.value is not None
        )
        return picture(width, frame.height, label, parts)


class _Frame:
    """Where values and periods are in the drawing."""

    def __init__(self, width: float, drawn: TrendLine) -> None:
        self.width, self.narrow = width, width < WIDE
        self.size = len(drawn.points)
        self.height, self.base = (292, 236) if self.narrow else (372, 316)
        self.start = 44.0 if self.narrow else 60.0
        self.top = 34.0
        ends = [end for p in drawn.points for end in (p.low, p.high) if end is not None]
        low, high = min(ends), max(ends)
        pad = (high - low) * 0.08 or 1.0
        self.up = Axis(low - pad, high + pad, self.base, self.top)
        room = 24 if self.narrow else 40
        self.across = Axis(0, max(1, self.size - 1), self.start + room, width - room)

    def left(self, at: int) -> float:
        """Return the left edge of a point."""
        return max(self.start, self.across(at) - self._half())

    def right(self, at: int) -> float:
        """Return the right edge of a point."""
        return min(self.width, self.across(at) + self._half())

    def _half(self) -> float:
        return (self.across(1) - self.across(0)) / 2 if self.size > 1 else self.width


def _grid(frame: _Frame, said: Wording, unit: str) -> list[str]:
    parts = []
    for tick in frame.up.ticks(5):
        y = frame.up(tick)
        parts.append(line(frame.start, y, frame.width, y, "zero" if tick == 0 else "grid"))
        parts.append(text(frame.start - 8, y + 4, said.maximum(tick, unit), "tick num", "end"))
    return parts


def _runs(points: Sequence[TimePoint]) -> list[list[tuple[int, float, float, float]]]:
    """Return the stretches of points without a gap."""
    runs: list[list[tuple[int, float, float, float]]] = [[]]
    for at, point in enumerate(points):
        if point.value is None or point.low is None or point.high is None:
            runs.append([])
        else:
            runs[-1].append((at, point.value, point.low, point.high))
    return [run for run in runs if run]


def _bands(points: Sequence[TimePoint], frame: _Frame) -> list[str]:
    parts = []
    for run in _runs(points):
        if len(run) == 1:
            at, _, low, high = run[0]
            x = frame.across(at)
            parts.append(line(x, frame.up(low), x, frame.up(high), "whisker"))
            continue
        edge = [(frame.across(at), frame.up(low)) for at, _, low, _ in run]
        edge += [(frame.across(at), frame.up(high)) for at, _, _, high in reversed(run)]
        parts.append(path(edge, "band-area", closed=True))
    return parts


def _lines(points: Sequence[TimePoint], frame: _Frame) -> list[str]:
    return [
        path([(frame.across(at), frame.up(value)) for at, value, _, _ in run], "trend")
        for run in _runs(points)
        if len(run) > 1
    ]


def _turn(
    turn: Turn, free: tuple[float, float], frame: _Frame, said: Wording, unit: str
) -> list[str]:
    """Return the line of a shift with its size; only its direction where there is no room."""
    x, sign = frame.left(turn.at), "▲" if turn.value > 0 else "▼"
    shown = f"{sign} {said.signed(turn.value, unit)}"
    size = len(shown) * _DIGIT + 6
    anchor, away = ("start", 6) if free[1] - x >= size else ("end", -6)
    if anchor == "end" and x - free[0] < size:
        shown, anchor, away = sign, "start", 4
    return [
        line(x, frame.top - 20, x, frame.base, "turn"),
        text(x + away, frame.top - 10, shown, "small-strong num halo", anchor),
    ]


def _dots(
    points: Sequence[TimePoint], frame: _Frame, said: Wording, unit: str, marked: set[int]
) -> list[str]:
    values = [said.figure(p.value, unit) for p in points if p.value is not None]
    room = (frame.across(1) - frame.across(0)) / _DIGIT
    tight = max(map(len, values), default=0) > room
    numbered = _numbered(points, all_fit=not tight) | marked
    last = max((at for at, point in enumerate(points) if point.value is not None), default=-1)
    parts = []
    for at, point in enumerate(points):
        if point.value is None:
            continue
        x, y = frame.across(at), frame.up(point.value)
        if at in marked:
            parts.append(dot(x, y, 9, "ring"))
        parts.append(dot(x, y, 4.5, "mark-dot"))
        if at in numbered:
            kind = "strong halo num" if at == last else "small-strong halo num"
            parts.append(text(x, y - 13, said.figure(point.value, unit), kind, "middle"))
    return parts


def _numbered(points: Sequence[TimePoint], *, all_fit: bool) -> set[int]:
    """Return which points get their number: all if they fit, else the last and the extremes."""
    shown = [at for at, point in enumerate(points) if point.value is not None]
    if all_fit:
        return set(shown)
    by_value = sorted(shown, key=lambda at: points[at].value or 0.0)
    chosen = shown[-1:]
    for at in (*by_value[:1], *by_value[-1:], *shown[:1]):
        if all(abs(at - other) > len(points) / 7 for other in chosen):
            chosen.append(at)
    return set(chosen)


def _periods(points: Sequence[TimePoint], frame: _Frame, said: Wording) -> list[str]:
    """Return the names of the periods that fit, the last one first, and gaps hatched below."""
    longest = max(len(point.period) for point in points) * _LETTER + 14
    slot = frame.across(1) - frame.across(0) if len(points) > 1 else frame.width
    every = max(1, int(-(-longest // slot)))
    parts, y = [], frame.base
    for at, point in enumerate(points):
        x = frame.across(at)
        if point.value is None:
            parts.append(rect(x - 5, y - 4, 10, 4, "gap-mark"))
        if (len(points) - 1 - at) % every:
            continue
        half = len(point.period) * _LETTER / 2
        held = min(max(x, half), frame.width - half)
        parts.append(line(x, y, x, y + 5, "zero"))
        parts.append(text(held, y + 22, point.period, "tick", "middle"))
        parts.append(text(held, y + 40, f"n {said.count(point.n)}", "small num", "middle"))
    return parts
