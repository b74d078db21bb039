"""Learn how themes that nobody labelled are found: the last step of a taxonomy of the user's own.

    python training/compact/custom.py CORPORA [--out models/compact] [--figures]

Run it after ``train.py``: it weighs what the compact model knows. One weighing for every theme is
learnt on taxonomies that stand for a user's: our own themes on the dev part of ``data/labelled``,
with some of their names, definitions, examples and phrases, some of the themes, and with what the
compact model knows of a theme mostly hidden; and the categories of three data sets that may be
shipped from, described in ``taxonomies/``. Takes a few minutes of one core. ``--figures`` shows how
well it goes on each of these when it is not learnt from.
"""

import argparse
import gzip
import json
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from examples import own_examples

from feedback_nlp.parsed import ParsedBatch
from feedback_nlp.tagging.custom import (
    FILE,
    Learnt,
    compared,
    general_of,
    known_themes,
    write_learnt,
)
from feedback_nlp.tagging.described import Descriptions, taxonomy_texts, unit
from feedback_nlp.tagging.fitting import fit_weighing
from feedback_nlp.tagging.folder import read_folder
from feedback_nlp.tagging.layers import Themes
from feedback_nlp.tagging.likeness import COLUMNS, borrow, likeness
from feedback_nlp.tagging.rules import find_themes
from feedback_nlp.tagging.stretches import clause_words
from feedback_nlp.tagging.thresholds import by_comment
from feedback_nlp.tagging.turns import says_something
from feedback_nlp.taxonomy import Taxonomy, load_taxonomy
from feedback_nlp.text import parse

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent / "taxonomies"
SETS = {"nhs_fft_en": 2_500, "mams_acsa_en": 1_500, "sentihood_en": 1_500}
DRAWS = 24  # taxonomies made of ours
SHARE = 3  # each of them for one comment of so many
ROUNDS = 4  # of learning which clause a label of a whole comment is about
STEPS = np.round(np.arange(0.1, 0.6, 0.01), 2)


@dataclass
class Task:
    """Comments labelled with a taxonomy, as columns.

    Attributes:
        name: Of the set.
        columns: Clause × theme × column.
        of: The comment of each clause.
        gold: Comment × theme.
        clauses: Clause × theme, where clauses are labelled.
    """

    name: str
    columns: np.ndarray
    of: np.ndarray
    gold: np.ndarray
    clauses: np.ndarray | None = None


class Reader:
    """Comments as the compact model sees them."""

    def __init__(self, compact, comments):
        self.compact = compact
        self.scores = compact.score(comments)
        self.of = self.scores.batch.clauses.comment

    def columns(self, taxonomy, known, named=None, hidden=None):
        """Return the columns of a taxonomy, which borrows nothing that is hidden."""
        texts = taxonomy_texts(taxonomy)
        described = Descriptions.of(texts, known.descriptions.space)
        general = general_of(taxonomy)
        loan = borrow(texts, described, general, known, hidden)
        if named is None:
            named = np.zeros((len(self.of), len(texts)))
        clauses = compared(self.compact, self.scores, named)
        return likeness(clauses, described, loan, known, general)


def foreign(compact, folder, name, most, rng, part="train"):
    """Return a reader of somebody else's comments, and their labels."""
    with gzip.open(folder / name / f"{part}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    categories = tomllib.loads((HERE / "categories.toml").read_text("utf-8"))[name]
    taxonomy = load_taxonomy(HERE / f"{name}.toml")
    rows = [rows[at] for at in rng.permutation(len(rows))[:most]]
    asked = [row.get("question") or "" for row in rows]
    parsed = ParsedBatch.of(parse([row["text"] for row in rows], ["en"] * len(rows), asked))
    kept = np.flatnonzero(says_something(parsed))
    number = {theme: at for at, theme in enumerate(taxonomy.ids)}
    gold = np.zeros((len(kept), len(number)), dtype=bool)
    for row, at in enumerate(kept):
        said = {categories.get(a["category"]) for a in rows[at].get("aspects", ())}
        gold[row, [number[theme] for theme in said if theme]] = True
    return Reader(compact, parsed.take(kept)), taxonomy, gold


def poorer(taxonomy, rng, *, definitions=0.7, examples=0.4, phrases=0.5):
    """Return a taxonomy with less in it, the same kinds of text for all its themes."""
    keep = rng.random(3) < [definitions, examples, phrases]
    most = rng.choice([8, 100])  # phrases in a language
    themes = []
    for theme in taxonomy.themes:
        some = {
            language: tuple(each[at] for at in sorted(rng.permutation(len(each))[:most]))
            for language, each in theme.phrases.items()
        }
        english = {"en": theme.names["en"]} if rng.random() < 0.8 else theme.names
        themes.append(
            replace(
                theme,
                names=english,
                definition=theme.definition if keep[0] else "",
                examples=theme.examples if keep[1] else (),
                phrases=some if keep[2] else {},
            )
        )
    return Taxonomy("poorer", tuple(themes))


def drawn(reader, examples, known, themes, taxonomy, rng):
    """Return a task of some of our own themes, as a user might describe them."""
    tops = rng.permutation(len(themes.tops))[: rng.integers(1, len(themes.tops) + 1)]
    only_tops = rng.random() < 0.5
    mine = [
        at
        for at, theme in enumerate(themes.ids)
        if themes.top_of[at] in tops and not (only_tops and "." in theme)
    ]
    some = Taxonomy("drawn", tuple(taxonomy.themes[at] for at in mine))
    some = poorer(some, rng)
    own, top = np.arange(len(themes.ids)), themes.top_of
    is_top = np.array(["." not in theme for theme in themes.ids])
    within = (own[:, None] == own) | (is_top[:, None] & (top[:, None] == top))
    labels = np.stack([examples.themes[:, within[at]].any(axis=1) for at in mine], axis=1)
    how = rng.random(len(mine))
    hidden = np.where(
        how[:, None] < 0.25, False,
        np.where(how[:, None] < 0.75, within[mine], (top[:, None] == top)[mine]),
    )  # fmt: skip
    named = np.zeros((len(reader.of), len(mine)))
    if any(theme.phrases for theme in some.themes):
        found = find_themes(reader.scores.batch, reader.scores.opinions, some)
        named[found.clause, found.theme] = 1.0
    columns = reader.columns(some, known, named, hidden)
    rows = reader.of % SHARE == rng.integers(SHARE)
    _, of = np.unique(reader.of[rows], return_inverse=True)
    return Task(
        "own", columns[rows], of, by_comment(labels[rows].astype(float), of) > 0, labels[rows]
    )


def learn(tasks):
    """Return one weighing of all tasks.

    A label of a whole comment counts for the clause that is likeliest to have earned it.
    """
    odds = [task.columns[..., 0] for task in tasks]
    for _ in range(ROUNDS):
        parts = []
        for task, each in zip(tasks, odds, strict=True):
            flat = task.columns.reshape(-1, len(COLUMNS))
            if task.clauses is not None:
                parts.append((flat, task.clauses.ravel()))
            else:
                gold = task.gold[task.of]
                highest = np.full(task.gold.shape, -np.inf)
                np.maximum.at(highest, task.of, each)
                first = each >= highest[task.of]
                used = (~gold | first).ravel()
                parts.append((flat[used], (gold & first).ravel()[used]))
        weighing = fit_weighing(
            np.vstack([x for x, _ in parts]), np.concatenate([y for _, y in parts])
        )  # fmt: skip
        odds = [t.columns @ weighing.weights[:, 0] for t in tasks]
    return weighing


def f1(found, gold):
    return 2 * (found & gold).sum() / max(1, found.sum() + gold.sum())


def curve(weighing, task):
    """Return micro-F1 over comments at each threshold."""
    likely = by_comment(weighing.probabilities(task.columns), task.of)
    return np.array([f1(likely >= least, task.gold) for least in STEPS])


def own_tasks(compact, taxonomy, rng):
    """Return tasks of our own comments, and what all of them have in common."""
    themes = Themes.of(taxonomy)
    examples = own_examples(ROOT / "data" / "labelled", "dev", taxonomy)
    reader = Reader(compact, examples.batch)
    words = clause_words(examples.batch)
    sums = compact.scorer.features.embeddings.sums([" ".join(each) for each in words])
    mean, scores = unit(sums).mean(axis=0), reader.scores.themes.mean(axis=0)
    known = known_themes(compact, mean, scores)
    tasks = [drawn(reader, examples, known, themes, taxonomy, rng) for _ in range(DRAWS)]
    return tasks, known


def foreign_tasks(compact, corpora, known, rng):
    """Return tasks of the data sets of others, each with definitions and without."""
    tasks = []
    for name, most in SETS.items():
        reader, taxonomy, gold = foreign(compact, corpora, name, most, rng)
        for given in (taxonomy, poorer(taxonomy, rng, definitions=0)):
            tasks.append(Task(name, reader.columns(given, known), reader.of, gold))
    return tasks


def choose(weighing, tasks):
    """Return the threshold that is best for the sets together, each counting the same."""
    names = sorted({task.name for task in tasks})
    mean = np.mean(
        [np.mean([curve(weighing, t) for t in tasks if t.name == name], axis=0) for name in names],
        axis=0,
    )
    return float(STEPS[mean.argmax()])


def show_figures(tasks):
    """Print micro-F1 on each set of others by what was learnt without it."""
    for name in SETS:
        rest = [task for task in tasks if task.name != name]
        weighing = learn(rest)
        at = choose(weighing, rest)
        for kind, task in zip(
            ("definitions", "names alone"), (t for t in tasks if t.name == name), strict=True
        ):
            likely = by_comment(weighing.probabilities(task.columns), task.of)
            print(f"{name}, {kind}: micro-F1 {f1(likely >= at, task.gold):.3f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "compact")
    parser.add_argument("--figures", action="store_true")
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    compact = read_folder(options.out)
    tasks, known = own_tasks(compact, compact.taxonomy, rng)
    tasks += foreign_tasks(compact, options.corpora, known, rng)
    print("columns are made", flush=True)
    if options.figures:
        show_figures(tasks)
    weighing = learn(tasks)
    threshold = choose(weighing, tasks)
    mean = known.descriptions.space.mean
    write_learnt(Learnt(weighing, threshold, mean, known.mean), options.out / FILE)
    for name, weight in zip(COLUMNS, weighing.weights[:, 0], strict=True):
        print(f"{name:16}{weight:7.2f}")
    print(f"threshold {threshold}")


if __name__ == "__main__":
    main()
