"""Why the low group is unhappy: each reason with its figures, parts, words and quotes."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from feedback_nlp.drivers import subtheme_table
from feedback_nlp.drivers.explain.explanation import Reason
from feedback_nlp.drivers.explain.explanation import source as behind
from feedback_nlp.drivers.explain.findings import Quote as FoundQuote
from feedback_nlp.drivers.explain.limits import of_themes
from feedback_nlp.drivers.explain.sentences import reason_sentences
from feedback_nlp.records import UNKNOWN_LANGUAGE
from feedback_nlp.report.blocks import (
    Block,
    Cell,
    Estimate,
    Figure,
    Head,
    Quote,
    ReasonBlock,
    Section,
    Table,
    Texts,
)
from feedback_nlp.report.figures.group_shares import GroupShare, GroupShares
from feedback_nlp.report.sections import driver_rows
from feedback_nlp.report.sections.answer import blamed, largest
from feedback_nlp.report.source import Source
from feedback_nlp.showing import first_upper, safe
from feedback_nlp.wordings import Wording

Row = Mapping[Hashable, Any]


def build(source: Source) -> Section:
    """Return the section of the reasons; without one it says why there is none."""
    said, found = source.said, source.explanation
    people = source.people(source.low)
    left_out = tuple(of_themes(found.findings, said))
    blocks: list[Block] = list(_reasons(source))
    if left_out:
        blocks.append(Texts(title=said.say("reasons.left_out"), items=left_out))
    if not found.table.empty:
        blocks.append(driver_rows.table(source))
    lead = (said.say("reasons.lead", people=people), said.say("reasons.sure", level=source.level))
    return Section(
        id="reasons",
        nav=said.say("reasons.nav"),
        title=said.say("reasons.title", title=found.title)
        if found.reasons
        else said.say("answer_part.no_title", people=people),
        lead=lead if found.reasons else (found.why_none,),
        blocks=tuple(blocks),
        definitions=("gain", "reasons", "points_lost", "small_groups"),
        tables=_tables(source),
    )


def quote(found: FoundQuote, source: Source, polarity: str = "negative") -> Quote:
    """Return a quote in three parts: before the evidence, the evidence, after it."""
    text, start, end = found.text, found.start, found.end
    known = found.language not in ("", UNKNOWN_LANGUAGE)
    return Quote(
        before=safe(text[:start]),
        evidence=safe(text[start:end]),
        after=safe(text[end:]),
        source=safe(behind(found, source.said)),
        language=found.language if known else "",
        polarity=polarity,
    )


def _reasons(source: Source) -> list[ReasonBlock]:
    """Return the reasons, their bars on one scale."""
    found = source.explanation
    rows = {str(row["theme"]): row for row in found.table.to_dict("records")}
    shares = [_shares(rows[reason.theme], source) for reason in found.reasons]
    most = max((share.high for both in shares for share in both), default=0.0)
    return [
        _reason(rank, reason, GroupShares(rows=both, most=most), source)
        for rank, (reason, both) in enumerate(zip(found.reasons, shares, strict=True), 1)
    ]


def _reason(rank: int, reason: Reason, drawing: GroupShares, source: Source) -> ReasonBlock:
    said, unit, gain = source.said, source.unit, reason.adjusted_gain
    findings = source.explanation.findings
    found = next(one for one in findings.reasons if one.theme == reason.theme)
    sentence, *asides = map(safe, reason_sentences(found, findings, said))
    table, name = source.explanation.table, safe(reason.name)
    n = int(table.loc[table["theme"] == reason.theme, "n_negative"].iloc[0])
    label = said.say("reasons.label", theme=name)
    return ReasonBlock(
        rank=rank,
        theme=reason.theme,
        name=name,
        short=blamed(reason, source),
        sentence=sentence,
        asides=tuple(asides),
        gain=said.bare(gain.value, unit),
        interval=f"{said.span(gain.low, gain.high, unit)} {said.say(f'unit.{unit}')}",
        estimate=Estimate(value=gain.value, low=gain.low, high=gain.high, n=n),
        figure=Figure(
            id=f"reason-{rank}-groups", drawing=drawing, label=label,
            table=shares_table(drawing, label, source),
        ),
        parts_title=said.say("reasons.parts", people=source.people(source.low)),
        parts=tuple((first_upper(safe(part)), said.count(k)) for part, k in largest(reason.parts)),
        words_title=_words_title(reason, said),
        words=tuple(safe(word) for word in reason.words),
        quotes=tuple(quote(one, source) for one in reason.quotes),
        no_quotes=said.say("reasons.no_quotes"),
    )  # fmt: skip


def shares_table(drawing: GroupShares, caption: str, source: Source) -> Table:
    """Return the shares of groups as a table."""
    said = source.said
    return Table(
        caption=caption,
        heads=(
            Head(text=said.say("head.group"), kind="text"),
            Head(text=said.say("head.respondents")),
            Head(text=said.say("reasons.head_of")),
            Head(text=said.say("head.share")),
            Head(text=said.say("head.interval", level=source.level)),
        ),
        rows=tuple(
            (
                Cell(text=row.name),
                Cell(text=said.count(row.n), value=row.n),
                Cell(text=said.count(row.of), value=row.of),
                Cell(text=said.percent(row.share, 1), value=row.share),
                Cell(text=said.shares(row.low, row.high), value=row.low),
            )
            for row in drawing.rows
        ),
    )


def _shares(row: Row, source: Source) -> tuple[GroupShare, ...]:
    """Return what share of the low and of the top group blames a theme."""
    n = source.explanation.findings.notes["n_groups"]
    columns = (("detractors", "neg", source.low), ("promoters", "pos", source.top))
    return tuple(
        GroupShare(
            name=first_upper(source.people(group)),
            kind=kind,
            n=int(row[f"n_{column}"]),
            of=int(n[column]),
            share=float(row[f"share_{column}"]),
            low=float(row[f"share_{column}_low"]),
            high=float(row[f"share_{column}_high"]),
        )
        for column, kind, group in columns
        if n[column]
    )


def _words_title(reason: Reason, said: Wording) -> str:
    """Return the heading of the words: in how many comments they stand out, against how many."""
    if reason.compared is None:
        return ""
    compared = reason.compared
    if not compared.is_sample:
        return said.say("reasons.words", compared.n, others=compared.n_others)
    return said.say(
        "words.reason_sample", compared.n, of=compared.of, others=compared.n_others,
        of_others=compared.of_others,
    )  # fmt: skip


def _tables(source: Source) -> dict[str, pd.DataFrame]:
    """Return the full driver table, and the points of each theme by sub-theme."""
    drivers = source.explanation.table
    names = [source.theme(str(theme), whole=True) for theme in drivers["theme"]]
    full = drivers.copy()
    full.insert(1, "name", names)
    full["verdict"] = source.explanation.findings.verdicts.to_numpy()
    below = subtheme_table(source.comments, source.mentions, source.rating, min_n=source.min_n)
    for at, column in ((1, "theme"), (3, "subtheme")):
        shown = [source.theme(str(theme), whole=column == "subtheme") for theme in below[column]]
        below.insert(at, "name" if column == "theme" else "subtheme_name", shown)
    return {"drivers": full, "subthemes": below}
