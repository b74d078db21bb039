"""The tables over our own labelled comments and the challenge sets."""

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from baselines import DummyTagger
from quality_figures import (
    Figure,
    calibration_figure,
    labelled_themes,
    polarity_figure,
    polarity_trust,
    same_side,
    seen,
    sentiment_figures,
    theme_trust,
    unknown_figure,
)
from quality_sets import bare, own_comments, say
from quality_tables import Table, share

from feedback_nlp.records import LANGUAGES
from feedback_nlp.schema import POLARITIES, SENTIMENTS
from feedback_nlp.tagging import Tagging, evaluate_tagging
from feedback_nlp.tagging.challenge import pass_rates, read_challenges, run_challenges

DATA = Path(__file__).parents[1] / "data"
MEASURES = (
    ("theme F1", "theme_f1", "top"),
    ("theme precision", "theme_precision", "top"),
    ("theme recall", "theme_recall", "top"),
    ("theme F1, mean of themes", "theme_f1_macro", "top"),
    ("theme and polarity F1", "joint_f1", "top"),
    ("sub-theme F1", "theme_f1", "sub"),
    ("evidence F1, characters", "span_f1", "top"),
    ("status right", "status_right", ""),
)
PLAIN = ("06", "07", "08", "09")  # batches of ordinary comments; the others are written to be hard
LINE = {
    "train": "Train part, which words and phrases were learnt from: no figure of quality.",
    "dev": "Dev part, on which the compact model learnt to weigh words and rules: kind to it.",
    "test": "Test part, which nobody looked at while building.",
}


class Own:
    """A part of our own comments, with what each tagger says of it."""

    def __init__(self, split, taggers, judges):
        self.split = split
        self.gold = own_comments(DATA / "labelled", split)
        comments = self.gold.comments
        say(f"own comments, {split}: {len(comments):,}")
        ids = pd.Index(comments["comment_id"].astype("str"))
        themes, _ = labelled_themes(self.gold)
        self.truth = seen(self.gold.mentions, ids, themes, labels=True)
        self.sentiment = codes(comments["sentiment"])
        kinds = comments["comment_id"].astype(str).str.split("-").str[1].isin(PLAIN)
        self.kinds = np.where(kinds, "ordinary", "hard")
        self.gold = Tagging(comments.assign(industry=self.kinds), self.gold.mentions)
        self.languages = comments["language"].astype(str).to_numpy()
        self.names = [tagger.name for tagger in taggers]
        self.said, self.sentiments, self.figures = {}, {}, {}
        for tagger in (*taggers, DummyTagger(self.gold)):
            found = tagger.tag_frame(bare(comments))
            self.said[tagger.name] = seen(found.mentions, ids, themes)
            self.sentiments[tagger.name] = codes(found.comments["sentiment"])
            table = evaluate_tagging(found, self.gold).figures
            keys = ["measure", "level", "split", "group"]
            self.figures[tagger.name] = table.set_index(keys).sort_index()
        usual = Counter(self.truth.side[self.truth.side >= 0].tolist()).most_common(1)[0][0]
        texts = comments["text"].astype(str).tolist()
        sides = {name: judge(texts) for name, judge in judges.items()}
        self.given = {
            name: same_side(each, self.truth)
            for name, each in {**sides, "dummy": np.full(len(texts), usual)}.items()
        }
        for name, each in sides.items():
            self.sentiments[name] = codes(np.array(POLARITIES)[each])
        self.columns = [*self.names, *judges, "dummy"]

    @property
    def line(self):
        return f"{LINE[self.split]} {len(self.languages):,} comments, intervals by bootstrap."

    def value(self, name, measure, level, split="all", group="all"):
        """Return a figure of the package's own evaluation, a dash where there is none."""
        table = self.figures.get(name)
        key = (measure, level, split, group)
        if table is None or key not in table.index:
            return "–"
        row = table.loc[key]
        return Figure(row["value"], row["low"], row["high"], int(row["n"]))

    def polarity(self, name, chosen, *, found):
        """Return how often polarity is right, over the themes found or over all."""
        truth = self.truth.rows(chosen)
        if name in self.given:
            among = self.said[self.names[0]].rows(chosen).themes if found else None
            return polarity_figure(self.given[name].rows(chosen), truth, among)
        said = self.said[name].rows(chosen)
        return polarity_figure(said, truth, said.themes if found else None)

    def sentiment_f1(self, name, chosen):
        truth = self.sentiment[chosen]
        return sentiment_figures(self.sentiments[name][chosen], truth, SENTIMENTS)["macro-F1"]


def codes(sentiments):
    return pd.Categorical(sentiments, categories=SENTIMENTS).codes.astype(int)


def own_tables(split, taggers, judges):
    """Return the tables over a part of our own comments."""
    own = Own(split, taggers, judges)
    return [whole_table(own), language_table(own), *theme_tables(own)]


def whole_table(own):
    every = np.ones(len(own.languages), dtype=bool)
    rows = [(title, *(own.value(name, measure, level) for name in own.columns))
            for title, measure, level in MEASURES]  # fmt: skip
    for title, found in (("polarity, themes found", True), ("polarity, all themes", False)):
        rows.append((title, *(own.polarity(name, every, found=found) for name in own.columns)))
    unknown = (
        unknown_figure(own.said[name], own.truth) if name in own.names else "–"
        for name in own.columns
    )
    rows.append(("polarity unknown, themes found", *unknown))
    sentiments = (own.sentiment_f1(name, every) for name in own.columns)
    rows.append(("sentiment F1, mean of four classes", *sentiments))
    for title, trust in (("theme", theme_trust), ("polarity", polarity_trust)):
        cells = [
            calibration_figure(trust(own.said[name], own.truth), len(every))
            if name in own.names and name != "TF-IDF" else "–"
            for name in own.columns
        ]  # fmt: skip
        rows.append((f"calibration error of {title} confidence", *cells))
    return Table("own", own.line, ("", *own.columns), rows)


def language_table(own):
    first, *others = own.names
    rows = []
    groups = [("language", name, own.languages == name) for name in LANGUAGES]
    # evaluate_tagging splits by industry; here that column says which kind of comment it is
    groups += [("industry", name, own.kinds == name) for name in ("ordinary", "hard")]
    for *at, chosen in groups:
        if not chosen.any():
            continue
        rows.append((
            at[1], f"{chosen.sum():,}",
            *(own.value(name, "theme_f1", "top", *at) for name in (first, *others)),
            own.value(first, "joint_f1", "top", *at),
            own.polarity(first, chosen, found=True), own.polarity(first, chosen, found=False),
            own.sentiment_f1(first, chosen),
        ))  # fmt: skip
    heads = ("", "comments", *(f"theme F1, {name}" for name in own.names),
             "theme and polarity F1", "polarity, themes found", "polarity, all themes",
             "sentiment F1")  # fmt: skip
    return Table("own-languages", f"{own.line} Figures without a name: `{first}`.", heads, rows)


def theme_tables(own):
    """Return the figures of each top theme and of each sub-theme."""
    first, *_ = own.names
    themes, _ = labelled_themes(own.gold)
    tables = []
    for level, name in (("top", "own-themes"), ("sub", "own-sub-themes")):
        table = own.figures[first]
        known = table.loc[("theme_f1", level, "theme")].index
        rows = []
        for theme in known:
            at = (level, "theme", theme)
            figures = [own.value(n, "theme_f1", *at) for n in own.names]
            cells = [theme, f"{figures[0].n:,}", *figures]
            cells += [own.value(first, m, *at) for m in ("theme_precision", "theme_recall")]
            if level == "top":
                only = np.array(themes) == theme
                said, truth = own.said[first].columns(only), own.truth.columns(only)
                cells.append(polarity_figure(said, truth, said.themes))
            rows.append(tuple(cells))
        heads = ["theme", "labels", *(f"F1 {n}" for n in own.names), "precision", "recall"]
        heads += ["polarity, themes found"] if level == "top" else []
        line = f"{own.line} Figures without a name: `{first}`."
        tables.append(Table(name, line, tuple(heads), rows))
    return tables


def challenge_tables(taggers, gold):
    """Return which challenge rows are passed, by language and by phenomenon."""
    challenges = read_challenges(DATA / "challenge")
    say(f"challenge rows: {len(challenges):,}")
    every = (*taggers, DummyTagger(gold))
    results = {tagger.name: run_challenges(tagger, challenges) for tagger in every}
    tables = []
    for by in ("language", "phenomenon"):
        rates = {name: pass_rates(found, by).set_index(by) for name, found in results.items()}
        first = next(iter(rates.values()))
        rows = [
            (group.replace("_", " "), f"{n:,}", *(passed(r.loc[group]) for r in rates.values()))
            for group, n in first["n"].items()
        ]
        tables.append(Table(f"challenge-{by}", "", (by, "rows", *rates), rows))
    return tables


def passed(row):
    return f"{share(row['share'])} ({row['low'] * 100:.0f}–{row['high'] * 100:.0f})"
