"""Learning what is said of the themes, and what fewer labels would have taught."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.tagging.contexts import (
    Outputs,
    polarity_inputs_of,
    said_columns,
    weighing_inputs,
)
from feedback_nlp.tagging.fitting import fit_columns, fit_weighing
from feedback_nlp.tagging.learning import PARTS, Labels, LearntThemes, Material, Unseen, deal
from feedback_nlp.tagging.readings import SIDES, Floats
from feedback_nlp.tagging.thresholds import spread
from feedback_nlp.tagging.weighing import Weighing

POLARITY_STRENGTH = 0.05
SHARES = (0.125, 0.25, 0.5, 1.0)  # of the comments


@dataclass(frozen=True, slots=True)
class LearntPolarity:
    """Polarity as learnt.

    Attributes:
        columns: One column a polarity: words of clause, comment and near the theme, then what is
            said, then the intercept.
        weighing: The last step.
        likely: Place × polarity: probabilities of unseen comments.
    """

    columns: Floats
    weighing: Weighing
    likely: Floats


def learn_polarity(
    material: Material, labels: Labels, unseen: Unseen, *, seed: int
) -> LearntPolarity:
    """Return what is learnt of polarity.

    Args:
        material: The comments.
        labels: Their labels.
        unseen: Where each theme is spoken of.
        seed: Deals the parts.
    """
    from scipy.sparse import csr_matrix, hstack

    places, told = unseen.places, material.told
    said = said_columns(told, unseen.each, places, labels.themes.shape[1])
    rows = hstack(
        [
            material.of_clauses[places.clause],
            material.of_comments[places.comment],
            unseen.near @ material.of_words,
            csr_matrix(said),
        ]
    ).tocsr()
    wanted = labels.polarity[:, 2]
    sides = wanted[:, None] == np.arange(len(SIDES))
    part = deal(labels.group, PARTS, seed)[places.comment]
    scores = np.zeros(sides.shape)
    for out in range(PARTS):
        train, test = np.flatnonzero(part != out), np.flatnonzero(part == out)
        columns = fit_columns(rows[train], sides[train], strength=POLARITY_STRENGTH)
        scores[test] = rows[test] @ columns[:-1] + columns[-1]
    inputs = polarity_inputs_of(scores, told, places)
    again = deal(labels.group, PARTS, seed + 1)[places.comment]
    return LearntPolarity(
        columns=fit_columns(rows, sides, strength=POLARITY_STRENGTH),
        weighing=_weigh(inputs, wanted),
        likely=spread(inputs, wanted, again, _weigh, parts=PARTS),
    )


def _weigh(inputs: Floats, wanted: NDArray[np.generic]) -> Weighing:
    return fit_weighing(inputs, wanted, classes=len(SIDES), strength=0.1)


def learning_curve(
    material: Material, labels: Labels, themes: Sequence[str], learnt: LearntThemes, *, seed: int
) -> list[tuple[int, float]]:
    """Return theme F1 on unseen comments by how many comments were learnt from.

    Args:
        material: The comments.
        labels: Their labels.
        themes: The ids of the themes.
        learnt: What was learnt of all of them: the last step and the thresholds stay.
        seed: Deals the parts.
    """
    outputs = Outputs.of(themes)
    wanted = labels.themes @ outputs.members.T.astype(int) > 0
    least = np.array([learnt.thresholds[theme] for theme in themes])
    part = deal(labels.group, PARTS, seed)
    order = np.random.default_rng(seed).permutation(len(part))
    clauses, curve = material.told.batch.clauses, []
    for share in SHARES:
        whole = np.zeros(wanted.shape)
        each = np.zeros((len(clauses), wanted.shape[1]))
        for out in range(PARTS):
            train = order[part[order] != out]
            train = train[: round(share * len(train))]
            test, here = part == out, part[clauses.comment] == out
            columns = fit_columns(material.comments[train], wanted[train], strength=learnt.strength)
            whole[test] = material.comments[test] @ columns[:-1] + columns[-1]
            each[here] = material.clauses[here] @ columns[:-1] + columns[-1]
        inputs = weighing_inputs(whole, each, clauses, outputs)
        found = learnt.weighing.probabilities(inputs) >= least
        both = 2 * (found & labels.themes).sum() / max(1, found.sum() + labels.themes.sum())
        curve.append((len(train), float(both)))
    return curve
