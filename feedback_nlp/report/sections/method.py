"""How the report was made, what each figure is and is not, and what it was made from."""

from collections.abc import Mapping, Sequence
from typing import Any

from feedback_nlp.report.blocks import Absent, Block, Cell, Head, Section, Table, Terms, Texts
from feedback_nlp.report.source import Source
from feedback_nlp.schema import info
from feedback_nlp.showing import safe, with_minus
from feedback_nlp.wordings import Wording

# In the order they are read.
ENTRIES = (
    "score", "base", "reasons", "gain", "points_lost", "odds", "themes", "quotes", "words",
    "keyness", "emerging", "shifts", "segments", "change", "disagree", "small_groups",
)  # fmt: skip
_TOLD_ELSEWHERE = {"files", "inputs", "roles", "columns", "rows", "segments", "notes", "scales"}
_TOLD_ELSEWHERE |= {"comments", "rating", "languages", "ratings_set_aside", "ratings_missing"}
_TOLD_ELSEWHERE |= {"renamed", "charts", "report_language"}
_NAMED = ("model", "versions", "seed")
_HASH = 64
_SHOWN_OF_HASH = 16


def build(source: Source, absent: Sequence[Absent]) -> Section:
    """Return the last section.

    Args:
        source: What the report is made from.
        absent: The sections it does not have.
    """
    said = source.said
    limits = [with_minus(limit) for limit in source.explanation.limits]
    limits += [said.say("limits.silence"), said.say("limits.chance")]
    blocks: list[Block] = [
        Texts(title=said.say("method.limits"), items=tuple(dict.fromkeys(limits))),
        Terms(
            title=said.say("method.terms"),
            items=tuple((said.say(f"method.{key}.name"), _entry(key, source)) for key in ENTRIES),
            anchors=tuple(f"method-{key}" for key in ENTRIES),
        ),
        Terms(title=said.say("method.made_from"), items=tuple(_made_from(source))),
    ]
    if absent:
        missing = [said.say("method.absent", None, section=one.nav, why=one.why) for one in absent]
        blocks.insert(1, Texts(title=said.say("method.absent_title"), items=tuple(missing)))
    return Section(
        id="method",
        nav=said.say("method.nav"),
        title=said.say("method.title"),
        lead=(said.say("method.lead"),),
        blocks=(*blocks, *_columns(source)),
    )


def _entry(key: str, source: Source) -> str:
    """Return what a figure is, in words."""
    said, definition = source.said, source.definition
    people = {"low": source.people(source.low), "top": source.people(source.top)}
    if key == "score":
        interval = said.say(f"method.interval.{source.score.interval}")
        return said.say(
            f"method.score.{definition.kind}", None, **people, interval=interval,
            level=source.level,
        )  # fmt: skip
    return said.say(f"method.{key}.text", None, **people, min_n=source.min_n)


def _made_from(source: Source) -> list[tuple[str, str]]:
    """Return inputs, scale, languages, model and versions as (name, value) lines."""
    said, run = source.said, source.run
    files = run.get("files") or info(source.comments).get("files", [])
    lines = [(said.say("made.input"), _file(file, said)) for file in files]
    lines.append((said.say("made.scale"), _scale(source)))
    if "language" in source.comments.columns:
        found = source.comments["language"].astype("str").value_counts()
        named = [
            f"{source.tongue(str(code))} {said.count(int(n))}" for code, n in found.items() if n
        ]
        lines.append((said.say("made.languages"), ", ".join(named)))
    lines.append((said.say("made.mentions"), said.count(len(source.mentions))))
    for name, value in run.items():
        if name not in _TOLD_ELSEWHERE and value not in (None, "", [], {}):
            known = name in _NAMED
            label = said.say(f"made.{name}") if known else str(name).replace("_", " ").capitalize()
            lines.append((label, _value(value)))
    return [(safe(name), safe(value)) for name, value in lines]


def _file(file: Mapping[str, Any], said: Wording) -> str:
    details = [
        str(file[key]) for key in ("format", "encoding", "sheet") if file.get(key) is not None
    ]
    if file.get("rows") is not None:
        details.append(said.say("made.rows", int(file["rows"])))
    if file.get("sha256"):
        details.append(f"SHA-256 {str(file['sha256'])[:_SHOWN_OF_HASH]}…")
    name = str(file.get("name", ""))
    return f"{name} ({', '.join(details)})" if details else name


def _scale(source: Source) -> str:
    said, scale = source.said, source.definition.scale
    span = said.say("made.span", low=said.exactly(scale[0]), high=said.exactly(scale[1]))
    noted = info(source.comments).get("scales", {}).get(source.rating, {})
    return said.say("made.turned", None, span=span) if noted.get("reversed") else span


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(
            f"{str(name).replace('_sha256', ' SHA-256')} {_value(item)}"
            for name, item in value.items()
        )
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_value, value))
    text = str(value)
    long_hash = len(text) == _HASH and set(text) <= set("0123456789abcdef")
    return f"{text[:_SHOWN_OF_HASH]}…" if long_hash else text


def _columns(source: Source) -> list[Table]:
    """Return what each column of the export was taken for, and why."""
    said = source.said
    roles = source.run.get("roles") or info(source.comments).get("roles", [])
    rows = tuple(
        (
            Cell(text=safe(str(role.get("column", "")))),
            Cell(text=safe(str(role.get("role", "")))),
            Cell(text=said.say("method.given") if role.get("given")
                 else safe(str(role.get("why", "")))),
        )
        for role in roles
    )  # fmt: skip
    if not rows:
        return []
    heads = (said.say(f"method.head_{name}") for name in ("column", "role", "why"))
    return [
        Table(
            title=said.say("method.columns_title"),
            caption=said.say("method.columns_caption"),
            heads=tuple(Head(text=head, kind="text") for head in heads),
            rows=rows,
            note="" if said.language == "en" else said.say("method.technical"),
        )
    ]
