"""New words: what is written more than before, and words of comments without a theme."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from feedback_nlp.report.blocks import (
    Absent,
    Block,
    Cell,
    Figure,
    Head,
    Key,
    Quotes,
    Section,
    Table,
    Texts,
)
from feedback_nlp.report.figures.word_rises import Share, WordRise, WordRises
from feedback_nlp.report.sections.word_quotes import word_quotes
from feedback_nlp.report.source import Source
from feedback_nlp.showing import safe
from feedback_nlp.words import (
    emerging_sentences,
    emerging_words,
    untagged_sentences,
    untagged_terms,
)
from feedback_nlp.words.emerging_notes import CLEAR, window_name
from feedback_nlp.words.sampling import sample_comments
from feedback_nlp.words.tables import readable

SHOWN = 12
MOST = 20_000  # comments that words are counted in
QUOTED = 3
_TITLED = 3
Row = Mapping[Hashable, Any]
Noted = Mapping[str, Any]


def build(source: Source) -> Section | Absent:
    """Return the section of new words."""
    said, least, level = source.said, max(source.min_n, 1), source.score.level
    sample = sample_comments(source.comments, [readable(source.comments)], MOST, seed=source.seed)
    rising = emerging_words(sample.comments, source.mentions, min_n=least, confidence=level)
    bare = untagged_terms(sample.comments, source.mentions, min_n=least, confidence=level)
    noted, nav = rising.attrs["emerging"], said.say("emerging.part.nav")
    told = emerging_sentences(noted, said.language)
    if noted["reason"] and bare.attrs["untagged"]["reason"]:
        return Absent(nav=nav, why=told[0])
    found = rising[rising["q_value"] <= CLEAR]
    blocks: list[Block] = []
    if len(found):
        blocks += [_figure(found, noted, source), _quotes(found, "quotes", source)]
    if not noted["reason"]:
        blocks.append(Texts(title=said.say("emerging.part.limits"), items=tuple(told[2:])))
    lead = told[:2]
    if len(found):
        lead = [said.say("emerging.part.lead", level=source.level), told[1]]
    if sample.is_part:
        lead.append(said.say("words.new_sample", sample.n, of=sample.of))
    return Section(
        id="emerging",
        nav=nav,
        title=_title(found, noted, source),
        lead=tuple(lead),
        blocks=(*blocks, *_untagged(bare, source)),
        tables={"emerging": rising, "untagged": bare},
        definitions=("emerging",),
    )


def _title(found: pd.DataFrame, noted: Noted, source: Source) -> str:
    said = source.said
    if noted["reason"]:
        return said.say("emerging.part.title_unknown")
    if found.empty:
        return said.say("emerging.part.title_none")
    words = [said.say("mark.quote", text=safe(str(term))) for term in found["term"].head(_TITLED)]
    key = "title_more" if len(found) > _TITLED else "title"
    return said.say(f"emerging.part.{key}", len(found), words=said.listed(words))


def _figure(found: pd.DataFrame, noted: Noted, source: Source) -> Figure:
    said, shown = source.said, found.head(SHOWN)
    more = len(found) - len(shown)
    keys = {"before": "hollow", "recent": "dot"}
    return Figure(
        id="emerging-words",
        drawing=WordRises(rows=tuple(_rise(row) for row in shown.to_dict("records"))),
        label=said.say("emerging.part.label"),
        legend=tuple(
            Key(
                kind=kind,
                text=said.say(
                    f"emerging.part.key_{side}", noted[f"n_{side}"],
                    span=window_name(noted, side, said),
                ),
            )
            for side, kind in keys.items()
        ),
        note=said.say("page.more_rows", more) if more else "",
        table=_table(shown, noted, source),
    )  # fmt: skip


def _rise(row: Row) -> WordRise:
    before, recent = (
        Share(
            n=int(row[f"n_{side}"]), share=float(row[f"share_{side}"]),
            low=float(row[f"share_{side}_low"]), high=float(row[f"share_{side}_high"]),
        )
        for side in ("before", "recent")
    )  # fmt: skip
    return WordRise(
        word=safe(str(row["term"])), before=before, recent=recent, is_new=bool(row["is_new"])
    )


def _table(shown: pd.DataFrame, noted: Noted, source: Source) -> Table:
    said = source.said
    heads = [Head(text=said.say("head.word"), kind="text")]
    for side in ("before", "recent"):
        heads.append(Head(text=said.say(f"emerging.part.head_{side}", noted[f"n_{side}"])))
        heads.append(Head(text=said.say(f"emerging.part.head_share_{side}", level=source.level)))
    heads += [
        Head(text=said.say("head.q")),
        Head(text=said.say("emerging.part.head_without")),
        Head(text=said.say("emerging.part.head_theme"), kind="text"),
    ]
    rows = []
    for row in shown.to_dict("records"):
        word = safe(str(row["term"]))
        name = f"{word} ({said.say('emerging.part.new')})" if row["is_new"] else word
        cells = [Cell(text=name, value=word)]
        for side in ("before", "recent"):
            cells += _counted(row, side, source)
        cells += [
            Cell(text=said.chance(row["q_value"]), value=float(row["q_value"])),
            Cell(text=said.count(int(row["n_without_theme"])), value=int(row["n_without_theme"])),
            Cell(text=_theme(row, source)),
        ]
        rows.append(tuple(cells))
    return Table(caption=said.say("emerging.part.caption"), heads=tuple(heads), rows=tuple(rows))


def _counted(row: Row, side: str, source: Source) -> list[Cell]:
    """Return how many comments have a word, and their share with its interval."""
    said, n, share = source.said, int(row[f"n_{side}"]), float(row[f"share_{side}"])
    low, high = (100 * float(row[f"share_{side}_{end}"]) for end in ("low", "high"))
    ends = said.figures(low, high, "percent")
    return [
        Cell(text=said.count(n), value=n),
        Cell(text=f"{said.percent(share, 1)} ({ends})", value=share),
    ]


def _theme(row: Row, source: Source) -> str:
    if pd.isna(row["theme"]):
        return source.said.say("emerging.part.no_theme")
    return f"{source.theme(str(row['theme']))} ({source.said.count(int(row['n_theme']))})"


def _quotes(table: pd.DataFrame, key: str, source: Source) -> Quotes:
    return Quotes(
        title=source.said.say(f"emerging.part.{key}"),
        quotes=word_quotes(table, source, n=QUOTED),
        closed=key != "quotes",
    )


def _untagged(bare: pd.DataFrame, source: Source) -> list[Block]:
    """Return the words of comments without a theme, and what to do with them."""
    said, noted = source.said, bare.attrs["untagged"]
    title = said.say("emerging.part.untagged")
    told = untagged_sentences(noted, said.language)
    found = bare[bare["q_value"] <= CLEAR]
    if found.empty:
        return [Texts(title=title, items=(told[0], *told[2:]), listed=False)]
    shown = found.head(SHOWN)
    todo = [*told[1:], said.say("emerging.part.to_do")]
    if (more := len(found) - len(shown)) > 0:
        todo.append(said.say("page.more_rows", more))
    rows = tuple(
        (
            Cell(text=safe(str(row["term"]))),
            *_counted(row, "without_theme", source),
            *_counted(row, "with_theme", source),
            Cell(text=said.chance(row["q_value"]), value=float(row["q_value"])),
        )
        for row in shown.to_dict("records")
    )
    heads = [Head(text=said.say("head.word"), kind="text")]
    for side in ("without_theme", "with_theme"):
        heads.append(Head(text=said.say(f"emerging.part.head_{side}", noted[f"n_{side}"])))
        heads.append(Head(text=said.say("emerging.part.head_share", level=source.level)))
    table = Table(
        title=title, caption=said.say("emerging.part.untagged_caption"),
        heads=(*heads, Head(text=said.say("head.q"))), rows=rows, note=" ".join(todo),
    )  # fmt: skip
    return [table, _quotes(found, "untagged_quotes", source)]
