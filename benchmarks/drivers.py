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

from feedback_nlp.drivers import driver_table, explain_detractors, subtheme_table, theme_matrix
from feedback_nlp.drivers.adjusted.gains import adjusted_gains
from feedback_nlp.drivers.impact.leave_out import leave_out_table
from feedback_nlp.drivers.impact.points import points_table
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


def with_texts(comments, mentions):
    """The two tables with texts of 20 drawn words, in four languages; evidence is the first six."""
    rng = np.random.default_rng(1)
    often = 1 / np.arange(1, 5001)
    letters = np.array([list("bdklmnrst"), list("aeiouaeio")]).T
    syllables = np.array(["".join(pair) for pair in letters])
    words = ["".join(part) for part in rng.choice(syllables, (often.size, 3))]
    drawn = rng.choice(words, (len(comments), 20), p=often / often.sum())
    texts = np.array([f"{' '.join(row)}." for row in drawn], dtype=object)
    wrote = (comments["text"] != "").to_numpy()
    comments = comments.assign(
        text=pd.array(np.where(wrote, texts, ""), dtype="str"),
        language=rng.choice(["en", "nl", "nb", "lv"], len(comments)),
    )
    end = 6 * 7 - 1
    said = [texts[int(name)][:end] for name in mentions["comment_id"]]
    return comments, mentions.assign(end=np.int32(end), evidence=pd.array(said, dtype="str"))


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
        "the answer in words": lambda c, m: explain_detractors(*with_texts(c, m)),
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


# Coverage: two themes, blamed apart from one another by these shares; detractors, passives and
# promoters among those who blame neither, the first, the second, both.
SCENES = {
    "25 % and 15 % blame": (
        [0.25, 0.15], [[20, 30, 50], [60, 25, 15], [40, 35, 25], [75, 15, 10]]
    ),
    "5 % and 70 % blame": ([0.05, 0.7], [[20, 30, 50], [60, 25, 15], [40, 35, 25], [75, 15, 10]]),
    "10 % and 40 % blame, the first almost all detractors": (
        [0.1, 0.4], [[10, 30, 60], [90, 7, 3], [15, 30, 55], [85, 10, 5]]
    ),
}  # fmt: skip
WORTH = np.array([-100.0, 0.0, 100.0])


def kinds_of(blamed, groups):
    """Every kind of respondent: how often, contribution, blames the first, the second."""
    blamed, groups = np.array(blamed), np.array(groups) / 100
    return np.array(
        [
            (
                np.prod(np.where([first, second], blamed, 1 - blamed))
                * groups[first + 2 * second][group],
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


def ends_of(counts, kinds):
    """Our intervals of a sample, missing where nobody blames the theme; and how many blame each."""
    matrix = theme_matrix(*sampled(counts, kinds))
    table = points_table(matrix, confidence=0.95).join(
        leave_out_table(matrix, confidence=0.95, min_n=1)
    )
    table = table.set_index(pd.Index(matrix.themes)).reindex(["first", "second"])
    ends = {
        name: table[[f"{column}_low", f"{column}_high"]].to_numpy(float).T
        for name, column in (("points lost", "points_lost"), ("impact", "impact"))
    }
    return ends, counts @ kinds[:, 2:]


def coverage(samples):
    print(
        "Of 100 intervals at 95 % hold the truth: ours, then the percentile bootstrap (1000 draws)"
    )
    for scene, how in SCENES.items():
        kinds = kinds_of(*how)
        truth = {name: found[0] for name, found in figures(kinds[None, :, 0], kinds).items()}
        for n in (30, 100, 300):
            rng = np.random.default_rng(n)
            rows = []
            for _ in range(samples):
                counts = rng.multinomial(n, kinds[:, 0])
                ours, blame = ends_of(counts, kinds)
                draws = figures(rng.multinomial(n, counts / n, size=1000).astype(float), kinds)
                for name, (low, high) in ours.items():
                    usual = np.nanquantile(draws[name], [0.025, 0.975], axis=0)
                    for i in np.flatnonzero(~np.isnan(low)):
                        true = truth[name][i]
                        inside = low[i] <= true <= high[i]
                        percentile = usual[0, i] <= true <= usual[1, i]
                        rows.append((name, blame[i] >= 10, inside, high[i] - low[i], percentile,
                                     usual[1, i] - usual[0, i]))  # fmt: skip
            told(scene, n, pd.DataFrame(rows, columns=[
                "figure", "shown", "inside", "width", "percentile", "percentile_width"
            ]))  # fmt: skip


def told(scene, n, found):
    for name, own in found.groupby("figure"):
        shown = own[own["shown"]]
        print(
            f"  {scene}, {n} respondents, {name}: {100 * own['inside'].mean():.1f} "
            f"(mean width {own['width'].mean():.1f}), percentile "
            f"{100 * own['percentile'].mean():.1f} ({own['percentile_width'].mean():.1f}); "
            f"of the {100 * len(shown) / len(own):.0f} % that ten and more blame: "
            f"{100 * shown['inside'].mean():.1f}, percentile {100 * shown['percentile'].mean():.1f}"
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
