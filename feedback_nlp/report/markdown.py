"""A report as Markdown: the same numbers and sentences, customers' words escaped."""

from feedback_nlp.markup import escape_markdown as escape
from feedback_nlp.markup import markdown_table as table
from feedback_nlp.report.parts import Interval, Quote, Report
from feedback_nlp.report.tables import driver_cells, driver_heads, score_cells
from feedback_nlp.showing import (
    MINUS,
    UNITS,
    count,
    interval,
    lost,
    points,
    share,
)
from feedback_nlp.wordings import wording_in

SHOWN_WORDS = 25


def to_markdown(report: Report) -> str:
    """Return the report as Markdown."""
    parts = [
        f"# {escape(report.title)}\n",
        *_answer(report),
        *_waterfall(report),
        *_reasons(report),
        *_words(report),
        *_themes(report),
        *_scores(report),
        *_how_made(report),
    ]
    return "\n".join(parts) + "\n"


def _answer(report: Report) -> list[str]:
    answer = report.answer
    facts = [
        f"- **{escape(v)}** {escape(label)} ({escape(note)})" for v, label, note in answer.facts
    ]
    score = (
        f"**{escape(answer.name)}: {answer.score}** ({report.score.level:.0%} interval "
        f"{answer.interval}, n = {count(report.score.n)})\n"
    )
    top = [
        f"{reason.rank}. **{escape(reason.name)}**: {_gain(report, reason.gain)}. "
        f"{escape(reason.short)}"
        for reason in report.reasons[:3]
    ]
    reasons = top or [escape(report.headings["reasons"])]
    return [
        score,
        f"{escape(answer.meaning)} {escape(answer.certainty)}\n",
        *([f"{escape(answer.caution)}\n"] if answer.caution else []),
        *facts,
        f"\n## {escape(answer.reasons_title)}\n",
        *reasons,
        "",
    ]


def _gain(report: Report, gain: Interval) -> str:
    unit = report.score.unit
    ends = wording_in("en").span(gain.low, gain.high, unit)
    return f"{lost(gain.value, unit)} {UNITS[unit]} ({report.score.level:.0%} interval {ends})"


def _waterfall(report: Report) -> list[str]:
    unit = report.score.unit
    rows = [["Best possible score", "", points(report.maximum, unit)]]
    rows += [
        [s.label, f"{MINUS}{lost(s.points, unit)}", points(s.end, unit)] for s in report.waterfall
    ]
    rows.append(["The score", "", points(report.score.value, unit)])
    heads = ["Step", "Points", "Score after it"]
    return [
        "## Where the points go\n",
        escape(report.headings["waterfall"]) + "\n",
        table(heads, rows),
    ]


def _reasons(report: Report) -> list[str]:
    lines = ["## Reasons and quotes\n", escape(report.headings["reasons"]) + "\n"]
    for reason in report.reasons:
        lines += [
            f"### {reason.rank}. {escape(reason.name)}\n",
            escape(reason.sentence) + "\n",
        ]
        if reason.subthemes:
            subs = ", ".join(f"{escape(s.name)} {count(s.n_low)}" for s in reason.subthemes)
            lines.append(f"What about it ({report.groups[0].people}): {subs}.\n")
        if reason.words:
            lines.append(f"Words that stand out: {', '.join(map(escape, reason.words))}.\n")
        lines += [_quote(quote) for quote in reason.quotes]
    return [*lines, table(driver_heads(report), driver_cells(report))]


def _quote(quote: Quote) -> str:
    parts = [f"rating {quote.rating}", quote.date, quote.segment]
    source = ", ".join(part for part in parts if part)
    marked = f"**{escape(quote.evidence.strip())}**" if quote.evidence.strip() else ""
    gap = " " if quote.evidence.endswith(" ") else ""
    return f"> “{escape(quote.before)}{marked}{gap}{escape(quote.after)}” ({escape(source)})\n"


def _words(report: Report) -> list[str]:
    lines = ["## In their own words\n", escape(report.headings["clouds"]) + "\n"]
    for part in report.clouds:
        lines.append(f"### {escape(part.title)}\n")
        rows = [
            [row["term"], count(row["n_comments"])]
            for row in part.cloud.table.head(SHOWN_WORDS).to_dict("records")
        ]
        empty = escape(part.cloud.why_empty) + "\n"
        lines.append(table(["Word", "Comments"], rows) if rows else empty)
    return lines


def _themes(report: Report) -> list[str]:
    heads = ["Theme", "Comments", "Negative", "Neutral", "Positive", "Unknown"]
    rows = []
    for theme in report.themes:
        for row, name in ((theme, theme.name), *((s, f"– {s.name}") for s in theme.subthemes)):
            numbers = (row.n_comments, row.negative, row.neutral, row.positive, row.unknown)
            rows.append([name, *map(count, numbers)])
    text = escape(report.headings["themes"]) + "\n"
    return ["## What comments are about\n", text, *([table(heads, rows)] if rows else [])]


def _scores(report: Report) -> list[str]:
    lines = ["## Scores\n"]
    if report.trend:
        lines.append(escape(report.trend.sentence) + "\n")
    lines += [f"{escape(s.title)}: {escape(s.sentence)}\n" for s in report.segments]
    ends = f"{report.score.level:.0%} interval"
    lines.append(table(["Split", "Group", "Score", ends, "n"], score_cells(report)))
    rows = [
        [a.answer, count(a.n), share(a.share, 1), report.groups[a.group].name]
        for a in report.distribution
    ]
    lines.append(table(["Answer", "Respondents", "Share", "Group"], rows))
    low, high = report.score.low, report.score.high
    return [*lines, f"All: {interval(low, high, report.score.unit)}.\n"]


def _how_made(report: Report) -> list[str]:
    made = report.how_made
    lines = [
        "## How this was made\n",
        *(f"- {escape(total.sentence)}" for total in made.sums),
        "",
    ]
    lines += [f"- {escape(note)}" for note in made.notes]
    lines += [f"- **{escape(term)}**: {escape(text)}" for term, text in made.method]
    lines += [
        "\n### What this report cannot say\n",
        *(f"- {escape(limit)}" for limit in made.limits),
    ]
    lines += [
        "\n### Made from\n",
        *(f"- {escape(k)}: {escape(v)}" for k, v in made.run),
        "",
    ]
    if made.columns:
        rows = [[c.column, c.role, c.why] for c in made.columns]
        lines.append(table(["Column", "Taken for", "Why"], rows))
    return lines
