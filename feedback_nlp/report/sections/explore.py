"""Filters over respondents and comments that work in the page itself: score, themes, comments.

The page holds the respondents as numbers (group, contribution, period, segments, themes) and a
draw of comments, masked; its script counts what matches.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from feedback_nlp.drivers.join import usable
from feedback_nlp.report.blocks import Absent, Explore, Section
from feedback_nlp.report.sections.explore_comments import (
    drawn,
    language_of,
    masked_and_cut,
    newest_first,
    source_of,
)
from feedback_nlp.report.sections.explore_people import (
    ALL_POLARITIES,
    GROUP,
    MAX_SEGMENTS,
    WORTH,
    Codes,
    Levels,
    Themes,
    held_people,
    labels_of,
    levels_of,
    packed,
    packed_mentions,
    period_unit,
    polarity_codes,
    rated_people,
    rows_of,
    themes_in,
)
from feedback_nlp.report.source import Source
from feedback_nlp.scores import period_of
from feedback_nlp.scores.answers import to_floats
from feedback_nlp.scores.quantiles import quantile
from feedback_nlp.showing import first_upper, safe

# Entries of other files that the script says.
_SHARED = {
    "between": "answer_part.between",
    "plain": "range.plain",
    "signed": "range.signed",
    "quote": "mark.quote",
    "too_few": "cell.too_few",
    **{f"polarity_{name}": f"polarity.{name}" for name in ALL_POLARITIES},
}


def build(source: Source) -> Section | Absent:
    """Return the section in which the reader filters, or why there is none."""
    said = source.said
    nav = said.say("explore.nav")
    if source.max_comments < 1:
        return Absent(nav=nav, why=said.say("explore.left_out"))
    readable = usable(source.comments) & source.comments["text"].notna().to_numpy(dtype=bool)
    if not readable.any():
        return Absent(nav=nav, why=said.say("explore.no_comments"))
    rows = np.flatnonzero(readable)
    data = _Data(source, rows)
    return Section(
        id="explore",
        nav=nav,
        title=said.say("explore.title"),
        lead=(said.say("explore.lead"),),
        blocks=(
            Explore(title="", sentence=data.sentence, data=data.plain(), labels=_labels(source)),
        ),
    )


def _labels(source: Source) -> dict[str, str]:
    """Return the words of the script; a text with plural forms has one entry for each."""
    texts = source.said.texts
    own = {key.removeprefix("explore.say."): key for key in texts if key.startswith("explore.say.")}
    labels: dict[str, str] = {}
    for name, key in (own | _SHARED).items():
        text = texts[key]
        forms = {"": text} if isinstance(text, str) else text
        labels |= {f"{name}.{form}".rstrip("."): str(one) for form, one in forms.items()}
    return labels | {"level": source.level}


class _Data:
    """What the page holds, put together."""

    def __init__(self, source: Source, rows: Codes) -> None:
        self.source, self.said = source, source.said
        comments, mentions = source.comments, source.mentions
        extra = [name for name in ("date", "language") if name in comments.columns]
        people = rated_people(source, [*source.segments, *extra])
        self.all = len(people)
        self.people = held_people(people, source.seed)
        row = rows_of(source, people)
        group = np.append(people[GROUP].to_numpy(np.int64), -1)
        self.group = group[row]
        self.mention_comment = np.asarray(
            pd.Index(comments["comment_id"]).get_indexer(pd.Index(mentions["comment_id"])),
            dtype=np.int64,
        )
        held = rows_of(source, self.people)
        self.mention_person = held[self.mention_comment]
        self.polarity = polarity_codes(mentions)
        self.themes: Themes = themes_in(mentions, self.mention_person, source.min_n)
        self.facets = self._facets()
        self.unit = self._unit()
        self.periods = self._periods()
        self.n_comments = len(rows)
        kind = pd.factorize(mentions["theme"].astype("object"))[0] * len(ALL_POLARITIES)
        self.rows = newest_first(
            drawn(
                rows, self.mention_comment, kind + self.polarity, self.group,
                most=source.max_comments, seed=source.seed,
            ),
            comments,
        )  # fmt: skip

    def _facets(self) -> dict[str, Levels]:
        """Return the columns to filter by: segments and language, with two levels or more."""
        source, said = self.source, self.said
        found: dict[str, Levels] = {}
        for name in source.segments:
            missing = said.say("cell.not_given")
            levels = levels_of(self.people[name], f"by.{name}", source, missing)
            if len(levels.names) > 1 and len(found) < MAX_SEGMENTS:
                found[name] = levels
        if "language" in self.people.columns and "language" not in found:
            languages = (
                self.people["language"]
                .astype("object")
                .map(language_of)
                .rename(said.say("explore.language"))
            )
            unknown = said.say("explore.unknown_language")
            levels = levels_of(languages.replace("", None), "language", source, unknown)
            names = said.locale.languages
            if len(set(levels.names) & set(names)) > 1:
                shown = tuple(str(names.get(code, code)) for code in levels.names)
                found["language"] = replace(levels, shown=shown)
        return found

    def _labels(self, frame: pd.DataFrame, name: str) -> pd.Series:
        if self.facets[name].key != "language":
            return labels_of(frame[name], self.said.say("cell.not_given"))
        languages = frame["language"].astype("object").map(language_of).replace("", None)
        return labels_of(languages, self.said.say("explore.unknown_language"))

    def _unit(self) -> str | None:
        dates = self.people.get("date")
        if dates is None or not pd.api.types.is_datetime64_any_dtype(dates):
            return None
        return period_unit(dates, self.source.min_n)

    def _periods(self) -> Levels:
        """Return the periods that can be chosen, in order."""
        labels: list[str] = []
        if self.unit is not None:
            labels = sorted(period_of(self.people["date"], self.unit).dropna().unique())
        shown = tuple(self.said.period(label) for label in labels)
        name = self.said.say("head.period")
        return Levels(key="period", name=name, names=tuple(labels), shown=shown)

    def _places(self, frame: pd.DataFrame) -> list[Codes]:
        """Return period and facets of each row of a table."""
        none = np.zeros(len(frame), dtype=np.int64)
        when = none
        if self.unit is not None:
            when = self.periods.places(period_of(frame["date"], self.unit))
        facets = [levels.places(self._labels(frame, name)) for name, levels in self.facets.items()]
        return [when, *facets]

    @property
    def sentence(self) -> str:
        """What the page holds, and of how many."""
        said, people, comments = self.said, len(self.people), len(self.rows)
        key = "people_all" if people == self.all else "people_some"
        held = said.say(f"explore.{key}", people, total=self.all)
        key = "comments_all" if comments == self.n_comments else "comments_some"
        held += " " + said.say(f"explore.{key}", comments, total=self.n_comments)
        return f"{held} {said.say('explore.small', None, min_n=self.source.min_n)}"

    def plain(self) -> dict[str, Any]:
        """Return everything as plain values."""
        source, score = self.source, self.source.score
        pairs = self.people[[GROUP, WORTH]].drop_duplicates().sort_values([GROUP, WORTH])
        kinds = {pair: at for at, pair in enumerate(pairs.itertuples(index=False, name=None))}
        own = self.people[[GROUP, WORTH]].itertuples(index=False, name=None)
        return {
            "language": str(self.said.locale).replace("_", "-"),
            "unit": source.unit,
            "low": source.definition.minimum,
            "high": source.definition.maximum,
            "ends": [self.said.maximum(end, source.unit) for end in
                     (source.definition.minimum, source.definition.maximum)],
            "z": quantile(score.level),
            "minN": source.min_n,
            "all": [score.value, score.low, score.high, score.n],
            "groups": self._groups(),
            "kinds": [[int(group), float(worth)] for group, worth in kinds],
            "polarities": list(ALL_POLARITIES),
            "themes": [
                [theme, safe(source.theme(theme)), parent]
                for theme, parent in zip(self.themes.ids, self.themes.parents, strict=True)
            ],
            "periods": self.periods.plain(),
            "facets": [levels.plain() for levels in self.facets.values()],
            "n": len(self.people),
            "people": [packed(kinds[pair] for pair in own),
                       *(packed(codes.tolist()) for codes in self._places(self.people))],
            "mentions": packed_mentions(self.themes, self.polarity, self.mention_person),
            "comments": self._comments(),
        }  # fmt: skip

    def _groups(self) -> list[list[str]]:
        names = [self.source.people(name) for name in self.source.definition.groups]
        shown = [first_upper(name) for name in names]
        return [list(pair) for pair in zip(self.source.definition.groups, shown, strict=True)]

    def _comments(self) -> list[list[object]]:
        """Return the comments: text, source, language, group, mentions, period and facets."""
        frame = self.source.comments.iloc[self.rows]
        found = self._mentions_of_rows()
        ratings = to_floats(frame[self.source.rating])
        dates = list(frame["date"]) if self.unit is not None else [None] * len(frame)
        languages = list(frame["language"]) if "language" in frame.columns else [""] * len(frame)
        places = np.column_stack(self._places(frame)).tolist()
        out: list[list[object]] = []
        for at, (row, text) in enumerate(zip(self.rows.tolist(), frame["text"], strict=True)):
            own = found.get(row, [])
            shown, spans = masked_and_cut(str(text), [(start, end) for _, _, start, end in own])
            marks = [[theme, polarity, *span]
                     for (theme, polarity, _, _), span in zip(own, spans, strict=True)]  # fmt: skip
            out.append([
                shown, source_of(ratings[at], dates[at], self.said), language_of(languages[at]),
                int(self.group[row]), marks, *places[at],
            ])  # fmt: skip
        return out

    def _mentions_of_rows(self) -> dict[int, list[Sequence[int]]]:
        """Return theme, polarity, start and end of the mentions of the comments that are held."""
        mentions = self.source.mentions
        there = np.isin(self.mention_comment, self.rows) & (self.themes.place >= 0)
        table = zip(
            self.mention_comment[there].tolist(), self.themes.place[there].tolist(),
            self.polarity[there].tolist(), mentions["start"].to_numpy()[there].tolist(),
            mentions["end"].to_numpy()[there].tolist(), strict=True,
        )  # fmt: skip
        found: dict[int, list[Sequence[int]]] = {}
        for row, *mention in sorted(table, key=lambda one: (one[0], one[3], one[4], one[1])):
            found.setdefault(row, []).append(mention)
        return found
