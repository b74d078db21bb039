"""Are the tests and intervals of keyness and of themes together honest, and how long do they take.

    python benchmarks/keyness.py [--draws 40000]

Counts are drawn with a fixed seed; the figures are those of the package. Times are processor
seconds for 100,000 comments that are all different, made of words drawn by chance.
"""

import argparse
import time

import numpy as np
import pandas as pd

from feedback_nlp import keyness
from feedback_nlp.drivers import together_table
from feedback_nlp.drivers.together import _figures as figures_together
from feedback_nlp.words import log_odds
from feedback_nlp.words.marking import figures

SIZES = ((30, 30), (100, 100), (50, 500), (500, 50), (500, 300), (2000, 2000))
SHARES = (0.02, 0.1, 0.3, 0.5)
DIFFERENCES = ((0.02, 0.004), (0.1, 0.02), (0.3, 0.1), (0.5, 0.2))
LIFTS = ((0.2, 0.2, 1), (0.3, 0.1, 1.5), (0.3, 0.3, 0.3), (0.1, 0.1, 3), (0.6, 0.6, 0.8))
MIN_COMMENTS, MIN_N, Z = 5, 10, 1.959964


def draw(rng, sizes, shares, draws):
    """Comments with a term in each group, of terms that enough comments have."""
    counts = [rng.binomial(n, p, draws) for n, p in zip(sizes, shares, strict=True)]
    shown = counts[0] + counts[1] >= MIN_COMMENTS
    return counts[0][shown], counts[1][shown]


def of_one_language(group, reference, sizes):
    """The figures of terms, all comments in one language."""
    counts = group[:, np.newaxis], np.array(sizes[:1]), reference[:, np.newaxis]
    return figures(*counts, np.array(sizes[1:]))


def two_terms(group, reference, sizes):
    a, b = (n / sum(sizes) for n in sizes)
    return log_odds(
        group + a, sizes[0] + 2 * a, reference + b, sizes[1] + 2 * b, prior=0.0,
        variance="two terms",
    ).z  # fmt: skip


def no_difference(rng, draws):
    print("\n| comments | share | shown | Fisher | z, four terms | z, two terms | holds 0 |")
    print("|---|---|---|---|---|---|---|")
    for sizes in SIZES:
        for share in SHARES:
            group, reference = draw(rng, sizes, (share, share), draws)
            if group.size < draws / 100:
                continue
            found = of_one_language(group, reference, sizes)
            two = two_terms(group, reference, sizes)
            cells = (
                group.size / draws, (found["p_value"] <= 0.05).mean(),
                (np.abs(found["z"]) > Z).mean(), (np.abs(two) > Z).mean(),
                ((found["low"] <= 0) & (found["high"] >= 0)).mean(),
            )  # fmt: skip
            print(f"| {sizes[0]} + {sizes[1]} | {share:.0%} |", end="")
            print("".join(f" {100 * cell:.1f} |" for cell in cells))


def with_difference(rng, draws):
    print("\n| comments | shares | shown | interval holds the truth |")
    print("|---|---|---|---|")
    for sizes in SIZES:
        for shares in DIFFERENCES:
            group, reference = draw(rng, sizes, shares, draws)
            if group.size < draws / 100:
                continue
            found = of_one_language(group, reference, sizes)
            true = np.subtract(*(np.log(p / (1 - p)) for p in shares))
            held = ((found["low"] <= true) & (true <= found["high"])).mean()
            print(f"| {sizes[0]} + {sizes[1]} | {shares[0]:.0%}, {shares[1]:.1%} |", end="")
            print(f" {100 * group.size / draws:.0f} | {100 * held:.1f} |")


def two_languages(rng, draws):
    """Groups that write two languages unlike often; within each there is no difference."""
    print("\n| comments of each language | shares | shown | together | within languages |")
    print("|---|---|---|---|---|")
    for sizes in (((90, 10), (30, 170)), ((400, 100), (200, 800))):
        for shares in ((0.3, 0.0), (0.2, 0.1), (0.1, 0.1)):
            group, reference = (rng.binomial(n, shares, (draws, 2)) for n in sizes)
            shown = (group + reference).sum(axis=1) >= MIN_COMMENTS
            group, reference = group[shown], reference[shown]
            all_of_it = [side.sum(axis=1) for side in (group, reference)]
            cells = (
                of_one_language(*all_of_it, [sum(n) for n in sizes])["p_value"] <= 0.05,
                figures(group, np.array(sizes[0]), reference, np.array(sizes[1]))["p_value"]
                <= 0.05,
            )
            print(f"| {sizes[0]} + {sizes[1]} | {shares[0]:.0%}, {shares[1]:.0%} |", end="")
            print(f" {100 * shown.mean():.0f} |", end="")
            print("".join(f" {100 * cell.mean():.1f} |" for cell in cells))


def whole_tables(rng, tables=1000, terms=200, planted=20):
    false, shares, found_of = 0, [], []
    for _ in range(tables):
        share = rng.beta(0.5, 8, terms)
        sizes = ((50, 100), (200, 200), (100, 800))[rng.integers(3)]
        raised = share.copy()
        raised[:planted] = np.minimum(share[:planted] * 3 + 0.02, 0.9)
        for of_group in (share, raised):
            group, reference = rng.binomial(sizes[0], of_group), rng.binomial(sizes[1], share)
            shown = np.flatnonzero(group + reference >= MIN_COMMENTS)
            q = of_one_language(group[shown], reference[shown], sizes)["q_value"]
            hits = shown[q <= 0.05]
            if of_group is share:
                false += bool(hits.size)
            else:
                shares.append((hits >= planted).sum() / max(hits.size, 1))
                found_of.append((hits < planted).sum())
    print(f"\nOf {tables} tables without any difference {false} have a term with q <= 0.05.")
    print(f"With {planted} of {terms} terms more frequent: {np.mean(found_of):.1f} are found, and")
    print(f"{100 * np.mean(shares):.1f} % of the terms found are false.")


def lifts(rng, draws):
    print("\n| respondents | themes, lift | shown | interval holds the truth |")
    print("|---|---|---|---|")
    for n in (200, 600, 3000):
        for a, b, lift in LIFTS:
            both = lift * a * b
            drawn = rng.multinomial(n, [both, a - both, b - both, 1 - a - b + both], size=draws)
            table = pd.DataFrame(
                {
                    "n_both": drawn[:, 0],
                    "n_a": drawn[:, 0] + drawn[:, 1],
                    "n_b": drawn[:, 0] + drawn[:, 2],
                    "n": n,
                }
            )
            shown = np.maximum(table["n_both"], table["n_a"] * table["n_b"] / n) >= MIN_N
            found = figures_together(table[shown], Z)
            held = ((found["lift_low"] <= lift) & (lift <= found["lift_high"])).mean()
            print(f"| {n} | {a:.0%}, {b:.0%}, {lift} | {100 * shown.mean():.0f} |", end="")
            print(f" {100 * held:.1f} |")


def times(rng, n=100_000):
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    words = np.array(["".join(word) for word in rng.choice(letters, (20_000, 7))])
    for length in (12, 55):
        places = (words.size * rng.random((n, length)) ** 4).astype(int)
        comments = pd.DataFrame(
            {
                "comment_id": np.arange(n).astype(str),
                "text": [" ".join(row) for row in words[places]],
                "language": "en",
                "nps": rng.integers(0, 11, n).astype(float),
            }
        )
        start = time.process_time()
        found = keyness(comments, reference="rest")
        seconds = time.process_time() - start
        print(f"\nkeyness, {n:,} comments of {length} words, {len(found):,} terms: {seconds:.1f} s")
    rows, themes = rng.integers(0, n, 250_000), [f"theme{i}" for i in range(40)]
    mentions = pd.DataFrame(
        {
            "comment_id": rows.astype(str),
            "theme": pd.Categorical.from_codes(rng.integers(0, 40, rows.size), themes),
            "polarity": "negative", "theme_confidence": 1.0, "polarity_confidence": 1.0,
            "start": 0, "end": 7, "evidence": "", "source": "rule",
        }
    )  # fmt: skip
    start = time.process_time()
    found = together_table(comments, mentions)
    print(f"together_table, {len(found)} pairs: {time.process_time() - start:.1f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=40_000)
    given = parser.parse_args()
    rng = np.random.default_rng(2)
    no_difference(rng, given.draws)
    with_difference(rng, given.draws)
    two_languages(np.random.default_rng(4), given.draws)
    whole_tables(rng)
    lifts(rng, given.draws)
    times(rng)


if __name__ == "__main__":
    main()
