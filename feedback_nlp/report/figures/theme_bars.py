"""What comments are about: blame to the left, praise to the right, and the score of either."""

from dataclasses import dataclass

from feedback_nlp.report.svg import WIDE, Axis, dot, fit, line, picture, rect, text
from feedback_nlp.wordings import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class SideScore:
    """The score of the respondents who blame a theme, or who praise it.

    Attributes:
        value: The score.
        low: Lower end of its interval.
        high: Upper end.
        n: Respondents.
    """

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeRow:
    """How many comments mention a theme, and how.

    Attributes:
        name: The theme.
        n: Comments that mention it; one that praises and blames counts once here.
        negative: Comments that blame it.
        neutral: Comments that mention it neutrally.
        positive: Comments that praise it.
        unknown: Comments of which the polarity is not known.
        blamed: Score of the respondents who blame it, if there are enough.
        praised: Score of those who praise it, if there are enough.
    """

    name: str
    n: int
    negative: int
    neutral: int
    positive: int
    unknown: int
    blamed: SideScore | None = None
    praised: SideScore | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """The scale of a score, and the score of all respondents on it."""

    minimum: float
    maximum: float
    overall: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeBars:
    """Themes by polarity, with the scores of both sides where there is a scale for them."""

    rows: tuple[ThemeRow, ...]
    scale: Ends | None = None

    def svg(self, said: Wording, width: float) -> str:
        """Return the drawing."""
        drawn = _Wide(self, said) if width >= WIDE else _Narrow(self, said, width)
        parts = drawn.head()
        for at, row in enumerate(self.rows):
            parts += drawn.row(row, at)
        polarities = ("negative", "neutral", "positive", "unknown")
        named = {name: said.say(f"polarity.{name}") for name in polarities}
        label = "; ".join(
            f"{row.name}: "
            + ", ".join(f"{said.count(getattr(row, name))} {named[name]}" for name in polarities)
            for row in self.rows
        )
        return picture(width, drawn.height, label, parts)


class _Wide:
    """One line a theme: name, bars, numbers, score."""

    top, left = 50.0, 196.0

    def __init__(self, drawn: ThemeBars, said: Wording) -> None:
        self.said, self.scale = said, drawn.scale
        self.step = 40.0 if drawn.scale else 34.0
        right, self.neutral, self.unknown = (590, 646, 716) if drawn.scale else (790, 866, 946)
        self.height = self.top + self.step * len(drawn.rows) + 6
        bad = max([1, *(row.negative for row in drawn.rows)])
        good = max([1, *(row.positive for row in drawn.rows)])
        room = _room(drawn, said, 8.4)
        self.per = (right - self.left - 2 * room) / (bad + good)
        self.middle = self.left + room + bad * self.per
        ends = drawn.scale or Ends(minimum=0, maximum=1, overall=0, unit="rating")
        self.axis = Axis(ends.minimum, ends.maximum, 748, 940)

    def head(self) -> list[str]:
        """Return the headings, the middle line and the scale."""
        said, base = self.said, self.height - 4
        parts = [
            text(
                self.middle - 10, 36, f"◀ {said.say('polarity.negative')}", "tick neg-text", "end"
            ),
            text(self.middle + 10, 36, f"{said.say('polarity.positive')} ▶", "tick pos-text"),
            text(self.neutral, 36, said.say("polarity.neutral"), "tick", "end"),
            text(self.unknown, 36, said.say("polarity.unknown"), "tick", "end"),
            line(self.middle, self.top - 6, self.middle, base, "zero"),
        ]
        if self.scale is None:
            return parts
        ends = (self.scale.minimum, (self.scale.minimum + self.scale.maximum) / 2)
        for value in (*ends, self.scale.maximum):
            x = self.axis(value)
            parts.append(line(x, self.top - 6, x, base, "grid"))
            parts.append(text(x, 36, said.maximum(value, self.scale.unit), "tick num", "middle"))
        x = self.axis(self.scale.overall)
        parts.append(line(x, self.top - 6, x, base, "overall"))
        parts.append(text(844, 14, said.say("themes.score_axis"), "tick", "middle"))
        return parts

    def row(self, row: ThemeRow, at: int) -> list[str]:
        """Return one theme."""
        said, y = self.said, self.top + at * self.step + self.step / 2
        bad, good = row.negative * self.per, row.positive * self.per
        parts = [text(0, y + 5, fit(row.name, self.left - 12), "label")]
        if row.negative:
            parts.append(rect(self.middle - bad, y - 10, bad, 20, "neg"))
        if row.positive:
            parts.append(rect(self.middle, y - 10, good, 20, "pos"))
        bad_n, good_n = said.count(row.negative), said.count(row.positive)
        parts += [
            text(self.middle - bad - 7, y + 5, bad_n, "label num", "end"),
            text(self.middle + good + 7, y + 5, good_n, "label num"),
            text(self.neutral, y + 5, said.count(row.neutral), "muted num", "end"),
            text(self.unknown, y + 5, said.count(row.unknown), "muted num", "end"),
        ]
        return parts + _sides(row, self.axis, y)


class _Narrow:
    """Each theme as a few lines, for a phone and for the parts of a theme."""

    def __init__(self, drawn: ThemeBars, said: Wording, width: float) -> None:
        self.said, self.width, self.scale = said, width, drawn.scale
        self.step = 98.0 if drawn.scale else 66.0
        self.top = 40.0 if drawn.scale else 22.0
        self.height = self.top + self.step * len(drawn.rows)
        bad = max([1, *(row.negative for row in drawn.rows)])
        good = max([1, *(row.positive for row in drawn.rows)])
        room = _room(drawn, said, 7.8)
        self.per = (width - 2 * room) / (bad + good)
        self.middle = room + bad * self.per
        ends = drawn.scale or Ends(minimum=0, maximum=1, overall=0, unit="rating")
        self.axis = Axis(ends.minimum, ends.maximum, 8, width - 8)

    def head(self) -> list[str]:
        """Return the headings."""
        said, scale = self.said, self.scale
        parts = [
            text(self.middle - 8, 12, f"◀ {said.say('polarity.negative')}", "tick neg-text", "end"),
            text(self.middle + 8, 12, f"{said.say('polarity.positive')} ▶", "tick pos-text"),
        ]
        if scale is not None:
            low, high = (said.maximum(x, scale.unit) for x in (scale.minimum, scale.maximum))
            named = said.say("themes.score_axis")
            parts.append(text(0, 32, low, "tick num"))
            parts.append(text(self.middle, 32, fit(named, self.width - 90, 12.5), "tick", "middle"))
            parts.append(text(self.width, 32, high, "tick num", "end"))
        return parts

    def row(self, row: ThemeRow, at: int) -> list[str]:
        """Return one theme."""
        said, y = self.said, self.top + at * self.step
        bad, good = row.negative * self.per, row.positive * self.per
        rest = ", ".join(
            f"{said.count(n)} {said.say(f'polarity.{name}')}"
            for name, n in (("neutral", row.neutral), ("unknown", row.unknown))
            if n
        )
        bar = y + 22
        parts = [text(0, y + 16, fit(row.name, self.width - 8), "label")]
        if row.negative:
            parts.append(rect(self.middle - bad, bar, bad, 18, "neg"))
        if row.positive:
            parts.append(rect(self.middle, bar, good, 18, "pos"))
        parts += [
            line(self.middle, bar - 2, self.middle, bar + 20, "zero"),
            text(
                self.middle - bad - 5, bar + 14, said.count(row.negative), "small-strong num", "end"
            ),
            text(self.middle + good + 5, bar + 14, said.count(row.positive), "small-strong num"),
            text(self.width, bar + 32, rest, "small num", "end"),
        ]
        if self.scale is None:
            return parts
        under = bar + 49
        x = self.axis(self.scale.overall)
        parts.append(line(8, under, self.width - 8, under, "grid"))
        parts.append(line(x, under - 12, x, under + 12, "overall"))
        return parts + _sides(row, self.axis, under)


def _room(drawn: ThemeBars, said: Wording, per_sign: float) -> float:
    """Return how much room the longest number at the end of a bar takes, in pixels."""
    numbers = [n for row in drawn.rows for n in (row.negative, row.positive)]
    return 12 + per_sign * max(2, *(len(said.count(n)) for n in numbers))


def _sides(row: ThemeRow, axis: Axis, y: float) -> list[str]:
    """Return both scores with their intervals: a square for blame, above a circle for praise."""
    parts = []
    for one, kind, at in ((row.blamed, "neg", y - 6), (row.praised, "pos", y + 6)):
        if one is not None:
            parts.append(line(axis(one.low), at, axis(one.high), at, f"{kind}-line"))
            x = axis(one.value)
            square = rect(x - 5, at - 5, 10, 10, f"{kind} ringed", radius=1)
            parts.append(square if kind == "neg" else dot(x, at, 5.5, f"{kind} ringed"))
    return parts
