"""A report as one HTML file: nothing is loaded, whatever a customer typed stays text."""

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from feedback_nlp.report.blocks import Drawing
from feedback_nlp.report.report import Report
from feedback_nlp.report.svg import NARROW, WIDE
from feedback_nlp.showing import safe
from feedback_nlp.wordings import Wording, wording_in

if TYPE_CHECKING:
    from jinja2 import Template

HERO = (420, 270)  # pixels on a wide screen and on a phone
BARS = (320, 260)
SCRIPTS = ("numbers", "explore_data", "explore_view", "explore", "page")


def to_html(report: Report) -> str:
    """Return the report as an HTML page that needs nothing else.

    The content policy forbids every request, and every style and script but the page's own, by
    their hashes; the template escapes all text.
    """
    said = wording_in(report.language)
    own, script = style(), _script()
    return _template().render(
        report=report,
        said=said,
        style=Markup(own),
        style_hash=_hash(own),
        script=Markup(script),
        script_hash=_hash(script),
        draw=lambda drawing, widths: _both(drawing, said, widths),
        both=lambda drawing: _both(drawing, said, (WIDE, NARROW)),
        once=lambda drawing: Markup(drawing.svg(said, HERO[0])),
        data=_data,
        linked=any(section.id == "explore" for section in report.sections),
        HERO=HERO,
        BARS=BARS,
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@cache
def style() -> str:
    """Return the style of the page and of its sections."""
    parts = sorted((Path(__file__).parent / "sections").glob("*.css"))
    return "\n".join([_asset("report.css"), *(path.read_text("utf-8") for path in parts)])


@cache
def _script() -> str:
    """Return the script of the page; the block keeps its names to itself."""
    parts = "\n".join(_asset(f"script/{name}.js") for name in SCRIPTS)
    return f'"use strict";\n{{\n{parts}}}\n'


@cache
def _asset(name: str) -> str:
    return (Path(__file__).parent / name).read_text("utf-8")


@cache
def _environment() -> Any:  # noqa: ANN401
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
    )


def _clean(value: object) -> object:
    """Return text without unsafe signs; what is markup is ours and stays."""
    return safe(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _template() -> "Template":
    made: Template = _environment().get_template("report.html.j2")
    return made


def _both(drawing: Drawing, said: Wording, widths: tuple[float, float]) -> Markup:
    """Return a drawing in both widths; the page shows the one that fits."""
    wide, narrow = (drawing.svg(said, width) for width in widths)
    return Markup(f'<div class="chart wide">{wide}</div><div class="chart narrow">{narrow}</div>')


def _data(values: object) -> Markup:
    """Return plain values as JSON for the page's script; no sign in it can end the element."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)
