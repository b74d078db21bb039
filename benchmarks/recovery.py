"""Are planted reasons found again: order, coverage of intervals, false reasons.

    python benchmarks/recovery.py [--seeds 200] [--n 300 1000 3000] [--update benchmarks/RESULTS.md]

Every seed is one survey of ``make_planted_sample``, read by a tagger with 0, 10, 20 and 30 % of
errors, and explained as ``explain_detractors`` does. Everything is seeded.
"""

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from feedback_nlp import driver_table, make_planted_sample
from feedback_nlp.drivers import theme_matrix
from feedback_nlp.drivers.explain.verdicts import verdicts
from feedback_nlp.planted import PLANTED
from feedback_nlp.scores import wilson

ERRORS = (0.0, 0.1, 0.2, 0.3)
BOOT = 300
ROLES = {t.theme: t.role for t in PLANTED}
ORDER = ("delivery", "service", "price")  # by the true gain, before all others
REAL, INNOCENT = (*ORDER, "trust"), ("assortment", "information")
ALIKE = (0.65, 0.65, 0.65)
WORLDS = {
    "effects": {},
    "effects, all write alike": {"writing": ALIKE},
    "nothing": {"nothing": True},
    "nothing, all write alike": {"nothing": True, "writing": ALIKE},
    "nothing but mood": {"nothing": True, "mood": 1.5},
}
KEYS = {
    "adjusted_gain": "adjusted_gain",
    "points_lost": "points_lost",
    "impact_leave_out, most negative": "leave_out",
    "n_negative, plain frequency": "n_negative",
    "odds_ratio": "odds_ratio",
}
MARKS = ("<!-- recovery -->", "<!-- end of recovery -->")


def one(job):
    """Return the driver table of one survey, with the truth beside it."""
    world, rating, n, errors, seed = job
    made = make_planted_sample(n, seed, tagging_errors=errors, **WORLDS[world])
    table = driver_table(made.comments, made.mentions, rating, n_boot=BOOT, seed=seed)
    table["reason"] = verdicts(table) == "reason"
    truth = made.truth.loc[made.truth["rating"] == rating].drop(columns="rating")
    truth = truth.rename(columns={"points_lost": "true_points", "share": "true_share"})
    both = truth.merge(table, on="theme", how="left")
    both["leave_out"] = -both["impact_leave_out"]
    both["suppressed"] = both["suppressed"].astype("boolean").fillna(True).astype(bool)
    both["sets_apart"] = (both["q_value"] <= 0.05) & (both["odds_ratio"] > 1)
    both["gains"] = both["adjusted_gain_low"] > 0
    both["reason"] = both["reason"].astype("boolean").fillna(False).astype(bool)
    both["beside"] = beside(both, theme_matrix(made.comments, made.mentions, rating).negative)
    return both.assign(world=world, score=rating, n=n, errors=errors, seed=seed)


def beside(both, negative):
    """Return, for each reason, the largest share who also blame a reason with a larger gain."""
    shares = np.full(len(both), np.nan)
    named = both[both["reason"]]
    for place, row in named.iterrows():
        larger = named.loc[named["adjusted_gain"] > row["adjusted_gain"], "theme"]
        own = negative.loc[negative[row["theme"]], list(larger)]
        shares[place] = own.mean().max() if len(larger) else 0.0
    return shares


def jobs(seeds, sizes):
    for n in sizes:
        for errors in ERRORS:
            for world in WORLDS:
                if world == "effects" or errors == 0 or (world, errors) == ("nothing", 0.3):
                    yield from ((world, "nps", n, errors, seed) for seed in range(seeds))
    for errors in (0.0, 0.2):
        yield from (("effects", "csat", 1000, errors, seed) for seed in range(seeds))
    yield from (("nothing", "csat", 1000, 0.0, seed) for seed in range(seeds))


def run(seeds, sizes):
    asked = list(jobs(seeds, sizes))
    with ProcessPoolExecutor(max_workers=2) as pool:
        done = []
        for table in pool.map(one, asked, chunksize=20):
            done.append(table)
            if len(done) % 500 == 0:
                print(f"{len(done):,} of {len(asked):,} surveys", file=sys.stderr, flush=True)
    return pd.concat(done, ignore_index=True)


def percent(part, digits=0):
    return "–" if np.isnan(part) else f"{100 * part:.{digits}f}"


def grid(head, rows):
    """Print a table."""
    lines = ["| " + " | ".join(head) + " |", "|:--|" + "--:|" * (len(head) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)]) + "\n"


def surveys(rows):
    return rows.groupby(["world", "score", "n", "errors", "seed"], sort=False)


def ordered(survey, column):
    """Return how well one key orders the planted themes of one survey; without a figure is last."""
    survey = survey[survey["theme"].isin([*REAL, *INNOCENT])].set_index("theme")
    value = survey[column].astype(float).fillna(-np.inf)
    first = list(value.sort_values(ascending=False, kind="stable").index)
    gain = survey["gain"]
    pairs = [(a, b) for a, b in combinations(gain.index, 2) if gain[a] != gain[b]]
    signs = [np.sign(gain[a] - gain[b]) * np.sign(_minus(value[a], value[b])) for a, b in pairs]
    last_real = value[ORDER[-1]]
    return {
        "first": first[0] == ORDER[0],
        "three": tuple(first[:3]) == ORDER,
        "tau": np.mean(signs),
        "useless": value["assortment"] > last_real,
        "innocent": value["information"] > last_real,
    }


def _minus(a, b):
    return 0.0 if a == b else a - b  # both may be −∞


def order_tables(rows):
    """How often each key finds the planted order."""
    parts = []
    for n in sorted(rows["n"].unique()):
        lines = []
        for name, column in KEYS.items():
            for errors in sorted(rows["errors"].unique()):
                chosen = rows[(rows["n"] == n) & (rows["errors"] == errors)]
                got = pd.DataFrame([ordered(survey, column) for _, survey in surveys(chosen)])
                mean = got.mean()
                lines.append([
                    f"{name}, {percent(errors)} %", percent(mean["first"]), percent(mean["three"]),
                    f"{mean['tau']:.2f}", percent(mean["useless"]), percent(mean["innocent"]),
                ])  # fmt: skip
        head = [
            f"n = {n}: ranked by, errors of the tagger", "strongest first",
            "first three in order", "Kendall", "useless above weak", "innocent above weak",
        ]  # fmt: skip
        parts.append(grid(head, lines))
    return parts


def coverage(rows, name, truth):
    """Return how often an interval holds the truth, how many there are, and the mean error."""
    known = rows[rows[f"{name}_low"].notna()]
    inside = known[truth].between(known[f"{name}_low"], known[f"{name}_high"])
    return inside.mean(), len(known), (known[name] - known[truth]).mean()


PAIRS = {
    "gain, of those who say it": ("adjusted_gain", "gain"),
    "points, perfect tagger": ("points_lost", "true_points"),
    "points, this tagger": ("points_lost", "points_lost_read"),
}


def coverage_tables(rows):
    """Coverage by errors and size, and by theme."""
    blamed = rows[rows["theme"].isin([*REAL, *INNOCENT])]
    lines = []
    for (n, errors), part in blamed.groupby(["n", "errors"]):
        line = [f"n = {n}, {percent(errors)} %"]
        for name, truth in PAIRS.values():
            held, number, bias = coverage(part, name, truth)
            line += [percent(held, 1), f"{bias:+.2f}"]
        lines.append([*line, f"{number:,}"])
    head = ["respondents, errors of the tagger"]
    for name in PAIRS:
        head += [name, "mean error"]
    parts = [grid([*head, "intervals each"], lines)]
    lines = []
    for theme in (*REAL, *INNOCENT):
        for n in sorted(rows["n"].unique()):
            line = [f"{theme} ({ROLES[theme]}), n = {n}"]
            own = blamed[(blamed["theme"] == theme) & (blamed["n"] == n)]
            for errors in sorted(rows["errors"].unique()):
                held, number, bias = coverage(own[own["errors"] == errors], "adjusted_gain", "gain")
                line.append(f"{percent(held)} ({bias:+.1f})" if number > 9 else "–")
            lines.append([*line, f"{own['gain'].iloc[0]:.1f}", f"{own['gain_all'].iloc[0]:.1f}"])
    head = ["adjusted_gain of", *(f"{percent(e)} %" for e in sorted(rows["errors"].unique()))]
    return [*parts, grid([*head, "true gain", "true gain, silent ones too"], lines)]


def reason_tables(rows):
    """False reasons where nothing is planted, and who is named where something is."""
    lines = []
    for (world, score, n, errors), part in rows[rows["world"].str.startswith("nothing")].groupby(
        ["world", "score", "n", "errors"], sort=False
    ):
        shown = part[~part["suppressed"]]
        line = [f"{world}, {score}, n = {n}, {percent(errors)} %"]
        number = part["seed"].nunique()
        for column in ("reason", "sets_apart", "gains"):
            some = int(shown.groupby("seed")[column].any().sum())
            line.append(percent(some / number, 1))
            if column == "reason":
                low, high = wilson(some, number)
                line[-1] += f" ({percent(float(low), 1)}–{percent(float(high), 1)})"
        lines.append([*line, f"{shown['reason'].sum() / number:.3f}", number])
    head = ["nothing planted", "any reason", "by q and odds ratio alone", "by the gain alone",
            "reasons a report", "reports"]  # fmt: skip
    parts = [grid(head, lines)]
    lines = []
    some = rows[rows["world"] == "effects"]
    for (score, n, errors), part in some.groupby(["score", "n", "errors"], sort=False):
        number = part["seed"].nunique()
        of = {
            rule: part[part[rule] & ~part["suppressed"]].groupby("theme").size().reindex(ROLES)
            / number
            for rule in ("reason", "sets_apart", "gains")
        }
        named = of["reason"].fillna(0)
        others = (part["reason"] & ~part["theme"].isin(REAL)).groupby(part["seed"]).any().mean()
        line = [f"{score}, n = {n}, {percent(errors)} %", *(percent(named[t]) for t in REAL)]
        for theme in INNOCENT:
            line.append(" / ".join(percent(of[rule].fillna(0)[theme]) for rule in of))
        lines.append([*line, percent(others)])
    head = ["effects planted: named as a reason", *(ROLES[t] for t in REAL),
            *(f"{ROLES[t]}: rule / q and odds ratio / gain" for t in INNOCENT),
            "any that is none"]  # fmt: skip
    return [*parts, grid(head, lines)]


def key_table(rows):
    """Which key should rank the reasons that are named."""
    lines = []
    for (n, errors), part in rows.groupby(["n", "errors"]):
        line = [f"n = {n}, {percent(errors)} %"]
        named = part[part["reason"]]
        for column in ("adjusted_gain", "points_lost"):
            right, first, several = [], [], 0
            for _, own in named.groupby("seed"):
                own = own.sort_values(column, ascending=False)
                gain = own["gain"].to_numpy()
                first.append(gain[0] == gain.max())
                several += len(own) > 1
                right += [a > b for a, b in combinations(gain, 2) if a != b]
            line += [percent(np.mean(first)), percent(np.mean(right))]
        lines.append([*line, several])
    head = ["reasons named, ranked by", "adjusted_gain: best first", "pairs in order",
            "points_lost: best first", "pairs in order", "reports with two and more"]  # fmt: skip
    return [grid(head, lines)]


def companion_table(rows):
    """What a warning would catch: a quarter of its blamers also blame a stronger reason."""
    lines = []
    for (n, errors), part in rows.groupby(["n", "errors"]):
        line = [f"n = {n}, {percent(errors)} %"]
        for themes in (["information"], ["assortment"], REAL[1:]):
            own = part[part["reason"] & part["theme"].isin(themes)]
            line += [len(own), percent((own["beside"] >= 0.25).mean())]
        lines.append(line)
    head = ["a quarter and more also blame a stronger reason", "innocent companion named",
            "warned of, %", "useless frequent named", "warned of, %",
            "medium, weak, rare strong named", "warned of, %"]  # fmt: skip
    return [grid(head, lines)]


def report(rows, seeds, seconds):
    nps = rows[(rows["world"] == "effects") & (rows["score"] == "nps")]
    csat = rows[(rows["world"] == "effects") & (rows["score"] == "csat")]
    truth = nps[(nps["seed"] == 0) & (nps["n"] == nps["n"].max()) & (nps["errors"] == 0)]
    lines = [
        [f"`{t['theme']}` ({t['role']})", f"{t['costs']:g}", f"{t['brings']:g}",
         percent(t["true_share"], 1), f"{t['true_points']:.1f}", f"{t['gain']:.1f}",
         f"{t['gain_all']:.1f}"]
        for t in truth.to_dict("records")
    ]  # fmt: skip
    head = ["planted", "blame costs", "praise brings", "blamed by, %", "points lost", "gain",
            "gain, silent ones too"]  # fmt: skip
    return "\n".join([
        f"`python benchmarks/recovery.py --seeds {seeds}`: {surveys(rows).ngroups:,} "
        f"surveys, {BOOT} bootstrap draws each, {seconds:.0f} s on two cores.\n",
        "### What is planted\n", grid(head, lines),
        "### Order\n", *order_tables(nps),
        "### Coverage of the 95 % intervals (NPS)\n", *coverage_tables(nps),
        "The same where detractors, passives and promoters write equally often:\n",
        *coverage_tables(rows[rows["world"] == "effects, all write alike"]),
        "CSAT, share of 4 and 5:\n", *coverage_tables(csat),
        "### Reasons\n", *reason_tables(rows), *key_table(nps), *companion_table(nps),
    ])  # fmt: skip


def update(path, text):
    """Put the tables between their marks in a file."""
    before, _, rest = path.read_text("utf-8").partition(MARKS[0])
    _, found, after = rest.partition(MARKS[1])
    if not found:
        raise SystemExit(f"{path} has no {MARKS[0]} … {MARKS[1]}; put the two marks in first.")
    path.write_text(f"{before}{MARKS[0]}\n{text}\n{MARKS[1]}{after}", "utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--n", type=int, nargs="+", default=[300, 1000, 3000])
    parser.add_argument("--update", type=Path)
    options = parser.parse_args()
    started = time.perf_counter()
    rows = run(options.seeds, options.n)
    text = report(rows, options.seeds, time.perf_counter() - started)
    print(text)
    if options.update:
        update(options.update, text)


if __name__ == "__main__":
    main()
