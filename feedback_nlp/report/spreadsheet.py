"""A report as a spreadsheet, to be filtered. What looks like a formula is text."""

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Any

import pandas as pd

from feedback_nlp.report.counts import MAX_MENTIONS, MAX_TEXT
from feedback_nlp.report.parts import Report
from feedback_nlp.showing import count, points, safe

_MAX_CELL = 32_000
_SETTINGS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
Column = tuple[str, float, str]  # heading, width, format
Row = Sequence[Any]

PERCENT, ONE, TWO, INT, TEXT, WRAP, DATE, P = (
    "percent", "one", "two", "int", "text", "wrap", "date", "p",
)  # fmt: skip
_FORMATS: dict[str, dict[str, Any]] = {
    PERCENT: {"num_format": "0.0%"},
    ONE: {"num_format": "0.0"},
    TWO: {"num_format": "0.00"},
    INT: {"num_format": "#,##0"},
    TEXT: {},
    WRAP: {"text_wrap": True},
    DATE: {"num_format": "yyyy-mm-dd"},
    P: {"num_format": "0.000"},
}


class _Book:
    """A workbook being written; strings always go in as strings."""

    def __init__(self) -> None:
        from xlsxwriter import Workbook

        self.out = BytesIO()
        self.book = Workbook(self.out, _SETTINGS)
        self.book.set_properties({"title": "feedback_nlp report", "created": _EPOCH})
        self._formats = {
            name: self.book.add_format({"valign": "top", **kind}) for name, kind in _FORMATS.items()
        }
        self._head = self.book.add_format(
            {"bold": True, "bg_color": "#14395a", "font_color": "#ffffff", "valign": "top",
             "text_wrap": True}
        )  # fmt: skip
        self._note = self.book.add_format({"italic": True, "font_color": "#535f6d"})

    def sheet(
        self, name: str, columns: Sequence[Column], rows: Iterable[Row], note: str = ""
    ) -> None:
        """Write one sheet: an optional line above, headings that stay, a filter, the rows."""
        sheet = self.book.add_worksheet(name)
        top = 0
        if note:
            sheet.write_string(0, 0, safe(note), self._note)
            top = 1
        for at, (heading, width, kind) in enumerate(columns):
            sheet.set_column(at, at, width, self._formats[kind])
            sheet.write_string(top, at, _text(heading), self._head)
        last = top
        for last, row in enumerate(rows, start=top + 1):
            for at, value in enumerate(row):
                if value is not None:
                    _write(sheet, last, at, value, self._formats[columns[at][2]])
        sheet.freeze_panes(top + 1, 1)
        sheet.autofilter(top, 0, last, len(columns) - 1)

    def content(self) -> bytes:
        """Return the finished file."""
        self.book.close()
        return self.out.getvalue()


_EPOCH = pd.Timestamp("2020-01-01").to_pydatetime()


def _text(value: object) -> str:
    return safe(str(value)).strip()[:_MAX_CELL]


def _write(sheet: Any, row: int, column: int, value: Any, kind: Any) -> None:  # noqa: ANN401
    if isinstance(value, str):
        sheet.write_string(row, column, _text(value), kind)
    elif pd.isna(value):
        return
    elif isinstance(value, pd.Timestamp):
        sheet.write_datetime(row, column, value.tz_localize(None).floor("s").to_pydatetime(), kind)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        sheet.write_number(row, column, value, kind)
    elif hasattr(value, "item"):
        _write(sheet, row, column, value.item(), kind)
    else:
        sheet.write_string(row, column, _text(value), kind)


def to_xlsx(report: Report) -> bytes:
    """Return the report as an Excel workbook; the same report gives the same bytes."""
    book = _Book()
    for write in _SHEETS:
        write(book, report)
    return book.content()


def _digits(report: Report) -> str:
    return TWO if report.score.unit == "rating" else ONE


def _summary(book: _Book, report: Report) -> None:
    score, unit = report.score, report.score.unit
    rows: list[Row] = [
        ("Title", report.title),
        ("Score", report.answer.name),
        ("Value", points(score.value, unit)),
        (f"{score.level:.0%} interval", report.answer.interval),
        ("Respondents who answered", f"{score.n:,}"),
        ("What it means", report.answer.meaning),
        ("How sure", report.answer.certainty),
        *([("Who wrote", report.answer.caution)] if report.answer.caution else []),
        *((label, f"{value} ({note})") for value, label, note in report.answer.facts[1:]),
        *(
            (f"Reason {reason.rank}", f"{reason.name}: {reason.sentence}")
            for reason in report.reasons
        ),
        *(
            (step.label, f"{points(-step.points, unit)} to {points(step.end, unit)}")
            for step in report.waterfall
        ),
    ]
    book.sheet("Summary", [("What", 32, TEXT), ("Value", 110, WRAP)], rows)


def _drivers(book: _Book, report: Report) -> None:
    digits = _digits(report)
    low, middle, top = (group.name for group in report.groups)
    wanted: list[tuple[str, Column]] = [
        ("name", ("Theme", 24, TEXT)),
        ("theme", ("Theme id", 20, TEXT)),
        ("n", ("Respondents who mention it", 12, INT)),
        ("n_negative", ("Negatively", 12, INT)),
        ("n_positive", ("Positively", 12, INT)),
        ("share", ("Share of all", 10, PERCENT)),
        ("share_detractors", (f"Negative, {low}", 13, PERCENT)),
        ("share_passives", (f"Negative, {middle}", 13, PERCENT)),
        ("share_promoters", (f"Negative, {top}", 13, PERCENT)),
        ("points_lost", ("Points lost", 10, digits)),
        ("points_lost_low", ("Points lost, low", 10, digits)),
        ("points_lost_high", ("Points lost, high", 10, digits)),
        ("adjusted_gain", ("Adjusted gain", 10, digits)),
        ("adjusted_gain_low", ("Adjusted gain, low", 10, digits)),
        ("adjusted_gain_high", ("Adjusted gain, high", 10, digits)),
        ("impact_leave_out", ("Score minus score without them", 14, digits)),
        ("impact_low", ("Low", 10, digits)),
        ("impact_high", ("High", 10, digits)),
        ("score_with", ("Score of those who blame it", 12, digits)),
        ("score_without", ("Score of the others", 12, digits)),
        ("odds_ratio", ("Odds ratio", 10, TWO)),
        ("odds_ratio_low", ("Odds ratio, low", 10, TWO)),
        ("odds_ratio_high", ("Odds ratio, high", 10, TWO)),
        ("p_value", ("p", 8, P)),
        ("q_value", ("q", 8, P)),
        ("net_polarity", ("Net polarity", 10, TWO)),
        ("suppressed", ("Too few to rank", 12, TEXT)),
    ]
    table = report.drivers.assign(
        suppressed=report.drivers["suppressed"].map({True: "yes", False: ""})
    )
    _frame(book, "Drivers", table, wanted)


def _frame(
    book: _Book,
    name: str,
    table: pd.DataFrame,
    wanted: Sequence[tuple[str, Column]],
    note: str = "",
) -> None:
    """Write the columns of a table that are there."""
    there = [(column, kind) for column, kind in wanted if column in table.columns]
    rows = zip(*(table[column].tolist() for column, _ in there), strict=True)
    book.sheet(name, [kind for _, kind in there], rows, note)


def _themes(book: _Book, report: Report) -> None:
    heads: list[Column] = [("Theme", 24, TEXT), ("Sub-theme", 24, TEXT), ("Theme id", 26, TEXT)]
    heads += [
        (head, 11, INT) for head in ("Comments", "Negative", "Neutral", "Positive", "Unknown")
    ]
    rows: list[Row] = []
    for theme in report.themes:
        for row, sub in ((theme, ""), *((sub, sub.name) for sub in theme.subthemes)):
            numbers = (row.n_comments, row.negative, row.neutral, row.positive, row.unknown)
            rows.append((theme.name, sub, row.theme, *numbers))
    book.sheet("Themes", heads, rows)


def _reasons(book: _Book, report: Report) -> None:
    heads: list[Column] = [
        ("Rank", 6, INT), ("Theme", 22, TEXT), ("What", 12, TEXT), ("Text", 90, WRAP),
        ("Evidence", 40, WRAP), ("Rating", 8, TEXT), ("Date", 13, TEXT), ("Segment", 30, TEXT),
    ]  # fmt: skip
    rows: list[Row] = []
    for reason in report.reasons:
        rows.append((reason.rank, reason.name, "reason", reason.sentence))
        if reason.words:
            rows.append((reason.rank, reason.name, "words", ", ".join(reason.words)))
        for sub in reason.subthemes:
            said = f"{sub.name}: {count(sub.n_low)} {report.groups[0].people}"
            rows.append((reason.rank, reason.name, "sub-theme", said))
        for quote in reason.quotes:
            source = (quote.evidence, quote.rating, quote.date, quote.segment)
            rows.append((reason.rank, reason.name, "quote", quote.text, *source))
    book.sheet("Reasons & quotes", heads, rows)


def _scores(book: _Book, report: Report) -> None:
    digits = _digits(report)
    wanted: list[tuple[str, Column]] = [
        ("split", ("Split by", 18, TEXT)),
        ("group", ("Group", 28, TEXT)),
        ("value", ("Score", 10, digits)),
        ("low", (f"{report.score.level:.0%} interval, low", 12, digits)),
        ("high", ("High", 12, digits)),
        ("n", ("Respondents", 11, INT)),
        ("n_missing", ("Without a rating", 11, INT)),
        *((group.name, (group.name.capitalize(), 12, INT)) for group in reversed(report.groups)),
        ("suppressed", ("Too few to show", 12, TEXT)),
    ]
    table = report.scores.assign(
        suppressed=report.scores["suppressed"].map({True: "yes", False: ""})
    )
    _frame(book, "Scores", table, wanted)


def _words(book: _Book, report: Report) -> None:
    rows = [
        (part.group, row["term"], int(row["n_comments"]), int(row["n_tokens"]))
        for part in report.clouds
        for row in part.cloud.table.head(2000).to_dict("records")
    ]
    heads: list[Column] = [
        ("Group", 14, TEXT), ("Word", 30, TEXT), ("Comments", 12, INT), ("Occurrences", 12, INT),
    ]  # fmt: skip
    book.sheet("Words", heads, rows)


def _mentions(book: _Book, report: Report) -> None:
    wanted: list[tuple[str, Column]] = [
        ("comment_id", ("Comment", 14, TEXT)),
        ("name", ("Theme", 20, TEXT)),
        ("theme", ("Theme id", 24, TEXT)),
        ("polarity", ("Polarity", 10, TEXT)),
        ("evidence", ("Evidence", 40, WRAP)),
        ("text", ("Comment, personal data masked", 80, WRAP)),
        (report.rating, (f"Rating ({report.rating})", 9, TEXT)),
        ("date", ("Date", 12, DATE)),
    ]
    known = {name for name, _ in wanted}
    wanted += [(str(c), (str(c), 18, TEXT)) for c in report.mentions.columns if c not in known]
    notes = []
    if report.n_mentions > MAX_MENTIONS:
        notes.append(
            f"The first {MAX_MENTIONS:,} of {report.n_mentions:,} mentions; all of them are in "
            "mentions.parquet, which analyze writes beside this file."
        )
    if (report.mentions["text"].str.len() == MAX_TEXT).any():
        notes.append(
            f"Comments longer than {MAX_TEXT:,} characters are cut; comments.parquet has all of "
            "them whole."
        )
    note = " ".join(notes)
    _frame(book, "Mentions", report.mentions, wanted, note)


def _method(book: _Book, report: Report) -> None:
    made = report.how_made
    rows: list[Row] = [("Count", "", total.sentence) for total in made.sums]
    rows += [("Note", "", note) for note in made.notes]
    rows += [("Figure", term, text) for term, text in made.method]
    rows += [("Limit", "", limit) for limit in made.limits]
    rows += [("Made from", name, value) for name, value in made.run]
    rows += [("Column", c.column, f"{c.role}: {c.why}") for c in made.columns]
    book.sheet("Method", [("Kind", 12, TEXT), ("What", 34, WRAP), ("Text", 110, WRAP)], rows)


_SHEETS: tuple[Callable[[_Book, Report], None], ...] = (
    _summary, _drivers, _themes, _reasons, _scores, _words, _mentions, _method,
)  # fmt: skip
