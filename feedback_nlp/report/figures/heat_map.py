"""Segments × themes: which share blames the theme, coloured by the difference from the rest."""

from dataclasses import dataclass

from feedback_nlp.report.svg import WIDE, fit, line, picture, rect, text
from feedback_nlp.wordings import Wording

STEPS = (0.03, 0.08, 0.15)  # differences of shares from which a cell is darker
_NAMES, _ROW = 214.0, 44.0
_FEW = 2  # themes of a segment on a phone, where none stands out


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """One segment and one theme.

    Attributes:
        share: Share of those who wrote that blames the theme, 0–1.
        n_blame: How many they are.
        rest: Share of all others.
        clear: Whether both differ beyond chance, after correction.
    """

    share: float
    n_blame: int
    rest: float
    clear: bool

    @property
    def sign(self) -> str:
        """How a cell that stands out is marked."""
        return ("▲" if self.share > self.rest else "▼") if self.clear else ""

    @property
    def kind(self) -> str:
        """The class of its colour."""
        step = sum(abs(self.share - self.rest) >= least for least in STEPS)
        return f"{'more' if self.share > self.rest else 'less'}-{step}" if step else "alike"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """One segment: its column, its value, how many of it wrote, and its cells."""

    column: str
    name: str
    n: int
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """Segments × themes; on a phone a list of what stands out in each segment."""

    themes: tuple[str, ...]
    rows: tuple[HeatRow, ...]

    def svg(self, said: Wording, width: float) -> str:
        """Return the drawing."""
        label = "; ".join(f"{row.column}: {row.name}" for row in self.rows)
        if width < WIDE:
            parts, height = self._list(said, width)
            return picture(width, height, label, parts)
        names = [fit(theme, 118, 13) for theme in self.themes]
        head = 26 + 4.2 * max(map(len, names), default=0)  # the names stand aslant
        slot = (width - _NAMES) / max(len(self.themes), 5)
        parts = []
        for at, name in enumerate(names):
            x = _NAMES + slot * (at + 0.35)
            shown = text(x, head - 10, name, "small")
            parts.append(f'<g transform="rotate(-34 {x:.1f} {head - 10:.1f})">{shown}</g>')
        y, column = head, ""
        for row in self.rows:
            if row.column != column:
                column = row.column
                parts.append(text(0, y + 20, fit(column, 400), "small-strong"))
                y += 30
            parts += _line(row, y, slot, said)
            y += _ROW
        return picture(width, y + 4, label, parts)

    def _list(self, said: Wording, width: float) -> tuple[list[str], float]:
        parts: list[str] = []
        y, column = 4.0, ""
        for row in self.rows:
            if row.column != column:
                column = row.column
                parts.append(text(0, y + 18, fit(column, width, 16), "strong"))
                y += 28
            n = f"n = {said.count(row.n)}"
            y += 20
            name = fit(row.name, width - len(n) * 7 - 10, 15)
            parts.append(text(0, y, name, "label"))
            parts.append(text(width, y, n, "small num", "end"))
            parts.append(line(0, y + 8, width, y + 8, "grid"))
            y += 14
            for theme, cell in self._telling(row):
                parts.append(rect(0, y, width, 30, cell.kind, radius=4))
                if cell.clear:
                    parts.append(rect(1, y + 1, width - 2, 28, "cell-edge", radius=4))
                shown = said.say(
                    "segments.heat.cell", share=said.percent(cell.share),
                    rest=said.percent(cell.rest), n=cell.n_blame,
                )  # fmt: skip
                start = f"{cell.sign} {theme}" if cell.sign else theme
                room = width - len(shown) * 7 - 24
                parts.append(text(8, y + 20, fit(start, room), "label"))
                parts.append(text(width - 8, y + 20, shown, "small-strong num", "end"))
                y += 34
            y += 12
        return parts, y

    def _telling(self, row: HeatRow) -> list[tuple[str, HeatCell]]:
        """Return the themes that stand out in a segment; without any, those most blamed."""
        cells = list(zip(self.themes, row.cells, strict=True))
        marked = [pair for pair in cells if pair[1].clear]
        if marked:
            return sorted(marked, key=lambda pair: -abs(pair[1].share - pair[1].rest))
        return sorted(cells, key=lambda pair: -pair[1].share)[:_FEW]


def _line(row: HeatRow, y: float, slot: float, said: Wording) -> list[str]:
    """Return the cells of one segment."""
    n = f"n = {said.count(row.n)}"
    parts = [
        text(12, y + 19, fit(row.name, _NAMES - 22), "label"),
        text(12, y + 36, n, "small num"),
    ]
    for at, cell in enumerate(row.cells):
        x = _NAMES + slot * at
        parts.append(rect(x + 1, y + 1, slot - 2, _ROW - 2, cell.kind, radius=3))
        if cell.clear:
            parts.append(rect(x + 2, y + 2, slot - 4, _ROW - 4, "cell-edge", radius=3))
        shown = f"{cell.sign} {said.percent(cell.share)}".strip()
        middle = x + slot / 2
        kind = "small-strong num" if cell.clear else "num"
        parts.append(text(middle, y + 20, shown, kind, "middle"))
        parts.append(text(middle, y + 36, said.count(cell.n_blame), "small ink num", "middle"))
    return parts
