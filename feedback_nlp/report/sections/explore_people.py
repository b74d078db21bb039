"""Respondents as columns of small numbers, for the filters of the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.join import fold
from feedback_nlp.report.source import Source
from feedback_nlp.schema import POLARITIES, respondent_ids
from feedback_nlp.scores.answers import read_people, to_floats
from feedback_nlp.showing import safe

Codes = NDArray[np.int64]
MAX_PEOPLE = 30_000
MAX_THEMES = 15
MAX_SEGMENTS = 4
MAX_LEVELS = 30
MAX_PERIODS = 60
# Columns of our own beside those of the export.
GROUP, WORTH = "feedback_nlp.group", "feedback_nlp.worth"
ALL_POLARITIES = (*POLARITIES, "unknown")
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Levels:
    """The values of one column that can be chosen; places count from 1, 0 is none of them.

    Attributes:
        key: Its name in the address of a view.
        name: As it is shown.
        names: The values, as the address has them.
        shown: The same as they are shown.
        rest: Place of the values that are put together, 0 if there are none.
    """

    key: str
    name: str
    names: tuple[str, ...]
    shown: tuple[str, ...]
    rest: int = 0

    def places(self, labels: "pd.Series[str]") -> Codes:
        """Return the place of each label."""
        found = pd.Index(self.names, dtype="object").get_indexer(pd.Index(labels, dtype="object"))
        return np.where(found < 0, self.rest, found + 1).astype(np.int64)

    def plain(self) -> dict[str, object]:
        """Return it for the page."""
        options = [list(pair) for pair in zip(self.names, self.shown, strict=True)]
        return {"key": self.key, "name": self.name, "options": options}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Themes:
    """The themes that can be chosen, each followed by its sub-themes.

    Attributes:
        ids: Their ids.
        parents: Place of the theme above each, −1 for a theme itself.
        place: Where each mention belongs, −1 if its theme is left out.
    """

    ids: tuple[str, ...]
    parents: tuple[int, ...]
    place: Codes


def rated_people(source: Source, columns: Sequence[str]) -> pd.DataFrame:
    """Return the respondents with a rating: their group, what they contribute, and some columns."""
    definition = source.definition
    people = read_people(
        source.comments, source.rating, definition.scale, whole=definition.metric == "nps",
        keep=columns,
    )  # fmt: skip
    answers = to_floats(people[source.rating])
    used = ~np.isnan(answers)
    kept = people[used].copy()
    kept[GROUP] = definition.group(answers[used])
    kept[WORTH] = definition.contribution(answers[used])
    return kept


def held_people(people: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the respondents that the page holds, in random order: 30,000 at most."""
    order = np.random.default_rng(seed).permutation(len(people))
    return people.iloc[order[:MAX_PEOPLE]].reset_index(drop=True)


def labels_of(column: pd.Series, missing: str) -> "pd.Series[str]":
    """Return the values of a column as they are shown."""
    codes, values = pd.factorize(column.astype("object"), use_na_sentinel=True)
    names = np.array([safe(str(value)).strip() or missing for value in values] + [missing])
    return pd.Series(names[codes], dtype="object")


def levels_of(column: pd.Series, key: str, source: Source, missing: str) -> Levels:
    """Return the levels of a column: the largest 30, those below ``min_n`` put together.

    What is put together has at least ``min_n`` respondents too: where it has fewer, the smallest of
    the others joins it.
    """
    other = source.said.say("cell.other")
    sizes = labels_of(column, missing).value_counts()
    together = int(sizes.pop(other)) if other in sizes else 0
    ranked = sorted(sizes.items(), key=lambda item: (-item[1], str(item[0])))
    while ranked and (
        ranked[-1][1] < source.min_n
        or len(ranked) + (together > 0) > MAX_LEVELS
        or 0 < together < source.min_n
    ):
        together += ranked.pop()[1]
    names = sorted((str(name) for name, _ in ranked), key=lambda n: (n == missing, n.casefold(), n))
    names += [other] if together else []
    rest = len(names) if together else 0
    return Levels(key=key, name=safe(str(column.name)), names=tuple(names), shown=tuple(names),
                  rest=rest)  # fmt: skip


def period_unit(dates: pd.Series, min_n: int) -> str | None:
    """Return the finest period that has few enough of them and mostly ``min_n`` respondents."""
    known = dates.dropna()
    if known.empty:
        return None
    days = int((known.max() - known.min()).days) + 1
    lengths = {"week": 7, "month": 30.44, "quarter": 91.3}
    for unit, length in lengths.items():
        if unit == "week" and days > 75:
            continue
        if days / length <= MAX_PERIODS and len(known) / max(days / length, 1) >= min_n:
            return unit
    return "year"


def themes_in(mentions: pd.DataFrame, row: Codes, min_n: int) -> Themes:
    """Return the largest 15 themes with their sub-themes; a small sub-theme counts as its theme.

    Args:
        mentions: The mentions.
        row: The respondent of each among those held, −1 for none.
        min_n: Sub-themes of fewer respondents are not shown apart.
    """
    sub, top = fold(mentions["theme"], "sub"), fold(mentions["theme"], "top")
    people = pd.DataFrame({"row": row, "sub": sub.codes, "top": top.codes})
    named = [str(name) for name in sub.categories]
    tops = [str(name) for name in top.categories]
    size_of_top = people.drop_duplicates(["row", "top"])["top"].value_counts()
    size_of_sub = people[people["row"] >= 0].drop_duplicates(["row", "sub"])["sub"].value_counts()
    order = sorted(size_of_top.index, key=lambda at: (-size_of_top[at], tops[at]))[:MAX_THEMES]
    ids: list[str] = []
    parents: list[int] = []
    place = np.full(len(named), -1, dtype=np.int64)
    for theme in (tops[at] for at in order):
        parent = len(ids)
        own = [at for at, name in enumerate(named) if name.partition(".")[0] == theme]
        ids.append(theme)
        parents.append(-1)
        place[own] = parent
        big = [at for at in own if named[at] != theme and size_of_sub.get(at, 0) >= min_n]
        for at in sorted(big, key=lambda at: (-size_of_sub[at], named[at])):
            place[at] = len(ids)
            ids.append(named[at])
            parents.append(parent)
    return Themes(ids=tuple(ids), parents=tuple(parents), place=place[sub.codes])


def polarity_codes(mentions: pd.DataFrame) -> Codes:
    """Return the place of each mention's polarity in ``ALL_POLARITIES``; unknown is the last."""
    codes = pd.Categorical(mentions["polarity"], categories=list(POLARITIES)).codes.astype(np.int64)
    return np.where(codes < 0, len(POLARITIES), codes)


def rows_of(source: Source, people: pd.DataFrame) -> Codes:
    """Return the row of each comment's respondent among the people, −1 if not there."""
    found = pd.Index(people["respondent_id"]).get_indexer(pd.Index(respondent_ids(source.comments)))
    return np.asarray(found, dtype=np.int64)


def packed_mentions(themes: Themes, polarity: Codes, row: Codes) -> list[str]:
    """Return who mentions each theme with each polarity, packed, the polarities of a theme along.

    Each list holds the first respondent and then the distance to the next.
    """
    keep = (themes.place >= 0) & (row >= 0)
    kind = themes.place[keep] * len(ALL_POLARITIES) + polarity[keep]
    size = max(int(row.max(initial=0)) + 1, 1)
    kinds, rows = np.divmod(np.unique(kind * size + row[keep]), size)
    ends = np.searchsorted(kinds, np.arange(len(themes.ids) * len(ALL_POLARITIES) + 1))
    return [packed(np.diff(rows[start:end], prepend=0).tolist()) for start, end in pairwise(ends)]


def packed(values: Iterable[int]) -> str:
    """Return whole numbers from 0 as text: 5 bits a sign, the low ones first, 32 if more follow.

    Example:
        >>> packed([0, 31, 32])
        'AfgB'
    """
    known: dict[int, str] = {}
    return "".join(known.get(one) or known.setdefault(one, _sign(one)) for one in values)


def _sign(value: int) -> str:
    text = ""
    while value > 31:
        text += _DIGITS[32 + value % 32]
        value //= 32
    return text + _DIGITS[value]
