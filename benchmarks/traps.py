"""False alarms, finds and time of hidden groups and suspicious answers.

    python benchmarks/traps.py [--files 400]

A quiet file draws ratings, segments and times apart from one another; counted are whole files with
any finding. Everything is seeded.
"""

import argparse
import random
import string
import time

import numpy as np
import pandas as pd

from feedback_nlp.scores.traps.bursts import find_bursts
from feedback_nlp.scores.traps.hidden import hidden_groups
from feedback_nlp.scores.traps.lookalikes import find_lookalikes
from feedback_nlp.scores.traps.straight import find_straight_lines

SHARES = np.array([2, 1, 1, 2, 2, 4, 6, 12, 22, 18, 30]) / 100
BY = ["shop", "channel", "customer"]
HOUR = 3600


def segmented(seed, n):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "comment_id": np.arange(n),
            "nps": rng.choice(11, n, p=SHARES).astype(float),
            "shop": rng.choice(list("nsew"), n),
            "channel": rng.choice(["web", "app", "desk"], n),
            "customer": rng.choice(["new", "old"], n),
        }
    )


def hidden(files):
    asked = {"NPS": {}, "CSAT top2": {"metric": "csat", "method": "top2", "scale": (0, 10)},
             "mean": {"metric": "csat", "method": "mean", "scale": (0, 10)}}  # fmt: skip
    print("Hidden groups: files of 100 with any, 9 segments and 26 pairs looked at")
    for n in (400, 2000):
        for name, how in asked.items():
            alarms = [
                hidden_groups(segmented(seed, n), "nps", by=BY, **how)["below"].any()
                for seed in range(files)
            ]
            print(f"  quiet, n = {n}, {name}: {100 * np.mean(alarms):.1f}")
    for n in (400, 2000):
        found, more = [], []
        for seed in range(files):
            comments = segmented(seed, n)
            bad = (comments["channel"] == "app") & (comments["customer"] == "new")
            worse = np.random.default_rng(seed).choice([0, 2, 5, 6, 8, 9], bad.sum())
            comments.loc[bad, "nps"] = worse
            table = hidden_groups(comments, "nps", by=BY)
            pairs = set(table.loc[table["hidden"] & table["column_2"].notna(), "segment"])
            found.append("channel app and customer new" in pairs)
            more.append(bool(pairs - {"channel app and customer new"}))
        print(
            f"  a pair of 17 % at NPS -50, n = {n}: found {100 * np.mean(found):.1f}, "
            f"another pair as well {100 * np.mean(more):.1f}"
        )


def timed(seed, n):
    rng = np.random.default_rng(seed)
    times = rng.integers(0, 30, n) * 24 * HOUR + rng.exponential(4 * HOUR, n).astype(int)
    return times, rng


def bursts(files):
    kinds = {"NPS": SHARES, "80 % fives of five": np.array([2, 3, 5, 10, 80]) / 100}
    print("Bursts: files of 100 with any, rushes after mailings, level 1 of 100")
    for name, shares in kinds.items():
        for n in (100, 1000, 10_000):
            alarms = {"times": 0, "days": 0}
            for seed in range(files):
                times, rng = timed(seed, n)
                answers = rng.choice(shares.size, n, p=shares)
                alarms["times"] += bool(find_bursts(times, answers, widths=[600, HOUR]))
                days = rng.integers(0, 60, n)
                alarms["days"] += bool(find_bursts(days, answers, widths=[0]))
            told = ", ".join(f"{key} {100 * a / files:.2f}" for key, a in alarms.items())
            print(f"  quiet, {name}, n = {n}: {told}")
    for size in (10, 15, 20, 30):
        found = 0
        for seed in range(files):
            times, rng = timed(seed, 1000)
            answers = rng.choice(11, 1000, p=SHARES)
            times[:size] = 9 * 24 * HOUR + 20 * HOUR + np.arange(size) * (300 // size)
            answers[:size] = 10
            found += any(
                np.isin(np.arange(size), b.members).mean() > 0.9
                for b in find_bursts(times, answers, widths=[600, HOUR])
            )
        print(
            f"  {size} tens within five minutes, n = 1000 (30 % tens): "
            f"found {100 * found / files:.1f}"
        )


def lines(files):
    alarms = 0
    for seed in range(files):
        answers = np.random.default_rng(seed).choice(
            [1.0, 2, 3, 4, 5], (400, 6), p=[0.05, 0.05, 0.1, 0.3, 0.5]
        )
        alarms += bool(find_straight_lines(answers, [False] * 6, middle=3)[0])
    print(
        "Straight lines: files of 100 with any, six unrelated questions, n = 400: "
        f"{100 * alarms / files:.1f}"
    )


def texts(n, seed):
    rng = random.Random(seed)
    words = ["".join(rng.choices(string.ascii_lowercase, k=rng.randint(3, 9))) for _ in range(4000)]
    often = [1 / (i + 1) for i in range(len(words))]  # as words are distributed
    return [" ".join(rng.choices(words, often, k=rng.randint(6, 60))) for _ in range(n)], rng


def edited(text, changes, rng):
    words = text.split()
    for _ in range(changes):
        at = rng.randrange(len(words))
        words[at] = rng.choice([words[at][1:] + "e", "really", words[at] + " so"])
    return " ".join(words)


def copies():
    print("Near copies: of 2000 planted among 20,000, found")
    for changes in (1, 2, 3):
        made, rng = texts(20_000, 1)
        long = [text for text in made if len(text.split()) >= 6 * (changes + 1)][:2000]
        found = find_lookalikes([*made, *(edited(text, changes, rng) for text in long)])
        index = {text: i for i, text in enumerate(made)}
        at = np.array([index[text] for text in long])
        both = (found.group[at] == found.group[len(made) :]) & (found.group[at] >= 0)
        print(
            f"  {changes} of at least {6 * (changes + 1)} words changed: {100 * both.mean():.1f} %"
        )


def clocked(name, call):
    started = time.perf_counter()
    call()
    print(f"  {name}: {time.perf_counter() - started:.1f} s")


def speed():
    print("Time")
    n = 1_000_000
    rng = np.random.default_rng(0)
    big = pd.DataFrame({"comment_id": np.arange(n), "nps": rng.integers(0, 11, n).astype(float)})
    names = [f"s{i}" for i in range(6)]
    for name in names:
        big[name] = pd.Categorical.from_codes(rng.integers(0, 20, n), [f"v{k}" for k in range(20)])
    clocked(
        "hidden groups, 1,000,000 respondents, 6 columns of 20 values",
        lambda: hidden_groups(big, "nps", by=names),
    )
    times, answers = rng.integers(0, 365 * 24 * HOUR, n), rng.choice(11, n)
    clocked("bursts, 1,000,000 answers", lambda: find_bursts(times, answers, widths=[600, HOUR]))
    made, _ = texts(100_000, 2)
    clocked("near copies, 100,000 comments", lambda: find_lookalikes(made))
    same = ["Great product and quick delivery, would buy it again"] * 100_000
    clocked("one comment 100,000 times", lambda: find_lookalikes(same))
    numbered = [f"{text} {i}" for i, text in enumerate(same)]
    clocked("one comment 100,000 times, numbered", lambda: find_lookalikes(numbered))
    clocked("200 comments of 100,000 characters", lambda: find_lookalikes(["a b " * 25_000] * 200))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=400)
    files = parser.parse_args().files
    hidden(files)
    bursts(files)
    lines(files)
    copies()
    speed()


if __name__ == "__main__":
    main()
