"""Is the nearest comment of another language the one that means the same, and how fast is it known?

    python benchmarks/embeddings.py [FOLDER ...] [--comments 20000] [--labelled data/labelled]

FOLDERs hold embeddings (``training/embeddings/distil.py``); those of the package without any. Asked
are 24 complaints and praises, each written in seven languages (``same_meaning.toml``, never trained
on): for every sentence and every other language, is the nearest of the 24 the same? Beside them, as
a peer, TF-IDF of parts of words. Times are those of this process on one core.

With labelled comments, what a plain linear model learns of themes from the English train part, and
from that of all languages: average precision of comment × top theme, on the dev part of each.
"""

import argparse
import os
import time
import tomllib
import zipfile
from io import BytesIO
from itertools import permutations
from pathlib import Path

os.environ["RAYON_NUM_THREADS"] = "1"  # one core, before the tokenizer is loaded

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.multiclass import OneVsRestClassifier

from feedback_nlp import make_sample
from feedback_nlp.records import LANGUAGES
from feedback_nlp.resources import resource
from feedback_nlp.samples import TEXT_QUESTION
from feedback_nlp.tagging import read_labelled
from feedback_nlp.tagging.embeddings import load_embeddings

HERE = Path(__file__).parent
PEER = {"analyzer": "char_wb", "ngram_range": (2, 4), "sublinear_tf": True}


def found_again(rows):
    """Return how often sentences find theirs in the six others: on average, and by language."""
    hits = {code: [] for code in rows}
    for asked, other in permutations(rows, 2):
        nearest = (rows[asked] @ rows[other].T).argmax(axis=1)
        hits[asked].append(np.mean(nearest == np.arange(len(nearest))))
    shares = {code: float(np.mean(one)) for code, one in hits.items()}
    return {"all": float(np.mean(list(shares.values()))), **shares}


def sizes(folder):
    """Return the megabytes of the files, plain and zipped."""
    files = [path for path in folder.iterdir() if path.suffix in {".json", ".safetensors"}]
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(path, path.name)
    return sum(path.stat().st_size for path in files) / 1e6, len(packed.getvalue()) / 1e6


def themes_learnt(encode, labelled):
    """Print average precisions: learnt from English, and from all languages."""
    gold = read_labelled(labelled)
    comments = gold.comments[gold.comments["language"].isin(LANGUAGES)]
    tops = gold.mentions["theme"].astype(str).str.partition(".")[0]
    table = pd.crosstab(gold.mentions["comment_id"], tops) > 0
    wanted = table.reindex(comments["comment_id"], fill_value=False).to_numpy()
    rows = encode(comments["text"].tolist())
    languages = comments["language"].astype(str).to_numpy()
    train, dev = ((comments["split"] == part).to_numpy() for part in ("train", "dev"))
    for name, kept in (("English", train & (languages == "en")), ("all", train)):
        model = OneVsRestClassifier(LogisticRegression(C=10, max_iter=500))
        likely = model.fit(rows[kept], wanted[kept]).predict_proba(rows)
        parts = {code: dev & (languages == code) for code in LANGUAGES}
        found = {
            code: average_precision_score(wanted[part].ravel(), likely[part].ravel())
            for code, part in parts.items()
        }
        shares_row(f"themes learnt from {name}", {"all": np.mean(list(found.values())), **found})


def timed(call):
    began = time.process_time()
    result = call()
    return result, time.process_time() - began


def table_row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def shares_row(title, shares, *more):
    table_row(title, *(f"{100 * share:.1f}" for share in shares.values()), *more)


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("folders", nargs="*", type=Path)
    ask.add_argument("--comments", type=int, default=20_000)
    ask.add_argument("--labelled", type=Path)
    given = ask.parse_args()
    meanings = tomllib.loads((HERE / "same_meaning.toml").read_text("utf-8"))["meaning"]
    sentences = {code: [one[code] for one in meanings] for code in meanings[0]}
    texts = [text for text in make_sample(2_000)[TEXT_QUESTION].tolist() if text]
    texts = [f"{texts[at % len(texts)]} {at}" for at in range(given.comments)]
    words = np.mean([len(text.split()) for text in texts])
    print(f"{len(texts):,} comments of {words:.1f} words")

    table_row("", "all", *sentences, "MB", "zipped", "load, s", "comments/s")
    table_row(*["---"] * (len(sentences) + 6))
    peer = TfidfVectorizer(**PEER)
    peer.fit([text for some in sentences.values() for text in some])
    rows = {code: peer.transform(some).toarray() for code, some in sentences.items()}
    shares_row("TF-IDF, 2–4 letters", found_again(rows), "", "", "", "")
    if given.labelled:
        themes_learnt(TfidfVectorizer(**PEER).fit_transform, given.labelled)
    load_embeddings()  # the libraries are imported only once
    for folder in given.folders or [resource("models", "embeddings")]:
        model, loading = timed(lambda folder=folder: load_embeddings(folder))
        rows = {code: model.encode(some) for code, some in sentences.items()}
        _, seconds = timed(lambda model=model: model.encode(texts))
        plain, packed = sizes(folder)
        shares_row(
            f"{folder.name}: {model.pieces:,} × {model.width}", found_again(rows),
            f"{plain:.1f}", f"{packed:.1f}", f"{loading:.2f}", f"{len(texts) / seconds:,.0f}",
        )  # fmt: skip
        if given.labelled:
            themes_learnt(model.encode, given.labelled)


if __name__ == "__main__":
    main()
