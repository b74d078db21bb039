"""A report as Markdown: the same numbers and sentences, customers' words escaped."""

from collections.abc import Callable, Mapping
from typing import Any

from feedback_nlp.markup import escape_markdown as escape
from feedback_nlp.markup import markdown_table
from feedback_nlp.report.blocks import (
    Block,
    Drill,
    Explore,
    Figure,
    Pair,
    Quote,
    Quotes,
    ReasonBlock,
    Section,
    Table,
    Terms,
    Texts,
)
from feedback_nlp.report.report import Report
from feedback_nlp.wordings import Wording, wording_in

MAX_ROWS = 40


def to_markdown(report: Report) -> str:
    """Return the report as Markdown; of long tables the first 40 rows."""
    said = wording_in(report.language)
    about = [f"{escape(report.about)}\n"] if report.about else []
    lines = [f"# {escape(report.title)}\n", *about, *_answer(report)]
    for section in report.sections:
        if not any(isinstance(block, Explore) for block in section.blocks):  # for the page only
            lines += _section(section, said)
    return "\n".join(lines) + "\n"


def _answer(report: Report) -> list[str]:
    answer = report.answer
    sentences = [answer.meaning, answer.certainty, answer.target, answer.caution]
    facts = [
        f"- **{escape(fact.value)}** {escape(fact.label)} ({escape(fact.note)})"
        for fact in answer.facts
    ]
    reasons = [
        f"{one.rank}. **{escape(one.name)}**: {escape(one.gain)} ({escape(one.interval)}). "
        f"{escape(one.short)}"
        for one in answer.reasons
    ]
    return [
        f"**{escape(answer.name)}: {escape(answer.value)}** ({escape(answer.between)})\n",
        *(f"{escape(sentence)}\n" for sentence in sentences if sentence),
        *facts,
        f"\n## {escape(answer.reasons_title)}\n",
        *([*reasons, ""] if reasons else []),
        *([f"{escape(answer.start)}\n"] if answer.start else []),
        f"{escape(answer.reasons_note)}\n",
    ]


def _section(section: Section, said: Wording) -> list[str]:
    lines = [f"## {escape(section.title)}\n"]
    lines += [f"{escape(sentence)}\n" for sentence in section.lead]
    for block in section.blocks:
        lines += _WRITERS[type(block)](block, said)
    return lines


def _title(title: str) -> list[str]:
    return [f"### {escape(title)}\n"] if title else []


def _figure(block: Figure, said: Wording) -> list[str]:
    texts = [block.lead, block.note]
    return [
        *_title(block.title),
        *(f"{escape(text)}\n" for text in texts if text),
        *_grid(block.table, said),
    ]


def _pair(block: Pair, said: Wording) -> list[str]:
    return _figure(block.left, said) + _figure(block.right, said)


def _table(block: Table, said: Wording) -> list[str]:
    return [*_title(block.title), *_grid(block, said)]


def _grid(table: Table, said: Wording) -> list[str]:
    if not table.rows:
        return [f"{escape(table.note)}\n"] if table.note else []
    shown = [[cell.text for cell in row] for row in table.rows[:MAX_ROWS]]
    numbers = [place > 0 and head.kind == "number" for place, head in enumerate(table.heads)]
    heads = [head.text for head in table.heads]
    lines = [f"{escape(table.caption)}:\n", markdown_table(heads, shown, numbers=numbers)]
    if len(table.rows) > MAX_ROWS:
        more = said.say("page.more_rows", len(table.rows) - MAX_ROWS)
        lines.append(f"{escape(more)}\n")
    return [*lines, f"{escape(table.note)}\n"] if table.note else lines


def _quotes(block: Quotes, said: Wording) -> list[str]:
    return [
        *_title(block.title),
        *(_quote(quote, said) for quote in block.quotes),
        *([f"{escape(block.note)}\n"] if block.note else []),
    ]


def _quote(quote: Quote, said: Wording) -> str:
    """Return a quote with its evidence in bold; blanks stay outside of what is bold."""
    evidence = quote.evidence
    lead = evidence[: len(evidence) - len(evidence.lstrip())]
    tail = evidence[len(evidence.rstrip()) :]
    marked = f"{lead}**{escape(evidence.strip())}**{tail}" if evidence.strip() else evidence
    before, after = said.say("mark.quote", text="\n").split("\n")
    return (
        f"> {before}{escape(quote.before)}{marked}{escape(quote.after)}{after} "
        f"({escape(quote.source)})\n"
    )


def _texts(block: Texts, said: Wording) -> list[str]:
    if block.listed:
        return [*_title(block.title), *(f"- {escape(item)}" for item in block.items), ""]
    return [*_title(block.title), *(f"{escape(item)}\n" for item in block.items)]


def _terms(block: Terms, said: Wording) -> list[str]:
    items = [f"- **{escape(name)}**: {escape(text)}" for name, text in block.items]
    return [*_title(block.title), *items, ""]


def _reason(block: ReasonBlock, said: Wording) -> list[str]:
    lines = [f"### {block.rank}. {escape(block.name)}\n", f"{escape(block.sentence)}\n"]
    lines += [f"{escape(aside)}\n" for aside in block.asides]
    if block.parts:
        parts = ", ".join(f"{escape(name)} {escape(n)}" for name, n in block.parts)
        lines.append(f"{escape(block.parts_title)}: {parts}.\n")
    if block.words:
        lines.append(f"{escape(block.words_title)}: {', '.join(map(escape, block.words))}.\n")
    return lines + [_quote(quote, said) for quote in block.quotes]


def _drill(block: Drill, said: Wording) -> list[str]:
    lines = [f"### {escape(block.title)}\n", f"{escape(block.sentence)}\n"]
    if block.figure:
        lines += _grid(block.figure.table, said)
    for side in block.sides:
        lines += [f"**{escape(side.title)}**\n", *(_quote(quote, said) for quote in side.quotes)]
    return [*lines, f"{escape(block.none)}\n"] if block.none else lines


_WRITERS: Mapping[type[Block], Callable[[Any, Wording], list[str]]] = {
    Figure: _figure,
    Pair: _pair,
    Table: _table,
    Quotes: _quotes,
    Texts: _texts,
    Terms: _terms,
    ReasonBlock: _reason,
    Drill: _drill,
}
