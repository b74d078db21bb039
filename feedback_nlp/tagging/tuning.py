"""Learning one's own themes with a network: it goes on from the one that comes with the package.

A fifth of the respondents is kept out: on their comments it is seen when to stop, how likely
"likely" is, and how good the tagger is.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.errors import MissingDependencyError, ModelError
from feedback_nlp.flat import Bools, Ints
from feedback_nlp.networks.network import Network
from feedback_nlp.networks.passes import Text, in_batches, share_of
from feedback_nlp.tagging.contexts import Outputs, Places, best_clauses
from feedback_nlp.tagging.fitting import fit_weighing
from feedback_nlp.tagging.layers import Themes
from feedback_nlp.tagging.learning import PARTS, Labels, deal, marked_clauses
from feedback_nlp.tagging.network import QUESTION, NetworkModel, NetworkScorer
from feedback_nlp.tagging.own_labels import OwnLabels
from feedback_nlp.tagging.readings import SIDES, Floats
from feedback_nlp.tagging.thresholds import best_thresholds, spread
from feedback_nlp.tagging.told import Told, tell
from feedback_nlp.tagging.trained_card import Checked
from feedback_nlp.tagging.tuned import (
    OwnScores,
    TunedModel,
    flat_themes,
    own_scores,
    side_inputs,
    theme_inputs,
)
from feedback_nlp.tagging.weighing import Weighing
from feedback_nlp.taxonomy import Taxonomy
from feedback_nlp.text import HALF_CHARACTER

FEWEST = 100  # comments that a network can learn from
BATCH, LONGEST = 16, 128  # texts; pieces of a comment that are learnt from
_ENOUGH, _MOST, _LEAST = 12_000, 12, 3  # texts in all passes; passes
_PATIENCE = 2  # passes without getting better
_FEWEST_SIDES = 30  # labels of polarity among the comments that were kept out

Say = Callable[[str], None]


def tune(
    own: OwnLabels, taxonomy: Taxonomy, base: NetworkModel, *, seed: int, device: str,
    passes: int | None, rate: float | None, say: Say,
) -> tuple[TunedModel, Checked, Told, OwnLabels]:  # fmt: skip
    """Learn themes and what is said of them.

    Args:
        own: The labels.
        taxonomy: The themes.
        base: The model with the network to go on from.
        seed: Deals the comments and their order.
        device: Where it learns: ``cpu``, ``cuda``, ``mps``.
        passes: The most passes over the comments; by their number if not given.
        rate: How fast the layers learn; the usual rate if not given.
        say: Is told how far it is, in a line.

    Returns:
        The model, without a card; what it says of the comments that were kept out; what is known
        of these; their labels.

    Raises:
        MissingDependencyError: torch, transformers or onnx is not installed.
        ModelError: There is too little to learn from, or no such device.
    """
    _needs()
    if len(own.comments) < FEWEST:
        raise ModelError(
            f"There are {len(own.comments)} labelled comments with something to read; a network "
            f"needs {FEWEST} at least. Leave --model out: that learns from fewer."
        )
    held = deal(own.labels.group, PARTS, seed) == 0
    kept_out = _part(own, held)
    themes = flat_themes(taxonomy)
    learning, unseen = (_texts(part, base.scorer) for part in (_part(own, ~held), kept_out))
    graph = _learn(learning, unseen, base, taxonomy, seed, device, passes, rate, say)
    network = Network("the network", graph, base.scorer.network.tokenizer)
    scorer = NetworkScorer(network, themes, base.scorer.positions)
    told = tell(base, taxonomy, kept_out.comments)
    outputs = Outputs.of(taxonomy.ids)
    scores = own_scores(scorer, outputs, told.batch)
    inputs, truth = theme_inputs(scores, told, outputs), kept_out.labels.themes
    part = deal(kept_out.labels.group, PARTS, seed)
    likely = spread(inputs, truth, part, _weigh, parts=PARTS)
    each = np.arange(len(likely))
    thresholds = best_thresholds(likely, truth, each, taxonomy.ids)
    places = _places(scores, told, kept_out.labels)
    polarity, sides = _sides(side_inputs(scores, told, places), kept_out.labels, part)
    model = TunedModel(
        taxonomy=taxonomy,
        base=base,
        scorer=scorer,
        weighing=_weigh(inputs, truth),
        thresholds=thresholds,
        polarity=polarity,
        marked=own.marked,
    )
    return model, Checked(likely, thresholds, places.clause, sides), told, kept_out


def _needs() -> None:
    from importlib.util import find_spec

    missing = [name for name in ("torch", "transformers", "onnx") if find_spec(name) is None]
    if missing:
        raise MissingDependencyError(
            f"To go on with the learning of a network, {' and '.join(missing)} must be installed: "
            "pip install 'feedback-nlp[finetune]'."
        )


def _part(own: OwnLabels, chosen: Bools) -> OwnLabels:
    """Return some of the comments with their labels."""
    rows = np.flatnonzero(chosen)
    place = np.full(len(chosen), -1)
    place[rows] = np.arange(len(rows))
    polarity = own.labels.polarity[chosen[own.labels.polarity[:, 0]]].copy()
    polarity[:, 0] = place[polarity[:, 0]]
    group = np.unique(own.labels.group[rows], return_inverse=True)[1].astype(np.int64)
    labels = Labels(own.labels.themes[rows], polarity, group)
    return OwnLabels(own.comments.take(rows), labels, own.left_out, own.marked)


def _texts(own: OwnLabels, scorer: NetworkScorer) -> list[Text]:
    """Return comments in pieces, with their labels."""
    network, batch = scorer.network, own.comments
    begin, end = scorer.ends
    cut = network.tokenizer.encode_batch(_plain(batch.texts), add_special_tokens=False)
    asked = network.tokenizer.encode_batch(_plain(batch.questions), add_special_tokens=False)
    sides: dict[int, list[tuple[int, ...]]] = {}
    for comment, *label in own.labels.polarity.tolist():
        sides.setdefault(comment, []).append(tuple(label))
    texts = []
    for row, (one, question) in enumerate(zip(cut, asked, strict=True)):
        inside = min(len(one.ids), LONGEST)
        last = np.array([place[1] for place in one.offsets[:inside]])
        found = [
            (theme, side, *_between(last, first, stop, inside), first >= 0)
            for theme, side, first, stop in sides.get(row, ())
        ]
        more = (*question.ids[:QUESTION], end) if question.ids else ()
        texts.append(
            Text(
                pieces=(begin, *one.ids[:inside], end, *more),
                asked=len(more),
                inside=inside,
                themes=frozenset(np.flatnonzero(own.labels.themes[row]).tolist()),
                spans=tuple((t, a, b) for t, _, a, b, narrow in found if narrow and a < b),
                sides=tuple((t, side, a, b) for t, side, a, b, _ in found if a < b),
            )
        )
    return [text for text in texts if text.inside]


def _plain(texts: Sequence[str]) -> list[str]:
    return [HALF_CHARACTER.sub(" ", text) for text in texts]


def _between(last: Ints, first: int, stop: int, inside: int) -> tuple[int, int]:
    """Return the pieces of a stretch of characters, counted from 1; all for one from −1."""
    if first < 0:
        return 1, 1 + inside
    begin = int(np.searchsorted(last, first, side="right"))
    return 1 + begin, 1 + int(np.searchsorted(last, stop, side="right"))


def _learn(
    learning: list[Text], unseen: list[Text], base: NetworkModel, taxonomy: Taxonomy,
    seed: int, device: str, passes: int | None, rate: float | None, say: Say,
) -> bytes:  # fmt: skip
    """Return the network as it was after the pass that was best on unseen comments."""
    from feedback_nlp.networks.reading import read_weights
    from feedback_nlp.networks.tuning import RATE, Learner

    network, known = base.scorer.network, Themes.of(base.taxonomy)
    shape, weights = read_weights(network.graph, network.name, seed=seed)
    rows = [known.ids.index(one) if one in known.ids else -1 for one in taxonomy.ids]
    sides = len(known.ids) + len(known.tops)
    learner = Learner(shape, weights, np.array(rows), sides, device, seed)
    optimizer = learner.optimizer(rate or RATE)
    usual = min(_MOST, max(_LEAST, math.ceil(_ENOUGH / len(learning))))
    most = passes or usual
    each = math.ceil(len(learning) / BATCH)
    best, since, state, step = -math.inf, 0, learner.state(), 0
    for turn in range(most):
        for batch in in_batches(learning, BATCH, (seed, turn)):
            learner.step(optimizer, batch, share_of(step, each * most))
            step += 1
        f1, right = learner.measure(unseen)
        said = "" if math.isnan(right) else f", polarity {right:.3f}"
        say(f"pass {turn + 1} of at most {most}: on comments kept out, theme F1 {f1:.3f}{said}")
        figure = f1 + (0.0 if math.isnan(right) else right)
        since = 0 if figure > best else since + 1
        if figure >= best:  # of passes that are as good, the last has learnt most
            best, state = figure, learner.state()
        if since >= _PATIENCE:
            break
    learner.restore(state)
    return learner.graph()


def _places(scores: OwnScores, told: Told, labels: Labels) -> Places:
    """Return the clauses that speak of the themes whose polarity is labelled."""
    comment, theme = labels.polarity[:, 0], labels.polarity[:, 1]
    clause = best_clauses(scores.each, told.batch.clauses, comment, theme)
    narrow = np.flatnonzero(labels.polarity[:, 3] >= 0)
    clause[narrow] = marked_clauses(told.batch, labels.polarity[narrow])
    return Places(comment, theme, clause)


def _sides(inputs: Floats, labels: Labels, part: Ints) -> tuple[Weighing | None, Floats | None]:
    """Return what weighs polarity, and what it says of each label by what the others taught."""
    wanted = labels.polarity[:, 2]
    if len(wanted) < _FEWEST_SIDES or len(np.unique(wanted)) < 2:
        return None, None

    def fit(x: Floats, y: NDArray[np.generic]) -> Weighing:
        return _weigh(x, y, classes=len(SIDES), strength=0.1)

    return fit(inputs, wanted), spread(inputs, wanted, part[labels.polarity[:, 0]], fit)


def _weigh(
    inputs: Floats, labels: NDArray[np.generic], *, classes: int = 1, strength: float = 1.0
) -> Weighing:
    """Return a weighing of columns, each of which is first brought to the same spread.

    Without that the scores of a network that has not learnt for long, which are close together,
    would be held back as if they said little.
    """
    flat = inputs.reshape(-1, inputs.shape[-1])
    mean, width = flat.mean(axis=0), flat.std(axis=0)
    width[width == 0] = 1.0
    step = fit_weighing((inputs - mean) / width, labels, classes=classes, strength=strength)
    weights = step.weights / width[:, None]
    return Weighing(weights, step.intercept - mean @ weights)
