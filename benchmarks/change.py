"""False alarms, coverage and finds of what changed: score split over themes, measures, spikes.

    python benchmarks/change.py [--files 400] [--only change measure spikes]

Respondents are drawn from a known population, so the true parts of the change are known. Everything
is seeded.
"""

import argparse
import itertools

import numpy as np
import pandas as pd

from feedback_nlp.drivers.change.cells import PARTS
from feedback_nlp.drivers.change.history import history_of
from feedback_nlp.drivers.change.measures import theme_before_after
from feedback_nlp.drivers.change.spikes import FALSE_ALARMS
from feedback_nlp.drivers.change.table import theme_change_table
from feedback_nlp.records import Mention
from feedback_nlp.schema import mentions_table
from feedback_nlp.scores import benjamini_hochberg

THEMES = ["delivery", "price", "service", "quality", "payment", "usability"]
BLAMED = np.array([0.25, 0.15, 0.10, 0.06, 0.05, 0.04])
HARM = np.array([1.6, 0.3, 1.0, 1.4, 0.8, 1.2])  # log-odds of a low answer for each theme
WROTE = 0.8
ANSWERS = np.array([3.0, 8.0, 10.0])
CONTRIBUTION = np.array([-100.0, 0.0, 100.0])


def population(blamed=BLAMED, harm=HARM):
    """Return every kind of respondent: themes blamed, wrote, answer, and how frequent it is."""
    patterns = np.array(list(itertools.product([0, 1], repeat=len(THEMES))), dtype=float)
    often = np.prod(np.where(patterns == 1, blamed, 1 - blamed), axis=1) * WROTE
    patterns, wrote = np.vstack([patterns, np.zeros(len(THEMES))]), np.append(np.ones(64), 0)
    often = np.append(often, 1 - WROTE)
    low = patterns @ harm
    odds = np.column_stack([0.25 * np.exp(low), 0.4 * np.exp(low / 2), np.ones(low.size)])
    answer = odds / odds.sum(axis=1, keepdims=True)
    return patterns, wrote, often[:, None] * answer


def tables(sides, seed):
    """Return comments and mentions of respondents drawn from populations, (population, n, date)."""
    rng = np.random.default_rng(seed)
    parts, said = [], []
    for (patterns, wrote, often), n, date in sides:
        drawn = rng.choice(often.size, n, p=often.ravel())
        kind, answer = np.divmod(drawn, 3)
        parts.append(pd.DataFrame({"nps": ANSWERS[answer], "date": pd.Timestamp(date),
                                   "text": np.where(wrote[kind] == 1, "words", "")}))  # fmt: skip
        said.append(patterns[kind])
    comments = pd.concat(parts, ignore_index=True)
    comments["comment_id"] = comments.index.astype(str)
    rows, themes = np.nonzero(np.vstack(said))
    return comments, blames(rows.astype(str), np.array(THEMES)[themes], THEMES)


def blames(ids, themes, categories):
    """Return a mentions table of blame, made at once."""
    one = Mention(theme=categories[0], polarity="negative", theme_confidence=1,
                  polarity_confidence=1, start=0, end=5)  # fmt: skip
    head = mentions_table([("0", "words", one)], categories)
    out = head.take(np.zeros(len(ids), dtype=int)).reset_index(drop=True)
    out["comment_id"] = pd.array(list(ids), dtype="str")
    out["theme"] = pd.Categorical(list(themes), categories=list(categories))
    return out


def true_parts(before, after):
    """Return the parts of the change between two populations, by the formula of the docs."""
    share, mean = [], []
    for patterns, wrote, often in (before, after):
        number = patterns.sum(axis=1)
        weights = np.column_stack([patterns / np.maximum(number, 1)[:, None],
                                   (number == 0) & (wrote == 1), wrote == 0])  # fmt: skip
        share.append(often.sum(axis=1) @ weights)
        mean.append((often @ CONTRIBUTION) @ weights / share[-1])
    reference = np.mean([s @ m for s, m in zip(share, mean, strict=True)])
    volume = (share[1] - share[0]) * ((mean[0] + mean[1]) / 2 - reference)
    score = (share[0] + share[1]) / 2 * (mean[1] - mean[0])
    names = [*THEMES, "no_negative_theme", "no_comment"]
    return pd.DataFrame(dict(zip(PARTS, (volume, score, volume + score), strict=True)), index=names)


CHANGES = {
    "nothing changes": (BLAMED, HARM),
    "delivery blamed more, service milder": (
        BLAMED * [1.4, 1, 1, 1, 1, 1], HARM * [1, 1, 0.4, 1, 1, 1],
    ),
}  # fmt: skip


def split(files):
    print("Change of the score split over themes: percent of intervals at 95 % with the true part")
    for name, now in CHANGES.items():
        before, after = population(), population(*now)
        truth = true_parts(before, after)
        for n in (100, 300, 1000):
            held = {part: [] for part in PARTS}
            alarms, found = [], []
            for seed in range(files):
                data = tables([(before, n, "2025-01-15"), (after, n, "2025-02-15")], seed)
                table = theme_change_table(*data, before="2025-01", after="2025-02", n_boot=500)
                shown = table[~table["suppressed"]].set_index("theme")
                for part in PARTS:
                    true = truth.loc[shown.index, part]
                    low, high = shown[f"{part}_low"], shown[f"{part}_high"]
                    known = low.notna()
                    held[part] += ((low <= true) & (true <= high))[known].tolist()
                alarms.append((table["q_value"] <= 0.05).any())
                found.append("delivery" in shown.index and shown.loc["delivery", "q_value"] <= 0.05)
            said = ", ".join(f"{part[7:]} {100 * np.mean(held[part]):.1f}" for part in PARTS)
            told = f"reports with any q ≤ 0.05: {100 * np.mean(alarms):.1f}"
            if now[0] is not BLAMED:
                told = f"delivery found in {100 * np.mean(found):.1f}"
            print(f"  {name}, n = {n} a side: {said}; {told}", flush=True)


def surveyed(seed, n, *, app=None):
    """Return tables of five windows of 28 days with n respondents each; the app may change last."""
    quiet = population()
    starts = pd.date_range("2025-01-01", periods=5, freq="28D")
    sides = [(quiet, n, start) for start in starts]
    comments, mentions = tables(sides, seed)
    rng = np.random.default_rng([seed, 1])
    comments["date"] += pd.to_timedelta(rng.integers(0, 28, len(comments)), unit="D")
    comments["channel"] = rng.choice(["shop", "web", "app"], len(comments), p=[0.4, 0.35, 0.25])
    if app is None:
        return comments, mentions
    there = (comments["channel"] == "app") & (comments["date"] >= starts[4])
    other, said = tables([(app, int(there.sum()), "2025-01-01")], seed + 10_000)
    comments.loc[there, ["nps", "text"]] = other[["nps", "text"]].to_numpy()
    ids = dict(zip(other["comment_id"], comments.loc[there, "comment_id"], strict=True))
    said["comment_id"] = said["comment_id"].map(ids).astype("str")
    kept = mentions[~mentions["comment_id"].isin(comments.loc[there, "comment_id"])]
    return comments, pd.concat([kept, said], ignore_index=True)


def measure(files):
    print("Measures: score, who wrote and 6 themes, for all and 3 channels and against the shop")
    app = population(BLAMED * [1, 1, 1, 1, 1, 6])
    quiet_score, app_score = (
        (often.sum(axis=0) @ CONTRIBUTION) for _, _, often in (population(), app)
    )
    truth = {"score": app_score - quiet_score, "blame": BLAMED[5] * WROTE * 5}
    for n in (400, 1600):
        alarms, loose, placebo, found = [], [], [], []
        held = {"score": [], "blame": []}
        for seed in range(files):
            asked = {"window": 28, "by": "channel", "unaffected": "channel=shop"}
            table = theme_before_after(*surveyed(seed, n), "2025-04-23", **asked)
            alarms.append((table["q_value"] <= 0.05).any())
            loose.append((table["p_value"] <= 0.05).any())
            placebo.append(table["p_placebo"].iloc[0] <= 0.25)
            table = theme_before_after(*surveyed(seed, n, app=app), "2025-04-23", **asked)
            own = table[table["group"] == "channel=app less channel=shop"]
            for figure, theme in (("score", ""), ("blame", "usability")):
                row = own[(own["figure"] == figure) & (own["theme"] == theme)]
                if len(row) and not row["suppressed"].iloc[0]:
                    low, high = row["change_low"].iloc[0], row["change_high"].iloc[0]
                    held[figure].append(low <= truth[figure] <= high)
            row = own[own["theme"] == "usability"]
            found.append(bool(len(row)) and row["q_value"].iloc[0] <= 0.05)
        print(
            f"  n = {n} a window: quiet reports of 100 with any q ≤ 0.05: "
            f"{100 * np.mean(alarms):.1f} (any p ≤ 0.05: {100 * np.mean(loose):.1f}; the score "
            f"beyond 3 placebos: {100 * np.mean(placebo):.1f}); differences in differences with "
            f"the true one: score {100 * np.mean(held['score']):.1f}, "
            f"share {100 * np.mean(held['blame']):.1f}; "
            f"usability of the app, 4 % to 24 %, found {100 * np.mean(found):.1f}", flush=True,
        )  # fmt: skip


SHARES = np.array([0.25, 0.15, 0.12, 0.10, 0.08, 0.06, 0.05, 0.04, 0.03, 0.02, 0.01])
SERIES = {
    "stable": np.zeros(11), "a little overdispersed": np.full(11, 0.003),
    "overdispersed": np.full(11, 0.01),
    "three of eleven strongly": np.tile([0.02, 0, 0, 0], 3)[:11],
}  # fmt: skip


def months(seed, n, history, spread, doubled=None):
    """Return counts of months; shares are beta-distributed over months with intraclass spread."""
    rng = np.random.default_rng(seed)
    share = np.tile(SHARES, (history + 1, 1))
    if doubled is not None:
        share[-1, doubled] *= 2
    with np.errstate(divide="ignore", invalid="ignore"):
        more = 1 / spread - 1
        drawn = rng.beta(np.where(spread > 0, share * more, 1),
                         np.where(spread > 0, (1 - share) * more, 1))  # fmt: skip
    share = np.where(spread > 0, drawn, share)
    sizes = rng.poisson(n, history + 1)
    return rng.binomial(sizes[:, None], share), sizes


def alerts(said, sizes, min_n=10):
    """Return which themes spikes_table gives an alert for, from their counts."""
    history = history_of(said[:-1], sizes[:-1])
    q_value = benjamini_hochberg(history.rise(said[-1], int(sizes[-1])))
    return (q_value <= FALSE_ALARMS) & (said[-1] >= min_n), history


def spikes(files):
    print("Spikes: reports of 100 with any alert, 11 themes of 1 to 25 %; a theme of 6 % doubled")
    for n in (200, 1000):
        for past in (4, 8, 12):
            for name, spread in SERIES.items():
                false, found, held = [], [], []
                for seed in range(files):
                    said, sizes = months(seed, n, past, spread)
                    any_alert, history = alerts(said, sizes)
                    false.append(any_alert.any())
                    low, high = history.allowed(int(sizes[-1]), 0.025)
                    held += ((low <= said[-1]) & (said[-1] <= high)).tolist()
                    found.append(alerts(*months(seed, n, past, spread, 5))[0][5])
                print(
                    f"  n = {n}, {past} months before, {name}: false {100 * np.mean(false):.1f}, "
                    f"found {100 * np.mean(found):.1f}, of shares within low and high "
                    f"{100 * np.mean(held):.1f}", flush=True,
                )  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=400)
    parser.add_argument("--only", nargs="*", default=["change", "measure", "spikes"])
    given = parser.parse_args()
    for name, run in {"change": split, "measure": measure, "spikes": spikes}.items():
        if name in given.only:
            run(given.files)


if __name__ == "__main__":
    main()
