"""The figures of an evaluation, row by row: themes, polarities, sentiment, status, confidence."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.schema import SENTIMENTS, themes_without_subject
from feedback_nlp.tagging.measures import (
    Counts,
    Found,
    calibration_error,
    class_counts,
    counts_of,
    f1,
    found_in,
    ratio,
)
from feedback_nlp.tagging.tagger import Tagging

LENGTHS = ("1–3 words", "4–9", "10–20", "21–50", "51 and more")
SPLITS = ("language", "industry", "length")
SURE = 0.8
Floats = NDArray[np.float64]


def top_of(mentions: pd.DataFrame) -> pd.Series:
    """Return the top theme of each mention."""
    return mentions["theme"].astype("str").str.split(".").str[0]


def _at(mentions: pd.DataFrame, level: str) -> pd.DataFrame:
    """Return the mentions as they count at a level."""
    if level == "top":
        return mentions.assign(theme=top_of(mentions))
    return mentions[mentions["theme"].astype("str").str.contains(".", regex=False)]


def theme_rows(
    found: Tagging,
    gold: Tagging,
    ids: pd.Index,
    level: str,
    groups: Mapping[str, pd.Series],
    weights: Floats,
) -> list[list[object]]:
    """Return the figures of themes at a level: of all, of each group, and of each theme."""
    labelled, said = _at(gold.mentions, level), _at(found.mentions, level)
    themes = sorted(labelled["theme"].astype("str").unique())
    if not themes:
        return []
    truth, guess = found_in(labelled, ids, themes), found_in(said, ids, themes)
    either = found_in(pd.concat([labelled, said], ignore_index=True), ids, themes)
    both_characters = truth.characters + guess.characters - either.characters
    if level == "sub":
        guess = _undecided_left_out(truth, guess, gold.mentions, ids, themes)
    counts = counts_of(truth, guess, both_characters)
    subject = ~np.isin(themes, themes_without_subject(gold.mentions))
    rows = []
    for split, group, chosen in _chosen(groups, len(ids)):
        part, drawn = counts.rows(chosen), weights[:, chosen]
        made = _theme_measures(part, drawn, subject)
        rows += [[split, group, level, *figure] for figure in made]
    for column, theme in enumerate(themes):
        only = np.arange(len(themes)) == column
        made = _theme_measures(counts.columns(only), weights, np.array([False]))
        rows += [["theme", theme, level, *figure] for figure in made if "macro" not in figure[0]]
    rows += [["all", "all", level, *figure] for figure in _sure_measures(guess, truth)]
    return rows


def _undecided_left_out(
    truth: Found, guess: Found, mentions: pd.DataFrame, ids: pd.Index, themes: Sequence[str]
) -> Found:
    """Return what was found without sub-themes of which only the top theme is labelled."""
    tops = sorted({theme.split(".")[0] for theme in themes})
    parents = [tops.index(theme.split(".")[0]) for theme in themes]
    open_ones = found_in(mentions, ids, tops).themes[:, parents] & ~truth.themes
    return Found(
        themes=guess.themes & ~open_ones,
        polarities=guess.polarities & ~open_ones[:, :, None],
        confidence=np.where(open_ones, 0, guess.confidence),
        characters=np.where(open_ones, 0, guess.characters),
    )


def _theme_measures(
    counts: Counts, weights: Floats, subject: NDArray[np.bool_]
) -> list[tuple[str, float, float, float, int]]:
    sums = counts.sums(weights)
    total = {name: values.sum(axis=1) for name, values in sums.items()}
    labels = int(total["hit"][0] + total["missed"][0])
    joint = int(total["joint_hit"][0] + total["joint_missed"][0])
    there = (sums["hit"][0] + sums["missed"][0]) > 0
    each = f1(sums["hit"], sums["extra"], sums["missed"])[:, there]
    both = total["both_characters"]
    made = [
        ("theme_precision", ratio(total["hit"], total["hit"] + total["extra"]), labels),
        ("theme_recall", ratio(total["hit"], total["hit"] + total["missed"]), labels),
        ("theme_f1", f1(total["hit"], total["extra"], total["missed"]), labels),
        ("theme_f1_macro", _mean(each), labels),
        ("polarity_right", ratio(total["right"], total["one"]), int(total["one"][0])),
        ("polarity_unknown", ratio(total["unknown"], total["one"]), int(total["one"][0])),
        ("joint_f1", f1(total["joint_hit"], total["joint_extra"], total["joint_missed"]), joint),
        (
            "span_f1",
            f1(both, total["found_characters"] - both, total["labelled_characters"] - both),
            labels,
        ),
    ]
    if subject.any() and not subject.all():
        part = {name: values[:, subject].sum(axis=1) for name, values in sums.items()}
        n = int(part["hit"][0] + part["missed"][0])
        value = f1(part["hit"], part["extra"], part["missed"])
        made.append(("theme_f1_without_general", value, n))
    return [(name, *_interval(values), n) for name, values, n in made]


def _sure_measures(guess: Found, truth: Found) -> list[tuple[str, float, float, float, int]]:
    """Return how far confidences can be trusted, over what was found."""
    sure = guess.confidence[guess.themes]
    right = truth.themes[guess.themes]
    kept = sure >= SURE
    share = float(kept.mean()) if sure.size else np.nan
    good = float(right[kept].mean()) if kept.any() else np.nan
    nan = float("nan")
    return [
        ("calibration_error", calibration_error(sure, right), nan, nan, sure.size),
        ("coverage_at_80", share, nan, nan, sure.size),
        ("precision_at_80", good, nan, nan, int(kept.sum())),
    ]


def comment_rows(
    found: Tagging, gold: Tagging, groups: Mapping[str, pd.Series], weights: Floats
) -> list[list[object]]:
    """Return figures of whole comments: sentiment and status."""
    said = found.comments.set_index(found.comments["comment_id"].astype("str"))
    said = said.reindex(gold.comments["comment_id"].astype("str"))
    rows: list[list[object]] = []
    if "sentiment" in gold.comments and gold.comments["sentiment"].notna().any():
        truth, guess = (_codes(t["sentiment"]) for t in (gold.comments, said))
        used = sorted(set(truth[truth >= 0]))
        hit, extra, missed = (part[:, used] for part in class_counts(truth, guess, len(SENTIMENTS)))
        for split, group, chosen in _chosen(groups, len(truth)):
            sums = [weights[:, chosen] @ part[chosen] for part in (hit, extra, missed)]
            there = (sums[0][0] + sums[2][0]) > 0
            value = _mean(f1(*sums)[:, there])
            n = int((truth[chosen] >= 0).sum())
            rows.append([split, group, "", "sentiment_f1_macro", *_interval(value), n])
    if "status" in gold.comments:
        right = gold.comments["status"].astype("str").to_numpy() == said["status"].astype("str")
        right = np.asarray(right, dtype=np.float64)
        for split, group, chosen in _chosen(groups, len(right)):
            drawn = weights[:, chosen]
            value = ratio(drawn @ right[chosen], drawn.sum(axis=1))
            rows.append([split, group, "", "status_right", *_interval(value), int(chosen.sum())])
    return rows


def _codes(sentiments: pd.Series) -> NDArray[np.int64]:
    return np.asarray(pd.Categorical(sentiments, categories=SENTIMENTS).codes, dtype=np.int64)


def groups_of(comments: pd.DataFrame) -> dict[str, pd.Series]:
    """Return by what comments are split, with the group of each."""
    words = comments["text"].astype("str").map(lambda text: len(str(text).split()))
    length = pd.cut(words, [-1, 3, 9, 20, 50, np.inf], labels=list(LENGTHS))
    known = {name: comments[name] for name in SPLITS if name in comments}
    return {**known, "length": length}


def _chosen(
    groups: Mapping[str, pd.Series], n: int
) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    """Yield every group of comments: all, and each value of each split."""
    yield "all", "all", np.ones(n, dtype=bool)
    for split, values in groups.items():
        texts = values.astype("str").to_numpy()
        for group in values.astype("category").cat.categories:
            chosen = np.asarray(texts == str(group))
            if chosen.any():
                yield split, str(group), chosen


def _mean(values: Floats) -> Floats:
    """Return the mean of each row, missing entries left out."""
    known = ~np.isnan(values)
    return ratio(np.where(known, values, 0).sum(axis=1), known.sum(axis=1).astype(np.float64))


def _interval(values: Floats) -> tuple[float, float, float]:
    """Return the figure of the sample, and the middle 95 % of its draws."""
    drawn = values[1:][~np.isnan(values[1:])]
    if np.isnan(values[0]) or drawn.size < 2:
        return float(values[0]), float("nan"), float("nan")
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(values[0]), min(float(low), float(values[0])), max(float(high), float(values[0]))
