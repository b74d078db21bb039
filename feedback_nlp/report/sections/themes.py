"""What comments are about: how many, praise or blame, and the score of either side."""

import pandas as pd

from feedback_nlp.drivers import theme_table
from feedback_nlp.drivers.join import drops, usable
from feedback_nlp.report.blocks import Absent, Block, Cell, Figure, Head, Key, Section, Table
from feedback_nlp.report.figures.theme_bars import Ends, SideScore, ThemeBars, ThemeRow
from feedback_nlp.report.sections.theme_drill import drills
from feedback_nlp.report.sections.theme_scores import Sides, side_scores, theme_rows
from feedback_nlp.report.source import Source
from feedback_nlp.schema import themes_without_subject
from feedback_nlp.showing import NONE

MAX_BARS = 15
MAX_ROWS = 40
NAMED = 3


def build(source: Source) -> Section | Absent:
    """Return the section of the themes."""
    said = source.said
    if source.mentions.empty:
        wrote = usable(source.comments).any()
        why = said.say("themes.none" if wrote else "base.nobody")
        return Absent(nav=said.say("themes.nav"), why=why)
    tops = theme_table(source.comments, source.mentions, min_n=source.min_n)
    below = theme_table(source.comments, source.mentions, level="sub", min_n=source.min_n)
    sides = side_scores(source)
    shown = tops.head(MAX_ROWS)
    names = [source.theme(str(theme)) for theme in shown["theme"]]
    rows = theme_rows(shown, names, sides)
    blocks: list[Block] = [_figure(rows, tops, source), *drills(tops, below, source)]
    return Section(
        id="themes",
        nav=said.say("themes.nav"),
        title=said.say("themes.title", themes=said.listed(row.name for row in rows[:NAMED])),
        lead=_lead(rows, source),
        blocks=tuple(blocks),
        definitions=("themes", "base", "quotes"),
        tables={"themes": _full(tops, below, sides, source)},
    )


def themed_comments(source: Source) -> tuple[int, int]:
    """Return in how many comments a theme was found, and how many can be read.

    Praise or blame that names no subject is no theme here, as it is none on the first screen.
    """
    mentions = source.mentions
    bare = drops(mentions["theme"], themes_without_subject(mentions))
    readable = source.comments.loc[usable(source.comments), "comment_id"].astype("object")
    about = mentions.loc[~bare, "comment_id"].astype("object")  # ten times as fast as Arrow strings
    return int(readable.isin(about).sum()), len(readable)


def _lead(rows: tuple[ThemeRow, ...], source: Source) -> tuple[str, ...]:
    said = source.said
    themed, readable = themed_comments(source)
    first = said.say("themes.base", themed, of=readable)
    blamed = max(rows, key=lambda row: row.negative)
    praised = max(rows, key=lambda row: row.positive)
    most = [first]
    if blamed.negative:
        most.append(said.say("themes.most_blamed", blamed.negative, theme=blamed.name))
    if praised.positive:
        most.append(said.say("themes.most_praised", praised.positive, theme=praised.name))
    return (" ".join(most), said.say("themes.reading", level=source.level))


def _figure(rows: tuple[ThemeRow, ...], tops: pd.DataFrame, source: Source) -> Figure:
    said, definition = source.said, source.definition
    scale = None
    if any(row.blamed or row.praised for row in rows[:MAX_BARS]):
        scale = Ends(
            minimum=definition.minimum, maximum=definition.maximum, overall=source.score.value,
            unit=source.unit,
        )  # fmt: skip
    left_out = max(len(tops) - MAX_BARS, 0)
    notes = [said.say("themes.note", min_n=source.min_n)]
    if left_out:
        notes.append(said.say("themes.more", left_out))
    score = said.figure(source.score.value, source.unit)
    legend = [
        Key(kind="neg", text=said.say("themes.key_negative")),
        Key(kind="pos", text=said.say("themes.key_positive")),
    ]
    if scale:
        legend.append(Key(kind="overall", text=said.say("themes.key_overall", score=score)))
    return Figure(
        id="themes-polarity",
        drawing=ThemeBars(rows=rows[:MAX_BARS], scale=scale),
        label=said.say("themes.label"),
        legend=tuple(legend),
        note=" ".join(notes),
        table=_table(rows, tops, source),
    )


def _table(rows: tuple[ThemeRow, ...], tops: pd.DataFrame, source: Source) -> Table:
    said = source.said
    heads = (
        Head(text=said.say("head.theme"), kind="text"),
        Head(text=said.say("head.comments")),
        Head(text=said.say("themes.head_share")),
        *(Head(text=said.say(f"head.{name}")) for name in ("negative", "neutral", "positive")),
        Head(text=said.say("head.unknown")),
        Head(text=said.say("themes.head_blamed", level=source.level)),
        Head(text=said.say("themes.head_praised", level=source.level)),
    )
    left_out = max(len(tops) - MAX_ROWS, 0)
    return Table(
        caption=said.say("themes.caption"),
        heads=heads,
        rows=tuple(
            (
                Cell(text=row.name, theme=str(theme)),
                Cell(text=said.count(row.n), value=row.n),
                Cell(text=said.percent(float(share), 1), value=float(share)),
                *(
                    Cell(text=said.count(n), value=n)
                    for n in (row.negative, row.neutral, row.positive, row.unknown)
                ),
                _score(row.blamed, row.negative, source),
                _score(row.praised, row.positive, source),
            )
            for row, theme, share in zip(rows, tops["theme"], tops["share"], strict=False)
        ),
        note=said.say("themes.more", left_out) if left_out else "",
    )


def _score(one: SideScore | None, n: int, source: Source) -> Cell:
    """Return a score with interval and number of respondents in one cell."""
    said, unit = source.said, source.unit
    if one is None:
        return Cell(text=said.say("cell.too_few") if n else NONE)
    ends = said.figures(one.low, one.high, unit)
    return Cell(
        text=f"{said.figure(one.value, unit)} ({ends}; n = {said.count(one.n)})", value=one.value
    )


def _full(tops: pd.DataFrame, below: pd.DataFrame, sides: Sides, source: Source) -> pd.DataFrame:
    """Return all themes and sub-themes in one table, with the scores of both sides."""
    subs = below[below["theme"].str.contains(".", regex=False)]
    table = pd.concat([tops.assign(level="theme"), subs.assign(level="subtheme")])
    names = [source.theme(str(theme), whole=True) for theme in table["theme"]]
    table.insert(1, "name", names)
    for polarity, verb in (("negative", "blamed"), ("positive", "praised")):
        scores = [sides[polarity].get(str(theme)) for theme in table["theme"]]
        for name in ("value", "low", "high", "n"):
            column = f"score_{verb}" if name == "value" else f"score_{verb}_{name}"
            table[column] = [getattr(one, name, None) for one in scores]
    order = table["theme"].str.partition(".")[0]
    place = {theme: at for at, theme in enumerate(tops["theme"])}
    return table.iloc[order.map(place).argsort(kind="stable")].reset_index(drop=True)
