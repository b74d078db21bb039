"""How long a score table takes, beside the same counts by plain pandas in the same run.

    python benchmarks/score_tables.py [--ratings 1000000] [--repeats 7]

One million ratings of 50 segments in 24 months make a table of 1,200 rows. Each job runs in a
process of its own, which makes the same data from the same seed; the fastest of the repeats is
printed, and how much memory the job took at its peak on top of the data (Linux only).

The jobs, on a table without respondent ids (each comment is a respondent) and on one where
800,000 respondents wrote the million comments:

- score_table: checks that ids are unique and answers on the scale, takes one row for each
  respondent in each month, and gives score, interval, n, missing answers, groups and suppression
  for each row.
- plain pandas, same job: unique ids, one row for each respondent and month (the last by date),
  counts and mean of each group, NPS. No check of the scale, no interval.
- plain pandas, group-by alone: month, counts, mean, NPS of the rows as they are. With repeated
  respondents that is the wrong figure; it is here as the least that has to be done.
"""

import argparse
import subprocess
import sys
import time

import numpy as np
import pandas as pd

JOBS = {
    "ours": "score_table",
    "same": "plain pandas, same job",
    "bare": "plain pandas, group-by alone",
}


def ratings_table(n, repeated):
    rng = np.random.default_rng(7)
    frame = pd.DataFrame({"comment_id": pd.array([f"c{i}" for i in range(n)], dtype="str")})
    if repeated:
        who = rng.integers(0, n * 4 // 5, n)
        frame["respondent_id"] = pd.array([f"r{i}" for i in who], dtype="str")
    frame["nps"] = rng.integers(0, 11, n).astype(float)
    frame.loc[rng.random(n) < 0.02, "nps"] = np.nan
    shops = [f"shop {i:02d}" for i in range(50)]
    frame["shop"] = pd.Categorical.from_codes(rng.integers(0, 50, n), shops)
    days = rng.integers(0, 730, n)
    frame["date"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(days, unit="D")
    return frame


def ours(frame):
    from feedback_nlp import score_table

    return score_table(frame, "nps", by=["shop", "month"])


def bare(frame):
    rating = frame["nps"]
    groups = frame.assign(
        month=frame["date"].dt.to_period("M"),
        promoters=rating >= 9,
        detractors=rating <= 6,
        answered=rating.notna(),
    ).groupby(["shop", "month"], observed=True)
    table = groups[["promoters", "detractors", "answered"]].sum()
    table["n"], table["mean"] = groups.size(), groups["nps"].mean()
    table["value"] = (table["promoters"] - table["detractors"]) / table["answered"] * 100
    return table


def same(frame):
    if not frame["comment_id"].is_unique:
        raise SystemExit("comment ids are not unique")
    if "respondent_id" in frame:
        frame = frame.assign(month=frame["date"].dt.to_period("M"))
        frame = frame.sort_values("date", kind="stable")
        frame = frame.drop_duplicates(["respondent_id", "month"], keep="last")
    return bare(frame)


def memory(line):
    with open("/proc/self/status") as status:
        return next(int(x.split()[1]) / 1024 for x in status if x.startswith(line))


def run(job, n, repeated, repeats):
    """One job in this process: prints the seconds of each repeat and the peak in MB."""
    call = {"ours": ours, "same": same, "bare": bare}[job]
    frame = ratings_table(n, repeated)
    call(frame.head(1000))  # imports are not what is measured
    seconds, peak = [], float("nan")
    for _ in range(repeats):
        if sys.platform == "linux":
            with open("/proc/self/clear_refs", "w") as clear:
                clear.write("5")  # the peak starts from here
            before = memory("VmRSS")
        began = time.perf_counter()
        table = call(frame)
        seconds.append(time.perf_counter() - began)
        if sys.platform == "linux":
            peak = max(peak, memory("VmHWM") - before) if seconds[1:] else memory("VmHWM") - before
    print(min(seconds), sorted(seconds)[len(seconds) // 2], peak, len(table))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ratings", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--job", choices=JOBS)
    parser.add_argument("--repeated", action="store_true")
    options = parser.parse_args()
    if options.job:
        run(options.job, options.ratings, options.repeated, options.repeats)
        return
    print("| table | job | fastest, s | median, s | × same job | × group-by alone | peak, MB |")
    print("|---|---|---|---|---|---|---|")
    for repeated in (False, True):
        found = {}
        for job in JOBS:
            command = [sys.executable, __file__, "--job", job]
            command += ["--ratings", str(options.ratings), "--repeats", str(options.repeats)]
            command += ["--repeated"] if repeated else []
            out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            found[job] = [float(x) for x in out.split()]
        title = "respondents repeated" if repeated else "one comment each"
        for job, (fastest, median, peak, _) in found.items():
            times = [fastest / found[other][0] for other in ("same", "bare")]
            print(
                f"| {title} | {JOBS[job]} | {fastest:.2f} | {median:.2f} | {times[0]:.1f} | "
                f"{times[1]:.1f} | {peak:.0f} |"
            )


if __name__ == "__main__":
    main()
