"""What came in, what was used, and what is worth knowing about it."""

import re
from collections.abc import Iterable, Iterator

import pandas as pd

from feedback_nlp.report.blocks import Block, Cell, Head, Section, Table, Texts
from feedback_nlp.report.sections.themes import themed_comments
from feedback_nlp.report.source import Source
from feedback_nlp.schema import STATUSES, info
from feedback_nlp.scores import ceiling, suspicious_answers
from feedback_nlp.scores.traps.suspicious import KINDS
from feedback_nlp.showing import safe
from feedback_nlp.wordings import Wording

# Why the reader set a row or a rating aside: its words, and our entry for them.
_REASONS = {
    "no rating and no comment": "nothing",
    "no rating": "no_rating",
    "no comment": "no_comment",
    "an empty row": "empty_row",
    "a line that is not a JSON object": "no_object",
    "more cells than the header": "more_cells",
    "fewer cells than the header": "fewer_cells",
    "the rating is not a number": "no_number",
    "rating without a date where the scale changes": "undated",
}
_WITH_VALUE = (
    (re.compile(r"rating (\S+) is off the scale (\S+)"), "off_scale"),
    (re.compile(r"rating (\S+) is not a whole number"), "not_whole"),
)
_AND_NO_COMMENT = ", and no comment"
Row = tuple[Cell, Cell, Cell]


def build(source: Source) -> Section:
    """Return the section of row accounting and data quality."""
    said = source.said
    counts = list(_counts(source))
    table = Table(
        caption=said.say("quality.caption"),
        heads=(
            Head(text=said.say("quality.head_what"), kind="text"),
            Head(text=said.say("head.n")),
            Head(text=said.say("head.share")),
        ),
        rows=tuple(_row(*count, said) for count in counts),
        fixed=True,
    )
    blocks: list[Block] = [table]
    notes = tuple(_notes(source))
    if notes:
        blocks.append(Texts(title=said.say("quality.notes"), items=notes))
    return Section(
        id="quality",
        nav=said.say("quality.nav"),
        title=said.say("quality.title"),
        lead=(said.say("quality.lead"),),
        blocks=tuple(blocks),
        tables={"quality": pd.DataFrame(counts, columns=["what", "n", "of"])},
        definitions=("base", "small_groups"),
    )


def _row(label: str, n: int, of: int, said: Wording) -> Row:
    part = n / of if of and of >= n else None
    return (
        Cell(text=label),
        Cell(text=said.count(int(n)), value=int(n)),
        Cell(text=said.percent(part, 1) if n != of else "", value=part),
    )


def _counts(source: Source) -> Iterator[tuple[str, int, int]]:
    """Return each count with its label and the total it is a part of; totals come first."""
    said, comments, score = source.said, source.comments, source.score
    rows = info(comments).get("rows")
    if rows:
        read = int(rows["read"])
        yield said.say("quality.rows"), read, read
        yield _part(said.say("quality.used")), int(rows["used"]), read
        for why, n in rows["set_aside"].items():
            reason = set_aside_reason(str(why), said)
            yield _part(said.say("quality.set_aside", None, why=reason)), int(n), read
    people = score.n + score.n_missing
    yield said.say("quality.respondents"), people, people
    yield _part(said.say("quality.rated")), score.n, people
    if score.n_missing:
        yield _part(said.say("quality.unrated")), score.n_missing, people
    yield said.say("quality.comments"), len(comments), len(comments)
    status = _status(comments)
    for name in STATUSES:
        n = int((status == name).sum())
        if n:
            yield _part(said.say(f"quality.status_{name}")), n, len(comments)
    yield from _languages(source, status)
    yield from _tagged(source)


def _part(label: str) -> str:
    return f"– {label}"


def _status(comments: pd.DataFrame) -> "pd.Series[str]":
    """Return what each comment is; without tagging only blank ones can be told."""
    if "status" in comments.columns:
        return comments["status"].astype("str")
    blank = comments["text"].fillna("").astype("str").str.strip().eq("")
    return blank.map({True: "blank", False: "ok"}).astype("str")


def _languages(source: Source, status: "pd.Series[str]") -> Iterator[tuple[str, int, int]]:
    if "language" not in source.comments.columns:
        return
    readable = source.comments.loc[(status == "ok").to_numpy(), "language"].astype("str")
    found = readable.value_counts()
    if len(found) > 1:
        yield source.said.say("quality.readable"), len(readable), len(readable)
        for code, n in found.items():
            yield _part(source.tongue(str(code))), int(n), len(readable)


def _tagged(source: Source) -> Iterator[tuple[str, int, int]]:
    said, mentions = source.said, source.mentions
    themed, readable = themed_comments(source)
    yield said.say("quality.themed"), themed, readable
    yield said.say("quality.bare"), readable - themed, readable
    yield said.say("quality.mentions"), len(mentions), len(mentions)
    unknown = int(mentions["polarity"].isna().sum())
    yield _part(said.say("quality.unknown_polarity")), unknown, len(mentions)


def _notes(source: Source) -> Iterator[str]:
    said = source.said
    yield from _refused(source)
    crowded = ceiling(source.comments, source.rating)
    if crowded.end in ("top", "bottom"):
        top = crowded.end == "top"
        share, n = (crowded.top, crowded.n_top) if top else (crowded.bottom, crowded.n_bottom)
        yield said.say(f"quality.ceiling_{crowded.end}", n, share=said.percent(share))
    yield from _suspicious(source)
    told = source.run.get("notes") or info(source.comments).get("notes", [])
    for note in told:
        yield said.say("quality.reader", None, note=safe(str(note)))


def _refused(source: Source) -> Iterator[str]:
    aside = info(source.comments).get("ratings_set_aside", {}).get(source.rating, {})
    for why, n in aside.items():
        reason = set_aside_reason(str(why), source.said)
        yield source.said.say("quality.ratings_aside", int(n), why=reason)


def _suspicious(source: Source) -> Iterator[str]:
    flagged = suspicious_answers(source.comments, ratings=[source.rating])
    for kind in KINDS:
        n = int((flagged["kind"] == kind).sum())
        if n:
            yield source.said.say(f"quality.suspicious_{kind}", n)


def set_aside_reason(why: str, said: Wording) -> str:
    """Return why the reader set something aside, in a language; unknown reasons as they are.

    Example:
        >>> from feedback_nlp.wordings import wording_in
        >>> set_aside_reason("rating 11 is off the scale 0–10, and no comment", wording_in("nl"))
        'beoordeling 11 ligt buiten de schaal 0–10, en geen toelichting'
    """
    if why.endswith(_AND_NO_COMMENT):
        first = set_aside_reason(why.removesuffix(_AND_NO_COMMENT), said)
        return said.say("quality.aside.and_no_comment", None, why=first)
    if why in _REASONS:
        return said.say(f"quality.aside.{_REASONS[why]}")
    for pattern, key in _WITH_VALUE:
        if found := pattern.fullmatch(why):
            return said.say(f"quality.aside.{key}", None, **_named(found.groups()))
    return safe(why)


def _named(values: Iterable[str]) -> dict[str, str]:
    return dict(zip(("value", "scale"), values, strict=False))
