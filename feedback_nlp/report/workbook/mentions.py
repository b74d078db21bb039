"""The mentions with their comments, theme by theme, so that one link shows those of a theme."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.privacy import mask_visible
from feedback_nlp.report.source import Source
from feedback_nlp.report.workbook.book import Grid, Link, Value
from feedback_nlp.report.workbook.columns import SEGMENT, column
from feedback_nlp.report.workbook.kinds import Kind
from feedback_nlp.report.workbook.tables import cells
from feedback_nlp.schema import POLARITIES
from feedback_nlp.scores.answers import to_floats
from feedback_nlp.showing import safe, shortened

MAX_MENTIONS = 50_000
MAX_TEXT = 2_000
MAX_EVIDENCE = 500
_FIRST_ROW = 3  # a sentence and the headings stand above
_POLARITIES = (*POLARITIES, "unknown")
_KINDS = {
    "theme_confidence": Kind.SHARE,
    "polarity_confidence": Kind.SHARE,
    "date": Kind.DATE,
}
Rows = NDArray[np.int64]
Blocks = dict[tuple[str, str], tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chosen:
    """The mentions that the sheet shows, in its order.

    Attributes:
        rows: Their places in the mentions table.
        total: How many mentions there are.
        most: So many of each theme and polarity are shown; ``None`` if all are.
        blocks: First and last row of the sheet for each theme with what is below it, by polarity.
        own: The same for the mentions of just this theme.
    """

    rows: Rows
    total: int
    most: int | None
    blocks: Blocks
    own: Blocks

    def link(self, theme: str, source: Source, sheet: str, *, own: bool = False) -> Link | None:
        """Return the link to the negative mentions of a theme, if any is shown.

        Args:
            theme: Its id.
            source: What the report is made from.
            sheet: Name of the sheet of the mentions.
            own: Leave out what is below the theme.
        """
        rows = (self.own if own or "." in theme else self.blocks).get((theme, "negative"))
        if rows is None:
            return None
        text = source.said.say("workbook.mentions.rows", first=rows[0], last=rows[1])
        return Link(text=text, sheet=sheet, rows=rows)


def choose(source: Source, most: int = MAX_MENTIONS) -> Chosen:
    """Return the mentions to show: by theme, the most costly first, the negative ones first.

    Where there are too many, each theme and polarity keeps the same number at most, drawn at
    random.

    Args:
        source: What the report is made from.
        most: So many rows at most.
    """
    mentions = source.mentions
    if mentions.empty:
        return Chosen(rows=np.array([], dtype=np.int64), total=0, most=None, blocks={}, own={})
    keys = _keys(source)
    block = keys.groupby(["top", "polarity"], sort=False, observed=True).ngroup().to_numpy()
    limit = _limit(np.bincount(block), most) if len(mentions) > most else None
    if limit is not None:
        drawn = np.random.default_rng(source.seed).permutation(len(mentions))
        at = keys.assign(block=block, drawn=drawn).sort_values("drawn")
        keep = at.groupby("block", sort=False).cumcount().sort_index() < limit
        keys = keys[keep.to_numpy()]
    order = keys.sort_values(
        ["top", "polarity", "theme", "day", "comment", "start"], kind="stable",
        ascending=[True, True, True, False, True, True],
    )  # fmt: skip
    return Chosen(
        rows=order.index.to_numpy(dtype=np.int64), total=len(mentions), most=limit,
        blocks=_blocks(order, "top"), own=_blocks(order, "theme"),
    )  # fmt: skip


def _keys(source: Source) -> pd.DataFrame:
    """Return what the mentions are sorted by."""
    mentions, comments = source.mentions, source.comments
    theme = mentions["theme"].astype("str").reset_index(drop=True)
    top = theme.str.partition(".")[0]
    costly = [str(one) for one in source.explanation.table["theme"]]
    tops = list(dict.fromkeys([*costly, *top.value_counts(sort=True).sort_index().index]))
    below = theme.value_counts()
    themes = sorted(below.index, key=lambda one: (-below[one], one))
    place = _places(source)
    day = comments["date"].to_numpy()[place] if "date" in comments.columns else 0
    polarity = mentions["polarity"].astype("object").fillna("unknown").to_numpy()
    return pd.DataFrame(
        {
            "top": pd.Categorical(top, categories=tops, ordered=True),
            "polarity": pd.Categorical(polarity, categories=_POLARITIES, ordered=True),
            "theme": pd.Categorical(theme, categories=themes, ordered=True),
            "day": day,
            "comment": place,
            "start": mentions["start"].to_numpy(),
        }
    )


def _places(source: Source) -> Rows:
    """Return for each mention the place of its comment in the comments table."""
    ids = pd.Index(source.comments["comment_id"].astype("object"))
    found = ids.get_indexer(pd.Index(source.mentions["comment_id"].astype("object")))
    return np.asarray(found, dtype=np.int64)


def _limit(sizes: Rows, most: int) -> int:
    """Return the largest number that all blocks can be cut to so that ``most`` rows remain.

    Example:
        >>> _limit(np.array([10, 2, 10]), 12)
        5
    """
    left, waiting = most, len(sizes)
    for size in sorted(sizes.tolist()):
        if size * waiting > left:
            break
        left, waiting = left - size, waiting - 1
    return max(left // max(waiting, 1), 1)


def _blocks(order: pd.DataFrame, level: str) -> Blocks:
    rows = pd.Series(np.arange(_FIRST_ROW, _FIRST_ROW + len(order)), index=order.index)
    ends = rows.groupby([order[level], order["polarity"]], observed=True).agg(["min", "max"])
    return {
        (str(theme), str(polarity)): (int(first), int(last))
        for (theme, polarity), first, last in ends.itertuples()
    }


def mentions_grid(chosen: Chosen, source: Source, *, name: str) -> Grid:
    """Return the sheet of the mentions, personal data masked."""
    mentions = source.mentions.iloc[chosen.rows].reset_index(drop=True)
    place = _places(source)[chosen.rows]
    beside = source.comments.iloc[place].reset_index(drop=True)
    values: dict[str, list[Value]] = {"comment_id": [str(one) for one in mentions["comment_id"]]}
    values |= _themes(mentions["theme"], source)
    known = mentions["polarity"].astype("object").fillna("unknown")
    values["polarity"] = cells(pd.DataFrame({"polarity": known}), "polarity", source)
    for confidence in ("theme_confidence", "polarity_confidence"):
        if confidence in mentions.columns:
            values[confidence] = cells(mentions, confidence, source)
    values["evidence"], values["text"] = _masked(mentions, place, beside["text"])
    values |= _beside(beside, source)
    kinds = {**_KINDS, source.rating: Kind.NUMBER}
    columns = tuple(
        column(one, kinds.get(one, Kind.TEXT), told, source) for one, told in values.items()
    )
    long = bool(np.any(beside["text"].str.len() > MAX_TEXT))
    lead = _lead(chosen, source, long=long)
    return Grid(name=name, lead=lead, columns=columns, values=[*values.values()])


def _themes(theme: pd.Series, source: Source) -> dict[str, list[Value]]:
    ids = [str(one) for one in theme.astype("str")]
    top = {one: source.theme(one.partition(".")[0]) for one in dict.fromkeys(ids)}
    sub = {one: source.theme(one) if "." in one else None for one in top}
    return {"theme_name": [top[one] for one in ids], "subtheme_name": [sub[one] for one in ids]}


def _beside(beside: pd.DataFrame, source: Source) -> dict[str, list[Value]]:
    """Return what is known of the comment: rating, group, date, language, segments, status."""
    ratings = to_floats(beside[source.rating])
    given = ~np.isnan(ratings)
    code = np.full(len(ratings), -1)
    code[given] = source.definition.group(ratings[given])
    people = [*(source.people(one) for one in source.definition.groups), None]
    values: dict[str, list[Value]] = {
        source.rating: [None if np.isnan(value) else value for value in ratings.tolist()],
        "rating_group": [people[at] for at in code],
    }
    for one in ("date", "language", "status"):
        if one in beside.columns:
            values[one] = cells(beside, one, source)
    for one in source.segments:
        if one in beside.columns:
            values[SEGMENT + one] = [None if pd.isna(v) else str(v) for v in beside[one].tolist()]
    return values


def _masked(
    mentions: pd.DataFrame, place: Rows, texts: pd.Series
) -> tuple[list[Value], list[Value]]:
    """Return evidence and comment of each mention; each comment is read once."""
    evidence: list[Value] = [None] * len(mentions)
    shown: list[Value] = [None] * len(mentions)
    starts, ends = mentions["start"].tolist(), mentions["end"].tolist()
    for rows in _together(place):
        spans = [(starts[row], ends[row]) for row in rows]
        masked, moved = mask_visible(str(texts.iloc[rows[0]]), spans)
        whole = shortened(safe(masked).strip(), MAX_TEXT)
        for row, (start, end) in zip(rows, moved, strict=True):
            evidence[row] = shortened(safe(masked[start:end]).strip(), MAX_EVIDENCE)
            shown[row] = whole
    return evidence, shown


def _together(place: Rows) -> Iterable[list[int]]:
    """Return the rows of each comment."""
    order = np.argsort(place, kind="stable")
    cuts = np.flatnonzero(np.diff(place[order])) + 1
    return (part.tolist() for part in np.split(order, cuts) if len(part))


def _lead(chosen: Chosen, source: Source, *, long: bool) -> str:
    said = source.said
    lead = said.say("workbook.mentions.lead")
    if chosen.most is not None:
        lead += " " + said.say(
            "workbook.mentions.cut", shown=len(chosen.rows), total=chosen.total, most=chosen.most
        )
    return f"{lead} {said.say('workbook.mentions.long', most=MAX_TEXT)}" if long else lead
