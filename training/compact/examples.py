"""Labelled comments as the training sees them: parsed, scored by the rules, labels by clause.

Our own comments have their evidence marked, so each clause has labels. Those of others are
labelled as a whole; only what they say of polarity and sentiment is used.
"""

import gzip
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from feedback_nlp.parsed import ParsedBatch
from feedback_nlp.tagging import read_labelled
from feedback_nlp.tagging.layers import RuleLayer, Themes
from feedback_nlp.tagging.opinions import read_opinions
from feedback_nlp.tagging.readings import SENTIMENT_ORDER, SIDES
from feedback_nlp.tagging.rule_layers import rule_layer
from feedback_nlp.tagging.rules import read_rules
from feedback_nlp.tagging.stretches import evidence
from feedback_nlp.tagging.turns import says_something
from feedback_nlp.text import parse

HERE = Path(__file__).parent
LANGUAGE = {"no": "nb"}
# A fifth of these is not learnt from: of one for the second step, of one, which has no other part,
# for measuring.
NEUTRAL, MEASURED = "norec_sentence_no", "ltec_lv"


@dataclass
class Row:
    """A comment as labelled.

    Attributes:
        labels: Theme, polarity or ``None``, first and one past the last character.
        whole: All that its labellers said has a place among our themes.
        empty: It says nothing that answers the question.
    """

    text: str
    language: str
    question: str
    sentiment: str | None
    labels: list
    whole: bool = True
    empty: bool = False


@dataclass
class Examples:
    """One set of comments.

    Attributes:
        batch, layer: Comments, and what the rules say of their clauses.
        themes: Clause × theme; nothing but in our own comments.
        tops: Clause × top theme: how much the clause counts as one that speaks of it (1 or a
            share), as one that does not (−1), or as nothing (0) where nobody would have said so.
        polarity: Rows of clause, top theme, polarity.
        weight: The weight of each of those rows: a label on several clauses is shared.
        sentiment: The number of each comment's sentiment; −1 where nobody labelled it.
        empty: Whether each comment says nothing.
    """

    batch: ParsedBatch
    layer: RuleLayer
    themes: np.ndarray
    tops: np.ndarray
    polarity: np.ndarray
    weight: np.ndarray
    sentiment: np.ndarray
    empty: np.ndarray


def own_examples(folder, split, taxonomy):
    """Return a split of our own comments."""
    gold = read_labelled(folder)
    comments = gold.comments
    comments = comments[
        (comments["split"] == split) & (comments["status"].isin(["ok", "uninformative"]))
    ]
    labels = dict(list(gold.mentions.groupby("comment_id", observed=True)))
    rows = [
        Row(row.text, str(row.language), row.question, row.sentiment, [
            (str(m.theme), m.polarity, m.start, m.end) for m in labels[row.comment_id].itertuples()
        ] if row.comment_id in labels else [], empty=row.status == "uninformative")
        for row in comments.itertuples()
    ]  # fmt: skip
    return examples_of(rows, taxonomy, marked=True)


def learnt_from(name, at):
    """Return whether a row of a data set, by its number, is learnt from."""
    return name not in (NEUTRAL, MEASURED) or at % 5 != 0


def other_examples(folder, name, taxonomy, chosen=lambda at: True):
    """Return the rows of the train part of somebody else's data set whose number is chosen."""
    mapping = tomllib.loads((HERE / "labels.toml").read_text("utf-8")).get(name, {})
    with gzip.open(folder / name / "train.jsonl.gz", "rt", encoding="utf-8") as lines:
        given = [json.loads(line) for at, line in enumerate(lines) if chosen(at)]
    return examples_of([_row(row, mapping) for row in given], taxonomy, marked=False)


def _row(row, mapping):
    said = {}
    odd = False
    for aspect in row.get("aspects", ()):
        theme = mapping.get(aspect["category"], "")
        odd |= not theme
        if theme:
            said.setdefault(theme, set()).add(aspect.get("polarity"))
    labels = [
        (theme, next(iter(sides)) if len(sides) == 1 else None, 0, len(row["text"]))
        for theme, sides in said.items()
    ]
    language = LANGUAGE.get(row["lang"], row["lang"])
    question = row.get("question") or ""
    return Row(row["text"], language, question, row.get("sentiment"), labels, not odd)


def examples_of(rows, taxonomy, marked):
    """Return comments as the training sees them; ``marked``: their labels have a place."""
    themes = Themes.of(taxonomy)
    number = {theme: at for at, theme in enumerate(themes.ids)}
    parsed = parse(*([getattr(r, k) for r in rows] for k in ("text", "language", "question")))
    parsed = ParsedBatch.of(parsed)
    kept = np.flatnonzero(says_something(parsed))
    rows, batch = [rows[at] for at in kept], parsed.take(kept)
    opinions = read_opinions(batch)
    layer = rule_layer(batch, read_rules(batch, opinions, taxonomy), opinions, themes)
    size, first = len(batch.clauses), batch.clauses.first
    where = np.zeros((size, len(themes.ids)), dtype=bool)
    polarity, weight = [], []
    named = themes.by_top(layer.found)
    tops = -np.ones((size, len(themes.tops))) if marked else _unlabelled(rows, batch, themes)
    start, end = evidence(batch, batch.clauses.start, batch.clauses.end, joined=False)
    spans_of_all = np.column_stack([start, end])
    for at, row in enumerate(rows):
        clauses = np.arange(first[at], first[at + 1])
        spans = spans_of_all[clauses]
        for theme, side, start, end in row.labels:
            top = themes.top_of[number[theme]]
            if marked:
                shared = np.minimum(end, spans[:, 1]) - np.maximum(start, spans[:, 0])
                least = np.minimum(end - start, spans[:, 1] - spans[:, 0])
                inside = clauses[(shared > 0) & (2 * shared >= least)]
                where[inside, number[theme]] = True
                tops[inside, top] = 1.0
                places = clauses[[shared.argmax()]] if shared.max() > 0 else clauses[:0]
            else:
                places = clauses[named[clauses, top] > 0]
                tops[clauses, top] = 0.0
                tops[places, top] = 1.0
                if not len(places):
                    places = clauses
                    tops[places, top] = 1 / len(places)
            if side in SIDES:
                polarity += [(place, top, SIDES.index(side)) for place in places]
                weight += [1 / len(places)] * len(places)
    order = {name: at for at, name in enumerate(SENTIMENT_ORDER)}
    return Examples(
        batch=batch,
        layer=layer,
        themes=where,
        tops=tops,
        polarity=np.array(polarity, dtype=np.int64).reshape(-1, 3),
        weight=np.array(weight),
        sentiment=np.array([order.get(row.sentiment, -1) for row in rows]),
        empty=np.array([row.empty for row in rows]),
    )


def _unlabelled(rows, batch, themes):
    """Return −1 for the top themes that a set labels, where none of a comment's labels is odd."""
    known = {label[0].split(".")[0] for row in rows for label in row.labels}
    tops = np.zeros((len(batch.clauses), len(themes.tops)))
    tops[:, [at for at, top in enumerate(themes.tops) if top in known]] = -1.0
    tops[:, themes.general] = 0.0
    tops[~np.array([row.whole and bool(row.labels) for row in rows])[batch.clauses.comment]] = 0.0
    return tops
