"""Do the themes found in the text rank as the answers that the same reviewers gave?

    python benchmarks/ground_truth.py FOLDER [--limit 2500] [--draws 200] [-o FILE]

FOLDER has one folder a data set with ``train.jsonl.gz``; none is in this repository, and the
default tagger has learnt from none of them. Three kinds of truth:

1. sub-ratings (airport lounges, an airline, its seats): the reviewer rated staff, food and so on;
2. themes labelled by people (restaurants), with stars or a labelled overall verdict;
3. stars alone (hotels, restaurants, a telecom's NPS, clothes): polarity against stars, and whether
   two halves of the file give the same ranking.

Which sub-rating stands for which theme is in ``ground_truth_sets.py``. Intervals are of resampled
reviews, both rankings made anew in each. Takes about a minute of one core.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from ground_truth_figures import correlation, markdown, number, partial, span
from ground_truth_rankings import RANKINGS, compare, halves, matrix_of
from ground_truth_sets import (
    AREAS,
    LABELLED,
    SCALE,
    STARS,
    by_area,
    folded,
    labelled,
    rows_of,
    table_of,
)

from feedback_nlp import load_tagger
from feedback_nlp.drivers import importance_table
from feedback_nlp.tagging import Tagging


def balance_of(comments, mentions):
    """Return praise minus blame of each theme by each respondent who has said either."""
    matrix = matrix_of(comments, mentions)
    said = matrix.negative | matrix.positive
    return (matrix.positive.astype(float) - matrix.negative.astype(float)).where(said)


def by_sub_rating(comments, mentions, areas):
    """Return for each area how its polarity in the text goes with its sub-rating, and others."""
    polarity = balance_of(comments, mentions).loc[comments["comment_id"]]
    whole = comments["sentiment_score"].to_numpy(float)
    own = {area: comments[list(columns)].mean(axis=1) for area, (columns, _) in areas.items()}
    lines = []
    for area, rated in own.items():
        if area not in polarity:
            continue
        text = polarity[area].to_numpy(float)
        truth = rated.to_numpy(float)
        r, low, high, n = correlation(text, truth)
        others = [
            correlation(text, other.to_numpy(float))[0] for k, other in own.items() if k != area
        ]
        sentiment = correlation(np.where(np.isnan(text), np.nan, whole), truth)[0]
        lines.append(
            (area, n, span(r, low, high), number(np.mean(others) if others else np.nan),
             number(sentiment), number(partial(text, truth, whole)))
        )  # fmt: skip
    return lines


def tagged(tagger, comments):
    """Return the reviews that can be read, tagged."""
    result = tagger.tag_frame(comments)
    read = result.comments[result.comments["status"] == "ok"].reset_index(drop=True)
    return Tagging(read, result.mentions)


def say(what):
    print(what, file=sys.stderr, flush=True)


def main():
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("folder", type=Path)
    ask.add_argument("--limit", type=int, default=2_500, help="reviews of a set; 0 for all")
    ask.add_argument("--draws", type=int, default=200, help="resamples for the intervals")
    ask.add_argument("-o", "--output", type=Path)
    given = ask.parse_args()
    tagger = load_tagger()
    tables = [*sub_rating_tables(given, tagger), *label_tables(given, tagger)]
    tables += star_tables(given, tagger)
    text = "\n".join(tables)
    if given.output:
        given.output.write_text(text, encoding="utf-8")
    else:
        print(text)


def sub_rating_tables(given, tagger):
    ranks, figures, single = [], [], []
    for name, areas in AREAS.items():
        say(name)
        result = tagged(tagger, table_of(rows_of(given.folder, name), given.limit))
        comments, mentions = result.comments, by_area(result.mentions, areas)
        single += [(name, *line) for line in by_sub_rating(comments, mentions, areas)]
        if len(areas) < 3:
            continue
        truth, found, lines = compare(comments, mentions, areas, given.draws)
        n, fit = truth.attrs["n"], number(truth.attrs["r_squared"])
        title = f"{name}: {len(comments)} reviews, sub-ratings of {n} (R² {fit})"
        ranks += [(title, *line) for line in lines]
        figures += figure_lines(name, truth, found)
    return [
        markdown("Order of the text against order of the sub-ratings (LMG)", RANK_HEADER, ranks),
        markdown("The figures behind it", FIGURE_HEADER, figures),
        markdown("Polarity of a theme in the text against its sub-rating", SINGLE_HEADER, single),
    ]


SINGLE_HEADER = [
    "data set", "theme", "n", "own sub-rating", "mean of the other sub-ratings",
    "whole comment's sentiment × own sub-rating", "own, whole comment's sentiment held fixed",
]  # fmt: skip
RANK_HEADER = ["data set", "ranked by", "pairs", "Spearman (95 %)", "p, exact"]
FIGURE_HEADER = [
    "data set", "theme", "truth: importance", "mentioned by", "text: importance", "points lost",
    "leave-out impact", "blamed by",
]  # fmt: skip


def figure_lines(name, truth, found):
    lines = []
    for area in truth.sort_values(ascending=False).index:
        row = found.loc[area]
        count = "–" if np.isnan(row["n"]) else int(row["n"])
        blamed = "–" if np.isnan(row["n_negative"]) else int(row["n_negative"])
        impact = -row["impact_leave_out"]  # ranked by what it costs, shown as it is defined
        cells = [number(row["importance"]), number(row["points_lost"]), number(impact)]
        lines.append((name, area, number(truth[area]), count, *cells, blamed))
    return lines


def label_tables(given, tagger):
    ranks, figures = [], []
    for name in LABELLED:
        say(name)
        gold = labelled(given.folder, name)
        rated = gold.comments[gold.comments["csat"].notna()].reset_index(drop=True)
        result = tagged(tagger, rated)
        people = folded(gold.mentions, among=result.comments)
        counts = people.groupby(people["theme"].astype(str))["comment_id"].nunique()
        areas = dict.fromkeys(counts[counts >= 10].index, ((), ()))
        truth, found, lines = compare(
            result.comments, folded(result.mentions), areas, given.draws, people
        )
        ranks += [(f"{name}: {len(result.comments)} reviews", *line) for line in lines]
        figures += figure_lines(name, truth, found)
    title = "Order of the text against order of the themes that people labelled (LMG)"
    return [
        markdown(title, RANK_HEADER, ranks),
        markdown("The figures behind it, labels of people", FIGURE_HEADER, figures),
    ]


def star_tables(given, tagger):
    lines, stable = [], []
    for name in STARS:
        say(name)
        if name in LABELLED:
            comments = labelled(given.folder, name).comments
        else:
            comments = table_of(rows_of(given.folder, name), given.limit)
        result = tagged(tagger, comments)
        mean = balance_of(result.comments, folded(result.mentions)).mean(axis=1)
        mean = mean.reindex(result.comments["comment_id"])
        stars = result.comments["csat"].to_numpy(float)
        whole = result.comments["sentiment_score"].to_numpy(float)
        of_themes, of_whole = correlation(mean.to_numpy(float), stars), correlation(whole, stars)
        found = importance_table(
            result.comments, result.mentions, "csat", scale=SCALE, n_boot=0
        ).attrs["importance"]
        lines.append(
            (name, len(result.comments), of_themes[3], span(*of_themes[:3]), of_whole[3],
             span(*of_whole[:3]), number(found["r_squared_adjusted"]))
        )  # fmt: skip
        themes, agreed = halves(result.comments, result.mentions)
        cells = [f"{number(mean)} ({number(worst)})" for mean, worst in agreed.values()]
        stable.append((name, themes, *cells))
    return [
        markdown(
            "Polarity in the text against stars",
            ["data set", "reviews", "n", "mean polarity of themes × stars", "n",
             "whole comment's sentiment × stars", "adjusted R² of the themes"], lines,
        ),
        markdown(
            "Two halves of a file: Spearman of the order of themes, mean of 20 splits (worst)",
            ["data set", "themes", *RANKINGS.values()], stable,
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
