"""Training a tagger of one's own themes on one's own labels."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np

from feedback_nlp.errors import ModelError
from feedback_nlp.showing import counted
from feedback_nlp.tagging.contexts import Outputs
from feedback_nlp.tagging.fitting import make_scorer, prune
from feedback_nlp.tagging.learning import (
    PARTS,
    TOLD,
    LearntThemes,
    Material,
    learn_themes,
)
from feedback_nlp.tagging.learning_polarity import LearntPolarity, learn_polarity, learning_curve
from feedback_nlp.tagging.network import NetworkModel
from feedback_nlp.tagging.own_labels import OwnLabels, check_own, read_own, taxonomy_of
from feedback_nlp.tagging.readings import SIDES, Floats
from feedback_nlp.tagging.scorer import Scorer
from feedback_nlp.tagging.store import facts_of, load_tagger, shipped_model
from feedback_nlp.tagging.tagger import Tagger, Tagging
from feedback_nlp.tagging.told import tell
from feedback_nlp.tagging.trained import VIEWS, Polarities, TrainedModel
from feedback_nlp.tagging.trained_card import Checked, Figures, card_of, figures_of
from feedback_nlp.taxonomy import Taxonomy, as_taxonomy

FEWEST_POLARITIES = 30
_PRUNE = 0.005  # of the largest weight; what is smaller hardly counts


def train_tagger(
    gold: Tagging,
    *,
    taxonomy: Taxonomy | str | Path | None = None,
    seed: int = 0,
    curve: bool = False,
    name: str = "trained",
    model: Literal["compact", "transformer"] = "compact",
    base: str | Path = "accurate",
    device: str = "cpu",
    passes: int | None = None,
    rate: float | None = None,
    say: Callable[[str], None] | None = None,
) -> Tagger:
    """Return a tagger that is learnt from labelled comments, starting from a model of ours.

    Every comment counts: one without labels speaks of none of the themes, so leave out what nobody
    has labelled. Comments of one respondent (where respondents are not known: with the same words)
    are never on both sides of a check. Same labels, seed and machine, same tagger.

    Args:
        gold: ``comments`` with comment_id and text (question, language and respondent_id are used
            where they are there), ``mentions`` with comment_id and theme; polarity may be missing,
            and without start and end a label is of the whole comment.
        taxonomy: The themes, as a taxonomy or the path of its TOML file; without it those that
            occur in the labels. Its phrases, if it has any, help.
        seed: Deals the comments into parts.
        curve: Also measure what fewer comments would have given, for the card.
        name: What the tagger is called.
        model: What it goes on from: ``compact``, in seconds; or ``transformer``, where a network
            learns, in minutes, which needs ``pip install "feedback-nlp[finetune]"``.
        base: Of a transformer, what it goes on from: ``accurate``, or the folder of such a model.
        device: Where a transformer learns: ``cpu``, ``cuda``, ``mps``.
        passes: The most passes of a transformer over the comments, from 3 to 12 by their number if
            not given. It stops earlier where it gets no better on comments that are kept out.
        rate: How fast the layers of a transformer learn at most; 5e-5 if not given.
        say: Is told by a transformer how far it is.

    Returns:
        A tagger with ``save`` and ``card``; the figures in the card are of comments that were not
        learnt from.

    Raises:
        ColumnError: A column is missing, an id is doubled, or a label fits no comment.
        TaxonomyError: A label has a theme that the taxonomy has not.
        MissingDependencyError: A transformer needs a library that is not installed.
        ModelError: There is too little to learn from, or a setting is none.

    Example:
        >>> import pandas as pd
        >>> said = {"delivery": "Parcel number {} came late", "staff": "Clerk {} was kind"}
        >>> rows = [(f"{t}{n}", s.format(n), t) for t, s in said.items() for n in range(20)]
        >>> comments = pd.DataFrame(rows, columns=["comment_id", "text", "theme"])
        >>> gold = Tagging(comments[["comment_id", "text"]], comments[["comment_id", "theme"]])
        >>> tagger = train_tagger(gold)
        >>> [m.theme for m in tagger("The parcel is late again").mentions]
        ['delivery']
    """
    check_own(gold)
    themes = taxonomy_of(gold.mentions, name) if taxonomy is None else as_taxonomy(taxonomy)
    own = read_own(gold, themes)
    if model == "transformer":
        return _with_network(
            own, themes, name, seed=seed, curve=curve, base=base, device=device, passes=passes,
            rate=rate, say=say,
        )  # fmt: skip
    if model != "compact":
        raise ModelError(f"model= is {model!r}; it takes compact or transformer.")
    compact = shipped_model()
    told = tell(compact, themes, own.comments)
    material = Material(told, compact.scorer.features.embeddings)
    learnt = learn_themes(material, own.labels, themes.ids, seed=seed)
    polarity = _polarity(material, own, learnt, seed)
    points = learning_curve(material, own.labels, themes.ids, learnt, seed=seed) if curve else []
    sides = None if polarity is None else polarity.likely
    checked = Checked(learnt.likely, learnt.thresholds, learnt.unseen.places.clause, sides)
    figures = figures_of(own, themes, checked, told, points)
    _warn(figures, 3)
    kept = polarity if figures.polarity_learnt else None
    scorer, of_told = _scorer(material, learnt, kept, themes)
    made = TrainedModel(
        taxonomy=themes,
        base=compact,
        scorer=scorer,
        told=of_told,
        weighing=learnt.weighing,
        thresholds=learnt.thresholds,
        polarities=_polarities(material, kept),
        marked=own.marked,
        card=card_of(
            name,
            figures,
            themes,
            how=f"It learnt from {counted(figures.comments, 'labelled comment')} (seed {seed}, "
            f"strength {learnt.strength:g}).",
            unseen=f"{PARTS} parts in turn",
            base="the compact model",
        ),
    )
    facts = facts_of(themes) | {"seed": str(seed)}
    return Tagger(taxonomy=themes, model=made, name=name, facts=facts)


def _with_network(
    own: OwnLabels, themes: Taxonomy, name: str, *, seed: int, curve: bool, base: str | Path,
    device: str, passes: int | None, rate: float | None, say: Callable[[str], None] | None,
) -> Tagger:  # fmt: skip
    """Return a tagger whose network learnt the themes."""
    from feedback_nlp.tagging.tuning import tune

    if curve:
        raise ModelError("A learning curve of a transformer takes hours; leave curve out.")
    if passes is not None and (isinstance(passes, bool) or passes < 1):
        raise ModelError(f"passes= is {passes!r}; it takes a whole number from 1 on.")
    if rate is not None and not 0 < rate < 1:
        raise ModelError(f"rate= is {rate!r}; it takes a number between 0 and 1, such as 5e-5.")
    begun = load_tagger(base).model
    if not isinstance(begun, NetworkModel):
        raise ModelError(
            f"base= is {str(base)!r}, which has no network to go on from; take 'accurate'."
        )
    made, checked, told, unseen = tune(
        own, themes, begun, seed=seed, device=device, passes=passes, rate=rate,
        say=say or (lambda _: None),
    )  # fmt: skip
    labelled = own.labels.themes.sum(axis=0)
    figures = figures_of(unseen, themes, checked, told, [], labelled=labelled)
    _warn(figures, 4)
    learnt = len(own.comments) - len(unseen.comments)
    card = card_of(
        name,
        figures,
        themes,
        how=f"Its network learnt from {counted(learnt, 'labelled comment')} (seed {seed}); on "
        f"{len(unseen.comments):,} others it was seen when to stop, and how likely a theme is.",
        unseen=f"these {len(unseen.comments):,}; their themes and polarities by what the others "
        "of them taught the last step",
        base="the accurate model",
    )
    polarity = made.polarity if figures.polarity_learnt else None
    facts = facts_of(themes) | {"seed": str(seed)}
    return Tagger(
        taxonomy=themes, model=replace(made, polarity=polarity, card=card), name=name, facts=facts
    )


def _warn(figures: Figures, level: int) -> None:
    for warning in figures.warnings:
        warnings.warn(warning, stacklevel=level)


def _polarity(
    material: Material, own: OwnLabels, learnt: LearntThemes, seed: int
) -> LearntPolarity | None:
    """Return what is learnt of polarity; ``None`` if there are too few labels of it."""
    said = own.labels.polarity[:, 2]
    if len(said) < FEWEST_POLARITIES or len(np.unique(said)) < 2:
        return None
    return learn_polarity(material, own.labels, learnt.unseen, seed=seed)


def _scorer(
    material: Material, learnt: LearntThemes, polarity: LearntPolarity | None, themes: Taxonomy
) -> tuple[Scorer, Floats]:
    """Return the scorer of all outputs, and what the columns of ``Told`` add to those of themes."""
    size, width = material.spelt, material.features.embeddings.width
    names = list(Outputs.of(themes.ids).names)
    scale = material.scale[:, None]
    columns = [learnt.columns[:size] * scale]
    intercepts = [learnt.columns[-1]]
    if polarity is not None:
        for at, view in enumerate(VIEWS):
            names += [f"{view}:{side}" for side in SIDES]
            columns.append(polarity.columns[at * size :][:size] * scale)
            intercepts.append(np.zeros(len(SIDES)))
    learnt_words = np.hstack(columns)
    context = np.zeros((width, learnt_words.shape[1]))
    together = np.vstack([learnt_words, context, np.concatenate(intercepts)])
    features, together = prune(material.features, together, least=_PRUNE)
    return make_scorer(names, features, together), learnt.columns[size:-1] * TOLD


def _polarities(material: Material, polarity: LearntPolarity | None) -> Polarities | None:
    if polarity is None:
        return None
    return Polarities(polarity.columns[len(VIEWS) * material.spelt :], polarity.weighing)
