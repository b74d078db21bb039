"""Comments whose words contradict their rating, and whether the scale may have been turned."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from feedback_nlp.drivers import disagreements
from feedback_nlp.report.blocks import Absent, Block, Cell, Head, Quotes, Section, Table
from feedback_nlp.report.sections.word_quotes import marked_quote
from feedback_nlp.report.source import Source
from feedback_nlp.showing import safe
from feedback_nlp.words.tables import languages_of

MOST_QUOTES = 4
_SAYS = {"praises": "positive", "complains": "negative"}
Row = Mapping[Hashable, Any]


def build(source: Source) -> Section | Absent:
    """Return the section of contradictions."""
    said, nav = source.said, source.said.say("disagree.nav")
    if "sentiment" not in source.comments.columns:
        return Absent(nav=nav, why=said.say("disagree.no_sentiment"))
    listed = disagreements(
        source.comments, source.mentions, source.rating, by=source.segments or None,
        min_n=source.min_n,
    )  # fmt: skip
    noted = listed.attrs["disagreements"]
    whole = [row for row in noted["summary"] if pd.isna(row["column"])]
    both = next(row for row in whole if row["group"] == "both")
    if not both["n"]:
        return Absent(nav=nav, why=said.say("disagree.nobody"))
    turned = [row for row in noted["summary"] if row["finding"] == "reversed"]
    blocks: list[Block] = [_table(whole, source)]
    blocks += [quotes for says in _SAYS if (quotes := _quotes(listed, says, source)).quotes]
    return Section(
        id="disagree",
        nav=nav,
        title=_title(both, bool(turned), source),
        lead=_lead(noted, turned, source),
        blocks=tuple(blocks),
        tables={"disagree": listed},
        definitions=("disagree",),
    )


def _title(both: Row, turned: bool, source: Source) -> str:
    said = source.said
    if turned:
        return said.say("disagree.title_turned")
    if not both["n_disagree"]:
        return said.say("disagree.title_none")
    share = said.percent(both["share"], 0)
    return said.say("disagree.title", int(both["n_disagree"]), share=share, of=int(both["n"]))


def _lead(
    noted: Mapping[str, Any], turned: list[dict[str, Any]], source: Source
) -> tuple[str, ...]:
    said = source.said
    lines = [said.say("disagree.lead")]
    for row in turned:
        value = row["value"]
        shown = said.say("disagree.all") if pd.isna(value) else safe(str(value))
        lines.append(
            said.say(
                "disagree.turned", int(row["n_disagree"]), of=int(row["n"]), where=shown,
                share=said.percent(row["share"], 0),
            )
        )  # fmt: skip
    if noted["n_may_disagree"]:
        lines.append(said.say("disagree.unsure", int(noted["n_may_disagree"])))
    return tuple(lines)


def _table(rows: list[dict[str, Any]], source: Source) -> Table:
    said = source.said
    names = {source.low: "praise", source.top: "complain"}
    shown = []
    for row in rows:
        if row["group"] not in names:
            continue
        label = said.say(f"disagree.{names[row['group']]}", people=source.people(row["group"]))
        known = not pd.isna(row["share"])
        ends = said.shares(row["low"], row["high"]) if known else said.say("cell.too_few")
        shown.append(
            (
                Cell(text=label),
                Cell(text=said.count(int(row["n_disagree"])), value=int(row["n_disagree"])),
                Cell(text=said.count(int(row["n"])), value=int(row["n"])),
                Cell(text=said.percent(row["share"] if known else None, 1)),
                Cell(text=ends),
            )
        )
    return Table(
        caption=said.say("disagree.caption"),
        heads=(
            Head(text=said.say("disagree.head_who"), kind="text"),
            Head(text=said.say("head.respondents")),
            Head(text=said.say("disagree.head_of")),
            Head(text=said.say("head.share")),
            Head(text=said.say("head.interval", level=source.level)),
        ),
        rows=tuple(shown),
        fixed=True,
    )


def _quotes(listed: pd.DataFrame, says: str, source: Source) -> Quotes:
    """Return the strongest contradictions of one kind, each once."""
    said = source.said
    rows = listed[listed["says"] == says].drop_duplicates("text")
    people = source.people(source.low if says == "praises" else source.top)
    more = len(rows) - MOST_QUOTES
    first = rows.head(MOST_QUOTES)
    spans = _evidence(first["comment_id"], _SAYS[says], source)
    at = pd.Index(source.comments["comment_id"]).get_indexer(pd.Index(first["comment_id"]))
    comments = source.comments.iloc[at]
    quotes = [
        marked_quote(
            str(text), spans.get(row["comment_id"], (0, 0)), source=_behind(row, source),
            language=language, polarity=_SAYS[says],
        )
        for row, text, language in zip(
            first.to_dict("records"), comments["text"], languages_of(comments), strict=True
        )
    ]  # fmt: skip
    return Quotes(
        title=said.say(f"disagree.quotes_{says}", people=people),
        quotes=tuple(quotes),
        note=said.say("page.more_rows", more) if more > 0 else "",
    )


def _evidence(ids: pd.Series, polarity: str, source: Source) -> dict[Any, tuple[int, int]]:
    """Return where the first words of a polarity are in each comment that has any."""
    mentions = source.mentions
    own = mentions[mentions["comment_id"].isin(ids) & (mentions["polarity"] == polarity)]
    first = own.sort_values("start").drop_duplicates("comment_id")
    spans = zip(first["comment_id"], first["start"], first["end"], strict=True)
    return {comment: (int(start), int(end)) for comment, start, end in spans}


def _behind(row: Row, source: Source) -> str:
    """Return rating and reason, as shown behind a quote."""
    rating = source.said.say("mark.rating", rating=source.said.exactly(float(row["rating"])))
    reason = source.said.say(f"disagree.reason_{row['reason']}")
    return f"{rating} · {reason}"
