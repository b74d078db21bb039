"""Does what we wrote teach anything about text that we did not write?

    python benchmarks/corpus_proof.py LABELLED FOLDER [--sets semeval2016_rest_nl ...]
    python benchmarks/corpus_proof.py LABELLED FOLDER --batches nl-01 nl-02 --most 200

A plain TF-IDF + logistic regression is trained on the train part of our labelled comments alone and
measured on other people's data sets (``FOLDER/SET/train.jsonl.gz``, as ``read_aspects`` takes
them), beside the rule tagger and a dummy. Nothing is tuned. It learns and tags clause by clause;
the sentiment of a comment is that of most of its clauses. The language is given to it, and not to
the rules.
"""

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline, make_union

from feedback_nlp.records import Mention
from feedback_nlp.schema import info, mentions_table, with_info
from feedback_nlp.tagging import (
    Tagging,
    dummy_tagging,
    evaluate,
    evaluate_tagging,
    load_tagger,
    read_aspects,
    read_labelled,
)
from feedback_nlp.text import parse

SETS = (
    "semeval2016_rest_nl", "semeval2016_rest_en", "semeval2016_rest_fr", "semeval2016_rest_es",
    "restaurants_de", "fabsa_en", "nhs_fft_en", "norec_sentence_no", "ltec_lv",
)  # fmt: skip
MEASURES = ("theme_f1", "theme_f1_without_general", "joint_f1", "sentiment_f1_macro")


def features():
    return make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
    )


def clauses(comments):
    """Yield (row, start, end) of each clause of the comments."""
    languages = comments["language"].astype(str).tolist()
    for row, parsed in enumerate(parse(comments["text"].tolist(), languages)):
        for clause in parsed.clauses:
            yield row, *parsed.span(clause.start, clause.end)


def clause_labels(gold):
    """Return each clause with its labels: a mention counts where it covers half of one of the two.

    Columns: comment_id, text, themes (a set of sub-themes), polarity (where it is only one).
    """
    comments = gold.comments.reset_index(drop=True)
    evidence = {key: part for key, part in gold.mentions.groupby("comment_id")}
    rows = []
    for row, start, end in clauses(comments):
        found = evidence.get(comments["comment_id"][row], gold.mentions.iloc[:0])
        shared = found["end"].clip(upper=end) - found["start"].clip(lower=start)
        half = np.minimum(found["end"] - found["start"], end - start) / 2
        meant = found[shared >= half]
        said = set(meant["polarity"].astype(str))
        rows.append(
            {
                "comment_id": comments["comment_id"][row],
                "text": comments["text"][row][start:end],
                "themes": set(meant["theme"].astype(str)),
                "polarity": said.pop() if len(said) == 1 else "",
            }
        )
    return pd.DataFrame(rows)


def train(gold):
    """Learn the top themes and the polarity of clauses."""
    learnt = clause_labels(gold)
    themes = [{theme.split(".")[0] for theme in found} for found in learnt["themes"]]
    names = sorted(set().union(*themes))
    labels = np.array([[name in found for name in names] for found in themes])
    of_themes = make_pipeline(features(), OneVsRestClassifier(logistic()))
    of_themes.fit(learnt["text"], labels)
    clear = learnt[learnt["polarity"] != ""]
    of_polarity = make_pipeline(features(), logistic()).fit(clear["text"], clear["polarity"])
    return names, of_themes, of_polarity


def logistic():
    return LogisticRegression(C=10, max_iter=2000, class_weight="balanced")


def tag(model, comments, notes):
    names, of_themes, of_polarity = model
    spans = list(clauses(comments))
    texts = [comments["text"][row][start:end] for row, start, end in spans]
    sure, said = of_themes.predict_proba(texts), of_polarity.predict(texts)
    rows, seen = [], [Counter() for _ in range(len(comments))]
    for at, (row, start, end) in enumerate(spans):
        seen[row][said[at]] += 1
        rows += [
            (comments["comment_id"][row], comments["text"][row], Mention(
                theme=names[i], polarity=said[at], theme_confidence=float(sure[at, i]),
                polarity_confidence=0.5, start=start, end=end, source="model",
            ))
            for i in np.flatnonzero(sure[at] >= 0.5)
        ]  # fmt: skip
    sentiments = [count.most_common(1)[0][0] if count else None for count in seen]
    tagged = comments.assign(status="ok", sentiment=sentiments)
    return Tagging(tagged, with_info(mentions_table(rows, names), notes))


def line(name, found):
    known = set(found.figures["measure"])
    cells = [f"{found.value(m):.3f}" if m in known else "–" for m in MEASURES]
    print(f"| {name} | " + " | ".join(cells) + " |")


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("labelled", type=Path)
    ask.add_argument("folder", type=Path)
    ask.add_argument("--sets", nargs="+", default=SETS)
    ask.add_argument("--batches", nargs="+", default=("",), help="learn from these alone: nl-06")
    ask.add_argument("--most", type=int, help="learn from so many comments, drawn at random")
    given = ask.parse_args()
    whole = read_labelled(given.labelled)
    kept = (whole.comments["split"] == "train") & (whole.comments["status"] == "ok")
    kept &= whole.comments["comment_id"].astype("str").str.startswith(tuple(given.batches))
    part = whole.comments[kept]
    if given.most is not None and given.most < len(part):
        part = part.sample(given.most, random_state=0).sort_index()
    mentions = whole.mentions[whole.mentions["comment_id"].isin(part["comment_id"])]
    model = train(Tagging(part, mentions))
    rules = load_tagger()
    print(f"trained on {len(part)} comments, {len(mentions)} mentions\n")
    print("| data set, tagger | theme F1 | without general | theme and polarity | sentiment |")
    print("|---|---|---|---|---|")
    for name in given.sets:
        gold = read_aspects(given.folder / name / "train.jsonl.gz")
        ours = tag(model, gold.comments[["comment_id", "text", "language"]], info(mentions))
        line(f"{name}: our corpus", evaluate_tagging(ours, gold, draws=2))
        line(f"{name}: rules", evaluate(rules, gold, draws=2))
        line(f"{name}: dummy", evaluate_tagging(dummy_tagging(gold), gold, draws=2))


if __name__ == "__main__":
    main()
