"""Which labels of our comments do models contradict that never saw their batch?

    python benchmarks/suspicious.py data/labelled [--language nl] [--most 150] [-o FILE]

A way to find wrong labels (confident learning: Northcutt, Jiang and Chuang 2021): the batches are
held out in turn, clauses are read by TF-IDF and logistic regression as in ``corpus_proof.py``, and
the labels that these models find least likely are listed for somebody to look at. A label stays as
it is unless docs/annotation.md says otherwise; most are right. Four minutes of one core.
"""

import argparse
from operator import itemgetter
from pathlib import Path

import numpy as np
from corpus_proof import clause_labels, features
from joblib import Parallel, delayed
from sklearn.linear_model import LogisticRegression

from feedback_nlp.tagging import Tagging, read_labelled

FOLDS = 5
UNLIKELY, LIKELY = 0.12, 0.5


def held_out(clauses):
    """Return themes, their probability for each clause by other batches; the same of polarity."""
    batches = np.array([int(comment.split("-")[1]) for comment in clauses["comment_id"]])
    folds = batches % FOLDS
    matrix = features().fit_transform(clauses["text"]).tocsr()
    names = sorted(set().union(*clauses["themes"]))
    themes = np.array([[name in found for name in names] for found in clauses["themes"]])
    polarity = clauses["polarity"].to_numpy()
    kinds = sorted(set(polarity) - {""})

    def fitted(fold, labels, kept):
        model = LogisticRegression(C=4, solver="liblinear", max_iter=300)
        model.fit(matrix[kept & (folds != fold)], labels[kept & (folds != fold)])
        return model.predict_proba(matrix[folds == fold])[:, 1]

    found = np.zeros((len(clauses), len(names) + len(kinds)))
    everything = np.ones(len(clauses), bool)
    jobs = [(fold, at) for fold in range(FOLDS) for at in range(found.shape[1])]
    answers = Parallel(n_jobs=-1)(
        delayed(fitted)(fold, themes[:, at], everything)
        if at < len(names)
        else delayed(fitted)(fold, polarity == kinds[at - len(names)], polarity != "")
        for fold, at in jobs
    )
    for (fold, at), answer in zip(jobs, answers, strict=True):
        found[folds == fold, at] = answer
    return names, found[:, : len(names)], kinds, found[:, len(names) :]


def doubts(clauses, names, of_theme, kinds, of_polarity):
    """Yield (how doubtful, comment, what, clause): missing themes, others, other polarities."""
    themes, texts = clauses["themes"].tolist(), clauses["text"].tolist()
    for comment, part in clauses.groupby("comment_id", sort=False):
        rows = part.index.to_numpy()
        labelled = set().union(*part["themes"])
        for at, name in enumerate(names):
            best = rows[np.argmax(of_theme[rows, at])]
            sure = of_theme[best, at]
            if name not in labelled and sure > LIKELY:
                yield sure, comment, f"missing? {name} ({sure:.2f})", texts[best]
            if name in labelled and sure < UNLIKELY:
                where = next((row for row in rows if name in themes[row]), best)
                others = [0 if n in labelled else of_theme[where, i] for i, n in enumerate(names)]
                rather = int(np.argmax(others))
                if others[rather] > 2 * UNLIKELY:
                    what = f"{name} ({sure:.2f})? rather {names[rather]} ({others[rather]:.2f})"
                    yield others[rather] + 0.5 - sure, comment, what, texts[where]
    for row, polarity in enumerate(clauses["polarity"]):
        if polarity:
            own, best = of_polarity[row, kinds.index(polarity)], int(np.argmax(of_polarity[row]))
            if own < UNLIKELY / 2:
                instead = f"{kinds[best]} ({of_polarity[row, best]:.2f})"
                what = f"{polarity} ({own:.2f})? rather {instead}"
                yield 1 - own, clauses["comment_id"][row], what, texts[row]


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("labelled", type=Path)
    ask.add_argument("--language")
    ask.add_argument("--most", type=int, default=150)
    ask.add_argument("-o", "--output", type=Path)
    given = ask.parse_args()
    gold = read_labelled(given.labelled)
    ok = gold.comments[gold.comments["status"] == "ok"].reset_index(drop=True)
    clauses = clause_labels(Tagging(ok, gold.mentions))
    found = sorted(doubts(clauses, *held_out(clauses)), reverse=True)
    kept = [doubt for doubt in found if doubt[1].startswith(given.language or "")][: given.most]
    kept.sort(key=itemgetter(1))
    lines = [f"- {comment} · {what} · “{text}”" for _, comment, what, text in kept]
    page = "\n".join(lines) + "\n"
    if given.output:
        given.output.write_text(page, encoding="utf-8")
    else:
        print(page, end="")


if __name__ == "__main__":
    main()
