"""The tables over data sets of other people."""

import itertools
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd
from baselines import DummyTagger
from quality_figures import (
    Figure,
    Seen,
    calibration_figure,
    draws,
    figure,
    labelled_themes,
    polarity_figure,
    polarity_trust,
    same_side,
    seen,
    sentiment_figures,
    sentiment_sides,
    sides_of,
    theme_figures,
    theme_trust,
    unknown_figure,
)
from quality_sets import Read, bare, read_source, say
from quality_tables import Table, share

from feedback_nlp.tagging.measures import ratio

BANDS = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
SAMPLED = "Intervals are at 95 %, by bootstrap of comments."


@dataclass(frozen=True)
class Measured:
    """A source with what each tagger says of it.

    Attributes:
        read: The source.
        taggings: By name of the tagger.
        themes, subject: The top themes it labels, and which of them have a subject.
        truth: Its labels.
        said: What each tagger says, by name.
        sides: One polarity for each comment, by name of the word list or dummy.
    """

    read: Read
    taggings: dict
    themes: list
    subject: np.ndarray
    truth: Seen
    said: dict
    sides: dict

    @property
    def head(self):
        return self.read.source.shown(), self.read.language, self.read.n


def measure(read, taggers, judges):
    """Tag a source with every tagger, and with the word lists."""
    gold = read.gold
    given = bare(gold.comments)
    taggings = {t.name: t.tag_frame(given) for t in (*taggers, DummyTagger(gold))}
    texts = gold.comments["text"].astype(str).tolist()
    sides = {name: judge(texts) for name, judge in judges.items()}
    ids = pd.Index(gold.comments["comment_id"])
    themes, subject = labelled_themes(gold)
    truth = seen(gold.mentions, ids, themes, labels=True)
    usual = Counter(truth.side[truth.side >= 0].tolist()).most_common(1)
    if usual:
        sides["dummy"] = np.full(len(ids), usual[0][0])
    said = {name: seen(found.mentions, ids, themes) for name, found in taggings.items()}
    return Measured(read, taggings, themes, subject, truth, said, sides)


def set_tables(folder, sources, limit, taggers, judges):
    """Return all tables over data sets."""
    found = []
    for source in sources:
        read = read_source(folder, source, limit)
        if read is not None:
            say(f"{source.name} {source.part}: {read.n} comments")
            found.append(measure(read, taggers, judges))
    if not found:
        raise SystemExit(f"None of the data sets is in {folder}; it has one folder a data set.")
    names = [tagger.name for tagger in taggers]
    themed = [one for one in found if one.read.source.themes and one.themes]
    return [
        reading_table(found, names[0]),
        theme_table(themed, [*names, "dummy"]),
        detail_table(themed, names[0]),
        *each_theme_tables(themed, names),
        *polarity_tables(themed, names),
        sentiment_table([one for one in found if one.read.source.sentiment], names),
        calibration_table(themed, names),
        band_table(themed, names[0]),
    ]


def reading_table(found, name):
    rows = []
    for one in found:
        tagging = one.taggings[name]
        ok = (tagging.comments["status"] == "ok").to_numpy()
        wanted = one.read.gold.comments["language"].astype(str).to_numpy()
        right = tagging.comments["language"].astype(str).to_numpy() == wanted
        themed, subject = with_theme(tagging)
        cells = (ok.mean(), right[ok].mean(), themed[ok].mean(), subject[ok].mean())
        rows.append((*one.head, *map(share, cells)))
    heads = ("data set", "language", "comments", "readable", "language right", "with a theme",
             "with a subject")  # fmt: skip
    return Table("set-reading", f"Tagged by `{name}`; shares of the readable ones.", heads, rows)


def with_theme(tagging):
    """Return which comments have a theme, and which one with a subject."""
    mentions, ids = tagging.mentions, tagging.comments["comment_id"]
    subject = mentions[~mentions["theme"].isin(mentions.attrs["feedback_nlp"]["general"])]
    return (
        ids.isin(mentions["comment_id"]).to_numpy(),
        ids.isin(subject["comment_id"]).to_numpy(),
    )


def theme_table(themed, names):
    rows = [
        (*one.head, *(theme_figures(one.said[name], one.truth)["f1"] for name in names))
        for one in themed
    ]
    return Table("set-themes", SAMPLED, ("data set", "language", "comments", *names), rows)


def detail_table(themed, name):
    rows = []
    for one in themed:
        all_of = theme_figures(one.said[name], one.truth)
        part = theme_figures(one.said[name].columns(one.subject), one.truth.columns(one.subject))
        rows.append((
            one.read.source.shown(), one.read.language, f"{all_of['f1'].n:,}",
            all_of["precision"], all_of["recall"], part["f1"],
        ))  # fmt: skip
    heads = ("data set", "language", "labels", "precision", "recall", "F1 without general")
    return Table("set-theme-detail", f"`{name}`. {SAMPLED}", heads, rows)


def unseen(measured):
    """Return those that no model has learnt from, unless there are no others."""
    return [one for one in measured if not one.read.source.known] or measured


def column(measured, name, theme):
    """Return one theme of all sets that label it, by a tagger and by the labels."""
    parts = [(one.said[name], one.truth, one.themes.index(theme)) for one in measured]
    return (
        Seen(*(np.concatenate([getattr(part[side], field)[:, [part[2]]] for part in parts])
               for field in Seen.__dataclass_fields__))
        for side in (0, 1)
    )  # fmt: skip


def each_theme_tables(themed, names):
    """Return the figures of each theme, over the unseen sets together and for each set."""
    together, apart = [], []
    for theme in sorted({theme for one in themed for theme in one.themes}):
        having = [one for one in themed if theme in one.themes]
        pooled = [one for one in unseen(themed) if theme in one.themes]
        if pooled:
            together.append((theme, len(pooled), *theme_cells(pooled, theme, names)))
        apart += [(theme, *one.head[:2], *theme_cells([one], theme, names)) for one in having]
    heads = ("labels", "precision", "recall", *(f"F1 {name}" for name in names))
    line = f"Precision and recall of `{names[0]}`. {SAMPLED}"
    return (
        Table("set-by-theme", line, ("theme", "data sets", *heads), together),
        Table("set-by-theme-each", line, ("theme", "data set", "language", *heads), apart),
    )


def theme_cells(measured, theme, names):
    figures = [theme_figures(*column(measured, name, theme)) for name in names]
    first = figures[0]
    return f"{first['f1'].n:,}", first["precision"], first["recall"], *(f["f1"] for f in figures)


def polarity_tables(themed, names):
    """Return polarity over the themes that were found, and over all that are labelled."""
    judged = [one for one in themed if (one.truth.side >= 0).any()]
    among, over_all = [], []
    for one in judged:
        mine = one.said[names[0]].themes
        first = [polarity_figure(one.said[n], one.truth, one.said[n].themes) for n in names]
        given = [same_side(sides, one.truth) for sides in one.sides.values()]
        blind = [polarity_figure(each, one.truth, mine) for each in given]
        unknown = unknown_figure(one.said[names[0]], one.truth)
        among.append((*one.head[:2], f"{first[0].n:,}", *first, *blind, unknown))
        second = [polarity_figure(one.said[n], one.truth) for n in names]
        blind = [polarity_figure(each, one.truth) for each in given]
        over_all.append((*one.head[:2], f"{second[0].n:,}", *second, *blind))
    others = tuple(judged[0].sides) if judged else ()
    heads = ("data set", "language", "labels", *names, *others)
    return (
        Table("set-polarity-found", SAMPLED, (*heads, f"unknown, {names[0]}"), among),
        Table("set-polarity-all", SAMPLED, heads, over_all),
    )


def sentiment_table(found, names):
    rows, others = [], ()
    for one in found:
        truth = sides_of(one.read.gold.comments["sentiment"])
        if not (truth >= 0).any():
            continue
        usual = Counter(truth[truth >= 0].tolist()).most_common(1)[0][0]
        sides = one.sides | {"dummy": np.full(len(truth), usual)}
        others = tuple(sides)
        said = [sentiment_sides(one.taggings[name].comments) for name in names]
        figures = [sentiment_figures(each, truth) for each in (*said, *sides.values())]
        rows += [(*one.head, kind, *(f[kind] for f in figures)) for kind in figures[0]]
    heads = ("data set", "language", "comments", "figure", *names, *others)
    return Table("set-sentiment", SAMPLED, heads, rows)


def pooled_trust(measured, name, trust):
    """Return comment, confidence and rightness over several sets, and how many comments."""
    parts, offset = [], 0
    for one in measured:
        rows, sure, right = trust(one.said[name], one.truth)
        parts.append((rows + offset, sure, right))
        offset += len(one.truth.themes)
    return [np.concatenate(part) for part in zip(*parts, strict=True)], offset


def calibration_table(themed, names):
    names = [name for name in names if name != "TF-IDF"]  # its polarity has no confidence
    groups = [(one.head[:2], [one]) for one in themed]
    groups.append((("all that nothing was learnt from", ""), unseen(themed)))
    rows = []
    for head, measured in groups:
        cells = [
            calibration_figure(*pooled_trust(measured, name, trust))
            for trust in (theme_trust, polarity_trust)
            for name in names
        ]
        themes, sides = cells[: len(names)], cells[len(names) :]
        rows.append((*head, f"{themes[0].n:,}", *themes, f"{sides[0].n:,}", *sides))
    heads = ("data set", "language", "themes found", *(f"theme, {name}" for name in names),
             "polarities", *(f"polarity, {name}" for name in names))  # fmt: skip
    return Table("set-calibration", SAMPLED, heads, rows)


def band_table(themed, name):
    """Return how many were right at each confidence, over the unseen sets together."""
    kinds = [pooled_trust(unseen(themed), name, t) for t in (theme_trust, polarity_trust)]
    rows = []
    for low, high in itertools.pairwise(BANDS):
        cells = []
        for trust, n_comments in kinds:
            made = band_figure(trust, n_comments, low, high)
            cells += [f"{made.n:,}", made if made.n else "–"]
        rows.append((f"{low:.1f} to {high:.1f}", *cells))
    heads = ("confidence", "themes", "right", "polarities", "right")
    line = f"`{name}`, all data sets together that nothing was learnt from. {SAMPLED}"
    return Table("set-confidence", line, heads, rows)


def band_figure(trust, n_comments, low, high) -> Figure:
    rows, sure, right = trust
    here = (sure >= low) & ((sure < high) | (high == BANDS[-1]))
    counts = np.zeros((n_comments, 2))
    np.add.at(counts, rows[here], np.column_stack([right[here], np.ones(here.sum())]))
    drawn = draws(n_comments) @ counts
    return figure(ratio(drawn[:, 0], drawn[:, 1]), here.sum())
