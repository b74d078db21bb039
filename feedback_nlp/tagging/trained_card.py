"""How good a trained tagger is, on comments it had not seen, and the card that says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from feedback_nlp.parsed import Bools, Ints
from feedback_nlp.showing import counted
from feedback_nlp.tagging.learning import PARTS, Labels
from feedback_nlp.tagging.measures import calibration_error
from feedback_nlp.tagging.own_labels import OwnLabels
from feedback_nlp.tagging.readings import SIDES, Floats
from feedback_nlp.tagging.thresholds import best_thresholds
from feedback_nlp.tagging.told import Told
from feedback_nlp.taxonomy import Taxonomy

ENOUGH = 20  # comments a theme needs


@dataclass(frozen=True, slots=True)
class Checked:
    """What a tagger says of comments that it did not learn from.

    Attributes:
        likely: Comment × theme, probabilities.
        thresholds: The least probability of each theme.
        clause: The clause of each theme whose polarity is labelled.
        sides: Of each of these the probability of each polarity; ``None`` if none was learnt.
    """

    likely: Floats
    thresholds: Mapping[str, float]
    clause: Ints
    sides: Floats | None


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
        comments: How many the figures are of.
        left_out: How many said nothing that can be read.
        themes: Each theme.
        f1: Of all themes together (micro).
        most_frequent: The F1 of naming the most frequent theme always.
        calibration: Expected calibration error of what was named.
        polarities: How many labels of polarity there were.
        polarity: The share of them that was right, given theme and comment; missing if too few.
        polarity_base: The same of the model that it starts from.
        polarity_learnt: Whether what was learnt is better, and used.
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
    curve: tuple[tuple[int, float], ...]
    warnings: tuple[str, ...]


def figures_of(
    own: OwnLabels,
    taxonomy: Taxonomy,
    checked: Checked,
    told: Told,
    curve: Sequence[tuple[int, float]],
    *,
    labelled: Ints | None = None,
) -> Figures:
    """Return the figures of what was learnt, all of them on unseen comments.

    Args:
        own: These comments and their labels.
        taxonomy: The themes.
        checked: What the tagger says of them.
        told: What is known of them.
        curve: Comments learnt from, and theme F1.
        labelled: How many labels each theme has in all; those of these comments if not given.
    """
    truth = own.labels.themes
    found = _named(checked.likely, own.labels, taxonomy)
    counts = truth.sum(axis=0)
    each = tuple(
        ThemeFigures(theme, int(counts[at]), *_scores(found[:, at], truth[:, at]), least)
        for at, (theme, least) in enumerate(checked.thresholds.items())
    )
    usual = np.zeros_like(truth)
    usual[:, counts.argmax()] = True
    wanted, sides = own.labels.polarity[:, 2], checked.sides
    given = _share(told.likely[checked.clause].argmax(axis=1) == wanted)
    mine = float("nan") if sides is None else _share(sides.argmax(axis=1) == wanted)
    return Figures(
        comments=len(truth),
        left_out=own.left_out,
        themes=each,
        f1=_scores(found, truth)[2],
        most_frequent=_scores(usual, truth)[2],
        calibration=calibration_error(checked.likely[found], truth[found]),
        polarities=len(wanted),
        polarity=mine,
        polarity_base=given,
        polarity_learnt=sides is not None and mine >= given,
        curve=tuple(curve),
        warnings=_warnings(counts if labelled is None else labelled, taxonomy),
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


def _warnings(labelled: Ints, taxonomy: Taxonomy) -> tuple[str, ...]:
    parents = {theme.parent for theme in taxonomy.themes if theme.parent != theme.id}
    counts = dict(zip(taxonomy.ids, labelled.tolist(), strict=True))
    never = [theme for theme, many in counts.items() if not many and theme not in parents]
    few = [f"{theme} ({many})" for theme, many in counts.items() if 0 < many < ENOUGH]
    said = []
    if never:
        said.append(f"No comment is labelled {', '.join(never)}: never found. Label some.")
    if few:
        said.append(
            f"Fewer than {ENOUGH} comments are labelled {', '.join(few)}: found with little "
            "certainty. Label more, or join them with others."
        )
    return tuple(said)


def card_of(
    name: str, figures: Figures, taxonomy: Taxonomy, *, how: str, unseen: str, base: str
) -> str:
    """Return the card in Markdown.

    Args:
        name: What the tagger is called.
        figures: How good it is.
        taxonomy: Its themes.
        how: How it was made, in sentences.
        unseen: Which comments the figures are of.
        base: What the model it starts from is called: ``the compact model``.
    """
    rows = [
        f"| {one.theme} | {one.labels} | {one.precision:.2f} | {one.recall:.2f} | {one.f1:.2f} "
        f"| {one.threshold:.2f} |"
        for one in figures.themes
        if one.labels
    ]
    parts = [
        f"# {name}\n\nA tagger of the themes of the taxonomy {taxonomy.name!r}, made by "
        f"`train_tagger`. {how} {counted(figures.left_out, 'labelled comment')} had nothing to "
        f"read. It starts from {base}, a copy of which is in `base`.",
        f"All figures are of comments that were not learnt from ({unseen}).",
        "## Themes\n\n"
        f"F1 of all themes together **{figures.f1:.3f}**; always naming the most frequent one: "
        f"{figures.most_frequent:.3f}. Expected calibration error {figures.calibration:.3f}.\n\n"
        "| theme | labels | precision | recall | F1 | threshold |\n|---|--:|--:|--:|--:|--:|\n"
        + "\n".join(rows),
        "## Polarity\n\n" + _polarity_text(figures, base),
    ]
    if figures.curve:
        points = "\n".join(f"| {n:,} | {f1:.3f} |" for n, f1 in figures.curve)
        parts.append(f"## Learning curve\n\n| comments | theme F1 |\n|--:|--:|\n{points}")
    if figures.warnings:
        parts.append("## To know\n\n" + "\n".join(f"- {one}" for one in figures.warnings))
    return "\n\n".join(parts) + "\n"


def _polarity_text(figures: Figures, base: str) -> str:
    labels = counted(figures.polarities, "label")
    if not figures.polarities:
        return f"No label has a polarity; {base} judges."
    if np.isnan(figures.polarity):
        return (
            f"Only {labels} with a polarity ({', '.join(SIDES)}), or all alike: {base} "
            f"judges; it is right on {figures.polarity_base:.3f} of them."
        )
    said = (
        f"Right on {figures.polarity:.3f} of {labels}, given comment and theme; {base} "
        f"alone on {figures.polarity_base:.3f}."
    )
    return said if figures.polarity_learnt else f"{said} So {base} judges."
