"""How good a trained tagger is, on comments it had not seen, and the card that says so."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feedback_nlp.parsed import Bools
from feedback_nlp.showing import counted
from feedback_nlp.tagging.learning import PARTS, Labels, LearntThemes
from feedback_nlp.tagging.learning_polarity import LearntPolarity
from feedback_nlp.tagging.measures import calibration_error
from feedback_nlp.tagging.own_labels import OwnLabels
from feedback_nlp.tagging.readings import SIDES, Floats
from feedback_nlp.tagging.thresholds import best_thresholds
from feedback_nlp.tagging.told import Told
from feedback_nlp.taxonomy import Taxonomy

ENOUGH = 20  # comments a theme needs


@dataclass(frozen=True, slots=True)
class ThemeFigures:
    """How well one theme is found: labels, precision, recall, F1 and the threshold."""

    theme: str
    labels: int
    precision: float
    recall: float
    f1: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of a trained tagger.

    Attributes:
        comments: How many were learnt from.
        left_out: How many said nothing that can be read.
        themes: Each theme.
        f1: Of all themes together (micro).
        most_frequent: The F1 of naming the most frequent theme always.
        calibration: Expected calibration error of what was named.
        polarities: How many labels of polarity there were.
        polarity: The share of them that was right, given theme and comment; missing if too few.
        polarity_base: The same of the compact model alone.
        polarity_learnt: Whether what was learnt is better, and used.
        strength: What was chosen.
        curve: Comments learnt from, and theme F1.
        warnings: What should be known before it is used.
    """

    comments: int
    left_out: int
    themes: tuple[ThemeFigures, ...]
    f1: float
    most_frequent: float
    calibration: float
    polarities: int
    polarity: float
    polarity_base: float
    polarity_learnt: bool
    strength: float
    curve: tuple[tuple[int, float], ...]
    warnings: tuple[str, ...]


def figures_of(
    own: OwnLabels,
    taxonomy: Taxonomy,
    learnt: LearntThemes,
    polarity: LearntPolarity | None,
    told: Told,
    curve: Sequence[tuple[int, float]],
) -> Figures:
    """Return the figures of what was learnt, all of them on unseen comments."""
    truth = own.labels.themes
    found = _named(learnt.likely, own.labels, taxonomy)
    counts = truth.sum(axis=0)
    each = tuple(
        ThemeFigures(theme, int(counts[at]), *_scores(found[:, at], truth[:, at]), least)
        for at, (theme, least) in enumerate(learnt.thresholds.items())
    )
    usual = np.zeros_like(truth)
    usual[:, counts.argmax()] = True
    wanted, clause = own.labels.polarity[:, 2], learnt.unseen.places.clause
    given = _share(told.likely[clause].argmax(axis=1) == wanted)
    mine = float("nan") if polarity is None else _share(polarity.likely.argmax(axis=1) == wanted)
    return Figures(
        comments=len(truth),
        left_out=own.left_out,
        themes=each,
        f1=_scores(found, truth)[2],
        most_frequent=_scores(usual, truth)[2],
        calibration=calibration_error(learnt.likely[found], truth[found]),
        polarities=len(wanted),
        polarity=mine,
        polarity_base=given,
        polarity_learnt=polarity is not None and mine >= given,
        strength=learnt.strength,
        curve=tuple(curve),
        warnings=_warnings(each, taxonomy),
    )


def _named(likely: Floats, labels: Labels, taxonomy: Taxonomy) -> Bools:
    """Return what is named in each part with thresholds that were chosen on the others."""
    truth, part = labels.themes, labels.group % PARTS
    found = np.zeros_like(truth)
    for out in range(PARTS):
        rest = part != out
        each = np.arange(int(rest.sum()))
        least = best_thresholds(likely[rest], truth[rest], each, taxonomy.ids)
        found[~rest] = likely[~rest] >= np.array([least[theme] for theme in taxonomy.ids])
    return found


def _scores(found: Bools, truth: Bools) -> tuple[float, float, float]:
    """Return precision, recall and F1; 0 where there is nothing."""
    hits = int((found & truth).sum())
    precision, recall = hits / max(1, int(found.sum())), hits / max(1, int(truth.sum()))
    return precision, recall, 2 * hits / max(1, int(found.sum()) + int(truth.sum()))


def _share(right: Bools) -> float:
    return float(right.mean()) if len(right) else float("nan")


def _warnings(themes: Sequence[ThemeFigures], taxonomy: Taxonomy) -> tuple[str, ...]:
    parents = {theme.parent for theme in taxonomy.themes if theme.parent != theme.id}
    never = [one.theme for one in themes if not one.labels and one.theme not in parents]
    few = [f"{one.theme} ({one.labels})" for one in themes if 0 < one.labels < ENOUGH]
    said = []
    if never:
        said.append(f"No comment is labelled {', '.join(never)}: never found. Label some.")
    if few:
        said.append(
            f"Fewer than {ENOUGH} comments are labelled {', '.join(few)}: found with little "
            "certainty. Label more, or join them with others."
        )
    return tuple(said)


def card_of(name: str, figures: Figures, taxonomy: Taxonomy, seed: int) -> str:
    """Return the card in Markdown."""
    rows = [
        f"| {one.theme} | {one.labels} | {one.precision:.2f} | {one.recall:.2f} | {one.f1:.2f} "
        f"| {one.threshold:.2f} |"
        for one in figures.themes
        if one.labels
    ]
    parts = [
        f"# {name}\n\nA tagger of the themes of the taxonomy {taxonomy.name!r}, made by "
        f"`train_tagger` from {counted(figures.comments, 'labelled comment')} (seed {seed}, "
        f"strength {figures.strength:g}); {figures.left_out} more had nothing to read. It starts "
        "from the compact model that comes with the package, a copy of which is in `base`.",
        f"All figures are of comments that were not learnt from ({PARTS} parts in turn).",
        "## Themes\n\n"
        f"F1 of all themes together **{figures.f1:.3f}**; always naming the most frequent one: "
        f"{figures.most_frequent:.3f}. Expected calibration error {figures.calibration:.3f}.\n\n"
        "| theme | labels | precision | recall | F1 | threshold |\n|---|--:|--:|--:|--:|--:|\n"
        + "\n".join(rows),
        "## Polarity\n\n" + _polarity_text(figures),
    ]
    if figures.curve:
        points = "\n".join(f"| {n:,} | {f1:.3f} |" for n, f1 in figures.curve)
        parts.append(f"## Learning curve\n\n| comments | theme F1 |\n|--:|--:|\n{points}")
    if figures.warnings:
        parts.append("## To know\n\n" + "\n".join(f"- {one}" for one in figures.warnings))
    return "\n\n".join(parts) + "\n"


def _polarity_text(figures: Figures) -> str:
    labels = counted(figures.polarities, "label")
    if not figures.polarities:
        return "No label has a polarity; the compact model judges."
    if np.isnan(figures.polarity):
        return (
            f"Only {labels} with a polarity ({', '.join(SIDES)}), or all alike: the compact model "
            f"judges; it is right on {figures.polarity_base:.3f} of them."
        )
    said = (
        f"Right on {figures.polarity:.3f} of {labels}, given comment and theme; the compact model "
        f"alone on {figures.polarity_base:.3f}."
    )
    return said if figures.polarity_learnt else f"{said} So the compact model judges."
