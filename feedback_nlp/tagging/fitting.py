"""Learning the parts of a compact model: vocabulary, linear scores, the weighing after them.

scikit-learn does the learning; what comes out is plain arrays, so that a tagger needs no
scikit-learn and no pickle.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.tagging.features import Features
from feedback_nlp.tagging.readings import Floats
from feedback_nlp.tagging.scorer import Scorer
from feedback_nlp.tagging.vocabulary import Vocabulary, parts_of_word
from feedback_nlp.tagging.weighing import Weighing

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

NEVER = -9.0  # log-odds of what was never labelled


def learn_vocabulary(
    stretches: Iterable[Sequence[str]], *, words: int = 2, pairs: int = 3, parts: int = 3
) -> Vocabulary:
    """Return the words, pairs and parts of words that occur often enough to learn from.

    Args:
        stretches: The words of each clause or comment.
        words: In how many stretches a word must occur.
        pairs: The same of two neighbouring words.
        parts: The same of a part of a word.

    Example:
        >>> learn_vocabulary([["too", "late"], ["too", "late"]], pairs=2).pairs
        ('too late',)
    """
    counts: tuple[Counter[str], ...] = (Counter(), Counter(), Counter())
    for stretch in stretches:
        unique = set(stretch)
        counts[0].update(unique)
        counts[1].update({f"{first} {second}" for first, second in pairwise(stretch)})
        counts[2].update({part for word in unique for part in parts_of_word(word)})
    floors = (words, pairs, parts)
    kept = [
        tuple(sorted(item for item, n in count.items() if n >= floor))
        for count, floor in zip(counts, floors, strict=True)
    ]
    return Vocabulary(*kept)


def join_vocabularies(first: Vocabulary, second: Vocabulary) -> Vocabulary:
    """Return what is in either."""
    return Vocabulary(
        words=tuple(sorted({*first.words, *second.words})),
        pairs=tuple(sorted({*first.pairs, *second.pairs})),
        parts=tuple(sorted({*first.parts, *second.parts})),
    )


def fit_columns(
    inputs: "csr_matrix",
    labels: NDArray[np.bool_],
    *,
    weights: Floats | None = None,
    strength: float = 1.0,
    jobs: int = 1,
) -> Floats:
    """Return one column of weights an output, its intercept last; each output is learnt alone.

    Args:
        inputs: One row a stretch, sparse.
        labels: One column an output.
        weights: One a row.
        strength: Inverse of the regularisation (``C`` of scikit-learn).
        jobs: Processes at once.
    """
    from joblib import Parallel, delayed

    columns: list[Floats] = Parallel(n_jobs=jobs)(
        delayed(_fit_column)(inputs, column, weights, strength) for column in labels.T
    )
    return np.stack(columns, axis=1)


def _fit_column(
    inputs: "csr_matrix", labels: NDArray[np.bool_], weights: Floats | None, strength: float
) -> Floats:
    from sklearn.linear_model import LogisticRegression

    if labels.all() or not labels.any():
        never = np.zeros(inputs.shape[1] + 1)
        never[-1] = -NEVER if labels.all() else NEVER
        return never
    model = LogisticRegression(C=strength, solver="liblinear", max_iter=300, random_state=0)
    model.fit(inputs, labels, sample_weight=weights)
    return np.append(model.coef_[0], model.intercept_[0])


def fit_classes(
    inputs: "csr_matrix | Floats",
    labels: NDArray[np.int64],
    *,
    classes: int,
    weights: Floats | None = None,
    strength: float = 0.5,
) -> Floats:
    """Return one column of weights a class, its intercept last; the classes exclude one another.

    Args:
        inputs: One row an example.
        labels: The number of its class.
        classes: How many classes there are, whether or not all occur.
        weights: One a row.
        strength: Inverse of the regularisation.
    """
    from sklearn.linear_model import LogisticRegression

    present = np.unique(labels)
    columns = np.zeros((inputs.shape[1] + 1, classes))
    columns[-1] = NEVER
    if len(present) < 2:
        columns[-1, present] = -NEVER
        return columns
    model = LogisticRegression(C=strength, max_iter=2_000).fit(
        inputs, labels, sample_weight=weights
    )
    coefficients, intercepts = model.coef_, model.intercept_
    if len(present) == 2:
        coefficients = np.vstack([-coefficients[0], coefficients[0]]) / 2
        intercepts = np.array([-intercepts[0], intercepts[0]]) / 2
    columns[:, present] = np.vstack([coefficients.T, intercepts])
    return columns


def fit_weighing(
    inputs: Floats, labels: NDArray[np.generic], *, classes: int = 1, strength: float = 1.0,
    weights: Floats | None = None,
) -> Weighing:  # fmt: skip
    """Return a weighing of the last axis of the inputs.

    Args:
        inputs: (..., columns).
        labels: (...); truth values for one class, else the number of the class.
        classes: How many classes; 1 for yes or no.
        strength: Inverse of the regularisation.
        weights: (...), if some count more than others.
    """
    flat = inputs.reshape(-1, inputs.shape[-1])
    given = None if weights is None else weights.reshape(-1)
    both = fit_classes(
        flat, labels.reshape(-1).astype(np.int64), classes=max(2, classes), weights=given,
        strength=strength,
    )  # fmt: skip
    if classes == 1:
        both = both[:, 1:] - both[:, :1]
    return Weighing(both[:-1], both[-1])


def make_scorer(outputs: Sequence[str], features: Features, columns: Floats) -> Scorer:
    """Return a scorer of learnt columns, its weights rounded to a byte each.

    Args:
        outputs: What the columns are called.
        features: What the rows are: those of the vocabulary, then meaning and context.
        columns: The weights, the intercepts last.
    """
    size = len(features.vocabulary)
    spelt = columns[:size]
    scale = np.maximum(np.abs(spelt).max(axis=0, initial=0.0), 1e-9) / 127
    return Scorer(
        outputs=tuple(outputs),
        features=features,
        weights=np.round(spelt / scale).astype(np.int8),
        scale=scale.astype(np.float32).astype(np.float64),
        meaning=columns[size:-1].astype(np.float32).astype(np.float64),
        intercept=columns[-1].astype(np.float32).astype(np.float64),
    )


def prune(features: Features, columns: Floats, *, least: float) -> tuple[Features, Floats]:
    """Return the features and columns without what hardly counts for any output.

    Args:
        features: The features.
        columns: Their weights.
        least: The smallest weight that is kept, as a share of the largest.
    """
    vocabulary = features.vocabulary
    size = len(vocabulary)
    worth = np.abs(columns[:size]).max(axis=1, initial=0.0)
    keep = worth >= least * worth.max(initial=0.0)
    first, second = len(vocabulary.words), len(vocabulary.words) + len(vocabulary.pairs)
    pick = [
        tuple(np.array(items, dtype=object)[keep[start:end]])
        for items, start, end in (
            (vocabulary.words, 0, first),
            (vocabulary.pairs, first, second),
            (vocabulary.parts, second, size),
        )
    ]
    rows = np.concatenate([columns[:size][keep], columns[size:]])
    return Features(Vocabulary(*pick), features.embeddings), rows
