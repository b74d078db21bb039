"""Learn the compact tagger that comes with the package.

    python training/compact/train.py CORPORA [--out models/compact] [--taught 0.3]

Words are weighed on the train part of ``data/labelled`` and on the train parts of the data sets
in CORPORA that may be shipped from; with ``--taught`` also, by that weight, on what the network of
``models/accurate`` says of the comments of these sets (``taught.py``). The step that weighs words
and rules is learnt on the dev part, which neither the words nor the phrases have seen. The test
part is not opened. Takes about five minutes of two cores, with the network ten.
"""

import argparse
from functools import partial
from pathlib import Path

import numpy as np
from examples import learnt_from, other_examples, own_examples
from joblib import Parallel, delayed
from scipy.sparse import hstack, vstack
from second import DECIDED, Scored, learn_steps, unseen
from taught import SPOKEN, taught

from feedback_nlp.tagging.compact import CompactModel, outputs_of
from feedback_nlp.tagging.embeddings import load_embeddings
from feedback_nlp.tagging.features import Features
from feedback_nlp.tagging.fitting import (
    fit_classes,
    fit_columns,
    join_vocabularies,
    learn_vocabulary,
    make_scorer,
    prune,
)
from feedback_nlp.tagging.folder import write_folder
from feedback_nlp.tagging.layers import Themes
from feedback_nlp.tagging.readings import SIDES
from feedback_nlp.tagging.stretches import clause_words, comment_words
from feedback_nlp.taxonomy import load_taxonomy

ROOT = Path(__file__).parents[2]
TOP_SETS = {"mams_acsa_en": 0.5, "nhs_fft_en": 0.5, "sentihood_en": 0.5}
POLARITY_SETS = {"mams_acsa_en": 0.4, "sentihood_en": 0.4}
SENTIMENT_SETS = {
    "nhs_fft_en": 0.5,
    "norec_sentence_no": 0.5,
    "ltec_lv": 0.5,
    "tweets_buls_lv": 0.1,
}
SETS = {**TOP_SETS, **POLARITY_SETS, **SENTIMENT_SETS}
SET_MARK = 3.0  # a column that says which set a row is of takes up how that set labels
PRUNE = 0.01
TAUGHT = 0.0  # what a clause of the network counts, where it is sure; one of ours counts 1


def matrix(features, examples, *, whole=False):
    batch = examples.batch
    stretches = comment_words(batch) if whole else clause_words(batch)
    of = range(len(stretches)) if whole else batch.clauses.comment
    return features.matrix(stretches, of)


def with_sets(blocks):
    """Stack the rows of several sets, with a column for each set but the first."""
    marks = [
        np.tile(SET_MARK * np.eye(len(blocks))[at, 1:], (block.shape[0], 1))
        for at, block in enumerate(blocks)
    ]
    return hstack([vstack(blocks), np.vstack(marks)]).tocsr()


def without_sets(columns, sets):
    return np.vstack([columns[: -1 - sets], columns[-1:]])


def taught_rows(teaching, features):
    """Return the clauses that the network has read, as rows, and its scores one under another."""
    rows = [features.matrix(clause_words(one.batch), one.batch.clauses.comment) for one in teaching]
    return (
        vstack(rows).tocsr(),
        *(
            np.vstack([getattr(one, kind) for one in teaching])
            for kind in ("themes", "tops", "sides")
        ),
    )


def learn_themes(own, features, told, worth):
    """Return the columns of themes: of our own clauses, and of what the network says of others."""
    clauses = matrix(features, own)
    if told is None:
        return fit_columns(clauses, own.themes, strength=1.0, jobs=2)
    rows = with_sets([clauses, told[0]])
    labels = np.vstack([own.themes, told[1] >= 0.5])
    weights = np.vstack([np.ones(own.themes.shape), worth * np.abs(2 * told[1] - 1)])
    columns = Parallel(n_jobs=2)(
        delayed(fit_columns)(rows, labels[:, [at]], weights=weights[:, at], strength=1.0)
        for at in range(labels.shape[1])
    )
    return without_sets(np.hstack(columns), 1)


def learn_tops(own, others, features, told, worth):
    """Return the columns of top themes; of another set only themes that it labels count."""
    parts = [(own, 1.0), *((others[name], worth) for name, worth in TOP_SETS.items())]
    blocks = [matrix(features, part) for part, _ in parts]
    said = np.vstack([part.tops for part, _ in parts])
    counts = np.concatenate([np.full(len(part.tops), share) for part, share in parts])
    if told is not None:
        blocks.append(told[0])
        said = np.vstack([said, 2 * told[2] - 1])
        counts = np.concatenate([counts, np.full(len(told[2]), worth)])
    rows = with_sets(blocks)
    columns = Parallel(n_jobs=2)(
        delayed(fit_columns)(
            rows[said[:, top] != 0],
            said[said[:, top] != 0][:, [top]] > 0,
            weights=(counts * np.abs(said[:, top]))[said[:, top] != 0],
        )
        for top in range(said.shape[1])
    )
    return without_sets(np.hstack(columns), len(blocks) - 1)


def learn_polarity(own, others, features, told, worth):
    """Return the columns of the polarity of clauses."""
    parts = [(own, 1.0), *((others[name], share) for name, share in POLARITY_SETS.items())]
    blocks = [matrix(features, p)[p.polarity[:, 0]] for p, _ in parts]
    sides = [p.polarity[:, 2] for p, _ in parts]
    weights = [share * p.weight for p, share in parts]
    if told is not None:
        spoken = told[2].max(axis=1) >= SPOKEN
        blocks.append(told[0][spoken])
        sides.append(told[3][spoken].argmax(axis=1))
        weights.append(worth * told[3][spoken].max(axis=1) ** 2)
    columns = fit_classes(
        with_sets(blocks), np.concatenate(sides), classes=len(SIDES),
        weights=np.concatenate(weights),
    )  # fmt: skip
    return without_sets(columns, len(blocks) - 1)


def learn_words(own, others, features, teaching, worth):
    """Return the columns of themes, polarity of clauses and sentiment of comments."""
    told = taught_rows(teaching, features) if teaching else None
    themes = learn_themes(own, features, told, worth)
    print("themes are learnt", flush=True)
    tops = learn_tops(own, others, features, told, worth)
    print("top themes are learnt", flush=True)
    polarity = learn_polarity(own, others, features, told, worth)
    print("polarity is learnt", flush=True)
    parts = [(own, 1.0), *((others[name], worth) for name, worth in SENTIMENT_SETS.items())]
    used = [(p, (p.sentiment >= 0) & (p.sentiment < len(SIDES)), worth) for p, worth in parts]
    sentiment = fit_classes(
        with_sets([matrix(features, p, whole=True)[rows] for p, rows, _ in used]),
        np.concatenate([p.sentiment[rows] for p, rows, _ in used]),
        classes=len(SIDES),
        weights=np.concatenate([np.full(rows.sum(), worth) for _, rows, worth in used]),
    )
    print("sentiment is learnt", flush=True)
    nothing = fit_columns(matrix(features, own, whole=True), own.empty[:, None], strength=3.0)
    return np.hstack([
        themes,
        tops,
        polarity,
        without_sets(sentiment, len(SENTIMENT_SETS)),
        nothing,
    ])  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "compact")
    parser.add_argument("--taught", type=float, default=TAUGHT)
    options = parser.parse_args()
    taxonomy = load_taxonomy()
    themes = Themes.of(taxonomy)
    own = own_examples(ROOT / "data" / "labelled", "train", taxonomy)
    others = {
        name: other_examples(options.corpora, name, taxonomy, partial(learnt_from, name))
        for name in SETS
    }
    dev, neutral = unseen(options.corpora, ROOT / "data" / "labelled", taxonomy)
    print("comments are read", flush=True)
    vocabulary = join_vocabularies(
        learn_vocabulary(clause_words(own.batch)),
        learn_vocabulary(
            (words for one in others.values() for words in clause_words(one.batch)),
            words=5, pairs=8, parts=8,
        ),
    )  # fmt: skip
    features = Features(vocabulary, load_embeddings())
    teacher = ROOT / "models" / "accurate"
    teaching = taught(options.corpora, teacher, taxonomy) if options.taught else ()
    columns = learn_words(own, others, features, list(teaching), options.taught)
    features, columns = prune(features, columns, least=PRUNE)
    scorer = make_scorer(outputs_of(themes), features, columns)
    steps, thresholds = learn_steps(
        Scored(dev, scorer, themes), Scored(neutral, scorer, themes), themes
    )
    model = CompactModel(
        taxonomy=taxonomy,
        scorer=scorer,
        steps=steps,
        thresholds=thresholds,
        **DECIDED,
    )
    options.out.mkdir(parents=True, exist_ok=True)
    card = options.out / "README.md"
    text = card.read_text("utf-8") if card.exists() else "# compact\n"
    write_folder(model, options.out, text, None)
    print(f"{len(features.vocabulary):,} words, pairs and parts; thresholds {thresholds}")


if __name__ == "__main__":
    main()
