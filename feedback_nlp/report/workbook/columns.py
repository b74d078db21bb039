"""What a column of a sheet is called, what it is, and how wide it stands."""

from collections.abc import Sequence

from feedback_nlp.report.source import Source
from feedback_nlp.report.workbook.book import Column, Link, Value
from feedback_nlp.report.workbook.kinds import Kind, split_ending
from feedback_nlp.showing import first_upper, safe

# What a reader wants to see at once; the other columns of the table are folded away.
MAIN = {
    "drivers": (
        "name", "mentions", "n", "n_negative", "n_positive", "share_detractors",
        "share_promoters", "points_lost", "points_lost_low", "points_lost_high", "adjusted_gain",
        "adjusted_gain_low", "adjusted_gain_high", "q_value", "score_without", "verdict",
    ),
}  # fmt: skip
SEGMENT = "segment:"  # before the name of a column of the export, which may be any
# What a row is about stands first in every other table.
FIRST = (
    "term", "name", "mentions", "subtheme_name", "period", "segment", "column",
    "value_of_column", "split", "group",
)  # fmt: skip
DETAILS = frozenset({"metric", "method", "n_effective", "z", "g2"})
BARS = frozenset({"points_lost", "adjusted_gain", "n_comments"})
_WIDTHS = {
    Kind.COUNT: 11, Kind.SHARE: 10, Kind.SCORE: 10, Kind.DIFFERENCE: 11, Kind.RATIO: 10,
    Kind.CHANCE: 9, Kind.NUMBER: 9, Kind.DATE: 11,
}  # fmt: skip
_WIDTH_OF = {"evidence": 40, "text": 80, "verdict": 30}
_LOOKED_AT = 1_000
_WIDEST, _WIDEST_WORD = 60, 24
_WRAPPED_FROM = 45  # signs


def heading(name: str, source: Source, table: str = "") -> str:
    """Return what a column is called in the language of the report.

    Columns of the export, and those without an entry of their own, keep their name.

    Args:
        name: The column.
        source: What the report is made from.
        table: Name of the table, where a column may be called otherwise.
    """
    said = source.said
    if name.startswith(SEGMENT):
        return safe(name.removeprefix(SEGMENT))
    if name == source.rating:
        return f"{said.say('head.rating')} ({safe(name)})"
    found = _entry("column", name, source, table)
    if found:
        return found
    if name in source.segments:
        return safe(name)
    if name in source.definition.groups:
        return first_upper(source.people(name))
    base, ending = split_ending(name)
    if not ending:
        return safe(name.replace("_", " ")).capitalize()
    return said.say(
        "workbook.ending.pattern", name=heading(base, source, table),
        ending=_people(ending, source) or said.say(f"workbook.ending.{ending}"),
    )  # fmt: skip


def about(name: str, source: Source, table: str = "") -> str:
    """Return what a column holds, in a sentence; ``""`` where nothing is known of it."""
    said = source.said
    if name.startswith(SEGMENT):
        return said.say("workbook.about.segment")
    if name == source.rating:
        return said.say("workbook.about.rating")
    return _entry("about", name, source, table)


def _entry(kind: str, name: str, source: Source, table: str) -> str:
    """Return what the catalog says of a column, first of that of the table; ``""`` if nothing."""
    said = source.said
    base, ending = split_ending(name)
    people = _people(name, source)
    keys = [f"workbook.{kind}_{table}.{name}"]
    keys += [f"workbook.{kind}_{table}.{base}_group"] if _people(ending, source) else []
    keys += [f"workbook.{kind}.{name}", *([f"head.{name}"] if kind == "column" else [])]
    found = next((key for key in keys if key in said.texts), "")
    return said.say(found, None, people=people) if found else ""


def _people(name: str, source: Source) -> str:
    """Return the group that a column is of, as people; ``""`` if it is of none."""
    groups = zip(("detractors", "passives", "promoters"), source.definition.groups, strict=True)
    return next((source.people(own) for group, own in groups if group in name.split("_")), "")


def column(
    name: str, kind: Kind, values: Sequence[Value], source: Source, *, table: str = ""
) -> Column:
    """Return a column of a sheet.

    Args:
        name: Its name in the table.
        kind: How its values are written; a long text is wrapped.
        values: As they will be written; they decide how wide a text stands.
        source: What the report is made from.
        table: Name of the table, which may fold it away.
    """
    longest = _longest(values)
    if kind is Kind.TEXT and longest > _WIDTH_OF.get(name, _WRAPPED_FROM):
        kind = Kind.WRAP
    shown, told = heading(name, source, table), about(name, source, table)
    main = MAIN.get(table)
    return Column(
        name=name, heading=shown, kind=kind,
        width=round(_width(name, kind, longest, shown), 1), about=told,
        detail=name in DETAILS if main is None else name not in main, bar=name in BARS,
    )  # fmt: skip


def _width(name: str, kind: Kind, longest: int, shown: str) -> float:
    """Return how wide a column stands: for its values, and for the longest word above them."""
    if name in _WIDTH_OF:
        return _WIDTH_OF[name]
    word = max((len(one) for one in shown.split()), default=0) * 1.15 + 2
    text = min(max(longest * 1.1 + 2, len(shown) / 2 + 3), _WIDEST)
    return max(_WIDTHS.get(kind, text), min(word, _WIDEST_WORD))


def _longest(values: Sequence[Value]) -> int:
    lengths = sorted(
        len(value.text if isinstance(value, Link) else value)
        for value in values[:_LOOKED_AT]
        if isinstance(value, (str, Link))
    )
    return lengths[min(int(len(lengths) * 0.98), len(lengths) - 1)] if lengths else 0
