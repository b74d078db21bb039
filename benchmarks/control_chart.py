"""False alarms of the control chart in quiet series, and what it finds, beside two usual rules.

    python benchmarks/control_chart.py [--series 400] [--part quiet|panels|found]

A quiet series draws every answer from the same distribution. Counted are whole series with any
signal, not single periods. The usual rules: a period lies outside ± 2 standard errors of the
overall score; a period differs from the one before (z test, 5 %). In quiet panels people answer
several times and much the same each time; "as different people" is what the chart would say if it
did not know that.
"""

import argparse
import time

import numpy as np

from feedback_nlp.scores.over_time.dealing import Panel
from feedback_nlp.scores.over_time.shifts import find_parts

NET = np.array([-100.0, 0.0, 100.0])
FIVE = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
SHARES = {
    "NPS, 20/30/50 %": (NET, [0.20, 0.30, 0.50]),
    "NPS, 1/4/95 %": (NET, [0.01, 0.04, 0.95]),
    "mean of 1-5, 70 % fives": (FIVE, [0.02, 0.02, 0.04, 0.22, 0.70]),
}
LENGTHS = (6, 12, 24, 52)


def sizes(kind, length, random):
    if kind == "unequal":  # a few hundred in one period, ten in another
        return np.maximum(random.lognormal(3.8, 1.2, length).astype(int), 10)
    return np.full(length, int(kind))


def draw(size, shares, random):
    return np.array([random.multinomial(n, shares) for n in size])


def marked(counts, worth):
    return find_parts(counts, worth, false_alarms=0.05, seed=0)


def moments(counts, worth):
    n = counts.sum(axis=1)
    mean = counts @ worth / n
    square = (counts * (worth - mean[:, None]) ** 2).sum(axis=1) / np.maximum(n - 1, 1)
    return n, mean, square


def outside_two_errors(counts, worth):
    n, mean, _ = moments(counts, worth)
    _, whole, square = moments(counts.sum(axis=0, keepdims=True), worth)
    return np.abs(mean - whole) > 2 * np.sqrt(square / n)


def differs_from_last(counts, worth):
    n, mean, square = moments(counts, worth)
    error = np.sqrt(square[1:] / n[1:] + square[:-1] / n[:-1])
    return np.append(False, np.abs(np.diff(mean)) > 1.96 * np.maximum(error, 1e-12))


def quiet(series, random):
    print("| answers | per period | periods | control chart | outside ± 2 SE | against the last |")
    print("|:--|:--|--:|--:|--:|--:|")
    every = []
    for name, (worth, shares) in SHARES.items():
        for kind in ("50", "unequal"):
            for length in LENGTHS:
                alarms = np.zeros(3)
                for _ in range(series):
                    counts = draw(sizes(kind, length, random), shares, random)
                    parts = marked(counts, worth)
                    alarms += [
                        parts.regime.max() > 0 or parts.single.any(),
                        outside_two_errors(counts, worth).any(),
                        differs_from_last(counts, worth).any(),
                    ]
                every.append(100 * alarms / series)
                shown = " | ".join(f"{x:.1f}" for x in every[-1])
                print(f"| {name} | {kind} | {length} | {shown} |", flush=True)
    mean, worst = np.mean(every, axis=0), np.max(every, axis=0)
    print("| mean | | | " + " | ".join(f"{x:.1f}" for x in mean) + " |")
    print("| worst | | | " + " | ".join(f"{x:.1f}" for x in worst) + " |\n")


def members(kind, periods, n, random):
    """Who answers in each period, one row a period."""
    if kind == "the same people all along":
        return np.tile(np.arange(n), (periods, 1))
    if kind == "any quarter of the people":
        return np.array([random.choice(4 * n, n, replace=False) for _ in range(periods)])
    if kind == "half of them all along, half once":
        new = n + np.arange(periods)[:, None] * (n // 2) + np.arange(n // 2)
        return np.hstack([np.tile(np.arange(n // 2), (periods, 1)), new])
    stay = 6 if "6" in kind else 2
    return np.arange(periods)[:, None] * (n // stay) + np.arange(n // stay * stay)


def panels(series, random, periods=24, n=50):
    print("| who answers in each of 24 weeks | correlation | kept together | as different people |")
    print("|:--|--:|--:|--:|")
    kinds = (
        "the same people all along", "half of them all along, half once",
        "any quarter of the people", "everybody 2 weeks in a row", "everybody 6 weeks in a row",
    )  # fmt: skip
    for kind in kinds:
        for alike in (0.3, 0.6):
            alarms, moods = np.zeros(2), []
            for _ in range(series):
                who = members(kind, periods, n, random)
                mood = np.sqrt(alike) * random.standard_normal(who.max() + 1)[who]
                felt = mood + np.sqrt(1 - alike) * random.standard_normal(who.shape)
                worth = NET[(felt > -0.8416).astype(int) + (felt > 0)]  # 20, 30 and 50 %
                counts = np.stack([(worth == x).sum(axis=1) for x in NET], axis=1)
                period = np.repeat(np.arange(periods), who.shape[1])
                panel = Panel(period=period, who=who.ravel(), worth=worth.ravel())
                moods.append(within(panel))
                for i, known in enumerate((panel, None)):
                    parts = find_parts(counts, NET, false_alarms=0.05, seed=0, panel=known)
                    alarms[i] += parts.regime.max() > 0 or parts.single.any()
            shown = " | ".join(f"{x:.1f}" for x in 100 * alarms / series)
            print(f"| {kind} | {np.mean(moods):.2f} | {shown} |", flush=True)
    print()


def within(panel):
    """Correlation of two answers of one person."""
    score = (panel.worth - panel.worth.mean()) / panel.worth.std()
    n = np.bincount(panel.who)
    sums, squares = (np.bincount(panel.who, score**k) for k in (1, 2))
    return (sums**2 - squares).sum() / (n * (n - 1)).sum()


def lifted(points):
    """Return 20/30/50 % with the NPS moved by some points."""
    return np.array([0.20 - points / 200, 0.30, 0.50 + points / 200])


def found(series, random):
    print("| NPS +30 for 26 weeks, then | weeks on | shift found | dated within 3 weeks | "
          "another signal too | outside ± 2 SE after | against the last after |")  # fmt: skip
    print("|:--|--:|--:|--:|--:|--:|--:|")
    for n, points in ((100, 15), (100, 25), (400, 10)):
        for weeks in (2, 4, 6, 8, 12, 26):
            hits = np.zeros(5)
            for _ in range(series):
                counts = np.vstack(
                    [draw([n] * 26, lifted(0), random), draw([n] * weeks, lifted(points), random)]
                )
                parts = marked(counts, NET)
                turns = np.flatnonzero(np.diff(parts.regime)) + 1
                close = np.abs(turns - 26) <= 3
                hits += [
                    (turns >= 20).any() or parts.single[26:].any(),
                    close.any(),
                    parts.single[:26].any() or (~close).any(),
                    outside_two_errors(counts, NET)[26:].any(),
                    differs_from_last(counts, NET)[26:].any(),
                ]
            row = " | ".join(f"{x:.0f}" for x in 100 * hits / series)
            print(f"| {points:+d} points, {n} a week | {weeks} | {row} |", flush=True)
    print("\n| one week of 52, 100 a week | marked as single | as a shift |\n|:--|--:|--:|")
    for points in (-20, -30, -40, -50):
        hits = np.zeros(2)
        for _ in range(series):
            counts = draw([100] * 52, lifted(0), random)
            counts[30] = random.multinomial(100, lifted(points))
            parts = marked(counts, NET)
            hits += [parts.single[30], parts.regime.max() > 0]
        row = " | ".join(f"{x:.0f}" for x in 100 * hits / series)
        print(f"| {points} points | {row} |", flush=True)
    print("\n| -20 points in 52 weeks, 100 a week | marked as two shifts |\n|:--|--:|")
    for weeks in (4, 6, 10):
        hits = 0
        for _ in range(series):
            counts = draw([100] * 52, lifted(0), random)
            counts[20 : 20 + weeks] = draw([100] * weeks, lifted(-20), random)
            hits += int(marked(counts, NET).regime.max() == 2)
        print(f"| {weeks} weeks, then back | {100 * hits / series:.0f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=400)
    parser.add_argument("--part", choices=["quiet", "panels", "found", "all"], default="all")
    options = parser.parse_args()
    started = time.perf_counter()
    if options.part in ("quiet", "all"):
        print(f"Quiet: of {options.series} series each, how many of 100 show any signal.\n")
        quiet(options.series, np.random.default_rng(20261122))
    if options.part in ("panels", "all"):
        print(f"Quiet panels: of {options.series} series each, how many of 100 show any signal.\n")
        panels(options.series, np.random.default_rng(20261124))
    if options.part in ("found", "all"):
        print(f"Found: of {options.series} series each, how many of 100.\n")
        found(options.series, np.random.default_rng(20261123))
    print(f"\n{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
