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

from feedback_nlp.tagging import read_labelled
from feedback_nlp.tagging.compact import SENTIMENT_ORDER
from feedback_nlp.tagging.layers import SIDES, ClauseTable, RuleLayer, Themes, rule_layer
from feedback_nlp.tagging.rules import rule_model
from feedback_nlp.text import parse

HERE = Path(__file__).parent
LANGUAGE = {"no": "nb"}


@dataclass
class Examples:
    """One set of comments.

    Attributes:
        table, layer: Clauses, and what the rules say of them.
        languages: The language of each comment.
        themes: Clause × theme, or ``None`` where nobody labelled clauses.
        polarity: Rows of clause, top theme, polarity, number of the label.
        weight: The weight of each of those rows: a label on several clauses is shared.
        sentiment: The number of each comment's sentiment; −1 where nobody labelled it.
    """

    table: ClauseTable
    layer: RuleLayer
    languages: np.ndarray
    themes: np.ndarray | None
    polarity: np.ndarray
    weight: np.ndarray
    sentiment: np.ndarray


def own_examples(folder, split, taxonomy):
    """Return a split of our own comments."""
    gold = read_labelled(folder)
    comments = gold.comments
    comments = comments[(comments["split"] == split) & (comments["status"] == "ok")]
    labels = dict(list(gold.mentions.groupby("comment_id", observed=True)))
    rows = [
        (row.text, str(row.language), row.question, row.sentiment, [
            (str(m.theme), m.polarity, m.start, m.end) for m in labels[row.comment_id].itertuples()
        ] if row.comment_id in labels else [])
        for row in comments.itertuples()
    ]  # fmt: skip
    return _examples(rows, taxonomy, marked=True)


def other_examples(folder, name, taxonomy, part="train"):
    """Return a part of somebody else's data set."""
    mapping = tomllib.loads((HERE / "labels.toml").read_text("utf-8")).get(name, {})
    with gzip.open(folder / name / f"{part}.jsonl.gz", "rt", encoding="utf-8") as lines:
        given = [json.loads(line) for line in lines]
    rows = []
    for row in given:
        said = {}
        for aspect in row.get("aspects", ()):
            if aspect["category"] in mapping:
                said.setdefault(mapping[aspect["category"]], set()).add(aspect.get("polarity"))
        labels = [(t, *p, 0, len(row["text"])) for t, p in said.items() if len(p) == 1]
        language = LANGUAGE.get(row["lang"], row["lang"])
        rows.append(
            (row["text"], language, row.get("question") or "", row.get("sentiment"), labels)
        )
    return _examples(rows, taxonomy, marked=False)


def _examples(rows, taxonomy, marked):
    themes = Themes.of(taxonomy)
    texts, languages, questions = ([row[at] for row in rows] for at in range(3))
    parsed = parse(texts, languages, questions)
    kept = [(row, one) for row, one in zip(rows, parsed, strict=True)
            if one.clauses and not one.says_nothing]  # fmt: skip
    comments = [one for _, one in kept]
    readings = rule_model(taxonomy).read(comments)
    table = ClauseTable.of_comments(comments)
    layer = rule_layer(
        table, [one.spans for one in readings], [one.judged for one in readings], themes
    )
    named = themes.by_top(layer.found)
    number = {theme: at for at, theme in enumerate(themes.ids)}
    where = np.zeros((len(table), len(themes.ids)), dtype=bool)
    polarity, weight = [], []
    label = 0
    for at, ((*_, labels), comment) in enumerate(kept):
        clauses = [comment.span(c.start, c.end) for c in comment.clauses]
        first = table.first[at]
        for theme, side, start, end in labels:
            label += 1
            top = themes.top_of[number[theme]]
            shared = [min(end, b) - max(start, a) for a, b in clauses]
            if marked:
                for place, (both, (a, b)) in enumerate(zip(shared, clauses, strict=True)):
                    if both > 0 and 2 * both >= min(end - start, b - a):
                        where[first + place, number[theme]] = True
                places = [int(np.argmax(shared))] if max(shared) > 0 else []
            else:
                every = range(len(clauses))
                places = [p for p in every if named[first + p, top]] or list(every)
            if side in SIDES:
                polarity += [(first + p, top, SIDES.index(side), label) for p in places]
                weight += [1 / len(places)] * len(places)
    order = {name: at for at, name in enumerate(SENTIMENT_ORDER)}
    return Examples(
        table=table,
        layer=layer,
        languages=np.array([one.language for one in comments]),
        themes=where if marked else None,
        polarity=np.array(polarity, dtype=np.int64).reshape(-1, 4),
        weight=np.array(weight),
        sentiment=np.array([order.get(row[3], -1) for row, _ in kept]),
    )
