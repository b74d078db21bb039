"""Training a tagger of one's own themes on one's own labels."""

import warnings
from pathlib import Path

import numpy as np

from feedback_nlp.tagging.contexts import Outputs
from feedback_nlp.tagging.fitting import make_scorer, prune
from feedback_nlp.tagging.learning import (
    TOLD,
    LearntThemes,
    Material,
    learn_themes,
)
from feedback_nlp.tagging.learning_polarity import LearntPolarity, learn_polarity, learning_curve
from feedback_nlp.tagging.own_labels import OwnLabels, check_own, read_own, taxonomy_of
from feedback_nlp.tagging.readings import SIDES, Floats
from feedback_nlp.tagging.scorer import Scorer
from feedback_nlp.tagging.store import facts_of, shipped_model
from feedback_nlp.tagging.tagger import Tagger, Tagging
from feedback_nlp.tagging.told import tell
from feedback_nlp.tagging.trained import VIEWS, Polarities, TrainedModel
from feedback_nlp.tagging.trained_card import card_of, figures_of
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
) -> Tagger:
    """Return a tagger that is learnt from labelled comments, starting from the compact model.

    Every comment counts: one without labels speaks of none of the themes, so leave out what nobody
    has labelled. Comments of one respondent (where respondents are not known: with the same words)
    are never on both sides of a check. Same labels and seed, same tagger.

    Args:
        gold: ``comments`` with comment_id and text (question, language and respondent_id are used
            where they are there), ``mentions`` with comment_id and theme; polarity may be missing,
            and without start and end a label is of the whole comment.
        taxonomy: The themes, as a taxonomy or the path of its TOML file; without it those that
            occur in the labels. Its phrases, if it has any, help.
        seed: Deals the comments into parts.
        curve: Also measure what fewer comments would have given, for the card.
        name: What the tagger is called.

    Returns:
        A tagger with ``save`` and ``card``; the figures in the card are of comments that were not
        learnt from.

    Raises:
        ColumnError: A column is missing, an id is doubled, or a label fits no comment.
        TaxonomyError: A label has a theme that the taxonomy has not.
        ModelError: There is too little to learn from.

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
    base = shipped_model()
    told = tell(base, themes, own.comments)
    material = Material(told, base.scorer.features.embeddings)
    learnt = learn_themes(material, own.labels, themes.ids, seed=seed)
    polarity = _polarity(material, own, learnt, seed)
    points = learning_curve(material, own.labels, themes.ids, learnt, seed=seed) if curve else []
    figures = figures_of(own, themes, learnt, polarity, told, points)
    for warning in figures.warnings:
        warnings.warn(warning, stacklevel=2)
    kept = polarity if figures.polarity_learnt else None
    scorer, of_told = _scorer(material, learnt, kept, themes)
    model = TrainedModel(
        taxonomy=themes,
        base=base,
        scorer=scorer,
        told=of_told,
        weighing=learnt.weighing,
        thresholds=learnt.thresholds,
        polarities=_polarities(material, kept),
        marked=own.marked,
        card=card_of(name, figures, themes, seed),
    )
    facts = facts_of(themes) | {"seed": str(seed)}
    return Tagger(taxonomy=themes, model=model, name=name, facts=facts)


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
