"""The two small drawings of the first screen: the score on its scale, and the groups."""

from dataclasses import dataclass

from feedback_nlp.report.svg import Axis, dot, line, picture, rect, text
from feedback_nlp.wordings import Wording

KINDS = ("neg", "mid", "pos")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreScale:
    """A score with its interval on the whole scale, and the bound of a target if there is one."""

    value: float
    low: float
    high: float
    minimum: float
    maximum: float
    unit: str
    target: float | None = None

    def svg(self, said: Wording, width: float) -> str:
        """Return the drawing."""
        axis = Axis(self.minimum, self.maximum, 14, width - 14)
        length = axis(self.maximum) - axis(self.minimum)
        parts = [rect(axis(self.minimum), 26, length, 10, "track", radius=5)]
        middle = (self.minimum + self.maximum) / 2
        for at, tick in enumerate((self.minimum, middle, self.maximum)):
            parts.append(line(axis(tick), 26, axis(tick), 42, "grid"))
            anchor = ("start", "middle", "end")[at]
            x = axis(tick) + (-14, 0, 14)[at]
            parts.append(text(x, 58, said.maximum(tick, self.unit), "tick", anchor))
        band = axis(self.high) - axis(self.low)
        parts.append(rect(axis(self.low), 20, band, 22, "band", radius=4))
        if self.target is not None:
            x = axis(self.target)
            parts.append(line(x, 14, x, 44, "overall"))
            anchor = "start" if x < width / 2 else "end"
            named = f"{said.say('answer_part.target_mark')} {said.maximum(self.target, self.unit)}"
            parts.append(text(x, 10, named, "tick", anchor))
        parts.append(dot(axis(self.value), 31, 5.5, "mark-dot"))
        label = said.say(
            "answer_part.scale_label",
            score=said.figure(self.value, self.unit),
            low=said.maximum(self.minimum, self.unit),
            high=said.maximum(self.maximum, self.unit),
            interval=said.figures(self.low, self.high, self.unit),
        )
        return picture(width, 64, label, parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupBar:
    """The low, middle and top group as one bar.

    Attributes:
        names: The groups in the language of the report.
        percents: Their shares, rounded so that they add up to 100.
        counts: Their respondents.
    """

    names: tuple[str, ...]
    percents: tuple[int, ...]
    counts: tuple[int, ...]

    def svg(self, said: Wording, width: float) -> str:
        """Return the drawing."""
        total = sum(self.counts) or 1
        x, parts = 0.0, []
        for kind, n, percent in zip(KINDS, self.counts, self.percents, strict=True):
            length = (width - 4) * n / total
            parts.append(rect(x, 0, length - 2, 26, kind, radius=3))
            if length > 46:
                shown = said.percent(percent / 100)
                parts.append(text(x + length / 2, 18, shown, f"on-{kind} num", "middle"))
            x += length + 2
        groups = zip(self.names, self.percents, self.counts, strict=True)
        label = ", ".join(f"{n} {said.percent(p / 100)} ({said.count(k)})" for n, p, k in groups)
        return picture(width, 26, label, parts)
