"""In their own words: what the low and the top group write, side by side."""

from collections.abc import Hashable, Mapping
from functools import partial
from typing import Any

import pandas as pd

from feedback_nlp.report.blocks import Absent, Cell, Figure, Head, Pair, Section, Table
from feedback_nlp.report.figures.cloud import CloudDrawing
from feedback_nlp.report.source import Source
from feedback_nlp.showing import safe
from feedback_nlp.words import Cloud, word_cloud
from feedback_nlp.words.sampling import Sample, sample_comments
from feedback_nlp.words.tables import rating_group, readable

SIZE = (520, 380)
DRAWN = 45
SHOWN = 25
MOST = 5_000  # comments of a group that words are counted in
_NAMED = 3
Row = tuple[Cell, ...]
Record = Mapping[Hashable, Any]


def build(source: Source) -> Section | Absent:
    """Return the clouds of both groups with their words in numbers."""
    said = source.said
    sample = _sample(source)
    low, top = (_cloud(sample.comments, source, group) for group in (source.low, source.top))
    if low.is_empty and top.is_empty:
        return Absent(nav=said.say("words.nav"), why=low.why_empty)
    marked = [one for one in (low, top) if one.size_by == "keyness"]
    lead = [said.say("words.lead_marking" if marked else "words.lead_counts")]
    if 0 < len(marked) < 2:
        lead.append(said.say("words.lead_mixed"))
    if marked:
        lead.append(said.say("words.lead_lengths"))
    if sample.is_part:
        lead.append(said.say("words.lead_sample", sample.n, of=sample.of, most=MOST))
    return Section(
        id="words",
        nav=said.say("words.nav"),
        title=_title(low, top, source),
        lead=tuple(lead),
        blocks=(
            Pair(left=_figure(low, source.low, source), right=_figure(top, source.top, source)),
        ),
        tables={"words": _full(low, top, source)},
        definitions=("words", "keyness"),
    )


def _sample(source: Source) -> Sample:
    """Return the comments of both groups that can be read, at most so many of each."""
    use = readable(source.comments)
    groups = [
        use & rating_group(source.comments, group, source.rating)[0]
        for group in (source.low, source.top)
    ]
    return sample_comments(source.comments, groups, MOST, seed=source.seed)


def _cloud(comments: pd.DataFrame, source: Source, group: str) -> Cloud:
    """Return the words that mark a group, or where none stands out, those most write."""
    cloud = partial(
        word_cloud, comments, group=group, rating=source.rating, max_words=DRAWN,
        width=SIZE[0], height=SIZE[1], seed=source.seed, language=source.said.language,
    )  # fmt: skip
    marking = cloud(size_by="keyness")
    return cloud() if marking.is_empty else marking


def _title(low: Cloud, top: Cloud, source: Source) -> str:
    said = source.said
    named = [
        said.say(
            "words.title_part",
            people=source.people(group),
            words=said.listed(_first(cloud, source)),
        )
        for group, cloud in ((source.low, low), (source.top, top))
        if cloud.size_by == "keyness"
    ]  # fmt: skip
    if not named:
        return said.say("words.title")
    return said.say("words.title_marked", parts="; ".join(named))


def _first(cloud: Cloud, source: Source) -> list[str]:
    terms = [safe(str(term)) for term in cloud.table["term"].head(_NAMED)]
    return [source.said.say("mark.quote", text=term) for term in terms]


def _figure(cloud: Cloud, group: str, source: Source) -> Figure:
    said = source.said
    not_drawn = ""
    if cloud.not_drawn:
        signs = " ".join(safe(term) for term in cloud.not_drawn[:12])
        not_drawn = said.say("words.not_drawn", None, words=signs)
    return Figure(
        id=f"cloud-{'low' if group == source.low else 'top'}",
        drawing=CloudDrawing(cloud=cloud),
        label=cloud.description or cloud.why_empty,
        title=said.say("words.of", people=source.people(group)),
        lead=_lead(cloud, group, source),
        note=not_drawn,
        table=_table(cloud, source),
    )


def _lead(cloud: Cloud, group: str, source: Source) -> str:
    said = source.said
    if cloud.size_by == "comments":
        return said.say("words.sized_counts", cloud.n_comments)
    other = source.top if group == source.low else source.low
    return said.say(
        "words.sized_marking", cloud.n_comments, other=source.people(other),
        n_other=int(cloud.n_reference or 0),
    )  # fmt: skip


def _table(cloud: Cloud, source: Source) -> Table:
    said = source.said
    caption = cloud.title
    shown = cloud.table.head(SHOWN).to_dict("records")
    heads: tuple[str, ...]
    if cloud.size_by == "comments":
        heads = ("word", "comments", "share")
        rows = [_count_row(row, cloud, source) for row in shown]
    else:
        heads = ("word", "own", "others", "share", "share_others", "log_odds", "q")
        rows = [_key_row(row, source) for row in shown]
    more = len(cloud.table) - len(rows)
    names = {
        "word": said.say("head.word"),
        "comments": said.say("head.comments"),
        "share": said.say("head.share"),
        "own": said.say("words.head_own"),
        "others": said.say("words.head_others"),
        "share_others": said.say("words.head_share_others"),
        "log_odds": said.say("words.head_log_odds", level=source.level),
        "q": said.say("head.q"),
    }
    return Table(
        caption=caption,
        heads=tuple(
            Head(text=names[name], kind="text" if name == "word" else "number") for name in heads
        ),
        rows=tuple(rows),
        note=said.say("page.more_rows", more) if more > 0 else "",
    )


def _count_row(row: Record, cloud: Cloud, source: Source) -> Row:
    said = source.said
    n = int(row["n_comments"])
    return (
        Cell(text=safe(str(row["term"]))),
        Cell(text=said.count(n), value=n),
        Cell(text=said.percent(n / cloud.n_comments, 1), value=n / cloud.n_comments),
    )


def _key_row(row: Record, source: Source) -> Row:
    said = source.said
    ends = said.say(
        "range.signed", low=_signed(row["low"], source), high=_signed(row["high"], source)
    )
    return (
        Cell(text=safe(str(row["term"]))),
        Cell(text=said.count(int(row["n_comments"])), value=int(row["n_comments"])),
        Cell(text=said.count(int(row["n_reference"])), value=int(row["n_reference"])),
        Cell(text=said.percent(row["share"], 1), value=float(row["share"])),
        Cell(text=said.percent(row["share_reference"], 1), value=float(row["share_reference"])),
        Cell(text=f"{_signed(row['log_odds'], source)} ({ends})", value=float(row["log_odds"])),
        Cell(text=said.chance(row["q_value"]), value=float(row["q_value"])),
    )


def _signed(value: float, source: Source) -> str:
    return ("+" if value > 0 else "") + source.said.ratio(value)


def _full(low: Cloud, top: Cloud, source: Source) -> pd.DataFrame:
    """Return the words of both groups in one table."""
    parts = [
        cloud.table.assign(group=source.people(group))
        for cloud, group in ((low, source.low), (top, source.top))
    ]
    whole = pd.concat(parts, ignore_index=True)
    return whole[["group", *[name for name in whole.columns if name != "group"]]]
