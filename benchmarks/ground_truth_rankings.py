"""Rankings of ``ground_truth.py``: by the text, by sub-ratings, by labels, and how they agree."""

import numpy as np
import pandas as pd
from ground_truth_figures import number, permutation_p, span, spearman
from ground_truth_sets import SCALE, SETTING, folded

from feedback_nlp.drivers import driver_table, importance_of, importance_table, theme_matrix

RANKINGS = {
    "importance": "importance",
    "points_lost": "points lost",
    "impact_leave_out": "leave-out impact",
    "n_negative": "how many blame it",
}


def text_figures(comments, mentions, areas):
    """Return what the text says of each area, in the ways in which it could be ranked."""
    found = importance_table(comments, mentions, "csat", level="sub", scale=SCALE, n_boot=0)
    table = driver_table(comments, mentions, "csat", level="sub", n_boot=0, **SETTING)
    known = found.set_index("theme")[["n", "importance"]].join(
        table.set_index("theme")[["points_lost", "impact_leave_out", "n_negative"]]
    )
    known["impact_leave_out"] *= -1  # the more it costs, the higher
    return known.reindex(list(areas))


def figures_of_rows(matrix, rows, areas):
    """Return the same of some rows of a theme matrix, without the tables: for resamples."""
    negative, positive = (f.to_numpy(float)[rows] for f in (matrix.negative, matrix.positive))
    mentioned = matrix.any.to_numpy(float)[rows].sum(axis=0) >= 10
    x = matrix.people["x"].to_numpy()[rows]
    lost = (matrix.definition.maximum - x) / np.maximum(negative.sum(axis=1), 1)
    n_negative = negative.sum(axis=0)
    shown = np.where(n_negative >= 10, 1.0, np.nan)
    n_without = np.where(len(x) - n_negative >= 10, len(x) - n_negative, np.nan)
    without = (x.sum() - x @ negative) / n_without
    rating = pd.Series(matrix.people["rating"].to_numpy()[rows])
    sides = {"+": positive[:, mentioned], "-": negative[:, mentioned]}
    table = pd.DataFrame(
        {
            "importance": importance_of_sides(sides, rating, mentioned),
            "points_lost": shown * (lost @ negative) / len(x),
            "impact_leave_out": shown * (without - x.mean()),
            "n_negative": n_negative,
        },
        index=list(matrix.themes),
    )
    return table.reindex(list(areas))


def importance_of_sides(sides, rating, mentioned):
    """Return the importance of the themes that enough respondents mention."""
    themes = np.flatnonzero(mentioned)
    frame = pd.concat(
        [pd.DataFrame(sides[s], columns=[f"{i} {s}" for i in themes]) for s in sides], axis=1
    )
    groups = {column: column.partition(" ")[0] for column in frame}
    found = importance_of(frame, rating, groups=groups, n_boot=0).set_index("predictor")
    order = [str(i) for i in range(len(mentioned))]
    return found["importance"].reindex(order).to_numpy()


def by_sub_ratings(comments, areas):
    """Return LMG of the sub-ratings for the overall rating, those of one area together."""
    group = {column: area for area, (columns, _) in areas.items() for column in columns}
    found = importance_of(comments[list(group)], comments["csat"], groups=group, n_boot=0)
    truth = found.set_index("predictor")["importance"].reindex(list(areas))
    truth.attrs = found.attrs["importance"]
    return truth


def matrix_of(comments, mentions):
    return theme_matrix(comments, mentions, "csat", level="sub", **SETTING)


def compare(comments, mentions, areas, draws, labels=None):
    """Return rank correlations of the text's rankings with the truth, with bootstrap intervals.

    The truth is the importance of the sub-ratings or, where people labelled the themes, of these.
    """
    matrix = matrix_of(comments, mentions)
    rated = comments.set_index("comment_id").loc[matrix.people.index]
    labelled_ = None if labels is None else matrix_of(comments, labels)

    def truth_of(rows):
        if labelled_ is None:
            return by_sub_ratings(rated.iloc[rows].reset_index(drop=True), areas)
        return figures_of_rows(labelled_, rows, areas)["importance"]

    everybody = np.arange(len(rated))
    truth, figures = truth_of(everybody), text_figures(comments, mentions, areas)
    again = figures_of_rows(matrix, everybody, areas)
    if not np.allclose(again, figures[again.columns].astype(float), equal_nan=True):
        raise SystemExit("The figures for resamples are not those of the tables.")
    rng, drawn = np.random.default_rng(0), []
    for _ in range(draws):
        rows = rng.integers(0, len(rated), len(rated))
        drawn.append((truth_of(rows), figures_of_rows(matrix, rows, areas)))
    ceiling = [spearman(true.to_numpy(), truth.to_numpy()) for true, _ in drawn]
    itself = of_draws(np.mean(ceiling), ceiling)
    lines = [("the truth itself, in a resample", len(areas), itself, "–")]
    for name, title in RANKINGS.items():
        values = figures[name].to_numpy(float)
        known = [spearman(true.to_numpy(), found[name].to_numpy(float)) for true, found in drawn]
        chance = permutation_p(truth.to_numpy(), values)
        rho = spearman(truth.to_numpy(), values)
        lines.append((title, len(areas), of_draws(rho, known), number(chance)))
    return truth, figures, lines


def of_draws(value, drawn):
    known = np.array(drawn)[~np.isnan(drawn)]
    low, high = np.quantile(known, [0.025, 0.975]) if known.size else (np.nan, np.nan)
    return span(value, low, high)


def halves(comments, mentions, times=20):
    """Return how well two halves of a file agree on the order of themes: mean and worst."""
    matrix = matrix_of(comments, folded(mentions))
    rng, agreed = np.random.default_rng(0), {name: [] for name in RANKINGS}
    for _ in range(times):
        rows = rng.permutation(len(matrix.people))
        first = figures_of_rows(matrix, rows[::2], matrix.themes)
        second = figures_of_rows(matrix, rows[1::2], matrix.themes)
        for name in RANKINGS:
            agreed[name].append(spearman(first[name].to_numpy(float), second[name].to_numpy(float)))
    themes = int(first["importance"].notna().sum())
    return themes, {name: (np.nanmean(v), np.nanmin(v)) for name, v in agreed.items()}
