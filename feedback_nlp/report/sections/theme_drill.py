"""The most mentioned themes opened: their sub-themes, what is blamed, what is praised."""

from collections.abc import Sequence

import pandas as pd

from feedback_nlp.report.blocks import Cell, Drill, Figure, Head, Quotes, Table
from feedback_nlp.report.figures.theme_bars import ThemeBars, ThemeRow
from feedback_nlp.report.sections.reasons import quote
from feedback_nlp.report.sections.theme_quotes import SIDES, theme_quotes
from feedback_nlp.report.sections.theme_scores import theme_rows
from feedback_nlp.report.source import Source
from feedback_nlp.showing import first_upper

MOST = 12
MAX_PARTS = 8


def drills(tops: pd.DataFrame, below: pd.DataFrame, source: Source) -> tuple[Drill, ...]:
    """Return the most mentioned themes, each to be opened.

    Args:
        tops: Themes as ``theme_table`` returns them.
        below: The same by sub-theme.
        source: What the report is made from.
    """
    opened = tops.head(MOST)
    themes = [str(theme) for theme in opened["theme"]]
    quotes = theme_quotes(source, themes)
    owner = below["theme"].str.partition(".")[0]
    rows = theme_rows(opened, [source.theme(theme) for theme in themes])
    found = []
    for rank, (theme, row) in enumerate(zip(themes, rows, strict=True), 1):
        sides = tuple(
            Quotes(
                title=source.said.say(f"themes.quotes_{polarity}"),
                quotes=tuple(quote(one, source, polarity) for one in quotes[theme, polarity]),
            )
            for polarity in SIDES
            if quotes.get((theme, polarity))
        )
        parts = _parts(rank, theme, below[owner == theme], source)
        found.append(_drill(theme, row, parts, sides, source))
    return tuple(found)


def _drill(
    theme: str, row: ThemeRow, parts: Figure | None, sides: tuple[Quotes, ...], source: Source
) -> Drill:
    said = source.said
    return Drill(
        theme=theme,
        title=row.name,
        sentence=said.say("themes.drill", row.n, negative=row.negative, positive=row.positive),
        figure=parts,
        sides=sides,
        none="" if sides else said.say("reasons.no_quotes"),
        link=said.say("themes.explore", theme=row.name) if source.max_comments else "",
    )


def _parts(rank: int, theme: str, below: pd.DataFrame, source: Source) -> Figure | None:
    """Return the sub-themes of a theme as bars, where any are named."""
    said = source.said
    if not (below["theme"] != theme).any():
        return None
    names = [
        said.say("themes.whole") if str(part) == theme else _inside(str(part), source)
        for part in below["theme"]
    ]
    shown = theme_rows(below, names)
    left_out = max(len(shown) - MAX_PARTS, 0)
    label = said.say("themes.parts_label", theme=source.theme(theme))
    return Figure(
        id=f"theme-{rank}-parts",
        drawing=ThemeBars(rows=shown[:MAX_PARTS]),
        label=label,
        table=parts_table(shown, label, source),
        note=said.say("themes.more_parts", left_out) if left_out else "",
    )


def parts_table(rows: Sequence[ThemeRow], caption: str, source: Source) -> Table:
    """Return sub-themes by polarity as a table."""
    said = source.said
    columns = ("negative", "neutral", "positive", "unknown")
    return Table(
        caption=caption,
        heads=(
            Head(text=said.say("head.subtheme"), kind="text"),
            Head(text=said.say("head.comments")),
            *(Head(text=said.say(f"head.{name}")) for name in columns),
        ),
        rows=tuple(
            (
                Cell(text=row.name),
                *(
                    Cell(text=said.count(n), value=n)
                    for n in (row.n, row.negative, row.neutral, row.positive, row.unknown)
                ),
            )
            for row in rows
        ),
    )


def _inside(theme: str, source: Source) -> str:
    """Return the name of a sub-theme by itself, with a capital letter."""
    return first_upper(source.theme(theme))
