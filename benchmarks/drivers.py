"""Time and memory of the driver tables at full size, and how often their intervals hold the truth.

    python benchmarks/drivers.py [--respondents 100000]
    python benchmarks/drivers.py --coverage [--samples 2000]

Comments and mentions are drawn, not read: six of ten respondents wrote, about 1.5 themes each, of
12 themes with 40 sub-themes. Every part runs in a process of its own, so that its peak of memory is
its own; "above the tables" is what it takes beyond the two tables. Everything is seeded.
"""

import argparse
import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd

from feedback_nlp.drivers import driver_table, subtheme_table, theme_matrix
from feedback_nlp.drivers.adjusted import adjusted_gains
from feedback_nlp.drivers.leave_out import leave_out_table
from feedback_nlp.drivers.points import points_table
from feedback_nlp.schema import MENTION_COLUMNS, POLARITIES, SOURCES

TOPS, SUBS = 12, 40
WROTE, MEAN_THEMES = 0.6, 1.5
SHARES = np.array([2, 1, 1, 2, 2, 4, 6, 12, 22, 18, 30]) / 100


def themes():
    """Names of 12 themes and 40 sub-themes, and how often each is mentioned (the first most)."""
    tops = [f"theme_{i:02d}" for i in range(TOPS)]
    ids = [*tops, *(f"{tops[i % TOPS]}.part_{i // TOPS}" for i in range(SUBS))]
    often = np.concatenate([0.2 / (1 + np.arange(TOPS)), 1 / (2 + np.arange(SUBS))])
    return ids, often / often.sum()


def survey(n, seed=0, *, wrote=WROTE):
    """Comments and mentions; negative mentions come with lower ratings."""
    rng = np.random.default_rng(seed)
    ids, often = themes()
    rating = rng.choice(11, n, p=SHARES)
    writes = rng.random(n) < wrote
    number = np.where(writes, rng.poisson(MEAN_THEMES, n), 0)
    row = np.repeat(np.arange(n), number)
    negative = rng.random(row.size) < np.clip(1.05 - rating[row] / 10, 0.05, 0.95)
    comments = pd.DataFrame(
        {
            "comment_id": pd.array(np.arange(n).astype(str), dtype="str"),
            "text": pd.array(np.where(writes, "words", ""), dtype="str"),
            "nps": rating.astype(np.float64),
        }
    )
    polarity = np.where(negative, 0, 2).astype(np.int8)
    mentions = pd.DataFrame(
        {
            "comment_id": comments["comment_id"].to_numpy()[row],
            "theme": pd.Categorical.from_codes(rng.choice(len(ids), row.size, p=often), ids),
            "polarity": pd.Categorical.from_codes(polarity, list(POLARITIES), ordered=True),
            "theme_confidence": np.float32(0.9),
            "polarity_confidence": np.float32(0.9),
            "start": np.int32(0),
            "end": np.int32(5),
            "evidence": pd.array(np.full(row.size, "words"), dtype="str"),
            "source": pd.Categorical.from_codes(np.zeros(row.size, np.int8), list(SOURCES)),
        }
    )
    return comments, mentions[list(MENTION_COLUMNS)]


def parts():
    how = {"n_boot": 1000, "seed": 0, "confidence": 0.95}
    return {
        "nothing": lambda c, m: None,
        "theme_matrix, top": lambda c, m: theme_matrix(c, m),
        "theme_matrix, sub": lambda c, m: theme_matrix(c, m, level="sub"),
        "points and their intervals, sub": lambda c, m: points_table(
            theme_matrix(c, m, level="sub"), confidence=0.95
        ),
        "leave-out and its intervals, sub": lambda c, m: leave_out_table(
            theme_matrix(c, m, level="sub"), confidence=0.95, min_n=10
        ),
        "adjusted gain, top, 1,000 draws": lambda c, m: adjusted_gains(theme_matrix(c, m), **how),
        "adjusted gain, sub, 1,000 draws": lambda c, m: adjusted_gains(
            theme_matrix(c, m, level="sub"), **how
        ),
        "driver_table, top": lambda c, m: driver_table(c, m),
        "driver_table, sub": lambda c, m: driver_table(c, m, level="sub"),
        "subtheme_table": lambda c, m: subtheme_table(c, m),
        "all three tables": lambda c, m: (
            driver_table(c, m), driver_table(c, m, level="sub"), subtheme_table(c, m)
        ),
    }  # fmt: skip


def one(name, n):
    tables = survey(n)
    started, used = time.perf_counter(), time.process_time()
    parts()[name](*tables)
    seconds, used = time.perf_counter() - started, time.process_time() - used
    print(
        f"{seconds:.2f} {used:.2f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}"
    )


def speed(n):
    _, mentions = survey(n)
    print(f"{n:,} respondents, {len(mentions):,} mentions, {TOPS} themes, {SUBS} sub-themes")
    least = 0.0
    for name in parts():
        told = subprocess.run(
            [sys.executable, __file__, "--one", name, "--respondents", str(n)],
            check=True, capture_output=True, text=True,
        ).stdout.split()  # fmt: skip
        seconds, used, memory = map(float, told)
        least = least or memory
        print(
            f"  {name}: {seconds:.1f} s ({used:.1f} s of processor time), {memory:.0f} MB, "
            f"{memory - least:.0f} above the tables"
        )


# Coverage: two themes that 25 % and 15 % blame, apart from one another; detractors, passives and
# promoters among those who blame neither, the first, the second, both.
BLAMED = np.array([0.25, 0.15])
GROUPS = np.array([[20, 30, 50], [60, 25, 15], [40, 35, 25], [75, 15, 10]]) / 100
WORTH = np.array([-100.0, 0.0, 100.0])


def cells():
    """Every kind of respondent: how often, contribution, blames the first, the second."""
    return np.array(
        [
            (
                np.prod(np.where([first, second], BLAMED, 1 - BLAMED))
                * GROUPS[first + 2 * second][group],
                WORTH[group], first, second,
            )
            for first in (0, 1) for second in (0, 1) for group in range(3)
        ]
    )  # fmt: skip


def figures(weights, kinds):
    """Points and impact of both themes, where each kind of respondent occurs as often as said."""
    x, blames = kinds[:, 1], kinds[:, 2:]
    lost = blames * ((100 - x) / np.maximum(blames.sum(axis=1), 1))[:, None]
    n = weights.sum(axis=1, keepdims=True)
    total, spare = (weights @ x)[:, None], n - weights @ blames
    with np.errstate(invalid="ignore", divide="ignore"):
        without = (total - weights @ (blames * x[:, None])) / spare
    return {"points lost": weights @ lost / n, "impact": total / n - without}


def sampled(counts, kinds):
    """The tables of a sample."""
    drawn = np.repeat(kinds, counts, axis=0)
    n = len(drawn)
    comments = pd.DataFrame({"comment_id": np.arange(n).astype(str), "text": "words"})
    comments["nps"] = np.select([drawn[:, 1] < 0, drawn[:, 1] == 0], [3.0, 8.0], 10.0)
    row, theme = np.nonzero(drawn[:, 2:])
    mentions = pd.DataFrame(
        {
            "comment_id": comments["comment_id"].to_numpy()[row],
            "theme": pd.Categorical.from_codes(theme, ["first", "second"]),
            "polarity": pd.Categorical(["negative"] * row.size, list(POLARITIES), ordered=True),
        }
    )
    return comments, mentions.reindex(columns=list(MENTION_COLUMNS))


def coverage(samples):
    kinds = cells()
    truth = {name: found[0] for name, found in figures(kinds[None, :, 0], kinds).items()}
    print("Of 100 intervals at 95 % hold the truth (ours, then the percentile bootstrap)")
    for n in (30, 100, 300):
        rng = np.random.default_rng(n)
        held = {(name, how): [] for name in truth for how in ("ours", "percentile")}
        for _ in range(samples):
            counts = rng.multinomial(n, kinds[:, 0])
            table = driver_table(*sampled(counts, kinds), min_n=1, n_boot=0).set_index("theme")
            table = table.reindex(["first", "second"])
            draws = figures(rng.multinomial(n, counts / n, size=1000).astype(float), kinds)
            for name, column in (("points lost", "points_lost"), ("impact", "impact")):
                ours = table[[f"{column}_low", f"{column}_high"]].to_numpy(float).T
                usual = np.nanquantile(draws[name], [0.025, 0.975], axis=0)
                for how, (low, high) in (("ours", ours), ("percentile", usual)):
                    known = ~np.isnan(ours[0])
                    inside = (low <= truth[name] + 1e-9) & (truth[name] - 1e-9 <= high)
                    held[name, how].extend(zip(inside[known], (high - low)[known], strict=True))
        for (name, how), found in held.items():
            inside, width = np.array(found).T
            print(
                f"  {n} respondents, {name}, {how}: {100 * inside.mean():.1f}, "
                f"mean width {width.mean():.1f} ({inside.size} intervals)"
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--respondents", type=int, default=100_000)
    parser.add_argument("--coverage", action="store_true")
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        one(asked.one, asked.respondents)
    elif asked.coverage:
        coverage(asked.samples)
    else:
        speed(asked.respondents)


if __name__ == "__main__":
    main()
