"""Size of the report, and CPU seconds to build and write it, beyond reading and tagging.

    python benchmarks/report.py [--sizes 1000 10000 100000 1000000] [--tagged 100000]

A sample export is made and tagged once; a larger one repeats its rows under new ids, with a few
words changed in each comment so that hardly any two texts are the same. Every size runs in a
process of its own, so that its peak of memory is its own; "above the tables" is what it takes
beyond the two tables. Everything is seeded.
"""

import argparse
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

import feedback_nlp as fn
from feedback_nlp.report.images import pictures

FORMATS = ("html", "md", "json", "xlsx")
SIZES = (1_000, 10_000, 100_000, 1_000_000)


def tagged(n, folder):
    """Comments and mentions of a sample export."""
    fn.write_table(fn.make_sample(n, seed=3), folder / "sample.csv")
    result = fn.load_tagger().tag_frame(fn.read_comments(folder / "sample.csv"))
    return result.comments, result.mentions


def sized(comments, mentions, n, seed=0):
    """The first n comments, or all of them again and again under new ids, each text one of its own.

    What is added stands behind the text, so that no evidence moves.
    """
    rounds = -(-n // len(comments))
    parts, found = [], []
    for turn in range(rounds):
        part, own = comments.copy(), mentions.copy()
        for table in (part, own):
            table["comment_id"] = table["comment_id"].astype("str") + f"-{turn}"
        part["respondent_id"] = part["respondent_id"].astype("str") + f"-{turn}"
        parts.append(part)
        found.append(own)
    whole = pd.concat(parts, ignore_index=True).head(n)
    some = pd.concat(found, ignore_index=True)
    some = some[some["comment_id"].isin(set(whole["comment_id"]))].reset_index(drop=True)
    whole["text"] = lengthened(whole["text"], whole["language"], np.random.default_rng(seed))
    whole.attrs, some.attrs = comments.attrs, mentions.attrs
    return whole, some


def lengthened(texts, languages, rng):
    """Texts with three to eight words behind each, as often in the language as Zipf has it.

    Half of the words are those of other comments, half are made up of letters, so that there are
    as many different words as in real comments; one text in ten also gets a number.
    """
    texts, languages = texts.astype("object").to_numpy(), languages.astype("str").to_numpy()
    longer, there = texts.copy(), np.array([bool(text.strip()) for text in texts])
    for language in np.unique(languages):
        rows = np.flatnonzero((languages == language) & there)
        words = {word for at in rows[:5_000] for word in texts[at].split() if word.isalpha()}
        known = rng.permutation(np.array(sorted(words) or ["word"], dtype=object))
        letters = rng.integers(97, 123, (20_000, 8), dtype=np.uint8)
        made = [row[: 4 + at % 5].tobytes().decode() for at, row in enumerate(letters)]
        ends = np.cumsum(rng.integers(3, 9, len(rows)))
        drawn = rng.zipf(1.3, ends[-1]) - 1
        kind = rng.integers(0, 2, ends[-1])
        spoken = [
            (known, made)[k][d % len((known, made)[k])] for k, d in zip(kind, drawn, strict=True)
        ]
        numbers = rng.integers(0, 10_000, len(rows))
        for at, end, begin, number in zip(rows, ends, [0, *ends[:-1]], numbers, strict=True):
            more = f", {number}" if number % 10 == 0 else ""
            longer[at] = f"{texts[at]} {' '.join(spoken[begin:end])}{more}."
    return pd.array(longer, dtype="str")


def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(n, source):
    """One row: seconds to build and to write each format, size of the page, memory."""
    with source.open("rb") as file:
        comments, mentions = sized(*pickle.load(file), n)
    before, row = memory(), {"comments": n, "mentions": len(mentions)}
    begun = time.process_time()
    report = fn.build_report(comments, mentions)
    row["build s"] = round(time.process_time() - begun, 1)
    with tempfile.TemporaryDirectory() as folder:
        for ending in FORMATS:
            begun = time.process_time()
            path = report.write(Path(folder) / f"report.{ending}")
            row[f"{ending} s"] = round(time.process_time() - begun, 1)
            row[f"{ending} kB"] = round(path.stat().st_size / 1000)
    begun = time.process_time()
    row["pictures"] = sum(1 for _ in pictures(report))
    row["pictures s"] = round(time.process_time() - begun, 1)
    row["MB above the tables"] = round(memory() - before)
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES)
    parser.add_argument("--tagged", type=int, default=100_000, help="comments that are tagged")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--source", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(measure(given.one, given.source))
        return
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "tagged.pickle"
        with source.open("wb") as file:
            pickle.dump(tagged(min(given.tagged, max(given.sizes)), Path(folder)), file)
        for n in given.sizes:
            command = [sys.executable, __file__, "--one", str(n), "--source", str(source)]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
