"""Words that rise: their share before and recently, each with its interval, one row a word."""

from dataclasses import dataclass

from feedback_nlp.report.figures.scales import share_scale
from feedback_nlp.report.svg import WIDE, Axis, dot, figure, fit, line, picture, text
from feedback_nlp.wordings import Wording

_LETTER = 7.4  # width of a letter of a name, in pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The comments with a word, of all of a period; ``share``, ``low`` and ``high`` are 0–1."""

    n: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRise:
    """One word; ``is_new`` if nobody wrote it before the recent days."""

    word: str
    before: Share
    recent: Share
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRises:
    """Words with both shares on one scale from 0."""

    rows: tuple[WordRise, ...]

    def svg(self, said: Wording, width: float) -> str:
        """Return the drawing."""
        narrow = width < WIDE
        row, top = (70, 26) if narrow else (42, 32)
        left, right = (8, 8) if narrow else (250, 250)
        highest = max((max(one.before.high, one.recent.high) for one in self.rows), default=0.0)
        axis = Axis(0, max(highest * 102, 1.0), left, width - right)
        height = top + row * len(self.rows) + 4
        parts = share_scale(axis, said, top=top, bottom=height - 4, narrow=narrow)
        for at, one in enumerate(self.rows):
            parts += _row(one, top + at * row, width, axis, said)
        label = "; ".join(f"{one.word} {_shares(one, said)}" for one in self.rows)
        return picture(width, height, label, parts)


def _shares(one: WordRise, said: Wording) -> str:
    return f"{said.percent(one.before.share, 1)} → {said.percent(one.recent.share, 1)}"


def _row(one: WordRise, y: float, width: float, axis: Axis, said: Wording) -> list[str]:
    narrow = width < WIDE
    middle, base = (y + 54, y + 18) if narrow else (y + 21, y + 26)
    counted = f"n = {said.count(one.before.n)} → {said.count(one.recent.n)}"
    shown = _shares(one, said)
    new = said.say("emerging.part.new") if one.is_new else ""
    room = (width if narrow else 240) - len(new) * _LETTER - (len(shown) * 8.2 if narrow else 0)
    parts = [figure(0, base, fit(one.word, room - 16), new, "label")]
    for share, at, kind, mark in (
        (one.before, middle - 5, "way", "hollow"), (one.recent, middle + 5, "whisker", "mark-dot"),
    ):  # fmt: skip
        parts.append(line(axis(share.low * 100), at, axis(share.high * 100), at, kind))
        parts.append(dot(axis(share.share * 100), at, 5, mark))
    if narrow:
        parts.append(text(width, base, shown, "small-strong num", "end"))
        parts.append(text(width, base + 18, counted, "small num", "end"))
    else:
        parts.append(figure(width, base, shown, counted, "label num", "end"))
    return parts
