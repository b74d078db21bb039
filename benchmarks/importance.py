"""How far the figures of importance can be trusted: intervals, false alarms, power, seconds.

    python benchmarks/importance.py [--files 400]

Three predictors with a known importance, the second correlated 0.5 with the first and the third of
no use; then six themes (blame and praise) that have nothing to do with the rating. Seeded. Takes
about three minutes of one core.
"""

import argparse
import resource
import time

import numpy as np
import pandas as pd

from feedback_nlp.drivers import importance_of
from feedback_nlp.drivers.importance.relative_weights import lmg

NAMES = ["strong", "weak", "useless"]
SLOPES = np.array([0.4, 0.2, 0.0])
TOGETHER = np.array([[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]])
DRAWS = 300


def true_importance():
    shared = TOGETHER @ SLOPES
    spread = np.sqrt(SLOPES @ shared + 1)
    matrix = np.eye(4)
    matrix[1:, 1:] = TOGETHER
    matrix[0, 1:] = matrix[1:, 0] = shared / spread
    return lmg(pd.DataFrame(matrix, ["rating", *NAMES], ["rating", *NAMES])).to_numpy()


def known(files, n):
    """Return how often the intervals hold the truth and how often each beats chance, in percent."""
    rng, truth, root = np.random.default_rng(1), true_importance(), np.linalg.cholesky(TOGETHER)
    held, beats = np.zeros(3), np.zeros(3)
    for seed in range(files):
        columns = rng.normal(size=(n, 3)) @ root.T
        outcome = pd.Series(columns @ SLOPES + rng.normal(size=n))
        frame = pd.DataFrame(columns, columns=NAMES)
        found = importance_of(frame, outcome, n_boot=DRAWS, seed=seed).set_index("predictor")
        found = found.loc[NAMES]
        held += (
            (found["importance_low"] <= truth) & (truth <= found["importance_high"])
        ).to_numpy()
        beats += found["beats_random"].to_numpy(bool)
    return 100 * held / files, 100 * beats / files


def nothing(files, n, share):
    """Return how many themes, and how many files, are said to beat chance where nothing does."""
    rng = np.random.default_rng(2)
    columns = [f"{theme} {polarity}" for theme in "abcdef" for polarity in ("blame", "praise")]
    groups = {column: column[0] for column in columns}
    beats = []
    for seed in range(files):
        frame = pd.DataFrame((rng.random((n, 12)) < share).astype(float), columns=columns)
        outcome = pd.Series(rng.integers(0, 11, n).astype(float))
        found = importance_of(frame, outcome, groups=groups, n_boot=DRAWS, seed=seed)
        beats.append(found["beats_random"].fillna(False).to_numpy(bool))
    return 100 * np.mean(beats), 100 * np.mean(np.any(beats, axis=1))


def seconds(n):
    """Return seconds of 12 themes (24 columns) with 1000 draws, by LMG and by Johnson's weights."""
    rng = np.random.default_rng(3)
    names = [f"{theme} {polarity}" for theme in "abcdefghijkl" for polarity in "+-"]
    values = (rng.random((n, 24)) < rng.uniform(0.02, 0.15, 24)).astype(float)
    rating = np.round(7 + values @ rng.normal(size=24) + 2 * rng.normal(size=n)).clip(0, 10)
    frame, outcome = pd.DataFrame(values, columns=names), pd.Series(rating)
    spent = []
    for method in ("lmg", "johnson"):
        started = time.process_time()
        importance_of(frame, outcome, groups={name: name[0] for name in names}, method=method)
        spent.append(time.process_time() - started)
    return spent


def main():
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--files", type=int, default=400)
    files = ask.parse_args().files
    truth = ", ".join(
        f"{name} {value:.3f}" for name, value in zip(NAMES, true_importance(), strict=True)
    )
    print(f"**Of 100 files, true importance: {truth}**\n")
    print("| respondents | interval holds: strong | weak | beats random: strong | weak | useless |")
    print("|---|---|---|---|---|---|")
    for n in (50, 100, 300, 1000):
        held, beats = known(files, n)
        cells = [*held[:2], *beats]
        print(f"| {n} | " + " | ".join(f"{cell:.1f}" for cell in cells) + " |", flush=True)
    print("\n**Six themes that have nothing to do with the rating**\n")
    print("| respondents | blame, praise each | themes of 100 that beat random | files of 100 |")
    print("|---|---|---|---|")
    for n, share in ((100, 0.1), (300, 0.1), (1000, 0.1), (1000, 0.03)):
        themes, any_ = nothing(files, n, share)
        print(f"| {n} | {share:.0%} | {themes:.2f} | {any_:.1f} |", flush=True)
    print("\n**Twelve themes, 1000 draws, seconds of one core**\n")
    print("| respondents | LMG | Johnson | peak MB |\n|---|---|---|---|")
    for n in (2_000, 100_000):
        spent = seconds(n)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(
            f"| {n:,} | " + " | ".join(f"{s:.1f}" for s in spent) + f" | {peak:.0f} |", flush=True
        )


if __name__ == "__main__":
    main()
