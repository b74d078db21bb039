"""How many gave each answer: columns coloured by group, on a phone one row an answer."""

from dataclasses import dataclass

from feedback_nlp.report.svg import WIDE, Axis, line, picture, rect, text
from feedback_nlp.wordings import Wording

_PER_SIGN = 7.2  # pixels of a digit in the small font


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCount:
    """How many gave an answer.

    Attributes:
        answer: The answer as it is written, or the ends of a range.
        n: Respondents.
        share: Their share of all who answered, 0–1.
        low: Lower end of its Wilson interval.
        high: Upper end.
        kind: Class of the colour of its group: ``neg``, ``mid`` or ``pos``.
        group: Its group.
    """

    answer: str
    n: int
    share: float
    low: float
    high: float
    kind: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerColumns:
    """The answers in their order, those that nobody gave as well."""

    answers: tuple[AnswerCount, ...]

    def svg(self, said: Wording, width: float) -> str:
        """Return the drawing."""
        shown = self._rows(said, width) if width < WIDE else self._columns(said, width)
        label = "; ".join(f"{one.answer}: {said.count(one.n)}" for one in self.answers)
        return picture(width, shown[0], label, shown[1])

    def _columns(self, said: Wording, width: float) -> tuple[float, list[str]]:
        height, base, left = 268, 210, 44
        most = max([0.01, *(one.share for one in self.answers)])
        up = Axis(0, most, base, 34)
        slot = (width - left) / max(len(self.answers), 1)
        parts: list[str] = []
        for tick in up.ticks(5):
            parts.append(line(left, up(tick), width, up(tick), "zero" if not tick else "grid"))
            digits = 0 if abs(tick * 100 - round(tick * 100)) < 1e-9 else 1
            shown = said.percent(tick, digits)
            parts.append(text(left - 8, up(tick) + 4, shown, "tick num", "end"))
        fits = max(len(said.count(one.n)) for one in self.answers) * _PER_SIGN < slot
        for at, one in enumerate(self.answers):
            x, tall = left + at * slot, base - up(one.share)
            middle = x + slot / 2
            if one.n:
                parts.append(rect(x + slot * 0.13, base - tall, slot * 0.74, tall, one.kind))
            share = said.percent(one.share)
            parts.append(text(middle, base - tall - 8, share, "small-strong halo num", "middle"))
            parts.append(text(middle, base + 21, one.answer, "label num", "middle"))
            if fits:
                parts.append(text(middle, base + 41, said.count(one.n), "small num", "middle"))
        if fits:
            parts.append(text(0, base + 41, "n", "small"))
        return height, parts

    def _rows(self, said: Wording, width: float) -> tuple[float, list[str]]:
        row = 25
        longest = max(len(one.answer) for one in self.answers)
        left = max(24.0, longest * 8.2 + 8)
        wide = max(len(said.count(one.n)) for one in self.answers) * _PER_SIGN + 6
        most = max([0.01, *(one.share for one in self.answers)])
        along = Axis(0, most, left, width - wide - 54)
        parts = [text(width, 12, "n", "small", "end")]
        for at, one in enumerate(self.answers):
            y = 18 + at * row
            parts.append(text(left - 8, y + 16, one.answer, "label num", "end"))
            if one.n:
                parts.append(rect(left, y + 2, along(one.share) - left, 18, one.kind))
            share = said.percent(one.share)
            parts.append(text(along(one.share) + 5, y + 16, share, "small-strong num"))
            parts.append(text(width, y + 16, said.count(one.n), "small num", "end"))
        return 22 + row * len(self.answers), parts
