"""How good a tagger trained on somebody's own labels is, beside a plain linear model.

    python benchmarks/trained.py CORPORA [--sets NAME ...] [--parts 5] [--few] [--seeds 1]
        [--model transformer]

Learns from the train part of each data set and is judged on its dev part; where there is none, in
five parts of the train part (those of one review or respondent together). ``--few`` measures
instead what 20, 50 and 200 labelled comments a theme give on fabsa_en, in ``--seeds`` draws.

``--model transformer`` has a network learn, in the place of both; some minutes a part.

The compact model, from which training starts, has itself learnt from the train parts of
mams_acsa_en and nhs_fft_en: the parts of nhs_fft_en are not unseen by it. So has the network.
"""

import argparse
import gzip
import json
import sys
import time
import warnings
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from feedback_nlp.tagging import Tagging, read_aspects, train_tagger
from feedback_nlp.tagging.fitting import fit_columns

SETS = {
    "semeval2016_rest_nl": "category", "semeval2016_rest_en": "category", "fabsa_en": "category",
    "mams_acsa_en": "category", "restaurants_de": "category", "nhs_fft_en": "theme",
}  # fmt: skip
NO_LABEL = {"labelling_not_possible", "not_assigned"}
SIDES = ("negative", "neutral", "positive")


def read(folder, name, part):
    path = folder / name / f"{part}.jsonl.gz"
    if not path.exists():
        return None
    gold = read_aspects(path, own=True)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    whose = [row.get("review_id") or row.get("respondent") or row["id"] for row in rows]
    mentions = gold.mentions[~gold.mentions["theme"].isin(NO_LABEL)]
    if SETS[name] == "theme":
        coarse = {}
        for row in rows:
            for aspect in row.get("aspects", ()):
                coarse[aspect["category"]] = aspect["theme"]
        from feedback_nlp.tagging.theme_ids import theme_id

        coarse = {theme_id(category): theme for category, theme in coarse.items()}
        mentions = mentions.assign(theme=mentions["theme"].astype(str).map(coarse))
        mentions = mentions.drop_duplicates(["comment_id", "theme", "polarity"])
    return Tagging(gold.comments.assign(respondent_id=whose), mentions)


def rows_of(gold, chosen):
    comments = gold.comments[chosen].reset_index(drop=True)
    return Tagging(
        comments, gold.mentions[gold.mentions["comment_id"].isin(comments["comment_id"])]
    )


def pairs(gold):
    """Return the polarity of each comment and theme that has one."""
    said = {}
    for row in gold.mentions.dropna(subset="polarity").itertuples():
        said.setdefault((row.comment_id, str(row.theme)), set()).add(str(row.polarity))
    return {key: next(iter(sides)) for key, sides in said.items() if len(sides) == 1}


def themes_of(mentions):
    return set(zip(mentions["comment_id"], mentions["theme"].astype(str), strict=True))


class Ours:
    """The trained tagger."""

    given: ClassVar = {}

    def __init__(self, gold):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.tagger = train_tagger(gold, **self.given)

    def themes(self, comments):
        return themes_of(self.tagger.tag_frame(comments).mentions)

    def polarity(self, comments):
        model = self.tagger.model
        every = replace(model, thresholds=dict.fromkeys(model.thresholds, -1.0), marked=False)
        found = replace(self.tagger, model=every).tag_frame(comments).mentions
        key = zip(found["comment_id"], found["theme"].astype(str), strict=True)
        return dict(zip(key, found["polarity"].astype(str), strict=True))


class Transformer(Ours):
    """The same with a network."""

    given: ClassVar = {"model": "transformer", "say": partial(print, file=sys.stderr, flush=True)}


class Plain:
    """TF-IDF of words and pairs, logistic regression, one threshold chosen on unseen comments."""

    def __init__(self, gold):
        self.ids = sorted(set(gold.mentions["theme"].astype(str)))
        texts, labels = gold.comments["text"].tolist(), self._labels(gold)
        part = pd.factorize(gold.comments["respondent_id"])[0] % 3
        likely = np.zeros(labels.shape)
        for out in range(3):
            here = np.flatnonzero(part == out)
            likely[here] = self._fit(
                texts, labels, np.flatnonzero(part != out), [texts[i] for i in here]
            )
        steps = np.arange(0.1, 0.7, 0.01)
        f1 = [
            2 * ((likely >= s) & labels).sum() / ((likely >= s).sum() + labels.sum()) for s in steps
        ]
        self.least = steps[int(np.argmax(f1))]
        self.texts, self.labels = texts, labels
        self.said = pairs(gold)
        self.text_of = dict(zip(gold.comments["comment_id"], texts, strict=True))

    def _labels(self, gold):
        known = themes_of(gold.mentions)
        ids = gold.comments["comment_id"]
        return np.array([[(one, theme) in known for theme in self.ids] for one in ids])

    def _fit(self, texts, labels, train, given):
        words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        columns = fit_columns(
            words.fit_transform([texts[i] for i in train]), labels[train], strength=10.0
        )
        return 1 / (1 + np.exp(-(words.transform(given) @ columns[:-1] + columns[-1])))

    def themes(self, comments):
        every = np.arange(len(self.texts))
        likely = self._fit(self.texts, self.labels, every, comments["text"].tolist())
        ids = comments["comment_id"].tolist()
        return {
            (ids[a], self.ids[b]) for a, b in zip(*np.nonzero(likely >= self.least), strict=True)
        }

    def polarity(self, comments):
        from scipy.sparse import csr_matrix, hstack

        number = {theme: at for at, theme in enumerate(self.ids)}
        words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)

        def rows(keys, texts, fit):
            bag = words.fit_transform(texts) if fit else words.transform(texts)
            return hstack(
                [bag, csr_matrix(np.eye(len(number))[[number[t] for _, t in keys]])]
            ).tocsr()

        keys = list(self.said)
        if len({self.said[key] for key in keys}) < 2:
            return {}
        model = LogisticRegression(C=10, max_iter=500).fit(
            rows(keys, [self.text_of[c] for c, _ in keys], True), [self.said[key] for key in keys]
        )
        asked = [(c, t) for c in comments["comment_id"] for t in self.ids]
        text = dict(zip(comments["comment_id"], comments["text"], strict=True))
        return dict(
            zip(asked, model.predict(rows(asked, [text[c] for c, _ in asked], False)), strict=True)
        )


def splits(gold, parts, seed=0):
    group = pd.factorize(gold.comments["respondent_id"])[0]
    part = np.random.default_rng(seed).permutation(group.max() + 1)[group] % parts
    return [(rows_of(gold, part != out), rows_of(gold, part == out)) for out in range(parts)]


def measure(kinds, cuts):
    """Return theme F1 and polarity accuracy of each kind of tagger over all cuts together."""
    sums = {kind.__name__: np.zeros(4) for kind in kinds}
    for train, test in cuts:
        gold, said = themes_of(test.mentions), pairs(test)
        for kind in kinds:
            made = kind(train)
            found = made.themes(test.comments)
            judged = made.polarity(test.comments) if said else {}
            right = sum(judged.get(key) == side for key, side in said.items())
            sums[kind.__name__] += [2 * len(found & gold), len(found) + len(gold), right, len(said)]
    return {k: (s[0] / s[1], s[2] / s[3] if s[3] else np.nan) for k, s in sums.items()}


def few(folder, seeds, kinds):
    """Print what a few labelled comments a theme give."""
    train, dev = read(folder, "fabsa_en", "train"), read(folder, "fabsa_en", "dev")
    for n in (20, 50, 200):
        cuts = []
        for seed in range(seeds):
            mixed = train.mentions.sample(frac=1, random_state=seed)
            some = mixed.groupby("theme", observed=True).head(n)["comment_id"]
            cuts.append((rows_of(train, train.comments["comment_id"].isin(some)), dev))
        size = np.mean([len(cut[0].comments) for cut in cuts])
        for name, (f1, right) in measure(kinds, cuts).items():
            print(
                f"| {n} a theme ({size:.0f} comments) | {name} | {f1:.3f} | {right:.3f} |",
                flush=True,
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--sets", nargs="*", default=list(SETS))
    parser.add_argument("--parts", type=int, default=5)
    parser.add_argument("--few", action="store_true")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--model", choices=("compact", "transformer"), default="compact")
    options = parser.parse_args()
    kinds = (Ours, Plain) if options.model == "compact" else (Transformer,)
    print("| data | tagger | theme F1 | polarity |\n|---|---|--:|--:|")
    if options.few:
        few(options.corpora, options.seeds, kinds)
        return
    for name in options.sets:
        started = time.process_time()
        train, dev = (read(options.corpora, name, part) for part in ("train", "dev"))
        cuts = [(train, dev)] if dev is not None else splits(train, options.parts)
        for tagger, (f1, right) in measure(kinds, cuts).items():
            print(f"| {name} | {tagger} | {f1:.3f} | {right:.3f} |", flush=True)
        print(f"{name}: {time.process_time() - started:.0f} s of processor time", flush=True)


if __name__ == "__main__":
    main()
