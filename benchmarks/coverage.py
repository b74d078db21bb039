"""How often the intervals hold the true figure, beside the textbook ones.

    python benchmarks/coverage.py [--bca]

Where samples are small every possible sample is counted with its probability (exact); else they
are drawn, with a fixed seed. "Zero width" and "off the scale" are how many of 100 intervals are so.
Wald is written here and nowhere else: the package does not offer it. --bca adds the bootstrap,
which takes some minutes.
"""

import argparse
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import multinomial

from feedback_nlp.scores import define, nps_adjusted_wald, nps_score_interval
from feedback_nlp.scores.bootstrap import bca_interval
from feedback_nlp.scores.differences import differences, hybrid
from feedback_nlp.scores.intervals import mean_interval, wilson
from feedback_nlp.scores.quantiles import quantile
from feedback_nlp.scores.score_interval import Histogram, score_ends
from feedback_nlp.scores.summary import Summary

Z = float(ndtri(0.975))
SIZES = (10, 30, 100, 1000)
STEPS = 20  # shares of 0, 5, 10 … 100 %
MOST_EXACT = 50_000
DRAWS = 4000
TINY = 1e-9
SHAPES = {
    "as likely each": (0.2, 0.2, 0.2, 0.2, 0.2),
    "usual: half fives, few low": (0.03, 0.05, 0.07, 0.35, 0.50),
    "90 % fives, rest even": (0.025, 0.025, 0.025, 0.025, 0.90),
    "95 % fives, 5 % fours": (0, 0, 0, 0.05, 0.95),
    "95 % fives, 5 % ones": (0.05, 0, 0, 0, 0.95),
    "98 % fives, 2 % fours": (0, 0, 0, 0.02, 0.98),
    "90 % fours, rest even": (0.025, 0.025, 0.025, 0.90, 0.025),
    "ones and fives": (0.5, 0, 0, 0, 0.5),
    "80 % threes": (0, 0.1, 0.8, 0.1, 0),
}
ANSWERS = np.arange(1.0, 6.0)


def compositions(n, parts):
    """Every way to split n into so many parts, one row each."""
    bars = np.array(list(combinations(range(n + parts - 1), parts - 1)), dtype=np.int64)
    edges = np.column_stack([np.full(len(bars), -1), bars, np.full(len(bars), n + parts - 1)])
    return np.diff(edges, axis=1) - 1


def possible(n, parts):
    number = np.prod([(n + i) / i for i in range(1, parts)])
    return compositions(n, parts) if number <= MOST_EXACT else None


def triples():
    return compositions(STEPS, 3) / STEPS


# One sample: NPS


def wald(bad, middle, good):
    n = bad + middle + good
    value = (good - bad) / n
    half = Z * np.sqrt(((good + bad) / n - value**2) / n)
    return value - half, value + half


def adjusted_unclipped(bad, middle, good):
    total = bad + middle + good + 3
    centre = (good - bad) / total
    half = Z * np.sqrt(((good + bad + 1.5) / total - centre**2) / total)
    return centre - half, centre + half


NPS_METHODS = {
    "score (ours, default)": nps_score_interval,
    "adjusted Wald (ours, clipped)": nps_adjusted_wald,
    "adjusted Wald as published": adjusted_unclipped,
    "Wald": wald,
}


def samples_of(shares, n, parts, rng, every):
    """Samples and the probability of each."""
    if every is not None:
        return every, multinomial.pmf(every, n, shares)
    return rng.multinomial(n, shares, size=DRAWS), np.full(DRAWS, 1 / DRAWS)


def row_of(low, high, true, probability, ends):
    """Coverage, share of zero width, share off the scale, mean width."""
    covered = probability[(low <= true + TINY) & (high >= true - TINY)].sum()
    zero = probability[high - low < TINY].sum()
    off = probability[(low < ends[0] - TINY) | (high > ends[1] + TINY)].sum()
    return covered, zero, off, probability @ (high - low) / 100


def summary_row(found):
    covered, zero, off, width = np.array(found).T * 100
    return {
        "mean": covered.mean(), "worst": covered.min(),
        "under 90 %": f"{(covered < 90).sum()} of {covered.size}",
        "zero width": zero.mean(), "off the scale": off.mean(), "mean width": f"{width.mean():.3f}",
    }  # fmt: skip


def nps_rows():
    rng, grid, rows = np.random.default_rng(1), triples(), []
    for n in SIZES:
        every = possible(n, 3)
        found = {name: [] for name in NPS_METHODS}
        known = {} if every is None else {k: f(*every.T) for k, f in NPS_METHODS.items()}
        for shares in grid:
            samples, probability = samples_of(shares, n, 3, rng, every)
            for name, method in NPS_METHODS.items():
                low, high = known.get(name) or method(*samples.T)
                true = shares[2] - shares[0]
                found[name].append(row_of(low, high, true, probability, (-1, 1)))
        how = "drawn" if every is None else "exact"
        rows += [
            {"respondents": f"{n} ({how})", "interval": name, **summary_row(found[name])}
            for name in NPS_METHODS
        ]
    return rows


# Two samples: NPS


def wald_difference(one, two):
    errors = []
    values = []
    for bad, middle, good in (one, two):
        n = bad + middle + good
        value = (good - bad) / n
        values.append(value)
        errors.append(np.sqrt(((good + bad) / n - value**2) / n))
    value, half = values[0] - values[1], Z * np.hypot(*errors)
    return value - half, value + half


def nps_value(samples):
    return (samples[:, 2] - samples[:, 0]) / samples.sum(axis=1)


def summary_of(samples, definition):
    """A summary of groups from their counts alone, as segments that leave others out have it."""
    n = samples.sum(axis=1)
    nothing = np.full(n.size, np.nan)
    return Summary(
        value=nps_value(samples) * 100, low=nothing, high=nothing, n=n, n_missing=n * 0,
        counts=samples, interval=np.full(n.size, "", dtype=object), sd=nothing,
    )  # fmt: skip


def hybrid_nps(one, two):
    ends = [nps_score_interval(*side.T) for side in (one, two)]
    return hybrid(nps_value(one), ends[0], nps_value(two), ends[1])


def adjusted_nps(one, two):
    definition = define("nps")
    made = differences(
        summary_of(one, definition), summary_of(two, definition), definition, 0.95, "adjusted_wald"
    )
    return made.low / 100, made.high / 100


def check_hybrid(rng):
    """The hybrid written out above is the one of ``differences``."""
    definition = define("nps")
    one, two = (rng.multinomial(20, (0.3, 0.3, 0.4), size=50) for _ in range(2))
    made = differences(summary_of(one, definition), summary_of(two, definition), definition)
    low, high = hybrid_nps(one, two)
    np.testing.assert_allclose(made.low, low * 100, atol=1e-8)
    np.testing.assert_allclose(made.high, high * 100, atol=1e-8)


def difference_rows():
    rng, grid, rows = np.random.default_rng(2), triples(), []
    check_hybrid(rng)
    pairs = rng.integers(0, len(grid), (150, 2))
    methods = {
        "hybrid of score intervals (ours, default)": hybrid_nps,
        "adjusted Wald (ours, clipped)": adjusted_nps,
        "Wald": lambda one, two: wald_difference(one.T, two.T),
    }
    for n, m in ((10, 10), (30, 30), (10, 100), (100, 100), (1000, 1000)):
        found = {name: [] for name in methods}
        for i, j in pairs:
            one, two = (rng.multinomial(k, grid[x], size=DRAWS) for k, x in ((n, i), (m, j)))
            true = (grid[i, 2] - grid[i, 0]) - (grid[j, 2] - grid[j, 0])
            for name, method in methods.items():
                low, high = method(one, two)
                found[name].append(row_of(low, high, true, np.full(DRAWS, 1 / DRAWS), (-2, 2)))
        rows += [
            {"respondents": f"{n} and {m}", "interval": name, **summary_row(found[name])}
            for name in methods
        ]
    return rows


# Means of 1–5


def moments(samples):
    n = samples.sum(axis=1)
    mean = samples @ ANSWERS / n
    return mean, np.sqrt((samples * (ANSWERS - mean[:, None]) ** 2).sum(axis=1) / (n - 1)), n


def score_mean(samples):
    found = Histogram.of_columns(ANSWERS, samples.astype(float))
    return score_ends(found, quantile(0.95), low=1, high=5)


def t_mean(samples):
    return mean_interval(*moments(samples), low=1, high=5)


def bounded_mean(samples):
    mean, _, n = moments(samples)
    low, high = wilson((mean - 1) / 4 * n, n)
    return 1 + 4 * low, 1 + 4 * high


def plain_t(samples):
    from scipy.special import stdtrit

    mean, sd, n = moments(samples)
    half = stdtrit(n - 1, 0.975) * sd / np.sqrt(n)
    return mean - half, mean + half


def bca_mean(samples):
    ends, bounded = [], np.column_stack(bounded_mean(samples))
    for i, sample in enumerate(samples):
        ends.append(bca_interval(np.repeat(ANSWERS, sample)) or bounded[i])
    low, high = np.array(ends).T
    return low, high


MEAN_METHODS = {
    "score (ours, default)": score_mean,
    "t, bounded where it has no width (ours)": t_mean,
    "bounded (Wilson at the mean's place)": bounded_mean,
    "t as in textbooks": plain_t,
}


def mean_rows(bca):
    rng, own_rng, rows = np.random.default_rng(3), np.random.default_rng(5), []
    drawn = {f"at random {i}": rng.dirichlet(np.full(5, 0.5)) for i in range(60)}
    for n in SIZES:
        every = possible(n, 5)
        known = {} if every is None else {k: f(every) for k, f in MEAN_METHODS.items()}
        found = {}
        for shape, shares in {**SHAPES, **drawn}.items():
            samples, probability = samples_of(shares, n, 5, rng, every)
            true = float(np.dot(shares, ANSWERS))
            for name, method in MEAN_METHODS.items():
                low, high = known.get(name) or method(samples)
                found[name, shape] = row_of(low, high, true, probability, (1, 5))
            if bca and shape in SHAPES and n < 1000:
                few = own_rng.multinomial(n, shares, size=400)
                low, high = bca_mean(few)
                made = row_of(low, high, true, np.full(400, 1 / 400), (1, 5))
                found["bca, bounded where it does not exist (400 draws)", shape] = made
        how = "drawn" if every is None else "exact"
        for name in dict.fromkeys(name for name, _ in found):
            own = [row for (method, _), row in found.items() if method == name]
            shown = {s: found[name, s][0] * 100 for s in SHAPES}
            rows.append(
                {"respondents": f"{n} ({how})", "interval": name, **summary_row(own), **shown}
            )
    return rows


def mean_difference_rows():
    rng, rows = np.random.default_rng(4), []
    definition = define("csat", "mean")
    pairs = [(a, b) for a in SHAPES for b in SHAPES if a <= b]
    for n, m in ((10, 10), (30, 30), (100, 100), (30, 1000)):
        found = {"hybrid of score intervals (ours, default)": [], "Welch (ours, interval='t')": []}
        for a, b in pairs:
            one, two = (rng.multinomial(k, SHAPES[x], size=DRAWS) for k, x in ((n, a), (m, b)))
            true = float(np.dot(SHAPES[a], ANSWERS) - np.dot(SHAPES[b], ANSWERS))
            sides = []
            for samples in (one, two):
                mean, sd, size = moments(samples)
                side = Summary(
                    value=mean, low=mean, high=mean, n=size, n_missing=size * 0,
                    counts=samples[:, :3], interval=np.full(size.size, "", dtype=object),
                    sd=sd, tallies=samples.astype(float), answers=tuple(ANSWERS),
                )  # fmt: skip
                sides.append(side)
            made = differences(sides[0], sides[1], definition, 0.95, "t")
            ends = {
                "hybrid of score intervals (ours, default)": hybrid(
                    sides[0].value, score_mean(one), sides[1].value, score_mean(two)
                ),
                "Welch (ours, interval='t')": (made.low, made.high),
            }
            for name, (low, high) in ends.items():
                found[name].append(row_of(low, high, true, np.full(DRAWS, 1 / DRAWS), (-4, 4)))
        rows += [
            {"respondents": f"{n} and {m}", "interval": name, **summary_row(own)}
            for name, own in found.items()
        ]
    return rows


def show(title, rows):
    table = pd.DataFrame(rows)
    print(f"\n{title}\n")
    print("| " + " | ".join(table.columns) + " |")
    print("|" + "---|" * table.shape[1])
    for row in table.itertuples(index=False):
        cells = ["" if x != x else f"{x:.1f}" if isinstance(x, float) else str(x) for x in row]
        print("| " + " | ".join(cells) + " |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bca", action="store_true")
    options = parser.parse_args()
    rows = nps_rows()
    show(f"NPS, {len(triples())} true distributions (shares in steps of {100 // STEPS} %)", rows)
    show("Difference of two NPS, 150 pairs of these distributions, drawn", difference_rows())
    means = pd.DataFrame(mean_rows(options.bca))
    general = [
        "respondents",
        "interval",
        "mean",
        "worst",
        "under 90 %",
        "zero width",
        "off the scale",
        "mean width",
    ]
    show("Mean of answers 1–5, 9 shapes below and 60 at random", means[general].to_dict("records"))
    shapes = means[["respondents", "interval", *SHAPES]]
    show("The same, of 100 intervals so many hold the mean, by shape", shapes.to_dict("records"))
    show("Difference of two means of 1–5, 45 pairs of these shapes, drawn", mean_difference_rows())


if __name__ == "__main__":
    main()
