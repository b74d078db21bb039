"""Do emerging words keep their promise: few alarms where nothing changes, a planted word found.

    python benchmarks/emerging.py [--tables 400] [--speed 100000]

Comments are drawn with a fixed seed: words by Zipf's law, 4 to 14 a comment. Each row of the first
table is one way in which nothing changes: the same shares every day; many more comments on some
days; words in bursts (on one day in five, or in one stretch of three days in five, two in five
comments name the incident of the day); a language that grows. It shows how many tables call at
least one word a rise (q <= 0.05), with the figures of the package and with the exact test of all
comments together. The second: a word that nobody wrote before is in some of 400 recent comments.
"""

import argparse
import time

import numpy as np
import pandas as pd

from feedback_nlp import emerging_words
from feedback_nlp.scores.multiple import benjamini_hochberg
from feedback_nlp.words.strata import exact_p

CLEAR = 0.05
WORDS = [f"{a}{b}{c}" for a in "bdfgk" for b in ("ona", "ivu", "elo", "aru", "upi", "osi")
         for c in ("t", "m", "lk", "rn", "sk", "p", "x", "nd", "ft", "g")]  # fmt: skip
DUTCH = [f"{word}je" for word in WORDS]


def drawn(rng, n, words=WORDS):
    """Texts of words by Zipf's law."""
    chance = 1 / np.arange(3, len(words) + 3)
    number = rng.integers(4, 15, n)
    found = np.split(
        rng.choice(words, number.sum(), p=chance / chance.sum()), np.cumsum(number)[:-1]
    )
    return np.array([" ".join(text) for text in found], dtype=object)


def survey(rng, n, kind, days=112):
    """Comments over a number of days in which no word rises."""
    busy = np.ones(days)
    if kind == "busy days":
        busy = np.where(rng.random(days) < 0.1, 12.0, 1.0)
    day = np.sort(rng.choice(days, n, p=busy / busy.sum()))
    text, language = drawn(rng, n), np.full(n, "en", dtype=object)
    if kind.startswith("bursts"):
        length = 3 if "three" in kind else 1
        about = np.repeat(rng.choice(WORDS[40:], days), length)[:days]
        incident = np.repeat(rng.random(days) < 0.2, length)[:days]
        hit = incident[day] & (rng.random(n) < 0.4)
        text[hit] = text[hit] + " " + about[day[hit]]
    if kind == "a language grows":
        dutch = rng.random(n) < np.where(day < days * 3 // 4, 0.1, 0.5)
        text[dutch], language[dutch] = drawn(rng, int(dutch.sum()), DUTCH), "nl"
    return pd.DataFrame({
        "comment_id": np.arange(n).astype(str), "text": text, "language": language,
        "date": pd.Timestamp("2025-01-06") + pd.to_timedelta(day, unit="D"),
    })  # fmt: skip


def naive(table):
    """Whether the exact test of all comments together calls a word a rise."""
    notes = table.attrs["emerging"]
    counts = [table[f"n_{side}"].to_numpy()[:, np.newaxis] for side in ("recent", "before")]
    totals = [np.array([notes[f"n_{side}"]]) for side in ("recent", "before")]
    p = exact_p(counts[0], totals[0], counts[1], totals[1])
    fallen = np.ones(notes["n_tested"] - len(table))
    return bool((benjamini_hochberg(np.concatenate([p, fallen]))[: len(p)] <= CLEAR).any())


def nothing_changes(rng, tables):
    print("\n| nothing changes | comments | words tested | tables with a word | exact test alone |")
    print("|---|---|---|---|---|")
    for kind in (
        "same every day",
        "busy days",
        "bursts of a day",
        "bursts of three days",
        "a language grows",
    ):
        for n in (400, 1600):
            found = [emerging_words(comments) for comments in (
                survey(rng, n, kind) for _ in range(tables))]  # fmt: skip
            tested = np.mean([table.attrs["emerging"]["n_tested"] for table in found])
            own = np.mean([table.attrs["emerging"]["n_found"] > 0 for table in found])
            alone = np.mean([naive(table) for table in found])
            print(f"| {kind} | {n:,} | {tested:.0f} | {own:.1%} | {alone:.1%} |", flush=True)


def planted(rng, tables):
    print("\n| new word in | of recent comments | before | found | named first | others named |")
    print("|---|---|---|---|---|---|")
    for share in (0.02, 0.03, 0.05):
        for kind in ("same every day", "bursts of a day"):
            hits, first, others = [], [], []
            for _ in range(tables):
                comments = survey(rng, 1600, kind)
                recent = np.flatnonzero(comments["date"] >= "2025-03-31")
                which = rng.choice(recent, round(share * recent.size), replace=False)
                comments.loc[which, "text"] += " kiosk"
                table = emerging_words(comments)
                clear = table.loc[table["q_value"] <= CLEAR, "term"].tolist()
                hits.append("kiosk" in clear)
                first.append(clear[:1] == ["kiosk"])
                others.append(len(set(clear) - {"kiosk"}))
            print(f"| {share:.0%} | 400 ({kind}) | 1,200 | {np.mean(hits):.0%} | "
                  f"{np.mean(first):.0%} | {np.mean(others):.2f} |", flush=True)  # fmt: skip


def speed(rng, n):
    comments = survey(rng, n, "bursts of a day", days=365)
    start = time.process_time()
    table = emerging_words(comments)
    print(f"\n{n:,} comments, all different: {time.process_time() - start:.1f} s of processor time,"
          f" {table.attrs['emerging']['n_tested']:,} words tested")  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=400)
    parser.add_argument("--speed", type=int, default=100_000)
    given = parser.parse_args()
    emerging_words(survey(np.random.default_rng(0), 100, "same every day"))  # what is loaded once
    speed(np.random.default_rng(1), given.speed)
    nothing_changes(np.random.default_rng(2), given.tables)
    planted(np.random.default_rng(3), max(given.tables // 10, 10))


if __name__ == "__main__":
    main()
