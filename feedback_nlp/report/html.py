"""A report as one HTML file: nothing is loaded, whatever a customer typed stays text."""

from base64 import b64encode
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from feedback_nlp.report import charts, score_charts
from feedback_nlp.report.parts import Report, ScoreSection
from feedback_nlp.report.svg import NARROW, WIDE
from feedback_nlp.report.tables import driver_cells, driver_heads
from feedback_nlp.showing import UNITS, count, interval, lost, points, safe, share
from feedback_nlp.wordings import wording_in

if TYPE_CHECKING:
    from jinja2 import Template

KINDS = ("neg", "mid", "pos")
SHOWN_WORDS = 40
Rows = list[list[str]]


def to_html(report: Report) -> str:
    """Return the report as an HTML page that needs nothing else.

    The content policy forbids every request and every style but the page's own, by its hash; the
    template escapes all text.
    """
    style = _style()
    unit = report.score.unit
    return _template().render(
        report=report,
        style=Markup(style),
        style_hash=f"sha256-{b64encode(sha256(style.encode()).digest()).decode()}",
        sections=_sections(report),
        level=f"{report.score.level:.0%}",
        unit=UNITS[unit],
        kinds=KINDS,
        charts=_charts(report),
        tables=_tables(report),
        points=lambda value: points(value, unit),
        lost=lambda value: lost(value, unit),
        span=lambda gain: wording_in("en").span(gain.low, gain.high, unit),
    )


@cache
def _style() -> str:
    return (Path(__file__).parent / "templates" / "report.css").read_text("utf-8")


@cache
def _environment() -> Any:  # noqa: ANN401
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=_clean,
    )
    made.filters |= {"count": count, "share": share}
    return made


def _clean(value: object) -> object:
    """Return text without unsafe signs; what is markup is ours and stays."""
    return safe(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _template() -> "Template":
    made: Template = _environment().get_template("report.html.j2")
    return made


def _sections(report: Report) -> list[tuple[str, str]]:
    there = [
        ("answer", "The answer"),
        ("points", "Where the points go"),
        ("reasons", "Reasons"),
        ("words", "Words"),
        ("themes", "Themes"),
        ("trend", "Over time") if report.trend else None,
        ("segments", "Segments") if report.segments else None,
        ("answers", "Answers"),
        ("how", "How this was made"),
    ]
    return [section for section in there if section]


def _charts(report: Report) -> dict[str, Any]:
    low, _, top = (group.name for group in report.groups)
    reasons = charts.reason_bars(report.reasons, low, top, 320)
    return {
        "scale": Markup(score_charts.score_scale(report, 420)),
        "groups": Markup(score_charts.group_bar(report.groups, 420)),
        "waterfall": _both(lambda width: charts.waterfall(report, width)),
        "reasons": {theme: Markup(svg) for theme, svg in reasons.items()},
        "clouds": [Markup(part.cloud.svg_text()) for part in report.clouds],
        "themes": _both(lambda width: charts.theme_bars(report.themes, width)),
        "trend": report.trend and _both(_drawing(score_charts.trend, report.trend, report)),
        "segments": [
            _both(_drawing(score_charts.segment_dots, section, report))
            for section in report.segments
        ],
        "distribution": _both(lambda width: score_charts.distribution(report.distribution, width)),
    }


def _drawing(
    draw: Callable[[ScoreSection, Report, float], str], section: ScoreSection, report: Report
) -> Callable[[float], str]:
    return lambda width: draw(section, report, width)


def _both(draw: Callable[[float], str]) -> Markup:
    """Return a chart in both widths; the page shows the one that fits."""
    return Markup(
        f'<div class="chart wide">{draw(WIDE)}</div><div class="chart narrow">{draw(NARROW)}</div>'
    )


def _tables(report: Report) -> dict[str, Any]:
    unit = report.score.unit
    return {
        "waterfall": _waterfall(report),
        "driver_heads": driver_heads(report),
        "drivers": driver_cells(report),
        "words": [
            [
                [row["term"], count(row["n_comments"]), count(row["n_tokens"])]
                for row in table.to_dict("records")
            ]
            for table in (part.cloud.table.head(SHOWN_WORDS) for part in report.clouds)
        ],
        "themes": _themes(report),
        "trend": report.trend and _scores(report.trend, unit),
        "segments": [_scores(section, unit) for section in report.segments],
        "distribution": [
            [
                answer.answer,
                count(answer.n),
                share(answer.share, 1),
                report.groups[answer.group].name,
            ]
            for answer in report.distribution
        ],
    }


def _waterfall(report: Report) -> Rows:
    unit = report.score.unit
    rows = [["Best possible score", "", "", "", points(report.maximum, unit)]]
    for step in report.waterfall:
        ends = "" if step.low is None else f"{lost(step.low, unit)} to {lost(step.high, unit)}"
        n = "" if step.n is None else count(step.n)
        rows.append([step.label, lost(step.points, unit), ends, n, points(step.end, unit)])
    score = report.score
    ends = interval(score.low, score.high, unit)
    total = lost(sum(step.points for step in report.waterfall), unit)
    return [*rows, ["The score", total, ends, count(score.n), points(score.value, unit)]]


def _themes(report: Report) -> Rows:
    rows = []
    for theme in report.themes:
        for row, name in (
            (theme, theme.name),
            *((sub, f"– {sub.name}") for sub in theme.subthemes),
        ):
            numbers = (row.n_comments, row.negative, row.neutral, row.positive, row.unknown)
            rows.append([name, *map(count, numbers)])
    return rows


def _scores(section: ScoreSection, unit: str) -> Rows:
    return [
        [row.label, points(row.value, unit), interval(row.low, row.high, unit), count(row.n)]
        if row.value is not None
        else [row.label, "too few", "", count(row.n)]
        for row in section.rows
    ]
